"""The ground under a map: what is committed, what a study cuts out of it, and what a study without a base is told."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import shapely

from connectivity.maps.arcs import unpack
from connectivity.maps.base_map import BASE_MAP, NO_BASE, ground_around, write_base_map
from layers.errors import LayerError
from layers.ledger import Ledger
from layers.settlements import BASE, empty, read_settlements
from layers.study import read_study

DEMO = Path(__file__).parents[1] / "data" / "demo" / "study.toml"
DORSET = (331_000.0, 70_000.0, 425_000.0, 130_000.0)


@pytest.fixture(scope="module")
def demo():
    study = read_study(DEMO)
    settlements = read_settlements(study, bounds=DORSET, ledger=Ledger())
    return ground_around(districts=study.districts, bounds=DORSET, settlements=settlements)


def test_the_base_is_small_plain_text():
    files = [path for path in BASE.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 1_500_000
    for path in files:
        assert b"\r" not in path.read_bytes()
        path.read_text(encoding="utf-8")


def test_the_base_covers_england_and_wales_and_each_shape_has_its_row():
    for shapes, table in (("land.json", "councils.csv"), ("built.json", "built.csv")):
        packed, rows = json.loads((BASE / shapes).read_text(encoding="utf-8")), pd.read_csv(BASE / table)
        assert len(packed["shapes"]) == len(rows)
        some = list(range(0, len(rows), 40))
        drawn = unpack({**packed, "shapes": [packed["shapes"][at] for at in some]})
        for at, shape in zip(some, drawn, strict=True):
            west, south, east, north = rows.loc[at, ["west", "south", "east", "north"]]
            assert shape.bounds == pytest.approx((west, south, east, north), abs=2e-3)
    councils = pd.read_csv(BASE / "councils.csv")
    assert councils["km2"].sum() == pytest.approx(
        151_000, rel=0.01
    )  # England and Wales: ONS, Standard Area Measurements
    assert {"Somerset", "Cumberland", "Cardiff", "Bristol"} <= set(councils["name"])
    assert not {"Mendip", "South Somerset"} & set(councils["name"])  # ended in 2023


def test_districts_are_no_places():
    places = pd.read_csv(BASE / "places.csv")
    assert not {"Mendip", "High Peak", "Fylde", "Test Valley", "Purbeck"} & set(places["name"])
    assert {"Winchester", "Gosport", "Poole", "Lyme Regis", "Cerne Abbas"} <= set(places["name"])
    assert places["id"].is_unique
    assert places.loc[places["name"].eq("Lyme Regis"), "council"].tolist() == ["Dorset"]


def test_a_study_has_the_land_around_it_and_names_in_and_outside_it(demo):
    councils = [name for name, *_ in demo["councils"]]
    assert {"Dorset", "Somerset", "Wiltshire", "East Devon"} <= set(councils)
    assert "Cumberland" not in councils
    places = {name: (rank, lat, lon) for name, rank, lat, lon in demo["places"]}
    assert places["Yeovil"][0] == 1
    assert places["Dorchester"] == (2, 50.7167, -2.4333)
    assert [rank for _, rank, *_ in demo["places"]] == sorted(rank for _, rank, *_ in demo["places"])
    assert demo["missing"] == ""
    assert demo["waters"] == []


def test_the_studys_own_councils_are_not_drawn_twice(demo):
    drawn = unpack(demo["land"])
    dorchester, yeovil, sea = (
        shapely.Point(-2.4333, 50.7167),
        shapely.Point(-2.6321, 50.9416),
        shapely.Point(-2.5, 50.4),
    )
    assert not any(shape.covers(dorchester) for shape in drawn)
    assert sum(shape.covers(yeovil) for shape in drawn) == 1
    assert not any(shape.covers(sea) for shape in drawn)
    assert any(shape.covers(dorchester) for shape in unpack(demo["built"]))
    assert len(json.dumps(demo)) < 200_000


def test_a_study_of_unknown_councils_has_no_base_and_is_told(tmp_path):
    found = ground_around(districts=["E06000901"], bounds=DORSET, settlements=empty())
    assert (found["land"]["shapes"], found["built"]["shapes"], found["councils"], found["places"]) == ([], [], [], [])
    assert found["missing"] == NO_BASE
    write_base_map(found, folder=tmp_path)
    assert json.loads((tmp_path / BASE_MAP).read_text(encoding="utf-8")) == found


GAZETTEER = """ID,NAME1,NAME1_LANG,NAME2,TYPE,LOCAL_TYPE,GEOMETRY_X,GEOMETRY_Y,DISTRICT_BOROUGH,COUNTY_UNITARY
osgb1,Okeford Fitzpaine,,,populatedPlace,Village,380700,110800,,Dorset
osgb2,Dorchester,,,populatedPlace,Town,369300,90700,,Dorset
osgb3,Ringwood Road,,,transportNetwork,Named Road,400000,100000,,Dorset
osgb4,Penrith,,,populatedPlace,Town,351500,530100,,Westmorland and Furness
"""


def with_gazetteer(tmp_path: Path, text: str) -> pd.DataFrame:
    (tmp_path / "names.csv").write_text(text, encoding="utf-8")
    study = DEMO.read_text(encoding="utf-8").replace(
        "[switches]", '[[layer]]\nkind = "gazetteer"\nfile = "names.csv"\n\n[switches]'
    )
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    return read_settlements(read_study(tmp_path / "study.toml"), bounds=DORSET, ledger=Ledger())


def test_a_studys_own_gazetteer_replaces_geonames(tmp_path):
    found = with_gazetteer(tmp_path, GAZETTEER)
    assert found["name"].tolist() == ["Okeford Fitzpaine", "Dorchester"]
    assert found["rank"].tolist() == [3, 2]
    assert found["residents"].tolist() == [0, 16_879]  # GeoNames knows how many live in Dorchester
    assert found["council"].tolist() == ["Dorset", "Dorset"]
    assert found["lat"].tolist() == pytest.approx([50.897, 50.716], abs=2e-3)


@pytest.mark.parametrize("name", ["=1+1", "Ash\u202etset", "Ash\u0007"])
def test_a_hostile_name_in_a_gazetteer_is_refused(tmp_path, name):
    with pytest.raises(LayerError, match=r"names\.csv"):
        with_gazetteer(tmp_path, GAZETTEER.replace("Okeford Fitzpaine", name))


def test_a_gazetteer_without_settlements_or_with_one_id_twice_is_refused(tmp_path):
    with pytest.raises(LayerError, match="no settlements"):
        with_gazetteer(tmp_path, GAZETTEER.replace("Village", "Hill").replace("Town", "Hill"))
    with pytest.raises(LayerError, match="one identifier"):
        with_gazetteer(tmp_path, GAZETTEER.replace("osgb2", "osgb1"))
