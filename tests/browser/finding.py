"""The box in which a place is found, as a reader uses it; the tests of several files share it."""

from __future__ import annotations

from playwright.sync_api import expect

PATIENCE = 20_000
"""Milliseconds an answer may take (assumption: a busy machine needs ten seconds)."""


class Box:
    """The box with its list."""

    def __init__(self, page):
        self.page = page
        self.input = page.get_by_role("combobox", name="Find a place")
        self.list = page.get_by_role("listbox", name="Places")
        self.options = page.locator(".finder [role=option]")
        self.said = page.locator(".finder [role=status]")
        self.clear = page.get_by_role("button", name="Clear", exact=True)

    def type(self, words):
        """Type into the emptied box, and wait until the list answers to it."""
        self.input.click()
        self.input.fill("")
        self.page.keyboard.type(words)
        self.page.wait_for_timeout(100)

    @property
    def selected(self):
        return self.options.evaluate_all("all => all.findIndex(one => one.getAttribute('aria-selected') === 'true')")


def opened(page, name):
    expect(page.locator(".ns-place h1")).to_have_text(name, timeout=PATIENCE)
