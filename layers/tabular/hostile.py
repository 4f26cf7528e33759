"""Text that would do harm where it is shown: a spreadsheet runs it, a terminal obeys it, a reader is misled by it."""

from __future__ import annotations

import unicodedata

FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Spreadsheets run a cell that begins so; the last four are the same signs in full width (OWASP, CSV injection)."""
LONGEST_NAME = 300
"""Characters (assumption: the longest ward name has under 100, and a page must show the name)."""
RESHAPING = frozenset("\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that are not seen but turn the reading direction, break the line or hide what follows."""
HARMLESS = f"plain text of up to {LONGEST_NAME} characters, without control characters, not beginning with = + - @"


def harmless(text: object) -> str:
    """Keep a spreadsheet from running a name: one that is hostile is set behind an apostrophe.

    >>> harmless("=1+1"), harmless("Bere Regis")
    ("'=1+1", 'Bere Regis')
    """
    return f"'{text}" if is_hostile(str(text)) else str(text)


def is_hostile(text: str) -> bool:
    """Tell whether a name is refused. HTML is not: it is escaped where it is shown.

    >>> [is_hostile(text) for text in ("=1+1", "Bere Regis", "-", "<b>", "a" + chr(7))]
    [True, False, False, False, True]
    """
    runs = text.startswith(FORMULA_STARTS) and len(text) > 1
    return runs or len(text) > LONGEST_NAME or any(c in RESHAPING or unicodedata.category(c) == "Cc" for c in text)
