"""Under which headings a reader's own file says where its rows are; matched with case and dots folded."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from layers.errors import LayerError, examples, visible
from layers.figures import Figure
from layers.geography import GEOGRAPHIES, geography_of
from layers.intake.cells import decoded, line_numbers, read_text
from layers.intake.coordinates import shape_numbers
from layers.intake.outline_limits import READER
from layers.intake.shapes import shapes_in
from layers.intake.tables import normalised
from layers.ledger import Unused
from layers.lookups import DISTRICT_CODES
from layers.reporting import POSTCODES

EASTING = ("easting", "eastings", "bng easting", "oseast1m", "x", "x coordinate")
NORTHING = ("northing", "northings", "bng northing", "osnrth1m", "y", "y coordinate")
LATITUDE = ("latitude", "lat")
LONGITUDE = ("longitude", "long", "lon", "lng")
POSTCODE = ("postcode", "post code", *POSTCODES, "postal code")
NAME = ("name", "site name", "site", "place name", "place", "organisation name", "organisation", "title", "label")
AREA_CODE = ("area code", "lsoa code", "lsoa", "geography code", "gss code", "code", "area")
DISTRICT_CODE = (*DISTRICT_CODES, "lad code", "district code", "council code", "local authority code", "la code")
UNDERSTOOD = "Easting and Northing; Latitude and Longitude; Postcode; or a code such as LSOA11CD or LAD24CD"


@dataclass(frozen=True, slots=True)
class Found:
    """The headings of a file that say where its rows are.

    Attributes
    ----------
    pair
        Headings of a coordinate from west to east and of one from south to north; None where it has none.
    degrees
        Whether the pair is longitude and latitude.
    postcode, code, name
        Headings, or None.
    """

    pair: tuple[str, str] | None
    degrees: bool
    postcode: str | None
    code: str | None
    name: str | None


def headings_of(sheet: Sheet, *, geography: str) -> Found:
    """Find the headings that say where a file's rows are.

    Parameters
    ----------
    geography
        ``lsoa11`` or ``lsoa21``: the study's small areas.

    Raises
    ------
    LayerError
        When none does, only one of a pair is there, or codes are of another year than the study's.
    """
    name = sheet.heading(NAME)
    metres = _pair(sheet, EASTING, NORTHING)
    pair = metres or _pair(sheet, LONGITUDE, LATITUDE)
    postcode = sheet.heading(POSTCODE)
    located = pair or postcode or sheet.places is not None
    code = None if located else _code(sheet, geography=geography)
    if not located and code is None:
        _refuse_half(sheet)
        raise LayerError(
            "No column says where each row is.",
            file=sheet.file,
            expected=UNDERSTOOD,
            found=examples(sheet.cells.columns) or "no columns",
            next_step="rename the column that says so, or add one",
        )
    return Found(pair, metres is None, postcode, code, name)


def _pair(sheet: Sheet, across: Sequence[str], up: Sequence[str]) -> tuple[str, str] | None:
    east, north = sheet.heading(across), sheet.heading(up)
    return (east, north) if east and north else None


def _refuse_half(sheet: Sheet) -> None:
    """Refuse a file that gives one coordinate of two."""
    for names, others in ((EASTING, NORTHING), (NORTHING, EASTING), (LATITUDE, LONGITUDE), (LONGITUDE, LATITUDE)):
        if there := sheet.heading(names):
            raise LayerError(
                "One half of the coordinates is missing.",
                file=sheet.file,
                column=others[0].capitalize(),
                expected=f"a column {others[0].capitalize()} beside {there}",
                found=examples(sheet.cells.columns),
                next_step="add the column, or rename the one that holds it",
            )


def _code(sheet: Sheet, *, geography: str) -> str | None:
    """Find the column of codes: small areas first, as a council often stands beside them."""
    own = sheet.heading(geography_of(geography).codes)
    if own is None:
        for year, one in GEOGRAPHIES.items():
            if year != geography and (other := sheet.heading(one.codes)):
                raise wrong_year(sheet, column=other, found=year, wanted=geography, rows=None)
    return own or sheet.heading(AREA_CODE) or sheet.heading(DISTRICT_CODE)


def wrong_year(sheet: Sheet, *, column: str, found: str, wanted: str, rows: str | None) -> LayerError:
    """Word the refusal of another year's codes."""
    have, need = geography_of(found).year, geography_of(wanted).year
    return LayerError(
        f"The codes are those of {have}, and this study uses the small areas of {need}.",
        file=sheet.file,
        column=column,
        rows=rows,
        expected=f"LSOA codes of {need}, under the heading {geography_of(wanted).codes[0]}",
        found=f"LSOA codes of {have}",
        next_step=f"get the figures for the small areas of {need}, or choose a study that uses those of {have}",
    )


