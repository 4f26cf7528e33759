"""GeoParquet: a Parquet file whose geometry column says where it lies; read from memory, and never unpickled.

What the pages of a Parquet file say of themselves, added up before any of them is unpacked.

The footer may understate what its pages hold, and the reader believes each page: a page of 94 kB can say that it is a
gigabyte, and be it. So the headers of the pages are read here (Thrift's compact protocol, as the format has it),
which needs no unpacking, and so is the footer's tree of columns, as a very deep one would overrun the stack of its
reader.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from pyarrow import parquet

from layers.errors import UnsafeFileError
from layers.intake.files import Limit
from layers.intake.outline_limits import MEGABYTE, STUDY, Limits, refuse_more

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


MAGIC = b"PAR1"
FOOTER = Limit(16 * 1024**2, "bytes", "a Parquet file's footer", "assumption: 1,000 groups of 20 columns take 3 MB")
COLUMNS = Limit(2_000, "columns", "a Parquet file's tree of columns", "assumption: a census table has hundreds")
DEEPEST = Limit(16, "levels", "columns within columns", "GeoArrow: a multipolygon of separate numbers has 8")
NESTED = 16
"""Levels of Thrift's structs (the format has under ten)."""
DATA, DICTIONARY, DATA_2 = 0, 2, 3
"""Kinds of pages (parquet.thrift, PageType)."""
DATA_FIELD = {DATA: (5, 2), DATA_2: (8, 4)}
"""For each kind of data page: the field of its own header, and in that the field of the encoding."""
FRONT_CODED = 7
"""DELTA_BYTE_ARRAY: each text begins as the one before, so that a short page may hold a vast one many times over."""
TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
INTEGERS = (4, 5, 6)
LONG_LIST = 15


@dataclass(frozen=True, slots=True)
class Page:
    """What a page's header says.

    Attributes
    ----------
    kind
        `DATA`, `DICTIONARY`, `DATA_2` or another, which holds no values.
    unpacked
        Bytes it takes when unpacked.
    stands_for
        Values it stands for; 0 for a dictionary.
    encoding
        How they are written (parquet.thrift, Encoding); None for a dictionary.
    """

    kind: int
    unpacked: int
    stands_for: int
    encoding: int | None


def refuse_deep(content: bytes) -> None:
    """Refuse a footer that is too long, or whose tree of columns is too large or too deep.

    Raises
    ------
    ValueError
        Also when it is no footer.
    """
    size = int.from_bytes(content[-8:-4], "little")
    if content[-4:] != MAGIC or size + 12 > len(content):
        raise ValueError("a Parquet file without its end: it is cut short")
    if size > FOOTER.value:
        raise ValueError(f"a footer of {size:,} {FOOTER.unit}, of at most {FOOTER.value:,}")
    for field, value in _Thrift(content, len(content) - 8 - size, end=len(content) - 8).fields():
        if field == 2:  # noqa: PLR2004 - FileMetaData.schema
            _refuse_deep_tree([element.get(5, 0) for element in value])


def pages(content: bytes, start: int, *, size: int, values: int) -> Iterator[Page]:
    """Give the pages of one column in one group of rows, as its reader will meet them.

    Parameters
    ----------
    content
        The file.
    start, size
        Where they stand, as the footer has it.
    values
        How many values there are by the footer; the reader stops there.
    """
    place, end = start, min(start + size, len(content))
    seen = 0
    while seen < values and place < end:
        thrift = _Thrift(content, place, end=end)
        header = dict(thrift.fields())
        kind, own = header[1], DATA_FIELD.get(header[1])
        described = header[own[0]] if own else {}
        page = Page(kind, header[2], described.get(1, 0), described.get(own[1]) if own else None)
        if min(page.unpacked, page.stands_for, header[3]) < 0:
            raise ValueError("a page of less than nothing")
        yield page
        seen += page.stands_for
        place = thrift.place + header[3]


def _refuse_deep_tree(children: list[int]) -> None:
    """Refuse a tree, given by how many children each column has, parents first."""
    if len(children) > COLUMNS.value:
        raise ValueError(f"{len(children):,} {COLUMNS.unit}, of at most {COLUMNS.value:,}")
    open_levels: list[int] = []
    for count in children:
        while open_levels and open_levels[-1] == 0:
            open_levels.pop()
        if open_levels:
            open_levels[-1] -= 1
        if count > 0:
            open_levels.append(count)
        if len(open_levels) > DEEPEST.value:
            raise ValueError(f"columns within columns, more than {DEEPEST.value} {DEEPEST.unit} deep")


class _Thrift:
    """Values written one after another in Thrift's compact protocol."""

    def __init__(self, content: bytes, place: int, *, end: int) -> None:
        self._content, self.place, self._end = content, place, end

    def fields(self, depth: int = 0) -> Iterator[tuple[int, Any]]:
        """Give the fields of a struct: number and value."""
        if depth > NESTED:
            raise ValueError("a header too deep for a Parquet file")
        number = 0
        while (head := self._byte()) != 0:
            number = number + (head >> 4) if head >> 4 else self._integer()
            yield number, self._value(head & 15, depth, within_list=False)

    def _value(self, kind: int, depth: int, *, within_list: bool) -> Any:  # noqa: ANN401 - as many kinds as Thrift has
        if kind in {TRUE, FALSE, BYTE}:  # a struct says yes or no in the kind itself, and takes no byte for it
            return kind == TRUE if kind != BYTE and not within_list else self._byte()
        if kind in INTEGERS:
            return self._integer()
        if kind in {DOUBLE, BINARY}:
            return self._take(8 if kind == DOUBLE else self._number())
        if kind in {LIST, SET}:
            head = self._byte()
            count = head >> 4 if head >> 4 < LONG_LIST else self._number()
            if count > self._end - self.place:
                raise ValueError("a list longer than its file")
            return [self._value(head & 15, depth + 1, within_list=True) for _ in range(count)]
        if kind == STRUCT:
            return dict(self.fields(depth + 1))
        raise ValueError("a header that is none of a Parquet file")

    def _take(self, size: int) -> bytes:
        if self.place + size > self._end:
            raise ValueError("a header that is cut short")
        self.place += size
        return self._content[self.place - size : self.place]

    def _byte(self) -> int:
        return self._take(1)[0]

    def _number(self) -> int:
        number = shift = 0
        while (byte := self._byte()) >= 128:  # noqa: PLR2004 - seven bits of a byte count, the eighth says that more follow
            number |= (byte & 127) << shift
            shift += 7
            if shift > 63:  # noqa: PLR2004 - Thrift's longest number has 64 bits
                raise ValueError("a number too long for a Parquet file")
        return number | byte << shift

    def _integer(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)
