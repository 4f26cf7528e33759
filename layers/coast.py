"""Which small areas lie on the coast: part of their outline meets the sea or tidal water. A lens, never in the score.

ONS clips its outlines to the coast. So whatever part of an area's outline has no other place beside it is shore: where
the places on every side are known. Where they are not, or where the other side is Scotland, it is not known.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.errors import LayerError, MissingColumnError, examples, several
from layers.families import columns_of, family_of
from layers.figures import Figure
from layers.files import is_table
from layers.layer import Layer
from layers.lookups import DISTRICT_CODES
from layers.manifest import Ledger
from layers.outlines.shapes import read_shapes, text_of
from layers.reading import Reading
from layers.shore import COASTAL, coastal, coastal_by_districts
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column, line_numbers

WHOLE = {
    "lsoa11": Figure(34_753, "small areas", "England and Wales, LSOA 2011", "ONS Open Geography"),
    "lsoa21": Figure(35_672, "small areas", "England and Wales, LSOA 2021", "ONS Open Geography"),
}
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


def coast_column(reading: Reading, *, outside: gpd.GeoSeries) -> pd.Series | None:
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
        if len(areas) + len(outside) < WHOLE[study.geography].value:
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
    table = read_by_area(
        path, [Column(COASTAL, ("coastal",), "text")], kind="coast", geography=geography, ledger=ledger, member=member
    )
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


def _districts(reading: Reading, layer: Layer) -> tuple[gpd.GeoSeries, bool]:
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
