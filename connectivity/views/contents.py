"""The table of contents: every page, one question each, in the group and order of the menu. Knows no Streamlit."""

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

        >>> Entry("Why here?", "why").file, Entry("Where are the gaps?", "").file
        ('why', 'where')
        """
        return self.address or FIRST_PAGE


PAGES: dict[str, list[Entry]] = {
    "": [
        Entry("Where are the gaps?", ""),
        Entry("Why here?", "why"),
        Entry("Check a postcode", "postcode"),
    ],
    "Compare": [
        Entry("Compare two places", "compare"),
        Entry("Compare two weightings", "weightings"),
        Entry("Compare two kinds of boundary", "boundaries"),
        Entry("What has changed?", "change"),
        Entry("By ward or parish", "boundary"),
        Entry("Hidden need", "hidden"),
    ],
    "Act": [
        Entry("Can this service go online-only?", "service"),
        Entry("Your own data", "own"),
        Entry("Evidence", "evidence"),
    ],
    "Trust": [
        Entry("How sure are we?", "sure"),
        Entry("How good are the data?", "quality"),
        Entry("Sources and method", "sources"),
        Entry("Words we use", "words"),
        Entry("Accessibility", "accessibility"),
    ],
}


def contents_entries() -> list[Entry]:
    """List all pages in the order of the menu."""
    return [one for listed in PAGES.values() for one in listed]
