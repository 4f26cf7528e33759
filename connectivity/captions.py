"""What stands under a map: what its shapes and its dots are."""

from __future__ import annotations

from connectivity.claims import Basis

STUDY_GROUND = "Pale blue is sea, or land outside this study."
COUNCIL_GROUND = "Pale grey is sea, or land outside this council."
"""What lies round the shapes, on the map of a study and on that of one council's plain page."""


def small_areas(*, ground: str = STUDY_GROUND) -> str:
    """Say what the shapes on the map are, and what the ground round them is."""
    return (
        "Each shape is a small area, drawn by the Office for National Statistics to hold 400 to 1,200 homes. "
        "Hatching means we do not have enough data to say. The table holds the same figures. "
        f"{ground}"
    )


def dots(basis: Basis) -> str:
    """Say what the dots of the overlay are."""
    noun = "lines" if basis.measured else "homes and businesses"
    return f"Dots: {noun} in each square kilometre. They are modelled: each small area’s are shared by its postcodes."
