"""Which place is meant by a name that someone typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from layers.errors import LayerError, examples, nearest

_COUNCIL = re.compile(
    r"\s+((metropolitan|london)\s+)?((borough|city|county|district|unitary)\s+)?council$", re.IGNORECASE
)
"""What people say after a place's name and ONS does not."""
_SMALL_WORDS = frozenset({"and", "of", "the", "upon"})


def named(wanted: str, known: Mapping[str, str], *, what: str) -> str:
    """Find a place by exact code, else exact name, else the one name that begins so; letter case does not matter.

    What a council adds to the name of its place may stand there too.

    >>> named("dorset council", {"E06000059": "Dorset", "E07000052": "Dorset West"}, what="district")
    'E06000059'

    Raises
    ------
    LayerError
        When none fits, or several do: they are listed.
    """
    asked = without_council(wanted, known)
    if asked.upper() in known:
        return asked.upper()
    folded = asked.casefold()
    exact = [code for code, name in known.items() if name.casefold() == folded]
    found = exact or [code for code, name in known.items() if folded and name.casefold().startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LayerError(
            f"More than one {what} is called so.",
            expected=f"the code or the full name of one {what}",
            found=f"“{asked}”: " + "; ".join(f"“{known[code]}” ({code})" for code in sorted(found)),
            next_step="give one of these codes",
        )
    near = next((name for name in known.values() if _initials(name) == folded), None) or nearest(asked, known.values())
    raise LayerError(
        f"There is no {what} of that name or code.",
        expected=f"one of {len(known):,}, such as {quoted(sorted(known.values()))}",
        found=f"“{asked}”",
        next_step=(f"did you mean “{near}”? " if near else "") + f"check the spelling, or give the {what}'s code",
    )


def without_council(wanted: str, known: Mapping[str, str]) -> str:
    """Drop what a council adds to the name of its place, unless the whole is a name.

    >>> without_council(" Bristol City Council", {}), without_council("Dorset", {})
    ('Bristol', 'Dorset')
    """
    asked = wanted.strip()
    return asked if asked.casefold() in {name.casefold() for name in known.values()} else _COUNCIL.sub("", asked)


def _initials(name: str) -> str:
    """Give the first letters of a name, as people shorten it.

    >>> _initials("Bournemouth, Christchurch and Poole")
    'bcp'
    """
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", name.casefold()) if word not in _SMALL_WORDS)


def quoted(names: Iterable[str]) -> str:
    """Join the first few names, in quotes: some have commas of their own."""
    return examples(f"“{name}”" for name in names)
