"""Everything a reader may type for a place of a study, in one file: names, what each is, where, and what it opens.

Towns and villages are parts of a study by membership: the whole small areas called after them. A half postcode is the
part of each area that its postcodes hold. Neither is ever a circle on the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from connectivity.manifest import District
from connectivity.places.parts import DISTRICT, Reports
from layers.families import FAMILIES, family_of
from layers.fetch.selection import ended_districts
from layers.figures import Figure
from layers.reporting import Shares, weighted
from layers.settlements import to_degrees, to_metres

GAZETTEER = "gazetteer.json"
OLD_DISTRICT, COUNTY, WARD, AREA = "old_district", "county", "ward", "small area"
SETTLEMENT, POSTCODE_DISTRICT, POSTCODE_SECTOR = "settlement", "postcode_district", "postcode_sector"
COUNCIL, OLD_COUNCIL, HALF = "council", "old council", "postcodes"
WORDS = ("town", "town", "town", "town or village", "village")
"""What a settlement is called, by rank: of those of 2,000 to 8,000 residents GeoNames does not say which they are."""
ITS_COUNCIL = Figure(
    0.8,
    "of a council's premises",
    "in the areas called after a town of its name, from which on the town is the council",
    "assumption: Gosport is; Winchester, whose council is half villages, is not",
)
IN_NO_SETTLEMENT, IN_NO_POSTCODE = "in no town or village we know", "small areas without a postcode that has a location"
DIGITS = 3
"""Of a degree: some 100 metres, enough to tell which of two places is nearer."""


class GazetteerEntry(NamedTuple):
    """One thing that can be looked up.

    Attributes
    ----------
    name
        What it is called.
    kind
        What a reader calls it: town, village, council, ward, postcodes …
    context
        The council it is in, or what else tells two of one name apart.
    weight
        Residents of a town or village, premises of anything else: of two of one name the larger comes first.
    lat, lon
        Where it is, in degrees.
    key
        What opens it: ``place:`` and an area's code, ``district:`` and a council's, else a part of a link; "" outside
        the study.
    """

    name: str
    kind: str
    context: str
    weight: int
    lat: float
    lon: float
    key: str


def members(
    areas: pd.DataFrame, *, settlements: pd.DataFrame, located: pd.DataFrame | None
) -> dict[str, tuple[pd.DataFrame, Shares]]:
    """Return which part of each area is of which town or village, postcode district (DT2) and sector (DT2 7).

    Parameters
    ----------
    areas
        A build's areas with ``settlements``, the identifiers of those each is called after.
    settlements
        From :func:`layers.settlements.read_settlements`.
    located
        From :func:`connectivity.postcode.postcode_tables.located_premises`; None where there are no postcodes.

    Returns
    -------
    dict
        By boundary: its places and their shares, as a build's reports have them. Those of which there is nothing are
        left out.
    """
    found: dict[str, tuple[pd.DataFrame, Shares]] = {}
    after = areas["settlements"].astype("str").str.split(" ").explode()
    after = after[after.ne("")]
    if len(after):
        inside = pd.DataFrame({"area_code": after.index, "key": after.to_numpy(), "share": 1.0})
        bare = areas.index.difference(after.index)
        outside = pd.DataFrame({"area_code": bare, "reason": IN_NO_SETTLEMENT, "share": 1.0})
        keys = sorted(set(after))
        names = settlements.loc[keys, "name"].astype("str").to_numpy()
        places = pd.DataFrame({"code": keys, "name": names}, index=pd.Index(keys, name="key"))
        found[SETTLEMENT] = (places, Shares(inside, outside, "code"))
    if located is not None:
        found |= _by_postcode(weighted(located, areas=areas.index), areas=areas.index)
    return found


def _by_postcode(points: pd.DataFrame, *, areas: pd.Index) -> dict[str, tuple[pd.DataFrame, Shares]]:
    """Add up postcodes to the parts of areas that are of each sector, and of each district."""
    codes = points["postcode"].to_numpy(dtype="str")
    sector, of = np.unique([f"{code[:-3]} {code[-3]}" for code in codes], return_inverse=True)
    area = areas.get_indexer(pd.Index(points["area_code"]))
    pair, at = np.unique(area.astype(np.int64) * len(sector) + of, return_inverse=True)
    share = np.bincount(at, weights=points["share"].to_numpy(dtype=float))
    table = pd.DataFrame(
        {"area_code": areas.to_numpy()[pair // len(sector)], "sector": sector[pair % len(sector)], "share": share}
    )
    table["district"] = table["sector"].str.rpartition(" ")[0]
    bare = areas.difference(pd.Index(table["area_code"].unique()))
    outside = pd.DataFrame({"area_code": bare, "reason": IN_NO_POSTCODE, "share": 1.0})
    found = {}
    for name, column in ((POSTCODE_DISTRICT, "district"), (POSTCODE_SECTOR, "sector")):
        inside = table.groupby(["area_code", column])["share"].sum().rename_axis(["area_code", "key"]).reset_index()
        alone = ~inside["area_code"].duplicated(keep=False)
        inside["share"] = inside["share"].mask(alone, 1.0)  # all of it: 1, not the sum of many rounded parts
        inside = inside[inside["share"] > 0].reset_index(drop=True)
        keys = sorted(set(inside["key"]))
        places = pd.DataFrame({"code": keys, "name": keys}, index=pd.Index(keys, name="key"))
        found[name] = (places, Shares(inside, outside, "postcodes"))
    return found


def looked_up(
    areas: gpd.GeoDataFrame,
    *,
    districts: Iterable[District],
    reports: Reports,
    settlements: pd.DataFrame,
    around: Iterable[Sequence[Any]] = (),
) -> list[GazetteerEntry]:
    """Return everything of a study that has a name, and the towns, villages and councils around it.

    Parameters
    ----------
    areas
        A build's areas.
    districts
        Its councils.
    reports
        Its places by boundary, with those of :func:`members`.
    settlements
        From :func:`layers.settlements.read_settlements`, with ``area_code``; may be empty.
    around
        Councils of today in and around the study, as ``[name, lat, lon, km2]`` of its base.
    """
    facts = _facts(areas)
    councils = [(one.code, one.name) for one in districts]
    by_name = {name.casefold(): code for code, name in councils}
    entries = _of_settlements(settlements, facts=facts, reports=reports, councils=by_name)
    grouped = facts.groupby("district_code")
    whole, x, y = grouped["premises"].sum(), grouped["x"].mean(), grouped["y"].mean()
    for code, name in councils:
        entries.append(GazetteerEntry(name, COUNCIL, "", _whole(whole[code]), y[code], x[code], f"district:{code}"))
    for name, (places, shares) in reports.items():
        if name not in {DISTRICT, SETTLEMENT} and len(places):
            entries += _of_report(name, places, shares, facts=facts, councils=by_name)
    for code, name, district, premises, x, y in facts[
        ["area_name", "district_name", "premises", "x", "y"]
    ].itertuples():
        entries.append(GazetteerEntry(name, AREA, district, _whole(premises), y, x, f"place:{code}"))
    entries += _councils_outside(around, areas=areas, known=by_name)
    return [one._replace(lat=round(float(one.lat), DIGITS), lon=round(float(one.lon), DIGITS)) for one in entries]


def _councils_outside(
    around: Iterable[Sequence[Any]], *, areas: gpd.GeoDataFrame, known: Mapping[str, str]
) -> list[GazetteerEntry]:
    """List the councils whose middle lies outside the study."""
    others = [one for one in around if str(one[0]).casefold() not in known]
    if not others:
        return []
    lat, lon = (pd.Series([float(one[at]) for one in others]) for at in (1, 2))
    points = shapely.points(np.column_stack(to_metres(lat, lon)))
    inside = set(shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")[0].tolist())
    return [
        GazetteerEntry(str(name), COUNCIL, "", 0, y, x, "")
        for at, (name, y, x, *_) in enumerate(others)
        if at not in inside
    ]


def _facts(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what entries are made of, by area; x and y in degrees."""
    middles = areas.geometry.centroid
    lat, lon = to_degrees(middles.x, middles.y)
    columns = ["area_name", "district_code", "district_name", "premises"]
    wards = areas["ward_name"].fillna("").astype("str") if "ward_name" in areas else ""
    return pd.DataFrame(areas[columns]).assign(x=lon, y=lat, ward_name=wards)


