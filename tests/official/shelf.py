"""Every release of the catalogue on the loopback publisher, made for the hand-made country of `official.world`.

    with Publisher() as publisher:
        fill(publisher)
        run_command("fetch", "--districts", "Dorset", "--mirror", publisher.mirror, ...)

`CONTENT` makes the files that are asked for by their own address, by the key of their release; map services, OS
products and GOV.UK attachments are put where their publishers have them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pandas as pd
import shapely
from official import bduk, census, deprivation, ofcom, ordnance_survey
from official.spreadsheets import ods, zipped
from official.world import World
from publisher.server import Publisher

from layers.catalogue import Release, release, releases

WORLD = World()
REGION, LEP = ("E12000009", "South West"), ("E37000008", "Dorset")
COUNTY = ("E10000009", "Old Dorset")
"""Of districts that lie in no county today; the country of the tests calls one so, so that it can be asked for."""
LIBRARIES = (
    "name,postcode,type,closed,staffed_hours\n"
    "Symondsbury,{first},Static Library,,30\n"
    "Boscombe,{last},Static Library,2016,N/A Closed\n"
)


def dwellings(world: World) -> bytes:
    """Make ``CTSOP1.1.zip``: homes by band for each small area and council; - is fewer than five."""
    bands = [f"band_{letter}" for letter in "abcdefghi"]
    head = ",".join(["geography", "ba_code", "ecode", "area_name", *bands, "all_properties"])
    rows = [f'LADUA,,{code},"{name}",10,10,10,10,10,10,10,10,..,100' for code, name in _councils(world).items()]
    rows += [f'LSOA,,{area.lsoa21},"{area.lsoa21_name}",10,10,-,0,0,0,0,0,..,20' for area in world.areas.itertuples()]
    return zipped({"CTSOP1.1/CTSOP1_1_2025_03_31.csv": "\ufeff" + "\r\n".join([head, *rows]) + "\r\n"})


def connectivity(world: World) -> bytes:
    """Make the DfT workbook: a cover, and a sheet of small areas with headings in its third row."""
    areas = [[area.lsoa21, 50.0, 40.0 + area.Index] for area in world.areas.itertuples()]
    title = [["Transport connectivity metric 2025: LSOA"], []]
    return ods({"Cover": [["Connectivity"]], "LSOA": [*title, ["LSOA21CD", "Overall (walking)", "Overall"], *areas]})


def libraries(world: World) -> bytes:
    """Make the list of libraries: one open in Dorset, one closed in BCP."""
    first, last = world.postcodes["postcode"].iloc[[0, -1]]
    return LIBRARIES.format(first=first, last=last).encode()


CONTENT: Mapping[str, Callable[[World], bytes]] = {
    "ofcom-2026-01-oa": ofcom.fixed_2026,
    "ofcom-2026-01-postcode": ofcom.fixed_2026,
    "ofcom-2026-01-mobile": lambda _: ofcom.mobile_zip("202601", "r1"),
    "ofcom-2025-07-oa": ofcom.fixed_2025,
    "ofcom-2025-07-postcode": ofcom.fixed_2025,
    "ofcom-2025-07-mobile": lambda _: ofcom.mobile_zip(),
    "ofcom-2025-07-performance": ofcom.performance_2025,
    "ofcom-2023-05-performance": lambda world: ofcom.zip_bytes(
        {"202305_fixed_pc_performance_r01.csv": ofcom.csv_bytes(ofcom.performance(world))}
    ),
    "ofcom-2024-07-oa": ofcom.fixed_2024,
    "ofcom-2018-09-oa": ofcom.fixed_2018,
    "ofcom-2018-09-postcode": ofcom.postcodes_and_performance_2018,
    "iod-2025-file-7": lambda world: deprivation.file_7(world, year=2025),
    "iod-2025-file-8": deprivation.file_8_2025,
    "iod-2019-file-7": lambda world: deprivation.file_7(world, year=2019),
    "iod-2019-file-8": deprivation.file_8_2019,
    "wimd-2019": lambda _: deprivation.wimd_2019(scores=True),
    "dwellings-2025": dwellings,
    "connectivity-2025": connectivity,
    "libraries-2023": libraries,
    **{
        f"census-2021-ts{table}": lambda world, table=table: census.census_zip(world, table)
        for table in ("001", "007a", "011", "038", "044", "045", "061")
    },
}


def fill(publisher: Publisher, *, world: World = WORLD, page: int = 5) -> None:
    """Put every release of the catalogue on the publisher; map services give `page` rows at a time."""
    for entry in releases():
        if entry.way == "file":
            publisher.add(entry.url, _made(entry.key, world))
        elif entry.way == "govuk_attachment":
            publisher.add_listing(entry.url, _regions(world))
        elif entry.way == "os_download":
            _on_os(publisher, entry, world)
        else:
            publisher.add_arcgis(entry.url, rows_of(entry, world), page=page)


@cache
def _made(key: str, world: World) -> bytes:
    """Make a file once: archives hold the time they were packed at, and a published file does not change by itself."""
    twin = next(entry.key for entry in releases() if entry.url == release(key).url)
    return CONTENT[key](world) if twin == key else _made(twin, world)


@cache
def _regions(world: World) -> list[tuple[str, str, bytes]]:
    """List the attachments of BDUK's release: the region of the country, and another."""
    name = "2026-09-10_zipped_files_release_{}.zip"
    other = zipped({"202605_BDUK_uprn_release_london_croydon.csv": bduk.csv_bytes([])})
    return [
        ("UPRN-level release: South West", name.format("south_west"), bduk.south_west(world)),
        ("UPRN-level release: London", name.format("london"), other),
    ]


