"""Points of a reader's own, such as clinics: each in the small area it lies in, or counted with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from connectivity.own.headings import Found
from connectivity.own.sheet import Sheet
from connectivity.places.drawn_shapes import LATITUDES, LONGITUDES
from connectivity.postcode.typed import read_form
from layers.errors import LayerError, visible
from layers.figures import Figure
from layers.intake.cells import numbers
from layers.ledger import Unused
from layers.outlines.coordinates import BRITISH_NATIONAL_GRID, DEGREES, DEGREES_BOUNDS, GREAT_BRITAIN_METRES
from layers.points import IN_NO_AREA, areas_of_points

MOST_POINTS = Figure(5000, "points", "most points shown at once", "assumption: a browser still draws them in a second")
LONGEST = 120
"""Letters of a point's name that are shown (assumption: a name and an address)."""
NOWHERE, ELSEWHERE, BEYOND = "without a location", "outside Great Britain", "outside this study"
NO_POSTCODE, UNKNOWN = "without a whole postcode", "with a postcode that is not in this study"


@dataclass(frozen=True, slots=True)
class Points:
    """Points that lie in a study.

    Attributes
    ----------
    file
        The name of the file they came in.
    table
        ``name`` (safe to show), ``area_code``, ``easting``, ``northing`` (metres; NaN where the place is known by an
        ended postcode alone), in the order of the file.
    columns
        The headings they were read from; none for a layer of points.
    by_postcode
        Whether they were placed by postcode, not by coordinates.
    rows, unused
        Rows in the file, and those not used, by reason.
    """

    file: str
    table: pd.DataFrame
    columns: tuple[str, ...]
    by_postcode: bool
    rows: int
    unused: tuple[Unused, ...]


def read_points(sheet: Sheet, found: Found, *, areas: gpd.GeoDataFrame, postcodes: pd.DataFrame | None) -> Points:
    """Place the rows of a sheet.

    Parameters
    ----------
    areas
        The study's areas indexed by code, ``geometry`` in metres.
    postcodes
        The build's ``postcode, area_code, easting, northing``; None when it has none.

    Raises
    ------
    LayerError
        When coordinates are no numbers, swapped or in other units than the headings say, no point lies in the study,
        there are too many, or the build has no postcodes to look up.
    """
    columns: tuple[str, ...]
    if sheet.places is None and found.pair is None:
        placed, columns = _by_postcode(sheet, str(found.postcode), postcodes), (str(found.postcode),)
    else:
        if sheet.places is not None:
            east, north, columns = sheet.places.x, sheet.places.y, ()
        else:
            columns = found.pair or ()
            east, north = _coordinates(sheet, found)
        placed = pd.DataFrame({"easting": east, "northing": north, "why": ""}, index=sheet.cells.index)
        west, south, right, top = GREAT_BRITAIN_METRES
        there = placed["easting"].between(west, right) & placed["northing"].between(south, top)
        placed.loc[~there, "why"] = ELSEWHERE
        placed.loc[placed["easting"].isna() | placed["northing"].isna(), "why"] = NOWHERE
        at = areas_of_points(
            placed["easting"].where(there), placed["northing"].where(there), areas=gpd.GeoSeries(areas.geometry)
        )
        placed["area_code"] = np.where(at == IN_NO_AREA, "", areas.index.to_numpy(dtype=object)[at])
        placed.loc[placed["why"].eq("") & placed["area_code"].eq(""), "why"] = BEYOND
    placed["name"] = _names(sheet, found.name)
    used = placed["why"].eq("")
    if not used.any():
        raise _none(sheet, placed, columns, areas=areas)
    if used.sum() > MOST_POINTS.value:
        raise LayerError(
            "There are too many points to show.",
            file=sheet.file,
            expected=f"at most {MOST_POINTS.value:,.0f} points in this study",
            found=f"{int(used.sum()):,}",
            next_step="keep only the points you need, or count them by small area and upload the counts",
        )
    reasons = placed.loc[~used].groupby("why", sort=True)
    unused = [
        Unused.of(str(why), len(rows), examples=[sheet.number(placed["why"].eq(why)).split(" (")[0]])
        for why, rows in reasons
    ]
    table = placed.loc[used, ["name", "area_code", "easting", "northing"]].reset_index(drop=True)
    by_postcode = bool(columns) and found.pair is None
    return Points(sheet.file, table, columns, by_postcode, sheet.rows, (*sheet.unused, *unused))


