"""Wholes compared: a small area, a council or the whole study beside another, by the share of premises that cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance, summed
from connectivity.manifest import Manifest
from connectivity.method.feasibility import COUNTED
from connectivity.outputs import AREAS
from connectivity.robustness.count_draws import CountDraws
from connectivity.robustness.pairs import SEPARATED

STUDY = "study"
"""The key of the whole study."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Some areas that are spoken of as one.

    Attributes
    ----------
    key
        An area's code, a council's code, or ``study``.
    name
        What they are called.
    areas
        Those of them that have a count, as rows of a build's table, index ``area_code``.
    left_out
        How many have none.
    """

    key: str
    name: str
    areas: pd.DataFrame
    left_out: int


def whole_of(key: str, *, areas: pd.DataFrame, manifest: Manifest, study: str) -> Whole | None:
    """Return what a key names; None where the study has nothing of it.

    Parameters
    ----------
    areas, manifest
        Of a build.
    study
        What its place is called.
    """
    names = manifest.district_names
    if key == STUDY:
        inside, name = areas, study
    elif key in areas.index:
        inside, name = areas.loc[[key]], str(areas.loc[key, "area_name"])
    elif key in names:
        inside, name = areas[areas["district_code"].eq(key)], names[key]
    else:
        return None
    counted = inside[inside["status"].isin(COUNTED)]
    return Whole(key, name, counted, len(inside) - len(counted))


def claim_of_whole(whole: Whole, *, profile: ProfileKey, basis: Basis, drawn: CountDraws | None) -> Claim | None:
    """Return the claim on all premises of a whole; None where nothing of it is known."""
    if whole.areas.empty:
        return None
    return summed(whole.areas, place=whole.name, profile=profile, basis=basis, drawn=drawn)


def chance_of_larger_share(
    first: Whole, second: Whole, *, profile: ProfileKey, drawn: CountDraws | None
) -> float | None:
    """Return the chance that a larger share of the first whole's premises cannot than of the second's.

    In a modelled build it is counted over draws of both sums. In another the counts have low and high ends only: then
    it is 1 or 0 where the ranges of the shares do not meet, and None where they do.
    """
    if drawn is not None:
        shares = [
            drawn.sums(pd.Series(1.0, index=one.areas.index), profile=profile) / one.areas["premises"].sum()
            for one in (first, second)
        ]
        return float(np.mean(shares[0] > shares[1]))
    (low, high), (other_low, other_high) = (
        tuple(one.areas[f"{profile}_infeasible_{end}"].sum() / one.areas["premises"].sum() for end in ("low", "high"))
        for one in (first, second)
    )
    if low > other_high:
        return 1.0
    return 0.0 if high < other_low else None


def wholes_claim(first: Claim, second: Claim, *, chance: float | None) -> Claim:
    """Return the claim that a larger share of one whole's premises cannot, or that nobody can say.

    Parameters
    ----------
    first, second
        From :func:`claim_of_whole`.
    chance
        From :func:`chance_of_larger_share`.
    """
    turned = chance is not None and chance < 0.5  # noqa: PLR2004 - the likelier of two
    worse, other = (second, first) if turned else (first, second)
    sure = None if chance is None else max(chance, 1 - chance)
    return Claim(
        f"places.wholes.{first.profile}",
        worse.place,
        worse.low,
        worse.best,
        worse.high,
        worse.of,
        first.basis,
        better=(other.place, sure) if sure is not None and sure >= SEPARATED.value else None,
        details={"other": other, "chance": sure},
        provenance=Provenance(AREAS, f"{first.profile}_infeasible", worse.provenance.areas),
    )
