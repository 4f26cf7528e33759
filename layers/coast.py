"""How much of each small area's outline is shore, and so which areas lie on the coast. A lens, never in the score.

ONS clips its outlines to the coast. So whatever part of an outline has no other place beside it is shore: sea or tidal
water. That holds where the places on every side are known. Where they are not, or where the other side is Scotland, it
is not known.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.errors import LayerError, MissingColumnError, examples, several
from layers.families import columns_of, family_of
from layers.figures import Figure
from layers.geography import geography_of
from layers.intake.columns import read_published
from layers.intake.coordinates import BRITISH_NATIONAL_GRID
from layers.intake.files import is_table
from layers.intake.shapes import read_shapes, text_of
from layers.intake.tables import line_numbers
from layers.ledger import Ledger
from layers.lookups import DISTRICT_CODES
from layers.reading import StudyReading
from layers.study import Layer

Shapes = npt.NDArray[np.object_]
Metres = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
COASTAL = "coastal"
BESIDE = Figure(
    50.0,
    "metres",
    "an outline with another place this near has land beside it, or a narrow tidal river",
    "assumption: more than twice the 20 m to which ONS generalises, so that gaps left by it are no shore",
)
SAME_SHORE = Figure(
    200.0,
    "metres",
    "open outline this near the coast of the districts is at the sea; further off it is a gap between two files",
    "assumption: two generalised coastlines, of different years, lie this near each other",
)
SHORE = Figure(
    50.0, "metres", "with less open outline than this an area only touches the sea at a corner", "assumption"
)
PIECE = 25.0
"""Metres into which an outline is cut to be measured (assumption: half of `BESIDE`)."""
BORDER = (
    *((332_500, 566_000), (333_100, 573_700), (338_700, 573_200), (347_500, 582_800), (357_100, 591_000)),
    *((362_600, 599_700), (369_800, 606_800), (378_700, 608_500), (385_500, 615_200), (386_900, 622_300)),
    *((379_800, 638_400), (384_800, 640_100), (393_500, 651_800), (394_300, 656_500), (398_000, 657_500)),
)
"""The border with Scotland, roughly: from the mouth of the Sark by Kershopefoot, Peel Fell, Carter Bar, Windy Gyle, the
Schil, Carham and Coldstream to Marshall Meadows (metres; Ordnance Survey grid references of these landmarks)."""
BORDER_NEAR = Figure(
    5_000.0,
    "metres",
    "an outline this near the rough line of the border may have Scotland beside it and not the sea",
    "assumption: the border stays within it (held against ONS's outlines of districts, May 2025)",
)


def coastal(areas: gpd.GeoSeries, *, others: gpd.GeoSeries) -> pd.Series:
    """Decide which areas are coastal by the small areas beside them.

    Parameters
    ----------
    areas
        The areas asked about; EPSG:27700, clipped to the coast.
    others
        Every other area of England and Wales, or at least those near `areas`; EPSG:27700.

    Returns
    -------
    pandas.Series
        ``coastal``, ``boolean``, index as `areas`; missing where only the border with Scotland could be its shore.

    Raises
    ------
    ValueError
        For shapes that are not in metres on British National Grid.
    """
    shapes, neighbours = _in_metres(areas), _in_metres(others)
    every = np.concatenate([shapes, _near(neighbours, shapes, margin=BESIDE.value)])
    owner, middles, metres = _open_outline(every, first=len(shapes))
    return _said(areas.index, owner, middles, metres, scotland=False)


def coastal_by_districts(areas: gpd.GeoSeries, *, districts: gpd.GeoSeries, scotland: bool) -> pd.Series:
    """Decide which areas are coastal by the outlines of every district: the sea is where no other district is.

    Parameters
    ----------
    areas
        The areas asked about; EPSG:27700, clipped to the coast.
    districts
        Every district, of whatever year, generalised as the areas are; EPSG:27700.
    scotland
        Whether Scotland's are among them.

    Returns
    -------
    pandas.Series
        As :func:`coastal`.
    """
    shapes = _in_metres(areas)
    near = _near(_in_metres(districts), shapes, margin=SAME_SHORE.value + BESIDE.value)
    owner, middles, metres = _open_outline(shapes, first=len(shapes))
    _, sea, _ = _open_outline(near, first=len(near))
    at_sea = np.unique(shapely.STRtree(sea).query(middles, predicate="dwithin", distance=SAME_SHORE.value)[0])
    return _said(areas.index, owner[at_sea], middles[at_sea], metres[at_sea], scotland=scotland)


def _said(areas: pd.Index, owner: Places, middles: Shapes, metres: Metres, *, scotland: bool) -> pd.Series:
    """Add up each area's shore and say whether it is enough; what may be Scotland's border is neither yes nor no."""
    border = shapely.dwithin(middles, shapely.LineString(BORDER), BORDER_NEAR.value) & (not scotland)
    shore = np.bincount(owner[~border], weights=metres[~border], minlength=len(areas))
    either = np.bincount(owner, weights=metres, minlength=len(areas))
    said = pd.Series(shore >= SHORE.value, index=areas, dtype="boolean", name=COASTAL)
    return said.mask((shore < SHORE.value) & (either >= SHORE.value))


def _in_metres(shapes: gpd.GeoSeries) -> Shapes:
    if shapes.crs is None or shapes.crs.to_epsg() != int(BRITISH_NATIONAL_GRID.rpartition(":")[2]):
        raise ValueError(f"Shore is measured in metres on {BRITISH_NATIONAL_GRID}; found {shapes.crs}.")
    return np.asarray(shapes.to_numpy(), dtype=object)


def _near(others: Shapes, shapes: Shapes, *, margin: float) -> Shapes:
    """Keep the shapes that may lie within so many metres of one of `shapes`, by the boxes around them."""
    west, south, east, north = shapely.bounds(shapes).T
    around = shapely.box(west - margin, south - margin, east + margin, north + margin)
    near: Shapes = others[np.unique(shapely.STRtree(others).query(around)[1])]
    return near


def _open_outline(shapes: Shapes, *, first: int) -> tuple[Places, Shapes, Metres]:
    """Cut outlines into pieces and keep those without another shape beside them: whose, their middle, their metres.

    Only pieces of the `first` so many shapes are given; the others are there to lie beside them.
    """
    starts, ends, owner = _stretches(np.asarray(shapely.boundary(shapes)))
    # Neighbours share most of their corners: the same stretch, whichever way it runs, has the same middle and length.
    same = pd.DataFrame(np.column_stack([starts + ends, np.hypot(*(ends - starts).T)])).duplicated(keep=False)
    alone = np.flatnonzero(~same.to_numpy())
    lines, owner = _lines(starts[alone], ends[alone]), owner[alone]
    ours = np.flatnonzero(owner < first)
    starts, ends, which = _stretches(np.asarray(shapely.segmentize(lines[ours], PIECE)))
    whose, middles = owner[ours][which], np.asarray(shapely.points((starts + ends) / 2))
    piece, line = shapely.STRtree(lines).query(middles, predicate="dwithin", distance=BESIDE.value)
    lonely = np.setdiff1d(np.arange(len(whose)), piece[owner[line] != whose[piece]])
    return whose[lonely], middles[lonely], np.hypot(*(ends - starts)[lonely].T)


def _lines(starts: Metres, ends: Metres) -> Shapes:
    """Make lines of two corners each."""
    made: Shapes = np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1)), dtype=object)
    return made


def _stretches(lines: Shapes) -> tuple[Metres, Metres, Places]:
    """Take lines apart at their corners: where each stretch starts and ends, and of which line it is."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    same = (part[1:] == part[:-1]) & (corners[1:] != corners[:-1]).any(axis=1)  # a corner given twice is no stretch
    return corners[:-1][same], corners[1:][same], owner[part[:-1][same]]


