"""How a decision is reached and what it leaves out, in words and as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectivity.claims import Basis
from connectivity.method.profiles import FEWEST, PEOPLE_PER_PREMISES
from connectivity.service.alternatives import Alternative
from connectivity.service.decisions import COUNTER, HELP, ONLINE, UNKNOWN
from connectivity.service.readings import READINGS
from connectivity.service.services import FEW, MANY, Service
from layers.figures import Figure

NOT_CONSIDERED = (
    (
        "Having a line is not being able to use it. We do not know who has a device, the skill or the money, or whom a "
        "screen shuts out."
    ),
    "We do not know when a place that helps is open, who has a car, or whether a bus goes there.",
    "We do not know how many people use the service now, or where they use it.",
    "A phone call may help where a line does not. We do not count phones.",
    "The Office for National Statistics says that ways other than digital must remain.",
    (
        "The Equality Act 2010 (section 149) asks public bodies to think of older and disabled people before they "
        "decide. This page does not do that for you."
    ),
)
"""What an officer still has to ask."""


def steps(service: Service, *, basis: Basis) -> list[str]:
    """Say the rules in the order in which they are asked, one sentence each."""
    need, unit = service.profile, basis.unit
    few, many = f"{100 * FEW.value:g} in 100", f"{100 * MANY.value:g} in 100"
    name = {step: reading.name(basis) for step, reading in READINGS.items()}
    return [
        (
            f"{service.things[0].upper()}{service.things[1:]}, as we take it, need {need.download.value:g} megabits a "
            f"second down and {need.upload.value:g} up. They cover: {service.examples}."
        ),
        (
            f"“{name[ONLINE]}”: even by the highest estimate, fewer than {few} {unit} fall short. Those few still need "
            "another way."
        ),
        (
            f"“{name[COUNTER]}”: by the best estimate {many} {unit} or more fall short, or more than a few do and no "
            f"place that helps is near. “Counter” stands for {service.kept}."
        ),
        f"“{name[HELP]}”: what is between, where a place that helps is near.",
        f"“{name[UNKNOWN]}”: too little is known to score the place. We do not say it is fine.",
        "Doubt counts for the counter. Where the lowest or the highest estimate would lead elsewhere, we say so.",
    ]


def near(known: Sequence[Alternative], *, helpers: Sequence[Alternative]) -> str:
    """Say what the study knows of distances, and where we take it that someone is helped."""
    if not helpers:
        has = f"only how far away a {_joined([one.called for one in known])} is" if known else "no distances"
        return (
            f"This study has {has}, so we cannot say where help is near. No place can be “with help”: "
            "where more than a few fall short, keep the counter."
        )
    if helpers[0].stand_in:
        return (
            f"This study knows only how far the nearest {helpers[0].called} is. It stands in for a place that helps: "
            f"it is not one. Farther than {helpers[0].limit.value:.1f} km is out of reach."
        )
    named = _joined([f"a {one.called} within {one.limit.value:.1f} km" for one in helpers])
    return f"A place that helps is {named}. We assume that someone there can help."


def records(service: Service, *, helpers: Sequence[Alternative], basis: Basis) -> list[tuple[str, str, str, str]]:
    """List every number a decision rests on: what it means, its value, its range, its source."""
    need = service.profile
    figures = [need.download, need.upload, FEW, MANY]
    rows = [_record(figure) for figure in figures]
    for one in helpers:
        _, value, span, source = _record(one.limit)
        rows.append((f"farther away than this, a {one.called} is out of reach", value, span, source))
    people = _record(PEOPLE_PER_PREMISES)
    rows.append(people if not basis.measured else (people[0].replace("premises", "lines"), *people[1:]))
    rows.append(_record(FEWEST))
    return rows


def sensitivity(*, strict: Mapping[str, int], usual: Mapping[str, int], loose: Mapping[str, int], basis: Basis) -> str:
    """Say how many places would keep the counter if the marks stood at the ends of their range."""
    few, one, many = (counts[COUNTER] for counts in (loose, usual, strict))
    if few == many:
        return "The marks are ours. Stricter or looser ones would change nothing here."
    return (
        f"The marks are ours, so look how much hangs on them. They put {one:,} places under "
        f"“{READINGS[COUNTER].name(basis)}”. If every mark stood at the strict end of its range it would be {many:,}, "
        f"at the loose end {few:,}. “The numbers it rests on” has the ranges."
    )


def _record(figure: Figure) -> tuple[str, str, str, str]:
    """Write a figure: meaning, value, range, source.

    >>> _record(Figure(0.05, "share of premises", "too many", "assumption", 0.02, 0.1))
    ('too many', '5%', '2% to 10%', 'assumption')
    """
    span = "not varied" if figure.low is None or figure.high is None else f"{_value(figure.low, figure.unit)} to "
    if figure.high is not None and figure.low is not None:
        span += _value(figure.high, figure.unit)
    return figure.meaning, _value(figure.value, figure.unit), span, figure.source


def _value(value: float, unit: str) -> str:
    return f"{100 * value:g}%" if unit.startswith("share") else f"{value:g} {unit}"


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
