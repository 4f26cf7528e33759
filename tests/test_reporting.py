"""Boundaries are read whatever ONS calls their columns, and what does not fit says why."""

from __future__ import annotations

import json
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from dividing import EAST, NORTH, built, reported
from hand_shapes import DEGREES, IN_METRES, every_format
from hand_shapes import WRITERS as FORMATS
from official.world import SIDE, SOUTH, WEST
from worlds import AREAS, NORTHSHIRE, outlines, run_command, world_today, write_csv

from layers.errors import LayerError
from layers.families import POLYGON, columns_of, family_of
from layers.ledger import Ledger
from layers.reporting import boundary_in, read_boundary
from layers.study import Layer

LEFT = shapely.box(WEST, SOUTH, WEST + 2 * SIDE, NORTH)
RIGHT = shapely.box(WEST + 2 * SIDE, SOUTH, EAST, NORTH)


def shapes(*drawn, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(drawn), crs=27700)


def read(folder, file, *, name="ward", geography="lsoa21", ledger=None):
    layer = Layer(kind="reporting", name=name.replace("-", "_"), file=file)
    study = SimpleNamespace(paths=lambda layer: [folder / one for one in layer.files], geography=geography)
    return read_boundary(study, layer, name=name, spine=built(), ledger=Ledger() if ledger is None else ledger)


def write(folder, table, name="wards.geojson"):
    (folder / name).write_bytes(FORMATS[{"geojson": "areas.geojson", "gpkg": "areas.gpkg"}[name.split(".")[-1]]](table))
    return name


def refusal(folder, file, **more):
    with pytest.raises(LayerError) as caught:
        read(folder, file, **more)
    return caught.value


@every_format
def test_wards_are_read_from_every_format(tmp_path, name):
    table = shapes(LEFT, RIGHT, WD25CD=["E05000002", "E05000001"], WD25NM=["Ash", "Yew"])
    (tmp_path / name).write_bytes(FORMATS[name](table))
    ward = read(tmp_path, name)
    assert ward.places["name"].to_dict() == {"E05000001": "Yew", "E05000002": "Ash"}
    assert reported(ward).places["premises"].tolist() == [96, 96]


@pytest.mark.parametrize(
    ("name", "headings", "found"),
    [
        ("ward", ["WD25CD", "WD25NM"], ("WD25CD", "WD25NM")),
        ("ward", ["ward24_code", "ward24_name"], ("ward24_code", "ward24_name")),
        ("parish", ["PARNCP24CD", "PARNCP24NM", "LAD24CD"], ("PARNCP24CD", "PARNCP24NM")),
        ("constituency", ["PCON24CD", "PCON24NM"], ("PCON24CD", "PCON24NM")),
        ("constituency_2010", ["pcon"], (None, None)),
        ("county", ["CTY22CD", "CTY22NM", "CTYUA22CD", "CTYUA22NM"], ("CTYUA22CD", "CTYUA22NM")),
        ("old_district", ["LAD18CD", "LAD18NM", "LAD24CD"], ("LAD18CD", "LAD18NM")),
        ("district", ["LAD18CD", "LAD24CD", "LAD24NM"], ("LAD24CD", "LAD24NM")),
        ("region", ["RGN22CD", "RGN22NM"], ("RGN22CD", "RGN22NM")),
        ("lep", ["LSIP23CD", "LSIP23NM"], ("LSIP23CD", "LSIP23NM")),
        ("health_trust", ["code", "Name"], ("code", "Name")),
        ("health_trust", ["health_trust_code", "health_trust_name"], ("health_trust_code", "health_trust_name")),
    ],
)
def test_headings_are_found_by_the_report_s_name(name, headings, found):
    columns = columns_of(family_of(name), headings)
    assert (columns.code, columns.name) == found


