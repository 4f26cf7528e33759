"""Names people know for small areas: the towns and villages they hold, the ward where a town has many.

The rule (docs/decisions/0016):

1. Each postcode in use is of the settlement whose edge it is nearest to or farthest inside. The edge is a circle that
   grows with the root of the residents. Within `BESIDE` of the edge it is *in* the settlement, beyond it only near.
2. An area is called after the settlement most of its postcodes are in, and after a second one with a fair part of
   them: "Cerne Abbas and Piddletrenthide". If none is in one, it is called after its ward, "near" the nearest.
3. Areas that would share a name take their ward beside it: "Weymouth, Radipole"; a ward that bears the town's name
   stands alone: "Dorchester West".
4. What is still the same is told apart by where it lies among those of its name, each word once: "Lyme Regis (north)".

A name has at most `LONGEST` letters, is unique in the study, and is the same whenever the files are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.figures import Figure
from layers.points import shapely_points
from layers.settlements import residents_or_typical

JOINED = re.compile(r", | & | and ")
Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
NOWHERE = -1
"""Stands for the council of a settlement outside the study."""

LONGEST = 45
"""Letters of a name (assumption: what a table's row and a map's label hold)."""
MOST_ROOM = len(" (south-west 2)")
"""Letters of it that a word of where an area lies takes at the most, where others have its name."""
PASSES = 3
"""Times that names are cut to make room for a word (assumption: after the second nothing changes)."""
LARGE = 1_000.0
"""Metres from its middle to its edge from which on a settlement is sought from afar (assumption: 5,000 residents)."""
LEAST_REACH = Figure(300.0, "metres", "from a settlement's middle to its edge at the least", "assumption")
REACH = Figure(
    10.0,
    "metres for the root of a resident",
    "from a settlement's middle to its edge: 2.5 km for 50,000",
    "assumption, about 40 residents a hectare; held against Weymouth, Dorchester and Southampton",
)
FARTHEST = Figure(6_000.0, "metres", "from the middle of the largest city to its edge, for names", "assumption")
BESIDE = Figure(700.0, "metres", "beyond its edge, a postcode is still in the settlement", "assumption")
SOUGHT = Figure(9_000.0, "metres", "from a postcode within which its settlement is sought", "assumption")
ABROAD = Figure(
    2_000.0, "metres", "added to the way to a settlement of another council", "assumption: more than `BESIDE`"
)
ASHORE = Figure(
    1_000.0, "metres", "a settlement this near an area of its council, in the harbour perhaps, is in it", "assumption"
)
SQUARE = 250.0
"""Metres: postcodes in one square are of one settlement, so that a country is named in seconds."""
MAIN = Figure(0.7, "of an area's postcodes", "in one settlement, for it to be called after that alone", "assumption")
SECOND = Figure(0.15, "of an area's postcodes", "in a settlement, for the area to be called after it too", "assumption")
RESIDENTS_EACH = Figure(
    1_000.0, "residents", "that a small area has at the least", "ONS: an LSOA has 1,000 to 3,000 residents"
)
WHOLE_WARD = 3
"""Areas from which on a ward that is all of one settlement is named beside it (assumption: people there say either)."""
TOWN = Figure(8_000.0, "residents", "a town, of which an area is called after one alone", "assumption: see RANKS")
NEAR_AT_MOST = 2
"""Areas of a ward that are called “near” one settlement; of more, the ward's is the name (assumption: a ward of three
areas that no settlement we know lies in has the name of one we do not)."""
NUMBERED = re.compile(r"^.+ \d{3}[A-Z]+$")
"""Official names that no resident knows: the council of 2011 and a number, such as “West Dorset 003D”."""
WORDS: dict[str, tuple[float, float]] = {
    "north": (0.0, 1.0),
    "south": (0.0, -1.0),
    "east": (1.0, 0.0),
    "west": (-1.0, 0.0),
    "centre": (0.0, 0.0),
    "north-east": (0.8, 0.8),
    "south-east": (0.8, -0.8),
    "south-west": (-0.8, -0.8),
    "north-west": (-0.8, 0.8),
}
"""Where an area lies among those of its name, in parts of their spread east and north."""
WITH_CENTRE, WITH_CORNERS = 3, 5
"""From so many areas of one name on there is a centre among them, and corners."""


@dataclass(frozen=True, slots=True)
class Described:
    """What there is to call one area by.

    Attributes
    ----------
    code
        The area.
    settlements
        Identifiers of those it is called after, the main one first; none where few postcodes are in any.
    near
        The settlement most of its postcodes are nearest to, where it is called after none; None where nothing is near.
    ward, official, district
        Names, "" where not known.
    x, y
        The middle of its postcodes, in metres.
    """

    code: str
    settlements: tuple[str, ...]
    near: str | None
    ward: str
    official: str
    district: str
    x: float
    y: float


def name_areas(
    areas: gpd.GeoDataFrame, *, postcodes: pd.DataFrame | None, settlements: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the names of a study's small areas, and which settlements each is called after.

    Parameters
    ----------
    areas
        Index ``area_code``; ``ward_name`` (missing allowed), ``official_name``, ``district_name``, geometry in metres.
    postcodes
        ``area_code``, ``easting``, ``northing`` in metres, NaN without a place; None where the study has none: each
        area is then where its middle is.
    settlements
        From :func:`layers.settlements.read_settlements`.

    Returns
    -------
    pandas.DataFrame
        Index as `areas`; ``area_name``, unique; ``settlements``, identifiers with a space between them.
    pandas.Series
        By settlement of the study, the area with most of its postcodes.
    """
    points = _points(areas, postcodes)
    own = _own_councils(areas, settlements)
    of = _shares(points, settlements, areas=areas, own=own)
    found = _described(areas, points=points, of=of)
    names = _told_apart(found, labels=_labels(found, settlements))
    after = {one.code: " ".join(one.settlements) for one in found}
    named = pd.DataFrame({"area_name": names, "settlements": after}, index=areas.index, dtype="object").astype("str")
    return named, _homes(areas, settlements, of=of, own=own)


