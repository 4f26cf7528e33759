"""The page for a reader's own data: it says what it understood, loses no row, runs no name, and keeps nothing."""

from __future__ import annotations

import pytest
from shires import HOSTILE, REPOSITORY, Reader

TABLE = "notspot_areas"
CLINICS = (
    "Name,Easting,Northing\n"
    "Oak surgery,400500,100500\n"
    "Ash surgery,403500,102500\n"
    "Far away,500000,200000\n"
    f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",402100,100900\n'
)


def give(reader, content, *, name="clinics.csv"):
    if reader.at is None or not reader.at.get("file_uploader"):
        reader.open("owndata")
    reader.at.file_uploader[0].upload(name, content.encode() if isinstance(content, str) else content, "text/csv").run()
    assert not reader.at.exception
    return reader


def test_points_are_understood_counted_and_listed(reader):
    give(reader, CLINICS)
    assert "4 rows, read as points from the columns “Easting” and “Northing”." in reader.html
    assert "3 points lie in 3 small areas of this study." in reader.html
    assert "1 row is not on the map or in the table (1 outside this study)." in reader.html
    assert "4 rows = 3 used + 1 outside this study (line 4)." in reader.html
    rows = reader.data(TABLE)["rows"]
    assert [row[0] for row in rows] == ["E01000001", "E01000012", "E01000003"]
    print(rows, reader.html)
