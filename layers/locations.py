"""Code-Point Open as Ordnance Survey publishes it: where each postcode in use is, and no word on which small area.

A zip with one CSV for each postcode area, ``Data/CSV/dt.csv``, without a heading row; the headings stand in
``Doc/Code-Point_Open_Column_Headers.csv`` (seen in public code that reads the product). ``Doc/metadata.txt`` gives the
date of the data (its wording is an assumption: where it differs, the release is "not stated").

As there is no code of a small area, each postcode is put into the area whose outline holds it. Measured on the 76,674
live postcodes of Dorset, BCP, Hampshire, Southampton, Portsmouth and the Isle of Wight, on generalised outlines:
99.2 % come to the area ONS's own lookup gives (LSOA 2011), 0.03 % to none.

OS Open UPRN: where each of Great Britain's 40 million addressable places is, read piece by piece.

A zip with one CSV, ``osopenuprn_YYYYMM.csv``: a byte-order mark, then ``UPRN, X_COORDINATE, Y_COORDINATE, LATITUDE,
LONGITUDE`` (seen in public code that reads the product). Only the places in the study's rectangle are kept, so memory
does not grow with the file. A UPRN is not a home: sheds, bus shelters and garages have one too.
"""

from __future__ import annotations

import csv
import fnmatch
import io
import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from layers.errors import LayerError, MissingColumnError, examples
from layers.figures import Figure
from layers.intake.cells import decoded
from layers.intake.files import names_of, read_parts, streamed, unsafe
from layers.intake.published import published_columns
from layers.intake.tables import normalised
from layers.ledger import MONTHS, Ledger, Unused
from layers.points import IN_NO_AREA, areas_of_points

POSTCODE_MEMBERS = "*Data/CSV/*.csv"
HEADINGS = "*Doc/*Column_Headers.csv"
METADATA = "*Doc/metadata.txt"
CODE_POINT = published_columns("code_point")
"""In the product's order, for a zip without its ``Doc`` folder."""
NEEDED = {column.headings[0]: column for column in CODE_POINT if column.required}
TYPES = {"code": pa.string(), "whole": pa.int64(), "number": pa.float64()}
NO_LOCATION = 90
"""The quality that says a postcode has no location (Ordnance Survey, Code-Point Open, technical specification)."""
EDGE = Figure(10_000, "metres", "postcodes kept beyond the study", "assumption: a library further off counts as none")


def is_code_point(path: Path) -> bool:
    """Tell the product by the names in its zip."""
    return path.suffix.lower() == ".zip" and any(
        fnmatch.fnmatchcase(name, POSTCODE_MEMBERS) for name in names_of(path, member="*")
    )


