"""The words of one place: people, what stays, what the doubt leaves open, how far help is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from connectivity.claims import Basis
from connectivity.service.alternatives import Alternative
from connectivity.service.decisions import COUNTER, HELP, ONLINE, UNKNOWN, Affected, could_be
from connectivity.service.readings import READINGS
from connectivity.service.services import FEW, MANY, Service
from connectivity.service.words import about, claim, could, lead, noun, range_of
from connectivity.words import number

UNBROKEN = "\u00a0"
"""A space at which a narrow cell does not break."""


def place(
    one: Affected, row: Mapping[Any, Any], *, service: Service, known: Sequence[Alternative], basis: Basis
) -> list[str]:
    """Say what the decision for one place rests on: people, premises, why, what stays, what the doubt leaves open."""
    if row["decision"] == UNKNOWN:
        return [f"We do not have enough data about {one.place}. {_advice(UNKNOWN, service=service)}"]
    low, best, high = one.premises
    premises = f"That is {about(low, best, high)} of {number(one.of)} {basis.unit}{could(low, high)}."
    people = claim(one, service=service, basis=basis)
    said = [f"{lead(service, basis=basis)}{people}{range_of(one)} {premises}", reason(row, known=known, basis=basis)]
    if not basis.measured:
        said.append(_advice(str(row["decision"]), service=service))
    return [*said, *([open_to(row, basis=basis)] if could_be(row) else [])]


def _advice(decision: str, *, service: Service) -> str:
    kept = service.kept
    return {
        COUNTER: f"Keep {kept}.",
        HELP: f"It could go online if someone helps nearby. Keep {kept} until that help is there.",
        ONLINE: "It can go online. Those few who cannot use it still need another way.",
        UNKNOWN: f"Keep {kept}: we do not say it is fine.",
    }[decision]


def reason(row: Mapping[Any, Any], *, known: Sequence[Alternative], basis: Basis) -> str:
    """Say in whole sentences why a place is decided so: how many fall short, and how far the nearest help is.

    It follows the sentence that counts them. Empty without enough data.
    """
    be = "was" if basis.measured else "is"
    if row["decision"] == UNKNOWN:
        return ""
    if row["decision"] == ONLINE:
        return f"Even by the highest estimate that {be} no more than can be helped one by one."
    if _many(row):
        said = f"That {be} {100 * MANY.value:g} in every 100 or more: too many for help nearby to make up for."
        return said if row["in_reach"] else f"{said} {_far(row, known=known)}"
    best = row["unable"] / row["premises"] >= FEW.value
    said = f"That {be}" if best else f"By the highest estimate that {be}"
    helped = "but help is near" if row["in_reach"] else "and we know of no help nearby"
    return f"{said} more than can be helped one by one, {helped}. {_far(row, known=known)}"


def named(row: Mapping[Any, Any]) -> str:
    """Give the key of the alternative whose distance `reason` says; empty where it says none."""
    if row["decision"] in {UNKNOWN, ONLINE} or (_many(row) and row["in_reach"]):
        return ""
    return str(row["nearest"])


def _many(row: Mapping[Any, Any]) -> bool:
    return bool(row["unable"] / row["premises"] >= MANY.value)


def _far(row: Mapping[Any, Any], *, known: Sequence[Alternative]) -> str:
    if not row["nearest"]:
        return "How far help is, is not known."
    one = next(one for one in known if one.key == row["nearest"])
    limit = f"We take up to {one.limit.value:.1f} km as within reach."
    return f"{_distance(one, row['nearest_km'])} {limit}"


def _distance(one: Alternative, value: float) -> str:
    """Say how far the nearest of an alternative is and how that was measured; a stand-in is said to be one."""
    way = ", in a straight line made 1.3 times as long, as roads bend" if one.straight else " by road"
    tail = " It stands in for a place that helps." if one.stand_in else ""
    return f"The nearest {one.called} is {kilometres(value)} away{way}.{tail}"


def open_to(row: Mapping[Any, Any], *, basis: Basis) -> str:
    """Say which other decisions the range leaves open, from the lowest to the highest estimate.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> open_to({"decision": "help", "least": "online", "most": "help"}, basis=here)
    'It could be either: the lowest figure would make it “Can go online”.'
    """
    names = [READINGS[step].name(basis) for step in could_be(row)]
    ends = []
    if row["least"] != row["decision"]:
        ends.append(f"the lowest figure would make it “{READINGS[row['least']].name(basis)}”")
    if row["most"] != row["decision"]:
        ends.append(f"the highest figure would make it “{READINGS[row['most']].name(basis)}”")
    return f"It could be {'either' if len(names) == 1 else 'any of the three'}: {', and '.join(ends)}."


def nearest(row: Mapping[Any, Any], *, known: Sequence[Alternative]) -> list[str]:
    """Say how far each alternative is that the study knows, as a sentence each; a stand-in is said to be one."""
    said = []
    for one in known:
        if pd.isna(row[one.column]):
            said.append(f"We do not know how far the nearest {one.called} is.")
            continue
        said.append(_distance(one, row[one.column]))
    return said


def cell(row: Mapping[Any, Any], *, known: Sequence[Alternative], basis: Basis) -> str:
    """Write a decision for a table's cell: mark, words, the reason in short, what else it could be; by “|”."""
    reading = READINGS[row["decision"]]
    lines = [reading.mark, reading.name(basis), _brief(row, known=known, basis=basis)]
    if names := [READINGS[step].name(basis).lower() for step in could_be(row)]:
        lines.append(f"could be: {' or '.join(names)}")
    return "|".join(lines)


