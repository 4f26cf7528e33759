"""The words of a decision: what a service that goes online only would do to people, and what has to stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectivity.claims import Basis, Sentence
from connectivity.method.profiles import PEOPLE_PER_PREMISES
from connectivity.service.decisions import COUNTER, HELP, ONLINE, UNKNOWN, Affected
from connectivity.service.readings import READINGS
from connectivity.service.services import Service
from connectivity.words import number

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
    >>> from connectivity.service.services import SERVICES
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
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"We cannot tell the small areas of {listed} apart: the model could not say which were worse. "
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
