"""Plain pages in a real browser: any width, light and dark, paper; no request, no script, nothing scrolls sideways."""

from __future__ import annotations

from itertools import product

import pytest

from connectivity.html.council_pages import LIMIT
from connectivity.html.page_files import published

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(build_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain") / "pages"
    published(build_folder, out=folder)
    return sorted(folder.glob("*.html"))


def test_every_page_of_the_example_is_light(pages):
    assert max(page.stat().st_size for page in pages) <= LIMIT.value


def test_no_page_scrolls_sideways_in_light_or_dark_or_asks_for_anything(chromium, pages):
    page = chromium.new_page(java_script_enabled=True)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in pages:
        page.goto(path.as_uri())
        for scheme, width in product(("light", "dark"), (1440, 375, 320)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path.name, scheme, width)
    assert asked == [path.as_uri() for path in pages]
    assert said == []
    page.close()


def test_the_map_is_drawn_and_its_words_are_for_those_who_hear_it(chromium, pages):
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(next(path for path in pages if path.name != "index.html").as_uri())
    box = page.locator("svg.map").bounding_box()
    assert box["width"] > 600
    assert box["height"] > 300
    assert page.get_by_role("img").count() == 1
    sides = page.evaluate("[...document.querySelectorAll('.areas path')].map(one => one.getBBox().width)")
    assert min(sides) > 0
    page.close()


def test_the_first_tab_stop_skips_to_the_figures(chromium, pages):
    page = chromium.new_page(viewport={"width": 375, "height": 800})
    page.goto(pages[0].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.close()
