"""The best portfolio under a budget, and the proof of how near to the best it is.

At most one candidate an area is chosen, so that the value is largest and every limit is kept: a multiple-choice
knapsack (Kellerer, Pferschy and Pisinger, *Knapsack Problems*, 2004, chapter 11) with shared masts and hubs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from layers.errors import LayerError, examples, several

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NO_FACILITY = -1
NO_GROUP = -1


class CandidatesError(LayerError):
    """The candidates cannot be read: a cost that is no cost, a value that is no value, lengths that differ."""


class ImpossibleChoiceError(LayerError):
    """No portfolio keeps every limit; the message names the one that bites."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """What could be done, one entry a candidate: an intervention in an area.

    Parameters
    ----------
    area
        Place of its area, from 0; at most one candidate an area is chosen.
    cost
        Its own cost in GBP, above 0.
    value
        What is maximised, at least 0.
    kind
        Place of its intervention, from 0.
    facility
        Place of the mast or hub that must be open for it, or `NO_FACILITY`.
    facility_cost
        Of each facility in GBP, at least 0, paid once however many candidates use it. It counts towards the budget
        and towards no group: a mast that two councils share is neither's.

    Raises
    ------
    CandidatesError
        If lengths differ, a cost is NaN, infinite, negative or nothing, a value is NaN, infinite or negative, two
        candidates have the same area, kind and facility, or a facility is not listed.
    """

    area: Places
    cost: Floats
    value: Floats
    kind: Places
    facility: Places
    facility_cost: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Hold every column to its meaning."""
        for name, dtype in _COLUMNS.items():
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=dtype))
        _check_lengths(self)
        _refuse("cost", self.cost, self.cost > 0, expected="pounds above 0")
        _refuse("value", self.value, self.value >= 0, expected="a number of at least 0")
        _refuse("facility_cost", self.facility_cost, self.facility_cost >= 0, expected="pounds of at least 0")
        _refuse("area", self.area, self.area >= 0, expected="places counted from 0")
        listed = (self.facility >= NO_FACILITY) & (self.facility < len(self.facility_cost))
        _refuse("facility", self.facility, listed, expected=f"{NO_FACILITY} or a place in facility_cost")
        _refuse_duplicates(self)

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.area)

    @property
    def areas(self) -> int:
        """Count the areas, those without a candidate below the highest place included."""
        return int(self.area.max(initial=-1)) + 1


_COLUMNS: dict[str, type] = {
    "area": np.int64,
    "cost": np.float64,
    "value": np.float64,
    "kind": np.int64,
    "facility": np.int64,
    "facility_cost": np.float64,
}


@dataclass(frozen=True, eq=False)
class PortfolioLimits:
    """What a portfolio must keep.

    Parameters
    ----------
    budget
        GBP, at least 0: candidates and opened facilities together cost no more.
    must, must_not
        Areas that are served in any case, and areas that are not served.
    group
        One entry an area: the place of its group, such as a council, or `NO_GROUP`. Empty without groups.
    spend_floor, spend_ceiling
        By group, GBP: the least and the most that its areas' candidates cost.
    value_floor, value_ceiling
        By group: the least and the most value in its areas.
    flagged, at_least
        One entry an area (deprived, for example), and how many flagged areas are served at least.
    area_names, group_names
        What messages call them; without names, by their places.
    """

    budget: float
    must: Sequence[int] = ()
    must_not: Sequence[int] = ()
    group: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    spend_floor: Mapping[int, float] = field(default_factory=dict)
    spend_ceiling: Mapping[int, float] = field(default_factory=dict)
    value_floor: Mapping[int, float] = field(default_factory=dict)
    value_ceiling: Mapping[int, float] = field(default_factory=dict)
    flagged: Flags = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    at_least: int = 0
    area_names: Sequence[str] = ()
    group_names: Sequence[str] = ()


@dataclass(frozen=True)
class Prices:
    """What one unit more of each limit would change, in value (the shadow prices of the relaxed choice).

    Parameters
    ----------
    budget
        Value that one pound more would bring.
    spend_floor, spend_ceiling, value_floor, value_ceiling
        By group: value that one pound, or one unit of value, less of the floor or more of the ceiling would bring.
    at_least
        Value that serving one flagged area less would bring.
    must, must_not
        By area: value that would be gained if it were free again; 0 where the choice would be the same.
    """

    budget: float
    spend_floor: Mapping[int, float] = field(default_factory=dict)
    spend_ceiling: Mapping[int, float] = field(default_factory=dict)
    value_floor: Mapping[int, float] = field(default_factory=dict)
    value_ceiling: Mapping[int, float] = field(default_factory=dict)
    at_least: float = 0.0
    must: Mapping[int, float] = field(default_factory=dict)
    must_not: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Choice:
    """A portfolio, and how near to the best one it is proved to be.

    Parameters
    ----------
    chosen
        Places of the chosen candidates, ascending.
    opened
        Places of the facilities they need, ascending.
    spend, value
        Of the whole portfolio: GBP, and what is maximised.
    bound
        No portfolio within the limits has more value than this.
    prices
        What each limit costs at the margin.
    greedy_value
        Value of the portfolio that takes the cheapest value first and stops at the budget; NaN where that breaks a
        limit, as it knows none but the budget, must and must not.
    """

    chosen: Places
    opened: Places
    spend: float
    value: float
    bound: float
    prices: Prices
    greedy_value: float

    @property
    def gap(self) -> float:
        """Return the share of the bound that is not reached: the choice is at most so far from the best."""
        return max(0.0, self.bound - self.value) / self.bound if self.bound > 0 else 0.0

    @property
    def price(self) -> float:
        """Return the value that one pound more would bring at the margin."""
        return self.prices.budget


def _check_lengths(candidates: Candidates) -> None:
    lengths = {name: len(getattr(candidates, name)) for name in _COLUMNS if name != "facility_cost"}
    if len(set(lengths.values())) > 1:
        raise CandidatesError(
            "The columns of the candidates differ in length.",
            found=", ".join(f"{name} {length:,}" for name, length in lengths.items()),
            next_step="give one entry a candidate in each",
        )


def _refuse(column: str, values: Floats | Places, good: Flags, *, expected: str) -> None:
    bad = np.flatnonzero(~(good & np.isfinite(values)))
    if len(bad):
        raise CandidatesError(
            f"{several(len(bad), 'candidate has', 'candidates have')} a {column} that cannot be.",
            column=column,
            rows=examples(bad.tolist()),
            expected=expected,
            found=examples(values[bad].tolist()),
            next_step="mend or leave out these candidates; what is not known is no candidate",
        )


def _refuse_duplicates(candidates: Candidates) -> None:
    key = np.stack([candidates.area, candidates.kind, candidates.facility], axis=1)
    _, first, count = np.unique(key, axis=0, return_index=True, return_counts=True)
    twice = first[count > 1]
    if len(twice):
        raise CandidatesError(
            f"{several(len(twice), 'candidate is', 'candidates are')} listed more than once.",
            rows=examples(twice.tolist()),
            expected="one candidate for an area, an intervention and a facility",
            next_step="leave each only once, or premises would be counted twice",
        )
