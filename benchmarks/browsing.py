"""Both apps in a real browser, on the page's own clock: first paint, a change of measure or weights, a click.

Skipped with the reason where Chromium or Playwright is absent. England's size takes some minutes.
"""

from __future__ import annotations

import importlib.resources
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import country
from benchmarks.measuring import DEMO, Result, alone, comparison, target
from benchmarks.serving import CHROMIUM, started
from connectivity.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

CLOCK = Path(__file__).with_name("browsing.js")
PATIENCE = 120.0
"""Seconds before an app is given up."""
OURS, OBVIOUS = "app.py", "benchmarks/obvious_app.py"
COLD, WARM, REPAINT, CARD, CHANGED, ENGLAND = 2.5, 1.3, 20.0, 0.3, 8.0, 3.0
"""Targets of the project: seconds to the first useful paint, cold and warm; milliseconds of the browser's to paint the
map again; seconds from a click to the card; kilobytes of the socket for a change of measure; seconds to England's
councils. For a quiet machine."""
ENGLAND_COLD = 5.0
OTHER = "folium.Choropleth of all places"
ONES = {"notspot_plate": "map", "notspot_plate_say": "map", "notspot_areas": "table"}
"""Components whose bytes are counted apart; all else is words and controls."""


def run(*, quick: bool) -> Result:
    """Open both apps on the demo, then ours on a study of England's size, and use ours as a reader does.

    Parameters
    ----------
    quick
        The demo alone, twice.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a development tool

    path = os.environ.get("NOTSPOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("Chromium is not installed: apt-get install chromium, or set NOTSPOT_CHROMIUM")
    times = 2 if quick else 5
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        demo = Path(folder) / "demo"
        alone(build, DEMO / "study.toml", out=demo)
        ours, theirs = browse(browser, OURS, demo, times=times), browse(browser, OBVIOUS, demo, times=times)
        found = demo_result(ours, theirs)
        if not quick:
            files = Path(folder) / "files"
            files.mkdir()
            made, _ = alone(country.write, files)
            alone(build, made.study, out=Path(folder) / "england")
            ours = browse(browser, OURS, Path(folder) / "england", times=3)
            found["targets"].append(
                target("England, councils first, table, warm", value=ours["table"], limit=ENGLAND, unit="s")
            )
            found["targets"].append(target("the same, cold", value=ours["cold table"], limit=ENGLAND_COLD, unit="s"))
            found["targets"].append(
                target("England, councils first, map, warm", value=ours["map"], limit=ENGLAND, unit="s")
            )
        browser.close()
    return found


def demo_result(ours: dict[str, float], theirs: dict[str, float]) -> Result:
    """Set the two apps beside each other on the six-authority study."""
    said = {
        "cold map": ("cold, to headline, table and map", "s"),
        "map": ("warm, to headline, table and map", "s"),
        "measure": ("another measure: map (ours: and table) repainted", "s"),
        "measure sent": ("another measure: sent by the socket", "kB"),
        "click": ("click on the map to the name of the place (ours: its card)", "s"),
        "sent": ("sent by the socket for the first page", "kB"),
        "server": ("processor time of the server for a visit", "s"),
    }
    limits = {
        "first useful paint, cold": ("cold table", COLD, "s"),
        "first useful paint, warm": ("table", WARM, "s"),
        "another measure, sent by the socket": ("measure sent", CHANGED, "kB"),
        "another measure, painted by the browser": ("repaint", REPAINT, "ms"),
        "click on the map to the card": ("click", CARD, "s"),
        "click on a row to the card": ("row", CARD, "s"),
    }
    seen = {
        "another measure, map alone": ("measure map", "s"),
        "another measure, until the headline follows": ("headline", "s"),
        "other weights, map and table": ("weights", "s"),
        "other weights, sent by the socket": ("weights sent", "kB"),
        "to leave the page and return": ("return", "s"),
        "another measure, the map’s part": ("measure sent map", "kB"),
        "another measure, the table’s part": ("measure sent table", "kB"),
        "another measure, words and controls": ("measure sent words", "kB"),
    }
    return {
        "comparisons": [
            comparison(words, ours=ours[key], other=OTHER, theirs=theirs[key], unit=unit)
            for key, (words, unit) in said.items()
        ],
        "targets": [
            target(words, value=ours[key], limit=limit, unit=unit) for words, (key, limit, unit) in limits.items()
        ],
        "notes": [
            *(f"{words}: {ours[key]:.3g} {unit}." for words, (key, unit) in seen.items()),
            "The other app is not opened at England’s size: after four minutes a tab of 2.4 GB had drawn nothing.",
            "Medians; cold is one visit to a server just started, its build there. Useful paint: headline and table.",
            "The other app is given Leaflet here and no colour bar: without the internet it would draw nothing.",
        ],
    }


def browse(browser: Browser, app: str, folder: Path, *, times: int) -> dict[str, float]:
    """Start an app on a build and use it.

    Returns
    -------
    dict
        Seconds: ``cold table``, ``cold map``, ``table``, ``map``, ``server`` and, where the app has it, ``measure``,
        ``measure map``, ``headline``, ``weights``, ``row``, ``click``, ``return``; milliseconds: ``repaint``;
        kilobytes of the socket: ``sent``, ``weights sent``, ``measure sent`` and of it ``map``, ``table``, ``words``.
    """
    found: dict[str, list[float]] = {}
    with started({"NOTSPOT_BUILD": str(folder)}, app=app) as running:
        for visit in range(times + 1):
            sent: list[bytes] = []
            before = processor_seconds(running.process.pid)
            page = opened(browser, running.address, sent)
            page.wait_for_function("clock.seen.table && clock.seen.map")
            seen = cast("dict[str, float]", page.evaluate("clock.seen"))
            for name, milliseconds in seen.items():
                found.setdefault(name if visit else f"cold {name}", []).append(milliseconds / 1000)
            if visit:
                page.wait_for_timeout(1500)
                found.setdefault("sent", []).append(sum(map(len, sent)) / 1e3)
                found.setdefault("server", []).append(processor_seconds(running.process.pid) - before)
                use(page, app, found, sent)
            page.context.close()
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def processor_seconds(process: int) -> float:
    """Read how long a process has used a processor."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kilobytes(sent: list[bytes]) -> dict[str, float]:
    """Say how much of what a socket brought is the map's, the table's, and the rest's."""
    sizes = {"map": 0.0, "table": 0.0, "words": 0.0}
    for frame in sent:
        told = ForwardMsg()
        told.ParseFromString(frame)
        component = told.delta.new_element.bidi_component.component_name.rpartition(".")[2]
        sizes[ONES.get(component, "words")] += len(frame) / 1e3
    return sizes


