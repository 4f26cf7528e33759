"""Parts of a study that a reader may look at alone: a council, a ward, a constituency, the coast.

A part is a lens: it chooses which small areas are on show and changes no figure. What a study cannot show is named
with its reason, never left out in silence.

Which small areas share a border with one of them, and which way each lies. Outlines may be drawn with slivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.maps.sketch import require_metres
from connectivity.places.boundary_claims import called
from layers.families import FAMILIES, Family, family_of
from layers.figures import Figure
from layers.reporting import Shares

Reports = Mapping[str, tuple[pd.DataFrame, Shares]]
"""By boundary: its places (index ``key``; ``code``, ``name``) and which part of each area lies where."""
COAST, DISTRICT = "coast", "district"
COASTAL = "coastal"
"""The column of a build that says whether an area is on the coast."""
OFFERED = ("district", "county", "lep", "constituency", "ward")
"""Kinds of place that are always offered: where a study has none, it says so."""
FEW = Figure(0.05, "of an area's premises", "inside a place, for the area to be shown as part of it", "assumption")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place the map can be narrowed to.

    Attributes
    ----------
    key
        A report's name, or ``coast``.
    title
        What people call its places.
    missing
        Why the study cannot show it; None where it can.
    """

    key: str
    title: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a kind, and the small areas it is made of.

    Attributes
    ----------
    kind, key, name
        A report's name or ``coast``; what stands for the place there; what it is called.
    codes
        Its small areas that are worth showing.
    shares
        By area code, how much of each area's premises lies in it: of all it touches, so that a sum is whole.
    cut
        How many of them lie only partly in it. None for a best fit, where nobody knows.
    """

    kind: str
    key: str
    name: str
    codes: pd.Index
    shares: pd.Series
    cut: int | None = 0

    @property
    def called(self) -> str:
        """Call the part in a sentence by what it is, such as “Beaminster ward”."""
        return self.name if self.kind == COAST else called(self.name, family=family_of(self.kind))

    @property
    def text(self) -> str:
        """Write the part for a link.

        >>> none = pd.Index([]), pd.Series()
        >>> Part("coast", "", "the coast", *none).text, Part("ward", "E05", "A", *none).text
        ('coast', 'ward:E05')
        """
        return f"{self.kind}:{self.key}" if self.key else self.kind


def shown_claim(part: Part, *, of: int, basis: Basis) -> Claim:
    """Return the claim on how many small areas a part is shown by, and how many of them lie only partly in it.

    Parameters
    ----------
    part
        What is on show.
    of
        How many small areas the study has.
    basis
        What every figure of the study rests on.
    """
    codes = tuple(map(str, part.codes))
    return Claim.of_places(
        "boundaries.shown",
        part.called,
        len(codes),
        of=of,
        basis=basis,
        details={"cut": part.cut},
        provenance=Provenance(column="area_code", areas=codes, decimals=0),
    )


def kinds(reports: Reports, *, areas: pd.DataFrame) -> list[Kind]:
    """List the kinds of place a study can be narrowed to, and those it cannot, with the reason.

    Parameters
    ----------
    reports
        From `connectivity.places.reports.read_shares`.
    areas
        A build's areas.
    """
    order = [family.name for family in FAMILIES]
    names = list(dict.fromkeys([*OFFERED, *sorted(reports, key=lambda n: order.index(n) if n in order else 99)]))
    listed = [_kind(name, reports) for name in names]
    known = COASTAL in areas and bool(areas[COASTAL].notna().any())
    missing = None if known else "This study does not say which places are on the coast."
    return [*listed, Kind(COAST, "Coastal areas", missing)]


def places(kind: str, *, reports: Reports, areas: pd.DataFrame) -> dict[str, str]:
    """Name the places of a kind by key, in the order of the alphabet; where two share a name, the code tells them.

    The coast's are the councils that have a part of it.
    """
    if kind == COAST and COASTAL in areas:
        coastal = areas[areas[COASTAL].fillna(value=False).astype(bool)]
        named = zip(coastal["district_code"], coastal["district_name"], strict=True)
        return dict(sorted({str(code): str(name) for code, name in named}.items(), key=lambda item: item[1]))
    if kind not in reports:
        return {}
    table, _ = reports[kind]
    twice = table["name"].duplicated(keep=False) & table["code"].ne("")
    names = table["name"].where(~twice, table["name"] + " · " + table["code"])
    return dict(sorted(zip(map(str, table.index), map(str, names), strict=True), key=lambda item: item[1]))


def part_of(text: str, *, reports: Reports, areas: pd.DataFrame) -> Part | None:
    """Read a part off a link.

    Parameters
    ----------
    text
        ``coast``, the coast of one council such as ``coast:E06000059``, or a kind and a key such as ``ward:E05012651``.
    reports, areas
        As for `kinds`.

    Returns
    -------
    Part or None
        None for what the study does not have.
    """
    kind, _, key = text.partition(":")
    if kind == COAST:
        if key not in {"", *places(COAST, reports=reports, areas=areas)}:
            return None
        coastal = areas[COASTAL].fillna(value=False).astype(bool) if COASTAL in areas else areas["area_name"].isna()
        inside = areas.index[coastal & (areas["district_code"].eq(key) if key else True)]
        where = f" of {areas.loc[inside[0], 'district_name']}" if key else ""
        return (
            Part(COAST, key, f"the coastal areas{where}", inside, pd.Series(1.0, index=inside)) if len(inside) else None
        )
    if kind not in reports or key not in reports[kind][0].index:
        return None
    table, shares = reports[kind]
    rows = shares.inside[shares.inside["key"].eq(key) & shares.inside["area_code"].isin(areas.index)]
    held = rows.groupby("area_code")["share"].sum()
    shown = held[held >= FEW.value] if (held >= FEW.value).any() else held
    if shown.empty:
        return None
    cut = None if shares.method == "best fit" else int((held < 1 - 1e-9).sum())
    return Part(kind, key, str(table.loc[key, "name"]), pd.Index(sorted(shown.index)), held, cut)


def parts_shown(reports: Mapping[str, Shares], *, areas: pd.DataFrame) -> pd.DataFrame:
    """Return which part of each area lies in each part of a study that can be shown; councils are not among them.

    Parameters
    ----------
    reports
        By boundary, which part of each area lies where.
    areas
        ``district_code`` and, where it is known, ``coastal``.

    Returns
    -------
    pandas.DataFrame
        ``area_code``, ``share``, and ``code``: how a link names the part.
    """
    found = [
        shares.inside[["area_code", "share"]].assign(code=kind + ":" + shares.inside["key"].astype("str"))
        for kind, shares in reports.items()
        if kind != DISTRICT
    ]
    if COASTAL in areas:
        coastal = areas[areas[COASTAL].fillna(value=False).astype(bool)]
        every = pd.DataFrame({"area_code": coastal.index, "share": 1.0, "code": COAST})
        found += [every, every.assign(code=f"{COAST}:" + coastal["district_code"].astype("str").to_numpy())]
    if not found:
        return pd.DataFrame(columns=["area_code", "share", "code"])
    return pd.concat(found, ignore_index=True)


def as_far_as_inside(areas: pd.DataFrame, *, part: Part) -> pd.DataFrame:
    """Return all areas that a part touches, with what fails in them counted as far as they lie inside."""
    touched = areas.loc[part.shares.index]
    counts = [name for name in ("remote_infeasible", "remote_upload_fails", "remote_flagged") if name in touched]
    return touched.assign(**{name: touched[name] * part.shares for name in counts})


def _kind(name: str, reports: Reports) -> Kind:
    family: Family = family_of(name)
    title = family.plural[0].upper() + family.plural[1:]
    if name in reports or name == DISTRICT:  # each area carries its council
        return Kind(name, title)
    said = f"This study has no {family.plural}. docs/reporting.md says how to add a layer of them."
    return Kind(name, title, said)


APART = Figure(
    1.0,
    "metres",
    "two outlines that come closer than this are drawn on one border",
    "assumption: outlines of one release share their corners to the centimetre; a redrawn one may leave a sliver",
)
ALONG = Figure(
    10.0,
    "metres",
    "least border in common: less is a corner that touches",
    "assumption: corners that meet in one point run within a metre of each other for less, but at very sharp angles",
)
WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def neighbours(shapes: gpd.GeoSeries, code: str) -> pd.DataFrame:
    """Find the areas that share a border with one, along a line and not in a point.

    Parameters
    ----------
    shapes
        Outlines on the British National Grid by code. Its spatial index is built once, and kept with it.
    code
        The one area.

    Returns
    -------
    pandas.DataFrame
        Index: the neighbours' codes, the longest border first; ``metres`` of border in common, and the ``side`` on
        which each lies, from middle to middle: one of `WINDS`. Empty where no other area of the study is beside it.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 100, y + 100) for x, y in ((0, 0), (100, 0), (100, 100))]
    >>> drawn = gpd.GeoSeries(squares, index=["a", "b", "c"], crs=27700)
    >>> neighbours(drawn, "a")["side"].to_dict()
    {'b': 'east'}
    """
    require_metres(shapes)
    here = shapes.loc[code]
    near = shapes.sindex.query(here, predicate="dwithin", distance=APART.value)
    others = shapes.iloc[near[shapes.index[near] != code]]
    drawn = np.asarray(others.array, dtype=object)
    lines = shapely.intersection(shapely.boundary(drawn), shapely.buffer(here, APART.value))
    found = pd.DataFrame({"metres": shapely.length(lines)}, index=others.index)
    middle, middles = shapely.centroid(here), shapely.centroid(drawn)
    found["side"] = [_side(shapely.get_x(one) - middle.x, shapely.get_y(one) - middle.y) for one in middles]
    beside = found[found["metres"] >= ALONG.value]
    return beside.sort_values("metres", ascending=False, kind="stable")


def _side(east: float, north: float) -> str:
    """Name the way by the nearest of eight winds.

    >>> _side(0, 1), _side(1, 1), _side(-5, 1), _side(1, -9)
    ('north', 'north-east', 'west', 'south')
    """
    turns = np.degrees(np.arctan2(east, north)) / (360 / len(WINDS))
    return WINDS[round(float(turns)) % len(WINDS)]
