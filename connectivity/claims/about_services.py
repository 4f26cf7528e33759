"""The words of a decision: what a service that goes online only would do to people, and what has to stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectivity.claims.about_places import routes, source
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import capital, kilometres, listed, number, plural, several
from connectivity.method.records import FEWEST, PEOPLE_PER_PREMISES
from connectivity.online_only import (
    ALIKE,
    COUNTER,
    FEW,
    HELP,
    MANY,
    ONLINE,
    READINGS,
    UNKNOWN,
    Alternative,
    PublicService,
    could_be,
)
from connectivity.robustness.tiers import RANGE, of_draws
from layers.figures import Figure

PAST = "This study cannot decide about a service today"
NO_FIGURE = "Not enough data: we do not say it is fine."
UNBROKEN = "\u00a0"
"""A space at which a narrow cell does not break."""


@wording("services.people", "services.lines")
def falling_short(claim: Claim, form: Form) -> Sentence:
    """Say how many people of a place could not; of lines measured in the past, how many did not achieve it.

    A headline and a quotation go on to where the counter must stay; a card, which is about one place, to its premises.

    Examples
    --------
    >>> from connectivity.online_only import SERVICES, deciding
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> places = deciding({"online": 5, "help": 1, "counter": 3, "alike": 4, "unknown": 0}, place="West Purbeck",
    ...                   basis=here)
    >>> told = {"service": SERVICES["account"], "places": places, "from_premises": False}
    >>> premises = Claim("services.premises", "West Purbeck", 40, 60, 105, 600, here, details=told)
    >>> some = Claim("services.people", "West Purbeck", 80, 120, 210, float("nan"), here, unit="people",
    ...              details=told | {"premises": premises}, estimated=True)
    >>> str(some.say())
    'If forms and accounts went online only, about 120 people in West Purbeck could not use them from home. It could \
be 80 to 210. In 3 of 9 places people need another way in. In 4 more only the council’s figure is \
known.'
    >>> str(some.say("card"))
    'If forms and accounts went online only, about 120 people in West Purbeck could not use them from home. It could \
be 80 to 210. That is about 60 of 600 premises, could be 40 to 105.'
    >>> str(some.say("cell"))
    'about 120 people could not, could be 80 to 210'
    """
    service, places, basis = claim.details["service"], claim.details["places"], claim.basis
    if form == "cell":
        fails = " did not achieve it" if basis.measured else " could not"
        if claim.unit == "people" and not round(claim.best):
            return Sentence(f"we know of {_whom(claim)}", f" who{fails}{claim.could}")
        return Sentence(_whom(claim), f"{fails}{claim.could}")
    if not places.of and not places.details[ALIKE]:
        rest = f" about {claim.place} to say who could not use {service.things} from home. We do not say it is fine."
        said = Sentence("We do not have enough data", rest)
    else:
        marked, fails = _headline(claim)
        tail = "" if basis.measured else f" {claim.details['premises' if form == 'card' else 'places'].say(form)}"
        if form == "quotation" and tail:
            tail = f" {places.say()}"
        lead = f"In {basis.release}, " if basis.measured else f"If {service.things} {service.move}, "
        said = Sentence(marked, f"{fails}{claim.could_be}{tail}", before=lead)
    return Sentence("", _cited(claim, said)) if form == "quotation" else said


def _headline(claim: Claim) -> tuple[str, str]:
    """Say the number, and what it is of."""
    if claim.basis.measured:
        lead, of = claim.lead
        things = claim.details["service"].things
        return f"{lead} of {of} broadband lines", f" in {claim.place} did not achieve what {things} take."
    if round(claim.best):
        return _whom(claim), f" in {claim.place} could not use them from home."
    return f"we know of {_whom(claim)}", f" in {claim.place} who could not use them from home."


def _whom(claim: Claim) -> str:
    """Say how many people, or lines of how many."""
    if claim.unit == "people":
        nobody = "almost no one" if claim.span else "no one"
        if not round(claim.best):
            return nobody
        if claim.of != claim.of:
            return f"{claim.estimate} {claim.noun}"
        if claim.details.get("from_premises"):  # then everyone who lives there is an estimate, too
            return f"{claim.estimate} of about {_roughly(claim.of, least=claim.high)} people"
        lead, of = claim.lead
        return f"{lead} of {of} people"
    lead, of = claim.lead
    return f"{lead} of {of} {claim.unit}"


def _roughly(people: float, *, least: float) -> str:
    """Write people estimated from premises to two figures, as how many each has is known to no more; never under some.

    >>> _roughly(3_247_829, least=4000), _roughly(508.8, least=233), _roughly(954, least=952)
    ('3,200,000', '510', '954')
    """
    rough = float(f"{people:.2g}")
    return f"{rough:,.0f}" if rough >= least else number(people)


def _cited(claim: Claim, said: Sentence) -> str:
    """Set a figure in quotation marks, with its source, date and what it leaves out."""
    basis, need = claim.basis, claim.details["service"].profile
    told = [
        f"We assume a line of {need.download.value:g} megabits a second down and {need.upload.value:g} up",
        source(basis),
        *(["people estimated from premises"] if claim.details.get("from_premises") else []),
        routes(basis),
        *(["says nothing about today"] if basis.measured else []),
    ]
    return basis.quotable(f"“{said}” ({'; '.join(told)}.)")


@wording("services.premises")
def standing_for(claim: Claim, form: Form) -> Sentence:
    """Say which premises people stand for."""
    lead, of = claim.lead
    if form == "card":
        return Sentence(f"That is {lead} of {of} {claim.unit}", f"{claim.could}.")
    return Sentence(f"In all, that is {lead} of {of} homes and businesses", f"{claim.could}.")


def people_counted(*, from_premises: bool) -> str:
    """Say how premises that fall short become people."""
    if from_premises:
        return (
            f"We take {PEOPLE_PER_PREMISES.value:g} people for each of the premises, as no residents are counted here."
        )
    return "We apply the share of premises that fall short to the residents."


@wording("services.places")
def keeping_counter(claim: Claim, form: Form) -> Sentence:
    """Say in how many places the counter must stay; a card says what becomes of the others.

    Never that nobody there needs another way; of lines measured in the past nothing is said.
    """
    counter, basis = round(claim.best), claim.basis
    if form == "cell":
        return Sentence(f"{counter:,}", f" of {several(round(claim.of), 'place')}")
    if basis.measured:
        return Sentence("")
    if form == "card":
        return Sentence("", _elsewhere(claim))
    alike = _not_told_apart(claim)
    if not claim.of:
        return Sentence("", alike.strip())
    if counter == 0:
        none = "No place has many who need another way in. In each the few who cannot need another way."
        return Sentence("", f"{none}{alike}")
    return Sentence("", f"In {counter:,} of {several(round(claim.of), 'place')} people need another way in.{alike}")


def _not_told_apart(claim: Claim) -> str:
    """Say of how many places nothing is decided, as their figures are their council's; empty for none."""
    alike = claim.details[ALIKE]
    if not alike:
        return ""
    if not claim.of:
        if alike == 1:
            return " Only the council’s figure is known here, so decide for the whole council."
        return f" For all {alike:,} places only the council’s figure is known, so decide for the whole council."
    return f" In {alike:,} more only the council’s figure is known."


