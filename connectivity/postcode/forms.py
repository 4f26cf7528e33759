"""What someone typed, read as a postcode: whole, half, one of a special kind, or none; no study is asked.

Shapes are Royal Mail's: one or two letters, a digit, perhaps one more digit or letter; then a digit and two letters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Shape = Literal["whole", "half", "none"]

WHOLE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA|[A-Z]{4}1ZZ|NPT[0-9][A-Z]{2}")
HALF = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
BEGUN = re.compile(r"[0-9][A-Z]?")
"""A second half that is not finished."""
PIECES = 2
FORCES = re.compile(r"BFPO[0-9]{1,4}")
PATTERNS = ("L9", "L99", "LL9", "LL99", "L9L", "LL9L")
"""Shapes of a first half: L a letter, 9 a digit."""
SECOND_HALF = "9LL"
NOT_IN_SECOND_HALF = frozenset("CIKMOV")
"""Royal Mail leaves these letters out of second halves, as they look like others."""
AS_LETTER = {"0": "O", "1": "I", "5": "S"}
AS_DIGIT = {"O": "0", "I": "1", "L": "1", "S": "5"}
"""Slips of the hand that look alike (assumption: those people make most)."""
LONGEST = 40
"""Characters that are looked at; no postcode has more than eight, with its space (assumption)."""
SHORTEST_WHOLE, LONGEST_WHOLE = 5, 7
_BETWEEN = re.compile(r"[\s\-.,'\"’‘“”_/]+")


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, as far as its shape says.

    Attributes
    ----------
    shape
        ``whole``, ``half`` (the first half, and perhaps one more sign) or ``none``.
    code
        Capitals, no spaces: the postcode, or its first half; empty for none.
    meant
        Whole postcodes it may have been meant to be, when letters and digits that look alike change places.
    """

    shape: Shape
    code: str
    meant: tuple[str, ...] = ()

    @property
    def area(self) -> str:
        """The letters it begins with: the postcode area.

        >>> Form("whole", "DT27AB").area
        'DT'
        """
        return re.split(r"[0-9]", self.code, maxsplit=1)[0]


def read_form(text: str) -> Form:
    """Read what someone typed; never raises, whatever it is.

    Examples
    --------
    >>> read_form(" dt2 7ab ")
    Form(shape='whole', code='DT27AB', meant=())
    >>> read_form("DT2").shape, read_form("12345").shape, read_form("DTI IAA").meant
    ('half', 'none', ('DT11AA',))
    """
    signs, pieces = cleaned(text), [piece for piece in map(cleaned, _BETWEEN.split(text[:LONGEST])) if piece]
    if len(pieces) == PIECES and HALF.fullmatch(pieces[0]) and BEGUN.fullmatch(pieces[1]):
        return Form("half", pieces[0], _meant(signs))
    if WHOLE.fullmatch(signs) or FORCES.fullmatch(signs):
        return Form("whole", signs, _meant(signs))
    if HALF.fullmatch(signs):
        return Form("half", signs)
    if begun := re.fullmatch(f"({HALF.pattern}){BEGUN.pattern}", signs):
        return Form("half", begun.group(1), _meant(signs))
    return Form("none", "", _meant(signs))


def cleaned(text: str) -> str:
    """Write what was typed in capitals, without spaces, dots, dashes and quotes; wide letters as plain ones.

    >>> cleaned("dt2-7ab."), cleaned(chr(0xFF24) + "T1 1AA")
    ('DT27AB', 'DT11AA')
    """
    seen = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    return _BETWEEN.sub("", "".join(c for c in seen if unicodedata.category(c) != "Cf"))


def spaced(code: str) -> str:
    """Write a whole postcode as people do.

    >>> spaced("DT27AB"), spaced("BFPO57"), spaced("DT2")
    ('DT2 7AB', 'BFPO 57', 'DT2')
    """
    if FORCES.fullmatch(code):
        return f"{code[:4]} {code[4:]}"
    return f"{code[:-3]} {code[-3:]}" if WHOLE.fullmatch(code) else code


def _meant(signs: str) -> tuple[str, ...]:
    """List the postcodes that look like `signs` when a letter was typed for a digit or the reverse."""
    if not SHORTEST_WHOLE <= len(signs) <= LONGEST_WHOLE:
        return ()
    found = []
    for pattern in PATTERNS:
        fitted = _fit(signs, pattern + SECOND_HALF)
        if fitted and fitted != signs and not NOT_IN_SECOND_HALF.intersection(fitted[-2:]):
            found.append(fitted)
    return tuple(dict.fromkeys(found))


def _fit(signs: str, pattern: str) -> str | None:
    """Turn signs into the kinds a pattern asks for, where they look like one; None where they cannot be."""
    if len(signs) != len(pattern):
        return None
    made = []
    for sign, kind in zip(signs, pattern, strict=True):
        fits = ("A" <= sign <= "Z") if kind == "L" else ("0" <= sign <= "9")
        turned = sign if fits else (AS_LETTER if kind == "L" else AS_DIGIT).get(sign)
        if turned is None:
            return None
        made.append(turned)
    return "".join(made)
