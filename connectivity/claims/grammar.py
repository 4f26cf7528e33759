"""How a number is said: counts and positions, the way people write them."""

from __future__ import annotations

ROUNDED_FROM = 1000
"""Counts of this size and above are said to the nearest 100 (look and feel §6)."""


def number(value: float, *, exact: bool = False) -> str:
    """Write a count for people: whole, with commas, and to the nearest 100 from 1,000 up unless `exact`.

    Examples
    --------
    >>> number(3473.2), number(3473.2, exact=True), number(57.6)
    ('3,500', '3,473', '58')
    """
    if not exact and abs(value) >= ROUNDED_FROM:
        return f"{round(value / 100) * 100:,}"
    return f"{round(value):,}"


def ordinal(position: int) -> str:
    """Write a position in words people use.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 11, 112, 1021)]
    ['1st', '2nd', '3rd', '11th', '112th', '1,021st']
    """
    teens = position // 10 % 10 == 1
    suffix = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position:,}{suffix}"
