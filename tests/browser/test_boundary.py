from __future__ import annotations

import pytest
from apps import still

pytestmark = pytest.mark.browser

FAULT = "We could not show"


def test_a_shape_is_drawn_by_clicks_and_nothing_leaves_the_machine(visit):
    visit.open("/boundary?by=own")
    frame = visit.page.locator(".plate .map")
    frame.scroll_into_view_if_needed()
    still(visit.page)  # a click lands where the map is
    for number, (x, y) in enumerate([(0.3, 0.4), (0.45, 0.4), (0.45, 0.65)], start=1):
        box = frame.bounding_box()
        frame.click(position={"x": box["width"] * x, "y": box["height"] * y})
        visit.page.get_by_text(f"{number} corner").wait_for(timeout=20_000)
    visit.page.get_by_role("button", name="Finish").click()
    visit.page.get_by_text("in the shape you gave").first.wait_for(timeout=20_000)
    visit.page.get_by_text("inside +").first.wait_for(state="attached", timeout=20_000)
    assert FAULT not in visit.page.content()
    assert visit.outside == []
    assert visit.broken == []


def test_a_place_is_found_and_a_shape_typed_by_keyboard_alone(visit):
    page = visit.page
    page.goto(f"{visit.app}/boundary?by=old_district")
    page.locator(".ns-foot").wait_for(timeout=60_000)
    box = page.get_by_role("combobox", name="Find one of")
    box.focus()
    page.keyboard.type("West Dors")
    page.keyboard.press("Enter")
    page.get_by_text("in the old council of West Dorset").first.wait_for(timeout=20_000)
    page.goto(f"{visit.app}/boundary?by=own")
    page.get_by_text("Type the corners", exact=True).click()
    corners = page.get_by_role("textbox", name="Corners")
    corners.wait_for(timeout=20_000)
    corners.focus()
    page.keyboard.type("50.72, -2.80\n50.72, -2.70\n50.80, -2.70\n50.80, -2.80")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("in the shape you gave").first.wait_for(timeout=20_000)


def test_nothing_scrolls_sideways(visits):
    page = (visit := visits(viewport={"width": 1440, "height": 900})).page
    page.goto(f"{visit.app}/boundary?by=ward")
    page.locator(".ns-foot").wait_for(timeout=60_000)
    page.get_by_role("button", name="Marshwood Vale", exact=True).first.click()
    page.get_by_text("in Marshwood Vale ward").first.wait_for(timeout=20_000)
    for width in (1440, 375, 320):
        page.set_viewport_size({"width": width, "height": 900})
        still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
