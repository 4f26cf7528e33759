"""Sentences about a place of any boundary: its number, its denominator, when it is of, and how it was divided.

Claims are made in :mod:`connectivity.places.boundary_claims` and :mod:`connectivity.places.drawn_shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectivity.claims import about_places
from connectivity.claims.claim import Claim, Form, Sentence, wording
from connectivity.claims.grammar import capital, in_every_hundred, listed, number, plural, several, whole_percent
from connectivity.method.records import FEWEST
from connectivity.places.reports import TWICE_CUT, WHOLE, Report, Split
from layers.families import Family

AVERAGES = "The larger the places, the more a bad corner is averaged away."


@wording("boundaries.remote", "boundaries.digital")
def gap_by_boundary(claim: Claim, form: Form) -> Sentence:
    """Say how many premises of a place cannot do an activity; a quotation says how they were divided, too."""
    if form != "quotation":
        return about_places.gap(claim, form)
    method, family = claim.details["method"], claim.details["family"]
    divided = "" if claim.details["whole"] else f"; shared out by {method} at its border, modelled"
    if method == "best fit":
        divided = f"; small areas put whole into the {family.singular} that fits best"
    return about_places.gap_quotation(claim, also=divided)


@wording("boundaries.split.remote", "boundaries.split.digital")
def gap_and_where_it_went(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - only quoted
    """Word a place's figure and where it went by another boundary, and how it was divided, to be quoted."""
    divided = "; shared out at borders, modelled" if claim.details["divided"] else ""
    divided = "; small areas put whole into the place that fits best" if claim.details["best_fit"] else divided
    quoted = about_places.gap_quotation(claim, also=divided).removesuffix("”")
    return Sentence("", f"{quoted} {claim.details['went'].say()}”")


