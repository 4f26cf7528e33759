"""Ofcom's shares by postcode, with premises from beside it: answers on paper, and every way the file can mislead."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import postcodes_of, run_command, world_today, write_csv

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.ofcom.fixed import read_postcode_coverage

ALDER, BIRCH = "E01000101", "E01000102"
POSTCODES = pd.DataFrame({"area_code": [ALDER, ALDER, BIRCH]}, index=["ZZ11AA", "ZZ11AB", "ZZ21AA"])
WEIGHTS = pd.Series({"ZZ11AA": 20.0, "ZZ11AB": 10.0, "ZZ21AA": 40.0})
NAME = "202507_fixed_pc_coverage_r01_ZZ.csv"
SIX = [f"% of premises with {band}Mbit/s download speed" for band in ("0<2", "2<5", "5<10", "10<30", "30<300", ">=300")]
DECENT = "% of premises below the USO"
FWA = "% of premises able to receive decent broadband from FWA"


def row(postcode, six, *, from_100=None, decent=0.0, fwa=0.0):
    """Make one row of the 2025 file in its 20 headings; `six` are percentages, slowest first."""
    under = [round(sum(six[: n + 1]), 1) for n in range(4)]
    fast = round(six[4] + six[5], 1)
    return {
        "postcode": postcode.replace(" ", ""),
        "postcode_space": postcode,
        "postcode area": "ZZ",
        **dict(zip((*SIX[4:], *SIX[:4]), (*six[4:], *six[:4]), strict=True)),
        "SFBB availability (% premises)": fast,
        "UFBB (100Mbit/s) availability (% premises)": six[5] if from_100 is None else from_100,
        "UFBB availability (% premises)": six[5],
        **{f"% of premises unable to receive {n}Mbit/s": share for n, share in zip((2, 5, 10, 30), under, strict=True)},
        "Gigabit availability (% premises)": six[5],
        DECENT: decent,
        "% of premises with NGA": fast,
        FWA: fwa,
    }


def three():
    return [
        row("ZZ1 1AA", [5.0, 5.0, 10.0, 20.0, 40.0, 20.0], from_100=30.0, decent=10.0, fwa=50.0),
        row("ZZ1 1AB", [0.0, 0.0, 0.0, 10.0, 80.0, 0.0]),  # a tenth is not known
        row("ZZ2 1AA", [0.0, 0.0, 0.0, 0.0, 0.0, 100.0]),
    ]


def as_2018(rows, *, premises=(20, 10, 40), matched=(20, 9, 40)):
    """Give rows 2018's headings: premises counted, and no speed bands."""
    table = pd.DataFrame(rows).rename(columns={"postcode_space": "pcds", "postcode area": "pca"})
    lacking = [*SIX, DECENT, "UFBB (100Mbit/s) availability (% premises)", "Gigabit availability (% premises)"]
    table = table.drop(columns=lacking)
    more = {"FTTP availability (% premises)": 0, "% of premises unable meet USO": 12.0}
    return table.assign(**{"All Premises": premises, "All Matched Premises": matched, **more})


def text(rows):
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    return table.to_csv(index=False, lineterminator="\n").encode()


def write(folder, rows, *, name=NAME):
    path = folder / name
    path.write_bytes(text(rows))
    return path


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(path, *, weights=WEIGHTS, postcodes=POSTCODES, areas=(ALDER, BIRCH), **more):
    ledger = Ledger()
    given = {"postcodes": postcodes, "weights": weights, "areas": pd.Index(areas), "ledger": ledger}
    return read_postcode_coverage(path, **given, **more), ledger


def refused(path, **more):
    with pytest.raises(LayerError) as caught:
        read(path, **more)
    assert caught.value.parts["file"] == path.name
    assert caught.value.parts["next"]
    return str(caught.value)


# --- On paper -----------------------------------------------------------------------------------------------------


def test_shares_times_premises_on_paper(tmp_path):
    rows = three()
    assert len(rows[0]) == 20
    coverage, ledger = read(write(tmp_path, rows))
    alder = coverage.table.loc[ALDER]
    # of 20: 1, 1, 2, 4, then 8 of which 2 over 100, and 4; of 10: 1 slow, 8 under 100, 1 not known
    assert alder[coverage.columns].tolist() == pytest.approx([1, 1, 2, 4 + 1, 6 + 8, 2, 4])
    assert alder[["premises", "matched", "unknown"]].tolist() == pytest.approx([30, 29, 1])
    assert alder[["below_decent", "fwa"]].tolist() == pytest.approx([2, 10])
    assert (coverage.release, coverage.modelled) == ("July 2025", False)
    assert ledger.premises_in == 70
    assert ledger.warnings == []
    assert ledger.modelled == ["Premises at each postcode: Ofcom gives shares only, times premises from elsewhere."]


