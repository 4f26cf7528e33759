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


def certainty(world: str, basis: Basis) -> Lines:
    """Word how sure we are."""
    said = {
        "headline": about_certainty.headline(COUNTS, place="Dorset"),
        "others": about_certainty.others(COUNTS, draws=1000),
        "quotation": about_certainty.citation(COUNTS, place="Dorset", draws=1000, basis=basis),
        **{tier: about_certainty.meaning(tier, basis=basis) for tier in TIERS},
    }
    return [(f"certainty.{key} {world}", words) for key, words in said.items()]


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
