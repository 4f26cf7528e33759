"""GeoParquet in its several ways of writing, and more of it than may be."""

from __future__ import annotations

import functools
import io
from dataclasses import replace

import pandas as pd
import pytest
from hand_shapes import (
    BESIDE,
    HOLED,
    areas,
    as_geoparquet,
    refusal,
    write,
)

from layers.errors import LayerError
from layers.intake.files import Limit
from layers.intake.outline_limits import STUDY
from layers.intake.shapes import read_shapes, shapes_in


@pytest.fixture
def put(tmp_path):
    return functools.partial(write, tmp_path)


def test_codes_in_the_index_and_other_names_of_the_shapes(put):
    table = areas(HOLED, BESIDE).rename_geometry("outline").set_index("LSOA11CD")
    table["geometry"] = table.geometry.centroid
    found = read_shapes(put("a.parquet", as_geoparquet(table)))
    assert found.columns.tolist() == ["LSOA11CD", "LSOA11NM", "geometry"]
    assert found.area.tolist() == [960_000, 1_000_000]


def test_arrow_s_own_encoding_is_read(put):
    table = areas(BESIDE, HOLED)
    found = read_shapes(put("a.parquet", as_geoparquet(table, geometry_encoding="geoarrow")))
    assert found.area.tolist() == [1_000_000, 960_000]


def test_parquet_without_shapes(put):
    buffer = io.BytesIO()
    pd.DataFrame({"LSOA11CD": ["E01"]}).to_parquet(buffer)
    refusal(put("a.parquet", buffer.getvalue()), expected="GeoParquet", found="Missing geo metadata")


def test_more_rows_than_may_be_are_not_unpacked(put):
    content = as_geoparquet(areas(HOLED, BESIDE))
    few = Limit(1, "shapes", "rows", "a test")
    with pytest.raises(LayerError, match="more than we read") as caught:
        shapes_in(content, name="a.parquet", limits=replace(STUDY, rows=few))
    assert caught.value.parts["found"] == "2 shapes"
    with pytest.raises(LayerError, match="more than we read") as caught:
        shapes_in(content, name="a.parquet", limits=replace(STUDY, unpacked=Limit(9, "bytes", "all", "a test")))
    assert caught.value.parts["expected"] == "at most 9 bytes (all)"
    assert caught.value.parts["file"] == "a.parquet"
