"""Zonal statistics of a grid over the demo's 1,646 areas: parts of cells, beside whole cells.

The heights are generated on the extent of OS Terrain 50's tiles there, so that no published grid is needed.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from rasterio.features import rasterize  # type: ignore[import-untyped]

from benchmarks.measuring import DEMO, SEED, Result, comparison, sentences, timed
from layers.grid.rasters import Raster, zonal
from layers.intake.shapes import read_shapes

CELLS_M = (50.0, 500.0)
"""Heights come at 50 m; signal strength and population come coarser."""
SQUARE_M = 10_000.0
STATISTICS = ("mean", "min", "max", "stdev", "count")
Means = npt.NDArray[np.float64]


def run(*, quick: bool = False) -> Result:
    """Summarise the same grids for the same areas, ours and two others.

    Parameters
    ----------
    quick
        The coarse cells only, once instead of the median of three.
    """
    areas = read_shapes(DEMO / "areas.geojson").geometry
    found = [compared(areas, cell_m=cell_m, repeat=1 if quick else 3) for cell_m in CELLS_M[quick:]]
    notes = [note for one in found for note in one["notes"]]
    return {"comparisons": [row for one in found for row in one["comparisons"]], "targets": [], "notes": notes}


def compared(areas: gpd.GeoSeries, *, cell_m: float, repeat: int) -> Result:
    """Set ours beside the others on cells of one size."""
    raster = generated(areas, cell_m=cell_m)
    cells = raster.read()
    what = f"{len(areas):,} areas, {cells.size:,} cells of {cell_m:g} m, {', '.join(STATISTICS)}"
    ours, table = timed(lambda: zonal(raster, areas=areas, statistics=STATISTICS), repeat=repeat)
    means = table["mean"].to_numpy()
    others: dict[str, Callable[[], Means]] = {"burnt ids, mean only": lambda: burnt(areas, raster, cells)}
    notes = [f"ours loses {int(np.isnan(means).sum())} areas at {cell_m:g} m"]
    try:
        zonal_stats = importlib.import_module("rasterstats").zonal_stats
        others = {"rasterstats": lambda: whole_cells(zonal_stats, areas, raster, cells), **others}
    except ModuleNotFoundError:
        notes.append("rasterstats is not installed (pip install rasterstats): not compared")
    comparisons = []
    for name, work in others.items():
        theirs, found = timed(work, repeat=repeat)
        lost, off = int(np.isnan(found).sum()), float(np.nanmax(np.abs(found - means)))
        note = f"it loses {lost} areas and is off by up to {off:.1f} m in a mean"
        comparisons.append(comparison(what, ours=ours, other=name, theirs=theirs, note=note, lost=lost))
    return {"comparisons": comparisons, "notes": notes}


def generated(areas: gpd.GeoSeries, *, cell_m: float) -> Raster:
    """Make hills on whole 10 km squares around the areas: a few waves and some noise, metres."""
    west, south = np.floor(areas.total_bounds[:2] / SQUARE_M) * SQUARE_M
    east, north = np.ceil(areas.total_bounds[2:] / SQUARE_M) * SQUARE_M
    rows, columns = round((north - south) / cell_m), round((east - west) / cell_m)
    y, x = np.ogrid[0 : rows * cell_m : cell_m, 0 : columns * cell_m : cell_m]
    noise = np.random.default_rng(SEED).normal(0, 5, (rows, columns))
    heights = 120 + 60 * np.sin(x / 7_000) * np.cos(y / 9_000) + 30 * np.sin((x + y) / 1_500) + noise
    return Raster.of(heights.astype(np.float32), west=west, north=north, cell_m=cell_m, name="generated")


def whole_cells(zonal_stats: Callable[..., Any], areas: gpd.GeoSeries, raster: Raster, cells: Any) -> Means:  # noqa: ANN401
    """Ask rasterstats for the same figures: a cell counts where its middle lies inside."""
    wanted = ["mean", "min", "max", "std", "count"]
    found = zonal_stats(areas, cells, affine=raster.transform, nodata=-9999, stats=wanted)
    return np.array([row["mean"] for row in found], dtype=np.float64)


def burnt(areas: gpd.GeoSeries, raster: Raster, cells: Any) -> Means:  # noqa: ANN401
    """Burn the areas' numbers into a grid and average by number: where two meet, the later one wins."""
    numbered = zip(areas, range(1, len(areas) + 1), strict=True)
    owner = rasterize(numbered, out_shape=cells.shape, transform=raster.transform, dtype="int32").ravel()
    count = np.bincount(owner, minlength=len(areas) + 1)[1:]
    total = np.bincount(owner, weights=cells.ravel(), minlength=len(areas) + 1)[1:]
    means: Means = np.divide(total, count, out=np.full(len(areas), np.nan), where=count > 0)
    return means


def main() -> int:
    """Run, and print the sentences and the figures."""
    result = run()
    print(*sentences(result), json.dumps(result, ensure_ascii=False, indent=2), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
