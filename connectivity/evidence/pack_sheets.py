"""The numbers of a pack as a spreadsheet, by the rules of the Government Analysis Function (ONS) for accessible ones.

Contents first and open, a title in A1, one marked-up table on each sheet, units in headings, nothing merged, shorthand
explained, no formula and no address made of text, and few pages when it is printed.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pandas as pd

from connectivity.claims import about_files
from connectivity.claims.about_files import NOT_FILLED_IN, NOTE_TOPICS, SHORTHAND, SheetWords, place_columns
from connectivity.claims.about_places import counted, measured, modelled
from connectivity.claims.claim import Basis, ProfileKey
from connectivity.evidence.pack_content import PackContent, PackTable
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_tables import ranges_table
from connectivity.method.records import FEWEST
from layers.errors import OutputError
from layers.figures import Figure

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "data.xlsx"
LONGEST_TAB = 30
"""Characters: Excel takes 31, the rules want fewer."""
LONGEST_CELL = Figure(32_767, "characters", "most that a cell of Excel holds", "Microsoft: Excel limits")
LONGEST_FOOT = 200
"""Characters of the foot of a printed page, of the 255 that Excel takes with its codes."""
SUPPRESSED, NOT_AVAILABLE = SHORTHAND
WHOLE, ONE_DECIMAL, TWO_PLACES, PLAIN = "#,##0", "#,##0.0", "0.00", "General"
A4 = 9
LEAST_WIDTH = 110
"""Of a table, so that the title above it is on the printed page."""
LINE_HEIGHT = 15.75
"""Points: of a line of Arial 12."""
PER_LINE = 1.1
"""Letters of Arial 12 for each unit of a column's width, which is a digit of Calibri 11."""
CODES = ("area_code", "area_name", "district_name")
"""Columns by which every sheet of areas names them."""
RANKED = ("severity_rank", "rank_p05", "rank_p95", "among_the_worst")
NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:%| km)?")
"""A cell in words that is a number, with the unit that its heading has, and nothing else."""
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet: its heading, its cells, how its numbers are shown, and how wide it is.

    Attributes
    ----------
    head
        With the unit.
    cells
        Numbers, texts, or shorthand; a missing one is not available.
    shown
        Number format of Excel; empty for text, `PLAIN` where it is each cell's own.
    width
        In characters.
    """

    head: str
    cells: Sequence[Any]
    shown: str = ""
    width: int = 12


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A worksheet: its tab, the title in A1, lines below it, and its one table."""

    words: SheetWords
    columns: tuple[SheetColumn, ...]
    lines: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return len(self.columns[0].cells)


