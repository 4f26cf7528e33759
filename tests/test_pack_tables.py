"""The table of places that is handed out: no rank leaves without its range, no name runs, and programs can check it."""

from __future__ import annotations

import csv
import io
import json
import warnings

import pytest
from csvw import Table
from hand_builds import hand_build, source
from packs import HOSTILE, pack_build, pack_content, pack_source, same_twice

from connectivity.claims.about_files import place_columns
from connectivity.claims.claim import Basis
from connectivity.evidence.pack_tables import BYTE_ORDER_MARK, TABLE, TABLE_TERMS, places_csv, table_files, table_rows

HERE = Basis("Two shires", "July 2025", "premises", "availability", True, False, True)


def rows(**columns):
    areas = hand_build({1: (600, 5, 10, 20, 30), 2: (600, 5, 1, 2, 3), 3: (600, 300)}).areas
    areas["severity_rank"], areas["scale_rank"] = [1.0, 2.0, None], [2.0, 1.0, None]
    for name, values in columns.items():
        areas[name] = values
    return list(csv.DictReader(io.StringIO(places_csv(areas, basis=HERE))))


def test_a_rank_stands_beside_its_range_and_what_it_rests_on():
    first, *_ = rows(
        rank_median=[1, 2, None], rank_p05=[1, 1, None], rank_p95=[2, 3, None], tier=["likely", "some", None]
    )
    assert (first["severity_rank"], first["rank_p05"], first["rank_p95"]) == ("1", "1", "2")
    assert (first["among_the_worst"], first["release"], first["modelled"]) == ("Likely", "July 2025", "True")
    assert (first["remote_infeasible"], first["fixed_wireless_counted"]) == ("20.00", "True")


def test_where_places_cannot_be_told_apart_there_is_no_rank():
    drawn = {"rank_median": [1, 2, None], "rank_p05": [1, 1, None], "rank_p95": [2, 3, None], "tier": ["likely"] * 3}
    first, second, _ = rows(separable=[False, True, True], **drawn)
    assert (first["severity_rank"], first["scale_rank"], first["rank_p05"], first["told_apart"]) == (
        "",
        "",
        "",
        "False",
    )
    assert second["severity_rank"] == "2"


def test_without_draws_no_rank_leaves_and_what_is_not_known_is_empty():
    *_, last = rows()
    assert {row["severity_rank"] for row in rows()} == {""}
    assert (last["remote_infeasible"], last["among_the_worst"]) == ("", "")


def test_a_name_that_a_spreadsheet_would_run_is_set_behind_an_apostrophe():
    first, *_ = rows(area_name=["=HYPERLINK(1)", "Bere Regis", "C"])
    assert first["area_name"] == "'=HYPERLINK(1)"


# --- In a pack ----------------------------------------------------------------------------------------------------