@wording("boundaries.made")
def how_divided(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say of how many small areas a place is made, and how many of its premises were shared out at its border."""
    method, areas = claim.details["method"], several(claim.details["areas"], "small area")
    if method == "best fit":
        return Sentence("", f"Best fit: {areas} that lie mostly there, put in whole, so the figure is modelled.")
    if claim.details["whole"]:
        return Sentence("", f"It is made of {areas}, whole. Nothing is divided.")
    return Sentence(
        "",
        f"{_exact(claim.best)} of its {_exact(claim.of)} {claim.unit} are in small areas that its border cuts. We "
        f"shared those out by where {method} lie, so they are modelled.",
    )


@wording("boundaries.unscored")
def in_no_scored_area(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many premises of a place are not in its figure; never that they are fine."""
    return Sentence(
        "",
        f"{_exact(claim.best)} more {claim.unit} there are in small areas without enough data. They are not in the "
        "figure, and we do not say they are fine.",
    )


@wording("boundaries.empty")
def nothing_scored_there(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say that a place has no premises of the study, or none in an area that could be scored."""
    if round(claim.of, 2) > 0:
        count = f"{_exact(claim.of)} {claim.unit}"
        return Sentence(
            "", f"We do not have enough data for {claim.place}: {count}, none in a small area with a score."
        )
    where = "It may lie in the sea, or where the study does not reach."
    return Sentence("", f"No {claim.unit} of this study stand in {claim.place}. {where}")


@wording("boundaries.beyond")
def outside_the_study(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say that part of a shape lies where the study has nothing."""
    return Sentence(
        "",
        f"{whole_percent(claim.best)} of the ground in your shape lies outside this study’s small areas: sea, or "
        f"places the study does not cover. No {claim.basis.unit} there are counted.",
    )


@wording("boundaries.sum", "boundaries.split_sum")
def parts_and_total(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say that the places and the rest make the total: of the study, or of the one place that is divided.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> from layers.families import family_of
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> made = {"family": family_of("ward"), "places": 2, "own": False, "rest": {"in no ward": 40.0}, "twice": 3.0}
    >>> str(Claim("boundaries.sum", "Demo", 163, 163, 163, 200, here.published, details=made).say())
    '200 premises = 163 in 2 wards + 40 in no ward − 3 counted in more than one, as they overlap.'
    """
    details = claim.details
    places = "inside" if details["own"] else f"in {_places(details['places'], details['family'])}"
    parts = [f"{_exact(claim.best)} {places}", *(f"{_exact(n)} {reason}" for reason, n in details["rest"].items())]
    total = f"{_exact(claim.of)} {claim.unit} = {' + '.join(parts)}"
    if not round(details["twice"]):
        return Sentence("", f"{total}.")
    counted = "" if claim.key == "boundaries.split_sum" else "counted "
    return Sentence("", f"{total} − {_exact(details['twice'])} {counted}in more than one, as they overlap.")


@wording("boundaries.inside")
def areas_inside(claim: Claim, form: Form) -> Sentence:
    """Count the small areas of a place; for a best fit it is not known which lie wholly inside. A card is its label.

    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> claim = Claim("boundaries.inside", "Ash ward", 2, 2, 2, 3, here, "places")
    >>> str(claim.say("card")), str(claim.say("cell"))
    ('Small areas wholly inside', '2 of 3')
    """
    known = claim.best >= 0
    if form == "card":
        return Sentence("", "Small areas wholly inside" if known else "Small areas put there")
    return Sentence("", f"{_exact(claim.best)} of {_exact(claim.of)}" if known else _exact(claim.of))


@wording("boundaries.largest.remote", "boundaries.largest.digital")
def largest_share(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say which place has the largest share by one kind of boundary, with its counts and range."""
    share = f"{in_every_hundred(claim.best / claim.of)} in every 100"
    by = f"By {claim.details['family'].singular}, the largest share by the best estimate is in {claim.place}"
    return Sentence("", f"{by}: {share}. That is {about_places.gap(claim, 'cell')}.")


@wording("boundaries.went")
def where_it_went(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say in which places of the other kind a place's gaps are, those with the most first."""
    family: Family = claim.details["family"]
    places, first = claim.details["places"], claim.details["first"]
    if not places:
        return Sentence("", f"None of it lies in any {family.singular} of this study.")
    if claim.details["only"]:
        return Sentence("", f"All of it lies in {claim.details['only']}.")
    if not first:
        return Sentence("", f"It lies in {_places(places, family)}, with almost no gaps in any of them.")
    named = [f"{one.say('cell')}{'' if at else ' are'} in {one.place}" for at, one in enumerate(first)]
    rest = places - len(first)
    elsewhere = [f"in {several(rest, f'other {family.singular}', f'other {family.plural}')}"] if rest else []
    elsewhere += ["in none"] if claim.details["in_none"] else []
    tail = [f"the rest {' or '.join(elsewhere)}"] if elsewhere else []
    return Sentence("", f"Of these, {listed([*named, *tail])}.")


@wording("boundaries.part")
def part_of_a_place(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many of a place's gaps lie in one place of the other kind."""
    return Sentence("", f"{claim.estimate}{claim.in_brackets}")


@wording("boundaries.corners")
def hidden_corners(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how far the small areas inside a place differ, and which is worst by the best estimate."""
    worst: Claim = claim.details["worst"]
    low, high = (in_every_hundred(share) for share in claim.details["shares"])
    lie = plural(int(claim.best), "lies", "lie")
    many = f"{several(int(claim.best), 'small area')} with a figure of their own {lie} mostly inside {claim.place}"
    return Sentence(
        "",
        f"The average hides corners. {many}. They run from {low} to {high} in every 100. The most, by the best "
        f"estimate, are in {worst.place}. There it is {worst.say('cell')}.",
    )


@wording("boundaries.shown")
def areas_on_show(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say that the border of a part cuts small areas that are shown whole, or that a lookup puts them in whole."""
    count, cut = several(int(claim.best), "small area"), claim.details["cut"]
    if cut is None:
        why = "A border may cut some, so this is a best fit."
        return Sentence("", f"You see the {count} that lie mostly in {claim.place}. {why}")
    partly = f"{_exact(cut)} of them {plural(cut, 'lies', 'lie')} only partly in {claim.place}"
    return Sentence("", f"You see {count}; {partly}. The map and the table give each small area in full.")


@wording("boundaries.left_out")
def not_held_to_others(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many places are not held against others."""
    count = int(claim.best)
    lie = f"{plural(count, 'it lies', 'they lie')} in a council of which only one figure is known"
    many = _places(count, claim.details["family"])
    return Sentence("", f"{many} {plural(count, 'is', 'are')} left out here: {lie}.")


def caveats(made: Claim, unscored: Claim | None, claim: Claim) -> list[str]:
    """Say what a reader of a place's figure has to know: how it was made, what it leaves out, what is counted.

    Parameters
    ----------
    made, unscored
        From :mod:`connectivity.places.boundary_claims`; None where everything is in the figure.
    claim
        The place's figure, from there, too.
    """
    basis, family = claim.basis, claim.details["family"]
    said: list[str] = [made.say()]
    if not family.own and family.name not in {"district", "old_district"}:
        said.append("What lies outside this study is not counted.")
    if unscored is not None:
        said.append(unscored.say())
    if 0 < claim.of < FEWEST.value:
        said.append(f"Fewer than {FEWEST.value:g} {basis.unit} stand there: too few for a percentage.")
    said += [about_places.measured(basis), f"{about_places.modelled(basis)} {about_places.counted(basis)}".strip()]
    return [sentence for sentence in said if sentence]


def column(report: Report) -> str:
    """Head the column of a report's places; where all are a best fit, it is said once, here."""
    return "Place (best fit, modelled)" if report.method == "best fit" else "Place"


def method(report: Report) -> str:
    """Say in one sentence how the whole report divides small areas."""
    one = report.family.singular
    if report.method == "code":
        return "Small areas nest in each, so they are added up whole by their codes. Nothing is divided."
    if report.method == "best fit":
        return (
            f"This is a best fit, so it is modelled: each small area counts in one {one}, the one the lookup names for "
            f"it, though a border may cut the area. Outlines of the {report.family.plural} would divide it."
        )
    return (
        f"Where a border cuts a small area, we share its premises by where its {report.method} lie. "
        "The shared part is modelled; a whole small area is not divided."
    )


def worst_areas_named(count: int) -> tuple[str, str]:
    """Say before and after a place's worst small areas what they are; a score is theirs alone."""
    areas = plural(count, "The small area with the highest score here", "The small areas with the highest scores here")
    return f"{areas} (follow {plural(count, 'it', 'one')} to see why): ", ". Only small areas have a score."


def title(family: Family) -> str:
    """Name a kind of place for a button.

    >>> from layers.families import family_of
    >>> title(family_of("old_district"))
    'Old councils (2011)'
    """
    return f"{capital(family.plural)} (2011)" if family.name == "old_district" else capital(family.plural)


def all_listed(count: int) -> str:
    """Offer all places of a kind in a box.

    >>> all_listed(1200)
    'All 1,200'
    """
    return f"All {number(count, exact=True)}"


def choose_one(verb: str, count: int, *, family: Family) -> str:
    """Label a box in which one of a report's places is chosen.

    >>> from layers.families import family_of
    >>> choose_one("Find", 1200, family=family_of("ward"))
    'Find one of 1,200 wards'
    """
    return f"{verb} one of {number(count, exact=True)} {family.plural}"


def corners_so_far(corners: int) -> str:
    """Count the corners of a shape that is being drawn.

    >>> corners_so_far(1), corners_so_far(0)
    ('1 corner so far.', '0 corners so far.')
    """
    return f"{several(corners, 'corner')} so far."


def part_made(row: Mapping[Any, Any], *, best_fit: bool) -> str:
    """Say how a row of a split was made, for a table's cell.

    >>> part_made({"made": "whole"}, best_fit=False), part_made({"made": "cut"}, best_fit=True)
    ('whole small areas', 'best fit (modelled)')
    """
    if best_fit:
        return "best fit (modelled)"
    if row["made"] == WHOLE:
        return "whole small areas"
    return "both borders cut it (modelled)" if row["made"] == TWICE_CUT else "shared out (modelled)"


def split_explained(found: Split, *, best_fit: bool) -> str:
    """Say what is modelled in a split, and why some of its premises are a range."""
    if best_fit:
        return (
            "A best fit puts each small area whole into the place it fits best, so where the figure went is modelled."
        )
    if not found.modelled:
        return "It is made of whole small areas. Nothing is divided."
    said = "Where a border cuts a small area, its premises and gaps are shared out in proportion: that is modelled."
    if (found.rows["made"] == TWICE_CUT).any():
        said += " Where both borders cut the same small area, we know only bounds, so those premises have a range."
    return said


def _exact(value: float) -> str:
    return number(value, exact=True)


def _places(count: int, family: Family) -> str:
    return several(count, family.singular, family.plural)
