"""One sheet out of an OpenDocument spreadsheet whose others are too large to hold.

DfT's connectivity metric is 68 MB packed and 1 GB unpacked, nearly all of it a sheet of output areas. The document is
one XML text, so it is read as a stream: of the sheets that are not wanted only the beginnings are kept.
"""

from __future__ import annotations

import fnmatch
import html
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from layers.figures import Figure
from layers.opening import unsafe
from layers.streaming import Counted

CHUNK = 1 << 22
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
