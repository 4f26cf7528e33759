"""Search: what someone means by a name, a code or a postcode, whole or half. Knows no Streamlit.

The rank of an answer, and of a suggestion in the browser, which goes by the same file (`gazetteer.json`):

1. The whole name, then its beginning, then the beginning of one of its words, then a slip of letters (fewest first).
2. In the study before outside it; then council, town or village, postcodes, ward, other boundary, old council, area.
3. The nearer to what is on show where it was a slip; then the larger (`weight`); then by name.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Literal

import pandas as pd

from connectivity.manifest import Manifest
from connectivity.places.gazetteer import (
    AREA,
    GAZETTEER,
    OLD_DISTRICT,
    POSTCODE_DISTRICT,
    POSTCODE_SECTOR,
    SETTLEMENT,
    WARD,
    WORDS,
    GazetteerEntry,
    read_gazetteer,
)
from connectivity.places.parts import DISTRICT, Reports
from connectivity.postcode.postcode_tables import POSTCODES, PostcodeFiles
from connectivity.postcode.typed import read_form
from layers.families import FAMILIES, family_of

__all__ = [
    "AREA",
    "OLD_DISTRICT",
    "Answer",
    "Named",
    "answer",
    "find_area",
    "find_postcode",
    "folded",
    "is_postcode",
    "resolve",
]

HALVES = (POSTCODE_DISTRICT, POSTCODE_SECTOR)
ORDER = (
    *(DISTRICT, SETTLEMENT, *HALVES),
    *(one.name for one in FAMILIES if one.name not in {SETTLEMENT, DISTRICT, *HALVES, OLD_DISTRICT}),
)
"""Kinds of place in the order they are offered; then any other boundary, old councils, small areas."""
OFFERED = 5
"""Names that are offered where many begin so, or none is like it (assumption: a list one reads at a glance)."""
STEM = re.compile(r"(, part \d+| \([^()]*\))$")
"""What ends the name of a small area that shares it with others."""
SHORT, FEW_SLIPS, MORE_SLIPS = 6, 1, 2
"""Letters up to which one slip is forgiven, and beyond which two (assumption: most misspellings have one)."""
ALIKE = 0.6
"""How like a name must be to be offered where none is a slip away (difflib's measure; assumption)."""
PLACE = "place"
"""How the key of a small area begins."""
SMALL_WORDS, FEWEST_INITIALS = frozenset({"and", "of", "the", "upon", "with"}), 3
"""Words that a short name may leave out, and letters of the shortest such name: BCP, IOW (assumption)."""


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that what was typed can name.

    Attributes
    ----------
    kind
        ``small area``, ``district`` (a council of today) or another boundary: ``settlement``, ``postcode_district``,
        ``ward`` …
    key
        An area code, a council's code, or what stands for the place in its report.
    name
        What it is called.
    word
        What a reader calls its kind: town, village, council, ward.
    context
        The council it is in, or until when there was such a council; "" where not known.
    weight
        Residents or premises.
    spot
        Latitude and longitude; None where not known.
    """

    kind: str
    key: str
    name: str
    word: str = field(default="", compare=False)
    context: str = field(default="", compare=False)
    weight: int = field(default=0, compare=False)
    spot: tuple[float, float] | None = field(default=None, compare=False)

    @property
    def part(self) -> str | None:
        """Write it as the part of a link; None for small areas and councils, which have links of their own.

        >>> Named("ward", "E05", "Ash").part, Named("district", "E06", "Ash").part
        ('ward:E05', None)
        """
        return None if self.kind in {AREA, DISTRICT} else f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed: one place, or those it may mean.

    Attributes
    ----------
    found
        The one place; None where there is none, or several.
    offered
        Where there is no single one, the places it may mean, the likeliest first.
    why
        Why these are offered: they are called so, begin so, or are only like it; ``outside``: the place is known and
        lies outside the study.
    outside
        What the place outside the study is called, with its council; "" else.
    """

    found: Named | None
    offered: tuple[Named, ...] = ()
    why: Literal["called", "begins", "like", "outside"] = "like"
    outside: str = ""


def answer(
    text: str,
    *,
    areas: pd.DataFrame,
    reports: Reports,
    folder: Path,
    manifest: Manifest,
    near: tuple[float, float] | None = None,
) -> Answer:
    """Return what a reader means by a code, a postcode or a name.

    An exact code wins, then a postcode, then a name; what a name means is ranked as this module says. Of places with
    one name a council of today wins, as its figures are published; then a town or village over the ward, constituency
    or old council called after it. One that is a single small area opens that area. “Winchester town” and “Beaminster
    ward” ask for that kind alone.

    Parameters
    ----------
    text
        What was typed.
    areas, manifest, folder
        A build's.
    reports
        Its places by boundary, from :func:`connectivity.places.reports.read_shares`.
    near
        Latitude and longitude of what is on show: of names as like what was typed, the nearer comes first.
    """
    everything, beyond = _known(reports=reports, folder=folder, manifest=manifest)
    if coded := _coded(text, areas=areas, everything=everything):
        return Answer(coded)
    if at := find_postcode(text, folder=folder, manifest=manifest):
        return Answer(_area(at, areas))
    return _called(text, areas=areas, everything=everything, beyond=beyond, near=near)


def _known(*, reports: Reports, folder: Path, manifest: Manifest) -> tuple[list[Named], list[GazetteerEntry]]:
    """Return all that can be opened but small areas, and what is known to lie outside the study."""
    path = folder / GAZETTEER
    if path.is_file():
        return _read(folder, path.stat().st_mtime_ns)
    councils = [Named(DISTRICT, one.code, one.name, "council") for one in manifest.districts]
    others = [
        Named(kind, str(key), str(name), family_of(kind).singular)
        for kind, (table, _) in reports.items()
        if kind != DISTRICT
        for key, name in zip(table.index, table["name"], strict=True)
    ]
    return [*councils, *others], []


@lru_cache(maxsize=8)
def _read(folder: Path, stamp: int) -> tuple[list[Named], list[GazetteerEntry]]:  # noqa: ARG001 - a newer build is another entry
    entries = read_gazetteer(folder) or []
    named = []
    for one in entries:
        kind, _, key = one.key.partition(":")
        if one.kind != AREA and key:
            # a village that is one small area, or lies in one, opens that area and is called by its own name
            named.append(
                Named(AREA if kind == PLACE else kind, key, one.name, one.kind, one.context, one.weight, one[4:6])
            )
    return named, [one for one in entries if not one.key]


def folded(text: str) -> str:
    """Return a name as it is compared: small letters without accents, dots or hyphens.

    >>> folded("  St. Mary's  BOURNE "), folded("Lyme & Charmouth"), folded("Burton-upon-Trent")
    ('st marys bourne', 'lyme and charmouth', 'burton upon trent')
    """
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[-,/]", " ", re.sub(r"['’.]", "", bare.replace("&", " and "))).split())


def _coded(text: str, *, areas: pd.DataFrame, everything: list[Named]) -> Named | None:
    code = text.strip().upper()
    if code in areas.index:
        return _area(code, areas)
    kind, colon, key = text.strip().partition(":")  # a suggestion that was chosen
    if colon and kind == PLACE and key in areas.index:
        return _area(key, areas)
    if colon:
        return next((one for one in everything if (one.kind, one.key) == (kind, key)), None)
    named = (one for one in everything if one.key.upper() == code and one.key != one.name)  # else its name is its key
    return min(named, key=_order, default=None)


def _called(
    text: str,
    *,
    areas: pd.DataFrame,
    everything: list[Named],
    beyond: Sequence[GazetteerEntry],
    near: tuple[float, float] | None,
) -> Answer:
    """Find what is called so, else what begins so, else what is like it."""
    wanted = folded(text)
    if not wanted:
        return Answer(None)
    if met := _whole(wanted, everything, areas=areas):
        return Answer(met[0]) if _alone(met) else Answer(None, tuple(met), "called")
    outside = [one for one in beyond if folded(one.name) == wanted]
    met = _begun(wanted, everything, areas=areas)
    if met and not outside:
        return Answer(met[0]) if _alone(met) else Answer(None, tuple(met[:OFFERED]), "begins")
    if outside:
        largest = max(outside, key=lambda one: one.weight)
        return Answer(None, tuple(met[:OFFERED]), "outside", _with_council(largest))
    return _like(wanted, everything, areas=areas, beyond=beyond, near=near)


def _whole(wanted: str, everything: list[Named], *, areas: pd.DataFrame) -> list[Named]:
    """Return what is called so, or so with its kind behind (“Ash ward”); what another one stands for is dropped."""
    met = [one for one in everything if _is_called(one, wanted)]
    met += [_area(code, areas) for code in _areas_named(wanted, areas, by_ward=not _has_wards(everything))]
    if not met:
        return sorted(
            (one for one in everything if one.word and wanted == f"{folded(one.name)} {one.word}"), key=_order
        )
    above = {folded(one.name) for one in met if _ranked(one) in {DISTRICT, SETTLEMENT}}
    alone = {folded(one.name) for one in met if one.kind == AREA}
    kept = [
        one
        for one in met
        if _ranked(one) in {DISTRICT, SETTLEMENT}
        or not (folded(one.name) in above or (one.kind == WARD and folded(one.name) in alone))
    ]
    return sorted(kept, key=_order)


def _is_called(one: Named, wanted: str) -> bool:
    if one.kind in HALVES:
        return one.name.replace(" ", "").casefold() == wanted.replace(" ", "")
    return folded(one.name) == wanted or (one.kind == DISTRICT and wanted in initials(one.name))


def initials(name: str) -> set[str]:
    """Return what a council of three words or more is called for short, small words left out or not.

    >>> sorted(initials("Bournemouth, Christchurch and Poole")), initials("New Forest"), initials("Isle of Wight")
    (['bcap', 'bcp'], set(), {'iow'})
    """
    words = folded(name).split()
    short = {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in SMALL_WORDS)}
    return {one for one in short if len(one) >= FEWEST_INITIALS}


def _begun(wanted: str, everything: list[Named], *, areas: pd.DataFrame) -> list[Named]:
    """Return what begins so, else what has a word that does; small areas only where nothing else stands for them."""
    for inside in (False, True):
        met = [one for one in everything if _begins(folded(one.name), wanted, inside=inside)]
        stems = {folded(one.name) for one in met}
        met += [
            _area(str(code), areas)
            for code, name in zip(areas.index, areas["area_name"].astype("str"), strict=True)
            if _begins(folded(name), wanted, inside=inside) and not any(folded(name).startswith(stem) for stem in stems)
        ]
        if met:
            above = {folded(one.name) for one in met if _ranked(one) in {DISTRICT, SETTLEMENT}}
            kept = [one for one in met if _ranked(one) in {DISTRICT, SETTLEMENT} or folded(one.name) not in above]
            return sorted(kept, key=_order)
    official = areas["official_name"].astype("string").fillna("").map(folded) if "official_name" in areas else None
    if official is None:
        return []
    return [_area(str(code), areas) for code in areas.index[official.str.startswith(wanted)]]


def _begins(name: str, wanted: str, *, inside: bool) -> bool:
    return f" {wanted}" in name if inside else name.startswith(wanted)


def _alone(met: Sequence[Named]) -> bool:
    """Say whether the first is meant: the only one, the only town, or a council whose name all others have."""
    first, *others = met
    if _ranked(first) == SETTLEMENT:
        return all(_ranked(one) != SETTLEMENT for one in others)
    return not others or (first.kind == DISTRICT and all(folded(one.name) == folded(first.name) for one in others))


def _like(
    wanted: str,
    everything: list[Named],
    *,
    areas: pd.DataFrame,
    beyond: Sequence[GazetteerEntry],
    near: tuple[float, float] | None,
) -> Answer:
    """Offer names that are a slip away, the nearest in letters first and on the ground next."""
    most = FEW_SLIPS if len(wanted) <= SHORT else MORE_SLIPS
    stems = {folded(STEM.sub("", str(name))): str(code) for code, name in areas["area_name"].items()}
    names = {folded(one.name) for one in everything}
    pool = [*everything, *(_area(code, areas) for stem, code in stems.items() if stem not in names)]
    found = [(far, one) for one in pool if (far := slips(wanted, folded(STEM.sub("", one.name)), most=most)) <= most]
    if not found:
        close = [(far, one) for one in beyond if (far := slips(wanted, folded(one.name), most=most)) <= most]
        if close:
            return Answer(
                None, (), "outside", _with_council(min(close, key=lambda pair: (pair[0], -pair[1].weight))[1])
            )
        like = difflib.get_close_matches(wanted, [*names, *stems], n=OFFERED, cutoff=ALIKE)
        found = [(like.index(name), one) for one in pool if (name := folded(STEM.sub("", one.name))) in like]
    ranked = sorted(found, key=lambda pair: (pair[0], _metres(pair[1], near), _order(pair[1])))
    once = {folded(one.name): one for _, one in reversed(ranked)}
    return Answer(None, tuple(one for _, one in ranked if once[folded(one.name)] is one)[:OFFERED])


def slips(one: str, other: str, *, most: int) -> int:
    """Return how many letters were left out, put in, changed or swapped; more than `most` as soon as it is known.

    >>> slips("winchster", "winchester", most=2), slips("dorchetser", "dorchester", most=2), slips("ash", "elm", most=1)
    (1, 1, 2)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row = row, [i]
        for j, against in enumerate(other, start=1):
            step = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if before and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                step = min(step, before[j - 2] + 1)
            row.append(step)
        if min(row) > most:
            return most + 1
        before = above
    return row[-1]


def _metres(one: Named, near: tuple[float, float] | None) -> float:
    """Return some kilometres from what is on show, in steps of ten: what is as near goes by its kind and size."""
    if near is None or one.spot is None:
        return 0.0
    north, east = one.spot[0] - near[0], (one.spot[1] - near[1]) * cos(radians(near[0]))
    return hypot(north, east) * 111 // 10


def _with_council(one: GazetteerEntry) -> str:
    return f"{one.name} ({one.context})" if one.context and one.context != one.name else one.name


def _has_wards(everything: Iterable[Named]) -> bool:
    return any(one.kind == WARD for one in everything)


def _area(code: str, areas: pd.DataFrame) -> Named:
    council = str(areas.loc[code, "district_name"]) if "district_name" in areas else ""
    return Named(AREA, code, str(areas.loc[code, "area_name"]), AREA, council)


def _areas_named(wanted: str, areas: pd.DataFrame, *, by_ward: bool) -> list[str]:
    """List the areas called so; by their ward only where the build has no wards of its own."""
    columns = ["area_name", *(["official_name"] if "official_name" in areas else [])]
    columns += ["ward_name"] if by_ward and "ward_name" in areas else []
    met = pd.Series(False, index=areas.index)  # noqa: FBT003 - the value to start from
    for column in columns:
        met |= areas[column].astype("string").fillna("").map(folded).eq(wanted)
    return [str(code) for code in areas.index[met]]


def _ranked(one: Named) -> str:
    """Return the kind a place is ranked as: a village that opens a small area is a village."""
    return SETTLEMENT if one.word in WORDS else one.kind


def _order(one: Named) -> tuple[int, int, str, str]:
    """Sort by kind, then the largest, then by name."""
    ranked = _ranked(one)
    kind = ranked if ranked in {AREA, OLD_DISTRICT} else family_of(ranked).name
    place = {OLD_DISTRICT: len(ORDER) + 1, AREA: len(ORDER) + 2}.get(
        kind, ORDER.index(kind) if kind in ORDER else len(ORDER)
    )
    return place, -one.weight, one.name, one.key


def find_area(text: str, *, areas: pd.DataFrame, most: int = 5) -> tuple[str | None, list[str]]:
    """Find a small area by what someone typed.

    An exact code or name wins, then a beginning that only one place has.

    Returns
    -------
    tuple
        The area code or None, and the codes of the nearest names when there is no single answer.
    """
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return None, []
    if text.strip().upper() in areas.index:
        return text.strip().upper(), []
    columns = [column for column in ("area_name", "official_name", "ward_name") if column in areas]
    lowered = {column: areas[column].astype("string").str.casefold().fillna("") for column in columns}
    for whole in (True, False):
        met = pd.Series(False, index=areas.index)  # noqa: FBT003 - the value to start from
        for names in lowered.values():
            met |= names.eq(wanted) if whole else names.str.startswith(wanted)
        found = [str(code) for code in areas.index[met]]
        if len(found) == 1:
            return found[0], []
        if found:
            return None, found[:most]
    names = lowered["area_name"]
    inside = names.index[names.str.contains(wanted, regex=False)]
    if len(inside):
        return None, [str(code) for code in inside[:most]]
    stems = pd.Series(names.index, index=names.str.replace(STEM, "", regex=True)).groupby(level=0).first()
    near = difflib.get_close_matches(wanted, list(stems.index), n=most, cutoff=0.5)
    return None, [str(stems[name]) for name in near]


def resolve(text: str, *, areas: pd.DataFrame, folder: Path, manifest: Manifest) -> str | None:
    """Find the one place that a code, a name or a postcode names; None when there is no single answer."""
    code = text if text in areas.index else find_area(text, areas=areas)[0]
    return code or find_postcode(text, folder=folder, manifest=manifest)


def is_postcode(text: str) -> bool:
    """Say whether what was typed has the shape of a whole postcode."""
    return read_form(text).shape == "whole"


def find_postcode(text: str, *, folder: Path, manifest: Manifest) -> str | None:
    """Find the small area of a live postcode of the build in `folder`; None for any other text."""
    if not is_postcode(text) or not (folder / POSTCODES).exists():
        return None
    row = PostcodeFiles(folder, manifest).postcode(read_form(text).code)
    return str(row["area_code"]) if row and row["live"] else None
