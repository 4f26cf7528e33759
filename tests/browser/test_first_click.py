"""The first click on a map chooses the place below the pointer, and the page stays, at the sizes people have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from apps import DRAWN, PLATE, still
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Visit
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DESKS = ((1366, 768), (1440, 900), (1920, 1080))
PHONE = (375, 812)
SIZES = [pytest.param(size, id="x".join(map(str, size))) for size in (*DESKS, PHONE)]
FIRST, LAST = SIZES[0], SIZES[-1]
TOP = 0.6
"""Where the map begins in the window, as part of its height: low enough that every map is cut off at the bottom."""
NEAR = 4
"""Pixels by which a corner may miss the pointer (assumption: a finger's place is rounded, and the map has a border)."""
PATIENCE = 30_000
"""Milliseconds a click may take to be answered (assumption: a busy machine needs ten seconds)."""
ANSWER = {"/": ".ns-place h1", "/service": ".ns-card h2"}
"""Where a page says which place was chosen."""
CLINIC = b"Name,Easting,Northing\nMarket surgery,369000,90500\n"

LARGEST = f"""height => {{
    const {{map, layers, codes, root}} = {PLATE}, frame = map.getContainer().getBoundingClientRect(), found = [];
    layers.forEach((layer, n) => {{
        const box = layer.getBounds(), at = map.latLngToContainerPoint(box.getCenter());
        const [low, high] = [box.getNorthWest(), box.getSouthEast()].map(one => map.latLngToContainerPoint(one));
        const x = frame.left + at.x, y = frame.top + at.y;
        const above = root.getRootNode().elementFromPoint(x, y)?.parentElement === map.getPane("areas");
        const seen = at.x > 10 && at.x < frame.width - 10 && at.y > 20 && at.y < frame.height && y < height - 20;
        if (seen && above && layer._containsPoint(map.containerPointToLayerPoint(at)))
            found.push({{code: codes[n], x, y, size: Math.min(high.x - low.x, high.y - low.y)}});
    }});
    return found.sort((one, other) => other.size - one.size)[0];
}}"""
"""The largest area on the map whose middle is its own and lies in the window, away from what stands on the map."""

PLACES = f"""() => ({{
    map: Math.round({PLATE}.root.getBoundingClientRect().top),
    page: Math.round(document.querySelector(".stMain").scrollTop),
    window: [scrollX, scrollY],
}})"""
"""Where the map stands in the window, and how far everything that can scroll has scrolled."""


def opened(make: Callable[..., Visit], path: str, size: tuple[int, int]) -> Page:
    """Open a page with a map, at rest, and scroll as far as a reader does who sees the map's upper part."""
    touch = size == PHONE
    visit = make(viewport={"width": size[0], "height": size[1]}, has_touch=touch, is_mobile=touch).open(path)
    page = visit.page
    if path == "/own":
        page.wait_for_timeout(1500)  # the box for a file is there before it listens
        file: Any = {"name": "clinics.csv", "mimeType": "text/csv", "buffer": CLINIC}
        page.locator("input[type=file]").first.set_input_files(file)
    page.locator(DRAWN).wait_for(timeout=30_000)
    still(page)
    top, least = page.evaluate(PLACES)["map"], round(TOP * size[1])
    if top > least:
        page.evaluate("down => { document.querySelector('.stMain').scrollTop += down; }", top - least)
        still(page)
    return page


def press(page: Page, at: dict[str, float], *, touch: bool) -> None:
    """Tap, or hold the mouse's button as long as a hand does: what moves meanwhile moves below the pointer."""
    if touch:
        page.touchscreen.tap(at["x"], at["y"])
        return
    page.mouse.move(at["x"] - 3, at["y"])
    page.mouse.move(at["x"], at["y"])
    page.mouse.down()
    page.wait_for_timeout(80)
    page.mouse.up()


@pytest.mark.parametrize(
    ("path", "size"),
    [
        *(pytest.param("/", *size.values, id=f"where-{size.id}") for size in SIZES),
        *(pytest.param("/service", *size.values, id=f"service-{size.id}") for size in (FIRST, LAST)),
        pytest.param("/own", *FIRST.values, id=f"own-{FIRST.id}"),
    ],
)
def test_the_first_click_chooses_the_place_the_pointer_named_and_nothing_moves_till_the_reader_scrolls(
    visits, path, size
):
    page = opened(visits, path, size)
    area, touch = page.evaluate(LARGEST, size[1]), size == PHONE
    before = page.evaluate(PLACES)
    press(page, area, touch=touch)
    named = page.locator(".plate .tip b").text_content()  # what the pointer named last, though the tip is put away
    assert page.evaluate(f"{PLATE}.chosen()") == area["code"]
    page.wait_for_url(f"**place={area['code']}**", timeout=PATIENCE)
    if path in ANSWER:
        expect(page.locator(ANSWER[path]).first).to_have_text(named, timeout=PATIENCE)
    still(page)
    assert page.evaluate(PLACES) == before
    if (path, touch) == ("/", True):
        scrolled(page)


def scrolled(page: Page) -> None:
    """Check that a reader who scrolls after a tap is not held."""
    before = page.evaluate(PLACES)
    page.mouse.move(PHONE[0] / 2, 200)
    page.mouse.wheel(0, -150)
    still(page)
    page.evaluate("document.querySelector('.stMain').scrollTop += 90")
    still(page)
    assert page.evaluate(PLACES)["map"] != before["map"]


@pytest.mark.parametrize("size", SIZES)
def test_the_first_corner_of_a_shape_is_where_the_pointer_was_and_nothing_moves(visits, size):
    page = opened(visits, "/boundary?by=own", size)
    before = page.evaluate(PLACES)
    at = {"x": size[0] / 3, "y": before["map"] + 120}
    press(page, at, touch=size == PHONE)
    expect(page.get_by_text("1 corner so far")).to_be_visible(timeout=PATIENCE)
    still(page)
    corner = f"""(() => {{
        const {{map}} = {PLATE}, dot = Object.values(map._layers).find(one => one instanceof L.CircleMarker);
        const {{x, y}} = map.latLngToContainerPoint(dot.getLatLng()), box = map.getContainer().getBoundingClientRect();
        return [box.left + x, box.top + y];
    }})()"""
    assert page.evaluate(corner) == pytest.approx([at["x"], at["y"]], abs=NEAR)
    assert page.evaluate(PLACES) == before


def test_a_press_on_the_map_s_buttons_leaves_the_page_alone_and_the_map_has_the_focus(visits):
    page = opened(visits, "/", DESKS[0])
    before, zoom = page.evaluate(PLACES), page.evaluate(f"{PLATE}.map.getZoom()")
    plus = page.locator(".leaflet-control-zoom-in").bounding_box()
    press(page, {"x": plus["x"] + plus["width"] / 2, "y": plus["y"] + plus["height"] / 2}, touch=False)
    page.wait_for_function(f"zoom => {PLATE}.map.getZoom() > zoom", arg=zoom)
    still(page)
    assert page.evaluate(PLACES) == before
    focused = f"{PLATE}.root.getRootNode().activeElement === {PLATE}.map.getContainer()"
    assert page.evaluate(focused)
    page.keyboard.press("Shift+Tab")
    assert not page.evaluate(focused)
    page.keyboard.press("Tab")
    assert page.evaluate(focused)
