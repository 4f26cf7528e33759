"""A sheet of a workbook, XLSX or ODS, as plain text cells: found by its headings, wherever they stand.

Publishers put notes above a table and other sheets beside it, so neither the sheet's place nor the heading's row is
taken for granted. A cell is what was stored in it: formulas are not run. Rows are counted from the heading row.

One sheet out of an OpenDocument spreadsheet whose others are too large to hold.

DfT's connectivity metric is 68 MB packed and 1 GB unpacked, nearly all of it a sheet of output areas. The document is
one XML text, so it is read as a stream: of the sheets that are not wanted only the beginnings are kept.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import python_calamine

from layers.errors import LayerError, MissingColumnError, did_you_mean, examples
from layers.figures import Figure
from layers.intake.files import BROKEN, Counted, checked_members, unsafe

SUFFIXES = (".xlsx", ".ods")
PACKED = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
"""How a workbook of before 2007 begins, and a new one with a password on it."""
CHUNK = 1 << 22
LONGEST_PLACE = 40
"""Bytes in which a cell says where it stands: kept from one piece to the next, as a cut may go through it."""
HEADING_WITHIN = Figure(60, "rows", "notes that may stand above a table", "assumption: File 8's notes take 11")
Wanted = Sequence[tuple[tuple[str, ...], bool]]
"""The headings each column goes under, and whether the table is refused without it."""
Table = Sequence[Sequence[object]]
Fold = Callable[[str], str]


def read_worksheet(
    content: bytes, wanted: Wanted, *, fold: Fold, path: Path, name: str | None = None, usual: str | None = None
) -> pd.DataFrame:
    """Read the sheet of a workbook that holds some columns.

    Parameters
    ----------
    content
        The workbook.
    wanted
        The columns to look for.
    fold
        How headings are compared.
    path
        For messages.
    name
        Name or pattern of the sheet.
    usual
        The pattern its publisher's sheet is known by; looked at first where no sheet is named.

    Returns
    -------
    pandas.DataFrame
        The headings as they stand; the wanted columns as text, blank where the cell is; others blank throughout. Rows
        without any wanted cell are left out.

    Raises
    ------
    LayerError
        When it is no workbook, has no such sheet, or the sheet has no rows.
    MissingColumnError
        When no sheet has the columns.
    """
    _refuse_other(content, path)
    nearest: tuple[str, list[str], int] = ("", [], -1)
    for title, rows in _sheets(content, wanted, fold=fold, path=path, name=name, usual=usual):
        place, score = _heading_row(rows, wanted, fold)
        if score == sum(required for _, required in wanted) and place >= 0:
            return _as_text(rows, place, wanted, fold=fold, file=f"{path.name}, sheet {title}")
        if score > nearest[2]:
            nearest = (title, [str(cell) for cell in rows[place] if cell != ""] if rows else [], score)
    title, found, _ = nearest
    folded = {fold(heading) for heading in found}
    missing = next(headings for headings, required in wanted if required and not folded & set(map(fold, headings)))
    raise MissingColumnError(f"{path.name}, sheet {title}" if title else path.name, missing, found)


def _refuse_other(content: bytes, path: Path) -> None:
    """Say what the bytes are, when they are no workbook."""
    if content.startswith(PACKED):
        return
    if content.lstrip()[:1] == b"<":
        raise LayerError(
            "This is a web page, not a workbook.",
            file=path.name,
            expected="an XLSX or ODS workbook",
            found=repr(content.lstrip()[:40].decode("latin-1")),
            next_step="download the file again; the address may have answered with an error page",
        )
    old = content.startswith(OLD)
    raise LayerError(
        "The workbook cannot be opened.",
        file=path.name,
        expected="an XLSX or ODS workbook without a password",
        found="a workbook of the old kind (.xls), or one with a password" if old else "bytes of another kind of file",
        next_step="save it as XLSX without a password" if old else "check that this is the right file",
    )


def _sheets(
    content: bytes, wanted: Wanted, *, fold: Fold, path: Path, name: str | None, usual: str | None
) -> Iterator[tuple[str, Table]]:
    """Give sheets with their rows: the one named, or the likeliest first."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            checked_members(archive, file=path, packed=len(content))
            if "content.xml" in archive.namelist():
                headings = [set(map(fold, names)) for names, required in wanted if required]
                titles, content = one_sheet(archive, file=path, name=name, usual=usual, headings=headings, fold=fold)
            else:
                _refuse_vast(archive, path)
                titles = []
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            titles = titles or workbook.sheet_names
            for title in _in_order(titles, workbook.sheet_names, path=path, name=name, usual=usual):
                yield title, workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
    except (*BROKEN, python_calamine.CalamineError, NotImplementedError, RuntimeError, OSError) as error:
        said = " ".join(str(error).split())[:120]
        raise unsafe("The workbook is broken, cut short or oddly packed.", file=path, found=said) from error


