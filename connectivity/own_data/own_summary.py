"""Example files a reader can fill in, made of the places of the study on show when they are asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from connectivity.claims.claim import Basis, Claim, ProfileKey, total
from connectivity.method.feasibility import SCORED
from connectivity.own_data.own_rows import Figures, Points
from layers.figures import Figure
from layers.geography import geography_of

ROWS = 5
"""Rows of an example (assumption: enough to see how a file goes on)."""


def points_example(areas: gpd.GeoDataFrame) -> str:
    """Write a CSV of points, one inside each of a few places across the study; the names say that they are examples."""
    middles = gpd.GeoSeries(_spread(areas).geometry).representative_point()
    rows = [
        (f"Example point {number}", round(east), round(north))
        for number, (east, north) in enumerate(zip(middles.x, middles.y, strict=True), start=1)
    ]
    return _csv(("Name", "Easting", "Northing"), rows)


def figures_example(areas: gpd.GeoDataFrame, *, geography: str) -> str:
    """Write a CSV of figures for a few places across the study; the last has none, and its cell is blank."""
    figures = [*(str(10 * number) for number in range(1, ROWS)), ""]
    return _csv((geography_of(geography).codes[0], "Example figure"), zip(_spread(areas).index, figures, strict=False))


def _spread(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return areas.sort_index().iloc[:: max(len(areas) // ROWS, 1)].iloc[:ROWS]


def _csv(headings: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


# --- A reader's figures beside ours: the gap in each place that has one, and the premises by fifths of the figure.


FIFTHS = 5
FEWEST_PLACES = Figure(
    10, "places with a figure", "fewest that are put into fifths", "assumption: two in each, so none is one place"
)


@dataclass(frozen=True, slots=True)
class Fifth:
    """Places with figures of like size.

    Attributes
    ----------
    low, high
        The reader's lowest and highest figure among them.
    places
        How many.
    gap
        Our counts for them, added up.
    """

    low: float
    high: float
    places: int
    gap: Claim


def gaps_by_area(areas: pd.DataFrame, *, profile: ProfileKey, basis: Basis) -> dict[str, Claim]:
    """Take the gap of each scored area, by its code."""
    rows = areas[areas["status"] == SCORED]
    return {
        str(code): Claim.of_row(row, profile=profile, basis=basis)
        for code, row in zip(rows.index, rows.to_dict("records"), strict=True)
    }


def gaps_by_council(areas: pd.DataFrame, *, profile: ProfileKey, basis: Basis) -> dict[str, Claim]:
    """Add up the scored areas of each council that has any, by its code."""
    rows = areas[areas["status"] == SCORED]
    found = {}
    for code, inside in rows.groupby("district_code"):
        claims = [Claim.of_row(row, profile=profile, basis=basis) for row in inside.to_dict("records")]
        found[str(code)] = total(claims, place=str(inside["district_name"].iloc[0]))
    return found


def gaps_of(found: Figures, *, areas: pd.DataFrame, profile: ProfileKey, basis: Basis) -> dict[str, Claim]:
    """Take the gap of each small area or council, as the figures are for one or the other."""
    by = gaps_by_council if found.unit == "district" else gaps_by_area
    return by(areas, profile=profile, basis=basis)


def places_of(found: Figures, column: str, *, areas: pd.DataFrame) -> pd.DataFrame:
    """Give every place of the study a row, with a figure or not.

    Returns
    -------
    pandas.DataFrame
        Index code; ``name``, ``council`` (blank for a council), ``figure``: the reader's, NaN where there is none.
    """
    if found.unit == "district":
        named = areas.drop_duplicates("district_code").set_index("district_code")["district_name"]
        places = pd.DataFrame({"name": named, "council": ""})
    else:
        places = areas[["area_name", "district_name"]].set_axis(["name", "council"], axis=1)
    return pd.DataFrame(places).join(found.table[column].rename("figure"), validate="one_to_one")


def holding(points: Points, *, areas: pd.DataFrame, profile: ProfileKey, basis: Basis) -> tuple[Claim | None, int, int]:
    """Add up the small areas that hold points, each once.

    Returns
    -------
    tuple
        The gap over those with a score, None where none has; how many areas hold a point; how many of them have no
        score.
    """
    inside = areas.loc[points.table["area_code"].unique()]
    claims = list(gaps_by_area(inside, profile=profile, basis=basis).values())
    noun = "the small area that holds" if len(claims) == 1 else f"the {len(claims):,} small areas that hold"
    gap = total(claims, place=f"{noun} your points") if claims else None
    return gap, len(inside), len(inside) - len(claims)


def fifths(values: pd.Series, *, gaps: dict[str, Claim]) -> list[Fifth]:
    """Put places that have both a figure and a score into five groups by the figure, lowest first.

    Equal figures stay together, so groups may differ in size, and there may be fewer.

    Parameters
    ----------
    values
        The reader's figure by code; places without one are left out.
    gaps
        By code; places without one are left out.

    Returns
    -------
    list of Fifth
        Empty where fewer than `FEWEST_PLACES` have both.
    """
    both = values[values.notna() & values.index.isin(list(gaps))]
    if len(both) < FEWEST_PLACES.value:
        return []
    group = np.floor((both.rank(method="min") - 1) * FIFTHS / len(both)).astype(int)
    return [
        Fifth(
            float(part.min()), float(part.max()), len(part), total([gaps[str(code)] for code in part.index], place="")
        )
        for _, part in both.groupby(group)
    ]
