"""Rasters: values on a grid of cells, opened whatever they come in.

Heights, signal strength, population. A cell without a value is NaN from here on, never 0.

Zonal statistics: a raster summarised for each area, each cell counted by the share of it that lies inside.

Sampling: a raster read off at each postcode, and signal strength turned into availability.

The rasters a study names, as columns: signal strength or anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from exactextract import exact_extract  # type: ignore[import-untyped]
from exactextract.feature import FeatureSource, JSONFeature  # type: ignore[import-untyped]
from exactextract.raster import RasterSource  # type: ignore[import-untyped]
from rasterio.transform import Affine  # type: ignore[import-untyped]
from rasterio.windows import Window  # type: ignore[import-untyped]

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.grid.gridfiles import WIDE, Grid, open_grid, readable
from layers.intake.coordinates import DEGREES_BOUNDS, Bounds, within
from layers.reading import StudyReading
from layers.study import Layer

Cells = npt.NDArray[np.floating]
AT_ONCE = 16_000_000
"""Cells held in memory at a time (assumption: 128 MB)."""
INSIDE = Figure(0.5, "share of the area", "the least of an area a grid must reach to cover it", "assumption")


@dataclass(frozen=True, slots=True)
class Raster:
    """An opened grid on British National Grid.

    Attributes
    ----------
    name
        The file's name, for messages.
    transform
        Where it lies: ``a`` and ``-e`` are a cell's width and height, ``c`` and ``f`` the north-western corner, metres.
    shape
        Rows and columns; row 0 is the northernmost.
    cells
        Gives a block of rows and columns (two slices with start and stop) as floats, NaN where not known.
    nodata
        The value that stood for “not known” in the file; None when it has none.
    closer
        Lets go of the file.
    """

    name: str
    transform: Affine
    shape: tuple[int, int]
    cells: Callable[[slice, slice], Cells]
    nodata: float | None = None
    closer: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, array: Cells, *, west: float, north: float, cell_m: float, name: str) -> Raster:
        """Make a raster of an array in memory, NaN where not known."""
        rows, columns = array.shape
        place = Affine(cell_m, 0, west, 0, -cell_m, north)
        return cls(name, place, (rows, columns), lambda down, across: array[down, across], nodata=np.nan)

    def read(self, *, rows: slice = slice(None), columns: slice = slice(None)) -> Cells:
        """Read a block of cells, or all of them.

        Returns
        -------
        ndarray, shape (rows, columns)
            Floats; NaN where not known.

        Raises
        ------
        LayerError
            When the file is broken there.
        """
        down, across = (slice(*part.indices(n)[:2]) for part, n in zip((rows, columns), self.shape, strict=True))
        return self.cells(down, across)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in metres."""
        west, north = float(self.transform.c), float(self.transform.f)
        rows, columns = self.shape
        return west, north + rows * float(self.transform.e), west + columns * float(self.transform.a), north

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.closer()


def open_raster(  # each is one thing a file may leave out
    path: Path,
    *,
    member: str | None = None,
    band: int | None = None,
    nodata: float | None = None,
    allow_missing_nodata: bool = False,
    reproject: bool = True,
    areas: gpd.GeoSeries | None = None,
    allowed: float = 0.0,
) -> Raster:
    """Open a GeoTIFF or ASCII grid.

    Parameters
    ----------
    path
        The file; ``.zip`` and ``.gz`` are read in place.
    member
        Which file of a zip: a name or pattern. May be left out when the zip holds one ``.asc`` or ``.tif``.
    band
        Which band, from 1; may be left out when there is one.
    nodata
        The value that stands for “not known”, when the file does not say or says it wrongly.
    allow_missing_nodata
        Whether a file may have no such value (OS Terrain 50: every cell of a tile has a height).
    reproject
        Whether a file on another coordinate system is laid on British National Grid (nearest cell) or refused.
    areas
        The study's areas (EPSG:27700), when the raster must cover them.
    allowed
        Share of the areas it may miss.

    Returns
    -------
    Raster
        To be used in a ``with`` block.

    Raises
    ------
    LayerError
        For a file that cannot be read, does not say where it lies or what it leaves out, or misses the study.
    """
    with ExitStack() as stack:
        grid = open_grid(
            path,
            member=member,
            band=band,
            nodata=nodata,
            allow_missing_nodata=allow_missing_nodata,
            reproject=reproject,
            stack=stack,
        )
        place, shape = grid.dataset.transform, grid.dataset.shape
        raster = Raster(path.name, place, shape, _reader(grid, path.name), grid.nodata)
        if areas is not None:
            refuse_elsewhere(raster, areas=areas, allowed=allowed)
        return Raster(path.name, place, shape, raster.cells, grid.nodata, stack.pop_all().close)
    raise AssertionError  # pragma: no cover  # an ExitStack of ours hides no error


