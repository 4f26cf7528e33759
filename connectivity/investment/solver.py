"""Linear and mixed-integer programs by HiGHS, set up for knapsacks and stopped on time."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

THOUSAND = 1_000.0
"""Pounds of a unit of money in a program: rows of millions beside rows of ones upset a solver."""
TOLERANCE = 1e-9
"""How far HiGHS may miss a limit, in units of its row: a millionth of a pound, as rows of money are in thousands."""
LINEAR = {"presolve": "off", "solver": "ipm", "run_crossover": "off"}
"""Prices need no corner: the inner point is six times faster than simplex on 140,000 candidates."""
WHOLE = {
    "presolve": "off",  # on a knapsack of thousands of columns it takes longer than the search
    "mip_lp_solver": "ipm",
    "mip_rel_gap": 0.0,
    "mip_feasibility_tolerance": TOLERANCE,
    "primal_feasibility_tolerance": TOLERANCE,
}


class Deadline:
    """A moment after which solving stops with what there is.

    Parameters
    ----------
    seconds
        From now, by the clock; None for never.
    """

    def __init__(self, seconds: float | None) -> None:
        self.end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Tell whether it is over."""
        return time.monotonic() >= self.end


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """Maximise `gain · x` with `rows · x` between `low` and `high`, and each x between `least` and `most`."""

    gain: Floats
    rows: sparse.csc_array
    low: Floats
    high: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found.

    Parameters
    ----------
    x
        The best point, or None where none was found.
    prices
        Of each row: gain for one unit more of its upper limit; negative where its lower limit binds. Empty for whole x.
    bound
        No point has more gain; minus infinity where there is no point at all.
    """

    x: Floats | None
    prices: Floats
    bound: float


def maximise(program: LinearProgram, *, whole: Flags | None, deadline: Deadline, missing: float = 0.0) -> Solved:
    """Solve a program, stopping at the deadline.

    HiGHS looks at its own time limit too seldom with `mip_lp_solver = "ipm"`, so its callbacks are asked.
    Rows without a limit are left out, since the inner point stumbles over them.

    Parameters
    ----------
    program
        What to maximise.
    whole
        Which x are whole numbers; None for a linear program.
    deadline
        When to stop; the best point and bound so far are returned.
    missing
        Gain that may be missing from the best point.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types for it
    solver.silent()
    options: dict[str, Any] = {"threads": 1, **(LINEAR if whole is None else WHOLE | {"mip_abs_gap": missing})}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    real = np.isfinite(program.low) | np.isfinite(program.high)
    solver.passModel(_model(program, real, whole))
    if math.isfinite(deadline.end):
        for asked in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
            asked.subscribe(lambda event: _interrupt(event, deadline))
    solver.run()
    return _found(solver, real, whole=whole is not None)


def _interrupt(event: Any, deadline: Deadline) -> None:  # noqa: ANN401 - highspy ships no types for it
    if deadline.passed:
        event.interrupt()


def _model(program: LinearProgram, real: Flags, whole: Flags | None) -> highspy.HighsLp:
    model = highspy.HighsLp()
    rows = program.rows if real.all() else sparse.csc_array(program.rows.tocsr()[real])
    model.num_row_, model.num_col_ = rows.shape
    # HiGHS minimises: when it maximises and does not quite converge, it returns prices with the other sign.
    model.col_cost_, model.col_lower_, model.col_upper_ = -program.gain, program.least, program.most
    model.row_lower_, model.row_upper_ = program.low[real], program.high[real]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = rows.indptr
    model.a_matrix_.index_ = rows.indices
    model.a_matrix_.value_ = rows.data
    if whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in whole.tolist()]
    return model


def _found(solver: highspy.Highs, real: Flags, *, whole: bool) -> Solved:
    status = solver.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Solved(None, np.empty(0), -math.inf)
    info, point = solver.getInfo(), solver.getSolution()
    x = np.asarray(point.col_value)
    if not whole:
        prices = np.zeros(len(real))
        prices[real] = -np.asarray(point.row_dual)
        # Not quite converged is good enough: whoever uses prices proves the bound from them by himself.
        usable = point.dual_valid and bool(np.isfinite(prices).all())
        return Solved(x if usable else None, prices, math.inf)
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = -info.mip_dual_bound if math.isfinite(info.mip_dual_bound) else math.inf
    return Solved(x if known else None, np.empty(0), bound)
