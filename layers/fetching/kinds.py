"""What a file begins with, so that an error page is not kept as data."""

from __future__ import annotations

import zipfile
from pathlib import Path

from layers.fetching.address import Address, Start
from layers.fetching.faults import first_words, not_that_kind

HEAD = 4_096
"""Bytes that are looked at (assumption: a page's first words and any file's signature are among them)."""
PACKED = b"PK\x03\x04"
"""How a zip with at least one member begins; spreadsheets are zips (PKWARE, APPNOTE 4.3.7)."""
MEANING: dict[Start, str] = {
    "zip": "a zip archive",
    "xlsx": "an Excel workbook",
    "ods": "an OpenDocument spreadsheet",
    "csv": "a table as CSV",
    "json": "a JSON document",
}
BY_ENDING: dict[str, Start] = {
    ".zip": "zip",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".csv": "csv",
    ".json": "json",
    ".geojson": "json",
}


def kind_of(address: Address) -> Start | None:
    """Tell what a file must be, by the address's word or else by the file's name.

    >>> kind_of(Address("https://example.org/a", "a.CSV"))
    'csv'
    """
    return address.starts or BY_ENDING.get(Path(address.file_name).suffix.lower())


def refuse_other(head: bytes, kind: Start | None, *, url: str) -> None:
    """Refuse content that does not begin as it must, and a web page whatever was asked for.

    Parameters
    ----------
    head
        The first bytes, up to `HEAD`.
    kind
        What it must be; None when only a web page is refused.
    url
        For the message.

    Raises
    ------
    FetchError
        With the first words of the page, where it is one.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    expected = MEANING[kind] if kind else "a data file"
    if text[:9].lower() == b"<!doctype" or text[:5].lower() == b"<html" or (kind and text[:1] == b"<"):
        raise not_that_kind(url, expected=expected, found=f"a web page: “{first_words(head)}”")
    fits = {
        "zip": head.startswith(PACKED),
        "xlsx": head.startswith(PACKED),
        "ods": head.startswith(PACKED),
        "csv": bool(text) and not head.startswith(PACKED) and b"\0" not in head and text[:1] not in {b"{", b"["},
        "json": text[:1] in {b"{", b"["},
        None: bool(head),
    }
    if not fits[kind]:
        found = f"a file that begins with {head[:16]!r}" if head else "an empty file"
        raise not_that_kind(url, expected=expected, found=found)


def refuse_cut_short(path: Path, kind: Start | None, *, url: str) -> None:
    """Refuse an archive whose table of contents, which stands at its end, is missing."""
    if kind in {"zip", "xlsx", "ods"} and not zipfile.is_zipfile(path):
        raise not_that_kind(url, expected=f"{MEANING[kind]}, whole", found="one whose end is missing")
