"""What a pack says beside the sentences it shares with the app: asks, answers, and how it is to be used.

Claims are made in :mod:`connectivity.evidence.findings`. What is asked follows from what there is: no place that is
almost certain to be among the worst, some, or many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from connectivity.claims.about_certainty import among_the_worst
from connectivity.claims.about_places import cannot, not_separable, routes, source
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import (
    capital,
    listed,
    number,
    plural,
    several,
    small_letter,
    span,
)
from connectivity.method.records import ESSENTIAL, FEWEST, HOME_WORKER
from connectivity.robustness.tiers import RANGE, SOME, SURE, of_draws, of_ten

Reader = Literal["board", "committee", "minister", "press"]
"""Whom a pack is for: a LEP's or council's board, a select committee, a minister's office, a journalist."""
TO_FILL = "[to be filled in]"
"""What stands where only a person can say what belongs there."""
ROWS = 8
"""Rows of page one, at most (assumption: as many as leave room for the rest on one A4 page)."""


def pack_title(place: str, *, basis: Basis) -> str:
    """Name the documents of a pack.

    >>> pack_title("Dorset", basis=Basis("S", "July 2025", "premises", "availability", True, False, True))
    'Dorset: where broadband is not enough'
    """
    return f"{place}: where broadband {'was' if basis.measured else 'is'} not enough"


def places_together(count: int, nouns: str, *, place: str) -> str:
    """Call many places together.

    >>> places_together(4, "councils", place="the south")
    '4 councils of the south'
    """
    return f"{number(count, exact=True)} {nouns} of {place}"


def marked_amber(words: str) -> str:
    """Stamp every page of a pack whose data are marked amber, with what the mark means.

    >>> marked_amber("Usable, read the notes")
    'The data are marked amber: usable, read the notes.'
    """
    return f"The data are marked amber: {small_letter(words)}."


def not_checked() -> str:
    """Stamp every page of a pack of a build without a report on its data."""
    return "How good the data are was not checked."


