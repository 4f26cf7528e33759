"""Every page the app lists: it opens by its own address, shows no fault, and asks nothing of the internet."""

from __future__ import annotations

import pytest
from apps import PLATE, addresses, painted, still
from playwright.sync_api import expect

from benchmarks.serving import started
from connectivity.maps import symbology

pytestmark = pytest.mark.browser

GROUNDS = {paint.ground.lower() for paint in symbology.PAINTS}
SIDEWAYS = """() => [document.documentElement, document.querySelector(".stMain")]
    .map(part => part.scrollWidth - part.clientWidth)"""


def whole(visit):
    """Say that a page stands there whole, and nothing left the machine."""
    assert visit.page.get_by_text("Page not found").count() == 0
    assert visit.page.locator("[data-testid=stException], .ns-note-error").count() == 0
    assert visit.page.get_by_role("heading", level=1).count() == 1
    assert visit.outside == []
    assert visit.broken == []
    # An answer that failed is in `broken`, but for Streamlit's own search for its health address below a page's path.
    assert [said for said in visit.complaints if not said.startswith("Failed to load resource")] == []


@pytest.mark.parametrize("path", addresses())
def test_every_page_opens_by_itself_without_a_fault_its_map_has_colours_and_no_width_scrolls_sideways(visit, path):
    visit.open(path)
    still(visit.page)
    whole(visit)
    if visit.page.locator(".plate").count() and path != "/boundary":
        assert len(GROUNDS & painted(visit.page)) >= 3
    wide = {}
    for width in (768, 375):  # a page is told no width: only its styles follow; 320 is test_accessibility.py's
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.wait_for_timeout(500)
        wide[width] = max(visit.page.evaluate(SIDEWAYS))
    assert {width: over for width, over in wide.items() if over > 0} == {}


def test_the_app_works_below_a_path(build_folder, visits):
    options = ("--server.baseUrlPath", "notspot")
    with started({"NOTSPOT_BUILD": str(build_folder)}, *options, base="/notspot") as below:
        visit = visits()
        visit.app = below.address
        for path in addresses():
            visit.open(path)
            still(visit.page)
            whole(visit)
            links = visit.page.locator(".stMain a[target=_self]").evaluate_all("all => all.map(a => a.pathname)")
            assert [link for link in links if not link.startswith("/notspot/")] == []


def test_a_background_map_that_does_not_come_takes_nothing_away(visit):
    visit.page.route("https://tile.openstreetmap.org/**", lambda route: route.abort())
    visit.open("/")
    visit.page.get_by_text("Background map (needs internet)").click()
    visit.page.wait_for_timeout(2500)
    assert any("tile.openstreetmap.org" in address for address in visit.outside)
    assert visit.page.locator("[data-testid=stException], .ns-note-error").count() == 0
    assert visit.page.locator("tr[data-code]").count() >= 40  # a screenful
    expect(visit.page.locator(".plate .note")).to_contain_text("The background map cannot be reached")
    assert visit.page.evaluate(f"{PLATE}.words.named.length") > 3
    assert len(GROUNDS & painted(visit.page)) >= 3