def use(page: Page, app: str, found: dict[str, list[float]], sent: list[bytes]) -> None:
    """Change the measure, then the weights, press a row and the map, leave and return; what the app has of it."""
    if page.get_by_role("radio", name="Score", exact=True).count() == 0:  # councils have counts alone
        return

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    def changed(name: str, press: str, *clocks: str) -> list[float]:
        """Press something, and give what each clock read; note what the socket brought."""
        page.evaluate(f"window.waiting = Promise.all([{', '.join(f'clock.{one}' for one in clocks)}]); 0")
        sent.clear()
        page.get_by_text(press, exact=True).first.click()
        read = cast("list[float]", page.evaluate("window.waiting"))
        page.wait_for_timeout(2000)
        note(f"{name} sent", sum(map(len, sent)) / 1e3)
        return read

    if app == OBVIOUS:
        (milliseconds,) = changed("measure", "Need", "change(false)")
        note("measure", milliseconds / 1000)
        page.evaluate("window.waiting = clock.card(); 0")
        page.frame_locator("iframe").locator("path.leaflet-interactive").nth(40).dispatch_event("click")
        note("click", cast("float", page.evaluate("window.waiting")) / 1000)
        return
    both, alone_, words, paint = changed(
        "measure", "Online services", "change(true)", "change(false)", "headline()", "repaint()"
    )
    for name, milliseconds in {"measure": both, "measure map": alone_, "headline": words}.items():
        note(name, milliseconds / 1000)
    note("repaint", paint)
    for name, size in kilobytes(sent).items():
        note(f"measure sent {name}", size)
    page.get_by_text("Score", exact=True).first.click()
    page.wait_for_timeout(2000)
    page.get_by_role("button", name="More on the map").click()
    page.get_by_text("Change what counts in the score").click()
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    note("weights", changed("weights", "Use these weights", "change(true)")[0] / 1000)
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    note("row", cast("float", page.evaluate("clock.row(7)")) / 1000)
    page.get_by_role("button", name="Show all of it").click()
    page.wait_for_timeout(2000)
    at = page.evaluate("clock.largest()")
    page.mouse.move(at["x"], at["y"])
    page.wait_for_timeout(300)
    page.evaluate("window.waiting = clock.card(); 0")
    page.mouse.click(at["x"], at["y"])
    note("click", cast("float", page.evaluate("window.waiting")) / 1000)
    page.get_by_role("link", name="Check a postcode").first.click()
    page.get_by_role("textbox", name="Postcode").wait_for()
    page.wait_for_timeout(1000)
    page.evaluate("window.waiting = clock.back(); 0")
    page.get_by_role("link", name="Map", exact=True).first.click()
    note("return", cast("float", page.evaluate("window.waiting")) / 1000)


def opened(browser: Browser, address: str, sent: list[bytes]) -> Page:
    """Open a page that nobody opened before, and note what its socket brings."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.add_init_script(path=CLOCK)
    page.route(lambda url: "127.0.0.1" not in url, instead)
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: sent.append(frame if isinstance(frame, bytes) else frame.encode())
        ),
    )
    page.goto(address, wait_until="commit")
    return page


def instead(route: Route) -> None:
    """Answer what is asked of the internet: Leaflet from this machine, nothing for the rest."""
    name = route.request.url.rsplit("/", 1)[-1].replace(".min", "")
    held = importlib.resources.files("xstatic.pkg.leaflet") / "data"
    if name in {"leaflet.js", "leaflet.css"}:
        route.fulfill(
            body=(held / name).read_bytes(), content_type="text/css" if name.endswith("css") else "text/javascript"
        )
    elif name.endswith((".js", ".css")):
        route.fulfill(body="", content_type="text/javascript" if name.endswith("js") else "text/css")
    else:
        route.abort()
