"""Reading a published table: columns found by name, every bad row reported at once."""

from __future__ import annotations

import csv
import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples
from layers.intake.cells import (
    BLANKS,
    EXPECTED,
    MARKS,
    WITHHELD,
    decoded,
    line_numbers,
    parsed,
    parsed_numbers,
    read_text,
    refuse_hostile,
    wrong,
)
from layers.intake.files import names_of, read_bytes, read_parts
from layers.intake.spreadsheets import PACKED, SUFFIXES, read_worksheet

__all__ = [
    "Column",
    "heading_of",
    "line_numbers",
    "member_of",
    "normalised",
    "read_headings",
    "read_table",
    "read_tables",
    "refuse_hostile",
]


HEADINGS = "headings"
"""Under which a table's ``attrs`` say what heading each of its columns stands under in the file."""
LONGEST_HEADING = 1 << 20
"""Bytes in which the first line is looked for (assumption: Ofcom's 161 mobile headings take 4,000)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column a loader asks for.

    Parameters
    ----------
    name
        Our name for it.
    headings
        The published headings it goes under, newest first.
    kind
        ``code`` and ``text`` are kept as text; ``number``, ``count`` (not negative) and ``whole`` (a count without
        a fraction) are parsed.
    required
        Whether the file is refused without it; an optional column that is absent is left out of the result.
    """

    name: str
    headings: tuple[str, ...]
    kind: Literal["code", "text", "number", "count", "whole"]
    required: bool = True


def normalised(heading: str) -> str:
    """Fold case, dots, underscores and spacing, so that releases that differ only there are read alike.

    >>> normalised("Lines.Less.Than_2Mbps ")
    'lines less than 2mbps'
    """
    return re.sub(r"[\s._]+", " ", heading.strip().casefold()).strip()


