"""What stands under a map: what its shapes and its dots are."""

from __future__ import annotations

from connectivity.claims import Basis


def small_areas(*, part: bool = False) -> str:
    """Say what the shapes on the map are; with `part`, also what the rest of the study looks like beside it."""
    rest = "Pale grey is the rest of this study. " if part else ""
    return (
        "Each shape is a small area, drawn by the Office for National Statistics to hold 400 to 1,200 homes. "
        "Hatching means we do not have enough data to say. The table holds the same figures. "
        f"{rest}Pale blue is the sea, and also land outside this study: we have no outlines of it."
    )


def dots(basis: Basis) -> str:
    """Say what the dots of the overlay are."""
    noun = "lines" if basis.measured else "homes and businesses"
    return f"Dots: {noun} in each square kilometre. They are modelled: each small area’s are shared by its postcodes."
