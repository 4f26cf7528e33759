"""Every bad input ends in one message that can be acted on, and in nothing written.

Each test breaks one thing in a world made by hand and runs the real command line on it, in this process.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path

import pandas as pd
import pytest
from worlds import NORTHSHIRE, SOUTHSHIRE, outlines, run_command, world_2013, world_today

LAUA = "202507_fixed_laua_coverage_r01.csv"
LINES = "lines_2013.csv"
INCOME, EMPLOYMENT = "Income Score (rate)", "Employment Score (rate)"
BEFORE = "what an earlier build left"


@pytest.fixture
def today(tmp_path):
    return world_today(tmp_path / "today")


@pytest.fixture
def lines(tmp_path):
    return world_2013(tmp_path / "2013")


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line as a user would."""

    def run(*arguments, out=tmp_path / "out"):
        return run_command(*arguments, out=out, log=tmp_path / "log", monkeypatch=monkeypatch, capsys=capsys)

    return run


@pytest.fixture
def refused(run, tmp_path):
    """Run a build that must be refused, over an earlier result, and check all that always holds then."""

    def refused(study, *options, **parts):
        out = tmp_path / "out"
        out.mkdir()
        earlier = {"manifest.json": json.dumps({"schema_version": 1, "fingerprint": BEFORE}), "ranking.csv": BEFORE}
        for name, text in earlier.items():
            (out / name).write_text(text, encoding="utf-8")
        result = run("build", study, *options)
        assert result.code == 2, result.err
        assert result.out == ""
        assert "Traceback" not in result.err
        assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == earlier
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        assert not result.err[0].isspace(), "the message comes first"
        assert result.said("next"), f"no next step:\n{result.err}"
        for part, words in parts.items():
            assert words in (result.said(part) or ""), f"{part}: {words}\n{result.err}"
        return result

    return refused


@pytest.fixture
def built(run):
    """Run a build that must succeed; how sure its ranks are depends on no file's form, so it is left out."""

    def built(study, *options):
        result = run("build", study, "--draws", 0, *options)
        assert result.code == 0, result.err
        return result

    return built


# --- What the issue names: columns, codes and counts --------------------------------------------------------------


def test_a_missing_column_names_the_nearest(today, refused):
    today.edit(LAUA, lambda table: table.rename(columns={"All Matched Premises": "All Mached Premises"}))
    refused(today.study(), file=LAUA, column="All Matched Premises", found="nearest: “All Mached Premises”")


def test_a_missing_column_that_goes_under_several_names_lists_them(today, refused):
    today.edit("lookup.csv", lambda table: table.rename(columns={"LAD22NM": "LAD22NAM"}))
    refused(today.study(), file="lookup.csv", expected="LAD24NM", found="nearest: “LAD22NAM”")


@pytest.mark.parametrize(
    ("cells", "column", "expected", "found"),
    [
        (
            {"Number of premises unable to receive 5Mbit/s": 3},
            "Number of premises unable to receive 5Mbit/s",
            "unable to receive 2 ≤ 5 ≤ 10 ≤ 30",
            "6, 3, 30, 60",
        ),
        ({"All Premises": 589}, "All Matched Premises, All Premises", "Matched Premises ≤ All Premises", "590, 589"),
        (
            {"Number of premises with SFBB availability": 500},
            "SFBB availability",
            "matched − SFBB, within 2 premises",
            "60, 590, 500",
        ),
        ({"Number of premises with UFBB availability": 401}, "UFBB", "UFBB ≤ UFBB (100Mbit/s) ≤ SFBB", "401, 400, 530"),
        (
            {"Number of premises with 0<2Mbit/s download speed": 60},
            "0<2Mbit/s",
            "the six speed bands sum to All Matched Premises",
            "60, 6, 18, 30, 150, 380, 590",
        ),
    ],
)
def test_a_broken_band_invariant(today, refused, cells, column, expected, found):
    today.set(LAUA, row=0, **cells)
    refused(today.study(), file=LAUA, column=column, rows="E06000901 (line 2)", expected=expected, found=found)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Number of premises with Gigabit availability": 390}, "gigabit than with 300 Mbit/s, kept as published"),
        ({"Number of premises below the USO": 40}, "below decent broadband than below 10 Mbit/s, kept as published"),
    ],
)
def test_the_two_official_exceptions_are_kept_with_a_warning(today, built, cells, words):
    today.set(LAUA, row=0, **cells)
    result = built(today.study())
    assert [words in warning and "Northshire by 10" in warning for warning in result.manifest["warnings"]] == [True]
    assert words in result.err.replace("\n", " ")
    assert result.manifest["premises"]["scored"] == 900


@pytest.mark.parametrize("file", ["lookup.csv", "postcodes.csv", "output_areas.csv"])
def test_a_table_on_2021_areas_in_a_2011_study(today, refused, file):
    today.edit(file, lambda table: table.rename(columns={"LSOA11CD": "LSOA21CD", "lsoa11cd": "lsoa21cd"}))
    refused(today.study(), file=file, found="LSOA21CD", next='geography = "lsoa21"')


def test_outlines_of_2021_areas_in_a_2011_study(today, refused):
    today.write_text("areas.geojson", json.dumps(outlines(code="LSOA21CD", name="LSOA21NM")))
    refused(today.study(), file="areas.geojson", found="lsoa21", next='geography = "lsoa21"')


