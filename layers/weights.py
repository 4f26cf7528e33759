"""How many premises a postcode has, where Ofcom gives shares only: counted by somebody, or said to be assumed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers import premises
from layers.layer import Kind
from layers.reading import Reading
from layers.subsidy import COVERS, subsidy_of


@dataclass(frozen=True, slots=True)
class Weights:
    """Premises by postcode, and in one sentence where they come from.

    Attributes
    ----------
    premises
        Index postcode without spaces; at least 0, fractions where they are assumed.
    whence
        For the manifest's list of what is modelled.
    kind
        The layer they are from.
    """

    premises: pd.Series
    whence: str
    kind: Kind


def stand_in_weights(reading: Reading, *, postcodes: pd.Index) -> Weights | None:
    """Find premises by postcode in the study's other layers, when it has no layer of kind ``postcode_premises``.

    First BDUK's list, one row a premises; else the dwellings of each small area, shared equally among its postcodes in
    Ofcom's file (assumption: dwellings of one area are spread evenly, and homes stand for businesses too).

    Parameters
    ----------
    postcodes
        Those in Ofcom's file, without spaces: it has a row for each postcode with premises.

    Returns
    -------
    Weights or None
        None when the study has neither layer: premises are never invented.
    """
    subsidy = subsidy_of(reading)
    if subsidy is not None:
        listed = subsidy.by_postcode
        counted = (listed["premises"] - listed["not_recognised"]).astype(float)
        return Weights(
            counted,
            f"Premises at each postcode: Ofcom gives shares only, times the premises BDUK lists ({subsidy.release}). "
            f"{COVERS}",
            "subsidy",
        )
    dwellings = reading.read("dwellings", premises.read_dwellings)
    if dwellings is None or reading.postcodes is None:
        return None
    area = reading.postcodes["area_code"].reindex(postcodes).dropna()
    area = area[area.isin(reading.areas)]
    each = dwellings.reindex(area.unique()) / area.value_counts()
    return Weights(
        area.map(each).astype(float),
        "Premises at each postcode: Ofcom gives shares only, times the dwellings of the small area, shared equally "
        "among its postcodes. Homes stand for businesses too.",
        "dwellings",
    )
