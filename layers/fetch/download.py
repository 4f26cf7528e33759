"""A file on its way from a publisher by whatever way it is asked for, until all of it stands in the half file.

Fetching a published file: verified, resumable, cached by content, and usable without a network afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from layers.catalogue import Address
from layers.errors import LayerError
from layers.fetch import publishers
from layers.fetch.cache import Record, Store, disk
from layers.fetch.client import FetchError, HttpClient, RetryPolicy, wrong_content
from layers.fetch.publishers import Attachment, only_one
from layers.fetch.transfer import (
    HEAD,
    Received,
    Tell,
    Version,
    discard,
    kind_of,
    receive,
    refuse_cut_short,
    refuse_other,
)
from layers.intake.files import sha256


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
    address: Address, part: Path, *, client: HttpClient, wanted: str | None, known: Record | None, tell: Tell | None
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
        service = publishers.collect(address, part, client=client, tell=tell)
        return Arrival(service, service, Version(), sha256(part), part.stat().st_size)
    source = Attachment(address.url, address.file_name)
    if address.way != "file":
        source = only_one(offered_files(address, client), address.attachment, url=address.url)
    while True:
        received = _receive(address, source, part, client, known, tell)
        digest = sha256(part)
        sound = wanted in {None, digest} and source.md5 in {None, _md5(part)}
        if sound or not received.resumed:
            break
        discard(part)  # pieces of two versions may have been joined: once more from the start
    if source.md5 not in {None, found := _md5(part)}:
        discard(part)
        raise wrong_content(received.url, expected=f"a file with the MD5 {source.md5}, as listed", found=f"{found}")
    return Arrival(source.url, received.url, received.version, digest, received.size)


def offered_files(address: Address, client: HttpClient) -> list[Attachment]:
    """List the files that an address's publisher offers there.

    Raises
    ------
    FetchError
        When the list cannot be had, or the address leads to a file and not to a list.
    """
    if address.way == "govuk_attachment":
        return publishers.attachments_of(address.url, client=client)
    if address.way == "os_download":
        return publishers.files_of(address.url, client=client)
    raise FetchError(
        "This address has no list of files.",
        file=address.url,
        expected="a page of GOV.UK or a product of Ordnance Survey",
        found=f"the way “{address.way}”",
        next_step="fetch the file itself",
    )


def _receive(
    address: Address, source: Attachment, part: Path, client: HttpClient, known: Record | None, tell: Tell | None
) -> Received:
    current = Version(known.etag, known.modified) if known is not None and known.asked == source.url else None
    received = receive(source.url, part, client=client, kind=kind_of(address), known=current, tell=tell)
    if received is None:
        raise UnchangedError
    return received


def _md5(path: Path) -> str:
    with path.open("rb") as file:  # the publisher's check against damage on the way, not against forgery
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A published file that is at hand.

    Parameters
    ----------
    path
        Where it is; its bytes have just been checked against `sha256`.
    sha256, size
        Of its bytes; 64 hexadecimal digits, and how many.
    url
        The publisher's address that sent it, after redirects.
    fetched
        When it was received: UTC, ISO 8601.
    from_cache
        Nothing was received this time.
    """

    path: Path
    sha256: str
    size: int
    url: str
    fetched: str
    from_cache: bool


def fetch_file(
    address: Address,
    *,
    cache: Path,
    expected: str | None = None,
    offline: bool = False,
    refresh: bool = False,
    mirror: str | None = None,
    tell: Tell | None = None,
    note: Callable[[str], None] | None = None,
    policy: RetryPolicy | None = None,
) -> Fetched:
    """Give a published file, from the cache or from its publisher.

    Parameters
    ----------
    address
        Where it is.
    cache
        The folder of fetched files, shared by studies; it may be deleted at any time.
    expected
        The SHA-256 it must have, as a lock file has it; the address's own, when left out.
    offline
        Never ask the network.
    refresh
        Ask the publisher even when the file is at hand; an unchanged file is not sent again.
    mirror
        A base address that stands for all publishers: `https://www.ofcom.org.uk/a` is asked for at
        `MIRROR/www.ofcom.org.uk/a`.
    tell
        Told the bytes received and the bytes in all (None when not known), as they come.
    note
        Told, in a sentence, what a person should know: a damaged file in the cache, a file put there by hand.
    policy
        How patient to be, and the program's name for servers.

    Raises
    ------
    LayerError
        When the file cannot be had, is not what it should be, or the disk refuses; with what to do next. Nothing
        that was good is lost.
    """
    store = Store(cache, note=note)
    policy = replace(policy or RetryPolicy(), mirror=mirror)
    wanted = expected or address.sha256
    held = _held(address, store, wanted)
    if held is not None and (offline or not refresh):
        return held
    if (given := _by_hand(address, store, wanted, held, policy)) is not None:
        return given
    if offline:
        raise _not_at_hand(address, store)
    with store.staging_folder(address, policy) as room:
        before, held = held, _held(address, store, wanted)
        if held is not None and (not refresh or held != before):  # another process has just fetched it
            return held
        try:
            return _fetch(address, room, store=store, wanted=wanted, held=held, tell=tell, policy=policy)
        except FetchError as error:
            error.parts["next"] = f"{error.parts['next']}; or save the file by hand as {store.by_hand(address)}"
            if mirror is not None:
                error.parts["found"] = f"{error.parts['found']} (asked of the mirror {mirror})"
            raise


