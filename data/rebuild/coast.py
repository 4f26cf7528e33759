"""Which areas of the demo are coastal, told from the outlines of every area of England and Wales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from layers.coast import COASTAL, coastal
from layers.geography import geography_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES
from rebuild.tables import csv_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping


def coast_text(features: Iterable[Mapping[str, Any]], *, areas: Container[str]) -> str:
    """Return area to yes or no, sorted by code; blank where it is not known.

    Parameters
    ----------
    features
        GeoJSON features of the whole country with the property LSOA11CD, in degrees.
    areas
        The areas asked about.

    Raises
    ------
    ValueError
        If outlines are missing: what lies beyond them would look like sea.
    """
    country = gpd.GeoDataFrame.from_features(features, crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID)
    outlines = country.set_index("LSOA11CD").geometry.sort_index()
    if len(outlines) != geography_of("lsoa11").count.value:
        raise ValueError(f"{len(outlines):,} outlines are not all of England and Wales. Check the pinned wheels.")
    ours = outlines.index.map(lambda code: code in areas).to_numpy(dtype=bool)
    said = coastal(outlines[ours], others=outlines[~ours]).map({True: "yes", False: "no"}).fillna("")
    return csv_text(["LSOA11CD", COASTAL], said.items())
