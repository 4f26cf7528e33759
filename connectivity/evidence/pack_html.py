"""The report of a pack as one page of HTML: no script, nothing from outside, light enough for a bad line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.about_certainty import QUESTION
from connectivity.claims.about_files import areas_elsewhere, replaced_said
from connectivity.evidence.pack_content import Head, PackContent, PackSection, PackTable
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_pdf import WORDS
from connectivity.evidence.pack_tables import TABLE
from connectivity.html.council_pages import LIMIT, plain_map, plain_marked, plain_stylesheet
from connectivity.html.render import isolated, macro, render
from connectivity.maps import symbology
from connectivity.maps.static_map import DETAILS, letters_of
from connectivity.method.feasibility import has_count

PAGE_OF_PACK = "report.html"
LEAST_NAMED = 130
"""Bytes that the name of an area adds to a map at least: where they do not fit, no named map is tried."""
SOURCES = "sources"
"""A part of the report."""


def html_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the page of a pack; the map is drawn as fully as the limit allows.

    Where the small areas are too many for the page, their table is left out, and the page says which file has it.
    """
    content = source.content
    letters = _letters(source)
    for part in (content, _without_areas(content, areas=len(source.areas))):
        page = _page(source, part, letters=letters, drawn=_no_map())
        if len(page.encode()) <= LIMIT.value:
            break
    room = LIMIT.value - len(page.encode())
    for detail in DETAILS if any(one.pictured for one in part.sections) else ():
        if detail.named and LEAST_NAMED * len(source.areas) > room:
            continue
        whole = part is content
        drawn = plain_map(
            source.areas,
            name=content.subject.title,
            basis=content.basis,
            letters=letters,
            detail=detail,
            description=content.map_said,
            notes=[symbology.small_areas(ground=symbology.PLACE_GROUND, listed=whole), content.map_key],
        )
        fuller = _page(source, part, letters=letters, drawn=drawn)
        if len(fuller.encode()) <= LIMIT.value:
            return {PAGE_OF_PACK: fuller.encode()}
    return {PAGE_OF_PACK: page.encode()}


def _no_map() -> Markup:
    return macro("plain_parts.html", "paragraph")(about_plain_pages.NO_MAP, "note")


def _letters(source: PackSource) -> dict[str, str]:
    """Give letters to the areas of page one that have a count, where there is room on the map."""
    areas = source.areas
    known = set(areas.index[has_count(areas["status"])])
    return letters_of(areas, order=[one.code for one in source.content.worst if one.code in known])


def _without_areas(content: PackContent, *, areas: int) -> PackContent:
    """Leave out the tables of small areas, and say where they are."""
    said = areas_elsewhere(areas, file=TABLE)
    sections = tuple(
        replace(
            one,
            paragraphs=(*one.paragraphs, said) if _lists_areas(one, content) else one.paragraphs,
            tables=tuple(table for table in one.tables if table.heads != content.every_area.heads),
        )
        for one in content.sections
    )
    return replace(content, sections=sections)


def _lists_areas(section: PackSection, content: PackContent) -> bool:
    return any(table.heads == content.every_area.heads for table in section.tables)


def _page(source: PackSource, content: PackContent, *, letters: Mapping[str, str], drawn: Markup) -> str:
    """Put the page together."""
    basis, title = content.basis, content.subject.title
    tables = [_worst(content, letters=letters), *(_shown(one) for part in content.sections for one in part.tables)]
    for at, one in enumerate(tables):
        one["anchor"] = f"t{at}"
    worst, *others = tables
    queue = iter(others)
    sections = [
        {
            "title": one.title,
            "paragraphs": [isolated(words, title) for words in one.paragraphs],
            "points": one.points,
            "map": drawn if one.pictured else Markup(),
            "tables": [next(queue) for _ in one.tables],
        }
        for one in content.sections
    ]
    body = render(
        "pack_page.html",
        words=WORDS,
        headline=plain_marked(content.headline, place=title),
        beneath=[isolated(one, title) for one in content.beneath],
        stamp=content.stamp,
        asks=content.asks,
        sure=content.sure,
        not_shown=content.not_shown,
        worst_title=content.worst_title,
        worst=worst if content.worst else None,
        sections=sections,
    )
    foot = render(
        "pack_foot.html",
        words=WORDS,
        sources=[] if any(one.key == SOURCES for one in content.sections) else content.sources,
        checks=content.checks,
        replaced=replaced_said(source.replaced),
    )
    rules = "".join(_rules(one) for one in tables)
    page = render(
        "plain_page.html",
        title=content.title,
        style=Markup(plain_stylesheet() + TABLE_STYLE + rules),  # noqa: S704 - our own, and headings written as CSS
        study=basis.study,
        release=basis.release,
        counted=about_places.counted(basis),
        tags=content.tags,
        way="",
        notice=basis.notice,
        body=body,
        foot=foot,
    )
    return str(page)


TABLE_STYLE = (
    ".p td:nth-child(n):not(.n),.p th:nth-child(n){text-align:left;white-space:normal}"
    ".p thead th:nth-child(n){width:auto;overflow-wrap:normal}"
)
"""The plain pages set their one table by the places of its columns; here each table has its own."""


def _worst(content: PackContent, *, letters: Mapping[str, str]) -> dict[str, Any]:
    """Give the rows of page one as a table."""
    ranked = any(one.ranks for one in content.worst)
    heads = [
        Head(WORDS["place"]),
        Head(content.basis.unit.capitalize(), number=True),
        Head(WORDS["could_be"], number=True),
        *([Head(WORDS["ranks"], number=True)] if ranked else []),
        Head(QUESTION),
    ]
    rows = [
        {
            "name": one.name,
            "letter": letters.get(one.code),
            "cells": [one.count, one.could_be, *([one.ranks] if ranked else []), one.said],
        }
        for one in content.worst
    ]
    return {"named": "worst", "heads": heads, "rows": rows, "note": content.worst_note}


def _shown(table: PackTable) -> dict[str, Any]:
    rows = [{"name": row[0], "letter": None, "cells": row[1:]} for row in table.rows]
    return {"named": "", "caption": table.caption, "heads": table.heads, "rows": rows, "note": table.note}


def _rules(table: Mapping[str, Any]) -> str:
    """Write the rules of one table: numbers to the right, and each cell named where a screen has no columns."""
    anchor, heads = f"#{table['anchor']}", table["heads"]
    right = [f"{anchor} :nth-child({at}):not(.n)" for at, head in enumerate(heads, 1) if head.number]
    named = "".join(
        f'{anchor} td:nth-child({at}):before{{content:"{css_text(head.words)}"}}' for at, head in enumerate(heads, 1)
    )
    wide = f"@media(min-width:46.01rem){{{','.join(right)}{{text-align:right}}}}" if right else ""
    return f"{wide}@media(max-width:46rem){{{named}}}"


def css_text(words: str) -> str:
    r"""Write words as the inside of a string of CSS: whatever could end it, or the stylesheet, is written as its code.

    >>> print(css_text("Share (%)"), css_text("</style>"))
    Share (%) \3c /style>
    """
    return re.sub(r'["\\<\n\r\f]', lambda one: f"\\{ord(one[0]):x} ", words)
