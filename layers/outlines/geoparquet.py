"""GeoParquet: a Parquet file whose geometry column says where it lies; read from memory, and never unpickled."""

from __future__ import annotations

import io

import geopandas as gpd
import pandas as pd
from pyarrow import parquet

from layers.errors import UnsafeFileError
from layers.outlines.limits import MEGABYTE, STUDY, Limits, refuse_more
from layers.outlines.parquetpages import DATA, DATA_2, DICTIONARY, FRONT_CODED, pages, refuse_deep

EXPECTED = "a whole GeoParquet file of area outlines"
AT_ONCE = 16 * MEGABYTE
"""Bytes unpacked between two counts, unless one value is larger (assumption: small against any memory)."""
MOST_ROWS_AT_ONCE = 65_536
"""Rows unpacked between two counts (Arrow's own default)."""
TEXT, FIXED = "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"


def read_geoparquet(content: bytes, limits: Limits = STUDY) -> gpd.GeoDataFrame:
    """Read a GeoParquet file: rows in their order, named index levels as columns.

    Returns
    -------
    geopandas.GeoDataFrame
        In the coordinate system it declares, None where it declares none; a file that leaves the key out means
        longitude and latitude (GeoParquet 1.1, `crs`).

    Raises
    ------
    ValueError
        When it has no geometry column, or is broken.
    UnsafeFileError
        When there is more in it than may be.
    """
    _refuse_too_much(content, limits)
    table = gpd.read_parquet(io.BytesIO(content))  # type: ignore[arg-type]  # the stubs know no open files
    # Whoever indexed the areas by their code means it as a column.
    named = [name for name in table.index.names if name is not None]
    table = (table.reset_index(level=named) if named else table).reset_index(drop=True)
    # Other columns of shapes, such as centres, are not asked for, and none may stand in the outlines' place.
    others = [name for name, kind in table.dtypes.items() if str(kind) == "geometry" or name == "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(table).drop(columns=others), geometry=table.geometry)


def _refuse_too_much(content: bytes, limits: Limits) -> None:
    """Add up what the file holds before it is unpacked: a small file may repeat one value any number of times."""
    refuse_deep(content)
    with parquet.ParquetFile(io.BytesIO(content)) as file:
        about = file.metadata
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        refuse_more(max(about.num_rows, sum(group.num_rows for group in groups)), limits.rows)
        refuse_more(about.num_rows * about.num_columns, limits.cells)
        values = unpacked = 0
        repeated = []
        for number in range(about.num_columns):
            column = file.schema.column(number)
            dictionary = counted = 0
            for chunk in (group.column(number) for group in groups):
                starts = (chunk.dictionary_page_offset, chunk.data_page_offset)
                start = min(offset for offset in starts if offset is not None and offset > 0)
                for page in pages(content, start, size=chunk.total_compressed_size, values=chunk.num_values):
                    _refuse_front_coded(page.encoding, column.path)
                    unpacked += page.unpacked
                    counted += page.stands_for if page.kind in {DATA, DATA_2} else 0
                    dictionary = max(dictionary, page.unpacked) if page.kind == DICTIONARY else dictionary
                    refuse_more(values + counted, limits.cells)
                    refuse_more(unpacked, limits.unpacked)
            values += counted
            unpacked += counted * column.length if column.physical_type == FIXED else 0
            if column.physical_type == TEXT and counted * dictionary > limits.unpacked.value:
                repeated.append((column, counted * dictionary, dictionary))
        refuse_more(unpacked, limits.unpacked)
        for column, most, dictionary in repeated:
            if column.max_repetition_level:  # a list in a single row may be as long as it likes
                refuse_more(most, limits.unpacked)
            rows = min(max(AT_ONCE // dictionary, 1), MOST_ROWS_AT_ONCE)
            for batch in file.iter_batches(batch_size=rows, columns=[column.path], use_threads=False):
                unpacked += batch.nbytes
                refuse_more(unpacked, limits.unpacked)


def _refuse_front_coded(encoding: int | None, column: str) -> None:
    if encoding == FRONT_CODED:
        raise UnsafeFileError(
            "A column of the GeoParquet file is written in a way we do not read.",
            column=column,
            expected="text as it is, or by a dictionary",
            found="DELTA_BYTE_ARRAY, by which a short file may hold any amount of text",
            next_step="export the layer again with the plain encoding",
        )
