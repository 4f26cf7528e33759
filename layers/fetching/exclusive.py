"""One process at a time, by a lock that the system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from layers.fetching.disk import disk
from layers.fetching.manner import Manner

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
def locked(path: Path, *, watched: Path, manner: Manner) -> Iterator[bool]:
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
        yield _wait(descriptor, watched, manner)
    finally:
        os.close(descriptor)  # which lets go of the lock


def _wait(descriptor: int, watched: Path, manner: Manner) -> bool:
    seen, since = _state(watched), manner.clock()
    while True:
        try:
            _take(descriptor)
        except (BlockingIOError, PermissionError):  # held: the one on Linux and macOS, the other on Windows
            now = _state(watched)
            if now != seen:
                seen, since = now, manner.clock()
            if manner.clock() - since >= STUCK:
                return False
            manner.sleep(PAUSE)
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
