"""BDUK's May 2026 release: the official sample, and one rural parish by postcode."""

from __future__ import annotations

import pandas as pd
import pytest
from official.bduk import HEADINGS, csv_bytes, in_contract, premises

from layers.ledger import Ledger
from layers.plans.subsidy import read_subsidy

pytestmark = pytest.mark.real
AREA = "E01000001"


def lookup(postcodes):
    codes = pd.Series(postcodes).str.replace(" ", "").unique()
    return pd.DataFrame({"area_code": AREA}, index=codes)


def test_the_official_sample_is_read_in_its_own_headings(real_data):
    path = real_data / "bduk/202605_BDUK_uprn_release_sample.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(rows) == list(HEADINGS)
    ledger = Ledger()
    found = read_subsidy([path], postcodes=lookup(rows["postcode"]), areas=pd.Index([AREA]), ledger=ledger)
    area = found.by_area.loc[AREA]
    assert area["premises"] == len(rows) == area["grey_or_black"]
    assert area["not_recognised"] == (rows["bduk_recognised_premises"] == "false").sum()
    assert area["gigabit_now"] + area["planned"] == (rows["bduk_recognised_premises"] == "true").sum()
    assert (area["suppliers"], area["latest_date"]) == ("Quickline Communications", "2028-06-30")
    assert (found.release, ledger.warnings) == ("May 2026", [])


def test_barton_st_david_has_266_premises_and_224_not_planned(real_data, tmp_path):
    """The parish's published counts by postcode, as rows in BDUK's headings, come back as they were.

    The parish file says what becomes of premises and not their subsidy status, so statuses are left blank here.
    """
    published = pd.read_csv(real_data / "bduk/barton_st_david_by_postcode_202605.csv").set_index("postcode")
    cells = {
        "available_now": {},
        "planned_project_gigabit": in_contract(),
        "planned_commercial": {"current_gigabit": "false", "future_gigabit": "true"},
        "not_planned": {"current_gigabit": "false"},
        "not_counted": {"current_gigabit": "false", "bduk_recognised_premises": "false"},
    }
    each = [(code, kind) for code, row in published.iterrows() for kind, many in row.items() for _ in range(many)]
    path = tmp_path / "202605_BDUK_uprn_release_south_west_somerset.csv"
    path.write_bytes(csv_bytes([premises(i + 1, code, "", **cells[kind]) for i, (code, kind) in enumerate(each)]))
    found = read_subsidy([path], postcodes=lookup(published.index), areas=pd.Index([AREA]), ledger=Ledger())
    area = found.by_area.loc[AREA]
    assert (area["premises"], area["not_planned"], area["not_stated"]) == (266, 224, 266)
    fine = found.by_postcode.rename(index=lambda code: f"{code[:-3]} {code[-3:]}").loc[published.index]
    assert (fine["gigabit_now"] == published["available_now"]).all()
    assert (fine["not_planned"] == published["not_planned"]).all()
    assert (fine["not_recognised"] == published["not_counted"]).all()
    assert (fine["planned"] == published["planned_project_gigabit"] + published["planned_commercial"]).all()
