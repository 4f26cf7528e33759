"""How a report's reasons are counted: the words that lead a reader from one reason to the others.

A count of reasons says nothing of a place, so it is no claim; and what the manifest reads may not read claims.
"""

from __future__ import annotations

import re

from connectivity.claims.grammar import number, several

_MORE = re.compile(r" And [\d,]+ more, under that layer\.$")
"""What a reason ends with that a reader of the report follows to the layer."""


def more_under_layer(others: int) -> str:
    """Lead a reader of the report to the other reasons of a layer; empty where there are none.

    >>> more_under_layer(2), more_under_layer(0)
    (' And 2 more, under that layer.', '')
    """
    return f" And {number(others, exact=True)} more, under that layer." if others else ""


def without_more(reason: str) -> str:
    """Return a reason without the words that lead a reader of the report to the layer.

    >>> without_more("Postcodes: It is old. And 1 more, under that layer.")
    'Postcodes: It is old.'
    """
    return _MORE.sub("", reason)


def more_reasons(others: int) -> str:
    """Say that the report has more reasons than the one that was said; empty where it has none.

    >>> more_reasons(1), more_reasons(0)
    ('The report on the data has 1 more reason.', '')
    """
    return f"The report on the data has {several(others, 'more reason')}." if others > 0 else ""
