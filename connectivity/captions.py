"""What stands under a map: what its shapes and its dots are."""

from __future__ import annotations

from connectivity.claims.claim import Basis

STUDY_GROUND = "Pale blue is the sea, and also land outside this study: we have no outlines of it."
COUNCIL_GROUND = "Pale grey is sea, or land outside this council."
"""What lies round the shapes, on the map of a study and on that of one council's plain page."""


def small_areas(*, part: bool = False, ground: str = STUDY_GROUND) -> str:
    """Say what the shapes on the map are, and what the ground round them is.

    Parameters
    ----------
    part
        Only a part of the study is on show, so also say what the rest of it looks like.
    ground
        What lies round all the shapes.
    """
    rest = "Pale grey is the rest of this study. " if part else ""
    return (
        "Each shape is a small area, drawn by the Office for National Statistics to hold 400 to 1,200 homes. "
        "Where the key says “Not enough data”, we cannot say. The table holds the same figures. "
        f"{rest}{ground}"
    )


def dots(basis: Basis) -> str:
    """Say what the dots of the overlay are."""
    noun = "lines" if basis.measured else "homes and businesses"
    return f"Dots: {noun} in each square kilometre. They are modelled: each small area’s are shared by its postcodes."
