"""Names beside codes: a small area's code in a sentence is never left bare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

T = TypeVar("T")
CODE = re.compile(r"\b[EWSN]\d{8}\b(?!\.\w)")
"""A code of the Office for National Statistics, unless it begins a file's name."""


def with_names(said: T, *, names: Mapping[str, str] | pd.Series) -> T:
    """Put the place's name before each code in a sentence, and in lists and tables of sentences, however deep.

    Parameters
    ----------
    said
        A sentence, or anything that JSON can hold.
    names
        Code → name, as a mapping or a series; a code that is not among them stays as it is.

    Examples
    --------
    >>> with_names({"words": "2 lack one (such as E01000001).", "rows": 2}, names={"E01000001": "Bere Regis, part 1"})
    {'words': '2 lack one (such as Bere Regis, part 1, E01000001).', 'rows': 2}
    """
    named: object = said
    if isinstance(said, str):
        named = CODE.sub(lambda found: f"{names[found[0]]}, {found[0]}" if found[0] in names else found[0], said)
    elif isinstance(said, Mapping):
        named = {key: with_names(value, names=names) for key, value in said.items()}
    elif isinstance(said, list):
        named = [with_names(one, names=names) for one in said]
    return named  # type: ignore[return-value]  # the kind of thing that came in goes out