def _own_councils(areas: gpd.GeoDataFrame, settlements: pd.DataFrame) -> Positions:
    """Return for each settlement the number of its council, that of the area it is in; `NOWHERE` outside the study."""
    own = np.full(len(settlements), NOWHERE)
    if len(settlements):
        places = shapely_points(settlements[["easting", "northing"]].to_numpy(dtype=float))
        tree = shapely.STRtree(areas.geometry.to_numpy())
        (which, area), metres = tree.query_nearest(places, max_distance=ASHORE.value, return_distance=True)
        named = areas["district_name"].astype("str").to_numpy()[area]
        ours = (metres == 0) | (settlements["council"].astype("str").to_numpy()[which] == named)
        which, area = which[ours][::-1], area[ours][::-1]  # on a border the first counts
        own[which] = pd.factorize(areas["district_code"].astype("str"))[0][area]
    return own


def _homes(areas: gpd.GeoDataFrame, settlements: pd.DataFrame, *, of: pd.DataFrame, own: Positions) -> pd.Series:
    """Return the area with most of each settlement's postcodes; of one without any, the area it lies in."""
    inside = settlements[own != NOWHERE]
    if inside.empty:
        return pd.Series(dtype="str")
    most = of.sort_values(["count", "area_code"], ascending=[False, True]).drop_duplicates("settlement")
    homes = most.set_index("settlement")["area_code"].reindex(inside.index)
    bare = inside[homes.isna()]
    places = shapely_points(bare[["easting", "northing"]].to_numpy(dtype=float))
    which, area = shapely.STRtree(areas.geometry.to_numpy()).query_nearest(places, all_matches=False)
    homes.loc[bare.index[which]] = areas.index.to_numpy()[area]
    return homes.astype("str")


def _points(areas: gpd.GeoDataFrame, postcodes: pd.DataFrame | None) -> pd.DataFrame:
    """Return where the people of each area are: its located postcodes, else a point inside its outline.

    Returns
    -------
    pandas.DataFrame
        ``area``, its position in `areas`; ``easting``, ``northing``.
    """
    known = pd.DataFrame({"area": np.empty(0, dtype=np.int64), "easting": [], "northing": []})
    if postcodes is not None:
        at = areas.index.get_indexer(pd.Index(postcodes["area_code"]))
        table = pd.DataFrame(
            {
                "area": at,
                "easting": postcodes["easting"].to_numpy(dtype=float),
                "northing": postcodes["northing"].to_numpy(dtype=float),
            }
        )
        known = table[(at >= 0) & ~np.isnan(table["easting"].to_numpy())]
    bare = np.setdiff1d(np.arange(len(areas)), known["area"].to_numpy())
    middles = shapely.get_coordinates(shapely.point_on_surface(areas.geometry.to_numpy()[bare]))
    rest = pd.DataFrame({"area": bare, "easting": middles[:, 0], "northing": middles[:, 1]})
    return pd.concat([one for one in (known, rest) if len(one)], ignore_index=True)