def read_code_point(
    path: Path, *, areas: gpd.GeoSeries, districts: Sequence[str], ledger: Ledger, member: str | None = None
) -> pd.DataFrame:
    """Read the postcodes in and around a study, and put each into the area whose outline holds it.

    Parameters
    ----------
    path
        The zip, as downloaded.
    areas
        Outlines of the study's areas, indexed by code, on British National Grid.
    districts
        Codes of the study's councils, to tell a postcode of theirs that no outline holds from one of a neighbour's.
    ledger
        Told how many postcodes lie in no outline, and which.
    member
        Pattern of the CSV files; the product's own where it is left out.

    Returns
    -------
    pandas.DataFrame
        As :func:`layers.lookups.read_postcode_lookup`: index ``postcode``; ``area_code`` (missing where no outline
        holds it), ``easting`` and ``northing`` in metres (NaN without a location), ``district_code`` (OS's), ``ended``
        (always missing: the product holds postcodes in use alone). Postcodes within `EDGE` of the study, and those
        without a location in the same postcode areas.

    Raises
    ------
    LayerError
        When the files are not the product's, a postcode stands twice, or none is near the study.
    """
    order = _order(path)
    west, south, east, north = areas.total_bounds
    kept, rows, corner = [], 0, ""
    for name, content in read_parts(path, member=member or POSTCODE_MEMBERS):
        part = _part(content, order, path=path, name=name)
        rows += len(part)
        nowhere = (part["quality"] == NO_LOCATION) | (part["easting"].eq(0) & part["northing"].eq(0))
        part.loc[nowhere, ["easting", "northing"]] = float("nan")
        near = part["easting"].between(west - EDGE.value, east + EDGE.value)
        near &= part["northing"].between(south - EDGE.value, north + EDGE.value)
        if near.any():
            kept.append(part[near | nowhere])
        elif not corner and not nowhere.all():
            first = part[~nowhere].iloc[0]
            corner = f"such as {first['postcode']} at {first['easting']:,.0f}, {first['northing']:,.0f}"
    ledger.used(path, kind="postcodes", rows=rows, release=_release(path))
    if not kept:
        raise LayerError(
            "No postcode of the file is near the study.",
            file=path.name,
            column="Eastings, Northings",
            expected=f"postcodes in {west:,.0f} to {east:,.0f} east and {south:,.0f} to {north:,.0f} north",
            found=corner or "no postcode with a location",
            next_step="use the whole of Code-Point Open, or its files for the study's postcode areas",
        )
    table = pd.concat(kept, ignore_index=True)
    _refuse_twice(table["postcode"], path)
    place = areas_of_points(table["easting"], table["northing"], areas=areas)
    codes = pd.Series(areas.index.to_numpy(dtype=object)[place], index=table.index).where(place != IN_NO_AREA)
    table = table.assign(area_code=codes.astype("str"), ended=pd.Series(pd.NA, index=table.index, dtype="str"))
    _tell(table, districts=districts, rows=rows, path=path, ledger=ledger)
    return table.set_index("postcode")[["area_code", "easting", "northing", "district_code", "ended"]]


def _order(path: Path) -> list[str]:
    """Give the columns' names in their order, from the product's own list of them."""
    if not any(fnmatch.fnmatchcase(name, HEADINGS) for name in names_of(path, member="*")):
        return [normalised(column.headings[0]) for column in CODE_POINT]
    ((_, content),) = read_parts(path, member=HEADINGS)
    for row in csv.reader(io.StringIO(decoded(content, path=path))):
        names = [normalised(name) for name in row]
        if set(map(normalised, NEEDED)) <= set(names):
            return names
    raise LayerError(
        "The list of headings in Code-Point Open has changed.",
        file=path.name,
        expected=f"a row with {', '.join(NEEDED)}",
        found=" ".join(decoded(content, path=path).split())[:120],
        next_step="download the file again; if it is as published, name it in an issue",
    )


def _part(content: bytes, order: list[str], *, path: Path, name: str) -> pd.DataFrame:
    """Read one postcode area's file."""
    kinds = {normalised(heading): TYPES[column.kind] for heading, column in NEEDED.items()}
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(content),
            read_options=pyarrow.csv.ReadOptions(column_names=order),
            convert_options=pyarrow.csv.ConvertOptions(include_columns=list(kinds), column_types=kinds),
        )
    except pa.ArrowInvalid as error:
        raise LayerError(
            "A file of Code-Point Open cannot be read.",
            file=f"{path.name}, {name}",
            expected=f"{len(order)} columns without a heading row: {examples(order)}",
            found=" ".join(str(error).split())[:160],
            next_step="download the file again, and use it as it is",
        ) from error
    names = {normalised(heading): column.name for heading, column in NEEDED.items()}
    table = table.rename_columns([names[heading] for heading in table.column_names])
    right = pyarrow.compute.match_substring_regex(table["postcode"], "^[A-Z0-9 ]{5,8}$")
    if not pyarrow.compute.all(right).as_py():
        raise LayerError(
            "A file of Code-Point Open holds something other than postcodes.",
            file=f"{path.name}, {name}",
            column="Postcode",
            expected="postcodes such as DT11AA",
            found=examples(table["postcode"].filter(pyarrow.compute.invert(right)).to_pylist()),
            next_step="download the file again, and use it as it is",
        )
    plain = pyarrow.compute.replace_substring(table["postcode"], " ", "")
    table = table.set_column(table.column_names.index("postcode"), "postcode", plain)
    frame: pd.DataFrame = table.to_pandas().astype({"easting": "float64", "northing": "float64"})
    return frame


