"""The accessibility statement: what was tested, how and when, what was not, and the way round what does not work.

It must be true: each claim of a test stands beside the test's name in ``docs/accessibility.md``.
"""

from __future__ import annotations

TESTED = "30 November 2026"
STANDARD = "the Web Content Accessibility Guidelines (WCAG) 2.2, level AA"

AIM = (
    "Everyone should be able to use Notspot: by keyboard, by touch, with large text, with a screen reader, and "
    f"without seeing colour. We work to {STANDARD}."
)
SECTIONS: dict[str, tuple[str, ...]] = {
    "If you cannot use the map": (
        (
            "The table beside each map holds the same places and the same figures. It can be sorted, and each row "
            "opens the same reasons as a press on the map."
        ),
        (
            "Find a place by its name or its postcode: the search box takes you there, and its reasons open beside the "
            "map."
        ),
        "“Check a postcode” and the tables of “By ward or parish” need no map.",
        "“Evidence” gives each council as one plain page: a small map, a table of every place, and no script.",
        "“Evidence” also has every figure as a table (ranking.csv) that opens in any spreadsheet.",
    ),
    "What we tested": (
        f"We last tested on {TESTED}, in the browser Chromium, on every page.",
        (
            "A program called axe looked for known faults on each page, in light and dark, wide and narrow, and inside "
            "the map. It found none that are serious or critical. No program can find every fault."
        ),
        (
            "A program went through the main pages by keyboard alone. Everything can be reached, in a sensible order, "
            "and you can see where you are. On the map, arrow keys go from place to place and Enter chooses one. A "
            "button lets you skip the long table."
        ),
        (
            "Nothing scrolls sideways in a window 320 pixels wide. That is the same as 400% zoom in one of 1,280. Wide "
            "tables scroll inside their own frame."
        ),
        "Headings never skip a level. Buttons and boxes are at least 24 pixels wide and high, or have that much room.",
        "Text stands out from its ground by at least 4.5 to 1, and most of it by 7 to 1.",
        "Colours on the map differ in lightness, so they look different in grey and with colour blindness.",
        "The two worst classes have a pattern too.",
        (
            "With high-contrast (forced) colours, bars, symbols and the map’s key stay visible. What moves while you "
            "wait stands still if you ask for less motion."
        ),
        "We measured how hard the words are to read: about the reading age of 12 on each page.",
    ),
    "What we did not test": (
        "No one has yet listened to every page with a screen reader.",
        "We have not tried it on real phones or tablets, nor in Firefox or Safari.",
        "No one with a disability has tested it for us yet.",
    ),
    "What does not work well": (
        "The map reads out one place at a time. The table is quicker to go through.",
        "The frame of each page, its menus and its boxes are made by Streamlit, and we cannot mend all of it.",
        "The formulae on “How sure are we?” and the notes on files need more than plain words.",
        "In a browser from before 2024 the notes on words may stand open all the time.",
    ),
}


def markdown() -> str:
    """Write the statement as it stands in the document."""
    parts = [AIM]
    for title, lines in SECTIONS.items():
        parts += [f"## {title}", "\n".join(f"- {line}" for line in lines)]
    return "\n\n".join(parts)
