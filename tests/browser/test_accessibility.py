"""Pages of a place and other states, held to WCAG 2.2 AA as far as a machine can: axe, keyboard, 320 px, colours.

Every page as it is without a place is held to the same in test_every_page.py.
"""

from __future__ import annotations

import pytest
from apps import DRAWN, still, whole
from audits import SMALL, SMALLEST, faults, sideways, sound
from placed import PLACED
from playwright.sync_api import expect

from connectivity.outputs import read_build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNCIL = "E06000046"
STATES = [
    *(f"?{state}&district={COUNCIL}" for state in ("measure=sure", "measure=speedx", "find=Nowhere")),
    *("boundary?by=own", "postcode?postcode=DTI IAA"),
]
"""Other states of pages than the plain one and the one with a place."""

FOCUS = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect();
    const outlined = look => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
    const drawn = look => outlined(look) || look.boxShadow !== "none";
    const ringed = (one, steps) => {
        return drawn(getComputedStyle(one)) || drawn(getComputedStyle(one, "::after"))
            || (steps > 0 && one.parentElement && ringed(one.parentElement, steps - 1));
    };
    const header = document.querySelector("[data-testid=stHeader]");
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
    const covered = at.tagName !== "MAIN" && !header.contains(at) && header.contains(hit);
    const named = at.getAttribute("aria-label") || at.labels?.[0]?.textContent;
    const said = named || (at.tagName === "MAIN" ? "" : at.textContent) || at.title || "";
    return {tag: at.tagName, said: said.trim(),
        ringed: at.tagName === "IFRAME" || ringed(at, 4), covered, width: box.width, height: box.height};
}"""
"""Where the focus is: what is said there, whether it is seen to be there, and whether the page's head covers it."""
TABBED = {
    "": [
        "Amber",
        "Find a place",
        "More on the map",
        "Map;",
        "← All places",
        "Copy link",
        "Full page",
        "Skip the table",
    ],
    "why": ["Amber", "Map", "Copy sentence", "Compare it with another place"],
    "postcode": ["Amber", "Check", "Copy link", "See the small area around it in full"],
}
"""What the Tab key reaches, one after the other, on pages walked through and looked at closely."""
CLOSE = {"width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": False}
"""A window of 1280 by 1024 at 400 %: it leaves 320 by 256 pixels of CSS."""


@pytest.fixture(scope="module")
def place(build_folder):
    areas = read_build(build_folder).areas
    return str(areas.sort_values("remote_infeasible", ascending=False, kind="stable").index[0])


def settled(visit, path):
    """Open a page and wait until nothing of it is being made any more."""
    page = visit.page
    page.goto(f"{visit.app}/{path}")
    page.locator(".ns-foot, .ns-note-error").first.wait_for(timeout=60_000)
    if page.locator(".plate").count():
        page.locator(DRAWN).first.wait_for(timeout=30_000)
    still(page)
    return page


def test_the_menu_of_a_narrow_window_is_out_of_the_way_until_it_is_asked_for(visits, axe):
    """Streamlit groups the menu's entries with a box between the list and its items; all else in it must be sound."""
    page = settled(visits(viewport={"width": 320, "height": 900}), "words")
    said = [at["said"] for at in walk(page, most=6)]
    assert "Evidence" not in said
    assert "Expand sidebar" in said
    page.locator("[data-testid=stExpandSidebarButton]").press("Enter")
    expect(page.get_by_role("link", name="Evidence", exact=True)).to_be_visible()
    still(page)
    ours = [one for one in faults(page, axe) if not (" list: " in one or " listitem: " in one)]
    assert ours == []
    assert page.evaluate(SMALL, SMALLEST) == []


def with_place(path, place):
    return f"{path}?place={place}&postcode=DT2 7AB" if path == "postcode" else f"{path}?place={place}"


@pytest.mark.parametrize("path", PLACED)
def test_axe_finds_nothing_grave_on_a_page_of_a_place_and_tab_and_400_percent_serve_the_most_used(
    visits, axe, path, place
):
    council = f"&district={COUNCIL}" if path in {"", "service"} else ""  # a fifth of the rows: axe looks at each
    visit = visits(viewport={"width": 1280, "height": 900})
    page = settled(visit, with_place(path, place) + council)
    whole(visit)
    assert faults(page, axe) == []
    if path in TABBED:
        reached_by_tab(page, TABBED[path])
        used_at_400_percent(page)


def reached_by_tab(page, wanted):
    """Check that Tab reaches what is wanted in that order, and that it is seen where the focus is."""
    seen = walk(page)
    assert [at for at in seen if at["tag"] != "IFRAME" and not at["ringed"]] == []
    assert [at for at in seen if at["covered"]] == []
    said = [at["said"] for at in seen]
    at = 0
    for one in wanted:  # each after the one before
        at = next((n for n, reached in enumerate(said) if n >= at and reached.startswith(one)), -1)
        assert at >= 0, (one, said)


def used_at_400_percent(page):
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", CLOSE)
    page.wait_for_function("innerWidth === 320 && devicePixelRatio === 4")
    still(page)
    assert sideways(page) <= 0
    assert page.locator("[data-testid=stHeader]").bounding_box()["height"] <= 256 / 3
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()


@pytest.mark.parametrize("path", STATES)
def test_other_states_of_pages_pass_in_the_dark_at_320_pixels_too(visits, axe, path):
    page = settled(visits(viewport={"width": 320, "height": 900}, color_scheme="dark"), path)
    assert faults(page, axe) == []
    assert sideways(page) <= 0
    sound(page)


