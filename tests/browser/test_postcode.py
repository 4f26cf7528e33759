"""Check a postcode in a real browser, with the keyboard alone, and from a link on a phone."""

from __future__ import annotations

import pandas as pd
import pytest

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def typed(build_folder):
    table = pd.read_parquet(build_folder / "postcodes.parquet", columns=["postcode", "live"])
    code = str(table.loc[table["live"], "postcode"].iloc[len(table) // 2])
    return f"{code[:-3]} {code[-3:]}"


def test_a_postcode_typed_and_sent_by_keyboard_gets_its_letters_and_a_link(visit, typed):
    page = visit.page
    page.goto(f"{visit.app}/postcode")
    box = page.get_by_label("Postcode", exact=True)
    box.focus()
    page.keyboard.type(typed.lower().replace(" ", ""))
    page.keyboard.press("Enter")
    expect(page.locator(".ns-letter-big")).to_have_count(2, timeout=20_000)
    expect(page.get_by_role("heading", level=2).filter(has_text=typed)).to_be_visible()
    assert "postcode=" in page.url
    page.goto(page.url)
    expect(page.locator(".ns-letter-big")).to_have_count(2, timeout=20_000)
    assert visit.outside == []
    assert visit.broken == []


def test_a_link_on_a_phone_fits_and_the_map_leaves_the_postcode_behind(visit, typed):
    page = visit.page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{visit.app}/postcode?postcode={typed.replace(' ', '')}")
    expect(page.locator(".ns-letter-big")).to_have_count(2, timeout=60_000)
    page.locator(".ns-foot").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_text("See it on the map").click()
    page.locator(".ns-place h1").wait_for(timeout=20_000)
    assert "place=" in page.url
    assert "postcode" not in page.url
