"""What public money plans at a postcode, and who builds there, in words."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from connectivity.claims import about_places
from connectivity.claims.claim import ProfileKey
from connectivity.claims.grammar import day, number
from connectivity.postcode import answer as duties
from connectivity.postcode import answer as letters
from connectivity.postcode.answer import Answer, Here, Kind, Rating
from connectivity.quality.notice import DO_NOT_PUBLISH
from layers.ledger import MONTHS


def plan(here: Here, *, postcode: str) -> list[str]:
    """Say the government's plan for a postcode and who builds; that it is not known, where it is not."""
    if here.plan_release is None:
        return [
            "Government plan (BDUK): not known in this study. It has no BDUK file.",
            "Company that builds the lines: not known in this study. Ofcom’s figures do not name it.",
        ]
    if here.plan is None:
        return [f"Government plan (BDUK, {here.plan_release}): it lists no premises at {postcode}, so it is not known."]
    found = here.plan
    total = _many(round(found["premises"]), "address", "addresses")

    def many(column: str) -> int:
        return int(found.get(column) or 0)

    counts = {
        ("has gigabit broadband now", "have gigabit broadband now"): many("gigabit_now"),
        ("has a plan or contract for it", "have a plan or contract for it"): many("planned"),
        ("has neither", "have neither"): many("not_planned"),
        ("is not known", "are not known"): many("plan_not_known"),
        ("is not counted as premises", "are not counted as premises"): many("not_recognised"),
    }
    listed = ", ".join(_many(count, *words) for words, count in counts.items() if count)
    said = [f"Government plan (BDUK, {here.plan_release}): of {total} at {postcode}, {listed}."]
    said.append(_white(many("white"), many("grey_or_black"), many("under_review"), many("not_stated")))
    suppliers, contracts = found.get("suppliers"), found.get("contracts")
    if suppliers or contracts:
        named = f"Company that builds: {suppliers or 'not named'}"
        said.append(f"{named}{f', under {contracts}' if contracts else ''}.")
    elif many("planned") or many("plan_not_known"):
        said.append("Company that builds: not named in the plan.")
    else:
        said.append("Company that builds: none, as nothing is planned here.")
    if found.get("latest_date"):
        said.append(f"Last day the contract gives: {day(str(found['latest_date']))}. Contracts can change.")
    if many("deferred"):
        late = _many(many("deferred"), "is put off", "are put off")
        said.append(f"Of those planned, {late} to a later part of the contract: no promise.")
    return said


def _white(white: int, grey_or_black: int, under_review: int, not_stated: int) -> str:
    """Say for how many public money may be spent."""
    rest = {
        (
            "has or will soon have a company’s own network",
            "have or will soon have a company’s own network",
        ): grey_or_black,
        ("is still being checked", "are still being checked"): under_review,
        ("is not stated", "are not stated"): not_stated,
    }
    others = "".join(f"; {_many(count, *words)}" for words, count in rest.items() if count)
    return f"Public money may be spent on {f'{white:,}' if white else 'none'} of them (“white”){others}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


# --- The answer for one postcode, in words: sentences in titled parts, the same on page, terminal and as JSON.


ACTIVITIES: dict[ProfileKey, str] = {"remote": "Remote working", "digital": "Online services"}
NONE_HERE = "No letter"


@dataclass(frozen=True, slots=True)
class Part:
    """Some sentences under a title."""

    title: str
    lines: tuple[str, ...]


def parts(answer: Answer) -> list[Part]:
    """Word the whole answer for a postcode of the study, letters first."""
    here = answer.here
    if answer.kind != "found" or here is None:
        return []
    rated = [
        Part(ACTIVITIES[key], (headline(rating), *reasons(answer, rating))) for key, rating in here.ratings.items()
    ]
    alternatives = _alternatives(here)
    return [
        *rated,
        Part("How sure we are", tuple(how_sure(answer))),
        Part("What would make it better", tuple(_lifts(answer, here))),
        *([Part("If online does not work for you", tuple(alternatives))] if alternatives else []),
        Part("Who is responsible", tuple(_responsible(answer, here))),
    ]


def headline(rating: Rating) -> str:
    """Say the letter, what it stands for and how far it could move.

    Examples
    --------
    >>> from connectivity.postcode.answer import grade
    >>> headline(Rating("area", None, grade(2, 15, 40, of=500)))
    'C, some gaps: 2 to 5 in 100. It could be between A and D.'
    """
    if rating.grade is None:
        return f"{NONE_HERE}: {why_no_letter(rating)}"
    best = rating.grade.best
    moves = "" if rating.grade.low == rating.grade.high else f" It could be {rating.grade.sure}."
    return f"{best}, {letters.words(best).lower()}: {letters.marks(best)}.{moves}"


