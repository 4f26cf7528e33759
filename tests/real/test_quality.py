"""The data-quality reports of the two real studies: what was mended, which issue was used, how old it is."""

from __future__ import annotations

import pytest

from connectivity.quality.notice import read_quality

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module", params=["2013-lines", "2025-modelled"])
def report(request, real_build):
    return read_quality(real_build(request.param))


def layers(report):
    return {layer["kind"]: layer for layer in report["layers"]}


def test_every_row_of_every_file_is_used_or_not_used_for_a_reason(report):
    for layer in report["layers"]:
        assert layer["rows"], layer["kind"]
        rows_in = sum(rows["in"] for rows in layer["rows"])
        assert rows_in == sum(rows["used"] + sum(one["count"] for one in rows["unused"]) for rows in layer["rows"])
        assert rows_in == sum(file["rows"] for file in layer["files"])
        assert layer["checks"]


def test_the_whole_is_accounted_for(report):
    assert report["premises"]["balances"]
    assert report["areas"]["scored"] == report["areas"]["in"]


def test_what_was_found_is_what_is_known_of_these_files(report):
    found = layers(report)
    if "ofcom_postcode_2013" in found:
        assert report["light"]["colour"] == found["ofcom_postcode_2013"]["light"]["colour"] == "red"
        assert [one["count"] for one in found["deprivation"]["repaired"]] == [32_844]  # percent made fractions
        return
    assert report["light"]["colour"] == "amber"
    (mended,) = found["boundaries"]["repaired"]
    assert mended["count"] == 2
    assert [example.rsplit(", ", 1)[1] for example in mended["examples"]] == ["E01017290", "E01020541"]
    (broken,) = (check for check in found["ofcom_authority"]["checks"] if check["failing"])
    assert broken["examples"] == ["Havant"]
    assert found["deprivation"]["corrections"][0]["state"] == "superseded"  # the copy at hand is the first issue
    assert found["census"]["light"]["colour"] == "green"
