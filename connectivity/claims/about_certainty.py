"""How sure we are, in words anyone can quote: of a study, of a place's rank, and of what moves both.

A try, which statisticians call a draw, is one fair set of assumptions. "Among the worst" always means both at once: in
the worst tenth of places, and enough premises (or lines) that fall short (:data:`connectivity.robustness.tiers.WORTH`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectivity.claims.about_places import cannot
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import in_every_hundred, number, ordinal, plural, several, whole_percent
from connectivity.method.records import CONCENTRATION, DIMENSIONS, Dimension
from connectivity.robustness.tiers import BELOW, EVEN, RANGE, SOME, SURE, WORTH, Key, of_draws, of_ten
from layers.estimate import residual

Mark = Literal["clear", "likely", "either", "none", "few", "alike", "nodata"]
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
    "alike": Reading("Council figure only", "Only its council’s figure is known", "alike"),
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
        "robust": f"Among the worst in {sure} of 10 tries or more.",
        "likely": f"Among the worst in {even} to {sure} of 10 tries.",
        "depends": f"Among the worst in {some} to {even} of 10 tries.",
        "some": f"Among the worst in fewer than {some} of 10 tries, yet with gaps.",
        "feasible": f"In {sure} of 10 tries or more, under {BELOW.value:.0%} of its {basis.unit} {_short(basis)}.",
        "insufficient": "Too little is known. It may be good or bad.",
        "alike": "We know one figure for its council, and none for the place. It counts with its council.",
    }
    return said[tier]


@wording("certainty.tiers")
def places_by_tier(claim: Claim, form: Form) -> Sentence:
    """Say how many places we are sure of, and how many of nothing; as a card, the rest of them and the test.

    A quotation has the place, the test, its date and what it leaves out.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> some = {"robust": 24, "likely": 80, "depends": 120, "some": 1400, "feasible": 22, "alike": 0,
    ...         "insufficient": 1}
    >>> claim = Claim("certainty.tiers", "Dorset", 24, 24, 24, 1646, here, "places", details={"counts": some})
    >>> str(claim.say())
    '24 of 1,646 places in Dorset are almost certain to be among the worst. 80 are likely to be, and 120 depend on \
what we assume.'
    """
    if form == "card":
        return Sentence("", _rest_of_places(claim))
    counts, basis = claim.details["counts"], claim.basis
    sure, ranked = int(claim.best), int(claim.of)
    likely, depends = counts["likely"], counts["depends"]
    lead = f"{_none_or(sure)} of {several(ranked, 'small area' if form == 'quotation' else 'place')}"
    more = f"{_exactly(likely) if likely else 'None'} {plural(likely, 'is', 'are')} likely to be"
    rest = f"{_exactly(depends)} {plural(depends, 'depends', 'depend')} on what we assume"
    verb = "are" if sure > 1 else "is"
    said = Sentence(lead, f" in {claim.place} {verb} almost certain to be among the worst. {more}, and {rest}.")
    if form != "quotation":
        return said
    sure_when = f"Almost certain means in {of_draws(SURE)} or more"
    rests_on = f"{_exactly(claim.details['draws'])} tries of what we had to assume; {rests(basis)}"
    return Sentence("", basis.quotable(f"“{said} {among_the_worst(basis)} {sure_when} ({rests_on}).”"))


def _rest_of_places(claim: Claim) -> str:
    """Say the rest of the places, and how many draws it rests on."""
    counts = claim.details["counts"]
    less = f"{_exactly(counts['some'])} unlikely, {_exactly(counts['feasible'])} with few or no gaps"
    lacking = counts["insufficient"]
    lost = f", {_exactly(lacking)} without enough data" if lacking else ""
    alike = counts["alike"]
    lost = f", {_exactly(alike)} with only their council’s figure{lost}" if alike else lost
    times = several(claim.details["draws"], "time")
    tries = f"We ranked these places {times}. Each try takes another fair set of what we had to assume."
    return f"The rest: {less}{lost}. {tries}"


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


MOSTLY = f"{of_ten(RANGE)} of 10 tries of what we had to assume"
"""The tries between whose ranks a place stays, said in full where they are first named."""
IN_RANGE = of_draws(RANGE)
"""The same as the head of a column."""


@wording("certainty.rank")
def rank_in_draws(claim: Claim, form: Form) -> Sentence:
    """Say between which ranks a place stays: its own rank is by the central figures, which doubt may move as a whole.

    A cell has the range after a rank; a card the range alone, under a heading that says what it is.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> claim = Claim("certainty.rank", "Ash", 6, 11, 106, 1646, here, "rank")
    >>> str(claim.say()), str(claim.say("cell")), str(claim.say("card"))
    ('In 9 of 10 tries of what we had to assume it ranks between 6th and 106th worst.', 'between 6 and 106', \
'6 to 106')
    >>> str(Claim("certainty.rank", "Ash", 14, 3, 300, 1646, here, "rank").say())
    'In 9 of 10 tries of what we had to assume it ranks between 14th and 300th worst: doubt moves it down.'
    >>> str(Claim("certainty.rank", "Ash", 2, 2, 2, 1646, here, "rank").say("cell"))
    'stays 2'
    """
    if claim.details.get("untested"):
        return Sentence("", NO_RANGE)
    low, high, position = claim.low, claim.high, claim.best
    first, last = _exactly(low), _exactly(high)
    if form == "card":
        return Sentence("", f"{first} to {last}")
    if form == "cell":
        return Sentence("", f"stays {first}" if low == high else f"between {first} and {last}")
    if low == high == position:
        return Sentence("", f"In {MOSTLY} it keeps that rank.")
    moved = ": doubt moves it down" if position < low else ": doubt moves it up" if position > high else ""
    worst, best = ordinal(round(low)), ordinal(round(high))
    return Sentence("", f"In {MOSTLY} it ranks {worst if low == high else f'between {worst} and {best}'} worst{moved}.")


@wording("certainty.chance")
def often_among_the_worst(claim: Claim, form: Form) -> Sentence:
    """Say how often a place was among the worst, and what we call that.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> claim = Claim("certainty.chance", "Ash", 0.97, 0.97, 0.97, 1, here, "chance", tier="robust")
    >>> str(claim.say())
    'It is among the worst in 97 of 100 tries, so we say: almost certain.'
    >>> str(claim.say("card")), str(claim.say("cell"))
    ('Almost certainly among the worst: in 97 of 100 tries', 'in 97 of 100 tries')
    >>> str(Claim("certainty.chance", "Ash", 0, 0, 0, 1, here, "chance", tier="feasible").say())
    'It is among the worst in none of 100 tries, so we say: few or no gaps.'
    """
    tier, often = reading(claim.tier), f"in {hundred(claim.best)} of 100 tries"
    if form == "cell":
        return Sentence("", often)
    if form == "card":
        return Sentence("", f"{tier.alone}: {often}")
    known = tier.alone if claim.tier == "feasible" else tier.cell
    return Sentence("", f"It is among the worst {often}, so we say: {known[0].lower()}{known[1:]}.")


def assumption(label: str, *, basis: Basis) -> str:
    """Name an input as the study counts: lines of 2013 are never called premises.

    >>> then = Basis("S", "2013", "lines", "measured sync speeds", False, False, modelled=False)
    >>> assumption("premises whose speed is not known", basis=then)
    'lines whose speed is not known'
    """
    return label.replace("premises", basis.unit)


def tried(words: str) -> str:
    """Put the readers' word for a draw into what a build recorded of an input.

    >>> tried("share of draws")
    'share of tries'
    """
    return words.replace("draws", "tries")


def place_driver(driver: str, *, basis: Basis) -> str:
    """Say what moves a place's rank most; empty where nothing was drawn."""
    if not driver or driver.startswith("nothing"):
        return "No single assumption moves its rank most." if driver else ""
    return f"What moves its rank most: {assumption(driver, basis=basis)}."