def test_a_lookup_of_small_areas_to_wards_is_best_fit_and_one_of_districts_is_not(tmp_path):
    codes = built().index
    write_csv(tmp_path / "w.csv", pd.DataFrame({"LSOA21CD": codes, "WD24CD": "E05000001", "WD24NM": "Ash"}))
    ward = read(tmp_path, "w.csv")
    assert ward.best_fit
    assert reported(ward).modelled
    assert reported(ward).places[["areas_whole", "premises_whole"]].isna().all(axis=None)
    write_csv(
        tmp_path / "c.csv", pd.DataFrame({"LAD22CD": ["E06000059"], "UTLA22CD": ["E10000009"], "UTLA22NM": ["D"]})
    )
    county = read(tmp_path, "c.csv", name="county")
    made = reported(county)
    assert (county.unit, county.best_fit, made.modelled) == ("district", False, False)
    assert made.not_assigned == {"in no county": 96.0}


def test_a_lookup_by_postcode_divides_areas_exactly_as_it_says(tmp_path):
    from dividing import WORLD

    table = pd.DataFrame({"pcds": WORLD.postcodes["postcode"], "parncp24cd": "E04000001", "parncp24nm": "Symondsbury"})
    write_csv(tmp_path / "p.csv", table.iloc[::2])
    parish = read(tmp_path, "p.csv", name="parish")
    made = reported(parish)
    assert made.places["premises"].tolist() == [pytest.approx(96)]
    assert made.not_assigned == {"in no parish": pytest.approx(96)}


def test_two_columns_of_leps_put_a_district_in_both(tmp_path):
    table = pd.DataFrame(
        {"LAD21CD": ["E06000059", "E06000058"], "LEP21CD1": ["E37000010", "E37000030"], "LEP21CD2": ["E37000030", ""]}
    ).rename(columns={"LAD21CD": "LAD22CD"})
    write_csv(tmp_path / "lep.csv", table)
    made = reported(read(tmp_path, "lep.csv", name="lep"))
    assert made.places.set_index("code")["premises"].to_dict() == {"E37000010": 96, "E37000030": 192}
    assert made.counted_twice == 96


def test_a_code_of_nines_is_no_place(tmp_path):
    table = pd.DataFrame({"LAD22CD": ["E06000059", "E06000058"], "CTY22CD": ["E10000009", "E99999999"]})
    write_csv(tmp_path / "c.csv", table)
    assert reported(read(tmp_path, "c.csv", name="county")).not_assigned == {"in no county": 96.0}


def test_an_area_in_two_wards_is_refused_and_the_outlines_recommended(tmp_path):
    code = built().index[0]
    write_csv(tmp_path / "w.csv", pd.DataFrame({"LSOA21CD": [code, code], "WD24CD": ["E05000001", "E05000002"]}))
    error = refusal(tmp_path, "w.csv")
    assert "more than one ward" in error.what
    assert "outlines" in error.parts["next"]


def test_a_lookup_on_other_codes_and_a_file_without_names_say_what_is_missing(tmp_path):
    write_csv(tmp_path / "w.csv", pd.DataFrame({"MSOA21CD": ["E02000001"], "WD24CD": ["E05000001"]}))
    assert "LSOA21CD" in refusal(tmp_path, "w.csv").parts["expected"]
    error = refusal(tmp_path, write(tmp_path, shapes(LEFT, colour=["red"])))
    assert "which ward" in error.what
    assert "colour" in error.parts["found"]


def test_shapes_beyond_the_study_are_left_out_and_counted_and_a_file_that_is_all_elsewhere_is_refused(tmp_path):
    far = shapely.box(500_000, 400_000, 501_000, 401_000)
    ledger = Ledger()
    ward = read(tmp_path, write(tmp_path, shapes(LEFT, far, code=["A", "B"])), ledger=ledger)
    assert ward.places.index.tolist() == ["A"]
    assert any("1 of 2 shapes lie outside the study" in said for said in ledger.warnings)
    error = refusal(tmp_path, write(tmp_path, shapes(far, code=["B"])))
    assert error.what == "The boundary lies outside the study."
    assert "500,000, 400,000" in error.parts["rows"]


def test_an_invalid_shape_is_repaired_and_said(tmp_path):
    bow = shapely.Polygon([(WEST, SOUTH), (EAST, NORTH), (EAST, SOUTH), (WEST, NORTH)])
    ledger = Ledger()
    read(tmp_path, write(tmp_path, shapes(bow, code=["A"])), ledger=ledger)
    assert any("1 outline crossed itself and was mended" in said for said in ledger.warnings)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "a\u202eb", "+1"])
