"""The page “Sources and method” as HTML: what this study used, what can be fetched, how to use it and how not to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from markupsafe import Markup

from connectivity.html.quality_page import DIGITS, quality_table
from connectivity.html.render import macro
from connectivity.published_sources import NOT_CONFIRMED, by_publisher, size
from layers.catalogue import OGL_ADDRESS, Release
from layers.errors import several
from layers.ledger import SourceUse

USE = (
    "To see which places to help first, and why.",
    "To give a count for a stated thing, such as a video call. Say the lowest and the highest count, too.",
    "To check what others say: each layer names its files, and anyone can fetch them again.",
)
NOT_USE = (
    "To say what one house can get. Ask Ofcom’s checker or a provider for that.",
    "To call a speed on sale a speed people have, or the other way round. They are different figures.",
    "To say that one place is worse than another where their ranges overlap.",
    "To read “not enough data” as “fine”. It means that nobody knows.",
    "To call a change in need, or in a rank, progress. Only counts of one kind can be compared over time.",
)
METHOD = (
    "We take the figures that Ofcom, the ONS and others publish.",
    "For each small area we ask: how many premises cannot do what this activity needs, by any route that is counted?",
    "Premises nobody knows about stay unknown. They are never counted as served.",
    "The score joins home working and online services with how much people need them and what else is near.",
    "Need alone never makes a place score high: something there must not work.",
    "The whole method, with every threshold and its source, is in docs/method.md beside the program.",
)


def used(sources: Iterable[SourceUse]) -> Markup:
    """List the files a build read, each once, with release, publisher, licence and fingerprint."""
    part = partial(macro, "source_lists.html")
    rows = dict.fromkeys(
        (
            part("what")(source.name, source.file),
            *(source.release, source.publisher, source.licence),
            part("fingerprint")(source.sha256[:DIGITS]),
        )
        for source in sources
    )
    heads = ("What, and its file", "Release", "Publisher", "Licence", "Fingerprint")
    return quality_table("Files this study was built from", heads, rows, named=False)


def fetchable() -> Markup:
    """List every release that can be fetched, under its publisher; what is long is folded away."""
    heads = ("What", "Release", "Rows", "Nations", "Million bytes", "Licence")
    folded = macro("parts.html", "folded")
    return Markup("").join(
        folded(
            f"{publisher}: {several(len(entries), 'file')}",
            quality_table(f"Files of {publisher}", heads, [_cells(entry) for entry in entries]),
        )
        for publisher, entries in by_publisher()
    )


def licence() -> Markup:
    """Say under which licence nearly all of it is, and lead to its text."""
    return macro("source_lists.html", "licence")(OGL_ADDRESS)


def _cells(entry: Release) -> list[str]:
    title = macro("source_lists.html", "title")(entry.title, entry.landing, "" if entry.checked else NOT_CONFIRMED)
    return [
        title,
        *(entry.release, entry.areas, ", ".join(entry.nations), size(entry) or "not known", entry.source.licence),
    ]
