"""Staging directories: an output folder is the old result or the new one, whenever the program is stopped.

A result is written into `.NAME.building-<pid>` beside its place, flushed to the disk, and then changes places with
the old one. Where the system cannot exchange two folders in one step, the old one waits in `.NAME.previous-<pid>`
between two renames; if killed there, the next command puts it back. Of two builds at once the last to finish stays.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from layers.errors import OutputError, examples


class Mark(NamedTuple):
    """A JSON file whose name and keys no other program's file is likely to have."""

    name: str
    keys: frozenset[str]


BUILD = Mark("manifest.json", frozenset({"schema_version", "fingerprint"}))
"""What a build leaves."""
STUDY = Mark("study.lock.json", frozenset({"lock_version", "files"}))
"""What a fetch leaves."""
PAGES = Mark("pages.json", frozenset({"pages_version", "fingerprint"}))
"""What lists the plain pages written from a build."""

PLAN = Mark("portfolio.json", frozenset({"portfolio_version", "fingerprint"}))
"""What a plan for a budget leaves."""


def is_ours(folder: Path, mark: Mark = BUILD) -> bool:
    """Tell whether a folder was written by this program."""
    try:
        content = json.loads((folder / mark.name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= mark.keys


DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # left by whoever looks; the folder is still empty
RENAME_EXCHANGE, AT_FDCWD = 2, -100  # Linux: change places; the current folder (linux/fs.h, linux/fcntl.h)
ATTEMPTS = 10  # while another build disturbs (assumption: it takes under a millisecond)

_active: set[Path] = set()
_active_lock = threading.Lock()


def check_output(out: Path, *, mark: Mark = BUILD) -> None:
    """Refuse an output folder that is not ours to replace; call it before any work.

    Also puts back the result that a killed command had set aside. Creates and deletes nothing else.

    Raises
    ------
    OutputError
        It holds other things, is a file, a link, or the home or current folder or above it, or may not be written.
    """
    place = _place(out)
    with _disk_errors(place):
        for aside in _abandoned(place, "previous"):
            if is_ours(place, mark):
                shutil.rmtree(aside, ignore_errors=True)
            elif not os.path.lexists(place):
                with contextlib.suppress(FileNotFoundError):  # another command was quicker
                    aside.rename(place)
        _refuse_foreign(place, mark)


@contextlib.contextmanager
def staged(out: Path, *, mark: Mark = BUILD) -> Iterator[Path]:
    """Yield an empty folder to write into; when the block ends well, it takes the place of `out`, contents and all.

    If the block raises, `out` stays as it was. The block must leave the file of the mark, or nothing could follow it.

    Raises
    ------
    OutputError
        As for `check_output`, or the disk refuses.
    RuntimeError
        The block left no such file: a fault of the program, not of the user.
    """
    check_output(out, mark=mark)
    place = _place(out)
    for stale in _abandoned(place, "building"):
        shutil.rmtree(stale, ignore_errors=True)  # what resists is tried again by the next build
    made = [folder for folder in place.parents if not folder.exists()]
    staging = None
    try:
        with _disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            staging = _new_staging(place)
        yield staging
        if not is_ours(staging, mark):
            raise RuntimeError(f"The new content of {out} has no {mark.name} with {', '.join(sorted(mark.keys))}.")
        with _disk_errors(place):
            for path in (*staging.rglob("*"), staging):
                _flush(path)
            _put_in_place(staging, place, mark)
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)  # after an exchange this is the old result
            _active.discard(staging)
        for folder in made:  # only those that stayed empty
            with contextlib.suppress(OSError):
                folder.rmdir()


def _place(out: Path) -> Path:
    """Return the absolute place of the folder itself: links on the way are followed, the last one is not."""
    whole = out if out.name not in {"", ".."} else Path(os.path.realpath(out))
    return Path(os.path.realpath(whole.parent)) / whole.name


def _refuse_foreign(place: Path, mark: Mark) -> None:
    """Raise unless `place` is absent, empty or ours, and its parent can be written."""
    # Another build's swap may come between any two questions, so one bad answer is not enough.
    faults = [_fault(place, mark)]
    while faults[-1] and len(faults) < ATTEMPTS:
        faults.append(_fault(place, mark))
    if faults[-1]:
        raise OutputError("The output folder cannot be replaced; nothing was written.", file=place, **faults[-1])


def _fault(place: Path, mark: Mark) -> dict[str, str]:
    """Say what was expected, what was found and what to do; empty when all is well."""
    expected, found = f"no such folder yet, an empty one, or one that holds our {mark.name}", ""
    next_step = "name another folder with --out"
    kept = {Path(os.path.realpath(name)) for name in (".", os.path.expanduser("~"))}  # noqa: PTH111 (never raises)
    nearest = next((folder for folder in place.parents if os.path.lexists(folder)), place)
    if place == place.parent or any(place in (folder, *folder.parents) for folder in kept):
        found = "a disk's root, or your home or current folder or one above it"
    elif place.is_symlink():
        found, next_step = "a link to another place", "name the real folder, not the link"
    elif place.is_dir():
        with contextlib.suppress(FileNotFoundError):
            others = sorted({entry.name for entry in place.iterdir()} - DROPPINGS)
            found = (
                f"other things ({len(others):,}): {examples(others)}" if others and not is_ours(place, mark) else found
            )
    elif place.exists():
        found = "a file"
    if not found and not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        expected, found = f"a folder to write in: {nearest}", "not permitted, or not a folder"
    return {"expected": expected, "found": found, "next_step": next_step} if found else {}


@contextlib.contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into a message for the user."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            "The output folder could not be written; what was there before is still there.",
            file=error.filename or place,
            found=error.strerror or str(error),
            expected="a disk with room and permission to write",
            next_step="close programs that have its files open, free some room or name another folder with --out",
        ) from error