def test_a_name_that_a_spreadsheet_would_run_is_refused(tmp_path, name):
    error = refusal(tmp_path, write(tmp_path, shapes(LEFT, code=["A"], name=[name])))
    assert "formula" in error.what
    write_csv(tmp_path / "w.csv", pd.DataFrame({"LSOA21CD": built().index[:1], "WD24CD": ["A"], "WD24NM": [name]}))
    assert "formula" in refusal(tmp_path, "w.csv").what


def test_degrees_called_metres_and_metres_called_degrees_are_refused():
    in_degrees = json.loads(shapes(LEFT).to_crs(DEGREES).to_json(to_wgs84=False))
    in_degrees["crs"] = IN_METRES
    in_metres = json.loads(shapes(LEFT).to_json(to_wgs84=False))
    del in_metres["crs"]
    for document, found in ((in_degrees, "degrees"), (in_metres, "metres")):
        with pytest.raises(LayerError, match="not in the units") as caught:
            given_as(json.dumps(document).encode())
        assert found in caught.value.parts["found"]


def given_as(content, name="mine.geojson"):
    return boundary_in(content, name=name, member=None, family=POLYGON, spine=built().geometry, ledger=Ledger())


@pytest.mark.parametrize("name", ["../../etc/mine.geojson", "mine.geojson"])
def test_shapes_handed_over_need_no_names_and_no_file(name):
    document = shapes(LEFT, RIGHT).to_crs(DEGREES).to_json(to_wgs84=False).encode()
    assert given_as(document, name).places["name"].tolist() == ["Shape 1", "Shape 2"]


@pytest.mark.parametrize("content", [b"", b"{", b"PK\3\4", b"<kml></kml>", b"\x00" * 100])
def test_bytes_that_are_no_outlines_are_refused_with_the_file_s_name(content):
    with pytest.raises(LayerError) as caught:
        given_as(content)
    assert caught.value.parts["file"] == "mine.geojson"


# --- A build --------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def run(*arguments):
        return run_command(
            *arguments, out=tmp_path / "out", log=tmp_path / "log", monkeypatch=monkeypatch, capsys=capsys
        )

    return run


@pytest.fixture
def today(tmp_path):
    world = world_today(tmp_path / "world")
    document = outlines(code="PARNCP24CD", name="PARNCP24NM")
    document["features"] = document["features"][:4]
    world.write_text("parishes.geojson", json.dumps(document))
    return world


PARISH = {"reporting": {"file": "parishes.geojson", "name": "parish"}}


def premises(result, name):
    table = pd.read_csv(result.folder / f"by_{name}.csv")
    return table, table.loc[table["row"] == "total", "premises"].item()


def test_a_build_reports_by_all_the_study_has_and_every_total_is_the_build_s(run, today):
    result = run("build", today.study(layers=PARISH))
    assert result.code == 0
    reports = result.manifest["reports"]
    assert list(reports) == ["district", "parish"]  # the lookup has ward names without codes
    for name, facts in reports.items():
        table, total = premises(result, name)
        assert total == facts["premises"]["in"] == result.manifest["premises"]["in"] == 900
        assert table.loc[table["row"] != "total", "premises"].sum() == pytest.approx(900, abs=0.02)
    table, _ = premises(result, "parish")
    assert len(table[table["row"] == "place"]) == 4
    assert table.loc[table["row"] == "not assigned", "name"].tolist() == ["in no parish"]
    district = pd.read_csv(result.folder / "by_district.csv").set_index("code")
    north = result.ranking[result.ranking["district_code"] == NORTHSHIRE]
    assert district.loc[NORTHSHIRE, "remote_infeasible"] == pytest.approx(north["remote_infeasible"].sum(), abs=0.05)


def test_report_by_restricts_and_a_file_of_one_s_own_is_added(run, today):
    own = f"polygon:{today.path('parishes.geojson')}"
    for asked in (["--report-by", f"district,{own}"], ["--report-by", "district", "--report-by", own]):
        result = run("build", today.study(layers=PARISH), *asked)
        assert list(result.manifest["reports"]) == ["district", "polygon"]
        assert not (result.folder / "by_parish.csv").exists()