def _elsewhere(claim: Claim) -> str:
    online, helped, unknown = (claim.details[step] for step in (ONLINE, HELP, UNKNOWN))
    said = []
    if helped:
        said.append(f"In {several(helped, 'place')} it could go online, with help nearby.")
    if online:
        said.append(f"In {several(online, 'place')} it can, if the few who cannot use it keep another way.")
    if claim.details[ALIKE] and claim.of:
        said.append("Where only the council’s figure is known, decide for the whole council.")
    if unknown:
        they = plural(unknown, "it is", "they are")
        said.append(f"For {several(unknown, 'place')} we do not have enough data: we do not say {they} fine.")
    return " ".join(said)


@wording("services.staying")
def left_at_counter(claim: Claim, _form: Form) -> Sentence:
    """Say who stands behind the list of places that keep the counter, and what the list leaves out."""
    places, shown, measured = claim.details["places"], claim.details["shown"], claim.basis.measured
    counter, unknown = round(places.best), places.details[UNKNOWN]
    named = counter + unknown
    said = []
    if counter:
        verb = "needed" if measured else plural(counter, "needs", "need")
        said.append(f"{several(counter, 'place')} {verb} another way in, for {_whom(claim)}{claim.could}.")
    if unknown:
        stand = plural(unknown, "stands", "stand")
        said.append(f"{several(unknown, 'place')} without enough data {stand} last: do not read that as fine.")
    if not named and places.of:
        said.append("No place has many who need another way in, but in each the few who cannot need another way.")
    if places.details[ALIKE]:
        said.append(
            f"{several(places.details[ALIKE], 'place')} {plural(places.details[ALIKE], 'is', 'are')} not in the list: "
            "only the council’s figure is known there."
        )
    if named > shown:
        said.append(f"You see the first {shown:,}; the file has them all.")
    return Sentence("", " ".join(said))


