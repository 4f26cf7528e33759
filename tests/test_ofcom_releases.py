"""Ofcom's releases in their own headings and wrapping: what is read from each, and what is kept below the area."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from official import bduk, ofcom, ons
from official.world import DISTRICTS, World
from test_ofcom_postcodes import read as read_by_postcode
from test_ofcom_postcodes import three, write
from worlds import run_command, world_2013

from connectivity.outputs import read_build
from layers.errors import LayerError, UnsafeFileError
from layers.ledger import Ledger
from layers.lookups import read_postcode_lookup
from layers.ofcom.fixed import read_authorities, read_output_area_coverage, read_postcode_coverage
from layers.ofcom.lines_2013 import read_postcodes_2013
from layers.ofcom.mobile import read_mobile
from layers.ofcom.releases import member_meant

WORLD = World()
AREAS = pd.Index(sorted(WORLD.areas["lsoa21"]))
POSTCODES = pd.DataFrame(
    {"area_code": WORLD.postcodes["lsoa21"].to_numpy()}, index=WORLD.postcodes["postcode"].str.replace(" ", "")
)
LOOKUP = WORLD.output_areas.set_index("oa21").rename(columns={"lsoa21": "area_code"})
WEIGHTS = pd.Series(4.0, index=POSTCODES.index)
OFFICIAL = {
    "2025": ("202507_fixed_broadband_coverage_r01.zip", ofcom.fixed_2025, "July 2025"),
    "2026": ("202601_fixed_broadband_coverage_and_full_fibre_take-up-r1.zip", ofcom.fixed_2026, "January 2026"),
    "2024": ("202407-fixed-coverage-output-areas.zip", ofcom.fixed_2024, "July 2024"),
    "2018": ("201809_fixed_oa11_coverage_r01.zip", ofcom.fixed_2018, "September 2018"),
}

FOLDER = "202507_fixed_coverage_r01/"


def official(folder, year):
    name, make, release = OFFICIAL[year]
    path = folder / name
    path.write_bytes(make(WORLD))
    return path, release


def by_output_area(path, *, geography="lsoa21", **more):
    ledger = Ledger()
    given = {"output_areas": LOOKUP, "areas": AREAS, "ledger": ledger, "geography": geography}
    return read_output_area_coverage(path, **given, **more), ledger


def by_postcode(path, *, weights=WEIGHTS, **more):
    ledger = Ledger()
    given = {"postcodes": POSTCODES, "weights": weights, "areas": AREAS, "ledger": ledger}
    return read_postcode_coverage(path, **given, **more), ledger


def as_published(coverage):
    """Tell whether each area has what its 24 premises are made to have: a quarter in each of four bands."""
    table = coverage.table
    assert list(table.index) == list(AREAS)
    expected = {
        "premises": 24,
        "matched": 24,
        "unknown": 0,
        "premises_5_10": 6,
        "premises_10_30": 6,
        "premises_300_plus": 6,
        "below_decent": 6,
    }
    for column, count in expected.items():
        assert table[column].tolist() == pytest.approx([count] * 8)
    return True


# --- The official archive as it was downloaded --------------------------------------------------------------------


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_output_areas_are_found_in_the_official_archive(tmp_path, year):
    path, release = official(tmp_path, year)
    coverage, ledger = by_output_area(path)
    assert as_published(coverage)
    assert coverage.table["premises_100_300"].tolist() == [6] * 8
    assert coverage.release == release  # and does not say homes only
    assert ledger.premises_in == 192
    assert ledger.warnings == []
    fine = coverage.by_output_area.table
    assert list(fine.index) == list(LOOKUP.index)
    assert (fine["premises"] == 12).all()


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_postcodes_of_every_postcode_area_are_found_in_the_official_archive(tmp_path, year):
    path, release = official(tmp_path, year)
    coverage, ledger = by_postcode(path)
    assert as_published(coverage)
    assert (coverage.release, ledger.warnings) == (release, [])
    assert len(coverage.by_postcode.table) == 48


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_authorities_are_found_in_the_official_archive(tmp_path, year):
    path, release = official(tmp_path, year)
    table, _, words = read_authorities(path, districts=list(DISTRICTS), ledger=Ledger())
    assert table["premises"].tolist() == [96, 96]
    assert words == release


def test_2018_by_postcode_stands_beside_the_performance_of_the_same_archive(tmp_path):
    path = tmp_path / "201809_fixed_pc_r03.zip"
    path.write_bytes(ofcom.postcodes_and_performance_2018(WORLD))
    coverage, ledger = by_postcode(path, weights=None)
    assert as_published(coverage)
    assert (coverage.release, coverage.has_fwa) == ("September 2018", False)
    assert ledger.warnings == []


@pytest.mark.parametrize(
    ("level", "found"),
    [
        ("output area", f"{FOLDER}202507_fixed_oa_coverage_r01.zip!202507_fixed_oa_coverage_r01.csv"),
        ("authority", f"{FOLDER}202507_fixed_laua_coverage_r01.csv"),
        (
            "postcode",
            f"{FOLDER}202507_fixed_pc_coverage_r01.zip!postcode_files/202507_fixed_pc_coverage_r01_*.csv",
        ),
    ],
)
def test_the_member_that_is_meant_is_named(tmp_path, level, found):
    assert member_meant(official(tmp_path, "2025")[0], level=level) == found


def test_what_a_study_names_is_read_instead_and_says_homes_only(tmp_path):
    path, _ = official(tmp_path, "2025")
    coverage, ledger = by_output_area(path, member="*_fixed_oa_coverage_r01.zip!*_oa_res_coverage_r01.csv")
    assert coverage.table["premises"].tolist() == [16] * 8
    assert coverage.release == "July 2025, homes only"
    assert any("counts homes only" in warning for warning in ledger.warnings)


# --- Output areas of other years ----------------------------------------------------------------------------------


def test_2018_by_output_area_is_percentages_of_its_own_premises(tmp_path):
    path, release = official(tmp_path, "2018")
    coverage, ledger = by_output_area(path, geography="lsoa11")
    assert as_published(coverage)
    assert coverage.table["premises_30_300"].tolist() == pytest.approx([6] * 8)  # no split at 100 then
    assert coverage.table["fwa"].isna().all()  # its universal service counts no fixed wireless
    assert coverage.release == release
    assert any("percentages, times its own premises" in sentence for sentence in ledger.modelled)


def test_an_output_area_of_2018_that_is_not_matched_in_full_keeps_the_rest_unknown(tmp_path):
    table = ofcom.output_areas_2018(WORLD)
    row = table.index[0]
    table.loc[row, "All Matched Premises"] = 9
    for heading in (h for h in table if "%" in h):
        table[heading] = table[heading].astype(float)
        table.loc[row, heading] *= 0.75
    path = tmp_path / "201809_fixed_oa11_coverage_r01.csv"
    path.write_bytes(ofcom.csv_bytes(table))
    coverage, _ = by_output_area(path, geography="lsoa11")
    assert coverage.table.iloc[0][["premises", "matched", "unknown"]].tolist() == pytest.approx([24, 21, 3])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"All Premises": ""}, "blank"),
        ({"SFBB availability (% premises)": 90.0}, "do not make sense"),
        ({"% of premises unable to receive 2Mbit/s": ""}, "a blank is not known"),
        ({"All Matched Premises": 13}, "more matched premises than premises"),
    ],
)
def test_2018_by_output_area_is_refused_where_it_contradicts_itself(tmp_path, changes, said):
    table = ofcom.output_areas_2018(WORLD).astype("object")
    for heading, cell in changes.items():
        table.loc[0, heading] = cell
    path = tmp_path / "201809_fixed_oa11_coverage_r01.csv"
    path.write_bytes(ofcom.csv_bytes(table))
    with pytest.raises(LayerError) as caught:
        by_output_area(path, geography="lsoa11")
    assert said in str(caught.value)
    assert WORLD.output_areas["oa21"].iloc[0] in str(caught.value)


def test_2021_says_output_area_and_means_those_of_2011_by_its_name(tmp_path):
    path = tmp_path / "202109_fixed_oa11_coverage_r01.csv"
    path.write_bytes(ofcom.csv_bytes(ofcom.output_areas(WORLD, "202109")))
    coverage, _ = by_output_area(path, geography="lsoa11")
    assert as_published(coverage)
    with pytest.raises(LayerError, match="nest in lsoa11, and the study is on lsoa21"):
        by_output_area(path, geography="lsoa21")


# --- What an archive can have wrong with it -----------------------------------------------------------------------


def broken(change):
    """Make July 2025's archive, its members changed."""
    with zipfile.ZipFile(io.BytesIO(ofcom.fixed_2025(WORLD))) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    change(members)
    return ofcom.zip_bytes(members)