def walk(page, *, until=None, most=80):
    """Press Tab until a text is reached, or focus leaves the page; give where it stood."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            break
        seen.append(at)
        if until and until in at["said"]:
            break
    return seen


def test_a_place_is_found_and_its_reasons_opened_by_keyboard_alone(visits, build_folder):
    page = settled(visits(viewport={"width": 1280, "height": 900}), "")
    areas = read_build(build_folder).areas
    name = str(areas["area_name"].iloc[0])
    walk(page, until="Find a place")
    page.keyboard.type(name)
    page.get_by_role("option").filter(has_text=name).first.wait_for(timeout=15_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".ns-place h1")).to_have_text(name, timeout=15_000)
    still(page)
    reached = walk(page, until="Full page")
    assert reached[-1]["said"] == "Full page"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1).first).to_have_text(f"Why {name}?", timeout=15_000)


def test_what_else_the_map_can_show_is_reached_by_keyboard_and_left_by_escape(visits):
    page = settled(visits(viewport={"width": 1366, "height": 768}), "")
    opener = page.get_by_role("button", name="More on the map")
    walk(page, until="More on the map")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Look at")).to_be_focused()
    for _ in range(12):  # more than it holds: the last leads to the first again
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('[data-testid=stPopoverBody]'))")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


@pytest.mark.parametrize("wish", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_the_ring_of_a_button_in_a_row_lies_inside_it_and_that_of_a_choice_round_its_box(visits, wish):
    page = settled(visits(viewport={"width": 1366, "height": 768}, **wish), "")
    drawn = """one => {
        const is = getComputedStyle(one);
        return [is.outlineStyle, parseFloat(is.outlineOffset), is.boxShadow];
    }"""
    walk(page, until="Score")
    style, offset, shadow = page.get_by_role("radio", name="Score").evaluate(drawn)
    assert (style, offset) == ("solid", -3)
    assert ("inset" in shadow) != ("forced_colors" in wish)
    walk(page, until="More on the map")
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Look at")
    expect(box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert box.evaluate(drawn)[0] == "none"
    assert box.locator("xpath=ancestor::*[@role='group'][1]").evaluate(drawn)[0] == "solid"


def test_a_term_opens_by_keyboard_and_by_touch_and_closes_again(visits):
    visit = visits(viewport={"width": 375, "height": 800}, has_touch=True)
    page = settled(visit, "")
    button, note = page.locator(".ns-term").first, page.locator(".ns-means").first
    expect(note).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    assert page.evaluate(FOCUS)["said"] == button.text_content()
    for one in page.locator(".ns-lede .ns-term").all():
        one.tap()
        opened = page.locator(".ns-means:popover-open")
        expect(opened).to_have_count(1)
        box = opened.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
        page.locator("h1").tap()  # an open note may lie over the next term
        expect(page.locator(".ns-means:popover-open")).to_have_count(0)


def test_the_table_can_be_skipped_nothing_need_move_and_a_part_that_runs_again_keeps_its_terms(visits, place):
    page = settled(visits(), "")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS)["said"] == "End of the table"
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div class=ns-wait><p></p><div></div></div>')")
    moving = "getComputedStyle(document.querySelector('.ns-wait div')).animationName"
    assert page.evaluate(moving) != "none"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"
    page.evaluate("document.body.lastElementChild.remove()")
    terms = "[...document.querySelectorAll('.ns-term')].map(one => one.getAttribute('popovertarget')).sort()"
    before = page.evaluate(terms)
    page.locator(f"tr[data-code='{place}'] button").click()
    expect(page.locator(".ns-place h1")).to_be_visible(timeout=15_000)
    still(page)
    during = page.evaluate(terms)
    assert len(set(during)) == len(during) > 0
    page.get_by_role("button", name="← All places").click()
    expect(page.locator("h1.ns-head")).to_be_visible(timeout=15_000)
    still(page)
    assert page.evaluate(terms) == before


def test_forced_colours_keep_bars_symbols_the_legend_and_switches(visits, place):
    visit = visits(viewport={"width": 1280, "height": 900}, forced_colors="active")
    page = settled(visit, f"why?place={place}")
    shown = """name => { const look = getComputedStyle(document.querySelector(name));
        return [look.backgroundColor, getComputedStyle(document.body).backgroundColor]; }"""
    for name in (".ns-range .span", ".ns-fall i", ".ns-stack i", ".ns-sym"):
        paint, ground = page.evaluate(shown, name)
        assert paint not in {ground, "rgba(0, 0, 0, 0)"}, name
    page = settled(visit, "")
    boxes = page.locator(".plate .key i")
    drawn = boxes.evaluate_all(
        "all => all.map(one => [getComputedStyle(one).backgroundImage, getComputedStyle(one).forcedColorAdjust])"
    )
    assert len({image for image, _ in drawn}) == len(drawn) >= 7
    assert {adjusted for _, adjusted in drawn} == {"none"}
    page.get_by_role("button", name="More on the map").click()
    track = page.locator(".stCheckbox label > div").first
    drawn = "one => { const is = getComputedStyle(one); return [is.borderTopWidth, is.borderTopStyle]; }"
    assert track.evaluate(drawn) == ["2px", "solid"]
    dots = page.locator("[data-testid=stRadioOption] > div > div:first-child > div")
    chosen, *others = dots.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert chosen not in others
