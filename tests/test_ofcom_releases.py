"""Ofcom's releases in their own headings and wrapping: what is read from each, and what is kept below the area."""

from __future__ import annotations

import pandas as pd
import pytest
from test_ofcom_postcodes import read as read_by_postcode
from test_ofcom_postcodes import three, write
from worlds import world_2013

from layers.lookups import read_postcodes
from layers.manifest import Ledger
from layers.ofcom.lines_2013 import read_postcodes_2013

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
    postcodes = read_postcodes(world.path("postcodes.csv"), geography="lsoa11", ledger=Ledger())
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