TEXT, SHAPES = ".csv", (".gpkg", ".geojson")
ENDINGS = (TEXT, *SHAPES)
MEGABYTE = 1024 * 1024
LARGEST = Figure(50, "MB", "largest file that is read", "assumption: ten thousand addresses take 1 MB")
MOST_ROWS = Figure(
    50_000, "rows", "most rows of a file", "assumption: England and Wales have 35,672 small areas (ONS, 2021)"
)
MOST_COLUMNS = Figure(2_000, "columns", "most columns of a table", "assumption: a census table has hundreds")
LONGEST_HEADING = 1_000_000
"""Characters in which the heading row is looked for (assumption: 2,000 columns of 100 characters take a fifth)."""
PACKED = b"PK\x03\x04"
"""How a zip begins, and so an XLSX or ODS workbook (APPNOTE 4.3.7)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a file.

    Attributes
    ----------
    file
        The name it goes by, safe to show.
    cells
        All text, blank where there is nothing; one row for each row of the file that holds anything.
    places
        A point for each row, EPSG:27700, missing where it has none; None for a table, or shapes that are areas.
    rows
        Rows in the file.
    unused
        Rows that hold nothing.
    number
        Names the rows at which a mask over `cells` is true.
    """

    file: str
    cells: pd.DataFrame
    places: gpd.GeoSeries | None
    rows: int
    unused: tuple[Unused, ...]
    number: Callable[[pd.Series], str]

    @property
    def path(self) -> Path:
        """The name as a path, for messages of the readers of files."""
        return Path(self.file)

    def heading(self, names: Sequence[str]) -> str | None:
        """Find the one heading that goes by any of some names; None where there is none.

        Raises
        ------
        LayerError
            When the first of the names that is there stands twice.
        """
        for name in names:
            matches = [heading for heading in self.cells.columns if normalised(heading) == normalised(name)]
            if len(matches) > 1:
                raise LayerError(
                    f"The column {matches[0]} stands {len(matches)} times.",
                    file=self.file,
                    column=matches[0],
                    expected="one column of that name",
                    found=examples(matches),
                    next_step="remove or rename the one that is not meant",
                )
            if matches:
                return matches[0]
        return None


def read_sheet(content: bytes, *, name: str) -> Sheet:
    """Read a CSV, GeoPackage or GeoJSON.

    Parameters
    ----------
    content, name
        The file's bytes, and the name it goes by, whose ending says what it should be.

    Raises
    ------
    LayerError
        When it is too large, empty, not what its name says, broken, or has too many rows.
    """
    file = visible(name.replace("\\", "/").rsplit("/", 1)[-1])[-80:] or "your file"
    ending = Path(file).suffix.lower()
    if ending not in ENDINGS:
        raise LayerError(
            "We cannot read this kind of file.",
            file=file,
            expected="CSV (.csv), GeoPackage (.gpkg) or GeoJSON (.geojson)",
            found=ending or "no ending",
            next_step="save it as CSV, and upload that",
        )
    if len(content) > LARGEST.value * MEGABYTE:
        raise LayerError(
            "The file is too large.",
            file=file,
            expected=f"at most {LARGEST.value:g} {LARGEST.unit}",
            found=f"{len(content) / MEGABYTE:,.0f} MB",
            next_step="keep only the rows and columns you need",
        )
    if not content.strip():
        raise LayerError(
            "The file is empty.",
            file=file,
            expected="a heading row and at least one row",
            found="nothing",
            next_step="save the file again, and check that it holds your rows",
        )
    try:
        return _text(content, file) if ending == TEXT else _shapes(content, file)
    except LayerError as error:
        if "study" in str(error.parts["next"]):  # the readers of layers speak to whoever writes a study file
            error.parts["next"] = "save what you mean as a file of its own: a CSV in UTF-8, or one layer"
        raise


