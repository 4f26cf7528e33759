"""GeoPackage: an SQLite file of layers, read by GDAL from memory: nothing is locked, and nothing left beside it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import geopandas as gpd

EXPECTED = "a whole GeoPackage with a layer of area outlines"
SQLITE = b"SQLite format 3\0"
APPLICATIONS = (b"GPKG", b"GP10", b"GP11")
"""What a GeoPackage writes at `APPLICATION` in its header: since 1.2, 1.0, 1.1 (OGC 12-128, clause 1.1.1.1.1)."""
APPLICATION = slice(68, 72)
PAGE_BYTES, VERSIONS, PAGES = slice(16, 18), slice(18, 20), slice(28, 32)
CHANGED, COUNTED = slice(24, 28), slice(92, 96)
"""Fields of the header (SQLite, Database file format, 1.3); the page count holds when the last two agree."""
LARGEST_PAGE = 65_536
JOURNAL = "-wal"
"""Ending of the file beside it in which SQLite keeps changes until every program has closed the GeoPackage."""


def layers_of(content: bytes) -> list[str]:
    """Name the layers that hold shapes.

    Stored queries are left out: they are programs, and one that never ends would hang whoever reads it.
    """
    content = _checked(content)
    with _quiet():
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = gpd.read_file(io.BytesIO(content), sql=query, ignore_geometry=True)
        found = gpd.list_layers(io.BytesIO(content))
    shaped = found["geometry_type"].notna() & found["name"].isin(tables["name"])
    return [str(name) for name in found.loc[shaped, "name"]]


def read_geopackage(content: bytes, name: str) -> gpd.GeoDataFrame:
    """Read one layer: shapes in their order, fields as columns, the coordinate system it declares or none."""
    with _quiet():
        return gpd.read_file(io.BytesIO(_checked(content)), layer=name)


def _checked(content: bytes) -> bytes:
    """Return the bytes of a whole GeoPackage in the mode that can be read from memory."""
    if content[APPLICATION] not in APPLICATIONS:
        raise ValueError("an SQLite file that is no GeoPackage")
    page = int.from_bytes(content[PAGE_BYTES], "big")
    stated = (LARGEST_PAGE if page == 1 else page) * int.from_bytes(content[PAGES], "big")
    # SQLite reads a file that is cut short until it meets the gap, which may be never.
    if content[CHANGED] == content[COUNTED] and len(content) < stated:
        raise ValueError(f"{len(content):,} of {stated:,} bytes: it is cut short")
    # Version 2 asks for a journal beside the file; without one (see JOURNAL) both versions hold the same.
    return b"".join((content[: VERSIONS.start], b"\1\1", content[VERSIONS.stop :]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back GDAL's remark that bytes in memory have no file ending."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*non conformant file extension", category=RuntimeWarning)
        yield