def _of_settlements(
    settlements: pd.DataFrame,
    *,
    facts: pd.DataFrame,
    reports: Reports,
    councils: Mapping[str, str],
) -> list[GazetteerEntry]:
    """List towns and villages; one that is one small area opens that area.

    One that is nearly all of the council of its name is left to that council, one that no area is called after to the
    ward of its name.
    """
    if settlements.empty:
        return []
    inside: dict[str, float] = {}
    alone: set[str] = set()
    whose: dict[str, str] = {}
    if SETTLEMENT in reports:
        held = reports[SETTLEMENT][1].inside
        alone = set(held["key"]) - set(held.loc[held["key"].duplicated(), "key"])
        counted = held.assign(premises=held["area_code"].map(facts["premises"])).groupby("key")["premises"].sum()
        inside = {str(key): float(premises) for key, premises in counted.items()}
        whose = dict(zip(held["key"].astype("str"), held["area_code"].astype("str"), strict=True))
    whole = facts.groupby("district_code")["premises"].sum()
    ward = facts["ward_name"].to_dict() if WARD in reports else {}
    home = settlements["area_code"].astype("str")
    district = home.map(facts["district_name"]).fillna("").astype("str")
    context = district.where(district.ne(""), settlements["council"].astype("str"))
    entries = []
    columns = ["name", "rank", "residents", "lat", "lon"]
    rows = zip(settlements[columns].itertuples(), home, context, strict=True)
    for (one, name, rank, people, lat, lon), area, council in rows:
        code = councils.get(str(name).casefold())
        if code and one in inside and inside[one] >= ITS_COUNCIL.value * whole[code]:
            continue
        if one not in inside and ward.get(area, "").casefold() == str(name).casefold():
            continue  # the ward of that name is more of it than one small area
        only = whose[one] if one in alone else area  # not always that with most of its postcodes
        key = f"{SETTLEMENT}:{one}" if one in inside and one not in alone else f"place:{only}" if only else ""
        entries.append(GazetteerEntry(str(name), WORDS[rank], council, int(people), lat, lon, key))
    return entries