def why_no_letter(rating: Rating) -> str:
    """Say why there is no letter; never that all is well."""
    if rating.claim is None:
        reason = rating.reason.removeprefix("not enough data: ") or "no figure"
        return f"{reason}. We do not say it is fine: we do not know."
    first, last = (letters.letter(count / rating.claim.premises) for count in (rating.claim.low, rating.claim.high))
    if first is None or last is None:
        return "the figure is not known."
    return f"not enough is known. It could be anything from {first.name} to {last.name}."


def reasons(answer: Answer, rating: Rating) -> list[str]:
    """Say the counts a letter rests on, and what fails."""
    if rating.claim is None:
        return []
    said = [str(rating.claim.say())]
    said.append(about_places.fails(rating.download_fails, rating.upload_fails, basis=answer.basis))
    if rating.own is not None:
        own = str(rating.own.say("card"))
        own = own[0].lower() + own[1:]
        said.append(f"At {answer.postcode} itself: {own} That is too few, or too unsure, for a letter of its own.")
    return [sentence for sentence in said if sentence]


def how_sure(answer: Answer) -> list[str]:
    """Say whose figure each letter is, and whether it is published, measured or modelled."""
    here, basis = answer.here, answer.basis
    if here is None:
        return []
    if not here.known:
        return ["Not known: there is no figure to be sure of."]
    whose = [_whose(answer, here, rating) for rating in here.ratings.values() if rating.claim]
    spread = any(rating.level != "council" for rating in here.ratings.values())
    published = f"Ofcom published the download figures behind it ({basis.release}). Upload is inferred from them."
    kind = about_places.measured(basis) or (about_places.modelled(basis) if spread else "") or published
    ours = "The letters are ours, with the same marks everywhere. Ofcom gives no letters."
    return [*dict.fromkeys(whose), kind, *here.premises_from, about_places.counted(basis), ours]


def _whose(answer: Answer, here: Here, rating: Rating) -> str:
    noun = "broadband lines" if answer.basis.measured else "homes and businesses"
    many = f"{number(rating.claim.premises)} {noun}" if rating.claim else ""
    if rating.level == "postcode":
        return f"This figure is for {answer.postcode} itself: {many}."
    if rating.level == "council":
        return (
            f"This figure is for the whole of {here.district_name} ({many}), not for {answer.postcode} alone: "
            "we cannot tell its small areas apart."
        )
    official = f"; its official name is {here.official_name}" if here.official_name else ""
    return (
        f"This figure is for the small area around it ({here.area_name}; {many}{official}), not for "
        f"{answer.postcode} alone."
    )


def _lifts(answer: Answer, here: Here) -> list[str]:
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


def _fixed_wireless(answer: Answer, here: Here) -> str:
    counted = "counted" if answer.basis.counts_fwa else "not counted"
    if here.other_route is None:
        return f"Fixed wireless: {counted}. This study cannot show it the other way."
    named = {"remote": "home working", "digital": "online services"}
    found = " and ".join(f"about {number(here.other_route[key])} for {named[key]}" for key in here.other_route)
    other = "Without it" if answer.basis.counts_fwa else "With it"
    whose = f"in the whole of {here.district_name}, the" if here.of_council else "the small area’s"
    return f"Fixed wireless: {counted}. {other}, {whose} homes and businesses with a gap would be {found}."


def _alternatives(here: Here) -> list[str]:
    known = [f"{label}: about {km:.1f} km, on average in the small area." for label, km in here.far if km is not None]
    unknown = [f"{label}: not known here." for label, km in here.far if km is None]
    proxy = ["It stands in for a counter: this study has no distance to a post office, library or shop."]
    return [*known, *unknown, *(proxy if here.far and here.far_is_proxy else [])]


def _responsible(answer: Answer, here: Here) -> list[str]:
    who = duties.provider(here.district_code)
    right = (
        f"Right to decent broadband: if nothing at your address gives {duties.DOWNLOAD.value:g} megabits a second down "
        f"and {duties.UPLOAD.value:g} up, you can ask {who} for a line. Ofcom watches over it. {who} pays for the work "
        f"up to £{duties.COST.value:,.0f}; you may pay what is over. It does not hold where public money is due to "
        f"build one within {duties.WAIT.value:g} months. ({duties.LAW}; ask {who} whether it still stands.)"
    )
    council = f"Council: {here.district_name}. It can press for a plan and keep a counter or phone line open."
    return [right, *plan(here, postcode=answer.postcode), council]


