"""ONS's lookups and outlines, in the fields its services give: upper-case names, a number of their own per row.

``*_rows`` are lists of fields for a service's pages; ``as_csv`` writes them as a download, with a byte-order mark.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import shapely
from official.spreadsheets import zipped
from official.world import World

Row = dict[str, Any]


def output_area_rows(world: World) -> list[Row]:
    """Output areas of 2021 in their small areas: ``OA21CD, LSOA21CD, LSOA21NM, …, ObjectId``."""
    table = world.output_areas.merge(world.areas, on="lsoa21")
    rows = [
        {"OA21CD": row.oa21, "LSOA21CD": row.lsoa21, "LSOA21NM": row.lsoa21_name, "LAD22CD": row.district}
        for row in table.itertuples()
    ]
    return numbered(rows)


def lookup_rows(world: World) -> list[Row]:
    """Small areas of 2021 in wards and councils of 2024."""
    rows = [
        {
            "LSOA21CD": area.lsoa21,
            "LSOA21NM": area.lsoa21_name,
            "WD24CD": area.ward,
            "WD24NM": area.ward_name,
            "LAD24CD": area.district,
            "LAD24NM": area.district_name,
        }
        for area in world.areas.itertuples()
    ]
    return numbered(rows)


def change_rows(world: World) -> list[Row]:
    """Small areas of 2011 and 2021, with how they changed."""
    rows = [
        {
            "LSOA11CD": area.lsoa11,
            "LSOA11NM": area.lsoa11_name,
            "LSOA21CD": area.lsoa21,
            "LSOA21NM": area.lsoa21_name,
            "CHGIND": area.change,
            "LAD22CD": area.district,
            "LAD22NM": area.district_name,
            "LAD22NMW": "",
        }
        for area in world.areas.itertuples()
    ]
    return numbered(rows)


def rural_urban_rows(world: World) -> list[Row]:
    """Class of 2021 of each small area: Dorset is rural."""
    rural = {
        "RUC21CD": "RSF1",
        "RUC21NM": "Smaller rural: Further from a major town or city",
        "Urban_rural_flag": "Rural",
    }
    urban = {"RUC21CD": "UN1", "RUC21NM": "Urban: Nearer to a major town or city", "Urban_rural_flag": "Urban"}
    rows = [
        {"LSOA21CD": area.lsoa21, "LSOA21NM": area.lsoa21_name, **(rural if area.district == "E06000059" else urban)}
        for area in world.areas.itertuples()
    ]
    return numbered(rows)


def directory_zip(world: World, *, newer: bool = False) -> bytes:
    """Make ONS's postcode directory: one table of the United Kingdom, one for each postcode area, and documents.

    Parameters
    ----------
    newer
        Whether headings are those from 2025 on (``pcd7, lad25cd, east1m, lsoa21cd``) or those before.
    """
    heads = (
        ("pcd7", "pcd8", "pcds", "dointr", "doterm", "lad25cd", "east1m", "north1m", "oa21cd", "lsoa21cd", "lsoa11cd")
        if newer
        else ("pcd", "pcd2", "pcds", "dointr", "doterm", "oslaua", "oseast1m", "osnrth1m", "oa21", "lsoa21", "lsoa11")
    )
    areas = world.areas.set_index("lsoa21")
    rows = []
    for place in world.postcodes.itertuples():
        outward, inward = place.postcode.split(" ")
        district, older = areas.loc[place.lsoa21, ["district", "lsoa11"]]
        spellings = (f"{outward:<4}{inward}", f"{outward:<4} {inward}", place.postcode)
        where = (district, place.easting, place.northing, place.oa21, place.lsoa21, older)
        rows.append(dict(zip(heads, (*spellings, "198001", "", *where), strict=True)))
    ended = (
        "DT9 9ZZ",
        "DT9  9ZZ",
        "DT9 9ZZ",
        "198001",
        "199912",
        "",
        "",
        "",
        "",
        rows[0][heads[9]],
        rows[0][heads[10]],
    )
    rows.append(dict(zip(heads, ended, strict=True)))
    table = pd.DataFrame(rows).to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).encode()
    return zipped(
        {
            "Data/ONSPD_NOV_2025_UK.csv": table,
            "Data/multi_csv/ONSPD_NOV_2025_UK_DT.csv": table,
            "Documents/LAD names and codes.csv": b"LAD25CD,LAD25NM\r\n",
        }
    )


def numbered(rows: Sequence[Row]) -> list[Row]:
    """Give each row the number ONS's services add."""
    return [{**row, "ObjectId": number} for number, row in enumerate(rows, start=1)]


def as_csv(rows: Sequence[Row], *, number: str = "ObjectId") -> bytes:
    """Write rows as a portal's CSV download: a byte-order mark, CRLF, the row number last or, as FID, first."""
    table = pd.DataFrame(rows)
    if number != "ObjectId":
        table = table.rename(columns={"ObjectId": number})
        table = table[[number, *(name for name in table if name != number)]]
    return ("\ufeff" + table.to_csv(index=False, lineterminator="\r\n")).encode()


def outlines_geojson(world: World) -> bytes:
    """Write the outlines of the small areas (2021, generalised) as GeoJSON in metres, with the grid named."""
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": json.loads(shapely.to_geojson(area.geometry)),
            "properties": {
                "FID": number,
                "LSOA21CD": area.lsoa21,
                "LSOA21NM": area.lsoa21_name,
                "LSOA21NMW": " ",
                "BNG_E": round(area.geometry.centroid.x),
                "BNG_N": round(area.geometry.centroid.y),
                "GlobalID": f"00000000-0000-0000-0000-{number:012}",
            },
        }
        for number, area in enumerate(world.areas.itertuples(), start=1)
    ]
    grid = {"type": "name", "properties": {"name": "EPSG:27700"}}
    return json.dumps({"type": "FeatureCollection", "crs": grid, "features": features}).encode()