@wording("certainty.boundary")
def other_lines_on_the_map(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what another unit than small areas would do to the worst tenth.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> other = {"unit": "ward", "enters": 47, "tau": 0.786}
    >>> str(Claim("certainty.boundary", "Demo", 48, 48, 48, 165, here, "places", details=other).say())
    'If each place took the score of its whole ward, 48 of the 165 places in the worst tenth would leave it and 47 \
others would enter. The two rankings agree to 0.79 (1 is the same order, 0 none: Kendall’s tau-b).'
    """
    enters = claim.details["enters"]
    return Sentence(
        "",
        f"If each place took the score of its whole {claim.details['unit']}, {_exactly(claim.best)} of the "
        f"{several(int(claim.of), 'place')} in the worst tenth would leave it and {several(enters, 'other')} would "
        f"enter. The two rankings agree to {claim.details['tau']:.2f} (1 is the same order, 0 none: Kendall’s tau-b).",
    )


@wording("certainty.ranges")
def ranges_of_ranks(claim: Claim, form: Form) -> Sentence:
    """Say what a drawing of ranges shows and how wide they are, so that nobody argues over neighbours.

    A card is its title: how many places it holds.
    """
    shown = claim.details["shown"]
    if form == "card":
        if shown < 2:  # noqa: PLR2004 - one place is no list
            return Sentence("", NO_TITLE)
        return Sentence("", f"The {several(shown, 'place')} with the highest scores, and how far each could move")
    tenth = f"The shaded part is the worst tenth, up to rank {_exactly(claim.details['tenth'])}."
    left_out = " Councils with one figure for all their small areas are left out." if claim.details["left_out"] else ""
    return Sentence(
        "",
        f"Ranks of {several(int(claim.of), 'place')}, 1 is worst. {tenth} Half of these {_exactly(shown)} ranges are "
        f"{_exactly(claim.best)} ranks wide or wider. Where two bars overlap, do not say which place is worse: compare "
        f"the two.{left_out}",
    )


NO_TITLE = "How far ranks could move"
"""Where fewer than two places have a range to draw."""


@wording("certainty.doubt")
def part_of_the_doubt(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how much of the doubt about a headline an assumption makes, alone and together with the others.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim("certainty.doubt", "upload", 0.12, 0.3, 0.3, 1, here, "share").say("cell"))
    '12% alone, 30% in all'
    """
    return Sentence("", f"{whole_percent(claim.low)} alone, {whole_percent(claim.best)} in all")


@wording("certainty.part")
def part_of_the_score(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what a part of the score weighs, and how much of the scores' differences it makes.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim("certainty.part", "Need", 0.3, 0.3, 0.3, 1, here, "share", details={"weight": 0.25}).say("cell"))
    'weight 25%, makes 30%'
    """
    return Sentence("", f"weight {whole_percent(claim.details['weight'])}, makes {whole_percent(claim.best)}")


@wording("certainty.correlated")
def nearly_the_same(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say that two parts of the score say nearly the same.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> other = {"other": "Online services"}
    >>> str(Claim("certainty.correlated", "Home working", 0.9, 0.9, 0.9, 1, here, "share", details=other).say())
    'Home working and online services say nearly the same (r = 0.90), so together they count twice.'
    """
    other = claim.details["other"].lower()
    alike = f"say nearly the same (r = {claim.best:.2f})"
    return Sentence("", f"{claim.place} and {other} {alike}, so together they count twice.")


@wording("certainty.pair")
def one_of_two(claim: Claim, form: Form) -> Sentence:
    """Say a comparison of two places, with whole counts of draws: they add up, and nothing is rounded into certainty.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> level = {"other": "Birch", "other_worse": 421, "level": 3}
    >>> str(Claim("certainty.pair", "Alder", 576, 576, 576, 1000, here, "draws", details=level).say())
    'We cannot say which of Alder and Birch is worse: of 1,000 tries of what we had to assume, Alder is worse in 576, \
Birch in 421, and they are level in 3.'
    >>> sure = {"other": "Alder", "other_worse": 2, "level": 0}
    >>> worse = Claim("certainty.pair", "Birch", 98, 98, 98, 100, here, "draws", details=sure, better=("Alder", 0.98))
    >>> str(worse.say())
    'Birch is worse than Alder in 98 of 100 tries of what we had to assume.'
    """
    place, other, level = claim.place, claim.details["other"], claim.details["level"]
    here, there, both, draws = map(_exactly, (claim.best, claim.details["other_worse"], level, claim.of))
    if claim.better is None:
        rest = f", {other} in {there}, and they are level in {both}" if level else f" and {other} in {there}"
        counts = f"{place} is worse in {here}{rest}"
        tries = f"{draws} tries of what we had to assume"
        said = f"We cannot say which of {place} and {other} is worse: of {tries}, {counts}"
    else:
        said = f"{place} is worse than {other} in {here} of {draws} tries of what we had to assume"
    basis = claim.basis
    return Sentence("", basis.quotable(f"“{said} ({rests(basis)}).”") if form == "quotation" else f"{said}.")


@wording("places.wholes.remote", "places.wholes.digital")
def larger_share(claim: Claim, form: Form) -> Sentence:
    """Say in which of two places a larger share of premises cannot, with both counts, or that nobody can say.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> other = Claim("places.remote", "Alder", 90, 100, 120, 10_000, here)
    >>> sure = {"other": other, "chance": 0.97}
    >>> found = Claim("places.wholes.remote", "Birch", 150, 200, 260, 1000, here, details=sure, better=("Alder", 0.97))
    >>> str(found.say())
    'Birch is worse off than Alder in 97 of 100 tries of what we had to assume: a larger share of its premises cannot \
support one home worker: about 200 of 1,000 (could be 150 to 260), beside about 100 of 10,000 (could be 90 to 120).'
    >>> unsure = {"other": other, "chance": 0.6}
    >>> str(Claim("places.wholes.remote", "Birch", 5, 12, 26, 1000, here, details=unsure).say())
    'We cannot say whether Birch or Alder is worse off for home working: about 12 of 1,000 (could be 5 to 26), beside \
about 100 of 10,000 (could be 90 to 120).'
    """
    other, basis = claim.details["other"], claim.basis
    counts = ", beside ".join(f"{' of '.join(one.lead)}{one.in_brackets}" for one in (claim, other))
    if claim.better is None:
        what = "home working" if claim.profile == "remote" else "online services"
        said = f"We cannot say whether {claim.place} or {other.place} is worse off for {what}: {counts}"
    else:
        whose = f"a larger share of its {claim.unit} {cannot(claim.profile, basis=basis, brief=True)}"
        tries = f" in {in_every_hundred(claim.details['chance'])} of 100 tries of what we had to assume"
        said = f"{claim.place} is worse off than {other.place}{tries if basis.modelled else ''}: {whose}: {counts}"
    return Sentence("", basis.quotable(f"“{said} ({rests(basis)}).”") if form == "quotation" else f"{said}.")


def called_worse() -> str:
    """Say from how many draws on one of two places is called worse."""
    return f"We call one of them worse only from {of_draws(SURE)} on."


def _exactly(count: float) -> str:
    return number(count, exact=True)


def _none_or(count: int) -> str:
    return _exactly(count) if count else "None"


def _short(basis: Basis) -> str:
    if basis.measured:
        return "did not achieve what one home worker needs"
    return cannot("remote", basis=basis, brief=True)


CALLED: dict[Dimension, str] = {
    "remote": "home working",
    "digital": "online services",
    "need": "need",
    "alternative": "no alternative nearby",
}
DECIMALS = 2
"""Of a weight in percent, at most."""
WHY: dict[str, str] = {
    "as bad in every part": "{worse} comes out at least as bad as {better} in every part of the score.",
    "nothing falls short": "None {falls} short in {better}, and need or distance cannot make a gap where the line is "
    "good enough.",
    "too little falls short": "Too few {fall} short in {better} for need or distance to make up for it.",
}
"""What keeps two places in their order, by the keys of :func:`connectivity.robustness.pairs.swap_claim`."""
UNNAMED: dict[str, str] = {
    "hardly different": "with weights that are hardly different",
    "without broadband": "only if home working and online services counted almost nothing",
    "narrow": "only with weights in a very narrow range",
}
"""What weights are like that two decimals cannot name, likewise."""


@wording("certainty.swap")
def change_that_swaps(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what change of weights would swap two places, or that none does; the weights can be typed in to see it.

    Names are shown as they are, so escape the sentence for HTML.
    """
    details = claim.details
    pair = f"{claim.place} and {details['other']}"
    if details["swaps"] == "never":
        fell = claim.basis.measured
        said = {"falls": "fell" if fell else "falls", "fall": "lines fell" if fell else "premises fall"}
        why = WHY[details["why"]].format(worse=details["worse"], better=details["better"], **said)
        return Sentence("", f"By our best estimates no weights would swap them. {why}{_unsure(claim)}")
    if details["swaps"] == "level":
        return Sentence("", f"{pair} are level: the smallest change of weights parts them.")
    before, named = details["before"], details["named"]
    if not named:
        return Sentence("", f"{pair} would change places {UNNAMED[details['why']]}.")
    main, *rest = sorted(named, key=lambda name: (-abs(named[name] - before[name]), DIMENSIONS.index(name)))
    change = f"If {CALLED[main]} counted {_weight(named[main])} instead of {_weight(before[main])}"
    return Sentence("", f"{change}, {_rest(rest, named)}{pair} would change places.")


def _unsure(claim: Claim) -> str:
    """Say that an order by best estimates does not hold in enough draws; empty where it does."""
    chance = claim.details.get("chance")
    if chance is None:
        return " How often that holds was not tried."
    if chance >= SURE.value:
        return ""
    worse, better = claim.details["worse"], claim.details["better"]
    often = hundred(chance)
    return f" But {worse} is worse than {better} in only {often} of 100 tries, so we cannot say which is worse."


def _rest(names: Sequence[Dimension], named: Mapping[Dimension, float]) -> str:
    """Say what the other dimensions would count; together where they count the same."""
    values = {_weight(named[name]) for name in names}
    if not names:
        return ""
    if len(values) == 1:
        each = " each" if len(names) > 1 else ""
        return f"and the other{plural(len(names))} {values.pop()}{each}, "
    return "and " + ", ".join(f"{CALLED[name]} {_weight(named[name])}" for name in names) + ", "


def _weight(value: float) -> str:
    return f"{round(value, DECIMALS):g}%"


READ = (
    "No one knows every figure exactly. For each we write down the lowest and the highest value that is fair.",
    "Each try picks one value for each by chance, and ranks all places again. Then we see how far its ranks spread.",
    f"A bar holds the ranks a place got in {IN_RANGE}. The black mark is its middle rank: half were worse.",
    "A short bar far left is a sure thing. A long bar means the rank says little.",
    "Tries cannot find a mistake in the files we were given. They only show what our own choices do.",
)
"""How to read the page, in plain words."""

FORMULAE = {
    "Weights": f"w ~ Dirichlet({CONCENTRATION.value:g} · w₀), where w₀ are the study’s own, which add up to 1.",
    "Other inputs": "x ~ Triangular(low, central, high), or even, or one of a list: see the table. Each input has a "
    "stream of random numbers of its own (PCG64), so adding one changes no other’s.",
    "Modelled councils": "logit p<sub>a</sub> = &alpha; + β·x<sub>a</sub> + s·z<sub>a</sub>, with x<sub>a</sub> what "
    "the files tell of the place, β a row for each speed, z<sub>a</sub> ~ N(0, 1), and s as wide as it was in 2013 for "
    f"places of its class: up to {residual(rural=True):g} in the country, {residual(rural=False):g} in town. &alpha; "
    "is found again in each try, so that every council’s total stays as published.",
    "Rank": "rank<sub>d</sub>(a) = 1 + the number of places b with score<sub>d</sub>(b) &gt; score<sub>d</sub>(a), in "
    "try (draw) d. The worst tenth of n places are those with rank ≤ ⌈n/10⌉.",
    "Range and middle": "The 5th, 50th and 95th percentile of rank<sub>d</sub>(a) over the tries.",
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

A_TRY = "A try is one fair set of what we had to assume, picked by chance."
BETWEEN = f"“Between” holds a place’s rank in {IN_RANGE}. {A_TRY}"
NO_RANGE = "range not known"
SWAP = (
    "A score counts several parts, and weights say how much each one counts. We looked for the smallest change of the "
    "study’s own weights that would put these two places in the other order."
)
FLIP = "This says how far off a swap is by our best estimates, not that other weights would be right."


UNTESTED = "How far ranks could move was not computed. Whoever runs this can add it."
"""Where no range was computed."""


def draws_command(folder: str) -> str:
    """Give the command that computes ranges."""
    return f"python -m connectivity build STUDY.toml --out {folder} --draws 1000"


def reweighted() -> str:
    """Say why no range stands beside a rank by the reader's weights."""
    return "The range is for the study’s own weights, so none is shown for yours."


def all_reweighted() -> str:
    """Say that a page leaves the reader's weights out."""
    return "Everything here is for the study’s own weights. The tries change them only a little either way."
