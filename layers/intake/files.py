"""Opening a file: every way it can fail becomes one message.

Reading a published file safely: plain, gzipped, or one member of a zip; in memory, nothing is unpacked to disk.

A broken or hostile file ends in one clear message before it fills the memory. What an archive says about its own
sizes is believed only to refuse it early: the bytes themselves are counted while they are read.

A large file read piece by piece, so that it never stands in memory as a whole; counted like any other.
"""

from __future__ import annotations

import errno
import fnmatch
import gzip
import hashlib
import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from layers.errors import LayerError, UnsafeFileError, examples

BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError)
"""What the standard library raises for bytes that are not what they claim to be."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that is opened without a person looking first."""

    value: int
    unit: str
    meaning: str
    source: str


KEPT_EACH = Limit(16 * 1024**2, "bytes", "largest file kept while a study is read", "assumption: small beside memory")
KEPT_ALL = Limit(64 * 1024**2, "bytes", "all files kept while a study is read", "assumption: small beside memory")


@dataclass(slots=True)
class _Kept:
    """What is known of the files of a study while it is read: their bytes, where they are few, and their hashes."""

    contents: dict[Path, bytes] = field(default_factory=dict)
    digests: dict[Path, str] = field(default_factory=dict)

    def read(self, path: Path, file: IO[bytes]) -> IO[bytes]:
        """Keep a file's bytes where there is room for them, and give what is to be read in its place."""
        size = path.stat().st_size
        if size > min(KEPT_EACH.value, KEPT_ALL.value - sum(map(len, self.contents.values()))):
            return file
        self.contents[path] = file.read()
        return io.BytesIO(self.contents[path])


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def opened_once() -> Iterator[None]:
    """Open and hash each file once, however often it is asked for, until the block ends.

    A file over `KEPT_EACH`, or one for which `KEPT_ALL` leaves no room, is hashed once and opened again for each use,
    so that memory does not grow with the files.
    """
    if _KEPT.get() is not None:
        yield
        return
    token = _KEPT.set(_Kept())
    try:
        yield
    finally:
        _KEPT.reset(token)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open an ordinary file and turn every way it can fail into one message."""
    kept = _KEPT.get()
    found, next_step = "nothing of that name", "check the spelling in the study file, or fetch the file first"
    try:
        # A pipe or a device would never end, and Windows answers "permission denied" for a folder: ask first.
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            if kept is not None and path in kept.contents:
                yield io.BytesIO(kept.contents[path])
                return
            with path.open("rb") as file:
                yield file if kept is None else kept.read(path, file)
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


MEMBERS = Limit(10_000, "members", "files listed in one archive", "assumption: OS Terrain 50 has about 2,900 tiles")
RATIO = Limit(200, "times", "bytes out for each byte packed", "assumption: text packs 5 to 50 times, a bomb 1,000")
SMALL = Limit(1024**2, "bytes", "may swell by any ratio", "OS Terrain 50: a tile of open sea packs 246 times")
TOTAL = Limit(4 * 1024**3, "bytes", "one file, or all members together", "assumption: it has to fit in memory")
NESTED = "!"
TABLES = (".csv", ".txt")
"""Endings of a table, where a layer may be outlines instead."""
CHUNK = 1024 * 1024
"""Bytes read between two counts (assumption: large enough to be quick, small against the limits)."""


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


def read_bytes(path: Path, *, member: str | None = None) -> bytes:
    """Read a published file, whatever it is wrapped in.

    Parameters
    ----------
    path
        A plain file, a `.gz` that holds one file, or a `.zip`.
    member
        Which file of a `.zip`: its exact name, or a pattern such as `*_oa_coverage_*.csv` that matches exactly one
        (`*` crosses folders). May be left out when the `.zip` holds one file only. A `!` steps into a zip inside.

    Returns
    -------
    bytes
        The content, never empty.

    Raises
    ------
    UnsafeFileError
        The file is broken, empty, encrypted or beyond `MEMBERS`, `RATIO` or `TOTAL`.
    LayerError
        The file is missing, not an ordinary file or not permitted, or `member` does not name exactly one file.
    """
    kind = path.suffix.lower()
    if member is not None and kind != ".zip":
        raise LayerError(
            "A member is asked for, but the file is not a zip.",
            file=path,
            expected=f"a .zip holding “{member}”",
            found=f"a file ending in “{kind}”",
            next_step="leave the member out, or name the .zip",
        )
    with opened(path) as file:
        packed = path.stat().st_size
        if packed == 0:
            content = b""
        elif kind == ".zip":
            content = b"".join(part for _, part in _members(file, packed, member, file=path, many=False))
        elif kind == ".gz":
            with gzip.GzipFile(fileobj=file) as stream:
                content = _counted(stream, file=path, packed=packed)
        else:
            content = _counted(file, file=path)
    if not content:
        raise unsafe("The file is empty.", file=path, expected="at least one byte", found="0 bytes")
    return content


def read_parts(path: Path, *, member: str) -> list[tuple[str, bytes]]:
    """Read every member of a `.zip` that a pattern matches, in the order of their names.

    Parameters
    ----------
    path
        A `.zip`.
    member
        A pattern such as `*_pc_coverage_*.zip!postcode_files/*.csv`; what stands before a `!` is a zip inside the zip.

    Returns
    -------
    list of (str, bytes)
        The members' names and contents; at least one.
    """
    with opened(path) as file:
        return sorted(_members(file, path.stat().st_size, member, file=path, many=True))


def names_of(path: Path, *, member: str | None = None) -> list[str]:
    """Name what a file and a member or pattern of it mean: the file, archives inside it, and last the members.

    Returns
    -------
    list of str
        The file's own name alone, when it is not a `.zip`.
    """
    if path.suffix.lower() != ".zip":
        return [path.name]
    with opened(path) as file:
        return [path.name, *_names(file, path.stat().st_size, member, file=path)]


def is_table(path: Path, *, member: str | None = None) -> bool:
    """Tell a table from outlines by the name of the file, or of the one meant in a zip."""
    return names_of(path, member=member)[-1].lower().removesuffix(".gz").endswith(TABLES)


def _names(stream: IO[bytes], packed: int, member: str | None, *, file: Path) -> Iterator[str]:
    outer, _, inner = (member or "").partition(NESTED)
    with zipfile.ZipFile(stream) as archive:
        for info in chosen_members(
            checked_members(archive, file=file, packed=packed), outer or None, file=file, many=not inner
        ):
            yield info.filename
            if inner:
                with archive.open(info) as packed_stream:
                    content = _counted(packed_stream, file=file, packed=info.compress_size, name=info.filename)
                yield from _names(io.BytesIO(content), len(content), inner, file=file)


def _members(
    stream: IO[bytes], packed: int, member: str | None, *, file: Path, many: bool
) -> Iterator[tuple[str, bytes]]:
    """Give the members meant, stepping into an archive inside the archive at each `!`."""
    outer, _, inner = (member or "").partition(NESTED)
    with zipfile.ZipFile(stream) as archive:
        infos = checked_members(archive, file=file, packed=packed)
        for info in chosen_members(infos, outer or None, file=file, many=many and not inner):
            with archive.open(info) as packed_stream:
                content = _counted(packed_stream, file=file, packed=info.compress_size, name=info.filename)
            if inner:
                yield from _members(io.BytesIO(content), len(content), inner, file=file, many=many)
            else:
                yield info.filename, content


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's own bytes (the archive's, not its members') as 64 hexadecimal digits.

    Raises
    ------
    LayerError
        The file is missing, not an ordinary file or not permitted.
    """
    kept = _KEPT.get()
    if kept is not None and path in kept.digests:
        return kept.digests[path]
    with opened(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any stream of bytes will do
    if kept is not None:
        kept.digests[path] = digest
    return digest


def checked_members(archive: zipfile.ZipFile, *, file: Path, packed: int) -> list[zipfile.ZipInfo]:
    """Return an archive's files once its table of contents is known to be harmless.

    All of it is judged, not only the member wanted: an archive with one hostile entry is not what its publisher sent.
    """
    infos = archive.infolist()
    if len(infos) > MEMBERS.value:
        raise unsafe("The archive lists too many files.", file=file, limit=MEMBERS, found=f"{len(infos):,}")
    for info in infos:
        fault = _fault(info)
        if fault:
            found = f"“{info.orig_filename}”: {fault}"
            raise unsafe("The archive holds an entry that is not opened.", file=file, found=found)
    total = sum(info.file_size for info in infos)
    if total > TOTAL.value:
        raise unsafe("The archive is too large when unpacked.", file=file, limit=TOTAL, found=f"{total:,}")
    # Entries that overlap or overstate their size would make a small bomb look like a large archive.
    claimed = sum(info.compress_size for info in infos)
    if claimed > packed:
        found = f"{claimed:,} bytes in {packed:,}"
        raise unsafe("The archive's entries claim more than it holds.", file=file, found=found)
    return [info for info in infos if not info.is_dir()]


def _fault(info: zipfile.ZipInfo) -> str | None:
    """Say what is wrong with one entry of an archive, or None."""
    # Windows takes both strokes as separators, so both are judged everywhere.
    name = info.orig_filename.replace("\\", "/")
    if ".." in name.split("/"):
        return "its path leaves the archive (..)"
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "its path starts at a disk, not in the archive"
    if not name or not name.isprintable():
        return "its name is empty or holds control characters"
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "a link or device, not a file"
    return "encrypted" if info.flag_bits & 0x1 else None


def chosen_members(
    infos: list[zipfile.ZipInfo], member: str | None, *, file: Path, many: bool
) -> list[zipfile.ZipInfo]:
    """Find the one member that is meant, or all that match."""
    matches = [info for info in infos if info.filename == member]
    if not matches:
        # macOS adds a shadow of every file; no pattern means it.
        real = [info for info in infos if not info.filename.startswith("__MACOSX/")]
        matches = [info for info in real if fnmatch.fnmatchcase(info.filename, member or "*")]
    if len(matches) == 1 or (many and matches):
        return matches
    listed = examples(info.filename for info in matches or infos)
    raise LayerError(
        "More than one member of the archive is meant." if matches else "The archive holds no such member.",
        file=file,
        expected=f"exactly one file named or matching “{member or '*'}”",
        found=f"{len(matches):,} of {len(infos):,}" + (f": {listed}" if listed else ""),
        next_step="name the member as it stands in the archive",
    )


def _counted(stream: Readable, *, file: Path, packed: int | None = None, name: str = "") -> bytes:
    """Read a stream to its end, or stop as soon as more comes out than may."""
    content = io.BytesIO()
    where = f" in “{name}”" if name else ""
    while chunk := stream.read(CHUNK):
        content.write(chunk)
        size = content.tell()
        if size > TOTAL.value:
            raise unsafe("The file is too large.", file=file, limit=TOTAL, found=f"more than that{where}")
        if packed is not None and size > max(RATIO.value * packed, SMALL.value):
            found = f"over {size:,} bytes from {packed:,}{where}"
            raise unsafe("The file swells far more than published data does.", file=file, limit=RATIO, found=found)
    return content.getvalue()


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
        As for :func:`layers.intake.files.read_bytes`, without ``!``.

    Raises
    ------
    LayerError
        As for :func:`layers.intake.files.read_bytes`, also while it is read.
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
