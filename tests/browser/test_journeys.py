"""Readers do what they came for, at four sizes, in at most three clicks: an officer, a board, a campaigner."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from apps import DRAWN, PLATE, still
from playwright.sync_api import expect
from test_first_click import DESKS, PHONE, SIZES

from connectivity.evidence.pack_archive import read_pack
from connectivity.outputs import read_build
from connectivity.views.contents import DOORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Visit
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

MOST_CLICKS = 3
FIRST, SECOND = "Cerne Abbas", "Burley"
PATIENCE = 20_000
"""Milliseconds an answer may take (assumption: a busy machine needs ten seconds)."""
CLIPBOARD = ["clipboard-read", "clipboard-write"]
SIDEWAYS = """() => Math.max(...[document.documentElement, document.querySelector(".stMain")]
    .map(part => part.scrollWidth - part.clientWidth))"""
DOWNWARDS = SIDEWAYS.replace("Width", "Height")
SEEN = """one => {
    const box = one.getBoundingClientRect(), x = box.left + Math.min(box.width / 2, 40);
    const hit = one.getRootNode().elementFromPoint(x, box.top + Math.min(box.height / 2, 12));
    return Boolean(hit && (one === hit || one.contains(hit)));
}"""
"""Whether the start of an element is on the screen: in the window, not scrolled away in a panel, not covered."""


class Reader:
    """Someone at a screen of some size, whose clicks and seconds are counted."""

    def __init__(self, visits: Callable[..., Visit], size: tuple[int, int]) -> None:
        touch = size == PHONE
        self.visit = visits(
            viewport={"width": size[0], "height": size[1]}, has_touch=touch, is_mobile=touch, permissions=CLIPBOARD
        )
        self.page, self.size, self.clicks = self.visit.page, size, 0
        self.visit.open("/")
        self.started = time.perf_counter()

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def find(self, words: str, *, named: str) -> None:
        """Click the box, type, and press Enter when what was meant is offered first."""
        box = self.page.get_by_role("combobox", name="Find a place")
        self.click(box)
        box.fill("")
        self.page.keyboard.type(words)
        expect(self.page.locator(".finder [role=option] b").first).to_have_text(named, timeout=PATIENCE)
        self.page.keyboard.press("Enter")

    def open_door(self, title: str) -> None:
        """Go through a door of the menu, which on a phone is folded."""
        if self.size == PHONE:
            self.click(self.page.locator("[data-testid=stExpandSidebarButton]"))
        self.click(self.page.get_by_role("link", name=title, exact=True).locator("visible=true").first)

    def copied(self, name: str) -> str:
        """Press a button that copies, and give what it copied."""
        self.click(self.page.get_by_role("button", name=name).first)
        expect(self.page.get_by_text("Copied.").first).to_be_visible()
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text

    def reads(self, *seen: Locator) -> None:
        """Check that these are in view, and that nothing scrolls sideways."""
        for one in seen:
            expect(one).to_be_visible(timeout=PATIENCE)
            assert one.evaluate(SEEN), one
        assert self.page.evaluate(SIDEWAYS) <= 0

    def end(self, capsys: pytest.CaptureFixture[str], who: str) -> None:
        """Print what it took; hold the clicks and what left the machine."""
        seconds = time.perf_counter() - self.started
        with capsys.disabled():
            print(f"\n{who}, {self.size[0]} x {self.size[1]}: {self.clicks} clicks, {seconds:.1f} s")  # noqa: T201 - a measurement to read
        assert self.clicks <= MOST_CLICKS
        assert self.visit.outside == []
        assert self.visit.complaints == []


@pytest.fixture(scope="module")
def areas(build_folder):
    return read_build(build_folder).areas


@pytest.mark.parametrize("size", SIZES)
def test_an_officer_types_a_village_reads_why_and_leaves_with_a_link(visits, size, capsys):
    officer = Reader(visits, size)
    page, card = officer.page, officer.page.locator(".ns-place h1")
    officer.reads(page.locator("h1.ns-head"), page.locator(".plate .map")) if size != PHONE else officer.reads(
        page.get_by_role("combobox", name="Find a place"), page.locator(".plate .map")
    )
    officer.find("cerne", named="Cerne Abbas")
    expect(card).to_have_text("Cerne Abbas", timeout=PATIENCE)
    still(page)
    why = page.locator(".st-key-atlas-card .ns-say")
    for words in ("premises cannot support one home worker", "It could be", "What fails most is"):
        expect(why).to_contain_text(words, use_inner_text=True)
    officer.reads(card) if size == PHONE else officer.reads(card, why, page.locator("tr.picked button"))
    link = officer.copied("Copy link")
    assert "place=" in link
    officer.end(capsys, "officer")
    colleague = visits(viewport={"width": size[0], "height": size[1]}).open(link.removeprefix(officer.visit.app))
    expect(colleague.page.locator(".ns-place h1")).to_have_text("Cerne Abbas", timeout=PATIENCE)
    expect(colleague.page.locator(".st-key-atlas-card .ns-say")).to_have_text(why.inner_text(), use_inner_text=True)


@pytest.mark.parametrize("size", SIZES)
def test_a_board_compares_two_councils(visits, size, capsys):
    board = Reader(visits, size)
    page = board.page
    board.find("dorset", named="Dorset")
    expect(page.locator("h1.ns-head")).to_contain_text("in Dorset cannot", timeout=PATIENCE)
    board.click(page.get_by_role("link", name="Compare Dorset"))
    second = page.get_by_role("combobox", name="Second place")
    expect(page.locator(".ns-say").first).to_contain_text("Dorset", timeout=PATIENCE)
    still(page)
    board.click(second)
    second.fill("New Forest, council")
    page.get_by_role("option").filter(has_text="New Forest, council").first.wait_for()
    second.press("ArrowDown")
    second.press("Enter")
    sentence = page.locator(".ns-say").first
    expect(sentence).to_contain_text("New Forest", timeout=PATIENCE)
    expect(sentence).to_contain_text("Dorset")
    board.reads(sentence)
    board.end(capsys, "board")
    said = sentence.inner_text()
    page.reload()
    expect(page.locator(".ns-say").first).to_have_text(said, use_inner_text=True, timeout=PATIENCE)


@pytest.mark.parametrize("size", SIZES)
def test_a_campaigner_types_a_postcode_and_leaves_with_a_sentence_and_a_pack(visits, size, capsys):
    campaigner = Reader(visits, size)
    page = campaigner.page
    campaigner.find("dt2 7ab", named="DT2 7AB")
    say = page.locator(".st-key-atlas-card .ns-say")
    expect(say).to_contain_text("cannot support one", timeout=PATIENCE, use_inner_text=True)
    name = page.locator(".ns-place h1").inner_text()
    still(page)
    campaigner.click(page.get_by_role("link", name="Get the pack"))
    expect(page.locator("h1")).to_have_text("Evidence", timeout=PATIENCE)
    expect(page.locator(".ns-card-do").first).to_contain_text(name, timeout=PATIENCE)
    expect(page.locator(".st-key-pack img")).to_have_attribute("alt", re.compile(re.escape(name)), timeout=4 * PATIENCE)
    still(page)
    with page.expect_download(timeout=4 * PATIENCE) as waiting:
        campaigner.click(page.get_by_role("button", name="Get the pack"))
    assert "brief.pdf" in read_pack(waiting.value.path())
    campaigner.reads()
    campaigner.end(capsys, "campaigner")


def test_map_table_and_card_are_in_view_together_and_the_page_stays_in_the_window(visits, areas):
    place = areas["severity_rank"].astype("Float64").idxmin()
    visit = visits(viewport=dict(zip(("width", "height"), DESKS[0], strict=True))).open(f"/?place={place}")
    page = visit.page
    still(page)
    shown = [page.locator(one) for one in (".plate .map", ".ns-place h1", ".ns-say-card", "tr.picked button")]
    for width, height in DESKS:
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        assert [one.evaluate(SEEN) for one in shown] == [True] * 4, (width, height)
        assert max(page.evaluate(DOWNWARDS), page.evaluate(SIDEWAYS)) <= 0
        assert page.locator(".plate .map").bounding_box()["width"] >= 0.55 * width
    for width in (375, 320):
        page.set_viewport_size({"width": width, "height": 812})
        still(page)
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.locator(".plate .map").bounding_box()["height"] >= 812 / 3


def test_the_map_of_a_council_names_the_towns_a_resident_knows(visits):
    visit = visits(viewport=dict(zip(("width", "height"), DESKS[0], strict=True))).open("/?district=E06000059")
    wanted = {"Dorchester", "Weymouth", "Sherborne", "Blandford Forum", "Lyme Regis"}
    for (width, height), known in {**dict.fromkeys(DESKS, wanted), PHONE: {"Dorchester", "Weymouth"}}.items():
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.goto(f"{visit.app}/?district=E06000059")
        visit.page.locator(DRAWN).wait_for(timeout=30_000)
        still(visit.page)
        named = set(visit.page.evaluate(f"{PLATE}.words.named.map(one => one.words)"))
        assert known - named == set(), (width, height)


def test_a_ward_that_is_typed_narrows_the_map_to_it(visit):
    visit.open("/")
    box = visit.page.get_by_role("combobox", name="Find a place")
    box.click()
    box.fill("Bridport ward")
    box.press("Enter")
    expect(visit.page.locator("h1.ns-head")).to_contain_text("in Bridport ward", timeout=PATIENCE)
    visit.page.get_by_role("button", name="More on the map").click()
    expect(visit.page.get_by_role("combobox", name="Which one").first).to_have_value("Bridport")
    assert "part=ward%3A" in visit.page.url


def test_the_menu_of_a_phone_closes_when_a_page_was_chosen(visits):
    page = visits(viewport={"width": 375, "height": 800}).open("/").page
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.get_by_role("link", name="Evidence", exact=True).locator("visible=true").first.click()
    expect(page.locator("h1")).to_have_text("Evidence", timeout=PATIENCE)
    expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "true", timeout=5_000)


def choose(page, label, words):
    """Type into a box with a list and take the first that is offered, as one does with the keyboard."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    page.get_by_role("option").filter(has_text=words).first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")


