"""The lock file beside a fetched study: what each file is, whence and since when, so that it stays the same.

A publisher may put another file at the same address. What was fetched first is what later fetches must give, until
someone asks for what is new (``fetch --update``) and sees what has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from layers.errors import LayerError, visible
from layers.fetch.download import Fetched
from layers.fetch.plan import Item
from layers.intake.files import sha256

NAME = "study.lock.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One file of a study.

    Attributes
    ----------
    release, title, publisher, licence
        From the catalogue.
    address, asked
        Where it was asked for, and a hash of the whole question (rows and columns included).
    sent_from
        The address that sent it, after redirects.
    sha256, size, fetched
        Its content, bytes, and when it was received (UTC).
    member
        Which file of a zip is read, if one is.
    """

    release: str
    title: str
    publisher: str
    licence: str
    address: str
    asked: str
    sent_from: str
    sha256: str
    size: int
    fetched: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """What a study was fetched as.

    Attributes
    ----------
    request
        Places, release and kinds, as they were asked for.
    files
        File name → what it is; sorted by name when written.
    missing
        Titles of what could not be had, and why.
    study_sha256
        Of the study file as it was written, so that a person's changes are seen.
    """

    request: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, LockEntry] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    study_sha256: str = ""

    def expected(self, item: Item) -> str | None:
        """Give the SHA-256 a file must have; None when it is new to the study, or other rows of it are asked for."""
        entry = self.files.get(item.address.file_name)
        return entry.sha256 if entry is not None and entry.asked == item.address.key else None

    def text(self) -> str:
        """Write it as JSON: the same content gives the same bytes."""
        content = {
            "lock_version": VERSION,
            "request": dict(self.request),
            "study_sha256": self.study_sha256,
            "files": {name: asdict(self.files[name]) for name in sorted(self.files)},
            "missing": {name: self.missing[name] for name in sorted(self.missing)},
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is not what it was: new, gone, or another content under the same name."""

    file: str
    before: LockEntry | None
    after: LockEntry | None


def entry_of(item: Item, fetched: Fetched, *, member: str | None, before: LockEntry | None) -> LockEntry:
    """Record a fetched file; the same content keeps the date and the address it was first recorded with."""
    source = item.release.source
    entry = LockEntry(
        release=item.release.key,
        title=item.release.title,
        publisher=source.publisher,
        licence=source.licence,
        address=item.address.url,
        asked=item.address.key,
        sent_from=fetched.url,
        sha256=fetched.sha256,
        size=fetched.size,
        fetched=fetched.fetched,
        member=member,
    )
    if before is not None and before.sha256 == entry.sha256:
        return replace(entry, sent_from=before.sent_from, fetched=before.fetched)
    return entry


def read_lock(folder: Path) -> Lock:
    """Read the lock of a study's folder; an empty one where there is none.

    Raises
    ------
    LayerError
        When it is broken, or of a newer version of this program.
    """
    path = folder / NAME
    if not path.exists():
        return Lock()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["lock_version"]
        if version == VERSION:
            files = {str(name): LockEntry(**entry) for name, entry in content["files"].items()}
            return Lock(content["request"], files, content["missing"], content["study_sha256"])
        found = f"version {visible(str(version))}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        found = visible(f"{type(error).__name__}: {error}")[:120]
    raise LayerError(
        "The study's lock file cannot be read.",
        file=path,
        expected=f"a lock file of version {VERSION}, as fetch writes it",
        found=found,
        next_step="fetch into another folder with --out, or put the file back as it was",
    )


def is_edited(folder: Path, lock: Lock) -> bool:
    """Tell whether a person has changed, or taken away, the study file that was fetched with that lock."""
    study = folder / "study.toml"
    return bool(lock.study_sha256) and (not study.is_file() or sha256(study) != lock.study_sha256)


def changes(before: Lock, after: Lock) -> list[Change]:
    """List what differs between two locks, by file name."""
    names = sorted({*before.files, *after.files})
    pairs = [(name, before.files.get(name), after.files.get(name)) for name in names]
    return [
        Change(name, old, new)
        for name, old, new in pairs
        if old is None or new is None or (old.sha256, old.member) != (new.sha256, new.member)
    ]


def text_sha256(text: str) -> str:
    """Give the SHA-256 of a text as UTF-8.

    >>> text_sha256("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode()).hexdigest()