DISTRICTS = Figure(318, "districts", "England and Wales since April 2023, the fewest there have been", "ONS")
RULE = (
    "An area is coastal where at least 50 m of its outline meets the sea or tidal water: more than 50 m from any other "
    "place, on outlines clipped to the coast (assumption)."
)
NOT_KNOWN = (
    "Not known: the outlines of neighbours are not in the file, so the sea cannot be told from another council’s land. "
    "A layer of kind coast would say it (docs/study-file.md)."
)
DOUBTFUL = " Along the border with Scotland it is not known."
WORDS = {"yes": True, "no": False, "": pd.NA}


def coast_column(reading: StudyReading, *, outside: gpd.GeoSeries) -> pd.Series | None:
    """Say of each area of a study whether it is coastal, and in the ledger how that was decided.

    A layer of kind ``coast`` decides; else the outlines, where they are of all England and Wales.

    Parameters
    ----------
    reading
        The study being read.
    outside
        Outlines in the study's file that are not of its areas; EPSG:27700.

    Returns
    -------
    pandas.Series or None
        ``coastal`` by area, ``boolean``, missing where not known; None where nothing can be known.
    """
    study, ledger, areas = reading.study, reading.ledger, reading.spine.geometry
    layer = study.layer("coast")
    if layer is None:
        if len(areas) + len(outside) < geography_of(study.geography).count.value:
            ledger.coastal = NOT_KNOWN
            return None
        ledger.coastal = f"{RULE}{DOUBTFUL}"
        return coastal(areas, others=outside)
    path = study.paths(layer)[0]
    if is_table(path, member=layer.member):
        table = reading.by_area("coast", read_coast)
        ledger.coastal = f"As {path.name} says" + (f" ({layer.release})." if layer.release else ".")
        return None if table is None else table[COASTAL]
    districts, scotland = _districts(reading, layer)
    ledger.coastal = f"{RULE} Where the sea is, by the outlines of districts in {path.name}."
    ledger.coastal += "" if scotland else DOUBTFUL
    return coastal_by_districts(areas, districts=districts, scotland=scotland)