def test_2018_has_its_own_premises_and_no_speed_bands(tmp_path):
    path = write(tmp_path, as_2018(three()), name="201809_fixed_pc_coverage_r01.csv")
    coverage, ledger = read(path, weights=None)
    alder = coverage.table.loc[ALDER]
    assert alder[coverage.columns].tolist() == pytest.approx([1, 1, 2, 5, 8 + 8, 4])
    assert alder[["premises", "matched", "unknown"]].tolist() == pytest.approx([30, 29, 1])
    assert alder["below_decent"] == pytest.approx(0.12 * 30)
    assert (coverage.release, coverage.has_fwa) == ("September 2018", False)
    assert (ledger.premises_in, ledger.modelled, ledger.warnings) == (70, [], [])


def test_2018_says_how_many_are_matched_better_than_shares_do(tmp_path):
    """One premises in a thousand is not known: less than the shares' rounding, and still counted."""
    rows = as_2018([row("ZZ2 1AA", [0.0, 0.0, 0.0, 0.0, 0.0, 99.9])], premises=[1000], matched=[999])
    assert read(write(tmp_path, rows), weights=None)[0].table.loc[BIRCH, "unknown"] == pytest.approx(1)


def test_premises_from_beside_2018_are_not_used_and_that_is_said(tmp_path):
    coverage, ledger = read(write(tmp_path, as_2018(three())), weights=WEIGHTS * 5)
    assert coverage.table["premises"].sum() == 70
    assert "postcode_premises were not used" in ledger.warnings[0]


@pytest.mark.parametrize("six", [[0.0, 0.0, 0.1, 33.3, 33.3, 33.1], [0.1, 0.1, 0.1, 33.4, 33.3, 33.3]])
def test_rounding_is_not_taken_for_unknown(tmp_path, six):
    coverage, _ = read(write(tmp_path, [row("ZZ2 1AA", six)]))
    assert coverage.table.loc[BIRCH, ["matched", "unknown"]].tolist() == pytest.approx([40, 0])
    assert coverage.table.loc[BIRCH, coverage.columns].sum() == pytest.approx(40)


def test_what_the_bands_leave_is_not_known(tmp_path):
    coverage, _ = read(write(tmp_path, [row("ZZ2 1AA", [0.0, 0.0, 0.0, 0.0, 0.0, 99.6])]))
    assert coverage.table.loc[BIRCH, "unknown"] == pytest.approx(0.4 * 0.4)


def test_a_postcode_of_which_nothing_is_known(tmp_path):
    coverage, _ = read(write(tmp_path, [*three()[:2], row("ZZ2 1AA", [0.0] * 6)]))
    assert coverage.table.loc[BIRCH, ["premises", "matched", "unknown"]].tolist() == [40, 0, 40]


def test_2019_and_2020_headings_without_a_100_split(tmp_path):
    rows = pd.DataFrame(three()).drop(columns="UFBB (100Mbit/s) availability (% premises)")
    coverage, _ = read(write(tmp_path, rows))
    assert [band.label for band in coverage.bands][-2:] == ["30 to 300", "300 or more"]


# --- What is missing ----------------------------------------------------------------------------------------------


def test_percentages_without_premises_are_refused(tmp_path):
    said = refused(write(tmp_path, three()), weights=None)
    assert "gives percentages and no premises" in said
    assert "postcode_premises" in said
    assert "by output area" in said


def test_a_postcode_with_premises_and_no_row_is_not_known(tmp_path):
    coverage, ledger = read(write(tmp_path, three()[1:]))
    alder = coverage.table.loc[ALDER]
    assert alder[["premises", "matched", "unknown"]].tolist() == pytest.approx([30, 9, 21])
    assert "no row for 1 postcode with premises (ZZ11AA): speeds not known there" in ledger.warnings[0]


def test_a_postcode_with_a_row_and_no_premises_is_counted(tmp_path):
    coverage, ledger = read(write(tmp_path, three()), weights=WEIGHTS.drop("ZZ11AB"))
    assert coverage.table.loc[ALDER, "premises"] == 20
    assert "1 postcodes of the study have no count of premises and are not counted" in ledger.warnings[0]


