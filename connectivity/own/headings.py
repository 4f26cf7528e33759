"""Under which headings a reader's own file says where its rows are; matched with case and dots folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectivity.own.sheet import Sheet
from layers.errors import LayerError, examples
from layers.geography import GEOGRAPHIES, geography_of
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
        The study's small areas.

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
