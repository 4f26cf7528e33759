"""The answer for one postcode in words: letters, what they rest on and who must act, or what to do instead.

Sentences stand in titled parts, the same on the page, in the terminal and as JSON.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

from connectivity.claims import about_places
from connectivity.claims.claim import Claim, Form, ProfileKey, Sentence, wording
from connectivity.claims.grammar import day, kilometres, listed, month, number, several, small_letter
from connectivity.postcode.answer import (
    COST,
    DOWNLOAD,
    LAW,
    UPLOAD,
    WAIT,
    Here,
    Kind,
    PostcodeAnswer,
    Rating,
    marks,
    provider,
)
from connectivity.postcode.answer import words as words_of
from connectivity.postcode.postcode_claims import (
    beginning_so,
    distances,
    letter_of,
    other_route,
    own_count,
    plan_of,
    whose,
)
from connectivity.quality.notice import DO_NOT_PUBLISH

ACTIVITIES: dict[ProfileKey, str] = {"remote": "Home working", "digital": "Online services"}
NONE_HERE = "No letter"


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """Some sentences under a title."""

    title: str
    lines: tuple[str, ...]


def answer_parts(answer: PostcodeAnswer) -> list[AnswerPart]:
    """Word the whole answer for a postcode of the study, letters first."""
    here = answer.here
    if answer.kind != "found" or here is None:
        return []
    rated = [
        AnswerPart(ACTIVITIES[key], (letter_headline(rating), *letter_reasons(answer, rating)))
        for key, rating in here.ratings.items()
    ]
    alternatives = _alternatives(here, distances(here, basis=answer.basis))
    return [
        *rated,
        AnswerPart("How sure we are", tuple(letters_sure(answer))),
        AnswerPart("What would make it better", tuple(_lifts(answer, here))),
        *([AnswerPart("If online does not work for you", tuple(alternatives))] if alternatives else []),
        AnswerPart("Who is responsible", tuple(_responsible(answer, here))),
    ]


@wording("postcodes.letter")
def letter_said(claim: Claim, _form: Form) -> Sentence:
    """Say the letter, what it stands for and how far it could move.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> ends = {"best": "C", "low": "A", "high": "D"}
    >>> str(Claim("postcodes.letter", "Ash", 2, 15, 40, 500, here, percent=True, details=ends).say())
    'C, some gaps: 2 to 5 in 100. It could be between A and D.'
    """
    best, low, high = (claim.details[end] for end in ("best", "low", "high"))
    moves = "" if low == high else f" It could be between {low} and {high}."
    return Sentence("", f"{best}, {words_of(best).lower()}: {marks(best)}.{moves}")


@wording("postcodes.no_letter")
def letter_withheld(claim: Claim, _form: Form) -> Sentence:
    """Say why there is no letter where the range says too little."""
    return Sentence(
        "", f"not enough is known. It could be anything from {claim.details['low']} to {claim.details['high']}."
    )


def why_no_letter(rating: Rating) -> str:
    """Say why there is no letter; never that all is well."""
    claim = letter_of(rating)
    if claim is not None:
        return str(claim.say())
    if rating.claim is not None:
        return "the figure is not known."
    reason = rating.reason.removeprefix("not enough data: ") or "no figure"
    return f"{reason}. We do not say it is fine: we do not know."


def letter_headline(rating: Rating) -> str:
    """Say the letter and what it stands for, or why there is none."""
    claim = letter_of(rating)
    if rating.grade is None or claim is None:
        return f"{NONE_HERE}: {why_no_letter(rating)}"
    return str(claim.say())


@wording("postcodes.own.remote", "postcodes.own.digital")
def own_count_said(claim: Claim, _form: Form) -> Sentence:
    """Say the postcode's own count, and why it has no letter of its own."""
    own = small_letter(about_places.gap(claim, "card"))
    return Sentence("", f"At {claim.place} itself: {own} That is too few, or too unsure, for a letter of its own.")


