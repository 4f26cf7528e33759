"""The demo's tables, made from the carriers' rows by pure functions; each returns the text of a file."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rebuild.carriers import Location, LookupRow

#: Five decimals of a degree are about a metre, finer than the generalised outlines themselves.
COORDINATE_DECIMALS = 5
#: Mean Earth radius in kilometres (IUGG).
EARTH_RADIUS_KM = 6_371.0088
#: The classification's pseudo-code for the Channel Islands and the Isle of Man: no class at all.
PSEUDO_CLASS = "9Z9"

Box = tuple[float, float, float, float]


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    r"""Return a comma-separated table with LF line ends, quoting only where needed.

    Examples
    --------
    >>> csv_text(["code", "name"], [["E1", "A, B"]])
    'code,name\nE1,"A, B"\n'
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def most_common(counts: Mapping[str, int]) -> str:
    """Return the code with the highest count, the lowest code where counts tie.

    Examples
    --------
    >>> most_common({"E2": 3, "E1": 3, "E0": 1})
    'E1'
    """
    return min(counts, key=lambda code: (-counts[code], code))


def ward_name(name: str) -> str:
    """Return a ward's name without the kind of division that OS appends to it.

    Examples
    --------
    >>> ward_name("Marshwood Vale Ward"), ward_name("Lake North ED"), ward_name("Warden Hill")
    ('Marshwood Vale', 'Lake North', 'Warden Hill')
    """
    return name.removesuffix(" Ward").removesuffix(" ED")