def sheet_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the spreadsheet of a pack."""
    content = source.content
    titles = about_files.sheets_titled(content.subject.title, basis=content.basis)
    held = [*_area_sheets(source, titles=titles), *_word_sheets(content, taken=set(titles))]
    notes = _notes(source, words=titles["notes"], noted=[one for one in _tables(content) if one.note])
    return {WORKBOOK: workbook_of([notes, *held], contents=titles["contents"], content=content)}


def workbook_of(sheets: Sequence[DataSheet], *, contents: SheetWords, content: PackContent) -> bytes:
    """Write a workbook: first its contents, with a link to each sheet.

    Parameters
    ----------
    sheets
        In order.
    contents
        What the first sheet is called.
    content
        For its date, who it is by, and what must stand on every page.
    """
    import xlsxwriter  # noqa: PLC0415 - only who makes a pack needs it

    held = io.BytesIO()
    options = {
        "in_memory": True,  # a disk may be full or read-only
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(held, options)
    book.set_properties(
        {
            "title": contents.title,
            "author": content.person.organisation,
            "created": datetime.fromisoformat(content.date).replace(tzinfo=None),
        }
    )
    writer = _Writer(book, content)
    tabs = [one.words.tab for one in sheets]
    listed = SheetColumn("Worksheet", tabs, width=26), SheetColumn("What it holds", _titles(sheets), width=90)
    first = writer.write(DataSheet(contents, listed))
    for row, tab in enumerate(tabs, start=writer.first_row):
        first.write_url(row, 0, f"internal:'{tab}'!A1", writer.link, tab)
    for sheet in sheets:
        writer.write(sheet)
    first.activate()
    book.close()
    return held.getvalue()


def _titles(sheets: Sequence[DataSheet]) -> list[str]:
    return [one.words.title for one in sheets]


class _Writer:
    """Writes sheets into a workbook, all alike.

    Attributes
    ----------
    first_row
        Of the table written last: its first row of cells, counted from 0.
    link
        How a link looks.
    """

    def __init__(self, book: xlsxwriter.Workbook, content: PackContent) -> None:
        self.book, self.content, self.first_row = book, content, 0
        face = {"font_name": "Arial", "font_size": 12}
        wrapped = {**face, "text_wrap": True, "valign": "top"}
        self.title = book.add_format({**face, "bold": True, "font_size": 15})
        self.line = book.add_format(face)
        self.head = book.add_format({**wrapped, "bold": True, "align": "left", "indent": 1})
        self.number_head = book.add_format({**wrapped, "bold": True, "align": "right"})
        self.text = book.add_format({**wrapped, "align": "left", "indent": 1})
        self.short = book.add_format({**wrapped, "align": "right"})
        self.link = book.add_format({**wrapped, "font_color": "#0B5A63", "underline": 1, "align": "left", "indent": 1})
        self.numbers = {
            shown: book.add_format({**face, "num_format": shown, "align": "right", "valign": "top"})
            for shown in (WHOLE, ONE_DECIMAL, TWO_PLACES, PLAIN)
        }

    def write(self, sheet: DataSheet) -> Worksheet:
        """Write a sheet; its cells hold what they were given, and run nothing."""
        page: Worksheet = self.book.add_worksheet(sheet.words.tab)
        short = any(_missing(cell) or (one.shown and cell in SHORTHAND) for one in sheet.columns for cell in one.cells)
        about = f"{about_files.ONE_TABLE} {about_files.SHORT}" if short else about_files.ONE_TABLE
        self._say(page, 0, 0, sheet.words.title, self.title)
        room = int(PER_LINE * max(sum(one.width for one in sheet.columns), LEAST_WIDTH))
        said = [one for one in (about, self.content.stamp, *sheet.lines) if one]
        lines = [line for one in said for line in textwrap.wrap(one, room)]  # a printed page ends where the table does
        for row, line in enumerate(lines, start=1):
            self._say(page, row, 0, line, self.line)
        top = len(lines) + 2
        self._mark_up(page, sheet, top)
        self.first_row = top + 1
        for at, column in enumerate(sheet.columns):
            spare = 0 if at else max(LEAST_WIDTH - sum(one.width for one in sheet.columns), 0)
            page.set_column(at, at, column.width + spare)
            self._fill(page, column, at)
        for row, height in _heights(sheet).items():
            page.set_row(top + row, height)
        self._set_up(page, top)
        return page

    def _mark_up(self, page: Worksheet, sheet: DataSheet, top: int) -> None:
        heads = _apart([one.head for one in sheet.columns])
        done = page.add_table(
            top,
            0,
            top + max(sheet.rows, 1),
            len(heads) - 1,
            {
                "name": re.sub(r"\W", "_", f"table_{sheet.words.tab}"),
                "description": sheet.words.title,
                "style": None,
                "autofilter": False,
                "columns": [
                    {"header": head, "header_format": self.number_head if one.shown else self.head}
                    for head, one in zip(heads, sheet.columns, strict=True)
                ],
            },
        )
        if done != 0:
            raise _refused(sheet.words.tab, "a table with other headings")

    def _fill(self, page: Worksheet, column: SheetColumn, at: int) -> None:
        shown = self.numbers.get(column.shown)
        for row, cell in enumerate(column.cells or [None], start=self.first_row):
            if _missing(cell):
                page.write_string(row, at, NOT_AVAILABLE, self.short)
            elif isinstance(cell, str):
                self._say(page, row, at, cell, self.short if shown else self.text)
            elif column.shown == PLAIN:
                page.write_number(row, at, cell, self.numbers[WHOLE if isinstance(cell, int) else ONE_DECIMAL])
            else:
                page.write_number(row, at, cell, shown)

    def _say(self, page: Worksheet, row: int, at: int, said: str, look: Any) -> None:  # noqa: ANN401 - a format
        if page.write_string(row, at, said, look) != 0:
            raise _refused(page.get_name(), f"text of at most {LONGEST_CELL.value:,.0f} characters in a cell")

    def _set_up(self, page: Worksheet, top: int) -> None:
        """Let it print on few pages, each with the heading and what must stand on every page."""
        page.freeze_panes(top + 1, 0)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
        foot = f"{self.content.title}. {self.content.stamp}"[:LONGEST_FOOT].replace("&", "&&")
        page.set_footer(f"&L{foot}&R&P / &N")


def _refused(tab: str, expected: str) -> OutputError:
    return OutputError(
        "The spreadsheet cannot be written.",
        file=WORKBOOK,
        key=tab,
        expected=expected,
        found="something else",
        next_step="shorten the text that was supplied",
    )


def _heights(sheet: DataSheet) -> dict[int, float]:
    """Give the height of each row of a table whose text takes more than a line, counted from its heading.

    Programs would find it when they open the file; not all do, and those that print it without opening never.
    """
    lines: dict[int, int] = {}
    for column in sheet.columns:
        room = max(int(column.width * PER_LINE), 1)
        for row, cell in enumerate((column.head, *column.cells)):
            if isinstance(cell, str) and len(cell) > room:
                lines[row] = max(lines.get(row, 1), len(textwrap.wrap(cell, room)))
    return {row: LINE_HEIGHT * many for row, many in lines.items()}


def _missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell == "" or (isinstance(cell, float) and math.isnan(cell))


def _apart(heads: Sequence[str]) -> list[str]:
    """Make headings of a table differ, as Excel wants them: by a number behind those that are there before.

    >>> _apart(["Place", "place", "", "Rank"])
    ['Place', 'place (2)', 'Column 3', 'Rank']
    """
    known: set[str] = set()
    made = []
    for at, head in enumerate(heads, start=1):
        said = head.strip() or f"Column {at}"
        again = (f"{said} ({number})" for number in count(2))
        while said.lower() in known:
            said = next(again)
        known.add(said.lower())
        made.append(said)
    return made


# --- What the sheets hold -----------------------------------------------------------------------------------------


def _area_sheets(source: PackSource, *, titles: Mapping[str, SheetWords]) -> list[DataSheet]:
    """Give the numbers of every small area, a subject on each sheet."""
    content, basis = source.content, source.content.basis
    shares = content.subject.shares
    table = ranges_table(source.areas, basis=basis, shares=shares).set_index("area_code", drop=False)
    areas = source.areas.drop(columns="geometry").loc[table.index]
    heads = {one.name: one for one in place_columns(basis)}

    def known(*names: str, shown: str = "", width: int = 12) -> list[SheetColumn]:
        made = []
        for name in names:
            cells = table[name] if not shown else pd.to_numeric(table[name])
            made.append(SheetColumn(heads[name].head, _cells(cells), shown, width))
        return made

    named = [*known("area_code"), *known("area_name", width=46), *known("district_name", width=22)]
    if (shares < 1).any():
        named += known("share_in_place", shown=TWO_PLACES)
    drawn = [*known(*RANKED[:3], shown=WHOLE, width=10), *known(RANKED[3], width=18)] if "tier" in areas else []
    home, online = (_counted(profile, table=table, basis=basis) for profile in ("remote", "digital"))
    scores = known(
        *(f"score{part}" for part in ("", "_remote", "_digital", "_need", "_alternative")), shown=TWO_PLACES, width=16
    )
    notes = (about_files.WHOLE_SHOWN, *((about_files.NO_SUMS,) if basis.modelled else ()))
    totals = known("premises", "premises_unknown", shown=WHOLE, width=14)
    sheets = {
        "home-working": [*named, *totals, *home, *drawn],
        "online-services": [*named, *totals, *online],
        "scores": [*named, *scores, *drawn],
        "speeds": [*named, *totals, *_speeds(source, areas=areas)],
        "people": [*named, *_people(source, areas=areas)],
    }
    lines = {"home-working": notes, "online-services": notes, "speeds": notes[:1]}
    return [
        DataSheet(titles[tab], tuple(columns), lines.get(tab, ()))
        for tab, columns in sheets.items()
        if len(columns) > len(named)
    ]


def _cells(values: pd.Series) -> list[Any]:
    """Give cells as Python's own values; a missing one as None."""
    return [None if missing else cell for cell, missing in zip(values.tolist(), values.isna(), strict=True)]