def test_a_board_compares_two_places_and_copies_the_sentence(visits):
    board = visits(permissions=CLIPBOARD)
    board.open("/compare")
    choose(board.page, "First place, by name or postcode", FIRST)
    expect(board.page.locator("thead", has_text=FIRST).first).to_be_visible(timeout=10_000)
    choose(board.page, "Second place", SECOND)
    sentence = board.page.locator(".ns-say").first
    expect(sentence).to_contain_text(SECOND, timeout=10_000)
    board.page.get_by_role("button", name="Copy sentence").first.click()
    expect(board.page.get_by_text("Copied.").first).to_be_visible()
    quote = board.page.evaluate("navigator.clipboard.readText()")
    assert FIRST in quote
    assert SECOND in quote
    assert "1,000" in quote  # the draws behind it
    board.page.reload()
    expect(sentence).to_contain_text(SECOND, timeout=15_000)


def test_a_resident_checks_a_postcode_and_copies_a_link_that_gives_the_same(visits):
    campaigner = visits(permissions=CLIPBOARD, viewport={"width": 375, "height": 800})
    campaigner.open("/postcode")
    campaigner.page.get_by_label("Postcode", exact=True).fill("dt2 7ab")
    campaigner.page.get_by_role("button", name="Check", exact=True).click()
    letters = campaigner.page.locator(".ns-letter-big")
    expect(letters).to_have_count(2, timeout=10_000)
    campaigner.page.get_by_role("button", name="Copy link").first.click()
    expect(campaigner.page.get_by_text("Copied.").first).to_be_visible()
    link = campaigner.page.evaluate("navigator.clipboard.readText()")
    friend = visits(viewport={"width": 375, "height": 800}).open(link.removeprefix(campaigner.app))
    expect(friend.page.locator(".ns-letter-big")).to_have_text(letters.all_inner_texts())


