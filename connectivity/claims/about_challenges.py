"""Sentences about a challenge to a provider's or a map's claims: what was checked, and what may be published of it."""

from __future__ import annotations

from connectivity.claims.grammar import several

CONSENT = (
    "I agree that my answers, my address and its UPRN are sent to the body that decides the challenge and to the "
    "provider it is about, and kept until it is decided. I may withdraw by writing to whoever asked me."
)
"""What a person agrees to by “yes” in the column consent."""
NEVER_MIXED = (
    "Measured speeds are those of the lines and devices of people who answered. The published figure counts premises "
    "by what is on sale. They stand side by side; neither corrects the other, and no sum or mean is made of both."
)
SUPPRESSED = "[c]: fewer than ten answers, or a group from which a smaller one could be reckoned."


def rows_checked(rows: int, *, wrong: int, provider: str) -> str:
    """Say how many rows of a challenge were checked, and how many have faults.

    >>> rows_checked(1200, wrong=1, provider="Acme")
    '1,200 rows about Acme were checked; 1 has faults.'
    """
    faults = "none has a fault" if not wrong else several(wrong, "has faults", "have faults")
    return f"{several(rows, 'row')} about {provider} {'was' if rows == 1 else 'were'} checked; {faults}."


def faults_left(count: int) -> str:
    """Say how many faults are not listed.

    >>> faults_left(3)
    '3 more faults are in the file.'
    """
    return f"{several(count, 'more fault is', 'more faults are')} in the file."
