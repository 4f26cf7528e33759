"""Where someone without a line could go: the distances a study has, and how far is too far (method §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from connectivity.method.goalposts import INDICATORS
from connectivity.service.services import Service
from layers.figures import Figure

CALLED = {
    "library": "staffed library",
    "post_office": "post office",
    "gp": "GP surgery",
    "shop": "shop",
    "rail_station": "rail station",
}
"""What a sentence calls them; any other goes by its label in the study."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One distance of a study.

    Attributes
    ----------
    column
        In `areas.parquet`, in km: the mean over an area's people or postcodes.
    called
        In words.
    limit
        The goalpost of method §4: farther than it is out of reach.
    straight
        Whether it is a straight line × 1.3, not a distance by road.
    stand_in
        Whether it stands in for places that the study does not know.
    """

    key: str
    column: str
    called: str
    limit: Figure
    straight: bool
    stand_in: bool


def alternatives(manifest: Mapping[str, Any]) -> list[Alternative]:
    """List the distances a study has; a score of how hard places are to reach is no distance."""
    return [
        Alternative(
            key=str(one["key"]),
            column=str(one["column"]),
            called=CALLED.get(str(one["key"]), str(one["label"])),
            limit=INDICATORS[str(one["key"])].goalposts[0][1],
            straight=INDICATORS[str(one["key"])].straight,
            stand_in=INDICATORS[str(one["key"])].proxy,
        )
        for one in manifest["indicators"]
        if one["dimension"] == "alternative" and one["unit"] == "km" and one["key"] in INDICATORS
    ]


def helping(known: Sequence[Alternative], *, service: Service) -> list[Alternative]:
    """Keep those where a service's people could be helped; a stand-in only where the study has nothing else."""
    real = [one for one in known if one.key in service.helped_at]
    return real or [one for one in known if one.stand_in]


def reach(areas: pd.DataFrame, *, helpers: Sequence[Alternative], end: str = "value") -> pd.DataFrame:
    """Say of each area which helper is nearest, beside how far is too far for its kind, and whether it is near enough.

    Parameters
    ----------
    areas
        With the helpers' columns, in km.
    helpers
        From `helping`; none in a study without distances: then nothing is in reach.
    end
        ``low``, ``value`` or ``high``: which end of the goalpost's range is taken.

    Returns
    -------
    pandas.DataFrame
        ``nearest`` (a key, empty where no distance is known), ``nearest_km``, ``in_reach``. A distance that is not
        known is not in reach: what is not known is never fine.
    """
    if not helpers:
        return pd.DataFrame({"nearest": "", "nearest_km": np.nan, "in_reach": False}, index=areas.index)
    distances = areas[[one.column for one in helpers]].set_axis([one.key for one in helpers], axis=1)
    limits = [getattr(one.limit, end) or one.limit.value for one in helpers]
    filled = distances.div(limits, axis="columns").fillna(np.inf).to_numpy()
    at = filled.argmin(axis=1)
    known = np.isfinite(filled.min(axis=1))
    names = np.array([one.key for one in helpers], dtype=object)[at]
    return pd.DataFrame(
        {
            "nearest": np.where(known, names, ""),
            "nearest_km": distances.to_numpy()[np.arange(len(areas)), at],
            "in_reach": filled.min(axis=1) <= 1,
        },
        index=areas.index,
    )
