"""The best portfolio of a program, by a small exact search among the decisions that the bound leaves open.

A portfolio with a candidate of loss l gains at most `bound - l` (see `relaxation.lagrangian`). So once a portfolio of
gain v is known, a better one holds only candidates of loss below `bound - v`, and leaves out none whose omission loses
more: the few decisions still open are the *core* (Balas and Zemel 1980, *Operations Research* 28, 1130; Pisinger 1995,
*European Journal of Operational Research* 83, 394). Solving a core of all decisions with loss up to t proves that no
portfolio at all gains more than the larger of the core's optimum and `bound - t`, so the core may start small and grow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from connectivity.investment.relaxation import (
    SLACK,
    Multipliers,
    Program,
    Relaxed,
    buy_steps,
    hull_steps,
    keeps_limits,
    lagrangian,
    linear_prices,
    linear_rows,
    no_prices,
    totals,
)
from connectivity.investment.solver import THOUSAND, Deadline, LinearProgram, Solved, maximise

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FIRST_CORE, GROWTH = 64, 4
"""Columns a core starts with, and how much it grows by (assumption: measured on 140,000 candidates)."""
SHARE = 0.9
"""Share of what may be missing that a search uses up: the rest is for the noise of floats."""
EXACT = 1e-9
"""Share of the bound below which a gap is the noise of sums of floats."""
MOST_SAVINGS = 300
"""Savings after which a portfolio over its budget is left to the core (assumption: prices come within some dozen)."""
EXCHANGED = 400
"""Changes among which two are sought that go together (assumption: a hundredth of a second)."""
OPEN = 0.5
"""A facility at least so far open in the linear relaxation is tried as open."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A portfolio of a program and what is proved about it.

    Parameters
    ----------
    chosen
        Of each column; None where no portfolio is known.
    bound
        No portfolio gains more; minus infinity where there is none at all.
    prices, relaxed
        The prices that prove the bound, and what follows from them.
    """

    chosen: Flags | None
    bound: float
    prices: Multipliers
    relaxed: Relaxed

    def gain(self, program: Program) -> float:
        """Return what the portfolio gains; minus infinity without one."""
        return _gain(program, self.chosen)


def _gain(program: Program, chosen: Flags | None) -> float:
    return -math.inf if chosen is None else float(program.gain[chosen].sum())


def solve(program: Program, *, within: float, deadline: Deadline) -> Solution:
    """Return a portfolio proved to be within a share of the best, or the nearest to it when the deadline passes.

    Cheapest proof first: the hull; then linear prices with each binding group solved for itself; then the core.

    Parameters
    ----------
    program
        What may be chosen.
    within
        Share of the bound that the portfolio may miss; 0 for the best one, and the cheapest of several.
    deadline
        When to stop.
    """
    first = _from_prices(program, within=within, deadline=deadline)
    if first.chosen is not None:
        enough = first.bound - _allowed(first, within)
        first = replace(first, chosen=_exchanged(program, first.chosen, price=first.prices.budget, enough=enough))
    solution = _closed(program, first, within=within, deadline=deadline)
    if within == 0 and solution.chosen is not None and solution.bound - solution.gain(program) <= _allowed(solution, 0):
        return replace(solution, chosen=_settle_ties(program, solution, deadline=deadline))
    return solution


def _allowed(solution: Solution, within: float) -> float:
    """Return the gain that may be missing."""
    return max(within, EXACT) * abs(solution.bound) if math.isfinite(solution.bound) else 0.0


# --- A first portfolio and bound ----------------------------------------------------------------------------------


def _from_prices(program: Program, *, within: float, deadline: Deadline) -> Solution:
    """Return what prices alone give: by the hull where the budget is all that binds, else by the linear relaxation."""
    if not (program.facility >= 0).any():
        chosen, price = buy_steps(program, hull_steps(program), program.budget)
        prices = replace(no_prices(program), budget=price)
        if keeps_limits(program, chosen):
            relaxed = lagrangian(program, prices)
            return Solution(_filled(program, chosen), relaxed.bound, prices, relaxed)
    found = linear_prices(program, deadline=deadline)
    if found is None:
        prices = no_prices(program)
        relaxed = lagrangian(program, prices)
        return Solution(None, relaxed.bound if deadline.passed else -math.inf, prices, relaxed)
    prices, opened = found
    relaxed = lagrangian(program, prices)
    first = _by_groups(program, Solution(None, relaxed.bound, prices, relaxed), within=within, deadline=deadline)
    if (program.facility >= 0).any():
        opened_only = _with_open(program, opened >= OPEN, within=within, deadline=deadline)
        if _gain(program, opened_only) > first.gain(program):
            return replace(first, chosen=opened_only)
    return first


def _with_open(program: Program, opened: Flags, *, within: float, deadline: Deadline) -> Flags | None:
    """Return the portfolio found when just these facilities are open, and paid for whether used or not."""
    usable = (program.facility < 0) | opened[program.facility]
    if not program.must[np.setdiff1d(program.area, program.area[usable])].any():
        left = program.budget - float(program.facility_cost[opened].sum())
        none = np.full(int(usable.sum()), -1)
        inside = _from_prices(program.only(usable, facility=none, budget=left), within=within, deadline=deadline).chosen
        if inside is not None:
            chosen = np.zeros_like(usable)
            chosen[np.flatnonzero(usable)[inside]] = True
            return _filled(program, chosen) if keeps_limits(program, chosen) else None
    return None


def _by_groups(program: Program, first: Solution, *, within: float, deadline: Deadline) -> Solution:
    """Return a better portfolio and bound: each group that binds keeps its limits and is solved for itself.

    Only the budget, the flagged areas and the facilities stay priced, so nothing is left between the groups (Lagrangian
    decomposition), and what the rounding of each group's floor costs is known instead of being bounded by its price.
    """
    prices, relaxed = first.prices, first.relaxed
    chosen = _best_columns(program, relaxed)
    found = totals(program, chosen)
    binding = (prices.spend != 0) | (prices.worth != 0)
    for amounts, limits in ((found.spend, program.spend), (found.worth, program.worth)):
        binding |= (amounts < limits[:, 0]) | (amounts > limits[:, 1])
    priced = program.gain - prices.budget * program.cost + prices.at_least * program.flagged - prices.link
    missing, bound = _allowed(first, within) / (2 * max(1, int(binding.sum()))), first.bound
    order = np.argsort(program.group, kind="stable")
    edges = np.searchsorted(program.group[order], [np.arange(len(binding)), np.arange(len(binding)) + 1])
    for group in np.flatnonzero(binding):
        columns = np.zeros_like(chosen)
        columns[order[edges[0, group] : edges[1, group]]] = True
        part = program.only(
            columns,
            gain=priced[columns],
            group=np.zeros(int(columns.sum()), dtype=np.int64),
            facility=np.full(int(columns.sum()), -1),
            budget=math.inf,
            at_least=0,
            spend=program.spend[[group]],
            worth=program.worth[[group]],
        )
        own = replace(no_prices(part), spend=prices.spend[[group]], worth=prices.worth[[group]])
        alone = lagrangian(part, own)
        solved = _grown(part, Solution(None, alone.bound, own, alone), missing=missing, deadline=deadline)
        if solved.chosen is None:
            return replace(first, bound=-math.inf if solved.bound == -math.inf else bound)
        bound -= alone.bound - solved.bound
        chosen[columns] = solved.chosen
    fitted = _trimmed(program, _with_enough_flagged(program, chosen, relaxed))
    return replace(first, chosen=None if fitted is None else _filled(program, fitted), bound=bound)


def _best_columns(program: Program, relaxed: Relaxed) -> Flags:
    """Return each area's best decision at the prices; the cheaper of two, and nothing rather than something."""
    best = relaxed.best[program.area]
    wanted = (relaxed.reduced >= best) & ((relaxed.reduced > 0) | program.must[program.area])
    order = np.flatnonzero(wanted)
    order = order[np.lexsort((program.cost[order], program.area[order]))]
    _, first = np.unique(program.area[order], return_index=True)
    chosen = np.zeros(len(program.gain), dtype=np.bool_)
    chosen[order[first]] = True
    return chosen


