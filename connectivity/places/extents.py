"""What a small area is that a village leads to: which villages it holds, which towns it reaches. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from connectivity.places.gazetteer import WORDS, GazetteerEntry
from connectivity.places.parts import neighbours
from layers.figures import Figure
from layers.settlements import TYPICAL

PLACE = "place"
TOWN = WORDS[0]
EACH = Figure(2.0, "residents", "for each home or business of an area", "assumption: England has 2.2 for each home")
LARGER = Figure(
    1.5,
    "residents of an area for each of its villages'",
    "from which on the area is more than the villages it is called after",
    "assumption: a village's edge farms are still the village",
)
MOST = 3
"""Villages and towns that are named at the most (assumption: a line one reads at a glance)."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What a small area that is larger than its villages is made of.

    Attributes
    ----------
    holds
        The villages it holds, the largest first.
    reaches
        The towns it lies beside, the longest border first.
    """

    holds: tuple[str, ...]
    reaches: tuple[str, ...]


def extent_of(code: str, *, areas: gpd.GeoDataFrame, entries: Sequence[GazetteerEntry]) -> Extent | None:
    """Return what an area is made of where it is larger than the villages it stands for; else None.

    Parameters
    ----------
    code
        The area.
    areas
        A build's, with ``premises`` and, where areas are called after settlements, ``settlements``.
    entries
        The build's gazetteer.
    """
    held = sorted(
        (one for one in entries if one.kind in WORDS and one.key == f"{PLACE}:{code}"),
        key=lambda one: (-one.weight, one.name),
    )
    if not held or "settlements" not in areas:
        return None
    people = sum(one.weight or TYPICAL[-1] for one in held)
    if float(areas.loc[[code], "premises"].iloc[0]) * EACH.value < LARGER.value * people:
        return None
    towns = {one.key.partition(":")[2]: one.name for one in entries if one.kind == TOWN and one.key}
    beside = areas.loc[list(neighbours(areas.geometry, code).index), "settlements"].astype("str").str.split(" ")
    reached = dict.fromkeys(towns[one] for ids in beside for one in ids if one in towns)
    names = dict.fromkeys(one.name for one in held)
    return Extent(tuple(names)[:MOST], tuple(reached)[:MOST])
