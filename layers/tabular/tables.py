"""Reading a published table: columns found by name, every bad row reported at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples
from layers.figures import Figure
from layers.files import read_bytes, read_parts
from layers.tabular.bulk import parsed
from layers.tabular.csvtext import decoded, read_text
from layers.tabular.hostile import HARMLESS, is_hostile

MISSING = {"", "NA", "N/A", "NaN", "null", "..", "-"}
"""Cells that publishers write for "no figure" (seen in the files of docs/studies.md); never read as zero."""
GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
"""A number with thousands commas, as some publishers write ranks; a comma anywhere else is not one of ours."""
LARGEST = Figure(1e9, "any", "largest number a cell may hold", "assumption: Britain has 33 million premises")

PLAIN = "[A-Za-z0-9 ]{0,40}"
"""Text that cannot be hostile: the shape of codes and most names."""
EXPECTED = {
    "number": "numbers such as -1234.5",
    "count": "numbers of at least 0 and at most a thousand million",
    "whole": "whole numbers of at least 0 and at most a thousand million",
}


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


def read_table(path: Path, columns: Sequence[Column], *, member: str | None = None) -> pd.DataFrame:
    """Read the asked-for columns of a CSV file, plain, gzipped or in a zip.

    Parameters
    ----------
    path
        The file.
    columns
        What to look for; unknown extra columns are ignored.
    member
        Name or pattern of the member, when the file is a zip.

    Returns
    -------
    pandas.DataFrame
        One row per row of the file, in its order; columns under our names; numbers as float64 with NaN where
        the publisher gives none.

    Raises
    ------
    LayerError
        When the file cannot be opened or decoded, a required column is missing or stands twice, a name could be run
        as a spreadsheet formula, or a cell of a number column is not a number.
    """
    return _table(read_bytes(path, member=member), columns, path)


def read_tables(path: Path, columns: Sequence[Column], *, member: str | None = None) -> pd.DataFrame:
    """Read a table that may come in many members of one zip, as Ofcom's postcode files do.

    `member` may be a pattern that matches many, in the order of their names; messages name the member.
    """
    if member is None or path.suffix.lower() != ".zip":
        return read_table(path, columns, member=member)
    parts = [_table(content, columns, path / name) for name, content in read_parts(path, member=member)]
    return pd.concat(parts, ignore_index=True)


def _table(content: bytes, columns: Sequence[Column], path: Path) -> pd.DataFrame:
    fast = _straight(content, columns, path)
    return _carefully(content, columns, path) if fast is None else fast


def _straight(content: bytes, columns: Sequence[Column], path: Path) -> pd.DataFrame | None:
    """Read a table that has nothing wrong with it; None when anything might be."""
    try:
        headings = _headings(content.split(b"\n", 1)[0].rstrip(b"\r"), path)
        places = _places(headings, columns, path)
    except (LayerError, csv.Error):  # the careful reader says what it is
        return None
    numbers = [column.name for column in columns if column.name in places and column.kind in EXPECTED]
    table = parsed(content, places=places, numbers=numbers, missing=MISSING) if places else None
    if table is None or table.empty:
        return None
    for column in columns:
        if column.name not in table:
            continue
        cells = table[column.name]
        if column.name in numbers:
            if _wrong(cells, kind=column.kind).any() or cells.isin([float("inf"), float("-inf")]).any():
                return None
        else:
            table[column.name] = cells.str.strip()
            refuse_hostile(table[column.name], path=path, column=headings[places[column.name]])
    return table


def _carefully(content: bytes, columns: Sequence[Column], path: Path) -> pd.DataFrame:
    """Read a table cell by cell, and say what is wrong with it."""
    raw = read_text(content, path=path)
    headings = [str(heading) for heading in raw.columns]
    places = _places(headings, columns, path)
    table: dict[str, pd.Series] = {}
    for column in columns:
        if column.name not in places:
            continue
        heading, cells = headings[places[column.name]], raw.iloc[:, places[column.name]].str.strip()
        if column.kind in EXPECTED:
            table[column.name] = _numbers(cells, path, heading, kind=column.kind)
        else:
            refuse_hostile(cells, path=path, column=heading)
            table[column.name] = cells
    return pd.DataFrame(table)


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


def refuse_hostile(
    cells: pd.Series, *, path: Path, column: str, number: Callable[[pd.Series], str] | None = None
) -> None:
    """Refuse text with control characters or that a spreadsheet would run as a formula.

    Parameters
    ----------
    number
        How to name the rows of a mask, where they are not lines of the file.

    Raises
    ------
    LayerError
        Naming the rows. HTML is not refused: it is escaped where it is shown.
    """
    doubtful = cells[~cells.str.fullmatch(PLAIN).fillna(value=True)]  # nearly all cells are codes: one pass clears them
    hostile = {cell for cell in doubtful.unique() if is_hostile(cell)}
    if hostile:
        raise LayerError(
            "A name holds characters that could run as a spreadsheet formula or break a page.",
            file=path.name,
            column=column,
            rows=(number or line_numbers)(cells.isin(hostile)),
            expected=HARMLESS,
            found=examples(sorted(hostile)),
            next_step="correct the name in the file",
        )


def line_numbers(bad: pd.Series) -> str:
    """Name the lines of a file at which a mask is true, counting the heading as line 1."""
    lines = [position + 2 for position, is_bad in enumerate(bad) if is_bad]
    return f"line {examples(lines)} ({len(lines):,} of {len(bad):,} rows)"


def _numbers(cells: pd.Series, path: Path, column: str, *, kind: str) -> pd.Series:
    blank = cells.isin(MISSING)
    grouped = cells.str.contains(",", regex=False) & cells.str.fullmatch(GROUPED)
    plain = cells.mask(grouped, cells.str.replace(",", "", regex=False)).mask(blank)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    bad = (values.isna() & ~blank) | _wrong(values, kind=kind)
    if bad.any():
        raise LayerError(
            "A number column holds something else.",
            file=path.name,
            column=column,
            rows=line_numbers(bad),
            expected=f"{EXPECTED[kind]}, or blank",
            found=examples(cells[bad]),
            next_step="correct those cells, or leave them blank where there is no figure",
        )
    return values


def _wrong(values: pd.Series, *, kind: str) -> pd.Series:
    """Mark numbers that a column of that kind cannot hold."""
    bad = values.abs() > LARGEST.value
    if kind != "number":
        bad |= values < 0
    if kind == "whole":
        bad |= values % 1 > 0
    return bad


def read_headings(path: Path, *, member: str | None = None) -> list[str]:
    """Read only the heading row of a CSV file."""
    return _headings(read_bytes(path, member=member).split(b"\n", 1)[0], path)


def _headings(first_line: bytes, path: Path) -> list[str]:
    return next(csv.reader([decoded(first_line, path=path).strip()]), [])
