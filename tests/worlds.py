"""A tiny study, made by hand in a temporary folder, for every test that needs one. No real figure is in it.

Two districts, six square areas of 1 km, eight postcodes in each. Names tell where things are: Alder, Birch and Cedar
make up Northshire, Dale, Elm and Fen make up Southshire; postcodes lie 20 m apart in Alder and 320 m apart in Fen.
Any test may import it::

    from worlds import world_2013, world_today  # tests/conftest.py makes the folder importable

    world = world_today(tmp_path)
    world.edit("lookup.csv", lambda table: table.drop(columns="LAD22NM"))
    build(world.study(name="Another name"), out=tmp_path / "out")

`world_today` is a study of council totals spread over areas, as the embedded one is; `world_2013` is one of measured
lines. Both have all the files, so a layer is added by naming it: ``world.study(layers={"wards": "wards.geojson"})``.
"""

from __future__ import annotations

import io
import json
import logging
import math
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyproj import Transformer

from connectivity import cli
from connectivity.commands import terminal

NORTHSHIRE, SOUTHSHIRE = "E06000901", "E06000902"
DISTRICTS = {NORTHSHIRE: "Northshire", SOUTHSHIRE: "Southshire"}
WARDS = {
    "E01900001": "Alder",
    "E01900002": "Birch",
    "E01900003": "Cedar",
    "E01900004": "Dale",
    "E01900005": "Elm",
    "E01900006": "Fen",
}
AREAS = list(WARDS)
METRES_APART = {"Alder": 20, "Birch": 40, "Cedar": 80, "Dale": 40, "Elm": 160, "Fen": 320}
"""Between one postcode and the next, so that Fen is the most and Alder the least spread out."""
POSTCODES_EACH = 8
SIDE = 1_000.0
"""Metres along a square; Fen's postcodes go beyond it, as one in ten real ones does."""
SOUTH_WEST = (400_000.0, 100_000.0)
"""Metres on British National Grid."""

TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

LAYERS_TODAY = {
    "boundaries": "areas.geojson",
    "lookup": "lookup.csv",
    "postcodes": "postcodes.csv",
    "ofcom_authority": "202507_fixed_laua_coverage_r01.csv",
    "output_areas": "output_areas.csv",
    "area_classification": "output_areas.csv",
    "stations": "stations.csv",
}
LAYERS_2013 = {
    "boundaries": "areas.geojson",
    "lookup": "lookup.csv",
    "postcodes": "postcodes.csv",
    "ofcom_postcode_2013": "lines_2013.csv",
    "deprivation": "deprivation.csv",
    "population": "population.csv",
    "road_distances": "road_distances.csv",
    "libraries": "libraries.csv",
    "rural_urban": "rural_urban.csv",
}
COUNTED = (
    *("SFBB availability", "UFBB (100Mbit/s) availability", "UFBB availability", "Full Fibre availability"),
    *("Gigabit availability", "unable to receive 2Mbit/s", "unable to receive 5Mbit/s", "unable to receive 10Mbit/s"),
    *("unable to receive 30Mbit/s", "below the USO", "NGA", "able to receive decent broadband from FWA"),
    *("30<300Mbit/s download speed", ">=300Mbit/s download speed", "0<2Mbit/s download speed"),
    *("2<5Mbit/s download speed", "5<10Mbit/s download speed", "10<30Mbit/s download speed"),
)
"""What each pair of Ofcom's columns is about; with code, name and the two totals they make the official 40."""


