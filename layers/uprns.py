"""OS Open UPRN: where each of Great Britain's 40 million addressable places is, read piece by piece.

A zip with one CSV, ``osopenuprn_YYYYMM.csv``: a byte-order mark, then ``UPRN, X_COORDINATE, Y_COORDINATE, LATITUDE,
LONGITUDE`` (seen in public code that reads the product). Only the places in the study's rectangle are kept, so memory
does not grow with the file. A UPRN is not a home: sheds, bus shelters and garages have one too.
"""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from layers.errors import LayerError, MissingColumnError
from layers.files import names_of
from layers.manifest import MONTHS, Ledger
from layers.opening import unsafe
from layers.quality import Unused
from layers.streaming import streamed
from layers.tabular.tables import normalised

MEMBER = "*.csv"
COLUMNS = {"UPRN": pa.int64(), "X_COORDINATE": pa.float64(), "Y_COORDINATE": pa.float64()}
NAMES = ["uprn", "easting", "northing"]
BLOCK = 1 << 24
"""Bytes read at once: about 300,000 rows."""


def read_uprns(path: Path, *, areas: gpd.GeoSeries, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the places in the rectangle around some areas.

    Parameters
    ----------
    path
        The zip as downloaded, or the CSV in it.
    areas
        Outlines on British National Grid.
    ledger
        Told of the file, with all its rows.
    member
        The CSV in the zip; the only one where it is left out.

    Returns
    -------
    pandas.DataFrame
        ``uprn`` (whole number), ``easting`` and ``northing`` in metres, in the file's order. Which area each is in is
        for :func:`layers.points.areas_of_points`.

    Raises
    ------
    LayerError
        When a column is missing, a row cannot be read, or no place lies in the rectangle.
    """
    inside = member or (MEMBER if path.suffix.lower() == ".zip" else None)
    west, south, east, north = (float(value) for value in areas.total_bounds)
    kept, rows = [], 0
    with streamed(path, member=inside) as stream:
        try:
            reader = pyarrow.csv.open_csv(
                stream,
                read_options=pyarrow.csv.ReadOptions(block_size=BLOCK),
                convert_options=pyarrow.csv.ConvertOptions(include_columns=list(COLUMNS), column_types=COLUMNS),
            )
            for batch in reader:
                rows += batch.num_rows
                x, y = batch.column("X_COORDINATE"), batch.column("Y_COORDINATE")
                near = pyarrow.compute.and_(_between(x, west, east), _between(y, south, north))
                if pyarrow.compute.any(near).as_py():
                    kept.append(batch.filter(near))
        except (KeyError, pa.ArrowInvalid) as error:
            raise _said(error, path=path, member=inside) from error
    ledger.used(path, kind="open_uprn", rows=rows, release=_release(path, inside))
    if not kept:
        raise LayerError(
            "No place of the file is in the study.",
            file=path.name,
            column="X_COORDINATE, Y_COORDINATE",
            expected=f"places in {west:,.0f} to {east:,.0f} east and {south:,.0f} to {north:,.0f} north",
            found=f"{rows:,} rows, all elsewhere",
            next_step="use the whole of OS Open UPRN, and check that the outlines are of the same country",
        )
    table: pd.DataFrame = pa.Table.from_batches(kept).select(list(COLUMNS)).to_pandas()
    table = table.set_axis(NAMES, axis=1)
    if not table["uprn"].is_monotonic_increasing or (table["uprn"].diff() == 0).any():  # sorted, a look aside is enough
        twice = int(table["uprn"].duplicated().sum())
        if twice:
            raise unsafe("A UPRN stands more than once.", file=path, found=f"{twice:,} repeated rows")
    ledger.check(path, "no UPRN stands twice", rows=len(table))
    far = Unused.of("outside the rectangle around the study", rows - len(table), harmless=True)
    ledger.rows(path, rows_in=rows, rows_used=len(table), unused=[far], noun="places")
    return table


def _between(values: pa.Array, low: float, high: float) -> pa.Array:
    return pyarrow.compute.and_(pyarrow.compute.greater_equal(values, low), pyarrow.compute.less_equal(values, high))


def _said(error: Exception, *, path: Path, member: str | None) -> LayerError:
    """Say what is wrong with the table, in its own terms."""
    with streamed(path, member=member) as stream:
        line = stream.read(1 << 12).split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip()
    if line.startswith("<"):
        found = repr(line[:40])
        return LayerError(
            "This is a web page, not a table.",
            file=path.name,
            expected="a CSV table with a heading row",
            found=found,
            next_step="download the file again; the address may have answered with an error page",
        )
    headings = line.split(",")
    there = {normalised(heading) for heading in headings}
    missing = next((heading for heading in COLUMNS if normalised(heading) not in there), None)
    if missing is not None:
        return MissingColumnError(path.name, [missing], headings)
    return LayerError(
        "The table cannot be read.",
        file=path.name,
        expected=f"whole UPRNs and coordinates in metres under {', '.join(COLUMNS)}",
        found=" ".join(str(error).split())[:160],
        next_step="download the file again, and use it as it is",
    )


def _release(path: Path, member: str | None) -> str | None:
    """Read the month off the name of the CSV.

    >>> _release(Path("osopenuprn_202511.csv"), None)
    'November 2025'
    """
    found = re.search(r"_(20\d{2})(0[1-9]|1[0-2])", names_of(path, member=member)[-1])
    return f"{MONTHS[int(found[2]) - 1]} {found[1]}" if found else None
