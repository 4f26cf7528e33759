"""What is said of one postcode, worded over hand-sized worlds; `worded.py` takes it in."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

from worded import FIGURES, Lines

from connectivity.claims.claim import Basis, Claim
from connectivity.postcode.answer import LETTERS, Level
from connectivity.postcode.postcode_claims import OPEN_TO_MONEY, PLANNED


def subject(world: str, basis: Basis) -> Lines:
    """Word a postcode's letters, and what they rest on."""
    lines: Lines = []
    share = Claim("postcodes.letter", "Ash", 2, 15, 40, 500, basis, percent=True)
    for one in LETTERS:
        for low, high in ((one.name, one.name), ("A", "D")):
            claim = replace(share, details={"best": one.name, "low": low, "high": high})
            lines.append((f"postcodes.letter {world}, {one.name} {low} {high}", claim.say()))
    none = replace(share, key="postcodes.no_letter", details={"low": "A", "high": "G"})
    lines.append((f"postcodes.no_letter {world}", none.say()))
    for name, figures in FIGURES.items():
        for profile in ("remote", "digital"):
            own = Claim(f"postcodes.own.{profile}", "DT2 7AB", *figures, basis, drawn=basis.modelled)
            lines.append((f"postcodes.own.{profile} {world}, {name}", own.say()))
        for level in get_args(Level):
            for official in ("", "Dorset 001A"):
                told = {
                    "level": level,
                    "postcode": "DT2 7AB",
                    "area": "Ash",
                    "official": official,
                    "district": "Dorset",
                }
                claim = Claim("postcodes.whose", "Ash", *figures, basis, details=told, drawn=basis.modelled)
                lines.append((f"postcodes.whose {world}, {name} {level} {official}", claim.say()))
        claim = Claim("postcodes.other_route", "Ash", *figures, basis, estimated=True, drawn=basis.modelled)
        lines.append((f"postcodes.other_route {world}, {name}", claim.say()))
    for far in (7.44, math.nan):
        claim = Claim("postcodes.far", "Post office", far, far, far, far, basis, unit="km", estimated=True)
        lines.append((f"postcodes.far {world}, {far}", claim.say()))
    for many in (1, 1008):
        claim = Claim("postcodes.half", "DT2", many, many, many, many, basis, unit="postcodes")
        claim = replace(claim, details={"councils": ("Dorset", "Somerset", "Wiltshire")})
        lines.append((f"postcodes.half {world}, {many}", claim.say()))
    return [*lines, *_plan(world, replace(basis, modelled=False))]


def _plan(world: str, basis: Basis) -> Lines:
    lines: Lines = []
    for each in (1, 2):
        of = each * len(PLANNED)
        told = {"release": "May 2026", "counts": dict.fromkeys(PLANNED, each)}
        premises = Claim("postcodes.premises", "DT2 7AB", of, of, of, of, basis, unit="addresses", details=told)
        lines.append((f"postcodes.premises {world}, {each} each", premises.say()))
        for white in (0, each):
            told = {"counts": dict.fromkeys(OPEN_TO_MONEY, each)}
            claim = replace(premises, key="postcodes.white", low=white, best=white, high=white, details=told)
            lines.append((f"postcodes.white {world}, {white} {each} each", claim.say()))
        claim = replace(premises, key="postcodes.deferred", low=each, best=each, high=each, details={})
        lines.append((f"postcodes.deferred {world}, {each}", claim.say()))
    one = replace(premises, of=1, details={"release": "May 2026", "counts": {"gigabit_now": 1}})
    return [*lines, (f"postcodes.premises {world}, one", one.say())]