@wording("services.marks")
def if_marks_moved(claim: Claim, _form: Form) -> Sentence:
    """Say how many places would keep the counter if the marks stood at the ends of their range."""
    few, one, many = (round(count) for count in (claim.low, claim.best, claim.high))
    if few == many:
        return Sentence("", "The limits are ours. Stricter or looser ones would change nothing here.")
    name = READINGS[COUNTER].name(claim.basis)
    return Sentence(
        f"{one:,}",
        f" {plural(one, 'place', 'places')} under “{name}”. If every limit stood at the strict end of its range it "
        f"would be {many:,}, at the loose end {few:,}. The table of numbers has the ranges.",
        before="The limits are ours, so look how much hangs on them. They put ",
    )


@wording("services.decision")
def decision_reason(claim: Claim, form: Form) -> Sentence:
    """Say why one place is decided so.

    As a headline whole sentences that follow the one that counts those who cannot; as a card one sentence that counts
    what falls short, for the list of places that keep the counter; as a cell the reason in short.
    """
    if form == "card":
        lead, of = claim.lead
        fell = "fell" if claim.basis.measured else "fall"
        return Sentence(f"{capital(lead)} of {of} {claim.unit}", f" {fell} short{_too_far(claim)}.")
    return Sentence("", _briefly(claim) if form == "cell" else _reason(claim))


def _reason(claim: Claim) -> str:
    told, be = claim.details, "was" if claim.basis.measured else "is"
    if told["decision"] == ONLINE:
        return f"By the highest estimate{_sure(claim)} that {be} no more than can be helped one by one."
    if told["many"]:
        many = f"{100 * MANY.value:g} in every 100 or more: too many for help nearby to make up for."
        said = f"By our best estimate that {be} {many}"
        return said if told["in_reach"] else f"{said} {_limit(claim)}"
    said = f"By the highest estimate{_sure(claim)} that {be}" if told["few"] else f"By our best estimate that {be}"
    helped = "but help is near" if told["in_reach"] else "and we know of no help nearby"
    return f"{said} more than can be helped one by one, {helped}. {_limit(claim)}"


def _sure(claim: Claim) -> str:
    """Say of a modelled figure what its highest estimate is: an end of nine of ten draws, and no bound."""
    return f" in {of_draws(RANGE)}" if claim.basis.modelled else ""


def _limit(claim: Claim) -> str:
    far = claim.details["nearest"]
    if far is None:
        return "How far help is, is not known."
    return f"{far.say()} We take up to {kilometres(far.details['to'].limit.value)} as within reach."


def _too_far(claim: Claim) -> str:
    if claim.details["in_reach"]:
        return ": too many for help nearby"
    far = claim.details["nearest"]
    return f", and {far.say('card') if far else 'how far help is, is not known'}"


def _briefly(claim: Claim) -> str:
    told, fell = claim.details, "fell" if claim.basis.measured else "fall"
    if told["decision"] == ONLINE:
        return f"few or none {fell} short"
    if told["many"]:
        return f"too many {fell} short"
    if told["nearest"] is None:
        return "distance to help not known"
    return f"help is {'near' if told['in_reach'] else 'far'}: {told['nearest'].say('cell')}"


@wording("services.distance")
def distance_to(claim: Claim, form: Form) -> Sentence:
    """Say how far the nearest of an alternative is and how that was measured; a stand-in is said to be one."""
    one: Alternative = claim.details["to"]
    if claim.best != claim.best:
        return Sentence("", f"We do not know how far the nearest {one.called} is.")
    far = kilometres(claim.best)
    if form == "cell":
        return Sentence("", f"{one.called} {far.replace(' ', UNBROKEN)}")
    if form == "card":
        return Sentence(
            "", f"the nearest {one.called}{' (we know of no better place)' if one.stand_in else ''} is {far} away"
        )
    way = ", in a straight line × 1.3" if one.straight else " by road"
    tail = " We use it in place of one that helps." if one.stand_in else ""
    return Sentence("", f"The nearest {one.called} is {far} away{way}.{tail}")


def names_distance(claim: Claim) -> str:
    """Give the key of the alternative whose distance the reason says; empty where it says none."""
    told = claim.details
    if told["nearest"] is None or told["decision"] == ONLINE or (told["many"] and told["in_reach"]):
        return ""
    return str(told["nearest"].details["to"].key)


