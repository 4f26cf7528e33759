from __future__ import annotations

import math

import pandas as pd
import pytest

from connectivity.method import scoring
from connectivity.method.records import INDICATORS
from layers.errors import StudyError


def test_goalposts_on_paper():
    areas = pd.DataFrame({"post_office_km": [0.0, 2.415, 4.83, 9.0, math.nan]})
    found = scoring.badness(areas, indicator=INDICATORS["post_office"])
    assert found.tolist()[:4] == pytest.approx([0, 50, 100, 100])
    assert pd.isna(found[4])


def test_income_and_employment_are_one_indicator():
    areas = pd.DataFrame({"income_rate": [0.409], "employment_rate": [0.016]})
    found = scoring.badness(areas, indicator=INDICATORS["income_employment_2019"])
    assert found.tolist() == pytest.approx([50])


def test_two_thirds_of_the_declared_indicators_are_enough():
    four = scoring.declared(
        ["post_office", "shop", "gp", "library"], columns=["post_office_km", "shop_km", "gp_km", "library_km"]
    )
    areas = pd.DataFrame(
        {
            "post_office_km": [4.83, 4.83],
            "shop_km": [0.0, math.nan],
            "gp_km": [0.0, 0.0],
            "library_km": [math.nan, math.nan],
        }
    )
    shares = pd.DataFrame({"remote": [0.0, 0.0], "digital": [0.0, 0.0]})
    found = scoring.dimensions(areas, shares=shares, indicators=four)["score_alternative"]
    assert found[0] == pytest.approx(100 / 3)
    assert pd.isna(found[1])


def test_one_indicator_is_not_enough_unless_it_is_meant_to_be():
    alone = scoring.declared(["post_office"], columns=["post_office_km"])
    assert scoring.absent_dimensions(alone) == ["need", "alternative"]
    station = scoring.declared(["rail_station"], columns=["station_km"])
    assert scoring.absent_dimensions(station) == ["need"]


@pytest.mark.parametrize(
    ("keys", "columns", "message"),
    [
        (["post_offce"], ["post_office_km"], "nearest: “post_office”"),
        (["post_office", "post_office"], ["post_office_km"], "twice"),
        (["post_office"], [], "no layer that gives it"),
    ],
)
def test_a_wrong_declaration_is_refused(keys, columns, message):
    with pytest.raises(StudyError, match=message):
        scoring.declared(keys, columns=columns)
