"""Where a postcode's first letters are: the town they are called after, the country, and those that are no place.

Names and countries are Royal Mail's postcode areas, as ONS gives them in the guide to its postcode products. Areas
that lie in two countries are given the one most of their addresses are in (assumption): it only words a hint.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Realm = Literal[
    "England", "Wales", "Scotland", "Northern Ireland", "island", "forces", "no place", "overseas", "old", "unheard"
]
"""Country, or why it is in none: a Crown dependency, the forces, no place, overseas, out of use, unheard of."""

ENGLAND = (
    "AL St Albans|B Birmingham|BA Bath|BB Blackburn|BD Bradford|BH Bournemouth|BL Bolton|BN Brighton|BR Bromley|"
    "BS Bristol|CA Carlisle|CB Cambridge|CH Chester|CM Chelmsford|CO Colchester|CR Croydon|CT Canterbury|CV Coventry|"
    "CW Crewe|DA Dartford|DE Derby|DH Durham|DL Darlington|DN Doncaster|DT Dorchester|DY Dudley|E East London|"
    "EC central London|EN Enfield|EX Exeter|FY Blackpool|GL Gloucester|GU Guildford|HA Harrow|HD Huddersfield|"
    "HG Harrogate|HP Hemel Hempstead|HR Hereford|HU Hull|HX Halifax|IG Ilford|IP Ipswich|KT Kingston upon Thames|"
    "L Liverpool|LA Lancaster|LE Leicester|LN Lincoln|LS Leeds|LU Luton|M Manchester|ME Rochester|MK Milton Keynes|"
    "N north London|NE Newcastle upon Tyne|NG Nottingham|NN Northampton|NR Norwich|NW north-west London|OL Oldham|"
    "OX Oxford|PE Peterborough|PL Plymouth|PO Portsmouth|PR Preston|RG Reading|RH Redhill|RM Romford|S Sheffield|"
    "SE south-east London|SG Stevenage|SK Stockport|SL Slough|SM Sutton|SN Swindon|SO Southampton|SP Salisbury|"
    "SR Sunderland|SS Southend-on-Sea|ST Stoke-on-Trent|SW south-west London|SY Shrewsbury|TA Taunton|TF Telford|"
    "TN Tonbridge|TQ Torquay|TR Truro|TS Teesside|TW Twickenham|UB Southall|W west London|WA Warrington|"
    "WC central London|WD Watford|WF Wakefield|WN Wigan|WR Worcester|WS Walsall|WV Wolverhampton|YO York"
)
WALES = "CF Cardiff|LD Llandrindod Wells|LL Llandudno|NP Newport|SA Swansea"
SCOTLAND = (
    "AB Aberdeen|DD Dundee|DG Dumfries|EH Edinburgh|FK Falkirk|G Glasgow|HS the Outer Hebrides|IV Inverness|"
    "KA Kilmarnock|KW Kirkwall|KY Kirkcaldy|ML Motherwell|PA Paisley|PH Perth|TD Galashiels|ZE Lerwick"
)
REALMS: dict[Realm, str] = {
    "England": ENGLAND,
    "Wales": WALES,
    "Scotland": SCOTLAND,
    "Northern Ireland": "BT Belfast",
    "island": "JE Jersey|GY Guernsey|IM the Isle of Man",
    "forces": "BF the British forces|BFPO the British forces",
    "no place": "BX no place|XX returned parcels|GIR the former Girobank",
    "old": "NPT Newport, until NP took its place",
    "overseas": (
        "AI Anguilla|ASCN Ascension Island|BBND British Indian Ocean Territory|BIQQ the British Antarctic Territory|"
        "FIQQ the Falkland Islands|GX Gibraltar|PCRN the Pitcairn Islands|SIQQ South Georgia|STHL Saint Helena|"
        "TDCU Tristan da Cunha|TKCA the Turks and Caicos Islands"
    ),
}
NO_PLACE = frozenset({"BS98", "BT58", "EC50", "IM99", "N1P", "N81", "NE98", "NE99", "SA99", "WV98", "WV99"})
"""First halves kept for large senders of mail (assumption, after public lists: Royal Mail's own is not open)."""

_KNOWN: dict[str, tuple[Realm, str]] = {
    entry.split(" ", 1)[0]: (realm, entry.split(" ", 1)[1])
    for realm, entries in REALMS.items()
    for entry in entries.split("|")
}


def realm_of(area: str, *, first_half: str = "") -> tuple[Realm, str]:
    """Say what a postcode's first letters are.

    Parameters
    ----------
    area
        The letters it begins with.
    first_half
        The first half; some of a town's are no place.

    Returns
    -------
    tuple
        The realm, and the town or place it is called after.

    Examples
    --------
    >>> realm_of("DT"), realm_of("BT"), realm_of("ZZ"), realm_of("BS", first_half="BS98")[0]
    (('England', 'Dorchester'), ('Northern Ireland', 'Belfast'), ('unheard', ''), 'no place')
    """
    if first_half in NO_PLACE:
        return "no place", "large senders of mail"
    return _KNOWN.get(area, ("unheard", ""))


# Shapes are Royal Mail's: one or two letters, a digit, perhaps one more digit or letter; then a digit and two letters.


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
class TypedPostcode:
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

        >>> TypedPostcode("whole", "DT27AB").area
        'DT'
        """
        return re.split(r"[0-9]", self.code, maxsplit=1)[0]


def read_form(text: str) -> TypedPostcode:
    """Read what someone typed; never raises, whatever it is.

    Examples
    --------
    >>> read_form(" dt2 7ab ")
    TypedPostcode(shape='whole', code='DT27AB', meant=())
    >>> read_form("DT2").shape, read_form("12345").shape, read_form("DTI IAA").meant
    ('half', 'none', ('DT11AA',))
    """
    signs, pieces = cleaned(text), [piece for piece in map(cleaned, _BETWEEN.split(text[:LONGEST])) if piece]
    if len(pieces) == PIECES and HALF.fullmatch(pieces[0]) and BEGUN.fullmatch(pieces[1]):
        return TypedPostcode("half", pieces[0], _meant(signs))
    if WHOLE.fullmatch(signs) or FORCES.fullmatch(signs):
        return TypedPostcode("whole", signs, _meant(signs))
    if HALF.fullmatch(signs):
        return TypedPostcode("half", signs)
    if begun := re.fullmatch(f"({HALF.pattern}){BEGUN.pattern}", signs):
        return TypedPostcode("half", begun.group(1), _meant(signs))
    return TypedPostcode("none", "", _meant(signs))


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
