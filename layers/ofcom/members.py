"""Which file of an official Ofcom archive is meant, found by its name: nobody should have to unpack or to look inside.

A release is one zip of many files: by authority, constituency, output area and postcode (these two in zips of their
own), each once for all premises and once for homes only. A file counts as meant when its name says the level and does
not say ``_res_``; homes only are read where a study names them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from layers.errors import LayerError, examples
from layers.files import NESTED, names_of
from layers.ofcom.releases import counts_homes_only

Level = Literal["postcode", "output area", "authority", "mobile", "performance"]
NAMES: dict[Level, re.Pattern[str]] = {
    "postcode": re.compile(r"\d{6}_fixed_(pc|postcode)_(res_)?coverage_.*\.csv", re.IGNORECASE),
    "output area": re.compile(r"\d{6}_fixed_oa(11|21)?_(res_)?coverage(_.*)?\.csv", re.IGNORECASE),
    "authority": re.compile(r"\d{6}_fixed_laua_(res_)?coverage(_.*)?\.csv", re.IGNORECASE),
    "mobile": re.compile(r"\d{6}_mobile_(laua_coverage|coverage_laua|laua)(_.*)?\.csv", re.IGNORECASE),
    "performance": re.compile(
        r"\d{6}_fixed_((pc|postcode|oa(11|21)?)_performance|performance_(pc|postcode|oa(11|21)?))(_.*)?\.csv",
        re.IGNORECASE,
    ),
}
"""File names as seen for 2018 to 2026; the postcode files have one file for each postcode area (``…_DT.csv``)."""
HINTS: dict[Level, re.Pattern[str]] = {
    "postcode": re.compile(r"_(pc|postcode)s?_"),
    "output area": re.compile(r"_oa|output.area"),
    "authority": re.compile(r"_laua"),
    "mobile": re.compile(r"mobile"),
    "performance": re.compile(r"performance"),
}
"""Archives inside the archive that are looked into first; the others only where nothing is found."""
SUCH_AS: dict[Level, str] = {
    "postcode": "202507_fixed_pc_coverage_r01_DT.csv",
    "output area": "202507_fixed_oa_coverage_r01.csv",
    "authority": "202507_fixed_laua_coverage_r01.csv",
    "mobile": "202507_mobile_coverage_laua_r01.csv",
    "performance": "202105_fixed_pc_performance_r01_DT.csv",
}


def member_meant(path: Path, *, level: Level, member: str | None = None) -> str | None:
    """Find the file of that level in an archive, also in an archive inside it.

    Parameters
    ----------
    path
        A file; anything but a ``.zip`` is itself what is meant.
    member
        What the study file says; then nothing is searched.

    Returns
    -------
    str or None
        A member, or a pattern that matches exactly the files of all postcode areas; as :func:`layers.files.read_bytes`
        takes it. None where the file is no archive or holds one file only.

    Raises
    ------
    LayerError
        When the archive has no such file, has it for homes only, or in more than one place or revision.
    """
    if member is not None or path.suffix.lower() != ".zip":
        return member
    listed = _real(names_of(path, member="*")[1:])
    tables = [name for name in listed if name.lower().endswith(".csv")]
    if len(tables) == len(listed) == 1:
        return None
    archives = [name for name in listed if name.lower().endswith(".zip")]
    likely = [name for name in archives if HINTS[level].search(name)]
    found = _of_level(tables, level)
    for names in (likely, [name for name in archives if name not in likely]):
        for archive in names if not found else ():
            inner = _real(names_of(path, member=f"{archive}{NESTED}*")[2:])
            found += [f"{archive}{NESTED}{name}" for name in _of_level(inner, level)]
    chosen = [name for name in found if not counts_homes_only(name)]
    if not chosen:
        raise _nothing(path, level, homes_only=found, listed=listed)
    if len(chosen) == 1:
        return chosen[0]
    pattern = _pattern(chosen) if level in {"postcode", "performance"} else None
    if pattern is None or sorted(_matching(path, pattern)) != sorted(chosen):
        raise LayerError(
            f"The archive has more than one file by {level}.",
            file=path.name,
            expected="one, or one for each postcode area, of a single revision",
            found=examples(chosen),
            next_step="say under `member` which is meant",
        )
    return pattern


def one_member(path: Path, *, member: str | None) -> str | None:
    """Name one file of those a pattern matches, to look at its headings: the last, which speaks for all."""
    names = names_of(path, member=member)
    if member is None or len(names) == 1:
        return member
    outer, cut, _ = member.rpartition(NESTED)
    return f"{outer}{cut}{names[-1]}"


def _real(names: list[str]) -> list[str]:
    """Leave out what is no table and no archive, and the shadow macOS adds of every file."""
    return [name for name in names if name.lower().endswith((".csv", ".zip")) and not name.startswith("__MACOSX/")]


def _of_level(names: list[str], level: Level) -> list[str]:
    return [name for name in names if NAMES[level].fullmatch(name.rpartition("/")[2])]


def _pattern(names: list[str]) -> str | None:
    """Write one pattern for the files of all postcode areas; None when they are not one such set."""
    areas = [name.rpartition("_")[2] for name in names]
    if len(set(areas)) < len(areas) or len({name.rpartition("/")[0] for name in names}) > 1:
        return None
    stems = {name.rpartition("_")[0] for name in names}
    stem = stems.pop()
    return None if stems or set(stem) & set("*?[]") else f"{stem}_*.csv"


def _matching(path: Path, pattern: str) -> list[str]:
    outer, cut, _ = pattern.rpartition(NESTED)
    return [f"{outer}{cut}{name}" for name in names_of(path, member=pattern)[2 if cut else 1 :]]


def _nothing(path: Path, level: Level, *, homes_only: list[str], listed: list[str]) -> LayerError:
    if homes_only:
        what, next_step = "for homes only", "name it under `member` if homes only are meant; the results then say so"
    else:
        what, next_step = "not at all", "use the archive of the whole release as Ofcom publishes it, or set `member`"
    return LayerError(
        f"The archive has its file by {level} {what}.",
        file=path.name,
        expected=f"a file such as {SUCH_AS[level]}",
        found=examples(homes_only or listed) or "no table",
        next_step=next_step,
    )