def test_deprivation_of_2021_areas_in_a_2011_study(lines, refused):
    lines.edit("deprivation.csv", lambda table: table.rename(columns={"LSOA code (2011)": "LSOA code (2021)"}))
    result = refused(lines.study(), file="deprivation.csv", found="LSOA21CD")
    assert "holds lsoa21 codes, and the study is on lsoa11" in result.err


def test_2011_areas_in_a_2021_study(today, refused):
    result = refused(today.study(geography="lsoa21"), file="areas.geojson", next='geography = "lsoa11"')
    assert "hold lsoa11 codes, and the study is on lsoa21" in result.err


def test_another_years_codes_under_the_right_heading(lines, refused):
    lines.edit("deprivation.csv", lambda t: t.assign(**{"LSOA code (2011)": [f"E0103380{i}" for i in range(6)]}))
    refused(lines.study(), file="deprivation.csv", rows="E01900001", found="100.0% missing", next="geography")


def test_a_district_with_no_areas(today, refused):
    study = today.study(districts=[NORTHSHIRE, SOUTHSHIRE, "E10000014"])
    refused(study, file="lookup.csv", rows="E10000014", expected="at least one area", next="counties")


def test_duplicate_area_codes_in_the_outlines(today, refused):
    today.shapes(lambda features: features.append(features[0]))
    refused(today.study(), file="areas.geojson", column="LSOA11CD", rows="E01900001", found="2 shapes")


def test_duplicate_area_codes_in_a_table(lines, refused):
    lines.edit("population.csv", lambda table: pd.concat([table, table.iloc[:1]]))
    refused(lines.study(), file="population.csv", rows="line 2, 8 (2 of 7 rows)", found="E01900001")


def test_an_area_in_two_districts(today, refused):
    today.edit("lookup.csv", lambda t: pd.concat([t, t.iloc[:1].assign(LAD22CD=SOUTHSHIRE, LAD22NM="Southshire")]))
    refused(today.study(), file="lookup.csv", rows="E01900001", expected="one row for each area")


# --- What the issue names: units and shapes -----------------------------------------------------------------------


def test_degrees_where_metres_are_declared(today, refused):
    grid = outlines(metres=True)["crs"]
    today.write_text("areas.geojson", json.dumps({**outlines(), "crs": grid}))
    refused(today.study(), file="areas.geojson", expected="metres", found="degrees", next="crs")


def test_metres_where_degrees_are_declared(today, refused):
    document = outlines(metres=True)
    del document["crs"]
    today.write_text("areas.geojson", json.dumps(document))
    refused(today.study(), file="areas.geojson", rows="400,000.0", expected="degrees", found="metres")


def test_metres_that_are_declared_are_read_like_degrees(today, built, tmp_path):
    first = built(today.study()).ranking
    today.write_text("areas.geojson", json.dumps(outlines(metres=True)))
    pd.testing.assert_frame_equal(built(today.study()).ranking, first)


def test_postcodes_in_degrees(today, refused):
    today.edit("postcodes.csv", lambda table: table.assign(easting="-2.1", northing="50.7"))
    refused(today.study(), file="postcodes.csv", column="easting, northing", rows="48 of 48", found="degrees")


def test_one_postcode_in_degrees_among_metres(today, refused):
    today.set("postcodes.csv", row=3, easting=-2.1, northing=50.7)
    refused(today.study(), file="postcodes.csv", rows="line 5 (1 of 48 rows)", found="degrees")


def test_a_shape_that_is_not_a_polygon(today, refused):
    today.shapes(lambda features: features[2].update(geometry={"type": "Point", "coordinates": [-2, 50.8]}))
    refused(today.study(), file="areas.geojson", rows="E01900003", expected="Polygon", found="Point")


