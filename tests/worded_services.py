"""What a service that goes online only would do, worded over hand-sized worlds; `worded.py` takes it in."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from worded import FIGURES, Lines

from connectivity import online_only
from connectivity.claims.claim import Basis, Form
from connectivity.method.records import INDICATORS


def subject(world: str, basis: Basis) -> Lines:
    """Word what a service that goes online only would do."""
    limit = INDICATORS["library"].goalposts[0][1]
    counts = {"online": 120, "help": 1, "counter": 3, "alike": 0, "unknown": 2}
    nowhere = {"online": 9, "help": 0, "counter": 0, "alike": 0, "unknown": 0}
    unknown = {"online": 0, "help": 0, "counter": 0, "alike": 0, "unknown": 9}
    partly = {"online": 12, "help": 1, "counter": 3, "alike": 45, "unknown": 0}
    alike = {"online": 0, "help": 0, "counter": 0, "alike": 45, "unknown": 0}
    lines: Lines = []
    for name, figures in FIGURES.items():
        low, best, high, of = figures
        row = {f"{what}{end}": per * figure for what, per in (("unable", 1.0), ("people", 2.4))
               for end, figure in (("_low", low), ("", best), ("_high", high))}  # fmt: skip
        row |= {
            "people_all": 2.4 * of,
            "area_name": "Marshwood Vale",
            "premises": of,
            "people_estimated": name == "range",
        }
        row |= {"decision": "counter", "least": "online", "most": "counter", "in_reach": False}
        row |= {"nearest": "library", "nearest_km": 12.04}
        claim = online_only.affected_there(row, service=online_only.SERVICES["account"], basis=basis)
        lines += [(f"{claim.key}.{form} {world}, {name}", claim.say(form)) for form in get_args(Form)]
        every = {"some": counts, "nowhere": nowhere, "unknown": unknown, "partly alike": partly, "alike": alike}
        for key, told in every.items() if name == "range" else ():
            places = online_only.deciding(told, place="Dorset", basis=basis)
            whole = replace(claim, place="Dorset", details={**claim.details, "places": places})
            lines.append((f"{whole.key}.headline {world}, {name}, {key}", whole.say()))
            stay = replace(whole, key="services.staying", details={**whole.details, "shown": 2})
            lines.append((f"{stay.key} {world}, {name}, {key}", stay.say()))
        if premises := claim.details.get("premises"):
            lines.append((f"services.premises {world}, {name}", premises.say()))
        known = [online_only.Alternative("library", "value_library", "staffed library", limit, True, False)]
        for decision in ("counter", "help", "online"):
            one = online_only.decision_of(
                row | {"decision": decision, "in_reach": decision != "counter"},
                known=known,
                service=online_only.SERVICES["account"],
                basis=basis,
            )
            lines += [
                (f"services.decision.{form} {world}, {name}, {decision}", one.say(form))
                for form in ("headline", "card", "cell")
            ]
    for key, told in (("some", counts), ("nowhere", nowhere), ("partly alike", partly), ("alike", alike)):
        places = online_only.deciding(told, place="Dorset", basis=basis)
        lines += [(f"services.places.{form} {world}, {key}", places.say(form)) for form in ("headline", "card", "cell")]
    for key, straight, stand_in in (("road", False, False), ("straight", True, False), ("stand-in", True, True)):
        one = online_only.Alternative("library", "value_library", "staffed library", limit, straight, stand_in)
        far = online_only.distance_of(one, 7.44, place="Ash", basis=basis)
        lines += [(f"services.distance.{form} {world}, {key}", far.say(form)) for form in ("headline", "card", "cell")]
    nowhere_near = online_only.distance_of(one, float("nan"), place="Ash", basis=basis)
    lines.append((f"services.distance.headline {world}, not known", nowhere_near.say()))
    moved = {"strict": counts | {"counter": 9}, "usual": counts, "loose": counts | {"counter": 1}}
    lines.append((f"services.marks {world}", online_only.marks_moved(**moved, basis=basis).say()))
    return lines
