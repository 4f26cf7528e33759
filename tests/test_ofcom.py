from __future__ import annotations

import json

import pandas as pd
import pytest

from layers.errors import LayerError, MissingColumnError
from layers.ledger import Ledger
from layers.ofcom import fixed

COUNTS = {
    "All Premises": 1000,
    "All Matched Premises": 990,
    "Number of premises with SFBB availability": 900,
    "Number of premises with UFBB (100Mbit/s) availability": 700,
    "Number of premises with UFBB availability": 650,
    "Number of premises with Full Fibre availability": 600,
    "Number of premises with Gigabit availability": 640,
    "Number of premises unable to receive 2Mbit/s": 5,
    "Number of premises unable to receive 5Mbit/s": 12,
    "Number of premises unable to receive 10Mbit/s": 30,
    "Number of premises unable to receive 30Mbit/s": 90,
    "Number of premises below the USO": 8,
    "Number of premises with NGA": 950,
    "Number of premises able to receive decent broadband from FWA": 400,
    "Number of premises with 30<300Mbit/s download speed": 250,
    "Number of premises with >=300Mbit/s download speed": 650,
    "Number of premises with 0<2Mbit/s download speed": 5,
    "Number of premises with 2<5Mbit/s download speed": 7,
    "Number of premises with 5<10Mbit/s download speed": 18,
    "Number of premises with 10<30Mbit/s download speed": 60,
}


def write(folder, *, drop=(), rename=None, name="202507_fixed_laua_coverage_r01.csv", **changes):
    row = {"laua": "E06000091", "laua_name": "Ashshire", **COUNTS, **changes}
    frame = pd.DataFrame([{key: value for key, value in row.items() if key not in drop}]).rename(columns=rename or {})
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def read(path, **more):
    ledger = Ledger()
    return *fixed.read_authorities(path, districts=["E06000091"], ledger=ledger, **more), ledger


def test_counts_are_cut_into_exclusive_bands_on_paper(tmp_path):
    table, bands, release, ledger = read(write(tmp_path))
    assert table[[band.column for band in bands]].iloc[0].tolist() == [5, 7, 18, 60, 200, 50, 650]
    assert table[["premises", "matched", "unknown", "below_decent", "fwa"]].iloc[0].tolist() == [1000, 990, 10, 8, 400]
    assert release == "July 2025"
    assert ledger.premises_in == 1000
    assert ledger.warnings == []


def test_2019_has_no_100_split(tmp_path):
    path = write(
        tmp_path,
        drop=("Number of premises with UFBB (100Mbit/s) availability", "Number of premises with Gigabit availability"),
        name="201909_fixed_laua_coverage_r01.csv",
    )
    table, bands, release, _ = read(path)
    assert [band.label for band in bands][-2:] == ["30 to 300", "300 or more"]
    assert table[[band.column for band in bands]].sum(axis=1).iloc[0] == 990
    assert release == "September 2019"


def test_the_2026_name_of_the_universal_service_column_is_read(tmp_path):
    new = "Number of premises unable to receive decent broadband from fixed or FWA"
    path = write(tmp_path, rename={"Number of premises below the USO": new}, name="202601_fixed_laua_coverage_r1.csv")
    table, _, release, _ = read(path)
    assert table["below_decent"].iloc[0] == 8
    assert release == "January 2026"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"Number of premises unable to receive 5Mbit/s": 31}, "unable to receive 2 ≤ 5 ≤ 10 ≤ 30 Mbit/s"),
        ({"Number of premises with SFBB availability": 893}, "unable to receive 30 Mbit/s = matched − SFBB"),
        ({"All Premises": 980}, "All Matched Premises ≤ All Premises"),
        ({"Number of premises with UFBB availability": 701}, "UFBB ≤ UFBB (100Mbit/s) ≤ SFBB"),
        ({"Number of premises with 0<2Mbit/s download speed": 50}, "the six speed bands sum to All Matched Premises"),
        (
            {"Number of premises able to receive decent broadband from FWA": 1001},
            "decent broadband from FWA ≤ All Premises",
        ),
    ],
)
def test_a_broken_invariant_is_refused(tmp_path, changes, rule):
    with pytest.raises(LayerError) as caught:
        read(write(tmp_path, **changes))
    message = str(caught.value)
    assert "contradict" in message
    assert rule in message
    assert "E06000091 (line 2)" in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Number of premises with Gigabit availability": 660}, "more premises with gigabit"),
        ({"Number of premises below the USO": 31}, "more premises below decent broadband"),
    ],
)
def test_the_two_official_exceptions_are_kept_and_said(tmp_path, changes, words):
    table, *_, ledger = read(write(tmp_path, **changes))
    assert len(table) == 1
    assert words in ledger.warnings[0]
    assert "Ashshire" in ledger.warnings[0]


def test_two_premises_of_rounding_are_let_through(tmp_path):
    table, *_ = read(write(tmp_path, **{"Number of premises with SFBB availability": 902}))
    assert len(table) == 1


def test_a_missing_column_names_the_nearest(tmp_path):
    path = write(tmp_path, rename={"All Matched Premises": "All Matched Premisses"})
    with pytest.raises(MissingColumnError, match="nearest: “All Matched Premisses”"):
        read(path)


def test_a_blank_total_is_not_zero(tmp_path):
    with pytest.raises(LayerError, match="blank is not known"):
        read(write(tmp_path, **{"Number of premises unable to receive 10Mbit/s": ""}))


@pytest.mark.real
def test_every_published_heading_list_from_2019_is_enough(real_data, tmp_path):
    lists = json.loads((real_data / "ofcom/fixed/laua_columns_2019_2023.json").read_text())
    for year, headings in lists["columns"].items():
        row = dict.fromkeys(headings, 0) | {"laua": "E06000091", "laua_name": "Ashshire"}
        row |= {heading: count for heading, count in COUNTS.items() if heading in headings}
        path = tmp_path / lists["files"][year].rsplit("/", 1)[-1]
        pd.DataFrame([row])[headings].to_csv(path, index=False)
        table, bands, release, _ = read(path)
        assert table[[band.column for band in bands]].sum(axis=1).iloc[0] == 990
        assert release.endswith(year)


@pytest.mark.real
def test_the_published_july_2025_file_ties_and_its_exceptions_are_named(real_data):
    path = real_data / "ofcom/fixed/202507_fixed_laua_coverage_r01.csv"
    codes = pd.read_csv(path)["laua"].tolist()
    ledger = Ledger()
    table, bands, _ = fixed.read_authorities(path, districts=codes, ledger=ledger)
    assert len(table) == 41
    assert (table[[band.column for band in bands]].sum(axis=1) == table["matched"]).all()
    said = " ".join(ledger.warnings)
    assert "Torridge" in said
    assert "825" in said
    assert "Havant" in said