def letter_reasons(answer: PostcodeAnswer, rating: Rating) -> list[str]:
    """Say the counts a letter rests on, and what fails."""
    if rating.claim is None:
        return []
    said = [
        str(rating.claim.say()),
        about_places.fails(rating.download_fails, rating.upload_fails, basis=answer.basis),
    ]
    if own := own_count(answer, rating):
        said.append(str(own.say()))
    return [sentence for sentence in said if sentence]


def letters_sure(answer: PostcodeAnswer) -> list[str]:
    """Say whose figure each letter is, and whether it is published, measured or modelled."""
    here, basis = answer.here, answer.basis
    if here is None:
        return []
    if not here.known:
        return ["Not known: there is no figure to be sure of."]
    ours = [whose(answer, here, rating) for rating in here.ratings.values()]
    each = {claim.details["level"]: claim for claim in reversed(ours) if claim}  # once, as the first sentence has it
    said = [str(claim.say()) for claim in reversed(each.values())]
    spread = any(rating.level != "council" for rating in here.ratings.values())
    published = f"Ofcom published the download figures behind it ({basis.release}). Upload is inferred from them."
    kind = about_places.measured(basis) or (about_places.modelled(basis) if spread else "") or published
    letters = "The letters are ours, with the same marks everywhere. Ofcom gives no letters."
    return [*said, kind, *here.premises_from, about_places.counted(basis), letters]


@wording("postcodes.whose")
def figure_whose(claim: Claim, _form: Form) -> Sentence:
    """Say of which place a figure is, and how many premises that has: as many as the sentence with the figure says."""
    told = claim.details
    many = f"{claim.said_of} {'broadband lines' if claim.basis.measured else 'homes and businesses'}"
    if told["level"] == "postcode":
        return Sentence("", f"This figure is for {told['postcode']} itself: {many}.")
    if told["level"] == "council":
        return Sentence(
            "",
            f"This figure is for the whole of {told['district']} ({many}), not for {told['postcode']} alone: "
            "only the council’s figure is known.",
        )
    official = f"; its official name is {told['official']}" if told["official"] else ""
    return Sentence(
        "",
        f"This figure is for the small area around it ({told['area']}; {many}{official}), not for "
        f"{told['postcode']} alone.",
    )


def _lifts(answer: PostcodeAnswer, here: Here) -> list[str]:
    basis = answer.basis
    if basis.measured:
        return [f"These are lines of {basis.release}. What is on sale today may be better: ask for a newer study."]
    failing = [rating for rating in here.ratings.values() if rating.claim and round(rating.claim.best) > 0]
    if not here.known:
        return ["Not known: we have no figure here, so we cannot say what would help."]
    full_fibre = (
        "A full-fibre or other gigabit line does all of this with room to spare."
        if failing
        else "By our best estimate, nothing fails here."
    )
    satellite = "Satellite: not counted. A low-orbit dish is fast enough, but costs more and needs open sky."
    mobile = (
        "Indoor 4G: counted, but Ofcom gives it for the whole council only."
        if basis.counts_mobile
        else "Indoor 4G: not counted. Ofcom gives it for the whole council, and counts slow links too: "
        "from 2 megabits a second, since mid-2025 from 5."
    )
    return [full_fibre, _fixed_wireless(answer, here), mobile, satellite]


def _fixed_wireless(answer: PostcodeAnswer, here: Here) -> str:
    counted = "counted" if answer.basis.counts_fwa else "not counted"
    if here.other_route is None:
        return f"Fixed wireless: {counted}. This study cannot show it the other way."
    named = {"remote": "home working", "digital": "online services"}
    found = listed([f"{claim.say('cell')} for {named[key]}" for key, claim in other_route(here).items()])
    other = "Without it" if answer.basis.counts_fwa else "With it"
    place = f"in the whole of {here.district_name}, the" if here.of_council else "the small area’s"
    return f"Fixed wireless: {counted}. {other}, {place} homes and businesses that fall short would be {found}."


@wording("postcodes.other_route")
def other_route_count(claim: Claim, _form: Form) -> Sentence:
    """Count who would have a gap with fixed wireless the other way round, inside a sentence that says so."""
    return Sentence(claim.estimate, claim.in_brackets)