def metres_to_edge(settlements: pd.DataFrame) -> Numbers:
    """Return the metres from each settlement's middle to its edge.

    >>> metres_to_edge(pd.DataFrame({"residents": [50_000, 784, 8_900_000], "rank": [1, 4, 0]})).round(-1).tolist()
    [2540.0, 580.0, 6000.0]
    """
    far = LEAST_REACH.value + REACH.value * np.sqrt(residents_or_typical(settlements))
    return np.minimum(far, FARTHEST.value)


def _shares(
    points: pd.DataFrame, settlements: pd.DataFrame, *, areas: gpd.GeoDataFrame, own: Positions
) -> pd.DataFrame:
    """Return the part of each area's postcodes that is of each settlement, and of these the part that is in it.

    Returns
    -------
    pandas.DataFrame
        ``area_code``, ``settlement``, ``share``, ``inside``, ``residents``, ``count`` of postcodes, ``beyond``: how
        far beyond its edge they are, in metres; the largest part inside first.
    """
    columns = ["area_code", "settlement", "share", "inside", "residents", "count", "beyond"]
    if settlements.empty:
        return pd.DataFrame(columns=columns)
    by_id = np.argsort(settlements.index.to_numpy())  # on equal ground the lowest identifier wins
    ordered, own = settlements.iloc[by_id], own[by_id]
    council = pd.factorize(areas["district_code"].astype("str"))[0]
    east, north = ((points[name].to_numpy() // SQUARE).astype(np.int64) for name in ("easting", "northing"))
    of = council[points["area"].to_numpy()]
    _, first, square = np.unique((of << 40) + (east << 20) + north, return_index=True, return_inverse=True)
    middles = np.asarray((np.column_stack([east[first], north[first]]) + 0.5) * SQUARE, dtype=np.float64)
    at, beyond = _nearest(middles, ordered, council=of[first], own=own)
    rows = pd.DataFrame(
        {
            "area": points["area"],
            "at": at[square],
            "share": 1.0,
            "inside": (beyond[square] <= BESIDE.value) * 1.0,
            "beyond": beyond[square],
        }
    )
    summed = rows.groupby(["area", "at"], as_index=False)[["share", "inside", "beyond"]].sum()
    summed = summed.assign(
        area_code=areas.index.to_numpy()[summed["area"]],
        settlement=ordered.index.to_numpy()[summed["at"]],
        residents=residents_or_typical(ordered)[summed["at"]],
    )
    whole = summed.groupby("area_code")["share"].transform("sum")
    summed = summed.assign(
        count=summed["share"],
        beyond=summed["beyond"] / summed["share"],
        share=summed["share"] / whole,
        inside=summed["inside"] / whole,
    )
    order = ["area_code", "inside", "share", "residents", "settlement"]
    return summed.sort_values(order, ascending=[True, False, False, False, True])[columns]


def _nearest(
    at: Numbers, settlements: pd.DataFrame, *, council: Positions, own: Positions
) -> tuple[Positions, Numbers]:
    """Return for each place the settlement whose edge it is nearest to, and how far beyond it (below 0: inside).

    One of another council counts as farther off by `ABROAD`, and nothing is in it: people in Gosport are not in
    Portsmouth, across the water.
    """
    middles = shapely_points(settlements[["easting", "northing"]].to_numpy(dtype=float))
    points, edge = shapely_points(at), metres_to_edge(settlements)
    large = np.flatnonzero(edge >= LARGE)
    small = np.flatnonzero(edge < LARGE)
    pairs = []
    for some, metres in ((large, SOUGHT.value), (small, SOUGHT.value / 3)):
        if len(some):
            first, second = shapely.STRtree(middles[some]).query(points, predicate="dwithin", distance=metres)
            pairs.append((first, some[second]))
    who, which = (np.concatenate(each) for each in zip(*pairs, strict=True))
    bare = np.setdiff1d(np.arange(len(at)), who)
    if len(bare):
        first, second = shapely.STRtree(middles).query_nearest(points[bare], all_matches=False)
        who, which = np.concatenate([who, bare[first]]), np.concatenate([which, second])
    beyond = shapely.distance(points[who], middles[which]) - edge[which]
    abroad = own[which] != council[who]
    beyond = np.where(abroad, np.maximum(beyond, 0.0) + ABROAD.value, beyond)
    order = np.lexsort((which, beyond, who))
    first = np.flatnonzero(np.diff(who[order], prepend=-1))
    return which[order][first], beyond[order][first]


def _described(areas: gpd.GeoDataFrame, *, points: pd.DataFrame, of: pd.DataFrame) -> list[Described]:
    middles = points.groupby("area")[["easting", "northing"]].median().to_numpy()  # by position: every area has one
    nearest = of.sort_values(["share", "settlement"], ascending=[False, True]).drop_duplicates("area_code")
    near = dict(zip(nearest["area_code"], nearest["settlement"], strict=True))
    called = _called_after(of)
    names = areas[["ward_name", "official_name", "district_name"]].astype("object").fillna("").astype("str")
    found = []
    for (code, ward, official, district), (x, y) in zip(names.itertuples(), middles.tolist(), strict=True):
        after = called.get(str(code), ())
        beside = None if after else near.get(str(code))
        found.append(Described(str(code), after, beside, ward, official, district, x, y))
    return found


def _called_after(of: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return which settlements each area is called after, the main one first.

    A settlement is the main one of no more areas than it has residents for, those with most of their postcodes in it:
    a hamlet between two estates does not lend its name to both. Of two towns only the main one counts: between them it
    is the ward that people know.
    """
    inside = of[of["inside"] >= SECOND.value]
    first = inside.drop_duplicates("area_code").sort_values(
        ["settlement", "inside", "beyond", "area_code"], ascending=[True, False, True, True]
    )
    rank = first.groupby("settlement").cumcount()
    first = first[rank < np.maximum(np.ceil(first["residents"] / RESIDENTS_EACH.value), 1)].set_index("area_code")
    divided = first[first["inside"] < MAIN.value].join(inside.set_index("area_code"), suffixes=("", "_next"))
    towns = divided["residents"].ge(TOWN.value) & divided["residents_next"].ge(TOWN.value)
    divided = divided[divided["settlement"].ne(divided["settlement_next"]) & ~towns]
    second = divided[~divided.index.duplicated()]["settlement_next"]
    after = {str(code): (str(settlement),) for code, settlement in first["settlement"].items()}
    return after | {str(code): (*after[str(code)], str(settlement)) for code, settlement in second.items()}


def _labels(found: Sequence[Described], settlements: pd.DataFrame) -> dict[str, str]:
    """Name each settlement that an area is called after; where two share a name, with the council."""
    used = sorted({one for each in found for one in (*each.settlements, each.near) if one})
    rows = settlements.loc[used, ["name", "council"]].astype("str")
    twice = rows["name"].duplicated(keep=False) & rows["council"].ne("")
    return dict(rows["name"].where(~twice, rows["name"] + " (" + rows["council"] + ")"))


def _told_apart(found: Sequence[Described], *, labels: dict[str, str]) -> dict[str, str]:
    """Give each area a name of its own.

    Names are lists of forms, the fullest first: what a word of place is put behind is the first that has room for it.
    """
    beside = Counter((one.ward, one.near) for one in found)
    forms = {one.code: _head(one, labels, alone=beside[one.ward, one.near] > NEAR_AT_MOST) for one in found}
    wards = Counter(one.ward for one in found)
    for alike in _alike(found, {code: each[0] for code, each in forms.items()}):
        several = len({one.ward for one in alike}) > 1
        if several or wards[alike[0].ward] == len(alike) >= WHOLE_WARD:
            forms |= {one.code: _with_ward(forms[one.code], one, labels) for one in alike}
    for alike in _alike(found, {code: each[0] for code, each in forms.items()}):
        if len({one.district for one in alike}) > 1:  # one ward's name in two councils
            forms |= {one.code: [f"{form} ({one.district})" for form in forms[one.code]] for one in alike}
    named = {code: _fitting(each, room=0) for code, each in forms.items()}
    for _ in range(PASSES):  # of those cut short, more may be called alike
        for alike in _alike(found, named):
            named |= {one.code: _fitting(forms[one.code], room=_room(len(alike))) for one in alike}
    for alike in _alike(found, named):
        named |= {code: _placed(named[code], word) for code, word in _words(alike).items()}
    for alike in _alike(found, named):
        named |= {one.code: f"{named[one.code]} · {one.code}" for one in alike}
    return named


def _alike(found: Iterable[Described], named: dict[str, str]) -> list[list[Described]]:
    """Return the areas that share a name, those of each name together."""
    by_name: dict[str, list[Described]] = defaultdict(list)
    for one in found:
        by_name[named[one.code].casefold()].append(one)
    return [alike for alike in by_name.values() if len(alike) > 1]


def _head(one: Described, labels: dict[str, str], *, alone: bool) -> list[str]:
    """Call an area after its settlements, else after its ward and what is near, else as its publisher does."""
    known = "" if NUMBERED.fullmatch(one.official) else one.official
    if known and not one.ward:  # Scotland's data zones have names already
        return [known]
    if one.settlements:
        return [" and ".join(labels[each] for each in one.settlements), labels[one.settlements[0]]]
    if not one.ward:
        return [f"Near {labels[one.near]}"] if one.near else [one.official or one.code]
    if not one.near or alone or _bears(one.ward, labels[one.near]):
        return [one.ward, _cut(one.ward)]
    return [f"{one.ward}, near {labels[one.near]}", one.ward, _cut(one.ward)]


def _with_ward(forms: list[str], one: Described, labels: dict[str, str]) -> list[str]:
    """Put the ward beside a settlement's name; where one bears the other's, the longer stands alone."""
    if not one.ward or not one.settlements:
        return forms
    first = labels[one.settlements[0]]
    if _bears(one.ward, first):
        return [one.ward, _cut(one.ward)]
    if _bears(first, one.ward):
        return [first]
    return [f"{first}, {one.ward}", one.ward, _cut(one.ward)]


def _cut(ward: str) -> str:
    """Leave out the last of the places a ward is named after, as often as it takes.

    >>> _cut("Ashurst, Bramshaw, Copythorne & Netley Marsh")
    'Ashurst, Bramshaw …'
    """
    while len(ward) > LONGEST - MOST_ROOM and (parts := JOINED.split(ward.removesuffix(" …")))[1:]:
        ward = ward[: len(ward.removesuffix(" …")) - len(parts[-1])].rstrip(" ,&").removesuffix(" and") + " …"
    return ward


def _bears(ward: str, settlement: str) -> bool:
    """Say whether a ward's name has a settlement's in it, as whole words.

    >>> _bears("Dorchester West", "Dorchester"), _bears("Westham", "West"), _bears("St. Ives", "St Ives")
    (True, False, True)
    """
    first, second = (name.replace(".", "").replace("'", "").casefold() for name in (ward, settlement))
    return re.search(rf"\b{re.escape(second)}\b", first) is not None


def _fitting(forms: Sequence[str], *, room: int) -> str:
    """Return the first of several forms that leaves room for a word, else the last one."""
    return next((form for form in forms if len(form) <= LONGEST - room), forms[-1])


def _placed(name: str, word: str) -> str:
    """Put a word for where an area lies behind its name.

    >>> _placed("Lyme Regis", "north"), _placed("Ash (Dorset)", "north")
    ('Lyme Regis (north)', 'Ash (Dorset, north)')
    """
    return f"{name[:-1]}, {word})" if name.endswith(")") else f"{name} ({word})"


def _room(many: int) -> int:
    """Return the letters a word of place takes among so many areas of one name.

    >>> _room(2), _room(5), _room(10)
    (9, 13, 15)
    """
    known = [word for word in WORDS if "-" not in word or many >= WITH_CORNERS]
    return max(map(len, known)) + len(" ()") + (len(" 2") if many > len(WORDS) else 0)


def _words(alike: Sequence[Described]) -> dict[str, str]:
    """Give each of several areas a word for where it lies among them, none twice; beyond nine a number with it."""
    many = len(alike)
    at = np.array([[one.x, one.y] for one in alike])
    middle, spread = at.mean(axis=0), np.abs(at - at.mean(axis=0)).max(axis=0)
    placed = (at - middle) / np.where(spread > 0, spread.max() if many < WITH_CENTRE else spread, 1.0)
    known = [
        word
        for word in WORDS
        if (word != "centre" or many >= WITH_CENTRE) and ("-" not in word or many >= WITH_CORNERS)
    ]
    gaps = sorted(
        (float(np.hypot(x - WORDS[word][0], y - WORDS[word][1])), one.code, word)
        for one, (x, y) in zip(alike, placed.tolist(), strict=True)
        for word in known
    )
    given: dict[str, str] = {}
    number = 1
    while len(given) < many:
        taken: set[str] = set()
        for _, code, word in gaps:
            if code not in given and word not in taken:
                taken.add(word)
                given[code] = word if number == 1 else f"{word} {number}"
        number += 1
    return given
