"""Sentences of the report on the data: how many rows, places and premises it found wanting, and how old a file is.

Claims are made in :mod:`connectivity.quality`. An age is that of a file, so it claims nothing of a place.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims.claim import Claim, Form, Sentence, wording
from connectivity.claims.grammar import number, plural, several
from layers.kinds import AgeLimit
from layers.revisions import MONTHS_IN_YEAR

NAMED = 3
"""Releases of a layer that are named; of any more, how many they are."""


@wording("quality.unused")
def rows_not_used(claim: Claim, form: Form) -> Sentence:
    """Say how many rows of a layer are not used, and why; a cell says whether that is a fault.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"noun": "rows", "why": "no area has it", "examples": ("A", "B"), "harmless": False}
    >>> claim = Claim("quality.unused", "Postcodes", 1200, 1200, 1200, 5000, here, "rows", details=told)
    >>> str(claim.say()), str(claim.say("cell"))
    ('1,200 rows are not used: no area has it (such as A, B).', '1,200 no area has it (such as A, B)')
    """
    why = f"{claim.details['why']}{_such(claim)}"
    if form == "cell":
        return Sentence("", f"{_exactly(claim.best)} {why}{': no fault' if claim.details['harmless'] else ''}")
    return Sentence("", f"{_exactly(claim.best)} {claim.details['noun']} are not used: {why}.")


@wording("quality.rule")
def rows_that_break_a_rule(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many rows of a layer break a rule."""
    said = plural(claim.best, "breaks this rule and is kept as it is", "break this rule and are kept as they are")
    counts = f"{_exactly(claim.best)} of {_exactly(claim.of)}"
    return Sentence("", f"{counts} {said}: {claim.details['rule']}{_such(claim)}.")


@wording("quality.repaired")
def rows_put_right(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many rows of a layer were put right, and what in them."""
    return Sentence("", f"Put right in {_exactly(claim.best)}: {claim.details['what']}{_such(claim)}.")


@wording("quality.not_scored")
def places_not_scored(claim: Claim, form: Form) -> Sentence:
    """Say how many places are not scored, and why; a card is the title of their list."""
    if form == "card":
        return Sentence("", f"{several(int(claim.best), 'place')}: {claim.details['why']}")
    are = plural(claim.best, "is", "are")
    counts = f"{_exactly(claim.best)} of {several(int(claim.of), 'place')}"
    return Sentence("", f"{counts} {are} not scored: {claim.details['why']}.")


@wording("quality.not_told_apart")
def places_not_told_apart(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many places have their council's figure and no rank."""
    have = plural(claim.best, "has its council’s figure", "have their council’s figure")
    why = "the model cannot say which small areas of that council are worse"
    return Sentence("", f"{_exactly(claim.best)} of {several(int(claim.of), 'place')} {have} and no rank: {why}.")


@wording("quality.scored")
def places_scored(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many places have a score."""
    have = plural(claim.best, "has", "have")
    return Sentence("", f"{_exactly(claim.best)} of {several(int(claim.of), 'place')} {have} a score.")


@wording("quality.more_listed")
def places_listed_elsewhere(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many places a page leaves to the file."""
    return Sentence("", f"{_exactly(claim.best)} more {plural(claim.best, 'is', 'are')} listed in quality.json.")


@wording("quality.unaccounted")
def premises_unaccounted(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many premises nobody can account for."""
    return Sentence("", f"{_exactly(claim.best)} {claim.unit} of {_exactly(claim.of)} cannot be accounted for.")


@wording("quality.premises_not_scored")
def premises_not_scored(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say how many premises are not scored, and why."""
    are = plural(claim.best, "is", "are")
    return Sentence("", f"{_exactly(claim.best)} {claim.noun} {are} not scored: {claim.details['why']}.")


@wording("quality.speed_not_known")
def speed_not_known(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say of how many premises the speed is not known."""
    counts = f"{_exactly(claim.best)} of {_exactly(claim.of)} {claim.unit}"
    return Sentence("", f"The speed of {counts} is not known. They are never counted as none.")


def releases_named(releases: Sequence[str]) -> str:
    """Name a layer's releases; where there are many, the first and how many more.

    >>> releases_named(["2013", "2025"]), releases_named(["1", "2", "3", "4", "5"])
    ('2013 and 2025', '1 and 2 and 3 and 2 more')
    """
    more = len(releases) - NAMED
    return " and ".join(releases[:NAMED]) + (f" and {number(more, exact=True)} more" if more > 0 else "")


def files_title(files: int) -> str:
    """Head the list of a layer's files.

    >>> files_title(1200)
    'Files (1,200)'
    """
    return f"Files ({number(files, exact=True)})"


def age_at_build(months: int) -> str:
    """Say how old a release was when a build was made.

    >>> age_at_build(0), age_at_build(159)
    ('Less than a month old at the build.', '13 years old at the build.')
    """
    return f"{length(months)} old at the build." if months else "Less than a month old at the build."


def over_age(months: int, *, limit: float, meaning: str) -> str:
    """Say that a release is older than a limit, and what that means.

    >>> over_age(159, limit=60, meaning="too old")
    '13 years old, over 5 years: too old.'
    """
    return f"{length(months)} old, over {length(int(limit))}: {meaning}."


def newer_exists(limit: AgeLimit) -> str:
    """Say that there is a newer release."""
    return f"A newer release exists, of {limit.newest}. {limit.why}"


def length(months: int) -> str:
    """Say a length of time: months up to two years, then years.

    >>> length(1), length(18), length(60), length(159)
    ('1 month', '18 months', '5 years', '13 years')
    """
    return several(months, "month") if months < 2 * MONTHS_IN_YEAR else several(months // MONTHS_IN_YEAR, "year")


def _exactly(count: float) -> str:
    return number(count, exact=True)


def _such(claim: Claim) -> str:
    """Name examples in brackets; nothing where there are none."""
    examples = claim.details["examples"]
    return f" (such as {', '.join(examples)})" if examples else ""
