"""Every worded claim over hand-sized worlds, one line each: the text of ``tests/golden/sentences.txt``.

After a change of wording, write the file anew and read the difference::

    python tests/worded.py
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

GOLDEN = Path(__file__).parent / "golden" / "sentences.txt"
if __name__ == "__main__":
    sys.path.insert(0, str(GOLDEN.parents[2]))

from connectivity.claims import about_certainty, about_places  # noqa: E402 - the path is set above when it is run
from connectivity.claims.claim import Basis, Claim, Form  # noqa: E402 - as above
from connectivity.robustness.pairs import PlaceComparison, comparison_claim  # noqa: E402 - as above
from connectivity.robustness.ranks import chance_claim, rank_claim  # noqa: E402 - as above
from connectivity.robustness.robustness_report import tiers_claim  # noqa: E402 - as above
from connectivity.robustness.tiers import TIERS  # noqa: E402 - as above

TODAY = Basis("Demo", "July 2025", "premises", "availability", counts_fwa=True, counts_mobile=False, modelled=True)
PUBLISHED = replace(TODAY, modelled=False, counts_mobile=True)
THEN = Basis("Then", "June 2013", "lines", "measured sync speeds", False, False, modelled=False)
WORLDS = {"modelled": TODAY, "published": PUBLISHED, "measured": THEN}
FIGURES = {
    "range": (41.2, 57.6, 96.9, 212.0),
    "large": (1688.0, 3473.0, 8411.0, 125_709.0),
    "fraction": (182.6, 182.6, 182.6, 1197.0),
    "certain": (15.0, 15.0, 15.0, 598.0),
    "almost none": (0.0, 0.2, 4.0, 944.0),
    "none": (0.0, 0.0, 0.0, 944.0),
}
COUNTS = {"robust": 24, "likely": 80, "depends": 1, "some": 1400, "feasible": 22, "insufficient": 3}


Lines = list[tuple[str, str]]
"""Keys and sentences."""


def sentences() -> str:
    """Return the golden file's text: a key, a tab and a sentence on each line."""
    lines = [line for name, basis in WORLDS.items() for subject in SUBJECTS for line in subject(name, basis)]
    return "".join(f"{key}\t{words}\n" for key, words in lines)


RANGES = {"range": (6, 11, 106), "down": (14, 3, 300), "up": (14, 900, 300), "still": (2, 2, 2), "moved": (2, 1, 2)}
CHANCES = {"robust": 0.97, "likely": 0.998, "depends": 0.899, "some": 0.004, "feasible": 0.0}
PAIRS = {
    "worse": (0.93, 0.07, 0.0),
    "better": (0.02, 0.98, 0.0),
    "level": (0.576, 0.421, 0.003),
    "near": (0.899, 0.101, 0),
}
BEFORE = dict.fromkeys(("remote", "digital", "need", "alternative"), 25.0)
SWAPS: dict[str, dict[str, object]] = {
    "named": {"named": {"remote": 18.0, "digital": 18.0, "need": 37.0, "alternative": 27.0}},
    "alike": {"named": {"remote": 40.0, "digital": 20.0, "need": 20.0, "alternative": 20.0}},
    "one other": {"named": {"remote": 41.5, "digital": 58.5}},
    **{f"unnamed, {why}": {"why": why} for why in about_certainty.UNNAMED},
    "level": {"swaps": "level"},
    **{f"never, {why}": {"swaps": "never", "why": why} for why in about_certainty.WHY},
}


def certainty(world: str, basis: Basis) -> Lines:
    """Word how sure we are."""
    tiers = tiers_claim(COUNTS, place="Dorset", draws=1000, basis=basis)
    none = tiers_claim(COUNTS | {"robust": 0, "likely": 1, "insufficient": 0}, place="Dorset", draws=1000, basis=basis)
    said: dict[str, str] = {f"certainty.tiers.{form}": tiers.say(form) for form in ("headline", "card", "quotation")}
    said |= {f"certainty.tiers.{form}, none": none.say(form) for form in ("headline", "card")}
    said |= {f"certainty.{tier}": about_certainty.meaning(tier, basis=basis) for tier in TIERS}
    for name, (low, rank, high) in RANGES.items():
        claim = rank_claim({"severity_rank": rank, "rank_p05": low, "rank_p95": high}, basis=basis)
        said |= {f"certainty.rank.{form}, {name}": claim.say(form) for form in ("headline", "card", "cell")}
    said["certainty.rank.cell, no range"] = rank_claim({"severity_rank": 3}, basis=basis).say("cell")
    for tier, chance in CHANCES.items():
        claim = chance_claim({"tier": tier, "p_worst_tenth_infeasible": chance}, basis=basis)
        said |= {f"certainty.chance.{form}, {tier}": claim.say(form) for form in ("headline", "card", "cell")}
    for name, chances in PAIRS.items():
        found = PlaceComparison("A", "B", *chances)
        claim = comparison_claim(found, names=("Alder", "Birch"), draws=1000, basis=basis)
        said |= {f"certainty.pair.{form}, {name}": claim.say(form) for form in ("headline", "quotation")}
    plain = {"other": "Birch", "worse": "Alder", "better": "Birch", "swaps": "beyond", "before": BEFORE, "named": {}}
    for name, details in SWAPS.items():
        claim = Claim("certainty.swap", "Alder", 0.1, 0.1, 0.1, 1, basis, unit="weight", details=plain | details)
        said[f"certainty.swap, {name}"] = claim.say()
    figures: dict[str, tuple[tuple[float, float, float, float], str, dict[str, object]]] = {
        "certainty.boundary": ((48, 48, 48, 165), "places", {"unit": "ward", "enters": 47, "tau": 0.786}),
        "certainty.ranges": ((190, 190, 190, 1646), "ranks", {"shown": 20, "tenth": 165, "left_out": True}),
        "certainty.doubt": ((0.12, 0.3, 0.3, 1), "share", {}),
        "certainty.part": ((0.3, 0.3, 0.3, 1), "share", {"weight": 0.25}),
        "certainty.correlated": ((0.9, 0.9, 0.9, 1), "share", {"other": "Online services"}),
    }
    for key, (numbers, unit, details) in figures.items():
        claim = Claim(key, "Home working", *numbers, basis, unit=unit, details=details)
        said |= {f"{key}.{form}": claim.say(form) for form in ("headline", "card")}
    return [(f"{key} {world}", words) for key, words in said.items()]


def places(world: str, basis: Basis) -> Lines:
    """Word what is wrong at a place, and what that rests on."""
    lines: Lines = []
    for key in ("places.remote", "places.digital"):
        for name, figures in FIGURES.items():
            claim = Claim(key, "Marshwood Vale", *figures, basis, within="Dorset")
            lines += [(f"{key}.{form} {world}, {name}", claim.say(form)) for form in get_args(Form)]
    said = {
        "counted": about_places.counted(basis),
        "modelled": about_places.modelled(basis),
        "measured": about_places.measured(basis),
    }
    return lines + [(f"places.{key} {world}", words) for key, words in said.items()]


SUBJECTS = (
    certainty,
    places,
)
"""A function for each subject: its sentences in one world."""


if __name__ == "__main__":
    GOLDEN.write_text(sentences(), encoding="utf-8", newline="\n")
