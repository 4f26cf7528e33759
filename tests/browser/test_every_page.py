"""Every page the app lists: it opens by its own address, shows no fault, and asks nothing of the internet."""

from __future__ import annotations

import pytest
from apps import PLATE, addresses, painted, still, whole
from playwright.sync_api import expect

from benchmarks.serving import started
from connectivity.maps import symbology

pytestmark = pytest.mark.browser

GROUNDS = {paint.ground.lower() for paint in symbology.PAINTS}
SIDEWAYS = """() => [document.documentElement, document.querySelector(".stMain")]
    .map(part => part.scrollWidth - part.clientWidth)"""
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
def test_every_page_below_a_path_is_whole_its_map_has_colours_and_it_fits_any_width_and_a_sheet(visit, below, path):
    visit.app = below
    visit.open(path)
    still(visit.page)
    whole(visit)
    links = visit.page.locator(".stMain a[target=_self]").evaluate_all("all => all.map(a => a.pathname)")
    assert [link for link in links if not link.startswith("/notspot/")] == []
    if visit.page.locator(".plate").count() and path != "/boundary":
        assert len(GROUNDS & painted(visit.page)) >= 3
    wide = {}
    for width in (1440, 768, 375, 320):  # a page is told no width: only its styles follow
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_timeout(500)
        wide[width] = max(visit.page.evaluate(SIDEWAYS))
    assert {width: over for width, over in wide.items() if over > 0} == {}
    on_paper(visit.page)


def on_paper(page):
    """Check that a page has no furniture of an app when it is printed, and fits the sheet."""
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.wait_for_timeout(500)
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
