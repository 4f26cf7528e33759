"""What small areas are called: the rule of docs/decisions/0016 on a hand-sized world, and on the demo."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from layers.area_names import LONGEST, name_areas
from layers.settlements import empty


def world(*wards: str, districts: str = "", official: str = "Northland 00{}A") -> gpd.GeoDataFrame:
    """Squares of a kilometre in a row from west to east; `districts` has a letter for each."""
    count = len(wards)
    letters = districts or "N" * count
    return gpd.GeoDataFrame(
        {
            "ward_name": list(wards),
            "official_name": [official.format(number) for number in range(count)],
            "district_code": list(letters),
            "district_name": [{"N": "Northland", "S": "Southland"}[letter] for letter in letters],
        },
        index=pd.Index([f"E{number}" for number in range(count)], name="area_code"),
        geometry=[shapely.box(x, 0, x + 1000, 1000) for x in range(0, 1000 * count, 1000)],
        crs="EPSG:27700",
    )


def places(**at: tuple[float, int]) -> pd.DataFrame:
    """Settlements by name: how far east, and residents."""
    table = pd.DataFrame(
        {
            "name": [name.replace("_", " ") for name in at],
            "residents": [people for _, people in at.values()],
            "rank": 4,
            "easting": [float(east) for east, _ in at.values()],
            "northing": 500.0,
            "council": "Northland",
        },
        index=pd.Index([f"{number}" for number in range(len(at))], name="id"),
    )
    return pd.concat([empty(), table]).astype({"residents": "int64", "rank": "int64"}) if at else empty()


def postcodes(**at: list[float]) -> pd.DataFrame:
    rows = [(code, east, 500.0) for code, listed in at.items() for east in listed]
    return pd.DataFrame(rows, columns=["area_code", "easting", "northing"])


def called(areas, settlements, located=None) -> list[str]:
    return name_areas(areas, postcodes=located, settlements=settlements)[0]["area_name"].tolist()


def test_an_area_is_called_after_the_village_its_postcodes_are_in_and_after_two_where_they_are_divided():
    areas = world("Vale", "Vale", "Vale")
    located = postcodes(E0=[100, 200], E1=[1300, 1400, 1500, 1900, 1950], E2=[2900])
    settlements = places(Ash=(150, 900), Oak=(1400, 900), Elm=(2300, 900))
    names, homes = name_areas(areas, postcodes=located, settlements=settlements)
    assert names["area_name"].tolist() == ["Ash", "Oak and Elm", "Elm"]
    assert names["settlements"].tolist() == ["0", "1 2", "2"]
    assert homes.to_dict() == {"0": "E0", "1": "E1", "2": "E1"}


def test_areas_of_a_town_take_their_ward_and_a_ward_that_bears_its_name_stands_alone():
    areas = world("Quay", "Ashford West", "Quay")
    assert called(areas, places(Ashford=(1500, 20_000))) == [
        "Ashford, Quay (west)",
        "Ashford West",
        "Ashford, Quay (east)",
    ]


def test_a_village_lends_its_name_to_no_more_areas_than_it_has_residents_for():
    areas = world("Vale", "Vale")
    assert called(areas, places(Ash=(400, 900))) == ["Ash", "Vale, near Ash"]


def test_where_no_village_is_known_the_ward_is_the_name():
    assert called(world("Moor", "Moor", "Moor"), places(Ash=(9000, 900))) == [
        "Moor (west)",
        "Moor (centre)",
        "Moor (east)",
    ]
    assert called(world("Moor", "Heath"), empty()) == ["Moor", "Heath"]
    assert called(world("Oak", "Oak", districts="NS"), empty()) == ["Oak (Northland)", "Oak (Southland)"]
    assert called(world(""), empty()) == ["Northland 000A"]


def test_names_that_are_known_already_are_kept():
    assert called(world("", official="Cults and Bieldside - 0{}"), places(Ash=(500, 900))) == [
        "Cults and Bieldside - 00"
    ]


def test_nobody_is_in_a_town_of_another_council():
    areas = world("Quay", "Hard", districts="NS")
    settlements = places(Ashford=(500, 60_000))
    assert called(areas, settlements) == ["Ashford", "Hard, near Ashford"]


def test_two_villages_of_one_name_are_told_apart_by_their_councils():
    areas = world("A", "B", "C", "D", "E", "F", "G", "H", districts="NNNNSSSS")
    settlements = places(Ash=(500, 900), Other=(7500, 900))
    settlements["name"], settlements["council"] = "Ash", ["Northland", "Southland"]
    names = called(areas, settlements)
    assert (names[0], names[7]) == ("Ash (Northland)", "Ash (Southland)")


def test_no_word_is_given_twice_and_a_tenth_area_takes_a_number():
    names = called(world(*["Moor"] * 12), places(Ashford=(6000, 400_000)))
    assert len(set(names)) == 12
    assert sum(" 2)" in name for name in names) == 3


def test_a_long_name_is_cut_and_stays_unique():
    ward = "Ashurst, Bramshaw, Copythorne & Netley Marsh"
    names = called(world(ward, ward, ward), empty())
    assert max(map(len, names)) <= LONGEST
    assert len(set(names)) == 3
    assert names[0] == "Ashurst, Bramshaw … (west)"


def test_the_order_of_rows_changes_no_name():
    areas = world("Quay", "Ashford West", "Quay", "Moor", "Moor")
    settlements = places(Ashford=(1500, 20_000), Elm=(3400, 700))
    names = name_areas(areas, postcodes=None, settlements=settlements)[0]["area_name"]
    turned = name_areas(areas.iloc[::-1], postcodes=None, settlements=settlements.iloc[::-1])[0]["area_name"]
    assert turned.reindex(areas.index).tolist() == names.tolist()


DEMO = {
    "E01020509": "Cerne Abbas",
    "E01020512": "Portesham",
    "E01020466": "Corfe Castle",
    "E01020533": "Lyme Regis (north)",
    "E01020580": "Weymouth, Radipole (north)",
    "E01020519": "Dorchester East (centre)",
    "E01022825": "Gosport, Hardway (north)",
    "E01022630": "Selborne and Kingsley",
    "E01017284": "Bembridge (west)",
}


def test_the_demo_is_called_as_people_call_it(demo_build):
    areas = pd.read_parquet(demo_build / "areas.parquet").set_index("area_code")
    assert {code: areas.loc[code, "area_name"] for code in DEMO} == DEMO
    assert areas["area_name"].is_unique
    assert areas["area_name"].str.len().max() <= LONGEST
    assert not areas["area_name"].str.contains("part|·").any()
