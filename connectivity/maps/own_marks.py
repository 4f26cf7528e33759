"""A reader's own data as circles on the map: points alike, figures by the area of the circle. Knows no Streamlit.

Colours stay those of the gaps, so figures are shown by size alone (proportional symbols).
"""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from connectivity.claims import about_own_data, about_places
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.own_data.own_rows import Figures, Points
from connectivity.own_data.own_summary import gaps_by_area, gaps_of, places_of
from layers.figures import Figure
from layers.intake.coordinates import DEGREES

COLOUR = "#1B4A73"
"""Blue, dark: apart from every class of the map in grey and in the three kinds of colour blindness."""
POINT = Figure(6, "pixels", "radius of a point", "assumption: seen at the scale of a county, and hides little")
LARGEST = Figure(20, "pixels", "radius of the largest figure", "assumption: two beside each other at a county's scale")
CROWDED, SMALLER = Figure(60, "circles", "more than this are drawn smaller", "assumption"), 9.0
NAMED = Figure(200, "circles", "more than this carry no printed names", "assumption: no map has room for more")
MARGIN = Figure(0.12, "of their width and height", "kept free around the circles", "assumption: room for names")
CLOSEST = Figure(0.06, "degrees", "least height of the map around them, about 7 km", "assumption: a town and its land")
LEAST = Figure(1.5, "pixels", "radius of a figure of 0, which is seen and is not a missing one", "assumption")
FINE = 5
"""Decimals of a degree: about a metre."""
SOLID, SEEN_THROUGH, HOLLOW = 1.0, 0.4, 0.0
"""How a point is filled, a figure, and a figure below 0."""
Mark = tuple[float, float, float, str, str, str, float]
"""Latitude, longitude, radius in pixels, name, sentence, area code (blank for a council), and how it is filled."""


@dataclass(frozen=True, slots=True)
class OwnMarks:
    """Circles ready to send.

    Attributes
    ----------
    key
        Names what is drawn.
    title
        What the legend says.
    circles
        The largest first, so that the small ones lie on top.
    sizes
        For the legend: diameter in pixels, and what it stands for.
    """

    key: str
    title: str
    circles: list[Mark]
    sizes: tuple[tuple[int, str], ...]

    @property
    def sent(self) -> tuple[str, list[Mark], bool]:
        """What the map is sent: the colour, the circles, and whether their names are printed beside them."""
        return COLOUR, self.circles, len(self.circles) <= NAMED.value

    def corners(self, codes: Container[str]) -> list[list[float]] | None:
        """Give the south-west and north-east corner around the circles in some areas, with a margin; None without any.

        Parameters
        ----------
        codes
            The areas on show. A council's circle has no area of its own and always counts.
        """
        spots = np.array([(lat, lon) for lat, lon, *_, code, _ in self.circles if not code or code in codes])
        if not len(spots):
            return None
        low, high = spots.min(axis=0), spots.max(axis=0)
        least = np.array([CLOSEST.value, CLOSEST.value / math.cos(math.radians(float(low[0])))])
        half = np.maximum((high - low) * (0.5 + MARGIN.value), least / 2)
        middle = (low + high) / 2
        found: list[list[float]] = np.round([middle - half, middle + half], FINE).tolist()
        return found


def of_points(points: Points, *, areas: gpd.GeoDataFrame, basis: Basis, profile: ProfileKey) -> OwnMarks:
    """Mark each point that has a location."""
    table = points.table[points.table["easting"].notna()]
    gaps = gaps_by_area(areas.loc[table["area_code"].unique()], profile=profile, basis=basis)
    spots = _degrees(gpd.GeoSeries(gpd.points_from_xy(table["easting"], table["northing"]), crs=areas.crs))
    inside = areas.loc[table["area_code"].unique()]
    names = dict(zip(inside.index, inside["area_name"] + ", " + inside["district_name"], strict=True))
    circles: list[Mark] = []
    for row, (lat, lon) in zip(table.to_dict("records"), spots, strict=True):
        code = str(row["area_code"])
        where = f"In {names[code]}"
        said = f"{where}. {_gap(gaps.get(code))}"
        circles.append((lat, lon, POINT.value, str(row["name"]), said, code, SOLID))
    title = f"Circles: your points, from {points.file}."
    return OwnMarks(f"{points.file} {len(circles)}", title, circles, ((round(2 * POINT.value), "a point of yours"),))


def of_figures(found: Figures, column: str, *, areas: gpd.GeoDataFrame, basis: Basis, profile: ProfileKey) -> OwnMarks:
    """Mark the middle of each place that has a figure in a column; places without one have no circle."""
    places = places_of(found, column, areas=areas)
    places = places[places["figure"].notna()]
    places = places.loc[places["figure"].abs().sort_values(ascending=False, kind="stable").index]
    most = float(places["figure"].abs().max()) if len(places) else 0.0
    largest = LARGEST.value if len(places) <= CROWDED.value else SMALLER
    gaps = gaps_of(found, areas=areas, profile=profile, basis=basis)
    spots = _degrees(_middles(found, places.index, areas=areas))
    circles: list[Mark] = []
    for (code, row), (lat, lon) in zip(places.iterrows(), spots, strict=True):
        value = float(row["figure"])
        said = f"{column}: {about_own_data.own_figure(value)}. {_gap(gaps.get(str(code)))}"
        link = str(code) if found.unit == "area" else ""
        filled = HOLLOW if value < 0 else SEEN_THROUGH
        circles.append((lat, lon, _radius(value, most, largest), str(row["name"]), said, link, filled))
    title = f"Circles: your figures, “{column}”, by size. A place without a circle has no figure."
    if (places["figure"] < 0).any():
        title += " Below 0 they are hollow."
    return OwnMarks(f"{found.file} {column} {len(circles)}", title, circles, _legend(most, largest))


def _radius(value: float, most: float, largest: float) -> float:
    """Give a circle's radius: its area goes with the figure.

    >>> _radius(25, 100, 20), _radius(0, 100, 20)
    (10.0, 1.5)
    """
    return round(max(largest * math.sqrt(abs(value) / most), LEAST.value), 1) if most else LEAST.value


def _legend(most: float, largest: float) -> tuple[tuple[int, str], ...]:
    """Choose round figures for the legend, the largest at most the largest there is.

    >>> _legend(730, 20)
    ((17, '125'), (33, '500'))
    """
    if not most:
        return ((round(2 * LEAST.value), "0"),)
    ten = 10.0 ** math.floor(math.log10(most))
    top = next(step * ten for step in (5, 2, 1) if step * ten <= most * (1 + 1e-9))
    return tuple(
        (round(2 * _radius(value, most, largest)), about_own_data.own_figure(value)) for value in (top / 4, top)
    )


def _middles(found: Figures, codes: pd.Index, *, areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Give a point inside each place."""
    if found.unit == "area":
        return gpd.GeoSeries(areas.geometry.loc[codes]).representative_point()
    whole = {code: shapely.union_all(areas.geometry[areas["district_code"] == code].to_numpy()) for code in codes}
    return gpd.GeoSeries(whole, index=codes, crs=areas.crs).representative_point()


def _degrees(places: gpd.GeoSeries) -> list[list[float]]:
    there = places.to_crs(DEGREES)
    found: list[list[float]] = np.column_stack([there.y, there.x]).round(FINE).tolist()
    return found


def _gap(claim: Claim | None) -> str:
    if claim is None:
        return about_places.NOT_SCORED
    return f"Fall short: {claim.say('cell')}"
