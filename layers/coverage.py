"""Fixed broadband: premises in exclusive speed bands, one row per area, whatever release they came from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from layers.errors import LayerError

Unit = Literal["premises", "lines"]
Basis = Literal["availability", "measured sync speeds"]

PREMISES_SHARED = "Premises in each small area"
"""How the ledger begins where a council's premises were shared out."""


@dataclass(frozen=True, slots=True)
class Band:
    """An exclusive band of download speeds, in Mbit/s; the lower edge belongs to it.

    >>> Band(2, 5).column, Band(300).column, Band(2, 5).label, Band(0, 2).label
    ('premises_2_5', 'premises_300_plus', '2 to 5', 'Under 2')
    """

    low: float
    high: float = math.inf

    @property
    def column(self) -> str:
        """Name of the band's column in every table."""
        return f"premises_{self.low:g}_" + ("plus" if math.isinf(self.high) else f"{self.high:g}")

    @property
    def label(self) -> str:
        """The band in words, without its unit."""
        if self.low == 0:
            return f"Under {self.high:g}"
        return f"{self.low:g} or more" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


def bands_between(*edges: float) -> tuple[Band, ...]:
    """Make the bands from 0 upwards that the given edges cut.

    >>> [band.label for band in bands_between(10, 30)]
    ['Under 10', '10 to 30', '30 or more']
    """
    lows = (0.0, *edges)
    highs = (*edges, math.inf)
    return tuple(Band(low, high) for low, high in zip(lows, highs, strict=True))


class CoverageSchema(pa.DataFrameModel):
    """Premises by area: all, matched, not known; the bands stand beside them."""

    premises: float = pa.Field(ge=0)
    matched: float = pa.Field(ge=0)
    unknown: float = pa.Field(ge=0)
    below_decent: float = pa.Field(ge=0, nullable=True)
    fwa: float = pa.Field(ge=0, nullable=True)
    indoor_4g: float | None = pa.Field(ge=0, le=1, nullable=True)


@dataclass(frozen=True, slots=True)
class Disaggregation:
    """What authority totals were spread over areas by, so that they can be spread again in another way.

    Attributes
    ----------
    areas
        Index ``area_code``; ``district_code``, ``rural`` (true or not), ``below_2, below_5, below_10`` (log-odds beside
        the council's, from the covariates: :func:`layers.estimate.predictors`; 0 where they do not tell its areas
        apart), ``separable`` (whether they do) and, where the study takes it, ``structure`` (log-odds of slow lines in
        2013, standardised).
    """

    areas: pd.DataFrame

    @property
    def structured(self) -> bool:
        """Whether the structure of 2013 is among what they were spread by."""
        return "structure" in self.areas


@dataclass(frozen=True, slots=True)
class Coverage:
    """Premises in speed bands for each area.

    Attributes
    ----------
    table
        Index ``area_code``; columns ``premises`` (all), ``matched``, ``unknown`` (all − matched), one per band
        (together = matched), ``below_decent`` (cannot get decent broadband from fixed or fixed wireless; NaN when
        the release does not say) and ``fwa`` (can get decent broadband from fixed wireless; NaN likewise); where
        mobile is counted ``indoor_4g``, the share of premises that 4G reaches indoors, which is the authority's.
    bands
        The bands, slowest first.
    able
        Lines of each band that a second published fact calls able (2013: the postcode's superfast flag); same index
        and band columns; None when there is no such fact.
    release, unit, basis
        What the figures are, in words for every sentence.
    modelled
        Whether they are authority totals spread over areas.
    disaggregation
        What they were spread by; None when they are not modelled.
    definition
        What the release calls the premises ``below_decent``, in Ofcom's words; None when it has no such column.
    premises_from
        The kind of layer that counts the premises where the release gives shares only; None for the release's own.
    by_postcode, by_output_area
        The same figures before they were summed to areas, where the release has them: index ``postcode`` (without
        spaces) or ``output_area``, only those of the study's areas, and only those the release says anything about.
        They have the same columns but ``indoor_4g``, and no finer table of their own. None otherwise.
    """

    table: pd.DataFrame
    bands: tuple[Band, ...]
    release: str
    unit: Unit
    basis: Basis
    modelled: bool
    able: pd.DataFrame | None = None
    disaggregation: Disaggregation | None = None
    definition: str | None = None
    premises_from: str | None = None
    by_postcode: Coverage | None = None
    by_output_area: Coverage | None = None

    @property
    def columns(self) -> list[str]:
        """The band columns, slowest first."""
        return [band.column for band in self.bands]

    @property
    def has_fwa(self) -> bool:
        """Whether the release says who can get decent broadband by fixed wireless."""
        return bool(self.table["below_decent"].notna().any() and self.table["fwa"].notna().any())


def checked(coverage: Coverage, *, file: str, tolerance: float = 1e-6) -> Coverage:
    """Refuse a coverage table whose parts do not make its whole.

    Parameters
    ----------
    coverage
        The table and its bands.
    file
        Where it came from, for the message.
    tolerance
        Largest difference, in premises, allowed between a sum and its total.

    Raises
    ------
    LayerError
        When bands do not sum to matched, or matched exceeds all premises.
    """
    table = CoverageSchema.validate(coverage.table, lazy=True)
    bands = table[coverage.columns]
    gap = (bands.sum(axis=1) - table["matched"]).abs()
    wrong = (gap > tolerance) | (table["matched"] > table["premises"] + tolerance) | (bands < -tolerance).any(axis=1)
    wrong |= (table["premises"] - table["matched"] - table["unknown"]).abs() > tolerance
    if wrong.any():
        first = str(table.index[np.flatnonzero(wrong)[0]])
        matched, every = table["matched"].loc[first], table["premises"].loc[first]
        raise LayerError(
            f"The speed bands of {int(wrong.sum()):,} areas do not sum to their premises.",
            file=file,
            rows=f"first: {first}",
            expected=f"bands together {matched:,.2f}, not more than {every:,.2f}",
            found=f"{bands.loc[first].sum():,.2f}",
            next_step="report this with the file: the loader should have refused it earlier",
        )
    return coverage