def refuse_elsewhere(raster: Raster, *, areas: gpd.GeoSeries, allowed: float = 0.0) -> None:
    """Refuse a raster whose extent misses more of the areas than allowed.

    Raises
    ------
    LayerError
        With how many it misses and an example.
    """
    shapes = in_metres(areas, file=raster.name)
    inside = shapely.area(shapely.clip_by_rect(shapes.to_numpy(), *raster.bounds)) / shapes.area.to_numpy()
    missed = shapes.index[~(inside >= INSIDE.value)]
    if len(missed) > allowed * len(shapes):
        raise LayerError(
            f"The grid does not cover {len(missed):,} of the study's {len(shapes):,} areas.",
            file=raster.name,
            rows=f"missing: {examples(missed)}",
            expected=f"at most {allowed:.0%} of the areas missing",
            found=f"cells from {', '.join(f'{edge:,.0f}' for edge in raster.bounds)} (west, south, east, north)",
            next_step="take the tiles or the edition that cover the study's districts",
        )


def in_metres(areas: gpd.GeoSeries, *, file: str) -> gpd.GeoSeries:
    """Give areas back once they are known to be on British National Grid.

    Raises
    ------
    LayerError
        For degrees, another grid, or none named.
    """
    if areas.crs is None or areas.crs.to_epsg() != 27700:  # noqa: PLR2004  # the code of British National Grid
        on = "no coordinate system" if areas.crs is None else areas.crs.name
        raise LayerError(
            "The areas are not on British National Grid.",
            file=file,
            expected="areas in EPSG:27700, metres",
            found=f"{on}, degrees" if areas.crs is not None and areas.crs.is_geographic else on,
            next_step="convert the areas with to_crs(27700) before they are measured",
        )
    return areas


def _reader(grid: Grid, file: str) -> Callable[[slice, slice], Cells]:
    """Read blocks of a file's cells as floats: gaps, and what is not a number, become NaN."""
    dataset, band = grid.dataset, grid.band
    scale, offset = float(dataset.scales[band - 1]), float(dataset.offsets[band - 1])
    kind = np.float64 if dataset.dtypes[band - 1] in WIDE else np.float32

    def cells(rows: slice, columns: slice) -> Cells:
        with readable(file):
            block = dataset.read(band, window=Window.from_slices(rows, columns), masked=True)
        known = np.isfinite(block.data) & ~np.ma.getmaskarray(block)
        if grid.nodata is not None:
            known &= block.data != grid.nodata
        values: Cells = block.data.astype(kind) * kind(scale) + kind(offset)
        values[~known] = np.nan
        return values

    return cells


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


