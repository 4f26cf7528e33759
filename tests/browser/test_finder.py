"""The one box in which a place is found: what it offers, what its keys do, what it says to who cannot see it."""

from __future__ import annotations

import pytest
from finding import PATIENCE, Box, opened
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def box(visit):
    return Box(visit.open("/").page)


def test_typing_offers_places_with_their_kind_and_council_and_keys_go_through_them(visit, box):
    expect(box.input).to_have_attribute("aria-expanded", "false")
    expect(box.list).to_have_count(0)
    box.type("cerne")
    first = box.options.first
    expect(first.locator("b")).to_have_text("Cerne Abbas", timeout=PATIENCE)
    expect(first.locator("span")).to_have_text("village · Dorset")
    expect(box.input).to_have_attribute("aria-expanded", "true")
    expect(box.list).to_be_visible()
    assert box.input.get_attribute("aria-controls") == box.list.get_attribute("id")
    box.type("wey")
    expect(box.options.first.locator("b")).to_have_text("Weymouth")
    number = box.options.count()
    assert number > 2
    expect(box.said).to_have_text(f"{number} suggestions")
    assert box.selected == -1
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", number - 1), ("ArrowDown", 0)):
        box.page.keyboard.press(key)
        assert box.selected == at
        assert box.input.get_attribute("aria-activedescendant") == box.options.nth(at).get_attribute("id")
    box.page.keyboard.press("Escape")
    expect(box.list).to_have_count(0)
    expect(box.input).to_have_value("wey")
    box.page.keyboard.press("Escape")
    expect(box.input).to_have_value("")
    assert "part=" not in visit.page.url
    assert visit.outside == []
    assert visit.complaints == []


def test_enter_goes_there_and_clear_comes_back(visit, box):
    box.type("cerne")
    expect(box.options.first).to_contain_text("Cerne Abbas", timeout=PATIENCE)
    box.page.keyboard.press("Enter")
    opened(box.page, "Cerne Abbas")
    expect(box.input).to_have_value("Cerne Abbas")
    expect(box.list).to_have_count(0)
    box.clear.click()
    expect(box.page.locator("h1.ns-head")).to_contain_text("cannot support", timeout=PATIENCE)
    expect(box.input).to_have_value("")
    expect(box.clear).to_be_hidden()
    assert "place=" not in visit.page.url
    box.type("lyme reg")  # a town of several small areas is a part of the study
    expect(box.options.first).to_contain_text("Lyme Regis", timeout=PATIENCE)
    box.options.first.click()
    expect(box.page.locator("h1.ns-head")).to_contain_text("in Lyme Regis", timeout=PATIENCE)
    expect(box.input).to_have_value("Lyme Regis")
    assert "part=settlement" in visit.page.url
    box.type("dt2 7ab")
    expect(box.options).to_have_count(1)
    expect(box.options.first).to_have_text("DT2 7ABpostcode")
    box.page.keyboard.press("Enter")
    box.page.wait_for_url("**place=E0*", timeout=PATIENCE)
    expect(box.page.locator(".ns-place")).to_contain_text("Dorset", timeout=PATIENCE)
    assert "part=" not in visit.page.url


def test_what_the_list_does_not_hold_is_asked_of_the_server_and_slips_and_the_rest_of_the_country_are_known(visit, box):
    box.type("Dorchetser")
    expect(box.options.first).to_contain_text("Dorchester", timeout=PATIENCE)
    box.type("Bath")
    expect(box.options.first).to_have_text("Bathtown · Bath and North East Somerset · outside this study")
    box.page.keyboard.press("Enter")
    note = box.page.locator(".ns-note").first
    expect(note).to_contain_text("Bath (Bath and North East Somerset) lies outside this study", timeout=PATIENCE)
    box.type("Qwertyuiop")
    expect(box.options).to_have_count(0)
    box.page.keyboard.press("Enter")
    expect(note).to_contain_text("No place called “Qwertyuiop”", timeout=PATIENCE)
    box.type("E01020398")
    expect(box.options).to_have_count(0)
    box.page.keyboard.press("Enter")
    expect(box.page.locator(".ns-place")).to_contain_text("E01020398", timeout=PATIENCE)
    expect(box.page.locator(".ns-note")).to_have_count(0)
    assert visit.complaints == []


def test_half_a_postcode_is_never_taken_for_another_a_slip_away(box):
    box.type("BA1")
    box.page.wait_for_timeout(1500)  # the gazetteer has BH1
    expect(box.options).to_have_count(0)
    box.page.keyboard.press("Enter")
    expect(box.page.get_by_text("BA1 is outside this study")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("at", "first"), [("50.7,-2.1,11", "Wareham"), ("50.85,-1.18,11", "Fareham")])
def test_of_slips_the_nearer_to_where_the_map_stands_is_offered_first(visit, at, first):
    box = Box(visit.open(f"/?at={at}").page)
    box.type("Zareham")
    expect(box.options.first.locator("b")).to_have_text(first, timeout=PATIENCE)
