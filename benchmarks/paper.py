"""Four areas whose scores can be done on paper, beside what the program makes of them."""

from __future__ import annotations

import pandas as pd

from connectivity.method.ranking import severity_rank
from connectivity.method.scoring import Weights
from connectivity.robustness.boundary_effect import Scoring, rescored
from layers.coverage import Coverage, bands_between

BANDS = bands_between(2, 5, 10, 30, 100, 300)
LINES = {
    "Alder": (40, 0, 0, 0, 0, 0, 60),
    "Birch": (0, 0, 0, 100, 0, 0, 0),
    "Cedar": (0, 0, 0, 0, 0, 0, 100),
    "Dale": (0, 0, 20, 0, 0, 80, 0),
}
"""Premises by band, slowest first, 100 in each area."""
SIDES = {"Alder": (50, 0), "Birch": (100, 100), "Cedar": (100, 100), "Dale": (0, 100)}
"""Need and the lack of alternatives, 0 to 100."""
PAPER = {
    "Alder": ("40 of 100 fail both: I = 40; 40 · (1 − ¼·½ − ¼)", 25.0),
    "Birch": ("75 and 3 fail: I = 100 − √(25 · 97); need and distance take nothing off", 100 - 2425**0.5),
    "Cedar": ("none fail: I = 0, whatever the need", 0.0),
    "Dale": ("20 of 100 fail both: I = 20; 20 · (1 − ¼)", 15.0),
}


def computed() -> pd.Series:
    """Score the four areas, fixed wireless not counted and all weights the same."""
    table = pd.DataFrame.from_dict(LINES, orient="index", columns=[band.column for band in BANDS], dtype=float)
    matched = table.sum(axis=1)
    table = table.assign(premises=matched, matched=matched, unknown=0.0, below_decent=float("nan"), fwa=float("nan"))
    world = Coverage(table, BANDS, "on paper", unit="premises", basis="availability", modelled=False)
    sides = pd.DataFrame.from_dict(SIDES, orient="index", columns=["score_need", "score_alternative"], dtype=float)
    return rescored(world, sides=sides, scoring=Scoring(Weights()))


def section() -> str:
    """Write the section of docs/validation.md."""
    found = computed()
    ranks = severity_rank(found)
    rows = [
        f"| {name} | {working} | {paper:.4f} | {found[name] + 0.0:.4f} | {ranks[name]} |"  # no minus before a zero
        for name, (working, paper) in PAPER.items()
    ]
    return "\n".join([HEAD, *rows, "", TAIL, ""])


HEAD = """# A world on paper

Four areas of 100 premises, all weights ¼, fixed wireless not counted. Of lines of 10 to 30 Mbit/s a quarter can send a
video call and 97 in 100 can use an essential service.

| area | on paper | paper | program | rank |
|---|---|--:|--:|--:|"""
TAIL = "More of them stand in `tests/method/test_kernel.py` and `tests/robustness/test_boundary_effect.py`."
