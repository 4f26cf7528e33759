"""The catalogue: every release can be fetched from the loopback publisher and read, and all documents say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from official.shelf import WORLD, fill
from publisher.server import Publisher
from worlds import run_command

from connectivity import published_sources
from layers.area_outlines import read_boundaries
from layers.catalogue import release, releases
from layers.errors import LayerError
from layers.fetch.download import fetch_file
from layers.fetch.study_folder import member_in
from layers.intake.shapes import read_shapes
from layers.intake.tables import read_headings
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.locations import read_code_point, read_uprns
from layers.lookups import read_changes, read_lookup
from layers.ofcom.fixed import read_output_area_coverage, read_postcode_coverage
from layers.ofcom.mobile import read_mobile
from layers.ofcom.performance import read_performance
from layers.people import deprivation
from layers.people.alternatives import read_libraries
from layers.people.census import read_census
from layers.people.deprivation import read_connectivity, read_wimd
from layers.people.dwellings import read_dwellings, read_output_areas
from layers.plans.subsidy import read_subsidy

ROOT = Path(__file__).resolve().parents[1]
KEYS = [entry.key for entry in releases()]
NATIONS = {"England", "Wales", "Scotland", "Northern Ireland"}
DISTRICTS = sorted(set(WORLD.areas["district"]))
SHAPES = gpd.GeoSeries(WORLD.areas.set_index("lsoa21")["geometry"], crs="EPSG:27700")
POSTCODES = WORLD.postcodes.assign(postcode=WORLD.postcodes["postcode"].str.replace(" ", "")).set_index("postcode")
POSTCODES = POSTCODES.rename(columns={"lsoa21": "area_code"})
OLD_POSTCODES = POSTCODES.assign(area_code=POSTCODES["area_code"].map(WORLD.areas.set_index("lsoa21")["lsoa11"]))
OUTPUT_AREAS = WORLD.output_areas.set_index("oa21").rename(columns={"lsoa21": "area_code"})
PREMISES = len(WORLD.uprns)


@pytest.fixture(scope="module")
def publisher():
    with Publisher() as made:
        fill(made)
        yield made


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def year(entry):
    return "lsoa11" if "2011" in entry.areas and "2021" not in entry.areas else "lsoa21"


def areas_of(entry):
    return pd.Index(sorted(set(WORLD.areas[year(entry)])))


def broadband(path, member, entry):
    if "2018" in entry.release:
        areas = dict(zip(WORLD.areas["lsoa21"], WORLD.areas["lsoa11"], strict=True))
        nested = OUTPUT_AREAS.assign(area_code=OUTPUT_AREAS["area_code"].map(areas))
    else:
        nested = OUTPUT_AREAS
    found = read_output_area_coverage(
        path, output_areas=nested, areas=areas_of(entry), ledger=Ledger(), geography=year(entry), member=member
    )
    assert found.table["premises"].sum() == PREMISES
    assert found.release == entry.release
    return found.table


def by_postcode(path, member, entry):
    old = "2018" in entry.release
    weights = None if old else pd.Series(4.0, index=POSTCODES.index)
    codes = pd.Index(sorted(set(WORLD.areas["lsoa11" if old else "lsoa21"])))
    postcodes = OLD_POSTCODES if old else POSTCODES
    found = read_postcode_coverage(
        path, postcodes=postcodes, weights=weights, areas=codes, ledger=Ledger(), member=member
    )
    assert found.table["premises"].sum() == pytest.approx(PREMISES)
    return found.table


def plain(reader):
    def read(path, member, entry):
        return reader(path, geography=year(entry), ledger=Ledger(), member=member)

    return read


READERS = {
    "boundaries": lambda path, _member, entry: read_boundaries([path], geography=year(entry), ledger=Ledger()),
    "wards": lambda path, _member, _entry: read_shapes(path),
    "lookup": lambda path, member, _entry: read_lookup(
        path, geography="lsoa21", districts=DISTRICTS, ledger=Ledger(), member=member
    ),
    "lsoa_changes": plain(read_changes),
    "output_areas": plain(read_output_areas),
    "rural_urban": plain(KINDS["rural_urban"].read_by()),
    "reporting": lambda path, _member, _entry: (
        read_shapes(path) if path.suffix == ".geojson" else pd.DataFrame(columns=read_headings(path), index=[0])
    ),
    "ofcom_oa": broadband,
    "ofcom_postcode": by_postcode,
    "mobile": lambda path, member, _entry: read_mobile(path, districts=DISTRICTS, ledger=Ledger(), member=member),
    "performance": lambda path, member, entry: read_performance(
        path,
        areas=areas_of(entry),
        ledger=Ledger(),
        output_areas=lambda: OUTPUT_AREAS,
        postcodes=POSTCODES,
        member=member,
    ),
    "census": plain(read_census),
    "deprivation": plain(deprivation.read_deprivation),
    "underlying_2025": plain(deprivation.read_underlying_2025),
    "road_distances": plain(KINDS["road_distances"].read_by()),
    "wimd": plain(read_wimd),
    "dwellings": plain(read_dwellings),
    "dft_connectivity": plain(read_connectivity),
    "libraries": lambda path, _member, _entry: read_libraries(path, postcodes=POSTCODES, ledger=Ledger()),
    "subsidy": lambda path, member, entry: (
        read_subsidy([path], postcodes=POSTCODES, areas=areas_of(entry), ledger=Ledger(), member=member).by_area
    ),
    "postcodes": lambda path, member, _entry: read_code_point(
        path, areas=SHAPES, districts=DISTRICTS, ledger=Ledger(), member=member
    ),
    "open_uprn": lambda path, member, _entry: read_uprns(path, areas=SHAPES, ledger=Ledger(), member=member),
}


@pytest.mark.parametrize("key", KEYS)
def test_every_release_is_fetched_and_read(key, publisher, cache):
    entry = release(key)
    address = entry.address(region="south_west" if entry.takes_region else None)
    file = fetch_file(address, cache=cache, mirror=publisher.mirror)
    assert file.size > 0
    if entry.kind == "terrain":
        return  # one zip of many zips; its tiles are read in test_terrain.py
    member = member_in(file.path, entry)
    if not entry.readable:
        with pytest.raises(LayerError):
            READERS[entry.kind](file.path, member, entry)
        return
    found = READERS[entry.kind](file.path, member, entry)
    assert len(getattr(found, "table", found)) > 0


@pytest.mark.parametrize("entry", releases(), ids=KEYS)
def test_every_release_says_what_it_is_and_where(entry):
    assert entry.kind in KINDS
    assert {*entry.nations} <= NATIONS
    assert entry.nations
    assert entry.url.startswith("https://")
    assert entry.landing is not None
    assert entry.landing.startswith("https://")
    assert entry.title
    assert entry.areas
    assert entry.sha256 is None or re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert entry.checked or entry.note, "a guess says that it is one"
    if entry.published:
        date.fromisoformat(entry.published if len(entry.published) == 10 else f"{entry.published}-01")
    if entry.way == "file" and entry.starts == "zip":
        assert entry.members, "which file of the zip is meant"
    if entry.kind == "reporting":
        assert entry.name


def test_keys_are_not_used_twice():
    assert len(set(KEYS)) == len(KEYS)


def test_an_address_asks_for_the_rows_of_the_codes_given():
    asked = release("lsoa-2021-outlines").address(codes={"areas": ["E01000002", "E01000001"], "districts": ["E06"]})
    assert asked.where == "LSOA21CD IN ('E01000001','E01000002')"
    assert release("lsoa-2021-lookup").address(codes={"areas": ["E01000002"]}).where == "1=1"


def test_an_unknown_key_is_refused_with_the_nearest():
    with pytest.raises(LayerError) as caught:
        release("iod-2025-file-9")
    assert "iod-2025-file-" in caught.value.parts["expected"]


def test_the_document_is_the_catalogue():
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert text == published_sources.as_markdown(), (
        "run: python -m connectivity sources --format markdown > docs/sources.md"
    )


@pytest.mark.parametrize("file", ["NOTICE", "data/README.md"])
def test_every_attribution_line_stands_in(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    sources = {entry.source for entry in releases()}
    lines = {f"{source.publisher}: {source.attribution}. {source.licence}." for source in sources}
    assert len(lines) > 5
    assert sorted(line for line in lines if f"- {line}\n" not in text) == []


def test_the_list_is_complete_in_every_form(tmp_path, monkeypatch, capsys):
    def said(*words):
        run = run_command("sources", *words, out=tmp_path, log=tmp_path, monkeypatch=monkeypatch, capsys=capsys)
        assert run.code == 0
        return run.out

    lines = said().splitlines()
    assert len(lines) == len(KEYS) + 2
    for entry, line in zip(releases(), lines, strict=False):
        assert line.startswith(entry.title)
        assert entry.release in line
        assert line.endswith("OGL 3.0")
    rows = list(csv.DictReader(io.StringIO(said("--format", "csv"))))
    assert [row["key"] for row in rows] == KEYS
    assert all(row["licence"] and row["attribution"] and row["address"] for row in rows)
    listed = json.loads(said("--format", "json"))
    assert [entry["key"] for entry in listed["releases"]] == KEYS
    assert {entry["kind"] for entry in listed["kinds"]} == set(KINDS)
    assert said("--format", "markdown") == published_sources.as_markdown()
