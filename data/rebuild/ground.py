"""The base under every map: councils of today, built-up ground and places, each worked out as the text of a file."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from connectivity.maps.arcs import pack
from layers.geography import geography_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES
from rebuild.tables import csv_text, most_common

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rebuild.carriers import Location, LookupRow

#: Degrees: 7 to 11 metres, finer than the generalised outlines.
STEP = 1e-4
#: Metres a border may move. ONS generalised the outlines to 200 m, so little is lost.
BORDERS_MOVE, BUILT_MOVES = 30.0, 50.0
#: Square metres: a small area below this is built up (some 1,500 residents; only streets hold them this close).
BUILT_UP = 1_100_000.0
#: Metres by which built-up ground is closed and then cut back, so that no lane between two estates shows as a gap.
CLOSED, CUT = 60.0, 110.0
#: Square metres of the least patch, island and hole that is drawn.
LEAST_PATCH, LEAST_ISLAND, LEAST_HOLE = 300_000.0, 100_000.0, 1_000_000.0
#: Corners of a quarter circle, where ground is widened and cut back.
ROUND = 2
#: Metres around a place within which live postcodes are counted.
AROUND, CLOSE = 2_000.0, 1_000.0
#: Britain has some 40 residents a live postcode. A place with more than the first figure for each one around it, and
#: fewer around it than the second, carries the residents of a whole district: its figure is not used.
TOO_MANY, TOO_FEW = 500, 100
#: A place that is called like a council and has fewer postcodes than this close by is the middle of that council's
#: ground (Mendip, High Peak), no settlement.
NO_TOWN = 20
#: GeoNames' first administrative divisions that are the nations of Great Britain.
NATIONS = frozenset({"ENG", "SCT", "WLS"})
#: What OS and ONS add to the name of a council, in the order in which it is taken off.
SUFFIXES = (" (B)", " District", " London Boro", " County", ", City of", ", County of")


def council_name(name: str) -> str:
    """Return a council's name without the kind of council that OS and ONS append to it.

    Examples
    --------
    >>> council_name("Wakefield District (B)"), council_name("Somerset"), council_name("Bristol, City of")
    ('Wakefield', 'Somerset', 'Bristol')
    """
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def councils_of_today(rows: Iterable[LookupRow], *, places: Iterable[Location]) -> dict[str, str]:
    """Return small area to the council that most of its live postcodes are in today; without any, that of 2022.

    Parameters
    ----------
    rows
        The ONS lookup of May 2022: which small area a postcode is in. Small areas nest in councils of every year.
    places
        Code-Point Open: which council a postcode is in at its date. The lowest code wins a tie.
    """
    today = {place.postcode: place.district for place in places}
    live: defaultdict[str, Counter[str]] = defaultdict(Counter)
    of_2022: dict[str, str] = {}
    for row in rows:
        of_2022[row.area] = row.district
        if not row.terminated and row.postcode in today:
            live[row.area][today[row.postcode]] += 1
    return {area: most_common(live[area]) if live[area] else district for area, district in of_2022.items()}


def ground_files(
    features: Iterable[Mapping[str, Any]], *, councils: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    """Return the councils of England and Wales, which are its land, and its built-up ground, each with a table.

    Parameters
    ----------
    features
        GeoJSON features of all small areas of England and Wales, in degrees.
    councils
        Small area to council.
    names
        Council to name.

    Raises
    ------
    ValueError
        If outlines are missing: there would be holes in the land.
    """
    frame = gpd.GeoDataFrame.from_features(features, crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID)
    areas = frame.set_index("LSOA11CD").geometry.sort_index()
    if len(areas) != geography_of("lsoa11").count.value:
        raise ValueError(f"{len(areas):,} outlines are not all of England and Wales. Check the pinned wheels.")
    shapes = shapely.make_valid(np.asarray(areas.to_numpy(), dtype=object))
    codes = np.array([councils[code] for code in areas.index])
    listed = sorted(set(codes.tolist()))
    whole = np.array([shapely.union_all(shapes[codes == code]) for code in listed], dtype=object)
    land = [_without_crumbs(shape, least=LEAST_ISLAND) for shape in shapely.coverage_simplify(whole, BORDERS_MOVE)]
    head = ("code", "name", "lat", "lon", "km2", "west", "south", "east", "north")
    middles = [_middle(shape) for shape in land]
    rows = [
        (code, names[code], *middle, round(shape.area / 1e6), *box)
        for code, shape, middle, box in zip(listed, land, _spots(middles), _boxes(land), strict=True)
    ]
    built = _built_up(shapes)
    return {
        "land.json": packed_text(land),
        "councils.csv": csv_text(head, rows),
        "built.json": packed_text(built),
        "built.csv": csv_text(("west", "south", "east", "north"), _boxes(built)),
    }


def _built_up(shapes: Any) -> list[shapely.Geometry]:  # noqa: ANN401 - an array of shapes
    """Return patches of built-up ground from west to east: where small areas are smallest."""
    small = shapes[shapely.area(shapes) < BUILT_UP]
    ground = shapely.union_all(shapely.buffer(small, CLOSED, quad_segs=ROUND))
    parts = shapely.get_parts(shapely.buffer(ground, -CUT, quad_segs=ROUND))
    kept = [_without_crumbs(part, least=LEAST_PATCH) for part in parts if part.area >= LEAST_PATCH]
    simple = shapely.simplify(np.array(kept, dtype=object), BUILT_MOVES)
    return sorted(simple.tolist(), key=lambda shape: shape.bounds)


def _without_crumbs(shape: shapely.Geometry, *, least: float) -> shapely.Geometry:
    """Return a shape's polygons without those, and the holes in them, that are too small to be seen."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    kept = [part for part in parts if part.area >= least] or [max(parts, key=lambda part: part.area)]
    holes = [[ring for ring in part.interiors if shapely.Polygon(ring).area >= LEAST_HOLE] for part in kept]
    return shapely.MultiPolygon(
        [shapely.Polygon(part.exterior, rings) for part, rings in zip(kept, holes, strict=True)]
    )