# --- Small repairs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Changes:
    """What it would change to put each column in its area's place."""

    cost: Floats
    gain: Floats
    allowed: Flags


def _changes(program: Program, chosen: Flags) -> _Changes:
    """Return what each column would change, and whether its group's limits allow it."""
    held = np.full(len(program.must), -1, dtype=np.int64)
    held[program.area[chosen]] = np.flatnonzero(chosen)
    now = held[program.area]
    cost, gain, value = (
        column - np.where(now >= 0, column[now], 0.0) for column in (program.cost, program.gain, program.value)
    )
    allowed = now != np.arange(len(now))
    inside = program.group >= 0
    group, found = program.group[inside], totals(program, chosen)
    for amounts, change, limits in ((found.spend, cost, program.spend), (found.worth, value, program.worth)):
        after = amounts[group] + change[inside]
        allowed[inside] &= (after >= limits[group, 0]) & (after <= limits[group, 1])
    closed = program.facility >= 0
    opened = np.zeros(len(program.facility_cost), dtype=np.bool_)
    opened[program.facility[chosen & closed]] = True
    closed[closed] = ~opened[program.facility[closed]]
    return _Changes(cost + _facility_costs(program, closed), gain, allowed)


def _facility_costs(program: Program, columns: Flags) -> Floats:
    cost = np.zeros(len(columns))
    cost[columns] = program.facility_cost[program.facility[columns]]
    return cost


