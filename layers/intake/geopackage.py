"""GeoPackage: an SQLite file of layers, read by GDAL from memory: nothing is locked, and nothing left beside it.

An SQLite file is a program as much as a table: a view or a generated column is computed when it is read, a default
stands in every row that lacks a cell, and pages may be used twice. So SQLite itself looks through a layer first, under
limits, and GDAL is given only what consists of plain columns and holds no more than its bytes do.
"""

from __future__ import annotations

import io
import re
import sqlite3
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import geopandas as gpd

from layers.errors import UnsafeFileError
from layers.figures import Figure
from layers.intake.outline_limits import MEGABYTE, STUDY, Limits, refuse_more

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
EXPORT = "export the layer again as a plain one (in QGIS: Export, Save features as)"
LONGEST_LOOK = Figure(
    20, "seconds", "longest that SQLite may look through a file", "assumption: a million rows take two seconds"
)
STEPS = 1_000
"""Steps of SQLite's program between two looks at the clock (assumption: well under a millisecond)."""
DEFAULTS = 16 * MEGABYTE
"""Bytes by which cells may exceed their file: a default is held once and stands in many rows (assumption)."""
AT_ONCE = 200
"""Columns whose lengths are added up in one expression; SQLite's are at most 1,000 deep."""
GENERATED = (2, 3)
"""What `PRAGMA table_xinfo` says of a generated column, virtual or stored (SQLite, Pragma statements)."""
CATALOGUE = "gpkg_"
"""How the tables begin that say what the file holds, which GDAL reads on opening it."""


