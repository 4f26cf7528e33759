"""A study of England's size built from official files: ours beside the straightforward pandas and geopandas script."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks import country, national
from benchmarks.country import Country
from benchmarks.measuring import Result, alone, comparison, target, timed
from connectivity.build import build

SECONDS, MEGABYTES = 60.0, 3_000.0
"""Targets of the project: a build of England's size."""
SLOW = {
    f"Number of premises with {band}Mbit/s download speed": f"premises_{band.replace('<', '_')}"
    for band in national.BANDS[:3]
}
"""Ofcom's heading of each band under 10 Mbit/s, and our column."""
NOTE = (
    "The script reads the same files, puts postcodes into areas by sjoin, sums output areas, takes a central estimate "
    "and writes GeoParquet. It checks nothing, and gives no range, no density grid and no quality report."
)


def run(*, quick: bool) -> Result:
    """Write the files, build the study both ways, and compare seconds, memory and answers.

    Parameters
    ----------
    quick
        A hundredth of the country.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made, _ = alone(country.write, place, scale=100 if quick else 1)
        ours, peak = alone(measure_ours, made, place / "ours")
        theirs, other_peak = alone(measure_plain, made, place / "plain")
        same_answers(place / "ours" / "areas.parquet", place / "plain" / "areas.parquet")
    memory = f"; peak memory {peak:,} MB beside {other_peak:,} MB" if peak and other_peak else ""
    what = f"{made.output_areas:,} output areas, {made.postcodes:,} postcodes, {made.areas:,} small areas"
    note = f"same premises and slow lines in every area{memory}"
    targets = [target("build of England's size", value=ours, limit=SECONDS, unit="s")]
    if peak:
        targets.append(target("its peak memory", value=peak, limit=MEGABYTES, unit="MB"))
    script = "a pandas and geopandas script"
    return {
        "comparisons": [comparison(what, ours=ours, other=script, theirs=theirs, note=note)],
        "targets": targets,
        "notes": [NOTE],
    }


def measure_ours(made: Country, out: Path) -> float:
    """Build as the command does."""
    seconds, _ = timed(lambda: build(made.study, out=out))
    return seconds


def measure_plain(made: Country, out: Path) -> float:
    """Run the script."""
    out.mkdir()
    seconds, _ = timed(lambda: plain(made, out / "areas.parquet"))
    return seconds


def plain(made: Country, out: Path) -> None:
    """Do what one would write in a notebook to rank the same areas, without a check or a range."""
    areas = gpd.read_file(made.folder / "outlines.geojson")[["LSOA21CD", "LSOA21NM", "geometry"]]
    areas = areas.merge(pd.read_csv(made.folder / "LSOA21_WD24_LAD24_EW_LU.csv").drop(columns="LSOA21NM"))
    with zipfile.ZipFile(made.folder / "codepo_gb.zip") as packed:
        parts = [pd.read_csv(packed.open(name), header=None, usecols=[0, 2, 3]) for name in packed.namelist()]
    places = pd.concat(parts).set_axis(["postcode", "easting", "northing"], axis=1)
    points = gpd.GeoDataFrame(places, geometry=gpd.points_from_xy(places["easting"], places["northing"]), crs=areas.crs)
    postcodes = gpd.sjoin(points, areas[["LSOA21CD", "geometry"]]).groupby("LSOA21CD").size()
    with zipfile.ZipFile(made.folder / "202601_fixed_broadband_coverage.zip") as outer:
        inner = zipfile.ZipFile(io.BytesIO(outer.read(outer.namelist()[0])))
        broadband = pd.read_csv(inner.open(inner.namelist()[0]))
    lookup = pd.read_csv(made.folder / "OA21_LSOA21_EW_LU.csv").set_index("OA21CD")["LSOA21CD"]
    summed = broadband.groupby(broadband["output_area"].map(lookup))[["All Premises", *SLOW]].sum()
    summed["slow"] = summed[list(SLOW)].sum(axis=1)
    table = areas.merge(summed, left_on="LSOA21CD", right_index=True).merge(
        postcodes.rename("postcodes"), left_on="LSOA21CD", right_index=True
    )
    for name in ("File_7_IoD2025.csv", "census.csv", "File_8_IoD2025.csv", "RUC21.csv"):
        other = pd.read_csv(made.folder / name)
        table = table.merge(other, left_on="LSOA21CD", right_on=other.columns[0])
    need = table["Income Score (rate)"].rank(pct=True) + table["Employment Score (rate)"].rank(pct=True)
    table["score"] = 100 * table["slow"] / table["All Premises"] * (0.5 + need / 4)
    table["rank"] = table["score"].rank(ascending=False, method="min")
    table.sort_values("rank").to_parquet(out)


def same_answers(ours: Path, theirs: Path) -> None:
    """Raise unless both found the same premises and the same slow lines in every area."""
    columns = ["premises", *SLOW.values()]
    found = pd.read_parquet(ours, columns=["area_code", *columns]).set_index("area_code").sort_index()
    expected = pd.read_parquet(theirs, columns=["LSOA21CD", "All Premises", "slow"]).set_index("LSOA21CD").sort_index()
    np.testing.assert_array_equal(found["premises"], expected["All Premises"])
    np.testing.assert_allclose(found[list(SLOW.values())].sum(axis=1), expected["slow"], atol=1e-6)