def attachments(address: Address, *, mirror: str | None = None, policy: RetryPolicy | None = None) -> list[Attachment]:
    """List the files an address of GOV.UK or of Ordnance Survey's downloads offers.

    Raises
    ------
    LayerError
        When the list cannot be had, or the address has no list.
    """
    with HttpClient(replace(policy or RetryPolicy(), mirror=mirror), landing=address.landing) as client:
        return offered_files(address, client)


def _held(address: Address, store: Store, wanted: str | None) -> Fetched | None:
    """Give what the cache holds for an address: the content wanted, or else what the address gave last."""
    record = store.record(address)
    digest = wanted or (record.sha256 if record else None)
    path = store.find(digest, address.file_name) if digest else None
    if digest is None or path is None:
        return None
    about = path.stat()
    when = datetime.fromtimestamp(about.st_mtime, UTC).isoformat(timespec="seconds")
    known = record if record and record.sha256 == digest else Record(address.url, digest, about.st_size, when)
    return Fetched(path, digest, about.st_size, known.url, known.fetched, from_cache=True)


def _by_hand(
    address: Address, store: Store, wanted: str | None, held: Fetched | None, policy: RetryPolicy
) -> Fetched | None:
    """Take over a file that a person has put in place, unless what is held is newer."""
    path = store.by_hand(address)
    if not path.is_file():
        return None
    # In whole seconds, as records have it, or a file just taken over would seem newer than itself.
    when = datetime.fromtimestamp(int(max(path.stat().st_mtime, path.stat().st_ctime)), UTC)
    if held is not None and when <= datetime.fromisoformat(held.fetched):
        return None
    with path.open("rb") as file:
        refuse_other(file.read(HEAD), kind_of(address), url=str(path))
    refuse_cut_short(path, kind_of(address), url=str(path))
    digest = sha256(path)
    if wanted not in {None, digest}:
        raise _changed(path, expected=str(wanted), found=digest)
    store.note(f"{address.file_name} is the file put by hand at {path}")
    kept = store.keep(path, digest, address.file_name, copy=True)
    mark = Record(url=address.url, sha256=digest, size=kept.stat().st_size, fetched=_timestamp(policy))
    store.remember(address, mark)
    return Fetched(kept, digest, mark.size, mark.url, mark.fetched, from_cache=False)


def _fetch(
    address: Address,
    room: Path,
    *,
    store: Store,
    wanted: str | None,
    held: Fetched | None,
    tell: Tell | None,
    policy: RetryPolicy,
) -> Fetched:
    """Receive a file in a folder of its own, have it verified, and keep it."""
    part = room / "body.part"
    record = store.record(address)
    known = record if held is not None and record is not None and record.sha256 == held.sha256 else None
    try:
        with disk(part), HttpClient(policy, landing=address.landing) as client:
            arrival = arrive(address, part, client=client, wanted=wanted, known=known, tell=tell)
    except UnchangedError:
        if held is None:
            raise
        return held
    if wanted not in {None, arrival.sha256}:
        discard(part)
        raise _changed(address.url, expected=str(wanted), found=arrival.sha256)
    path = store.keep(part, arrival.sha256, address.file_name)
    discard(part)
    mark = Record(
        url=arrival.url,
        sha256=arrival.sha256,
        size=arrival.size,
        fetched=_timestamp(policy),
        asked=arrival.asked,
        etag=arrival.version.etag,
        modified=arrival.version.modified,
    )
    store.remember(address, mark)
    return Fetched(path, mark.sha256, mark.size, mark.url, mark.fetched, from_cache=False)


def _changed(place: object, *, expected: str, found: str) -> LayerError:
    return LayerError(
        "The file is not the one that was fetched before: its SHA-256 differs.",
        file=place,
        expected=expected,
        found=found,
        next_step="the publisher may have corrected it: see what changed and take it with: fetch --update",
    )


def _not_at_hand(address: Address, store: Store) -> FetchError:
    return FetchError(
        "The file has not been fetched yet, and the network is not to be used.",
        file=address.url,
        expected=f"{address.file_name} in the cache {store.root}",
        found="nothing",
        next_step=f"run the same command once without --offline; or save the file by hand as {store.by_hand(address)}",
    )


def _timestamp(policy: RetryPolicy) -> str:
    return policy.now().astimezone(UTC).isoformat(timespec="seconds")
