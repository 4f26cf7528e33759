"""The disk's own refusals as messages, and a rename that overwrites in one step on every system.

One process at a time, by a lock that the system lets go of when its holder ends, however it ends.

The cache of fetched files: kept by content, so that a name never stands for other bytes than it did.

`objects/<sha256>/<name>` holds verified files, `index/<key>.json` what each address gave and when, `incoming/` what
is under way, and `by-hand/` files a person has put there. Two processes may use one cache: every record and file gets
its name in one step (`os.replace`), and only one process at a time works on an address. That is seen to by a lock of
the system's on a small file, because the system itself lets go of it when a process is killed: no lock is ever stale.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from layers.catalogue import Address
from layers.errors import LayerError
from layers.fetch.client import RetryPolicy
from layers.intake.files import sha256

FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""No space, no more for this user, or more than the disk's format takes in one file."""
BUSY_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between tries while a virus scanner holds a new file on Windows (assumption)."""


@contextlib.contextmanager
def disk(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into one message.

    Raises
    ------
    LayerError
        The disk is full, or the folder may not be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise LayerError(
                "The disk is full.",
                file=place,
                expected="room for the file that is being fetched",
                found=error.strerror or "no space left",
                next_step="free some space, or choose a cache folder on another disk, and run the same command again; "
                "it goes on from what has arrived where the publisher allows",
            ) from error
        raise LayerError(
            "The cache folder cannot be used.",
            file=place,
            expected="a folder that may be written",
            found=error.strerror or str(error),
            next_step="choose another cache folder, or ask for the right to write to this one",
        ) from error


def rename(source: Path, place: Path) -> None:
    """Give a file its name, in place of what had it, in one step."""
    if sys.platform == "win32":
        for pause in BUSY_PAUSES:
            try:
                source.replace(place)
            except PermissionError:
                time.sleep(pause)
            else:
                return
    source.replace(place)


if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PAUSE = 0.2
"""Seconds between looks at whether the other process is done (assumption)."""
STUCK = 120.0
"""Seconds without a new byte after which the other process is not waited for any more.

Assumption: twice what a live fetch needs before it gives up on an unreachable host.
"""


@contextlib.contextmanager
def locked(path: Path, *, watched: Path, policy: RetryPolicy) -> Iterator[bool]:
    """Hold a lock while the block runs; wait for another process as long as its work goes on.

    Parameters
    ----------
    path
        The lock's file; it stays, empty, since removing it while another waits would let two in.
    watched
        The folder the holder writes to.

    Yields
    ------
    bool
        False when the lock cannot be had: the holder is stuck, or the file system knows no locks.
    """
    with disk(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _wait(descriptor, watched, policy)
    finally:
        os.close(descriptor)  # which lets go of the lock


def _wait(descriptor: int, watched: Path, policy: RetryPolicy) -> bool:
    seen, since = _state(watched), policy.clock()
    while True:
        try:
            _take(descriptor)
        except (BlockingIOError, PermissionError):  # held: the one on Linux and macOS, the other on Windows
            now = _state(watched)
            if now != seen:
                seen, since = now, policy.clock()
            if policy.clock() - since >= STUCK:
                return False
            policy.sleep(PAUSE)
        except OSError:  # some network folders know no locks
            return False
        else:
            return True


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _state(folder: Path) -> list[tuple[str, int]]:
    """List the files of a folder with their sizes, which grow while work goes on."""
    with contextlib.suppress(OSError):  # a file may go while it is looked at
        return [(path.name, path.stat().st_size) for path in sorted(folder.rglob("*"))]
    return []


log = logging.getLogger("notspot")
DIGITS = re.compile("[0-9a-f]{64}")
ABANDONED = 24 * 3600.0
"""Seconds after which a private folder is taken for a killed process's (assumption: no file takes a day)."""


