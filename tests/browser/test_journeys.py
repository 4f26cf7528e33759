"""Three readers do what they came for: find a place, compare two, check a postcode and pass the link on."""

from __future__ import annotations

import shutil

import pytest
from apps import still
from playwright.sync_api import expect

from benchmarks.serving import started
from connectivity.method.records import HOME_WORKER
from connectivity.outputs import read_build, write_outputs
from layers.errors import visible

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.harm=1</script>",
    '=HYPERLINK("//evil.example","x")',
    "\u202eesrever<img src=x onerror=harm=1>",
)


@pytest.fixture(scope="module")
def areas(build_folder):
    return read_build(build_folder).areas


def choose(page, label, words):
    """Type into a box with a list and take the first that is offered, as one does with the keyboard."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    page.get_by_role("option").filter(has_text=words).first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")


def copied(page, name="Copy link"):
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_text("Copied.").first).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def test_an_officer_finds_a_place_reads_why_and_passes_the_link_on(visits):
    officer = visits(permissions=["clipboard-read", "clipboard-write"]).open("/")
    choose(officer.page, "Find a place", "Cerne Abbas")
    card = officer.page.locator(".ns-card h2").first
    expect(card).to_contain_text("Cerne Abbas", timeout=10_000)
    expect(officer.page.locator("tr.picked")).to_have_count(1)
    name, link = card.inner_text(), copied(officer.page)
    officer.page.get_by_text("Why here? See the full picture").click()
    expect(officer.page.get_by_role("heading", level=1).first).to_contain_text("Why Cerne Abbas", timeout=10_000)
    expect(officer.page.locator(".ns-say").first).to_contain_text(f"cannot support {HOME_WORKER.label}")
    colleague = visits().open(link.removeprefix(officer.app))
    expect(colleague.page.locator(".ns-card h2").first).to_have_text(name, timeout=10_000)


def test_a_ward_that_is_typed_narrows_the_map_to_it(visit):
    visit.open("/")
    box = visit.page.get_by_role("combobox", name="Find a place")
    box.click()
    box.fill("Bridport ward")
    box.press("Enter")
    expect(visit.page.locator(".ns-lede").first).to_contain_text("in Bridport ward", timeout=10_000)
    expect(visit.page.get_by_role("combobox", name="Which one").first).to_have_value("Bridport")
    assert "part=ward%3A" in visit.page.url


def test_the_menu_of_a_phone_closes_when_a_page_was_chosen(visits):
    page = visits(viewport={"width": 375, "height": 800}).open("/").page
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.get_by_role("link", name="Why here?").first.click()
    expect(page.get_by_role("heading", level=1).first).to_contain_text("Why ", timeout=10_000)
    expect(page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "true", timeout=5_000)


def test_a_board_compares_two_places_and_copies_the_sentence(visits):
    board = visits(permissions=["clipboard-read", "clipboard-write"])
    board.open("/compare")
    choose(board.page, "First place, by name or postcode", "Cerne Abbas")
    expect(board.page.locator("thead", has_text="Cerne Abbas").first).to_be_visible(timeout=10_000)
    choose(board.page, "Second place", "Lyndhurst")
    sentence = board.page.locator(".ns-say").first
    expect(sentence).to_contain_text("Lyndhurst", timeout=10_000)
    quote = copied(board.page, "Copy sentence")
    assert "Cerne Abbas" in quote
    assert "Lyndhurst" in quote
    assert "1,000 tries of what we had to assume" in quote
    board.page.reload()
    expect(sentence).to_contain_text("Lyndhurst", timeout=15_000)


def test_a_campaigner_checks_a_postcode_and_copies_a_link_that_gives_the_same(visits):
    campaigner = visits(permissions=["clipboard-read", "clipboard-write"], viewport={"width": 375, "height": 800})
    campaigner.open("/postcode")
    campaigner.page.get_by_label("Postcode", exact=True).fill("dt2 7ab")
    campaigner.page.get_by_role("button", name="Check", exact=True).click()
    letters = campaigner.page.locator(".ns-letter-big")
    expect(letters).to_have_count(2, timeout=10_000)
    link = copied(campaigner.page)
    friend = visits(viewport={"width": 375, "height": 800}).open(link.removeprefix(campaigner.app))
    expect(friend.page.locator(".ns-letter-big")).to_have_text(letters.all_inner_texts())


def test_every_job_is_three_clicks_from_the_first_page(visits):
    visit = visits().open("/")
    shown = visit.page.locator("[data-testid=stTopNavLink], [data-testid=stTopNavSection]")
    assert shown.count() >= 6
    for section in ("Compare", "Act", "Trust"):
        visit.page.get_by_text(section, exact=True).first.click()
        visit.page.wait_for_timeout(300)
        assert visit.page.locator("[data-testid=stTopNavPopover] a, [data-testid=stTopNavDropdownLink]").count() >= 2
        visit.page.keyboard.press("Escape")


def test_back_and_forward_go_through_what_was_looked_at(visit, areas):
    visit.open("/")
    still(visit.page)
    buttons, title = visit.page.locator("tr[data-code] button"), visit.page.locator(".ns-card h2").first
    first, second = (buttons.nth(place).inner_text() for place in (2, 4))
    buttons.nth(2).click()
    expect(title).to_have_text(first, timeout=10_000)
    buttons.nth(4).click()
    expect(title).to_have_text(second, timeout=10_000)
    visit.page.go_back()
    expect(title).to_have_text(first, timeout=10_000)
    visit.page.go_back()
    expect(visit.page.locator(".ns-card h2")).to_have_count(0, timeout=10_000)
    visit.page.go_forward()
    expect(title).to_have_text(first, timeout=10_000)
    assert visit.complaints == []


def test_hostile_names_are_shown_and_do_nothing(build_folder, visits, tmp_path):
    folder = tmp_path / "hostile"
    shutil.copytree(build_folder, folder)
    build = read_build(folder)
    codes = list(build.areas.sort_values("severity_rank").index[: len(HOSTILE)])
    for code, name in zip(codes, HOSTILE, strict=True):
        build.areas.loc[code, ["area_name", "ward_name", "district_name"]] = name
    write_outputs(folder, areas=build.areas, manifest=build.manifest)
    with started({"NOTSPOT_BUILD": str(folder)}) as one:
        visit = visits()
        visit.app = one.address
        visit.page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for code, name in zip(codes, HOSTILE, strict=True):
            for path in (f"/?place={code}", f"/why?place={code}", f"/compare?place={code}", f"/evidence?place={code}"):
                visit.open(path)
                visit.page.wait_for_timeout(300)
                assert visit.page.evaluate("window.harm") is None
                assert visit.page.locator("img[src=x]").count() == 0
                start, words = name.split("<")[0][:12], visit.page.locator("body").inner_text()
                assert start in words or visible(start) in words  # what would turn the words around it is spelt out
                assert visit.outside == []


def test_the_number_on_a_slider_stands_on_one_line(visit):
    visit.open("/weightings")
    visit.page.get_by_text("Set them yourself").first.click()
    number = visit.page.get_by_test_id("stSliderThumbValue").first
    expect(number).to_be_visible()
    lines = "one => one.scrollHeight / parseFloat(getComputedStyle(one.querySelector('p')).lineHeight)"
    assert number.evaluate(lines) < 2