def _text(content: bytes, file: str) -> Sheet:
    if content.startswith(PACKED):
        raise LayerError(
            "This is a workbook or a zip, not a CSV.",
            file=file,
            expected="plain text with a comma between cells",
            found="a packed file",
            next_step="open it in a spreadsheet and save it as “CSV (comma delimited)”",
        )
    _refuse_wide(decoded(content, path=Path(file)), file)
    raw = read_text(content, path=Path(file))
    if raw.shape[1] == 1 and any(mark in str(raw.columns[0]) for mark in ";\t|"):
        raise LayerError(
            "The cells are not divided by commas.",
            file=file,
            rows="line 1",
            expected="a comma between cells",
            found=visible(str(raw.columns[0]))[:80],
            next_step="save the file as “CSV (comma delimited)”",
        )
    return _sheet(raw, None, file, number=line_numbers)


def _refuse_wide(text: str, file: str) -> None:
    """Refuse a table of more cells than we read, before it is laid out: a short row is filled up to the heading."""
    try:
        rows = csv.reader(io.StringIO(text[:LONGEST_HEADING], newline=""))
        wide = next((len(row) for row in rows if any(cell.strip() for cell in row) or len(row) > 1), 0)
    except csv.Error:
        wide = 0  # a cell too long for a heading, which is not what makes a table wide
    lines = text.count("\n") + text.count("\r") - text.count("\r\n") + 1
    if wide * lines > READER.cells.value or wide > MOST_COLUMNS.value:
        raise LayerError(
            "The table is too large.",
            file=file,
            expected=f"at most {MOST_COLUMNS.value:,.0f} columns, and {READER.cells.value:,} {READER.cells.unit}",
            found=f"{wide:,} columns and {lines:,} lines",
            next_step="keep only the rows and columns you need",
        )


def _shapes(content: bytes, file: str) -> Sheet:
    table = shapes_in(content, name=file, limits=READER)
    shapes = gpd.GeoSeries(table.geometry.reset_index(drop=True))
    raw = pd.DataFrame(table.drop(columns=table.geometry.name)).reset_index(drop=True).astype(object)
    missing = shapes.isna() | shapes.is_empty
    kinds = set(gpd.GeoSeries(shapes[~missing]).geom_type)
    places = None
    if kinds <= {"Point", "MultiPoint"}:
        several = ~missing & pd.Series(shapely.get_num_geometries(shapes.to_numpy()) > 1, index=shapes.index)
        if several.any():
            raise LayerError(
                "A shape is made of several points.",
                file=file,
                rows=shape_numbers(several),
                expected="one point for each row",
                found="several points in one",
                next_step="split them into single points, and export the layer again",
            )
        places = shapes.where(~missing, None).centroid
    elif not kinds <= {"Polygon", "MultiPolygon"}:
        raise LayerError(
            "The layer holds shapes that are neither points nor areas.",
            file=file,
            rows=shape_numbers(~missing & ~shapes.geom_type.isin(["Point", "MultiPoint"])),
            expected="points, or areas that all have a code",
            found=examples(sorted(kinds)),
            next_step="export one layer of points, or one of areas",
        )
    return _sheet(raw.map(_written), places, file, number=shape_numbers)


def _written(cell: object) -> str:
    """Write a property as text; nothing for one that is not there."""
    nothing = cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell))
    return "" if nothing else str(cell)


def _sheet(raw: pd.DataFrame, places: gpd.GeoSeries | None, file: str, *, number: Callable[[pd.Series], str]) -> Sheet:
    if len(raw) > MOST_ROWS.value:
        raise LayerError(
            "The file has too many rows.",
            file=file,
            expected=f"at most {MOST_ROWS.value:,.0f} rows, more than one for each small area of England and Wales",
            found=f"{len(raw):,} rows",
            next_step="keep only the rows of your own councils",
        )
    headings = [
        visible(heading.strip()) or f"column {place}" for place, heading in enumerate(map(str, raw.columns), start=1)
    ]
    cells = raw.set_axis(headings, axis=1)
    cells = cells.apply(lambda column: column.str.strip()) if headings else cells
    blank = pd.Series((cells.to_numpy() == "").all(axis=1), index=cells.index)
    if places is not None:
        blank &= places.isna()
    if blank.all():
        raise LayerError(
            "The file has a heading but no rows.",
            file=file,
            expected="at least one row that holds something",
            found=f"{len(cells):,} rows, all blank",
            next_step="save the file again, and check that it holds your rows",
        )

    def numbered(bad: pd.Series) -> str:  # in terms of the file, blank rows and all
        return number(bad.reindex(cells.index, fill_value=False))

    unused = (Unused.of("rows that hold nothing", int(blank.sum()), harmless=True),)
    return Sheet(
        file, cells[~blank], None if places is None else gpd.GeoSeries(places[~blank]), len(cells), unused, numbered
    )