def _alternatives(here: Here, claims: list[Claim]) -> list[str]:
    unknown = [claim for claim in claims if isnan(claim.best)]
    far = [str(claim.say()) for claim in (*(claim for claim in claims if not isnan(claim.best)), *unknown)]
    proxy = ["We use it in place of a counter: this study has no distance to a post office, library or shop."]
    return [*far, *(proxy if here.far and here.far_is_proxy else [])]


@wording("postcodes.far")
def distance_said(claim: Claim, _form: Form) -> Sentence:
    """Say how far a place to go is, on average."""
    if isnan(claim.best):
        return Sentence("", f"{claim.place}: not known here.")
    return Sentence("", f"{claim.place}: about {kilometres(claim.best)}, on average in the small area.")


def _responsible(answer: PostcodeAnswer, here: Here) -> list[str]:
    who = provider(here.district_code)
    right = (
        f"Right to decent broadband: if nothing at your address gives {DOWNLOAD.value:g} megabits a second down "
        f"and {UPLOAD.value:g} up, you can ask {who} for a line. Ofcom watches over it. {who} pays for the work "
        f"up to £{COST.value:,.0f}; you may pay what is over. It does not hold where public money is due to "
        f"build one within {WAIT.value:g} months. ({LAW}; ask {who} whether it still stands.)"
    )
    council = f"Council: {here.district_name}. It can press for a plan and keep a counter or phone line open."
    return [right, *plan_said(answer, here), council]


def plan_said(answer: PostcodeAnswer, here: Here) -> list[str]:
    """Say the government's plan for a postcode and who builds; that it is not known, where it is not."""
    if here.plan_release is None:
        return [
            "Government plan (BDUK): not known in this study. It has no BDUK file.",
            "Company that builds the lines: not known in this study. Ofcom’s figures do not name it.",
        ]
    if here.plan is None:
        none = f"it lists no premises at {answer.postcode}, so it is not known."
        return [f"Government plan (BDUK, {here.plan_release}): {none}"]
    plan, claims = here.plan, plan_of(answer, here)
    said = [str(claims["premises"].say()), str(claims["white"].say())]
    counts = claims["premises"].details["counts"]
    suppliers, contracts = plan.get("suppliers"), plan.get("contracts")
    if suppliers or contracts:
        under = f", under {contracts}" if contracts else ""
        said.append(f"Company that builds: {suppliers or 'not named'}{under}.")
    elif counts["planned"] or counts["plan_not_known"]:
        said.append("Company that builds: not named in the plan.")
    else:
        said.append("Company that builds: none, as nothing is planned here.")
    if plan.get("latest_date"):
        said.append(f"Last day the contract gives: {day(str(plan['latest_date']))}. Contracts can change.")
    if deferred := claims.get("deferred"):
        said.append(str(deferred.say()))
    return said


PLANS = {
    "gigabit_now": ("has gigabit broadband now", "have gigabit broadband now"),
    "planned": ("has a plan or contract for it", "have a plan or contract for it"),
    "not_planned": ("has neither", "have neither"),
    "plan_not_known": ("is not known", "are not known"),
    "not_recognised": ("is not counted as premises", "are not counted as premises"),
}
OTHER_MONEY = {
    "grey_or_black": (
        "has or will soon have a company’s own network",
        "have or will soon have a company’s own network",
    ),
    "under_review": ("is still being checked", "are still being checked"),
    "not_stated": ("is not stated", "are not stated"),
}


@wording("postcodes.premises")
def addresses_planned(claim: Claim, _form: Form) -> Sentence:
    """Say what the government's plan holds for the addresses of a postcode."""
    counts = [several(count, *PLANS[name]) for name, count in claim.details["counts"].items() if count]
    of = several(round(claim.of), "address", "addresses")
    return Sentence(
        "", f"Government plan (BDUK, {claim.details['release']}): of {of} at {claim.place}, {', '.join(counts)}."
    )


@wording("postcodes.white")
def addresses_white(claim: Claim, _form: Form) -> Sentence:
    """Say for how many addresses public money may be spent."""
    counts = claim.details["counts"]
    others = "".join(f"; {several(counts[name], *words)}" for name, words in OTHER_MONEY.items() if counts[name])
    white = number(claim.best, exact=True) if claim.best else "none"
    return Sentence("", f"Public money may be spent on {white} of them (“white”){others}.")


