"""The table of contents: the five doors of the menu and the pages behind them. Knows no Streamlit."""

from __future__ import annotations

from typing import NamedTuple

FOLDER = "connectivity/views"
FIRST_PAGE = "where"
"""The file of the page that has no address of its own."""


class Entry(NamedTuple):
    """One page.

    Attributes
    ----------
    title
        The question it answers, as the menu has it.
    address
        Below the app's own, and the name of its file; empty for the first page, which has no other.
    """

    title: str
    address: str

    @property
    def file(self) -> str:
        """Name its module in `connectivity/views`.

        >>> Entry("Why here?", "why").file, Entry("Map", "").file
        ('why', 'where')
        """
        return self.address or FIRST_PAGE


DOORS: dict[Entry, list[Entry]] = {
    Entry("Map", ""): [
        Entry("Why here?", "why"),
        Entry("Compare two places", "compare"),
        Entry("By ward or parish", "boundary"),
        Entry("Hidden need", "hidden"),
        Entry("Your own data", "own"),
    ],
    Entry("Check a postcode", "postcode"): [],
    Entry("What should we do first?", "first"): [Entry("Can this service go online-only?", "service")],
    Entry("Evidence", "evidence"): [],
    Entry("About the figures", "about"): [
        Entry("How sure are we?", "sure"),
        Entry("How good are the data?", "quality"),
        Entry("Sources and method", "sources"),
        Entry("Words we use", "words"),
        Entry("Accessibility", "accessibility"),
        Entry("Compare two weightings", "weightings"),
        Entry("Compare two kinds of boundary", "boundaries"),
        Entry("What has changed?", "change"),
    ],
}
"""The five doors of the menu, each with the pages behind it: these have addresses and links that lead to them."""


def contents_entries() -> list[Entry]:
    """List all pages: each door, then what is behind it."""
    return [one for door, behind in DOORS.items() for one in (door, *behind)]


def door_of(address: str) -> Entry | None:
    """Return the door a page is behind; None for a door itself.

    >>> door_of("sure"), door_of("about")
    (Entry(title='About the figures', address='about'), None)
    """
    return next((door for door, behind in DOORS.items() if address in {one.address for one in behind}), None)
