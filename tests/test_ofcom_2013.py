from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.ofcom import lines_2013


def shares(median, average, maximum, *, under_2=False):
    (row,) = lines_2013.band_shares(
        median=np.array([median], dtype=float),
        average=np.array([average], dtype=float),
        maximum=np.array([maximum], dtype=float),
        under_2=np.array([under_2]),
    )
    return row.tolist()


def test_a_postcode_on_paper():
    # lower half even over 2–8, upper half even over 8–16
    assert shares(8, 9, 16) == pytest.approx([0, 0.25, 0.25 + 0.125, 0.375, 0])


def test_a_flag_under_2_lets_lines_reach_down_to_0():
    assert shares(8, 9, 16, under_2=True) == pytest.approx([0.125, 0.1875, 0.1875 + 0.125, 0.375, 0])


def test_a_median_under_2_wins_over_the_flag():
    assert shares(1, 1, 1) == pytest.approx([1, 0, 0, 0, 0])


def test_a_censored_maximum_reaches_as_far_as_the_mean_says():
    # mean of the upper half 2·26 − 11 = 41, so it reaches 62: 10 of 42 lie under 30
    assert shares(20, 26, 30) == pytest.approx([0, 1.5 / 18, 2.5 / 18, 5 / 18 + 5 / 42, 0.5 - 5 / 42])


def test_a_median_at_the_ceiling_puts_the_upper_half_at_30_and_over():
    assert shares(30, 30, 30)[4] == pytest.approx(0.5)


def test_one_speed_is_a_point():
    assert shares(5, 5, 5) == pytest.approx([0, 0.5, 0.5, 0, 0])


@given(st.floats(0.1, 30), st.floats(0.1, 30), st.floats(0.1, 30), st.booleans())
def test_shares_are_shares(median, average, maximum, flag):
    row = shares(median, average, max(median, maximum), under_2=flag)
    assert sum(row) == pytest.approx(1)
    assert min(row) >= -1e-12


HEADINGS = (
    "Postcode.No.Spaces,Postcode.Data.Status,Lines.Less.Than.2Mbps.T.F,Average.Speed.Mbps,Median.Speed.Mbps,"
    "Maximum.Speed.Mbps,Superfast.Broadband.Available.T.F,Number.of.Connections"
)


def read(tmp_path, *rows, headings=HEADINGS):
    path = tmp_path / "2013.csv"
    path.write_text("\n".join([headings, *rows]), encoding="utf-8")
    postcodes = pd.DataFrame(
        {"area_code": ["E01000001", "E01000001", "E01000002", "E01000009"]},
        index=["AA11AA", "AA11AB", "AA11AC", "AA11AD"],
    ).assign(district_code=["E06000091"] * 3 + ["E06000092"])
    ledger = Ledger()
    areas = pd.Index(["E01000001", "E01000002", "E01000003"])
    coverage = lines_2013.read_postcodes_2013(
        path, postcodes=postcodes, areas=areas, districts=["E06000091"], ledger=ledger
    )
    return coverage, ledger


def test_lines_are_conserved_and_missing_is_not_slow(tmp_path):
    coverage, ledger = read(
        tmp_path,
        "AA11AA,OK,FALSE,9,8,16,TRUE,8",
        "AA11AB,Insufficient Data,FALSE,NA,NA,NA,FALSE,4",
        "AA11AC,No Data,FALSE,NA,NA,NA,FALSE,NA",
        "AA11AD,OK,FALSE,9,8,16,FALSE,100",
    )
    first = coverage.table.loc["E01000001"]
    assert first[["premises", "matched", "unknown"]].tolist() == [12, 8, 4]
    assert first[coverage.columns].tolist() == pytest.approx([0, 2, 3, 3, 0])
    assert coverage.able is not None
    assert coverage.able.loc["E01000001"].tolist() == pytest.approx([0, 2, 3, 3, 0])
    assert ledger.premises_in == 12  # lines of other districts are not the study's
    assert coverage.unit == "lines"


def test_lines_that_reach_no_area_are_counted_as_unmatched(tmp_path):
    path = tmp_path / "2013.csv"
    path.write_text(f"{HEADINGS}\nAA11AA,OK,F,9,8,16,T,8\nAA11AB,OK,F,9,8,16,T,5\n", encoding="utf-8")
    postcodes = pd.DataFrame(
        {"area_code": ["E01000001", "E01000404"], "district_code": ["E06000091"] * 2}, index=["AA11AA", "AA11AB"]
    )
    ledger = Ledger()
    coverage = lines_2013.read_postcodes_2013(
        path, postcodes=postcodes, areas=pd.Index(["E01000001"]), districts=["E06000091"], ledger=ledger
    )
    assert ledger.premises_in == 13
    assert ledger.excluded == {"unmatched": 5}
    assert coverage.table["premises"].sum() == 8


def test_the_original_headings_are_read_too(tmp_path):
    headings = (
        "Postcode(No Spaces),Postcode Data Status,Lines<2Mbps(Y/N),Average Speed (Mbps),Median Speed (Mbps),"
        "Maximum Speed (Mbps),NGA Available(Y/N),Number of Connections"
    )
    coverage, _ = read(tmp_path, "AA11AA,OK,N,9,8,16,Y,8", headings=headings)
    assert coverage.table.loc["E01000001", "premises"] == 8


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("AA11AA,Maybe,FALSE,9,8,16,TRUE,8", "status that is not known"),
        ("AA11AA,OK,FALSE,NA,8,16,TRUE,8", "cannot be counted"),
        ("AA11AA,OK,perhaps,9,8,16,TRUE,8", "yes-or-no"),
        ("AA11AA,OK,FALSE,9,8,16,TRUE,8\nAA1 1AA,OK,FALSE,9,8,16,TRUE,8", "cannot be counted"),
    ],
)
def test_rows_that_cannot_be_counted_are_refused(tmp_path, row, message):
    with pytest.raises(LayerError, match=message):
        read(tmp_path, row)
