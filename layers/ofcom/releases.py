"""Which release of Ofcom's a file is, in words, and whether it counts homes only: both stand in its name.

Which file of an official Ofcom archive is meant, found by its name: nobody should have to unpack or to look inside.

A release is one zip of many files: by authority, constituency, output area and postcode (these two in zips of their
own), each once for all premises and once for homes only. A file counts as meant when its name says the level and does
not say ``_res_``; homes only are read where a study names them.

What Ofcom's files were held against, in plain words, and what became of their rows: told to the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.errors import LayerError, examples
from layers.intake.files import NESTED, names_of
from layers.kinds import Level
from layers.ledger import OUTSIDE, Ledger, Unused, release_of

HOMES = re.compile(r"(^|[_/])res(_|\b)", re.IGNORECASE)
"""Ofcom marks files that count homes and leave businesses out by ``_res_`` in their name."""
HOMES_ONLY = ", homes only"
NOT_STATED = "release not stated"


def release_in_words(path: Path, *, member: str | None = None, stated: str | None = None) -> str:
    """Say which release a file is, and whether it counts homes only.

    Parameters
    ----------
    path, member
        The file; the names of the members that are meant, and of archives on the way to them, are looked at too.
    stated
        The release in words, as the study file says it.

    Raises
    ------
    LayerError
        When some of the members count homes only and some do not.
    """
    names = names_of(path, member=member)
    found = [release_of(Path(name).name) for name in reversed(names)]
    words = stated or next((release for release in found if release), NOT_STATED)
    parts = [name for name in names if not name.lower().endswith(".zip")]
    wrapped = any(counts_homes_only(name) for name in names if name not in parts)
    homes = [name for name in parts if counts_homes_only(name)]
    if homes and len(homes) < len(parts) and not wrapped:
        raise LayerError(
            f"{len(homes):,} of the {len(parts):,} members that are meant count homes only.",
            file=path.name,
            rows=examples(homes),
            expected="all of them homes only, or none",
            found=f"such as {next(name for name in parts if name not in homes)} among them",
            next_step="narrow `member` down: homes only has _res_ in its names",
        )
    return f"{words}{HOMES_ONLY}" if homes or wrapped else words


def warn_of_homes_only(release: str, *, path: Path, ledger: Ledger) -> None:
    """Say in the manifest that businesses are left out, where a file of homes only is read in place of all premises."""
    if release.endswith(HOMES_ONLY):
        ledger.warn(f"{path.name}: counts homes only, businesses are left out; so do all results.")


def counts_homes_only(name: str) -> bool:
    """Tell by its name whether a file counts homes only.

    >>> counts_homes_only("202601_fixed_oa_res_coverage_r1.csv"), counts_homes_only("202601_fixed_oa_coverage_r1.csv")
    (True, False)
    """
    return HOMES.search(name) is not None


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
        A member, or a pattern that matches exactly the files of all postcode areas; as
        :func:`layers.intake.files.read_bytes` takes it. None where the file is no archive or holds one file only.

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


NOT_IN_LOOKUP = "not in the postcode lookup"
RULES = {
    ("under_2", "under_5", "under_10", "under_30"): "no more premises under 2 Mbit/s than under 5, under 10, under 30",
    ("fwa", "premises"): "no more premises with decent fixed wireless than there are premises",
    ("below_decent", "matched"): "no more premises below decent broadband than Ofcom could match",
    ("fixed_only", "matched"): "no more premises below the universal service than Ofcom could match",
    ("matched", "premises"): "no more premises matched than there are",
    ("from_300", "from_100", "superfast"): "no more premises with 300 Mbit/s than with 100, nor with 100 than with 30",
    ("from_300", "superfast"): "no more premises with 300 Mbit/s than with 30",
    ("under_30", "matched", "superfast"): "premises under 30 Mbit/s and premises with 30 or more make all that matched",
}
"""The invariants of method §2 by their columns; the error a broken one raises names the columns themselves."""
BANDS_MAKE_MATCHED = "the six speed bands together make all premises that Ofcom could match"
SHARES = (
    "no share of premises is blank or above 100 %",
    "shares rise from under 2 to under 30 Mbit/s, and fall from 30 or more to 300 or more",
    "shares that belong together make no more than 100 %, within rounding",
)


def in_words(columns: Sequence[str]) -> str:
    """Say one of Ofcom's invariants in plain words.

    >>> in_words(["matched", "premises"])
    'no more premises matched than there are'
    """
    return RULES.get(tuple(columns), BANDS_MAKE_MATCHED)


def record_output_areas(
    codes: pd.Series,
    *,
    area: pd.Series,
    areas: pd.Index,
    path: Path,
    ledger: Ledger,
    abroad: pd.Series | None = None,
) -> None:
    """Record the rows of a file by output area.

    Parameters
    ----------
    codes, area
        Each row's output area, and the small area it is in; missing where the lookup does not have it.
    areas
        The spine's area codes.
    abroad
        Whether it is of a nation the lookup is not about: Ofcom's file is of the United Kingdom, ONS's lookup of
        England and Wales.
    """
    lost, inside = area.isna(), area.isin(areas)
    if abroad is not None:
        lost &= ~abroad
    unused = [
        Unused.of("not in the lookup of output areas", lost.sum(), examples=codes[lost]),
        Unused.of(OUTSIDE, (~lost & ~inside).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(codes), rows_used=int(inside.sum()), unused=unused, noun="output areas")
    ledger.check(path, "no output area stands twice", rows=len(codes))


def record_postcodes(
    table: pd.DataFrame,
    *,
    premises: pd.Series,
    area: pd.Series,
    areas: pd.Index,
    rows: int,
    path: Path,
    ledger: Ledger,
) -> None:
    """Record the rows of a file by postcode.

    Parameters
    ----------
    table
        Index postcode: the rows that have premises, or whose premises come from elsewhere.
    premises, area
        Index postcode: premises, and the small area each is in.
    rows
        Rows of the file.
    """
    place = area.reindex(table.index)
    inside, known = place.isin(areas), premises.reindex(table.index).notna()
    lost, bare = place.isna(), inside & ~known
    unused = [
        Unused.of("without premises", rows - len(table), harmless=True),
        Unused.of(NOT_IN_LOOKUP, lost.sum(), examples=table.index[lost]),
        Unused.of("no count of premises for them", bare.sum(), examples=table.index[bare]),
        Unused.of(OUTSIDE, (~lost & ~inside).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=rows, rows_used=int((inside & known).sum()), unused=unused, noun="postcodes")
    ledger.check(path, "no postcode stands twice", rows=rows)
    for rule in SHARES:
        ledger.check(path, rule, rows=len(table))
    wanted = premises.index[area.reindex(premises.index).isin(areas)]
    absent = wanted.difference(table.index)
    rule = "every postcode of the study with premises has speeds"
    ledger.check(path, rule, rows=len(wanted), failing=len(absent), examples=absent, then="kept")


def record_lines(
    placed: pd.DataFrame,
    *,
    counted: pd.Series,
    known: pd.Series,
    areas: pd.Index,
    ours: pd.Series,
    ledger: Ledger,
    path: Path,
) -> None:
    """Record the rows of the 2013 file.

    Parameters
    ----------
    placed
        One row for each postcode: ``postcode, area_code`` (missing where the lookup does not have it).
    counted, known
        Where lines are published; where their speeds are too.
    ours
        Where the postcode is in one of the study's districts or areas.
    """
    inside = placed["area_code"].isin(areas)
    used, lost = inside & counted, placed["area_code"].isna()
    between = ours & ~inside & ~lost
    unused = [
        Unused.of("no line counted there", (inside & ~counted).sum(), harmless=True),
        Unused.of(NOT_IN_LOOKUP, lost.sum(), examples=placed.loc[lost, "postcode"]),
        Unused.of(
            "in the study's councils but in none of its small areas",
            between.sum(),
            examples=placed.loc[between, "postcode"],
        ),
        Unused.of(OUTSIDE, (~inside & ~lost & ~between).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(placed), rows_used=int(used.sum()), unused=unused, noun="postcodes")
    ledger.check(path, "no postcode stands twice", rows=len(placed))
    ledger.check(path, "every status and every yes-or-no is one that Ofcom uses", rows=len(placed))
    hidden = used & ~known
    rule = "the speeds of a postcode's lines are published (too few lines hide them)"
    names = placed.loc[hidden, "postcode"]
    ledger.check(path, rule, rows=int(used.sum()), failing=int(hidden.sum()), examples=names, then="kept")
