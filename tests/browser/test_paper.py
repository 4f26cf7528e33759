"""The map and a long table on paper (every page is printed in test_every_page.py)."""

from __future__ import annotations

import pytest
from apps import PLATE, still
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_map_is_fitted_to_the_sheet_and_a_long_table_prints_forty_rows_and_says_where_the_rest_is(visit):
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
    rows = page.locator(".areas tbody tr")
    assert rows.count() > 40
    assert page.locator(".areas .rest").is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".plate .key").is_visible()
    assert page.locator(".leaflet-control-zoom").is_hidden()
    expect(rows.locator("visible=true")).to_have_count(40)
    assert "These are the first 40 of" in page.locator(".areas .rest").inner_text()