def read_coast(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read a table that says of each area whether it is coastal.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``coastal``, ``boolean``, missing where the file leaves it blank.

    Raises
    ------
    LayerError
        For any word but yes and no, another year's codes, or an area that stands twice.
    """
    table = read_published(path, kind="coast", geography=geography, ledger=ledger, member=member)
    words = table[COASTAL].str.strip().str.lower()
    strange = ~words.isin(WORDS)
    if strange.any():
        raise LayerError(
            f"{several(int(strange.sum()), 'area is', 'areas are')} neither coastal nor not.",
            file=path.name,
            column=COASTAL,
            rows=line_numbers(strange.reset_index(drop=True)),
            expected="yes or no, or blank where it is not known",
            found=examples(table[COASTAL][strange].unique()),
            next_step="write yes or no in those rows",
        )
    ledger.check(path, "every area is called coastal or not, or is left blank", rows=len(table))
    return pd.DataFrame({COASTAL: words.map(WORDS).astype("boolean")})


def _districts(reading: StudyReading, layer: Layer) -> tuple[gpd.GeoSeries, bool]:
    """Read outlines of every district, and whether Scotland's are among them."""
    path = reading.study.paths(layer)[0]
    shapes = read_shapes(path, member=layer.member)  # not mended: only where outlines run is asked
    headings = [str(column) for column in shapes.columns if column != "geometry"]
    code = columns_of(family_of("district"), headings).code
    if code is None:
        raise MissingColumnError(path.name, DISTRICT_CODES, headings)
    codes = text_of(shapes, code, path)
    southern = codes[codes.str.match("[EW]")].nunique()
    if southern < DISTRICTS.value:
        raise LayerError(
            "The outlines do not hold every district, so the sea cannot be told from land.",
            file=path.name,
            column=code,
            expected=f"at least {DISTRICTS.value:,.0f} districts of England and Wales",
            found=f"{southern:,} of England and Wales",
            next_step="give ONS's outlines of all districts, generalised and clipped (BGC)",
        )
    reading.ledger.used(path, kind="coast", rows=len(shapes))
    reading.ledger.rows(path, rows_in=len(shapes), rows_used=len(shapes), noun="districts")
    reading.ledger.check(path, "every district of England and Wales has an outline", rows=southern)
    return shapes.geometry, bool(codes.str.startswith("S").any())
