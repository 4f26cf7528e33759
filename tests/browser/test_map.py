"""The map in a browser: it lives on, paints again, speaks, is steered by keys, and keeps names text."""

from __future__ import annotations

import zlib
from itertools import pairwise

import pytest
from apps import DRAWN, PLATE, painted, still
from playwright.sync_api import expect
from test_first_click import DESKS, LARGEST

from connectivity.maps import symbology
from connectivity.outputs import read_build
from connectivity.views import look

pytestmark = pytest.mark.browser

TEXT_COLOURS = {"light": look.LIGHT["ink"], "dark": look.DARK["ink"]}
GROUND = "scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"
INK = "ink => getComputedStyle(document.documentElement).getPropertyValue('--ns-ink').trim() === ink"
CHANGED = 8_000
"""Bytes of the socket that a change of measure may be, compressed as it travels."""
SCALE = {colour.lower() for colour in symbology.SCALE}


@pytest.fixture(scope="module")
def areas(build_folder):
    return read_build(build_folder).areas


def spot_of(page, code):
    """Give the pixel of the window that lies in the middle of an area, after the map has come to rest."""
    return page.evaluate(
        f"""code => {{
            const {{map, layers, codes}} = {PLATE}, box = map.getContainer().getBoundingClientRect();
            const {{x, y}} = map.latLngToContainerPoint(layers[codes.indexOf(code)].getBounds().getCenter());
            return [box.left + x, box.top + y];
        }}""",
        code,
    )


def test_another_theme_keeps_the_map_a_picture_asks_nothing_of_anyone_and_another_measure_paints_again(visits):
    visit = visits(color_scheme="dark").open("/")
    page = visit.page
    still(page)
    before = painted(page)
    assert page.evaluate(INK, TEXT_COLOURS["dark"])
    assert before & SCALE
    page.evaluate(f"void (window.kept = {PLATE}.map)")
    themed(page, "light")
    still(page)
    assert page.evaluate(f"window.kept === {PLATE}.map")
    assert painted(page) == before
    saved(visit)
    page.get_by_role("radio", name="No alternative").click()
    expect(page.locator(".plate .key b")).to_contain_text("No alternative nearby", timeout=15_000)
    still(page)
    assert painted(page) != before
    assert painted(page) & SCALE
    assert page.evaluate(f"window.kept === {PLATE}.map")
    assert visit.complaints == []


def themed(page, scheme):
    """Turn an open page light or dark; its own colours follow when it runs again, as it does at a reader's next click.

    The key R is Streamlit's own for that, where the focus is in no box.
    """
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(GROUND, arg=scheme)
    still(page)
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("r")
    page.wait_for_function(INK, arg=TEXT_COLOURS[scheme])


def saved(visit):
    """Save the map as a picture, and check that it is one and that nobody was asked for anything."""
    asked = len(visit.asked)
    with visit.page.expect_download() as found:
        visit.page.get_by_role("button", name="Save as picture").click()
    assert found.value.suggested_filename == "notspot-map-remote.png"
    content = found.value.path().read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width > 1000
    assert height > 1000
    assert [address for address in visit.asked[asked:] if not address.startswith("blob:")] == []