def record(answer: Answer, *, said: list[str]) -> dict[str, Any]:
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
        "parts": [asdict(part) for part in parts(answer)],
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


# --- What is said of a postcode that gets no letter: ended, elsewhere, no place, unknown, half of one or none.


WHOLE = "Type the whole postcode, such as"


@dataclass(frozen=True, slots=True)
class Said:
    """A title, what is the matter, and the way forward."""

    title: str
    lines: tuple[str, ...]


def said_of(answer: Answer) -> Said:
    """Word the answer of a postcode without letters; each kind has its own."""
    words = _WORDS[answer.kind](answer)
    offered = _offers(answer)
    return Said(words.title, (*words.lines, *offered))


def when(ended: str | None) -> str:
    """Write the month a postcode ended.

    >>> when("200403"), when("2004-03"), when("March 2004"), when(None)
    ('in March 2004', 'in March 2004', 'in March 2004', 'at a time the file does not give')
    """
    if not ended:
        return "at a time the file does not give"
    found = re.fullmatch(r"(\d{4})-?(\d{2})(?:-?\d{2})?", ended)
    if found and 1 <= int(found[2]) <= len(MONTHS):
        return f"in {MONTHS[int(found[2]) - 1]} {found[1]}"
    return f"in {ended}"


def _ended(answer: Answer) -> Said:
    here = answer.here
    where = f" It was in {here.area_name}, {here.district_name}." if here else ""
    return Said(
        f"{answer.postcode} is no longer in use",
        (
            f"Royal Mail ended it {when(answer.ended)}.{where}",
            "Its homes and businesses may have another postcode now. Try the one on a recent letter.",
        ),
    )


def _outside(answer: Answer) -> Said:
    town = f" It is one of the {answer.town} postcodes." if answer.town else ""
    return Said(
        f"{answer.postcode} is outside this study",
        (
            f"This study is about {answer.basis.study}.{town}",
            "To see it, open or build a study that holds its council: docs/study-file.md says how.",
        ),
    )


def _nation(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.nation}",
        (
            f"This study is about {answer.basis.study}. We keep the nations apart: they measure need in other ways.",
            f"Ofcom’s own broadband checker holds {answer.nation}.",
        ),
    )


def _island(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        (
            "It has a postcode, but it is not in the United Kingdom, so Ofcom’s figures leave it out.",
            "Ask the island’s own regulator of telecoms.",
        ),
    )


def _forces(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} belongs to the British forces",
        (
            "It says which unit a letter is for, not where that is, so we have no broadband figure for it.",
            "For a base in this country, type the postcode of a street beside it.",
        ),
    )


def _no_place(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is not a place",
        (
            "It is kept for mail to one large sender, wherever that is, so we have no broadband figure for it.",
            "Type the postcode of the building you want to know about.",
        ),
    )


def _overseas(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is in {answer.town}",
        ("It is a British overseas territory. Ofcom’s figures are about the United Kingdom alone.",),
    )


def _old(answer: Answer) -> Said:
    return Said(
        f"{answer.postcode} is of an old kind",
        ("Postcodes that begin NPT are out of use: NP took their place. Try the same with NP and a digit.",),
    )


def _unknown(answer: Answer) -> Said:
    first = (
        "We hold many postcodes that begin alike, but not this one. It may be very new, or mistyped."
        if answer.near
        else "It has the shape of a postcode, but we do not know it. It may be very new, or mistyped."
        if answer.town
        else "It has the shape of a postcode, but no town’s postcodes begin so."
    )
    return Said(f"We do not know {answer.postcode}", (first,))


def _half(answer: Answer) -> Said:
    if not answer.count:
        known = f" It is one of the {answer.town} postcodes." if answer.town else ""
        return Said(
            f"{answer.postcode} is only half a postcode",
            (f"This study holds no postcode that begins so.{known}", f"{WHOLE} DT1 1AA."),
        )
    councils = " and ".join(answer.councils)
    many = (
        f"One postcode of this study begins so, in {councils}."
        if answer.count == 1
        else f"{answer.count:,} postcodes of this study begin so, in {councils}. They are too different for one answer."
    )
    return Said(f"{answer.postcode} is only half a postcode", (many, f"{WHOLE} {answer.near[0]}."))


def _none(_answer: Answer) -> Said:
    return Said(
        "That is not a postcode",
        ("A postcode has one or two letters, a number, then a number and two letters.", f"{WHOLE} DT1 1AA."),
    )


def _offers(answer: Answer) -> tuple[str, ...]:
    if answer.meant:
        return (f"Did you mean {' or '.join(answer.meant)}?",)
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
