from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 375])
def test_what_cannot_be_compared_is_said_without_leaving_the_machine_or_scrolling_sideways(visits, width):
    visit = visits(viewport={"width": width, "height": 1300})
    visit.page.goto(f"{visit.app}/change")
    visit.page.locator(".ns-foot").wait_for(timeout=60_000)
    said = visit.page.locator(".ns-note").first.inner_text()
    assert "There is nothing to compare this study with yet" in said
    assert "Speeds that were measured are not compared with lines on offer" in said
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.outside == []
    assert visit.broken == []
