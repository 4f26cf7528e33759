"""A reader's own file, from bytes to one of two things: points, or figures for areas."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from connectivity.own.figures import Figures, read_figures
from connectivity.own.headings import headings_of
from connectivity.own.points import Points, read_points
from connectivity.own.sheet import read_sheet
from connectivity.postcode.postcode_tables import read_postcodes

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