def test_a_blank_count_of_2018_is_not_zero_and_is_said(tmp_path):
    rows = as_2018(three(), premises=["", 10, ""], matched=["", 9, ""])
    coverage, ledger = read(write(tmp_path, rows), weights=None)
    assert coverage.table["premises"].to_dict() == {ALDER: 10}
    assert "2 postcodes of the study have no count of premises" in ledger.warnings[0]


def test_a_postcode_of_2018_without_premises_may_have_blank_shares(tmp_path):
    rows = as_2018(three(), premises=[20, 10, 0], matched=[20, 9, 0]).astype(object)
    rows.loc[2, [c for c in rows if c.startswith("%") or c.endswith("(% premises)")]] = ""
    coverage, _ = read(write(tmp_path, rows), weights=None)
    assert coverage.table.index.tolist() == [ALDER]


def test_premises_at_a_postcode_the_lookup_does_not_have_are_said_to_be_lost(tmp_path):
    weights = pd.concat([WEIGHTS, pd.Series({"ZZ99ZZ": 1_300.0})])
    coverage, ledger = read(write(tmp_path, three()), weights=weights)
    assert coverage.table["premises"].sum() == 70
    assert ledger.warnings == [
        f"{NAME}: 1 postcodes with 1,300 premises are not in the postcode lookup and were not used."
    ]


def test_a_split_areas_postcode_without_a_location_is_lost_and_said(tmp_path):
    """Its LSOA 2021 is not known, so it stands in the lookup without an area."""
    postcodes = POSTCODES.assign(area_code=[ALDER, None, BIRCH])
    coverage, ledger = read(write(tmp_path, three()), postcodes=postcodes)
    assert coverage.table.loc[ALDER, "premises"] == 20
    assert "1 postcodes with 10 premises" in ledger.warnings[0]


def test_a_file_of_other_places_is_refused(tmp_path):
    said = refused(write(tmp_path, [row("CR0 5BX", [0.0] * 5 + [100.0])]))
    assert "No postcode of the file is in the study" in said
    assert "ZZ11AA" in said
    assert "CR05BX" in said


# --- What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({SIX[0]: 90.0}, SIX[0], "at most 100 % in the six bands"),
        ({SIX[5]: 101}, ">=300", "at most 100 %"),
        ({SIX[4]: ""}, "30<300", "a share in each row"),
        ({SIX[4]: 38.0}, SIX[4], "six bands that make up the other two"),
        ({DECENT: ""}, "below the USO", "a share in each row"),
        ({FWA: 100.5}, "FWA", "at most 100 %"),
        ({"UFBB (100Mbit/s) availability (% premises)": ""}, "100Mbit/s", "a share in each row"),
        ({"UFBB availability (% premises)": 31.0}, "UFBB availability", "UFBB ≤ UFBB (100) ≤ SFBB"),
        ({"% of premises unable to receive 5Mbit/s": 30.0}, "unable to receive 5Mbit/s", "2 ≤ 5 ≤ 10 ≤ 30"),
    ],
)
def test_shares_that_make_no_sense_name_postcode_and_column(tmp_path, changes, column, expected):
    rows = three()
    rows[0] |= changes
    said = refused(write(tmp_path, rows[::-1]))
    assert "ZZ11AA" in said
    assert column in said
    assert expected in said


def test_fractions_are_not_read_as_percentages(tmp_path):
    table = pd.DataFrame(three())
    said = refused(write(tmp_path, table.assign(**{name: table[name] / 100 for name in table if "%" in name})))
    assert "as fractions would be" in said


@pytest.mark.parametrize("weights", [WEIGHTS.rename(lambda code: code + "X"), WEIGHTS.iloc[:0]])
def test_premises_of_other_places(tmp_path, weights):
    said = refused(write(tmp_path, three()), weights=weights)
    assert "No postcode of the study has a count of premises" in said
    assert "ZZ11AA" in said


@pytest.mark.parametrize("premises", ["", 0])
def test_a_2018_file_without_any_premises(tmp_path, premises):
    rows = as_2018(three(), premises=[premises] * 3, matched=[premises] * 3)
    assert "premises" in refused(write(tmp_path, rows), weights=None)


