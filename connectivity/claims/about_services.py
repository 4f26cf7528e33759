"""The words of a decision: what a service that goes online only would do to people, and what has to stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis, Sentence
from connectivity.claims.grammar import listed, number
from connectivity.method.profiles import FEWEST, PEOPLE_PER_PREMISES
from connectivity.service import (
    COUNTER,
    FEW,
    HELP,
    MANY,
    ONLINE,
    READINGS,
    UNKNOWN,
    Affected,
    Alternative,
    Service,
    could_be,
)
from layers.figures import Figure

PAST = "This study cannot decide about a service today"


def headline(total: Affected, *, service: Service, counts: Mapping[str, int], basis: Basis) -> tuple[str, Sentence]:
    """Say how many people could not use a service from home and where the counter must stay.

    Returns
    -------
    tuple
        What comes before the number, and the sentence that begins with it.
    """
    if not _scored(counts):
        rest = f" about {total.place} to say who could not use {service.things} from home. We do not say it is fine."
        return "", Sentence("We do not have enough data", rest)
    said = claim(total, service=service, basis=basis)
    tail = "" if basis.measured else f" {stays(counts)}"
    return lead(service, basis=basis), Sentence(said.marked, f"{said.rest}{range_of(total)}{tail}")


def lead(service: Service, *, basis: Basis) -> str:
    """Say when, or if what, the people that follow could not."""
    return f"In {basis.release}, " if basis.measured else f"If {service.things} {service.move}, "


def claim(one: Affected, *, service: Service, basis: Basis) -> Sentence:
    """Say how many people of a place could not; of lines measured in the past, whose did not achieve it.

    Examples
    --------
    >>> from connectivity.service import SERVICES
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> some = Affected("West Purbeck", 80, 120, 210, (40, 60, 105), 600, False)
    >>> str(claim(some, service=SERVICES["account"], basis=here))
    'about 120 people in West Purbeck could not use them from home.'
    """
    fails = f"did not achieve what {service.things} take" if basis.measured else "could not use them from home"
    if round(one.best) > 0:
        had = "had a line that " if basis.measured else ""
        return Sentence(f"{about(one.low, one.best, one.high)} {noun(one.best)}", f" in {one.place} {had}{fails}.")
    nobody = "no one" if number(one.high) == "0" else "almost no one"
    return Sentence(f"we know of {nobody}", f" in {one.place} {'whose line' if basis.measured else 'who'} {fails}.")


def stays(counts: Mapping[str, int]) -> str:
    """Say in how many places the counter must stay."""
    if counts[COUNTER] == 0:
        return "By our marks no place has to keep the counter, but in each the few who cannot need another way."
    return f"Keep the counter in {counts[COUNTER]:,} of {places(_scored(counts))}."


def others(counts: Mapping[str, int], *, basis: Basis) -> str:
    """Say what becomes of the other places; never that nobody there needs another way."""
    if basis.measured:
        return ""
    said = []
    if counts[HELP]:
        said.append(f"In {places(counts[HELP])} it could go online, with help nearby.")
    if counts[ONLINE]:
        said.append(f"In {places(counts[ONLINE])} it can go online, if the few who cannot use it keep another way.")
    if counts[UNKNOWN]:
        said.append(f"For {places(counts[UNKNOWN])} we do not have enough data: we do not say they are fine.")
    return " ".join(said)


def rests(total: Affected, *, basis: Basis) -> str:
    """Say which premises the people stand for, and how people were counted."""
    low, best, high = total.premises
    kind = "broadband lines" if basis.measured else "homes and businesses"
    how = (
        f"We take {PEOPLE_PER_PREMISES.value:g} people for each of the {basis.unit}, as no residents are counted here."
    )
    tail = how if total.estimated else "We apply that share to the residents."
    return f"In all, that is {about(low, best, high)} of {number(total.of)} {kind}{could(low, high)}. {tail}"


def list_title(basis: Basis) -> str:
    """Name the list of places that keep the counter."""
    return "Places that needed another way" if basis.measured else "Places where another way must stay"


def question(basis: Basis) -> str:
    """Ask what the decisions answer."""
    return "Could it have gone online only?" if basis.measured else "Can it go online only?"


def column(basis: Basis) -> str:
    """Name the column of people."""
    return "People whose line did not achieve it" if basis.measured else "People who could not"


def staying(one: Affected, *, counts: Mapping[str, int], shown: int, basis: Basis) -> str:
    """Say who stands behind the list: people of the places that keep the counter, and what the page leaves out."""
    listed = counts[COUNTER] + counts[UNKNOWN]
    said = []
    if counts[COUNTER]:
        verb = "needed" if basis.measured else "keeps" if counts[COUNTER] == 1 else "keep"
        people = f"{about(one.low, one.best, one.high)} {noun(one.best)}{could(one.low, one.high)}"
        said.append(f"{places(counts[COUNTER])} {verb} the counter, for {people}.")
    if counts[UNKNOWN]:
        said.append(f"{places(counts[UNKNOWN])} without enough data stand last: do not read that as fine.")
    if not listed:
        said.append("By our marks no place has to keep the counter.")
    if not basis.measured and sum(counts.values()) > listed:
        said.append("In all other places the few who cannot still need another way.")
    if listed > shown:
        said.append(f"You see the first {shown:,}; the file has them all.")
    return " ".join(said)


def council_cell(counts: Mapping[str, int], *, basis: Basis) -> str:
    """Write a council's places that keep the counter for a table's cell, as a place's decision is written."""
    reading = READINGS[COUNTER]
    return f"{reading.mark}|{counts[COUNTER]:,}|of {places(_scored(counts))}: {reading.name(basis).lower()}"


