"""What a sentence claims, typed and without language: figures of a place, what they rest on, where they come from.

A claim's key names its wording: ``places.remote`` is worded in `connectivity.claims.about_places`, which registers a
function for it. So a new sentence is written in one place, and nothing is said that the linter refuses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, Protocol, Self

import pandas as pd

from connectivity.claims.grammar import SHOWN, between, counted_noun, estimate, lead_of, number, rounded_alike, span
from connectivity.claims.linter import lint, lint_words
from connectivity.manifest import MANIFEST, Accounted, Manifest
from connectivity.method.feasibility import has_count
from connectivity.robustness.tiers import RANGE, of_draws
from connectivity.robustness.tiers import Key as TierKey
from layers.ledger import MONTHS

WHOLE = 0.5
"""Premises that a range of drawn sums must span: draws are kept in small steps, which alone make a range of less."""
ProfileKey = Literal["remote", "digital"]
WorkerKey = Literal["remote", "household", "business"]
"""Whose work the count of a home worker is about: the study's one worker, or whom a reader asked for."""
Form = Literal["headline", "card", "cell", "quotation", "plain"]
"""A sentence with its number marked; a shorter one; a line for a table or a label; one to quote; text alone."""


class Sentence(str):
    """A sentence that knows the words that carry its number, so that a page may mark them.

    Examples
    --------
    >>> said = Sentence("58 of 212", " lines.", before="In 2013, ")
    >>> said.before, said.marked, said.rest, str(said)
    ('In 2013, ', '58 of 212', ' lines.', 'In 2013, 58 of 212 lines.')
    """

    __slots__ = ("before", "marked", "rest")

    before: str
    marked: str
    rest: str

    def __new__(cls, marked: str, rest: str = "", *, before: str = "") -> Self:
        """Join the sentence: what comes before the number, the number, and what follows it."""
        said = super().__new__(cls, before + marked + rest)
        said.before, said.marked, said.rest = before, marked, rest
        return said

    def __str__(self) -> str:
        """Return the whole sentence as plain text."""
        return self.before + self.marked + self.rest


