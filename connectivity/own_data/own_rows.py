"""A reader's own rows, as points or as figures for areas: each placed in the study, or counted with why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from connectivity.own_data.uploaded_sheet import Found, Sheet, headings_of, read_sheet, wrong_year
from connectivity.places.drawn_shapes import LATITUDES, LONGITUDES
from connectivity.postcode.postcode_tables import read_postcodes
from connectivity.postcode.typed import read_form
from layers.errors import LayerError, examples, several, visible
from layers.figures import Figure
from layers.intake.cells import GROUPED, MARKS, MISSING, parsed_numbers
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES, DEGREES_BOUNDS, GREAT_BRITAIN_METRES
from layers.ledger import Unused
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
        parsed_numbers(
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


Unit = Literal["area", "district"]
PLACES: dict[Unit, str] = {"area": "small areas", "district": "councils"}
"""What the places of each are called."""
SMALL, COUNCIL = re.compile(r"[EWS]01\d{6}"), re.compile(r"[EW]0[6-9]\d{6}|S12\d{6}|N09\d{6}")
"""Codes of small areas and of councils (ONS, Register of Geographic Codes)."""
LAST_OF_2011 = {"E": "E01033768", "W": "W01001958"}
"""The highest LSOA code of 2011; areas that were redrawn for 2021 have higher ones (ONS, LSOA 2011 to 2021 lookup)."""
MOSTLY = Figure(0.5, "of a column's cells", "must be numbers for it to be a column of figures", "assumption")
NO_CODE, NOT_A_CODE = "without a code", "with something that is not an area code"
NOT_IN_STUDY = "for places outside this study"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures for areas of a study.

    Attributes
    ----------
    file
        The name of the file they came in.
    unit
        Whether a row is a small area or a council.
    column
        The heading of the codes.
    table
        Index: codes of the study that the file has. One column of numbers for each heading; NaN where there is none.
    others
        Headings that are not figures.
    withheld
        By heading: cells with a mark such as [x] in place of a figure. Not known, and not zero.
    rows, unused
        Rows in the file, and those not used, by reason.
    redrawn
        Small areas that were redrawn for the study's year, where none of them has a figure: the codes may be another
        year's. Else 0.
    """

    file: str
    unit: Unit
    column: str
    table: pd.DataFrame
    others: tuple[str, ...]
    withheld: dict[str, int]
    rows: int
    unused: tuple[Unused, ...]
    redrawn: int = 0


def read_figures(sheet: Sheet, found: Found, *, areas: pd.DataFrame, geography: str) -> Figures:
    """Read the figures of a sheet by the codes in it.

    Parameters
    ----------
    areas
        The study's areas indexed by code, with ``district_code``.
    geography
        ``lsoa11`` or ``lsoa21``.

    Raises
    ------
    LayerError
        When codes are of another year or none are the study's, an area stands twice, a cell in a column of figures
        is no number, or no column holds numbers.
    """
    column = str(found.code)
    codes = sheet.cells[column].str.upper()
    unit: Unit = "district" if codes.str.fullmatch(COUNCIL).sum() > codes.str.fullmatch(SMALL).sum() else "area"
    known = pd.Index(areas["district_code"].unique()) if unit == "district" else areas.index
    if unit == "area" and geography == "lsoa11":
        _refuse_newer(sheet, column, codes)
    shaped = codes.str.fullmatch(COUNCIL if unit == "district" else SMALL).fillna(value=False).astype(bool)
    used = codes.isin(known)
    masks = {NO_CODE: codes.eq(""), NOT_A_CODE: codes.ne("") & ~shaped & ~used, NOT_IN_STUDY: shaped & ~used}
    if not used.any():
        raise LayerError(
            "No code of the file is one of this study.",
            file=sheet.file,
            column=column,
            expected=f"codes such as {examples(known[:2])}",
            found=examples(visible(code) for code in codes[codes.ne("")].unique()) or "no codes",
            next_step="check the column of codes, or choose the study that covers these places",
        )
    twice = used & codes.duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{several(codes[twice].nunique(), 'area stands', 'areas stand')} more than once.",
            file=sheet.file,
            column=column,
            rows=sheet.number(twice),
            expected="one row for each area",
            found=examples(codes[twice].unique()),
            next_step="add the rows up, or remove the copies",
        )
    figures, withheld, others = _columns(sheet, found, used)
    unused = [
        Unused.of(
            why,
            int(mask.sum()),
            examples=codes[mask].unique() if why == NOT_IN_STUDY else [sheet.number(mask).split(" (")[0]],
            harmless=why == NOT_IN_STUDY,
        )
        for why, mask in masks.items()
    ]
    table = figures[used].set_axis(pd.Index(codes[used], name="code"))
    redrawn = _redrawn_bare(table.index, areas.index) if unit == "area" and geography == "lsoa21" else 0
    everything = tuple(one for one in (*sheet.unused, *unused) if one.count)
    return Figures(sheet.file, unit, column, table, others, withheld, sheet.rows, everything, redrawn)