def refused(tmp_path, content, read=by_output_area):
    path = tmp_path / "202507_fixed_broadband_coverage_r01.zip"
    path.write_bytes(content)
    with pytest.raises(LayerError) as caught:
        read(path)
    assert "202507_fixed" in str(caught.value.parts["file"])
    assert caught.value.parts["next"]
    return caught.value


INNER = f"{FOLDER}202507_fixed_oa_coverage_r01.zip"
NAME = "202507_fixed_oa_coverage_r01.csv"


@pytest.mark.parametrize("keep", [200, 900])
def test_an_inner_zip_that_was_cut_short_is_refused(tmp_path, keep):
    def cut(members):
        assert len(members[INNER]) > keep
        members[INNER] = members[INNER][:keep]

    assert isinstance(refused(tmp_path, broken(cut)), UnsafeFileError)


def test_a_web_page_inside_the_zip_is_refused(tmp_path):
    page = ofcom.zip_bytes({NAME: b"<!DOCTYPE html><title>Sorry</title>"})
    said = refused(tmp_path, broken(lambda members: members.update({INNER: page})))
    assert "This is a web page" in str(said) or "A column is missing" in str(said)


def test_an_archive_of_homes_only_is_not_taken_for_all_premises(tmp_path):
    homes = ofcom.zip_bytes({NAME.replace("_oa_", "_oa_res_"): ofcom.csv_bytes(ofcom.output_areas(WORLD))})
    said = refused(tmp_path, broken(lambda members: members.update({INNER: homes})))
    assert "for homes only" in str(said)