def _brief(row: Mapping[Any, Any], *, known: Sequence[Alternative], basis: Basis) -> str:
    fell = "fell" if basis.measured else "fall"
    if row["decision"] == ONLINE:
        return f"few or none {fell} short"
    if _many(row):
        return f"too many {fell} short"
    if not row["nearest"]:
        return "distance to help not known"
    called = next(one.called for one in known if one.key == row["nearest"])
    far = kilometres(row["nearest_km"]).replace(" ", UNBROKEN)
    return f"help is {'near' if row['in_reach'] else 'far'}: {called} {far}"


def tooltip(row: Mapping[Any, Any], *, basis: Basis) -> str:
    """Say a decision and its people in one short line, as the map's label does."""
    reading = READINGS[row["decision"]]
    if row["decision"] == UNKNOWN:
        return f"{reading.label}: we do not say it is fine"
    low, best, high = (row[f"people{tail}"] for tail in ("_low", "", "_high"))
    people = f"{about(low, best, high)} {noun(best)} could not{could(low, high)}"
    if basis.measured:
        people = f"lines of {about(low, best, high)} {noun(best)} did not achieve it{could(low, high)}"
    return f"{reading.name(basis)}: {people}"


def why(row: Mapping[Any, Any], *, known: Sequence[Alternative], basis: Basis) -> str:
    """Say in a sentence why a place keeps the counter: how many fall short, and how far help is."""
    if row["decision"] == UNKNOWN:
        return "Not enough data: we do not say it is fine."
    counts = about(row["unable_low"], row["unable"], row["unable_high"])
    fell = "fell" if basis.measured else "fall"
    said = f"{counts[0].upper()}{counts[1:]} of {number(row['premises'])} {basis.unit} {fell} short"
    if row["in_reach"]:
        return f"{said}: too many for help nearby."
    return f"{said}, and {_too_far(row, known=known)}."


def _too_far(row: Mapping[Any, Any], *, known: Sequence[Alternative]) -> str:
    if not row["nearest"]:
        return "how far help is, is not known"
    one = next(one for one in known if one.key == row["nearest"])
    stands = " (a stand-in)" if one.stand_in else ""
    return f"the nearest {one.called}{stands} is {kilometres(row['nearest_km'])} away"


def kilometres(value: float) -> str:
    """Write a distance.

    >>> kilometres(7.44)
    '7.4 km'
    """
    return f"{value:.1f} km"
