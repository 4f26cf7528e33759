"""How far it is to do without the internet: post office, shop, GP, staffed library, rail station."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.intake.cells import is_one_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES
from layers.intake.published import published_columns
from layers.intake.tables import read_table
from layers.ledger import Ledger, Unused
from layers.lookups import without_spaces
from layers.points import metres_to_nearest, shapely_points
from layers.reading import StudyReading

DETOUR = Figure(
    1.3, "road km per straight km", "how much longer the road is than the straight line", "assumption", 1.2, 1.4
)
METRES_PER_KM = 1000.0
POSTCODE_AREA = r"^([A-Z]{1,2})"

LIBRARY_COLUMNS = published_columns("libraries")
STATION_COLUMNS = published_columns("stations")


def read_libraries(path: Path, *, postcodes: pd.DataFrame, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read open, staffed libraries and put them on the map by their postcode.

    Open and staffed is: no closing year, staffed hours above 0, type holds "static library" (method §4). A library
    whose postcode has no location in the lookup is left out and counted.

    Returns
    -------
    pandas.DataFrame
        ``name, easting, northing`` in metres.
    """
    table = read_table(path, LIBRARY_COLUMNS, member=member)
    ledger.used(path, kind="libraries", rows=len(table))
    hours = pd.to_numeric(table["staffed_hours"], errors="coerce")  # "N/A Closed" and blanks are no hours
    open_now = table["closed"].eq("") & (hours > 0) & table["type"].str.casefold().str.contains("static library")
    libraries = table[open_now].assign(postcode=without_spaces(table.loc[open_now, "postcode"]))
    located = libraries.join(postcodes[["easting", "northing"]], on="postcode").dropna(subset=["easting"])
    _record_libraries(table, libraries, located, postcodes=postcodes, path=path, ledger=ledger)
    ledger.warn(
        f"{path.name}: of {len(table):,} libraries, {int(open_now.sum()):,} are open and have staff. "
        f"Of these, {len(located):,} are at a postcode of this study."
    )
    return _not_empty(located[["name", "easting", "northing"]], path)


def _record_libraries(
    table: pd.DataFrame,
    libraries: pd.DataFrame,
    located: pd.DataFrame,
    *,
    postcodes: pd.DataFrame,
    path: Path,
    ledger: Ledger,
) -> None:
    """Record which libraries are used; one in a postcode area that the lookup does not cover is elsewhere."""
    lost = libraries.drop(located.index)
    covered = set(postcodes.index.str.extract(POSTCODE_AREA, expand=False).unique())
    near = lost["postcode"].str.extract(POSTCODE_AREA, expand=False).isin(covered)
    unused = [
        Unused.of("closed, without staff, or no library building", len(table) - len(libraries), harmless=True),
        Unused.of("their postcode has no place in the postcode file", near.sum(), examples=lost.loc[near, "name"]),
        Unused.of("beyond the postcode file", (~near).sum(), harmless=True),
    ]
    ledger.rows(path, rows_in=len(table), rows_used=len(located), unused=unused, noun="libraries")


