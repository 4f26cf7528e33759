"""Which districts make up a county, a region or a local enterprise partnership."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from layers.errors import MissingColumnError
from layers.families import columns_of, family_of
from layers.figures import Figure
from layers.lookups import DISTRICT_CODES
from layers.tabular.tables import Column, read_table

PSEUDO = "99999"
"""ONS writes a code that ends so for "none": a district that is in no county."""
COARSE = Figure(200.0, "metres", "outlines are thinned to, as the districts' own are no finer", "assumption")
INSIDE = Figure(0.5, "share of a district's outline", "more inside a partnership's: it is in it", "assumption")


@dataclass(frozen=True, slots=True)
class Place:
    """A county, region or partnership, and the codes of the districts in it."""

    name: str
    districts: tuple[str, ...]


def read_places(path: Path, *, code: str, name: str) -> dict[str, Place]:
    """Read which county or region each district is in.

    Parameters
    ----------
    path
        A lookup with a row for each district.
    code, name
        How the headings begin: ``CTY`` for CTY24CD and CTY24NM.
    """
    years = ("25", "24", "23", "22", "21")
    columns = [
        Column("district", DISTRICT_CODES, "code"),
        Column("code", tuple(f"{code}{year}CD" for year in years), "code"),
        Column("name", tuple(f"{name}{year}NM" for year in years), "text"),
    ]
    table = read_table(path, columns)
    table = table[table["code"].ne("") & ~table["code"].str.endswith(PSEUDO)]
    return {
        str(key): Place(str(rows["name"].iloc[0]), tuple(sorted(rows["district"])))
        for key, rows in table.groupby("code")
    }


def partnerships(outlines: Path, *, districts: Path) -> dict[str, Place]:
    """Find the districts of each local enterprise partnership by where their outlines lie; some are in two."""
    from layers.outlines.shapes import read_shapes, text_of  # noqa: PLC0415  # heavy, and seldom asked for

    leps, councils = read_shapes(outlines), read_shapes(districts)
    lep, council = _named_by("lep", leps, outlines), _named_by("district", councils, districts)
    found = {}
    codes, names = (text_of(leps, column, outlines) for column in lep)
    valid = councils.geometry.make_valid()
    for shape, code, name in zip(leps.geometry.simplify(COARSE.value).make_valid(), codes, names, strict=True):
        inside = valid.intersection(shape).area > INSIDE.value * valid.area
        found[code] = Place(name, tuple(sorted(text_of(councils, council[0], districts)[inside])))
    return found


def _named_by(kind: str, shapes: pd.DataFrame, path: Path) -> tuple[str, str]:
    """Find the columns that hold the code and the name of a kind of place."""
    headings = [str(column) for column in shapes.columns if column != "geometry"]
    found = columns_of(family_of(kind), headings)
    if found.code is None or found.name is None:
        raise MissingColumnError(path.name, (family_of(kind).headings,), headings)
    return found.code, found.name
