"""Sentences about what an average hides. A count that is both has bounds only, and no sentence gives it a middle."""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims import about_places
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import (
    capital,
    in_every_hundred,
    number,
    ordinal,
    plural,
    rounded_alike,
    several,
    small_letter,
    some_of,
)
from connectivity.places.hidden_need import FEWEST_AREAS, NOT_WELL_OFF, WELL_OFF, Known
from connectivity.robustness.tiers import RANGE, of_draws
from layers.figures import Figure

WIDE = Figure(10, "to one", "from here on the most and the fewest say little", "assumption: a digit more")


@wording("need.remote", "need.digital")
def gap_inside(claim: Claim, form: Form) -> Sentence:
    """Say how many premises of a place have a gap, going on from how it looks on average; quoted, all that is found."""
    if form == "quotation":
        return _quoted(claim)
    said = about_places.gap(claim, form)
    if form == "headline" and claim.details.get("looks") == "well off" and round(claim.best):
        return Sentence(small_letter(said.marked), said.rest)
    return said


def _quoted(claim: Claim) -> Sentence:
    """Word the finding so that it can be quoted with its place, range, source, date and what it leaves out."""
    said = about_places.gap(claim.lying_in(f"in the study “{claim.basis.study}”"), "quotation").rstrip("”")
    more = [
        f"{one.say()}{' No file says how many.' if one.key == 'need.both' else ''}" for one in claim.details["more"]
    ]
    return Sentence("", " ".join([said, *more]) + "”")


@wording("need.standing")
def standing_of_place(claim: Claim, _form: Form) -> Sentence:
    """Say how a place looks on average; where it looks well off and has a gap all the same, the next sentence goes on.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> looks = {"looks": "well off", "proxy": False, "contrary": True}
    >>> str(Claim("need.standing", "Dorset", 0.1, 0.1, 0.1, 1, here, unit="share", details=looks).say())
    'Dorset looks well off on average. Yet'
    """
    looks, by = claim.details["looks"], ", by what we use in place of need" if claim.details["proxy"] else ""
    place = capital(claim.place)
    if looks == "not well off":
        return Sentence("", f"{place} does not look well off on average{by}.")
    if looks == "about average":
        return Sentence("", f"{place} looks about as well off as the whole study{by}.")
    return Sentence("", f"{place} looks well off on average{by}.{' Yet' if claim.details['contrary'] else ''}")


@wording("need.both")
def gap_and_need(claim: Claim, _form: Form) -> Sentence:
    """Say the fewest and the most premises that can have a gap and be in need: bounds, with no figure between them.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> which = {"which": "homes on a low income"}
    >>> none = float("nan")
    >>> str(Claim("need.both", "Dorset", 0.2, none, 31, 900, here, combines="bounds", details=which).say())
    'It could be that 0 to 31 premises there have this gap and are homes on a low income by our estimates of the gap.'
    """
    which, measured, unit = claim.details["which"], claim.basis.measured, claim.unit
    low, high = number(claim.low), number(claim.high)
    verb = "stand in" if not which.startswith("homes") else "serve" if measured else "are"
    have = f"{'fell short' if measured else 'have this gap'} and {verb} {which}."
    if high == "0":
        return Sentence("", f"No or almost no {unit} there {have}")
    rests = f" by our estimates{' of the gap' if claim.basis.modelled else ''}"
    between = f"about {high}" if low == high else f"it could be that {low} to {high}"
    return Sentence("", f"{capital(between)} {unit} there {have.rstrip('.')}{rests}.")


@wording("need.limits")
def limits_of_both(claim: Claim, _form: Form) -> Sentence:
    """Say how weak the evidence is that lies behind bounds: two limits, and nothing known between them.

    Both ends rest on the lowest and the highest estimate of the gap, so they are estimates themselves.
    """
    low, high = number(claim.low), number(claim.high)
    said = f"No file says which {claim.unit} have both."
    if low != high:
        said += " Both ends are estimates, and nothing is known between them."
        if claim.high >= WIDE.value * max(claim.low, 1):
            said += " They lie so far apart that this is weak evidence: it may be few or many."
    return Sentence("", said)