def layers_of(content: bytes, limits: Limits = STUDY) -> list[str]:
    """Name the layers that hold shapes, in a file whose tables are all of plain columns.

    Stored queries and virtual tables are left out: they are programs, and one that never ends would hang whoever reads
    it. So GDAL is not asked, which describes them, too.
    """
    with _opened(content) as file:
        tables = file.tables()
        if "gpkg_geometry_columns" not in tables:
            return []
        for name in tables:
            if name.lower().startswith(CATALOGUE):
                file.refuse_vast(name, limits)
        shaped = {str(name).lower() for (name,) in file.rows("SELECT table_name FROM gpkg_geometry_columns")}
        listed = file.rows("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        return [str(name) for (name,) in listed if str(name) in tables and str(name).lower() in shaped]


def read_geopackage(content: bytes, name: str, limits: Limits = STUDY) -> gpd.GeoDataFrame:
    """Read one layer: shapes in their order, fields as columns, the coordinate system it declares or none.

    Raises
    ------
    UnsafeFileError
        When its columns are generated, or it holds more than may be or than its bytes do.
    """
    with _opened(content) as file:
        file.tables()
        file.refuse_vast(name, limits)
        file.refuse_miscounted(name, limits)
    with _quiet():
        return gpd.read_file(io.BytesIO(_checked(content)), layer=name)


class _Database:
    """A GeoPackage as SQLite sees it."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._connection, self._size = connection, size

    def rows(self, sql: str, *values: str) -> Iterator[tuple[Any, ...]]:
        """Run a query, row by row."""
        return iter(self._connection.execute(sql, values))

    def tables(self) -> set[str]:
        """Name the plain tables, refusing generated columns anywhere and a catalogue that is computed."""
        plain = set()
        # Not `PRAGMA table_list`, which works out the columns of every stored query, and may never end.
        for name, sql in self.rows("SELECT name, sql FROM sqlite_master WHERE type NOT IN ('index', 'trigger')"):
            kind = _kind_of(name, sql)
            if kind == "TABLE":
                self._refuse_generated(name)
                plain.add(str(name))
            elif kind is None or name.lower().startswith(CATALOGUE):
                raise UnsafeFileError(
                    "The GeoPackage computes what it says of itself.",
                    expected=f"a plain table {name}",
                    found=(sql or "nothing")[:80],
                    next_step=EXPORT,
                )
        return plain

    def refuse_vast(self, table: str, limits: Limits) -> None:
        """Count a table's rows and add up its cells, until they are more than may be."""
        columns = [_quoted(name) for name in self._columns(table)]
        lengths = [
            " + ".join(f"iif(typeof({name}) IN ('text', 'blob'), length({name}), 0)" for name in some)
            for some in (columns[start : start + AT_ONCE] for start in range(0, len(columns), AT_ONCE))
        ]
        source, held = _quoted(table), 0
        most = self._size + DEFAULTS
        # Names come from the file itself and are quoted; SQLite takes no name as a value.
        for number, row in enumerate(self.rows(f"SELECT {', '.join(lengths)} FROM {source}"), start=1):  # noqa: S608
            held += sum(row)
            if number > limits.rows.value or number * len(columns) > limits.cells.value or held > most:
                refuse_more(number, limits.rows)
                refuse_more(number * len(columns), limits.cells)
                raise UnsafeFileError(
                    f"The cells of the table {table} hold more than their file.",
                    rows=f"the first {number:,}",
                    expected=f"at most {most:,} bytes",
                    found=f"{held:,} bytes",
                    next_step=EXPORT,
                )
        # GDAL counts rows by the index that SQLite thinks smallest, which need not have as many.
        for _, index, _, _, partial in self.rows("SELECT * FROM pragma_index_list(?)", table):
            rows = self.rows(f"SELECT 1 FROM {source} INDEXED BY {_quoted(index)}") if not partial else ()  # noqa: S608
            for number, _ in enumerate(rows, start=1):
                refuse_more(number, limits.rows)

    def refuse_miscounted(self, layer: str, limits: Limits) -> None:
        """Refuse a count of features that is too high: GDAL believes it, and room is made for so many."""
        if "gpkg_ogr_contents" in self.tables():
            sql = "SELECT CAST(feature_count AS INTEGER) FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?)"
            for (count,) in self.rows(sql, layer):
                refuse_more(count or 0, limits.rows)

    def _columns(self, table: str) -> list[str]:
        return [str(name) for (name,) in self.rows("SELECT name FROM pragma_table_xinfo(?)", table)]

    def _refuse_generated(self, table: str) -> None:
        for name, hidden in self.rows("SELECT name, hidden FROM pragma_table_xinfo(?)", table):
            if hidden in GENERATED:
                raise UnsafeFileError(
                    "The GeoPackage has a column that is computed when it is read.",
                    column=str(name),
                    expected="plain columns, which hold their values",
                    found=f"a generated column in the table {table}",
                    next_step=EXPORT,
                )


@contextmanager
def _opened(content: bytes) -> Iterator[_Database]:
    """Open the bytes with SQLite, which may take so long and no longer."""
    whole = _checked(content)
    connection = sqlite3.connect(":memory:")
    end = time.monotonic() + LONGEST_LOOK.value
    late = False

    def look() -> bool:
        nonlocal late
        late = time.monotonic() > end
        return late

    try:
        connection.deserialize(whole)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(whole), MEGABYTE))
        connection.set_progress_handler(look, STEPS)
        connection.execute("PRAGMA trusted_schema = off")
        connection.execute("PRAGMA query_only = on")
        yield _Database(connection, len(whole))
    except sqlite3.Error as error:
        said = f"more than {LONGEST_LOOK.value:g} {LONGEST_LOOK.unit} of work ({LONGEST_LOOK.meaning})"
        raise ValueError(said if late else str(error)) from error
    finally:
        connection.close()


def _kind_of(name: str, sql: str | None) -> str | None:
    """Tell what SQL makes a table of that name: a plain table, a view or a virtual table; None for anything else.

    >>> _kind_of("a", 'CREATE TABLE "a" (b TEXT)'), _kind_of("a", "CREATE VIEW b AS SELECT 1")
    ('TABLE', None)
    """
    quoted = "|".join(map(re.escape, (_quoted(name), name, f"[{name}]", f"`{name}`", f"'{name}'")))
    made = re.match(rf"CREATE (TABLE|VIEW|VIRTUAL TABLE) (?:{quoted})(?!\w)", sql or "")
    return made[1] if made else None


def _quoted(name: str) -> str:
    """Quote a name for SQL.

    >>> _quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


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
