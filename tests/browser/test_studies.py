from __future__ import annotations

import pytest
from apps import PLATE, still
from apps import painted as colours_of
from playwright.sync_api import expect

from connectivity.maps import plate, symbology

pytestmark = pytest.mark.browser

OTHER = "June 2013 · Four councils then"
FEWEST_COLOURS = 3


def choose(page, name):
    page.get_by_role("combobox", name="Study").click()
    page.get_by_role("option", name=name).click()


def painted(visit):
    """Wait for the map that is on show now, then list the colours of its scale."""
    visit.page.wait_for_timeout(2500)  # the next map's data come after the page
    still(visit.page)
    return {colour.lower() for colour in symbology.SCALE} & colours_of(visit.page)


SETTLED = """() => [...document.querySelectorAll("*")].some(one => {
    const table = one.shadowRoot?.querySelector("table[aria-rowcount]");
    return table && table.querySelectorAll("tr[data-code]").length === table.getAttribute("aria-rowcount") - 1;
})"""
"""Whether the table has drawn all its rows: a screenful comes first."""


def test_one_study_is_shown_then_the_other_and_the_first_again(visit):
    visit.open("/?measure=score")
    rows = visit.page.locator("tr[data-code]")
    visit.page.wait_for_function(SETTLED)
    before, here = rows.count(), visit.page.locator("h1.ns-head").inner_text()
    assert len(painted(visit)) >= FEWEST_COLOURS
    choose(visit.page, OTHER)
    expect(visit.page.locator("h1.ns-head")).to_contain_text("broadband lines", timeout=15_000)
    assert len(painted(visit)) >= FEWEST_COLOURS
    assert "study=01234567" in visit.page.url
    assert "measure=score" in visit.page.url
    visit.page.wait_for_function(SETTLED)
    assert 0 < rows.count() < before
    expect(visit.page.locator(".ns-beside").first).to_contain_text("Do not subtract one study’s figures")
    visit.page.get_by_role("combobox", name="Study").click()
    visit.page.get_by_role("option", name="July 2025").first.click()
    expect(visit.page.locator("h1.ns-head")).to_have_text(here, timeout=15_000, use_inner_text=True)
    assert len(painted(visit)) >= FEWEST_COLOURS
    expect(rows).to_have_count(before, timeout=15_000)
    assert "study=" not in visit.page.url
    assert visit.outside == []
    assert visit.complaints == []


def test_a_link_opens_the_other_study_on_each_page(visit):
    visit.open("/?study=01234567")
    expect(visit.page.locator("h1.ns-head")).to_contain_text("broadband lines")
    visit.open("/why?study=01234567")
    expect(visit.page.locator(".ns-say").first).to_contain_text("did not achieve")


def test_where_people_live_is_drawn_and_asks_nothing_of_the_internet(visit):
    visit.open("/?district=E06000046")
    still(visit.page)
    circles = f"""Object.values({PLATE}.map._layers)
        .filter(one => one instanceof L.Circle && one.options.fillColor === "{plate.DOT}").length"""
    assert visit.page.evaluate(circles) == 0
    visit.page.get_by_role("button", name="More on the map").click()
    visit.page.get_by_text("Show where people live").click()
    visit.page.wait_for_function(f"{circles} > 50", timeout=15_000)
    expect(visit.page.locator(".plate .sizes")).to_contain_text("1,000 or more")
    assert {colour.lower() for colour in symbology.SCALE} & colours_of(visit.page)
    assert visit.outside == []
    assert visit.complaints == []
