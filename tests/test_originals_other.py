"""Lookups, classes, dwellings, travel and premises as their publishers give them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from official.dwellings import ctsop_zip
from official.ons import (
    as_csv,
    change_rows,
    directory_zip,
    lookup_rows,
    outlines_geojson,
    output_area_rows,
    rural_urban_rows,
)
from official.ordnance_survey import open_uprn_zip
from official.spreadsheets import ods, zipped
from official.transport import connectivity_ods
from official.world import World

from layers.area_outlines import read_boundaries
from layers.errors import LayerError, MissingColumnError, UnsafeFileError
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.locations import read_uprns
from layers.lookups import read_changes, read_lookup, read_postcode_lookup
from layers.people.deprivation import read_connectivity
from layers.people.dwellings import read_dwellings, read_output_areas

WORLD = World()
AREAS = WORLD.areas.set_index("lsoa21")
FIRST = AREAS.index[0]
OUTLINES = gpd.GeoSeries(AREAS["geometry"], crs="EPSG:27700")


def saved(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def read(reader, path, *, ledger=None, **kwargs):
    return reader(path, geography="lsoa21", ledger=ledger or Ledger(), **kwargs)


def refused(reader, path, **kwargs):
    with pytest.raises(LayerError) as caught:
        read(reader, path, **kwargs)
    return caught.value


# --- ONS ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["ObjectId", "FID"])
def test_lookups_are_read_as_downloaded(tmp_path, number):
    places = saved(tmp_path, "oa.csv", as_csv(output_area_rows(WORLD), number=number))
    table = read(read_output_areas, places)
    assert table["area_code"].to_dict() == WORLD.output_areas.set_index("oa21")["lsoa21"].to_dict()
    lookup = saved(tmp_path, "lookup.csv", as_csv(lookup_rows(WORLD), number=number))
    found = read(read_lookup, lookup, districts=["E06000058", "E06000059"])
    assert found["ward_name"].to_dict() == AREAS["ward_name"].to_dict()
    changes = read(read_changes, saved(tmp_path, "changes.csv", as_csv(change_rows(WORLD), number=number)))
    assert changes["change"].tolist() == AREAS["change"].tolist()


@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize(("geography", "column"), [("lsoa21", "lsoa21"), ("lsoa11", "lsoa11")])
def test_the_postcode_directory_is_read_as_downloaded(tmp_path, newer, geography, column):
    ledger = Ledger()
    path = saved(tmp_path, "ONSPD_NOV_2025.zip", directory_zip(WORLD, newer=newer))
    table = read_postcode_lookup(path, geography=geography, ledger=ledger)
    areas = WORLD.areas.set_index("lsoa21", drop=False)
    expected = {place.postcode.replace(" ", ""): areas.loc[place.lsoa21] for place in WORLD.postcodes.itertuples()}
    live = table.drop(index="DT99ZZ")
    assert live["area_code"].to_dict() == {code: area[column] for code, area in expected.items()}
    assert live["easting"].notna().all()
    assert set(live["district_code"]) == {"E06000058", "E06000059"}
    assert table.loc["DT99ZZ", "ended"] == "199912"
    assert pd.isna(table.loc["DT99ZZ", "easting"])


def test_a_postcode_file_without_postcodes(tmp_path):
    path = saved(tmp_path, "p.csv", b"lsoa21cd,easting,northing\nE01000001,400000,100000\n")
    with pytest.raises(MissingColumnError) as caught:
        read_postcode_lookup(path, geography="lsoa21", ledger=Ledger())
    assert caught.value.parts["column"] == "pcds"


def test_the_classification_is_read_as_downloaded(tmp_path):
    path = saved(tmp_path, "ruc.csv", as_csv(rural_urban_rows(WORLD), number="FID"))
    table = read(KINDS["rural_urban"].read_by(), path)
    assert table.loc[FIRST, "rural_urban"] == "Smaller rural: Further from a major town or city"


def test_outlines_in_metres_are_read_as_the_service_gives_them(tmp_path):
    path = saved(tmp_path, "outlines.geojson", outlines_geojson(WORLD))
    shapes = read_boundaries([path], geography="lsoa21", ledger=Ledger())
    assert shapes.geometry.geom_equals(OUTLINES).all()


# --- Dwellings ----------------------------------------------------------------------------------------------------


def test_dwellings_are_read_from_the_table_of_every_kind_of_area(tmp_path):
    weight = read(read_dwellings, saved(tmp_path, "CTSOP1.1.zip", ctsop_zip(WORLD)))
    assert weight.tolist() == [100 + 10 * number for number in range(8)]
    assert weight.index.tolist() == AREAS.index.tolist()


def test_one_to_four_dwellings_are_not_known_and_said(tmp_path):
    ledger = Ledger()
    weight = read(read_dwellings, saved(tmp_path, "CTSOP1.1.zip", ctsop_zip(WORLD, first="-")), ledger=ledger)
    assert pd.isna(weight[FIRST])
    assert ledger.warnings == [f"CTSOP1.1.zip: 1 areas have no count of dwellings ({FIRST}): kept as not known."]


def test_a_table_without_small_areas(tmp_path):
    content = b"geography,ecode,all_properties\nLAUA,E06000059,10\n"
    error = refused(read_dwellings, saved(tmp_path, "t.csv", content))
    assert error.parts["found"] == "LAUA"


# --- Travel -------------------------------------------------------------------------------------------------------


def test_the_connectivity_metric_is_read_from_its_sheet_of_small_areas(tmp_path):
    table = read(read_connectivity, saved(tmp_path, "connectivity_metrics_2025.ods", connectivity_ods(WORLD)))
    assert table.index.tolist() == AREAS.index.tolist()
    assert table["connectivity_score"].tolist() == [50.0 + number for number in range(8)]
    assert table["travel_badness"].tolist() == [50.0 - number for number in range(8)]
    ways = ["connectivity_walking", "connectivity_cycling", "connectivity_public_transport", "connectivity_driving"]
    assert (table[ways] == 40).all(axis=None)


def test_a_sheet_of_other_areas_is_not_of_small_ones(tmp_path):
    path = saved(tmp_path, "c.ods", connectivity_ods(WORLD))
    error = refused(read_connectivity, path, member="LAD")
    assert isinstance(error, MissingColumnError)


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path):
    path = saved(tmp_path, "c.ods", connectivity_ods(WORLD))
    assert refused(read_connectivity, path, member="Zone").parts["found"] == "Metadata, OA, LSOA and 2 more"


def test_a_score_above_100(tmp_path):
    content = ods({"LSOA": [["LSOA21CD", "Overall"], [FIRST, 100.5]]})
    assert refused(read_connectivity, saved(tmp_path, "c.ods", content)).parts["column"] == "Overall"


def test_a_spreadsheet_that_declares_entities_is_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content><table:table table:name="LSOA"></table:table>'
    error = refused(read_connectivity, saved(tmp_path, "c.ods", zipped({"content.xml": bomb})))
    assert isinstance(error, UnsafeFileError)


def test_a_spreadsheet_without_an_end(tmp_path):
    cut = '<office:document-content><table:table table:name="LSOA"><table:table-row>'
    error = refused(read_connectivity, saved(tmp_path, "c.ods", zipped({"content.xml": cut})))
    assert isinstance(error, UnsafeFileError)


def test_a_few_bytes_that_claim_a_thousand_million_cells_are_refused(tmp_path):
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="150"/>'
    wide, rows = f"<table:table-row>{cell * 1_000}</table:table-row>", "<table:table-row></table:table-row>" * 1_000
    text = f'<office:document-content><table:table table:name="LSOA">{wide}{rows}</table:table>'
    error = refused(read_connectivity, saved(tmp_path, "c.ods", zipped({"content.xml": text})))
    assert "too large" in error.what
    assert error.parts["found"] == "1,001 rows, the widest of 151,000 cells"


@pytest.mark.parametrize("chunk", [7, 64, 1000])
def test_where_the_pieces_of_a_spreadsheet_are_cut_does_not_matter(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("layers.intake.spreadsheets.CHUNK", chunk)
    table = read(read_connectivity, saved(tmp_path, "c.ods", connectivity_ods(WORLD)))
    assert len(table) == 8


# --- Premises -----------------------------------------------------------------------------------------------------


def uprns(path, *, areas=OUTLINES, ledger=None):
    return read_uprns(path, areas=areas, ledger=ledger or Ledger())


def test_the_places_in_the_studys_rectangle_are_kept(tmp_path):
    ledger = Ledger()
    table = uprns(saved(tmp_path, "osopenuprn_202511_csv.zip", open_uprn_zip(WORLD)), ledger=ledger)
    assert table["uprn"].tolist() == WORLD.uprns["uprn"].tolist()
    assert table["easting"].tolist() == WORLD.uprns["easting"].tolist()
    assert ledger.sources[0].rows == len(WORLD.uprns) + 1
    assert ledger.sources[0].release == "November 2025"


def test_only_part_of_them_for_a_part_of_the_country(tmp_path):
    table = uprns(saved(tmp_path, "o.zip", open_uprn_zip(WORLD)), areas=OUTLINES.iloc[:1])
    assert len(table) == 4 * WORLD.postcodes["lsoa21"].eq(FIRST).sum()


@pytest.mark.parametrize("block", [100, 1000])
def test_where_the_pieces_are_cut_does_not_matter(tmp_path, monkeypatch, block):
    monkeypatch.setattr("layers.locations.BLOCK", block)
    assert len(uprns(saved(tmp_path, "o.zip", open_uprn_zip(WORLD)))) == len(WORLD.uprns)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("UPRN,X,Y\n1,2,3\n", "A column is missing: X_COORDINATE."),
        ("<html><body>busy</body></html>\n", "This is a web page, not a table."),
        ("UPRN,X_COORDINATE,Y_COORDINATE\n1,far,3\n", "The table cannot be read."),
        ("UPRN,X_COORDINATE,Y_COORDINATE\n1,2\n", "The table cannot be read."),
        ("UPRN,X_COORDINATE,Y_COORDINATE\n1,2,3\n", "No place of the file is in the study."),
        ("UPRN,X_COORDINATE,Y_COORDINATE\n1,370001,90001\n1,370001,90001\n", "A UPRN stands more than once."),
    ],
)
def test_a_file_of_places_that_cannot_be(tmp_path, content, what):
    with pytest.raises(LayerError) as caught:
        uprns(saved(tmp_path, "o.zip", zipped({"osopenuprn_202511.csv": content})))
    assert caught.value.what == what


def test_a_zip_that_was_cut_short(tmp_path):
    content = open_uprn_zip(WORLD)
    with pytest.raises(UnsafeFileError):
        uprns(saved(tmp_path, "o.zip", content[: len(content) // 2]))