@wording("postcodes.deferred")
def addresses_deferred(claim: Claim, _form: Form) -> Sentence:
    """Say how many planned addresses are put off."""
    late = several(round(claim.best), "is put off", "are put off")
    return Sentence("", f"Of those planned, {late} to a later part of the contract: no promise.")


def answer_record(answer: PostcodeAnswer, *, said: list[str]) -> dict[str, Any]:
    """Lay the answer out for JSON: its kind, its words, and the figures behind them.

    Parameters
    ----------
    said
        The sentences for a postcode without letters, from `connectivity.claims.about_postcodes`.
    """
    here = answer.here
    ratings = here.ratings if here and answer.kind == "found" else {}
    return {
        "kind": answer.kind,
        "postcode": answer.postcode,
        "study": answer.basis.study,
        "release": answer.basis.release,
        "unit": answer.basis.unit,
        "counts_fwa": answer.basis.counts_fwa,
        "counts_mobile": answer.basis.counts_mobile,
        "modelled": answer.basis.modelled,
        DO_NOT_PUBLISH: answer.basis.notice,
        "place": None if here is None else {name: getattr(here, name) for name in _PLACE},
        "letters": {key: _rating(rating) for key, rating in ratings.items()},
        "said": said,
        "parts": [asdict(part) for part in answer_parts(answer)],
        "ended": answer.ended,
        "meant": list(answer.meant),
        "near": list(answer.near),
        "plan": here.plan if here else None,
        "plan_release": here.plan_release if here else None,
    }


_PLACE = ("area_code", "area_name", "official_name", "district_code", "district_name")


def _rating(rating: Rating) -> dict[str, Any]:
    claim, grade = rating.claim, rating.grade
    return {
        "letter": grade.best if grade else None,
        "from": grade.low if grade else None,
        "to": grade.high if grade else None,
        "figure_of": rating.level,
        "low": round(claim.low, 2) if claim else None,
        "best": round(claim.best, 2) if claim else None,
        "high": round(claim.high, 2) if claim else None,
        "of": round(claim.premises, 2) if claim else None,
        "download_fails": round(rating.download_fails, 2) if claim else None,
        "upload_fails": round(rating.upload_fails, 2) if claim else None,
        "why_no_letter": None if grade else why_no_letter(rating),
    }


WHOLE = "Type the whole postcode, such as"


@dataclass(frozen=True, slots=True)
class Said:
    """A title, what is the matter, and the way forward."""

    title: str
    lines: tuple[str, ...]


def said_instead(answer: PostcodeAnswer) -> Said:
    """Word the answer of a postcode without letters; each kind has its own."""
    words = _WORDS[answer.kind](answer)
    offered = _offers(answer)
    return Said(words.title, (*words.lines, *offered))


def said_on_the_map(answer: PostcodeAnswer) -> Said:
    """Word why a postcode, whole or half, leads nowhere on the map: shorter, as it stands in the way of the map."""
    if answer.kind == "half" and not answer.near:
        return Said(f"{answer.postcode} is outside this study", (_about_and_town(answer),))
    said = said_instead(answer)
    return Said(said.title, said.lines[:1]) if answer.kind == "outside" else said


def ended_when(ended: str | None) -> str:
    """Write the month a postcode ended.

    >>> ended_when("200403"), ended_when("2004-03"), ended_when("March 2004"), ended_when(None)
    ('in March 2004', 'in March 2004', 'in March 2004', 'at a time the file does not give')
    """
    if not ended:
        return "at a time the file does not give"
    found = re.fullmatch(r"(\d{4})-?(\d{2})(?:-?\d{2})?", ended)
    return f"in {(month(found[1], found[2]) if found else None) or ended}"


