"""Rules that refuse an unsafe claim, each with its reason; a claim is said only when none of them does.

Most rules read the record: a new one is one record in `RULES`. What only words can get wrong, such as a speed on sale
called one that was had, is read off the words: such a rule is one record in `WORDING_RULES`.
"""

from __future__ import annotations

import math
import re
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

    @property
    def finest(self) -> str:
        """The smallest place that the source has a figure for: ``area`` or ``council``."""

    @property
    def packed(self) -> bool:
        """Whether the claim leaves the building in a pack."""

    @property
    def notice(self) -> str | None:
        """What must be said first of data that are marked red."""


class FoundIn(Protocol):
    """What a rule reads of where a claim's figures come from."""

    @property
    def column(self) -> str:
        """The column they are in."""

    @property
    def about(self) -> str:
        """The size of the place they are said of: ``area`` for one small area, else empty."""


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

    @property
    def provenance(self) -> FoundIn:
        """Where its figures come from."""


class UnsafeClaimError(ValueError):
    """A claim that must not be worded as it is."""

    def __init__(self, claim: Linted, *, rule: Rule | WordingRule) -> None:
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


@dataclass(frozen=True, slots=True)
class WordingRule:
    """One rule on the words of a claim.

    Attributes
    ----------
    key, reason, source
        As of a :class:`Rule`.
    breaks
        Whether words break it: a claim, what is said of it, and in which form.
    """

    key: str
    reason: str
    source: str
    breaks: Callable[[Linted, str, str], bool]


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


def difference_of_ranks(claim: Linted) -> bool:
    """Say whether a difference of ranks is said as a change."""
    return claim.unit == "rank" and (claim.combines == "difference" or claim.key.startswith("change."))


MOBILE = ("indoor_4g", "mobile")
"""How the columns of mobile coverage begin, which is published for whole councils."""


def councils_mobile_for_an_area(claim: Linted) -> bool:
    """Say whether a small area is given its council's mobile figure: it may bound a count, never tell areas apart."""
    return claim.provenance.about == "area" and claim.provenance.column.startswith(MOBILE)


def finer_than_source(claim: Linted) -> bool:
    """Say whether a small area's figure is said as published where the source has one for its council alone."""
    return claim.provenance.about == "area" and claim.basis.finest == "council" and not claim.modelled


def marked_red(claim: Linted) -> bool:
    """Say whether a claim of a build whose data are marked red is to leave the building."""
    return claim.basis.packed and claim.basis.notice is not None


MONEY_ROOM = "investment."
"""How the keys of claims about money and plans begin."""


def cost_without_range(claim: Linted) -> bool:
    """Say whether a cost that no one has offered is said as one figure."""
    known = math.isfinite(claim.low) and math.isfinite(claim.high)
    return claim.key.startswith(MONEY_ROOM) and claim.unit == "pounds" and not (known and claim.low < claim.high)


def kinds_of_money_added(claim: Linted) -> bool:
    """Say whether a sum holds money of different kinds, such as a subsidy and what a firm pays."""
    return len(set(claim.details.get("kinds", ()))) > 1


def portfolio_without_gap(claim: Linted) -> bool:
    """Say whether a portfolio is shown without how near to the best it is proved to be."""
    gap = claim.details.get("gap", math.nan)
    return claim.key == f"{MONEY_ROOM}portfolio" and not (isinstance(gap, float) and 0 <= gap <= 1)


def few_people_named(claim: Linted) -> bool:
    """Say whether so few people are spoken of in a plan that one could be known."""
    return claim.key.startswith(MONEY_ROOM) and claim.unit == "people" and 0 < claim.best < FEWEST.value


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
    Rule(
        "difference of ranks",
        "A rank moves when others move: a difference of two says nothing of what changed in the place.",
        "method §4",
        difference_of_ranks,
    ),
    Rule(
        "council's mobile figure",
        "Mobile coverage is published for a council: it may bound a small area's count and tells nothing of the area.",
        "method §2",
        councils_mobile_for_an_area,
    ),
    Rule(
        "finer than its source",
        "The source has one figure for the council: what is said of a small area is modelled, and has to be said so.",
        "method §2",
        finer_than_source,
    ),
    Rule(
        "red light",
        "What is known to be unfit to publish must not leave the building in a pack.",
        "method §3",
        marked_red,
    ),
    Rule(
        "cost without a range",
        "What a scheme costs is known when a contract is signed: until then it is an estimate, and has a range.",
        "method §8",
        cost_without_range,
    ),
    Rule(
        "kinds of money added",
        "Subsidy is not all the money: added to what firms or households pay it is the price of nothing.",
        "method §8",
        kinds_of_money_added,
    ),
    Rule(
        "portfolio without its gap",
        "A portfolio that is not proved to be near the best may be one of many, and nobody could tell.",
        "method §8",
        portfolio_without_gap,
    ),
    Rule(
        "few people in a plan",
        f"Under {FEWEST.value:g} people somebody could be known.",
        "method §3 and §8",
        few_people_named,
    ),
)
"""In the order in which they are asked."""
ON_SALE = re.compile(
    r"\b(?:availab\w+|cannot (?:support|use|get)|could not get|can get|on offer|homes and businesses)\b"
)
"""Words for what can be bought, and for the buildings it is sold to."""
HAD = re.compile(r"\b(?:did not achieve|achieved|fell short|measured sync speeds)\b")
"""Words for the speeds of lines that people had."""
COUNTS = frozenset({"premises", "lines", "people", "rank"})
"""Units of figures that a model may have made."""
RIGHT = re.compile(
    r"\b(?:universal service|legal right|right to (?:ask for )?decent broadband|(?<!below the )(?<!“)USO)\b"
)
"""Names of the right to ask for a line; a name in quotes is the heading of a published column."""