def test_an_invalid_shape_is_repaired_and_counted(today, built):
    def bow_tie(features):
        ring = features[2]["geometry"]["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]

    today.shapes(bow_tie)
    result = built(today.study())
    assert result.manifest["warnings"] == ["areas.geojson: 1 outline crossed itself and was mended (E01900003)."]
    assert result.manifest["areas"]["scored"] == 6


# --- What the issue names: files ----------------------------------------------------------------------------------


def test_a_truncated_zip(today, refused):
    path = today.zipped("lookup.zip", {"lookup.csv": today.path("lookup.csv").read_bytes()})
    path.write_bytes(path.read_bytes()[:-30])
    refused(today.study(layers={"lookup": "lookup.zip"}), file="lookup.zip", found="not a zip", next="download")


def test_a_zip_bomb(today, refused):
    today.zipped("lookup.zip", {"lookup.csv": b"0" * 20_000_000})
    refused(today.study(layers={"lookup": "lookup.zip"}), file="lookup.zip", expected="at most 200 times")


def test_a_member_path_that_leaves_the_archive(today, refused):
    today.zipped("lookup.zip", {"../lookup.csv": today.path("lookup.csv").read_bytes()})
    refused(today.study(layers={"lookup": "lookup.zip"}), file="lookup.zip", found="../lookup.csv")


def test_an_archive_of_too_many_members(today, refused):
    today.zipped("lookup.zip", {str(number): b"" for number in range(10_001)})
    refused(today.study(layers={"lookup": "lookup.zip"}), expected="at most 10,000 members", found="10,001")


def test_an_empty_file(today, refused):
    today.write_bytes("lookup.csv", b"")
    refused(today.study(), file="lookup.csv", found="0 bytes", next="download the file again")


def test_a_heading_without_rows(today, refused):
    today.write_bytes("lookup.csv", b"LSOA11CD,LAD22CD,LAD22NM\n")
    refused(today.study(), file="lookup.csv", expected="at least one row", found="none")


def test_cp1252_bytes_are_read_right(today, built):
    text = today.path("lookup.csv").read_text(encoding="utf-8").replace("Alder", "Aldér’s Combe")
    today.write_bytes("lookup.csv", text.encode("cp1252"))
    assert "Aldér’s Combe" in built(today.study()).ranking["area_name"].tolist()


def test_bytes_that_are_neither_utf_8_nor_cp1252(today, refused):
    today.write_bytes("lookup.csv", today.path("lookup.csv").read_bytes().replace(b"Alder", b"A\x81\x8d"))
    refused(today.study(), file="lookup.csv", expected="UTF-8", found="neither")


def test_text_in_a_number_column(today, refused):
    today.set(LAUA, row=1, **{"All Premises": "about 300"})
    refused(today.study(), file=LAUA, column="All Premises", rows="line 3 (1 of 2 rows)", found="about 300")


# --- What the issue names: the study file -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "expected", "found"),
    [
        ({"remote": -1.0}, "greater than or equal to 0", "-1.0"),
        ({"remote": 0, "digital": 0, "need": 0, "alternative": 0}, "remote or digital above 0", "both 0"),
        ({"remote": 0, "digital": 0}, "remote or digital above 0", "both 0"),
        ({"remote": float("nan")}, "a number", "nan"),
        ({"remote": float("inf")}, "a number", "inf"),
        ({"remote": True}, "a number", "True"),
        ({"remote": "much"}, "a number", "much"),
        ({"remote": 10**400}, "a number", "1000"),
    ],
    ids=str,
)
def test_weights_that_cannot_be_weighed(today, refused, weights, expected, found):
    refused(today.study(weights=weights), file="study.toml", column="weights", expected=expected, found=found)


def test_whole_numbers_are_weights_too(today, built):
    assert built(today.study(weights={"remote": 2, "digital": 2, "need": 0, "alternative": 0})).manifest["weights"] == {
        "remote": 0.5,
        "digital": 0.5,
        "need": 0.0,
        "alternative": 0.0,
    }


def test_percent_and_fractions_in_one_column(lines, refused):
    rates = ["30", "10", "0.05", "15", "8", "12"]
    lines.edit("deprivation.csv", lambda table: table.assign(**{INCOME: rates, EMPLOYMENT: ["5"] * 6}))
    refused(lines.study(), file="deprivation.csv", column=INCOME, rows="line 4", found="0.05")


def test_percent_in_one_column_and_fractions_in_the_other(lines, refused):
    lines.edit("deprivation.csv", lambda table: table.assign(**{INCOME: ["30", "10", "5", "15", "8", "12"]}))
    refused(lines.study(), file="deprivation.csv", column=EMPLOYMENT, found="fractions beside percent")


def test_percent_throughout_is_divided_and_said(lines, built):
    first = built(lines.study()).ranking

    def in_percent(table):
        return table.assign(**{name: (table[name].astype(float) * 100).astype(str) for name in (INCOME, EMPLOYMENT)})

    lines.edit("deprivation.csv", in_percent)
    result = built(lines.study())
    pd.testing.assert_frame_equal(result.ranking, first)
    assert "deprivation.csv: rates are in percent and were divided by 100." in result.manifest["warnings"]


