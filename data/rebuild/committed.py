"""What a rebuild made, held against what is committed, or written in its place."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rebuild.carriers import RebuildError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
