"""Sets of weights worth holding against each other, by name, and which of them stands in where none is chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from connectivity.method.goalposts import DIMENSIONS

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
