"""A new layer is one record and one reader, a new year's small areas one record: nothing else has to know them."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace

import pytest
from worlds import AREAS, world_today, write_csv

from layers.errors import StudyError
from layers.geography import GEOGRAPHIES
from layers.intake import published
from layers.intake.columns import read_by_area
from layers.intake.tables import Column, normalised, read_table
from layers.joined import join_layers
from layers.kinds import KINDS, READER
from layers.study import read_study


def read_bus_stops(path, *, geography, ledger, member=None):
    """Read what no publisher has: bus stops by area."""
    columns = [Column("bus_stops", ("Bus stops",), "count")]
    return read_by_area(path, columns, kind="bus_stops", geography=geography, ledger=ledger, member=member)


@pytest.fixture
def bus_stops(monkeypatch):
    record = replace(
        KINDS["wimd"],
        kind="bus_stops",
        title="Bus stops",
        reader="test_registers.read_bus_stops",
        columns=("bus_stops",),
        geography=None,
    )
    monkeypatch.setitem(KINDS, "bus_stops", record)
    return record


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_reader_and_says_what_it_gives(kind):
    wanted = {"areas": {"geography", "ledger", "member"}, "columns": {"reading"}, "broadband": {"reading"}}
    parameters = set(inspect.signature(kind.read_by()).parameters)
    assert wanted.get(kind.reads or "", set()) <= parameters
    assert bool(kind.columns) == (kind.reads in {"areas", "columns"})
    assert set(kind.needs) <= set(KINDS)
    assert kind.geography is None or kind.geography in GEOGRAPHIES


def test_every_code_of_the_small_areas_has_a_shape_and_a_heading():
    for one in GEOGRAPHIES.values():
        assert one.codes
        assert one.names
        assert re.compile(one.pattern).fullmatch("E01020634")
        assert one.replaces is None or one.replaces in GEOGRAPHIES


def test_a_new_kind_of_layer_is_allowed_read_joined_and_recorded_by_its_record_alone(tmp_path, bus_stops):
    world = world_today(tmp_path)
    rows = [{"LSOA11CD": code, "Bus stops": number} for number, code in enumerate(AREAS)]
    write_csv(world.path("bus_stops.csv"), rows)
    joined = join_layers(read_study(world.study(layers={"bus_stops": "bus_stops.csv"})))
    assert joined.areas.loc[AREAS, "bus_stops"].tolist() == [0, 1, 2, 3, 4, 5]
    assert [(one.name, one.rows) for one in joined.ledger.sources if one.kind == "bus_stops"] == [("Bus stops", 6)]


def test_a_kind_whose_columns_are_as_published_needs_a_record_and_its_headings_and_no_reader(
    tmp_path, monkeypatch, bus_stops
):
    monkeypatch.setitem(KINDS, "bus_stops", replace(bus_stops, reader=READER))
    headings = {"bus_stops": {"kind": "count", "headings": ["Stops (number)"]}}
    monkeypatch.setitem(published._records(), "bus_stops", headings)
    world = world_today(tmp_path)
    rows = [{"LSOA11CD": code, "Stops (number)": number} for number, code in enumerate(AREAS)]
    write_csv(world.path("bus_stops.csv"), rows)
    joined = join_layers(read_study(world.study(layers={"bus_stops": "bus_stops.csv"})))
    assert joined.areas.loc[AREAS, "bus_stops"].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_kind_that_has_no_record_is_refused(tmp_path):
    world = world_today(tmp_path)
    with pytest.raises(StudyError) as refused:
        read_study(world.study(layers={"bus_stops": "bus_stops.csv"}))
    assert "'boundaries', 'lookup'" in str(refused.value)
    assert "found:    'bus_stops'" in str(refused.value)


def test_a_reader_that_gives_a_column_its_record_does_not_name_is_a_fault_of_ours(tmp_path, monkeypatch, bus_stops):
    monkeypatch.setitem(KINDS, "bus_stops", replace(bus_stops, columns=("stops",)))
    world = world_today(tmp_path)
    write_csv(world.path("bus_stops.csv"), [{"LSOA11CD": code, "Bus stops": 1} for code in AREAS])
    study = read_study(world.study(layers={"bus_stops": "bus_stops.csv"}))
    with pytest.raises(RuntimeError, match="gives bus_stops, which its record"):
        join_layers(study)


@pytest.fixture
def data_zones(monkeypatch):
    record = replace(
        GEOGRAPHIES["lsoa11"],
        key="dz11",
        words="data zones of 2011",
        nations=("Scotland",),
        pattern=re.compile("S01[0-9]{6}"),
        codes=("DataZone2011",),
        names=("DataZone2011Name",),
        directory=("dz11cd",),
    )
    monkeypatch.setitem(GEOGRAPHIES, "dz11", record)


def test_a_study_of_other_small_areas_is_read_by_their_record_alone(tmp_path, data_zones):
    world = world_today(tmp_path)
    for path in tmp_path.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        for old, new in (("LSOA11CD", "DataZone2011"), ("lsoa11cd", "DataZone2011"), ("LSOA11NM", "DataZone2011Name")):
            text = text.replace(old, new)
        path.write_text(text.replace("E019", "S019").replace("E060", "S060"), encoding="utf-8")
    study = read_study(world.study(geography="dz11", districts=["S06000901", "S06000902"]))
    assert sorted(join_layers(study).areas.index) == [code.replace("E", "S") for code in AREAS]


def test_a_study_of_small_areas_without_a_record_is_refused(tmp_path):
    with pytest.raises(StudyError) as refused:
        read_study(world_today(tmp_path).study(geography="dz11"))
    assert "'lsoa11' or 'lsoa21'" in str(refused.value)


def test_a_publishers_new_heading_is_a_word_in_the_data_alone(tmp_path, monkeypatch):
    records = tmp_path / "headings.toml"
    text = published.RECORDS.read_text(encoding="utf-8")
    records.write_text(
        text.replace('"Income Score (rate)"', '"Share of people on a low income", "Income Score (rate)"')
    )
    monkeypatch.setattr(published, "RECORDS", records)
    published._records.cache_clear()
    columns = published.published_columns("deprivation")
    path = write_csv(tmp_path / "a.csv", [{"Share of people on a low income": 0.25, "Employment Score (rate)": 0.5}])
    try:
        assert read_table(path, columns)["income_rate"].tolist() == [0.25]
    finally:
        published._records.cache_clear()


@pytest.mark.parametrize("table", published._records())
def test_no_heading_stands_for_two_columns_of_a_file(table):
    headings = [normalised(heading) for one in published.published_columns(table) for heading in set(one.headings)]
    columns = {normalised(heading): one.name for one in published.published_columns(table) for heading in one.headings}
    assert len(columns) == len(set(headings))
    assert all(one.headings for one in published.published_columns(table))
