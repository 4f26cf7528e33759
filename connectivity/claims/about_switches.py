"""Words of what a reader may turn: who works, and what counts as broadband; and the study's own figure beside."""

from __future__ import annotations

from connectivity.claims.about_places import counted
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.method.records import PROFILES

RANKS_STAY = "Scores, ranks and how sure we are stay the study’s own."
AS_TURNED = "as you set it"
"""Stands in the strip behind what is counted, where a reader has turned it."""
NOT_KEPT = "This build did not keep what a new count is made from, so what it counts cannot be changed."
WHY_NOT = {
    "who": "Who works cannot be changed: of measured lines we know only what one home worker needs.",
    "wireless": "Fixed wireless cannot be counted: this release does not say where it is.",
    "mobile": "Mobile cannot be counted: this study holds no figures of it.",
}
"""Why a count cannot be changed, by what would be."""


@wording("switches.own.remote", "switches.own.digital")
def study_counts(claim: Claim, form: Form) -> Sentence:
    """Say the study's own figure beside one that a reader asked for; in a cell the figure alone.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True)
    >>> own = Claim("switches.own.remote", "Dorset", 7400, 8300, 9100, 125_700, here, drawn=True)
    >>> str(own.say())
    'The study’s own figure, for one home worker with fixed wireless counted and mobile not, is about 8,300; could be \
7,400 to 9,100.'
    """
    if form == "cell":
        return Sentence(claim.estimate, claim.in_brackets)
    worker = "for one home worker " if claim.profile == "remote" else ""
    could = f"; {claim.could.removeprefix(', ')}" if claim.could else ""
    before = f"The study’s own figure, {worker}{with_routes(claim.basis)}, is "
    return Sentence(claim.estimate, f"{could}.", before=before)


def with_routes(basis: Basis) -> str:
    """Say what counts beside a fixed line, inside a sentence.

    >>> with_routes(Basis("Demo", "July 2025", "premises", "availability", False, False, True))
    'with neither fixed wireless nor mobile counted'
    """
    if basis.counts_fwa and basis.counts_mobile:
        return "with fixed wireless and mobile counted"
    if basis.counts_fwa:
        return "with fixed wireless counted and mobile not"
    return f"with {'mobile counted and fixed wireless not' if basis.counts_mobile else NEITHER}"


NEITHER = "neither fixed wireless nor mobile counted"


def legend_title(title: str, *, basis: Basis) -> str:
    """Say over a map's key what the colours show, where another than the study's one worker works.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", True, False, True, worker="business")
    >>> legend_title("Share of premises that cannot support home working", basis=here)
    'Share of premises that cannot support a small business that works in the cloud'
    """
    if basis.worker == "remote":
        return title
    return f"Share of {basis.unit} that cannot support {PROFILES[basis.worker].label}"


def stays(basis: Basis) -> str:
    """Say what counts now, and what does not change with it."""
    return f"{counted(basis)} {RANKS_STAY}"


def own_note(own: Basis) -> str:
    """Say beside the controls what the study itself counts.

    >>> own_note(Basis("Demo", "July 2025", "premises", "availability", True, False, True))
    'The study itself counts for one home worker. Fixed wireless is counted; mobile is not.'
    """
    return f"The study itself counts for one home worker. {counted(own)}"
