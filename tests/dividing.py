"""A build and its located premises in the country of `official.world`, for the tests that report by a boundary."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from official.world import SIDE, SOUTH, WEST, World

from connectivity.places.reports import COUNTS, INFEASIBLE, NOT_ASSIGNED, PLACE, TOTAL, TWICE, report_by
from layers.families import family_of
from layers.ledger import Ledger
from layers.reporting import outlined, shares_of

WORLD = World()
EAST, NORTH = WEST + 4 * SIDE, SOUTH + 2 * SIDE
NOT_SCORED = "E01033003"
FEW = "not enough data: more than 20% of premises not known"


def built(*, premises: float = 24.0) -> gpd.GeoDataFrame:
    """Eight scored areas of 24 premises (but for the fourth, which is not scored), the first ones worst."""
    areas = WORLD.areas.set_index("lsoa21").rename_axis("area_code")
    table = gpd.GeoDataFrame(geometry=areas["geometry"], crs=27700)
    table["area_name"] = [f"Place {number}" for number in range(1, 9)]
    table["official_name"] = areas["lsoa21_name"]
    table["district_code"], table["district_name"] = areas["district"], areas["district_name"]
    table["premises"], table["premises_unknown"], table["status"] = premises, 2.0, "scored"
    for end, factor in (("_low", 0.5), ("", 1.0), ("_high", 1.5)):
        table[f"remote_infeasible{end}"] = factor * np.arange(8.0, 0, -1)
        table[f"digital_infeasible{end}"] = factor * np.arange(4.0, 0, -0.5)
    table.loc[NOT_SCORED, list(INFEASIBLE)] = np.nan
    table.loc[NOT_SCORED, "status"] = FEW
    table["severity_rank"] = table["remote_infeasible"].rank(ascending=False)
    table["score"] = table["remote_infeasible"]
    table["separable"] = True
    return table


def located() -> pd.DataFrame:
    """Where premises stand: four at each postcode."""
    codes = WORLD.postcodes["postcode"].str.replace(" ", "")
    return pd.DataFrame(
        {
            "postcode": codes,
            "area_code": WORLD.postcodes["lsoa21"],
            "easting": WORLD.postcodes["easting"].astype(float),
            "northing": WORLD.postcodes["northing"].astype(float),
            "premises": 4.0,
            "live": True,
        }
    )


def named(shapes, *, name="ward", codes=None, names=None):
    """Make a boundary of shapes in metres."""
    codes = codes or [f"W{number}" for number in range(1, len(shapes) + 1)]
    table = gpd.GeoDataFrame(
        {"code": codes, "name": names or codes, "file": "shapes.geojson"}, geometry=list(shapes), crs=27700
    )
    return outlined(table, spine=built(), family=family_of(name), file="shapes.geojson", ledger=Ledger())


def reported(boundary, *, areas=None, premises=None, beyond=None):
    """Report the country by a boundary."""
    areas = built() if areas is None else areas
    shares = shares_of(boundary, areas=areas, located=located() if premises is None else premises)
    return report_by(boundary.places, shares=shares, areas=areas, family=boundary.family, beyond=beyond or {})


def sums(made, *, of=COUNTS):
    """Add up a report's rows the way its reader does: places less twice plus not assigned; and give its total."""
    rows = made.rows.set_index("row")[list(of)].astype(float).fillna(0.0)

    def add(kind):
        return rows.loc[rows.index == kind].sum()

    return add(PLACE) - add(TWICE) + add(NOT_ASSIGNED), add(TOTAL)