def test_a_boundary_the_study_lacks_is_refused_with_the_nearest_and_nothing_is_written(run, today):
    result = run("build", today.study(layers=PARISH), "--report-by", "parrish")
    assert result.code == 2
    assert result.said("found") == "“parrish”, nearest: “parish”"
    assert not result.folder.exists()


def test_a_file_to_report_by_that_is_not_there_is_no_fault_of_the_study_file(run, today):
    result = run("build", today.study(), "--report-by", "polygon:none.geojson")
    assert result.code == 2
    assert "--report-by" in result.said("next")
    assert "study file" not in result.said("next")


def test_shapes_of_one_name_and_no_code_are_one_place_and_that_is_said():
    ledger = Ledger()
    document = shapes(LEFT, RIGHT, name=["Vale", "Vale"]).to_crs(DEGREES).to_json(to_wgs84=False).encode()
    found = boundary_in(
        document, name="mine.geojson", member=None, family=POLYGON, spine=built().geometry, ledger=ledger
    )
    assert found.places["name"].tolist() == ["Vale"]
    assert ledger.warnings == ["mine.geojson: 2 shapes have one name and no code (Vale): one place."]
    coded = shapes(LEFT, RIGHT, name=["Vale", "Vale"], code=["A", "A"]).to_crs(DEGREES).to_json(to_wgs84=False)
    ledger = Ledger()
    boundary_in(coded.encode(), name="mine.geojson", member=None, family=POLYGON, spine=built().geometry, ledger=ledger)
    assert ledger.warnings == []


def test_old_councils_come_from_the_names_of_2011(run, today):
    def rename(features):
        for number, feature in enumerate(features):
            feature["properties"]["LSOA11NM"] = f"{'Old Town' if number < 2 else 'Rest'} 00{number}A"

    today.shapes(rename)
    result = run("build", today.study())
    table, _ = premises(result, "old_district")
    assert table["name"].tolist() == ["Old Town", "Rest", "All"]
    assert table["areas"].tolist()[:2] == [2, len(AREAS) - 2]
    assert table["how"].tolist()[:2] == ["whole areas", "whole areas"]


def test_addresses_divide_areas_where_the_study_has_them_and_stay_beside_the_build(run, today):
    from worlds import SOUTH_WEST

    west, south = SOUTH_WEST
    spots = [(west + 100, south + 500)] * 3 + [(west + 900, south + 500)]  # three of Alder's four in its west half
    columns = {"UPRN": range(1, 5), "X_COORDINATE": [x for x, _ in spots], "Y_COORDINATE": [y for _, y in spots]}
    write_csv(today.path("osopenuprn_202511.csv"), pd.DataFrame(columns).assign(LATITUDE=50.0, LONGITUDE=-2.0))
    half = shapely.box(west, south, west + 500, south + 1000)
    today.write_bytes("half.geojson", FORMATS["areas.geojson"](shapes(half, name=["West of Alder"])))
    layers = {"reporting": {"file": "half.geojson", "name": "half"}, "open_uprn": "osopenuprn_202511.csv"}
    result = run("build", today.study(layers=layers))
    assert result.manifest["reports"]["half"]["method"] == "addresses"
    table, total = premises(result, "half")
    alder = result.ranking.set_index("area_code").loc[AREAS[0], "premises"]
    row = table.iloc[0]
    assert (row["premises"], row["how"]) == (pytest.approx(0.75 * alder), "divided by addresses (modelled)")
    assert total == 900  # areas without an address keep their postcodes, all outside
    places = pd.read_parquet(result.folder / "places.parquet")
    assert places["premises"].sum() == pytest.approx(900)


@pytest.mark.parametrize("own", ["missing.geojson", "lookup.csv", "."])
def test_a_file_of_one_s_own_that_cannot_be_used_is_refused_and_nothing_is_written(run, today, own):
    result = run("build", today.study(), "--report-by", f"polygon:{today.path(own)}")
    assert result.code == 2
    assert result.said("next")
    assert not result.folder.exists()


def test_a_district_s_own_outlines_do_not_replace_its_code(run, today):
    today.write_text("districts.geojson", json.dumps(outlines(code="LAD22CD", name="LAD22NM")))
    layers = {"reporting": {"file": "districts.geojson", "name": "district"}}
    assert run("build", today.study(layers=layers)).manifest["reports"]["district"]["method"] == "code"
