"""Measured speeds of lines people have: answers on paper, and never mistaken for what is on sale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from official import ofcom
from official.world import World

from layers.errors import LayerError
from layers.ledger import Ledger
from layers.ofcom.performance import read_performance

WORLD = World()
AREAS = pd.Index(sorted(WORLD.areas["lsoa21"]))
POSTCODES = pd.DataFrame(
    {"area_code": WORLD.postcodes["lsoa21"].to_numpy()}, index=WORLD.postcodes["postcode"].str.replace(" ", "")
)
LOOKUP = WORLD.output_areas.set_index("oa21").rename(columns={"lsoa21": "area_code"})
NAME = "202105_fixed_pc_performance_r01_DT.csv"
LINES = "Number of connections {} Mbit/s (number of lines)"


def read(tmp_path, table, *, name=NAME, **more):
    path = tmp_path / name
    path.write_bytes(table if isinstance(table, bytes) else ofcom.csv_bytes(table))
    ledger = Ledger()
    given_ = {"postcodes": POSTCODES, "output_areas": lambda: LOOKUP, "areas": AREAS, "ledger": ledger}
    return read_performance(path, **given_ | more), ledger


def refused(tmp_path, table, **more):
    with pytest.raises(LayerError) as caught:
        read(tmp_path, table, **more)
    assert caught.value.parts["next"]
    return str(caught.value)


def by_output_area():
    table = ofcom.performance(WORLD).drop(columns=["postcode", "postcode_space", "postcode area"]).iloc[::3]
    return table.assign(oa11=WORLD.output_areas["oa21"].to_numpy())


def test_lines_mean_and_typical_on_paper(tmp_path):
    found, ledger = read(tmp_path, ofcom.performance(WORLD))
    first = found.loc[AREAS[0]]  # six postcodes of three lines: medians 20 to 25, averages 25 to 30
    assert first[["lines", "lines_unknown", "under_10_lines", "from_30_lines"]].tolist() == [18, 0, 6, 6]
    assert first["mean_mbps"] == pytest.approx(27.5)
    assert first["typical_mbps"] == 22.0
    assert first["upload_mbps"] == pytest.approx(6.0)
    assert ledger.sources[0].release == "May 2021"
    assert (ledger.records[0].rows_in, ledger.records[0].rows_used) == (48, 48)
    assert (ledger.premises_in, ledger.excluded) == (0, {})


def test_the_archive_of_2018_has_it_beside_availability(tmp_path):
    content = ofcom.postcodes_and_performance_2018(WORLD)
    found, ledger = read(tmp_path, content, name="201809_fixed_pc_r03.zip")
    assert found["lines"].tolist() == [18] * 8
    assert ledger.sources[0].release == "May 2018"


def test_files_of_every_postcode_area_are_read_together(tmp_path):
    files = ofcom.by_postcode_area(
        ofcom.performance(WORLD), "performance_postcode_files/202105_fixed_pc_performance_r01_{}.csv"
    )
    found, _ = read(tmp_path, ofcom.zip_bytes(files), name="202105_fixed_pc_performance_r01.zip")
    assert found["lines"].sum() == 144


def test_by_output_area_of_2011(tmp_path):
    name = "202105_fixed_oa11_performance_r01.csv"
    found, _ = read(tmp_path, by_output_area(), name=name, geography="lsoa11")
    assert found["lines"].tolist() == [6] * 8
    said = refused(tmp_path, by_output_area(), name=name, geography="lsoa21")
    assert "nest in lsoa11" in said


def test_more_lines_weigh_more(tmp_path):
    table = ofcom.performance(WORLD)
    table.loc[0, LINES.format("30<300")] = 98
    table.loc[0, LINES.format(">= 30")] = 98
    found, _ = read(tmp_path, table)
    first = found.loc[AREAS[0]]
    assert first["lines"] == 115
    assert first["mean_mbps"] == pytest.approx((100 * 25 + 3 * (26 + 27 + 28 + 29 + 30)) / 115)
    assert first["typical_mbps"] == 20.0


@pytest.mark.parametrize("cell", ["", "N/A"])
def test_a_postcode_with_too_few_lines_is_not_known_and_not_none(tmp_path, cell):
    table = ofcom.performance(WORLD).astype("object")
    speeds = [name for name in table if "speed" in name]
    table.loc[0, [*speeds, *(name for name in table if "lines)" in name)]] = cell
    found, ledger = read(tmp_path, table)
    assert found.loc[AREAS[0], "lines"] == 15
    assert found.loc[AREAS[0], "mean_mbps"] == pytest.approx(28)
    assert ledger.records[0].unused[0].count == 1


def test_lines_whose_speed_is_not_published_are_counted_apart(tmp_path):
    table = ofcom.performance(WORLD).astype("object")
    table.loc[0, "Average download speed (Mbit/s)"] = ""
    found, _ = read(tmp_path, table)
    assert found.loc[AREAS[0], ["lines", "lines_unknown", "under_10_lines"]].tolist() == [15, 3, 5]


def test_an_area_without_a_measured_line_has_no_row(tmp_path):
    found, _ = read(tmp_path, ofcom.performance(WORLD).iloc[:6])
    assert list(found.index) == [AREAS[0]]


def test_averages_by_band_without_lines_are_refused_and_not_averaged(tmp_path):
    said = refused(tmp_path, ofcom.performance_2025(WORLD), name="202507_fixed_broadband_performance_r01.zip")
    assert "no number of lines" in said
    assert "2023" in said


@pytest.mark.parametrize("lookup", ["postcodes", "output_areas"])
def test_a_lookup_that_is_needed_is_asked_for(tmp_path, lookup):
    if lookup == "postcodes":
        said = refused(tmp_path, ofcom.performance(WORLD), postcodes=None)
    else:
        name = "201805_fixed_oa11_performance_r02.csv"
        said = refused(tmp_path, by_output_area(), name=name, geography="lsoa11", output_areas=lambda: None)
    assert f"a layer of kind {lookup}" in said


def test_a_postcode_twice_is_refused(tmp_path):
    table = ofcom.performance(WORLD)
    assert "stand more than once" in refused(tmp_path, pd.concat([table, table.iloc[:1]]))


def test_a_file_of_other_places_is_refused(tmp_path):
    table = ofcom.performance(WORLD).assign(postcode="ZZ11AA").iloc[:1]
    assert "No measured line of the file is in the study." in refused(tmp_path, table)


def test_availability_is_not_read_as_performance(tmp_path):
    assert "A column is missing" in refused(tmp_path, ofcom.postcodes_2018(WORLD))


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(1, 900)), min_size=1, max_size=6))
def test_the_typical_speed_is_some_places_own_and_means_lie_between(tmp_path_factory, places):
    table = ofcom.performance(WORLD).iloc[: len(places)].copy()
    for name in (LINES.format(band) for band in ("5<10", "10<30", "30<300", ">= 30")):
        table[name] = 0
    table[LINES.format("10<30")] = [lines for lines, _ in places]
    for name in ("Median download speed (Mbit/s)", "Average download speed (Mbit/s)"):
        table[name] = [speed for _, speed in places]
    found, _ = read(tmp_path_factory.mktemp("speeds"), table)
    row = found.loc[AREAS[0]]
    speeds = np.array([speed for _, speed in places])
    lines = np.array([lines for lines, _ in places])
    assert speeds.min() - 1e-9 <= row["mean_mbps"] <= speeds.max() + 1e-9
    assert row["typical_mbps"] in speeds
    assert lines[speeds <= row["typical_mbps"]].sum() * 2 >= lines.sum()
    assert lines[speeds < row["typical_mbps"]].sum() * 2 <= lines.sum()
