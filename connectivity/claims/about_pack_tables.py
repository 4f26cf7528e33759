"""The tables of a pack in words: what they are called, what stands in their cells, how each is to be read."""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims.about_certainty import READINGS
from connectivity.claims.about_places import gap_column
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import (
    capital,
    kilometres,
    listed,
    number,
    several,
    some_of,
    span,
)
from connectivity.method.records import FEWEST
from connectivity.robustness.tiers import RANGE, of_draws


@wording("pack_tables.ranks")
def ranks_alone(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Write between which ranks a place stays, under a heading that says what they are.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> str(Claim("pack_tables.ranks", "Ash", 8, 11, 549, 744, here, "rank").say())
    '8 to 549'
    """
    low, high = (number(end, exact=True) for end in (claim.low, claim.high))
    return Sentence("", low if low == high else f"{low} to {high}")


@wording("pack_tables.count")
def count_of_all(claim: Claim, form: Form) -> Sentence:
    """Write a count of its whole; as a card the range alone, under headings that say what they are.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> row = Claim("pack_tables.count", "Ash", 47, 76, 117, 598, here, drawn=True)
    >>> str(row.say()), str(row.say("card")), str(row.say("cell"))
    ('about 76 of 598', '47 to 117', 'about 76')
    """
    lead, of = claim.lead
    if form == "card":
        return Sentence("", claim.span or (claim.settled or number(claim.best)))
    return Sentence("", lead if form == "cell" else f"{lead} of {of}")


def count_heads(basis: Basis) -> tuple[tuple[str, str], ...]:
    """Head the columns of a count, with units: best estimate, range, whole and share, each with what it means.

    >>> count_heads(Basis("S", "July 2025", "premises", "availability", True, False, True))[0][0]
    'Cannot work from home (premises, best estimate)'
    """
    unit = basis.unit
    return (
        (f"{gap_column('remote', basis=basis)} ({unit}, best estimate)", f"{capital(unit)} that fall short."),
        (f"Could be ({unit}, lowest to highest)", "The range of the best estimate."),
        (f"Of ({unit})", f"All {unit} there."),
        ("Share (%)", f"The best estimate as a share; none under {FEWEST.value:g} {unit}."),
    )


def others_called(place: str) -> str:
    """Call what of the study a place is held against.

    >>> others_called("Dorset")
    'the study outside Dorset'
    """
    return f"the study outside {place}"


def next_to_called(place: str) -> str:
    """Call the small areas round a place."""
    return f"Small areas next to {place}"


def neighbour_called(name: str) -> str:
    """Call a council that a place lies beside."""
    return f"{name} (next to it)"


def lies_in_called(name: str) -> str:
    """Call the council that a place lies in."""
    return f"{name}, the council"


def class_called(kind: str, *, inside: bool) -> str:
    """Call the small areas of a rural–urban class, here or elsewhere.

    >>> class_called("Rural village", inside=True), class_called("Rural village", inside=False)
    ('Rural village, here', 'Rural village, rest of the study')
    """
    return f"{kind}, {'here' if inside else 'rest of the study'}"


def no_classes() -> str:
    """Say that places cannot be held against others of their rural–urban class."""
    return "This study does not say which places are town or country, so it holds none against others of its class."


def only_neighbours_in_study() -> str:
    """Say what a comparison with neighbours leaves out."""
    return "Neighbours outside the study are not listed. England as a whole is not in these files."


def compared_caption(place: str, *, basis: Basis) -> str:
    """Name the table that holds a place against others."""
    return f"{place} beside other places, {basis.release}"


def class_caption(place: str, *, basis: Basis) -> str:
    """Name the table that holds a place against others of the same class."""
    return f"{place} beside the rest of the study, by rural–urban class, {basis.release}"


def classes_note(*, left_out: bool) -> str:
    """Say how to read classes held against each other, and why some are not among them."""
    said = "Where two ranges overlap, do not say which is worse."
    if not left_out:
        return said
    return f"{said} Left out is what lies mostly in councils of which we know only the council’s own figure."


def overlap_note() -> str:
    """Say how to read ranges of two places."""
    return (
        "Ranges that overlap do not say by themselves which place is worse: say it only where a sentence here says in "
        "how many tries it is. Some of these places hold others, so do not add them up."
    )


@wording("pack_tables.band")
def premises_in_band(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Write how many premises are in a band of speed, in full.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, False)
    >>> str(Claim("pack_tables.band", "Dorset", 1688, 1688, 1688, 125_709, here).say())
    '1,688'
    """
    return Sentence("", number(claim.best, exact=True))


def ladder_unit(basis: Basis) -> str:
    """Head the bands of speed."""
    return "Measured download" if basis.measured else "Fastest download on sale"


def ladder_caption(place: str, *, basis: Basis) -> str:
    """Name the table of premises by speed."""
    what = "Lines by measured download" if basis.measured else "Premises by the fastest fixed line on sale"
    return f"{what} in {place}, {basis.release}"


def ladder_said(place: str, *, councils: bool, basis: Basis) -> str:
    """Say what the bands are, and whose."""
    if basis.measured:
        return (
            "Each line stands in the band of the speed that was measured on it. Lines without a measurement are not "
            "known."
        )
    if councils and basis.modelled:
        return (
            f"These are Ofcom’s own counts for {place}, as published, of fixed lines alone: who has fixed wireless can "
            "do more. For small areas the bands are modelled, and no range of each band was drawn, so none is shown."
        )
    return "Each premises stands in the band of the fastest line on sale there. Fixed wireless is not in these bands."


def ladder_sums(place: str) -> str:
    """Say that the bands and what is not known make all premises."""
    return f"The bands and what is not known add up to all of {place}. What is not known is never taken to be fine."


@wording("pack_tables.bounds")
def bounds_alone(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Write two bounds with nothing known between them, under a heading that says what they are.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> str(Claim("pack_tables.bounds", "Dorset", 0, float("nan"), 31, 900, here, combines="bounds").say())
    '0 to 31'
    """
    return Sentence("", span(claim.low, claim.high) or f"about {number(claim.high)}")


def characteristics_caption(place: str, *, basis: Basis) -> str:
    """Name the table of people by characteristic."""
    return f"Who may have the gap in {place}, by characteristic, {basis.release}"


CHARACTERISTICS = (
    ("Age: 65 or over", ("older", "ageing")),
    ("Disability", ("disabled",)),
    ("Gender reassignment", ()),
    ("Marriage and civil partnership", ()),
    ("Pregnancy and maternity", ()),
    ("Race", ()),
    ("Religion or belief", ()),
    ("Sex", ()),
    ("Sexual orientation", ()),
)
"""The protected characteristics of the Equality Act 2010, section 4, with the needs of a study that tell of them."""


ALSO = (
    ("Low income (not protected)", ("low_income",)),
    ("Deprived in two or more ways (not protected)", ("deprived",)),
    ("Hard-pressed neighbourhoods (not protected)", ("hard_pressed",)),
)
"""What a study may know beside them."""


NOT_HELD = "[x]"
"""Stands for what a study does not hold."""


def characteristics_note() -> str:
    """Say how to read bounds of people by characteristic."""
    return (
        "[x]: this study holds nothing on it. Bounds are of premises, and nothing is known between them: no file says "
        "which homes have both. Shares are never multiplied. Rurality is not a protected characteristic."
    )


def lines_no_people() -> str:
    """Say why lines say nothing of people."""
    return "These are lines people had in the past. They say nothing of residents, so no people are counted."


@wording("pack_tables.distance")
def distance_from_place(claim: Claim, form: Form) -> Sentence:
    """Say how far help is from a place: on average, and where it is farthest.

    >>> from connectivity.method.records import INDICATORS
    >>> from connectivity.online_only import Alternative
    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> one = Alternative("library", "value_library", "staffed library", INDICATORS["library"].goalposts[0][1], True,
    ...                   False)
    >>> told = {"to": one, "farthest": "Ash", "farthest_km": 15.1}
    >>> far = Claim("pack_tables.distance", "Dorset", 4.2, 4.2, 4.2, float("nan"), here, unit="km", details=told)
    >>> str(far.say())
    'The nearest staffed library is 4.2 km away on average. It is farthest from Ash: 15.1 km. Straight line × 1.3, our \
assumption for roads.'
    >>> str(far.say("cell")), str(far.say("card"))
    ('4.2 km', '15.1 km (Ash)')
    """
    one, told = claim.details["to"], claim.details
    far = kilometres(told["farthest_km"])
    if form == "cell":
        return Sentence("", kilometres(claim.best))
    if form == "card":
        return Sentence("", f"{far} ({told['farthest']})")
    way = " Straight line × 1.3, our assumption for roads." if one.straight else ""
    stand = f" It stands in for a place that helps: a {one.called} is not one." if one.stand_in else ""
    said = f"The nearest {one.called} is {kilometres(claim.best)} away on average."
    most = f" It is farthest from {told['farthest']}: {far}." if told["farthest"] != claim.place else ""
    return Sentence("", f"{said}{most}{way}{stand}")


def alternatives_caption(place: str) -> str:
    """Name the table of distances."""
    return f"How far the nearest place of each kind is from {place}"


def services_caption(place: str, *, basis: Basis) -> str:
    """Name the table of services."""
    return f"If a service {'had gone' if basis.measured else 'went'} online only in {place}, {basis.release}"


def services_note(alike: Sequence[str]) -> str:
    """Say how to read the table of services."""
    said = "Doubt counts against closing a counter. The limits are ours; the decision is not."
    return f"{said} For {listed(list(alike))} decide for the whole council." if alike else said


def every_area_caption(place: str, *, shown: int, of: int, ordered: bool, basis: Basis) -> str:
    """Name a table of small areas, with how many it lists and in which order.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> every_area_caption("Dorset", shown=219, of=219, ordered=True, basis=here)
    'All 219 small areas of Dorset, the surest to be among the worst first, then by name, July 2025'
    >>> every_area_caption("Dorset", shown=8, of=219, ordered=False, basis=here)
    '8 of 219 small areas of Dorset, by name, July 2025'
    """
    order = "the surest to be among the worst first, then by name" if ordered else "by name"
    every = f"All {several(of, 'small area')}" if of > 1 else "The small area"
    listed_areas = every if shown == of else f"{some_of(shown, of)} small areas"
    return f"{listed_areas} of {place}, {order}, {basis.release}"


def every_area_note(basis: Basis, *, ranked: int, tested: bool, alike: bool) -> str:
    """Say how to read the table of all small areas."""
    said = []
    if tested:
        said.append(
            f"“Ranks between” holds a place’s rank in {of_draws(RANGE)}, among {several(ranked, 'place')} of the whole "
            "study; 1 is worst."
        )
    said.append("Where two ranges overlap, do not say which place is worse.")
    if basis.modelled:
        said.append("Ranges of small areas must not be added up: that of a sum is narrower.")
    if alike:
        said.append(f"“{READINGS['alike'].cell}”: we do not know which small areas of that council are worse.")
    return " ".join(said)
