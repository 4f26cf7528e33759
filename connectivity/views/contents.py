"""The table of contents: every page, one question each, in the group and order of the menu. Knows no Streamlit."""

from __future__ import annotations

from typing import NamedTuple

FOLDER = "connectivity/views"


class Entry(NamedTuple):
    """One page.

    Attributes
    ----------
    file
        Its module in `connectivity/views`.
    title
        The question it answers, as the menu has it.
    address
        Below the app's own; empty for the first page, which has no other.
    """

    file: str
    title: str
    address: str


PAGES: dict[str, list[Entry]] = {
    "": [
        Entry("where", "Where are the gaps?", ""),
        Entry("why", "Why here?", "why"),
        Entry("postcode", "Check a postcode", "postcode"),
    ],
    "Compare": [
        Entry("compare", "Compare two places", "compare"),
        Entry("weightings", "Compare two weightings", "weightings"),
        Entry("boundary_pair", "Compare two kinds of boundary", "boundaries"),
        Entry("change", "What has changed?", "change"),
        Entry("boundaries", "By ward or parish", "boundary"),
        Entry("hidden", "Hidden need", "hidden"),
    ],
    "Act": [
        Entry("service", "Can this service go online-only?", "service"),
        Entry("owndata", "Your own data", "own"),
        Entry("evidence", "Evidence", "evidence"),
    ],
    "Trust": [
        Entry("sure", "How sure are we?", "sure"),
        Entry("quality", "How good are the data?", "quality"),
        Entry("sources", "Sources and method", "sources"),
        Entry("words", "Words we use", "words"),
        Entry("accessibility", "Accessibility", "accessibility"),
    ],
}


def entries() -> list[Entry]:
    """List all pages in the order of the menu."""
    return [one for listed in PAGES.values() for one in listed]
