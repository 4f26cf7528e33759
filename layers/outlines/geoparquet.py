"""GeoParquet: a Parquet file whose geometry column says where it lies; read from memory, and never unpickled."""

from __future__ import annotations

import io

import geopandas as gpd
import pandas as pd
from pyarrow import parquet

from layers.intake.files import TOTAL, Limit

EXPECTED = "a whole GeoParquet file of area outlines"
MAGIC = b"PAR1"
SHAPES = Limit(1_000_000, "shapes", "rows of one file", "assumption: the UK has 240,000 output areas")
AT_ONCE = 64
"""Rows unpacked between two counts (assumption: an outline in full has up to a few megabytes)."""


def read_geoparquet(content: bytes) -> gpd.GeoDataFrame:
    """Read a GeoParquet file: rows in their order, named index levels as columns.

    Returns
    -------
    geopandas.GeoDataFrame
        In the coordinate system it declares, None where it declares none; a file that leaves the key out means
        longitude and latitude (GeoParquet 1.1, `crs`).

    Raises
    ------
    ValueError
        When it has no geometry column, or more in it than may be.
    """
    _refuse_too_much(content)
    table = gpd.read_parquet(io.BytesIO(content))  # type: ignore[arg-type]  # the stubs know no open files
    # Whoever indexed the areas by their code means it as a column.
    named = [name for name in table.index.names if name is not None]
    table = (table.reset_index(level=named) if named else table).reset_index(drop=True)
    # Other columns of shapes, such as centres, are not asked for, and none may stand in the outlines' place.
    others = [name for name, kind in table.dtypes.items() if str(kind) == "geometry" or name == "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(table).drop(columns=others), geometry=table.geometry)


def _refuse_too_much(content: bytes) -> None:
    """Count the rows and unpack them bit by bit first: a small file may repeat one value any number of times."""
    with parquet.ParquetFile(io.BytesIO(content)) as file:
        if file.metadata.num_rows > SHAPES.value:
            raise ValueError(
                f"{file.metadata.num_rows:,} {SHAPES.unit}, of at most {SHAPES.value:,} ({SHAPES.meaning})"
            )
        unpacked = 0
        for batch in file.iter_batches(batch_size=AT_ONCE):
            unpacked += batch.nbytes
            if unpacked > TOTAL.value:
                raise ValueError(f"more than {TOTAL.value:,} {TOTAL.unit} ({TOTAL.meaning})")
