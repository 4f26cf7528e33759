"""A file on its way from a publisher by whatever way it is asked for, until all of it stands in the half file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from layers.fetching import arcgis, govuk, osdownloads
from layers.fetching.address import Address
from layers.fetching.faults import FetchError, not_that_kind
from layers.fetching.kinds import kind_of
from layers.fetching.listing import Attachment, only_one
from layers.fetching.session import Asker
from layers.fetching.store import Record
from layers.fetching.transfer import Received, Tell, Version, discard, receive
from layers.files import sha256


@dataclass(frozen=True, slots=True)
class Arrival:
    """A whole file: the address asked in the end, the one that answered, the version, and the content's SHA-256."""

    asked: str
    url: str
    version: Version
    sha256: str
    size: int


class UnchangedError(Exception):
    """The publisher says that what is held is still current."""


def arrive(
    address: Address, part: Path, *, asker: Asker, wanted: str | None, known: Record | None, tell: Tell | None
) -> Arrival:
    """Receive what an address asks for into `part`.

    Parameters
    ----------
    wanted
        The SHA-256 it should have; another one is not an error here, but makes pieces of two versions be noticed.
    known
        What is held already, so that it is not sent again.

    Raises
    ------
    UnchangedError
        What is held is still current.
    FetchError
        The file cannot be had.
    """
    if address.way in {"arcgis_outlines", "arcgis_table"}:
        service = arcgis.collect(address, part, asker=asker, tell=tell)
        return Arrival(service, service, Version(), sha256(part), part.stat().st_size)
    source = Attachment(address.url, address.file_name)
    if address.way != "file":
        source = only_one(listed(address, asker), address.attachment, url=address.url)
    while True:
        received = _receive(address, source, part, asker, known, tell)
        digest = sha256(part)
        sound = wanted in {None, digest} and source.md5 in {None, _md5(part)}
        if sound or not received.resumed:
            break
        discard(part)  # pieces of two versions may have been joined: once more from the start
    if source.md5 not in {None, found := _md5(part)}:
        discard(part)
        raise not_that_kind(received.url, expected=f"a file with the MD5 {source.md5}, as listed", found=f"{found}")
    return Arrival(source.url, received.url, received.version, digest, received.size)


def listed(address: Address, asker: Asker) -> list[Attachment]:
    """List the files that an address's publisher offers there.

    Raises
    ------
    FetchError
        When the list cannot be had, or the address leads to a file and not to a list.
    """
    if address.way == "govuk_attachment":
        return govuk.attachments_of(address.url, asker=asker)
    if address.way == "os_download":
        return osdownloads.files_of(address.url, asker=asker)
    raise FetchError(
        "This address has no list of files.",
        file=address.url,
        expected="a page of GOV.UK or a product of Ordnance Survey",
        found=f"the way “{address.way}”",
        next_step="fetch the file itself",
    )


def _receive(
    address: Address, source: Attachment, part: Path, asker: Asker, known: Record | None, tell: Tell | None
) -> Received:
    current = Version(known.etag, known.modified) if known is not None and known.asked == source.url else None
    received = receive(source.url, part, asker=asker, kind=kind_of(address), known=current, tell=tell)
    if received is None:
        raise UnchangedError
    return received


def _md5(path: Path) -> str:
    with path.open("rb") as file:  # the publisher's check against damage on the way, not against forgery
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