def test_an_archive_without_the_level_says_what_it_has(tmp_path):
    said = refused(tmp_path, ofcom.fixed_2024(WORLD), read=by_postcode)
    assert "by postcode" in str(said)
    assert "202407_fixed_oa_coverage_r01.csv" in str(said)


def test_two_revisions_in_one_archive_are_not_chosen_between(tmp_path):
    table = ofcom.csv_bytes(ofcom.output_areas(WORLD))
    both = ofcom.zip_bytes({NAME: table, NAME.replace("r01", "r02"): table})
    said = refused(tmp_path, broken(lambda members: members.update({INNER: both})))
    assert "more than one file by output area" in str(said)


def test_two_revisions_of_one_postcode_area_are_not_added_up(tmp_path):
    files = ofcom.by_postcode_area(ofcom.postcodes(WORLD), "202507_fixed_pc_coverage_r01_{}.csv")
    files["202507_fixed_pc_coverage_r02_DT.csv"] = files["202507_fixed_pc_coverage_r01_DT.csv"]
    said = refused(tmp_path, ofcom.zip_bytes(files), read=by_postcode)
    assert "more than one file by postcode" in str(said)


def test_a_postcode_that_stands_in_two_files_of_the_archive_is_refused(tmp_path):
    files = ofcom.by_postcode_area(ofcom.postcodes(WORLD), "202507_fixed_pc_coverage_r01_{}.csv")
    files["202507_fixed_pc_coverage_r01_SP.csv"] = files["202507_fixed_pc_coverage_r01_DT.csv"]
    said = refused(tmp_path, ofcom.zip_bytes(files), read=by_postcode)
    assert "stand more than once" in str(said)


# --- Mobile -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("release", "revision"), [("202507", "r01"), ("202601", "r1")])
def test_mobile_by_authority_is_found_in_the_official_archive(tmp_path, release, revision):
    path = tmp_path / f"{release}_mobile_coverage_{revision}.zip"
    path.write_bytes(ofcom.mobile_zip(release, revision))
    share = read_mobile(path, districts=list(DISTRICTS), ledger=Ledger())
    assert share.to_dict() == pytest.approx({"E06000059": 0.95, "E06000058": 0.94})


def test_mobile_of_2023_says_none_and_all(tmp_path):
    path = tmp_path / "202305_mobile_laua_coverage_r02.csv"
    path.write_bytes(ofcom.csv_bytes(ofcom.mobile(none="None", last="All")))
    share = read_mobile(path, districts=list(DISTRICTS), ledger=Ledger())
    assert share.to_dict() == pytest.approx({"E06000059": 0.95, "E06000058": 0.94})


# --- Below the area -----------------------------------------------------------------------------------------------


def test_a_postcode_release_keeps_its_postcodes_beside_the_areas(tmp_path):
    coverage, _ = read_by_postcode(write(tmp_path, three()))
    fine = coverage.by_postcode
    assert fine is not None
    assert list(fine.table.index) == ["ZZ11AA", "ZZ11AB", "ZZ21AA"]
    assert fine.table.loc["ZZ11AB", ["premises", "matched", "unknown"]].tolist() == pytest.approx([10, 9, 1])
    for column in ("premises", "matched", "unknown", "below_decent", "fwa", *coverage.columns):
        assert abs(fine.table[column].sum() - coverage.table[column].sum()) < 1e-9
    assert (fine.bands, fine.release, fine.by_postcode) == (coverage.bands, coverage.release, None)