@dataclass(frozen=True, slots=True)
class Basis:
    """What every figure of a study rests on.

    Names are in words; `basis` is ``availability`` or ``measured sync speeds``; `modelled` is about the figures within
    a council; `need` lists what need is marked by, with its year; `notice` says that the figures must not be published.
    `worker` and `file` differ where a reader asked for another count: whose work it is about, and what it is made from.
    `packed` claims leave the building, where nothing of a build whose data are marked red may go. `finest` is the
    smallest place that the source has counts for; it stays so for what is published of a whole council.
    """

    study: str
    release: str
    unit: Literal["premises", "lines"]
    basis: str
    counts_fwa: bool
    counts_mobile: bool
    modelled: bool
    need: tuple[str, ...] = ()
    notice: str | None = None
    worker: WorkerKey = "remote"
    file: str = "areas.parquet"
    packed: bool = False
    finest: Literal["area", "council"] = "area"

    @classmethod
    def of(cls, manifest: Manifest) -> Basis:
        """Read the basis off a manifest."""
        return cls(
            study=manifest.study,
            release=manifest.release,
            unit=manifest.unit,
            basis=manifest.basis,
            counts_fwa=manifest.counts_fwa,
            counts_mobile=manifest.counts_mobile,
            modelled=manifest.coverage_modelled,
            need=tuple(sorted(one.label for one in manifest.indicators_of("need"))),
            notice=manifest.do_not_publish,
            finest="council" if manifest.coverage_modelled else "area",
        )

    def quotable(self, sentence: str) -> str:
        """Return a sentence as it may be copied: behind the notice, where there is one.

        >>> Basis("S", "2013", "lines", "measured sync speeds", False, False, False, notice="Do not.").quotable("“1.”")
        'Do not. “1.”'
        """
        return f"{self.notice} {sentence}" if self.notice else sentence

    @property
    def place(self) -> str:
        """The study's name as a place: without the date that ends it.

        >>> Basis("Two shires, March 2013", "2013", "lines", "measured sync speeds", False, False, False).place
        'Two shires'
        """
        return re.sub(rf",?(?: (?:{'|'.join(MONTHS)}))? \d{{4}}$", "", self.study)

    @property
    def published(self) -> Basis:
        """The same for figures that are not modelled even in a modelled study, such as how many premises there are."""
        return replace(self, modelled=False)

    @property
    def measured(self) -> bool:
        """Whether the figures are measured speeds of lines, not what was on sale."""
        return self.unit == "lines"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a claim's figures can be found again.

    Attributes
    ----------
    file
        Of the build's folder.
    column
        Its best estimate; the ends of the range are in the columns of the same name with ``_low`` and ``_high``.
    areas
        Codes of the rows that are added up; none where the claim was not made from single areas.
    decimals
        To how many decimals the file has it.
    about
        ``area`` where the figure is said of one small area.
    """

    file: str = "areas.parquet"
    column: str = ""
    areas: tuple[str, ...] = ()
    decimals: int = 2
    about: Literal["", "area"] = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a place: its lowest, best and highest estimate, of how many, and what it rests on.

    Attributes
    ----------
    key
        Subject and sentence, such as ``places.remote``: premises that cannot support one home worker.
    place
        What the figure is about, as it is called.
    low, best, high, of
        Figures, not rounded; `of` is the whole they are part of, NaN where no whole is said.
    basis
        What every figure of the study rests on.
    unit
        What is counted: ``premises``, ``lines``, ``people``, ``places`` or ``rank``; the study's own unit if empty.
    within
        What the place lies in, where that has to be said; None for one that needs no saying, such as a council.
    tier
        How sure we are of it, where it was drawn.
    combines
        ``product`` where the figure is a product of two shares, ``bounds`` where it is what two shares allow,
        ``difference`` where it is one of two figures.
    better
        What a claim of “worse than” is made against: the other place and the probability that it is so.
    percent
        Whether it is said as a percentage.
    details
        Further figures and names the sentence needs, by key.
    provenance
        Where it can be found again.
    estimated
        Whether it was reckoned from other figures, as people are from premises, and so is never a published count.
    drawn
        Whether `low` and `high` hold it in nine of ten draws; only then may a modelled figure have two equal ends.
    """

    key: str
    place: str
    low: float
    best: float
    high: float
    of: float
    basis: Basis
    unit: str = ""
    within: str | None = None
    tier: TierKey | None = None
    combines: Literal["", "product", "bounds", "difference"] = ""
    better: tuple[str, float] | None = None
    percent: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    provenance: Provenance = Provenance()
    estimated: bool = False
    drawn: bool = False

    def __post_init__(self) -> None:
        """Close the record: its unit is the study's unless given, and its details stay as they are."""
        object.__setattr__(self, "unit", self.unit or self.basis.unit)
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))

    @classmethod
    def of_row(
        cls,
        row: Mapping[Any, Any],
        *,
        profile: ProfileKey,
        basis: Basis,
        place: str | None = None,
        within: str | None = None,
    ) -> Claim:
        """Return the claim that one area's row of a build makes; it is named after the area, or `place`."""
        column = f"{profile}_infeasible"
        low, best, high = (float(row[f"{column}{end}"]) for end in ("_low", "", "_high"))
        codes = (str(row["area_code"]),) if "area_code" in row else ()
        return cls(
            f"places.{profile}",
            place or str(row["area_name"]),
            low,
            best,
            high,
            float(row["premises"]),
            basis,
            within=within,
            provenance=Provenance(basis.file, column, codes, about="area" if codes else ""),
            drawn=basis.modelled,  # a modelled build has no other range
        )

    @classmethod
    def of_places(
        cls,
        key: str,
        place: str,
        count: float,
        *,
        of: float,
        basis: Basis,
        details: Mapping[str, Any] | None = None,
        provenance: Provenance | None = None,
    ) -> Claim:
        """Return a claim on how many places of all in `place`; the other counts it needs are its details."""
        told, found = details or {}, provenance or Provenance()
        return cls(key, place, count, count, count, of, basis, unit="places", details=told, provenance=found)

    @classmethod
    def of_rank(
        cls,
        key: str,
        place: str,
        position: float,
        *,
        of: float,
        basis: Basis,
        between: tuple[float, float] | None = None,
        details: Mapping[str, Any] | None = None,
        provenance: Provenance | None = None,
    ) -> Claim:
        """Return a claim on a rank among `of` places.

        Parameters
        ----------
        position
            1 is the worst.
        between
            5th and 95th of 100 of its ranks; None where none were drawn for it, which the wording has to say.
        """
        low, high = between or (math.nan, math.nan)
        told, found = {**(details or {}), "untested": between is None}, provenance or Provenance(column="severity_rank")
        return cls(key, place, low, position, high, of, basis, unit="rank", details=told, provenance=found)

    @classmethod
    def of_unscored(cls, row: Mapping[Any, Any], *, basis: Basis, place: str | None = None) -> Claim:
        """Return the claim on how much of an area without a score no speed is published for; the reason is a detail."""
        known = {name: float(row[name]) for name in ("premises", "premises_unknown")}
        unknown, premises = (
            0.0 if math.isnan(known[name]) else known[name] for name in ("premises_unknown", "premises")
        )
        codes = (str(row["area_code"]),) if "area_code" in row else ()
        return cls(
            "places.not_enough",
            place or str(row["area_name"]),
            unknown,
            unknown,
            unknown,
            premises,
            basis.published,
            details={"reason": str(row["status"]), "spread": basis.modelled},
            provenance=Provenance(column="premises_unknown", areas=codes, decimals=0),
        )

    @classmethod
    def of_accounts(cls, premises: Accounted, areas: Accounted, *, place: str, basis: Basis) -> Claim:
        """Return the claim on what became of all premises (or lines) of a place, and of its areas."""
        scored = float(premises.scored)
        return cls(
            "places.accounting",
            place,
            scored,
            scored,
            scored,
            float(premises.total),
            basis.published,
            details={"premises": premises, "areas": areas},
            provenance=Provenance(file=MANIFEST, column="premises", decimals=0),
        )

    @property
    def premises(self) -> float:
        """All premises (or lines) of the place."""
        return self.of

    @property
    def profile(self) -> ProfileKey:
        """What cannot be done: ``remote`` (one home worker) or ``digital`` (an essential online service)."""
        return "digital" if self.key.endswith(".digital") else "remote"

    @property
    def modelled(self) -> bool:
        """Whether the figure is modelled or reckoned from others, not published."""
        return self.basis.modelled or self.estimated

    @property
    def noun(self) -> str:
        """What is counted, as the best estimate wants it: “person”, “places”."""
        return counted_noun(self.unit, self.best)

    @property
    def estimate(self) -> str:
        """The best estimate as a sentence begins with it where no whole is said: “about 120”, “almost none”."""
        return estimate(self.low, self.best, self.high, modelled=self.modelled)

    @property
    def span(self) -> str:
        """The range, “41 to 97”; in full where hundreds would hide it, empty where both ends read alike."""
        return span(self.low, self.high) or span(self.low, self.high, exact=True)

    @property
    def settled(self) -> str:
        """Say of a modelled figure whose ends read alike that the draws gave them, “the same in 9 of 10 draws”."""
        return f"the same in {of_draws(RANGE)}" if self.drawn and self.modelled and not self.span else ""

    @property
    def could(self) -> str:
        """The range at the end of a line: “, could be 41 to 97”; empty where there is none."""
        return f", could be {self.span}" if self.span else f", {self.settled}" if self.settled else ""

    @property
    def could_be(self) -> str:
        """The range as a sentence that follows: “ It could be 41 to 97.”; empty where there is none."""
        return f" It could be {self.span}." if self.span else f" It is {self.settled}." if self.settled else ""

    @property
    def in_brackets(self) -> str:
        """The range in brackets after a figure: “ (could be 41 to 97)”; empty where there is none."""
        return f" ({self.could.removeprefix(', ')})" if self.could else ""

    @property
    def lead(self) -> tuple[str, str]:
        """The best estimate and its whole as a sentence begins with them: “about 58”, “212”."""
        return lead_of(self.low, self.best, self.high, self.of, modelled=self.modelled)

    @property
    def said_best(self) -> str:
        """The best estimate alone, under a heading that says that it is one; rounded as its whole is."""
        return number(self.best)

    @property
    def said_range(self) -> str:
        """Both ends of the range, under a heading that says what they are."""
        return between(self.low, self.high)

    @property
    def said_of(self) -> str:
        """The whole, rounded as the best estimate is."""
        return rounded_alike(self.best, self.of)[1]

    def of_whole_councils(self) -> Claim:
        """Return the claim, made of all the areas of one council or more, as one on what was published for them.

        The model only spreads what was published: over all of a council it adds up to it again. So a total without any
        range is that figure, and no “about” stands before it. Where premises have no published speed, upload is
        inferred or shares were combined, the total has a range: it is an estimate, and stays modelled.
        """
        wide = self.high - self.low >= (WHOLE if self.drawn else SHOWN)
        return self if wide else replace(self, basis=self.basis.published)

    def as_share(self) -> Claim:
        """Return the claim as one on the share of the whole, said as a percentage."""
        return replace(self, key="places.share", percent=True)

    def lying_in(self, within: str | None) -> Claim:
        """Return the same claim, saying what its place lies in."""
        return replace(self, within=within)

    def say(self, form: Form = "headline") -> Sentence:
        """Return the claim in words.

        Raises
        ------
        UnsafeClaimError
            When a rule of :mod:`connectivity.claims.linter` refuses it.
        """
        lint(self)
        said = wording_of(self.key)(self, "headline" if form == "plain" else form)
        lint_words(self, said, form=form)
        return Sentence("", str(said)) if form == "plain" else said


