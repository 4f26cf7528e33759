"""Plain-English sentences built from figures; the only place that words a claim.

Each sentence carries its number, its denominator, its place and what was counted. "About" stands before every best
estimate that has a range, "of" before every denominator. For lines measured in 2013 we say "lines" and "did not
achieve", never "premises" and never "could not get".
"""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims.claim import Basis, Claim, Form, ProfileKey, Sentence, WorkerKey, wording
from connectivity.claims.grammar import (
    all_of,
    capital,
    number,
    one_decimal,
    ordinal,
    plural,
    several,
    small_letter,
)
from connectivity.method.records import HOME_WORKER, PROFILES
from layers.errors import listed

NOT_ENOUGH = "Not enough data"
NOT_SCORED = "Not enough data to score"
NOT_TOLD_APART = "Council figure only"
ACTIVITY: dict[ProfileKey, str] = {
    "remote": f"support {HOME_WORKER.label}",
    "digital": "use essential online services",
}
"""What a line can or cannot do: the words of every sentence of every page."""
UPLOAD_SHARES = ((0.9, "nearly all"), (0.6, "most"), (0.4, "around half"), (0.1, "some"), (0.0, "few"))
"""From which share on a part of a count is called so (assumption: words that a wrong share would seldom change)."""


@wording("places.remote", "places.digital")
def gap(claim: Claim, form: Form) -> Sentence:
    """Say how many premises of a place cannot do an activity, with the range.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim("places.digital", "Marshwood Vale", 41, 58, 97, 212, here).say())
    'About 58 of 212 homes and businesses in Marshwood Vale cannot use essential online services. It could be 41 to 97.'
    >>> claim = Claim("places.remote", "Marshwood Vale", 41, 58, 97, 212, here)
    >>> str(claim.say("card"))
    'About 58 of 212 premises cannot support one home worker. It could be 41 to 97.'
    >>> str(claim.say("cell"))
    'about 58 of 212 premises, could be 41 to 97'
    """
    basis, (lead, of) = claim.basis, claim.lead
    if form == "cell":
        return Sentence(f"{lead} of {of} {claim.unit}", claim.could)
    if form == "quotation":
        return gap_quotation(claim)
    if form == "card":
        fails = f" {cannot(claim.profile, basis=basis, brief=True)}.{claim.could_be}"
        return Sentence(f"{capital(lead)} of {of} {claim.unit}", fails)
    noun = "broadband lines" if basis.measured else "homes and businesses"
    fails = f" in {claim.place} {cannot(claim.profile, basis=basis)}.{claim.could_be}"
    return Sentence(f"{capital(lead)} of {of} {noun}", fails)


def gap_quotation(claim: Claim, *, also: str = "") -> Sentence:
    """Word a figure so that it can be quoted with its place, range, source, date and what it leaves out.

    Parameters
    ----------
    also
        What else the figure rests on, such as how it was divided.
    """
    basis, (lead, of) = claim.basis, claim.lead
    place = f"{claim.place}, {claim.within}," if claim.within else claim.place
    rests = f"{source(basis)}; upload inferred; {small_letter(counted(basis).rstrip('.'))}"
    said = f"{capital(lead)} of {of} {claim.unit} in {place} {cannot(claim.profile, basis=basis)}"
    could = f"{claim.could.removeprefix(', ')}; " if claim.could else ""
    return Sentence("", basis.quotable(f"“{said} ({could}{rests}{also}).”"))


@wording("places.other_way.remote", "places.other_way.digital")
def other_way_counted(claim: Claim, form: Form) -> Sentence:
    """Say the same count with fixed wireless counted the other way than the study does; in a cell the figure alone.

    >>> with_it = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> alone = Claim("places.other_way.remote", "Dorset", 7400, 8300, 9100, 125_700, with_it, drawn=True)
    >>> str(alone.say())
    'On the line alone, without fixed wireless, it is about 8,300; could be 7,400 to 9,100.'
    """
    if form == "cell":
        return Sentence(claim.estimate, claim.in_brackets)
    way = "On the line alone, without fixed wireless," if claim.basis.counts_fwa else "With fixed wireless counted,"
    could = f"; {claim.could.removeprefix(', ')}" if claim.could else ""
    return Sentence(claim.estimate, f"{could}.", before=f"{way} it is ")