def rows_of(entry: Release, world: World) -> list[dict[str, Any]]:
    """Make the rows of a map service, with the columns ONS gives."""
    areas, councils = world.areas, _councils(world)
    box = shapely.union_all(areas["geometry"])
    tables: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "lsoa-2021-outlines": lambda: _shapes(areas, LSOA21CD="lsoa21", LSOA21NM="lsoa21_name"),
        "lsoa-2011-outlines": lambda: _shapes(areas, LSOA11CD="lsoa11", LSOA11NM="lsoa11_name"),
        "ward-outlines-2024": lambda: _shapes(areas, WD24CD="ward", WD24NM="ward_name"),
        "parish-outlines-2024": lambda: _shapes(
            areas[areas["parish"].ne("")], PARNCP24CD="parish", PARNCP24NM="parish_name"
        ),
        "constituency-outlines-2024": lambda: _shapes(areas, PCON24CD="constituency", PCON24NM="constituency_name"),
        "district-outlines-2024": lambda: _shapes(areas, LAD24CD="district", LAD24NM="district_name"),
        "lep-outlines-2020": lambda: [
            {"properties": {"lep20cd": LEP[0], "lep20nm": LEP[1]}, "geometry": box.__geo_interface__}
        ],
        "lsoa-2021-lookup": lambda: _rows(
            areas,
            LSOA21CD="lsoa21",
            LSOA21NM="lsoa21_name",
            WD24CD="ward",
            WD24NM="ward_name",
            LAD24CD="district",
            LAD24NM="district_name",
        ),
        "output-areas-2021": lambda: _rows(world.output_areas, OA21CD="oa21", LSOA21CD="lsoa21"),
        "output-areas-2011": lambda: [
            {"OA11CD": area.oa21, "LSOA11CD": small.lsoa11, "LSOA11NM": small.lsoa11_name}
            | {"LAD20CD": small.old_district, "LAD20NM": small.old_district, "RGN20NM": REGION[1]}
            for area in world.output_areas.itertuples()
            for small in areas[areas["lsoa21"] == area.lsoa21].itertuples()
        ],
        "lsoa-changes": lambda: _rows(
            areas,
            LSOA11CD="lsoa11",
            LSOA11NM="lsoa11_name",
            LSOA21CD="lsoa21",
            LSOA21NM="lsoa21_name",
            CHGIND="change",
            LAD22CD="district",
            LAD22NM="district_name",
        ),
        "rural-urban-2021": lambda: [
            {"LSOA21CD": area.lsoa21, "LSOA21NM": area.lsoa21_name, "RUC21CD": "RSN1" if area.Index % 4 < 2 else "UN1"}
            | {"RUC21NM": "Smaller rural: Nearer to a major town or city" if area.Index % 4 < 2 else "Urban: Nearer"}
            | {"Urban_rural_flag": "Rural" if area.Index % 4 < 2 else "Urban"}
            for area in areas.itertuples()
        ],
        "counties-2024": lambda: [
            {"LAD24CD": "E06000059", "LAD24NM": "Dorset", "CTY24CD": COUNTY[0], "CTY24NM": COUNTY[1]}
        ],
        "regions-2024": lambda: [
            {"LAD24CD": code, "LAD24NM": name, "RGN24CD": REGION[0], "RGN24NM": REGION[1]}
            for code, name in councils.items()
        ],
        "lep-lookup-2021": lambda: [
            {"LAD21CD": code, "LAD21NM": name, "LEP21CD1": LEP[0], "LEP21NM1": LEP[1], "LEP21CD2": "", "LEP21NM2": ""}
            for code, name in councils.items()
        ],
        "constituencies-2024": lambda: _rows(
            areas,
            LSOA21CD="lsoa21",
            LSOA21NM="lsoa21_name",
            PCON24CD="constituency",
            PCON24NM="constituency_name",
        ),
        "parish-lookup-2024": lambda: _rows(
            areas[areas["parish"].ne("")],
            PAR24CD="parish",
            PAR24NM="parish_name",
            LAD24CD="district",
            LAD24NM="district_name",
        ),
    }
    return tables[entry.key]()


def _on_os(publisher: Publisher, entry: Release, world: World) -> None:
    name, kind, make = {
        "postcodes": ("codepo_gb.zip", "CSV", ordnance_survey.code_point_zip),
        "open_uprn": ("osopenuprn_202511_csv.zip", "CSV", ordnance_survey.open_uprn_zip),
        "terrain": ("terr50_gagg_gb.zip", "ASCII Grid and GML (Grid)", _terrain),
    }[entry.kind]
    publisher.add_os(entry.url.split("/")[-2], name, _packed(make, world), kind=kind)


@cache
def _packed(make: Callable[[World], bytes], world: World) -> bytes:
    return make(world)


def _terrain(_world: World) -> bytes:
    tile = "ncols 2\nnrows 2\nxllcorner 360000\nyllcorner 90000\ncellsize 50\n1 2\n3 4\n"
    return zipped({"data/sy/sy69.zip": zipped({"SY69.asc": tile})})


def _councils(world: World) -> dict[str, str]:
    return dict(zip(world.areas["district"], world.areas["district_name"], strict=True))


def _rows(table: pd.DataFrame, **columns: str) -> list[dict[str, Any]]:
    chosen = table[list(columns.values())].set_axis(list(columns), axis=1)
    return [{str(key): value for key, value in row.items()} for row in chosen.to_dict("records")]


def _shapes(table: pd.DataFrame, **columns: str) -> list[dict[str, Any]]:
    """Make one outline for each code of the first column."""
    code = next(iter(columns.values()))
    return [
        {
            "properties": {name: group[column].iloc[0] for name, column in columns.items()},
            "geometry": shapely.union_all(group["geometry"]).__geo_interface__,
        }
        for _, group in table.groupby(code, sort=True)
    ]
