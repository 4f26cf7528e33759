"""Every worded claim of a plan for a budget over hand-sized worlds; see ``worded.py``."""

from __future__ import annotations

import math

from connectivity.claims import about_investment  # noqa: F401 - registers the wordings
from connectivity.claims.claim import Basis, Claim
from connectivity.investment.candidates import ALIKE, NO_FIGURE, NOT_WHITE, OUT_OF_SCOPE, TOO_SMALL
from connectivity.investment.eligibility import NOT_KNOWN

FIGURES = {"range": (441.0, 596.4, 1332.0), "large": (1059.0, 2431.0, 3197.0), "one": (0.6, 1.2, 3.4)}
SCHEMES = {
    "none": [],
    "one": [("full-fibre", "Rookley")],
    "commas": [("full-fibre", "Rookley"), ("voucher", "Burley"), ("full-fibre", "Brighstone, Calbourne & Shalfleet")],
    "many": [("full-fibre", f"Place {number}") for number in range(8)],
}


def subject(world: str, basis: Basis) -> list[tuple[str, str]]:
    """Word what a plan says."""
    lines: list[tuple[str, str]] = []
    for name, schemes in SCHEMES.items():
        for heading in ("", NOT_KNOWN):
            told = {"budget": 5e6, "spend": 4.99e6, "gap": 0.00012, "schemes": schemes, "heading": heading}
            claim = _claim("portfolio", FIGURES["range"], basis, **told)
            lines += [
                (f"investment.portfolio {world}, {name}, {bool(heading)}, {form}", claim.say(form))
                for form in ("headline", "cell", "quotation")
            ]
    for name, figures in FIGURES.items():
        for activity in ("remote", "digital"):
            left = _claim("left", figures, basis, activity=activity, all=3500.0)
            lines.append((f"investment.left {world}, {name}, {activity}", left.say()))
        lines.append((f"investment.margin {world}, {name}", _claim("margin", figures, basis).say()))
        told = {"council": "Isle of Wight", "areas": 5, "passed": 978.0, "often": 0.94, "cost": (1e6, 1.6e6, 2.6e6)}
        for kind in ("full-fibre", "voucher"):
            one = _claim("scheme", figures, basis, intervention=kind, **told)
            lines.append((f"investment.scheme {world}, {name}, {kind}", one.say()))
    costs = {"low": 3.21e6, "best": 4.99e6, "high": 7.96e6}
    for contracts in (True, False):
        for counted in ("people", "premises", "lines"):
            told = {"counted": counted, "contracts": contracts}
            each = Claim("investment.each", "Wight", 3100, 8372, 14_800, math.nan, basis, "pounds", details=told)
            lines.append((f"investment.each {world}, {counted}, {contracts}", each.say()))
        told = {"kinds": ("subsidy",), "contracts": contracts}
        cost = Claim("investment.cost", "Wight", of=math.nan, basis=basis, unit="pounds", details=told, **costs)
        lines += [(f"investment.cost {world}, {form}, {contracts}", cost.say(form)) for form in ("headline", "cell")]
    by_share = {0.0: 0.0, 0.5: 310.4, 1.0: 596.0}
    lines.append((f"investment.shares {world}", _claim("shares", FIGURES["range"], basis, by_share=by_share).say()))
    for settled in (0, 1, 3):
        told = {"surest": 0.82 if settled else 0.16}
        often = Claim.of_places("investment.often", "Wight", settled, of=4, basis=basis, details=told)
        lines.append((f"investment.often {world}, {settled}", often.say()))
    promised = Claim("investment.promised", "Wight", 40, 40, 40, math.nan, basis.published)
    lines.append((f"investment.promised {world}", promised.say()))
    for reason in (ALIKE, NOT_WHITE, OUT_OF_SCOPE, NO_FIGURE, TOO_SMALL):
        told = {"reason": reason, "cannot": 16_907.0, "counted": basis.unit}
        out = Claim("investment.left_out", "Wight", 1373, 1373, 1373, 1646, basis, "places", details=told)
        lines.append((f"investment.left_out {world}, {reason}", out.say()))
    return [(key, str(said)) for key, said in lines]


def _claim(key: str, figures: tuple[float, float, float], basis: Basis, **told: object) -> Claim:
    low, best, high = figures
    details = {"activity": "remote", "kinds": ("subsidy",)} | told
    return Claim(f"investment.{key}", "Wight", low, best, high, math.nan, basis, details=details, drawn=True)
