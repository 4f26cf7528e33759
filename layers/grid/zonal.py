"""Zonal statistics: a raster summarised for each area, each cell counted by the share of it that lies inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd
from exactextract import exact_extract  # type: ignore[import-untyped]
from exactextract.feature import FeatureSource, JSONFeature  # type: ignore[import-untyped]
from exactextract.raster import RasterSource  # type: ignore[import-untyped]

from layers.errors import examples
from layers.grid.rasters import AT_ONCE, Cells, Raster, in_metres

STATISTICS = ("mean", "min", "max", "stdev", "count", "sum", "median")


def zonal(
    raster: Raster, *, areas: gpd.GeoSeries, statistics: Sequence[str] = ("mean", "min", "max", "stdev", "count")
) -> pd.DataFrame:
    """Summarise a raster for each area, each cell counted by the share of it that lies in the area.

    Parameters
    ----------
    areas
        EPSG:27700; any index.
    statistics
        Out of `STATISTICS`: ``stdev`` is that of the population, ``count`` is cells with a value, in parts of a cell.

    Returns
    -------
    pandas.DataFrame
        The index of `areas`; a column for each statistic, NaN for an area without a known cell (its ``count`` and
        ``sum``, too); ``covered``, the share of the area that lies on known cells, 0 to 1.

    Notes
    -----
    Baston, D., exactextract (https://github.com/isciences/exactextract): fractions of cells are exact.
    """
    unknown = set(statistics) - set(STATISTICS)
    if unknown:
        raise ValueError(f"statistics are {', '.join(STATISTICS)}; found {examples(sorted(unknown))}")
    shapes = in_metres(areas, file=raster.name)
    found = exact_extract(
        _Source(raster),
        _Shapes(shapes),
        list(dict.fromkeys([*statistics, "count"])),
        include_cols=["row"],
        strategy="raster-sequential",
        max_cells_in_memory=AT_ONCE,
        output="pandas",
    )
    table = found.set_index("row").reindex(range(len(shapes))).set_axis(shapes.index).astype("float64")
    cell_m2 = abs(float(raster.transform.a) * float(raster.transform.e))
    covered = (table["count"] * cell_m2 / shapes.area).clip(upper=1.0).fillna(0.0)
    known = table["count"] > 0
    summary: pd.DataFrame = table[list(statistics)].where(known)
    return summary.assign(covered=covered)


class _Source(RasterSource):  # type: ignore[misc]  # exactextract has no types
    """A raster in the words of exactextract."""

    def __init__(self, raster: Raster) -> None:
        super().__init__()
        self._raster = raster

    def res(self) -> tuple[float, float]:
        return float(self._raster.transform.a), -float(self._raster.transform.e)

    def extent(self) -> tuple[float, float, float, float]:
        return self._raster.bounds

    def nodata_value(self) -> None:
        """None: what is not known is NaN already."""

    def srs_wkt(self) -> None:
        """None: both sides have been checked to be on British National Grid."""

    def read_window(self, column: int, row: int, columns: int, rows: int) -> Cells:
        return self._raster.read(rows=slice(row, row + rows), columns=slice(column, column + columns))


class _Shape(JSONFeature):  # type: ignore[misc]
    """An area in the words of exactextract; as bytes, since its own way through text takes as long as the cells."""

    def __init__(self, row: int, shape: bytes) -> None:
        super().__init__({"type": "Feature", "properties": {"row": row}})
        self._shape = shape

    def geometry(self) -> bytes:
        return self._shape


class _Shapes(FeatureSource):  # type: ignore[misc]
    """The areas, one after the other."""

    def __init__(self, areas: gpd.GeoSeries) -> None:
        super().__init__()
        self._shapes: list[bytes] = areas.to_wkb().tolist()

    def count(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[_Shape]:
        yield from (_Shape(row, shape) for row, shape in enumerate(self._shapes))

    def srs_wkt(self) -> None:
        """None, as for the raster."""
