"""What would swap two places, in a sentence whose numbers anyone can type in and see it happen."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd

from connectivity.method.goalposts import DIMENSIONS, Dimension
from connectivity.method.kernel import Aggregation
from connectivity.method.scoring import Weights, score
from connectivity.method.uncertain import Doubles
from connectivity.robustness.flip import Flip, Pair, nearest
from connectivity.robustness.projection import LEVEL
from layers.figures import Figure

CALLED: dict[Dimension, str] = {
    "remote": "home working",
    "digital": "online services",
    "need": "need",
    "alternative": "no alternative nearby",
}
DECIMALS = (0, 1, 2)
LONGER = Figure(1.25, "times the smallest change", "longest that rounded weights may be from the chosen", "assumption")
AROUND = (-1, 0, 1, 2)
"""Steps from a rounded-down weight at which a rounded one is looked for."""
FURTHER = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
"""Parts of the gap to go beyond level, until there is room for rounded weights."""
HARDLY = Figure(1e-3, "of all weight", "less than this is called almost nothing", "assumption")


def flip_sentence(
    found: Flip,
    first: pd.Series,
    second: pd.Series,
    *,
    names: tuple[str, str],
    aggregation: Aggregation = "geometric",
) -> str:
    """Say what change of weights would swap two places, or that none does.

    Parameters
    ----------
    found
        From :func:`connectivity.robustness.flip.flip`.
    first, second
        Rows of the areas table: ``score_remote, score_digital, score_need, score_alternative``.
    names
        Names of the two, in the same order; they are shown as they are, so escape the sentence for HTML.
    aggregation
        As it was found with.
    """
    worse, better = names if found.gap >= 0 else names[::-1]
    if found.after is None:
        return f"No weights would swap them. {_why_not(found, first, second, worse=worse, better=better)}"
    if found.distance == 0:
        return f"{names[0]} and {names[1]} are level: the smallest change of weights parts them."
    named = shown(found, first, second, aggregation=aggregation)
    if named is None:
        return f"{names[0]} and {names[1]} would change places {_unnamed(found)}."
    before = {name: 100 * value for name, value in found.before.as_dict().items()}
    moved = sorted(named, key=lambda name: (-abs(named[name] - before[name]), DIMENSIONS.index(name)))
    main, rest = moved[0], moved[1:]
    change = f"If {CALLED[main]} counted {_percent(named[main])} instead of {_percent(before[main])}"
    return f"{change}, {_rest(rest, named)}{names[0]} and {names[1]} would change places."


def shown(
    found: Flip, first: pd.Series, second: pd.Series, *, aggregation: Aggregation = "geometric"
) -> dict[Dimension, float] | None:
    """Round the weights that swap two places so that the rounded ones do swap them.

    Returns
    -------
    dict
        Percent by dimension in the study, adding up to 100, in whole percent where these are not much further from the
        chosen weights than need be; None when two decimals are not enough.
    """
    if found.after is None or found.distance == 0:
        return None
    before = found.before.as_dict()
    names = [name for name in DIMENSIONS if not _absent(name, first, second)]
    place = np.array([before[name] for name in names])
    two = pd.DataFrame([first, second])
    pair = Pair.of(two, worse=0 if found.gap >= 0 else 1, names=names, aggregation=aggregation)
    coarse: dict[Dimension, float] | None = None
    for decimals in DECIMALS:
        unit = 10**decimals
        for further in FURTHER:
            point = nearest(pair, place, by=further * abs(found.gap), least=1 / (100 * unit))
            if point is None:
                break
            best = _rounded(point, place, found, two.fillna(0.0), names=names, unit=unit, aggregation=aggregation)
            if best is not None:
                if _far(best, place) <= LONGER.value * found.distance:
                    return best
                coarse = best  # finer ones are nearer
                break
    return coarse


def _rounded(
    point: Doubles,
    place: Doubles,
    found: Flip,
    two: pd.DataFrame,
    *,
    names: list[Dimension],
    unit: int,
    aggregation: Aggregation,
) -> dict[Dimension, float] | None:
    """Find the rounded weights nearest to the chosen ones, among those around a point, that swap the two."""
    floors = [math.floor(value * 100 * unit) for value in point]
    tried = []
    for steps in product(AROUND, repeat=len(names) - 1):
        some = [floor + step for floor, step in zip(floors, steps, strict=False)]
        whole = [*some, 100 * unit - sum(some)]
        if min(whole) >= 0 and whole[0] + whole[1] > 0:
            tried.append({name: value / unit for name, value in zip(names, whole, strict=True)})
    tried.sort(key=lambda at: _far(at, place))
    return next((at for at in tried if _swaps(found, two, at, aggregation)), None)


def _far(at: dict[Dimension, float], place: Doubles) -> float:
    return math.dist([value / 100 for value in at.values()], place)


def _swaps(found: Flip, two: pd.DataFrame, at: dict[Dimension, float], aggregation: Aggregation) -> bool:
    weights = Weights(**{"need": 0.0, "alternative": 0.0} | at)
    scores = score(two, weights=weights, aggregation=aggregation)
    gap = float(scores.iloc[0] - scores.iloc[1])
    return (gap if found.gap < 0 else -gap) > LEVEL.value


def _absent(name: Dimension, first: pd.Series, second: pd.Series) -> bool:
    return bool(pd.isna(first[f"score_{name}"]) and pd.isna(second[f"score_{name}"]))


def _why_not(found: Flip, first: pd.Series, second: pd.Series, *, worse: str, better: str) -> str:
    if found.at_least_as_bad:
        return f"{worse} is at least as bad as {better} in every part of the score."
    row = second if found.gap >= 0 else first
    if row["score_remote"] == 0 and row["score_digital"] == 0:
        return f"No line falls short in {better}, and need or distance cannot make a gap where the line is good enough."
    return (
        f"Too few lines fall short in {better}. However much need or distance counts, {worse} keeps the higher score."
    )


def _unnamed(found: Flip) -> str:
    """Say of weights that two decimals cannot name what they are like."""
    if found.distance < HARDLY.value:
        return "with weights that are hardly different"
    after = found.after
    if after is not None and after.remote + after.digital < HARDLY.value:
        return "only if home working and online services counted almost nothing"
    return "only with weights in a very narrow range"


def _rest(names: list[Dimension], named: dict[Dimension, float]) -> str:
    """Say what the other dimensions would count; together where they count the same."""
    values = {_percent(named[name]) for name in names}
    if not names:
        return ""
    if len(values) == 1:
        each = " each" if len(names) > 1 else ""
        return f"and the other{'s' if len(names) > 1 else ''} {values.pop()}{each}, "
    return "and " + ", ".join(f"{CALLED[name]} {_percent(named[name])}" for name in names) + ", "


def _percent(value: float) -> str:
    return f"{round(value, DECIMALS[-1]):g}%"
