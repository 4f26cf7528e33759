"""A number with its unit, its range and where it comes from.

No threshold, factor or goalpost stands bare in the code. Each is one record, shown to the user and varied in the
robustness run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number the method rests on.

    Parameters
    ----------
    value
        The central value.
    unit
        Its unit, in words.
    meaning
        What it stands for, in one plain phrase.
    source
        Who says so; starts with "assumption" where it is ours.
    low, high
        The range it is varied over; equal to the value when it is not varied.
    """

    value: float
    unit: str
    meaning: str
    source: str
    low: float | None = None
    high: float | None = None
