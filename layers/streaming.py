"""A large file read piece by piece, so that it never stands in memory as a whole; counted like any other."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from layers.files import RATIO, SMALL, TOTAL, checked_members, chosen_members
from layers.opening import opened, unsafe


class Counted(io.RawIOBase):
    """A stream that ends in a clear message as soon as more comes out of it than may.

    Parameters
    ----------
    stream
        What is read.
    file
        For messages.
    packed
        Bytes it takes when packed; None where it is not.
    """

    def __init__(self, stream: IO[bytes], *, file: Path, packed: int | None = None) -> None:
        super().__init__()
        self._stream, self._file, self._packed = stream, file, packed
        self._count = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes, none at the end."""
        content = self._stream.read(size)
        self._count += len(content)
        if self._count > TOTAL.value:
            raise unsafe("The file is too large.", file=self._file, limit=TOTAL, found="more than that")
        if self._packed is not None and self._count > max(RATIO.value * self._packed, SMALL.value):
            found = f"over {self._count:,} bytes from {self._packed:,}"
            raise unsafe(
                "The file swells far more than published data does.", file=self._file, limit=RATIO, found=found
            )
        return content


@contextmanager
def streamed(path: Path, *, member: str | None = None) -> Iterator[Counted]:
    """Open a plain file, a `.gz` or one member of a `.zip` as a stream.

    Parameters
    ----------
    path, member
        As for :func:`layers.files.read_bytes`, without ``!``.

    Raises
    ------
    LayerError
        As for :func:`layers.files.read_bytes`, also while it is read.
    """
    with opened(path) as file:
        packed = path.stat().st_size
        kind = path.suffix.lower()
        if kind == ".zip":
            with zipfile.ZipFile(file) as archive:
                infos = checked_members(archive, file=path, packed=packed)
                (info,) = chosen_members(infos, member, file=path, many=False)
                with archive.open(info) as stream:
                    yield Counted(stream, file=path, packed=info.compress_size)
        elif kind == ".gz":
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield Counted(unpacked, file=path, packed=packed)  # type: ignore[arg-type]
        else:
            yield Counted(file, file=path)
