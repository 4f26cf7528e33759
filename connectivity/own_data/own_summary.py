"""A reader's own data beside ours: the gap in each place and by fifths of a figure, and examples to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from connectivity.claims.about_places import holding_points
from connectivity.claims.claim import Basis, Claim, ProfileKey, summed, total
from connectivity.method.feasibility import has_count
from connectivity.own_data.own_rows import PLACES, Figures, Points
from connectivity.robustness.count_draws import CountDraws
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
    rows = areas[has_count(areas["status"])]
    return {
        str(code): Claim.of_row(row, profile=profile, basis=basis)
        for code, row in zip(rows.index, rows.to_dict("records"), strict=True)
    }


def gaps_by_council(
    areas: pd.DataFrame, *, profile: ProfileKey, basis: Basis, drawn: CountDraws | None = None
) -> dict[str, Claim]:
    """Add up the areas with a count of each council that has any, by its code."""
    rows = areas[has_count(areas["status"])]
    found = {}
    for code, inside in rows.groupby("district_code"):
        name = str(inside["district_name"].iloc[0])
        whole = summed(inside, place=name, profile=profile, basis=basis, drawn=drawn)
        found[str(code)] = whole.of_whole_councils() if len(inside) == areas["district_code"].eq(code).sum() else whole
    return found


def gaps_of(
    found: Figures, *, areas: pd.DataFrame, profile: ProfileKey, basis: Basis, drawn: CountDraws | None = None
) -> dict[str, Claim]:
    """Take the gap of each small area or council, as the figures are for one or the other."""
    if found.unit == "district":
        return gaps_by_council(areas, profile=profile, basis=basis, drawn=drawn)
    return gaps_by_area(areas, profile=profile, basis=basis)


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


def holding(
    points: Points, *, areas: pd.DataFrame, profile: ProfileKey, basis: Basis, drawn: CountDraws | None = None
) -> tuple[Claim | None, int, int]:
    """Add up the small areas that hold points, each once.

    Returns
    -------
    tuple
        The gap over those with a score, None where none has; how many areas hold a point; how many of them have no
        score.
    """
    inside = areas.loc[points.table["area_code"].unique()]
    claims = list(gaps_by_area(inside, profile=profile, basis=basis).values())
    gap = total(claims, place=holding_points(len(claims)), drawn=drawn) if claims else None
    return gap, len(inside), len(inside) - len(claims)


def placed(found: Points | Figures, *, areas: pd.DataFrame, basis: Basis) -> Claim:
    """Return how many places of the study a file is about, and what it was read as."""
    details = {"rows": found.rows, "places": "small areas"}
    if isinstance(found, Points):
        details |= {"points": len(found.table), "columns": found.columns}
        count, of = found.table["area_code"].nunique(), len(areas)
    else:
        details |= {"column": found.column, "places": PLACES[found.unit]}
        count, of = len(found.table), _all_places(found, areas=areas)
    key = "own_data.points" if isinstance(found, Points) else "own_data.figures"
    return Claim.of_places(key, basis.place, count, of=of, basis=basis, details=details)


def without_figure(found: Figures, column: str, *, areas: pd.DataFrame, basis: Basis) -> Claim:
    """Return how many places have no figure in a column; never that it is 0."""
    of = _all_places(found, areas=areas)
    lacking = of - int(found.table[column].notna().sum())
    told = {"column": column, "withheld": found.withheld.get(column, 0), "places": PLACES[found.unit]}
    return Claim.of_places("own_data.without", basis.place, lacking, of=of, basis=basis, details=told)


def redrawn_bare(found: Figures, *, areas: pd.DataFrame, basis: Basis) -> Claim | None:
    """Return how many small areas were redrawn, where none of them has a figure; None where that says nothing."""
    if not found.redrawn:
        return None
    return Claim.of_places("own_data.redrawn", basis.place, found.redrawn, of=len(areas), basis=basis)


def not_scored(bare: int, *, of: int, basis: Basis) -> Claim | None:
    """Return how many of the areas that hold points have no score; None when all have."""
    return Claim.of_places("own_data.not_scored", basis.place, bare, of=of, basis=basis) if bare else None


def lowest_and_highest(column: str, groups: Sequence[Fifth], *, found: Figures) -> Claim:
    """Return the gap where the figures are lowest, beside the gap where they are highest."""
    first, last = groups[0].gap, groups[-1].gap
    low, high = (first.low / first.of, first.high / first.of)
    told = {
        "column": column,
        "counts": (groups[0].places, groups[-1].places),
        "places": PLACES[found.unit],
        "activity": first.profile,
        "highest": last,
        "overlap": low <= last.high / last.of and last.low / last.of <= high,
    }
    return replace(first, key="own_data.fifths", details=told)


def _all_places(found: Figures, *, areas: pd.DataFrame) -> int:
    return areas["district_code"].nunique() if found.unit == "district" else len(areas)


def fifths(values: pd.Series, *, gaps: dict[str, Claim], drawn: CountDraws | None = None) -> list[Fifth]:
    """Put places that have both a figure and a score into five groups by the figure, lowest first.

    Equal figures stay together, so groups may differ in size, and there may be fewer.

    Parameters
    ----------
    values
        The reader's figure by code; places without one are left out.
    gaps
        By code; places without one are left out.
    drawn
        Drawn counts of a modelled build, from which each group's sum takes its range.

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
            float(part.min()),
            float(part.max()),
            len(part),
            total([gaps[str(code)] for code in part.index], place="", drawn=drawn),
        )
        for _, part in both.groupby(group)
    ]
