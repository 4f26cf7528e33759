"""What a budget can buy at most: prices for every limit, and the bound and losses that follow from them.

Put a price on every limit and let it be broken at that price: each area then decides for itself, and no portfolio that
keeps the limits can be worth more than these separate decisions plus the priced limits (Lagrangian relaxation;
Geoffrion 1974, *Mathematical Programming Study* 2). That holds for *any* prices that are not negative, so the proof
rests on one function, `lagrangian`, and on no solver. Good prices make the bound tight; they come from two places:

- with a budget alone, from the hull: of each area only the candidates on the upper concave hull of value over cost
  can matter to the relaxation, and buying the steps of all hulls by value per pound solves it (Sinha and Zoltners 1979,
  *Operations Research* 27, 503);
- with more limits, from the dual of the linear relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from connectivity.investment.solver import THOUSAND, Deadline, LinearProgram, maximise

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Program:
    """A choice as arrays: columns are candidates sorted by area, areas are numbered without holes.

    Parameters
    ----------
    gain
        What is maximised, one entry a column.
    cost, value
        What counts towards the budget and the groups' limits.
    area, group, facility
        Of each column; group and facility are −1 for none.
    flagged
        Whether a column's area is flagged.
    must
        Of each area: whether it is served in any case.
    facility_cost
        Of each facility.
    budget, at_least
        The most spent, and the least flagged areas served.
    spend, worth
        Of each group: the least and the most cost and value, shape (groups, 2).
    """

    gain: Floats
    cost: Floats
    value: Floats
    area: Places
    group: Places
    facility: Places
    flagged: Flags
    must: Flags
    facility_cost: Floats
    budget: float
    at_least: int
    spend: Floats
    worth: Floats

    @property
    def starts(self) -> Places:
        """Return the first column of each area."""
        return np.searchsorted(self.area, np.arange(len(self.must)))

    def best_of_areas(self, values: Floats) -> Floats:
        """Return the highest of each area's values."""
        return np.maximum.reduceat(values, self.starts) if len(values) else np.empty(0)

    def only(self, columns: Flags, **changed: object) -> Program:
        """Return the same choice of some columns; an area that must be served has to have one of them."""
        areas, area = np.unique(self.area[columns], return_inverse=True)
        picked = {
            name: getattr(self, name)[columns] for name in ("gain", "cost", "value", "group", "facility", "flagged")
        }
        return replace(self, **(picked | {"area": area.astype(np.int64), "must": self.must[areas]} | changed))


@dataclass(frozen=True, eq=False)
class Totals:
    """What a portfolio adds up to."""

    cost: float
    spend: Floats
    worth: Floats
    flagged: int


def totals(program: Program, chosen: Flags) -> Totals:
    """Return what a portfolio costs with its facilities, and what each group and the flagged areas get of it."""
    opened = np.unique(program.facility[chosen & (program.facility >= 0)])
    cost = float(program.cost[chosen].sum() + program.facility_cost[opened].sum())
    inside = chosen & (program.group >= 0)
    group, groups = program.group[inside], len(program.spend)
    spend: Floats = np.bincount(group, weights=program.cost[inside], minlength=groups).astype(float)
    worth: Floats = np.bincount(group, weights=program.value[inside], minlength=groups).astype(float)
    return Totals(cost, spend, worth, int((program.flagged & chosen).sum()))


SLACK = 1e-9
"""Share of a limit that sums of floats may miss it by (a pound in a billion)."""


def keeps_limits(program: Program, chosen: Flags) -> bool:
    """Tell whether a portfolio keeps every limit."""
    count = np.bincount(program.area[chosen], minlength=len(program.must))
    found = totals(program, chosen)
    return bool(
        (count <= 1).all()
        and (count[program.must] == 1).all()
        and found.cost <= program.budget * (1 + SLACK)
        and _within(found.spend, program.spend)
        and _within(found.worth, program.worth)
        and found.flagged >= program.at_least
    )


def _within(found: Floats, limits: Floats) -> bool:
    return bool((found >= limits[:, 0] * (1 - SLACK)).all() and (found <= limits[:, 1] * (1 + SLACK)).all())


