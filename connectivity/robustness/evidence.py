"""What the draws are made on: the figures of each scored area as plain columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.method.goalposts import Indicator
from connectivity.method.uncertain import Floats
from connectivity.robustness.spread import Spread, spread_of
from layers.coverage import Band, Basis, Coverage


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures of the scored areas; every array has one entry, or one column, for each area.

    Attributes
    ----------
    areas
        Codes of the scored areas, sorted.
    bands, basis
        Of the release.
    premises
        All premises, or lines.
    shares
        Shape (bands, areas): matched premises in each band, as a share of the matched.
    able
        The same of the lines a second published fact calls able (2013); None when there is no such fact.
    unknown
        Premises not known, as a share of all.
    below_decent, fwa
        Shares: of matched premises below decent broadband, of all premises that decent fixed wireless reaches; None
        where the release does not say.
    mobile
        Share of premises that 4G reaches indoors: lowest, best and highest; None where not known.
    indicators
        The declared indicators, each with its raw columns, shape (columns, areas).
    spread
        What modelled figures were spread by; None when they are not modelled.
    """

    areas: pd.Index
    bands: tuple[Band, ...]
    basis: Basis
    premises: Floats
    shares: Floats
    able: Floats | None
    unknown: Floats
    below_decent: Floats | None
    fwa: Floats | None
    mobile: Floats | None
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
    table = coverage.table.loc[areas]
    matched, premises = table["matched"], table["premises"]
    able = None
    if coverage.able is not None:
        able = _rows(coverage.able.loc[areas, coverage.columns].div(matched, axis=0))
    mobile = None
    if "indoor_4g" in table:
        best = table["indoor_4g"]
        three = [table.get("indoor_4g_low", best), best, table.get("indoor_4g_high", best)]
        mobile = _rows(pd.concat(three, axis=1))
    return Evidence(
        areas=areas,
        bands=coverage.bands,
        basis=coverage.basis,
        premises=_row(premises),
        shares=_rows(table[coverage.columns].div(matched, axis=0)),
        able=able,
        unknown=_row(table["unknown"] / premises),
        below_decent=_row(table["below_decent"].clip(upper=matched) / matched) if coverage.has_fwa else None,
        fwa=_row(table["fwa"] / premises) if coverage.has_fwa else None,
        mobile=mobile,
        indicators=tuple((one, _rows(joined.loc[areas, list(one.columns)])) for one in indicators),
        spread=spread_of(coverage, areas=areas),
    )


def _rows(table: pd.DataFrame) -> Floats:
    return np.ascontiguousarray(table.to_numpy(dtype=np.float32).T)


def _row(values: pd.Series) -> Floats:
    return values.to_numpy(dtype=np.float32)