def modelled_without_the_word(claim: Linted, said: str, form: str) -> bool:
    """Say whether a modelled figure is to be quoted without the word: who reads it elsewhere has no other."""
    return form == "quotation" and claim.basis.modelled and claim.unit in COUNTS and "modelled" not in said


def had_called_on_sale(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether speeds that lines had are said as speeds on sale, or lines as premises."""
    return claim.basis.measured and ON_SALE.search(said) is not None


def on_sale_called_had(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether speeds on sale are said as speeds that lines had."""
    return not claim.basis.measured and HAD.search(said) is not None


def right_without_fixed_wireless(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether the universal service is named without whether fixed wireless meets it."""
    return RIGHT.search(said) is not None and "fixed wireless" not in said.casefold()


OFFERED = re.compile(
    r"\b(?:will cost|costs exactly|is priced at|has been quoted|(?<!not a )(?<!no )quote)\b", re.IGNORECASE
)
"""Words for a price that someone has offered."""
VALUE = re.compile(r"\bvalue for money\b", re.IGNORECASE)
PROMISE = re.compile(
    r"\b(?:promised|planned)\b[^.]*\b(?:are|is|was|were|have been|has been) (?:built|connected|served)\b"
)
"""A promise that is said as if it had been kept."""


def cost_as_a_quote(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether an estimate of a cost is worded as a price someone has offered."""
    return claim.key.startswith(MONEY_ROOM) and OFFERED.search(said) is not None


def worth_from_one_ratio(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether a plan is called value for money."""
    return claim.key.startswith(MONEY_ROOM) and VALUE.search(said) is not None


def promise_as_a_build(claim: Linted, said: str, form: str) -> bool:  # noqa: ARG001 - in every form
    """Say whether what was promised is said to have been built."""
    return PROMISE.search(said) is not None


FILES_ROOM = "quality."
"""Claims on files, which name the headings and the rules of whoever published them."""
WORDING_RULES = (
    WordingRule(
        "modelled without the word",
        "A quoted figure has nothing beside it that says that it is modelled.",
        "method §2",
        modelled_without_the_word,
    ),
    WordingRule(
        "measured called available",
        "Speeds that lines had say nothing of what was on sale, and lines are not premises.",
        "method §2",
        had_called_on_sale,
    ),
    WordingRule(
        "available called measured",
        "What is on sale is not what people have: a line on sale was never measured.",
        "method §2",
        on_sale_called_had,
    ),
    WordingRule(
        "universal service without fixed wireless",
        "Whether fixed wireless counts moves the number the right reaches several times over.",
        "method §1 and §2",
        right_without_fixed_wireless,
    ),
    WordingRule(
        "cost as a quote",
        "A level from other places’ contracts is no price that anyone has offered here.",
        "method §8",
        cost_as_a_quote,
    ),
    WordingRule(
        "value for money from one ratio",
        "Pounds for each premises say nothing of what is left out: no ratio passes or fails a plan.",
        "method §8",
        worth_from_one_ratio,
    ),
    WordingRule(
        "promise as a build",
        "Contracts are ended, cut and let again: what is promised is not there.",
        "method §8",
        promise_as_a_build,
    ),
)
"""In the order in which they are asked."""


def lint_words(claim: Linted, said: str, *, form: str) -> None:
    """Let words of a claim pass that break no rule.

    Raises
    ------
    UnsafeClaimError
        For the first rule they break.
    """
    if claim.key.startswith(FILES_ROOM):
        return
    ours = said
    for name in (claim.place, claim.better[0] if claim.better else ""):
        ours = ours.replace(name, "") if name else ours  # a place may be called anything
    for rule in WORDING_RULES:
        if rule.breaks(claim, ours, form):
            raise UnsafeClaimError(claim, rule=rule)


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