@wording("need.tail")
def worst_tenth_of_place(claim: Claim, _form: Form) -> Sentence:
    """Say what the worst tenth of a place's premises holds, beside the place as a whole."""
    told, unit, measured = claim.details, claim.unit, claim.basis.measured
    could = claim.in_brackets
    one, be = told["areas"] == 1, plural(round(claim.best), "is", "are")
    these, have = ("lines", "fell short") if measured else ("premises", "have a gap")
    all_told = round(told["apart"]) >= round(told["premises"])
    apart = rounded_alike(told["apart_gap"], told["apart"])[1]
    tenth = "all there" if all_told else f"the {apart} {unit} in small areas with a figure of their own"
    whole = f"In {claim.place} as a whole it is" if all_told else "Across those with a figure of their own it is"
    return Sentence(
        "",
        f"{capital(claim.estimate)} of these {these}{could} {be} in the "
        f"{_worst(told['areas'], modelled=claim.basis.modelled)}. "
        f"{'It holds' if one else 'They hold'} {claim.said_of} {unit}, about a tenth of {tenth}."
        f"{_beside(claim, have=have, whole=whole) if claim.percent else ''}",
    )


def _worst(areas: float, *, modelled: bool) -> str:
    """Name the worst small areas; where they are modelled, they are those that look it by the best estimates.

    >>> _worst(1, modelled=False), _worst(22, modelled=True)
    ('worst small area', '22 small areas that look worst')
    """
    if not modelled:
        return "worst small area" if areas == 1 else f"worst {several(round(areas), 'small area')}"
    return "small area that looks worst" if areas == 1 else f"{several(round(areas), 'small area')} that look worst"


def _beside(claim: Claim, *, have: str, whole: str) -> str:
    """Say how many in every 100 have a gap in the worst tenth, and in all that it is held against."""
    worst, told = in_every_hundred(claim.best / claim.of), claim.details
    about = "about " if worst[0].isdigit() and worst != "0" else ""
    ends = [in_every_hundred(end / claim.of) for end in (claim.low, claim.high)]
    could = f" (could be {ends[0]} to {ends[1]})" if ends[0] != ends[1] else ""
    rest = f"{whole} about {in_every_hundred(told['apart_gap'] / told['apart'])} in every 100."
    return f" In the worst tenth {about}{worst} in every 100{could} {have}. {rest}"


@wording("need.no_tail")
def no_worst_tenth(claim: Claim, _form: Form) -> Sentence:
    """Say why a place has no worst tenth."""
    if claim.details["districts"]:
        return Sentence("", " ".join(about_places.not_separable(name) for name in claim.details["districts"]))
    return Sentence(
        "",
        f"It has {several(round(claim.best), 'small area')}. With under {FEWEST_AREAS.value:g} that have a "
        "figure of their own, we do not look for a worst tenth inside a place.",
    )


@wording("need.average")
def share_in_need(claim: Claim, _form: Form) -> Sentence:
    """Say how a place's share in need compares with the study's."""
    told = claim.details
    mark = ", used in place of need" if told["proxy"] else ""
    return Sentence(
        "",
        f"Here {in_every_hundred(claim.best)} in every 100 {told['those']}; across the study "
        f"{in_every_hundred(told['study'])} are ({told['source']}{mark}).",
    )


@wording("need.elsewhere")
def gap_where_need_is(claim: Claim, _form: Form) -> Sentence:
    """Say how many premises with a gap are in small areas with more need than the study; no count of homes in need."""
    fell = "lines that fell short" if claim.basis.measured else "premises that fall short"
    could, one = claim.in_brackets, round(claim.best) == 1
    be, ones = ("is", "it is the one") if one else ("are", "they are the ones")
    return Sentence(
        "",
        f"{capital(claim.estimate)}{could} of the {fell} {be} in small areas where the share in need is above the "
        f"study’s. That does not say that {ones} in need.",
    )


@wording("need.left_out")
def premises_left_out(claim: Claim, _form: Form) -> Sentence:
    """Say how many premises are in no figure, as their small areas have none."""
    where = several(claim.details["areas"], "small area")
    many = number(claim.best, exact=True)
    said = f"{many} more {claim.unit} in {where} without enough data are left out. We do not say they are fine."
    return Sentence("", said)


