"""What area a village is shown by: said where it is more than the village, and left out where it is not."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from connectivity.places.extents import EACH, LARGER, Extent, extent_of
from connectivity.places.gazetteer import GazetteerEntry

TOWN = GazetteerEntry("Dorchester", "town", "Dorset", 19_060, 50.7, -2.4, "settlement:7")
ABBAS = GazetteerEntry("Cerne Abbas", "village", "Dorset", 784, 50.8, -2.5, "place:long")


def row(premises: float = 1730.0) -> gpd.GeoDataFrame:
    """A long area, a square of the town at its end, one that touches that in a corner, and one far off."""
    shapes = [shapely.box(0, 0, 1000, 9000), shapely.box(1000, 0, 2000, 1000), shapely.box(2000, 1000, 3000, 2000)]
    shapes.append(shapely.box(50_000, 0, 51_000, 1000))
    made = gpd.GeoDataFrame({"premises": premises}, index=["long", "end", "corner", "far"], geometry=shapes, crs=27700)
    return made.assign(settlements=["1", "7 1", "8", "7"])


def test_an_area_larger_than_its_village_says_what_it_holds_and_reaches():
    assert extent_of("long", areas=row(), entries=[TOWN, ABBAS]) == Extent(("Cerne Abbas",), ("Dorchester",))


def test_the_largest_village_comes_first_and_a_small_area_is_no_village():
    more = [ABBAS._replace(name="Elm", weight=900), ABBAS._replace(name="Cerne area", kind="small area")]
    assert extent_of("long", areas=row(), entries=[ABBAS, *more]).holds == ("Elm", "Cerne Abbas")


def test_a_town_that_lies_elsewhere_or_across_a_corner_is_not_reached():
    beside = TOWN._replace(name="Corner", key="settlement:8")
    assert extent_of("end", areas=row(), entries=[ABBAS._replace(key="place:end"), beside]).reaches == ()


@pytest.mark.parametrize("less", [0.0, 1.0])
def test_an_area_that_is_the_village_says_nothing(less):
    edge = LARGER.value * ABBAS.weight / EACH.value
    found = extent_of("long", areas=row(edge - less), entries=[ABBAS, TOWN])
    assert (found is None) == bool(less)


def test_an_area_that_no_village_leads_to_says_nothing():
    assert extent_of("far", areas=row(), entries=[ABBAS, TOWN]) is None
    assert extent_of("long", areas=row().drop(columns="settlements"), entries=[ABBAS]) is None