def test_the_lines_of_2013_keep_their_postcodes_with_those_not_known(tmp_path):
    world = world_2013(tmp_path)
    postcodes = read_postcode_lookup(world.path("postcodes.csv"), geography="lsoa11", ledger=Ledger())
    areas = pd.Index(sorted(postcodes["area_code"].unique()))
    coverage = read_postcodes_2013(
        world.path("lines_2013.csv"), postcodes=postcodes, areas=areas, districts=[], ledger=Ledger()
    )
    fine = coverage.by_postcode
    assert fine is not None
    assert fine.table.index.is_monotonic_increasing
    assert set(fine.table.index) <= set(postcodes.index)
    for column in ("premises", "matched", "unknown", *coverage.columns):
        assert abs(fine.table[column].sum() - coverage.table[column].sum()) < 1e-9
    assert fine.able is not None
    assert coverage.able is not None
    assert abs(fine.able.sum().sum() - coverage.able.sum().sum()) < 1e-9
    assert fine.unit == "lines"


# --- In a build ---------------------------------------------------------------------------------------------------


@pytest.fixture
def build_of(monkeypatch, capsys, tmp_path):
    """Build the hand-made country from official archives, each named once and never looked into."""
    written = {
        "boundaries": ("lsoa21.geojson", ons.outlines_geojson(WORLD)),
        "lookup": ("lookup.csv", ons.as_csv(ons.lookup_rows(WORLD))),
        "output_areas": ("output_areas.csv", ons.as_csv(ons.output_area_rows(WORLD))),
        "postcodes": ("postcodes.csv", postcodes_csv()),
        "stations": ("stations.csv", b"name,latitude,longitude\nMaiden Newton,50.78,-2.37\n"),
        "mobile": ("202507_mobile_coverage_r01.zip", ofcom.mobile_zip()),
        "subsidy": ("2026-09-10_zipped_files_release_south_west.zip", bduk.south_west(WORLD)),
        "performance": ("201809_fixed_pc_r03.zip", ofcom.postcodes_and_performance_2018(WORLD)),
    }

    def build(kind, year, *, switches="mobile = true", **changed):
        path, _ = official(tmp_path, year)
        layers = {**written, kind: (path.name, path.read_bytes()), **changed}
        text = f'name = "Hand-made"\ngeography = "lsoa21"\ndistricts = {list(DISTRICTS)}\n'
        text += f'indicators = ["rail_station"]\n[switches]\n{switches}\n'
        for layer, (name, content) in layers.items():
            (tmp_path / name).write_bytes(content)
            text += f'[[layer]]\nkind = "{layer}"\nfile = "{name}"\n'
        (tmp_path / "study.toml").write_text(text.replace("'", '"'))
        places = {"out": tmp_path / "out", "log": tmp_path / "log"}
        return run_command("build", tmp_path / "study.toml", **places, monkeypatch=monkeypatch, capsys=capsys)

    return build


def postcodes_csv():
    table = WORLD.postcodes.rename(columns={"postcode": "pcds", "oa21": "oa21cd", "lsoa21": "lsoa21cd"})
    return table.to_csv(index=False).encode()


@pytest.mark.parametrize(
    ("kind", "year"),
    [("ofcom_oa", year) for year in ("2024", "2025", "2026")] + [("ofcom_postcode", year) for year in ("2025", "2026")],
)
def test_a_study_of_official_archives_is_built_from_them_as_they_are(build_of, kind, year):
    result = build_of(kind, year)
    assert result.code == 0, result.err
    manifest = result.manifest
    # BDUK's list weighs the postcodes, and counts all four addresses at each as premises
    assert manifest["premises"] == {"in": 192, "scored": 192, "excluded": {}}
    assert manifest["release"] == OFFICIAL[year][2]
    assert manifest["premises_from"] == ("subsidy" if kind == "ofcom_postcode" else None)
    areas = read_build(result.folder).areas
    assert areas["premises"].tolist() == pytest.approx([24] * 8)
    for column, count in {"bduk_premises": 24, "bduk_planned": 12, "bduk_white_not_planned": 6}.items():
        assert areas[column].tolist() == [count] * 8
    assert areas["measured_lines"].tolist() == [18] * 8
    assert areas["measured_mean_mbps"].iloc[0] == pytest.approx(27.5)
    releases = {use["kind"]: use["release"] for use in manifest["sources"]}
    assert releases[kind] == OFFICIAL[year][2]
    assert (releases["mobile"], releases["subsidy"], releases["performance"]) == ("July 2025", "May 2026", "May 2018")


def test_what_lines_measure_and_bduk_plans_change_no_figure_of_a_build(build_of):
    whole = build_of("ofcom_oa", "2025").ranking
    world_of_slow_lines = ofcom.performance(WORLD)
    for column in (name for name in world_of_slow_lines if "speed" in name):
        world_of_slow_lines[column] = 0.1
    name = "202105_fixed_pc_performance_r01.csv"
    slow = build_of("ofcom_oa", "2025", performance=(name, ofcom.csv_bytes(world_of_slow_lines)))
    pd.testing.assert_frame_equal(whole, slow.ranking)
