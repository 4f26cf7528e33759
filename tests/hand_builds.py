"""Finished builds written down by hand: counts as a test states them, with a manifest that can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from manifests import hand_manifest

from connectivity.outputs import Build, write_outputs
from connectivity.schema import RANKING_COLUMNS
from layers.coverage import bands_between
from layers.kinds import KINDS

NORTH, SOUTH = "E06000901", "E06000902"
NAMES = {NORTH: "Northshire", SOUTH: "Southshire"}
EDGES = (2, 5, 10, 30, 100, 300)
Counts = Sequence[float]
"""Premises, of them unknown, then cannot work from home: lowest, best, highest."""


def code(number: int) -> str:
    """Give the code of an area by its number; even ones are in Northshire, odd ones in Southshire."""
    return f"E0101{number:04d}"


def source(kind: str, *, digest: str = "0", release: str = "July 2025", file: str | None = None) -> dict[str, Any]:
    """Make one entry of a manifest's sources."""
    name = file or f"{kind}.csv"
    return {"name": KINDS[kind].title, "file": name, "sha256": digest, "release": release} | {
        "rows": 1,
        "licence": "OGL",
        "publisher": "Ofcom",
        "attribution": "",
    }


def hand_build(counts: Mapping[int, Counts], *, edges: Sequence[float] = EDGES, **changes: Any) -> Build:
    """Make a build; both activities have the counts given, and lines are slow or fast so as to make them.

    Parameters
    ----------
    counts
        Area by number; None for the last three where the area has no figure.
    edges
        Of the speed bands.
    changes
        Keys of the manifest.
    """
    codes = [code(number) for number in counts]
    boxes = [shapely.box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(len(codes))]
    areas = gpd.GeoDataFrame({"area_code": codes}, geometry=boxes, crs=27700).set_index("area_code")
    table = np.array([list(row) if len(row) > 2 else [*row, np.nan, np.nan, np.nan] for row in counts.values()])
    areas["area_name"] = [f"Place {number}" for number in counts]
    areas["district_code"] = [SOUTH if number % 2 else NORTH for number in counts]
    areas["district_name"] = areas["district_code"].map(NAMES)
    areas["premises"], areas["premises_unknown"] = table[:, 0], table[:, 1]
    areas["status"] = np.where(np.isnan(table[:, 3]), "fewer than 10 premises", "scored")
    for key in ("remote", "digital"):
        for place, end in enumerate(("_low", "", "_high"), start=2):
            areas[f"{key}_infeasible{end}"] = table[:, place]
    areas["official_name"], areas["ward_name"], areas["separable"] = codes, areas["area_name"], True
    bands = bands_between(*edges)
    for band in bands:
        areas[band.column] = 0.0
    slow = np.nan_to_num(table[:, 3])
    areas[bands[0].column] = slow
    areas[bands[-1].column] = table[:, 0] - table[:, 1] - slow
    for column in RANKING_COLUMNS:
        if column not in areas and column != "area_code":
            areas[column] = 1.0 if column.endswith("rank") else np.nan
    release = str(changes.get("release", "July 2025"))
    keys = {
        "fingerprint": release.encode().hex().ljust(64, "0")[:64],
        "definition": "below the USO",
        "premises_from": None,
        "release": release,
        "sources": [source("ofcom_oa", digest=release, release=release)],
        "districts": [
            {"code": district, "name": NAMES[district], "separable": True}
            for district in sorted(set(areas["district_code"]))
        ],
        "bands": [
            {"column": b.column, "label": b.label, "low": b.low, "high": None if np.isinf(b.high) else b.high}
            for b in bands
        ],
    }
    return Build(areas, hand_manifest(**keys | changes))


def written(folder: Path, build: Build) -> Path:
    """Write a build into a folder, as `build` would."""
    folder.mkdir(parents=True, exist_ok=True)
    write_outputs(folder, areas=build.areas, manifest=build.manifest)
    return folder