@wording("places.upload_assumed")
def rests_on_upload(claim: Claim, _form: Form) -> Sentence:
    """Say which part of a count fails on upload alone, in words: no file gives upload, and no range of it was drawn.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> str(Claim("places.upload_assumed", "Dorset", 0.81, 0.81, 0.81, 1, here, unit="share").say())
    'By our best estimate most of those that fall short for home working are too slow on upload alone. No file gives \
upload: we assume it from download.'
    """
    measured = claim.basis.measured
    many = next(words for least, words in UPLOAD_SHARES if claim.best >= least)
    work = " for home working" if claim.basis.worker == "remote" else ""
    whose = f"the lines that fell short{work} were" if measured else f"those that fall short{work} are"
    return Sentence(
        "",
        f"By our best estimate {many} of {whose} too slow on upload alone. No file gives upload: we assume it from "
        "download.",
    )


@wording("places.flagged")
def lines_flagged_superfast(claim: Claim, _form: Form) -> Sentence:
    """Say how many of the lines that fell short stand in postcodes flagged superfast: what was on sale, not measured.

    >>> then = Basis("Then", "June 2013", "lines", "measured sync speeds", False, False, modelled=False)
    >>> str(Claim("places.flagged", "Dorset", 812.4, 812.4, 812.4, 1400, then).say())
    'Of these, about 812 lines stand in postcodes flagged superfast: a faster line was on sale somewhere there.'
    """
    if round(claim.best) == 0:
        return Sentence("", "Of these, none or almost none stand in postcodes flagged superfast.")
    stand = plural(round(claim.best), "stands", "stand")
    return Sentence(
        "",
        f"Of these, about {number(claim.best)} {claim.noun} {stand} in postcodes flagged superfast: a faster line was "
        "on sale somewhere there.",
    )


def source(basis: Basis) -> str:
    """Say whose figures a claim rests on, of when, and whether they are modelled.

    >>> source(Basis("Demo", "July 2025", "premises", "availability", False, False, True))
    'modelled from Ofcom, July 2025'
    """
    kind = "modelled from" if basis.modelled else "measured sync speeds," if basis.measured else "from"
    return f"{kind} Ofcom, {basis.release}"


def routes(basis: Basis) -> str:
    """Say in a citation's few words whether fixed wireless and mobile are counted.

    >>> routes(Basis("Demo", "July 2025", "premises", "availability", True, False, True))
    'fixed wireless counted, mobile not counted'
    """
    said = {True: "counted", False: "not counted"}
    return f"fixed wireless {said[basis.counts_fwa]}, mobile {said[basis.counts_mobile]}"


def fails(download: float, upload: float, *, basis: Basis) -> str:
    """Say what fails most, from best-estimate counts of download and upload failures; empty when nothing fails."""
    if round(download + upload) == 0:
        return ""
    if upload > download:
        if basis.measured:
            return "What failed most was upload. It was not measured: we infer it from download."
        sent = " video" if basis.worker == "remote" else ""
        return f"What fails most is upload: by our estimate the line cannot send{sent} fast enough."
    if basis.measured:
        return "What failed most was download: the line was too slow to receive what is needed."
    return "What fails most is download: the line is too slow to receive what is needed."


@wording("places.rank")
def ranked_by_score(claim: Claim, form: Form) -> Sentence:
    """Say where a place ranks by score; in a cell in two words, where a council's small areas can be told apart.

    How far the rank could move is the next sentence, or stands beside the cell (:mod:`about_certainty`).

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> claim = Claim.of_rank("places.rank", "Marshwood Vale", 11, of=1588, basis=here, between=(6, 106))
    >>> str(claim.say()), str(claim.say("cell"))
    ('Marshwood Vale ranks 11th worst of 1,588 places.', '11th worst')
    """
    if form == "cell" and not claim.details.get("separable", True):
        return Sentence("", "no rank of its own")
    position = round(claim.best)
    brief = "worst" if position == 1 else f"{ordinal(position)} worst"
    if form == "cell":
        return Sentence("", brief)
    return Sentence("", f"{claim.place} ranks {brief} of {several(round(claim.of), 'place')}.")


@wording("places.share")
def share_of_whole(claim: Claim, _form: Form) -> Sentence:
    """Write the best estimate as a share of the whole."""
    return Sentence("", f"{one_decimal(100 * claim.best / claim.of)}%")


