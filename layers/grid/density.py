"""Density: how many postcodes, or premises, stand in each square of the National Grid."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from rasterio.io import MemoryFile  # type: ignore[import-untyped]

from layers.coverage import Coverage
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.grid.rasters import Raster, zonal
from layers.intake.cells import is_one_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES_BOUNDS, GREAT_BRITAIN_METRES, within
from layers.ledger import Ledger
from layers.reading import StudyReading

CELL = Figure(1000.0, "metres", "side of a cell", "assumption: Eurostat's population grid has 1 km", low=500, high=2000)
METRES_PER_KM = 1000.0


def density(postcodes: pd.DataFrame, *, weight: str | None = None, cell: Figure = CELL, ledger: Ledger) -> Raster:
    """Count the postcodes in each cell.

    Parameters
    ----------
    postcodes
        One row for each live postcode: ``easting``, ``northing`` in metres; rows without a location are left out.
    weight
        Column to add up, such as premises; None counts postcodes. Rows without a weight are left out and counted.
    cell
        Side of a cell, metres; cells start at whole multiples of it, as Ordnance Survey's squares do.
    ledger
        Told how many located postcodes have no weight.

    Returns
    -------
    Raster
        In memory, float64, as wide as the postcodes reach. Its cells add up to the number of located postcodes (or to
        their weight). 0 is a count: a cell between postcodes has none.

    Raises
    ------
    LayerError
        When no postcode has a location, locations are not metres in Great Britain, or weights are below 0.
    """
    places = postcodes.dropna(subset=["easting", "northing"])
    if weight is not None:
        bare = places[weight].isna()
        if bare.any():
            ledger.warn(
                f"Density: {int(bare.sum()):,} of {len(places):,} postcodes have no {weight} and are left out "
                f"({examples(places.index[bare])})."
            )
        places = places[~bare]
    weights = np.ones(len(places)) if weight is None else places[weight].to_numpy(dtype=np.float64)
    east, north = (places[column].to_numpy(dtype=np.float64) for column in ("easting", "northing"))
    _refuse_unfit(east, north, weights)
    column, row = (np.floor(metres / cell.value).astype(np.int64) for metres in (east, north))
    first, top = int(column.min()), int(row.max()) + 1
    shape = (top - int(row.min()), int(column.max()) + 1 - first)
    counts = np.zeros(shape)
    np.add.at(counts, (top - 1 - row, column - first), weights)
    return Raster.of(counts, west=first * cell.value, north=top * cell.value, cell_m=cell.value, name="density")


def per_km2(raster: Raster, *, areas: gpd.GeoSeries, name: str = "postcodes_per_km2") -> pd.Series:
    """Mean density of the cells an area lies in: how built-up the ground around it is, not the area's own count.

    Returns
    -------
    pandas.Series
        Postcodes (or weight) for each km²; NaN for an area beyond the last postcode.
    """
    cell_km2 = abs(float(raster.transform.a) * float(raster.transform.e)) / METRES_PER_KM**2
    mean: pd.Series = zonal(raster, areas=areas, statistics=("mean",))["mean"]
    return (mean / cell_km2).rename(name)


def write_geotiff(raster: Raster, path: Path) -> None:
    """Write a raster as GeoTIFF in EPSG:27700, the same bytes for the same cells.

    Not known is NaN. The compression (LZW) is part of the file format's own library, so its bytes do not depend on
    which zlib is installed; nothing in the file tells the time.
    """
    cells = raster.read()
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=raster.shape[0],
            width=raster.shape[1],
            count=1,
            dtype=cells.dtype.name,
            crs=BRITISH_NATIONAL_GRID,
            transform=raster.transform,
            nodata=math.nan,
            compress="lzw",
        ) as dataset:
            dataset.write(cells, 1)
        path.write_bytes(memory.read())


def _refuse_unfit(east: np.ndarray, north: np.ndarray, weights: np.ndarray) -> None:
    if not len(east):
        raise LayerError(
            "No postcode can be put on the density grid.",
            column="easting, northing",
            expected="metres on British National Grid for live postcodes, and their weight",
            found="blank",
            next_step="use a postcode file with coordinates",
        )
    span = (float(east.min()), float(north.min()), float(east.max()), float(north.max()))
    degrees = within(span, DEGREES_BOUNDS)
    if degrees or not within(span, GREAT_BRITAIN_METRES):
        raise LayerError(
            "The postcodes' coordinates are not metres in Great Britain.",
            column="easting, northing",
            expected="metres on British National Grid",
            found="degrees" if degrees else f"from {span[0]:,.0f}, {span[1]:,.0f} to {span[2]:,.0f}, {span[3]:,.0f}",
            next_step="use the easting and northing columns, not longitude and latitude",
        )
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise LayerError(
            "A postcode weighs less than nothing.",
            expected="0 or more premises for each postcode",
            found=examples(weights[~(weights >= 0)]),
            next_step="correct the weights, or leave blank what is not known",
        )


def premises_density(coverage: Coverage, *, postcodes: pd.DataFrame, reading: StudyReading) -> Raster:
    """Premises for each square kilometre: an area's premises shared equally among its live postcodes.

    The squares add up to the premises of all areas that have a live postcode.
    """
    reading.ledger.modelled.append(
        f"Where people live: each small area's {coverage.unit}, shared equally among its live postcodes."
    )
    ours = postcodes[is_one_of(postcodes["area_code"], reading.areas)].dropna(subset=["easting", "northing"])
    each = coverage.table["premises"] / ours.groupby("area_code").size()
    weighted = ours.assign(premises=ours["area_code"].map(each))
    return density(weighted, weight="premises", ledger=reading.ledger)
