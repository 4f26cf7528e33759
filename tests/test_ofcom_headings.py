"""A message names the heading a file has, whichever of the published ones that is."""

from __future__ import annotations

import pandas as pd
import pytest
import test_ofcom_postcodes as by_postcode
import test_ofcom_small as by_area

from layers.errors import LayerError
from layers.intake.tables import Column, heading_of, read_tables

NEW = "Number of premises unable to receive decent broadband from fixed or FWA"
OLD = "Number of premises below the USO"


@pytest.mark.parametrize("heading", [NEW, OLD])
@pytest.mark.parametrize(("count", "what"), [(999, "contradict each other"), ("", "is blank")])
def test_counts_by_output_area_are_refused_under_the_heading_they_have(tmp_path, heading, count, what):
    table = pd.DataFrame(by_area.three()).rename(columns={NEW: heading}).astype({heading: "object"})
    table.loc[0, heading] = count
    with pytest.raises(LayerError, match=what) as refused:
        by_area.read(by_area.write(tmp_path, table))
    assert refused.value.parts["column"].split(", ")[0] == heading


def test_an_output_area_that_stands_twice_is_refused_under_the_heading_it_has(tmp_path):
    table = pd.DataFrame([*by_area.three(), by_area.three()[0]]).rename(columns={"output_area": "Output_Area"})
    with pytest.raises(LayerError, match="more than once") as refused:
        by_area.read(by_area.write(tmp_path, table))
    assert refused.value.parts["column"] == "Output_Area"


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    "heading", [by_postcode.DECENT, "% of premises unable to receive decent broadband from fixed or FWA"]
)
def test_shares_by_postcode_are_refused_under_the_heading_they_have(tmp_path, heading, zipped):
    rows = by_postcode.three()
    rows[0][by_postcode.DECENT] = 101.0
    table = pd.DataFrame(rows).rename(columns={by_postcode.DECENT: heading})
    path, member = by_postcode.write(tmp_path, table), None
    if zipped:
        path, member = tmp_path / "both.zip", "*.csv"
        parts = {f"{name}.csv": by_postcode.text(part) for name, part in (("a", table[:2]), ("b", table[2:]))}
        path.write_bytes(by_postcode.zipped(parts))
    with pytest.raises(LayerError, match="do not make sense") as refused:
        by_postcode.read(path, member=member, release="July 2025")
    assert refused.value.parts["column"] == heading


def test_a_heading_that_is_not_known_is_the_newest_published_one(tmp_path):
    column = Column("count", ("New words", "Old words"), "count")
    path = tmp_path / "table.csv"
    path.write_text("old_words \n1\n", encoding="utf-8")
    assert heading_of(read_tables(path, [column]), column) == "old_words"
    assert heading_of(pd.DataFrame({"count": [1]}), column) == "New words"
