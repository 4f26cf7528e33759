"""Sets of weights worth holding against each other, by name, and which of them stands in where none is chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.claims.grammar import listed
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.method.kernel import Aggregation
from connectivity.method.ranking import severity_rank
from connectivity.method.records import DIMENSIONS, Dimension
from connectivity.method.scoring import Weights, score
from connectivity.robustness.ranks import worst_tenth

Percent = tuple[int, int, int, int]
"""For remote work, digital services, need and alternatives."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of weights.

    Attributes
    ----------
    title
        In a list to choose from.
    used
        As a sentence goes on: “the worst tenth …”.
    weights
        In percent.
    """

    title: str
    used: str
    weights: Percent


def presets(own: Percent, *, absent: Collection[str] = ()) -> dict[str, Preset]:
    """List the sets worth comparing, the study's own first; those that come to the same as an earlier one left out.

    Parameters
    ----------
    own
        The study's own weights.
    absent
        Dimensions that are not in the study.

    Examples
    --------
    >>> list(presets((25, 25, 25, 25))), presets((25, 25, 25, 25))["need"].weights
    (['own', 'lines', 'need', 'home'], (25, 25, 50, 25))
    >>> list(presets((40, 20, 0, 0), absent=("need", "alternative")))
    ['own', 'equal', 'home']
    """
    remote, digital, need, alternative = own
    every = {
        "own": Preset("The study’s own", "by the study’s own weights", own),
        "equal": Preset("Equal", "by equal weights", (25, 25, 25, 25)),
        "lines": Preset("Only lines: need and distance 0", "when only the lines count", (remote, digital, 0, 0)),
        "need": Preset("Need counts double", "when need counts double", (remote, digital, 2 * need, alternative)),
        "home": Preset("Only home working", "when only home working counts", (MOST, 0, 0, 0)),
    }
    kept: dict[str, Preset] = {}
    for key, preset in every.items():
        if max(preset.weights) <= MOST and not any(
            same(preset.weights, one.weights, absent=absent) for one in kept.values()
        ):
            kept[key] = preset
    return kept


def same(one: Percent, other: Percent, *, absent: Collection[str] = ()) -> bool:
    """Tell whether two sets come to the same scores: only the sizes beside each other matter.

    >>> same((25, 25, 25, 25), (50, 50, 50, 50)), same((25, 25, 0, 25), (25, 25, 50, 25), absent=("need",))
    (True, True)
    """
    # Whole numbers, multiplied across: shares of a sum would differ in their last digit.
    first, second = ([w for n, w in zip(DIMENSIONS, set_, strict=True) if n not in absent] for set_ in (one, other))
    return [w * sum(second) for w in first] == [w * sum(first) for w in second]


def stand_in(first: Percent, own: Percent, *, absent: Collection[str] = ()) -> Percent:
    """Choose what a first set is compared with where no second is chosen: the first preset that is another.

    >>> stand_in((25, 25, 25, 25), (25, 25, 25, 25)), stand_in((50, 50, 0, 10), (25, 25, 25, 25))
    ((25, 25, 0, 0), (25, 25, 25, 25))
    """
    found = [preset.weights for preset in presets(own, absent=absent).values()]
    return next(weights for weights in found if not same(weights, first, absent=absent))


Group = Literal["enters", "leaves", "rises", "falls"]
LISTED = 8
"""Places that each list names (assumption: a list one reads at a glance)."""


@dataclass(frozen=True, slots=True)
class Reweighing:
    """Two rankings of the same places: which change rank, and which enter or leave the worst tenth.

    The four dimensions stay as they were built: only how much each counts differs. Need and the lack of alternatives
    raise a score and never make one (method §5), so a place where nothing falls short scores 0 by any weights.

    Attributes
    ----------
    places
        Index ``area_code``, scored areas only. Ranks by the ``first`` and the ``second`` weights among all of the
        study, ties sharing the lowest; ``moved``, above 0 towards the worst; whether each is ``worst_first`` and
        ``worst_second``, in the worst tenth; ``low`` and ``high``, between which 9 of 10 of the draws
        rank it round the study's own weights, NaN where nothing was drawn; ``beyond``, whether one of its two ranks
        lies outside these and its rank by the study's own weights, <NA> where they are not known.
    """

    places: pd.DataFrame

    @property
    def before(self) -> int:
        """How many are in the worst tenth by the first weights."""
        return int(self.places["worst_first"].sum())

    @property
    def shared(self) -> int:
        """How many of them are in it by the second, too."""
        return int((self.places["worst_first"] & self.places["worst_second"]).sum())

    @property
    def entering(self) -> int:
        """How many are in the worst tenth by the second weights only."""
        return int(self.places["worst_second"].sum()) - self.shared

    def group(self, name: Group) -> pd.DataFrame:
        """List the places that enter or leave the worst tenth, or rise or fall, most first.

        A rise is towards the worst. Those that enter stand by their second rank, those that leave by their first.
        """
        known = self.places
        if name == "enters":
            return known[known["worst_second"] & ~known["worst_first"]].sort_values(["second", "first"], kind="stable")
        if name == "leaves":
            return known[known["worst_first"] & ~known["worst_second"]].sort_values(["first", "second"], kind="stable")
        moved = known[known["moved"] > 0] if name == "rises" else known[known["moved"] < 0]
        order = moved["moved"].abs().sort_values(ascending=False, kind="stable").index
        return moved.loc[order]

    def among(self, codes: Collection[str]) -> Reweighing:
        """Keep some of the places, with their ranks in the whole study."""
        return Reweighing(self.places[self.places.index.isin(codes)])


def reweigh(
    areas: pd.DataFrame,
    *,
    first: Weights,
    second: Weights,
    aggregation: Aggregation = "geometric",
    absent: Collection[Dimension] = (),
) -> Reweighing:
    """Rank a build's areas by two sets of weights.

    Parameters
    ----------
    areas
        Index ``area_code``: ``status``, the four dimensions ``score_…`` (0 good to 100 bad), the rank
        by the study's own weights as ``severity_rank``, and with draws ``rank_p05`` and ``rank_p95``.
    first, second
        In any scale.
    aggregation, absent
        As the study has them.

    Raises
    ------
    StudyError
        When weights cannot make a score of the dimensions in the study.
    """
    scored = areas[areas["status"].eq(SCORED)]
    table = pd.DataFrame(index=scored.index)
    for name, weights in (("first", first), ("second", second)):
        scores = score(scored, weights=weights, aggregation=aggregation, absent=absent)
        table[name] = severity_rank(scores)
        table[f"worst_{name}"] = table.index.isin(worst_tenth(scores.dropna()))
    table = table[table["first"].notna() & table["second"].notna()].astype({"first": int, "second": int})
    table["moved"] = table["first"] - table["second"]
    for name, column in (("low", "rank_p05"), ("high", "rank_p95")):
        table[name] = scored[column].astype(float) if column in scored else float("nan")
    own = scored["severity_rank"].astype(float)
    low, high = table["low"].where(table["low"] < own, own), table["high"].where(table["high"] > own, own)
    ranks = table[["first", "second"]]
    outside = (ranks.lt(low, axis=0) | ranks.gt(high, axis=0)).any(axis=1)
    table["beyond"] = outside.astype("boolean").mask(table["low"].isna())
    return Reweighing(table)


RANKS = Provenance(column="severity_rank", decimals=0)


def worst_tenth_claim(
    found: Reweighing,
    *,
    place: str,
    basis: Basis,
    used: tuple[str, str],
    weights: tuple[Percent, Percent],
    absent: Collection[str] = (),
) -> Claim:
    """Return the claim on how many places of the worst tenth by the first weights stay in it by the second.

    Parameters
    ----------
    found
        The places spoken of.
    place
        What they lie in.
    basis
        What the scores rest on.
    used
        How each set of weights is spoken of: “by equal weights”.
    weights, absent
        Both sets, and the dimensions that are not in the study, for who quotes them.
    """
    details = {"entering": found.entering, "used": used, "weights": weights, "absent": tuple(absent)}
    return Claim.of_places(
        "weightings.worst_tenth",
        place,
        found.shared,
        of=found.before,
        basis=basis,
        details=details,
        provenance=RANKS,
    )


def beyond_doubt_claim(found: Reweighing, *, place: str, basis: Basis) -> Claim:
    """Return the claim on how many of the places that move end outside their range."""
    moved = found.places[found.places["moved"] != 0]
    known = moved["beyond"].dropna()
    return Claim.of_places(
        "weightings.beyond",
        place,
        int(known.sum()),
        of=len(known),
        basis=basis,
        details={"moved": len(moved)},
        provenance=RANKS,
    )


def not_listed_claim(areas: pd.DataFrame, *, basis: Basis) -> Claim | None:
    """Return the claim on the areas that no weights rank, as their council's cannot be told apart; None without any.

    Parameters
    ----------
    areas
        Those on show, index ``area_code``: ``status``, ``district_name``.
    basis
        What the scores rest on.
    """
    alike = areas[areas["status"].eq(NOT_TOLD_APART)]
    if alike.empty:
        return None
    names = listed(sorted(set(alike["district_name"].astype(str))))
    return Claim.of_places("weightings.not_listed", names, len(alike), of=len(areas), basis=basis, provenance=RANKS)