def read_stations(path: Path, *, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read rail stations.

    Returns
    -------
    pandas.DataFrame
        ``name, easting, northing`` in metres.
    """
    table = read_table(path, STATION_COLUMNS, member=member)
    ledger.used(path, kind="stations", rows=len(table))
    wrong = ~table["latitude"].between(49, 61) | ~table["longitude"].between(-9, 2)
    if wrong.any():
        raise LayerError(
            f"{int(wrong.sum()):,} stations are not in Great Britain.",
            file=path.name,
            column="lat, lon",
            rows=examples(table["name"][wrong]),
            expected="latitude 49 to 61 and longitude -9 to 2, in degrees",
            found=examples(f"lat {row.latitude:g}, lon {row.longitude:g}" for row in table[wrong].itertuples()),
            next_step="check that latitude and longitude are not swapped and are degrees",
        )
    ledger.check(path, "every station is in Great Britain, in degrees", rows=len(table))
    ledger.rows(path, rows_in=len(table), rows_used=len(table), noun="stations")
    points = gpd.GeoSeries(gpd.points_from_xy(table["longitude"], table["latitude"]), crs=DEGREES)
    metres = points.to_crs(BRITISH_NATIONAL_GRID)
    return _not_empty(table[["name"]].assign(easting=metres.x, northing=metres.y), path)


def nearest_km(
    postcodes: pd.DataFrame,
    *,
    places: pd.DataFrame,
    areas: pd.Index,
    name: str,
    edge: BaseGeometry | None = None,
    kind: str = "libraries",
    ledger: Ledger,
) -> pd.Series:
    """Mean distance from an area's live postcodes to the nearest of some places, by road as we assume it.

    Parameters
    ----------
    postcodes
        ``area_code``, ``easting``, ``northing`` in metres.
    places
        ``easting``, ``northing`` in metres.
    areas
        The spine's area codes.
    name
        Name of the result, ending in ``_km``.
    edge
        Ground the places file covers, where it may miss places just beyond; None when it covers enough.
    kind
        The layer the places are of.
    ledger
        Told how many areas may have a nearer place beyond that edge.

    Returns
    -------
    pandas.Series
        km; straight line × 1.3; NaN for an area without a live postcode.
    """
    ours = postcodes.dropna(subset=["easting", "northing"])
    ours = ours[is_one_of(ours["area_code"], areas)]
    points, there = (table[["easting", "northing"]].to_numpy(dtype=float) for table in (ours, places))
    nearest = metres_to_nearest(points, there)
    straight = pd.Series(nearest, index=ours["area_code"])
    if edge is not None:
        to_edge = shapely.distance(shapely.boundary(edge), shapely_points(points))
        beyond = pd.Series(nearest > to_edge, index=ours["area_code"]).groupby(level=0).any()
        ledger.check(
            "",
            "no nearer one can lie beyond the edge of the file",
            rows=len(areas),
            failing=int(beyond.sum()),
            examples=beyond.index[beyond],
            then="kept",
            kind=kind,
        )
        ledger.warn(
            f"{name.removesuffix('_km')}: in {int(beyond.sum()):,} of {len(areas):,} areas a nearer one may lie past "
            "the edge of the file. It may be less far than we say."
        )
    return (straight.groupby(level=0).mean() * DETOUR.value / METRES_PER_KM).reindex(areas).rename(name)


def ground_covered(postcodes: pd.DataFrame) -> BaseGeometry:
    """Outline the ground a postcode lookup covers: beyond it a place cannot be put on the map.

    Returns
    -------
    shapely.geometry.base.BaseGeometry
        Convex hull of the located postcodes, metres.
    """
    located = postcodes.dropna(subset=["easting", "northing"])
    return shapely.MultiPoint(located[["easting", "northing"]].to_numpy(dtype=float)).convex_hull


def _not_empty(places: pd.DataFrame, path: Path) -> pd.DataFrame:
    if places.empty:
        raise LayerError(
            "No place of this layer can be put on the map.",
            file=path.name,
            expected="at least one open place with a location in the study's postcode lookup",
            found="none",
            next_step="check that the postcode layer covers the study and that the file is the right one",
        )
    return places


def library_distance(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area its distance to a library, in km; None when the study has none. Worked out once."""
    return reading.once("library_km", lambda: _library_distance(reading))


def _library_distance(reading: StudyReading) -> pd.DataFrame | None:
    layer = reading.study.layer("libraries")
    if layer is None:
        return None
    postcodes = reading.located_postcodes(needed_by=layer.kind)
    libraries = read_libraries(
        reading.study.paths(layer)[0], postcodes=postcodes, ledger=reading.ledger, member=layer.member
    )
    reading.ledger.modelled.append("Distance to a library: straight line times 1.3, our assumption for roads.")
    return nearest_km(
        postcodes,
        places=libraries,
        areas=reading.areas,
        name="library_km",
        edge=ground_covered(postcodes),
        kind=layer.kind,
        ledger=reading.ledger,
    ).to_frame()


def station_distance(reading: StudyReading) -> pd.DataFrame | None:
    """Give each area its distance to a rail station, in km; None when the study has none. Worked out once."""
    return reading.once("station_km", lambda: _station_distance(reading))


def _station_distance(reading: StudyReading) -> pd.DataFrame | None:
    layer = reading.study.layer("stations")
    if layer is None:
        return None
    stations = read_stations(reading.study.paths(layer)[0], ledger=reading.ledger, member=layer.member)
    reading.ledger.modelled.append(
        "No alternative nearby: a proxy, the distance to a rail station, straight line times 1.3."
    )
    return nearest_km(
        reading.located_postcodes(needed_by=layer.kind),
        places=stations,
        areas=reading.areas,
        name="station_km",
        kind=layer.kind,
        ledger=reading.ledger,
    ).to_frame()
