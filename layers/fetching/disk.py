"""The disk's own refusals as messages, and a rename that overwrites in one step on every system."""

from __future__ import annotations

import contextlib
import errno
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from layers.errors import LayerError

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