def _middle(shape: shapely.Geometry) -> shapely.Point:
    """Return the point of a shape that is farthest from its border: where its name has most room."""
    line = shapely.maximum_inscribed_circle(shape, tolerance=100.0)
    return shapely.Point(shapely.get_coordinates(line)[0])


def _in_degrees(shapes: Sequence[shapely.Geometry]) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=BRITISH_NATIONAL_GRID).to_crs(DEGREES)


def _spots(points: Sequence[shapely.Geometry]) -> list[tuple[str, str]]:
    return [(f"{point.y:.3f}", f"{point.x:.3f}") for point in _in_degrees(points)]


def _boxes(shapes: Sequence[shapely.Geometry]) -> list[tuple[str, ...]]:
    bounds = shapely.bounds(np.asarray(_in_degrees(shapes).to_numpy(), dtype=object))
    return [tuple(f"{value:.3f}" for value in box) for box in bounds.tolist()]


def packed_text(shapes: Sequence[shapely.Geometry]) -> str:
    """Return shapes in metres packed in degrees, as JSON with one arc and one shape a line."""
    made = pack(list(_in_degrees(shapes)), step=STEP)
    arcs = ",\n".join(json.dumps(arc) for arc in made["arcs"])
    drawn = ",\n".join(json.dumps(shape, separators=(",", ":")) for shape in made["shapes"])
    return f'{{"step":{json.dumps(made["step"])},"arcs":[\n{arcs}\n],"shapes":[\n{drawn}\n]}}\n'


def places_text(
    cities: Iterable[Mapping[str, Any]],
    *,
    postcodes: Sequence[Location],
    names: Mapping[str, str],
    councils: Collection[str],
) -> tuple[str, list[str]]:
    """Return the places of Great Britain by GeoNames, each with its council of today, and notes on those that are none.

    Parameters
    ----------
    cities
        GeoNames' cities500: places of 500 residents or more, and seats of government.
    postcodes
        Code-Point Open: where people live, to tell a town from the middle of a district, and in which council: that
        of the nearest postcode.
    names
        Council of Great Britain to name.
    councils
        Names that councils have, or had in 2011.
    """
    kept = sorted(
        (city for city in cities if city["countrycode"] == "GB" and city["admin1code"] in NATIONS),
        key=lambda city: int(city["geonameid"]),
    )
    east, north = ([city[name] for city in kept] for name in ("longitude", "latitude"))
    points = np.asarray(
        gpd.GeoSeries(gpd.points_from_xy(east, north), crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID).to_numpy(),
        dtype=object,
    )
    tree = shapely.STRtree(shapely.points([(place.easting, place.northing) for place in postcodes]))
    around, close = (
        np.bincount(tree.query(points, predicate="dwithin", distance=metres)[0], minlength=len(kept)).tolist()
        for metres in (AROUND, CLOSE)
    )
    nearest = tree.query_nearest(points, all_matches=False)[1].tolist()
    rows: list[tuple[str | int, ...]] = []
    dropped, unlikely = [], []
    for city, near, beside, postcode in zip(kept, around, close, nearest, strict=True):
        name, people = " ".join(str(city["name"]).split()), int(city["population"])
        if name in councils and beside < NO_TOWN and people >= TOO_MANY * TOO_FEW / 10:
            dropped.append(name)
            continue
        if near < TOO_FEW and people > TOO_MANY * max(near, 1):
            unlikely.append(name)
            people = 0
        spot = (f"{city['latitude']:.4f}", f"{city['longitude']:.4f}")
        rows.append((city["geonameid"], name, *spot, people, names[postcodes[postcode].district]))
    notes = [
        f"{len(rows):,} places of Great Britain by GeoNames",
        f"left out, the middle of a council's ground and no settlement: {', '.join(dropped)}",
        f"residents of a whole district, and so not used: {', '.join(unlikely)}",
    ]
    return csv_text(("id", "name", "lat", "lon", "residents", "council"), rows), notes
