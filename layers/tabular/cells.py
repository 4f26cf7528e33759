"""Cells of a published table: text that is safe to show, numbers that are numbers, marks that stand for no figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.tabular.hostile import HARMLESS, is_hostile

BLANKS = {"", "NA", "N/A", "NaN", "null"}
"""Cells of a number column that hold nothing (seen in the files of docs/studies.md)."""
MARKS = {"..", "-", ":", "c", "[c]", "[x]", "[z]", "[w]", "[low]"}
"""Cells by which a publisher says that there is a figure and it is not given: too small, withheld, not available.

The ones in brackets are the Government Statistical Service's; ``-`` and ``..`` are the Valuation Office's. They are
counted and said, and never read as zero.
"""
MISSING = BLANKS | MARKS
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
WITHHELD = "withheld"
"""Where a table carries, by column, how many cells hold one of `MARKS`: ``table.attrs["withheld"]``."""


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


def numbers(cells: pd.Series, *, path: Path, column: str, kind: str) -> pd.Series:
    """Read text cells as numbers; NaN where there is none, or where a mark stands for one that is not given.

    Raises
    ------
    LayerError
        Naming every row that holds neither.
    """
    blank = cells.isin(MISSING)
    grouped = cells.str.contains(",", regex=False) & cells.str.fullmatch(GROUPED)
    plain = cells.mask(grouped, cells.str.replace(",", "", regex=False)).mask(blank)
    values = pd.to_numeric(plain, errors="coerce").astype("float64")
    bad = (values.isna() & ~blank) | wrong(values, kind=kind)
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


def wrong(values: pd.Series, *, kind: str) -> pd.Series:
    """Mark numbers that a column of that kind cannot hold."""
    bad = values.abs() > LARGEST.value
    if kind != "number":
        bad |= values < 0
    if kind == "whole":
        bad |= values % 1 > 0
    return bad