@pytest.mark.parametrize("cell", ["-1", "all", "1e10"])
def test_a_share_that_is_no_number_names_the_line(tmp_path, cell):
    rows = three()
    rows[1][SIX[2]] = cell
    assert "line 3 (1 of 3 rows)" in refused(write(tmp_path, rows))


def test_more_matched_premises_than_premises(tmp_path):
    said = refused(write(tmp_path, as_2018(three(), matched=(21, 9, 40))), weights=None)
    assert "ZZ11AA" in said
    assert "21 of 20" in said


def test_matched_premises_that_shares_contradict(tmp_path):
    said = refused(write(tmp_path, as_2018(three(), matched=(20, 7, 40))), weights=None)
    assert "ZZ11AB" in said
    assert "matched" in said


def test_a_postcode_twice_with_and_without_its_space(tmp_path):
    rows = three()
    rows[2]["postcode"] = "zz1 1aa"
    said = refused(write(tmp_path, rows))
    assert "line 2, 4 (2 of 3 rows)" in said
    assert "ZZ11AA" in said


# --- What it is wrapped in ----------------------------------------------------------------------------------------


def areas_zip(*, residential=""):
    """Zip one file for each postcode area in a folder, with byte-order marks and CRLF, as Ofcom does."""
    files = {}
    for number, rows in enumerate((three()[:2], three()[2:]), start=1):
        name = f"postcode_files/202507_fixed_pc_coverage_{residential}r01_Z{number}.csv"
        files[name] = b"\xef\xbb\xbf" + text(rows).replace(b"\n", b"\r\n")
    return zipped({**files, "About.txt": b"words", "__MACOSX/postcode_files/._a.csv": b"\0"})


def test_many_members_of_a_zip_inside_a_zip(tmp_path):
    path = tmp_path / "coverage.zip"
    path.write_bytes(zipped({"a/202507_pc.zip": areas_zip(), "a/202507_oa.zip": zipped({"x.csv": b"x"})}))
    path.chmod(0o444)  # unpacked folders are read-only
    coverage, ledger = read(path, member="a/*_pc.zip!postcode_files/*.csv")
    pd.testing.assert_frame_equal(coverage.table, read(write(tmp_path, three()))[0].table)
    assert coverage.release == "July 2025"
    assert [(source.file, source.rows) for source in ledger.sources] == [("coverage.zip", 3)]


def test_a_pattern_for_many_residential_files_says_homes_only(tmp_path):
    path = tmp_path / "coverage.zip"
    path.write_bytes(areas_zip(residential="res_"))
    assert read(path, member="postcode_files/*.csv")[0].release == "July 2025, homes only"


def test_homes_only_and_all_premises_are_never_added_up(tmp_path):
    path = tmp_path / "coverage.zip"
    members = {
        "202507_fixed_pc_coverage_r01_Z1.csv": three()[:2],
        "202507_fixed_pc_res_coverage_r01_Z2.csv": three()[2:],
    }
    path.write_bytes(zipped({name: text(rows) for name, rows in members.items()}))
    said = refused(path, member="*.csv")
    assert "1 of the 2 members that are meant count homes only" in said
    assert "narrow `member` down" in said


def test_a_pattern_that_fits_nothing(tmp_path):
    path = tmp_path / "coverage.zip"
    path.write_bytes(areas_zip())
    with pytest.raises(LayerError, match="holds no such member"):
        read(path, member="postcode_file/*.csv")


def test_a_broken_member_is_named(tmp_path):
    path = tmp_path / "coverage.zip"
    path.write_bytes(zipped({"Z1.csv": text(three()[:2]), "Z2.csv": text(three()[2:]).replace(b"UFBB", b"UBB")}))
    with pytest.raises(LayerError) as caught:
        read(path, member="*.csv")
    assert caught.value.parts["file"] == "Z2.csv"


def test_one_member_with_fewer_columns_is_refused(tmp_path):
    short = pd.DataFrame(three()[2:]).drop(columns=FWA)
    path = tmp_path / "coverage.zip"
    path.write_bytes(zipped({"Z1.csv": text(three()[:2]), "Z2.csv": text(short)}))
    said = refused(path, member="*.csv")
    assert "ZZ21AA" in said
    assert FWA in said


# --- Nothing is lost ----------------------------------------------------------------------------------------------

tenths = st.lists(st.integers(0, 1000), min_size=6, max_size=6).map(
    lambda parts: [round(1000 * part / max(sum(parts), 1000)) / 10 for part in parts]
)
places = st.sampled_from([ALDER, BIRCH, "E01000103", None])
drawn_rows = st.lists(st.tuples(tenths, st.integers(0, 90), places, st.booleans()), min_size=1, max_size=12)


