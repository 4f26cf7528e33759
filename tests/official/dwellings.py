"""The Valuation Office's stock of properties as published: CTSOP1.1, one CSV for every kind of area, all in quotes."""

from __future__ import annotations

import csv
import io

from official.spreadsheets import xlsx, zipped
from official.world import World

BANDS = [f"band_{letter}" for letter in "abcdefghi"]


def ctsop_csv(world: World, *, first: str = "100") -> bytes:
    """Write the table: England, the councils, the small areas with 100, 110, 120 dwellings and so on.

    Parameters
    ----------
    first
        The first small area's cell: the publisher writes ``-`` for 1 to 4.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["geography", "ba_code", "ecode", "area_name", *BANDS, "all_properties"])
    bands = ["10"] * 8 + [".."]
    writer.writerow(["NATL", "", "E92000001", "England", *bands, "25000000"])
    for name, code in world.areas[["district_name", "district"]].drop_duplicates().itertuples(index=False):
        writer.writerow(["LAUA", "1260", code, name, *bands, "300000"])
    for number, (name, code) in enumerate(world.areas[["lsoa21_name", "lsoa21"]].itertuples(index=False)):
        writer.writerow(["LSOA", "", code, name, *bands, first if number == 0 else str(100 + 10 * number)])
    return text.getvalue().encode()


def ctsop_zip(world: World, *, first: str = "100") -> bytes:
    """Make ``CTSOP1.1.zip``: a folder with the CSV and a workbook of notes."""
    notes = xlsx({"Cover Sheet": [["Council Tax: stock of properties"]]})
    return zipped(
        {
            "CTSOP1.1/CTSOP1_1_2025_03_31.csv": ctsop_csv(world, first=first),
            "CTSOP1.1/CTSOP1_1_CSV_table_notes.xlsx": notes,
        }
    )
