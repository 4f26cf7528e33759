from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_what_cannot_be_compared_is_said_without_leaving_the_machine_or_scrolling_sideways(visit):
    page = visit.page
    page.goto(f"{visit.app}/change")
    page.locator(".ns-foot").wait_for(timeout=60_000)
    said = page.locator(".ns-note").first.inner_text()
    assert "There is nothing to compare this study with yet" in said
    assert "Speeds that were measured are not compared with lines on offer" in said
    for width in (1440, 375):
        page.set_viewport_size({"width": width, "height": 1300})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.outside == []
    assert visit.broken == []