def _new_staging(place: Path) -> Path:
    """Create the staging folder; a second build of this same process at once gets one with `.2` behind."""
    with _active_lock:
        staging = place.with_name(f".{place.name}.building-{os.getpid()}")
        while staging in _active:
            staging = staging.with_name(f"{staging.name}.2")
        staging.mkdir()
        _active.add(staging)
    return staging


def _abandoned(place: Path, kind: str) -> list[Path]:
    """List the `building` or `previous` folders whose process is gone."""
    pattern = re.compile(rf"\.{re.escape(place.name)}\.{kind}-(\d+)(?:\.2)*")
    with _active_lock:
        siblings = list(place.parent.iterdir()) if place.parent.is_dir() else []
        ours = {path.with_name(path.name.replace(".building-", f".{kind}-")) for path in _active.copy()}
    matches = {path: match for path in siblings if (match := pattern.fullmatch(path.name))}
    pids = {path: int(match[1]) for path, match in matches.items() if path.is_dir() and not path.is_symlink()}
    # In a container every run may get the same number, so our own number alone proves nothing.
    return [path for path, pid in pids.items() if (path not in ours if pid == os.getpid() else not _is_running(pid))]


def _is_running(pid: int) -> bool:
    """Tell whether a process lives, without touching it."""
    if sys.platform == "win32":  # os.kill would end the process there
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel.OpenProcess(0x0010_0000, 0, pid)  # the right to wait for it
        if not handle:
            return ctypes.get_last_error() == 5  # noqa: PLR2004 (access denied: it lives, and belongs to someone else)
        timed_out = kernel.WaitForSingleObject(handle, 0) == 0x102  # noqa: PLR2004 (WAIT_TIMEOUT: not over yet)
        kernel.CloseHandle(handle)
        return bool(timed_out)
    try:
        os.kill(pid, 0)
    except (OSError, OverflowError) as error:
        return isinstance(error, PermissionError)  # it lives, and belongs to someone else
    return pid > 0


def _flush(path: Path) -> None:
    """Bring a file or a folder's names to the disk, so that a power cut cannot leave the new name on empty files."""
    if path.is_dir() and os.name == "nt":  # cannot be opened there
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():  # some network drives cannot flush a folder; the files in it are safe all the same
            raise
    finally:
        os.close(descriptor)


def _put_in_place(staging: Path, place: Path, mark: Mark) -> None:
    """Let the new folder take its place; another build may be doing the same, so try until nothing came between."""
    for attempt in range(1, ATTEMPTS + 1):
        _refuse_foreign(place, mark)  # it may have changed while we were building
        try:
            if not place.exists():
                staging.rename(place)
            elif not _exchange(staging, place):
                _two_renames(staging, place, mark)
            break
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST} or attempt == ATTEMPTS:
                raise
    _flush(place.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if call is None:
        return False
    if call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    if ctypes.get_errno() in {errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.EXDEV, errno.ENOTSUP}:  # it cannot here
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))


def _two_renames(staging: Path, place: Path, mark: Mark) -> None:
    """Set the old folder aside, put the new one in place, then let the old one go."""
    aside = staging.with_name(staging.name.replace(".building-", ".previous-"))
    place.rename(aside)
    try:
        staging.rename(place)
    except BaseException:
        with contextlib.suppress(OSError):  # another build's result may stand there by now, and is newer
            aside.rename(place)
        raise
    finally:
        if is_ours(place, mark):
            shutil.rmtree(aside, ignore_errors=True)
