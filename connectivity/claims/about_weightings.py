"""What two sets of weights make of the worst tenth, in words anyone can quote, and what a change of rank may mean."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from connectivity.claims.about_certainty import CALLED, MOSTLY, rests
from connectivity.claims.claim import Basis, Sentence
from connectivity.claims.grammar import listed, plural
from connectivity.method.goalposts import DIMENSIONS
from connectivity.weightings import Percent, Reweighing

WITHIN, BEYOND, NOT_KNOWN = "no", "yes", "not known"
"""Whether a move is more than our doubt, in a table's cell."""


def headline(found: Reweighing, *, used: tuple[str, str], place: str) -> Sentence:
    """Say how many places stay in the worst tenth, how many leave it and how many enter.

    Parameters
    ----------
    found
        The places spoken of.
    used
        How each set of weights is spoken of: “by equal weights”.
    place
        What the places lie in.
    """
    first, second = used
    if found.before == 0:
        return Sentence("No place", f" in {place} is in the worst tenth {first}. {_change(found)} {second}.")
    are, stay = ("is", "stays") if found.before == 1 else ("are", "stay")
    return Sentence(
        f"{_none_or(found.shared)} of {_places(found.before)}",
        f" in {place} that {are} in the worst tenth {first} {stay} in it {second}. {_change(found)}.",
    )


def certain(found: Reweighing) -> str:
    """Say how many of the places that move end up outside what our doubt allows; empty where nothing was drawn.

    Only places that can be told apart are counted.
    """
    moved = found.told_apart[found.told_apart["moved"] != 0]
    known = moved["beyond"].dropna()
    if moved.empty:
        return "No place that we can rank changes its rank."
    if known.empty:
        return ""
    many = int(known.sum())
    lead = f"{_none_or(many)} of {_places(len(known))} that change{'s' if len(known) == 1 else ''} rank"
    return (
        f"{lead} end{'s' if many <= 1 else ''} outside the range in which {MOSTLY} put "
        f"{'it' if len(known) == 1 else 'them'} by the study’s own weights. "
        "A move inside that range is smaller than our doubt: do not read it as real."
    )


def meaning(basis: Basis) -> str:
    """Say what weights can do and what they cannot."""
    fine = "no line fell short" if basis.measured else "every line is good enough"
    return (
        f"Weights say what counts more. The counts of {basis.unit} stay as they are. Need and distance cannot create "
        f"a gap: a place where {fine} keeps score 0. Ties share a rank."
    )


def not_named(found: Reweighing, *, districts: pd.Series) -> str:
    """Say how many places of councils that cannot be told apart enter or leave, and that they are not listed.

    Parameters
    ----------
    found
        The places spoken of.
    districts
        Council names by area code.
    """
    hidden = found.places[~found.places["separable"]]
    if hidden.empty:
        return ""
    changed = hidden[hidden["worst_first"] != hidden["worst_second"]]
    names = listed(sorted(set(districts.loc[hidden.index])))
    said = f"We cannot tell the small areas of {names} apart, so none of them is listed here."
    if changed.empty:
        return f"{said} None of them enters or leaves the worst tenth."
    into, total = int(changed["worst_second"].sum()), len(changed)
    out = total - into
    return f"{said} They are in the counts: {into:,} of them enter{_s(into)} and {out:,} leave{_s(out)}."


def shares(weights: Percent, *, absent: Collection[str] = ()) -> str:
    """Write a set of weights out, in percent of their sum.

    >>> shares((20, 20, 10, 0), absent=("alternative",))
    'home working 40%, online services 40%, need 20%'
    """
    kept = {name: weight for name, weight in zip(DIMENSIONS, weights, strict=True) if name not in absent}
    total = sum(kept.values())
    return ", ".join(f"{CALLED[name]} {100 * weight / total:.0f}%" for name, weight in kept.items())


def yours(weights: Percent, *, absent: Collection[str] = ()) -> str:
    """Speak of weights that have no name.

    >>> yours((20, 20, 10, 0), absent=("alternative",))
    'by weights of 40%, 40% and 20%'
    """
    percents = [part.rsplit(" ", 1)[1] for part in shares(weights, absent=absent).split(", ")]
    return f"by weights of {listed(percents)}"


def citation(
    found: Reweighing,
    *,
    weights: tuple[Percent, Percent],
    place: str,
    basis: Basis,
    absent: Collection[str] = (),
) -> str:
    """Word the comparison so that it can be quoted with both sets of weights, place, source and date."""
    first, second = (shares(one, absent=absent) for one in weights)
    said = (
        f"{_none_or(found.shared)} of {found.before:,} small area{plural(found.before)} in {place} that "
        f"{'is' if found.before == 1 else 'are'} in the worst tenth when weights are {first} "
        f"{'stays' if found.before == 1 else 'stay'} in it when they are {second}"
    )
    return basis.quotable(f"“{said}. {_change(found)} ({rests(basis)}).”")


def cell(*, beyond: bool | None) -> str:
    """Say whether a move is more than our doubt, for a table's cell; None where no range is known."""
    return {True: BEYOND, False: WITHIN, None: NOT_KNOWN}[beyond]


def more(listed: int, *, of: int) -> str:
    """Say how many places a list leaves out; empty where it has them all."""
    return f"The first {listed:,} of {of:,}." if listed < of else ""


def _change(found: Reweighing) -> str:
    leave, enter = found.before - found.shared, found.entering
    if found.before == 0:
        return f"{_places(enter)} {'is' if enter == 1 else 'are'} in it" if enter else "None is in it"
    into = f"{enter:,}" if enter else "no"
    return f"{_none_or(leave)} leave{_s(leave)} it, and {into} other{plural(enter)} enter{_s(enter)} it"


def _places(count: int) -> str:
    return f"{count:,} place{plural(count)}"


def _none_or(count: int) -> str:
    return f"{count:,}" if count else "None"


def _s(count: int) -> str:
    """End a verb as one thing, or none, wants it."""
    return "s" if count == 1 else ""
