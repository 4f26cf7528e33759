"""What a file begins with, so that an error page is not kept as data.

Receiving one file: into a half file with another name, from where it stopped, and all of it or an error.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from layers.catalogue import Address, Start
from layers.fetch.cache import disk
from layers.fetch.client import FetchError, HttpClient, TransientError, first_words, response_body, wrong_content

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
        raise wrong_content(url, expected=expected, found=f"a web page: “{first_words(head)}”")
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
        raise wrong_content(url, expected=expected, found=found)


def refuse_cut_short(path: Path, kind: Start | None, *, url: str) -> None:
    """Refuse an archive whose table of contents, which stands at its end, is missing."""
    if kind in {"zip", "xlsx", "ods"} and not zipfile.is_zipfile(path):
        raise wrong_content(url, expected=f"{MEANING[kind]}, whole", found="one whose end is missing")


Tell = Callable[[int, int | None], None]
SPAN = re.compile(r"bytes (\d+)-\d+/(\d+)")
LARGEST = 4 * 1024**3
"""Bytes a published file may have (assumption: Open UPRN, the largest wanted, has under a quarter of that)."""
OK, PART, SAME, BEYOND = 200, 206, 304, 416


@dataclass(frozen=True, slots=True)
class Version:
    """The marks by which a server tells whether a file is still the same."""

    etag: str | None = None
    modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Ask for the file only if it has changed."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}

    @property
    def firm(self) -> str | None:
        """Give the mark that vouches for every byte; a weak tag (W/) does not (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file that has arrived: the address that sent it, its version, and whether it came in pieces."""

    url: str
    version: Version
    size: int
    resumed: bool = False


def receive(
    url: str,
    part: Path,
    *,
    client: HttpClient,
    kind: Start | None,
    known: Version | None = None,
    tell: Tell | None = None,
) -> Received | None:
    """Receive a file into `part`, continuing what an earlier try or process has left there.

    Parameters
    ----------
    url
        The publisher's address.
    part
        The half file; beside it, `part` with `.json` added says which version it is of.
    kind
        What the content must be.
    known
        The version that is held already; when it is still current, nothing is received.
    tell
        Told the bytes received and the bytes in all, None when that is not known.

    Returns
    -------
    Received or None
        None when the version held is still current.

    Raises
    ------
    FetchError
        The file cannot be had.
    LayerError
        The disk is full.
    """
    return Transfer(url, part, client=client, kind=kind, known=known, tell=tell).run()


class Transfer:
    """One file on its way; see :func:`receive`."""

    def __init__(
        self, url: str, part: Path, *, client: HttpClient, kind: Start | None, known: Version | None, tell: Tell | None
    ) -> None:
        self.url, self.part, self.client, self.kind, self.known = url, part, client, kind, known
        self.tell = tell or (lambda _received, _total: None)

    def run(self) -> Received | None:
        """Try until the file is whole, unchanged, or cannot be had."""
        return self.client.retry(self._attempt, url=self.url, arrived=lambda: _size(self.part))

    def _attempt(self, left: float) -> Received | None:
        start, version = _left_over(self.part, self.url)
        # Packed on the way, neither the length nor the place to go on from would be that of the file.
        headers = {"Accept-Encoding": "identity"}
        if start and version.firm:
            headers |= {"Range": f"bytes={start}-", "If-Range": version.firm}
        elif self.known is not None:
            headers |= self.known.conditions
        response, final = self.client.request(self.url, left=left, headers=headers)
        with contextlib.closing(response):
            if response.status_code == SAME and self.known is not None:
                return None
            if response.status_code != OK and not _goes_on(response, start, version):
                discard(self.part)
                raise TransientError(f"the answer {response.status_code} does not fit what had arrived")
            try:
                return self._take(response, start if response.status_code == PART else 0, final)
            except FetchError:  # not the file: nothing of it is worth keeping
                discard(self.part)
                raise

    def _take(self, response: requests.Response, start: int, final: str) -> Received:
        plain = "Content-Encoding" not in response.headers
        tags = (response.headers.get("ETag"), response.headers.get("Last-Modified")) if plain else (None, None)
        total = _total(response) if plain else None
        self._refuse_large(total or 0)
        with disk(self.part):
            if start == 0:  # before the mark: killed in between, old bytes would pass for the new version's
                discard(self.part)
            _mark(self.part).write_text(json.dumps([self.url, *tags, total]), encoding="utf-8")
            with self.part.open("r+b" if start else "wb") as file:
                size = file.seek(start)
                file.truncate()
                for chunk in response_body(response, policy=self.client.policy):
                    file.write(chunk)
                    size, before = size + len(chunk), size
                    self._refuse_large(size)
                    if before < HEAD <= size:
                        file.flush()
                        refuse_other(_head(self.part), self.kind, url=final)
                    self.tell(size, total)
                file.flush()
                os.fsync(file.fileno())
        if total is not None and size != total:
            raise TransientError(f"cut short: {size:,} of {total:,} bytes")
        refuse_other(_head(self.part), self.kind, url=final)
        refuse_cut_short(self.part, self.kind, url=final)
        return Received(url=final, version=Version(*tags), size=size, resumed=start > 0)

    def _refuse_large(self, size: int) -> None:
        if size > LARGEST:
            raise wrong_content(self.url, expected=f"a file of at most {LARGEST:,} bytes", found=f"{size:,} or more")


def discard(part: Path) -> None:
    """Remove a half file and what is known of it."""
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)


def _left_over(part: Path, url: str) -> tuple[int, Version]:
    """Tell from which byte a half file can be continued, and which version it is of."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        of, etag, modified, total = json.loads(_mark(part).read_text(encoding="utf-8"))
        version = Version(etag, modified)
        if of == url and version.firm:
            # A file killed at its last byte asks for that byte again: the server then says whether it is the same.
            return max(min(_size(part), total - 1 if total else _size(part)), 0), version
    return 0, Version()


def _goes_on(response: requests.Response, start: int, version: Version) -> bool:
    """Tell whether a partial answer begins where the half file ends, and is of the same version."""
    span = SPAN.fullmatch(response.headers.get("Content-Range", ""))
    same = [
        (response.headers.get("ETag"), version.etag),
        (response.headers.get("Last-Modified"), version.modified),
    ]
    changed = any(now != then for now, then in same if now is not None and then is not None)
    plain = "Content-Encoding" not in response.headers
    return response.status_code == PART and plain and not changed and span is not None and int(span[1]) == start > 0


def _total(response: requests.Response) -> int | None:
    span = SPAN.fullmatch(response.headers.get("Content-Range", "")) if response.status_code == PART else None
    length = span[2] if span else response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _mark(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _head(part: Path) -> bytes:
    with part.open("rb") as file:
        return file.read(HEAD)


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
