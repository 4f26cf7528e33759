"""A CSV file as plain text cells: decoded, whole, and refused with a reason when it is not a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples


def read_text(content: bytes, *, path: Path) -> pd.DataFrame:
    """Read every cell of a CSV as text.

    Returns
    -------
    pandas.DataFrame
        The headings as they stand, doubled ones too; every cell text, blank ones empty.

    Raises
    ------
    LayerError
        When the content is not a table: a web page, bytes that are no text, rows of differing lengths, no rows.
    """
    text = decoded(content, path=path)
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
            next_step="mend or remove the broken line (a cell with a comma in it needs quotes), or download it again",
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


def decoded(content: bytes, *, path: Path) -> str:
    """Decode text in UTF-8, with or without a byte-order mark, or else in cp1252."""
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
