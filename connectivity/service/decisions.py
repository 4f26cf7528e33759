"""The decision for each small area: can go online, online with help, keep the counter, or not enough data.

Doubt counts against closing a counter: a service can go online only where even the highest estimate leaves few
without. ``docs/service.md`` has the rules and an example by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from connectivity.method.profiles import FEWEST, PEOPLE_PER_PREMISES
from connectivity.method.ranking import people
from connectivity.service.alternatives import alternatives, helping, reach
from connectivity.service.services import USUAL, Marks, Service

ONLINE, HELP, COUNTER, UNKNOWN = "online", "help", "counter", "unknown"
STEPS = (ONLINE, HELP, COUNTER)
"""From a service that can move to one that cannot."""
ENDS = {"low": "_low", "best": "", "high": "_high"}


@dataclass(frozen=True, slots=True)
class Affected:
    """People of a place who could not use a service from home: lowest, best and highest estimate.

    `premises` holds the same three for the premises they live or work at, of `of`; `estimated` says whether residents
    were estimated from premises anywhere in it.
    """

    place: str
    low: float
    best: float
    high: float
    premises: tuple[float, float, float]
    of: float
    estimated: bool


def decide(areas: pd.DataFrame, *, service: Service, manifest: Mapping[str, Any], marks: Marks = USUAL) -> pd.DataFrame:
    """Decide for each area.

    Parameters
    ----------
    areas
        Of a build, indexed by ``area_code``.
    service
        What would go online only.
    manifest
        The build's; its ``indicators`` say which distances there are.
    marks
        Where one decision ends and the next begins.

    Returns
    -------
    pandas.DataFrame
        ``decision``; ``least`` and ``most``, the steps that the lowest and the highest estimate would lead to
        (``decision`` lies between them; all three ``unknown`` without enough data); ``unable_low``, ``unable``,
        ``unable_high`` (premises); ``people_low``, ``people``, ``people_high``, ``people_estimated``; and the columns
        of `reach`.
    """
    known = areas["status"].eq("scored") & areas["premises"].ge(FEWEST.value)
    unable = {end: areas[f"{service.needs}_infeasible{tail}"].where(known) for end, tail in ENDS.items()}
    shares = {end: (count / areas["premises"]).to_numpy() for end, count in unable.items()}
    near = reach(areas, helpers=helping(alternatives(manifest), service=service), end=marks.end)
    within = near["in_reach"].to_numpy()

    def step(end: str) -> np.ndarray[Any, np.dtype[np.int_]]:
        share = shares[end]
        return np.where(share < marks.few, 0, np.where((share >= marks.many) | ~within, 2, 1))

    asked = np.where((shares["best"] >= marks.many) | ~within, 2, 1)
    decided = np.where(shares["high"] < marks.few, 0, asked)
    names = np.array(STEPS, dtype=object)
    said = {"decision": decided, "least": step("low"), "most": step("high")}
    found = pd.DataFrame({key: names[steps] for key, steps in said.items()}, index=areas.index)
    found = found.where(known, UNKNOWN)
    for end, tail in ENDS.items():
        found[f"unable{tail}"] = unable[end]
    return found.join(_people(areas, unable=unable)).join(near)


def _people(areas: pd.DataFrame, *, unable: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Count people as method §5 does, without need: residents × share, else premises × 2.4 (2.2 to 2.6)."""
    residents = areas["residents"] if "residents" in areas else pd.Series(np.nan, index=areas.index)
    per = PEOPLE_PER_PREMISES
    made = pd.DataFrame(index=areas.index)
    for (end, tail), each in zip(ENDS.items(), (per.low, per.value, per.high), strict=True):
        counted = people(
            residents,
            premises=areas["premises"],
            share=unable[end] / areas["premises"],
            need=pd.Series(np.nan, index=areas.index),
            multiplier=0.0,
        )
        scale = np.where(counted["people_estimated"], (each or per.value) / per.value, 1.0)
        made[f"people{tail}"] = counted["people"] * scale
        made["people_estimated"] = counted["people_estimated"]
    return made


def affected(found: pd.DataFrame, *, areas: pd.DataFrame, place: str, shares: pd.Series | None = None) -> Affected:
    """Add up areas with enough data; the range is the sum of the ranges, as wide as it can be.

    Parameters
    ----------
    found
        From `decide`.
    areas
        Of the build.
    place
        What they make up.
    shares
        How much of each area's premises lies in the place, by area code; None where they lie in it whole.
    """
    known = found[found["decision"] != UNKNOWN]
    part = pd.Series(1.0, index=known.index) if shares is None else shares.reindex(known.index).fillna(0.0)  # not in it

    def total(column: pd.Series) -> float:
        return float((column * part).sum())

    low, best, high = (total(known[f"people{tail}"]) for tail in ("_low", "", "_high"))
    premises = tuple(total(known[f"unable{tail}"]) for tail in ("_low", "", "_high"))
    of = total(areas.loc[known.index, "premises"])
    return Affected(place, low, best, high, (premises[0], premises[1], premises[2]), of, any(known["people_estimated"]))


def counted(found: pd.DataFrame) -> dict[str, int]:
    """Count the areas of each decision."""
    return {key: int(found["decision"].eq(key).sum()) for key in (*STEPS, UNKNOWN)}


def could_be(row: Mapping[Any, Any]) -> list[str]:
    """Name the other decisions that the lowest or the highest estimate by itself would lead to.

    >>> could_be({"decision": "help", "least": "online", "most": "counter"})
    ['online', 'counter']
    """
    return [step for step in (row["least"], row["most"]) if step != row["decision"]]


def in_order(found: pd.DataFrame, *, steps: Sequence[str]) -> pd.DataFrame:
    """Keep areas of some decisions: most people first, those without enough data last; equal counts by code."""
    kept = found[found["decision"].isin(steps)].sort_index()
    return kept.sort_values("people", ascending=False, kind="stable", na_position="last")