@dataclass(frozen=True, slots=True)
class World:
    """A study's files in one folder, each of which a test may change.

    Attributes
    ----------
    folder
        Where the files are.
    layers
        The study's layers when nothing is changed: kind → file name.
    keys
        The study file's other keys when nothing is changed.
    """

    folder: Path
    layers: dict[str, str]
    keys: dict[str, Any]

    def path(self, name: str) -> Path:
        """Say where a file of that name is."""
        return self.folder / name

    def read(self, name: str) -> pd.DataFrame:
        """Read a CSV file of the world; every cell is text."""
        return pd.read_csv(self.path(name), dtype=str, keep_default_na=False)

    def edit(self, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
        """Replace a CSV file by what `change` makes of it."""
        return write_csv(self.path(name), change(self.read(name)))

    def set(self, name: str, /, *, row: int, **cells: object) -> Path:
        """Change single cells of a row, counted from 0; a heading that is no Python name goes in ``**{...}``."""

        def change(table: pd.DataFrame) -> pd.DataFrame:
            for column, value in cells.items():
                table.loc[table.index[row], column] = str(value)
            return table

        return self.edit(name, change)

    def shapes(self, change: Callable[[list[dict[str, Any]]], object], *, name: str = "areas.geojson") -> Path:
        """Let `change` alter, in place, the features of an outlines file."""
        document = json.loads(self.path(name).read_bytes())
        change(document["features"])
        return self.write_text(name, json.dumps(document))

    def write_text(self, name: str, text: str) -> Path:
        """Write a file as UTF-8, byte for byte as given."""
        return self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, content: bytes) -> Path:
        """Write a file."""
        self.path(name).write_bytes(content)
        return self.path(name)

    def zipped(self, name: str, members: Mapping[str, bytes]) -> Path:
        """Write a zip with these members."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return self.write_bytes(name, packed.getvalue())

    def study(self, *, layers: Mapping[str, object] | None = None, **keys: object) -> Path:
        """Write ``study.toml`` and say where it is.

        Parameters
        ----------
        layers
            Layers to add or replace: kind → file name, or a table of the layer's other keys; None takes it out.
        keys
            Keys to add or replace; None takes the key out.
        """
        tables = {**self.layers, **(layers or {})}
        named = [
            {"kind": kind, **(entry if isinstance(entry, Mapping) else {"file": entry})}
            for kind, entry in tables.items()
            if entry is not None
        ]
        return self.write_text("study.toml", toml({**self.keys, **keys}, layers=named))


def world_today(folder: Path) -> World:
    """Make a study of today: council totals spread over areas, need by a proxy, distance to a rail station."""
    indicators = ["hard_pressed_proxy", "ageing_proxy", "rail_station"]
    return _world(folder, LAYERS_TODAY, {"name": "Two shires", "indicators": indicators})


def world_2013(folder: Path) -> World:
    """Make a study of 2013: measured lines by postcode, real need, road distances and libraries."""
    indicators = ["income_employment_2019", "older_residents", "post_office", "shop", "gp", "library"]
    return _world(
        folder, LAYERS_2013, {"name": "Two shires, 2013", "indicators": indicators, "switches": {"fwa": False}}
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command line left behind: exit code, both streams, the output folder."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest that was written."""
        content: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return content

    @property
    def ranking(self) -> pd.DataFrame:
        """The ranking that was written."""
        return pd.read_csv(self.folder / "ranking.csv")

    def said(self, part: str) -> str | None:
        """Find one part of the one message, such as file or rows."""
        found = [line for line in self.err.splitlines() if line.startswith(f"  {part}:")]
        if len(found) > 1:
            raise AssertionError(f"more than one message:\n{self.err}")
        return found[0].split(":", 1)[1].strip() if found else None


def run_command(
    *arguments: object,
    out: Path,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: Mapping[str, str] | None = None,
    draws: int = 0,
) -> Run:
    """Run the command line in this process, as a user with only that environment would.

    Parameters
    ----------
    arguments
        What stands after the program's name; ``--out`` is added to ``build``.
    log
        Folder of the log, in place of the user's own.
    draws
        How often a build draws where the command does not say: to say how sure each rank is, which few tests are
        about, takes a third of a small build's time.
    """
    log.mkdir(exist_ok=True)
    monkeypatch.setattr(terminal.platformdirs, "user_log_path", lambda *_, **__: log)
    for name in [name for name in os.environ if name.startswith("NOTSPOT_")]:
        monkeypatch.delenv(name)
    for name, value in ({"NOTSPOT_DRAWS": str(draws)} | dict(environment or {})).items():
        monkeypatch.setenv(name, value)
    place = ["--out", str(out)] if "build" in arguments else []
    monkeypatch.setattr(sys, "argv", ["notspot", *map(str, arguments), *place])
    code: object = 0
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        cli.main()
    except SystemExit as leaving:
        code = leaving.code
    finally:
        logging.captureWarnings(capture=False)
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
            handler.close()
    said = capsys.readouterr()
    return Run(code if isinstance(code, int) else 0, said.out, said.err, out)


def square(number: int, *, metres: bool = False) -> list[list[float]]:
    """Outline the area of that number, 0 to 5: three in a row, the second row north of the first."""
    west, south = SOUTH_WEST[0] + SIDE * (number % 3), SOUTH_WEST[1] + SIDE * (number // 3)
    corners = [(0.0, 0.0), (SIDE, 0.0), (SIDE, SIDE), (0.0, SIDE), (0.0, 0.0)]
    ring = [(west + x, south + y) for x, y in corners]
    return [list(point) if metres else list(TO_DEGREES.transform(*point)) for point in ring]


def outlines(*, code: str = "LSOA11CD", name: str = "LSOA11NM", metres: bool = False) -> dict[str, Any]:
    """Make the outlines of the six areas as a GeoJSON document, in degrees or in metres with a ``crs`` member."""
    features = [
        {
            "type": "Feature",
            "properties": {code: area, name: f"{DISTRICTS[district_of(area)]} 00{number + 1}A"},
            "geometry": {"type": "Polygon", "coordinates": [square(number, metres=metres)]},
        }
        for number, area in enumerate(AREAS)
    ]
    grid = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}} if metres else {}
    return {"type": "FeatureCollection", **grid, "features": features}


