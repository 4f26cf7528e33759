"""The page “Sources and method” as HTML: what this study used, what can be fetched, how to use it and how not to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from connectivity.quality.page import table, text
from connectivity.sources import NOT_CONFIRMED, by_publisher, size
from layers.catalogue import OGL_ADDRESS, Release
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


def used(sources: Iterable[SourceUse]) -> str:
    """List the files a build read, each once, with release, publisher, licence and fingerprint."""
    rows = dict.fromkeys(
        (_what(source), *(text(words) for words in (source.release, source.publisher, source.licence)), _short(source))
        for source in sources
    )
    heads = ("What, and its file", "Release", "Publisher", "Licence", "Fingerprint")
    return table("Files this study was built from", heads, rows, ready=True, named=False)


def fetchable() -> str:
    """List every release that can be fetched, under its publisher; what is long is folded away."""
    parts = []
    for publisher, entries in by_publisher():
        heads = ("What", "Release", "Rows", "Nations", "Million bytes", "Licence")
        drawn = table(f"Files of {publisher}", heads, [_cells(entry) for entry in entries], ready=True)
        many = f"{len(entries)} file{'s' * (len(entries) != 1)}"
        parts.append(f"<details><summary>{escape(publisher)}: {many}</summary>{drawn}</details>")
    return "".join(parts)


def listed(sentences: Sequence[str]) -> str:
    """Write sentences as a list."""
    return f"<ul>{''.join(f'<li>{escape(words)}</li>' for words in sentences)}</ul>"


def licence() -> str:
    """Say under which licence nearly all of it is, and lead to its text."""
    link = f'<a href="{escape(OGL_ADDRESS)}" rel="noreferrer">Open Government Licence v3.0</a>'
    return (
        f"<p>Nearly all of these files are under the {link}. You may copy, change and sell them if you name the "
        "source. Whoever passes on a map or a table made from them repeats the lines at the foot of this page.</p>"
    )


def _cells(entry: Release) -> list[str]:
    title = escape(entry.title)
    if entry.landing:
        title = f'<a href="{escape(entry.landing)}" rel="noreferrer">{title}</a>'
    if not entry.checked:
        title += f" ({NOT_CONFIRMED})"
    plain = (entry.release, entry.areas, ", ".join(entry.nations), size(entry) or "not known", entry.source.licence)
    return [title, *map(escape, plain)]


def _what(source: SourceUse) -> str:
    return f"{text(source.name)}<small>{text(source.file)}</small>"


def _short(source: SourceUse) -> str:
    """Give the first digits of a file's SHA-256, enough to tell two apart."""
    return f"<code>{text(source.sha256[:12])}…</code>"
