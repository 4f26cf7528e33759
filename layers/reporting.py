"""Boundaries to report by: outlines or a lookup of wards, parishes, constituencies, counties or anything else.

How much of each small area lies in each place of a boundary: by code where it nests, else by where premises stand.

Nothing is placed by an area's centre and nothing is divided by acreage. What lies in no place is kept, with why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.area_outlines import repaired
from layers.errors import LayerError, examples
from layers.families import Family, columns_of, family_of
from layers.figures import Figure
from layers.geography import geography_of
from layers.intake.cells import is_one_of
from layers.intake.coordinates import BRITISH_NATIONAL_GRID
from layers.intake.files import is_table
from layers.intake.outline_limits import STUDY, Limits
from layers.intake.published import published_column
from layers.intake.shapes import read_shapes, shapes_in, text_of
from layers.intake.tables import Column, line_numbers, normalised, read_headings, read_table
from layers.ledger import OUTSIDE, Ledger
from layers.lookups import DISTRICT_CODES, without_spaces
from layers.points import IN_NO_AREA, areas_of_points
from layers.study import Layer, Study

Unit = Literal["outline", "area", "postcode", "district"]
POSTCODES = published_column("boundary_lookup", "postcode").headings
OLDER_DISTRICTS = re.compile(r"lad\d\dcd")
UNITS: tuple[tuple[Unit, tuple[str, ...]], ...] = (("postcode", POSTCODES), ("district", DISTRICT_CODES))
"""By what a lookup may be keyed, beside the study's small areas; the first that it has is taken."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One way to divide the study's ground.

    Attributes
    ----------
    family
        What its places are.
    places
        Index ``key`` (the code, or the name where there is none), unique; ``code``, ``name``.
    unit
        What the file gives: outlines, or a place for each small area, postcode or district.
    shapes
        Index ``key``; valid polygons, EPSG:27700. None for a lookup.
    codes
        ``unit`` and ``key``, one row for each pair. None for outlines.
    best_fit
        Whether the file puts whole small areas into places that do not hold them whole.
    file
        Where it came from, for messages.
    """

    family: Family
    places: pd.DataFrame
    unit: Unit
    shapes: gpd.GeoSeries | None
    codes: pd.DataFrame | None
    best_fit: bool
    file: str


def read_boundary(study: Study, layer: Layer, *, name: str, spine: gpd.GeoDataFrame, ledger: Ledger) -> Boundary:
    """Read a layer of a study as a boundary to report by.

    Parameters
    ----------
    study, layer
        The layer of that study, outlines or a lookup.
    name
        What to call the report; says what the places are.
    spine
        The study's areas, with ``geometry`` in metres: a boundary that does not meet them is refused.
    ledger
        Where files, repairs and shapes outside the study are recorded.

    Raises
    ------
    LayerError
        When no column names the places, codes do not fit, places overlap that should not, or outlines lie elsewhere.
    """
    family = family_of(name)
    paths, file = study.paths(layer), examples(layer.files)
    if is_table(paths[0], member=layer.member):
        return _lookup(paths, layer, family=family, geography=study.geography, ledger=ledger)
    parts = []
    for path in paths:
        shapes = named_shapes(read_shapes(path, member=layer.member), path, family=family, ledger=ledger)
        ledger.used(path, kind=layer.kind, rows=len(shapes))
        parts.append(shapes)
    whole = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=BRITISH_NATIONAL_GRID)
    return outlined(whole, spine=spine, family=family, file=file, ledger=ledger)


def boundary_in(
    content: bytes,
    *,
    name: str,
    member: str | None,
    family: Family,
    spine: gpd.GeoSeries,
    ledger: Ledger,
    limits: Limits = STUDY,
) -> Boundary:
    """Read outlines someone hands over as bytes; nothing is written anywhere.

    Parameters
    ----------
    content, name
        The file's bytes, and the name it goes by, whose ending says what it should be.
    member
        The layer, where a GeoPackage or TopoJSON holds several.
    limits
        How much the file may hold.
    """
    path = Path(Path(name).name)
    shapes = shapes_in(content, name=path.name, layer=member, limits=limits)
    shapes = named_shapes(shapes, path, family=family, ledger=ledger)
    return outlined(shapes, spine=gpd.GeoDataFrame(geometry=spine), family=family, file=path.name, ledger=ledger)


def named_shapes(shapes: gpd.GeoDataFrame, path: Path, *, family: Family, ledger: Ledger) -> gpd.GeoDataFrame:
    """Give each shape its ``code``, ``name`` and ``file``, and mend it; shapes without any name are numbered."""
    found = columns_of(family, headings := [str(column) for column in shapes.columns if column != "geometry"])
    code, name = (text_of(shapes, column, path) if column else None for column in (found.code, found.name))
    if name is None and code is None:
        if not family.own:
            _refuse_unnamed(headings, path, family=family)
        name = pd.Series([f"Shape {number}" for number in range(1, len(shapes) + 1)], index=shapes.index)
    name = code if name is None else name
    code = pd.Series("", index=shapes.index) if code is None else code
    if name is None:
        raise RuntimeError("a shape has a code or a name by now")
    label = name.mask(name.eq(""), code)
    label = label.mask(label.eq(""), [f"Shape {number}" for number in range(1, len(shapes) + 1)])
    mended = repaired(shapes, path=path, codes=label, ledger=ledger)
    return gpd.GeoDataFrame({"code": code, "name": label, "file": path.name}, geometry=mended.geometry, crs=mended.crs)


def outlined(
    shapes: gpd.GeoDataFrame, *, spine: gpd.GeoDataFrame, family: Family, file: str, ledger: Ledger
) -> Boundary:
    """Make a boundary of named shapes; those that do not meet the study are left out and counted.

    Parameters
    ----------
    shapes
        ``code``, ``name``, ``file``, ``geometry`` (EPSG:27700); shapes of one code, or else of one name, are one place.
    """
    near = pd.Series(shapes.intersects(shapely.box(*spine.total_bounds)))
    if not near.any():
        raise LayerError(
            "The boundary lies outside the study.",
            file=file,
            rows=f"{len(shapes):,} shapes, easting and northing {_corners(shapes.total_bounds)}",
            expected=f"shapes that meet the study's areas, {_corners(spine.total_bounds)}",
            found="none that do",
            next_step="check that the file is of the same part of the country, and that its coordinates are right",
        )
    if (~near).any():
        ledger.warn(f"{file}: {int((~near).sum()):,} of {len(shapes):,} shapes lie outside the study.")
    for name, here in near.groupby(shapes["file"]):
        ledger.kept(str(name), here, rest=OUTSIDE, kind="reporting", noun="outlines")
    kept = shapes[near].assign(key=shapes["code"].where(shapes["code"].ne(""), shapes["name"]))
    places = kept.drop_duplicates("key").set_index("key")[["code", "name"]].sort_index()
    alike = kept.loc[kept["code"].eq("") & kept["key"].duplicated(keep=False), "key"]
    if len(alike):
        ledger.warn(f"{file}: {len(alike):,} shapes have one name and no code ({examples(alike.unique())}): one place.")
    whole = kept.dissolve("key")["geometry"] if kept["key"].duplicated().any() else kept.set_index("key")["geometry"]
    whole = gpd.GeoSeries(whole.sort_index(), crs=BRITISH_NATIONAL_GRID)
    return Boundary(family, places, "outline", whole, None, best_fit=False, file=file)


def _lookup(paths: Sequence[Path], layer: Layer, *, family: Family, geography: str, ledger: Ledger) -> Boundary:
    parts = []
    unit: Unit = "area"
    for path in paths:
        headings = read_headings(path, member=layer.member)
        unit, keyed = _keyed(headings, path, geography=geography)
        found = columns_of(family, headings)
        pairs = [(found.code, found.name), *found.others]
        if not any(code or name for code, name in pairs):
            _refuse_unnamed(headings, path, family=family)
        wanted = dict.fromkeys(heading for pair in pairs for heading in pair if heading)
        columns = [Column("unit", (keyed,), "code"), *(Column(heading, (heading,), "text") for heading in wanted)]
        table = read_table(path, columns, member=layer.member)
        ledger.used(path, kind=layer.kind, rows=len(table))
        somewhere = pd.Series(data=False, index=table.index)
        for code, name in pairs:
            named, coded = (table[heading] if heading else None for heading in (name, code))
            part = pd.DataFrame({"unit": table["unit"], "code": "" if coded is None else coded})
            part["name"] = part["code"] if named is None else named.where(named.ne(""), part["code"])
            parts.append(part[there := ~family.nowhere(part["code"], part["name"])])
            somewhere |= there
        ledger.kept(path, somewhere, rest="they name no such place", kind="reporting")  # a lookup has its own record
    rows = pd.concat(parts, ignore_index=True)
    if unit == "postcode":
        rows["unit"] = without_spaces(rows["unit"])
    rows["key"] = rows["code"].where(rows["code"].ne(""), rows["name"])
    places = rows.drop_duplicates("key").set_index("key")[["code", "name"]].sort_index()
    codes = rows[["unit", "key"]].drop_duplicates(ignore_index=True)
    twice = codes["unit"].duplicated(keep=False)
    if twice.any() and not family.overlaps:
        doubled = examples(codes["unit"][twice].unique())
        raise LayerError(
            f"{codes['unit'][twice].nunique():,} codes stand in more than one {family.singular}.",
            file=paths[0].name,
            rows=line_numbers(rows["unit"].isin(codes["unit"][twice])) if len(parts) == 1 else doubled,
            expected=f"one {family.singular} for each",
            found=doubled,
            next_step="use a lookup by postcode, or the outlines, which divide an area where a border cuts it",
        )
    best_fit = unit == "area" and not family.nests
    return Boundary(family, places, unit, None, codes, best_fit=best_fit, file=examples(layer.files))


def _keyed(headings: Sequence[str], path: Path, *, geography: str) -> tuple[Unit, str]:
    """Find what a lookup is keyed by, and the heading that says so."""
    folded = {normalised(heading): heading for heading in headings}
    area: tuple[Unit, tuple[str, ...]] = ("area", geography_of(geography).codes)
    for unit, names in (area, *UNITS):
        match = next((folded[normalised(name)] for name in names if normalised(name) in folded), None)
        if match:
            return unit, match
    older = [heading for heading in headings if OLDER_DISTRICTS.fullmatch(normalised(heading))]
    if older:
        return "district", max(older)
    raise LayerError(
        "The lookup fits no code of the study.",
        file=path.name,
        column=geography_of(geography).codes[0],
        expected=f"a column {geography_of(geography).codes[0]}, pcds or {DISTRICT_CODES[0]}",
        found=examples(headings),
        next_step=f"use a lookup from {geography}, postcodes or districts, or the outlines of the boundary",
    )


def _refuse_unnamed(headings: Sequence[str], path: Path, *, family: Family) -> None:
    raise LayerError(
        f"No column says which {family.singular} it is.",
        file=path.name,
        column=family.headings,
        expected=f"a column such as {family.headings}",
        found=examples(headings) or "no columns",
        next_step="rename the column of codes to `code` and the column of names to `name`",
    )


def _corners(bounds: Iterable[float]) -> str:
    west, south, east, north = bounds
    return f"{west:,.0f}, {south:,.0f} to {east:,.0f}, {north:,.0f}"


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
    known = located["easting"].notna() & located["northing"].notna() & is_one_of(located["area_code"], areas)
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
        at = np.flatnonzero(found != IN_NO_AREA)
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