def summed(
    areas: pd.DataFrame, *, place: str, profile: ProfileKey, basis: Basis, drawn: SumsDrawn | None = None
) -> Claim:
    """Return the claim on all areas of a build's table that have a count, added up.

    Parameters
    ----------
    areas
        Rows of a build, index ``area_code``.
    place
        What they make.
    profile
        Of whose counts.
    basis
        Of the build.
    drawn
        Its drawn counts, where it is modelled; see :func:`total`.
    """
    column = f"{profile}_infeasible"
    rows = areas.loc[has_count(areas["status"]), ["premises", f"{column}_low", column, f"{column}_high"]]
    sums = {"area_name": place, **rows.sum()}
    if drawn is not None and basis.modelled:
        low, high = drawn.range_of(pd.Series(1.0, index=rows.index), profile=profile)
        sums |= {f"{column}_low": min(low, sums[column]), f"{column}_high": max(high, sums[column])}
    claim = Claim.of_row(sums, profile=profile, basis=basis)
    return replace(claim, provenance=replace(claim.provenance, areas=tuple(map(str, rows.index))))


class SumsDrawn(Protocol):
    """Drawn counts: :class:`connectivity.robustness.count_draws.CountDraws` is one."""

    def range_of(self, weights: pd.Series, *, profile: str) -> tuple[float, float]:
        """Return between which counts some areas together lie in nine of ten draws."""


