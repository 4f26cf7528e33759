"""The embedded demo is what data/README.md says it is."""

import csv
import doctest
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "demo"
README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
OFCOM = "202507_fixed_laua_coverage_r01.csv"
DATA_FILES = [
    *("areas.geojson", "coast.csv", "lookup.csv", "postcodes.csv", "output_areas.csv", "stations.csv", "districts.csv"),
    OFCOM,
]
DISTRICTS = {
    *("E06000044", "E06000045", "E06000046", "E06000058", "E06000059"),
    *(f"E070000{number}" for number in range(84, 95)),
}
HEADINGS = {
    "coast.csv": ["LSOA11CD", "coastal"],
    "lookup.csv": ["LSOA11CD", "LSOA11NM", "LAD22CD", "LAD22NM", "WD25CD", "WD25NM"],
    "postcodes.csv": ["pcds", "lsoa11cd", "easting", "northing"],
    "output_areas.csv": ["oa11cd", "lsoa11cd", "oac11"],
    "stations.csv": ["name", "crs", "lat", "lon"],
    "districts.csv": [f"{unit}{kind}" for unit in ("LAD22", "UTLA22", "RGN22", "LSIP23") for kind in ("CD", "NM")],
}
SPEED_BANDS = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]


def table(name):
    with (DEMO / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def lookup():
    return table("lookup.csv")


@pytest.fixture(scope="module")
def areas(lookup):
    return {row["LSOA11CD"] for row in lookup}


@pytest.fixture(scope="module")
def outlines():
    return json.loads((DEMO / "areas.geojson").read_text(encoding="utf-8"))["features"]


@pytest.mark.parametrize("name", DATA_FILES)
def test_files_are_plain_text_that_is_the_same_on_every_machine(name):
    content = (DEMO / name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    content.decode("utf-8")


def test_the_demo_stays_small():
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 5_000_000


@pytest.mark.parametrize("name", HEADINGS)
def test_headings(name):
    assert list(table(name)[0]) == HEADINGS[name]


def test_the_readme_describes_every_file():
    described = set(re.findall(r"^\| `demo/([^`]+)` \|", README, flags=re.MULTILINE))
    assert {path.name for path in DEMO.iterdir()} <= described


@pytest.mark.parametrize("name", DATA_FILES)
def test_the_readme_counts_the_rows(name, outlines):
    stated = re.search(rf"^\| `demo/{re.escape(name)}` \|[^|]*\| ([\d,]+) \|", README, flags=re.MULTILINE)
    assert stated is not None
    rows = outlines if name.endswith(".geojson") else table(name)
    assert int(stated[1].replace(",", "")) == len(rows)


def test_the_readme_pins_the_carriers_the_script_uses():
    script = (ROOT / "data" / "rebuild" / "carriers.py").read_text(encoding="utf-8")
    pins = re.findall(r'Wheel\(\s*"([\w-]+)", "([\w.]+)", "([0-9a-f]{64})"', script)
    assert len(pins) == 5
    for name, version, digest in pins:
        assert f"| {name} | {version} | `{digest}` |" in README


@pytest.mark.parametrize(
    "line",
    [
        "Contains National Statistics data © Crown copyright and database right",
        "Contains OS data © Crown copyright and database right",
        "Contains Royal Mail data © Royal Mail copyright and database right",
        "Open Government Licence v3.0",
    ],
)
def test_the_readme_carries_the_attribution(line):
    assert line in README


def test_outlines_and_lookup_hold_the_same_areas_under_the_same_names(lookup, outlines):
    properties = [feature["properties"] for feature in outlines]
    assert all(list(row) == ["LSOA11CD", "LSOA11NM"] for row in properties)
    assert [(row["LSOA11CD"], row["LSOA11NM"]) for row in properties] == [
        (row["LSOA11CD"], row["LSOA11NM"]) for row in lookup
    ]
    assert len(lookup) == 1646


def test_outlines_are_one_area_a_line_at_five_decimals(outlines):
    text = (DEMO / "areas.geojson").read_text(encoding="utf-8")
    assert text.count("\n") == len(outlines) + 2
    assert re.search(r"\.\d{6}", text) is None
    assert {feature["geometry"]["type"] for feature in outlines} == {"Polygon", "MultiPolygon"}


def test_outlines_are_longitude_and_latitude_of_the_right_corner_of_england():
    text = (DEMO / "areas.geojson").read_text(encoding="utf-8")
    points = re.findall(r"\[(-?[\d.]+),(-?[\d.]+)\]", text)
    assert all(-3 < float(longitude) < -0.7 and 50.5 < float(latitude) < 51.4 for longitude, latitude in points)


def test_every_area_has_one_district_of_the_study_and_a_ward(lookup):
    assert {row["LAD22CD"] for row in lookup} == DISTRICTS
    names = {(row["LAD22CD"], row["LAD22NM"]) for row in lookup}
    assert len(names) == len(DISTRICTS)
    assert all(re.fullmatch(r"E05\d{6}", row["WD25CD"]) and row["WD25NM"] for row in lookup)
    assert not any(row["WD25NM"].endswith((" Ward", " ED")) for row in lookup)


def test_the_shore_is_where_maps_show_it(lookup):
    rows = table("coast.csv")
    assert [row["LSOA11CD"] for row in rows] == [row["LSOA11CD"] for row in lookup]
    assert Counter(row["coastal"] for row in rows) == {"yes": 255, "no": 1391}
    said = {area["LSOA11NM"]: row["coastal"] for area, row in zip(lookup, rows, strict=True)}
    shore = (
        *("Bournemouth 021A", "Bournemouth 024A", "West Dorset 005A", "Weymouth and Portland 009A"),
        *("Isle of Wight 018A", "Isle of Wight 012A"),  # Ventnor and Freshwater
    )
    inland = (
        *("West Dorset 010A", "Isle of Wight 009A", "Isle of Wight 013C"),  # with Dorchester
        *(
            "West Dorset 005D",
            "North Dorset 001A",
            "North Dorset 003A",
            "New Forest 001D",
        ),  # Devon, Somerset, Wiltshire
    )
    assert {said[name] for name in shore} == {"yes"}
    assert {said[name] for name in inland} == {"no"}
    districts = Counter(area["LAD22NM"] for area, row in zip(lookup, rows, strict=True) if row["coastal"] == "yes")
    assert districts["Isle of Wight"] == 46
    inland_districts = {"Basingstoke and Deane", "East Hampshire", "Hart", "Rushmoor", "Test Valley"}
    assert not inland_districts & set(districts)


def test_codes_look_like_codes_and_occur_once(areas):
    postcodes, output_areas, stations = table("postcodes.csv"), table("output_areas.csv"), table("stations.csv")
    assert all(re.fullmatch(r"E01\d{6}", code) for code in areas)
    assert all(re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", row["pcds"]) for row in postcodes)
    assert all(re.fullmatch(r"[EW]01\d{6}", row["lsoa11cd"]) for row in postcodes)
    assert all(re.fullmatch(r"E00\d{6}", row["oa11cd"]) for row in output_areas)
    assert all(re.fullmatch(r"([1-8][A-D][1-4])?", row["oac11"]) for row in output_areas)
    assert all(re.fullmatch(r"[A-Z]{3}", row["crs"]) for row in stations)
    for rows, key in ((postcodes, "pcds"), (output_areas, "oa11cd"), (stations, "crs")):
        codes = [row[key] for row in rows]
        assert codes == sorted(set(codes))


def test_every_area_has_live_postcodes_and_the_ring_lies_outside(areas):
    counts = Counter(row["lsoa11cd"] for row in table("postcodes.csv"))
    inside = {code: count for code, count in counts.items() if code in areas}
    assert set(inside) == areas
    assert min(inside.values()) == 9
    assert sum(inside.values()) == 76_533
    assert counts.total() - sum(inside.values()) == 9_086


def test_postcodes_are_metres_and_the_ring_is_three_kilometres_wide(areas):
    rows = [(row["lsoa11cd"] in areas, int(row["easting"]), int(row["northing"])) for row in table("postcodes.csv")]
    for axis in (1, 2):
        study = [row[axis] for row in rows if row[0]]
        every = [row[axis] for row in rows]
        assert min(study) - 3_000 <= min(every)
        assert max(every) <= max(study) + 3_000
    assert min(row[1] for row in rows if row[0]) > 330_000
    assert max(row[1] for row in rows if row[0]) < 500_000


def test_every_area_has_output_areas_with_a_class(areas):
    rows = table("output_areas.csv")
    assert {row["lsoa11cd"] for row in rows} == areas
    assert sum(row["oac11"] == "" for row in rows) == 0
    fewest = min(Counter(row["lsoa11cd"] for row in rows).values())
    assert fewest == 3


def test_the_readme_names_every_group_of_the_classification():
    counts = Counter(row["oac11"][:2] for row in table("output_areas.csv"))
    for group, count in counts.items():
        assert re.search(rf"^\| {group} \| [^|]+ \| {group[0]} [^|]+ \| {count:,} \|$", README, flags=re.MULTILINE)


def test_stations_lie_around_the_study():
    stations = {row["name"]: (float(row["lat"]), float(row["lon"])) for row in table("stations.csv")}
    assert {"Dorchester South", "Southampton Central", "Ryde Esplanade"} <= set(stations)
    assert all(50.2 < latitude < 51.7 and -3.5 < longitude < -0.2 for latitude, longitude in stations.values())


def test_ofcom_rows_are_the_study_and_tie():
    rows = table(OFCOM)
    assert len(rows[0]) == 40
    assert {row["laua"] for row in rows} == DISTRICTS
    for row in rows:
        bands = [int(row[f"Number of premises with {band}Mbit/s download speed"]) for band in SPEED_BANDS]
        matched = int(row["All Matched Premises"])
        assert sum(bands) == matched <= int(row["All Premises"])
        unable = int(row["Number of premises unable to receive 30Mbit/s"])
        assert unable == matched - int(row["Number of premises with SFBB availability"])


def test_the_examples_in_the_rebuild_script_are_true():
    path = ROOT / "data" / "rebuild" / "tables.py"
    specification = importlib.util.spec_from_file_location("demo_tables", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.slow
@pytest.mark.parametrize("script", ["rebuild_demo.py", "rebuild_base.py"])
def test_the_demo_and_the_base_rebuild_byte_for_byte(script):
    pytest.importorskip("py7zr", reason="py7zr is not installed: pip install -r requirements-dev.txt")
    wheels = os.environ.get("NOTSPOT_WHEELS")
    if wheels is None:
        pytest.skip("set NOTSPOT_WHEELS to a folder with the five wheels of data/README.md to check the rebuild")
    command = [sys.executable, str(ROOT / "data" / script), "--check", "--wheels", wheels]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
