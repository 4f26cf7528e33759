"""How the figures of hidden need are made, in words: the rules, what we assume, and what a study cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims import Basis
from connectivity.hidden.needs import Known
from connectivity.hidden.tails import FEWEST_AREAS, NOT_WELL_OFF, WELL_OFF


def made(*, known: Known | None, basis: Basis, divided: bool) -> list[str]:
    """Say how the figures are made: the rules, what we assume, and why no two shares are multiplied."""
    said = [
        (
            "We list a place’s small areas from the largest share with a gap to the smallest. The first that hold "
            f"a tenth of its {basis.unit} are its worst tenth. A place needs {FEWEST_AREAS.value:g} small areas for "
            "that. Both numbers are our assumption."
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
        (
            "The lowest count takes the lowest estimate of the gap, the highest takes the highest. We add up small "
            "areas, so the range is as wide as it can be. A council whose small areas we cannot tell apart is one."
        ),
        f"The share in need is a share of {of}. We take it as the same share of {unlike}: an assumption.",
        *(
            [f"Where a border cuts a small area, we take its gaps and its need to be spread as its {basis.unit} are."]
            if divided
            else []
        ),
    ]


def without_need(labels: Sequence[str]) -> str:
    """Say that need cannot be held against gaps in a study, and why."""
    if not labels:
        return (
            "This study has no figure on need. We can show where the gaps are, but not how many homes in need have one."
        )
    named = "; ".join(labels)
    return (
        f"In this study need is marked by: {named}. That is no share of people or homes, so we cannot say how many "
        "premises have both. A build with draws keeps the share on a low income by itself."
    )
