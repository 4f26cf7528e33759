"""A pack as one zip: written the same on every machine, put in place whole, and read with nothing taken on trust."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from layers.errors import LayerError, OutputError, UnsafeFileError, examples
from layers.figures import Figure
from layers.intake.files import BROKEN, RATIO, SMALL, Counted, checked_members, opened

PROVENANCE, SIGNATURE = "provenance.json", "provenance.json.sig"
"""What lists every other file of a pack with its hash, and its signature; both are about the pack, not in that list."""
PACK_KEYS = frozenset({"pack_version", "digest", "files"})
"""By which a pack is told from any other zip."""
STUDY = "study/"
"""The folder of what the documents were made from."""
UNPACKED = Figure(500_000_000, "bytes", "no pack is larger when unpacked", "assumption: that of a region has 40 MB")
FILES = Figure(200, "files", "no pack holds more", "assumption: a pack has about 25")
FIRST_DAY = dt.date(1980, 1, 1)
"""Of the zip format."""
LEVEL = 6
DESCRIPTOR, NAMES_AT, END = 24, 26, 22
"""Bytes that may follow a file in a zip; where a file's head has the lengths of name and extra; the zip's end."""
UNIX = 3
"""Files are said to come from Unix, whatever wrote them."""


def zipped(files: Mapping[str, bytes], *, date: str) -> bytes:
    """Return a zip of files: the same bytes for the same files, on any clock, system or in any order.

    Parameters
    ----------
    files
        Content by name, with ``/`` between folder and file.
    date
        Of the build, ISO 8601; all files carry its day.
    """
    day = max(dt.date.fromisoformat(date[:10]), FIRST_DAY)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files, key=lambda name: (name.count("/"), name)):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name], compresslevel=LEVEL)
    return packed.getvalue()


def check_pack_place(out: Path) -> None:
    """Refuse a place for a pack that is not ours to write on; call it before any work.

    Raises
    ------
    OutputError
        It is a folder, a link, a file that is no pack, or its folder cannot be written.
    """
    fault = _place_fault(out)
    if fault:
        found, next_step = fault
        raise OutputError(
            "The pack cannot be written there; nothing was written.",
            file=out,
            expected="no such file yet, or an earlier pack, in a folder that can be written",
            found=found,
            next_step=next_step,
        )


def _place_fault(out: Path) -> tuple[str, str] | None:
    name_another = "name another file with --out"
    if out.is_symlink():
        return "a link to another place", "name the real file, not the link"
    if out.is_dir():
        return "a folder", f"name the file, such as --out {out / 'pack.zip'}"
    if out.exists() and not is_pack(out):
        return "a file that is no pack", name_another
    folder = out.absolute().parent
    nearest = next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return f"no right to write in {nearest}, or no folder", name_another
    return None


def write_pack(content: bytes, *, out: Path) -> None:
    """Put a pack in its place, whole or not at all; what was there before stays until then.

    Raises
    ------
    OutputError
        As for `check_pack_place`, or the disk refuses.
    """
    check_pack_place(out)
    staging = out.with_name(f".{out.name}.building-{os.getpid()}")
    made = [folder for folder in out.absolute().parents if not folder.exists()]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with staging.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        staging.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            staging.unlink(missing_ok=True)
        for folder in made:  # only those that stayed empty
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise OutputError(
            "The pack could not be written; what was there before is still there.",
            file=out,
            found=error.strerror or str(error),
            expected="a disk with room and permission to write",
            next_step="close programs that have the file open, free some room or name another file with --out",
        ) from error


def is_pack(path: Path) -> bool:
    """Tell whether a file is a pack of ours: a zip whose provenance has our keys."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(PROVENANCE)
            if entry.file_size > UNPACKED.value / 10:
                return False
            content = json.loads(archive.read(entry))
    except (OSError, KeyError, ValueError, RecursionError, NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return False
    return isinstance(content, dict) and content.keys() >= PACK_KEYS


def read_pack(path: Path) -> dict[str, bytes]:
    """Read every file of a pack into memory; nothing is unpacked to disk.

    Raises
    ------
    LayerError
        With one message for what is wrong: it is no zip, cut short, encrypted, too large, or holds a name twice, a
        path that leaves it, a link, a zip inside, or no provenance.
    """
    with opened(path) as file:
        start = file.read(4)
        if start[:2] != b"PK":
            found = "an empty file" if not start else "another kind of file"
            raise _refused("This is no pack.", path, expected="a zip that `pack` wrote", found=found)
        try:
            with zipfile.ZipFile(file) as archive:
                return _files(archive, path, size=path.stat().st_size)
        except (NotImplementedError, *BROKEN) as error:  # the first: a method zipfile lacks
            what = "The pack is damaged: it was cut short, or changed on its way."
            raise _refused(what, path, expected="the whole zip that `pack` wrote", found=str(error)[:80]) from error


def _files(archive: zipfile.ZipFile, path: Path, *, size: int) -> dict[str, bytes]:
    try:
        entries = checked_members(archive, file=path, packed=size)
    except UnsafeFileError as error:
        raise _refused(error.what, path, expected="plain files", found=str(error.parts["found"])) from error
    if len(entries) > FILES.value:
        most = f"at most {FILES.value:g} files"
        raise _refused("The zip holds more files than a pack has.", path, expected=most, found=f"{len(entries):,}")
    total = sum(entry.file_size for entry in entries)
    if total > UNPACKED.value:
        most = f"at most {UNPACKED.value:,.0f} bytes"
        raise _refused("The zip is larger than any pack.", path, expected=most, found=f"{total:,} bytes unpacked")
    names = [entry.filename for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what = "The zip holds two files of one name, so that programs would disagree on which is meant."
        raise _refused(what, path, expected="each name once", found=examples(twice))
    if PROVENANCE not in names:
        raise _refused("This is no pack.", path, expected=f"a zip with {PROVENANCE} in it", found=_instead(names))
    if not _wholly_listed(archive, entries, size=size):
        what = "The zip holds bytes that belong to none of its files, so that programs would disagree on what is in it."
        raise _refused(what, path, expected="its files and nothing else", found="more")
    nested = [name for name in names if name.lower().endswith(".zip")]
    if nested:
        raise _refused("The pack holds a zip, which no pack does.", path, expected="documents", found=examples(nested))
    found = {}
    for entry in entries:
        with archive.open(entry) as stream:
            content = Counted(stream, file=path, packed=entry.compress_size).read()
        if len(content) > max(RATIO.value * entry.compress_size, SMALL.value) or len(content) != entry.file_size:
            what = "A file in the zip is not as long as the zip says."
            raise _refused(what, path, expected=f"{entry.file_size:,} bytes", found=f"{len(content):,} bytes")
        found[entry.filename] = content
    return found


def _wholly_listed(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], *, size: int) -> bool:
    """Say whether a zip has nothing before, between or after the files it lists: another program may open that."""
    file, place = cast("IO[bytes]", archive.fp), 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if not 0 <= entry.header_offset - place <= DESCRIPTOR:
            return False
        file.seek(entry.header_offset + NAMES_AT)
        name, extra = struct.unpack("<2H", file.read(4))
        place = entry.header_offset + NAMES_AT + 4 + name + extra + entry.compress_size
    file.seek(size - END)
    mark, listed, start, comment = struct.unpack("<4s8x2IH", file.read(END))
    ends = mark == b"PK\x05\x06" and not comment and start + listed == size - END
    return ends and 0 <= start - place <= DESCRIPTOR


def _instead(names: list[str]) -> str:
    """Say what a zip without provenance at its root holds: a pack in a folder or a zip, most of all."""
    inside = [name for name in names if name.endswith(f"/{PROVENANCE}") and not name.startswith("__MACOSX/")]
    if inside:
        folder = inside[0].removesuffix(f"/{PROVENANCE}")
        return f"the pack's files in a folder “{folder}”: zip them without it, or take the zip as it was sent"
    nested = [name for name in names if name.lower().endswith(".zip")]
    if nested:
        return f"a zip inside a zip, “{nested[0]}”: unpack the outer one, and name the inner one"
    return examples(names) if names else "nothing"


def _refused(what: str, path: Path, *, expected: str, found: str) -> LayerError:
    next_step = "ask whoever sent it for the file as `pack` wrote it; nothing of it was used"
    return UnsafeFileError(what, file=path, expected=expected, found=found, next_step=next_step)
