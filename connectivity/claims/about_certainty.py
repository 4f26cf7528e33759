"""How sure we are, in words anyone can quote: of a study, of a place's rank, and of what moves both.

A draw is one fair set of assumptions. "Among the worst" always means both at once: in the worst tenth of places, and
enough premises (or lines) that fall short (:data:`connectivity.robustness.tiers.WORTH`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd

from connectivity.claims.claim import Basis, Sentence
from connectivity.claims.grammar import ordinal
from connectivity.method.goalposts import DIMENSIONS, Dimension
from connectivity.method.kernel import Aggregation
from connectivity.method.profiles import CONCENTRATION
from connectivity.method.scoring import Weights, score
from connectivity.method.uncertain import Doubles
from connectivity.robustness.pairs import LEVEL, Flip, PlacePair, nearest_weights
from connectivity.robustness.tiers import BELOW, EVEN, SOME, SURE, TIERS, WORTH, Key, of_draws, of_ten
from layers.estimate import residual
from layers.figures import Figure

Mark = Literal["clear", "likely", "either", "none", "few", "nodata"]
HUNDRED = 100
LEAST = 0.01
"""Chances under this, and over one less it, are not said as a whole number."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a tier reads.

    Attributes
    ----------
    cell
        Answers “Among the worst?”.
    alone
        The same where no question stands above it.
    mark
        Of its symbol: a disc that fills as we get surer.
    """

    cell: str
    alone: str
    mark: Mark


READINGS: dict[Key, Reading] = {
    "robust": Reading("Almost certain", "Almost certainly among the worst", "clear"),
    "likely": Reading("Likely", "Likely to be among the worst", "likely"),
    "depends": Reading("Depends", "Among the worst under some assumptions", "either"),
    "some": Reading("Unlikely", "Unlikely to be among the worst", "none"),
    "feasible": Reading("Few or none", "Few or no gaps", "few"),
    "insufficient": Reading("Not enough data", "Not enough data to say", "nodata"),
}
"""Worst first, as legends and tables list them."""
QUESTION = "Among the worst?"


def reading(tier: object) -> Reading:
    """Give the words of a tier; anything that is no tier has not enough data."""
    return next((said for key, said in READINGS.items() if key == tier), READINGS["insufficient"])


def among_the_worst(basis: Basis) -> str:
    """Say what “among the worst” means.

    >>> among_the_worst(Basis("S", "July 2025", "premises", "availability", False, False, True))
    'Among the worst means both: in the worst tenth of places, and 10% or more of its premises cannot support one \
home worker.'
    """
    return (
        "Among the worst means both: in the worst tenth of places, and "
        f"{WORTH.value:.0%} or more of its {basis.unit} {_short(basis)}."
    )


def meaning(tier: Key, *, basis: Basis) -> str:
    """Say when a place has a tier, for the legend."""
    sure, even, some = (of_ten(figure) for figure in (SURE, EVEN, SOME))
    said: dict[Key, str] = {
        "robust": f"Among the worst in {sure} of 10 draws or more.",
        "likely": f"Among the worst in {even} to {sure} of 10 draws.",
        "depends": f"Among the worst in {some} to {even} of 10 draws.",
        "some": f"Among the worst in fewer than {some} of 10 draws, yet with gaps.",
        "feasible": f"In {sure} of 10 draws or more, under {BELOW.value:.0%} of its {basis.unit} {_short(basis)}.",
        "insufficient": "Too little is known. It may be good or bad.",
    }
    return said[tier]


def headline(counts: Mapping[str, int], *, place: str, noun: str = "place") -> Sentence:
    """Say how many places we are sure of, and how many of nothing.

    Parameters
    ----------
    counts
        Places by tier, all tiers.
    place
        What they lie in.
    noun
        What one of them is called.

    Examples
    --------
    >>> some = {"robust": 24, "likely": 80, "depends": 120, "some": 1400, "feasible": 22, "insufficient": 1}
    >>> str(headline(some, place="Dorset"))
    '24 of 1,646 places in Dorset are almost certain to be among the worst. 80 are likely to be, and 120 depend on \
what we assume.'
    """
    total = sum(counts[key] for key in TIERS if key != "insufficient")
    sure = counts["robust"]
    verb = "are" if sure > 1 else "is"
    likely, depends = counts["likely"], counts["depends"]
    more = f"{likely:,} {'is' if likely == 1 else 'are'} likely to be"
    rest = f"{depends:,} depend{'s' if depends == 1 else ''} on what we assume"
    return Sentence(
        f"{_count(sure)} of {total:,} {noun}{'' if total == 1 else 's'}",
        f" in {place} {verb} almost certain to be among the worst. {more}, and {rest}.",
    )


def others(counts: Mapping[str, int], *, draws: int) -> str:
    """Say the rest of the places, and how many draws it rests on."""
    less = f"{counts['some']:,} unlikely, {counts['feasible']:,} with few or no gaps"
    lacking = counts["insufficient"]
    lost = f", {lacking:,} without enough data to say" if lacking else ""
    drawn = f"We ranked all places {draws:,} times, each time with another fair set of assumptions."
    return f"The rest: {less}{lost}. {drawn}"


def citation(counts: Mapping[str, int], *, place: str, draws: int, basis: Basis) -> str:
    """Word the headline so that it can be quoted with place, date, test and what it leaves out."""
    said = headline(counts, place=place, noun="small area")
    sure = f"Almost certain means in {of_draws(SURE)} or more"
    quote = f"“{said} {among_the_worst(basis)} {sure} ({draws:,} draws of the assumptions; {rests(basis)}).”"
    return basis.quotable(quote)


def rests(basis: Basis) -> str:
    """Say briefly what a figure rests on: source, date, whether modelled, what is counted."""
    kind = "modelled from" if basis.modelled else "measured sync speeds," if basis.measured else "from"
    routes = ", ".join(
        f"{name} {'counted' if yes else 'not counted'}"
        for name, yes in (("fixed wireless", basis.counts_fwa), ("mobile", basis.counts_mobile))
    )
    return f"{kind} Ofcom, {basis.release}; {routes}"


def hundred(chance: float) -> str:
    """Say a chance as so many of 100, never rounded up into certainty.

    >>> [hundred(chance) for chance in (0, 0.004, 0.899, 0.97, 0.998, 1)]
    ['none', 'fewer than 1', '89', '97', 'more than 99', '100']
    """
    if chance <= 0:
        return "none"
    if chance < LEAST:
        return "fewer than 1"
    if 1 - LEAST < chance < 1:
        return "more than 99"
    return f"{math.floor(HUNDRED * chance + 1e-9)}"


def place_range(low: float, high: float, *, position: int) -> str:
    """Say between which ranks a place stays.

    Parameters
    ----------
    low, high
        5th and 95th of 100 of its ranks.
    position
        Its rank by the central figures, which doubt may move as a whole.

    Examples
    --------
    >>> place_range(6, 106, position=11)
    'In 9 of 10 fair sets of assumptions (draws) it ranks between 6th and 106th worst.'
    >>> place_range(14, 300, position=3)
    'In 9 of 10 fair sets of assumptions (draws) it ranks between 14th and 300th worst: doubt moves it down.'
    """
    if low == high == position:
        return f"In {MOSTLY} it keeps that rank."
    moved = ": doubt moves it down" if position < low else ": doubt moves it up" if position > high else ""
    best, worst = ordinal(round(high)), ordinal(round(low))
    return f"In {MOSTLY} it ranks {worst if low == high else f'between {worst} and {best}'} worst{moved}."


def range_brief(low: float, high: float) -> str:
    """Say the same in a table's cell.

    >>> range_brief(5, 31), range_brief(2, 2)
    ('between 5 and 31', 'stays 2')
    """
    return f"stays {low:,.0f}" if low == high else f"between {low:,.0f} and {high:,.0f}"


def place_tier(tier: object, chance: float) -> str:
    """Say how often a place was among the worst, and what we call that.

    >>> place_tier("robust", 0.97)
    'It is among the worst in 97 of 100 draws, so we say: almost certain.'
    >>> place_tier("feasible", 0.0)
    'It is among the worst in none of 100 draws, so we say: few or no gaps.'
    """
    called = READINGS["feasible"].alone if tier == "feasible" else reading(tier).cell
    return f"It is among the worst in {hundred(chance)} of 100 draws, so we say: {called[0].lower()}{called[1:]}."


def assumption(label: str, *, basis: Basis) -> str:
    """Name an input as the study counts: lines of 2013 are never called premises.

    >>> then = Basis("S", "2013", "lines", "measured sync speeds", False, False, modelled=False)
    >>> assumption("premises whose speed is not known", basis=then)
    'lines whose speed is not known'
    """
    return label.replace("premises", basis.unit)


def place_driver(driver: str, *, basis: Basis) -> str:
    """Say what moves a place's rank most; empty where nothing was drawn."""
    if not driver or driver.startswith("nothing"):
        return "No single assumption moves its rank most." if driver else ""
    return f"What moves its rank most: {assumption(driver, basis=basis)}."