def test_every_door_and_what_is_behind_it_is_three_clicks_from_the_first_page(visits):
    visit = visits().open("/")
    shown = visit.page.get_by_test_id("stTopNavLink").all_inner_texts()
    assert [words.strip() for words in shown] == [door.title for door in DOORS]
    (about,) = (behind for door, behind in DOORS.items() if door.address == "about")
    visit.page.get_by_role("link", name="About the figures", exact=True).first.click()
    expect(visit.page.locator("h1")).to_have_text("About the figures", timeout=PATIENCE)
    still(visit.page)
    led = visit.page.locator(".stMain a").evaluate_all("all => all.map(one => new URL(one.href).pathname)")
    assert {f"/{one.address}" for one in about} - set(led) == set()


def test_back_and_forward_go_through_what_was_looked_at(visit, areas):
    visit.open("/")
    still(visit.page)
    buttons, title = visit.page.locator("tr[data-code] button"), visit.page.locator(".ns-place h1")
    first, second = (buttons.nth(place).inner_text() for place in (2, 4))
    buttons.nth(2).click()
    expect(title).to_have_text(first, timeout=10_000)
    buttons.nth(4).click()
    expect(title).to_have_text(second, timeout=10_000)
    visit.page.go_back()
    expect(title).to_have_text(first, timeout=10_000)
    visit.page.go_back()
    expect(visit.page.locator(".ns-place h1")).to_have_count(0, timeout=10_000)
    visit.page.go_forward()
    expect(title).to_have_text(first, timeout=10_000)
    assert visit.complaints == []


def test_the_number_on_a_slider_stands_on_one_line(visit):
    visit.open("/weightings")
    visit.page.get_by_text("Set them yourself").first.click()
    number = visit.page.get_by_test_id("stSliderThumbValue").first
    expect(number).to_be_visible()
    lines = "one => one.scrollHeight / parseFloat(getComputedStyle(one.querySelector('p')).lineHeight)"
    assert number.evaluate(lines) < 2