def total(claims: Sequence[Claim], *, place: str, drawn: SumsDrawn | None = None) -> Claim:
    """Return the claim on all places together.

    Parameters
    ----------
    claims
        Of single areas, all with one key.
    place
        What they make.
    drawn
        Drawn counts of a modelled build: the range is then that of the sum in nine of ten draws. Without them it is
        the sum of the ranges, as wide as it can be, which is right only for figures published for each place.
    """
    first = claims[0]
    low, best, high, of = (sum(getattr(claim, end) for claim in claims) for end in ("low", "best", "high", "of"))
    areas = tuple(code for claim in claims for code in claim.provenance.areas)
    if drawn is not None and first.modelled:
        least, most = drawn.range_of(pd.Series(1.0, index=list(areas)), profile=first.profile)
        low, high = min(least, best), max(most, best)
    return Claim(
        first.key,
        place,
        low,
        best,
        high,
        of,
        first.basis,
        unit=first.unit,
        provenance=replace(first.provenance, areas=areas),
        drawn=drawn is not None and first.modelled,
    )


Wording = Callable[[Claim, Form], Sentence]
_WORDINGS: dict[str, Wording] = {}


def wording(*keys: str) -> Callable[[Wording], Wording]:
    """Register a function as the words of claims with these keys."""

    def register(function: Wording) -> Wording:
        for key in keys:
            if key in _WORDINGS:
                raise ValueError(f"{key} is worded twice: by {_WORDINGS[key].__qualname__} and {function.__qualname__}")
            _WORDINGS[key] = function
        return function

    return register


def wording_of(key: str) -> Wording:
    """Return the function that words a key; its module is the subject's, read when it is first needed.

    Raises
    ------
    KeyError
        When no sentence has the key.
    """
    if key not in _WORDINGS:
        import_module(f"connectivity.claims.about_{key.partition('.')[0]}")
    return _WORDINGS[key]
