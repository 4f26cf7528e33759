"""The answer for one postcode, in words: sentences in titled parts, the same on page, terminal and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from connectivity import statements
from connectivity.claims import ProfileKey
from connectivity.postcode import duties, letters
from connectivity.postcode import plans as postcode_plans
from connectivity.postcode.answer import Answer, Here
from connectivity.postcode.ratings import Rating
from connectivity.quality.notice import DO_NOT_PUBLISH
from connectivity.words import number

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
    >>> from connectivity.postcode.letters import grade
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
    said = [str(statements.gap(rating.claim, basis=answer.basis))]
    said.append(statements.fails(rating.download_fails, rating.upload_fails, basis=answer.basis))
    if rating.own is not None:
        own = str(statements.card(rating.own, basis=answer.basis))
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
    kind = statements.measured(basis) or (statements.modelled(basis) if spread else "") or published
    ours = "The letters are ours, with the same marks everywhere. Ofcom gives no letters."
    return [*dict.fromkeys(whose), kind, *here.premises_from, statements.counted(basis), ours]


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
    return [right, *postcode_plans.plan(here, postcode=answer.postcode), council]


def record(answer: Answer, *, said: list[str]) -> dict[str, Any]:
    """Lay the answer out for JSON: its kind, its words, and the figures behind them.

    Parameters
    ----------
    said
        The sentences for a postcode without letters, from `connectivity.postcode.others`.
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