def authority_row(
    code: str, *, premises: int, matched: int, unable: tuple[int, int, int, int], above: tuple[int, int], decent: int
) -> dict[str, object]:
    """Make one row of Ofcom's authority file, with all 40 columns in agreement.

    Parameters
    ----------
    code
        The district.
    premises, matched
        All premises, and those Ofcom could match.
    unable
        Premises that cannot receive 2, 5, 10 and 30 Mbit/s.
    above
        Premises that can receive 100 and 300 Mbit/s.
    decent
        Premises below decent broadband, counting fixed wireless.
    """
    under_2, under_5, under_10, under_30 = unable
    superfast = matched - under_30
    counts = (
        *(superfast, *above, above[1], above[1], *unable, decent, superfast, premises // 2),
        *(superfast - above[1], above[1], under_2, under_5 - under_2, under_10 - under_5, under_30 - under_10),
    )
    row: dict[str, object] = {
        "laua": code,
        "laua_name": DISTRICTS[code],
        "All Premises": premises,
        "All Matched Premises": matched,
    }
    for words, count in zip(COUNTED, counts, strict=True):
        kind = words if words.endswith("availability") else f"premises with {words}"
        kind = f"premises {words}" if words.startswith(("unable", "below", "able")) else kind
        percent, number = f"% of {kind}", f"Number of {kind}"
        if words.endswith("availability"):
            percent, number = f"{words} (% premises)", f"Number of premises with {words}"
        if words.startswith("able"):
            percent, number = f"% of premises {words}", f"Number of premises {words}"
        row |= {percent: round(100 * count / premises, 1), number: count}
    return row


def district_of(area: str) -> str:
    """Say which district an area is in."""
    return NORTHSHIRE if AREAS.index(area) < len(AREAS) // 2 else SOUTHSHIRE


def postcodes_of(area: str) -> list[tuple[str, float, float]]:
    """List an area's postcodes with easting and northing in metres: a row of four and another above it."""
    number, apart = AREAS.index(area), METRES_APART[WARDS[area]]
    west, south = SOUTH_WEST[0] + SIDE * (number % 3), SOUTH_WEST[1] + SIDE * (number // 3)
    return [
        (f"ZZ{number + 1} 1A{'ABDEFGHJ'[i]}", west + 10 + apart * (i % 4), south + 10 + apart * (i // 4))
        for i in range(POSTCODES_EACH)
    ]


def write_csv(path: Path, table: pd.DataFrame | Iterable[Mapping[str, object]]) -> Path:
    """Write rows as published tables are written: UTF-8, commas, LF."""
    frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(list(table))
    path.write_bytes(frame.to_csv(index=False, lineterminator="\n").encode())
    return path


def toml(keys: Mapping[str, object], *, layers: Iterable[Mapping[str, object]]) -> str:
    """Write a study file: plain keys, then the layers, then the other tables."""
    plain = {key: value for key, value in keys.items() if value is not None and not isinstance(value, Mapping)}
    tables = {key: value for key, value in keys.items() if isinstance(value, Mapping)}
    lines = [f"{key} = {_toml_value(value)}" for key, value in plain.items()]
    for header, table in (*(("[[layer]]", layer) for layer in layers), *((f"[{k}]", t) for k, t in tables.items())):
        lines += ["", header, *(f"{key} = {_toml_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _toml_value(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # nan, inf
    return json.dumps(value, ensure_ascii=False)  # strings, numbers, lists and true or false are written alike


def _world(folder: Path, layers: dict[str, str], keys: dict[str, Any]) -> World:
    """Write every file of the world."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder, layers, {**keys, "geography": "lsoa11", "districts": list(DISTRICTS)})
    world.write_text("areas.geojson", json.dumps(outlines()))
    world.write_text("wards.geojson", json.dumps(outlines(code="WD25CD", name="WD25NM")))
    _write_codes(world)
    _write_broadband(world)
    _write_facts(world)
    return world


def _write_codes(world: World) -> None:
    write_csv(
        world.path("lookup.csv"),
        (
            {
                "LSOA11CD": area,
                "LSOA11NM": f"{DISTRICTS[district_of(area)]} 00{number + 1}A",
                "LAD22CD": district_of(area),
                "LAD22NM": DISTRICTS[district_of(area)],
                "WD25NM": WARDS[area],
            }
            for number, area in enumerate(AREAS)
        ),
    )
    write_csv(
        world.path("postcodes.csv"),
        (
            {"pcds": postcode, "lsoa11cd": area, "easting": east, "northing": north}
            for area in AREAS
            for postcode, east, north in postcodes_of(area)
        ),
    )
    groups = {"Alder": "7A1", "Birch": "2A1", "Cedar": "1A1", "Dale": "5B1", "Elm": "1C1", "Fen": "1C2"}
    write_csv(
        world.path("output_areas.csv"),
        (
            {"oa11cd": f"E0090{number}{part:03d}", "lsoa11cd": area, "oac11": groups[WARDS[area]]}
            for number, area in enumerate(AREAS)
            for part in range(4)
        ),
    )


def _write_broadband(world: World) -> None:
    write_csv(
        world.path("202507_fixed_laua_coverage_r01.csv"),
        (
            authority_row(NORTHSHIRE, premises=600, matched=590, unable=(6, 12, 30, 60), above=(400, 380), decent=20),
            authority_row(SOUTHSHIRE, premises=300, matched=300, unable=(10, 30, 60, 120), above=(90, 80), decent=45),
        ),
    )
    medians = {"Alder": 24.0, "Birch": 16.0, "Cedar": 8.0, "Dale": 12.0, "Elm": 4.0, "Fen": 1.5}
    write_csv(
        world.path("lines_2013.csv"),
        (
            {
                "Postcode.No.Spaces": postcode.replace(" ", ""),
                "Postcode.Data.Status": "OK",
                "Lines.Less.Than.2Mbps.T.F": median < 2,  # Mbit/s, as the heading says
                "Average.Speed.Mbps": median,
                "Median.Speed.Mbps": median,
                "Maximum.Speed.Mbps": median * 1.2,
                "Superfast.Broadband.Available.T.F": median > 10,  # any line between the two kinds
                "Number.of.Connections": 10,
            }
            for area in AREAS
            for median in (medians[WARDS[area]],)
            for postcode, _, _ in postcodes_of(area)
        ),
    )


def _write_facts(world: World) -> None:
    rates = (0.30, 0.10, 0.05, 0.15, 0.08, 0.12)
    write_csv(
        world.path("deprivation.csv"),
        (
            {
                "LSOA code (2011)": area,
                "LSOA name (2011)": WARDS[area],
                "Income Score (rate)": rate,
                "Employment Score (rate)": round(rate * 0.8, 3),
            }
            for area, rate in zip(AREAS, rates, strict=True)
        ),
    )
    write_csv(
        world.path("population.csv"),
        ({"lsoa11_code": area, "population": 400, "age_65_plus": 60 + 20 * i} for i, area in enumerate(AREAS)),
    )
    write_csv(
        world.path("road_distances.csv"),
        (
            {
                "lsoa11_code": area,
                "road_distance_to_a_post_office_indicator_km": 0.5 + 0.5 * i,
                "road_distance_to_general_store_or_supermarket_indicator_km": 0.4 + 0.4 * i,
                "road_distance_to_a_gp_surgery_indicator_km": 1.0 + i,
            }
            for i, area in enumerate(AREAS)
        ),
    )
    write_csv(
        world.path("libraries.csv"),
        [
            {"name": "Alder", "postcode": "ZZ1 1AA", "type": "Static Library", "closed": "", "staffed_hours": 30},
            {"name": "Fen", "postcode": "ZZ6 1AA", "type": "Static Library", "closed": 2016, "staffed_hours": ""},
        ],
    )
    stations = {"Alder Halt": (400_100.0, 100_100.0), "Far Junction": (408_000.0, 100_000.0)}
    write_csv(
        world.path("stations.csv"),
        (
            {"name": name, "crs": name[:3].upper(), "lat": round(north, 5), "lon": round(east, 5)}
            for name, place in stations.items()
            for east, north in (TO_DEGREES.transform(*place),)
        ),
    )
    kinds = ("Urban city and town",) * 3 + ("Rural town and fringe",) * 2 + ("Rural village and dispersed",)
    write_csv(
        world.path("rural_urban.csv"),
        ({"LSOA11CD": area, "RUC11": kind} for area, kind in zip(AREAS, kinds, strict=True)),
    )