def _counted(profile: ProfileKey, *, table: pd.DataFrame, basis: Basis) -> list[SheetColumn]:
    """Give the three estimates of a count, and the best one as a share; no share of few premises (method §3)."""
    heads = {one.name: one.head for one in place_columns(basis)}
    names = [f"{profile}_infeasible{end}" for end in ("_low", "", "_high")]
    counts = [SheetColumn(heads[name], _cells(pd.to_numeric(table[name])), WHOLE, 19) for name in names]
    premises = table["premises"].astype(float)
    share = (HUNDRED * pd.to_numeric(table[names[1]]) / premises.where(premises > 0)).round(1)
    shown = [
        SUPPRESSED if few else cell for cell, few in zip(_cells(share), premises.lt(FEWEST.value).tolist(), strict=True)
    ]
    return [*counts, SheetColumn(about_files.share_head(profile, basis=basis), shown, ONE_DECIMAL, 19)]


def _speeds(source: PackSource, *, areas: pd.DataFrame) -> list[SheetColumn]:
    """Give the premises of each speed band."""
    basis = source.content.basis
    bands = [one for one in source.build.manifest.bands if one.column in areas]
    return [
        SheetColumn(about_files.speed_head(one.label, basis=basis), _cells(areas[one.column].round(2)), WHOLE, 14)
        for one in bands
    ]


