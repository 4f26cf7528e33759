"""Rules that refuse an unsafe claim, each with its reason; a claim is worded only when none of them does.

A rule reads the record, never the words. A new rule is one record in `RULES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from connectivity.claims.grammar import SHOWN
from connectivity.method.records import FEWEST
from connectivity.robustness.tiers import SURE


class Measured(Protocol):
    """What a rule reads of a claim's basis."""

    @property
    def measured(self) -> bool:
        """Whether lines were measured in the past."""

    @property
    def modelled(self) -> bool:
        """Whether figures within a council are modelled."""


class Linted(Protocol):
    """What a rule may read of a claim: :class:`connectivity.claims.claim.Claim` is one."""

    @property
    def key(self) -> str:
        """Its sentence."""

    @property
    def place(self) -> str:
        """What it is about."""

    @property
    def low(self) -> float:
        """The lowest estimate."""

    @property
    def best(self) -> float:
        """The best one."""

    @property
    def high(self) -> float:
        """The highest one."""

    @property
    def of(self) -> float:
        """The whole."""

    @property
    def unit(self) -> str:
        """What is counted."""

    @property
    def modelled(self) -> bool:
        """Whether it is modelled."""

    @property
    def drawn(self) -> bool:
        """Whether its range is that of nine of ten draws."""

    @property
    def combines(self) -> str:
        """How two shares are put together."""

    @property
    def better(self) -> tuple[str, float] | None:
        """What it is called worse than."""

    @property
    def percent(self) -> bool:
        """Whether it is said as a percentage."""

    @property
    def details(self) -> Mapping[str, Any]:
        """What else the sentence needs."""

    @property
    def basis(self) -> Measured:
        """What it rests on."""


class UnsafeClaimError(ValueError):
    """A claim that must not be worded as it is."""

    def __init__(self, claim: Linted, *, rule: Rule) -> None:
        super().__init__(f"{claim.key} of {claim.place} is refused ({rule.key}): {rule.reason} See {rule.source}.")
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    key
        Its name.
    reason
        Why such a claim is unsafe, in a sentence.
    source
        Where that is argued.
    breaks
        Whether a claim breaks it.
    """

    key: str
    reason: str
    source: str
    breaks: Callable[[Linted], bool]


def no_range(claim: Linted) -> bool:
    """Say whether a modelled figure has no range, or one that does not hold its best estimate.

    Bounds on a count that is both of two things have no best estimate between them: the bounds are all that is said.
    """
    if not claim.modelled or claim.unit not in {"premises", "lines", "people"}:
        return False
    if math.isnan(claim.low) or math.isnan(claim.high):
        return True
    noise = 1e-6 * max(1.0, abs(claim.of))
    if claim.combines == "bounds" and math.isnan(claim.best):
        return not claim.low <= claim.high + noise
    return not claim.low - noise <= claim.best <= claim.high + noise


def range_without_width(claim: Linted) -> bool:
    """Say whether a modelled figure has a range without any width that no draws gave it.

    Where nine of ten draws do give one value the claim is `drawn`, and its words say so. A whole council's published
    total, and a count of premises whatever their speed, rest on a basis that is not modelled, and of none there is
    none. A published figure that was only shared out at a border has no draws: it is said with “about”, and how.
    """
    if not claim.basis.modelled or claim.unit not in {"premises", "lines", "people"} or claim.drawn or claim.of == 0:
        return False
    if claim.combines == "bounds":
        return False
    return claim.high - claim.low < SHOWN


def rank_without_range(claim: Linted) -> bool:
    """Say whether a rank stands without its range; not where the claim says that no range was drawn."""
    bare = math.isnan(claim.low) or math.isnan(claim.high)
    return claim.unit == "rank" and bare and not claim.details.get("untested", False)


def product_of_shares(claim: Linted) -> bool:
    """Say whether two shares were multiplied into a joint one."""
    return claim.combines == "product"


def percentage_of_few(claim: Linted) -> bool:
    """Say whether a percentage is taken of too few."""
    return claim.percent and not claim.of >= FEWEST.value


def worse_without_certainty(claim: Linted) -> bool:
    """Say whether a place is called worse than another that it cannot be separated from."""
    return claim.better is not None and not claim.better[1] >= SURE.value


def lines_as_premises(claim: Linted) -> bool:
    """Say whether lines measured in the past are called premises or multiplied by residents."""
    return claim.basis.measured and claim.unit in {"premises", "people"}


RULES = (
    Rule("no range", "A modelled figure without its range sounds as if it had been counted.", "method §2", no_range),
    Rule(
        "range without width",
        "Where in its council a modelled count lies is not known: equal ends are said only where the draws gave them.",
        "method §2",
        range_without_width,
    ),
    Rule(
        "rank without range",
        "A rank says nothing until it is known how far it could move.",
        "method §9",
        rank_without_range,
    ),
    Rule(
        "product of shares",
        "Two shares of an area say nothing of how many are in both: only bounds can be said.",
        "method §3",
        product_of_shares,
    ),
    Rule(
        "percentage of few",
        f"Under {FEWEST.value:g} a percentage moves with every single one.",
        "method §3",
        percentage_of_few,
    ),
    Rule(
        "worse without certainty",
        "One place is called worse than another only where the draws agree.",
        "method §6",
        worse_without_certainty,
    ),
    Rule(
        "lines as premises",
        "Lines that people bought are not premises, and their share says nothing of residents.",
        "method §6 and §9",
        lines_as_premises,
    ),
)
"""In the order in which they are asked."""


def lint(claim: Linted) -> None:
    """Let a claim pass that breaks no rule.

    Raises
    ------
    UnsafeClaimError
        For the first rule it breaks.
    """
    for rule in RULES:
        if rule.breaks(claim):
            raise UnsafeClaimError(claim, rule=rule)
