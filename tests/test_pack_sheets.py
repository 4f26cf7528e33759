"""The spreadsheet of a pack: by the rules for accessible ones, read back by two programs, and nothing in it runs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from packs import HOSTILE, PERSON, pack_build, pack_content, pack_source, same_twice
from python_calamine import CalamineWorkbook

from connectivity.claims.about_files import NOT_FILLED_IN, SHORTHAND
from connectivity.evidence.pack_content import Head, PackSection, PackTable, PersonsPart
from connectivity.evidence.pack_sheets import LONGEST_TAB, NUMBER, WORKBOOK, sheet_files
from layers.errors import OutputError


@pytest.fixture(scope="module")
def made():
    return same_twice(sheet_files, pack_source())[WORKBOOK]


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(io.BytesIO(made))


def rows(book, tab):
    """Give the rows of a sheet's table, by their headings."""
    (table,) = book[tab].tables.values()
    heads, *cells = [[cell.value for cell in row] for row in book[tab][table.ref]]
    return [dict(zip(heads, row, strict=True)) for row in cells]


def test_it_opens_on_its_contents_which_link_to_every_sheet(book):
    assert book.active.title == book.sheetnames[0] == "contents"
    links = {cell.value: cell.hyperlink.location for (cell, *_) in book["contents"].iter_rows() if cell.hyperlink}
    assert links == {tab: f"'{tab}'!A1" for tab in book.sheetnames[1:]}


def test_every_sheet_has_a_title_in_its_first_cell_and_one_marked_up_table(book):
    for sheet in book:
        assert isinstance(sheet["A1"].value, str), sheet.title
        assert sheet["A1"].font.bold
        assert len(sheet.tables) == 1, sheet.title
        assert not sheet.merged_cells.ranges
        assert sheet.auto_filter.ref is None


def test_tabs_are_short_and_in_small_letters_and_dashes(book):
    assert [tab for tab in book.sheetnames if len(tab) > LONGEST_TAB or not tab.replace("-", "").islower()] == []


def test_numbers_are_numbers_and_their_headings_have_the_unit(book):
    for tab in book.sheetnames[2:]:
        for head in rows(book, tab)[0]:
            cells = [row[head] for row in rows(book, tab)]
            if any(isinstance(cell, int | float) for cell in cells):
                assert "(" in head, (tab, head)
            assert [cell for cell in cells if isinstance(cell, str) and NUMBER.fullmatch(cell)] == [], (tab, head)


def test_what_is_not_known_or_suppressed_is_marked_at_the_right_and_explained(book):
    notes = {row["Note"]: row["What it says"] for row in rows(book, "notes")}
    assert SHORTHAND.items() <= notes.items()
    assert {cell.alignment.horizontal for (cell, *_) in book["notes"].iter_rows() if cell.value in SHORTHAND} == {
        "left"
    }
    short = [cell for sheet in book.worksheets[2:] for row in sheet.iter_rows() for cell in row if cell.value == "[x]"]
    assert short
    assert {cell.alignment.horizontal for cell in short} == {"right"}
    assert [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "nan"] == []


def test_no_cell_of_a_table_is_blank(book):
    for tab in book.sheetnames:
        assert [row for row in rows(book, tab) if None in row.values() or "" in row.values()] == [], tab


def test_of_few_premises_there_is_no_percentage():
    build = pack_build()
    build.areas.loc[build.areas.index[1], ["premises", "premises_unknown"]] = 9, 0
    book = openpyxl.load_workbook(io.BytesIO(sheet_files(pack_source(build=build))[WORKBOOK]))
    shares = {row["Area code"]: row[head] for row in rows(book, "home-working") for head in row if "%" in head}
    assert shares[build.areas.index[1]] == "[c]"
    assert shares[build.areas.index[0]] == 3.3


def test_no_rank_stands_without_its_range(book):
    ranked = [row for row in rows(book, "home-working") if row["Rank by score (1 is the worst)"] != "[x]"]
    assert len(ranked) == 4
    assert all(isinstance(row[end], int) for row in ranked for end in ("Rank is from (rank)", "Rank is to (rank)"))


def test_hostile_names_stay_text_for_both_programs(made, book):
    assert [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    calamine = CalamineWorkbook.from_filelike(io.BytesIO(made))
    other = {cell for row in calamine.get_sheet_by_name("home-working").to_python() for cell in row}
    assert set(HOSTILE) <= other
    assert set(HOSTILE) <= {row["Area name"] for row in rows(book, "home-working")}
    assert {row["Area name"]: row["Area code"] for row in rows(book, "speeds")}[HOSTILE[0]] == "E01010001"


def test_nothing_in_it_leads_outside_or_runs(made):
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        links = [held.read(name) for name in held.namelist() if name.endswith(".rels")]
        assert not [name for name in held.namelist() if "vba" in name.lower() or "external" in name.lower()]
    assert not [one for one in links if b'TargetMode="External"' in one]


def test_it_prints_on_few_pages_each_with_the_heading(book):
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in {None, 1}  # which is one page, where it is left out
        assert int(sheet.page_setup.fitToHeight) == 0
        (table,) = sheet.tables.values()
        head = sheet[table.ref][0][0].row
        assert sheet.print_title_rows == f"${head}:${head}"
        assert "Amber" in sheet.oddFooter.left.text


def test_notes_have_source_limits_revisions_contact_and_next_update(book):
    notes = " ".join(row["What it says"] for row in rows(book, "notes"))
    content = pack_content(pack_build())
    for said in (*content.sources, *content.not_shown, content.revisions, content.next_update, PERSON.contact):
        assert said in notes
    assert str(content.headline) in notes


def test_what_nobody_supplied_is_seen_to_be_empty():
    book = openpyxl.load_workbook(io.BytesIO(sheet_files(pack_source(person=PersonsPart()))[WORKBOOK]))
    notes = {row["Note"]: row["What it says"] for row in rows(book, "notes")}
    assert {notes["Contact"], notes["Earlier figure it replaces"], notes["Made by"]} == {NOT_FILLED_IN}


def test_tables_of_the_report_have_a_sheet_each_with_headings_that_differ():
    heads = (Head("Council"), Head("council"), Head(""), Head("Premises (number)", number=True))
    cells = (("Northshire", "a", "b", "1,197"), ("=1+1", "c", "d", "about 3"))
    tables = tuple(PackTable(key, "By council", heads, cells) for key in ("By council!", "by-council", "notes"))
    content = pack_content(pack_build())
    sections = (*content.sections, PackSection("x", "X", tables=tables))
    book = openpyxl.load_workbook(io.BytesIO(sheet_files(pack_source(sections=sections))[WORKBOOK]))
    assert {"by-council", "by-council-2", "notes-2"} <= set(book.sheetnames)
    first, second = rows(book, "by-council-2")
    assert list(first) == ["Council", "council (2)", "Column 3", "Premises (number)"]
    assert (first["Premises (number)"], second["Premises (number)"], second["Council"]) == (1197, "about 3", "=1+1")


def test_a_table_without_rows_is_still_a_table():
    content = pack_content(pack_build())
    empty = PackTable("none", "None", (Head("Place"),), ())
    sections = (PackSection("x", "X", tables=(empty,)),)
    book = openpyxl.load_workbook(io.BytesIO(sheet_files(pack_source(sections=sections))[WORKBOOK]))
    assert rows(book, "none") == [{"Place": "[x]"}]
    assert content.every_area.key not in book.sheetnames


def test_text_that_no_cell_can_hold_is_refused():
    with pytest.raises(OutputError, match="characters in a cell"):
        sheet_files(pack_source(person=replace(PERSON, contact="x" * 40_000)))
