"""Reading a published table: columns found by name, every bad row reported at once."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples
from layers.files import read_bytes

MISSING = {"", "NA", "N/A", "NaN", "null", "..", "-"}
"""Cells that publishers write for "no figure" (seen in the files of docs/studies.md); never read as zero."""
FORMULA_STARTS = ("=", "+", "-", "@")


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
        ``code`` and ``text`` are kept as text; ``number`` and ``count`` (a number that is not negative) are parsed.
    required
        Whether the file is refused without it; an optional column that is absent is left out of the result.
    """

    name: str
    headings: tuple[str, ...]
    kind: Literal["code", "text", "number", "count"]
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
    found = pd.Series(raw.columns, index=[normalised(str(c)) for c in raw.columns])
    table: dict[str, pd.Series] = {}
    for column in columns:
        matches = found[found.index.isin({normalised(h) for h in column.headings})]
        if matches.empty:
            if column.required:
                raise MissingColumnError(path.name, column.headings[0], [str(c) for c in raw.columns])
            continue
        if len(matches) > 1:
            raise LayerError(
                f"The column {column.headings[0]} stands {len(matches)} times.",
                file=path.name,
                column=column.headings[0],
                expected="one column of that name",
                found=examples(matches),
                next_step="remove or rename the one that is not meant",
            )
        cells = raw[matches.iloc[0]].str.strip()
        if column.kind in {"number", "count"}:
            table[column.name] = _numbers(cells, path, str(matches.iloc[0]), at_least_zero=column.kind == "count")
        else:
            refuse_hostile(cells, path=path, column=str(matches.iloc[0]))
            table[column.name] = cells
    return pd.DataFrame(table)


def refuse_hostile(cells: pd.Series, *, path: Path, column: str) -> None:
    """Refuse text with control characters or that a spreadsheet would run as a formula.

    Raises
    ------
    LayerError
        Naming the rows. HTML is not refused: it is escaped where it is shown.
    """
    unique = pd.Series(cells.dropna().unique(), dtype=object)
    bad = unique.map(lambda cell: (cell.startswith(FORMULA_STARTS) and len(cell) > 1) or _has_control(cell))
    if bad.any():
        hostile = set(unique[bad])
        raise LayerError(
            "A name holds characters that could run as a spreadsheet formula or break a page.",
            file=path.name,
            column=column,
            rows=line_numbers(cells.isin(hostile)),
            expected="plain text that does not begin with = + - @ and has no control characters",
            found=examples(sorted(hostile)),
            next_step="correct the name in the file",
        )


def line_numbers(bad: pd.Series) -> str:
    """Name the lines of a file at which a mask is true, counting the heading as line 1."""
    lines = [position + 2 for position, is_bad in enumerate(bad) if is_bad]
    return f"line {examples(lines)} ({len(lines):,} of {len(bad):,} rows)"


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)


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
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, skip_blank_lines=True, comment=None)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise LayerError(
            "The table cannot be read.",
            file=path.name,
            expected="a CSV table with the same number of cells in each row",
            found=str(error),
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


def _numbers(cells: pd.Series, path: Path, column: str, *, at_least_zero: bool) -> pd.Series:
    blank = cells.isin(MISSING)
    values = pd.to_numeric(cells.mask(blank).str.replace(",", "", regex=False), errors="coerce").astype("float64")
    bad = (values.isna() & ~blank) | values.isin([float("inf"), float("-inf")])
    if at_least_zero:
        bad |= values < 0
    if bad.any():
        raise LayerError(
            "A number column holds something else.",
            file=path.name,
            column=column,
            rows=line_numbers(bad),
            expected="numbers of at least 0, or blank" if at_least_zero else "numbers, or blank",
            found=examples(cells[bad]),
            next_step="correct those cells, or leave them blank where there is no figure",
        )
    return values
