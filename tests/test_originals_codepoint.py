"""Code-Point Open as downloaded: postcodes with a place and without a small area."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from official.ordnance_survey import code_point_zip
from official.spreadsheets import zipped
from official.world import SIDE, SOUTH, WEST, World

from layers.errors import LayerError
from layers.ledger import Ledger, Repair
from layers.locations import EDGE, is_code_point, read_code_point

WORLD = World()
AREAS = gpd.GeoSeries(WORLD.areas.set_index("lsoa21")["geometry"], crs="EPSG:27700")
DORSET, BCP = "E06000059", "E06000058"


def saved(folder, content=None, **kwargs):
    path = folder / "codepo_gb.zip"
    path.write_bytes(code_point_zip(WORLD, **kwargs) if content is None else content)
    return path


def row(postcode, east, north, *, quality=10, district=DORSET):
    return f'"{postcode}",{quality},{east},{north},"E92000001","","","","{district}",""\n'


def read(path, *, areas=AREAS, ledger=None):
    return read_code_point(path, areas=areas, districts=[DORSET, BCP], ledger=ledger or Ledger())


def refused(path, **kwargs):
    with pytest.raises(LayerError) as caught:
        read(path, **kwargs)
    assert caught.value.parts["next"]
    return caught.value.parts | {"what": caught.value.what}


def test_every_postcode_lands_in_the_area_whose_outline_holds_it(tmp_path):
    ledger = Ledger()
    table = read(saved(tmp_path), ledger=ledger)
    expected = {place.postcode.replace(" ", ""): place.lsoa21 for place in WORLD.postcodes.itertuples()}
    assert table["area_code"].to_dict() == expected
    assert table["ended"].isna().all()
    assert set(table["district_code"]) == {DORSET, BCP}
    assert ledger.sources[0].rows == len(expected) + 1  # the far one is counted as a row of the file
    assert ledger.sources[0].release == "November 2025"
    assert len(ledger.warnings) == 1
    assert "48 postcodes were put into the area whose outline holds them" in ledger.warnings[0]
    # the report says so of the layer, and of the build
    put = [(one.kind, one.count) for one in ledger.records if isinstance(one, Repair)]
    assert put == [("postcodes", 48)]
    assert "used in place of the official lookup" in ledger.modelled[0]


def test_a_postcode_in_no_outline_is_counted_and_named_when_os_counts_it_to_the_council(tmp_path):
    off = row("DT99ZZ", WEST - 500, SOUTH + 10) + row("DT98ZZ", WEST - 600, SOUTH + 10, district="E07000041")
    ledger = Ledger()
    table = read(saved(tmp_path, extra={"dt": off}), ledger=ledger)
    assert table.loc[["DT99ZZ", "DT98ZZ"], "area_code"].isna().all()
    assert "1 of 49 postcodes of the study's councils (2.04%) lie in no outline (DT99ZZ)" in ledger.warnings[1]


def test_the_edge_is_kept_for_spacing_and_what_is_beyond_is_not(tmp_path):
    inner, outer = WEST - EDGE.value + 1, WEST - EDGE.value - 1
    table = read(
        saved(tmp_path, extra={"dt": row("DT97AA", f"{inner:.0f}", SOUTH) + row("DT96AA", f"{outer:.0f}", SOUTH)})
    )
    assert "DT97AA" in table.index
    assert "DT96AA" not in table.index


@pytest.mark.parametrize("place", [{"quality": 90, "east": 0, "north": 0}, {"quality": 10, "east": 0, "north": 0}])
def test_a_postcode_without_a_location_is_kept_without_one(tmp_path, place):
    extra = row("BH19ZZ", place["east"], place["north"], quality=place["quality"], district="")
    found = read(saved(tmp_path, extra={"bh": extra})).loc["BH19ZZ"]
    assert found[["area_code", "easting", "northing"]].isna().all()


def test_headings_come_from_the_products_own_list(tmp_path):
    words = "Eastings,Northings,Postcode,Positional_quality_indicator,Admin_district_code"
    path = saved(
        tmp_path,
        zipped(
            {
                "Doc/Code-Point_Open_Column_Headers.csv": f"EA,NO,PC,PQ,DC\n{words}\n",
                "Data/CSV/dt.csv": f'{WEST + 1},{SOUTH + 1},"DT1 1AA",10,"{DORSET}"\n',
            }
        ),
    )
    assert read(path)["area_code"].to_dict() == {"DT11AA": WORLD.areas["lsoa21"].iloc[0]}


def test_a_list_of_headings_that_has_changed(tmp_path):
    files = {"Doc/Code-Point_Open_Column_Headers.csv": "PC,XX\n", "Data/CSV/dt.csv": '"DT1 1AA",10\n'}
    assert "headings in Code-Point Open has changed" in refused(saved(tmp_path, zipped(files)))["what"]


@pytest.mark.parametrize("bad", ['"DT11AA",10\n', '"DT11AA",ten,1,2,"","","","","",""\n', "<html>\n"])
def test_a_file_that_is_not_what_it_should_be_names_the_member(tmp_path, bad):
    said = refused(saved(tmp_path, zipped({"Data/CSV/dt.csv": bad})))
    assert said["file"] == "codepo_gb.zip, Data/CSV/dt.csv"


def test_a_hostile_postcode_is_refused(tmp_path):
    said = refused(saved(tmp_path, extra={"dt": row("=1+1()", WEST, SOUTH)}))
    assert said["found"] == "=1+1()"


def test_the_same_postcode_twice(tmp_path):
    said = refused(saved(tmp_path, extra={"dt": row("DT9 9ZZ", WEST, SOUTH) + row("DT99ZZ", WEST, SOUTH)}))
    assert said["rows"] == "DT99ZZ"


def test_a_study_far_from_every_postcode(tmp_path):
    elsewhere = gpd.GeoSeries({"E01000001": shapely.box(0, 900_000, 10, 900_010)}, crs="EPSG:27700")
    said = refused(saved(tmp_path), areas=elsewhere)
    assert said["what"] == "No postcode of the file is near the study."
    assert "AB101AB at 394,235, 806,529" in said["found"]


def test_other_zips_are_not_the_product(tmp_path):
    assert is_code_point(saved(tmp_path))
    assert not is_code_point(saved(tmp_path, zipped({"postcodes.csv": "pcds\n"})))
    plain = tmp_path / "postcodes.csv"
    plain.write_text("pcds\n")
    assert not is_code_point(plain)


def test_borders_belong_to_one_area(tmp_path):
    border = row("DT99ZZ", WEST + SIDE, SOUTH + 5)
    codes = WORLD.areas["lsoa21"]
    assert read(saved(tmp_path, extra={"dt": border})).loc["DT99ZZ", "area_code"] in {codes.iloc[0], codes.iloc[1]}