@wording("places.scored")
def places_with_score(claim: Claim, _form: Form) -> Sentence:
    """Count places, and those of them that have no score.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim.of_places("places.scored", "Dorset", 208, of=219, basis=here).say("cell"))
    '219 places, 11 without enough data'
    """
    lacking = round(claim.of - claim.best)
    lost = f", {lacking:,} without enough data" if lacking else ""
    return Sentence("", f"{several(round(claim.of), 'place')}{lost}")


@wording("places.extent")
def area_larger_than_its_villages(claim: Claim, _form: Form) -> Sentence:
    """Say what a small area is that is more than the villages it is called after.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True).published
    >>> told = {"holds": ("Cerne Abbas",), "reaches": ("Dorchester",)}
    >>> str(Claim("places.extent", "Cerne Abbas", 1730, 1730, 1730, 1730, here, details=told).say())
    'One small area of 1,730 homes and businesses: Cerne Abbas and the country round it, as far as Dorchester.'
    """
    noun = "broadband lines" if claim.basis.measured else "homes and businesses"
    villages, towns = claim.details["holds"], claim.details["reaches"]
    round_them = "it" if len(villages) == 1 else "them"
    far = f", as far as {listed(towns)}" if towns else ""
    many = number(claim.best, exact=True)
    return Sentence("", f"One small area of {many} {noun}: {listed(villages)} and the country round {round_them}{far}.")


def rank_reweighted() -> str:
    """Say that a rank rests on the reader's weights."""
    return "This rank uses your weights, not the study’s."


def among(place: str, *, scored: int, of: int) -> str:
    """Name what a headline adds up: all of a place, or only the small places in it that have a score.

    Examples
    --------
    >>> among("Dorset", scored=219, of=219), among("Dorset", scored=208, of=219)
    ('Dorset', 'the 208 places of Dorset that we could score')
    """
    return place if scored == of else f"the {several(scored, 'place')} of {place} that we could score"


def holding_points(areas: int) -> str:
    """Name the small areas that a figure is of, by the points they hold.

    >>> holding_points(1), holding_points(1200)
    ('the small area that holds your points', 'the 1,200 small areas that hold your points')
    """
    noun = "the small area that holds" if areas == 1 else f"the {several(areas, 'small area')} that hold"
    return f"{noun} your points"


CHANGE = "“What has changed?”"
"""The page that compares studies, as sentences name it; a page makes a link of it."""


def beside(shown: Basis, *, others: Sequence[Basis]) -> str:
    """Say that studies are not to be subtracted; empty when they count the same thing at the same time."""
    units = {basis.unit for basis in (shown, *others)}
    releases = {basis.release for basis in (shown, *others)}
    if len(units) == len(releases) == 1:
        return ""
    need = " They mark need in different ways." if len({basis.need for basis in (shown, *others)}) > 1 else ""
    return f"Do not subtract one study’s figures from another’s: use {CHANGE}.{need}"


def another_study(there: Claim, *, here: Basis) -> str:
    """Say what another study at hand says of the same small area, and why the two differ.

    Examples
    --------
    >>> now = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> then = Basis("Then", "June 2013", "lines", "measured sync speeds", False, False, False)
    >>> another_study(Claim("places.remote", "Ash", 40, 58, 97, 212, then), here=now)
    'Another study here, “Then”, June 2013, says about 58 of 212 lines, could be 40 to 97. It counts lines and the \
speeds they achieved, so the two are not to be subtracted.'
    """
    other, reasons = there.basis, []
    if other.measured != here.measured:
        reasons.append("lines and the speeds they achieved" if other.measured else "premises and the speeds on offer")
    if other.release != here.release and not reasons:
        reasons.append("what was on offer at another date")
    if other.modelled != here.modelled and other.measured == here.measured:
        reasons.append("figures modelled within the council" if other.modelled else "figures published for small areas")
    if other.counts_fwa != here.counts_fwa and not other.measured:
        reasons.append("fixed wireless too" if other.counts_fwa else "no fixed wireless")
    why = f" It counts {listed(reasons)}, so the two are not to be subtracted." if reasons else ""
    said = f"Another study here, “{other.study}”, {other.release}, says {there.say('cell')}.{why}"
    return f"{said} {other.notice}" if other.notice else said


def stands_for_all(council: Claim) -> str:
    """Say a council's figure where it stands for a small area that cannot be told apart from the others."""
    return f"{NOT_TOLD_APART}. All of {council.place}: {council.say('cell')}"