def other_lines(found: Mapping[str, Any]) -> str:
    """Say what another unit than small areas would do to the worst tenth.

    >>> other_lines({"unit": "ward", "worst": 165, "leaves": ["A"] * 48, "enters": ["B"] * 47, "tau": 0.786})
    'If each place took the score of its whole ward, 48 of the 165 places in the worst tenth would leave it and 47 \
others would enter. The two rankings agree to 0.79 (1 is the same order, 0 none: Kendall’s tau-b).'
    """
    return (
        f"If each place took the score of its whole {found['unit']}, {len(found['leaves']):,} of the "
        f"{found['worst']:,} places in the worst tenth would leave it and {len(found['enters']):,} others would enter. "
        f"The two rankings agree to {found['tau']:.2f} (1 is the same order, 0 none: Kendall’s tau-b)."
    )


def spread(width: float, *, places: int) -> str:
    """Say how wide the ranges of the top places are, so that nobody argues over neighbours."""
    return (
        f"Half of these {places:,} ranges are {width:,.0f} ranks wide or wider. "
        "Where two bars overlap, do not say which place is worse: compare the two."
    )


def _count(places: int) -> str:
    return f"{places:,}" if places else "None"


def _short(basis: Basis) -> str:
    return "did not achieve what one home worker needs" if basis.measured else "cannot support one home worker"