@given(drawn_rows)
@settings(max_examples=60, deadline=None)
def test_premises_in_are_the_areas_and_what_is_said_to_be_lost(tmp_path_factory, drawn):
    names = [f"ZZ{number} 1AA" for number in range(1, len(drawn) + 1)]
    codes = [name.replace(" ", "") for name in names]
    rows = [row(name, six) for name, (six, *_, there) in zip(names, drawn, strict=True) if there]
    weights = pd.Series([float(count) for _, count, *_ in drawn], index=codes)
    area = {code: place for code, (_, _, place, _) in zip(codes, drawn, strict=True) if place}
    postcodes = pd.DataFrame({"area_code": area}, dtype="str")
    if not any(there and place in {ALDER, BIRCH} for *_, place, there in drawn):
        return
    coverage, ledger = read(write(tmp_path_factory.mktemp("pc"), rows), weights=weights, postcodes=postcodes)
    elsewhere = weights[[code for code, place in area.items() if place not in {ALDER, BIRCH}]].sum()
    lost = weights[[code for code in codes if code not in area]]
    assert coverage.table["premises"].sum() + elsewhere + lost.sum() == pytest.approx(weights.sum())
    assert ledger.premises_in == pytest.approx(coverage.table["premises"].sum())
    whole = coverage.table[[*coverage.columns, "unknown"]].sum(axis=1)
    assert whole.tolist() == pytest.approx(coverage.table["premises"].tolist())
    assert (coverage.table[coverage.columns] >= 0).all().all()
    said = f"{len(lost):,} postcodes with {lost.sum():,.0f} premises"
    assert any(said in warning for warning in ledger.warnings) == bool(len(lost))


# --- Through the command line -------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(study, *options):
        places = {"out": tmp_path / "out", "log": tmp_path / "log"}
        return run_command("build", study, *options, **places, monkeypatch=monkeypatch, capsys=capsys)

    return run


def world_by_postcode(folder):
    """Give the world of six areas a postcode release, and 5 premises at each postcode."""
    world = world_today(folder)
    names = [name for area in world.read("lookup.csv")["LSOA11CD"] for name, *_ in postcodes_of(area)]
    write_csv(world.path(NAME), [row(name, [2.0, 3.0, 5.0, 10.0, 40.0, 40.0], decent=4.0, fwa=20.0) for name in names])
    write_csv(world.path("premises.csv"), [{"postcode": name, "premises": 5} for name in names])
    return world, {"ofcom_authority": None, "ofcom_postcode": NAME, "postcode_premises": "premises.csv"}


def test_a_study_by_postcode_is_built(run, tmp_path):
    world, layers = world_by_postcode(tmp_path / "today")
    result = run(world.study(layers=layers))
    assert result.code == 0, result.err
    assert result.manifest["premises"] == {"in": 240, "scored": 240, "excluded": {}}
    assert result.ranking["digital_infeasible"].tolist() == [1.6] * 6


def test_a_study_by_postcode_without_premises_is_refused(run, tmp_path):
    world, layers = world_by_postcode(tmp_path / "today")
    result = run(world.study(layers={**layers, "postcode_premises": None}))
    assert (result.code, result.out, result.folder.exists()) == (2, "", False)
    assert "postcode_premises" in result.said("expected")


def test_fixed_wireless_without_its_columns_is_refused(run, tmp_path):
    world, layers = world_by_postcode(tmp_path / "today")
    world.edit(NAME, lambda table: table.drop(columns=[FWA, DECENT]))
    result = run(world.study(layers=layers))
    assert result.code == 2
    assert result.said("expected") == "fwa = false"
    assert run(world.study(layers=layers), "--no-fwa").code == 0


@pytest.mark.parametrize(
    ("cells", "found"), [({"premises": ""}, "ZZ11AA"), ({"premises": -1}, "-1"), ({"postcode": "ZZ1 1AB"}, "ZZ11AB")]
)
def test_premises_that_are_blank_negative_or_twice(run, tmp_path, cells, found):
    world, layers = world_by_postcode(tmp_path / "today")
    world.set("premises.csv", row=0, **cells)
    result = run(world.study(layers=layers))
    assert result.code == 2
    assert result.said("file") == "premises.csv"
    assert "line 2" in result.said("rows")
    assert found in result.said("found")