def not_separable(district: str) -> str:
    """Say that the small areas of a council cannot be told apart."""
    return (
        f"For {district} we know only the council’s figure: what the model knows of its small areas differs too little "
        "to say which is worse."
    )


@wording("places.not_enough")
def why_not_scored(claim: Claim, _form: Form) -> Sentence:
    """Say why a place is not scored; never that it is fine."""
    place, reason = claim.place, claim.details["reason"]
    if reason.startswith("fewer than"):
        return Sentence(
            "", f"We do not score {place}: it has {reason}, too few for a fair share. We do not say it is fine."
        )
    if claim.of > 0 and claim.best > 0:
        lead, of = claim.lead
        about = "about " if claim.details["spread"] and not lead.startswith("about ") else ""
        figure = f"Ofcom gives no figure for {about}{lead} of {of} {claim.unit} there."
    else:
        figure = f"{reason.split(': ', 1)[-1].capitalize()}."
    rest = f"{figure} We do not say it is fine: we do not know."
    return Sentence("", f"We do not have enough data to score {place}. {rest}")


def nothing_known(place: str) -> str:
    """Say that nothing is known of a place; never that it is fine.

    Examples
    --------
    >>> nothing_known("Gosport")
    'We do not have enough data about Gosport to say how many have a gap. We do not say it is fine.'
    """
    return f"We do not have enough data about {place} to say how many have a gap. We do not say it is fine."


def modelled(basis: Basis) -> str:
    """Say whether the figures are modelled."""
    if not basis.modelled:
        return ""
    return "These figures are modelled. Ofcom gives one total for each council, and we spread it across small places."


def counted(basis: Basis) -> str:
    """Say whether fixed wireless and mobile are counted."""
    if basis.counts_fwa and basis.counts_mobile:
        return "Fixed wireless and mobile are counted."
    if basis.counts_fwa:
        return "Fixed wireless is counted; mobile is not."
    if basis.counts_mobile:
        return "Mobile is counted; fixed wireless is not."
    return "Fixed wireless and mobile are not counted."


def measured(basis: Basis) -> str:
    """Say what measured lines are, where figures are not availability."""
    if not basis.measured:
        return ""
    return (
        f"These are speeds measured on lines people had in {basis.release}. A faster line may have been on sale. "
        "They say nothing about today."
    )


@wording("places.accounting")
def accounted_for(claim: Claim, form: Form) -> Sentence:
    """Say that every premises is accounted for: in = scored + not scored, by reason; each figure in full.

    A cell says only how many are scored, of how many.
    """
    premises, areas = claim.details["premises"], claim.details["areas"]
    if form == "cell":
        counts = " of ".join(number(value, exact=True) for value in (premises.scored, premises.total))
        return Sentence("", f"{counts} {claim.unit} scored")
    parts = [f"{number(premises.scored, exact=True)} in {several(areas.scored, 'place')} we could score"]
    for reason, count in premises.excluded.items():
        places = areas.excluded.get(reason)
        where = f" in {several(places, 'place')}" if places else ""
        parts.append(f"{number(count, exact=True)}{where}: {reason}")
    lost = [f"{several(n, 'place')}: {why}" for why, n in areas.excluded.items() if why not in premises.excluded]
    tail = f" Without {claim.unit}: {'; '.join(lost)}." if lost else ""
    return Sentence("", f"{number(premises.total, exact=True)} {claim.unit} = {' + '.join(parts)}.{tail}")


def places_listed(count: int, *, where: str, councils: int) -> str:
    """Say over a table what it lists: places, and councils of which only one figure is known.

    >>> places_listed(12, where="", councils=0), places_listed(1, where="Ash", councils=2)
    ('All 12 places', '1 place in Ash, and 2 councils with one figure each')
    >>> places_listed(0, where="Ash", councils=1)
    '1 council with one figure'
    """
    inside = f" in {where}" if where else ""
    alike = f"{several(councils, 'council')} with one figure{' each' if councils > 1 else ''}" if councils else ""
    if not alike:
        return (all_of(count, "place") if count > 1 else several(count, "place")) + inside
    return f"{several(count, 'place')}{inside}, and {alike}" if count else alike


def places_in_all(count: int) -> str:
    """Say how many places a council's row in a table stands for.

    >>> places_in_all(148)
    '148 places in all'
    """
    return f"{several(count, 'place')} in all"


