"""Every page the app lists: it opens by its own address, shows no fault, asks nothing of the internet, serves all.

A page is opened, made smaller and printed; then opened in the dark on a narrow screen. See test_accessibility.py, too.
"""

from __future__ import annotations

import pytest
from apps import PLATE, addresses, painted, still, whole
from audits import faults, shorten, sideways, sound
from placed import PLACED
from playwright.sync_api import expect

from benchmarks.serving import started
from connectivity.maps import symbology
from connectivity.views.contents import DOORS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GROUNDS = {paint.ground.lower() for paint in symbology.PAINTS}
LAID_OUT = 200
"""Milliseconds after which a page of another width is laid out (assumption: twelve frames)."""
TABLET = 768
WIDTHS = (1440, TABLET, 375, 320)
MOST_TERMS = 2
"""Terms that the first view of a page opens: more of them hide the sentence."""
TERMS_SEEN = """() => [...document.querySelectorAll(".ns-term")].filter(term => {
  const at = term.getBoundingClientRect();
  return term.checkVisibility({contentVisibilityAuto: true})
    && at.width && at.top < innerHeight && at.left < innerWidth;
}).map(term => term.textContent)"""
FURNITURE = ", ".join(
    [
        "[data-testid=stHeader]",
        "[data-testid=stSidebar]",
        "[data-testid^=stBaseButton]",
        "[class*=st-key-copy-]",
        *(f".st{kind}" for kind in ("Button", "DownloadButton", "Selectbox", "ButtonGroup", "Checkbox", "Slider")),
        *(f".st{kind}" for kind in ("TextInput", "FileUploader", "PageLink", "Form")),
    ]
)
SHEET = 695
"""Pixels that an upright sheet of A4 has between the margins of print.css."""


@pytest.fixture(scope="module")
def below(build_folder, builds_folder):
    """Start the app below a path; all other tests have it at the root of its address."""
    folders = {"NOTSPOT_BUILD": str(build_folder), "NOTSPOT_BUILDS": str(builds_folder)}
    with started(folders, "--server.baseUrlPath", "notspot", base="/notspot") as one:
        yield one.address


@pytest.mark.parametrize("path", addresses())
def test_every_page_below_a_path_is_whole_and_serves_any_width_dark_or_light_axe_and_a_sheet(visits, below, axe, path):
    visit = visits(viewport={"width": 1366, "height": 768})
    visit.app = below
    page = visit.open(path).page
    still(page)
    whole(visit)
    assert len(page.evaluate(TERMS_SEEN)) <= MOST_TERMS
    links = page.locator(".stMain a[target=_self]").evaluate_all("all => all.map(a => a.pathname)")
    assert [link for link in links if not link.startswith("/notspot/")] == []
    if page.locator(".plate").count() and path != "/boundary":
        assert len(GROUNDS & painted(page)) >= 3
    if path.removeprefix("/") not in PLACED:  # the others are looked at with a place
        assert faults(page, axe) == []
    fits(page)
    if path == "/words":  # one page does: the menu is that of all
        shows_every_door(page)
    on_paper(page)
    page.emulate_media(media="null", color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 900})
    still(visit.open(path).page)
    if path in {"/sure", "/compare"}:  # those with the widest figures
        fits(page)
        still(page)
    assert sideways(page) <= 0
    shorten(page)
    assert faults(page, axe) == []
    sound(page)
    whole(visit)


def fits(page):
    """Check that a page never scrolls sideways; leave it narrow."""
    wide = {}
    for width in WIDTHS:  # a page is told no width: only its styles follow
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(LAID_OUT)
        wide[width] = sideways(page)
    assert {width: over for width, over in wide.items() if over > 0} == {}


def shows_every_door(page):
    """Check that the menu of a tablet folds no door away."""
    page.set_viewport_size({"width": TABLET, "height": 1024})
    menu = page.get_by_test_id("stTopNav")
    for door in DOORS:
        expect(menu.get_by_text(door.title, exact=True)).to_be_visible()
    expect(menu.get_by_text("more").locator("visible=true")).to_have_count(0)


def on_paper(page):
    """Check that a page has no furniture of an app when it is printed, and fits the sheet."""
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.wait_for_timeout(LAID_OUT)
    page.emulate_media(media="print")
    expect(page.locator(FURNITURE).locator("visible=true")).to_have_count(0)
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    clipped = """[...document.querySelectorAll('.ns-scroll, .ns-quality .wide, .ns-kept, .ns-tall')]
        .filter(box => box.checkVisibility() && getComputedStyle(box).overflowX !== 'visible').length"""
    assert page.evaluate(clipped) == 0


def test_a_background_map_that_does_not_come_takes_nothing_away(visit):
    visit.page.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
    visit.open("/")
    visit.page.get_by_role("button", name="More on the map").click()
    visit.page.get_by_text("Background map (needs internet)").click()
    visit.page.wait_for_timeout(2500)
    assert any("tile.openstreetmap.org" in address for address in visit.outside)
    assert visit.page.locator("[data-testid=stException], .ns-note-error").count() == 0
    assert visit.page.locator("tr[data-code]").count() >= 40  # a screenful
    expect(visit.page.locator(".plate .note")).to_contain_text("The background map cannot be reached")
    assert visit.page.evaluate(f"{PLATE}.words.named.length") > 3
    assert len(GROUNDS & painted(visit.page)) >= 3
