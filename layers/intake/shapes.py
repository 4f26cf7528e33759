"""Outlines from GeoJSON, TopoJSON, GeoPackage or GeoParquet, in British National Grid whatever the file declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely

from layers.errors import LayerError, did_you_mean, examples, naming_file
from layers.intake import geojson, geopackage, geoparquet, topojson
from layers.intake.coordinates import on_the_grid, shape_numbers
from layers.intake.files import NESTED, read_bytes
from layers.intake.outline_limits import STUDY, Limits
from layers.intake.tables import refuse_hostile

GEOJSON, TOPOJSON, GEOPACKAGE, GEOPARQUET = "GeoJSON", "TopoJSON", "GeoPackage", "GeoParquet"
EXPECTED = {
    GEOJSON: geojson.EXPECTED,
    TOPOJSON: topojson.EXPECTED,
    GEOPACKAGE: geopackage.EXPECTED,
    GEOPARQUET: geoparquet.EXPECTED,
}
ENDINGS = {
    ".geojson": (GEOJSON,),
    ".json": (GEOJSON, TOPOJSON),
    ".topojson": (TOPOJSON,),
    ".gpkg": (GEOPACKAGE,),
    ".parquet": (GEOPARQUET,),
    ".geoparquet": (GEOPARQUET,),
}
"""What a file of each name may hold; any other name promises nothing, and the content decides."""
LAYERED = re.compile(rf"(.*?\.(?:gpkg|topojson|json)){NESTED}(.+)", re.IGNORECASE | re.DOTALL)
UNREADABLE = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError, RuntimeError, MemoryError),
    *(pa.ArrowException, shapely.errors.ShapelyError),
)
"""What the readers raise for bytes that are not what they claim to be; deep nesting ends in a RuntimeError."""


def read_shapes(path: Path, *, member: str | None = None) -> gpd.GeoDataFrame:
    """Read outlines into British National Grid, refusing units that do not fit what the file declares.

    Parameters
    ----------
    path
        GeoJSON, TopoJSON, GeoPackage or GeoParquet; plain, `.gz`, or in a `.zip`.
    member
        Which file of a zip, as :func:`layers.intake.files.read_bytes` takes it; which layer of a GeoPackage or
        object of a TopoJSON that holds several; or both, with `!` between: ``areas.gpkg!LSOA_2021``.

    Returns
    -------
    geopandas.GeoDataFrame
        The features in their order, properties as columns, EPSG:27700; shapes not yet checked.

    Raises
    ------
    LayerError
        When the file is not what its name says, is broken or holds no shapes, several layers stand in it and none
        is named, or its coordinates are not where and what they should be.
    """
    inside, layer, name = _asked(path, member)
    _refuse_unfinished(path)
    return shapes_in(read_bytes(path, member=inside), name=name, layer=layer, file=path.name)


def shapes_in(
    content: bytes, *, name: str, layer: str | None = None, file: str | None = None, limits: Limits = STUDY
) -> gpd.GeoDataFrame:
    """Read outlines from bytes, as :func:`read_shapes` does from a file; nothing is written to disk.

    Parameters
    ----------
    content
        The file as it is, not packed.
    name
        The name it goes by; its ending says what it should hold.
    layer
        Which layer of a GeoPackage or object of a TopoJSON that holds several.
    file
        What messages call it, where that is not `name`.
    limits
        How much it may hold.
    """
    file = file or name
    allowed = ENDINGS.get(Path(name).suffix.lower(), tuple(EXPECTED))
    with naming_file(file):
        table = _read(content, layer, file=file, allowed=allowed, limits=limits)
    if table.empty:
        raise LayerError(
            "The outlines file holds no shapes.",
            file=file,
            expected="at least one feature",
            found="none",
            next_step="download the file again",
        )
    with _readable(file, "coordinates that can be brought onto British National Grid"):
        return on_the_grid(table, file=file)


def text_of(shapes: gpd.GeoDataFrame, column: str, path: Path) -> pd.Series:
    """Give a property of the shapes as text, blank where it is missing; refuse lists and hostile names."""
    cells = shapes[column].astype(object)
    cells = cells.where(cells.notna(), "")
    strange = ~cells.map(lambda cell: isinstance(cell, str | int | float))
    if strange.any():
        raise LayerError(
            "A property of the outlines is not text.",
            file=path.name,
            column=column,
            rows=shape_numbers(strange),
            expected="text",
            found=examples(cells[strange]),
            next_step="export the layer again with that property as text",
        )
    text: pd.Series = cells.astype(str).str.strip()
    refuse_hostile(text, path=path, column=column, number=shape_numbers)
    return text


def _asked(path: Path, member: str | None) -> tuple[str | None, str | None, str]:
    """Part `member` into the file inside a zip and the layer inside that file, and give the name that file goes by."""
    if path.suffix.lower() == ".zip":
        parts = LAYERED.fullmatch(member or "")
        return (parts[1], parts[2], parts[1]) if parts else (member, None, member or "")
    name = path.stem if path.suffix.lower() == ".gz" else path.name
    layered = LAYERED.fullmatch(f"{name}{NESTED}{member}") if member else None
    return (None, member, name) if layered else (member, None, name)


def _refuse_unfinished(path: Path) -> None:
    journal = path.with_name(path.name + geopackage.JOURNAL)
    if journal.is_file() and journal.stat().st_size:
        raise LayerError(
            "The GeoPackage is still open in another program, or was not closed.",
            file=path.name,
            expected=f"no changes left in {journal.name}",
            found=f"{journal.stat().st_size:,} bytes",
            next_step="close the program that edits it; if none does, open it once and close it, or export it again",
        )


def _read(content: bytes, layer: str | None, *, file: str, allowed: Sequence[str], limits: Limits) -> gpd.GeoDataFrame:
    """Recognise the format by its content, compare it with what the name says, and read it."""
    if content.startswith(geopackage.SQLITE):
        _refuse_misnamed(GEOPACKAGE, allowed, file)
        with _readable(file, EXPECTED[GEOPACKAGE]):
            names = geopackage.layers_of(content, limits)
            if not names:
                return gpd.GeoDataFrame()
            return geopackage.read_geopackage(content, _one_of(names, layer, file), limits)
    if content.startswith(geoparquet.MAGIC):
        _refuse_misnamed(GEOPARQUET, allowed, file)
        with _readable(file, EXPECTED[GEOPARQUET]):
            return geoparquet.read_geoparquet(content, limits)
    in_text = [kind for kind in allowed if kind in {GEOJSON, TOPOJSON}]
    with _readable(file, EXPECTED[allowed[0]] if len(allowed) == 1 else " or ".join(allowed)):
        if not in_text:
            raise ValueError(f"other bytes, which begin with {content[:12]!r}")
        document = geojson.json_document(content, limits)
        said = str(document.get("type")) if isinstance(document, dict) else ""
    kind = {"Topology": TOPOJSON, "FeatureCollection": GEOJSON}.get(said, in_text[0])
    _refuse_misnamed(kind, allowed, file)
    with _readable(file, EXPECTED[kind]):
        if kind == TOPOJSON:
            names = topojson.objects_of(document)
            return (
                topojson.read_topojson(document, _one_of(names, layer, file), limits) if names else gpd.GeoDataFrame()
            )
        if layer is not None:
            raise ValueError(f"GeoJSON, which has no layers, such as “{layer}”")
        return geojson.read_geojson(document, content, limits)


def _one_of(names: Sequence[str], asked: str | None, file: str) -> str:
    """Choose the layer that is asked for, or the only one."""
    if asked in names or (asked is None and len(names) == 1):
        return names[0] if asked is None else asked
    near = did_you_mean(asked, names) if asked else None
    raise LayerError(
        "Which layer of the file is meant is not clear." if asked is None else f"The file has no layer “{asked}”.",
        file=file,
        expected="one layer, or the name of one" if asked is None else "the name of a layer of the file",
        found=near or f"{len(names):,} layers" + (f": {examples(names)}" if names else ""),
        next_step='name it in the study file: member = "LAYER", or member = "FILE!LAYER" in a zip',
    )


def _refuse_misnamed(kind: str, allowed: Sequence[str], file: str) -> None:
    if kind not in allowed:
        raise LayerError(
            "The outlines file is not what its name says.",
            file=file,
            expected=" or ".join(allowed),
            found=kind,
            next_step="check that this is the right file, and give it the ending of what it holds",
        )


@contextmanager
def _readable(file: str, expected: str) -> Iterator[None]:
    """Turn every way the content can fail to be read into one message."""
    try:
        yield
    except UNREADABLE as error:
        said = " ".join(str(error).split())
        raise LayerError(
            "The outlines cannot be read.",
            file=file,
            expected=expected,
            found=said[:120] or type(error).__name__,
            next_step="export the layer again, or download the file again; it may be cut short",
        ) from error