def without_count(count: int, *, place: str) -> str:
    """Say how many small areas of a whole have no count, and so are in neither number.

    >>> without_count(1, place="Ash")
    '1 place of Ash has no count and is in neither number.'
    """
    has = plural(count, "has no count and is", "have no count and are")
    return f"{several(count, 'place')} of {place} {has} in neither number."


def england_not_held() -> str:
    """Say why England is not among what can be compared."""
    return (
        "England cannot be chosen: the files hold this study’s councils alone, and Ofcom counts nothing of this kind."
    )


def list_full(most: int) -> str:
    """Say on the button that would add a place that no more go on the list.

    >>> list_full(60)
    'Your list is full: 60 places'
    """
    return f"Your list is full: {several(most, 'place')}"


def list_titled(count: int) -> str:
    """Name a reader's own list with its length.

    >>> list_titled(2)
    'Your list: 2 places'
    """
    return f"Your list: {several(count, 'place')}"


def score_explained() -> str:
    """Say what the score is."""
    return (
        "The score runs from 0 (good) to 100 (bad). Before we round them, its parts add up to it. The marks for 0 and "
        "100 never move. Need and distance can raise a score, but cannot make one where the line is good enough."
    )


def rests_on(labels: Sequence[str]) -> str:
    """Say at the map's key what need, or the lack of an alternative, is marked by in this study.

    >>> rests_on(["Rail station (straight line × 1.3)"])
    'Marked here by one thing alone: rail station (straight line × 1.3).'
    >>> rests_on(["Age 65 and over", "No car"])
    'Marked here by: age 65 and over; no car.'
    """
    alone = " one thing alone" if len(labels) == 1 else ""
    return f"Marked here by{alone}: {'; '.join(map(small_letter, labels))}." if labels else ""


MAP_SHOWS = {
    "score": "the score, which also weighs online services, need and the lack of an alternative",
    "need": "need",
    "alternative": "how far the nearest alternative is",
    "sure": "how sure we are",
}
"""What the map shows where it is not what the headline counts, by the measure's key."""


def map_shows(measure: str, *, basis: Basis) -> str:
    """Say under a headline what the map shows, where the two are not the same; else nothing.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> map_shows("need", basis=here), map_shows("remote", basis=here)
    ('This is about home working. The map now shows need.', '')
    """
    shown = MAP_SHOWS.get(measure)
    work = "home working" if basis.worker == "remote" else PROFILES[basis.worker].label
    return f"This is about {work}. The map now shows {shown}." if shown else ""


def dimensions_explained() -> str:
    """Say what the figures of two places beside each other are, which are not what each adds to the score."""
    return (
        "Each figure and the score run from 0 (good) to 100 (bad). They are not added up: the score weighs them, and "
        "need and distance cannot raise it where the line is good enough. The marks for 0 and 100 never move."
    )


def no_neighbours(place: str) -> str:
    """Say that no place of the study lies beside one."""
    return f"No place in this study shares a border with {place}. {neighbours_listed()}"


def neighbours_listed() -> str:
    """Say what a list of neighbours leaves out."""
    return "Neighbours outside the study are not listed."


COLUMNS: dict[ProfileKey | WorkerKey, str] = {
    "remote": "Cannot work from home",
    "household": "Cannot serve such a household",
    "business": "Cannot work in the cloud",
    "digital": "Cannot use online services",
}


def gap_column(profile: ProfileKey, *, basis: Basis) -> str:
    """Head a column of counts of premises that fall short, or of lines that did.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> gap_column("digital", basis=here)
    'Cannot use online services'
    """
    return "Fell short" if basis.measured else COLUMNS[basis.worker if profile == "remote" else profile]


def cannot(profile: ProfileKey, *, basis: Basis, brief: bool = False) -> str:
    """Say what lines cannot do, as every sentence has it; of 2013 what they did not achieve.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> cannot("digital", basis=here), cannot("remote", basis=here, brief=True)
    ('cannot use essential online services', 'cannot support one home worker')
    """
    verb = "did not achieve what it takes to" if basis.measured else "cannot"
    if profile == "remote" and basis.worker != "remote":
        return f"{verb} support {PROFILES[basis.worker].label}"
    brief_one = brief and profile == "remote"
    return f"{verb} {'support one home worker' if brief_one else ACTIVITY[profile]}"