def _of_report(
    name: str, places: pd.DataFrame, shares: Shares, *, facts: pd.DataFrame, councils: Mapping[str, str]
) -> list[GazetteerEntry]:
    """List the places of one boundary, each with the council that most of it is in."""
    family = family_of(name)
    rows = shares.inside.join(facts[["premises", "x", "y", "district_name"]], on="area_code")
    rows["weight"] = rows["premises"].fillna(0) * rows["share"]
    rows["pull"] = rows["weight"].where(rows["weight"] > 0, 1e-6)
    rows = rows.assign(x=rows["x"] * rows["pull"], y=rows["y"] * rows["pull"])
    summed = rows.groupby("key")[["weight", "pull", "x", "y"]].sum()
    by_council = rows.groupby(["key", "district_name"])["pull"].sum().reset_index()
    most = by_council.sort_values(["pull", "district_name"], ascending=[False, True]).drop_duplicates("key")
    council = dict(zip(most["key"].astype("str"), most["district_name"].astype("str"), strict=True))
    kind = {OLD_DISTRICT: OLD_COUNCIL, POSTCODE_DISTRICT: HALF, POSTCODE_SECTOR: HALF}
    kinds = kind.get(name, family.singular)
    entries = []
    sums = {str(key): tuple(map(float, row)) for key, *row in summed.itertuples()}
    for key, called in places["name"].astype("str").items():
        if str(key) not in sums or (name in {OLD_DISTRICT, COUNTY} and called.casefold() in councils):
            continue
        weight, pull, x, y = sums[str(key)]
        context = until(called) if name == OLD_DISTRICT else council[str(key)]
        entries.append(GazetteerEntry(called, kinds, context, _whole(weight), y / pull, x / pull, f"{name}:{key}"))
    return entries


def until(name: str) -> str:
    """Say until when there was a council of that name.

    >>> until("West Dorset"), until("Nowhere")
    ('council until 2019', 'council in 2011')
    """
    years = [year for called, year, *_ in ended_districts().values() if called == name]
    return f"council until {max(years)}" if years else "council in 2011"


def _whole(value: Any) -> int:  # noqa: ANN401 - a number, or none
    return 0 if pd.isna(value) else round(float(value))


def _offered_at(kind: str) -> tuple[int, str]:
    """Put kinds in the order in which places of one name are offered."""
    first = [COUNCIL, *dict.fromkeys(WORDS), HALF, *(one.singular for one in FAMILIES)]
    last = [OLD_COUNCIL, AREA]
    if kind in last:
        return len(first) + 1 + last.index(kind), kind
    return (first.index(kind) if kind in first else len(first)), kind


def write_gazetteer(entries: Iterable[GazetteerEntry], *, folder: Path) -> None:
    """Write entries into a folder that is not yet public."""
    (folder / GAZETTEER).write_text(gazetteer_text(entries), encoding="utf-8", newline="\n")


def gazetteer_text(entries: Iterable[GazetteerEntry]) -> str:
    """Return entries as the file has them: what they are called once, then a row for each.

    >>> gazetteer_text([GazetteerEntry("Ash", "ward", "Kent", 120, 51.3, 1.3, "ward:E05")])
    '{"kinds":["ward"],"rows":[["Ash",0,"Kent",120,51.3,1.3,"ward:E05"]]}'
    """
    listed = list(entries)
    kinds = sorted({one.kind for one in listed}, key=_offered_at)
    rows = [[one.name, kinds.index(one.kind), *one[2:]] for one in listed]
    return json.dumps({"kinds": kinds, "rows": rows}, ensure_ascii=False, separators=(",", ":"))


def read_gazetteer(folder: Path) -> list[GazetteerEntry] | None:
    """Read entries back; None for a build from before there were any."""
    path = folder / GAZETTEER
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    kinds = content["kinds"]
    return [GazetteerEntry(name, kinds[kind], *rest) for name, kind, *rest in content["rows"]]