def decision_cell(claim: Claim) -> str:
    """Write a decision for a table's cell: mark, words, the reason in short, what else it could be; by “|”."""
    reading, basis = READINGS[claim.details["decision"]], claim.basis
    lines = [reading.mark, reading.name(basis), str(claim.say("cell"))]
    if names := [READINGS[step].name(basis).lower() for step in could_be(claim.details)]:
        lines.append(f"could be: {' or '.join(names)}")
    return "|".join(lines)


def council_cell(claim: Claim) -> str:
    """Write a council's places that keep the counter for a table's cell, as a place's decision is written."""
    if not claim.of:
        alike = READINGS[ALIKE]
        return f"{alike.mark}|{alike.name(claim.basis)}|decide for the whole council"
    reading, said = READINGS[COUNTER], claim.say("cell")
    return f"{reading.mark}|{said.marked}|{said.rest.strip()}: {reading.name(claim.basis).lower()}"


def decision_tip(claim: Claim, *, decision: str) -> str:
    """Say a decision and who could not in one short line, as the map's label does."""
    reading = READINGS[decision]
    if decision == ALIKE:
        return f"{reading.label}: decide for the whole council"
    if decision == UNKNOWN:
        return f"{reading.label}: we do not say it is fine"
    return f"{reading.name(claim.basis)}: {claim.say('cell')}"


def left_open(row: Mapping[Any, Any], *, basis: Basis) -> str:
    """Say which other decisions the range leaves open, from the lowest to the highest estimate; empty for none.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> left_open({"decision": "help", "least": "online", "most": "help"}, basis=here)
    'It could be either: the lowest figure would make it “Can go online”.'
    """
    others = could_be(row)
    ends = []
    if row["least"] != row["decision"]:
        ends.append(f"the lowest figure would make it “{READINGS[row['least']].name(basis)}”")
    if row["most"] != row["decision"]:
        ends.append(f"the highest figure would make it “{READINGS[row['most']].name(basis)}”")
    how_many = "either" if len(others) == 1 else "any of the three"
    return f"It could be {how_many}: {', and '.join(ends)}." if others else ""


def advice(decision: str, *, service: PublicService) -> str:
    """Say what to do about a place; never that nobody there needs another way."""
    kept = service.kept
    return {
        COUNTER: f"Keep {kept}.",
        HELP: f"It could go online if someone helps nearby. Keep {kept} until that help is there.",
        ONLINE: "It can go online. Those few who cannot use it still need another way.",
        ALIKE: "Decide for the whole council: only its figure is known.",
        UNKNOWN: f"Keep {kept}: we do not say it is fine.",
    }[decision]


def service_unknown(place: str, *, service: PublicService) -> str:
    """Say that a place has too little data for a decision, and what to do meanwhile."""
    return f"We do not have enough data about {place}. {advice(UNKNOWN, service=service)}"


def kept_title(basis: Basis) -> str:
    """Name the list of places that keep the counter."""
    return "Places that needed another way" if basis.measured else "Places where another way must stay"


def kept_caption(basis: Basis) -> str:
    """Name the same list for who cannot see it, with its order."""
    return f"The list, most {'lines' if basis.measured else 'people'} first"


def online_question(basis: Basis) -> str:
    """Ask what the decisions answer."""
    return "Could it have gone online only?" if basis.measured else "Can it go online only?"


def cannot_column(basis: Basis) -> str:
    """Name the column of people, or of lines measured in the past."""
    return "Lines that did not achieve it" if basis.measured else "People who could not"


def councils_first(most: int) -> str:
    """Say why councils stand for places."""
    return f"There are more than {most:,} small areas here. The table starts with councils: choose one to see its map."


def border_cuts(called: str, *, best_fit: bool) -> str:
    """Say how the border of a part treats small areas that it cuts."""
    if best_fit:
        return f"You see the small areas that lie mostly in {called}. A border may cut some, so this is a best fit."
    return (
        f"The border of {called} cuts some of these small areas. People and premises are counted as far as they lie "
        "inside; the map, the table and the number of places take each small area in full."
    )


def decide_for_whole(names: Sequence[str]) -> str:
    """Name the councils whose small areas cannot be told apart; empty when there are none."""
    if not names:
        return ""
    return (
        f"For {listed(names)} only the council’s figure is known: the model cannot say which small areas are worse. "
        "Decide there for the whole council."
    )


