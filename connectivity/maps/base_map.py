"""The ground under a study's map: land outside it, built-up ground, councils' and places' names. Knows no Streamlit.

It is cut at build from what the project holds of all England and Wales (``data/base``): whole councils and whole
patches of built-up ground, as they are packed there, so that nothing is unpacked or worked out again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from connectivity.maps.arcs import Packed
from layers.settlements import BASE, Box, base_councils, has_base, surroundings, to_degrees

BASE_MAP = "base.json"
LAND, BUILT, BUILT_BOXES = "land.json", "built.json", "built.csv"
DIGITS = 4
"""Of a degree: some ten metres."""
BOX = ["west", "south", "east", "north"]
NO_BASE = "This study has no base: no land around it, no built-up ground and no council borders are drawn."
"""What is said of a study of councils that the base does not know."""


def ground_around(*, districts: Collection[str], bounds: Iterable[float], settlements: pd.DataFrame) -> dict[str, Any]:
    """Return what is drawn and named around and under a study's areas.

    Parameters
    ----------
    districts
        The study's councils: their ground is drawn by its own areas, finer, and not from here.
    bounds
        Of its areas, in metres.
    settlements
        From :func:`layers.settlements.read_settlements`.

    Returns
    -------
    dict
        ``land`` and ``built`` packed; ``councils`` as ``[name, lat, lon, km2]``; ``places`` as ``[name, rank, lat,
        lon]``, the largest first; ``waters``, empty, as no open source of their names is at hand; ``missing``, what is
        not there, in words, or nothing.
    """
    box = _degrees(surroundings(bounds))
    known = has_base(districts) and (BASE / LAND).is_file()
    councils = base_councils() if known else pd.DataFrame(columns=["name", "lat", "lon", "km2", *BOX])
    near = _meets(councils, box)
    outside = near & ~councils.index.isin(list(districts))
    named = councils.loc[near, ["name", "lat", "lon", "km2"]]
    order = settlements.sort_values(["rank", "residents", "name"], ascending=[True, False, True], kind="stable")
    return {
        "land": _chosen(LAND, outside) if known else _nothing(),
        "built": _chosen(BUILT, _meets(pd.read_csv(BASE / BUILT_BOXES), box)) if known else _nothing(),
        "councils": named.to_numpy(dtype=object).tolist(),
        "places": [
            [name, int(rank), round(lat, DIGITS), round(lon, DIGITS)]
            for name, rank, lat, lon in order[["name", "rank", "lat", "lon"]].itertuples(index=False)
        ],
        "waters": [],
        "missing": "" if known else NO_BASE,
    }


def write_base_map(found: dict[str, Any], *, folder: Path) -> None:
    """Write it into a folder that is not yet public."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (folder / BASE_MAP).write_text(text, encoding="utf-8", newline="\n")


def _degrees(box: Box) -> Box:
    """Return the box of degrees that holds one of metres."""
    west, south, east, north = box
    corners = pd.DataFrame({"x": [west, west, east, east], "y": [south, north, south, north]})
    lat, lon = to_degrees(corners["x"], corners["y"])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _meets(table: pd.DataFrame, box: Box) -> Any:  # noqa: ANN401 - a mask over the table's rows
    west, south, east, north = box
    beside = (table["east"] < west) | (table["west"] > east) | (table["north"] < south) | (table["south"] > north)
    return ~beside.to_numpy(dtype=bool)


def _nothing() -> Packed:
    return {"step": 1e-4, "arcs": [], "shapes": []}


def _chosen(name: str, mask: Any) -> Packed:  # noqa: ANN401 - as above
    """Return some shapes of a packed file, with only the arcs they are made of, numbered anew."""
    packed = json.loads((BASE / name).read_text(encoding="utf-8"))
    shapes = [packed["shapes"][at] for at in np.flatnonzero(mask)]
    used = sorted({number if number >= 0 else ~number for shape in shapes for ring in shape for number in ring})
    anew = {number: place for place, number in enumerate(used)}
    return {
        "step": packed["step"],
        "arcs": [packed["arcs"][number] for number in used],
        "shapes": [
            [[anew[number] if number >= 0 else ~anew[~number] for number in ring] for ring in shape] for shape in shapes
        ],
    }
