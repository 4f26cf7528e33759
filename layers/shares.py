"""How much of each small area lies in each place of a boundary: by code where it nests, else by where premises stand.

Nothing is placed by an area's centre and nothing is divided by acreage. What lies in no place is kept, with why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import LayerError
from layers.figures import Figure
from layers.points import OUTSIDE, areas_of_points
from layers.reporting import Boundary

Method = Literal["code", "best fit", "postcodes", "addresses"]
OVERLAP = Figure(
    0.01,
    "of the smaller shape",
    "from this much on, two shapes overlap on purpose and what is in both counts in both",
    "assumption: borders drawn in less detail overlap their neighbours by slivers",
)
NO_LOCATION = "small areas without a postcode that has a location"


@dataclass(frozen=True, slots=True)
class Shares:
    """What part of each area lies where.

    Attributes
    ----------
    inside
        ``area_code``, ``key``, ``share`` (over 0, at most 1). An area's shares add up to more than 1 only where places
        overlap.
    outside
        ``area_code``, ``reason``, ``share`` of it that lies in no place.
    method
        ``code``: whole areas; ``best fit``: whole areas in places that do not hold them whole; ``postcodes`` or
        ``addresses``: divided by where these lie.
    """

    inside: pd.DataFrame
    outside: pd.DataFrame
    method: Method

    @property
    def modelled(self) -> bool:
        """Whether any area was divided, or put whole where it is not."""
        return self.method == "best fit" or bool((self.inside["share"] < 1).any())


def shares_of(
    boundary: Boundary, *, areas: pd.DataFrame, located: pd.DataFrame | None, method: Method = "postcodes"
) -> Shares:
    """Divide the areas of a study among the places of a boundary.

    Parameters
    ----------
    boundary
        From :mod:`layers.reporting`.
    areas
        Index ``area_code``; ``district_code``.
    located
        ``postcode``, ``area_code``, ``easting``, ``northing`` (metres), ``premises``: where the premises of each area
        stand. Rows without a location, or of other areas, are passed over. None when the study has no postcodes.
    method
        What the rows of `located` are: ``postcodes`` or ``addresses``.

    Returns
    -------
    Shares
        For each area, inside and outside together make 1, where places do not overlap.

    Raises
    ------
    LayerError
        When the boundary cuts areas and the study does not say where premises stand.
    """
    nowhere = f"in no {boundary.family.singular}"
    if boundary.codes is not None and boundary.unit in {"area", "district"}:
        unit = areas.index.to_series() if boundary.unit == "area" else areas["district_code"]
        pairs = pd.DataFrame({"area_code": areas.index, "unit": unit.to_numpy()}).merge(boundary.codes, on="unit")
        inside = pairs[["area_code", "key"]].assign(share=1.0)
        bare = areas.index.difference(pd.Index(pairs["area_code"]))
        outside = pd.DataFrame({"area_code": bare, "reason": nowhere, "share": 1.0})
        return Shares(inside, outside, "best fit" if boundary.best_fit else "code")
    if located is None:
        raise LayerError(
            f"The study does not say where premises stand, and a {boundary.family.singular} may cut a small area.",
            file=boundary.file,
            expected="a layer of kind postcodes in the study file",
            found="none",
            next_step="add the layer postcodes, or report by a lookup of small areas or districts",
        )
    points = weighted(located, areas=areas.index)
    if boundary.shapes is None:
        placed = _by_postcode(boundary, points)
    else:
        placed = _by_place(boundary.shapes, points, overlaps=boundary.family.overlaps)
    return _added_up(placed, points=points, areas=areas.index, nowhere=nowhere, method=method)


def weighted(located: pd.DataFrame, *, areas: pd.Index) -> pd.DataFrame:
    """Give each located postcode its part of its area, by premises; equally where none of the area's are known.

    Returns
    -------
    pandas.DataFrame
        ``postcode, area_code, easting, northing, share``; the shares of an area add up to 1.
    """
    known = located["easting"].notna() & located["northing"].notna() & located["area_code"].isin(areas)
    points = located[known].reset_index(drop=True)
    weight = points["premises"].astype(float)
    total = weight.groupby(points["area_code"]).transform("sum", min_count=1)
    # Where some of an area's premises are placed, a postcode without a figure has none of them.
    points = points.assign(weight=weight, total=total.where(total > 0))
    points = points[points["weight"].notna() | points["total"].isna()]
    size = points.groupby("area_code")["area_code"].transform("size")
    share = (points["weight"] / points["total"]).where(points["total"].notna(), 1.0 / size)
    kept = points[["postcode", "area_code", "easting", "northing"]].assign(share=share)
    return kept.reset_index(drop=True)


def _by_postcode(boundary: Boundary, points: pd.DataFrame) -> pd.DataFrame:
    """Pair points with places by their postcode."""
    if boundary.codes is None:
        raise RuntimeError("a boundary has outlines or codes")
    numbered = points[["postcode"]].assign(point=points.index)
    return numbered.merge(boundary.codes, left_on="postcode", right_on="unit")[["point", "key"]]


def _by_place(shapes: gpd.GeoSeries, points: pd.DataFrame, *, overlaps: bool) -> pd.DataFrame:
    """Pair points with the places they lie in: one, but for places that overlap on purpose."""
    east, north = points["easting"].to_numpy(dtype=float), points["northing"].to_numpy(dtype=float)
    pairs = []
    for sheet in sheets(shapes) if overlaps else [list(range(len(shapes)))]:
        found = areas_of_points(east, north, areas=gpd.GeoSeries(shapes.iloc[sheet]))
        at = np.flatnonzero(found != OUTSIDE)
        pairs.append(pd.DataFrame({"point": at, "key": shapes.index.to_numpy()[np.asarray(sheet)[found[at]]]}))
    return pd.concat(pairs, ignore_index=True)


def sheets(shapes: gpd.GeoSeries) -> list[list[int]]:
    """Lay shapes on as few sheets as needed for no two on one sheet to overlap by more than a sliver.

    Returns
    -------
    list of list of int
        Positions in `shapes`; every one on one sheet. Shapes that only touch lie on a single sheet.
    """
    drawn = shapes.to_numpy()
    first, second = shapely.STRtree(drawn).query(drawn, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    common = shapely.area(shapely.intersection(drawn[first], drawn[second]))
    smaller = np.minimum(shapely.area(drawn[first]), shapely.area(drawn[second]))
    clash = common > OVERLAP.value * smaller
    beside: dict[int, set[int]] = {}
    for one, other in zip(first[clash].tolist(), second[clash].tolist(), strict=True):
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    laid: list[list[int]] = []
    for position in range(len(drawn)):
        free = (sheet for sheet in laid if not beside.get(position, set()).intersection(sheet))
        sheet = next(free, None)
        if sheet is None:
            laid.append([position])
        else:
            sheet.append(position)
    return laid


def _added_up(placed: pd.DataFrame, *, points: pd.DataFrame, areas: pd.Index, nowhere: str, method: Method) -> Shares:
    """Add up points to parts of areas."""
    of = placed.assign(
        area_code=points["area_code"].to_numpy()[placed["point"]], share=points["share"].to_numpy()[placed["point"]]
    )
    inside = of.groupby(["area_code", "key"], as_index=False)["share"].sum()
    covered = np.zeros(len(points), dtype=bool)
    covered[placed["point"].to_numpy(dtype=int)] = True
    # An area whose every point is inside is whole: 1, not the sum of many rounded parts.
    every = points.groupby("area_code").size()
    whole = of.groupby(["area_code", "key"]).size().reset_index(name="points")
    inside["share"] = inside["share"].mask((whole["points"] == whole["area_code"].map(every)).to_numpy(), 1.0)
    inside = inside[inside["share"] > 0].reset_index(drop=True)
    without = points[~covered].groupby("area_code")["share"].agg(["sum", "size"])
    without["share"] = without["sum"].mask(without["size"] == every.reindex(without.index), 1.0)
    missed = without[["share"]].reset_index().assign(reason=nowhere)
    bare = areas.difference(pd.Index(points["area_code"].unique()))
    unlocated = pd.DataFrame({"area_code": bare, "reason": NO_LOCATION, "share": 1.0})
    outside = pd.concat([missed[missed["share"] > 0], unlocated], ignore_index=True)
    return Shares(inside, outside[["area_code", "reason", "share"]], method)
