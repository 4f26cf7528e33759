"""Ordnance Survey's open products as downloaded: Code-Point Open and Open UPRN, made from the hand-made country."""

from __future__ import annotations

import pandas as pd
from official.spreadsheets import zipped
from official.world import World
from pyproj import Transformer

COLUMN_HEADERS = (
    "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"
    "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,"
    "Admin_county_code,Admin_district_code,Admin_ward_code\n"
)
METADATA = "ORDNANCE SURVEY\nPRODUCT: CODE-POINT OPEN\nDATASET VERSION NUMBER: 2025.4.0\nCOPYRIGHT DATE: 20251101\n"
ELSEWHERE = '"AB101AB",10,394235,806529,"S92000003","","S08000020","","S12000033","S13002842"\n'
"""A postcode far from the country, which no study of it needs."""


def code_point_rows(world: World) -> dict[str, list[str]]:
    """Write each postcode's row, by postcode area: no heading, text in quotes, seven characters."""
    areas = world.areas.set_index("lsoa21")
    files: dict[str, list[str]] = {}
    for place in world.postcodes.itertuples():
        outward, inward = place.postcode.split(" ")
        area = areas.loc[place.lsoa21]
        row = (
            f'"{outward:<4}{inward}",10,{place.easting},{place.northing},"E92000001","E19000001","E18000010","",'
            f'"{area.district}","{area.ward}"'
        )
        files.setdefault(outward.rstrip("0123456789").lower(), []).append(row)
    return files


def code_point_zip(world: World, *, extra: dict[str, str] | None = None) -> bytes:
    """Make ``codepo_gb.zip``: one CSV for each postcode area, one of them far away, and the ``Doc`` folder.

    Parameters
    ----------
    extra
        Postcode area → rows to add at the end of its file.
    """
    rows = {name: "\n".join(lines) + "\n" for name, lines in code_point_rows(world).items()}
    rows["ab"] = ELSEWHERE
    for name, more in (extra or {}).items():
        rows[name] = rows.get(name, "") + more
    return zipped(
        {
            "Doc/Code-Point_Open_Column_Headers.csv": COLUMN_HEADERS,
            "Doc/metadata.txt": METADATA,
            "Doc/licence.txt": "Open Government Licence\n",
            **{f"Data/CSV/{name}.csv": text for name, text in sorted(rows.items())},
        }
    )


def open_uprn_zip(world: World, *, month: str = "202511") -> bytes:
    """Make ``osopenuprn_YYYYMM_csv.zip``: a byte-order mark, five columns, one premises far away."""
    degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    table = world.uprns
    longitude, latitude = degrees.transform(table["easting"].to_numpy(), table["northing"].to_numpy())
    official = pd.DataFrame(
        {
            "UPRN": table["uprn"],
            "X_COORDINATE": table["easting"].map("{:.2f}".format),
            "Y_COORDINATE": table["northing"].map("{:.2f}".format),
            "LATITUDE": pd.Series(latitude).map("{:.7f}".format),
            "LONGITUDE": pd.Series(longitude).map("{:.7f}".format),
        }
    )
    far = pd.DataFrame([[1, "358260.66", "172796.50", "51.4526010", "-2.6020703"]], columns=official.columns)
    text = "\ufeff" + pd.concat([far, official]).to_csv(index=False, lineterminator="\r\n")
    return zipped({f"osopenuprn_{month}.csv": text.encode(), "licence.txt": b"", "versions.txt": b""})
