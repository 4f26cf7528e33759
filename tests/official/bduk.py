"""BDUK's premises release as it is published: one zip for each region, one CSV of 28 headings for each council.

The headings and the forms of cells are those of May 2026: lower-case flags, dates such as 2032-03-31, blank where
there is nothing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pandas as pd
from official.world import World

PROGRAMMES = ("gis", "vouchers", "superfast", "hubs")
HEADINGS = (
    *("uprn", "struprn", "bduk_recognised_premises", "country", "postcode", "lot_id", "lot_name"),
    *("subsidy_control_status", "current_gigabit", "future_gigabit"),
    *("local_authority_district_ons_code", "local_authority_district_ons", "region_ons_code", "region_ons"),
    *("bduk_gis", "bduk_gis_contract_scope", "bduk_gis_final_coverage_date", "bduk_gis_contract_name"),
    "bduk_gis_supplier",
    *(f"bduk_{name}{end}" for name in PROGRAMMES[1:] for end in ("", "_contract_name", "_supplier")),
)
FILES = {
    "E06000059": "202605_BDUK_uprn_release_south_west_dorset.csv",
    "E06000058": "202605_BDUK_uprn_release_south_west_bournemouth_christchurch_and_poole.csv",
}
WHITE, GREY, REVIEW = "Gigabit White", "Gigabit Grey/Black", "Gigabit Under Review"


def premises(uprn: int, postcode: str, status: str = GREY, **cells: str) -> dict[str, str]:
    """Make one row: a recognised premises in Dorset with gigabit broadband, but for the cells given."""
    row = dict.fromkeys(HEADINGS, "") | {
        "uprn": str(uprn),
        "struprn": f"str{uprn}",
        "bduk_recognised_premises": "true",
        "country": "England",
        "postcode": postcode,
        "lot_id": "14",
        "lot_name": "Dorset",
        "subsidy_control_status": status,
        "current_gigabit": "true",
        "future_gigabit": "false",
        "local_authority_district_ons_code": "E06000059",
        "local_authority_district_ons": "Dorset",
        "region_ons_code": "E12000009",
        "region_ons": "South West",
        **{f"bduk_{name}": "false" for name in PROGRAMMES},
    }
    strange = set(cells) - set(row)
    if strange:
        raise KeyError(strange)
    return row | cells


def in_contract(date: str = "2032-03-31", scope: str = "Initial") -> dict[str, str]:
    """Give the cells of a premises that Project Gigabit will reach, and that has nothing yet."""
    return {
        "current_gigabit": "false",
        "bduk_gis": "true",
        "bduk_gis_contract_scope": scope,
        "bduk_gis_final_coverage_date": date,
        "bduk_gis_contract_name": "Dorset and South Somerset",
        "bduk_gis_supplier": "Wessex Internet Limited",
    }


def councils(world: World) -> dict[str, list[dict[str, str]]]:
    """Make the rows of each council of the hand-made country.

    Of the four premises at each postcode, from west to east: grey with gigabit broadband; white and not planned; white
    and in a contract; under review with a supplier's own plan.
    """
    rows: dict[str, list[dict[str, str]]] = {code: [] for code in FILES}
    for place in world.uprns.itertuples():
        dorset = place.postcode.startswith("DT")
        kind = place.Index % 4
        cells = (
            {},
            {"current_gigabit": "false"},
            in_contract(),
            {"current_gigabit": "false", "future_gigabit": "true"},
        )[kind]
        where = {} if dorset else {"local_authority_district_ons": "Bournemouth, Christchurch and Poole"}
        code = "E06000059" if dorset else "E06000058"
        status = (GREY, WHITE, WHITE, REVIEW)[kind]
        where |= {"local_authority_district_ons_code": code}
        rows[code].append(premises(place.uprn, place.postcode, status, **cells, **where))
    return rows


def csv_bytes(rows: list[dict[str, str]]) -> bytes:
    """Write one council's file."""
    return pd.DataFrame(rows, columns=list(HEADINGS)).to_csv(index=False, lineterminator="\n").encode()


def region_zip(files: Mapping[str, bytes]) -> bytes:
    """Pack the files of a region's councils as BDUK does: all at the root of the zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def south_west(world: World, *, change: Callable[[list[dict[str, str]]], object] | None = None) -> bytes:
    """Make the region's zip: both councils of the hand-made country."""
    made = councils(world)
    for rows in made.values():
        if change:
            change(rows)
    return region_zip({FILES[code]: csv_bytes(rows) for code, rows in made.items()})
