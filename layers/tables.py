"""Reading a published table: columns found by name, every bad row reported at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples
from layers.figures import Figure
from layers.files import read_bytes
from layers.hostile import HARMLESS, is_hostile

MISSING = {"", "NA", "N/A", "NaN", "null", "..", "-"}
"""Cells that publishers write for "no figure" (seen in the files of docs/studies.md); never read as zero."""
GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
"""A number with thousands commas, as some publishers write ranks; a comma anywhere else is not one of ours."""
LARGEST = Figure(1e9, "any", "largest number a cell may hold", "assumption: Britain has 33 million premises")


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
    raw = _read_text_table(path, member)
    places = [normalised(str(heading)) for heading in raw.columns]
    table: dict[str, pd.Series] = {}
    for column in columns:
        wanted = {normalised(heading) for heading in column.headings}
        matches = [place for place, heading in enumerate(places) if heading in wanted]
        if not matches:
            if column.required:
                raise MissingColumnError(path.name, column.headings, [str(c) for c in raw.columns])
            continue
        if len(matches) > 1:
            raise LayerError(
                f"The column {column.headings[0]} stands {len(matches)} times.",
                file=path.name,
                column=column.headings[0],
                expected="one column of that name",
                found=examples(raw.columns[matches]),
                next_step="remove or rename the one that is not meant",
            )
        heading, cells = str(raw.columns[matches[0]]), raw.iloc[:, matches[0]].str.strip()
        if column.kind in EXPECTED:
            table[column.name] = _numbers(cells, path, heading, kind=column.kind)
        else:
            refuse_hostile(cells, path=path, column=heading)
            table[column.name] = cells
    return pd.DataFrame(table)


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
    hostile = {cell for cell in cells.dropna().unique() if is_hostile(cell)}
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


def _read_text_table(path: Path, member: str | None) -> pd.DataFrame:
    content = read_bytes(path, member=member)
    text = _decoded(content, path)
    if text.lstrip()[:1] == "<":
        raise LayerError(
            "This is a web page, not a table.",
            file=path.name,
            expected="a CSV table with a heading row",
            found=repr(text.lstrip()[:40]),
            next_step="download the file again; the address may have answered with an error page",
        )
    try:
        # The heading is read as a row like any other: given as a heading, pandas would rename doubled columns, and
        # take the first column for an index where every row has a cell more than the heading.
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, header=None)
        table = table.iloc[1:].set_axis(table.iloc[0], axis=1).reset_index(drop=True)
        if table.iloc[:, -1].eq("").any():  # pandas leaves blank what a row that ends early does not have
            _refuse_short(text, path, cells=table.shape[1])
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise LayerError(
            "The table cannot be read.",
            file=path.name,
            expected="a CSV table with the same number of cells in each row",
            found=str(error).strip().removeprefix("Error tokenizing data. C error: "),
            next_step="open the file, mend or remove the broken line, or download it again",
        ) from error
    if table.empty:
        raise LayerError(
            "The table has a heading but no rows.",
            file=path.name,
            expected="at least one row",
            found="none",
            next_step="download the file again",
        )
    return table


def _refuse_short(text: str, path: Path, *, cells: int) -> None:
    """Refuse rows that end early: what their last cells held is lost, and must not pass for blank."""
    rows = csv.reader(io.StringIO(text, newline=""))
    short = [(rows.line_num, len(row)) for row in rows if 0 < len(row) < cells]
    if short:
        raise LayerError(
            f"{len(short):,} rows have fewer cells than the heading.",
            file=path.name,
            rows=f"line {examples(line for line, _ in short)}",
            expected=f"{cells:,} cells in each row",
            found=examples(count for _, count in short),
            next_step="open the file, mend or remove those lines, or download it again",
        )


def _decoded(content: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise LayerError(
        "The file is not text.",
        file=path.name,
        expected="text in UTF-8, or in cp1252 as Windows writes it",
        found=f"bytes that are neither, {len(content):,} in all",
        next_step="save it as CSV in UTF-8, or name the right file in the study",
    )


def _numbers(cells: pd.Series, path: Path, column: str, *, kind: str) -> pd.Series:
    blank = cells.isin(MISSING)
    grouped = cells.str.contains(",", regex=False) & cells.str.fullmatch(GROUPED)
    plain = cells.mask(grouped, cells.str.replace(",", "", regex=False)).mask(blank)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    bad = (values.isna() & ~blank) | (values.abs() > LARGEST.value)
    if kind != "number":
        bad |= values < 0
    if kind == "whole":
        bad |= values % 1 > 0
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


def read_headings(path: Path, *, member: str | None = None) -> list[str]:
    """Read only the heading row of a CSV file."""
    first = _decoded(read_bytes(path, member=member), path).split("\n", 1)[0]
    return [str(c) for c in pd.read_csv(io.StringIO(first), dtype=str, nrows=0).columns]
