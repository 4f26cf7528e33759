"""Text that would do harm where it is shown: a spreadsheet runs it, a terminal obeys it, a reader is misled by it.

Cells of a published table: text that is safe to show, numbers that are numbers, marks that stand for no figure.

A CSV file as plain text cells: decoded, whole, and refused with a reason when it is not a table.

Columns of a large CSV straight into numbers, when every cell is what it should be.

A fast first try. Whatever it cannot read without a doubt it leaves to the careful reader, which words the fault.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from layers.errors import LayerError, examples
from layers.figures import Figure

FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Spreadsheets run a cell that begins so; the last four are the same signs in full width (OWASP, CSV injection)."""
LONGEST_NAME = 300
"""Characters (assumption: the longest ward name has under 100, and a page must show the name)."""
RESHAPING = frozenset("\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that are not seen but turn the reading direction, break the line or hide what follows."""
HARMLESS = f"plain text of up to {LONGEST_NAME} characters, without control characters, not beginning with = + - @"


def harmless(text: object) -> str:
    """Keep a spreadsheet from running a name: one that is hostile is set behind an apostrophe.

    So is a name that already looks like one behind apostrophes: `unharmed` gives back every name as it was.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("Bere Regis"), harmless("'s-Gravenhage")
    ("'=1+1", "''=1+1", 'Bere Regis', "'s-Gravenhage")
    """
    return f"'{text}" if is_hostile(str(text).lstrip("'")) else str(text)


def unharmed(cell: str) -> str:
    """Give back the name that `harmless` wrote.

    >>> [unharmed(harmless(name)) for name in ("=1+1", "'=1+1", "Bere Regis", "'s-Gravenhage")]
    ['=1+1', "'=1+1", 'Bere Regis', "'s-Gravenhage"]
    """
    return cell[1:] if cell.startswith("'") and is_hostile(cell.lstrip("'")) else cell


def is_hostile(text: str) -> bool:
    """Tell whether a name is refused. HTML is not: it is escaped where it is shown.

    >>> [is_hostile(text) for text in ("=1+1", "Bere Regis", "-", "<b>", "a" + chr(7))]
    [True, False, False, False, True]
    """
    runs = text.startswith(FORMULA_STARTS) and len(text) > 1
    return runs or len(text) > LONGEST_NAME or any(c in RESHAPING or unicodedata.category(c) == "Cc" for c in text)


def is_one_of(texts: pd.Series | pd.Index, values: pd.Series | pd.Index) -> npt.NDArray[np.bool_]:
    """Say which texts are one of some values; a missing one is not.

    As ``texts.isin(values)``, which turns long columns of values into a Python list first.

    >>> is_one_of(pd.Series(["E01000001", None, "E01000003"]), pd.Index(["E01000001", "E01000002"])).tolist()
    [True, False, False]
    """
    known = pa.array(values.dropna(), type=pa.large_string(), from_pandas=True)
    found = pyarrow.compute.is_in(pa.array(texts, type=pa.large_string(), from_pandas=True), value_set=known)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


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


def parsed_numbers(cells: pd.Series, *, path: Path, column: str, kind: str) -> pd.Series:
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


BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parsed(
    content: bytes, *, places: Mapping[str, int], numbers: Collection[str], missing: Collection[str]
) -> pd.DataFrame | None:
    """Parse chosen columns of a CSV.

    Parameters
    ----------
    content
        The file, with a heading row.
    places
        Name of each wanted column, and its position from the left.
    numbers
        Which of them are numbers; the others are text.
    missing
        Cells of a number column that mean "no figure".

    Returns
    -------
    pandas.DataFrame or None
        Text as it stands (not stripped), numbers as float64 with NaN where missing; None when any cell, row or byte
        is not plainly right.
    """
    body = content.removeprefix(BYTE_ORDER_MARK)
    heading = body.split(b"\n", 1)[0]
    width = len(next(csv.reader([heading.decode("utf-8", "replace").rstrip("\r")]), []))
    strange = b"\0" in body or b"\r" in body.replace(b"\r\n", b"") or body.count(b'"') % 2
    if strange or heading.count(b'"') % 2 or max(places.values()) >= width:
        return None
    names = [f"column {position}" for position in range(width)]
    wanted = {names[position]: name for name, position in places.items()}
    kinds = {column: pa.float64() if name in numbers else pa.string() for column, name in wanted.items()}
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(body),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=list(wanted),
                column_types=kinds,
                null_values=sorted(missing),
                strings_can_be_null=False,
                check_utf8=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if any(pyarrow.compute.any(pyarrow.compute.is_nan(table[c])).as_py() for c in kinds if wanted[c] in numbers):
        return None  # the word "nan" is no figure and no blank
    if len(wanted) < len(places):  # one column under two names
        return None
    columns = {wanted[column]: table[column].to_pandas() for column in wanted}
    return pd.DataFrame(columns)[list(places)]