@dataclass(frozen=True, slots=True)
class Record:
    """What an address gave.

    Parameters
    ----------
    url
        The publisher's address that answered.
    sha256, size
        Of the content; the size in bytes.
    fetched
        UTC, ISO 8601.
    asked
        The address asked in the end: a listing's file, before redirects.
    etag, modified
        The server's marks of this version.
    """

    url: str
    sha256: str
    size: int
    fetched: str
    asked: str = ""
    etag: str | None = None
    modified: str | None = None


class Store:
    """A cache folder.

    Parameters
    ----------
    root
        The folder; made when something is first kept.
    note
        Told, in a sentence, what a person should know.
    """

    def __init__(self, root: Path, *, note: Callable[[str], None] | None = None) -> None:
        self.root = root
        self.note = note or log.warning

    def by_hand(self, address: Address) -> Path:
        """Name the place where a person may put the file."""
        return self.root / "by-hand" / address.file_name

    def record(self, address: Address) -> Record | None:
        """Give what the address gave last; None when that is not known or not readable."""
        try:
            said = json.loads(self._index(address).read_text(encoding="utf-8"))
            record = Record(**said)
        except (OSError, ValueError, TypeError):
            return None
        texts = [record.url, record.sha256, record.fetched]
        good = all(isinstance(text, str) for text in texts) and isinstance(record.size, int)
        return record if good else None

    def remember(self, address: Address, record: Record) -> None:
        """Write down what an address gave, in one step."""
        place = self._index(address)
        with disk(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            draft = place.with_name(f"{place.name}.{os.getpid()}-{secrets.token_hex(4)}")
            draft.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
            rename(draft, place)

    def find(self, digest: str, name: str) -> Path | None:
        """Give the kept file of this content under this name, after checking its bytes.

        A file whose bytes have changed is thrown away and said.
        """
        folder = self.root / "objects" / digest
        if not DIGITS.fullmatch(digest) or not folder.is_dir():
            return None
        wanted = folder / name
        for held in sorted(folder.iterdir(), key=lambda path: path.name != name):
            if not held.is_file():
                continue
            if sha256(held) != digest:
                self.note(f"{held} no longer holds what was fetched; it is thrown away and will be fetched again")
                held.unlink(missing_ok=True)
            elif held == wanted:
                return held
            else:  # the same content, known by another name
                return self.keep(held, digest, name, copy=True)
        return None

    def keep(self, source: Path, digest: str, name: str, *, copy: bool = False) -> Path:
        """Give a verified file its name among the objects, in one step."""
        place = self.root / "objects" / digest / name
        with disk(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            if copy:
                draft = self.root / "incoming" / f"copy-{os.getpid()}-{secrets.token_hex(4)}"
                draft.parent.mkdir(parents=True, exist_ok=True)
                try:
                    shutil.copyfile(source, draft)
                    rename(draft, place)
                finally:
                    draft.unlink(missing_ok=True)
            else:
                rename(source, place)
        return place

    @contextlib.contextmanager
    def staging_folder(self, address: Address, policy: RetryPolicy) -> Iterator[Path]:
        """Yield the folder in which an address's file is put together, to one process at a time.

        What is half done stays for the next one, unless the system has no locks here: then each has a folder of its
        own, which goes with it.
        """
        incoming = self.root / "incoming"
        folder = incoming / address.key[:16]
        with disk(incoming):
            incoming.mkdir(parents=True, exist_ok=True)
            self._tidy(incoming)
        with locked(folder.with_suffix(".lock"), watched=folder, policy=policy) as ours:
            room = folder if ours else incoming / f"{folder.name}-{os.getpid()}-{secrets.token_hex(4)}"
            with disk(room):
                room.mkdir(exist_ok=True)
            try:
                yield room
            finally:
                if not ours or not any(room.glob("*.part")):
                    shutil.rmtree(room, ignore_errors=True)

    def _index(self, address: Address) -> Path:
        return self.root / "index" / f"{address.key}.json"

    @staticmethod
    def _tidy(incoming: Path) -> None:
        for left in list(incoming.glob("*-*-*")):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > ABANDONED:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