def test_a_change_of_measure_is_small_and_goes_over_the_wire_compressed(visits):
    visit, frames, agreed = visits(), [], []
    page = visit.page
    listening = page.context.new_cdp_session(page)
    listening.send("Network.enable")
    handshake = "Network.webSocketHandshakeResponseReceived"
    listening.on(handshake, lambda said: agreed.append(str(said["response"]["headers"]).lower()))

    def keep(frame):
        frames.append(frame if isinstance(frame, bytes) else frame.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    visit.open("/")
    still(page)
    for measure in ("Online services", "Home working"):
        frames.clear()
        page.get_by_role("radio", name=measure).click()
        expect(page.locator(".plate .key b")).to_contain_text(measure.lower())
        still(page)
        sent = b"".join(frames)
        assert len(zlib.compress(sent)) <= CHANGED
    listening.detach()
    assert any("permessage-deflate" in headers for headers in agreed)


def test_what_the_pointer_names_is_what_a_click_opens_and_marks_in_the_table_and_no_outline_stays(visits, areas):
    visit = visits(viewport={"width": DESKS[0][0], "height": DESKS[0][1]}).open("/")
    page = visit.page
    page.evaluate(f"{PLATE}.root.scrollIntoView({{block: 'center'}})")
    still(page)
    code = page.evaluate(LARGEST, DESKS[0][1])["code"]
    x, y = spot_of(page, code)
    for step in range(12):  # a burst, of which Leaflet's canvas drops the last
        page.mouse.move(x - 60 + 5 * step, y - 24 + 2 * step)
    page.mouse.move(x, y)
    expect(page.locator(".plate .tip b")).to_have_text(areas.loc[code, "area_name"])
    expect(page.locator(".plate .tip span")).to_have_text(areas.loc[code, "district_name"])
    expect(page.locator(".plate .tip div")).to_contain_text("premises")
    outlined = f"""Object.values({PLATE}.map._layers)
        .filter(one => one.options?.pane === "chosen" && one.getLatLngs?.().flat(9).length).length"""
    assert page.evaluate(outlined) == 1
    page.mouse.move(5, 5)
    expect(page.locator(".plate .tip")).to_be_hidden()
    assert page.evaluate(outlined) == 0
    page.mouse.click(x, y)
    card = page.locator(".st-key-atlas-card")
    expect(card.locator("h1")).to_have_text(areas.loc[code, "area_name"], timeout=15_000)
    expect(card.locator(".ns-say")).to_contain_text("cannot support one home worker")
    expect(page.locator("tr.picked")).to_have_attribute("data-code", code)
    assert f"place={code}" in page.url
    assert visit.complaints == []


def test_arrows_go_from_place_to_place_and_enter_chooses(visit, areas):
    visit.open("/")
    page = visit.page
    still(page)
    page.locator(".plate .map").focus()
    live, tip = page.locator(".plate .live"), page.locator(".plate .tip b")
    page.keyboard.press("ArrowRight")
    first = tip.text_content()
    expect(live).to_contain_text(first)
    seen = [first]
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        seen.append(tip.text_content())
    assert all(one != other for one, other in pairwise(seen))
    expect(live).to_contain_text("premises")
    page.keyboard.press("Enter")
    page.wait_for_url("**place=**", timeout=15_000)
    code = page.url.split("place=")[1][:9]
    assert areas.loc[code, "area_name"] == seen[-1]
    expect(page.locator(".ns-place h1")).to_have_text(seen[-1], timeout=15_000)
    zoom = page.evaluate(f"{PLATE}.map.getZoom()")
    page.locator(".plate .map").focus()
    page.keyboard.press("+")
    page.wait_for_function(f"zoom => {PLATE}.map.getZoom() > zoom", arg=zoom)


def test_leaving_and_returning_in_the_middle_of_a_flight_gives_no_fault(visit, areas):
    visit.open("/")
    page = visit.page
    still(page)
    code = areas.index[-1]
    page.wait_for_timeout(1600)  # from now on moves are flights
    page.evaluate(f"code => {PLATE}.hear({{...{PLATE}.heard, place: code}})", code)
    page.wait_for_timeout(120)
    page.get_by_role("link", name="Check a postcode").first.click()
    expect(page.locator("h1")).to_have_text("Check a postcode", timeout=15_000)
    page.wait_for_timeout(1500)
    assert page.evaluate(f"{PLATE} === undefined")
    page.get_by_role("link", name="Map", exact=True).first.click()
    page.locator(DRAWN).wait_for(timeout=30_000)
    still(page)
    assert painted(page) & SCALE
    assert visit.complaints == []
    assert visit.outside == []


def test_a_move_is_kept_in_the_link_and_a_chosen_place_takes_its_place(visit, areas):
    visit.open("/")
    page = visit.page
    still(page)
    page.locator(".plate .map").focus()
    for key in ("+", "+", "Shift+ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)
    page.wait_for_url("**at=**", timeout=10_000)
    view = f"(() => {{ const {{map}} = {PLATE}, {{lat, lng}} = map.getCenter(); return [lat, lng, map.getZoom()]; }})()"
    before = page.evaluate(view)
    page.goto(page.url)
    page.locator(DRAWN).wait_for(timeout=30_000)
    still(page)
    assert page.evaluate(view) == pytest.approx(before, abs=0.01)
    code = areas.sort_values("severity_rank").index[0]
    page.locator(f"tr[data-code='{code}'] button").click()
    page.wait_for_url(f"**place={code}**", timeout=15_000)
    page.wait_for_url(lambda there: "at=" not in there, timeout=10_000)
    seen = f"code => {PLATE}.map.getBounds().contains({PLATE}.layers[{PLATE}.codes.indexOf(code)].getBounds())"
    page.wait_for_function(seen, arg=code, timeout=10_000)


@pytest.mark.parametrize("size", [DESKS[0], (375, 812)])
@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("/?place=E01020509", "Cerne Abbas"),  # a village of the last rank, which the base names from closer by only
        ("/?place=E01023282", "West Meon and Meonstoke"),
        ("/?place=E01020529", "Charminster St. Mary's, near Dorchester"),  # a small area that no dot stands for
        ("/?find=Lyme+Regis", "Lyme Regis"),
        ("/?part=postcode_district:DT2", "DT2 postcodes"),
    ],
)
def test_what_is_chosen_is_named_on_the_map_and_no_name_lies_on_another(visits, path, called, size):
    page = visits(viewport={"width": size[0], "height": size[1]}).open(path).page
    still(page)
    named = page.evaluate(f"{PLATE}.words.named")
    assert named[0]["words"] == called
    assert sum(one["words"] == called for one in named) == 1
    for at, one in enumerate(named):
        for other in named[at + 1 :]:
            apart = one["right"] < other["left"] or other["right"] < one["left"]
            assert apart or one["bottom"] < other["top"] or other["bottom"] < one["top"], (one, other)


