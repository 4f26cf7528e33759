"""What the draws are made on: the figures of each scored area as plain columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.method.feasibility import area_figures
from connectivity.method.goalposts import Indicator
from connectivity.method.kernel import AreaFigures
from connectivity.method.uncertain import Floats
from connectivity.robustness.spread import Spread, spread_of
from layers.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures of the scored areas; every array has one entry, or one column, for each area.

    Attributes
    ----------
    areas
        Codes of the scored areas, sorted.
    figures
        Who can get what, in single precision.
    indicators
        The declared indicators, each with its raw columns, shape (columns, areas).
    spread
        What modelled figures were spread by; None when they are not modelled.
    """

    areas: pd.Index
    figures: AreaFigures
    indicators: tuple[tuple[Indicator, Floats], ...]
    spread: Spread | None = None

    def __len__(self) -> int:
        """Count the areas."""
        return len(self.areas)


def gather(coverage: Coverage, *, joined: pd.DataFrame, scored: pd.Index, indicators: Sequence[Indicator]) -> Evidence:
    """Take the figures of the scored areas.

    Parameters
    ----------
    coverage
        Premises in bands.
    joined
        The joined table, with the indicators' raw columns.
    scored
        Codes of the areas that have a score; a few of them are enough to compare these.
    indicators
        The declared ones.
    """
    areas = scored.sort_values()
    return Evidence(
        areas=areas,
        figures=area_figures(coverage, areas=areas, precision=np.float32),
        indicators=tuple((one, _rows(joined.loc[areas, list(one.columns)])) for one in indicators),
        spread=spread_of(coverage, areas=areas),
    )


def _rows(table: pd.DataFrame) -> Floats:
    return np.ascontiguousarray(table.to_numpy(dtype=np.float32).T)
