"""Postcodes of the 2013 real study: no line is lost on its way to a postcode, and real answers are as the files say."""

from __future__ import annotations

import pandas as pd
import pytest

from connectivity.claims.about_postcodes import said_instead
from connectivity.postcode.answer import look_up
from connectivity.postcode.postcode_tables import open_files, read_postcodes

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder(real_build):
    return real_build("2013-lines")


def test_every_line_is_at_a_postcode(folder):
    table = read_postcodes(folder)
    assert table["own_premises"].sum() == pytest.approx(868_600)
    areas = pd.read_parquet(folder / "areas.parquet", columns=["area_code", "premises"]).set_index("area_code")
    shared = table.groupby("area_code")["premises"].sum(min_count=1).dropna()
    pd.testing.assert_series_equal(shared, areas.loc[shared.index, "premises"], check_names=False)


def test_a_postcode_that_ended_says_so(folder):
    answer = look_up("BH1 1AE", files=open_files(folder))
    assert answer.kind == "ended"
    assert "Royal Mail ended it in March 2004." in said_instead(answer).lines[0]


def test_letters_of_postcodes_are_rare_where_lines_are_few_and_never_better_than_their_count(folder):
    """A postcode has about 11 lines: most take their area's letter, and say their own count."""
    table = read_postcodes(folder)
    enough = table["live"] & table["own_status"].eq("scored")
    few = table["live"] & table["own_status"].str.startswith("fewer", na=False)
    assert 0 < enough.sum() < table["live"].sum()
    files = open_files(folder)
    for code in table.loc[few, "postcode"].iloc[::2_000]:
        assert all(rating.level != "postcode" for rating in look_up(code, files=files).here.ratings.values())