def _coordinates(sheet: Sheet, found: Found) -> tuple[pd.Series, pd.Series]:
    """Read the pair of columns into metres, refusing units that do not fit the headings."""
    across, up = found.pair or ("", "")
    first, second = (
        numbers(
            sheet.cells[column].reindex(range(sheet.rows), fill_value=""), path=sheet.path, column=column, kind="number"
        ).reindex(sheet.cells.index)
        for column in (across, up)
    )
    known = first.notna() & second.notna()
    small = (
        known
        & (first.abs() <= DEGREES_BOUNDS[2])
        & (second.abs() <= DEGREES_BOUNDS[2])
        & ((first != 0) | (second != 0))
    )
    wrong = (known & ~small & ((first != 0) | (second != 0))) if found.degrees else small
    if wrong.any():
        expected, seen = ("degrees", "metres") if found.degrees else ("metres", "degrees")
        better = "Easting and Northing" if found.degrees else "Longitude and Latitude"
        every = bool(wrong[known].all())
        raise LayerError(
            f"The columns say {expected}, and {'the' if every else 'some'} numbers are {seen}.",
            file=sheet.file,
            column=f"{across} and {up}",
            rows=sheet.number(wrong),
            expected=f"{expected}, such as " + ("-2.44 and 50.71" if found.degrees else "369000 and 90500"),
            found=f"{first[wrong].iloc[0]:g} and {second[wrong].iloc[0]:g}",
            next_step=f"rename the columns to {better}" if every else f"bring all rows to {expected}",
        )
    if not found.degrees:
        return first, second
    inside = first.between(*LONGITUDES) & second.between(*LATITUDES)
    swapped = second.between(*LONGITUDES) & first.between(*LATITUDES)
    if swapped.any() and not inside.any():
        raise _swapped(sheet, across, up, swapped, said="Latitude and longitude are swapped.")
    points = gpd.GeoSeries(
        gpd.points_from_xy(first.where(inside), second.where(inside)), index=first.index, crs=DEGREES
    )
    metres = points.to_crs(BRITISH_NATIONAL_GRID)
    beyond = known & ~inside
    return metres.x.where(~beyond, np.inf).where(known), metres.y.where(~beyond, np.inf).where(known)


def _by_postcode(sheet: Sheet, column: str, postcodes: pd.DataFrame | None) -> pd.DataFrame:
    if postcodes is None:
        raise LayerError(
            "This study holds no postcodes, so none can be looked up.",
            file=sheet.file,
            column=column,
            expected="Easting and Northing, or Latitude and Longitude",
            found="a column of postcodes alone",
            next_step="add coordinates to your file, or choose a study with postcodes",
        )
    forms = sheet.cells[column].map(read_form)
    codes = forms.map(lambda form: form.code if form.shape == "whole" else "")
    known = postcodes.drop_duplicates("postcode").set_index("postcode")[["area_code", "easting", "northing"]]
    placed = known.reindex(codes).set_axis(sheet.cells.index)
    placed["why"] = ""
    placed.loc[placed["area_code"].isna(), "why"] = UNKNOWN
    placed.loc[codes.eq(""), "why"] = NO_POSTCODE
    return placed


def _names(sheet: Sheet, heading: str | None) -> pd.Series:
    """Name each point by its own name, else by where it stands in the file."""
    numbered = pd.Series([f"Row {place + 1}" for place in sheet.cells.index], index=sheet.cells.index)
    if heading is None:
        return numbered
    said = sheet.cells[heading].map(lambda text: visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}…"))
    return said.where(said.ne(""), numbered)


def _none(sheet: Sheet, placed: pd.DataFrame, columns: tuple[str, ...], *, areas: gpd.GeoDataFrame) -> LayerError:
    """Word the refusal of points none of which lies in the study; swapped eastings are told by where they would lie."""
    if "area_code" in placed and len(columns) == 2:  # noqa: PLR2004 - a pair of coordinates
        west, south, east, north = areas.total_bounds
        swapped = placed["northing"].between(west, east) & placed["easting"].between(south, north)
        if swapped.any():
            return _swapped(sheet, *columns, swapped, said="The two coordinates are swapped.")
    west, south, east, north = areas.total_bounds
    told = placed["why"].value_counts()
    return LayerError(
        "No row of the file lies in this study.",
        file=sheet.file,
        column=" and ".join(columns) or None,
        expected="postcodes of this study"
        if len(columns) == 1
        else f"eastings {west:,.0f} to {east:,.0f} and northings {south:,.0f} to {north:,.0f}, or the same in degrees",
        found="; ".join(f"{count:,} {why}" for why, count in told.items()),
        next_step="check the columns, or choose the study that covers these places",
    )


def _swapped(sheet: Sheet, across: str, up: str, rows: pd.Series, *, said: str) -> LayerError:
    first, second = sheet.cells.loc[rows, across].iloc[0], sheet.cells.loc[rows, up].iloc[0]
    return LayerError(
        said,
        file=sheet.file,
        column=f"{across} and {up}",
        rows=sheet.number(rows),
        expected=f"{across} from west to east, {up} from south to north",
        found=f"{across} {first}, {up} {second}",
        next_step="swap the two headings",
    )
