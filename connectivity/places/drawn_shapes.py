"""A shape from its corners, clicked on a map or typed: in metres, and refused where its sides cross."""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from connectivity.claims.claim import Basis, Claim
from layers.errors import LayerError, examples
from layers.figures import Figure
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES, GREAT_BRITAIN_METRES

Corner = tuple[float, float]
FEWEST, MOST = 3, 500
"""Corners of a shape; the most is an assumption: more are drawn in a mapping program and uploaded."""
LATITUDES, LONGITUDES = (49.0, 61.0), (-9.0, 3.0)
"""Degrees that hold Great Britain."""
NOTICED = Figure(0.02, "of a shape's ground", "beyond the study is worth a word", "assumption: less is a drawn edge")
NUMBERS = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d+(?:\.\d+)?)\s*")
NEXT = "write one corner on each line, such as 370000, 90000 or 50.71, -2.44, in their order around the shape"


def typed(text: str) -> shapely.Polygon:
    r"""Read corners from lines of “easting, northing” or “latitude, longitude”.

    Returns
    -------
    shapely.Polygon
        Valid, on the British National Grid.

    Raises
    ------
    LayerError
        Naming the line, when it holds no two numbers, the two kinds are mixed or swapped, a corner is not in Great
        Britain, there are too few corners or the sides cross.

    Examples
    --------
    >>> round(typed("370000, 90000\n371000, 90000\n371000, 91000").area)
    500000
    """
    lines = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found = [(at, line, NUMBERS.fullmatch(line)) for at, line in lines]
    wrong = [(at, line) for at, line, match in found if not match]
    if wrong:
        raise LayerError(
            "A line does not hold two numbers.",
            rows=f"line {examples(at for at, _ in wrong)}",
            expected="two numbers with a comma between",
            found=examples(line.strip() for _, line in wrong),
            next_step=NEXT,
        )
    pairs = [(float(match[1]), float(match[2])) for _, _, match in found if match]
    degrees = [abs(first) <= 180 and abs(second) <= 180 for first, second in pairs]  # noqa: PLR2004 - degrees of a circle
    if any(degrees) and not all(degrees):
        raise LayerError(
            "Some corners are in metres and some in degrees.",
            rows=f"line {examples(at for (at, _), is_degrees in zip(lines, degrees, strict=True) if is_degrees)}",
            expected="all eastings and northings, or all latitudes and longitudes",
            found=examples(line.strip() for (_, line), is_degrees in zip(lines, degrees, strict=True) if is_degrees),
            next_step=NEXT,
        )
    if degrees and all(degrees):
        return polygon_of(pairs)
    return _checked(pairs)


def polygon_of(corners: Sequence[Corner]) -> shapely.Polygon:
    """Make a shape of corners in latitude and longitude.

    Raises
    ------
    LayerError
        As :func:`typed`.
    """
    inside = [_between(first, LATITUDES) and _between(second, LONGITUDES) for first, second in corners]
    if not all(inside):
        first, second = corners[inside.index(False)]
        swapped = _between(first, LONGITUDES) and _between(second, LATITUDES)
        raise LayerError(
            "A corner is not in Great Britain.",
            rows=f"corner {inside.index(False) + 1}",
            expected="latitude 49 to 61 first, then longitude -9 to 3",
            found=f"{first:g}, {second:g}" + (": latitude and longitude are swapped" if swapped else ""),
            next_step="write latitude first, then longitude" if swapped else NEXT,
        )
    latitudes, longitudes = np.array([*zip(*corners, strict=True)]) if corners else (np.array([]), np.array([]))
    points = gpd.GeoSeries(gpd.points_from_xy(longitudes, latitudes), crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID)
    return _checked(list(zip(points.x.tolist(), points.y.tolist(), strict=True)))


def beyond(shapes: gpd.GeoSeries, *, areas: gpd.GeoSeries) -> float:
    """Give the share of some shapes' ground, 0 to 1, that is in none of a study's areas: sea, or other places.

    Parameters
    ----------
    shapes, areas
        Polygons in metres; areas touch but do not overlap.
    """
    whole = shapely.union_all(shapes.to_numpy())
    near = areas.to_numpy()[shapely.STRtree(areas.to_numpy()).query(whole, predicate="intersects")]
    inside = float(shapely.area(shapely.intersection(near, whole)).sum())
    return max(0.0, 1 - inside / float(whole.area))


def beyond_claim(share: float, *, basis: Basis) -> Claim | None:
    """Return the claim that part of a shape's ground lies outside the study; None where hardly any does.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> beyond_claim(0.4, basis=here).say("plain").split(": ")[0], beyond_claim(0.001, basis=here)
    ('40% of the ground in your shape lies outside this study’s small areas', None)
    """
    if share < NOTICED.value:
        return None
    return Claim("boundaries.beyond", "the shape you gave", share, share, share, 1, basis, unit="ground")


def _checked(corners: Sequence[Corner]) -> shapely.Polygon:
    different = list(dict.fromkeys(corners))
    if not FEWEST <= len(different) <= MOST:
        raise LayerError(
            "A shape needs at least three corners." if len(different) < FEWEST else "The shape has too many corners.",
            expected=f"{FEWEST} to {MOST} different corners",
            found=f"{len(different):,}",
            next_step=NEXT if len(different) < FEWEST else "upload the outline as a file instead",
        )
    west, south, east, north = GREAT_BRITAIN_METRES
    beyond = [corner for corner in different if not (west <= corner[0] <= east and south <= corner[1] <= north)]
    if beyond:
        raise LayerError(
            "A corner is not in Great Britain.",
            expected=f"easting {west:,.0f} to {east:,.0f}, northing {south:,.0f} to {north:,.0f}",
            found=f"{beyond[0][0]:,.0f}, {beyond[0][1]:,.0f}",
            next_step=NEXT,
        )
    shape = shapely.Polygon(different)
    if not shape.is_valid or shape.area == 0:
        why = shapely.is_valid_reason(shape)
        at = re.search(r"\[([-\d.]+) ([-\d.]+)\]", why) if _spans(shape) else None
        where = (
            f"near easting {float(at[1]):,.0f}, northing {float(at[2]):,.0f}" if at else "all corners lie on one line"
        )
        raise LayerError(
            "The sides of the shape cross each other." if at else "The shape holds no ground.",
            rows=where if at else None,
            expected="corners in their order around the shape",
            found="sides that cross" if at else where,
            next_step="take back the last corner, or put the corners in their order around the shape",
        )
    return shape


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _spans(shape: shapely.Polygon) -> bool:
    """Tell whether the corners span any ground at all, or lie on one line."""
    return bool(shape.convex_hull.area > 0)
