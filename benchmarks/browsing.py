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
COLD, WARM, REPAINT, REASONS, PAYLOAD, ENGLAND = 5.0, 2.0, 1.0, 0.5, 1.0, 3.0
"""Targets of the project: seconds to the first useful paint, cold and warm; to map and table by another measure or
other weights; from a click to its reasons; megabytes of the map; seconds to England's councils."""
OTHER = "folium.Choropleth of all places"


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
            found["targets"].append(target("the same, cold", value=ours["cold table"], limit=COLD, unit="s"))
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
        "sent": ("sent to the browser for the largest part, the map", "MB"),
    }
    limits = {
        "first useful paint, cold": ("cold table", COLD),
        "first useful paint, warm": ("table", WARM),
        "another measure, map and table": ("measure", REPAINT),
        "other weights, map and table": ("weights", REPAINT),
        "click to reasons": ("reasons", REASONS),
    }
    return {
        "comparisons": [
            comparison(words, ours=ours[key], other=OTHER, theirs=theirs[key], unit=unit)
            for key, (words, unit) in said.items()
        ],
        "targets": [
            *(target(words, value=ours[key], limit=limit, unit="s") for words, (key, limit) in limits.items()),
            target("map payload", value=ours["sent"], limit=PAYLOAD, unit="MB"),
        ],
        "notes": [
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
        Seconds: ``cold table``, ``cold map``, ``table``, ``map`` and, where the app has it, ``measure``, ``weights``,
        ``reasons``; ``sent``: megabytes of the largest message, which is the map.
    """
    found: dict[str, list[float]] = {}
    with started({"NOTSPOT_BUILD": str(folder)}, app=app) as running:
        sizes: list[int] = []
        for visit in range(times + 1):
            page = opened(browser, running.address, sizes)
            page.wait_for_function("clock.seen.table && clock.seen.map")
            seen = cast("dict[str, float]", page.evaluate("clock.seen"))
            for name, milliseconds in seen.items():
                found.setdefault(name if visit else f"cold {name}", []).append(milliseconds / 1000)
            if visit:
                use(page, app, found)
            page.context.close()
    return {name: statistics.median(seconds) for name, seconds in found.items()} | {"sent": max(sizes) / 1e6}


def use(page: Page, app: str, found: dict[str, list[float]]) -> None:
    """Change the measure, then the weights, then press a row; where the app has no such thing, nothing."""
    page.wait_for_timeout(1500)
    if page.get_by_role("radio", name="Score", exact=True).count() == 0:  # councils have counts alone
        return

    def changed(name: str, press: str, *, table: bool) -> None:
        page.evaluate("both => { window.waiting = clock.change(both); }", table)
        page.get_by_text(press, exact=True).first.click()
        found.setdefault(name, []).append(cast("float", page.evaluate("window.waiting")) / 1000)
        page.wait_for_timeout(1500)

    if app == OBVIOUS:
        changed("measure", "Need", table=False)
        return
    changed("measure", "Score", table=True)
    page.get_by_text("Change what counts in the score").click()
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    changed("weights", "Use these weights", table=True)
    found.setdefault("reasons", []).append(cast("float", page.evaluate("clock.reasons(7)")) / 1000)


def opened(browser: Browser, address: str, sizes: list[int]) -> Page:
    """Open a page that nobody opened before, and note the size of what it is sent."""
    page = browser.new_context(viewport={"width": 1440, "height": 1300}).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.add_init_script(path=CLOCK)
    page.route(lambda url: "127.0.0.1" not in url, instead)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(len(frame))))
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
