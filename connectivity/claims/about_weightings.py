"""What two sets of weights make of the worst tenth, in words anyone can quote, and what a change of rank may mean."""

from __future__ import annotations

from collections.abc import Collection

from connectivity.claims.about_certainty import CALLED, MOSTLY, rests
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import listed, plural, several
from connectivity.method.records import DIMENSIONS
from connectivity.weight_sets import Percent

WITHIN, BEYOND, NOT_KNOWN = "no", "yes", "not known"
"""Whether a move is more than our doubt, in a table's cell."""


@wording("weightings.worst_tenth")
def staying_among_the_worst(claim: Claim, form: Form) -> Sentence:
    """Say how many places stay in the worst tenth, how many leave it and how many enter.

    A quotation writes both sets of weights out; else they are spoken of by name.

    Examples
    --------
    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"entering": 2, "used": ("by equal weights", "when only the lines count")}
    >>> str(Claim.of_places("weightings.worst_tenth", "Wold", 3, of=4, basis=here, details=told).say())
    '3 of 4 places in Wold that are in the worst tenth by equal weights stay in it when only the lines count. 1 \
leaves it, and 2 others enter it.'
    """
    if form == "quotation":
        return Sentence("", _cited_weights(claim))
    before, (first, second) = round(claim.of), claim.details["used"]
    if before == 0:
        change = f" in {claim.place} is in the worst tenth {first}. {_change_of_worst(claim)} {second}."
        return Sentence("No place", change)
    are, stay = plural(before, "is", "are"), plural(before, "stays", "stay")
    return Sentence(
        f"{_none_or_count(claim.best)} of {several(before, 'place')}",
        f" in {claim.place} that {are} in the worst tenth {first} {stay} in it {second}. {_change_of_worst(claim)}.",
    )


def _cited_weights(claim: Claim) -> str:
    """Word the counts so that they can be quoted; the two sets of weights stand with the source."""
    before, absent = round(claim.of), claim.details["absent"]
    first, second = (weights_written(one, absent=absent) for one in claim.details["weights"])
    told = f"the one set: {first}; the other: {second}; {rests(claim.basis)}"
    if before == 0:
        said = f"No small area in {claim.place} is in the worst tenth by one set of weights"
        return claim.basis.quotable(f"“{said}. {_change_of_worst(claim)} by another ({told}).”")
    are, stay = plural(before, "is", "are"), plural(before, "stays", "stay")
    said = (
        f"{_none_or_count(claim.best)} of {several(before, 'small area')} in {claim.place} that {are} in the worst "
        f"tenth by one set of weights {stay} in it by another"
    )
    return claim.basis.quotable(f"“{said}. {_change_of_worst(claim)} ({told}).”")


def _change_of_worst(claim: Claim) -> str:
    leave, enter = round(claim.of - claim.best), claim.details["entering"]
    if not claim.of:
        return f"{several(enter, 'place')} {plural(enter, 'is', 'are')} in it" if enter else "None is in it"
    into = f"{enter:,} other{plural(enter)} {plural(enter, 'enters', 'enter')}" if enter else "no others enter"
    return f"{_none_or_count(leave)} {plural(leave, 'leaves', 'leave')} it, and {into} it"


def _none_or_count(count: float) -> str:
    return f"{round(count):,}" if round(count) else "None"


@wording("weightings.beyond")
def moves_beyond_doubt(claim: Claim, _form: Form) -> Sentence:
    """Say how many of the places that move end up outside what our doubt allows; empty where nothing was drawn."""
    if not claim.details["moved"]:
        return Sentence("", "No place that we can rank changes its rank.")
    many, of = round(claim.best), round(claim.of)
    if not of:
        return Sentence("")
    change, end = plural(of, "changes", "change"), plural(max(many, 1), "ends", "end")
    return Sentence(
        f"{_none_or_count(many)} of {several(of, 'place')}",
        f" that {change} rank {end} outside the range in which {MOSTLY} put {plural(of, 'it', 'them')} by the study’s "
        "own weights. A move inside that range is smaller than our doubt: do not read it as real.",
    )


@wording("weightings.not_listed")
def areas_not_listed(claim: Claim, _form: Form) -> Sentence:
    """Say that the areas of councils that cannot be told apart have no rank by any weights.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> str(Claim.of_places("weightings.not_listed", "Gosport", 53, of=1646, basis=here).say())
    'For the small areas of Gosport only the council’s figure is known, so none of them is listed here.'
    """
    return Sentence(
        "",
        f"For the small areas of {claim.place} only the council’s figure is known, so none of them is listed here.",
    )


def weights_meaning(basis: Basis) -> str:
    """Say what weights can do and what they cannot."""
    fine = "no line fell short" if basis.measured else "every line is good enough"
    return (
        f"Weights say what counts more. The counts of {basis.unit} stay as they are. Need and distance cannot create "
        f"a gap: a place where {fine} keeps score 0. Ties share a rank."
    )


def weights_written(weights: Percent, *, absent: Collection[str] = ()) -> str:
    """Write a set of weights out, in percent of their sum.

    >>> weights_written((20, 20, 10, 0), absent=("alternative",))
    'home working 40%, online services 40%, need 20%'
    """
    kept = {name: weight for name, weight in zip(DIMENSIONS, weights, strict=True) if name not in absent}
    total = sum(kept.values())
    return ", ".join(f"{CALLED[name]} {100 * weight / total:.0f}%" for name, weight in kept.items())


def weights_unnamed(weights: Percent, *, absent: Collection[str] = ()) -> str:
    """Speak of weights that have no name.

    >>> weights_unnamed((20, 20, 10, 0), absent=("alternative",))
    'by weights of 40%, 40% and 20%'
    """
    percents = [part.rsplit(" ", 1)[1] for part in weights_written(weights, absent=absent).split(", ")]
    return f"by weights of {listed(percents)}"


def beyond_doubt(*, beyond: bool | None) -> str:
    """Say whether a move is more than our doubt, for a table's cell; None where no range is known."""
    return {True: BEYOND, False: WITHIN, None: NOT_KNOWN}[beyond]


def cut_short(shown: int, *, of: int) -> str:
    """Say how many places a list leaves out; empty where it has them all."""
    return f"The first {shown:,} of {of:,}." if shown < of else ""
