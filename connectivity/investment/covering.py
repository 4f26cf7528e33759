"""Where hubs reach the most people: maximal covering within a stated travel, with its proof.

Church and ReVelle 1974, *Papers of the Regional Science Association* 32, 101: open p sites, or what a budget allows, so
that the most people have one within reach. Points that the same sites reach are one point with all their people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from connectivity.investment.solver import THOUSAND, Deadline, LinearProgram, maximise
from layers.errors import LayerError, examples, several

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WITHIN = 1e-4
"""Share of the best that a cover may miss (assumption)."""
DEADLINE = 30.0
"""Seconds after which a cover is what was found so far (assumption)."""


class CoveringError(LayerError):
    """Points and sites cannot be covered as asked."""


@dataclass(frozen=True, eq=False)
class Cover:
    """The sites to open, and who has one within reach.

    Parameters
    ----------
    opened
        Places of the sites, ascending.
    covered
        Of each point: whether an open site is within reach.
    people
        In covered points.
    bound
        No choice of sites reaches more.
    """

    opened: Places
    covered: Flags
    people: float
    bound: float

    @property
    def gap(self) -> float:
        """Return the share of the bound that is not reached."""
        return max(0.0, self.bound - self.people) / self.bound if self.bound > 0 else 0.0


def reach_within(points: Floats, sites: Floats, *, metres: float, detour: float = 1.0) -> sparse.csr_array:
    """Return which sites each point reaches, shape (points, sites).

    Parameters
    ----------
    points, sites
        Eastings and northings in metres (EPSG:27700), shape (n, 2).
    metres
        The longest way that counts as within reach.
    detour
        Metres of way for a metre as the crow flies.

    Examples
    --------
    >>> reach_within(np.array([[0, 0], [900, 0]]), np.array([[0, 800], [900, 0]]), metres=1_000).toarray().tolist()
    [[True, True], [False, True]]
    """
    near = cKDTree(np.asarray(points, dtype=float)).sparse_distance_matrix(
        cKDTree(np.asarray(sites, dtype=float)), metres / detour, output_type="coo_matrix"
    )
    return sparse.csr_array((np.ones(near.nnz, dtype=np.bool_), (near.row, near.col)), shape=near.shape)


def cover(
    people: Floats,
    *,
    reach: sparse.csr_array,
    sites: int | None = None,
    cost: Floats | None = None,
    budget: float = math.inf,
    already: Flags | None = None,
    within: float = WITHIN,
    deadline: float | None = DEADLINE,
) -> Cover:
    """Return the sites that bring the most people within reach of one.

    Parameters
    ----------
    people
        At each point, at least 0.
    reach
        Which sites each point reaches, shape (points, sites).
    sites
        How many may be opened; None for any number within the budget.
    cost
        Of each site in GBP; nothing where left out.
    budget
        GBP.
    already
        Points that have one within reach now: they count as covered, whatever is opened.
    within
        Share of the bound that may be missing.
    deadline
        Seconds by the clock after which the best so far is returned, with the gap proved so far.

    Raises
    ------
    CoveringError
        If numbers of people or costs are negative or not known, or shapes differ.

    Examples
    --------
    The second site reaches two villages of 50, the others one each of 60 and 50:

    >>> reach = sparse.csr_array(np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1]], dtype=bool))
    >>> best = cover(np.array([60.0, 50.0, 50.0]), reach=reach, sites=1)
    >>> best.opened.tolist(), best.people, best.gap
    ([1], 100.0, 0.0)
    """
    people = np.asarray(people, dtype=float)
    price = np.zeros(reach.shape[1]) if cost is None else np.asarray(cost, dtype=float)
    most = reach.shape[1] if sites is None else sites
    _check(people, reach=reach, cost=price, sites=most, budget=budget)
    now = np.zeros(len(people), dtype=np.bool_) if already is None else np.asarray(already, dtype=np.bool_)
    left = np.where(now, 0.0, people)
    patterns, weight = _merged(reach, left)
    start = _greedy(patterns, weight, cost=price, sites=most, budget=budget)
    opened, bound = _best(
        patterns, weight, cost=price, sites=most, budget=budget, start=start, within=within, deadline=Deadline(deadline)
    )
    covered = now | (reach[:, opened].sum(axis=1) > 0)
    total, base = float(people[covered].sum()), float(people[now].sum())
    return Cover(opened, covered, total, max(total, base + bound))


def _merged(reach: sparse.csr_array, people: Floats) -> tuple[sparse.csr_array, Floats]:
    """Return the distinct sets of sites that reach people, and the people of each."""
    inside = np.flatnonzero((people > 0) & (np.diff(reach.indptr) > 0))
    rows = sparse.csr_array(reach[inside])
    rows.sort_indices()
    first: dict[bytes, int] = {}
    edges, sites = rows.indptr, rows.indices
    same = [first.setdefault(sites[edges[row] : edges[row + 1]].tobytes(), len(first)) for row in range(len(inside))]
    kept = np.unique(np.array(same, dtype=np.int64), return_index=True)[1]
    return sparse.csr_array(rows[kept]), np.bincount(same, weights=people[inside], minlength=len(kept)).astype(float)


def _greedy(reach: sparse.csr_array, people: Floats, *, cost: Floats, sites: int, budget: float) -> Flags:
    """Open the site that reaches the most people not yet reached for its money, again and again."""
    opened, left = np.zeros(reach.shape[1], dtype=np.bool_), people.copy()
    by_site = sparse.csc_array(reach)
    for _ in range(sites):
        gain = left @ reach
        fits = ~opened & (gain > 0) & (float(cost[opened].sum()) + cost <= budget)
        if not fits.any():
            break
        site = int(np.argmax(np.where(fits, gain / np.where(cost > 0, cost, 1.0), -1.0)))
        opened[site] = True
        left[by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]] = 0.0
    return opened


def _best(
    reach: sparse.csr_array,
    people: Floats,
    *,
    cost: Floats,
    sites: int,
    budget: float,
    start: Flags,
    within: float,
    deadline: Deadline,
) -> tuple[Places, float]:
    """Return the sites to open and a bound on the people they can reach.

    One whole number a site; a point is covered as far as an open site reaches it, so it needs no whole number itself.
    """
    points, places = reach.shape
    reached = sparse.hstack([-reach.astype(float), sparse.eye_array(points)])
    spent = np.stack([np.ones(places), cost / THOUSAND])
    rows = sparse.csc_array(sparse.vstack([reached, sparse.hstack([sparse.csr_array(spent), _nothing(2, points)])]))
    high = np.concatenate([np.zeros(points), [sites, budget / THOUSAND]])
    size = places + points
    gain = np.concatenate([np.zeros(places), people])
    program = LinearProgram(gain, rows, np.full(points + 2, -np.inf), high, np.zeros(size), np.ones(size))
    known = float(people[reach[:, np.flatnonzero(start)].sum(axis=1) > 0].sum())
    if not points:
        return np.flatnonzero(start), 0.0
    whole = np.arange(size) < places
    solved = maximise(program, whole=whole, missing=within * known / 2, deadline=deadline)
    bound = min(solved.bound, float(people.sum()))
    if solved.x is not None:
        opened = np.flatnonzero(solved.x[:places] > 0.5)  # noqa: PLR2004 - whole but for the noise of floats
        if float(people[reach[:, opened].sum(axis=1) > 0].sum()) >= known:
            return opened, bound
    return np.flatnonzero(start), bound


def _nothing(rows: int, columns: int) -> sparse.csr_array:
    return sparse.csr_array((rows, columns))


def _check(people: Floats, *, reach: sparse.csr_array, cost: Floats, sites: int, budget: float) -> None:
    if reach.shape != (len(people), len(cost)):
        raise CoveringError(
            "People, sites and who reaches which do not fit together.",
            expected=f"reach of ({len(people):,}, {len(cost):,})",
            found=f"{reach.shape}",
            next_step="give a row a point and a column a site",
        )
    for name, values in (("people", people), ("cost", cost)):
        bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(bad):
            raise CoveringError(
                f"{several(len(bad), 'entry', 'entries')} of {name} cannot be.",
                column=name,
                rows=examples(bad.tolist()),
                expected="a number of at least 0",
                found=examples(values[bad].tolist()),
                next_step="mend or leave out these",
            )
    if sites < 0 or not budget >= 0:
        raise CoveringError(
            "The number of sites or the budget is below nothing.",
            expected="at least 0",
            found=f"{sites} sites, £{budget:,.0f}",
            next_step="give how many may be opened, or what may be spent",
        )
