"""What a machine can tell of WCAG 2.2 AA on an open page: axe, headings, the size of targets, what scrolls sideways."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}
SMALLEST = 24
"""CSS pixels a target must have (WCAG 2.2, 2.5.8), unless it stands in a sentence."""

AXE = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then(found => found.violations)"""
"""Runs every rule on everything, and sends what failed alone: what passed is tens of megabytes where rows are many."""
FEWER = """most => [...document.querySelectorAll("*")].filter(one => one.shadowRoot).forEach(one =>
    one.shadowRoot.querySelectorAll("tbody").forEach(body =>
        [...body.rows].slice(most, -most).forEach(row => row.remove())))"""
ENDS = 50
"""Rows of a long table's start and of its end that are looked at: axe takes as long for each, and they are alike."""
SMALL = """smallest => [...document.querySelectorAll("a, button, input, summary, [role=button], [role=radio]")]
    .filter(one => {
        const box = (one.closest("label") || one).getBoundingClientRect(), look = getComputedStyle(one);
        if (one.type === "range") return false;  // a slider's knob has nothing else within 24 pixels: 2.5.8, spacing
        const shown = box.width > 1 && box.height > 1 && look.visibility === "visible" && !one.closest("[popover]");
        const inText = one.closest("p, li, dd, td, th, caption") && one.closest("[data-testid=stHtml]");
        return shown && !inText && (box.width < smallest || box.height < smallest);
    }).map(one => `${one.tagName} ${(one.getAttribute("aria-label") || one.textContent).trim()}`)"""


def faults(page: Page, axe: str) -> list[str]:
    """Run axe on the page and inside its frames; say each fault that would shut someone out."""
    for frame in page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(axe)
    found = page.evaluate(AXE, RULES)
    return [
        f"{one['impact']} {one['id']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE or one["id"] in {"heading-order", "page-has-heading-one", "empty-table-header"}
        for node in one["nodes"]
    ]


def shorten(page: Page) -> None:
    """Take the middle rows out of each long table."""
    page.evaluate(FEWER, ENDS)


def sideways(page: Page) -> int:
    """Give the pixels by which a page scrolls sideways."""
    over: int = page.evaluate("""() => Math.max(...[document.documentElement, document.querySelector(".stMain")]
        .map(part => part.scrollWidth - part.clientWidth))""")
    return over


def sound(page: Page) -> None:
    """Check that a page has one first heading, no level of heading left out, and no target too small for a finger."""
    levels = [int(one.evaluate("one => one.tagName[1]")) for one in page.locator("h1, h2, h3, h4").all()]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate(SMALL, SMALLEST) == []
