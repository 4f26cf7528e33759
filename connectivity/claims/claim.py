"""What a sentence claims, typed: whose figures, about which place, from lowest to highest. `statements` words them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connectivity.manifest import Manifest
from layers.ledger import MONTHS

ProfileKey = Literal["remote", "digital"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence whose first words carry the number, so that a page may mark them."""

    marked: str
    rest: str

    def __str__(self) -> str:
        """Join the sentence."""
        return self.marked + self.rest


@dataclass(frozen=True, slots=True)
class Basis:
    """What every figure of a study rests on.

    Names are in words; `basis` is ``availability`` or ``measured sync speeds``; `modelled` is about the figures within
    a council; `need` lists what need is marked by, with its year; `notice` says that the figures must not be published.
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
    def measured(self) -> bool:
        """Whether the figures are measured speeds of lines, not what was on sale."""
        return self.unit == "lines"


@dataclass(frozen=True, slots=True)
class Gap:
    """How many of all premises (or lines) of a place cannot do an activity: lowest, best and highest estimate.

    The profile is ``remote`` (one home worker) or ``digital`` (an essential online service).
    """

    place: str
    low: float
    best: float
    high: float
    premises: float
    profile: ProfileKey

    @classmethod
    def of(cls, row: Mapping[Any, Any], *, profile: ProfileKey, place: str | None = None) -> Gap:
        """Take one area's counts off its row of a build; it is named after the area, or `place`."""
        low, best, high = (float(row[f"{profile}_infeasible{end}"]) for end in ("_low", "", "_high"))
        return cls(place or str(row["area_name"]), low, best, high, float(row["premises"]), profile)


def total(claims: Sequence[Gap], *, place: str) -> Gap:
    """Add up places into one claim; the range is the sum of the ranges, so it is as wide as it can be."""
    return Gap(
        place,
        sum(claim.low for claim in claims),
        sum(claim.best for claim in claims),
        sum(claim.high for claim in claims),
        sum(claim.premises for claim in claims),
        claims[0].profile,
    )
