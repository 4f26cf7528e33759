"""Towns, villages and hamlets in and around a study: those of its own gazetteer, else those of the base.

The base (``data/base``, see data/README.md) holds GeoNames' places of Great Britain of some 500 residents and more. A
study with OS Open Names among its layers (kind ``gazetteer``) has every hamlet, and is then called by those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import LayerError, examples
from layers.fetch.selection import ended_districts, other_codes
from layers.figures import Figure
from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES
from layers.intake.published import published_columns
from layers.intake.tables import read_table
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.study import Study

BASE = Path(__file__).parents[1] / "data" / "base"
COUNCILS, PLACES = "councils.csv", "places.csv"
GAZETTEER, SETTLEMENTS = "gazetteer", "settlements"
COLUMNS = ("name", "residents", "rank", "easting", "northing", "lat", "lon", "council")
AROUND = Figure(
    40_000.0, "metres", "least ground around a study whose places and land its map shows", "assumption: a wide screen"
)
WIDER = Figure(
    0.4, "of a study's longer side", "ground around a study that its map shows, where that is more", "assumption"
)
RANKS = (100_000, 25_000, 8_000, 2_000)
"""Residents from which on a place is a city or large town, a town, a small town, a large village; below, a village or
hamlet (assumption: names come onto the map in this order)."""
LOCAL_TYPES = {"city": 0, "town": 1, "suburban area": 3, "village": 3, "hamlet": 4, "other settlement": 4}
"""What OS Open Names calls settlements, and their rank where GeoNames does not know how many live there."""
TYPICAL = (150_000, 20_000, 5_000, 600, 150)
"""Residents taken for a place of each rank of which nobody says how many it has (assumption)."""
SAME = Figure(3_000.0, "metres", "two places of one name this near are one place", "assumption")

Numbers = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


def has_base(districts: Collection[str]) -> bool:
    """Say whether the base has the ground of a study: that of councils of today, or of those they came from.

    >>> has_base(["E06000059", "E07000052"]), has_base(["E06000901"])
    (True, False)
    """
    return bool(districts) and set(districts) <= _known()


@cache
def _known() -> frozenset[str]:
    if not (BASE / COUNCILS).is_file():
        return frozenset()
    return frozenset(base_councils().index) | frozenset(ended_districts()) | frozenset(other_codes())


@cache
def base_councils() -> pd.DataFrame:
    """Return the councils of today the base has: index ``code``; ``name, lat, lon, km2`` and the extent in degrees."""
    return pd.read_csv(BASE / COUNCILS).set_index("code")


@cache
def _base_places() -> pd.DataFrame:
    return _by_geonames(BASE / PLACES)


def _by_geonames(path: Path, *, member: str | None = None) -> pd.DataFrame:
    table = read_table(path, published_columns(SETTLEMENTS), member=member).set_index("id")
    if table.index.has_duplicates:
        raise LayerError(
            "Two settlements have one identifier.",
            file=path.name,
            column="id",
            rows=examples(table.index[table.index.duplicated()]),
            expected="rows with an id of their own",
            found="the same id twice",
            next_step="keep one of them",
        )
    east, north = to_metres(table["lat"], table["lon"])
    people = table["residents"].fillna(0).astype("int64")
    ranked = ranks(people.to_numpy())
    return table.assign(residents=people, easting=east, northing=north, rank=ranked)[list(COLUMNS)]


def to_metres(lat: pd.Series, lon: pd.Series) -> tuple[Numbers, Numbers]:
    """Return eastings and northings of places in degrees."""
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=DEGREES).to_crs(BRITISH_NATIONAL_GRID)
    return np.asarray(points.x, dtype=np.float64), np.asarray(points.y, dtype=np.float64)


def to_degrees(easting: pd.Series, northing: pd.Series) -> tuple[Numbers, Numbers]:
    """Return latitudes and longitudes of places on the National Grid."""
    points = gpd.GeoSeries(gpd.points_from_xy(easting, northing), crs=BRITISH_NATIONAL_GRID).to_crs(DEGREES)
    return np.asarray(points.y, dtype=np.float64), np.asarray(points.x, dtype=np.float64)


def ranks(residents: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return the rank of places by residents, 0 a city or large town to 4 a village or hamlet.

    >>> ranks([160_000, 17_000, 784, 0]).tolist()
    [0, 2, 4, 4]
    """
    limits = np.array(RANKS[::-1])
    return np.asarray(len(RANKS) - np.searchsorted(limits, np.asarray(residents), side="right"), dtype=np.intp)


def surroundings(bounds: Iterable[float]) -> Box:
    """Return the box of metres a study's map shows, from that of its areas.

    >>> surroundings((0, 0, 10_000, 200_000))
    (-80000.0, -80000.0, 90000.0, 280000.0)
    """
    west, south, east, north = (float(value) for value in bounds)
    out = max(AROUND.value, WIDER.value * max(east - west, north - south))
    return west - out, south - out, east + out, north + out