# --- Prices, bound, losses ----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Multipliers:
    """A price for each limit, in gain for one unit.

    Parameters
    ----------
    budget, at_least
        At least 0.
    spend, worth
        Of each group: above 0 prices its ceiling, below 0 its floor.
    link
        Of each column, at least 0: its share in the price of its facility.
    """

    budget: float
    at_least: float
    spend: Floats
    worth: Floats
    link: Floats


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What follows from prices: a bound for every portfolio, and what each decision loses against it.

    Parameters
    ----------
    bound
        No portfolio within the limits has more gain.
    reduced
        Gain of each column after paying every price.
    best
        Of each area: the reduced gain of its best decision, "nothing" included where it is allowed.
    loss
        Of each column: a portfolio with it gains at most `bound - loss`.
    facility
        Reduced gain of opening each facility: a portfolio that decides against its sign gains that much less.
    """

    bound: float
    reduced: Floats
    best: Floats
    loss: Floats
    facility: Floats


def no_prices(program: Program) -> Multipliers:
    """Return prices of nothing."""
    groups = len(program.spend)
    return Multipliers(0.0, 0.0, np.zeros(groups), np.zeros(groups), np.zeros(len(program.gain)))


def lagrangian(program: Program, prices: Multipliers) -> Relaxed:
    """Return the bound that prices prove.

    Priced limits, plus each area's best decision for itself, plus each facility's: weak duality needs no more than
    that prices are not negative. Choosing otherwise in one area while everything else stays at its best gives the loss
    of that decision, which is how candidates are ruled out (Fisher 1981, *Management Science* 27, 1).
    """
    reduced = program.gain - prices.budget * program.cost + prices.at_least * program.flagged - prices.link
    inside = program.group >= 0
    group = program.group[inside]
    reduced[inside] -= prices.spend[group] * program.cost[inside] + prices.worth[group] * program.value[inside]
    best = program.best_of_areas(reduced)
    best = np.where(program.must, best, np.maximum(best, 0.0))
    linked = program.facility >= 0
    share = np.bincount(program.facility[linked], weights=prices.link[linked], minlength=len(program.facility_cost))
    facility: Floats = share - prices.budget * program.facility_cost
    priced = -prices.at_least * program.at_least if program.at_least else 0.0
    priced += prices.budget * program.budget if prices.budget else 0.0
    priced += _priced(prices.spend, program.spend) + _priced(prices.worth, program.worth)
    loss = best[program.area] - reduced
    loss[linked] += np.maximum(0.0, -facility)[program.facility[linked]]
    return Relaxed(float(priced + best.sum() + np.maximum(0.0, facility).sum()), reduced, best, loss, facility)


def _priced(prices: Floats, limits: Floats) -> float:
    """Sum price times limit: the ceiling where the price is above 0, the floor where it is below."""
    dear = prices > 0
    ceilings = prices[dear] * limits[dear, 1]
    floors = prices[prices < 0] * limits[prices < 0, 0]
    return float(ceilings.sum() + floors.sum())


# --- A budget alone: the hull -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of all hulls, by gain per pound, best first: from one column of an area to the next dearer one.

    Parameters
    ----------
    column, before
        The step's column, and the one it replaces (−1 for none).
    slope
        Gain per pound of each step.
    spend, gain
        Running sums of what is spent and gained after each step, from the cheapest columns of must-have areas on.
    base
        Columns taken before the first step: the cheapest of each must-have area.
    base_cost
        What these cost.
    """

    column: Places
    before: Places
    slope: Floats
    spend: Floats
    gain: Floats
    base: Places
    base_cost: float


