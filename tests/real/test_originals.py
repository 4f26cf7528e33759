"""What the readers of originals take for granted, held against real published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.ledger import Ledger
from layers.people.deprivation import TENTH, read_deprivation, read_wimd
from layers.revisions import AREA, CORRECTED, FIRST

pytestmark = pytest.mark.real
FILE_7 = "deprivation/iod2025_lsoa21_official_headings.csv.gz"
WIMD = "deprivation/wimd2019_lsoa11.csv.gz"


def test_the_copy_at_hand_is_told_as_the_first_issue(real_data):
    ledger = Ledger()
    read_deprivation(real_data / FILE_7, geography="lsoa21", ledger=ledger)
    assert [said for said in ledger.warnings if "looks like the first issue of 30 October 2025" in said]


def test_one_area_alone_stands_in_another_district_than_in_onss_lookup(real_data):
    file_7 = pd.read_csv(real_data / FILE_7, index_col=0)["Local Authority District code (2024)"]
    ons = pd.read_csv(real_data / "lookups" / "LSOA21_WD24_LAD24_EW.csv.gz", index_col="lsoa21_code")["ltla24_code"]
    differ = file_7[file_7 != ons.reindex(file_7.index)]
    assert differ.to_dict() == {AREA: FIRST}
    assert ons[AREA] == CORRECTED


def test_welsh_tenths_and_ranks_follow_from_ranks_and_scores(real_data):
    published = pd.read_csv(real_data / WIMD, index_col="lsoa11_code")
    assert (np.ceil(published["Income_rank"] / TENTH) == published["Income_decile"]).all()
    for domain in ("Income", "Employment"):
        made = published[f"{domain}_score"].rank(ascending=False, method="min")
        assert (made == published[f"{domain}_rank"]).all()


def test_welsh_scores_alone_give_the_published_ranks(real_data, tmp_path):
    published = pd.read_csv(real_data / WIMD, index_col="lsoa11_code")
    scores = published[["Income_score", "Employment_score"]].set_axis(["Income", "Employment"], axis=1)
    path = tmp_path / "scores.csv"
    scores.rename_axis("LSOA code").to_csv(path)
    table = read_wimd(path, geography="lsoa11", ledger=Ledger())
    assert (table["wimd_income_rank"] == published["Income_rank"]).all()
    assert (table["wimd_income_decile"] == published["Income_decile"]).all()
