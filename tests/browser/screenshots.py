"""Take a picture of every page at three widths, light and dark, into `screenshots/` (git-ignored).

    python tests/browser/screenshots.py http://localhost:8501

Start the app first. Pictures are for people to look at: nothing compares them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
OUT = Path(__file__).resolve().parents[2] / "screenshots"
WIDTHS = (1440, 768, 375)
PLACE, DISTRICT = "E01020398", "E06000059"
PAGES = {
    "where": ("", {}),
    "where_place": ("", {"place": PLACE, "district": DISTRICT}),
    "where_score": ("", {"measure": "score"}),
    "where_bad_link": ("", {"measure": "speedx"}),
    "where_sure": ("", {"measure": "sure"}),
    "why": ("why", {"place": PLACE}),
    "sure": ("sure", {}),
    "compare": ("compare", {"place": PLACE}),
    "weightings": ("weightings", {}),
    "boundaries": ("boundaries", {"by": "ward"}),
    "postcode": ("postcode", {"postcode": "DT2 7AB"}),
    "postcode_none": ("postcode", {"postcode": "DTI IAA"}),
    "hidden": ("hidden", {}),
    "boundary": ("boundary", {}),
    "boundary_ward": ("boundary", {"by": "ward"}),
    "change": ("change", {}),
    "where_ward": ("", {"part": "ward:E05012679"}),
    "where_missing": ("", {"part": "constituency"}),
    "evidence": ("evidence", {"place": PLACE}),
    "service": ("service", {}),
    "service_video": ("service", {"service": "gp_video", "place": PLACE, "district": DISTRICT}),
    "own": ("own", {}),
    "quality": ("quality", {}),
    "sources": ("sources", {}),
    "words": ("words", {}),
    "accessibility": ("accessibility", {}),
}


def take(browser: Browser, address: str, *, name: str, width: int, scheme: str) -> None:
    page_path, query = PAGES[name]
    page = browser.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address.rstrip('/')}/{page_path}?{urlencode(query)}")
    page.wait_for_selector(".ns-foot", timeout=60_000)
    if page_path == "":
        page.locator(".plate[data-ready]").wait_for(timeout=30_000)
    page.wait_for_timeout(1200)
    height = page.evaluate("(document.querySelector('.stMainBlockContainer') || document.body).scrollHeight")
    page.set_viewport_size({"width": width, "height": min(int(height) + 40, 6000)})
    page.wait_for_timeout(900)
    page.screenshot(path=OUT / f"{name}_{width}_{scheme}.png")
    page.close()


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8501"
    wanted = set(sys.argv[2:])
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in PAGES:
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    if not wanted or wanted & {name, str(width), scheme, f"{name}_{width}_{scheme}"}:
                        take(browser, address, name=name, width=width, scheme=scheme)
        browser.close()


if __name__ == "__main__":
    main()
