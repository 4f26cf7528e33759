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

from connectivity import service  # noqa: E402 - the path is set above when it is run
from connectivity.claims import about_certainty, about_places  # noqa: E402 - as above
from connectivity.claims.claim import Basis, Claim, Form  # noqa: E402 - as above
from connectivity.method.goalposts import INDICATORS  # noqa: E402 - as above
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


def services(world: str, basis: Basis) -> Lines:
    """Word what a service that goes online only would do."""
    limit = INDICATORS["library"].goalposts[0][1]
    counts = {"online": 120, "help": 1, "counter": 3, "unknown": 2}
    nowhere = {"online": 9, "help": 0, "counter": 0, "unknown": 0}
    unknown = {"online": 0, "help": 0, "counter": 0, "unknown": 9}
    lines: Lines = []
    for name, figures in FIGURES.items():
        low, best, high, of = figures
        row = {f"{what}{end}": per * figure for what, per in (("unable", 1.0), ("people", 2.4))
               for end, figure in (("_low", low), ("", best), ("_high", high))}  # fmt: skip
        row |= {"area_name": "Marshwood Vale", "premises": of, "people_estimated": name == "range"}
        row |= {"decision": "counter", "least": "online", "most": "counter", "in_reach": False}
        row |= {"nearest": "library", "nearest_km": 12.04}
        claim = service.affected_there(row, service=service.SERVICES["account"], basis=basis)
        lines += [(f"{claim.key}.{form} {world}, {name}", claim.say(form)) for form in get_args(Form)]
        for key, told in (("some", counts), ("nowhere", nowhere), ("unknown", unknown)) if name == "range" else ():
            places = service.deciding(told, place="Dorset", basis=basis)
            whole = replace(claim, place="Dorset", details={**claim.details, "places": places})
            lines.append((f"{whole.key}.headline {world}, {name}, {key}", whole.say()))
            stay = replace(whole, key="services.staying", details={**whole.details, "shown": 2})
            lines.append((f"{stay.key} {world}, {name}, {key}", stay.say()))
        if premises := claim.details.get("premises"):
            lines.append((f"services.premises {world}, {name}", premises.say()))
        known = [service.Alternative("library", "value_library", "staffed library", limit, True, False)]
        for decision in ("counter", "help", "online"):
            one = service.decision_of(
                row | {"decision": decision, "in_reach": decision != "counter"},
                known=known,
                service=service.SERVICES["account"],
                basis=basis,
            )
            lines += [
                (f"services.decision.{form} {world}, {name}, {decision}", one.say(form))
                for form in ("headline", "card", "cell")
            ]
    for key, told in (("some", counts), ("nowhere", nowhere)):
        places = service.deciding(told, place="Dorset", basis=basis)
        lines += [(f"services.places.{form} {world}, {key}", places.say(form)) for form in ("headline", "card", "cell")]
    for key, straight, stand_in in (("road", False, False), ("straight", True, False), ("stand-in", True, True)):
        one = service.Alternative("library", "value_library", "staffed library", limit, straight, stand_in)
        far = service.distance_of(one, 7.44, place="Ash", basis=basis)
        lines += [(f"services.distance.{form} {world}, {key}", far.say(form)) for form in ("headline", "card", "cell")]
    nowhere_near = service.distance_of(one, float("nan"), place="Ash", basis=basis)
    lines.append((f"services.distance.headline {world}, not known", nowhere_near.say()))
    moved = {"strict": counts | {"counter": 9}, "usual": counts, "loose": counts | {"counter": 1}}
    lines.append((f"services.marks {world}", service.marks_moved(**moved, basis=basis).say()))
    return lines


SUBJECTS = (
    certainty,
    places,
    services,
)
"""A function for each subject: its sentences in one world."""


if __name__ == "__main__":
    GOLDEN.write_text(sentences(), encoding="utf-8", newline="\n")
