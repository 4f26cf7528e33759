"""TopoJSON: outlines that share their borders, put together again arc by arc.

GDAL reads the format too, but closes a ring whose arc is missing by a straight line and says nothing; a border between
two councils would be wrong and look right. Here arcs that do not meet are refused.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.intake.files import Limit
from layers.intake.geojson import declared_crs, refuse_wide
from layers.intake.outline_limits import STUDY, Limits

EXPECTED = "a TopoJSON Topology with objects and arcs, in degrees, or in British National Grid with a `crs` member"
CORNERS = Limit(100_000_000, "corners", "all shapes together", "assumption: UK small areas in full have 40 million")
RING = 4
"""Corners of the smallest ring; rounding may leave fewer, and the format's own decoder then repeats the first."""
SHORTEST = 2
"""Points of the shortest arc the format allows."""
SHAPES_OF_ARCS = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""How deep the lists of arcs are nested in each kind of shape."""
Line = npt.NDArray[np.float64]


def objects_of(document: Any) -> list[str]:  # noqa: ANN401  # parsed JSON may be anything
    """Name the objects of a topology; each is a layer."""
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("objects"), dict)
        or not isinstance(document.get("arcs"), list)
    ):
        raise TypeError("no objects, or no list of arcs")
    return list(document["objects"])


def read_topojson(document: dict[str, Any], name: str, limits: Limits = STUDY) -> gpd.GeoDataFrame:
    """Turn one object of a topology into a table: shapes in their order, properties (and `id`) as columns.

    Raises
    ------
    ValueError
        For arcs that do not exist, do not meet or do not close, and for more than `CORNERS`.
    """
    chosen = document["objects"][name]
    members = chosen["geometries"] if chosen.get("type") == "GeometryCollection" else [chosen]
    refuse_wide([member.get("properties") for member in members], limits)
    arcs = _Arcs(document)
    shapes: list[BaseGeometry | None] = []
    rows: list[dict[str, Any]] = []
    for number, member in enumerate(members, start=1):
        try:
            coordinates = arcs.resolved(member)
            shapes.append(None if coordinates is None else shapely.geometry.shape(coordinates))
        except (ValueError, TypeError, LookupError, shapely.errors.ShapelyError) as error:
            raise ValueError(f"shape {number:,}: {error}") from error
        known = {} if member.get("id") is None else {"id": member["id"]}
        rows.append({**known, **(member.get("properties") or {})})
    table = pd.DataFrame(rows, index=pd.RangeIndex(len(shapes)))
    # A property of that name would stand in the shape's place.
    table = table.drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=declared_crs(document))


class _Arcs:
    """The arcs of a topology in its coordinates, and the count of corners they have been asked for."""

    def __init__(self, document: dict[str, Any]) -> None:
        transform = document.get("transform")
        self._quantised = transform is not None
        self._scale = np.array(transform["scale"] if transform else (1, 1), dtype=float)
        self._translate = np.array(transform["translate"] if transform else (0, 0), dtype=float)
        self._arcs = [self._arc(points) for points in document["arcs"]]
        self._corners = 0

    def resolved(self, member: dict[str, Any]) -> dict[str, Any] | None:
        """Turn a shape of arcs into one of coordinates, as GeoJSON has it; None for no shape."""
        kind = member["type"]
        if kind is None:
            return None
        if kind == "GeometryCollection":
            parts = [self.resolved(part) for part in member["geometries"]]
            return {"type": kind, "geometries": [part for part in parts if part is not None]}
        if kind in SHAPES_OF_ARCS:
            return {"type": kind, "coordinates": self._nested(member["arcs"], kind, SHAPES_OF_ARCS[kind])}
        if kind not in {"Point", "MultiPoint"}:
            raise ValueError(f"a kind of shape that is not known: {kind}")
        points = np.array(member["coordinates"], dtype=float)[..., :2] * self._scale + self._translate
        return {"type": kind, "coordinates": points.tolist()}

    def _nested(self, arcs: list[Any], kind: str, depth: int) -> Any:  # noqa: ANN401  # lists in lists of lines
        if depth:
            return [self._nested(part, kind, depth - 1) for part in arcs]
        line = self._line(arcs)
        if not kind.endswith("Polygon"):
            return line
        if not np.array_equal(line[0], line[-1]):
            raise ValueError(f"the arcs {arcs} do not close")
        return np.vstack([line, *[line[:1]] * (RING - len(line))])

    def _line(self, indices: list[int]) -> Line:
        """Join arcs end to end; a negative index means the arc at its complement, turned round."""
        parts: list[Line] = []
        for index in indices:
            if not -len(self._arcs) <= index < len(self._arcs):
                raise ValueError(f"there is no arc {index} among {len(self._arcs):,}")
            arc = self._arcs[index] if index >= 0 else self._arcs[~index][::-1]
            if parts and not np.array_equal(parts[-1][-1], arc[0]):
                raise ValueError(f"arc {index} does not begin where the one before it ends")
            parts.append(arc[1:] if parts else arc)
            self._corners += len(arc)
            if self._corners > CORNERS.value:
                raise ValueError(f"more than {CORNERS.value:,} {CORNERS.unit} ({CORNERS.meaning})")
        return np.vstack(parts)

    def _arc(self, points: list[list[float]]) -> Line:
        line = np.array([point[:2] for point in points], dtype=float).reshape(-1, 2)
        if len(line) < SHORTEST:
            raise ValueError(f"an arc of {len(line)} points")
        if not np.isfinite(line).all():
            raise ValueError("NaN or infinity where a number is needed")
        # Whole numbers below 2**53 add up exactly, so shared corners stay shared.
        return line.cumsum(axis=0) * self._scale + self._translate if self._quantised else line
