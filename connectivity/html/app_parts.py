"""What several pages of the app are made of, as HTML: paragraphs, cards, links, and tables of rows and cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from connectivity.html.render import macro

TEMPLATE = "app.html"
paragraph = macro(TEMPLATE, "paragraph")
paragraphs = macro(TEMPLATE, "paragraphs")
items = macro(TEMPLATE, "items")
linked = macro(TEMPLATE, "linked")
links = macro(TEMPLATE, "links")
titled = macro(TEMPLATE, "titled")
bold = macro(TEMPLATE, "bold")
small = macro(TEMPLATE, "small")
key = macro(TEMPLATE, "key")
card = macro(TEMPLATE, "card")
counted = macro(TEMPLATE, "counted")
told = macro(TEMPLATE, "told")
beside = macro(TEMPLATE, "beside")
within = macro(TEMPLATE, "within")
joined = macro(TEMPLATE, "joined")
folded = macro(TEMPLATE, "folded")
_table = macro(TEMPLATE, "table")
_plain_table = macro(TEMPLATE, "plain_table")
RIGHT = "r"
"""The class of a column of numbers."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: what stands in it, its class, and how many columns it takes."""

    words: object
    kind: str = ""
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what heads it, its cells, and whether it is the one on show."""

    head: object
    cells: Sequence[Cell]
    current: bool = False


Head = tuple[str, str]
"""The title of a column and its class."""


def app_table(
    caption: str,
    heads: Iterable[Head],
    rows: Iterable[Row],
    *,
    label: str | None = None,
    kind: str = "ns-table",
    seen: bool = True,
    around: str = "",
) -> Markup:
    """Return a table that scrolls by itself on a narrow screen.

    Parameters
    ----------
    caption
        Its name; with `seen` it stands above the table, else only a screen reader gets it.
    heads, rows
        Its columns and its rows.
    label
        What the scrolling region is called; “CAPTION, scrolls” without one.
    kind
        Its class.
    around
        Another class of the region that scrolls.
    """
    return _table(caption, list(heads), list(rows), label or f"{caption}, scrolls", kind, seen, around)


def plain_table(
    caption: str, heads: Iterable[Head], rows: Iterable[Row], *, kind: str = "ns-table", seen: bool = False
) -> Markup:
    """Return a table so narrow that it never scrolls."""
    return _plain_table(caption, list(heads), list(rows), kind, seen)