def sample(raster: Raster, *, x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Read the cell each point lies in; a point on a border belongs to the cell east or south of it.

    Parameters
    ----------
    x, y
        Eastings and northings in metres, shape (n,); NaN for a point without a location.

    Returns
    -------
    ndarray, shape (n,)
        NaN where the cell is not known, the point is outside or has no location.

    Raises
    ------
    LayerError
        When the points are degrees.
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    values = np.full(east.shape, np.nan)
    located = np.isfinite(east) & np.isfinite(north)
    if located.any() and within(
        (east[located].min(), north[located].min(), east[located].max(), north[located].max()), DEGREES_BOUNDS
    ):
        raise LayerError(
            "The points to sample are in degrees.",
            file=raster.name,
            expected="metres on British National Grid",
            found="longitude and latitude",
            next_step="use eastings and northings",
        )
    column = np.floor((east - float(raster.transform.c)) / float(raster.transform.a))
    row = np.floor((north - float(raster.transform.f)) / float(raster.transform.e))
    rows, columns = raster.shape
    inside = np.flatnonzero(located & (column >= 0) & (column < columns) & (row >= 0) & (row < rows))
    down, across = row[inside].astype(np.intp), column[inside].astype(np.intp)
    strip = max(1, AT_ONCE // columns)
    for top in np.unique(down // strip) * strip:
        here = (down >= top) & (down < top + strip)
        left, right = int(across[here].min()), int(across[here].max()) + 1
        first, last = int(down[here].min()), int(down[here].max()) + 1
        block = raster.read(rows=slice(first, last), columns=slice(left, right))
        values[inside[here]] = block[down[here] - first, across[here] - left]
    return values


def availability(
    values: pd.Series, *, area_codes: pd.Series, areas: pd.Index, threshold: Figure, at_least: bool = True
) -> pd.DataFrame:
    """Share of an area's live postcodes whose value meets a threshold; what is not known is counted apart.

    Parameters
    ----------
    values
        A value for each live postcode, in the threshold's unit, such as from :func:`sample`; NaN where
        not known.
    area_codes
        The area of each, on the same index.
    areas
        The spine's area codes.
    threshold
        Where the service begins, with its unit and source.
    at_least
        Whether the service needs this much (signal strength) or no more than this (distance, loss).

    Returns
    -------
    pandas.DataFrame
        Index `areas`. ``share``: of the postcodes with a known value, those that meet the threshold, 0 to 1; NaN where
        none is known. ``unknown_share``: of all, those without a value; NaN for an area without a live postcode.
        ``postcodes``: how many live postcodes it rests on. The share of all lies between ``share × (1 −
        unknown_share)`` and that plus ``unknown_share``.

    Raises
    ------
    ValueError
        When the two do not share an index.

    Examples
    --------
    >>> line = Figure(-105.0, "dBm", "4G outdoors", "Ofcom, Connected Nations: methodology")
    >>> signal = pd.Series([-90.0, -120.0, float("nan")])
    >>> availability(signal, area_codes=pd.Series(["A", "A", "A"]), areas=pd.Index(["A"]), threshold=line).round(2)
       share  unknown_share  postcodes
    A    0.5           0.33          3
    """
    if not values.index.equals(area_codes.index):
        raise ValueError("a value and an area code for each postcode, on the same index")
    met = values >= threshold.value if at_least else values <= threshold.value
    each = pd.DataFrame({"share": met.astype("float64").where(values.notna()), "unknown_share": values.isna()})
    by_area = each.groupby(area_codes.to_numpy())
    table = by_area.mean().reindex(areas).astype("float64")
    return table.assign(postcodes=by_area.size().reindex(areas, fill_value=0))


def raster_columns(reading: StudyReading) -> pd.DataFrame:
    """Summarise every raster the study names.

    Returns
    -------
    pandas.DataFrame
        Index as the spine. For each raster ``raster_<name>`` (mean over the area, in its own unit) and
        ``raster_<name>_covered`` (share of the area it covers); with a threshold also ``raster_<name>_share`` (of the
        area's live postcodes with a value, those that meet it) and ``raster_<name>_unknown`` (share without a value).
    """
    rasters = [layer for layer in reading.study.layers if layer.kind == "raster"]
    columns = [reading.once(f"raster {layer.name}", partial(_summary, layer, reading)) for layer in rasters]
    return pd.concat([pd.DataFrame(index=reading.areas), *columns], axis=1)


def reach_of_signal(reading: StudyReading) -> pd.DataFrame | None:
    """Turn a signal raster into the reach of mobile, with what is not known kept apart.

    Returns
    -------
    pandas.DataFrame
        ``indoor_4g`` (postcodes known to have it, as a share of all), ``indoor_4g_low`` (the same) and
        ``indoor_4g_high`` (those not known counted as having it); None when no raster of the study is a route.
    """
    layer = next((layer for layer in reading.study.layers if layer.route == "mobile"), None)
    if layer is None:
        return None
    facts = raster_columns(reading)
    unknown = facts[f"raster_{layer.name}_unknown"]
    none_known = facts[f"raster_{layer.name}_share"].isna()
    served = (facts[f"raster_{layer.name}_share"] * (1 - unknown)).mask(none_known, 0.0)
    return pd.DataFrame({"indoor_4g": served, "indoor_4g_low": served, "indoor_4g_high": served + unknown})


def _summary(layer: Layer, reading: StudyReading) -> pd.DataFrame:
    (path,) = reading.study.paths(layer)
    areas, allowed = reading.spine.geometry, reading.study.switches.missing_areas_allowed
    with open_raster(path, member=layer.member, nodata=layer.nodata, areas=areas, allowed=allowed) as raster:
        reading.ledger.used(path, kind="raster", rows=int(np.prod(raster.shape)))
        found = zonal(raster, areas=areas, statistics=("mean",))
        bare = found.index[found["mean"].isna()]
        rule = "every area has a value of the raster"
        reading.ledger.check(path, rule, rows=len(areas), failing=len(bare), examples=bare, then="kept")
        table = pd.DataFrame({f"raster_{layer.name}": found["mean"], f"raster_{layer.name}_covered": found["covered"]})
        if layer.threshold is None:
            return table
        postcodes = reading.located_postcodes(needed_by=f"the threshold of raster {layer.name}")
        ours = postcodes[postcodes["area_code"].isin(areas.index)].dropna(subset=["easting", "northing"])
        values = pd.Series(sample(raster, x=ours["easting"], y=ours["northing"]), index=ours.index)
    line = Figure(layer.threshold, layer.unit or "", f"where {layer.name} begins", f"{reading.study.path.name}")
    met = availability(values, area_codes=ours["area_code"], areas=areas.index, threshold=line)
    table[f"raster_{layer.name}_share"] = met["share"]
    table[f"raster_{layer.name}_unknown"] = met["unknown_share"]
    return table
