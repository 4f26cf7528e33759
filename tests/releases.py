"""Two releases of one hand-made country, in Ofcom's own output area headings, built by the real build.

Dorset's first small area (A) improves and grows, its second (B) stays as it was with 12 slow lines, its third (C) gets
worse; all else is fast at both times. Each small area has one output area with what is told here and one of ten fast
premises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from official.world import DISTRICTS, World
from worlds import toml, write_csv

from connectivity.build import build
from connectivity.outputs import Build, read_build

A, B, C = "E01033000", "E01033001", "E01033004"
FAST = (0, 0, 0, 0, 0, 90)
BELOW = {
    "202407": "below the USO",
    "202507": "below the USO",
    "202601": "unable to receive decent broadband from fixed or FWA",
}
OLD: dict[str, dict[str, Any]] = {
    A: {"bands": (4, 6, 10, 20, 40, 10), "decent": 10, "fwa": 30},
    B: {"bands": (0, 0, 12, 0, 0, 78), "decent": 6, "fwa": 20},
    C: {"bands": (0, 0, 0, 20, 0, 70), "unknown": 10, "decent": 0, "fwa": 20},
}
NEW: dict[str, dict[str, Any]] = {
    A: {"bands": (2, 3, 5, 10, 40, 40), "decent": 4, "fwa": 30},
    B: {"bands": (0, 0, 12, 0, 0, 78), "decent": 6, "fwa": 20},
    C: {"bands": (0, 0, 4, 26, 0, 60), "unknown": 10, "decent": 1, "fwa": 20},
}
"""Premises by speed: under 2, 2–5, 5–10, 10–30, 30–300 (all of them under 100), 300 and more."""


def write_release(folder: Path, *, month: str, places: Mapping[str, Mapping[str, Any]], **keys: Any) -> Path:
    """Write a study of one release, and give the study file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World()
    areas = world.areas
    features = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": area.lsoa21, "LSOA21NM": area.lsoa21_name},
            "geometry": area.geometry.__geo_interface__,
        }
        for area in areas.itertuples()
    ]
    grid = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    outlines = {"type": "FeatureCollection", "crs": grid, "features": features}
    (folder / "areas.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    headings = {"lsoa21": "LSOA21CD", "lsoa21_name": "LSOA21NM", "district": "LAD24CD", "district_name": "LAD24NM"}
    named = areas[[*headings, "ward_name"]].rename(columns={**headings, "ward_name": "WD24NM"})
    write_csv(folder / "lookup.csv", named)
    nested = world.output_areas.drop(columns="geometry").set_axis(["oa21cd", "lsoa21cd"], axis=1)
    write_csv(folder / "output_areas.csv", nested)
    write_csv(
        folder / "postcodes.csv",
        world.postcodes.rename(columns={"postcode": "pcds", "lsoa21": "lsoa21cd"}).drop(columns="oa21"),
    )
    first = world.postcodes["postcode"].iloc[0]
    library = {"name": "A", "postcode": first, "type": "Static Library", "closed": "", "staffed_hours": 30}
    write_csv(folder / "libraries.csv", [library])
    rows = []
    for number, place in enumerate(world.output_areas.itertuples()):
        told = places.get(place.lsoa21, {"bands": FAST}) if number % 2 == 0 else {"bands": (0, 0, 0, 0, 0, 10)}
        rows.append(output_area(place.oa21, month=month, **told))
    name = f"{month}_fixed_oa_coverage_r01.csv"
    write_csv(folder / name, rows)
    kinds = {
        "boundaries": "areas.geojson",
        "lookup": "lookup.csv",
        "postcodes": "postcodes.csv",
        "output_areas": "output_areas.csv",
        "libraries": "libraries.csv",
        "ofcom_oa": name,
    }
    settings = {"name": "Two councils", "geography": "lsoa21", "districts": list(DISTRICTS), "indicators": ["library"]}
    text = toml(settings | keys, layers=[{"kind": kind, "file": file} for kind, file in kinds.items()])
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def built(folder: Path, *, month: str, places: Mapping[str, Mapping[str, Any]], fwa: bool = False) -> Build:
    """Build a release of the country, and read the build back."""
    path = write_release(folder, month=month, places=places, switches={"fwa": fwa})
    build(path, out=folder / "out")
    return read_build(folder / "out")


def output_area(
    code: str, *, month: str, bands: tuple[int, ...], unknown: int = 0, decent: int = 0, fwa: int = 0
) -> dict[str, object]:
    """Make one row of Ofcom's output area file; counts as they are, percentages of all premises."""
    matched = sum(bands)
    under = [sum(bands[: edge + 1]) for edge in range(4)]
    counts = {
        "with SFBB availability": matched - under[3],
        "with UFBB (100Mbit/s) availability": bands[5],
        "with UFBB availability": bands[5],
        "with Gigabit availability": bands[5],
        **{f"unable to receive {speed}Mbit/s": under[i] for i, speed in enumerate((2, 5, 10, 30))},
        BELOW[month]: decent,
        "able to receive decent broadband from FWA": fwa,
        **{
            f"with {words}Mbit/s download speed": bands[i]
            for i, words in enumerate(("0<2", "2<5", "5<10", "10<30", "30<300", ">=300"))
        },
    }
    everyone = matched + unknown
    row: dict[str, object] = {"output_area": code, "All Premises": everyone, "All Matched Premises": matched}
    for words, count in counts.items():
        share = pd.NA if everyone == 0 else round(100 * count / everyone, 1)
        short = words.removeprefix("with ")
        row[f"{short} (% premises)" if "availability" in words else f"% of premises {words}"] = share
    return row | {f"Number of premises {words}": count for words, count in counts.items()}