def cannot_decide(basis: Basis) -> str:
    """Say why lines measured in the past cannot decide; empty for what is on offer."""
    if not basis.measured:
        return ""
    return (
        f"It holds the speeds of lines people had in {basis.release}. A faster line may have been on sale, and much "
        "may have been built since. To decide, open a study of what is on offer now."
    )


NOT_CONSIDERED = (
    "Who has no device, skill or money to use a line, and whom does a screen shut out?",
    "When is a place that helps open, and who has a car or a bus to get there?",
    "How many people use the service now, and where?",
    "Would a phone call do? We do not count phones.",
    "The Office for National Statistics says that ways other than digital must remain.",
    (
        "The Equality Act 2010 (section 149) asks public bodies to think of older and disabled people before they "
        "decide."
    ),
)
"""What an officer still has to ask."""


def decided_briefly(basis: Basis) -> str:
    """Say in a sentence what decides, before the rules in full."""
    fall = "fell" if basis.measured else "fall"
    return f"How many {basis.unit} {fall} short decides, and how far help is. The limits are ours."


def decision_steps(service: PublicService, *, basis: Basis) -> list[str]:
    """Say the rules in the order in which they are asked, one sentence each."""
    need, unit = service.profile, basis.unit
    few, many = f"{100 * FEW.value:g} in 100", f"{100 * MANY.value:g} in 100"
    name = {step: reading.name(basis) for step, reading in READINGS.items()}
    return [
        (
            f"{capital(service.things)}, as we take it, need {need.download.value:g} megabits a "
            f"second down and {need.upload.value:g} up. They cover: {service.examples}."
        ),
        (
            f"“{name[ONLINE]}”: by the highest estimate, fewer than {few} {unit} fall short. Those few still need "
            "another way."
        ),
        (
            f"“{name[COUNTER]}”: by the best estimate {many} {unit} or more fall short, or more than a few do and no "
            f"place that helps is near. Here the other way in is {service.kept}."
        ),
        f"“{name[HELP]}”: what is between, where a place that helps is near.",
        f"“{name[ALIKE]}”: the model cannot say which places of the council are worse, so we decide nothing there.",
        f"“{name[UNKNOWN]}”: too little is known to score the place. We do not say it is fine.",
        "In doubt we keep another way in. Where the lowest or the highest estimate would lead elsewhere, we say so.",
    ]


def help_near(known: Sequence[Alternative], *, helpers: Sequence[Alternative]) -> str:
    """Say what the study knows of distances, and where we take it that someone is helped."""
    if not helpers:
        has = f"only how far away a {listed([one.called for one in known], last='or')} is" if known else "no distances"
        return (
            f"This study has {has}, so we cannot say where help is near. No place can be “with help”: "
            "where more than a few fall short, people need another way in."
        )
    if helpers[0].stand_in:
        return (
            f"This study knows only how far the nearest {helpers[0].called} is. We use it in place of one that "
            f"helps: it is not one. Farther than {kilometres(helpers[0].limit.value)} is out of reach."
        )
    named = listed([f"a {one.called} within {kilometres(one.limit.value)}" for one in helpers], last="or")
    return f"A place that helps is {named}. We assume that someone there can help."


def figures_used(
    service: PublicService, *, helpers: Sequence[Alternative], basis: Basis
) -> list[tuple[str, str, str, str]]:
    """List every number a decision rests on: what it means, its value, its range, its source."""
    need = service.profile
    rows = [_record(figure) for figure in (need.download, need.upload, FEW, MANY)]
    for one in helpers:
        _, value, varied, whose = _record(one.limit)
        rows.append((f"farther away than this, a {one.called} is out of reach", value, varied, whose))
    people = [] if basis.measured else [_record(PEOPLE_PER_PREMISES)]
    return [*rows, *people, _record(FEWEST)]


def _record(figure: Figure) -> tuple[str, str, str, str]:
    """Write a figure: meaning, value, range, source.

    >>> _record(Figure(0.05, "share of premises", "too many", "assumption", 0.02, 0.1))
    ('too many', '5%', '2% to 10%', 'assumption')
    """
    varied = "not varied"
    if figure.low is not None and figure.high is not None:
        varied = f"{_value(figure.low, figure.unit)} to {_value(figure.high, figure.unit)}"
    return figure.meaning, _value(figure.value, figure.unit), varied, figure.source


def _value(value: float, unit: str) -> str:
    return f"{100 * value:g}%" if unit.startswith("share") else f"{value:g} {unit}"