def within_ring(candidates: Iterable[Location], *, study: Iterable[Location], metres: int) -> list[Location]:
    """Return the candidates within a distance of any study postcode.

    Study postcodes are filed in squares as wide as the distance, so that only nine squares are searched; whole metres
    make the test exact on every machine.
    """
    squares: defaultdict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for place in study:
        squares[place.easting // metres, place.northing // metres].add((place.easting, place.northing))
    around = [(column, row) for column in (0, -1, 1) for row in (0, -1, 1)]

    def is_near(place: Location) -> bool:
        column, row = place.easting // metres, place.northing // metres
        return any(
            (easting - place.easting) ** 2 + (northing - place.northing) ** 2 <= metres**2
            for right, up in around
            for easting, northing in squares.get((column + right, row + up), ())
        )

    return [place for place in candidates if is_near(place)]


def kilometres_to_box(latitude: float, longitude: float, *, box: Box) -> float:
    """Return the great-circle distance from a point to a box of west, south, east, north degrees; 0 inside.

    Examples
    --------
    >>> kilometres_to_box(51.0, -1.0, box=(-2.0, 50.0, 0.0, 52.0))
    0.0
    >>> round(kilometres_to_box(53.0, -1.0, box=(-2.0, 50.0, 0.0, 52.0)), 1)
    111.2
    """
    west, south, east, north = box
    nearest_latitude = min(max(latitude, south), north)
    nearest_longitude = min(max(longitude, west), east)
    phi, nearest_phi = math.radians(latitude), math.radians(nearest_latitude)
    half_chord = (
        math.sin((phi - nearest_phi) / 2) ** 2
        + math.cos(phi) * math.cos(nearest_phi) * math.sin(math.radians(longitude - nearest_longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_chord))


def rounded(coordinates: Any) -> Any:  # noqa: ANN401 - GeoJSON nests points, rings and polygons
    """Return GeoJSON coordinates at five decimals; shapes that are invalid as published stay so.

    Examples
    --------
    >>> rounded([[-2.1234567, 50.7654321], [-2.0, 51.0]])
    [[-2.12346, 50.76543], [-2.0, 51.0]]
    """
    if isinstance(coordinates, list):
        return [rounded(part) for part in coordinates]
    return round(float(coordinates), COORDINATE_DECIMALS)


def areas_text(features: Iterable[Mapping[str, Any]], *, names: Mapping[str, str]) -> str:
    """Return the outlines of the named areas, one feature a line, sorted by code.

    Parameters
    ----------
    features
        GeoJSON features with the properties LSOA11CD and LSOA11NM, in degrees.
    names
        The areas to keep: code to the name the ONS lookup gives.

    Raises
    ------
    ValueError
        If an area has no outline, or two, or another name than in the lookup.
    """
    lines: dict[str, str] = {}
    for feature in features:
        code, name = feature["properties"]["LSOA11CD"], feature["properties"]["LSOA11NM"]
        if code not in names:
            continue
        if code in lines or names[code] != name:
            raise ValueError(
                f"Outline {code} {name!r} is there twice or is {names[code]!r} in the lookup. Check the pinned wheels."
            )
        geometry = {
            "type": feature["geometry"]["type"],
            "coordinates": rounded(feature["geometry"]["coordinates"]),
        }
        kept = {"type": "Feature", "properties": {"LSOA11CD": code, "LSOA11NM": name}, "geometry": geometry}
        lines[code] = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if missing := sorted(set(names) - set(lines)):
        raise ValueError(
            f"{len(missing)} of {len(names)} areas have no outline (first: {missing[0]}). Check the pinned wheels."
        )
    body = ",\n".join(lines[code] for code in sorted(lines))
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def bounding_box(areas: str) -> Box:
    """Return west, south, east, north of the areas file, in degrees."""
    longitudes: list[float] = []
    latitudes: list[float] = []

    def collect(coordinates: Any) -> None:  # noqa: ANN401 - as in rounded
        if isinstance(coordinates[0], list):
            for part in coordinates:
                collect(part)
        else:
            longitudes.append(coordinates[0])
            latitudes.append(coordinates[1])

    for feature in json.loads(areas)["features"]:
        collect(feature["geometry"]["coordinates"])
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def lookup_text(rows: Iterable[LookupRow], *, live: Mapping[str, Location], ward_names: Mapping[str, str]) -> str:
    """Return area to district and ward: the ward with most of the area's live postcodes, the lowest code on a tie."""
    areas: dict[str, tuple[str, str, str, str]] = {}
    wards: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        areas[row.area] = (row.area, row.area_name, row.district, row.district_name)
        if row.postcode in live:
            wards[row.area][live[row.postcode].ward] += 1
    table = []
    for code in sorted(areas):
        ward = most_common(wards[code])
        table.append((*areas[code], ward, ward_name(ward_names[ward])))
    return csv_text(["LSOA11CD", "LSOA11NM", "LAD22CD", "LAD22NM", "WD25CD", "WD25NM"], table)


def postcodes_text(places: Iterable[Location], *, areas: Mapping[str, str]) -> str:
    """Return live postcodes with their area and their easting and northing in metres, sorted by postcode."""
    table = sorted((place.postcode, areas[place.postcode], place.easting, place.northing) for place in places)
    return csv_text(["pcds", "lsoa11cd", "easting", "northing"], table)


def output_areas_text(
    rows: Iterable[LookupRow], *, classes: Mapping[str, Mapping[str, str]]
) -> tuple[str, Counter[str]]:
    """Return output area to area and classification, and how sure the classification is.

    The class of an output area is that of most of its postcodes, live or terminated, the lowest code on a tie; a
    postcode the classification does not name has no vote. Without any vote the class is empty.
    """
    areas: dict[str, str] = {}
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        areas[row.output_area] = row.area
        outward, inward = row.postcode.split(" ")
        found = classes.get(outward, {}).get(inward, PSEUDO_CLASS)
        if found != PSEUDO_CLASS:
            votes[row.output_area][found] += 1
    table = []
    agreement = Counter({"unanimous": 0, "by majority": 0, "unknown": 0})
    for code in sorted(areas):
        found_classes = votes[code]
        table.append((code, areas[code], most_common(found_classes) if found_classes else ""))
        agreement[("unknown", "unanimous", "by majority")[min(len(found_classes), 2)]] += 1
    return csv_text(["oa11cd", "lsoa11cd", "oac11"], table), agreement


def stations_text(rows: Iterable[Mapping[str, str]], *, box: Box, margin_km: float) -> str:
    """Return the stations within a margin of a box of degrees, as published, sorted by station code."""
    kept = [
        (row["name"], row["crs"], row["lat"], row["lon"])
        for row in rows
        if kilometres_to_box(float(row["lat"]), float(row["lon"]), box=box) <= margin_km
    ]
    return csv_text(["name", "crs", "lat", "lon"], sorted(kept, key=lambda station: station[1]))