@wording("need.unknown")
def need_not_known(claim: Claim, _form: Form) -> Sentence:
    """Say of how many premises no share in need is known."""
    return Sentence(
        "",
        f"For {number(claim.best, exact=True)} {claim.unit} we know no share in need. They are not among those "
        "counted as both, and any of them that fall short may be.",
    )


def tenths_drawn(place: str, *, basis: Basis) -> str:
    """Say what the bars of the tenths are."""
    noun = "lines that fell short" if basis.measured else "premises that fall short"
    return (
        f"Each bar runs from the lowest to the highest estimate of the {noun}; the black mark is the best one. The "
        f"shade ends at the average of {place}. Tenths are made of whole small areas, so their sizes differ."
    )


def tenth_dashed() -> str:
    """Say what a dash in the table of places stands for."""
    return (
        f"–: fewer than {FEWEST_AREAS.value:g} small areas have a figure of their own, so we look for no worst tenth."
    )


def need_stood_in(known: Known) -> str:
    """Say what is used in place of need."""
    return (
        f"This study has no count of homes in need. In its place we use the share of its {known.need.label.lower()} "
        f"({known.source})."
    )


def need_method(*, known: Known | None, basis: Basis, divided: bool) -> list[str]:
    """Say how the figures are made: the rules, what we assume, and why no two shares are multiplied."""
    said = [
        (
            "We list a place’s small areas from the largest share that falls short to the smallest. The first that "
            f"hold a tenth of its {basis.unit} are its worst tenth. That takes {FEWEST_AREAS.value:g} small areas. "
            "Both numbers are our assumption."
        )
    ]
    if known is None:
        return said
    unlike = "lines" if basis.measured else "premises, and some premises are businesses"
    of = "neighbourhoods" if known.proxy else "households" if known.need.those.startswith("households") else "people"
    return [
        (
            f"A place looks well off when its share in need is under {WELL_OFF.value:.0%} of that of the whole study, "
            f"and not well off when it is over {NOT_WELL_OFF.value:.0%} of it. Between the two it looks about average. "
            "Both lines are our assumption."
        ),
        *said,
        (
            "No file says which homes have a gap and are in need. In a small area where 20 in every 100 have a gap and "
            "15 in every 100 are in need, as few as none or as many as 15 may be both. We never multiply the two "
            "shares: that would be true only if one had nothing to do with the other."
        ),
        f"{_ends_made(basis)} A council of which only one figure is known is one.",
        f"The share in need is a share of {of}. We take it as the same share of {unlike}: an assumption.",
        *(
            [f"Where a border cuts a small area, we take its gaps and its need to be spread as its {basis.unit} are."]
            if divided
            else []
        ),
    ]


def _ends_made(basis: Basis) -> str:
    """Say how the bounds of small areas come to be those of a place."""
    if basis.modelled:
        return (
            "The gap is modelled. So we bound each small area in every try of the model, and add up. The two ends are "
            f"those between which {of_draws(RANGE)} lie."
        )
    return (
        "The lowest count takes the lowest estimate of the gap, the highest takes the highest. We add up the ends of "
        "small areas, so these bounds are as wide as they can be."
    )


def need_unmarked(labels: Sequence[str], *, basis: Basis) -> str:
    """Say that need cannot be held against gaps in a study, and why."""
    if not labels:
        return (
            "This study has no figure on need. We can show where the gaps are, but not how many homes in need have one."
        )
    named = "; ".join(labels)
    return (
        f"In this study need is marked by: {named}. That is no share of people or homes, so we cannot say how many "
        f"{basis.unit} have both. Whoever runs this can build it so that it keeps the share on a low income."
    )


LAST = 9
"""The best tenth, counted from 0."""


def tenth_called(at: int) -> str:
    """Name a tenth of the small areas, from 0, the worst.

    >>> [tenth_called(at) for at in (0, 1, 9)]
    ['Worst tenth', '2nd tenth', 'Best tenth']
    """
    return "Worst tenth" if at == 0 else "Best tenth" if at == LAST else f"{ordinal(at + 1)} tenth"


def first_listed(most: int, *, of: int) -> str:
    """Say in a caption that only the first of a list are shown.

    >>> first_listed(200, of=1646)
    ' (the first 200 of 1,646)'
    """
    return f" (the first {some_of(most, of)})"