def test_full_screen_shows_no_less_and_leaving_it_brings_back_what_was_there(visits):
    page = visits(viewport={"width": DESKS[0][0], "height": DESKS[0][1]}).open("/?place=E01020509").page
    still(page)
    view = f"{PLATE}.map.getBounds().toBBoxString().split(',').map(Number)"  # west, south, east, north
    before, small = page.evaluate(view), page.evaluate(f"{PLATE}.map.getSize().x")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function(f"small => {PLATE}.map.getSize().x > small", arg=small)
    page.wait_for_function(f"before => {view}[1] !== before[1]", arg=before)
    west, south, east, north = page.evaluate(view)
    assert max(west - before[0], south - before[1], before[2] - east, before[3] - north) < 1e-3
    assert north - south < 1.3 * (before[3] - before[1])
    page.get_by_role("button", name="Leave full screen").click()
    page.wait_for_function(f"small => {PLATE}.map.getSize().x === small", arg=small)
    page.wait_for_timeout(200)
    assert page.evaluate(view) == pytest.approx(before, abs=1e-6)


def test_the_strip_says_what_is_counted_as_soon_as_it_is_turned(visit):
    visit.open("/")
    page = visit.page
    still(page)
    strip = page.locator(".ns-strip")
    expect(strip).to_contain_text("Fixed wireless: counted")
    for said, turned in (("Fixed wireless: not counted", True), ("Fixed wireless: counted", False)):
        page.get_by_role("button", name="More on the map").click()
        page.get_by_text("Fixed wireless counts").click()
        expect(strip).to_contain_text(said)
        expect(strip.get_by_text("as you set it")).to_have_count(int(turned))
        page.keyboard.press("Escape")
        still(page)
    assert visit.complaints == []