def _filled(program: Program, chosen: Flags) -> Flags:
    """Spend what is left on the changes that fit, most gain per pound first."""
    chosen = chosen.copy()
    while True:
        left = program.budget - totals(program, chosen).cost
        change = _changes(program, chosen)
        fits = change.allowed & (change.gain > 0) & (change.cost <= left)
        if not fits.any():
            return chosen
        rate = np.where(fits, change.gain / np.maximum(change.cost, SLACK), -1.0)
        _put(program, chosen, int(np.argmax(rate)))


def _trimmed(program: Program, chosen: Flags) -> Flags | None:
    """Save money until the budget is kept, least gain per pound first; None where that does not do."""
    chosen = chosen.copy()
    for _ in range(MOST_SAVINGS):
        if (over := totals(program, chosen).cost - program.budget) <= 0:
            break
        change = _changes(program, chosen)
        saves = change.allowed & (change.cost < 0)
        rate = np.where(saves, -change.gain / np.minimum(-change.cost, over).clip(SLACK), np.inf)
        drops = _droppable(program, chosen)
        lost = np.where(drops, program.gain / np.minimum(program.cost, over).clip(SLACK), np.inf)
        place, other = int(np.argmin(rate)), int(np.argmin(lost))
        if not np.isfinite(min(rate[place], lost[other])):
            return None
        if lost[other] < rate[place]:
            chosen[other] = False
        else:
            _put(program, chosen, place)
    return chosen if keeps_limits(program, chosen) else None


def _with_enough_flagged(program: Program, chosen: Flags, relaxed: Relaxed) -> Flags:
    """Serve flagged areas, those that lose least at the prices first, until enough are served."""
    short = program.at_least - totals(program, chosen).flagged
    served = np.zeros(len(program.must), dtype=np.bool_)
    served[program.area[chosen]] = True
    free = np.flatnonzero(program.flagged & ~served[program.area])
    free = free[np.argsort(relaxed.loss[free], kind="stable")]
    _, first = np.unique(program.area[free], return_index=True)
    chosen = chosen.copy()
    chosen[free[np.sort(first)[: max(0, short)]]] = True
    return chosen


def _exchanged(program: Program, chosen: Flags, *, price: float, enough: float) -> Flags:
    """Make the two changes at once that fit together and gain most, until enough is gained or no two help.

    Single changes leave money that is too little for the next; two, one dearer and one cheaper, spend it nearly to the
    pound. Looked at are the changes that lose least at the price of the budget.
    """
    while _gain(program, chosen) < enough:
        change = _changes(program, chosen)
        drops = _droppable(program, chosen)
        column = np.concatenate([np.flatnonzero(change.allowed), np.flatnonzero(drops)])
        drop = np.arange(len(column)) >= int(change.allowed.sum())
        cost = np.where(drop, -program.cost[column], change.cost[column])
        gain = np.where(drop, -program.gain[column], change.gain[column])
        near = np.argsort(price * cost - gain, kind="stable")[:EXCHANGED]
        column, drop, cost, gain = column[near], drop[near], cost[near], gain[near]
        area, left = program.area[column], program.budget - totals(program, chosen).cost
        fits = (cost[:, None] + cost <= left) & (area[:, None] != area)
        both = np.where(fits, gain[:, None] + gain, 0.0)
        if not both.size or both.max() <= EXACT * enough:
            break
        better = chosen.copy()
        for one in np.unravel_index(int(np.argmax(both)), both.shape):
            if drop[one]:
                better[column[one]] = False
            else:
                _put(program, better, int(column[one]))
        if not keeps_limits(program, better):
            break
        chosen = better
    return chosen