def test_the_table_of_a_pack_begins_with_its_mark_and_no_cell_of_it_runs():
    table = same_twice(table_files, pack_source())[TABLE]
    assert table.startswith(BYTE_ORDER_MARK)
    cells = [cell for row in csv.reader(io.StringIO(table.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_names_come_back_as_they_were():
    known = {row["area_code"]: row["area_name"] for row in table_rows(table_files(pack_source())[TABLE])}
    build = pack_build()
    assert known == dict(build.areas["area_name"])
    assert set(HOSTILE) <= set(known.values())


def test_every_row_that_has_a_rank_has_its_range_and_its_tier():
    made = table_rows(table_files(pack_source())[TABLE])
    ranked = [row for row in made if row["severity_rank"]]
    assert len(ranked) == 4
    assert [row for row in ranked if not (row["rank_p05"] and row["rank_p95"] and row["among_the_worst"])] == []
    assert {row["severity_rank"] for row in made if row["told_apart"] == "False"} == {""}


def test_an_area_of_which_a_part_lies_in_the_place_says_how_much():
    build = pack_build()
    content = pack_content(build)
    place = content.subject.places[0]
    shares = place.shares.iloc[:2] * [1, 1 / 3]
    part = {"subject": type(content.subject)("Part", (type(place)("ward:1", "Part", "ward", shares),))}
    made = table_rows(table_files(pack_source(build=build, **part))[TABLE])
    assert [row["share_in_place"] for row in made] == ["1", "0.333333"]


def test_a_row_that_was_cut_off_is_no_row():
    table = table_files(pack_source())[TABLE]
    with pytest.raises(ValueError, match="shorter"):
        table_rows(table[: table.rindex(b",")])


def test_every_column_is_described():
    files = table_files(pack_source())
    (heads, *_) = csv.reader(io.StringIO(files[TABLE].decode("utf-8-sig")))
    columns = json.loads(files[TABLE_TERMS])["tableSchema"]["columns"]
    assert [one["name"] for one in columns] == heads
    assert [one["name"] for one in columns if not (one["dc:description"] and one["titles"][1])] == []
    numbers = [one for one in columns if isinstance(one["datatype"], dict) and one["datatype"]["base"] != "string"]
    assert [
        one["name"] for one in numbers if "schema:unitText" not in one and one["datatype"]["base"] != "boolean"
    ] == []


def test_lines_of_2013_are_never_called_premises():
    basis = Basis("S", "March 2013", "lines", "measured sync speeds", False, False, False)
    said = " ".join(f"{one.head} {one.unit} {one.meaning}" for one in place_columns(basis))
    assert "premises" not in said.lower()
    assert "cannot support" not in said


def test_what_was_replaced_in_a_name_is_said():
    build = pack_build(names=[f"Bere{chr(0x202E)}Regis", f"Ware{chr(7)}ham\nTown"])
    files = table_files(pack_source(build=build))
    named = {row["area_name"] for row in table_rows(files[TABLE])}
    assert {r"Bere\u202eRegis", r"Ware\x07ham Town"} <= named
    assert r"“Bere\u202eRegis”" in " ".join(json.loads(files[TABLE_TERMS])["rdfs:comment"])


def test_the_licence_is_that_of_the_sources_and_the_date_that_of_the_build():
    build = pack_build(
        sources=[
            source("ofcom_oa") | {"licence": "Open Government Licence v3.0"},
            source("lookup") | {"licence": "Ours"},
        ]
    )
    terms = json.loads(table_files(pack_source(build=build))[TABLE_TERMS])
    ogl = {"@id": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}
    assert terms["dc:license"] == [ogl, "Ours"]
    assert terms["dc:modified"] == {"@value": "2026-03-01", "@type": "xsd:date"}


# --- Read by its description (csvw) -------------------------------------------------------------------------------


def read(folder, files):
    """Read a table by its description; returns its rows, or raises what is wrong with it."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = Table.from_file(folder / TABLE_TERMS)
        found = list(table.iterdicts(strict=True))
        table.check_primary_key()
    return found


def test_a_program_reads_the_table_by_its_description(tmp_path):
    first, *others = read(tmp_path, table_files(pack_source()))
    assert (first["severity_rank"], first["rank_p05"], first["rank_p95"], first["modelled"]) == (1, 1, 2, True)
    assert (str(first["remote_infeasible"]), first["among_the_worst"]) == ("75.00", "Almost certain")
    assert [row["severity_rank"] for row in others] == [2, 3, 4, None, None]


@pytest.mark.parametrize(
    ("right", "faulty"),
    [
        (",75.00,", ",75.0O,"),  # a letter in a number
        (",655,", ",-655,"),
        ("E01010004", "E1010004"),
        ("E01010004", "E01010005"),  # twice the same key
        ("Almost certain", "Certain"),
        ("scored,655,", "scored,655,0,"),  # a cell too many, in the middle
        (",11.45,", ",111.45,"),  # a share over 100
        (",True,1,", ",Yes,1,"),
        ("severity_rank,scale_rank", "scale_rank"),
    ],
)
def test_a_fault_is_found_by_the_description(tmp_path, right, faulty):
    files = dict(table_files(pack_source()))
    table = files[TABLE].decode()
    assert right in table, right
    assert read(tmp_path, files)
    files[TABLE] = table.replace(right, faulty, 1).encode()
    with pytest.raises((ValueError, UserWarning)):
        read(tmp_path, files)
