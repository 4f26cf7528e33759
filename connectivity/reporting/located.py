"""Where the premises of each small area stand, as finely as the study says: for dividing areas at a border.

Ofcom's own counts by postcode come first, then single addresses (OS Open UPRN), then live postcodes, all alike. An
address is not always a home (sheds and garages have one too), so a count of premises at a postcode beats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from connectivity.postcode.table import located_premises, read_postcodes
from layers.joined import Joined
from layers.points import OUTSIDE, areas_of_points
from layers.shares import Method
from layers.study import Study
from layers.uprns import read_uprns

PLACES = "places.parquet"
COLUMNS = ["postcode", "area_code", "easting", "northing", "premises"]


@dataclass(frozen=True, slots=True)
class Located:
    """Where premises stand.

    Attributes
    ----------
    points
        ``postcode`` (blank for an address), ``area_code``, ``easting``, ``northing`` in metres, ``premises``.
    method
        ``postcodes`` or ``addresses``.
    """

    points: pd.DataFrame
    method: Method


def located(study: Study, joined: Joined) -> Located | None:
    """Find the finest places a study has; None when it has neither postcodes nor addresses.

    Addresses lie in the area whose outline holds them. An area without one keeps its postcodes.
    """
    postcodes = located_premises(joined)
    layer = study.layer("open_uprn")
    if layer is None or joined.coverage.by_postcode is not None:
        return None if postcodes is None else Located(postcodes[COLUMNS], "postcodes")
    shapes = gpd.GeoSeries(joined.areas.geometry)
    uprns = read_uprns(study.paths(layer)[0], areas=shapes, ledger=joined.ledger, member=layer.member)
    at = areas_of_points(uprns["easting"], uprns["northing"], areas=shapes)
    points = uprns.loc[at != OUTSIDE, ["easting", "northing"]].assign(postcode="")
    points["area_code"] = shapes.index.to_numpy()[at[at != OUTSIDE]]
    each = joined.coverage.table["premises"] / points["area_code"].value_counts()
    points["premises"] = points["area_code"].map(each)
    if postcodes is not None:
        bare = ~postcodes["area_code"].isin(points["area_code"])
        points = pd.concat([points, postcodes.loc[bare, COLUMNS]])
    return Located(points[COLUMNS].reset_index(drop=True), "addresses")


def write_located(places: Located | None, *, folder: Path) -> None:
    """Keep addresses beside a build, for shapes that readers draw; postcodes are kept already."""
    if places is not None and places.method == "addresses":
        places.points.to_parquet(folder / PLACES, index=False, compression="zstd")


def read_located(folder: Path) -> Located | None:
    """Read back the finest places a build keeps; None for a build without any."""
    if (folder / PLACES).exists():
        return Located(pd.read_parquet(folder / PLACES), "addresses")
    postcodes = read_postcodes(folder)
    return None if postcodes is None else Located(postcodes, "postcodes")