def read_table(
    path: Path,
    columns: Sequence[Column],
    *,
    member: str | None = None,
    usual: str | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read the asked-for columns of a CSV file, plain, gzipped or in a zip, or of a sheet of a workbook.

    Parameters
    ----------
    path
        The file.
    columns
        What to look for; unknown extra columns are ignored.
    member
        Name or pattern of the member, when the file is a zip; of the sheet, when it is a workbook (XLSX or ODS).
    usual, sheet
        The pattern its publisher's member of a zip is known by, and that of its sheet, for when none is named.

    Returns
    -------
    pandas.DataFrame
        One row per row of the file, in its order; columns under our names; numbers as float64 with NaN where
        the publisher gives none. Its ``attrs["withheld"]`` counts, by column, the cells that hold a mark such as
        ``[x]`` in place of a figure.

    Raises
    ------
    LayerError
        When the file cannot be opened or decoded, a required column is missing or stands twice, a name could be run
        as a spreadsheet formula, or a cell of a number column is not a number.
    """
    if path.suffix.lower() in SUFFIXES:
        return _of_sheet(read_bytes(path), columns, path, name=member, usual=sheet)
    return _table(read_bytes(path, member=member_of(path, member=member, usual=usual)), columns, path, sheet=sheet)


def member_of(path: Path, *, member: str | None, usual: str | None) -> str | None:
    """Give the member of a zip that is meant: the one named, else the publisher's usual one where the zip has it."""
    if member is not None or usual is None or path.suffix.lower() != ".zip":
        return member
    there = any(fnmatch.fnmatchcase(name, usual) for name in names_of(path, member="*")[1:])
    return usual if there else None


def read_tables(path: Path, columns: Sequence[Column], *, member: str | None = None) -> pd.DataFrame:
    """Read a table that may come in many members of one zip, as Ofcom's postcode files do.

    `member` may be a pattern that matches many, in the order of their names; messages name the member.
    """
    if member is None or path.suffix.lower() != ".zip":
        return read_table(path, columns, member=member)
    parts = [_table(content, columns, path / name) for name, content in read_parts(path, member=member)]
    table = pd.concat(parts, ignore_index=True)
    table.attrs[HEADINGS] = parts[0].attrs[HEADINGS]
    return table


def heading_of(table: pd.DataFrame, column: Column) -> str:
    """Give the heading a column stands under in its file, or the newest published one where that is not known."""
    return str(table.attrs.get(HEADINGS, {}).get(column.name, column.headings[0]))


def _table(content: bytes, columns: Sequence[Column], path: Path, *, sheet: str | None = None) -> pd.DataFrame:
    if content.startswith(PACKED):
        return _of_sheet(content, columns, path, usual=sheet)
    fast = _straight(content, columns, path)
    return _carefully(read_text(content, path=path), columns, path) if fast is None else fast


def _straight(content: bytes, columns: Sequence[Column], path: Path) -> pd.DataFrame | None:
    """Read a table that has nothing wrong with it; None when anything might be."""
    try:
        headings = _headings(content.split(b"\n", 1)[0].rstrip(b"\r"), path)
        places = _places(headings, columns, path)
    except (LayerError, csv.Error):  # the careful reader says what it is
        return None
    figures = [column.name for column in columns if column.name in places and column.kind in EXPECTED]
    table = parsed(content, places=places, numbers=figures, missing=BLANKS) if places else None
    if table is None or table.empty:
        return None
    for column in columns:
        if column.name not in table:
            continue
        cells = table[column.name]
        if column.name in figures:
            if wrong(cells, kind=column.kind).any() or cells.isin([float("inf"), float("-inf")]).any():
                return None
        else:
            table[column.name] = cells.str.strip()
            refuse_hostile(table[column.name], path=path, column=headings[places[column.name]])
    table.attrs[HEADINGS] = _found(headings, places)
    return table


def _carefully(raw: pd.DataFrame, columns: Sequence[Column], path: Path) -> pd.DataFrame:
    """Read a table cell by cell, and say what is wrong with it."""
    headings = [str(heading) for heading in raw.columns]
    places = _places(headings, columns, path)
    table: dict[str, pd.Series] = {}
    withheld: dict[str, int] = {}
    for column in columns:
        if column.name not in places:
            continue
        heading, cells = headings[places[column.name]], raw.iloc[:, places[column.name]].str.strip()
        if column.kind in EXPECTED:
            table[column.name] = parsed_numbers(cells, path=path, column=heading, kind=column.kind)
            withheld |= {heading: int(cells.isin(MARKS).sum())} if cells.isin(MARKS).any() else {}
        else:
            refuse_hostile(cells, path=path, column=heading)
            table[column.name] = cells
    result = pd.DataFrame(table)
    result.attrs[WITHHELD] = withheld
    result.attrs[HEADINGS] = _found(headings, places)
    return result


def _of_sheet(
    content: bytes, columns: Sequence[Column], path: Path, *, name: str | None = None, usual: str | None = None
) -> pd.DataFrame:
    """Read a sheet of a workbook, which may stand in a zip."""
    wanted = [(column.headings, column.required) for column in columns]
    return _carefully(
        read_worksheet(content, wanted, fold=normalised, path=path, name=name, usual=usual), columns, path
    )


def _places(headings: Sequence[str], columns: Sequence[Column], path: Path) -> dict[str, int]:
    """Find where each column stands; an optional one that is absent is left out."""
    folded = [normalised(heading) for heading in headings]
    places: dict[str, int] = {}
    for column in columns:
        wanted = {normalised(heading) for heading in column.headings}
        matches = [place for place, heading in enumerate(folded) if heading in wanted]
        if not matches and column.required:
            raise MissingColumnError(path.name, column.headings, headings)
        if len(matches) > 1:
            raise LayerError(
                f"The column {column.headings[0]} stands {len(matches)} times.",
                file=path.name,
                column=column.headings[0],
                expected="one column of that name",
                found=examples(headings[place] for place in matches),
                next_step="remove or rename the one that is not meant",
            )
        if matches:
            places[column.name] = matches[0]
    return places


def _found(headings: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {name: headings[place].strip() for name, place in places.items()}


def read_headings(path: Path, *, member: str | None = None, usual: str | None = None) -> list[str]:
    """Read only the heading row of a CSV file; `member` and `usual` as for :func:`read_table`."""
    inside = member_of(path, member=member, usual=usual)
    return _headings(read_bytes(path, member=inside)[:LONGEST_HEADING].splitlines()[0], path)


def _headings(first_line: bytes, path: Path) -> list[str]:
    return next(csv.reader([decoded(first_line, path=path).strip()]), [])