def read_settlements(study: Study, *, bounds: Iterable[float], ledger: Ledger) -> pd.DataFrame:
    """Read the settlements in and around a study.

    Parameters
    ----------
    study
        Its layer of kind ``gazetteer`` is read where it has one; else the base, where it has the study's ground.
    bounds
        Of the study's areas, in metres.
    ledger
        Where the file is recorded.

    Returns
    -------
    pandas.DataFrame
        Index ``id``; ``name``, ``residents`` (0 where nobody says), ``rank`` 0 to 4, ``easting``, ``northing`` in
        metres, ``lat``, ``lon``, and ``council`` ("" where not known). Empty where there is nothing of the place.
    """
    box = surroundings(bounds)
    if study.layer(GAZETTEER) is not None:
        return _own(study, box=box, ledger=ledger)
    layer = study.layer(SETTLEMENTS)
    if layer is None and not has_base(study.districts):
        return empty()
    path = study.paths(layer)[0] if layer else BASE / PLACES
    table = _by_geonames(path, member=layer.member) if layer else _base_places()
    ledger.used(path, kind=SETTLEMENTS, rows=len(table))
    ledger.check(path, "every place has an identifier of its own", rows=len(table), kind=SETTLEMENTS)
    ledger.kept(path, _mask(table, box), rest=OUTSIDE, kind=SETTLEMENTS, noun="places")
    return _within(table, box)


def empty() -> pd.DataFrame:
    """Return a table of no settlements."""
    numbers = dict.fromkeys(("easting", "northing", "lat", "lon"), "float64")
    table = pd.DataFrame({column: pd.Series(dtype=numbers.get(column, "object")) for column in COLUMNS})
    return table.astype({"residents": "int64", "rank": "int64"}).rename_axis("id")


def _own(study: Study, *, box: Box, ledger: Ledger) -> pd.DataFrame:
    """Read OS Open Names: its populated places, with GeoNames' residents where it has a place of that name there."""
    layer = study.layer(GAZETTEER)
    if layer is None:
        raise RuntimeError("asked for a gazetteer that the study does not have")
    path = study.paths(layer)[0]
    table = read_table(path, published_columns(GAZETTEER), member=layer.member)
    ledger.used(path, kind=GAZETTEER, rows=len(table))
    settled = table["local_type"].str.casefold().isin(list(LOCAL_TYPES))
    twice = table.loc[settled, "id"].duplicated()
    if not settled.any() or twice.any():
        raise LayerError(
            "The gazetteer has no settlements." if not settled.any() else "Two settlements have one identifier.",
            file=path.name,
            column="LOCAL_TYPE" if not settled.any() else "ID",
            rows=examples(table.loc[settled, "id"][twice]),
            expected=f"rows of {examples(name.title() for name in LOCAL_TYPES)}, each with an ID of its own",
            found=examples(table["local_type"].unique()) or "no rows",
            next_step="use OS Open Names as published, with its row of headings",
        )
    ledger.check(path, "every settlement has an identifier of its own", rows=int(settled.sum()), kind=GAZETTEER)
    places = table[settled].set_index("id")
    rank = places["local_type"].str.casefold().map(LOCAL_TYPES).astype("int64")
    places = places.assign(rank=rank, residents=0)
    near = _within(places, box)
    elsewhere = Unused.of(OUTSIDE, len(places) - len(near), harmless=True)
    others = Unused.of("no settlement: a road, a postcode, a hill or the like", int((~settled).sum()), harmless=True)
    ledger.rows(path, rows_in=len(table), rows_used=len(near), unused=[elsewhere, others], noun="places")
    near = near.assign(residents=_residents(near, box))
    known = near["residents"].gt(0)
    near["rank"] = near["rank"].where(~known, ranks(near["residents"].to_numpy()))
    lat, lon = to_degrees(near["easting"], near["northing"])
    council = pd.Series("", index=near.index)
    for column in ("district", "county"):  # a unitary council stands under county, and has no district
        council = council.where(council.ne(""), near[column]) if column in near else council
    return near.assign(lat=lat, lon=lon, council=council)[list(COLUMNS)]


def _residents(near: pd.DataFrame, box: Box) -> list[int]:
    """Give each place the residents GeoNames has for one of its name close by; 0 where it has none."""
    if not (BASE / PLACES).is_file():
        return [0] * len(near)
    known = _within(_base_places(), box)
    by_name: dict[str, list[tuple[float, float, int]]] = {}
    for name, east, north, people in known[["name", "easting", "northing", "residents"]].itertuples(index=False):
        by_name.setdefault(str(name).casefold(), []).append((east, north, int(people)))
    return [
        max(
            (
                people
                for x, y, people in by_name.get(str(name).casefold(), ())
                if np.hypot(x - east, y - north) <= SAME.value
            ),
            default=0,
        )
        for name, east, north in near[["name", "easting", "northing"]].itertuples(index=False)
    ]


def _mask(table: pd.DataFrame, box: Box) -> pd.Series:
    west, south, east, north = box
    inside: pd.Series = table["easting"].between(west, east) & table["northing"].between(south, north)
    return inside


def _within(table: pd.DataFrame, box: Box) -> pd.DataFrame:
    return table[_mask(table, box)]


def residents_or_typical(settlements: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return residents, and where nobody says how many, as many as a place of its rank has.

    >>> residents_or_typical(pd.DataFrame({"residents": [784, 0], "rank": [4, 3]})).tolist()
    [784.0, 600.0]
    """
    people: Any = settlements["residents"].to_numpy(dtype=float)
    typical = np.array(TYPICAL, dtype=float)[settlements["rank"].to_numpy(dtype=int)]
    return np.asarray(np.where(people > 0, people, typical), dtype=float)