def hull_steps(program: Program) -> Steps:
    """Return the steps of each area's upper concave hull of gain over cost, in the order in which a budget buys them.

    From the point reached, the next corner is the dearer column with the most gain per extra pound; the farthest of
    several. Areas do that side by side, so there are as many rounds as the longest hull has corners.
    """
    areas, starts = len(program.must), program.starts
    cost, gain = np.zeros(areas), np.zeros(areas)
    at, last = np.full(areas, -1, dtype=np.int64), np.full(areas, np.inf)
    base = _cheapest(program)
    at[program.area[base]] = base
    cost[program.area[base]], gain[program.area[base]] = program.cost[base], program.gain[base]
    found: list[tuple[Places, Places, Floats]] = []
    place = np.arange(len(program.gain))
    while len(program.gain):
        dearer, more = program.cost - cost[program.area], program.gain - gain[program.area]
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where((dearer > 0) & (more > 0), more / dearer, -1.0)
        steepest = np.maximum.reduceat(slope, starts)
        tied = (slope == steepest[program.area]) & (slope > 0)
        farthest = np.maximum.reduceat(np.where(tied, program.cost, -1.0), starts)
        corner = np.where(tied & (program.cost == farthest[program.area]), place, len(place))
        target = np.minimum.reduceat(corner, starts)
        moves = np.flatnonzero(target < len(place))
        if not len(moves):
            break
        last[moves] = np.minimum(last[moves], steepest[moves])  # the noise of floats must not bend a hull upwards
        found.append((target[moves], at[moves], last[moves]))
        at[moves] = target[moves]
        cost[moves], gain[moves] = program.cost[at[moves]], program.gain[at[moves]]
    column, before, slopes = (np.concatenate(part) for part in zip(*found, strict=True)) if found else _NOTHING
    order = np.argsort(-slopes, kind="stable")  # steps of one area stay in the order of its hull
    column, before, slopes = column[order], before[order], slopes[order]
    spend = float(program.cost[base].sum()) + np.cumsum(program.cost[column] - _or_zero(program.cost, before))
    total = float(program.gain[base].sum()) + np.cumsum(program.gain[column] - _or_zero(program.gain, before))
    return Steps(column, before, slopes, spend, total, base, float(program.cost[base].sum()))


_NOTHING = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))


def _cheapest(program: Program) -> Places:
    """Return the cheapest column of each must-have area; the one with more gain of two as cheap."""
    inside = np.flatnonzero(program.must[program.area])
    order = inside[np.lexsort((-program.gain[inside], program.cost[inside], program.area[inside]))]
    _, first = np.unique(program.area[order], return_index=True)
    return order[first]


def _or_zero(values: Floats, columns: Places) -> Floats:
    return np.where(columns >= 0, values[columns], 0.0) if len(values) else np.empty(0)


def buy_steps(program: Program, steps: Steps, budget: float) -> tuple[Flags, float]:
    """Return the portfolio that buys whole steps until one does not fit, and the price of the budget there.

    The price is the gain per pound of the first step that does not fit: the budget's exact price in the relaxation.
    """
    bought = int(np.searchsorted(steps.spend, budget * (1 + SLACK), side="right"))
    chosen = np.zeros(len(program.gain), dtype=np.bool_)
    at = np.full(len(program.must), -1, dtype=np.int64)
    at[program.area[steps.base]] = steps.base
    # Steps of one area stand in hull order, so the last write is the farthest corner.
    at[program.area[steps.column[:bought]]] = steps.column[:bought]
    chosen[at[at >= 0]] = True
    return chosen, float(steps.slope[bought]) if bought < len(steps.slope) else 0.0


# --- More limits: the linear relaxation ---------------------------------------------------------------------------