@pytest.mark.parametrize(
    ("changes", "key", "nearest"),
    [
        ({"geografy": "lsoa11"}, "geografy", "geography"),
        ({"weights": {"remot": 1.0}}, "weights, remot", "remote"),
        ({"switches": {"fva": True}}, "switches, fva", "fwa"),
        ({"layers": {"lookup": {"fil": "lookup.csv"}}}, "layer 2, fil", "file"),
        ({"layers": {"lookup": None, "lokup": "lookup.csv"}}, "layer 7, kind", "lookup"),
        ({"switches": {"aggregation": "geometrik"}}, "switches, aggregation", "geometric"),
        ({"indicators": ["rail_statoin"]}, "indicators", "rail_station"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_misspelt_word_in_the_study_file_names_the_nearest(today, refused, changes, key, nearest):
    refused(today.study(**changes), file="study.toml", column=key, expected=f"nearest: “{nearest}”")


def test_an_area_missing_from_one_layer_is_counted_and_shown(lines, built):
    lines.edit("population.csv", lambda table: table.iloc[:5])
    result = built(lines.study(switches={"fwa": False, "missing_areas_allowed": 0.2}))
    assert result.manifest["warnings"][0].startswith("population.csv: no row for 1 of 6 areas (E01900006)")
    assert result.manifest["areas"]["scored"] == 5
    fen = result.ranking.set_index("area_code").loc["E01900006"]
    assert fen["status"] != "scored"
    assert pd.isna(fen["severity_rank"])


def test_an_area_missing_from_one_layer_is_fatal_beyond_the_stated_share(lines, refused):
    lines.edit("population.csv", lambda table: table.iloc[:5])
    refused(lines.study(), file="population.csv", rows="E01900006", expected="at most 2%", found="16.7% missing")


@pytest.mark.parametrize("file", ["postcodes.csv", "output_areas.csv"])
def test_an_area_nothing_can_be_spread_to_is_counted_and_no_premises_is_lost(today, refused, run, tmp_path, file):
    today.edit(file, lambda table: table[table["lsoa11cd"] != "E01900003"])
    refused(today.study(), file=file, rows="E01900003", found="16.7% missing")
    result = run("build", today.study(switches={"missing_areas_allowed": 0.2}), out=tmp_path / "more")
    assert result.code == 0
    assert result.manifest["areas"]["scored"] == 5
    assert result.manifest["premises"] == {"in": 900, "scored": 900, "excluded": {}}
    assert "shared among its other areas" in " ".join(result.manifest["warnings"])


def test_a_district_none_of_whose_areas_can_be_used(today, refused):
    today.edit("postcodes.csv", lambda table: table[table["lsoa11cd"] > "E01900003"])
    result = refused(today.study(switches={"missing_areas_allowed": 0.6}), file=LAUA, rows=NORTHSHIRE)
    assert "no area left" in result.err


# --- What the issue names: names and folders ----------------------------------------------------------------------

HOSTILE = [
    *("=1+1", "+44", "-2+3", "@SUM(A1)", "\uff1d1"),
    *("Al\x07der", "Al\x1b[31mder", "Alder\nWood", "Al\u202eder", "x" * 301),
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_refused_and_shown_harmlessly(today, refused, name):
    today.set("lookup.csv", row=0, WD25NM=name)
    result = refused(today.study(), file="lookup.csv", column="WD25NM", rows="line 2", next="correct the name")
    assert all(character.isprintable() for line in result.err.splitlines() for character in line)
    assert max(map(len, result.err.splitlines())) < 150


@pytest.mark.parametrize(
    ("file", "column"), [("lookup.csv", "LAD22NM"), (LAUA, "laua_name"), ("stations.csv", "name"), (LAUA, "laua")]
)
def test_every_name_column_is_guarded(today, refused, file, column):
    today.set(file, row=0, **{column: "=1+1"})
    refused(today.study(), file=file, column=column, found="=1+1")


def test_a_hostile_name_in_the_outlines(today, refused):
    today.shapes(lambda features: features[1]["properties"].update(LSOA11NM="=1+1"))
    refused(today.study(), file="areas.geojson", column="LSOA11NM", rows="shape 2", found="=1+1")


def test_html_in_a_name_is_kept_as_it_is(today, built):
    name = "<script>alert(1)</script>"
    today.set("lookup.csv", row=0, WD25NM=name)
    assert name in built(today.study()).ranking["area_name"].tolist()


@pytest.mark.parametrize("name", ["", "   ", "=HYPERLINK(1)", "a\x1b[31mb", "a\u202eb", "x" * 121], ids=ascii)
def test_a_study_name_that_cannot_be_shown(today, refused, name):
    refused(today.study(name=name), file="study.toml", column="name")


def test_square_brackets_in_a_name_are_not_taken_for_colours(today, built):
    today.set(LAUA, row=0, laua_name="[bold]North[/nope]", **{"Number of premises with Gigabit availability": 390})
    result = built(today.study(name="[red]Shires[/x]"))
    assert "[red]Shires[/x]: 6 of 6" in result.out
    assert "[bold]North[/nope]" in result.err.replace("\n", " ")


def test_an_output_folder_that_is_not_ours(today, run, tmp_path):
    letter = tmp_path / "out" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("Dear")
    result = run("build", today.study())
    assert result.code == 2
    assert "letter.txt" in result.said("found")
    assert letter.read_text() == "Dear"
    assert len(list(letter.parent.iterdir())) == 1


@pytest.mark.parametrize("where", ["study folder", "above it", "a file", "inside a file", "here", "root"])
def test_an_output_place_that_would_destroy_something(today, run, tmp_path, where):
    places = {
        "study folder": today.folder,
        "above it": tmp_path,
        "a file": today.path("lookup.csv"),
        "inside a file": today.path("lookup.csv") / "deep",
        "here": Path(),
        "root": Path(Path.cwd().anchor),
    }
    study = today.study()
    before = {path.name: path.read_bytes() for path in today.folder.iterdir()}
    result = run("build", study, out=places[where])
    assert result.code == 2
    assert result.said("next") == "name another folder with --out"
    assert {path.name: path.read_bytes() for path in today.folder.iterdir()} == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that refuses its owner")
def test_an_output_place_that_may_not_be_written(today, run, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    result = run("build", today.study(), out=locked / "out")
    assert result.code == 2
    assert "not permitted" in result.said("found")


def test_an_output_name_longer_than_the_disk_takes(today, run, tmp_path):
    result = run("build", today.study(), out=tmp_path / ("a" * 300))
    assert result.code == 2
    assert result.said("next")


# --- More ways to get the study file wrong ------------------------------------------------------------------------


def test_a_folder_without_a_study_is_refused(refused, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(empty, file=str(empty), expected="a folder with a study.toml", found="no file", next="name the study file")


def test_a_study_that_is_not_there(today, refused):
    refused(today.path("none.toml"), file="none.toml", found="No such file")


@pytest.mark.parametrize(
    "content", [b"\x81\xff", b"name = 'a'\nname = 'b'", b"LSOA11CD,LAD22CD\n", b"a=" + b"[" * 5000 + b"]" * 5000]
)
def test_a_study_that_is_not_toml(today, refused, content):
    refused(today.write_bytes("broken.toml", content), file="broken.toml", next="docs/study-file.md")


def test_a_study_saved_by_notepad_is_read(today, built):
    path = today.study()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    built(path)


def test_an_empty_study_lacks_its_first_key_and_says_how_many_more(today, refused):
    result = refused(today.write_bytes("empty.toml", b""), file="empty.toml", column="name", found="nothing")
    assert "(4 more after it)" in result.err


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"districts": ["Northshire"]}, "districts", "look like E06000059"),
        ({"districts": [NORTHSHIRE + "\n"]}, "districts", "look like E06000059"),
        ({"districts": ["E0600090\u0661"]}, "districts", "look like E06000059"),
        ({"districts": NORTHSHIRE}, "districts", "a list"),
        ({"districts": []}, "districts", "at least one"),
        ({"districts": [NORTHSHIRE, NORTHSHIRE]}, "districts", "each once"),
        ({"indicators": []}, "indicators", "at least one"),
        ({"indicators": ["rail_station", "rail_station"]}, "indicators", "each once"),
        ({"indicators": ["rail_station", "older_residents"]}, "indicators", "a layer with older_share"),
        ({"geography": "lsoa01"}, "geography", "nearest"),
        ({"switches": {"fwa": 1}}, "switches, fwa", "true or false"),
        ({"switches": {"fwa": "yes"}}, "switches, fwa", "true or false"),
        ({"switches": {"mobile": True}}, "layer", "a layer of kind mobile"),
        ({"switches": {"need_multiplier": float("nan")}}, "switches, need_multiplier", "a number"),
        ({"switches": {"missing_areas_allowed": 1.0}}, "switches, missing_areas_allowed", "less than 1"),
        ({"layers": {"lookup": {"file": 3}}}, "layer 2, file", "text in quotes"),
        ({"layers": {"lookup": ""}}, "layer 2", "name of a file"),
        ({"layers": {"boundaries": []}}, "layer 1", "name of a file"),
        ({"layers": {"lookup": ["lookup.csv", "stations.csv"]}}, "layer 2", "one file for lookup"),
        ({"layers": {"boundaries": None}}, "layer", "boundaries"),
        ({"layers": {"ofcom_authority": None}}, "layer", "one broadband layer"),
        ({"layers": {"ofcom_postcode_2013": LINES}}, "layer", "one broadband layer"),
        ({"layers": {"postcodes": None}}, "layer", "postcodes, needed by ofcom_authority"),
        ({"layers": {"output_areas": None}}, "layer", "dwellings or output_areas"),
        ({"layers": {"stations": {"file": "stations.csv", "release": "=1+1"}}}, "layer 7, release", "plain text"),
        ({"folder": "/etc"}, "folder", ""),
        ({"data": 3}, "data", "text in quotes"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_wrong_value_in_the_study_file(today, refused, changes, column, words):
    refused(today.study(**changes), file="study.toml", column=column, expected=words)


def test_one_kind_of_layer_named_twice(today, refused):
    path = today.study()
    path.write_text(path.read_text() + '\n[[layer]]\nkind = "stations"\nfile = "stations.csv"\n')
    refused(path, file="study.toml", column="layer", expected="one layer of each kind", found="twice: stations")


def test_a_data_folder_that_is_not_there(today, refused):
    refused(today.study(data="nowhere"), file="areas.geojson", found="nothing of that name", next="spelling")


def test_a_data_folder_on_the_command_line_that_is_not_there(today, refused, tmp_path):
    refused(today.study(), "--data", tmp_path / "nowhere", file="areas.geojson", found="nothing of that name")


def test_fixed_wireless_asked_of_2013(lines, refused):
    refused(lines.study(switches={"fwa": True}), file="study.toml", column="switches.fwa", found="fwa = true")


def test_fixed_wireless_asked_of_2013_on_the_command_line(lines, refused):
    refused(lines.study(), "--fwa", column="switches.fwa", expected="fwa = false")


# --- More ways to get a file wrong --------------------------------------------------------------------------------


def test_a_folder_for_a_file(today, refused):
    today.path("tables").mkdir()
    refused(today.study(layers={"lookup": "tables"}), file="tables", found="a folder")


@pytest.mark.parametrize("name", ["nul\x00.csv", "a" * 5_000 + ".csv"], ids=["nul", "long"])
def test_a_file_name_no_disk_holds(today, refused, name):
    refused(today.study(layers={"lookup": name}))


def test_a_zip_of_several_files_without_a_member(today, refused):
    today.zipped("lookup.zip", {"a.csv": b"x", "b.csv": b"y"})
    refused(today.study(layers={"lookup": "lookup.zip"}), file="lookup.zip", found="2 of 2: a.csv, b.csv")


def test_the_member_named_is_read_for_outlines_and_tables_alike(today, built):
    members = {"notes.txt": b"read me", "w.geojson": today.path("wards.geojson").read_bytes()}
    today.zipped("wards.zip", members)
    today.zipped("lookup.zip", {"notes.txt": b"read me", "in/l.csv": today.path("lookup.csv").read_bytes()})
    layers = {
        "wards": {"file": "wards.zip", "member": "w.geojson"},
        "lookup": {"file": "lookup.zip", "member": "in/*.csv"},
    }
    built(today.study(layers=layers))


def test_a_gzip_that_ends_early(today, refused):
    today.write_bytes("lookup.csv.gz", gzip.compress(today.path("lookup.csv").read_bytes())[:-20])
    refused(today.study(layers={"lookup": "lookup.csv.gz"}), file="lookup.csv.gz", next="download the file again")


def test_a_web_page_saved_as_a_table(today, refused):
    today.write_text("lookup.csv", "<!DOCTYPE html><html>")
    refused(today.study(), file="lookup.csv", expected="a CSV table", next="error page")


@pytest.mark.parametrize("how", ["byte-order mark", "CRLF", "CR", "blank lines", "quoted newline elsewhere", "spaces"])
def test_harmless_differences_of_a_table_change_nothing(today, built, how):
    first = built(today.study()).ranking
    content = today.path("lookup.csv").read_bytes()
    if how == "quoted newline elsewhere":
        today.edit("lookup.csv", lambda table: table.assign(note="two\nlines, and a comma"))
    else:
        changed = {
            "byte-order mark": b"\xef\xbb\xbf" + content,
            "CRLF": content.replace(b"\n", b"\r\n"),
            "CR": content.replace(b"\n", b"\r"),
            "blank lines": b"\n" + content.replace(b"\n", b"\n\n"),
            "spaces": content.replace(b",", b" ,  "),
        }
        today.write_bytes("lookup.csv", changed[how])
    pd.testing.assert_frame_equal(built(today.study()).ranking, first)


@pytest.mark.parametrize(("old", "new"), [("LSOA11NM", "lsoa11_cd"), ("LSOA11NM", "LSOA11CD"), ("WD25NM", "lad22nm")])
def test_a_heading_that_stands_twice(today, refused, old, new):
    if new == "lsoa11_cd":
        new = "LSOA11CD "  # the same once spaces are folded
    content = today.path("lookup.csv").read_text(encoding="utf-8").replace(old, new, 1)
    today.write_text("lookup.csv", content)
    result = refused(today.study(), file="lookup.csv", expected="one column of that name")
    assert "stands 2 times" in result.err


def test_a_property_that_stands_twice(today, refused):
    today.shapes(lambda features: [feature["properties"].update(lsoa11cd="x") for feature in features])
    refused(today.study(), file="areas.geojson", column="LSOA11CD", found="LSOA11CD, lsoa11cd")


@pytest.mark.parametrize(
    ("line", "words"), [("E01900003", "1"), ("E01900003,Cedar,E06000901,Northshire,Cedar,more", "saw 6")]
)
def test_a_row_that_is_too_short_or_too_long(today, refused, line, words):
    lines = today.path("lookup.csv").read_text(encoding="utf-8").splitlines()
    today.write_text("lookup.csv", "\n".join([*lines[:3], line, *lines[4:]]) + "\n")
    result = refused(today.study(), file="lookup.csv", found=words)
    assert "line 4" in result.err


def test_a_comma_after_every_row_does_not_shift_the_columns(today, refused):
    heading, *rows = today.path("lookup.csv").read_text(encoding="utf-8").splitlines()
    today.write_text("lookup.csv", "\n".join([heading, *(row + "," for row in rows)]) + "\n")
    refused(today.study(), file="lookup.csv", found="Expected 5 fields in line 2, saw 6")


def test_a_quote_that_is_never_closed(today, refused):
    today.write_text("lookup.csv", today.path("lookup.csv").read_text(encoding="utf-8").replace("Fen", '"Fen'))
    refused(today.study(), file="lookup.csv", next="mend or remove the broken line")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_whose_cells_are_not_separated_by_commas(today, refused, separator):
    text = today.path("lookup.csv").read_text(encoding="utf-8").replace(",", separator)
    today.write_text("lookup.csv", text)
    refused(today.study(), file="lookup.csv", found="1 columns: LSOA11CD")


def test_a_name_of_megabytes(today, refused):
    today.set("lookup.csv", row=0, WD25NM="x" * 2_000_000)
    result = refused(today.study(), file="lookup.csv")
    assert len(result.err) < 1_000


@pytest.mark.parametrize(
    "cell", ["inf", "1e400", "1e300", "-4", "600.5", "12,5", "6,00", "٦٠٠", "6_00", "0x258", "True", "*", "600 approx"]
)
def test_a_count_that_is_not_one(today, refused, cell):
    today.set(LAUA, row=0, **{"All Premises": cell})
    refused(today.study(), file=LAUA, column="All Premises", rows="line 2", found=cell)


def test_thousands_commas_are_read(today, built):
    def larger(table):
        numbers = table.columns.difference(["laua", "laua_name"])
        return table.assign(**{column: table[column].astype(float).mul(10).map("{:,.0f}".format) for column in numbers})

    today.edit(LAUA, larger)
    assert today.read(LAUA)["All Premises"].tolist() == ["6,000", "3,000"]
    assert built(today.study()).manifest["premises"]["in"] == 9_000


def test_a_blank_total_is_not_zero(today, refused):
    today.set(LAUA, row=0, **{"All Matched Premises": ""})
    refused(today.study(), file=LAUA, column="All Matched Premises", rows=NORTHSHIRE, found="blank")


@pytest.mark.parametrize("rows", [[0, 0, 1], [0]], ids=["twice", "never"])
def test_a_district_that_does_not_stand_once_in_the_authority_file(today, refused, rows):
    today.edit(LAUA, lambda table: table.iloc[rows])
    refused(today.study(), file=LAUA, column="laua", expected="one row for each district", found="times")


def test_counts_that_differ_by_rounding_leave_no_negative_band(today, built):
    cells = {"Number of premises with SFBB availability": 532, "Number of premises with UFBB availability": 532}
    cells |= {"Number of premises with UFBB (100Mbit/s) availability": 532}
    today.set(LAUA, row=0, **cells, **{"Number of premises with Gigabit availability": 380})
    assert built(today.study()).manifest["premises"]["scored"] == 900


def test_a_district_without_premises_is_listed_and_not_scored(today, built):
    def nobody(table):
        numbers = table.columns.difference(["laua", "laua_name"])
        table.loc[0, numbers] = "0"
        return table

    today.edit(LAUA, nobody)
    result = built(today.study())
    assert result.manifest["areas"]["scored"] == 3
    assert result.ranking["status"].str.startswith("not enough data").sum() == 3


@pytest.mark.parametrize("copy", ["ZZ1 1AA", "zz11aa"])
def test_a_postcode_that_stands_twice(today, refused, copy):
    today.edit("postcodes.csv", lambda table: pd.concat([table, table.iloc[:1].assign(pcds=copy)]))
    refused(today.study(), file="postcodes.csv", rows="ZZ11AA", found="2 rows")


def test_postcodes_with_easting_and_northing_swapped(today, refused):
    swapped = {"easting": "northing", "northing": "easting"}
    today.edit("postcodes.csv", lambda table: table.rename(columns=swapped))
    refused(today.study(), file="postcodes.csv", rows="48 of the 48", expected="within 10 km", next="swapped")


def test_a_postcode_outside_great_britain(today, refused):
    today.set("postcodes.csv", row=0, easting=9_000_000)
    refused(today.study(), file="postcodes.csv", rows="line 2", found="outside Great Britain")


def test_a_postcode_at_nought_nought_has_no_location(lines, built):
    first = built(lines.study())
    extra = {"pcds": "ZZ9 9ZZ", "lsoa11cd": "", "easting": "0", "northing": "0"}
    lines.edit("postcodes.csv", lambda table: pd.concat([table, pd.DataFrame([extra])]))
    second = built(lines.study())
    assert second.manifest["warnings"] == first.manifest["warnings"]
    pd.testing.assert_frame_equal(second.ranking, first.ranking)


def test_an_output_area_that_stands_twice(today, refused):
    today.edit("output_areas.csv", lambda table: pd.concat([table, table.iloc[:1]]))
    refused(today.study(), file="output_areas.csv", rows="line 2, 26", found="E00900000")


def test_an_area_without_code_or_district_name_in_the_lookup(today, refused):
    today.set("lookup.csv", row=0, LSOA11CD="")
    refused(today.study(), file="lookup.csv", rows="line 2 (1 of 6 rows)", found="blank")


# --- More ways to get outlines wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hello", "Expecting value"),
        ("[1, 2]", "no list of features"),
        ('{"type": "FeatureCollection"}', "no list of features"),
        ("[" * 100_000 + "]" * 100_000, "recursion"),
        ('{"type": "FeatureCollection", "features": []}', "none"),
    ],
    ids=["text", "list", "no features", "deep", "empty"],
)
def test_outlines_that_are_not_geojson_or_hold_nothing(today, refused, content, words):
    today.write_text("areas.geojson", content)
    refused(today.study(), file="areas.geojson", found=words)


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        (None, "no shape"),
        ({"type": "GeometryCollection", "geometries": []}, "an empty shape"),
        ({"type": "LineString", "coordinates": [[-2, 50.8], [-2, 50.9]]}, "LineString"),
        ({"type": "Polygon", "coordinates": []}, "an empty shape"),
        ({"type": "Polygon", "coordinates": [[[-2, 50.8]] * 4]}, "an empty shape"),
        ({"type": "MultiPoint", "coordinates": [[-2, 50.8]]}, "MultiPoint"),
    ],
    ids=["null", "collection", "line", "empty", "collapsed", "points"],
)
def test_a_shape_that_is_no_area(today, refused, geometry, found):
    today.shapes(lambda features: features[1].update(geometry=geometry))
    refused(today.study(), file="areas.geojson", rows="E01900002", expected="Polygon", found=found)


def test_no_shape_at_all(today, refused):
    today.shapes(lambda features: [feature.update(geometry=None) for feature in features])
    refused(today.study(), file="areas.geojson", rows="E01900001, E01900002", found="no shape")


@pytest.mark.filterwarnings("ignore:Non closed ring")  # the command line sends a library's remarks to the log
def test_a_ring_of_two_points(today, refused):
    today.shapes(lambda features: features[1]["geometry"].update(coordinates=[[[-2, 50.8], [-2, 50.9]]]))
    refused(today.study(), file="areas.geojson", found="LinearRing")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_coordinate_that_is_no_number(today, refused, number):
    today.shapes(lambda features: features[1]["geometry"]["coordinates"][0].__setitem__(1, [number, 50.8]))
    refused(today.study(), file="areas.geojson", found="where a number is needed")


def test_latitude_and_longitude_swapped(today, refused):
    def swap(features):
        for feature in features:
            feature["geometry"]["coordinates"] = [[point[::-1] for point in feature["geometry"]["coordinates"][0]]]

    today.shapes(swap)
    refused(today.study(), file="areas.geojson", found="longitude 50.8 and latitude -2.0", next="swapped")


@pytest.mark.parametrize(
    "crs", [{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}, {"type": "name"}, "EPSG"]
)
def test_a_coordinate_system_that_is_not_known(today, refused, crs):
    today.write_text("areas.geojson", json.dumps({**outlines(metres=True), "crs": crs}))
    refused(today.study(), file="areas.geojson", found="a coordinate system that is not known")


def test_a_crs_member_that_is_null_means_degrees(today, built):
    today.write_text("areas.geojson", json.dumps({**outlines(), "crs": None}))
    built(today.study())


def test_a_shape_without_a_code(today, refused):
    today.shapes(lambda features: features[1]["properties"].update(LSOA11CD=None))
    refused(today.study(), file="areas.geojson", column="LSOA11CD", rows="shape 2", found="blank")


def test_codes_that_are_numbers_match_nothing(today, refused):
    today.shapes(lambda features: [f["properties"].update(LSOA11CD=i) for i, f in enumerate(features)])
    refused(today.study(), file="areas.geojson", found="100.0% missing")


def test_a_name_that_is_a_list(today, refused):
    today.shapes(lambda features: features[1]["properties"].update(LSOA11NM=["a", "b"]))
    refused(today.study(), file="areas.geojson", column="LSOA11NM", expected="text")


def test_an_area_of_the_study_without_an_outline(today, refused):
    today.shapes(lambda features: features.pop())
    refused(today.study(), file="areas.geojson", rows="E01900006", expected="at most 0%")


def test_wards_that_lie_elsewhere_are_refused(today, refused):
    def move(features):
        for feature in features:
            feature["geometry"]["coordinates"] = [[[x - 1, y] for x, y in feature["geometry"]["coordinates"][0]]]

    today.shapes(move, name="wards.geojson")
    study = today.study(layers={"wards": "wards.geojson"})
    refused(
        study, file="wards.geojson", rows="6 shapes", expected="the study's areas", found="none", next="coordinates"
    )


# --- More ways to get facts and the 2013 file wrong ---------------------------------------------------------------


def test_stations_with_latitude_and_longitude_swapped(today, refused):
    today.edit("stations.csv", lambda table: table.rename(columns={"lat": "lon", "lon": "lat"}))
    refused(today.study(), file="stations.csv", column="lat, lon", rows="Alder Halt", found="lon 50", next="swapped")


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("Postcode.Data.Status", "fine", "Insufficient Data"),
        ("Median.Speed.Mbps", "NA", "a speed or count in each row"),
        ("Lines.Less.Than.2Mbps.T.F", "maybe", "TRUE or FALSE"),
        ("Superfast.Broadband.Available.T.F", "2", "TRUE or FALSE"),
        ("Number.of.Connections", "-3", "at least 0"),
        ("Number.of.Connections", "1e300", "at most a thousand million"),
    ],
)
def test_a_cell_of_the_2013_file_that_means_nothing(lines, refused, column, cell, expected):
    lines.set(LINES, row=0, **{column: cell})
    result = refused(lines.study(), file=LINES, rows="line 2 (1 of 48 rows)", expected=expected)
    assert result.said("column") in {column, "Postcode.No.Spaces"}


def test_a_postcode_twice_in_the_2013_file(lines, refused):
    lines.edit(LINES, lambda table: pd.concat([table, table.iloc[:1]]))
    refused(lines.study(), file=LINES, rows="line 2, 50", expected="each postcode once")


def test_a_2013_file_of_other_places(lines, refused):
    lines.edit(LINES, lambda t: t.assign(**{"Postcode.No.Spaces": [f"AA{i}" for i in range(len(t))]}))
    refused(lines.study(), file=LINES, found="100.0% missing")


def test_more_residents_over_65_than_residents(lines, refused):
    lines.set("population.csv", row=0, age_65_plus=500)
    refused(lines.study(), file="population.csv", column="age_65_plus", rows="E01900001", next="swapped")


def test_rates_over_100_percent(lines, refused):
    lines.set("deprivation.csv", row=0, **{INCOME: 300})
    refused(lines.study(), file="deprivation.csv", column=INCOME, rows="line 2", found="300")


def test_libraries_that_are_all_closed_or_elsewhere(lines, refused):
    lines.edit("libraries.csv", lambda table: table.assign(closed="2010"))
    refused(lines.study(), file="libraries.csv", expected="at least one open place", found="none")
