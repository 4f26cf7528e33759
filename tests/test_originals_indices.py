"""The Indices of Deprivation as published: File 7 and File 8, both years, and the Welsh index."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import pytest
from official.deprivation import file_7, file_8_2019, file_8_2025, wimd_2019
from official.spreadsheets import xlsx
from official.world import World

from layers.errors import LayerError, MissingColumnError, UnsafeFileError
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.people.deprivation import read_deprivation, read_underlying_2025, read_wimd
from layers.revisions import WHOLE

WORLD = World()
FIRST = WORLD.areas["lsoa21"].iloc[0]


def read(reader, folder, name, content, *, geography="lsoa21", ledger=None, member=None):
    path = folder / name
    path.write_bytes(content)
    return reader(path, geography=geography, ledger=ledger or Ledger(), member=member)


def refused(reader, folder, name, content, **kwargs):
    with pytest.raises(LayerError) as caught:
        read(reader, folder, name, content, **kwargs)
    assert caught.value.parts["next"]
    return caught.value


# --- File 7 -------------------------------------------------------------------------------------------------------


def test_file_7_of_2025_is_read_from_its_own_headings(tmp_path):
    table = read(read_deprivation, tmp_path, "File_7_IoD2025.csv", file_7(WORLD))
    assert table.loc[FIRST].to_dict() == {"income_rate": 0.10, "employment_rate": 0.05}
    assert len(table) == len(WORLD.areas) + 1


def test_file_7_of_2019_is_read_from_its_own_headings(tmp_path):
    ledger = Ledger()
    content = file_7(WORLD, year=2019)
    table = read(read_deprivation, tmp_path, "File_7.csv", content, geography="lsoa11", ledger=ledger)
    assert table.loc["E01020400", "income_rate"] == 0.10
    assert ledger.warnings == []


def test_rates_in_percent_are_divided(tmp_path):
    table = read(read_deprivation, tmp_path, "File_7.csv", file_7(WORLD, percent=True))
    assert table.loc[FIRST, "income_rate"] == pytest.approx(0.10)


@pytest.mark.parametrize(
    ("reader", "name", "make"), [(read_deprivation, "f.csv", file_7), (read_underlying_2025, "f.xlsx", file_8_2025)]
)
def test_the_first_issue_of_2025_is_told_from_the_corrected_one(tmp_path, reader, name, make):
    ledger = Ledger()
    first = read(reader, tmp_path, name, make(WORLD, issue="first"), ledger=ledger)
    assert "looks like the first issue of 30 October 2025" in ledger.warnings[0]
    ledger = Ledger()
    corrected = read(reader, tmp_path, name, make(WORLD, issue="corrected"), ledger=ledger)
    assert ledger.warnings == []
    assert first.equals(corrected)  # no figure changed
    assert "district_code" not in corrected


def test_a_whole_file_that_does_not_say_its_issue_is_said(tmp_path):
    rows = "\n".join(f"E01{number:06},0.1,0.1" for number in range(WHOLE + 1))
    content = f"LSOA code (2021),Income Score (rate),Employment Score (rate)\n{rows}\n".encode()
    ledger = Ledger()
    read(read_deprivation, tmp_path, "f.csv", content, ledger=ledger)
    assert "it may be the first issue or the corrected one of 13 November 2025. We cannot tell." in ledger.warnings[0]


# --- File 8 -------------------------------------------------------------------------------------------------------


def test_file_8_of_2025_is_read_from_the_workbook(tmp_path):
    table = read(read_underlying_2025, tmp_path, "File_8_IoD2025.xlsx", file_8_2025(WORLD))
    assert table.loc[FIRST].to_dict() == {
        "connectivity_score": 50.0,
        "broadband_indicator": -0.4,
        "travel_badness": 50.0,
    }


def test_the_sheet_may_be_named(tmp_path):
    reader = partial(read, read_underlying_2025, tmp_path, "f.xlsx", file_8_2025(WORLD))
    assert reader(member="IoD25 Barriers Domain").equals(reader(member="*Barriers*"))


@pytest.mark.parametrize(
    ("member", "said"),
    [("IoD25 Income Domain", "f.xlsx, sheet IoD25 Income Domain"), ("Notes", "f.xlsx, sheet Notes")],
)
def test_a_wrong_sheet_is_named_with_what_it_lacks(tmp_path, member, said):
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", file_8_2025(WORLD), member=member)
    assert isinstance(error, MissingColumnError)
    assert error.parts["file"] == said
    assert error.parts["column"] == "Connectivity Score"


def test_a_sheet_that_is_not_there_names_the_nearest(tmp_path):
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", file_8_2025(WORLD), member="IoD2025 Barriers Domain")
    assert error.parts["found"] == "nearest: “IoD25 Barriers Domain”"


def test_a_changed_heading_names_the_nearest(tmp_path):
    rows = [["LSOA code (2021)", "Connectivity Scores"], [FIRST, 5]]
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", xlsx({"IoD25 Barriers Domain": rows}))
    assert error.parts["found"] == "nearest: “Connectivity Scores”"


def test_road_distances_of_2019_are_read_from_the_workbook(tmp_path):
    table = read(KINDS["road_distances"].read_by(), tmp_path, "File_8.xlsx", file_8_2019(WORLD), geography="lsoa11")
    assert table.loc["E01020400"].to_dict() == {"post_office_km": 1.0, "shop_km": 3.0, "gp_km": 4.0}


@pytest.mark.parametrize("length", [40, 0.5, 0.9, -30])
def test_a_workbook_that_was_cut_short(tmp_path, length):
    content = file_8_2025(WORLD)
    end = length if abs(length) > 1 else int(len(content) * length)
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", content[:end])
    assert isinstance(error, UnsafeFileError)


def test_a_workbook_that_is_a_web_page(tmp_path):
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", b"<!DOCTYPE html><html><body>Not found")
    assert error.what == "This is a web page, not a workbook."


def test_a_workbook_that_is_a_csv(tmp_path):
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", file_7(WORLD))
    assert error.parts["found"] == "bytes of another kind of file"


@pytest.mark.parametrize(
    ("cell", "known"),
    [("1,234.5", None), ("12.5", 12.5), ("[x]", "mark"), ("..", "mark"), ("c", "mark"), ("", "blank")],
)
def test_cells_of_a_workbook_that_are_text(tmp_path, cell, known):
    rows = [["LSOA code (2021)", "Connectivity Score"], [FIRST, 50.0], ["E01000001", cell]]
    content = xlsx({"IoD25 Barriers Domain": rows})
    if known is None:
        assert "above 100" in refused(read_underlying_2025, tmp_path, "f.xlsx", content).what
        return
    ledger = Ledger()
    score = read(read_underlying_2025, tmp_path, "f.xlsx", content, ledger=ledger).loc[
        "E01000001", "connectivity_score"
    ]
    assert score == known if isinstance(known, float) else score != score  # noqa: PLR0124 - not a number
    assert [said for said in ledger.warnings if "1 cells of “Connectivity Score” hold a mark" in said] == (
        ledger.warnings if known == "mark" else []
    )


@pytest.mark.parametrize("cell", ["=1+1", "#REF!", "many"])
def test_a_cell_that_is_no_figure_is_refused(tmp_path, cell):
    rows = [["LSOA code (2021)", "Connectivity Score"], [FIRST, cell]]
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", xlsx({"IoD25 Barriers Domain": rows}))
    assert error.parts["found"] == cell


def test_a_code_that_would_run_as_a_formula_is_refused(tmp_path):
    rows = [["LSOA code (2021)", "Connectivity Score"], ["=HYPERLINK(1)", 5]]
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", xlsx({"IoD25 Barriers Domain": rows}))
    assert "spreadsheet formula" in error.what


def test_a_cell_far_out_does_not_fill_the_memory(tmp_path):
    content = xlsx({"IoD25 Barriers Domain": [["LSOA code (2021)", "Connectivity Score"], [FIRST, 5]]})
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="B2"', b'r="XFD1048576"'))
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", packed.getvalue())
    assert "too large" in error.what


def test_a_part_that_swells_does_not_fill_the_memory(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 10_000_000)
    error = refused(read_underlying_2025, tmp_path, "f.xlsx", packed.getvalue())
    assert isinstance(error, UnsafeFileError)
    assert "swells" in error.what


# --- Wales --------------------------------------------------------------------------------------------------------


def test_welsh_ranks_are_read_from_the_workbook(tmp_path):
    table = read(read_wimd, tmp_path, "ranks.ods", wimd_2019(), geography="lsoa11")
    assert table.loc["W01000001"].tolist() == [1, 1909, 1]
    assert table.loc["W01001909"].tolist() == [1909, 1, 10]
    assert table.loc[["W01000191", "W01000192"], "wimd_income_decile"].tolist() == [1, 2]


def test_welsh_scores_give_the_same_ranks_and_it_is_said(tmp_path):
    ledger = Ledger()
    table = read(read_wimd, tmp_path, "s.ods", wimd_2019(scores=True), geography="lsoa11", ledger=ledger)
    assert table.equals(read(read_wimd, tmp_path, "ranks.ods", wimd_2019(), geography="lsoa11"))
    assert "ranks were made of them" in ledger.warnings[0]


def test_scores_of_part_of_wales_make_no_ranks(tmp_path):
    error = refused(read_wimd, tmp_path, "s.ods", wimd_2019(scores=True, areas=100), geography="lsoa11")
    assert error.parts["expected"] == "whole ranks, or scores of all 1,909 areas"
