"""What a release calls the premises below decent broadband: the words changed, so the words are kept.

They tell, when two releases are compared, whether a count that rests on them can be called a change.
"""

from __future__ import annotations

from pathlib import Path

from layers.files import names_of
from layers.ofcom.availability import FIXED_ONLY, UNABLE_TO_GET_DECENT
from layers.tabular.tables import normalised, read_headings

HEADINGS = (*UNABLE_TO_GET_DECENT, FIXED_ONLY)
"""As counts; the postcode files have the same words as percentages."""


def decent_definition(path: Path, *, member: str | None = None) -> str | None:
    """Read off a release's headings what it calls the premises below decent broadband.

    Parameters
    ----------
    path, member
        The file; of several members that a pattern matches, the last speaks for all.

    Returns
    -------
    str or None
        Ofcom's own words, such as ``below the USO``; None when the release has no such column (2013).
    """
    names = names_of(path, member=member)
    if member and len(names) > 1:
        outer, cut, _ = member.rpartition("!")
        member = f"{outer}{cut}{names[-1]}"
    there = {normalised(heading) for heading in read_headings(path, member=member)}
    for heading in HEADINGS:
        words = in_words(heading)
        if {normalised(heading), normalised(f"% of premises {words}")} & there:
            return words
    return None


def in_words(heading: str) -> str:
    """Leave the beginning off that counts and percentages do not share.

    >>> in_words("Number of premises below the USO")
    'below the USO'
    """
    return heading.removeprefix("Number of premises ")