def _droppable(program: Program, chosen: Flags) -> Flags:
    """Return the chosen columns that may be dropped without a successor."""
    found = totals(program, chosen)
    drops = chosen & ~program.must[program.area]
    inside = drops & (program.group >= 0)
    group = program.group[inside]
    drops[inside] = (found.spend[group] - program.cost[inside] >= program.spend[group, 0]) & (
        found.worth[group] - program.value[inside] >= program.worth[group, 0]
    )
    return drops & ~program.flagged if found.flagged <= program.at_least else drops


def _put(program: Program, chosen: Flags, column: int) -> None:
    """Choose a column in place of its area's present one."""
    chosen[program.area == program.area[column]] = False
    chosen[column] = True


# --- The core -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Core:
    """What is left to decide.

    Parameters
    ----------
    fixed
        Columns that are chosen in any case.
    open
        Columns still to be decided.
    program
        The choice among these, with what the fixed ones spend taken off every limit.
    """

    fixed: Flags
    open: Flags
    program: Program

    def chosen(self, decided: Flags) -> Flags:
        """Return the portfolio of all columns."""
        result = self.fixed.copy()
        result[np.flatnonzero(self.open)[decided]] = True
        return result


def _core(program: Program, relaxed: Relaxed, *, loss: float) -> _Core | None:
    """Return what is left to decide when no decision may lose more; None where a must-have area has nothing left."""
    kept = relaxed.loss <= loss
    nothing = ~program.must & (relaxed.best <= loss)
    count = np.bincount(program.area[kept], minlength=len(program.must))
    if (~nothing & (count == 0)).any():
        return None
    fixed = kept & ((count == 1) & ~nothing)[program.area]
    open_ = kept & ~fixed
    opened = relaxed.facility > loss
    opened[program.facility[fixed & (program.facility >= 0)]] = True
    taken = totals(program, fixed)
    facility = program.facility[open_]
    paid = float(program.cost[fixed].sum() + program.facility_cost[opened].sum())
    part = program.only(
        open_,
        facility=np.where((facility >= 0) & opened[facility], -1, facility) if len(opened) else facility,
        must=~nothing[np.unique(program.area[open_])],
        budget=program.budget - paid,
        at_least=max(0, program.at_least - taken.flagged),
        spend=program.spend - taken.spend[:, None],
        worth=program.worth - taken.worth[:, None],
    )
    return _Core(fixed, open_, part)


def _closed(program: Program, solution: Solution, *, within: float, deadline: Deadline) -> Solution:
    """Close the gap with the core until no more than a share of the gain is missing."""
    return _grown(program, solution, within=within, missing=_allowed(solution, 0.0), deadline=deadline)


def _grown(
    program: Program, solution: Solution, *, missing: float, deadline: Deadline, within: float = 0.0
) -> Solution:
    """Solve cores of growing size until no more is missing than an amount, or than a share of the gain."""
    relaxed, size = solution.relaxed, FIRST_CORE
    losses = np.sort(relaxed.loss)
    decisions = np.concatenate([losses, relaxed.best[~program.must], np.abs(relaxed.facility)])
    while not deadline.passed:
        gain = solution.gain(program)
        allowed = max(missing, within * gain)
        if solution.bound - gain <= allowed:
            break
        needed = relaxed.bound - gain - SHARE * allowed  # what loses more leaves no more missing than is allowed
        loss = min(needed, float(losses[size - 1]) if size < len(losses) else math.inf)
        size *= GROWTH
        core = _core(program, relaxed, loss=loss)
        found = None if core is None else _best_of(core.program, missing=SHARE * allowed, deadline=deadline)
        inside = -math.inf
        if core is not None and found is not None:
            inside = found.bound + float(program.gain[core.fixed].sum())
            if found.x is not None:
                chosen = core.chosen(found.x[: len(core.program.gain)] > 0)
                better = _gain(program, chosen) > solution.gain(program)
                solution = replace(solution, chosen=chosen) if better and keeps_limits(program, chosen) else solution
        outside = relaxed.bound - float(decisions[decisions > loss].min(initial=math.inf))
        solution = replace(solution, bound=min(solution.bound, max(inside, outside, solution.gain(program))))
        if loss >= needed:
            break
    return solution


