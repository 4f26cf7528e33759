"""A country small enough to check by hand, from which every published file of the tests is made.

Two councils, eight small areas of 2 km by 2 km in a grid of four by two, two output areas in each (its west and east
half), three postcodes in each output area, four premises at each postcode: 192 premises. Codes look like real ones
and are none. In 2011 the first two areas were one (split since: CHGIND S); all others are unchanged (U).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import shapely

WEST, SOUTH, SIDE = 370_000, 90_000, 2_000
DISTRICTS = {"E06000059": "Dorset", "E06000058": "Bournemouth, Christchurch and Poole"}
OLD_DISTRICTS = {"E07000052": "West Dorset", "E07000050": "North Dorset", "E06000029": "Poole"}
CONSTITUENCIES = {"E14001491": "South Dorset", "E14001602": "West Dorset"}

PARISHES = {0: "Symondsbury", 1: "Abbotsbury", 4: "Beaminster", 5: "Maiden Newton"}


@dataclass(frozen=True)
class World:
    """Tables of the hand-made country; every one sorted by its code."""

    @cached_property
    def areas(self) -> pd.DataFrame:
        """LSOA 2021: columns ``lsoa21, lsoa21_name, lsoa11, lsoa11_name, change, district, district_name,
        old_district, ward, ward_name, parish, parish_name, constituency, constituency_name, geometry`` (EPSG:27700).

        The two western columns of squares are Dorset, the two eastern ones BCP. Wards are the columns of the grid,
        constituencies its rows; parishes are the Dorset squares, BCP has none.
        """
        rows = []
        for number in range(8):
            column, row = number % 4, number // 4
            dorset = column < 2
            district = "E06000059" if dorset else "E06000058"
            name = "Dorset" if dorset else "Bournemouth, Christchurch and Poole"
            old = ("E07000052", "E07000050")[row] if dorset else "E06000029"
            seat = list(CONSTITUENCIES)[row]
            west, south = WEST + column * SIDE, SOUTH + row * SIDE
            first = number < 2
            rows.append(
                {
                    "lsoa21": f"E0103{3000 + number}",
                    "lsoa21_name": f"{name} 00{number + 1}A",
                    "lsoa11": "E01020400" if first else f"E0102{400 + number:04d}",
                    "lsoa11_name": f"{OLD_DISTRICTS[old]} 00{1 if first else number + 1}A",
                    "change": "S" if first else "U",
                    "district": district,
                    "district_name": name,
                    "old_district": old,
                    "ward": f"E0501{column:04d}",
                    "ward_name": ("Marshwood Vale", "Chesil Bank", "Creekmoor", "Boscombe West")[column],
                    "parish": f"E0401{number:04d}" if dorset else "",
                    "parish_name": PARISHES.get(number, ""),
                    "constituency": seat,
                    "constituency_name": CONSTITUENCIES[seat],
                    "geometry": shapely.box(west, south, west + SIDE, south + SIDE),
                }
            )
        return pd.DataFrame(rows).sort_values("lsoa21", ignore_index=True)

    @cached_property
    def output_areas(self) -> pd.DataFrame:
        """Output areas of 2021: ``oa21, lsoa21, geometry``; the west half of a square before its east half."""
        rows = []
        for area in self.areas.itertuples():
            west, south, east, north = area.geometry.bounds
            middle = (west + east) / 2
            for half, (left, right) in enumerate(((west, middle), (middle, east))):
                number = 2 * area.Index + half
                box = shapely.box(left, south, right, north)
                rows.append({"oa21": f"E0017{8000 + number}", "lsoa21": area.lsoa21, "geometry": box})
        return pd.DataFrame(rows)

    @cached_property
    def postcodes(self) -> pd.DataFrame:
        """Postcodes: ``postcode`` (with its space), ``oa21, lsoa21, easting, northing``; DT in Dorset, BH in BCP.

        Three on the middle line of each half square, at a quarter, half and three quarters of its height.
        """
        dorset = set(self.areas.loc[self.areas["district"] == "E06000059", "lsoa21"])
        rows = []
        for place in self.output_areas.itertuples():
            west, south, east, north = place.geometry.bounds
            for third in range(3):
                outward = f"{'DT' if place.lsoa21 in dorset else 'BH'}{1 + place.Index % 9}"
                inward = f"{place.Index // 9 + 1}{'ABD'[third]}{'ABDEFGHJ'[place.Index % 8]}"
                rows.append(
                    {
                        "postcode": f"{outward} {inward}",
                        "oa21": place.oa21,
                        "lsoa21": place.lsoa21,
                        "easting": round((west + east) / 2),
                        "northing": round(south + (north - south) * (third + 1) / 4),
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def uprns(self) -> pd.DataFrame:
        """Premises: ``uprn, postcode, easting, northing``; four at each postcode, ten metres apart, west to east."""
        rows = [
            {
                "uprn": 100_040_000_000 + 4 * place.Index + step,
                "postcode": place.postcode,
                "easting": place.easting + 10 * step,
                "northing": place.northing,
            }
            for place in self.postcodes.itertuples()
            for step in range(4)
        ]
        return pd.DataFrame(rows)
