"""Whole premises: totals shared and tables rounded so that every sum stays exact."""

from __future__ import annotations

import highspy
import numpy as np
import numpy.typing as npt

from layers.errors import LayerError

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
WHOLE = 1e-7
"""Premises: a cell counts as whole within this, more than the noise of a float."""


def largest_remainder(weights: Floats, total: int, *, limit: Whole | None = None) -> Whole:
    """Share a whole total by weight, in whole units, giving the leftover to the largest remainders.

    Parameters
    ----------
    weights
        At least 0; any scale.
    total
        What the result sums to.
    limit
        The most each may have; what is over is shared among the rest.

    Examples
    --------
    >>> largest_remainder(np.array([1.0, 1.0, 1.0]), 10).tolist()
    [4, 3, 3]
    >>> largest_remainder(np.array([6.0, 1.9, 2.1]), 10).tolist()
    [6, 2, 2]
    >>> largest_remainder(np.array([9.0, 1.0]), 10, limit=np.array([6, 9])).tolist()
    [6, 4]
    """
    top = np.full(len(weights), total, dtype=np.int64) if limit is None else limit.astype(np.int64)
    if top.sum() < total:
        raise LayerError(
            f"A total of {total:,} does not fit into its areas.",
            expected=f"at most {top.sum():,}",
            found=f"{total:,}",
            next_step="check the published total against All Matched Premises",
        )
    quotas = _quotas(np.maximum(weights, 0.0), total, top)
    result = np.minimum(np.floor(quotas + WHOLE).astype(np.int64), top)
    left = total - int(result.sum())
    remainder = np.where(result < top, quotas - result, -1.0)
    result[np.argsort(-remainder, kind="stable")[:left]] += 1
    return result


def _quotas(weights: Floats, total: float, top: Whole) -> Floats:
    """Share a total by weight without passing anyone's limit; who is full gives the rest to the others."""
    quotas = np.zeros(len(weights))
    free = top > 0
    while free.any():
        rest = total - quotas[~free].sum()
        room = weights * free if (weights * free).sum() > 0 else top * free.astype(float)
        share = rest * room / room.sum()
        full = free & (share >= top)
        if not full.any():
            return np.where(free, share, quotas)
        quotas[full] = top[full]
        free &= ~full
    return quotas


def controlled_rounding(cells: Floats, *, rows: Whole, columns: Whole) -> Whole:
    """Round every cell up or down so that both margins stay exact, changing as little as possible.

    A transportation problem: its linear relaxation has whole solutions, so HiGHS' simplex gives one.

    Parameters
    ----------
    cells
        Shape (areas, bands); sums to both margins.
    rows, columns
        The margins, whole.

    Returns
    -------
    ndarray
        Whole premises, same shape; each within 1 of `cells`.
    """
    settled = np.where(np.abs(cells - np.rint(cells)) < WHOLE, np.rint(cells), cells)
    base = np.floor(settled).astype(np.int64)
    part: Floats = settled - base
    row_need = rows - base.sum(axis=1)
    column_need = columns - base.sum(axis=0)
    area, band = np.nonzero(part > 0)
    if len(area) == 0:
        return base
    model = highspy.HighsLp()
    model.num_col_ = len(area)
    model.num_row_ = len(rows) + len(columns)
    model.col_cost_ = np.asarray(-part[area, band], dtype=np.float64)
    model.col_lower_ = np.zeros(len(area))
    model.col_upper_ = np.ones(len(area))
    need = np.concatenate([row_need, column_need]).astype(float)
    model.row_lower_ = need
    model.row_upper_ = need
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * len(area) + 1, 2)
    model.a_matrix_.index_ = np.stack([area, len(rows) + band], axis=1).ravel()
    model.a_matrix_.value_ = np.ones(2 * len(area))
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types for it
    solver.silent()
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"rounding found no solution: {solver.modelStatusToString(solver.getModelStatus())}")
    base[area, band] += np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
    return base
