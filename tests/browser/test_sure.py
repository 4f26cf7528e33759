"""How sure we are, in a real browser: symbols, colours, and a place that is typed."""

from __future__ import annotations

import pytest
from apps import painted, still
from playwright.sync_api import expect

from connectivity.maps import symbology
from connectivity.outputs import read_build

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def areas(build_folder):
    areas = read_build(build_folder).areas
    if "tier" not in areas:
        pytest.skip("the build was made without draws: build it again with --draws 1000")
    return areas


def test_every_symbol_of_a_tier_is_drawn(visit, areas):
    visit.page.goto(f"{visit.app}/sure")
    symbols = visit.page.locator(".ns-key-table .ns-sym")
    symbols.first.wait_for(timeout=60_000)
    masks = symbols.evaluate_all("all => all.map(one => getComputedStyle(one).maskImage)")
    assert len(set(masks)) == 7
    assert all(mask.startswith('url("data:image/svg+xml') for mask in masks)


def test_the_tier_map_has_the_colours_of_its_legend(visit, areas):
    visit.open("/?measure=sure")
    still(visit.page)
    wanted = {
        symbology.PAINTS[symbology.TIER_CLASSES[tier]].ground.lower()
        for tier in set(areas["tier"]) & set(symbology.TIER_CLASSES)
    }
    assert wanted <= painted(visit.page)
    assert visit.page.locator(".plate .key li").count() == 7


def test_a_place_is_typed_and_the_link_brings_it_back(visit, areas):
    first, second = areas[areas["severity_rank"].notna()].sort_values("severity_rank").index[[0, 40]]
    visit.page.goto(f"{visit.app}/compare?place={first}")
    box = visit.page.get_by_label("Second place")
    box.wait_for(timeout=60_000)
    box.fill(second)
    box.press("Enter")
    expect(visit.page).to_have_url(f"{visit.app}/compare?place={first}&other={second}", timeout=15_000)
    said = visit.page.locator(".ns-say").first
    for name in areas.loc[[first, second], "area_name"]:
        expect(said).to_contain_text(name, timeout=15_000)
    before = said.inner_text()
    visit.page.reload()
    expect(said).to_have_text(before, timeout=30_000, use_inner_text=True)
