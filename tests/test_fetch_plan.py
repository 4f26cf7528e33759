"""Which places, which files, which words in the study file: what a fetch decides before and after the network."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from official.spreadsheets import zipped
from worlds import write_csv

from connectivity import cli
from layers.catalogue import release, releases
from layers.errors import LayerError
from layers.fetch import lock as locks
from layers.fetch import plan, study_folder
from layers.fetch.download import Fetched
from layers.fetch.lock import Lock
from layers.fetch.plan import Item
from layers.fetch.selection import (
    Place,
    Request,
    Selection,
    ended_districts,
    other_codes,
    partnerships,
    place_named,
    select,
)
from layers.kinds import kinds_where

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"E06000059": "Dorset", "E06000058": "Bournemouth, Christchurch and Poole", "E06000023": "Bristol, City of"}
WELSH = {"W06000001": "Isle of Anglesey", "W06000002": "Gwynedd"}
HERE = Selection("Dorset", {"E06000059": "Dorset"}, ("E01033000", "E01033001"))
WALES = Selection("Gwynedd", {"W06000002": "Gwynedd"}, ("W01000001",))


@pytest.fixture
def lookup(tmp_path):
    rows = [
        {"LSOA21CD": f"{code[0]}0100000{number}", "LAD24CD": code, "LAD24NM": name}
        for number, (code, name) in enumerate({**NAMES, **WELSH, "E07000240": "St Albans"}.items())
    ]
    return write_csv(tmp_path / "lookup.csv", rows)


def chosen(lookup, words):
    return list(select(Request("districts", (words,)), lookup=lookup).districts)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("e06000059", ["E06000059"]),
        (" dorset ,Bristol, City of", ["E06000023", "E06000059"]),
        ("Bournemouth, Christchurch and Poole, Dorset", ["E06000058", "E06000059"]),
        ("dorset,dorset", ["E06000059"]),
        ("bri", ["E06000023"]),
        ("Gwyn,Isle", ["W06000001", "W06000002"]),
        ("Dorset Council, Bristol City Council", ["E06000023", "E06000059"]),
        ("Dorset; Bristol, City of", ["E06000023", "E06000059"]),
    ],
)
def test_names_with_commas_codes_and_beginnings_are_all_understood(lookup, words, codes):
    assert chosen(lookup, words) == codes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("b", "“Bristol, City of” (E06000023); “Bournemouth, Christchurch and Poole” (E06000058)"),
        ("Dorset,Gwynedd", "one nation"),
        ("", "No district was chosen"),
        ("West Dorset", "--districts E06000059"),
        ("West Dorset District Council", "--districts E06000059"),
        ("E07000100", "--districts E07000240"),
        ("BCP", "did you mean “Bournemouth, Christchurch and Poole”?"),
        ("Dorst", "did you mean “Dorset”?"),
        ("Qqq", "one of 6, such as “Bournemouth, Christchurch and Poole”, “Bristol, City of”, “Dorset” and 3 more"),
        ("N09000001", "Northern Ireland"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_choices(lookup, words, said):
    with pytest.raises(LayerError) as caught:
        chosen(lookup, words)
    assert said in str(caught.value)
    assert "nearest" not in str(caught.value)


def test_a_council_of_its_own_asked_for_as_a_county_is_named_with_its_option(lookup):
    counties = {"E10000014": Place("Hampshire", ("E07000240",))}
    for wanted, option in {
        "Dorset": "--districts Dorset",
        "bristol, city of": '--districts "Bristol, City of"',
    }.items():
        with pytest.raises(LayerError, match="is a council of its own") as caught:
            select(Request("county", (wanted,)), lookup=lookup, places=counties)
        assert str(caught.value.parts["next"]).endswith(option)
    found = select(Request("county", ("Hampshire County Council",)), lookup=lookup, places=counties)
    assert list(found.districts) == ["E07000240"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "Dor\u202eset", "Dor\x1b[31mset"])
def test_a_hostile_name_in_a_published_lookup_is_refused(tmp_path, name):
    rows = [{"LSOA21CD": "E01000001", "LAD24CD": "E06000059", "LAD24NM": name}]
    with pytest.raises(LayerError):
        chosen(write_csv(tmp_path / "lookup.csv", rows), "E06000059")


def test_outlines_of_partnerships_without_a_name_are_refused(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[-2, 51], [-1.9, 51], [-1.9, 51.1], [-2, 51.1], [-2, 51]]]}
    for name, cells in {"lep": {"FID": 1}, "lad": {"LAD24CD": "E06000059", "LAD24NM": "Dorset"}}.items():
        document = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": cells}]}
        document["features"][0]["geometry"] = square
        (tmp_path / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(LayerError) as caught:
        partnerships(tmp_path / "lep.geojson", districts=tmp_path / "lad.geojson")
    assert caught.value.parts["file"] == "lep.geojson"


@given(st.dictionaries(st.from_regex("[EW]0[67][0-9]{6}", fullmatch=True), st.text(min_size=1), min_size=1), st.data())
def test_every_place_is_found_by_its_code_and_by_its_name_where_only_it_has_it(known, data):
    code = data.draw(st.sampled_from(sorted(known)))
    assert place_named(code.lower(), known, what="district") == code
    name = known[code].strip()
    alone = [other for other in known.values() if other.casefold() == name.casefold()] == [known[code]]
    if alone and name.upper() not in known:
        assert place_named(name, known, what="district") == code


def test_no_ended_district_leads_to_another_that_has_ended():
    gone = {*ended_districts(), *other_codes()}
    assert {row[2] for row in ended_districts().values()} & gone == set()
    assert {code for _, code in other_codes().values()} & gone == set()


def test_the_latest_release_is_the_one_of_january_2026_and_2018_is_no_choice():
    assert plan.chosen_ofcom("latest") == "2026-01"
    assert list(plan.ofcom_releases()) == ["2026-01", "2025-07", "2024-07"]


def keys(items):
    return [item.release.key for item in items]


def test_a_study_of_england_takes_the_indices_and_one_of_wales_the_connectivity_workbook():
    english = plan.to_study(HERE, ofcom="2026-01", regions=["South West"])
    assert keys(english)[:4] == ["lsoa-2021-outlines", "lsoa-2021-lookup", "output-areas-2021", "ofcom-2026-01-oa"]
    assert [item.required for item in english] == [True] * 4 + [False] * (len(english) - 4)
    assert "iod-2025-file-8" in keys(english)
    assert "connectivity-2025" not in keys(english)
    welsh = plan.to_study(WALES, ofcom="2026-01", regions=["Wales"])
    assert "connectivity-2025" in keys(welsh)
    assert not any("England" in item.release.nations and "Wales" not in item.release.nations for item in welsh)
    assert next(item for item in welsh if item.release.kind == "subsidy").address.attachment == "*wales.zip"


def test_each_region_has_an_archive_of_its_own():
    items = plan.to_study(HERE, ofcom="2026-01", regions=["South West", "Yorkshire and The Humber"])
    names = [item.address.file_name for item in items if item.release.kind == "subsidy"]
    assert names == ["bduk_2026_05_south_west.zip", "bduk_2026_05_yorkshire_and_the_humber.zip"]


def test_few_areas_are_asked_for_by_code_and_many_with_all_others():
    few = plan.to_study(HERE, ofcom="2026-01", regions=[])[0].address
    assert few.where == "LSOA21CD IN ('E01033000','E01033001')"
    many = Selection("England", HERE.districts, tuple(f"E01{n:06}" for n in range(int(plan.MANY.value) + 1)))
    assert plan.to_study(many, ofcom="2026-01", regions=[])[0].address.where == "1=1"
    assert plan.to_parishes(many) is None


def test_every_usual_release_is_in_the_catalogue_and_made_use_of():
    usual = {entry.key for entry in releases() if entry.in_studies == "usual"}
    assert [key for key in usual if not release(key).readable] == []
    assert {entry.same_as for entry in releases() if entry.same_as} <= usual
    assert all(entry.in_studies == "usual" for entry in releases() if entry.same_as or entry.indicators)
    assert set(kinds_where(on_request=True)) <= {entry.kind for entry in releases()}


def test_the_document_names_every_option_and_every_kind_that_can_be_added():
    text = (ROOT / "docs" / "fetching.md").read_text(encoding="utf-8")
    command = typer.main.get_command(cli.app).commands["fetch"]
    names = [name for option in command.params for name in option.opts if name.startswith("--")]
    assert len(names) > 10
    assert [name for name in names if f"`{name}" not in text] == []
    variables = [option.envvar for option in command.params if option.envvar]
    assert [name for name in variables if name not in text] == []
    row = next(line for line in text.splitlines() if line.startswith("| `--also`"))
    assert {word for word in set(kinds_where(on_request=True)) if f"`{word}`" in row} == set(
        kinds_where(on_request=True)
    )
    assert [word for word in plan.ofcom_releases() if f"`{word}`" not in text] == []


def test_the_file_in_an_archive_is_found_whichever_way_it_is_packed(tmp_path):
    entry = release("ofcom-2026-01-oa")
    name = "202601_fixed_oa_coverage_r1.csv"
    plain, homes = {name: "a"}, {"202601_fixed_oa_res_coverage_r1.csv": "a"}
    ways = [
        {**plain, **homes},
        {f"202601_fixed_coverage_r1/{key}": text for key, text in {**plain, **homes}.items()},
        {"x/202601_fixed_oa_coverage_r1.zip": zipped({**plain, **homes})},
    ]
    for number, members in enumerate(ways):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(zipped(members))
        assert study_folder.member_in(path, entry)
    path.write_bytes(zipped(homes))
    with pytest.raises(LayerError, match="does not hold"):
        study_folder.member_in(path, entry)


def parts(*wanted):
    items = [Item(release(key), release(key).address(region="south_west")) for key in wanted]
    return [study_folder.FetchedPart(item, None, "2026-11-22T10:00:00+00:00") for item in items]


def test_the_study_file_declares_only_what_its_files_can_measure():
    base = ("ofcom-2026-01-oa", "census-2021-ts001", "census-2021-ts038", "libraries-2023")
    text = study_folder.study_text(HERE, parts(*base), command="fetch", missing={})
    assert tomllib.loads(text)["indicators"] == ["disabled_residents"]
    more = study_folder.study_text(HERE, parts(*base, "code-point-open"), command="fetch", missing={})
    assert tomllib.loads(more)["indicators"] == ["disabled_residents", "library"]
    census = next(layer for layer in tomllib.loads(more)["layer"] if layer["kind"] == "census")
    assert census["file"] == ["census2021-ts001.zip", "census2021-ts038.zip"]
    with pytest.raises(LayerError, match="no study can be built"):
        study_folder.study_text(HERE, parts("ofcom-2026-01-oa"), command="fetch", missing={"Census": "404"})


@given(st.text(), st.text())
def test_no_name_can_break_out_of_the_study_file(name, why):
    selection = Selection(name, {"E06000059": name}, ("E01033000",))
    text = study_folder.study_text(
        selection, parts("ofcom-2026-01-oa", "census-2021-ts038"), command=name, missing={name: why}
    )
    if "\x7f" in name:
        return  # TOML takes no DEL in text; a publisher's name with one is refused when the lookup is read
    content = tomllib.loads(text)
    assert content["districts"] == ["E06000059"]
    assert content["name"].startswith(name)
    assert content["switches"] == {"fwa": True, "mobile": False}


def entry(item, content, *, fetched="2026-11-22T10:00:00+00:00", before=None):
    digest = locks.text_sha256(content)
    file = Fetched(None, digest, len(content), "https://example.org/x", fetched, from_cache=False)
    return locks.entry_of(item, file, member=None, before=before)


def test_a_lock_says_the_same_when_it_is_read_again(tmp_path):
    item = Item(release("libraries-2023"), release("libraries-2023").address())
    made = Lock(
        {"ofcom": "2026-01"}, {item.address.file_name: entry(item, "a")}, {"x": "y"}, locks.text_sha256("study")
    )
    (tmp_path / locks.NAME).write_text(made.text(), encoding="utf-8")
    again = locks.read_lock(tmp_path)
    assert again == made
    assert again.text() == made.text()
    assert again.expected(item) == locks.text_sha256("a")
    other = Item(item.release, release("lsoa-2021-outlines").address())
    assert again.expected(other) is None


def test_the_same_content_keeps_the_date_it_was_first_recorded_with():
    item = Item(release("libraries-2023"), release("libraries-2023").address())
    first = entry(item, "a")
    assert entry(item, "a", fetched="2027-01-01T00:00:00+00:00", before=first) == first
    changed = entry(item, "b", fetched="2027-01-01T00:00:00+00:00", before=first)
    assert changed.fetched[:4] == "2027"
    found = locks.changes(Lock(files={"x": first}), Lock(files={"x": changed, "y": first}))
    assert [(change.file, change.before, change.after) for change in found] == [
        ("x", first, changed),
        ("y", None, first),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"lock_version": 2, "files": {}}', '{"lock_version": 1, "files": {"a": {"b": 1}}}']
)
def test_a_broken_or_newer_lock_is_refused_with_what_to_do(tmp_path, text):
    (tmp_path / locks.NAME).write_text(text, encoding="utf-8")
    with pytest.raises(LayerError) as caught:
        locks.read_lock(tmp_path)
    assert "--out" in caught.value.parts["next"]


def test_a_lock_has_no_file_of_this_machine_in_it(tmp_path):
    item = Item(release("libraries-2023"), release("libraries-2023").address())
    text = Lock({}, {item.address.file_name: entry(item, "a")}, {}, "").text()
    assert str(tmp_path) not in text
    assert json.loads(text)["files"][item.address.file_name]["address"] == item.release.url