def _columns(sheet: Sheet, found: Found, used: pd.Series) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
    """Read every column that is mostly numbers; one cell of it that is none is refused."""
    made: dict[str, pd.Series] = {}
    withheld, others = {}, []
    for place, heading in enumerate(sheet.cells.columns):
        if heading == found.code:
            continue
        cells = sheet.cells.iloc[:, place]
        plain = cells.mask(cells.str.fullmatch(GROUPED), cells.str.replace(",", "", regex=False))
        given = ~cells.isin(MISSING)
        right = pd.to_numeric(plain[given], errors="coerce").notna()
        if not given.any() or right.mean() < MOSTLY.value:
            others.append(heading)
            continue
        if heading in made:
            sheet.heading((heading,))  # raises: it stands twice
        full = cells.reindex(range(sheet.rows), fill_value="")
        made[heading] = parsed_numbers(full, path=sheet.path, column=heading, kind="number").reindex(cells.index)
        withheld[heading] = int((cells.isin(MARKS) & used).sum())
    if not made:
        raise LayerError(
            "No column holds numbers.",
            file=sheet.file,
            expected="at least one column of numbers beside the codes",
            found=examples(others) or "no other columns",
            next_step="add a column with a figure for each area; write numbers without units or signs",
        )
    return pd.DataFrame(made, index=sheet.cells.index), withheld, tuple(others)


def _refuse_newer(sheet: Sheet, column: str, codes: pd.Series) -> None:
    """Refuse codes that only the small areas of 2021 have, in a study of 2011."""
    last = codes.str[:1].map(LAST_OF_2011)
    newer = codes.str.fullmatch(SMALL) & last.notna() & (codes > last.fillna(""))
    if newer.any():
        raise wrong_year(sheet, column=column, found="lsoa21", wanted="lsoa11", rows=sheet.number(newer))


def _redrawn_bare(codes: pd.Index, areas: pd.Index) -> int:
    """Count the areas redrawn for 2021 where most of a study has a figure, and none of them: the codes look older."""
    redrawn = pd.Series(areas > areas.str[:1].map(LAST_OF_2011).fillna("~"), index=areas)
    bare = len(codes) >= MOSTLY.value * len(areas) and not redrawn[codes].any()
    return int(redrawn.sum()) if bare else 0


Own = Points | Figures


def read_own(content: bytes, *, name: str, areas: gpd.GeoDataFrame, geography: str, folder: Path) -> Own:
    """Read a reader's own file against a study; nothing is written anywhere.

    What says where a row is decides what it is: coordinates or a postcode make points, a code makes a figure for an
    area. Where a file has both, it is points.

    Parameters
    ----------
    content, name
        The file's bytes and name.
    areas
        The study's areas indexed by code: ``district_code`` and ``geometry`` in metres.
    geography
        ``lsoa11`` or ``lsoa21``.
    folder
        The build, whose postcodes are looked up only where the file needs them.

    Raises
    ------
    LayerError
        For whatever is wrong with the file, in one message.
    """
    sheet = read_sheet(content, name=name)
    found = headings_of(sheet, geography=geography)
    if found.code is not None:
        return read_figures(sheet, found, areas=areas, geography=geography)
    by_postcode = sheet.places is None and found.pair is None
    return read_points(sheet, found, areas=areas, postcodes=read_postcodes(folder) if by_postcode else None)