def too_many(most: int) -> str:
    """Say why councils stand for places."""
    return f"There are more than {most:,} small areas here. The table starts with councils: choose one to see its map."


def cut(called: str, *, best_fit: bool) -> str:
    """Say how the border of a part treats small areas that it cuts."""
    if best_fit:
        return f"You see the small areas that lie mostly in {called}. A border may cut some, so this is a best fit."
    return (
        f"The border of {called} cuts some of these small areas. People and premises are counted as far as they lie "
        "inside; the map, the table and the number of places take each small area in full."
    )


def told_apart(names: Sequence[str]) -> str:
    """Name the councils whose small areas cannot be told apart; empty when there are none."""
    if not names:
        return ""
    return (
        f"We cannot tell the small areas of {listed(names)} apart: the model could not say which were worse. "
        "Decide there for the whole council."
    )


def measured(basis: Basis) -> str:
    """Say why lines measured in the past cannot decide; empty for what is on offer."""
    if not basis.measured:
        return ""
    return (
        f"It holds the speeds of lines people had in {basis.release}. A faster line may have been on sale, and much "
        "may have been built since. To decide, open a study of what is on offer now."
    )


def citation(total: Affected, *, service: Service, counts: Mapping[str, int], basis: Basis) -> str:
    """Word the figure so that it can be quoted with its range, source, date and what it leaves out."""
    before, sentence = headline(total, service=service, counts=counts, basis=basis)
    need = service.profile
    kind = "modelled from" if basis.modelled else "measured sync speeds," if basis.measured else "from"
    told = [
        f"We assume a line of {need.download.value:g} megabits a second down and {need.upload.value:g} up",
        f"{kind} Ofcom, {basis.release}",
        *(["people estimated from premises"] if total.estimated else []),
        _routes(basis),
        *(["says nothing about today"] if basis.measured else []),
    ]
    return basis.quotable(f"“{before}{sentence}” ({'; '.join(told)}.)")


def _scored(counts: Mapping[str, int]) -> int:
    return sum(counts[step] for step in (ONLINE, HELP, COUNTER))


def _routes(basis: Basis) -> str:
    said = {True: "counted", False: "not counted"}
    return f"fixed wireless {said[basis.counts_fwa]}, mobile {said[basis.counts_mobile]}"


def about(low: float, best: float, high: float) -> str:
    """Say a best estimate, with “about” where it has a range.

    >>> about(3, 3, 3), about(1, 3, 5), about(0, 0.2, 4), about(0, 0, 0)
    ('3', 'about 3', 'almost none', 'none')
    """
    certain = number(low) == number(high)
    if round(best) == 0:
        return "none" if certain else "almost none"
    return number(best) if certain else f"about {number(best)}"


def noun(count: float) -> str:
    """Say one person, else people."""
    return "person" if round(count) == 1 else "people"


def could(low: float, high: float) -> str:
    """Say a range at the end of a line; empty where there is none."""
    return "" if number(low) == number(high) else f", could be {number(low)} to {number(high)}"


def range_of(one: Affected) -> str:
    """Say a range as a sentence of its own; empty where there is none."""
    same = number(one.low) == number(one.high)
    return "" if same else f" It could be {number(one.low)} to {number(one.high)}."


def places(count: int) -> str:
    """Count places."""
    return f"{count:,} place{'' if count == 1 else 's'}"


# --- The words of one place: people, what stays, what the doubt leaves open, how far help is.


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


# --- How a decision is reached and what it leaves out, in words and as records.


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
        has = f"only how far away a {listed([one.called for one in known], last='or')} is" if known else "no distances"
        return (
            f"This study has {has}, so we cannot say where help is near. No place can be “with help”: "
            "where more than a few fall short, keep the counter."
        )
    if helpers[0].stand_in:
        return (
            f"This study knows only how far the nearest {helpers[0].called} is. It stands in for a place that helps: "
            f"it is not one. Farther than {helpers[0].limit.value:.1f} km is out of reach."
        )
    named = listed([f"a {one.called} within {one.limit.value:.1f} km" for one in helpers], last="or")
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