@wording("packs.first")
def whom_to_put_first(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Ask what the places that are surest to be among the worst bear: put first, look first, check first, or nothing.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> told = {"reader": "board", "likely": 0, "depends": 56, "alone": False}
    >>> none = Claim.of_places("packs.first", "Dorset", 0, of=219, basis=here, details=told)
    >>> str(none.say())
    'Have lines checked in the 56 places that may be among the worst, before any is put first: none is almost certain \
to be.'
    >>> str(Claim.of_places("packs.first", "Dorset", 3, of=219, basis=here, details=told).say())
    'Put first the 3 places that are almost certain to be among the worst. They are named below.'
    >>> str(Claim.of_places("packs.first", "Dorset", 0, of=219, basis=here, details=told | {"depends": 0}).say())
    'Put no place first on these figures: none stands out as among the worst.'
    """
    told, sure = claim.details, round(claim.best)
    likely, depends = int(told["likely"]), int(told["depends"])
    if claim.basis.measured:
        said = "Put no place first on these figures: they are of past lines. Check what is there now."
    elif told["reader"] == "press":
        said = _for_print(sure, likely=likely)
    elif told["alone"]:
        said = _for_one(claim.place, sure=bool(sure), likely=bool(likely), depends=bool(depends))
    elif sure:
        be, where = plural(sure, "is", "are"), "below" if sure <= ROWS else "in the report"
        named = f"{plural(sure, 'It is', 'They are')} named {where}."
        said = f"Put first {_the(sure)} that {be} almost certain to be among the worst. {named}"
    elif likely:
        be = plural(likely, "is", "are")
        said = f"Check first {_the(likely)} that {be} likely to be among the worst. None is almost certain to be."
    elif depends:
        yet = "before any is put first: none is almost certain to be."
        said = f"Have lines checked in {_the(depends)} that may be among the worst, {yet}"
    else:
        said = "Put no place first on these figures: none stands out as among the worst."
    return Sentence("", said)


def _the(count: int) -> str:
    return f"the {several(count, 'place')}" if count > 1 else "the one place"


def _for_one(place: str, *, sure: bool, likely: bool, depends: bool) -> str:
    if sure:
        return f"Put {place} first: it is almost certain to be among the worst."
    if likely:
        return f"Check lines in {place} first: it is likely to be among the worst, and not almost certain to be."
    if depends:
        return f"Check lines in {place} before it is put first: it may be among the worst, which is not almost certain."
    return f"Do not put {place} first on these figures: it is unlikely to be among the worst."


def _for_print(sure: int, *, likely: int) -> str:
    if sure:
        named = f"Only {several(sure, 'place is', 'places are')} almost certain to be among the worst"
        return f"Call no other place the worst. {named}."
    rest = f"; {number(likely, exact=True)} {plural(likely, 'is', 'are')} likely to be" if likely else ""
    return f"Print no rank and call no place the worst: none here is almost certain to be{rest}."


def decide_whole(names: Sequence[str]) -> str:
    """Ask for a decision for whole councils, whose small areas cannot be told apart."""
    whose, small = listed(list(names)), f"{plural(len(names), 'its', 'their')} small areas"
    return f"Decide for the whole of {whose}: what is published does not say which of {small} are worse."


def untested_ask() -> str:
    """Ask for nothing to be put first where ranges were not drawn."""
    return "Put no place first on these figures alone: how far their ranks could move was not computed."


def data_ask(basis: Basis, *, reader: Reader, upload: bool) -> str:
    """Ask for the figures that would settle what these cannot.

    Parameters
    ----------
    basis
        What the figures rest on.
    reader
        Who is asked.
    upload
        Whether most of what falls short does so on upload alone.

    Examples
    --------
    >>> here = Basis("S", "July 2025", "premises", "availability", True, False, True)
    >>> data_ask(here, reader="board", upload=True)
    'Ask Ofcom for its counts by small area, and BDUK for those by address: ours share out one total for each council.'
    """
    if basis.measured:
        return f"Use today’s figures to decide: these are lines of {basis.release} and say nothing of today."
    if reader == "minister" and upload:
        return "Have upload published for each small area: no file gives it, and home working fails on it most."
    if not basis.modelled:
        return "Ask BDUK and providers for their counts by address: these figures are by small area."
    if reader == "minister":
        return "Have Ofcom’s counts published for each small area: now one total for each council has to be shared out."
    if reader == "committee":
        return (
            "Recommend that Ofcom publish its counts by small area with upload: now one total for each council has to "
            "be shared out."
        )
    return (
        "Ask Ofcom for its counts by small area, and BDUK for those by address: ours share out one total for each "
        "council."
    )


@wording("packs.keep")
def keep_another_way(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Ask that another way than online stays, with how many could not use a service from home.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> some = Claim("packs.keep", "Dorset", 800, 930, 1400, 9e5, here, unit="people", estimated=True, drawn=True)
    >>> str(some.say())
    'Keep a phone line and a counter: about 930 people in Dorset could not use forms and accounts from home (could be \
800 to 1,400).'
    """
    if not round(claim.best):
        return Sentence(
            "", "Keep a phone line and a counter: who has no device, skill or money for a line is not counted here."
        )
    lead = f"{claim.estimate} {claim.noun} in {claim.place}"
    return Sentence(
        "", f"Keep a phone line and a counter: {lead} could not use forms and accounts from home{claim.in_brackets}."
    )


def keep_in_past() -> str:
    """Ask that no service move on lines measured in the past."""
    return "Move no service online only on these figures: they say nothing of the lines people have today."


def law_ask() -> str:
    """Ask that the legal right be held against what home working takes.

    >>> law_ask()
    'Set the legal right beside home working: it asks for 1 megabit a second up, by fixed wireless too; video calls \
take 4.'
    """
    need, floor = HOME_WORKER.upload.value, ESSENTIAL.upload.value
    return (
        f"Set the legal right beside home working: it asks for {floor:g} megabit a second up, by fixed wireless too; "
        f"video calls take {need:g}."
    )


@wording("packs.print")
def print_with_range(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Ask a journalist to print a figure with its range and date.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> str(Claim("packs.print", "Dorset", 7400, 8300, 9100, 125_700, here, drawn=True).say())
    'Print the figure with its whole, its range and its date: about 8,300 of 125,700, could be 7,400 to 9,100, July \
2025.'
    """
    lead, of = claim.lead
    said = f"{lead} of {of}{claim.could}, {claim.basis.release}"
    return Sentence("", f"Print the figure with its whole, its range and its date: {said}.")


def right_of_reply(contact: str) -> str:
    """Ask a journalist for what fairness takes, and say where questions go."""
    return f"Ask the council, Ofcom and BDUK for a reply before you print. Questions go to: {contact or TO_FILL}."


def persons_ask(recommendation: str, *, organisation: str) -> str:
    """Put what a person recommends first, as theirs.

    >>> persons_ask("fibre for all.", organisation="Ash Council"), persons_ask("Build", organisation="")
    ('Ash Council asks: fibre for all.', 'We ask: Build.')
    """
    who = f"{organisation} asks" if organisation else "We ask"
    return f"{who}: {recommendation.rstrip('.')}."


def range_drawn(draws: int, *, whole: bool, basis: Basis) -> str:
    """Say where the range of a sum comes from.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> range_drawn(1000, whole=True, basis=here)
    'The range holds in 9 of 10 tries of what we had to assume, 1,000 in all. Ofcom’s totals for each council stay as \
published in every try.'
    """
    if not basis.modelled:
        unit = "lines" if basis.measured else "premises"
        return f"The ends are what fair assumptions give for all {unit} at once, so the range is as wide as it can be."
    tries = f"{of_draws(RANGE)} of what we had to assume, {number(draws, exact=True)} in all"
    said = f"The range holds in {tries}."
    return f"{said} Ofcom’s totals for each council stay as published in every try." if whole else said


def almost_certain(basis: Basis) -> str:
    """Say what “almost certain” and “among the worst” mean.

    >>> almost_certain(Basis("S", "July 2025", "premises", "availability", True, False, True))
    'Almost certain: in 9 of 10 tries or more. Among the worst means both: in the worst tenth of places, and 10% or \
more of its premises cannot support one home worker.'
    """
    return f"Almost certain: in {of_draws(SURE)} or more. {among_the_worst(basis)}"


def no_address(basis: Basis) -> str:
    """Say that nothing is by address, and who will not take it."""
    unit = "one line" if basis.measured else "one address"
    return f"What {unit} can get: all is by small area, without UPRN. BDUK and the Scottish Government take only UPRNs."


def not_take_up(basis: Basis) -> str:
    """Say what kind of speed the figures are, so that nobody takes one kind for the other."""
    if basis.measured:
        return "What was or is on sale: these are speeds of lines that people had."
    return "What people have bought, or the speed they get: these are lines on sale."


def no_cost() -> str:
    """Say that costs are not in a pack."""
    return "What it would cost to mend, or what that would be worth: no cost is in this study."


def upload_inferred() -> str:
    """Say that no file gives upload."""
    return "Upload as published: no file gives it, so we infer it from download."


WORST_TITLES = {
    "sure": "Places that are almost certain to be among the worst",
    "surest": "Places that are surest to be among the worst",
    "open": "Places to check first, by name",
    "untested": "Places with the most that fall short, by name",
    "none": "No place stands out",
    "alike": "Only the council’s figure is known",
}
"""What page one's rows are called, by how sure they are."""


@wording("packs.worst")
def what_is_listed(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say what page one's rows are, how they were chosen, and in which order they stand.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> told = {"kind": "open", "shown": 8}
    >>> str(Claim.of_places("packs.worst", "Dorset", 56, of=219, basis=here, details=told).say())
    'Of the 56 places that may be among the worst, these 8 have the most premises that fall short. They stand by name, \
without ranks: their ranges overlap, so no order is settled.'
    """
    kind, shown, unit = claim.details["kind"], claim.details["shown"], claim.basis.unit
    fall, many = ("fell" if claim.basis.measured else "fall"), round(claim.best)
    most = f"{_these(shown)} {plural(shown, 'has', 'have')} the most {unit} that {fall} short"
    ranks = f"Ranks are among {several(round(claim.of), 'place')} of the whole study; 1 is worst."
    if kind == "sure":
        chosen = f"Of {several(many, 'such place')}, {most}. " if shown < many else ""
        order = "They stand by name: each is almost certain, their order is not. " if shown > 1 else ""
        return Sentence("", f"{chosen}{order}{ranks}")
    if kind == "surest":
        return Sentence("", f"The surest stand first, and then by name. {ranks}")
    if kind == "open":
        may = "may be among the worst"
        chosen = f"Of {_the(many)} that {may}, {most}." if shown < many else f"{capital(_the(many))} that {may}."
        order = " They stand by name, without ranks: their ranges overlap, so no order is settled."
        return Sentence("", f"{chosen}{order if shown > 1 else ''}")
    if kind == "untested":
        return Sentence("", f"Of {several(many, 'place')}, {most}. How far ranks could move was not computed.")
    return Sentence(
        "", f"Of {several(many, 'place')}, none may be among the worst in {of_ten(SOME)} of 10 tries or more."
    )


def _these(count: int) -> str:
    return f"these {number(count, exact=True)}" if count > 1 else "this one"


def only_council(names: Sequence[str]) -> str:
    """Say of councils that only their own figures are known.

    >>> only_council(["Gosport", "Hart"])
    'For Gosport and Hart we know only each council’s own figure, not which of their small areas are worse.'
    """
    if len(names) < 2:  # noqa: PLR2004 - one has a sentence of its own, none has no sentence
        return "".join(not_separable(name) for name in names)
    whose = listed(list(names))
    return f"For {whose} we know only each council’s own figure, not which of their small areas are worse."


def stands_for_place(place: str, names: Sequence[str], *, basis: Basis) -> str:
    """Say why figures are those of the councils that a place lies in, and not its own; empty where they are its own.

    >>> here = Basis("S", "July 2025", "premises", "availability", True, False, True)
    >>> stands_for_place("the coast", ["Dorset", "Gosport"], basis=here)
    'Of most premises of the coast we know only their council’s own figure, so the figures are those of all its \
councils.'
    """
    if len(names) < 2:  # noqa: PLR2004 - of one council the app says why, of none there is nothing to say
        return only_council(names)
    most = f"Of most {basis.unit} of {place} we know only their council’s own figure"
    return f"{most}, so the figures are those of all its councils."


def wholes_shared_out() -> str:
    """Say that how many premises a small area has is an estimate, too."""
    return "How many premises each has is our estimate, too, shared out from the council’s total."


def what_it_shows(place: str, *, basis: Basis) -> tuple[str, ...]:
    """Say what a pack shows."""
    on = "speeds that lines had" if basis.measured else "lines on sale"
    return (
        f"It shows how many {basis.unit} in {place} {cannot('remote', basis=basis)}, from {on} in {basis.release}.",
        "Every figure has its whole, its range, its place and its date. What it does not show:",
    )


def home_working(basis: Basis) -> str:
    """Say what home working is taken to need.

    >>> home_working(Basis("S", "July 2025", "premises", "availability", True, False, True))
    'Home working is taken to need 10 megabits a second down and 4 up, for video calls.'
    """
    work = HOME_WORKER
    tense = "was" if basis.measured else "is"
    speeds = f"{work.download.value:g} megabits a second down and {work.upload.value:g} up"
    return f"Home working {tense} taken to need {speeds}, for video calls."


def method_points(basis: Basis, *, tested: bool, draws: int) -> tuple[str, ...]:
    """Say on a page how the figures are made."""
    unit, fall = basis.unit, "fell" if basis.measured else "fall"
    said = [
        f"For each small area we ask how many {unit} {fall} short of what an activity takes, by any counted route.",
        f"{capital(unit)} of which nothing is known stay unknown. They are in no low figure and in every high one.",
        "Upload is in no file. What it is likely to be at each speed of download is an assumption with a range.",
        "The score joins home working and online services with need and with what else is near. Its marks never move.",
        "Need and distance can raise a score, but cannot make one where the line is good enough.",
        "Two shares of an area are never multiplied into a joint one: only bounds are said.",
        f"Under {FEWEST.value:g} {unit} no percentage and no rank is given.",
    ]
    if basis.modelled:
        said.append("The range of a sum is that of the sum in each try, never the sum of the ends of small areas.")
    if tested:
        said.append(
            f"We ranked all places {number(draws, exact=True)} times. Each try takes another fair set of what we had "
            "to assume."
        )
        said.append(almost_certain(basis))
        said.append(f"A place is called worse than another only where {of_draws(SURE)} agree.")
    return tuple(said)


def satellite_answer(basis: Basis) -> str:
    """Answer that satellite exists."""
    if basis.measured:
        return "These are lines people had. What satellite could have given them is not in the figures."
    return (
        "It can reach these speeds. We leave it out by assumption: its price and a clear view of the sky decide, and "
        "no file here has either. Counted in, the figure would be lower."
    )


def law_answer(basis: Basis) -> str:
    """Answer that the law covers it: what the right asks, and by which routes.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> law_answer(here)
    'The universal service is a right to ask, up to a limit on cost, for 10 megabits a second down and 1 up, by fixed \
wireless too. Home working takes 4 up.'
    """
    floor, need = ESSENTIAL, HOME_WORKER
    if basis.measured:
        return (
            "These lines are older than the universal service, a right that fixed wireless can meet too. What it "
            "covers today is not in them."
        )
    asks = f"{floor.download.value:g} megabits a second down and {floor.upload.value:g} up, by fixed wireless too"
    return (
        f"The universal service is a right to ask, up to a limit on cost, for {asks}. Home working takes "
        f"{need.upload.value:g} up."
    )


def take_up_answer(basis: Basis) -> str:
    """Answer that take-up is low."""
    if basis.measured:
        return "These are lines people had bought, so what they could have bought is not in the figures."
    return (
        "Not bought is not the same as not on sale. These figures count what is on sale; this study holds nothing on "
        "what people have bought."
    )


AVERAGE_HIDES = "An average hides the homes whose line falls short."
"""What an average never shows."""


@wording("packs.well_off")
def well_off_on_average(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Answer that the area is well off: how it looks on average, and the bounds of those it hides.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> told = {"looks": "well off", "which": "homes on a low income", "proxy": False}
    >>> str(Claim("packs.well_off", "Dorset", 0, float("nan"), 900, 5e3, here, combines="bounds", details=told).say())
    'It looks well off on average. Of the premises that fall short, 0 to 900 could be homes on a low income: those are \
bounds, no count.'
    """
    looks, which, measured = claim.details["looks"], claim.details["which"], claim.basis.measured
    average = {
        "well off": "It looks well off on average",
        "about average": "It looks about as well off as the whole study",
        "not well off": "It does not look well off on average",
    }[looks]
    first = f"{average}{', by what we use in place of need' if claim.details['proxy'] else ''}."
    if round(claim.high) == 0:
        return Sentence("", f"{first} {AVERAGE_HIDES}")
    verb = "be" if which.startswith("homes") and not measured else "serve" if which.startswith("homes") else "stand in"
    bounds = span(claim.low, claim.high) or f"about {number(claim.high)}"
    short = f"{claim.unit} that {'fell' if measured else 'fall'} short"
    return Sentence("", f"{first} Of the {short}, {bounds} could {verb} {which}: those are bounds, no count.")


def well_off_unknown(labels: Sequence[str]) -> str:
    """Answer that the area is well off where a study cannot say who is in need."""
    if not labels:
        return "This study has no figure on need, so it cannot say. An average would not show who has no line."
    marked = listed([small_letter(one) for one in labels])
    return f"This study marks need by {marked}, so it cannot say how many in need have the gap."


def not_in_plan(basis: Basis) -> str:
    """Answer that it is in the plan where a study holds no plans."""
    if basis.measured:
        return "These lines are of the past. No plan is in the study, and much may have been built since."
    return (
        "This study holds no plan, so it cannot say. A plan is not a line: ask BDUK which addresses, by when, and what "
        "happens if the contract lapses."
    )


@wording("packs.plan")
def planned_by_bduk(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Answer that it is in the plan with what BDUK says of addresses there.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, False)
    >>> told = {"not_planned": 1100.0, "gigabit": 800.0}
    >>> str(Claim("packs.plan", "Ash", 90, 90, 90, 1990, here, details=told).say())
    'BDUK lists 90 of 1,990 addresses in Ash as planned and not yet built, 1,100 with no plan. A plan is not a line.'
    """
    planned, none = (number(count, exact=True) for count in (claim.best, claim.details["not_planned"]))
    of = number(claim.of, exact=True)
    where = f"{of} addresses in {claim.place}"
    said = f"BDUK lists {planned} of {where} as planned and not yet built, {none} with no plan. A plan is not a line."
    return Sentence("", said)


OBJECTIONS = {
    "satellite": "Satellite exists",
    "law": "The law covers it",
    "take_up": "Take-up is low",
    "well_off": "The area is well off",
    "plan": "It is in the plan",
}
"""What is said against, by the key of its answer."""


def press_line_below(claim: Claim) -> str:
    """Say below a figure for the press how far it could be off, and what it rests on.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> press_line_below(Claim("places.remote", "Dorset", 7400, 8300, 9100, 125_700, here, drawn=True))
    'It could be 7,400 to 9,100. Modelled from Ofcom, July 2025; fixed wireless counted, mobile not counted.'
    """
    said = f"{capital(source(claim.basis))}; {routes(claim.basis)}."
    return f"{claim.could_be.strip()} {said}".strip()


@wording("packs.map")
def heard_map(claim: Claim, form: Form) -> Sentence:  # noqa: ARG001 - one form
    """Say a map to those who hear it: how many small areas are of each class.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> told = {"classes": (("under 1%", 119), ("1 to 2%", 100)), "alike": 0, "unknown": 0}
    >>> str(Claim.of_places("packs.map", "Dorset", 219, of=219, basis=here, details=told).say())
    'A map of 219 small areas of Dorset by the share of premises that cannot support one home worker: under 1% in 119, \
1 to 2% in 100. Every figure is in the table.'
    """
    told, share = (
        claim.details,
        f"the share of {claim.basis.unit} that {cannot('remote', basis=claim.basis, brief=True)}",
    )
    parts = [f"{label} in {number(count, exact=True)}" for label, count in told["classes"] if count]
    if told["alike"]:
        parts.append(f"only the council’s figure in {number(told['alike'], exact=True)}")
    if told["unknown"]:
        parts.append(f"not enough data in {number(told['unknown'], exact=True)}")
    areas = several(round(claim.best), "small area")
    return Sentence(
        "", f"A map of {areas} of {claim.place} by {share}: {', '.join(parts)}. Every figure is in the table."
    )


def map_title(basis: Basis) -> str:
    """Name the map.

    >>> map_title(Basis("S", "July 2025", "premises", "availability", True, False, True))
    'Share of premises that cannot support one home worker, by small area'
    """
    return f"Share of {basis.unit} that {cannot('remote', basis=basis, brief=True)}, by small area"


def map_key(*, alike: bool, unknown: bool) -> str:
    """Say what the colours of the map mean, beside the key itself."""
    said = ["The darker, the larger the share, by the best estimate."]
    if alike:
        said.append("A council of which we know only its own figure has one shade all over.")
    if unknown:
        said.append("Hatched: not enough data; it may be good or bad.")
    return " ".join(said)


def beside_each_other() -> str:
    """Say how several places stand in one pack."""
    return "Each place has its own figure and its own table. The total counts what lies in two of them once."


def about_small_areas(place: str, *, areas: int, basis: Basis) -> str:
    """Say what a figure is of, from when, and by whom.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> about_small_areas("Dorset", areas=219, basis=here)
    'Place: Dorset, 219 small areas. Date: July 2025. Source: modelled from Ofcom, July 2025.'
    """
    return f"Place: {place}, {several(areas, 'small area')}. Date: {basis.release}. Source: {source(basis)}."


def verify_command() -> str:
    """Give the command that recomputes a pack."""
    return "python -m connectivity verify pack.zip"


def checks_said(fingerprint: str) -> tuple[str, ...]:
    """Say how anyone can check a pack, what that finds, and what it cannot.

    >>> checks_said("ab")[0]
    'Run: python -m connectivity verify pack.zip. It recomputes every figure and makes every file again.'
    """
    return (
        f"Run: {verify_command()}. It recomputes every figure and makes every file again.",
        f"Fingerprint of the study: {fingerprint}. Who builds from the same files gets the same.",
        (
            "It cannot find evidence that was altered together with all that follows from it: for that it needs the "
            "source files or a signature."
        ),
    )


PRINTED_DIGITS = 16
"""Of a fingerprint, where people compare it (assumption: as many as nobody finds again by trying)."""


def evidence_said(digest: str) -> str:
    """Say the fingerprint of all that a pack's documents were made from, short enough to be compared on paper.

    >>> evidence_said("0123456789abcdef0123")
    'Evidence: 0123456789abcdef.'
    """
    return f"Evidence: {digest[:PRINTED_DIGITS]}."


def revisions_said() -> str:
    """Say what happens when a figure is revised."""
    return (
        "A figure is never changed in place. When a publisher corrects one, the study is built again and a new pack "
        "says which it replaces."
    )


def next_update_said(basis: Basis) -> str:
    """Say when the next figures are due."""
    if basis.measured:
        return f"None: the lines of {basis.release} are a record of the past and are not measured again."
    return f"With Ofcom’s next release after {basis.release}. This study does not know its date."


def source_line(name: str, *, publisher: str, release: str, licence: str, files: int) -> str:
    """Name a source with its release and licence.

    >>> source_line("Postcodes", publisher="ONS", release="not stated", licence="OGL", files=2)
    'Postcodes. ONS, release not stated, 2 files. OGL.'
    """
    said = f"release {release}" if release == "not stated" else release
    many = f", {several(files, 'file')}" if files > 1 else ""
    return f"{name}. {publisher}, {said}{many}. {licence}."
