"""GeoJSON: the outlines most publishers offer, in degrees, or in metres where they say so."""

from __future__ import annotations

import gc
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import geopandas as gpd

from layers.intake.coordinates import BRITISH_NATIONAL_GRID, DEGREES
from layers.intake.outline_limits import STUDY, Limits, refuse_more

EXPECTED = "a GeoJSON FeatureCollection in degrees, or in British National Grid with a `crs` member"


def json_document(content: bytes, limits: Limits = STUDY) -> Any:  # noqa: ANN401  # JSON may be anything; who reads it asks
    """Parse JSON strictly: UTF-8, and no NaN or Infinity, which many programs write although JSON has neither.

    An empty list or object is two bytes of text and 60 of memory, so the brackets are counted first.
    """
    refuse_more(content.count(b"[") + content.count(b"{"), limits.brackets)
    with _uncollected():
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)


def read_geojson(document: Any, content: bytes, limits: Limits = STUDY) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Turn a parsed GeoJSON file into a table: features in their order, properties as columns.

    Raises
    ------
    TypeError
        When it is no collection of features.
    UnsafeFileError
        For more features, or features times properties, than may be.
    ValueError
        For a coordinate system that is not known, and for features that are none.
    """
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise TypeError("no list of features")
    crs = declared_crs(document)
    features = document["features"]
    refuse_wide([one.get("properties") for one in features if isinstance(one, dict)], limits)
    table = gpd.read_file(io.BytesIO(content)) if features else gpd.GeoDataFrame(geometry=[])
    if len(table) != len(features):  # GDAL passes over what is no feature without a word
        raise ValueError(f"{len(table):,} of {len(features):,} features can be read")
    return table.set_crs(crs, allow_override=True)


def refuse_wide(properties: Sequence[Any], limits: Limits) -> None:
    """Refuse a table of more than may be: every property is a column, though only one shape may have it."""
    refuse_more(len(properties), limits.rows)
    columns = {name for one in properties if isinstance(one, dict) for name in one}
    refuse_more(len(properties) * len(columns), limits.cells)


def declared_crs(document: dict[str, Any]) -> str:
    """Tell which coordinates a document declares; degrees where it has no `crs` member (RFC 7946).

    >>> declared_crs({})
    'EPSG:4326'
    """
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if crs is None or name.endswith(("CRS84", ":4326")):
        return DEGREES
    if name.endswith(":27700"):
        return BRITISH_NATIONAL_GRID
    raise ValueError(f"a coordinate system that is not known: {name or crs}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause Python's search for rubbish: a parser makes millions of lists and no rubbish (England: 2 s, not 6 s)."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} where a number is needed")
