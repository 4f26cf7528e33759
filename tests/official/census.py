"""Census 2021 as Nomis gives it in bulk: a zip for each census table, made from the hand-made country.

Every small area has the same people, so that shares can be checked on paper: 40 residents, 10 of them 65 or over, 8
disabled; 16 households, 4 deprived in two or more ways, 2 without a car; 20 in work, 5 of them at home.
"""

from __future__ import annotations

import csv
import io

from official.spreadsheets import zipped
from official.world import World

VALUE = "; measures: Value"
FIVES = ["4 years and under", *(f"{start} to {start + 4} years" for start in range(5, 85, 5)), "85 years and over"]
AGES = (
    dict.fromkeys(FIVES, 2)
    | {"65 to 69 years": 3, "70 to 74 years": 3, "75 to 79 years": 2}
    | {
        "80 to 84 years": 1,
        "85 years and over": 1,
        "4 years and under": 6,
    }
)
DEPRIVED = "Household deprivation: Household is "
DISABLED = "Disability: Disabled under the Equality Act"
TRAVEL = "Method of travel to workplace: "
TABLES: dict[str, dict[str, int]] = {
    "001": {
        f"Residence type: Total{VALUE}": 40,
        f"Residence type: Lives in a household{VALUE}": 38,
        f"Residence type: Lives in a communal establishment{VALUE}": 2,
    },
    "007a": {"Age: Total": 40, **{f"Age: Aged {years}": count for years, count in AGES.items()}},
    "011": {
        f"Household deprivation: Total: All households{VALUE}": 16,
        f"{DEPRIVED}not deprived in any dimension{VALUE}": 7,
        f"{DEPRIVED}deprived in one dimension{VALUE}": 5,
        f"{DEPRIVED}deprived in two dimensions{VALUE}": 2,
        f"{DEPRIVED}deprived in three dimensions{VALUE}": 1,
        f"{DEPRIVED}deprived in four dimensions{VALUE}": 1,
    },
    "038": {
        "Disability: Total: All usual residents": 40,
        DISABLED: 8,
        f"{DISABLED}: Day-to-day activities limited a lot": 3,
        f"{DISABLED}: Day-to-day activities limited a little": 5,
        "Disability: Not disabled under the Equality Act": 32,
    },
    "044": {"Accommodation type: Total: All households": 16, "Accommodation type: Detached": 16},
    "045": {
        "Number of cars or vans: Total: All households": 16,
        "Number of cars or vans: No cars or vans in household": 2,
        "Number of cars or vans: 1 car or van in household": 14,
    },
    "061": {
        f"{TRAVEL}Total: All usual residents aged 16 years and over in employment the week before the census": 20,
        f"{TRAVEL}Work mainly at or from home": 5,
        f"{TRAVEL}Underground, metro, light rail, tram": 0,
        f"{TRAVEL}Driving a car or van": 15,
    },
}
"""Census table → its labels as published (long ones shortened to those that matter), and each area's count."""


def census_table(areas: list[tuple[str, str]], table: str, *, counts: dict[str, object] | None = None) -> bytes:
    """Write one member: headings and text in quotes, figures bare.

    Parameters
    ----------
    areas
        Name and code of each.
    table
        Such as ``007a``.
    counts
        Label → another figure, the same for every area.
    """
    figures = {**TABLES[table], **(counts or {})}
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(["date", "geography", "geography code", *figures])
    writer.writerows([2021, name, code, *figures.values()] for name, code in areas)
    return text.getvalue().encode()


def census_zip(world: World, table: int | str = 1, *, counts: dict[str, object] | None = None) -> bytes:
    """Make ``census2021-tsNNN.zip`` with its members for small areas and for councils."""
    number = table if isinstance(table, str) else f"{table:03}"
    small = list(zip(world.areas["lsoa21_name"], world.areas["lsoa21"], strict=True))
    councils = world.areas[["district_name", "district"]].drop_duplicates().itertuples(index=False)
    return zipped(
        {
            f"census2021-ts{number}-lsoa.csv": census_table(small, number, counts=counts),
            f"census2021-ts{number}-ltla.csv": census_table([(name, code) for name, code in councils], number),
            "metadata/info.txt": "Census 2021\n",
        }
    )
