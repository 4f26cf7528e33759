"""Search: a small area, a council or another part of a study by what someone typed. Knows no Streamlit."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from connectivity.manifest import Manifest
from connectivity.places.parts import DISTRICT, Reports
from connectivity.postcode.postcode_tables import POSTCODES, PostcodeFiles
from connectivity.postcode.typed import read_form
from layers.families import FAMILIES, family_of

OLD_DISTRICT, WARD, AREA = "old_district", "ward", "small area"
ORDER = (DISTRICT, *(family.name for family in FAMILIES if family.name not in {DISTRICT, OLD_DISTRICT}))
"""Kinds of place in the order they are offered; councils of 2011 come last, behind places of the study's own kinds."""
OFFERED = 5
"""Names that are offered where many begin so, or none is like it (assumption: a list one reads at a glance)."""
NUMBERED = re.compile(r", part \d+$")
"""What ends the name of a small area that shares its ward with others."""


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that what was typed can name.

    Attributes
    ----------
    kind
        ``small area``, ``district`` (a council of today) or another boundary the build is reported by.
    key
        An area code, a council's code, or what stands for the place in its report.
    name
        What it is called.
    """

    kind: str
    key: str
    name: str

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
        Where there is no single one, the places it may mean, today's councils first.
    why
        Why these are offered: they are called so, begin so, or are only like it.
    """

    found: Named | None
    offered: tuple[Named, ...] = ()
    why: Literal["called", "begins", "like"] = "like"


def answer(text: str, *, areas: pd.DataFrame, reports: Reports, folder: Path, manifest: Manifest) -> Answer:
    """Return what a reader means by a code, a postcode or a name.

    An exact code wins, then an exact name, then a beginning that only one place has; else there are the choices. Of
    places with one name, a council of today wins; a ward that is one small area is that area.

    Parameters
    ----------
    text
        What was typed.
    areas, manifest, folder
        A build's.
    reports
        Its places by boundary, from :func:`connectivity.places.reports.read_shares`.
    """
    everything = [*_councils(manifest), *_reported(reports)]
    if coded := _coded(text, areas=areas, everything=everything):
        return Answer(coded)
    if at := find_postcode(text, folder=folder, manifest=manifest):
        return Answer(_area(at, areas))
    return _called(text, areas=areas, everything=everything, wards_known=WARD in reports)


def _coded(text: str, *, areas: pd.DataFrame, everything: list[Named]) -> Named | None:
    code = text.strip().upper()
    if code in areas.index:
        return _area(code, areas)
    named = (one for one in everything if one.key.upper() == code and one.key != one.name)  # else its name is its key
    return min(named, key=_order, default=None)


def _called(text: str, *, areas: pd.DataFrame, everything: list[Named], wards_known: bool) -> Answer:
    """Find what is called so, else what begins so, else what is like it."""
    wanted = " ".join(text.casefold().split())
    for whole in (True, False) if wanted else ():
        met = [one for one in everything if _meets(one.name, wanted, whole=whole)]
        met += [_area(one, areas) for one in _areas_named(wanted, areas, whole=whole, by_ward=not wards_known)]
        if settled := _settled(met):
            shown = tuple(settled if whole else settled[:OFFERED])
            return Answer(settled[0]) if len(settled) == 1 else Answer(None, shown, "called" if whole else "begins")
    code, near = find_area(
        text, areas=areas, most=OFFERED
    )  # the beginning of an official name, or a name that is like it
    return Answer(_area(code, areas)) if code else Answer(None, tuple(_area(one, areas) for one in near))


def _councils(manifest: Manifest) -> list[Named]:
    return [Named(DISTRICT, one.code, one.name) for one in manifest.districts]


def _reported(reports: Reports) -> list[Named]:
    return [
        Named(kind, str(key), str(name))
        for kind, (table, _) in reports.items()
        if kind != DISTRICT
        for key, name in zip(table.index, table["name"], strict=True)
    ]


def _area(code: str, areas: pd.DataFrame) -> Named:
    return Named(AREA, code, str(areas.loc[code, "area_name"]))


def _areas_named(wanted: str, areas: pd.DataFrame, *, whole: bool, by_ward: bool) -> list[str]:
    """List the areas called or beginning so; by their ward only where the build has no wards of its own."""
    columns = ["area_name", *(["official_name"] if whole and "official_name" in areas else [])]
    columns += ["ward_name"] if by_ward and "ward_name" in areas else []
    met = pd.Series(False, index=areas.index)  # noqa: FBT003 - the value to start from
    for column in columns:
        names = areas[column].astype("string").str.casefold().fillna("")
        met |= names.eq(wanted) if whole else names.str.startswith(wanted)
    return [str(code) for code in areas.index[met]]


def _meets(name: str, wanted: str, *, whole: bool) -> bool:
    folded = " ".join(name.casefold().split())
    return folded == wanted if whole else folded.startswith(wanted)


def _settled(met: list[Named]) -> list[Named]:
    """Drop what another one stands for, and put the rest in the order they are offered."""
    councils = {one.name.casefold() for one in met if one.kind == DISTRICT}
    areas = {one.name.casefold() for one in met if one.kind == AREA}
    wards = {one.name.casefold() for one in met if one.kind == WARD}
    kept = [
        one
        for one in met
        if one.kind == DISTRICT
        or not (
            one.name.casefold() in councils
            or (one.kind == WARD and one.name.casefold() in areas)
            or (one.kind == AREA and NUMBERED.sub("", one.name.casefold()) in wards - areas)
        )
    ]
    return sorted(kept, key=_order)


def _order(one: Named) -> tuple[int, str, str]:
    """Sort councils first, then the kinds as pages list them, then small areas; the councils of 2011 last."""
    kind = one.kind if one.kind in {AREA, OLD_DISTRICT} else family_of(one.kind).name
    place = {AREA: len(ORDER) + 1, OLD_DISTRICT: len(ORDER) + 2}.get(
        kind, ORDER.index(kind) if kind in ORDER else len(ORDER)
    )
    return place, one.name, one.key


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
    stems = pd.Series(names.index, index=names.str.replace(NUMBERED, "", regex=True)).groupby(level=0).first()
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