def _in_order(titles: list[str], there: list[str], *, path: Path, name: str | None, usual: str | None) -> list[str]:
    """Choose the sheets to look at."""
    if name is None:
        return sorted(there, key=lambda title: usual is None or not fnmatch.fnmatch(title, usual))
    matches = [title for title in there if title == name or fnmatch.fnmatchcase(title, name)]
    if matches:
        return matches
    raise LayerError(
        f"The workbook has no sheet “{name}”.",
        file=path.name,
        expected="the name of a sheet",
        found=did_you_mean(name, titles) or examples(titles),
        next_step='name the sheet in the study file as it stands in the workbook: member = "SHEET"',
    )


def _refuse_vast(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse a part that swells, and a sheet one of whose cells stands so far out that a table to it fills the memory.

    All parts are read through once, as what an archive says of its own sizes is not believed.
    """
    for info in archive.infolist():
        rows, columns, rest = 1, 1, b""
        with archive.open(info) as part:
            stream = Counted(part, file=path, packed=info.compress_size)
            while chunk := stream.read(CHUNK):
                if not info.filename.startswith("xl/worksheets/"):
                    continue
                text = rest + chunk
                rest = text[-LONGEST_PLACE:]
                places = re.findall(rb' r="([A-Z]{1,3})(\d{1,8})"', text)
                columns = max([columns, *map(_number, {letters for letters, _ in places})])
                rows = max([rows, *map(int, {row for _, row in places})])
        if rows * columns > MOST_CELLS.value:
            raise unsafe(
                "A sheet of the workbook is too large.",
                file=path,
                expected=f"at most {MOST_CELLS.value:,.0f} cells",
                found=f"{rows:,} rows and {columns:,} columns in {info.filename}",
            )


def _number(letters: bytes) -> int:
    """Count a column from its letters.

    >>> _number(b"A"), _number(b"AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _heading_row(rows: Table, wanted: Wanted, fold: Fold) -> tuple[int, int]:
    """Find the row that holds most of the required headings, then of the others; and how many required ones it has."""
    best = (-1, -1)
    place = -1
    for number, row in enumerate(rows[: int(HEADING_WITHIN.value)]):
        there = {fold(cell) for cell in row if isinstance(cell, str)}
        found = [required for headings, required in wanted if there & set(map(fold, headings))]
        if (sum(found), len(found)) > best:
            best, place = (sum(found), len(found)), number
    return place, best[0]


def _as_text(rows: Table, place: int, wanted: Wanted, *, fold: Fold, file: str) -> pd.DataFrame:
    headings = [str(cell) for cell in rows[place]]
    asked = {fold(heading) for names, _ in wanted for heading in names}
    ours = [number for number, heading in enumerate(headings) if fold(heading) in asked]
    below = rows[place + 1 :]
    if not ours:  # only columns that may be absent were asked for, and they are
        return pd.DataFrame("", index=range(len(below)), columns=headings)
    text = pd.DataFrame({number: [_text(row[number]) for row in below] for number in ours}, dtype="str")
    text = text[(text != "").any(axis=1)].reset_index(drop=True)
    if text.empty:
        raise LayerError(
            "The table has a heading but no rows.",
            file=file,
            expected="at least one row",
            found="none",
            next_step="download the file again",
        )
    return text.reindex(columns=range(len(headings)), fill_value="").set_axis(headings, axis=1)


def _text(cell: object) -> str:
    """Write a cell as a CSV file would.

    >>> _text(33755.0), _text(0.25), _text("a"), _text(True)
    ('33755', '0.25', 'a', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


HEAD = 1 << 18
"""Bytes of a sheet in which its headings are looked for (assumption: 40 headings and some notes take 20,000)."""
START, END, CLOSING = (
    b"<table:table ",
    b"</table:table>",
    b"</office:spreadsheet></office:body></office:document-content>",
)
ROW_END, REPEATED = b"</table:table-row>", rb' table:number-columns-repeated="(\d+)"'
CELLS = (b"<table:table-cell", b"<table:covered-table-cell")
CONTENT, MIMETYPE = "content.xml", "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/></manifest:manifest>'
)
LARGEST_PROLOGUE = Figure(50e6, "bytes", "what stands before the first sheet", "assumption: styles take far less")
LARGEST_SHEET = Figure(1.2e9, "bytes", "XML of one sheet", "assumption: DfT's 35,672 areas take about 0.2e9")
MOST_CELLS = Figure(30e6, "cells", "largest sheet opened", "assumption: DfT's sheet of output areas has 7 million")
MOST_REPEATED = 200
"""A cell said to repeat more often is the empty rest of a row (assumption: no table has so many equal columns)."""


def one_sheet(
    archive: zipfile.ZipFile,
    *,
    file: Path,
    name: str | None,
    usual: str | None,
    headings: Sequence[set[str]],
    fold: Callable[[str], str],
) -> tuple[list[str], bytes]:
    """Cut a document down to the one sheet that is meant.

    Parameters
    ----------
    archive
        The spreadsheet.
    name
        Name or pattern of the sheet; else `usual`, else the first sheet that begins with all `headings`.
    headings
        For each column, the folded headings it may have.
    fold
        How headings are compared.

    Returns
    -------
    (list of str, bytes)
        The names of all sheets, and a spreadsheet of the one that is meant; of the first one when none is.
    """

    def named(title: str, _head: bytes) -> bool:
        return name is not None and (title == name or fnmatch.fnmatchcase(title, name))

    def usually(title: str, head: bytes) -> bool:
        return usual is not None and fnmatch.fnmatch(title, usual) and begins(title, head)

    def begins(_title: str, head: bytes) -> bool:
        cells = re.sub(r"<[^>]*>", "\n", head.decode("utf-8", "replace")).split("\n")
        there = {fold(html.unescape(cell)) for cell in cells}
        return all(names & there for names in headings)

    ways = [named] if name is not None else [usually, begins] if usual is not None else [begins]
    titles: list[str] = []
    for accept in [*ways, lambda _title, _head: True]:
        seen, prologue, sheet = _cut(archive, accept, file=file)
        titles = max(titles, seen, key=len)
        if sheet:
            return titles, _packed(prologue + sheet + CLOSING, file=file)
    raise unsafe("The workbook has no sheet.", file=file, found=f"{len(titles):,} sheets")


class _Text:
    """The document's text, from which pieces are taken in order."""

    def __init__(self, stream: Counted) -> None:
        self._stream, self._held, self._ended = stream, b"", False

    def _more(self) -> bool:
        chunk = self._stream.read(CHUNK)
        self._held += chunk
        return bool(chunk)

    def until(self, mark: bytes, *, keep: bool, most: float) -> bytes | None:
        """Take what stands before a mark, or pass over it; None when the mark does not come."""
        kept = io.BytesIO()
        while (place := self._held.find(mark)) < 0:
            safe = max(len(self._held) - len(mark) + 1, 0)  # the mark may be cut by the chunk's end
            if keep:
                kept.write(self._held[:safe])
            self._held = self._held[safe:]
            if kept.tell() > most or not self._more():
                return None
        if keep:
            kept.write(self._held[:place])
        self._held = self._held[place:]
        return kept.getvalue()

    def peek(self, size: int) -> bytes:
        """Look ahead."""
        while len(self._held) < size and self._more():
            pass
        return self._held[:size]

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        self._held = self._held[size:]


def _cut(
    archive: zipfile.ZipFile, accept: Callable[[str, bytes], bool], *, file: Path
) -> tuple[list[str], bytes, bytes]:
    """Read the document once: the names of its sheets, what stands before the first, and the first accepted sheet."""
    titles: list[str] = []
    info = archive.getinfo(CONTENT)
    with archive.open(info) as stream:
        text = _Text(Counted(stream, file=file, packed=info.compress_size))
        prologue = text.until(START, keep=True, most=LARGEST_PROLOGUE.value) or b""
        if b"<!DOCTYPE" in prologue:
            raise unsafe(
                "The workbook declares a document type, which no publisher's does.", file=file, found="<!DOCTYPE"
            )
        while head := text.peek(HEAD):
            head = head.split(END, 1)[0]
            named = re.search(rb'table:name="([^"]*)"', head.split(b">", 1)[0])
            titles.append(html.unescape(named[1].decode("utf-8", "replace")) if named else "")
            if accept(titles[-1], head):
                sheet = text.until(END, keep=True, most=LARGEST_SHEET.value)
                if sheet is None:
                    raise unsafe("The workbook is cut short, or a sheet too large.", file=file, found=titles[-1])
                return titles, prologue, sheet + END
            if text.until(END, keep=False, most=LARGEST_SHEET.value) is None:
                raise unsafe("The workbook is cut short.", file=file, found=f"sheet {titles[-1]} does not end")
            text.skip(len(END))
            if text.until(START, keep=False, most=0.0) is None:
                break
    return titles, prologue, b""


def _packed(sheet: bytes, *, file: Path) -> bytes:
    """Pack one sheet as a spreadsheet of its own, with what may blow it up taken off: repeats of rows and of blanks."""
    sheet = re.sub(rb' table:number-rows-repeated="\d+"', b"", sheet)
    sheet = re.sub(REPEATED, lambda m: m[0] if int(m[1][:9]) <= MOST_REPEATED else b"", sheet)
    rows = widest = start = 0
    while (end := sheet.find(ROW_END, start)) >= 0:
        row = sheet[start:end]
        width = sum(map(row.count, CELLS)) + sum(map(int, re.findall(REPEATED, row)))
        rows, widest, start = rows + 1, max(widest, width), end + len(ROW_END)
    if rows * widest > MOST_CELLS.value:
        found = f"{rows:,} rows, the widest of {widest:,} cells"
        expected = f"at most {MOST_CELLS.value:,.0f} cells"
        raise unsafe("A sheet of the workbook is too large.", file=file, expected=expected, found=found)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as small:
        small.writestr("mimetype", MIMETYPE)
        small.writestr("META-INF/manifest.xml", MANIFEST)
        small.writestr(CONTENT, sheet)
    return content.getvalue()
