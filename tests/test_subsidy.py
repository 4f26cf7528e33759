"""BDUK's premises by status and plan: answers on paper, what is not known kept apart, and every way it can mislead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from official import bduk
from official.bduk import GREY, REVIEW, WHITE, csv_bytes, in_contract, premises, region_zip
from official.world import World
from test_ofcom_postcodes import row as share_row
from worlds import AREAS, WARDS, postcodes_of, run_command, world_today, write_csv

from connectivity.outputs import read_build
from layers.errors import LayerError
from layers.ledger import Ledger, Rows
from layers.plans.premises_list import BY_PLAN, BY_STATUS, COUNTS, Seen
from layers.plans.subsidy import read_subsidy

NORTH, SOUTH, OTHER = "E01033001", "E01033002", "E01033009"
POSTCODES = pd.DataFrame({"area_code": [NORTH, NORTH, SOUTH, OTHER]}, index=["ZZ11AA", "ZZ11AB", "ZZ21AA", "ZZ91AA"])
NAME = "202605_BDUK_uprn_release_south_west_dorset.csv"
WARDS_BACK = {name: code for code, name in WARDS.items()}
NOTHING_YET = {"current_gigabit": "false"}


def read(tmp_path, rows, *, name=NAME, postcodes=POSTCODES, areas=(NORTH, SOUTH), **more):
    path = tmp_path / name
    path.write_bytes(rows if isinstance(rows, bytes) else csv_bytes(rows))
    ledger = Ledger()
    found = read_subsidy([path], postcodes=postcodes, areas=pd.Index(areas), ledger=ledger, **more)
    return found, ledger


def refused(tmp_path, rows, **more):
    with pytest.raises(LayerError) as caught:
        read(tmp_path, rows, **more)
    assert caught.value.parts["next"]
    return str(caught.value)


def seven():
    return [
        premises(1, "ZZ1 1AA", GREY),
        premises(2, "ZZ1 1AA", WHITE, **NOTHING_YET),
        premises(3, "ZZ1 1AA", WHITE, **in_contract("2030-06-30")),
        premises(4, "ZZ1 1AB", REVIEW, current_gigabit="false", future_gigabit="true"),
        premises(5, "ZZ1 1AB", GREY, bduk_recognised_premises="false", current_gigabit="false"),
        premises(6, "ZZ2 1AA", GREY, **NOTHING_YET),
        premises(7, "ZZ2 1AA", WHITE, **in_contract("2032-03-31", scope="Deferred")),
    ]


# --- On paper -----------------------------------------------------------------------------------------------------


def test_premises_by_status_and_plan_on_paper(tmp_path):
    found, ledger = read(tmp_path, seven())
    assert found.release == "May 2026"
    north, south = found.by_area.loc[NORTH], found.by_area.loc[SOUTH]
    assert north[["premises", *BY_STATUS]].tolist() == [5, 2, 2, 1, 0]
    assert north[list(BY_PLAN)].tolist() == [1, 2, 1, 0, 1]
    assert north["white_not_planned"] == 1
    assert south[list(BY_PLAN)].tolist() == [0, 1, 1, 0, 0]
    assert south[["white_not_planned", "deferred"]].tolist() == [0, 1]  # what is not planned there is grey
    assert (north["suppliers"], north["contracts"]) == ("Wessex Internet Limited", "Dorset and South Somerset")
    assert (north["latest_date"], south["latest_date"]) == ("2030-06-30", "2032-03-31")
    fine = found.by_postcode
    assert list(fine.index) == ["ZZ11AA", "ZZ11AB", "ZZ21AA"]
    assert fine.loc["ZZ11AA", ["premises", "white", "planned", "not_planned"]].tolist() == [3, 2, 1, 1]
    assert pd.isna(fine.loc["ZZ11AB", "suppliers"])  # a supplier's own plan names nobody
    assert pd.isna(fine.loc["ZZ11AB", "latest_date"])
    assert ledger.warnings == []
    assert (ledger.premises_in, ledger.excluded) == (0, {})  # never part of the broadband premises in and out


def test_a_contract_where_gigabit_already_is_promises_nothing_more(tmp_path):
    done = in_contract() | {"current_gigabit": "true"}
    found, _ = read(tmp_path, [premises(1, "ZZ1 1AA", **done)])
    assert found.by_postcode.loc["ZZ11AA", ["gigabit_now", "planned"]].tolist() == [1, 0]
    assert pd.isna(found.by_postcode.loc["ZZ11AA", "contracts"])


def test_two_suppliers_at_one_postcode_are_both_named_once(tmp_path):
    other = in_contract() | {"bduk_gis_supplier": "Openreach Limited"}
    rows = [premises(1, "ZZ1 1AA", WHITE, **in_contract()), premises(2, "ZZ1 1AA", WHITE, **other)]
    rows += [premises(3, "ZZ1 1AB", WHITE, **other)]
    found, _ = read(tmp_path, rows)
    assert found.by_area.loc[NORTH, "suppliers"] == "Openreach Limited; Wessex Internet Limited"


def test_a_voucher_project_is_a_plan_with_its_own_supplier(tmp_path):
    voucher = {"bduk_vouchers": "true", "bduk_vouchers_contract_name": "TS1", "bduk_vouchers_supplier": "TrueSpeed"}
    found, _ = read(tmp_path, [premises(1, "ZZ1 1AA", WHITE, **NOTHING_YET, **voucher)])
    row = found.by_postcode.loc["ZZ11AA"]
    assert (row["planned"], row["suppliers"], row["contracts"]) == (1, "TrueSpeed", "TS1")


def test_the_official_zip_of_a_region_is_read_as_downloaded(tmp_path):
    world = World()
    postcodes = world.postcodes.assign(postcode=world.postcodes["postcode"].str.replace(" ", ""))
    lookup = postcodes.set_index("postcode").rename(columns={"lsoa21": "area_code"})
    areas = pd.Index(sorted(world.areas["lsoa21"]))
    found, ledger = read(
        tmp_path, bduk.south_west(world), name="zipped_files_release_south_west.zip", postcodes=lookup, areas=areas
    )
    assert found.release == "May 2026"
    assert list(found.by_area.index) == list(areas)
    assert (found.by_area["premises"] == 24).all()
    for name in ("gigabit_now", "not_planned", "white_not_planned"):
        assert (found.by_area[name] == 6).all()
    assert (found.by_area["planned"] == 12).all()
    assert len(found.by_postcode) == 48
    assert [(use.file, use.rows, use.release) for use in ledger.sources] == [
        ("zipped_files_release_south_west.zip", 192, "May 2026")
    ]
    assert ledger.warnings == []


def test_the_headings_of_2024_are_read_too(tmp_path):
    """One contract and one supplier stood for all programmes, and no word of which."""
    rows = pd.DataFrame([premises(1, "ZZ1 1AA", WHITE, **in_contract("2027-01-31"))]).rename(
        columns={
            "uprn": "UPRN",
            "country": "Country",
            "bduk_gis_final_coverage_date": "gis_final_coverage_date",
            "bduk_gis_contract_name": "contract_name",
            "bduk_gis_supplier": "supplier",
        }
    )
    rows = rows.drop(
        columns=[name for name in rows if name.startswith("bduk_") and name.endswith(("_name", "_supplier"))]
    )
    content = rows.to_csv(index=False).encode()
    found, _ = read(tmp_path, content, name="202409_BDUK_uprn_release_South_West.csv")
    row = found.by_postcode.loc["ZZ11AA"]
    assert (row["suppliers"], row["latest_date"]) == ("Wessex Internet Limited", "2027-01-31")
    assert found.release == "September 2024"


# --- Not known is a class of its own -----------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "warned"), [("", 0), ("Unassessed", 1), ("Gigabit Beige", 1)])
def test_a_status_that_is_blank_or_new_is_not_stated_and_folded_into_no_other(tmp_path, said, warned):
    found, ledger = read(tmp_path, [premises(1, "ZZ1 1AA", said, **NOTHING_YET), premises(2, "ZZ1 1AA", WHITE)])
    assert found.by_postcode.loc["ZZ11AA", list(BY_STATUS)].tolist() == [1, 0, 0, 1]
    assert len(ledger.warnings) == warned
    assert all(said in warning for warning in ledger.warnings)


@pytest.mark.parametrize("flag", ["current_gigabit", "future_gigabit", "bduk_gis", "bduk_recognised_premises"])
def test_a_flag_that_is_blank_leaves_the_plan_not_known(tmp_path, flag):
    cells = NOTHING_YET | {flag: ""}
    found, ledger = read(tmp_path, [premises(1, "ZZ1 1AA", WHITE, **cells)])
    row = found.by_postcode.loc["ZZ11AA"]
    assert [one.failing for one in ledger.records[1:]] == [0, 0, 1]
    assert row[["plan_not_known", "not_planned", "white_not_planned"]].tolist() == [1, 0, 0]


def test_a_flag_that_is_neither_true_nor_false_is_named_and_not_known(tmp_path):
    found, ledger = read(tmp_path, [premises(1, "ZZ1 1AA", WHITE, current_gigabit="maybe")])
    assert found.by_postcode.loc["ZZ11AA", "plan_not_known"] == 1
    assert "current_gigabit" in ledger.warnings[0]


def test_a_contract_alone_is_a_plan_even_where_the_suppliers_plans_are_blank(tmp_path):
    found, _ = read(tmp_path, [premises(1, "ZZ1 1AA", WHITE, **in_contract(), future_gigabit="")])
    assert found.by_postcode.loc["ZZ11AA", "planned"] == 1


@pytest.mark.parametrize("date", ["31/03/2032", "2032-13-01", "soon"])
def test_a_date_that_cannot_be_read_is_said_and_not_guessed(tmp_path, date):
    found, ledger = read(tmp_path, [premises(1, "ZZ1 1AA", WHITE, **in_contract(date))])
    assert pd.isna(found.by_postcode.loc["ZZ11AA", "latest_date"])
    assert date in ledger.warnings[0]


FLAG = st.sampled_from(["true", "false", ""])
POSTCODE = st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", "ZZ2 1AA"])


@given(
    rows=st.lists(
        st.tuples(st.sampled_from([WHITE, GREY, REVIEW, ""]), FLAG, FLAG, FLAG, FLAG, POSTCODE),
        min_size=1,
        max_size=12,
    )
)
def test_every_premises_is_in_one_class_of_each_kind(tmp_path_factory, rows):
    made = [
        premises(
            i + 1,
            postcode,
            status,
            current_gigabit=now,
            future_gigabit=later,
            bduk_gis=gis,
            bduk_recognised_premises=inside,
        )
        for i, (status, now, later, gis, inside, postcode) in enumerate(rows)
    ]
    found, ledger = read(tmp_path_factory.mktemp("bduk"), made)
    for table in (found.by_area, found.by_postcode):
        assert table["premises"].sum() == len(rows)
        assert (table[list(BY_STATUS)].sum(axis=1) == table["premises"]).all()
        assert (table[list(BY_PLAN)].sum(axis=1) == table["premises"]).all()
        assert (table["white_not_planned"] <= table[["white", "not_planned"]].min(axis=1)).all()
        assert (table["deferred"] <= table["planned"]).all()
        assert (table[list(COUNTS)] >= 0).all(axis=None)
    assert ledger.warnings == []


# --- Rows that reach no area --------------------------------------------------------------------------------------


def test_rows_in_are_rows_used_and_rows_that_say_why_not(tmp_path):
    rows = [*seven(), premises(8, "ZZ9 1AA"), premises(9, "XX1 1XX"), premises(10, ""), premises(1, "ZZ1 1AA")]
    found, ledger = read(tmp_path, rows)
    assert found.by_area["premises"].sum() == 7
    record = ledger.records[0]
    assert (record.rows_in, record.rows_used) == (11, 7)
    assert {one.why: one.count for one in record.unused} == {
        "outside the study's area": 1,
        "their postcode is not in the postcode lookup": 2,
        "the same premises stood in an earlier row": 1,
    }
    checks = {one.rule: one.failing for one in ledger.records[1:]}
    assert checks["no premises stands twice"] == 1
    assert sum(checks.values()) == 1
    assert "2 of 11 premises have a postcode that is not in the lookup (XX11XX, blank)" in ledger.warnings[0]
    assert "1 premises stands more than once" in ledger.warnings[1]


def test_a_premises_that_stands_in_two_files_is_counted_once(tmp_path):
    first, second = tmp_path / NAME, tmp_path / "202605_BDUK_uprn_release_south_west_somerset.csv"
    first.write_bytes(csv_bytes(seven()))
    second.write_bytes(csv_bytes([premises(7, "ZZ2 1AA"), premises(8, "ZZ2 1AA")]))
    ledger = Ledger()
    found = read_subsidy([first, second], postcodes=POSTCODES, areas=pd.Index([NORTH, SOUTH]), ledger=ledger)
    assert found.by_area["premises"].sum() == 8
    assert [record.rows_used for record in ledger.records if isinstance(record, Rows)] == [7, 1]


@given(st.lists(st.lists(st.integers(1, 30), max_size=12), max_size=8))
def test_premises_seen_again_are_exactly_those_met_before(files):
    seen, met = Seen(), set[int]()
    for file in files:
        expected = []
        for uprn in file:
            expected.append(uprn in met)
            met.add(uprn)
        assert seen.again(np.array(file, dtype=np.int64)).tolist() == expected


# --- Refused, with the reason -------------------------------------------------------------------------------------


def test_another_councils_file_is_refused_by_its_name(tmp_path):
    rows = [premises(1, "ME1 3HX", local_authority_district_ons="Medway")]
    said = refused(tmp_path, rows)
    assert "No premises of BDUK's release is in the study." in said
    assert "Medway" in said
    assert "ZZ11AA" in said


def test_two_releases_are_not_mixed(tmp_path):
    files = {NAME: csv_bytes(seven()), NAME.replace("202605", "202601"): csv_bytes([premises(8, "ZZ1 1AA")])}
    said = refused(tmp_path, region_zip(files), name="both.zip")
    assert "May 2026" in said
    assert "January 2026" in said


@pytest.mark.parametrize("uprn", ["1.00041E+11", "", "12345678901234", "-7", "0"])
def test_a_number_that_a_spreadsheet_broke_is_refused(tmp_path, uprn):
    rows = [premises(1, "ZZ1 1AA"), premises(2, "ZZ1 1AA") | {"uprn": uprn}]
    said = refused(tmp_path, rows)
    assert "UPRN" in said
    assert "line 3" in said


@pytest.mark.parametrize("missing", ["uprn", "postcode", "subsidy_control_status", "current_gigabit", "bduk_gis"])
def test_a_column_that_is_missing_is_named(tmp_path, missing):
    content = pd.DataFrame(seven()).drop(columns=missing).to_csv(index=False).encode()
    assert f"A column is missing: {missing}." in refused(tmp_path, content)


def test_a_web_page_in_the_zip_is_refused(tmp_path):
    content = region_zip({NAME: b"<!DOCTYPE html><html>Not found</html>"})
    said = refused(tmp_path, content, name="region.zip")
    assert "web page" in said


@pytest.mark.parametrize("keep", [0, 40, 900])
def test_a_zip_that_was_cut_short_is_refused(tmp_path, keep):
    whole = bduk.south_west(World())
    assert len(whole) > keep
    refused(tmp_path, whole[:keep], name="region.zip")


def test_a_row_that_is_cut_short_is_refused(tmp_path):
    content = csv_bytes(seven())[:-60]
    assert "fewer cells" in refused(tmp_path, content)


def test_a_zip_without_a_table_is_refused(tmp_path):
    assert "holds no table" in refused(tmp_path, region_zip({"guide.pdf": b"%PDF"}), name="region.zip")


def test_a_supplier_that_a_spreadsheet_would_run_is_refused(tmp_path):
    rows = [premises(1, "ZZ1 1AA", **(in_contract() | {"bduk_gis_supplier": "=HYPERLINK(1)"}))]
    said = refused(tmp_path, rows)
    assert "bduk_gis_supplier" in said


def test_capitals_spaces_and_a_byte_order_mark_change_nothing(tmp_path):
    tidy, _ = read(tmp_path, seven())
    rows = pd.DataFrame(seven())
    rows["postcode"] = rows["postcode"].str.lower().str.replace(" ", "")
    rows["subsidy_control_status"] = " " + rows["subsidy_control_status"].str.upper() + " "
    content = b"\xef\xbb\xbf" + rows.to_csv(index=False, lineterminator="\r\n").encode()
    untidy, _ = read(tmp_path, content)
    pd.testing.assert_frame_equal(tidy.by_postcode, untidy.by_postcode)


# --- In a build ---------------------------------------------------------------------------------------------------

OFCOM = "202507_fixed_pc_coverage_r01_ZZ.csv"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def build(study, *options):
        place = {"out": tmp_path / "out", "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
        return run_command("build", study, *options, **place)

    return build


def world_with_plans(folder):
    """Give the world of six areas Ofcom's shares by postcode, and BDUK's list: four addresses at each, in Fen none.

    Of each four one is not counted as premises, one has gigabit broadband, one is planned and one is not.
    """
    world = world_today(folder)
    places = [(area, name) for area in AREAS for name, *_ in postcodes_of(area)]
    write_csv(world.path(OFCOM), [share_row(name, [0.0, 0.0, 10.0, 20.0, 30.0, 40.0]) for _, name in places])
    kinds = (
        {"bduk_recognised_premises": "false"},
        {},
        in_contract(),
        NOTHING_YET,
    )
    rows = [
        premises(4 * i + k + 1, name, WHITE if k > 1 else GREY, **kinds[k])
        for i, (area, name) in enumerate(places)
        for k in range(4)
        if WARDS[area] != "Fen"
    ]
    world.write_bytes(NAME, csv_bytes(rows))
    return world, {"ofcom_authority": None, "ofcom_postcode": OFCOM, "subsidy": NAME}


def test_bduks_list_gives_ofcoms_shares_their_premises_and_says_so(run, tmp_path):
    world, layers = world_with_plans(tmp_path / "today")
    result = run(world.study(layers=layers, switches={"missing_areas_allowed": 0.5}))
    assert result.code == 0, result.err
    assert result.manifest["premises"]["in"] == 5 * 8 * 3  # those it does not count as premises are left out
    assert any("times the premises BDUK lists (May 2026)" in said for said in result.manifest["modelled"])
    counted = result.ranking.set_index("area_code")["premises"]
    assert counted.dropna().tolist() == [24] * 5


def test_plans_stand_beside_each_area_and_change_no_score(run, tmp_path):
    world, layers = world_with_plans(tmp_path / "today")
    given_premises = [{"postcode": name, "premises": 5} for area in AREAS for name, *_ in postcodes_of(area)]
    write_csv(world.path("premises.csv"), given_premises)
    layers |= {"postcode_premises": "premises.csv"}
    result = run(world.study(layers=layers))
    assert result.code == 0, result.err
    assert result.manifest["premises"] == {"in": 240, "scored": 240, "excluded": {}}
    areas = read_build(result.folder).areas
    fen = WARDS_BACK["Fen"]
    others = areas.drop(index=fen)
    for column, count in {"premises": 32, "white": 16, "gigabit_now": 8, "planned": 8, "not_planned": 8}.items():
        assert others[f"bduk_{column}"].tolist() == [count] * 5
    assert others["bduk_suppliers"].tolist() == ["Wessex Internet Limited"] * 5
    assert areas.loc[fen, [name for name in areas if name.startswith("bduk_")]].isna().all()
    assert any("BDUK lists no premises in 1 of 6 areas" in said for said in result.manifest["warnings"])
    scored = result.ranking
    plain = run(world.study(layers={**layers, "subsidy": None}))
    pd.testing.assert_frame_equal(plain.ranking, scored)


def test_dwellings_shared_equally_are_the_last_resort_and_called_modelled(run, tmp_path):
    world, layers = world_with_plans(tmp_path / "today")
    lookup = world.read("lookup.csv")["LSOA11CD"]
    write_csv(world.path("dwellings.csv"), [{"lsoa11cd": code, "dwellings": 80} for code in lookup])
    result = run(world.study(layers={**layers, "subsidy": None, "dwellings": "dwellings.csv"}))
    assert result.code == 0, result.err
    assert result.manifest["premises"]["in"] == 480
    assert any("shared equally among its postcodes" in said for said in result.manifest["modelled"])


def test_without_any_count_of_premises_nothing_is_invented(run, tmp_path):
    world, layers = world_with_plans(tmp_path / "today")
    result = run(world.study(layers={**layers, "subsidy": None}))
    assert (result.code, result.folder.exists()) == (2, False)
    assert "postcode_premises, subsidy or dwellings" in result.said("expected")
