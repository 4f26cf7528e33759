"""The words of the two Word files that stand beside the figures: evidence to a committee, and an equality record."""

from __future__ import annotations

from dataclasses import dataclass

from connectivity.claims.claim import Basis
from connectivity.claims.grammar import several
from layers.figures import Figure

COMMITTEE_WORDS = Figure(
    3_000,
    "words",
    "most that written evidence may have",
    "House of Commons: guide for witnesses giving written evidence",
)
ANNEX_ROWS = Figure(40, "rows", "most that an annex lists here", "assumption: 40 rows take a fifth of all the words")

EVIDENCE_TITLE = "Written evidence"
SUMMARY = "Summary"
WHO = "Who we are and why we write"
SAID = "What is often said"
ASKED = "What we recommend"
WHERE_FROM = "Where the figures come from"
ANNEX = "Annex: small areas"
SUBMITTED_BY = "Submitted by"
STANDING = "On what standing"
RECOMMENDATION = "Recommendation"
FOR_DECISION = "What the evidence asks for"
LEFT_OUT = (
    f"To keep within {COMMITTEE_WORDS.value:,.0f} words, some of the tables and answers are left out here. The report "
    "of the same pack has them."
)


def annex_said(*, shown: int, of: int) -> str:
    """Say what the annex lists of all small areas.

    >>> annex_said(shown=40, of=219)
    'This lists 40 of 219 small areas: first those that are surest to be among the worst, then those with the highest \
best estimates. The spreadsheet of the same pack has them all.'
    >>> annex_said(shown=12, of=12)
    'This lists all 12 small areas.'
    """
    if shown == of:
        return f"This lists all {several(of, 'small area')}."
    return (
        f"This lists {shown:,} of {several(of, 'small area')}: first those that are surest to be among the worst, then "
        "those with the highest best estimates. The spreadsheet of the same pack has them all."
    )


def annex_caption(place: str, *, shown: int, of: int, basis: Basis) -> str:
    """Name the table of an annex that does not list all small areas.

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> annex_caption("Dorset", shown=40, of=219, basis=here)
    '40 of 219 small areas of Dorset, July 2025'
    """
    return f"{shown:,} of {several(of, 'small area')} of {place}, {basis.release}"


RECORD_TITLE = "Equality record: evidence"
RECORD_ABOUT = (
    "This record sets out evidence for a decision to close a place that people visit, or to move a service online "
    "only. It is for whoever decides. It draws no conclusion, neither on the impact nor on the duty."
)
RECORD_HEADS = ("What is recorded", "Entry")
RECORD_ROWS = {
    "title": "Title of the proposal",
    "team": "Team",
    "evidence": "Evidence on",
    "date": "Date of the figures",
    "decides": "Who decides",
    "by": "Decision due by",
}
PARTS = {
    "description": "Description of the proposal",
    "scope": "Purpose and scope",
    "evidence": "Evidence: who could not use a service online",
    "people": "People by protected characteristic",
    "rural": "Beside the protected characteristics: where people live",
    "impact": "Impact",
    "alternatives": "Alternatives",
    "mitigation": "Mitigation",
    "principles": "Check list: the Brown principles",
    "sign_off": "Sign-off",
    "sources": "Where the figures come from",
}
"""The parts of the record, in order."""
BY_WHOM = "For whoever decides to fill in:"
DESCRIBE = "What would close or move, when, and why."
PURPOSE = "What the proposal is meant to achieve, and who it covers."
IMPACT = "What the proposal would do to each group, for better and for worse, and how that was found out."
ALTERNATIVES = "Which other ways in there are or could be: at a counter, by phone, by post, at home."
MITIGATE = "What would be done about each effect, by whom and by when. Nothing is proposed here."
NO_SERVICE = "Which service would move is not stated here, so the evidence is on services that are digital only."
OTHER_EVIDENCE = "Other evidence"
NO_FIGURE = "These figures say nothing of it. That is not evidence of no effect."
RURALITY = "Where people live is not a protected characteristic. It stands here because services thin out there."


def kind_of_place(kind: str, *, areas: int, of: int) -> str:
    """Say how many small areas are of an official class.

    >>> kind_of_place("Rural village", areas=3, of=219)
    'Rural village: 3 of 219 small areas'
    """
    return f"{kind}: {areas:,} of {several(of, 'small area')}"


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the principles of R (Brown) v Secretary of State for Work and Pensions [2008] EWHC 3158 (Admin)."""

    said: str
    asks: str


PRINCIPLES = (
    Principle("Known", "Did those who decide know of the duty, and have this evidence before them?"),
    Principle("Before and at the decision", "Was it considered before the decision and when it was made, not after?"),
    Principle("In substance", "Was it considered with rigour and an open mind, and not as a form to tick?"),
    Principle("Not delegated", "Did those who decide consider it themselves?"),
    Principle("Continuing", "When will it be considered again, and by whom?"),
    Principle("Recorded", "Where is it recorded what was considered?"),
)
PRINCIPLE_CAPTION = "Check list, from R (Brown) v Secretary of State for Work and Pensions [2008] EWHC 3158 (Admin)"
PRINCIPLE_HEADS = ("Principle", "Question", "Answer, and where it is recorded")
SIGN_CAPTION = "Sign-off"
SIGN_HEADS = ("Who", "Name", "Date")
SIGNERS = ("Made by", "Checked by", "Decision taken by")
CONCLUDING = (
    *("we conclude", "in conclusion", "no adverse impact", "duty is met", "duty has been met", "complies with"),
    *("is justified", "is proportionate", "is lawful", "due regard has been had", "no discrimination"),
)
"""Words by which a record would decide for whoever decides."""


def record_scope(place: str, *, areas: int, basis: Basis) -> str:
    """Say what the figures of a record cover.

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> record_scope("Dorset", areas=219, basis=here)
    'The figures cover the 219 small areas of Dorset, as of July 2025.'
    """
    return f"The figures cover the {several(areas, 'small area')} of {place}, as of {basis.release}."