# --- What would swap two places, in a sentence whose numbers anyone can type in and see it happen.


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
        From :func:`connectivity.robustness.pairs.flip`.
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
    pair = PlacePair.of(two, worse=0 if found.gap >= 0 else 1, names=names, aggregation=aggregation)
    coarse: dict[Dimension, float] | None = None
    for decimals in DECIMALS:
        unit = 10**decimals
        for further in FURTHER:
            point = nearest_weights(pair, place, by=further * abs(found.gap), least=1 / (100 * unit))
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


# --- The robustness run explained twice: without a formula, and with them for those who want them.


READ = (
    "No one knows every figure exactly. For each we write down the lowest and the highest value that is fair.",
    "A draw picks one value for each, and ranks all places again. Then we see how far its ranks spread.",
    "A bar holds the ranks a place got in 9 of 10 draws. The black mark is its middle rank: half were worse.",
    "A short bar far left is a sure thing. A long bar means the rank says little.",
    "Draws cannot find a mistake in the files we were given. They only show what our own choices do.",
)
"""How to read the page, in plain words."""

FORMULAE = {
    "Weights": f"w ~ Dirichlet({CONCENTRATION.value:g} · w₀), where w₀ are the study’s own, which add up to 1.",
    "Other inputs": "x ~ Triangular(low, central, high), or even, or one of a list: see the table. Each input has a "
    "stream of random numbers of its own (PCG64), so adding one changes no other’s draws.",
    "Modelled councils": "logit p<sub>a</sub> = &alpha; + β·x<sub>a</sub> + σ·z<sub>a</sub>, with x<sub>a</sub> what the "
    "files tell of the place, β one row for each speed, z<sub>a</sub> ~ N(0, 1), and σ as wide as it was in 2013 for "
    f"places of its class: up to {residual(rural=True):g} in the country, {residual(rural=False):g} in town; &alpha; is "
    "found again in each draw, so that every council’s total stays as published.",
    "Rank": "rank<sub>d</sub>(a) = 1 + the number of places b with score<sub>d</sub>(b) &gt; score<sub>d</sub>(a), in "
    "draw d. The worst tenth of n places are those with rank ≤ ⌈n/10⌉.",
    "Range and middle": "The 5th, 50th and 95th percentile of rank<sub>d</sub>(a) over the draws.",
    "Tiers": f"The first that fits: not enough data; few or none where P(remote &lt; {BELOW.value:.0%}) ≥ "
    f"{SURE.value:g}; then by P(worst tenth and remote ≥ {WORTH.value:.0%}): almost certain ≥ {SURE.value:g}, "
    f"likely ≥ {EVEN.value:g}, depends ≥ {SOME.value:g}; else unlikely. Here “remote” is the share that cannot "
    "support one home worker.",
    "Two places": f"A is worse than B only if P(score A &gt; score B) ≥ {SURE.value:g}; else they cannot be separated.",
    "What moves a place": "For each input, the share of the variance of rank<sub>d</sub>(a) that it explains in a "
    "straight line (adjusted R²). The largest is named.",
    "What moves a headline": "Sobol indices. Alone: S = Var(E[y | x]) / Var(y) (Saltelli 2010). With others: "
    "T = E(Var[y | all but x]) / Var(y) (Jansen 1999).",
}
"""By name; HTML written here, with nothing from a file in it."""


# --- What the draws do not say, in words: not computed, not for these weights, not a reason to choose others.


MOSTLY = "9 of 10 fair sets of assumptions (draws)"
"""The draws between whose ranks a place stays, said plainly before the term."""
A_DRAW = "A draw is one fair set of assumptions, picked by chance."
BETWEEN = f"“Between” holds a place’s rank in 9 of 10 draws. {A_DRAW}"
NO_RANGE = "range not known"
SWAP = (
    "A score counts several parts, and weights say how much each one counts. We looked for the smallest change of the "
    "study’s own weights that would put these two places in the other order."
)
FLIP = "This says how far off a swap is, not that other weights would be right."


def untested(folder: str) -> str:
    """Say that no range was computed, and the command that does."""
    return f"How far ranks could move was not computed. Run: {command(folder)}"


def command(folder: str) -> str:
    """Give the command that computes ranges."""
    return f"python -m connectivity build STUDY.toml --out {folder} --draws 1000"


def reweighted() -> str:
    """Say why no range stands beside a rank by the reader's weights."""
    return "The range is for the study’s own weights, so none is shown for yours."


def all_reweighted() -> str:
    """Say that a page leaves the reader's weights out."""
    return "Everything here is for the study’s own weights. The draws change them only a little either way."
