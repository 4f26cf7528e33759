"""The documents are true: every key, kind, indicator and column that exists is described, and nothing else."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from connectivity.manifest import Manifest
from connectivity.method import kernel, ranking
from connectivity.method.records import INDICATORS
from connectivity.outputs import read_build
from connectivity.robustness import draws
from connectivity.schema import RANKING_COLUMNS
from layers import covariates, estimate, modelled
from layers.kinds import KINDS, kinds_table
from layers.ofcom.performance import MEASURES
from layers.plans.premises_list import COUNTS, NAMES
from layers.study import Layer, Study, Switches, WeightsTable

DOCS = Path(__file__).resolve().parents[1] / "docs"
STUDY_FILE = (DOCS / "study-file.md").read_text(encoding="utf-8")
OUTPUTS = (DOCS / "outputs.md").read_text(encoding="utf-8")


def first_cells(text: str, heading: str) -> set[str]:
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {word for cell in cells for word in re.findall(r"`([a-z_0-9…]+)`", cell)}


def keys(model):
    return {field.alias or name for name, field in model.model_fields.items()} - {"path", "folder"}


def test_every_key_of_a_study_is_described():
    assert first_cells(STUDY_FILE, "Keys") == keys(Study)
    assert first_cells(STUDY_FILE, "`[[layer]]`") == keys(Layer) | set(KINDS)
    assert first_cells(STUDY_FILE, "`[switches]`") == keys(Switches)
    weights = STUDY_FILE.split("## `[weights]`\n", 1)[1].split("\n## ", 1)[0]
    assert keys(WeightsTable) <= set(re.findall(r"`(\w+)`", weights))


def test_every_indicator_is_described_with_its_goalposts():
    assert first_cells(STUDY_FILE, "`indicators`") == set(INDICATORS)
    for indicator in INDICATORS.values():
        row = next(line for line in STUDY_FILE.splitlines() if line.startswith(f"| `{indicator.key}` |"))
        for _, bad in indicator.goalposts:
            assert f"{bad.value * indicator.scale:g}" in row


def test_the_table_of_kinds_is_the_register_of_kinds():
    table = kinds_table({one.key: one.columns for one in INDICATORS.values()})
    assert table in STUDY_FILE
    assert [key for key in INDICATORS if f"`{key}`" not in table] == []


def test_every_formula_of_the_method_stands_beside_a_function_that_exists():
    text = (DOCS / "method.md").read_text(encoding="utf-8")
    rooms = {"kernel": kernel, "ranking": ranking, "estimate": estimate, "covariates": covariates}
    rooms |= {"modelled": modelled, "draws": draws}
    named = {tuple(word.split(".")) for word in re.findall(rf"`((?:{'|'.join(rooms)})\.\w+)`", text)}
    assert [f"{room}.{name}" for room, name in named if not callable(getattr(rooms[room], name, None))] == []
    helpers = {  # steps inside a formula that stands there
        "kernel": {"on_broken_line", "failures", "comfort_logs"},
        "estimate": {"fit_of", "predictor_of", "logistic_chances", "relative_odds"},
        "covariates": {"of_postcodes"},
    }
    for room, steps in helpers.items():
        module = rooms[room]
        public = {
            name
            for name, one in vars(module).items()
            if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_")
        }
        assert public - {name for other, name in named if other == room} == steps, room


@pytest.fixture(scope="module")
def demo(demo_build):
    return read_build(demo_build)


def test_every_column_and_manifest_key_is_described(demo):
    assert set(RANKING_COLUMNS) == first_cells(OUTPUTS, "`ranking.csv`")
    described = first_cells(OUTPUTS, "`areas.parquet`") | set(RANKING_COLUMNS)
    families = ("premises_", "value_", "raster_")
    other_studies = {"relief_m", "ruggedness_m", "elevation_mean_m", "terrain_covered", "wimd_income_rank"}
    other_studies |= {"no_car_share", "home_working_share"}
    found = {"area_code", *demo.areas.columns}
    other_studies |= {f"bduk_{name}" for name in (*COUNTS, *NAMES, "latest_date")}
    other_studies |= {"remote_flagged"}  # lines of 2013 alone
    other_studies |= {f"measured_{name}" for name in MEASURES}
    assert other_studies <= described
    assert not {name for name in found - described if not name.startswith(families)}
    assert not {name for name in described - found if not name.endswith("…")} - {"premises_0_2"} - other_studies
    assert first_cells(OUTPUTS, "`manifest.json`") == {
        field.alias or name for name, field in Manifest.model_fields.items()
    }


def test_the_top_tens_in_the_studies_document_are_those_of_the_demo(demo):
    text = (DOCS / "studies.md").read_text(encoding="utf-8")
    top = demo.areas.sort_values("severity_rank").head(10)
    for area in top.itertuples():
        row = f"| {area.severity_rank} | {area.area_name} | {area.official_name} | {area.score:.2f} |"
        assert row in text
