"""What the draws do not say, in words: not computed, not for these weights, not a reason to choose others."""

from __future__ import annotations

MOSTLY = "9 of 10 fair sets of assumptions (draws)"
"""The draws between whose ranks a place stays, said plainly before the term."""
A_DRAW = "A draw is one fair set of assumptions, picked by chance."
BETWEEN = f"“Between” holds a place’s rank in 9 of 10 draws. {A_DRAW}"
NO_RANGE = "range not known"
SWAP = (
    "A score counts several parts, and weights say how much each one counts. We looked for the smallest change of the "
    "study’s own weights that would put these two places in the other order."
)
FLIP = "This says how far off a swap is, not that other weights would be right."


def untested(folder: str) -> str:
    """Say that no range was computed, and the command that does."""
    return f"How far ranks could move was not computed. Run: {command(folder)}"


def command(folder: str) -> str:
    """Give the command that computes ranges."""
    return f"python -m connectivity build STUDY.toml --out {folder} --draws 1000"


def reweighted() -> str:
    """Say why no range stands beside a rank by the reader's weights."""
    return "The range is for the study’s own weights, so none is shown for yours."


def all_reweighted() -> str:
    """Say that a page leaves the reader's weights out."""
    return "Everything here is for the study’s own weights. The draws change them only a little either way."
