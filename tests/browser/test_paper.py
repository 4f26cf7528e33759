"""The map and a long table on paper, forced colours, a tablet: the map whole, the menu too (see test_every_page.py)."""

from __future__ import annotations

import pytest
from apps import PLATE, still
from playwright.sync_api import expect

from connectivity.views.contents import DOORS

pytestmark = pytest.mark.browser


def test_the_map_is_fitted_to_the_sheet_and_comes_back_as_it_was(visit):
    visit.open("/")
    page = visit.page
    still(page)
    size = f"""() => {{ const {{map}} = {PLATE}, box = map.getContainer().getBoundingClientRect();
        return [Math.round(box.width), Math.round(box.height), map.getZoom(), map.getCenter().lat]; }}"""
    before = page.evaluate(size)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(size)[:2] == [690, 430]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(size) == pytest.approx(before, abs=0.001)  # a map is moved by whole pixels
    visit.page.emulate_media(media="print")
    assert page.locator(".plate .key").is_visible()
    assert page.locator(".leaflet-control-zoom").is_hidden()


def test_a_long_table_prints_forty_rows_and_says_where_the_rest_is(visit):
    visit.open("/")
    visit.page.wait_for_timeout(1500)
    rows = visit.page.locator(".areas tbody tr")
    assert rows.count() > 40
    assert visit.page.locator(".areas .rest").is_hidden()
    visit.page.emulate_media(media="print")
    expect(rows.locator("visible=true")).to_have_count(40)
    assert "These are the first 40 of" in visit.page.locator(".areas .rest").inner_text()


def test_switches_can_be_seen_in_forced_colours(visits):
    visit = visits(viewport={"width": 1240, "height": 1000}, forced_colors="active")
    visit.open("/")
    visit.page.get_by_role("button", name="More on the map").click()
    track = visit.page.locator(".stCheckbox label > div").first
    drawn = "one => { const is = getComputedStyle(one); return [is.borderTopWidth, is.borderTopStyle]; }"
    assert track.evaluate(drawn) == ["2px", "solid"]
    dots = visit.page.locator("[data-testid=stRadioOption] > div > div:first-child > div")
    ink = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    chosen, *others = dots.evaluate_all(ink)
    assert chosen not in others


def test_a_tablet_shows_every_door_of_the_menu(visits):
    visit = visits(viewport={"width": 768, "height": 1024})
    visit.page.goto(f"{visit.app}/words")
    visit.page.locator(".ns-foot").wait_for(timeout=60_000)
    menu = visit.page.get_by_test_id("stTopNav")
    for door in DOORS:
        expect(menu.get_by_text(door.title, exact=True)).to_be_visible()
    expect(menu.get_by_text("more").locator("visible=true")).to_have_count(0, timeout=15_000)