def _people(source: PackSource, *, areas: pd.DataFrame) -> list[SheetColumn]:
    """Give who lives there and what is near, as far as the study has it."""
    found = []
    if "rural_urban" in areas and areas["rural_urban"].notna().any():
        found.append(SheetColumn(about_files.KIND_OF_PLACE, _cells(areas["rural_urban"]), width=34))
    if "residents" in areas and areas["residents"].notna().any():
        found.append(SheetColumn(about_files.RESIDENTS, _cells(areas["residents"]), WHOLE))
    if "people" in areas and areas["people"].notna().any():
        found.append(SheetColumn(about_files.COUNTS_PEOPLE, _cells(areas["people"].round(2)), WHOLE))
    held = [one for one in source.build.manifest.indicators if one.column in areas]
    return [
        *found,
        *(SheetColumn(f"{one.label} ({one.unit})", _cells(areas[one.column].round(4)), TWO_PLACES, 22) for one in held),
    ]


def _tables(content: PackContent) -> list[PackTable]:
    """Give the tables of the report, each once; not those of small areas, whose numbers have their own sheets."""
    found = {table.key: table for section in content.sections for table in section.tables}
    return [table for table in found.values() if table.heads != content.every_area.heads]


def _word_sheets(content: PackContent, *, taken: set[str]) -> list[DataSheet]:
    """Give the tables of the report; a cell that is a number and nothing else is one."""
    sheets = []
    for table in _tables(content):
        tab = _tab(table.key, taken=taken)
        columns = tuple(
            SheetColumn(
                head.words,
                [_number(row[at]) if head.number else row[at] for row in table.rows],
                PLAIN if head.number else "",
                34 if at == 0 else 24,
            )
            for at, head in enumerate(table.heads)
        )
        sheets.append(DataSheet(SheetWords(tab, table.caption), columns, tuple(filter(None, (table.note,)))))
    return sheets


def _tab(key: str, *, taken: set[str]) -> str:
    """Make a tab of a table's key: small letters and dashes, short, and unlike the others.

    >>> _tab("every_area", taken=set()), _tab("Every area", taken={"every-area"})
    ('every-area', 'every-area-2')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "table"
    tab = plain[:LONGEST_TAB].strip("-")
    again = (f"{plain[: LONGEST_TAB - 4].strip('-')}-{number}" for number in count(2))
    while tab in taken:
        tab = next(again)
    taken.add(tab)
    return tab


def _number(cell: str) -> str | float | int:
    """Read a cell that is a number.

    >>> [_number(cell) for cell in ("1,646", "12.5%", "8.9 km", "about 76 of 598", "[x]", "")]
    [1646, 12.5, 8.9, 'about 76 of 598', '[x]', '']
    """
    found = NUMBER.fullmatch(cell)
    if not found:
        return cell
    plain = found[1].replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _notes(source: PackSource, *, words: SheetWords, noted: Sequence[PackTable]) -> DataSheet:
    """Give what must be known of the numbers: source, limits, revisions, whom to ask, shorthand."""
    content, basis, person = source.content, source.content.basis, source.content.person
    about = {
        "figure": (str(content.headline), *content.beneath),
        "rests": (*content.tags, counted(basis), modelled(basis), measured(basis)),
        "sure": content.sure,
        "limits": content.not_shown,
        "columns": (about_files.WHOLE_SHOWN, about_files.NO_SUMS if basis.modelled else ""),
        "source": content.sources,
        "revisions": (content.revisions,),
        "next": (content.next_update or NOT_FILLED_IN,),
        "replaces": (person.replaces or NOT_FILLED_IN,),
        "contact": (person.contact or NOT_FILLED_IN,),
        "made_by": (person.organisation or NOT_FILLED_IN,),
        "check": content.checks,
        "text": (about_files.replaced_said(source.replaced),),
    }
    rows = [(NOTE_TOPICS[topic], one) for topic, said in about.items() for one in said if one]
    rows = [*SHORTHAND.items(), *rows, *((one.caption, one.note) for one in noted)]
    topics, said = ([row[at] for row in rows] for at in (0, 1))
    return DataSheet(words, (SheetColumn("Note", topics, width=30), SheetColumn("What it says", said, width=100)))
