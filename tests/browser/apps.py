"""The addresses of the app's pages, and when one stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectivity.views import contents

if TYPE_CHECKING:
    from conftest import Visit
    from playwright.sync_api import Page

OFTEN = 50
"""Milliseconds between looks at a page: to look at each frame makes a long table be laid out as often."""
QUIET = 700
"""Milliseconds without a change after which a page counts as made (assumption: a part that follows comes sooner)."""

PLATE = "Object.values(window.notspotPlates ?? {}).find(one => one.map)"
"""The map on the page, as its script keeps it: Leaflet's `map`, the areas' `layers` and `codes`, and its `words`."""
DRAWN = ".plate[data-ready]"
"""A map that has been drawn."""

STILL = """quiet => {
    const app = document.querySelector("[data-testid=stApp]"), now = performance.now();
    const {root} = Object.values(window.notspotPlates ?? {}).find(one => one.map) ?? {};
    const map = JSON.stringify(root?.getBoundingClientRect());
    const looks = [app?.dataset.testScriptState, document.querySelector(".stMain")?.scrollHeight, map].join();
    if (looks !== window.lookedLast) [window.lookedLast, window.changedLast] = [looks, now];
    return app?.dataset.testScriptState !== "running" && now - window.changedLast >= quiet;
}"""
"""Whether no script runs, and the page's height and the place of its map have been the same for a while."""


def addresses() -> dict[str, str]:
    """Give the title of every page by its address."""
    return {f"/{one.address}": one.title for one in contents.contents_entries()}


def still(page: Page) -> None:
    """Wait until nothing of a page is being made any more, however busy the machine is."""
    page.evaluate("window.changedLast = performance.now()")
    page.wait_for_function(STILL, arg=QUIET, polling=OFTEN, timeout=60_000)


def painted(page: Page) -> set[str]:
    """List the colours that cover at least one pixel in two thousand of the map's areas."""
    return set(
        page.evaluate(f"""() => {{
            const canvas = {PLATE}.map.getPane("areas").querySelector("canvas"), seen = {{}};
            const {{data}} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) {{
                const colour = "#" + [0, 1, 2].map(k => data[i + k].toString(16).padStart(2, "0")).join("");
                seen[colour] = (seen[colour] || 0) + 1;
            }}
            return Object.keys(seen).filter(colour => seen[colour] > data.length / 4 / 2000);
        }}""")
    )


def whole(visit: Visit) -> None:
    """Check that a page stands there whole, and nothing left the machine."""
    assert visit.page.get_by_text("Page not found").count() == 0
    assert visit.page.locator("[data-testid=stException], .ns-note-error").count() == 0
    assert visit.page.get_by_role("heading", level=1).count() == 1
    assert visit.outside == []
    assert visit.broken == []
    # An answer that failed is in `broken`, but for Streamlit's own search for its health address below a page's path.
    assert [said for said in visit.complaints if not said.startswith("Failed to load resource")] == []
