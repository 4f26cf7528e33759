"""What a document says, whatever program wrote it: to compare two that were made with other versions of a library."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

TEXTS = frozenset({".csv", ".json", ".svg", ".html", ".geojson", ".txt"})
"""Endings of files that are text as they are."""
OFFICE = frozenset({".docx", ".xlsx"})
BROKEN = (ValueError, KeyError, OSError, IndexError, zipfile.BadZipFile, zlib.error, ET.ParseError, sqlite3.Error)
SHOWING, STRINGS = frozenset({"Tj", "'", '"'}), frozenset({"TJ"})
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>(?:\s*(<[0-9a-fA-F]+>|\[[^\]]*\]))?")


def text_in_document(name: str, content: bytes) -> list[str] | None:
    """Return the text of a document in the order in which it stands there; None where it has none, or cannot be read.

    Parameters
    ----------
    name
        Of the file; its ending says how it is read.
    content
        Its bytes.
    """
    ending = PurePosixPath(name).suffix
    try:
        if ending in TEXTS:
            return content.decode("utf-8-sig").splitlines()
        if ending in OFFICE:
            return _office_text(content)
        if ending == ".pdf":
            return _pdf_text(content)
        return _rows(content) if ending == ".gpkg" else None
    except BROKEN:
        return None


def _office_text(content: bytes) -> list[str]:
    """Return the texts of all parts of an Office file, part by part."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".xml") and not name.startswith("docProps/"):
                texts = ET.fromstring(archive.read(name)).itertext()  # noqa: S314 - expat bounds what entities swell to
                found += [f"{name}: {text}" for text in texts if text.strip()]
    return found


def _rows(content: bytes) -> list[str]:
    """Return every row of every table of features in a GeoPackage."""
    found = []
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        tables = [str(row[0]) for row in database.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
        for table in tables:
            name = table.replace('"', '""')
            found += [f"{table}: {row!r}" for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - quoted
    finally:
        database.close()
    return found


def _pdf_text(content: bytes) -> list[str]:
    """Return what a PDF shows, string by string, read through each font's own table of letters."""
    import pikepdf  # noqa: PLC0415  # heavy; only where bytes differ and libraries do, too

    found: list[str] = []
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            for page in document.pages:
                resources: Any = page.obj.get("/Resources")
                fonts = resources.get("/Font") if resources is not None else None
                letters = {} if fonts is None else {str(name): _letters(font) for name, font in fonts.items()}
                known: Mapping[int, str] = {}
                for instruction in pikepdf.parse_content_stream(page):
                    operands: Any = instruction.operands
                    kind = str(instruction.operator)
                    if kind == "Tf":
                        known = letters.get(str(operands[0]), {})
                    elif kind in SHOWING:
                        found.append(_decoded(bytes(operands[-1]), known))
                    elif kind in STRINGS:
                        parts = [bytes(part) for part in operands[0] if isinstance(part, pikepdf.String)]
                        found.append(_decoded(b"".join(parts), known))
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from error
    return [text for text in found if text.strip()]


def _letters(font: Any) -> dict[int, str]:  # noqa: ANN401 - an object of a PDF
    """Read a font's table from glyphs to letters."""
    if "/ToUnicode" not in font:
        return {}
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        found |= {int(one, 16): _unicode(other) for one, other, _ in _PAIR.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", font.ToUnicode.read_bytes(), re.DOTALL):
        for first, last, start in _PAIR.findall(block):
            if start.startswith(b"<"):
                base = _unicode(start.strip(b"<>"))
                for step in range(min(int(last, 16) - int(first, 16), 0xFFFF) + 1):
                    found[int(first, 16) + step] = base[:-1] + chr(ord(base[-1]) + step)
    return found


def _unicode(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _decoded(shown: bytes, letters: Mapping[int, str]) -> str:
    """Read a string of a PDF: two bytes a glyph where its font has a table, else one."""
    if not letters:
        return shown.decode("latin-1")
    glyphs = [int.from_bytes(shown[place : place + 2]) for place in range(0, len(shown), 2)]
    return "".join(letters.get(glyph, "\ufffd") for glyph in glyphs)