def _refuse_twice(postcodes: pd.Series, path: Path) -> None:
    if pyarrow.compute.count_distinct(pa.array(postcodes)).as_py() < len(postcodes):
        twice = postcodes.duplicated(keep=False)
        raise LayerError(
            f"{postcodes[twice].nunique():,} postcodes stand more than once.",
            file=path.name,
            column="Postcode",
            rows=examples(postcodes[twice].unique()),
            expected="one row for each postcode",
            found=f"{int(twice.sum()):,} rows",
            next_step="download the file again, and use it as it is",
        )


def _tell(table: pd.DataFrame, *, districts: Sequence[str], rows: int, path: Path, ledger: Ledger) -> None:
    """Say how the postcodes came to their areas, and how many that OS counts to the same councils came to none."""
    inside = table["area_code"].notna()
    lost = ~inside & table["easting"].notna() & table["district_code"].isin(districts)
    whole = int(inside.sum() + lost.sum())
    ledger.check(path, "no postcode stands twice", rows=rows)
    ledger.warn(
        f"{path.name}: gives no codes of small areas, so {int(inside.sum()):,} postcodes were put into the area whose "
        f"outline holds them, which near a border may not be the one their letters are counted in."
    )
    ledger.modelled.append(
        "Postcodes: the file names no small areas, so each postcode is in the one whose outline holds it. That "
        "is used in place of the official lookup, and agreed with it for 99 of 100 where we could check."
    )
    what = "postcodes without a small area were put into the one whose outline holds them"
    ledger.repair(path, what, count=int(inside.sum()), examples=table.loc[inside, "postcode"])
    if lost.any():
        ledger.warn(
            f"{path.name}: {int(lost.sum()):,} of {whole:,} postcodes of the study's councils "
            f"({lost.sum() / whole:.2%}) lie in no outline ({examples(table.loc[lost, 'postcode'])}): they are in no "
            "small area."
        )


def _release(path: Path) -> str | None:
    """Read the month of the data off the product's own note."""
    if not any(fnmatch.fnmatchcase(name, METADATA) for name in names_of(path, member="*")):
        return None
    ((_, content),) = read_parts(path, member=METADATA)
    found = re.search(rb"COPYRIGHT DATE:?\s*(20\d{2})(0[1-9]|1[0-2])\d{2}", content)
    return f"{MONTHS[int(found[2]) - 1]} {int(found[1])}" if found else None


ADDRESS_MEMBERS = "*.csv"
ADDRESSES = published_columns("open_uprn")
COLUMNS = {column.headings[0]: TYPES[column.kind] for column in ADDRESSES}
EASTING, NORTHING = (column.headings[0] for column in ADDRESSES[1:])
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
    inside = member or (ADDRESS_MEMBERS if path.suffix.lower() == ".zip" else None)
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
                x, y = batch.column(EASTING), batch.column(NORTHING)
                near = pyarrow.compute.and_(_between(x, west, east), _between(y, south, north))
                if pyarrow.compute.any(near).as_py():
                    kept.append(batch.filter(near))
        except (KeyError, pa.ArrowInvalid) as error:
            raise _said(error, path=path, member=inside) from error
    ledger.used(path, kind="open_uprn", rows=rows, release=_addresses_release(path, inside))
    if not kept:
        raise LayerError(
            "No place of the file is in the study.",
            file=path.name,
            column=f"{EASTING}, {NORTHING}",
            expected=f"places in {west:,.0f} to {east:,.0f} east and {south:,.0f} to {north:,.0f} north",
            found=f"{rows:,} rows, all elsewhere",
            next_step="use the whole of OS Open UPRN, and check that the outlines are of the same country",
        )
    table: pd.DataFrame = pa.Table.from_batches(kept).select(list(COLUMNS)).to_pandas()
    table = table.set_axis([column.name for column in ADDRESSES], axis=1)
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


def _addresses_release(path: Path, member: str | None) -> str | None:
    """Read the month off the name of the CSV.

    >>> _addresses_release(Path("osopenuprn_202511.csv"), None)
    'November 2025'
    """
    found = re.search(r"_(20\d{2})(0[1-9]|1[0-2])", names_of(path, member=member)[-1])
    return f"{MONTHS[int(found[2]) - 1]} {found[1]}" if found else None
