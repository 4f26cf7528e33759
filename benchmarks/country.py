"""Every file of a study of England's size, in official headings, drawn at random; no row is a published one.

Outlines share their borders exactly, as the publisher's do, with about as many corners (assumption: 108 each; Dorset's
223 outlines of 2021 have about 130, a city's about 50). Coordinates are written with four decimals of a metre.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import national
from benchmarks.measuring import SEED

AREAS, OUTPUT_AREAS, POSTCODES, DISTRICTS = 33_755, 188_000, 1_700_000, 296
"""England: LSOA 2021 (exactly, ONS), output areas of 2021 and postcodes in round numbers, districts of 2023."""
SIDE, WEST, SOUTH = 1_965.0, 150_000.0, 50_000.0
"""Metres: a square of England's area (130,000 km²) cut into that many small squares, on the National Grid."""
CORNERS = 27
"""Between two corners of a square, along each of its sides."""
WANDER = 60.0
"""Metres a border strays from the straight line, at most (assumption)."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Country:
    """The files' folder, the study files in it, and how many of each thing there are."""

    folder: Path
    study: Path
    areas: int
    output_areas: int
    postcodes: int


def write(folder: Path, *, scale: int = 1) -> Country:
    """Write the files and the study file.

    Parameters
    ----------
    folder
        An empty folder.
    scale
        Divides the number of areas, output areas and postcodes.
    """
    random = np.random.default_rng(SEED)
    areas = AREAS // scale
    codes = np.char.add("E01", np.char.zfill(np.arange(areas).astype(str), 6))
    across = int(np.ceil(np.sqrt(areas)))
    district = np.arange(areas) * max(2, DISTRICTS // scale) // areas
    district_codes = np.char.add("E07", np.char.zfill(np.arange(district[-1] + 1).astype(str), 6))
    names = [f"District {number} {place:03d}A" for place, number in enumerate(district)]
    write_outlines(folder / "outlines.geojson", codes=codes, names=names, across=across, random=random)
    lookup = pd.DataFrame({"LSOA21CD": codes, "LSOA21NM": names, "WD24CD": "E05000001", "WD24NM": "A ward"})
    lookup["LAD24CD"] = district_codes[district]
    lookup["LAD24NM"] = [f"District {number}" for number in district]
    lookup.to_csv(folder / "LSOA21_WD24_LAD24_EW_LU.csv", index=False)
    write_output_areas(folder, codes=codes, count=OUTPUT_AREAS // scale, random=random)
    write_postcodes(folder / "codepo_gb.zip", count=POSTCODES // scale, areas=areas, across=across, random=random)
    write_people(folder, codes=codes, random=random)
    study = folder / "study.toml"
    study.write_text(study_file(list(district_codes)), encoding="utf-8")
    return Country(folder, study, areas, OUTPUT_AREAS // scale, POSTCODES // scale)


def write_outlines(
    path: Path, *, codes: npt.NDArray[np.str_], names: list[str], across: int, random: np.random.Generator
) -> None:
    """Write outlines whose borders wander, each border drawn once and used by both neighbours."""
    steps = np.linspace(0, 1, CORNERS + 2)
    lengthwise = strayed(random, (across + 1, across, CORNERS))  # along the bottom of each square
    upright = strayed(random, (across, across + 1, CORNERS))  # along its left
    head = '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},'
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head + '"features":[')
        for place, (code, name) in enumerate(zip(codes, names, strict=True)):
            row, column = divmod(place, across)
            west, south = WEST + column * SIDE, SOUTH + row * SIDE
            bottom = np.column_stack([west + steps * SIDE, south + lengthwise[row, column]])
            top = np.column_stack([west + steps * SIDE, south + SIDE + lengthwise[row + 1, column]])
            left = np.column_stack([west + upright[row, column], south + steps * SIDE])
            right = np.column_stack([west + SIDE + upright[row, column + 1], south + steps * SIDE])
            ring = np.concatenate([bottom, right[1:], top[-2::-1], left[-2::-1]])
            corners = ",".join(f"[{x:.4f},{y:.4f}]" for x, y in ring)
            file.write(
                f'{"," if place else ""}{{"type":"Feature","properties":{{"FID":{place + 1},"LSOA21CD":"{code}",'
                f'"LSOA21NM":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}\n'
            )
        file.write("]}")


def strayed(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Draw how far each border strays at its steps: nothing at both ends, so that corners meet."""
    stray = np.zeros((*shape[:-1], shape[-1] + 2))
    stray[..., 1:-1] = random.uniform(-WANDER, WANDER, shape)
    return stray


def write_output_areas(folder: Path, *, codes: npt.NDArray[np.str_], count: int, random: np.random.Generator) -> None:
    """Write Ofcom's file by output area, in a zip in a zip as published, and the lookup to small areas."""
    output_areas = np.char.add("E00", np.char.zfill(np.arange(count).astype(str), 6))
    matched, counts = national.draw(random, count, "output_area")
    columns = national.output_area_columns(matched + (matched % 50 == 0), matched, counts)
    plain = folder / "202601_fixed_oa_coverage_r1.csv"
    national.save(plain, {"output_area": output_areas} | columns)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(plain, plain.name)
    with zipfile.ZipFile(folder / "202601_fixed_broadband_coverage.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("202601_fixed_coverage_r1/202601_fixed_oa_coverage_r1.zip", inner.getvalue())
    plain.unlink()
    home = np.arange(count) * len(codes) // count
    lookup = pd.DataFrame({"OA21CD": output_areas, "LSOA21CD": codes[home]})
    lookup.to_csv(folder / "OA21_LSOA21_EW_LU.csv", index=False)


def write_postcodes(path: Path, *, count: int, areas: int, across: int, random: np.random.Generator) -> None:
    """Write Code-Point Open: one file without headings for each postcode area, in a zip."""
    postcodes = national.made_postcodes(count)
    row, column = np.divmod(np.arange(count) * areas // count, across)
    table = pd.DataFrame(
        {
            "postcode": np.char.add(np.char.add(postcodes.astype("<U4"), ""), [code[-3:] for code in postcodes]),
            "quality": 10,
            "easting": (WEST + SIDE * (column + random.uniform(0.05, 0.95, count))).round().astype(int),
            "northing": (SOUTH + SIDE * (row + random.uniform(0.05, 0.95, count))).round().astype(int),
            "country": "E92000001",
            "region": "E19000003",
            "authority": "E18000007",
            "county": "",
            "district": "E07000000",
            "ward": "E05000001",
        }
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for letters, part in table.groupby(table["postcode"].str[:2]):
            packed.writestr(f"Data/CSV/{str(letters).lower()}.csv", part.to_csv(index=False, header=False))


def write_people(folder: Path, *, codes: npt.NDArray[np.str_], random: np.random.Generator) -> None:
    """Write deprivation, census, travel and the rural–urban class."""
    count = len(codes)
    residents = 1_000 + random.integers(0, 1_500, count)
    households = residents * 10 // 24
    pd.DataFrame(
        {
            "LSOA code (2021)": codes,
            "Income Score (rate)": random.uniform(0.02, 0.6, count).round(3),
            "Employment Score (rate)": random.uniform(0.02, 0.4, count).round(3),
        }
    ).to_csv(folder / "File_7_IoD2025.csv", index=False)
    pd.DataFrame(
        {
            "LSOA21CD": codes,
            "usual_residents": residents,
            "disabled_residents": (residents * random.uniform(0.05, 0.3, count)).astype(int),
            "households": households,
            "households_deprived_2plus_dimensions": (households * random.uniform(0.05, 0.4, count)).astype(int),
        }
    ).to_csv(folder / "census.csv", index=False)
    score = random.uniform(10, 95, count).round(2)
    travel = pd.DataFrame({"LSOA21CD": codes, "connectivity_score": score})
    travel.to_csv(folder / "File_8_IoD2025.csv", index=False)
    classes = np.array(["UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1"])[random.integers(0, 6, count)]
    pd.DataFrame({"LSOA21CD": codes, "RUC21CD": classes, "RUC21NM": classes}).to_csv(folder / "RUC21.csv", index=False)


def study_file(districts: list[str]) -> str:
    """Word the study file."""
    listed = ", ".join(f'"{code}"' for code in districts)
    layers = {
        "boundaries": "outlines.geojson",
        "lookup": "LSOA21_WD24_LAD24_EW_LU.csv",
        "postcodes": "codepo_gb.zip",
        "ofcom_oa": "202601_fixed_broadband_coverage.zip",
        "output_areas": "OA21_LSOA21_EW_LU.csv",
        "deprivation": "File_7_IoD2025.csv",
        "census": "census.csv",
        "underlying_2025": "File_8_IoD2025.csv",
        "rural_urban": "RUC21.csv",
    }
    indicators = '["income_employment_2025", "disabled_residents", "deprived_households", "connectivity"]'
    lines = [
        'name = "England, made up"',
        'geography = "lsoa21"',
        f"districts = [{listed}]",
        f"indicators = {indicators}",
    ]
    for kind, file in layers.items():
        lines += ["", "[[layer]]", f'kind = "{kind}"', f'file = "{file}"']
        if kind == "ofcom_oa":
            lines.append('member = "*_fixed_oa_coverage_*.zip!*_fixed_oa_coverage_*.csv"')
    return "\n".join(lines) + "\n"