def linear_rows(program: Program, *, used: Places) -> tuple[sparse.csc_array, Floats, Floats]:
    """Return the limits as rows over the columns and the used facilities: money in thousands of pounds.

    Rows in order: areas, budget, groups' spend, groups' value, flagged areas, links of columns to their facility.
    """
    columns, areas, groups = len(program.gain), len(program.must), len(program.spend)
    own = np.arange(columns)
    grouped = np.flatnonzero(program.group >= 0)
    linked = np.flatnonzero(program.facility >= 0)
    links = np.arange(len(linked))
    budget, spend, worth = areas, areas + 1, areas + 1 + groups
    flag = worth + groups
    blocks = [
        (program.area, own, np.ones(columns)),
        (np.full(columns, budget), own, program.cost / THOUSAND),
        (np.full(len(used), budget), columns + np.arange(len(used)), program.facility_cost[used] / THOUSAND),
        (spend + program.group[grouped], grouped, program.cost[grouped] / THOUSAND),
        (worth + program.group[grouped], grouped, program.value[grouped]),
        (np.full(columns, flag), own, program.flagged.astype(float)),
        (flag + 1 + links, linked, np.ones(len(linked))),
        (flag + 1 + links, columns + np.searchsorted(used, program.facility[linked]), -np.ones(len(linked))),
    ]
    row, column, entry = (np.concatenate(part) for part in zip(*blocks, strict=True))
    shape = (flag + 1 + len(linked), columns + len(used))
    low = np.concatenate(
        [
            np.where(program.must, 1.0, -np.inf),
            [-np.inf],
            program.spend[:, 0] / THOUSAND,
            program.worth[:, 0],
            [program.at_least or -np.inf],
            np.full(len(linked), -np.inf),
        ]
    )
    high = np.concatenate(
        [
            np.ones(areas),
            [program.budget / THOUSAND],
            program.spend[:, 1] / THOUSAND,
            program.worth[:, 1],
            [np.inf],
            np.zeros(len(linked)),
        ]
    )
    return sparse.csc_array((entry, (row, column)), shape=shape), low, high


def linear_prices(program: Program, *, deadline: Deadline) -> tuple[Multipliers, Floats] | None:
    """Return the prices of all limits in the linear relaxation, and how far open each facility is there.

    Only corners of hulls are looked at first, about half of the columns: the bound is proved for every column anyway.
    None where no point keeps all limits (then no portfolio does) or the deadline passed.
    """
    corners = _corners(program)
    found = _prices_of(program.only(corners), deadline=deadline)
    if found is None:
        return _prices_of(program, deadline=deadline)
    prices, opened = found
    link = np.zeros(len(program.gain))
    link[corners] = prices.link
    return replace(prices, link=link), opened


def _corners(program: Program) -> Flags:
    """Return the columns on their area's hull, and all that need a facility, as its price is not known yet."""
    free = program.facility < 0
    part = program.only(free)
    steps = hull_steps(part)
    corners = ~free
    corners[np.flatnonzero(free)[steps.column]] = True
    corners[np.flatnonzero(free)[steps.base]] = True
    return corners


def _prices_of(program: Program, *, deadline: Deadline) -> tuple[Multipliers, Floats] | None:
    used = np.unique(program.facility[program.facility >= 0])
    columns, areas, groups = len(program.gain), len(program.must), len(program.spend)
    rows, low, high = linear_rows(program, used=used)
    size = columns + len(used)
    gain = np.concatenate([program.gain, np.zeros(len(used))])
    linear = LinearProgram(gain, rows, low, high, np.zeros(size), np.ones(size))
    solved = maximise(linear, whole=None, deadline=deadline)
    if solved.x is None:
        return None
    opened = np.zeros(len(program.facility_cost))
    opened[used] = solved.x[columns:]
    # The areas' own prices come first and are left: they follow from the others as each area's best decision.
    _, budget, spend, worth, flag, links = np.split(solved.prices, np.cumsum([areas, 1, groups, groups, 1]))
    link = np.zeros(columns)
    link[program.facility >= 0] = np.maximum(0.0, links)
    prices = Multipliers(
        budget=max(0.0, float(budget[0])) / THOUSAND,
        at_least=max(0.0, -float(flag[0])),
        spend=_of_real_limits(spend / THOUSAND, program.spend),
        worth=_of_real_limits(worth, program.worth),
        link=link,
    )
    return prices, opened


def _of_real_limits(prices: Floats, limits: Floats) -> Floats:
    """Keep a price only where its limit exists: the inner point leaves a trace of one everywhere."""
    real = np.where(prices > 0, np.isfinite(limits[:, 1]), np.isfinite(limits[:, 0]))
    return np.where(real, prices, 0.0)