def _ended(answer: PostcodeAnswer) -> Said:
    here = answer.here
    where = f" It was in {here.area_name}, {here.district_name}." if here else ""
    return Said(
        f"{answer.postcode} is no longer in use",
        (
            f"Royal Mail ended it {ended_when(answer.ended)}.{where}",
            "Its homes and businesses may have another postcode now. Try the one on a recent letter.",
        ),
    )


def _about_and_town(answer: PostcodeAnswer) -> str:
    town = f" It is one of the {answer.town} postcodes." if answer.town else ""
    return f"This study is about {answer.basis.study}.{town}"


def _outside(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is outside this study",
        (
            _about_and_town(answer),
            "To see it, open or build a study that holds its council: docs/study-file.md says how.",
        ),
    )


def _nation(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.nation}",
        (
            f"This study is about {answer.basis.study}. We keep the nations apart: they measure need in other ways.",
            f"Ofcom’s own broadband checker holds {answer.nation}.",
        ),
    )


def _island(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        (
            "It has a postcode, but it is not in the United Kingdom, so Ofcom’s figures leave it out.",
            "Ask the island’s own regulator of telecoms.",
        ),
    )


def _forces(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} belongs to the British forces",
        (
            "It says which unit a letter is for, not where that is, so we have no broadband figure for it.",
            "For a base in this country, type the postcode of a street beside it.",
        ),
    )


def _no_place(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is not a place",
        (
            "It is kept for mail to one large sender, wherever that is, so we have no broadband figure for it.",
            "Type the postcode of the building you want to know about.",
        ),
    )


def _overseas(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        ("It is a British overseas territory. Ofcom’s figures are about the United Kingdom alone.",),
    )


def _old(answer: PostcodeAnswer) -> Said:
    return Said(
        f"{answer.postcode} is of an old kind",
        ("Postcodes that begin NPT are out of use: NP took their place. Try the same with NP and a digit.",),
    )


def _unknown(answer: PostcodeAnswer) -> Said:
    first = (
        "We hold many postcodes that begin alike, but not this one. It may be very new, or mistyped."
        if answer.near
        else "It has the shape of a postcode, but we do not know it. It may be very new, or mistyped."
        if answer.town
        else "It has the shape of a postcode, but no town’s postcodes begin so."
    )
    return Said(f"We do not know {answer.postcode}", (first,))


def _half(answer: PostcodeAnswer) -> Said:
    beginning = beginning_so(answer)
    if beginning is None:
        known = f" It is one of the {answer.town} postcodes." if answer.town else ""
        return Said(
            f"{answer.postcode} is only half a postcode",
            (f"This study holds no postcode that begins so.{known}", f"{WHOLE} DT1 1AA."),
        )
    return Said(f"{answer.postcode} is only half a postcode", (str(beginning.say()), f"{WHOLE} {answer.near[0]}."))


@wording("postcodes.half")
def postcodes_beginning_so(claim: Claim, _form: Form) -> Sentence:
    """Say how many postcodes begin as half a postcode does, and in which councils."""
    councils = listed(claim.details["councils"])
    if claim.best == 1:
        return Sentence("", f"One postcode of this study begins so, in {councils}.")
    many = number(claim.best, exact=True)
    return Sentence(
        "", f"{many} postcodes of this study begin so, in {councils}. They are too different for one answer."
    )


def _none(_answer: PostcodeAnswer) -> Said:
    return Said(
        "That is not a postcode",
        ("A postcode has one or two letters, a number, then a number and two letters.", f"{WHOLE} DT1 1AA."),
    )


def _offers(answer: PostcodeAnswer) -> tuple[str, ...]:
    if answer.meant:
        return (f"Did you mean {listed(answer.meant, last='or')}?",)
    if answer.near and answer.kind == "unknown":
        return (f"The nearest we hold: {', '.join(answer.near)}.",)
    return ()


_WORDS = {
    "ended": _ended,
    "outside": _outside,
    "nation": _nation,
    "island": _island,
    "forces": _forces,
    "no place": _no_place,
    "overseas": _overseas,
    "old": _old,
    "unknown": _unknown,
    "half": _half,
    "none": _none,
}
KINDS: tuple[Kind, ...] = tuple(_WORDS)  # type: ignore[arg-type]  # the keys are kinds
