"""Opening a file: every way it can fail becomes one message."""

from __future__ import annotations

import errno
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from layers.errors import LayerError, UnsafeFileError

BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError)
"""What the standard library raises for bytes that are not what they claim to be."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that is opened without a person looking first."""

    value: int
    unit: str
    meaning: str
    source: str


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open an ordinary file and turn every way it can fail into one message."""
    found, next_step = "nothing of that name", "check the spelling in the study file, or fetch the file first"
    try:
        # A pipe or a device would never end, and Windows answers "permission denied" for a folder: ask first.
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb") as file:
                yield file
            return
        found = "a folder" if stat.S_ISDIR(mode) else "a pipe, socket or device"
        next_step = "name the file itself"
        cause: Exception | None = None
    except FileNotFoundError as error:
        cause = error
    except (NotImplementedError, RuntimeError, OSError, *BROKEN) as error:  # the first two: a method zipfile lacks
        # bz2 raises a bare OSError for bad bytes, and a false offset is an invalid seek: neither is the disk's fault.
        if not isinstance(error, OSError) or error.errno in {None, errno.EINVAL}:
            raise unsafe("The file is broken, cut short or oddly packed.", file=path, found=str(error)) from error
        cause, found = error, error.strerror or str(error)
        next_step = "close other programs that hold the file, check the right to read it and the disk, then try again"
    raise LayerError(
        "The file cannot be read.", file=path, expected="a file", found=found, next_step=next_step
    ) from cause


def unsafe(
    what: str,
    *,
    file: Path,
    found: str,
    expected: str = "a whole, plain file as its publisher sent it",
    limit: Limit | None = None,
) -> UnsafeFileError:
    """Word the refusal of a file; a limit says itself what was expected."""
    if limit is not None:
        expected = f"at most {limit.value:,} {limit.unit} ({limit.meaning})"
    next_step = "download the file again from its publisher; if it is really like this, unpack and check it by hand"
    return UnsafeFileError(what, file=file, expected=expected, found=found, next_step=next_step)