@dataclass(frozen=True, eq=False)
class _Row:
    """One limit more: what a core's columns and facilities add up to."""

    entries: Floats
    low: float = -math.inf
    high: float = math.inf


def _best_of(program: Program, *, missing: float, deadline: Deadline) -> Solved:
    """Return the best decisions of a core."""
    used = _used(program)
    return _search(
        program, gain=np.concatenate([program.gain, np.zeros(len(used))]), missing=missing, deadline=deadline
    )


def _used(program: Program) -> Places:
    return np.unique(program.facility[program.facility >= 0])


def _search(
    program: Program,
    *,
    gain: Floats,
    deadline: Deadline,
    missing: float = 0.0,
    also: Sequence[_Row] = (),
    settled: Floats | None = None,
) -> Solved:
    """Solve a core by HiGHS, with some more limits, and with the decisions before `settled` ends as they are there."""
    rows, low, high = linear_rows(program, used=_used(program))
    least, most = np.zeros(len(gain)), np.ones(len(gain))
    if settled is not None:
        least[: len(settled)] = most[: len(settled)] = settled
    if also:
        rows = sparse.csc_array(sparse.vstack([rows, sparse.csr_array(np.stack([row.entries for row in also]))]))
        low = np.concatenate([low, [row.low for row in also]])
        high = np.concatenate([high, [row.high for row in also]])
    if not len(gain):
        possible = bool((low <= SLACK).all() and (high >= -SLACK).all())
        return Solved(np.empty(0) if possible else None, np.empty(0), 0.0 if possible else -math.inf)
    whole = np.ones(len(gain), dtype=np.bool_)
    solved = maximise(
        LinearProgram(gain, rows, low, high, least, most), whole=whole, missing=missing, deadline=deadline
    )
    return solved if solved.x is None else replace(solved, x=np.rint(solved.x))


# --- Ties ---------------------------------------------------------------------------------------------------------

BLOCK = 10
"""Columns whose order one search settles: their weights span a factor of a thousand, which HiGHS tells apart."""


def _settle_ties(program: Program, solution: Solution, *, deadline: Deadline) -> Flags | None:
    """Return, of all best portfolios, the cheapest; of these, the one with the earliest columns (areas come in order).

    Every best portfolio lies in the core of loss `bound - best`, so the search for them may stay in there.
    """
    best, slack = solution.gain(program), EXACT * abs(solution.bound)
    core = _core(program, solution.relaxed, loss=max(0.0, solution.relaxed.bound - best) + slack)
    if core is None or not core.open.any():
        return solution.chosen
    part, facilities = core.program, len(_used(core.program))
    columns, none = len(part.gain), np.zeros(facilities)
    cost = np.concatenate([part.cost, part.facility_cost[_used(part)]]) / THOUSAND
    as_good = _Row(np.concatenate([part.gain, none]), low=best - float(program.gain[core.fixed].sum()) - slack)
    found = _search(part, gain=-cost, also=[as_good], deadline=deadline).x
    if found is None:
        return solution.chosen
    as_cheap = _Row(cost, high=float(cost @ found) * (1 + EXACT) + EXACT)
    other = _Row(np.concatenate([1 - 2 * found[:columns], none]), low=1 - float(found[:columns].sum()))
    if _search(part, gain=np.zeros(len(cost)), also=[as_good, as_cheap, other], deadline=deadline).x is not None:
        for start in range(0, columns, BLOCK):
            weights = np.zeros(len(cost))
            block = slice(start, min(start + BLOCK, columns))
            weights[block] = 2.0 ** np.arange(block.stop - start - 1, -1, -1)
            earlier = _search(part, gain=weights, also=[as_good, as_cheap], settled=found[:start], deadline=deadline).x
            if earlier is None:
                break
            found = earlier
    chosen = core.chosen(found[:columns] > 0)
    return chosen if keeps_limits(program, chosen) else solution.chosen
