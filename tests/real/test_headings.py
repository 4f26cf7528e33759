"""Every heading of every release the loaders are said to read, read from a file in those headings.

Verbatim rows where there are any; a row of zeros under the official list where only the list is at hand. What needs no
real file (2018's headings, other zips, other line ends) is in tests/test_ofcom_small.py, tests/test_ofcom_postcodes.py.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest

from layers import lookups
from layers.errors import LayerError
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.ofcom import fixed, mobile
from layers.ofcom.fixed import read_output_area_coverage, read_postcode_coverage
from layers.people import census, deprivation, dwellings

pytestmark = pytest.mark.real
FIXED = "ofcom/fixed"
DISTRICTS = [
    *("E06000044", "E06000045", "E06000046", "E06000058", "E06000059"),
    *(f"E070000{number}" for number in range(84, 95)),
]


def headings(path):
    return pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns


# --- Ofcom, by authority ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "count"), [(2019, 38), (2020, 40), (2021, 40), (2022, 40), (2023, 40)])
def test_authorities_2019_to_2023(real_data, tmp_path, year, count):
    lists = json.loads((real_data / FIXED / "laua_columns_2019_2023.json").read_text(encoding="utf-8"))
    columns = lists["columns"][str(year)]
    assert len(columns) == count
    path = tmp_path / lists["files"][str(year)].rsplit("/", 1)[-1]
    given = {"laua": "E06000091", "laua_name": "ASHSHIRE", "All Premises": 10, "All Matched Premises": 9}
    given |= {f"Number of premises with {kind}": 9 for kind in ("SFBB availability", "30<300Mbit/s download speed")}
    pd.DataFrame([dict.fromkeys(columns, 0) | given]).to_csv(path, index=False)
    table, bands, release = fixed.read_authorities(path, districts=["E06000091"], ledger=Ledger())
    assert table[[band.column for band in bands]].sum(axis=1).tolist() == [9]
    assert table.loc["E06000091", ["unknown", "below_decent", "fwa"]].tolist() == [1, 0, 0]
    assert release.endswith(str(year))
    assert len(bands) == (6 if year == 2019 else 7)


def test_authorities_2025(real_data):
    path = real_data / FIXED / "202507_fixed_laua_coverage_r01.csv"
    assert len(headings(path)) == 40
    table, bands, release = fixed.read_authorities(path, districts=DISTRICTS, ledger=Ledger())
    assert table["premises"].sum() == 1_353_262
    assert (len(bands), release) == (7, "July 2025")
    assert table[["below_decent", "fwa"]].notna().all().all()


# --- Ofcom, by output area and postcode: rows as published --------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("202601_fixed_oa_coverage_r1.csv", "January 2026"),
        ("202601_fixed_oa_res_coverage_r1.csv", "January 2026, homes only"),
    ],
)
def test_output_areas_2026(real_data, name, release):
    path = real_data / FIXED / name
    rows = pd.read_csv(path).set_index("output_area")
    assert rows.shape[1] + 1 == 37
    lookup = pd.DataFrame({"area_code": "E01000001"}, index=rows.index)
    ledger = Ledger()
    coverage = read_output_area_coverage(path, output_areas=lookup, areas=pd.Index(["E01000001"]), ledger=ledger)
    found = coverage.table.loc["E01000001"]
    assert found["premises"] == rows["All Premises"].sum() == ledger.premises_in
    assert found["premises_300_plus"] == rows["Number of premises with >=300Mbit/s download speed"].sum()
    assert found["fwa"] == rows["Number of premises able to receive decent broadband from FWA"].sum()
    assert found[coverage.columns].sum() == rows["All Matched Premises"].sum()
    assert coverage.release == release
    assert len(ledger.warnings) == release.endswith("homes only")


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("202601_fixed_pc_coverage_r2_CR.csv", "January 2026"),
        ("202601_fixed_pc_coverage_res_r1_CR.csv", "January 2026, homes only"),
    ],
)
def test_postcodes_2026(real_data, name, release):
    path = real_data / FIXED / name
    rows = pd.read_csv(path).set_index("postcode")
    assert rows.shape[1] + 1 == 20
    assert "All Premises" not in rows
    areas = pd.Index(["E01000001"])
    ledger = Ledger()
    coverage = read_postcode_coverage(
        path,
        postcodes=pd.DataFrame({"area_code": areas[0]}, index=rows.index),
        weights=pd.Series(10.0, index=rows.index),
        areas=areas,
        ledger=ledger,
    )
    found = coverage.table.iloc[0]
    assert found["premises"] == 10 * len(rows)
    for column, heading in (("premises_300_plus", ">=300"), ("premises_0_2", "0<2"), ("premises_10_30", "10<30")):
        assert found[column] == pytest.approx(rows[f"% of premises with {heading}Mbit/s download speed"].sum() / 10)
    assert coverage.release == release
    assert len(ledger.warnings) == release.endswith("homes only")


def test_mobile_2025(real_data):
    path = real_data / "ofcom/mobile/202507_mobile_coverage_laua_r01.csv"
    rows = pd.read_csv(path).set_index("laua")
    assert rows.shape[1] + 1 == 161
    ledger = Ledger()
    share = mobile.read_mobile(path, districts=list(rows.index), ledger=ledger)
    expected = 1 - rows["4G_prem_in_0"].fillna(0) / 100
    assert share.to_dict() == pytest.approx(expected.to_dict())
    assert share.between(0.5, 1).all()
    assert ledger.sources[0].release == "July 2025"


# --- Need, people, places -----------------------------------------------------------------------------------------

BY_AREA = [
    (deprivation.read_deprivation, "lsoa11", "deprivation/iod2019_lsoa11_official_headings.csv.gz", 32_844, 2),
    (deprivation.read_deprivation, "lsoa21", "deprivation/iod2025_lsoa21_official_headings.csv.gz", 33_755, 2),
    (KINDS["road_distances"].read_by(), "lsoa11", "deprivation/iod2019_lsoa11_indicators.csv.gz", 32_844, 3),
    (deprivation.read_underlying_2025, "lsoa21", "deprivation/iod2025_lsoa21_indicators.csv.gz", 33_755, 3),
    (deprivation.read_wimd, "lsoa11", "deprivation/wimd2019_lsoa11.csv.gz", 1_909, 3),
    (KINDS["rural_urban"].read_by(), "lsoa11", "rurality/RUC11_LSOA11_EW.csv.gz", 34_753, 1),
    (KINDS["rural_urban"].read_by(), "lsoa21", "rurality/ruc2021_lsoa21.csv.gz", 35_672, 1),
    (census.read_census, "lsoa21", "census/census2021_lsoa21.csv.gz", 35_672, 3),
    (census.read_population, "lsoa11", "census/population_mid2020_lsoa11.csv.gz", 34_753, 2),
]


@pytest.mark.parametrize(
    ("reader", "geography", "file", "rows", "columns"),
    BY_AREA,
    ids=lambda value: getattr(getattr(value, "func", value), "__name__", str(value))[-40:],
)
def test_tables_by_area(real_data, reader, geography, file, rows, columns):
    ledger = Ledger()
    table = reader(real_data / file, geography=geography, ledger=ledger)
    assert table.shape == (rows, columns)
    assert table.index.is_unique
    assert table.notna().mean().min() > 0.99
    shares = [column for column in table if column.endswith(("_share", "_rate"))]
    assert ((table[shares] >= 0) & (table[shares] <= 1) | table[shares].isna()).all(axis=None)
    assert ledger.sources[0].rows == rows


def test_dwellings(real_data):
    weight = dwellings.read_dwellings(
        real_data / "dwellings/voa2025_dwellings_lsoa21.csv.gz", geography="lsoa21", ledger=Ledger()
    )
    assert len(weight) == 35_672
    assert weight.sum() > 25_000_000


@pytest.mark.parametrize(
    ("file", "geography", "areas", "wards"),
    [
        ("LSOA11_LSOA21_LAD22_exact_EW.csv.gz", "lsoa11", 1_646, False),
        ("LSOA21_WD24_LAD24_EW.csv.gz", "lsoa21", 1_694, True),
        ("LSOA21_LAD23_EW.csv.gz", "lsoa21", 1_694, False),
    ],
)
def test_lookups_of_areas(real_data, file, geography, areas, wards):
    table = lookups.read_lookup(real_data / "lookups" / file, geography=geography, districts=DISTRICTS, ledger=Ledger())
    assert len(table) == areas
    assert ("ward_name" in table) is wards
    assert set(table["district_code"]) == set(DISTRICTS)


def test_lookup_of_postcodes(real_data):
    path = real_data / "lookups/postcodes_DT_BH_SP_SO_PO_GU_RG.csv.gz"
    table = lookups.read_postcode_lookup(path, geography="lsoa11", ledger=Ledger())
    assert len(table) == 199_496
    assert table["district_code"].isin(DISTRICTS).any()
    with pytest.raises(LayerError, match="stands more than once"):  # many postcodes to an output area: not that lookup
        dwellings.read_output_areas(path, geography="lsoa11", ledger=Ledger())


def test_the_exact_lookup(real_data):
    path = real_data / "lookups/LSOA11_LSOA21_LAD22_exact_EW.csv.gz"
    table = lookups.read_changes(path, geography="lsoa21", ledger=Ledger())
    assert len(table) == 35_796
    assert set(table["change"]) == {"U", "S", "M", "X"}
    assert table["old"].nunique() == 34_753
    assert table["new"].nunique() == 35_672
    unchanged = table[table["change"] == "U"]
    assert (unchanged["old"] == unchanged["new"]).all()
