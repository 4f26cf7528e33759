"""What a reader sees before scrolling: of a chosen place its range and what is on offer there, and no bare table."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_the_card_of_a_place_is_seen_whole_enough_in_a_low_window(visits):
    page = visits(viewport={"width": 1366, "height": 768}).open("/?place=E01020509").page
    page.wait_for_timeout(1500)
    end = page.locator(".st-key-atlas-beside").evaluate("one => one.parentElement.getBoundingClientRect().top")
    card = page.locator(".st-key-atlas-card")
    taller = page.locator(".st-key-strip").count()  # a second study beside it: its picker takes what the bar needs
    for part in (".ns-say-card", ".ns-range", ".st-key-acts", *(() if taller else (".ns-stack",))):
        below = card.locator(part).first.evaluate("one => one.getBoundingClientRect().bottom")
        assert below <= end + 1, part
    row = page.locator(".areas tr.picked")
    top, bottom = row.evaluate("one => { const {top, bottom} = one.getBoundingClientRect(); return [top, bottom]; }")
    head = page.locator(".areas thead").evaluate("one => one.getBoundingClientRect().bottom")
    assert head - 2 <= top < bottom - 20
    assert top + 40 < 768


def test_the_table_is_not_seen_before_its_style_is_there(visit):
    page = visit.open("/").page
    table = page.locator(".areas")
    seen = "one => getComputedStyle(one).visibility"
    assert table.evaluate(seen) == "visible"
    table.evaluate("one => one.getRootNode().querySelectorAll('style').forEach(style => style.remove())")
    assert table.evaluate(seen) == "hidden"
