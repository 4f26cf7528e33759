"""The best portfolio under a budget, and the proof of how near to the best it is.

At most one candidate an area is chosen, so that the value is largest and every limit is kept: a multiple-choice
knapsack (Kellerer, Pferschy and Pisinger, *Knapsack Problems*, 2004, chapter 11) with shared masts and hubs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from connectivity.investment.exact_core import EXACT, solve
from connectivity.investment.relaxation import SLACK, Multipliers, Program, hull_steps, keeps_limits, totals
from connectivity.investment.solver import Deadline
from layers.errors import LayerError, examples, several

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NO_FACILITY = -1
NO_GROUP = -1
WITHIN = 1e-4
"""Share of the best that a choice may miss: far below what is known of costs and counts (assumption)."""
DEADLINE = 30.0
"""Seconds after which a choice is what was found so far (assumption: as long as one waits for a plan)."""
EXPLAINED = 5.0
"""Seconds for finding out which of several limits bites (assumption)."""


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
        Value of the portfolio that takes the most value per pound first; NaN where that breaks a limit, as it knows
        none but the budget, must and must not.
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


# --- The choice ---------------------------------------------------------------------------------------------------


def choose_portfolio(
    candidates: Candidates, *, limits: PortfolioLimits, within: float = WITHIN, deadline: float | None = DEADLINE
) -> Choice:
    """Return the portfolio of most value that keeps every limit, with the proof of how near to the best it is.

    The order of the candidates does not matter. With `within=0` it is the best portfolio; of several as good the
    cheapest, and of several as cheap the one with the lowest areas.

    Parameters
    ----------
    candidates
        What could be done.
    limits
        What the portfolio must keep.
    within
        Share of the bound that may be missing: solving stops there.
    deadline
        Seconds by the clock after which the best so far is returned, with the gap proved so far; None for none.

    Raises
    ------
    ImpossibleChoiceError
        If no portfolio keeps every limit; the message says which bites.

    Examples
    --------
    Three villages and £100,000. The second has the most value for a pound, and then no other fits:

    >>> villages = Candidates(
    ...     area=[0, 1, 2], cost=[50_000, 60_000, 50_000], value=[50, 66, 50], kind=[0, 0, 0], facility=[-1, -1, -1]
    ... )
    >>> best = choose_portfolio(villages, limits=PortfolioLimits(budget=100_000), within=0)
    >>> best.chosen.tolist(), best.value, best.gap, best.greedy_value
    ([0, 2], 100.0, 0.0, 66.0)
    """
    check_limits(candidates, limits=limits)
    program, order = _program(candidates, limits=limits)
    solution = solve(program, within=within, deadline=Deadline(deadline))
    if solution.chosen is None:
        raise _impossible_together(program, proved=solution.bound == -np.inf)
    chosen = np.sort(order[solution.chosen])
    opened = np.unique(candidates.facility[chosen])
    opened = opened[opened != NO_FACILITY]
    value = float(candidates.value[chosen].sum())
    noise = EXACT * float(candidates.value.max(initial=0.0))
    return Choice(
        chosen=chosen,
        opened=opened,
        spend=float(candidates.cost[chosen].sum() + candidates.facility_cost[opened].sum()),
        value=value,
        bound=solution.bound if solution.bound > value + noise else value,  # sums of floats differ in the last digits
        prices=_prices(candidates, limits=limits, prices=solution.prices, order=order),
        greedy_value=_greedy_value(program),
    )


@dataclass(frozen=True, eq=False)
class ChoiceDifference:
    """Who gains and who loses between two choices.

    Parameters
    ----------
    served, dropped
        Areas that are served only in the second, and only in the first.
    changed
        Areas served by another candidate in the second.
    value, spend
        By how much the second has more.
    by_group
        The same difference of value, of each group; empty without groups.
    """

    served: Places
    dropped: Places
    changed: Places
    value: float
    spend: float
    by_group: Floats


def compare_choices(
    candidates: Candidates, before: Choice, after: Choice, *, limits: PortfolioLimits
) -> ChoiceDifference:
    """Return who gains and who loses when one choice takes the place of another: when an area is forced in, say.

    Examples
    --------
    >>> villages = Candidates(area=[0, 1], cost=[5.0, 4.0], value=[9.0, 6.0], kind=[0, 0], facility=[-1, -1])
    >>> free, forced = (choose_portfolio(villages, limits=PortfolioLimits(budget=5, must=must)) for must in ([], [1]))
    >>> change = compare_choices(villages, free, forced, limits=PortfolioLimits(budget=5))
    >>> change.served.tolist(), change.dropped.tolist(), change.value
    ([1], [0], -3.0)
    """
    old, new = candidates.area[before.chosen], candidates.area[after.chosen]
    same = candidates.area[np.intersect1d(before.chosen, after.chosen)]
    difference = np.bincount(new, weights=candidates.value[after.chosen], minlength=candidates.areas)
    difference = difference - np.bincount(old, weights=candidates.value[before.chosen], minlength=candidates.areas)
    group = np.asarray(limits.group, dtype=np.int64)[: candidates.areas]
    inside = group >= 0
    return ChoiceDifference(
        served=np.setdiff1d(new, old),
        dropped=np.setdiff1d(old, new),
        changed=np.setdiff1d(np.intersect1d(old, new), same),
        value=after.value - before.value,
        spend=after.spend - before.spend,
        by_group=np.bincount(group[inside], weights=difference[: len(group)][inside]).astype(float),
    )


# --- From candidates to a program and back ------------------------------------------------------------------------


def _program(candidates: Candidates, *, limits: PortfolioLimits) -> tuple[Program, Places]:
    """Return the choice as a program, and the candidate behind each of its columns.

    Columns are ordered by area, kind and facility, which no two candidates share: so the order in which candidates are
    given changes nothing, not even a rounding error.
    """
    order = np.lexsort((candidates.facility, candidates.kind, candidates.area))
    order = order[~np.isin(candidates.area[order], np.asarray(limits.must_not, dtype=np.int64))]
    areas, area = np.unique(candidates.area[order], return_inverse=True)
    group = np.asarray(limits.group, dtype=np.int64) if len(limits.group) else np.full(candidates.areas, NO_GROUP)
    flagged = np.asarray(limits.flagged, dtype=np.bool_) if len(limits.flagged) else np.zeros(candidates.areas, bool)
    groups = _group_count(limits)
    program = Program(
        gain=candidates.value[order],
        cost=candidates.cost[order],
        value=candidates.value[order],
        area=area.astype(np.int64),
        group=group[candidates.area[order]],
        facility=candidates.facility[order],
        flagged=flagged[candidates.area[order]],
        must=np.isin(areas, np.asarray(limits.must, dtype=np.int64)),
        facility_cost=candidates.facility_cost,
        budget=limits.budget,
        at_least=limits.at_least,
        spend=_least_and_most(limits.spend_floor, limits.spend_ceiling, groups),
        worth=_least_and_most(limits.value_floor, limits.value_ceiling, groups),
    )
    return program, order


def _group_count(limits: PortfolioLimits) -> int:
    return int(np.asarray(limits.group, dtype=np.int64).max(initial=-1)) + 1


def _least_and_most(floors: Mapping[int, float], ceilings: Mapping[int, float], groups: int) -> Floats:
    """Return floor and ceiling of each group; without one, infinity. A floor of nothing is none."""
    result = np.tile([-np.inf, np.inf], (groups, 1)).reshape(groups, 2)
    for group, floor in floors.items():
        result[group, 0] = floor if floor > 0 else -np.inf
    for group, ceiling in ceilings.items():
        result[group, 1] = ceiling
    return result


def _prices(candidates: Candidates, *, limits: PortfolioLimits, prices: Multipliers, order: Places) -> Prices:
    """Return the prices of the limits the user set, those of must and must not among them.

    What an area that must be served loses at the prices, and what one that must not would gain, is the reduced value
    of its best candidate.
    """
    group = np.asarray(limits.group, dtype=np.int64)[candidates.area] if len(limits.group) else None
    flagged = np.asarray(limits.flagged, dtype=np.bool_)[candidates.area] if len(limits.flagged) else 0.0
    reduced = candidates.value - prices.budget * candidates.cost + prices.at_least * flagged
    if group is not None:
        inside = np.flatnonzero(group >= 0)
        reduced[inside] -= prices.spend[group[inside]] * candidates.cost[inside]
        reduced[inside] -= prices.worth[group[inside]] * candidates.value[inside]
    reduced[order] -= prices.link
    best = np.full(candidates.areas, -np.inf)
    np.maximum.at(best, candidates.area, reduced)
    return Prices(
        budget=prices.budget,
        spend_floor={one: max(0.0, -float(prices.spend[one])) for one in limits.spend_floor},
        spend_ceiling={one: max(0.0, float(prices.spend[one])) for one in limits.spend_ceiling},
        value_floor={one: max(0.0, -float(prices.worth[one])) for one in limits.value_floor},
        value_ceiling={one: max(0.0, float(prices.worth[one])) for one in limits.value_ceiling},
        at_least=prices.at_least,
        must={one: max(0.0, -float(best[one])) for one in limits.must},
        must_not={one: max(0.0, float(best[one])) for one in limits.must_not if one < candidates.areas},
    )


def _greedy_value(program: Program) -> float:
    """Return what a spreadsheet would: each area's candidate of most value per pound, best areas first, while they fit.

    It knows no hull and no second thought; the first to use a facility pays for it.
    """
    chosen = np.zeros(len(program.cost), dtype=np.bool_)
    chosen[hull_steps(program).base] = True
    opened = set(program.facility[chosen].tolist()) | {NO_FACILITY}
    left = program.budget - totals(program, chosen).cost
    alone = program.cost + np.where(program.facility >= 0, np.append(program.facility_cost, 0.0)[program.facility], 0.0)
    rate = program.value / alone
    order = np.lexsort((np.arange(len(rate)), -rate))
    served = set(program.area[chosen].tolist())
    entries = zip(order.tolist(), program.area[order].tolist(), program.facility[order].tolist(), strict=True)
    for column, area, facility in entries:
        cost = float((program.cost if facility in opened else alone)[column])
        if area not in served and cost <= left and program.value[column] > 0:
            served.add(area)
            opened.add(facility)
            chosen[column] = True
            left -= cost
    return float(program.value[chosen].sum()) if keeps_limits(program, chosen) else np.nan


# --- Input that cannot be -----------------------------------------------------------------------------------------


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
            f"{several(len(bad), 'entry', 'entries')} of the column {column} cannot be.",
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


def check_limits(candidates: Candidates, *, limits: PortfolioLimits) -> None:
    """Refuse limits that no portfolio can keep, each by itself, before anything is solved.

    Raises
    ------
    ImpossibleChoiceError
        The message names the limit that bites.
    """
    _check_meaning(candidates, limits)
    _check_must(candidates, limits)
    _check_groups(candidates, limits)
    _check_at_least(candidates, limits)


def _check_meaning(candidates: Candidates, limits: PortfolioLimits) -> None:
    if not (np.isfinite(limits.budget) and limits.budget >= 0):
        raise ImpossibleChoiceError(
            "The budget is no amount of money.",
            expected="pounds, at least 0",
            found=f"{limits.budget}",
            next_step="give the budget as a number of pounds, such as 5000000",
        )
    for name, given in (("group", limits.group), ("flagged", limits.flagged)):
        if len(given) and len(given) < candidates.areas:
            raise ImpossibleChoiceError(
                f"The limits give a {name} for {several(len(given), 'area')}, the candidates lie in more.",
                expected=f"{candidates.areas:,} entries or none",
                next_step="give one entry an area",
            )
    _check_amounts(limits)


def _check_amounts(limits: PortfolioLimits) -> None:
    for words, amounts in _group_limits(limits):
        for group, amount in amounts.items():
            if not 0 <= group < _group_count(limits):
                raise ImpossibleChoiceError(
                    f"There is a {words} for group {group}, which no area belongs to.",
                    expected=f"a place below {_group_count(limits)}",
                    next_step="check the name of the group",
                )
            if not amount >= 0:
                raise ImpossibleChoiceError(
                    f"The {words} of {_group(limits, group)} is no amount: {amount}.",
                    next_step="give a number of at least 0",
                )
    for words, floors, ceilings in _floors_and_ceilings(limits):
        for group in sorted(floors.keys() & ceilings.keys()):
            if floors[group] > ceilings[group]:
                raise ImpossibleChoiceError(
                    f"The {words} floor of {_group(limits, group)} is above its {words} ceiling.",
                    expected=f"at most {ceilings[group]:,.0f}",
                    found=f"{floors[group]:,.0f}",
                    next_step="lower the floor or raise the ceiling",
                )


def _group_limits(limits: PortfolioLimits) -> list[tuple[str, Mapping[int, float]]]:
    return [
        ("spend floor", limits.spend_floor),
        ("spend ceiling", limits.spend_ceiling),
        ("value floor", limits.value_floor),
        ("value ceiling", limits.value_ceiling),
    ]


def _floors_and_ceilings(limits: PortfolioLimits) -> list[tuple[str, Mapping[int, float], Mapping[int, float]]]:
    return [
        ("spend", limits.spend_floor, limits.spend_ceiling),
        ("value", limits.value_floor, limits.value_ceiling),
    ]


def _check_must(candidates: Candidates, limits: PortfolioLimits) -> None:
    both = sorted(set(limits.must) & set(limits.must_not))
    if both:
        raise ImpossibleChoiceError(
            f"{several(len(both), 'area is', 'areas are')} both to be served and not to be served.",
            rows=examples(_area(limits, one) for one in both),
            next_step="keep each on one list only",
        )
    least = _least_costs(candidates)
    unknown = [one for one in sorted(set(limits.must)) if not (0 <= one < len(least) and np.isfinite(least[one]))]
    if unknown:
        raise ImpossibleChoiceError(
            f"{several(len(unknown), 'area has', 'areas have')} to be served, and no candidate is there.",
            rows=examples(_area(limits, one) for one in unknown),
            next_step="check the name of the area and whether it may be funded, or take it off the list",
        )
    cost = float(least[sorted(set(limits.must))].sum())
    if cost > limits.budget * (1 + SLACK):
        raise ImpossibleChoiceError(
            "The areas that have to be served cost more than the budget.",
            expected=f"at least £{cost:,.0f} for {several(len(set(limits.must)), 'area')}",
            found=f"a budget of £{limits.budget:,.0f}",
            next_step="raise the budget or take areas off the list",
        )


def _least_costs(candidates: Candidates) -> Floats:
    """Return what each area costs at least, facilities left out; infinity without a candidate."""
    least = np.full(candidates.areas, np.inf)
    np.minimum.at(least, candidates.area, candidates.cost)
    return least


def _check_groups(candidates: Candidates, limits: PortfolioLimits) -> None:
    """Hold each group's floor against the most it can reach, the floors against the budget, ceilings against musts."""
    if not len(limits.group):
        return
    allowed = ~np.isin(candidates.area, np.asarray(limits.must_not, dtype=np.int64))
    group = np.asarray(limits.group, dtype=np.int64)[: candidates.areas]
    inside = np.flatnonzero(group >= 0)
    for words, floors, amounts in (
        ("spend", limits.spend_floor, candidates.cost),
        ("value", limits.value_floor, candidates.value),
    ):
        most = np.zeros(candidates.areas)
        np.maximum.at(most, candidates.area[allowed], amounts[allowed])
        reach = np.bincount(group[inside], weights=most[inside], minlength=_group_count(limits))
        for one, floor in sorted(floors.items()):
            if floor > reach[one] * (1 + SLACK):
                raise ImpossibleChoiceError(
                    f"The {words} floor of {_group(limits, one)} is more than all that may be done there.",
                    expected=f"at most {reach[one]:,.0f}",
                    found=f"{floor:,.0f}",
                    next_step="lower the floor",
                )
    asked = sum(limits.spend_floor.values())
    if asked > limits.budget * (1 + SLACK):
        raise ImpossibleChoiceError(
            "The spend floors add up to more than the budget.",
            expected=f"at most £{limits.budget:,.0f}",
            found=f"£{asked:,.0f}",
            next_step="lower the floors or raise the budget",
        )
    must = np.intersect1d(np.asarray(limits.must, dtype=np.int64), inside)
    needed = np.bincount(group[must], weights=_least_costs(candidates)[must], minlength=_group_count(limits))
    for one, ceiling in sorted(limits.spend_ceiling.items()):
        if needed[one] > ceiling * (1 + SLACK):
            raise ImpossibleChoiceError(
                f"The areas that have to be served in {_group(limits, one)} cost more than its spend ceiling.",
                expected=f"at least £{needed[one]:,.0f}",
                found=f"£{ceiling:,.0f}",
                next_step="raise the ceiling or take areas off the list",
            )


def _check_at_least(candidates: Candidates, limits: PortfolioLimits) -> None:
    if limits.at_least <= 0:
        return
    least = _least_costs(candidates)
    least[[one for one in limits.must_not if 0 <= one < len(least)]] = np.inf
    flagged = np.asarray(limits.flagged, dtype=np.bool_)[: candidates.areas]
    costs = np.sort(least[: len(flagged)][flagged])
    possible = int(np.isfinite(costs).sum())
    if possible < limits.at_least:
        raise ImpossibleChoiceError(
            f"At least {several(limits.at_least, 'flagged area')} cannot be served.",
            expected=f"at most {possible:,}, as many as have a candidate",
            found=f"{limits.at_least:,}",
            next_step="ask for fewer",
        )
    cost = float(costs[: limits.at_least].sum())
    if cost > limits.budget * (1 + SLACK):
        raise ImpossibleChoiceError(
            f"The cheapest {several(limits.at_least, 'flagged area')} cost more than the budget.",
            expected=f"at least £{cost:,.0f}",
            found=f"a budget of £{limits.budget:,.0f}",
            next_step="raise the budget or ask for fewer",
        )


def _impossible_together(program: Program, *, proved: bool) -> ImpossibleChoiceError:
    """Say which limit bites where each is possible by itself: the one without which there is a portfolio."""
    if not proved:
        return ImpossibleChoiceError(
            "No portfolio that keeps every limit was found in time; there may be one.",
            next_step="allow more time or loosen a limit",
        )
    free = np.tile([-np.inf, np.inf], (len(program.spend), 1)).reshape(len(program.spend), 2)
    floors_only = [np.column_stack([limits[:, 0], free[:, 1]]) for limits in (program.spend, program.worth)]
    ceilings_only = [np.column_stack([free[:, 0], limits[:, 1]]) for limits in (program.spend, program.worth)]
    without = {
        "The budget is too small for the other limits together": {
            "budget": float(program.cost.sum()) + float(program.facility_cost.sum())
        },
        "The areas that have to be served leave too little for the other limits": {"must": np.zeros_like(program.must)},
        "So many flagged areas leave too little for the other limits": {"at_least": 0},
        "The groups' floors cannot be kept together with the other limits": {
            "spend": ceilings_only[0],
            "worth": ceilings_only[1],
        },
        "The groups' ceilings cannot be kept together with the other limits": {
            "spend": floors_only[0],
            "worth": floors_only[1],
        },
    }
    for words, loosened in without.items():
        found = solve(replace(program, **loosened), within=1.0, deadline=Deadline(EXPLAINED))  # type: ignore[arg-type]
        if found.chosen is not None:
            return ImpossibleChoiceError(f"{words}.", next_step="loosen it, or one of those it meets")
    return ImpossibleChoiceError(
        "The limits cannot be kept together, and leaving out any one of them does not help.",
        next_step="loosen several: budget, must-have areas, floors, ceilings, flagged areas",
    )


def _area(limits: PortfolioLimits, place: int) -> str:
    return limits.area_names[place] if 0 <= place < len(limits.area_names) else f"area {place}"


def _group(limits: PortfolioLimits, place: int) -> str:
    return limits.group_names[place] if 0 <= place < len(limits.group_names) else f"group {place}"
