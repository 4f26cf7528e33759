"""The catalogue as people read it: a table for a terminal, a page, a document, a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from layers.catalogue import Release, releases
from layers.kinds import KINDS
from layers.ledger import SourceUse

COLUMNS = (
    *("key", "kind", "title", "publisher", "release", "published", "rows", "nations", "licence", "attribution"),
    *("size_mb", "sha256", "address", "confirmed", "page", "note"),
)
"""Columns of the CSV form."""
NOT_CONFIRMED = "address not confirmed"
NOT_PINNED = "at first fetch"
"""What stands for a SHA-256 that is not known yet: it is written to the study's lock file when the file first comes."""
HEAD = """# Published files that Notspot can fetch

This page is made from the catalogue (`layers/sources`) by `python -m connectivity sources --format markdown`; a test
keeps both equal. `python -m connectivity fetch` takes the ones a study needs; [fetching.md](fetching.md) says how.

- **Addresses.** Each was found in a publisher's own listing or in a published program that uses it. None could be
  opened where this was written. Those marked “address not confirmed” are guesses from the pattern of others.
- **SHA-256.** None is pinned yet, for the same reason. The first fetch writes it to the study's lock file, and later
  fetches refuse anything else until you ask for what is new (`fetch --update`).
- **Size** in millions of bytes, as the publisher states it or as others have seen it; blank where it is not known.
"""


def record(entry: Release) -> dict[str, Any]:
    """Give a release as plain values, under the names of `COLUMNS`."""
    source = entry.source
    values = (
        *(entry.key, entry.kind, entry.title, source.publisher, entry.release, entry.published or "", entry.areas),
        *("; ".join(entry.nations), source.licence, source.attribution, entry.size_mb, entry.sha256 or ""),
        *(entry.url, entry.checked, entry.landing or "", entry.note),
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_json() -> str:
    """Write every source and release for a program."""
    content = {"kinds": [kind.terms for kind in KINDS.values()], "releases": [record(r) for r in releases()]}
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_csv() -> str:
    """Write every release for a spreadsheet."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(record(entry) for entry in releases())
    return text.getvalue()


def as_markdown() -> str:
    """Write the document `docs/sources.md`."""
    parts = [HEAD]
    for publisher, entries in by_publisher():
        parts += [f"\n## {publisher}\n\n", *(f"- {line}.\n" for line in _terms(entries)), "\n"]
        parts.append(
            "| key | what | release | rows | nations | MB | for layers of kind |\n|---|---|---|---|---|---|---|\n"
        )
        parts += [_row(entry) for entry in entries]
        parts += ["\n", *(f"- `{entry.key}`: {_where(entry)}\n" for entry in entries)]
    return "".join(parts)


def by_publisher() -> list[tuple[str, list[Release]]]:
    """Group every release under its publisher, by name."""
    ordered = sorted(releases(), key=lambda entry: entry.source.publisher)
    return [(name, list(group)) for name, group in groupby(ordered, key=lambda entry: entry.source.publisher)]


def size(entry: Release) -> str:
    """Write a release's size in millions of bytes; blank where it is not known.

    >>> from layers.catalogue import release
    >>> size(release("open-uprn")), size(release("terrain-50")), size(release("dwellings-2025"))
    ('616', '162', '0.7')
    """
    if entry.size_mb is None:
        return ""
    return f"{entry.size_mb:,.0f}" if entry.size_mb >= 100 else f"{entry.size_mb:.1f}"  # noqa: PLR2004  # three digits


def _terms(entries: list[Release]) -> list[str]:
    return sorted({f"{entry.source.licence}. {entry.source.attribution}" for entry in entries})


def _row(entry: Release) -> str:
    nations = "United Kingdom" if len(entry.nations) == 4 else ", ".join(entry.nations)  # noqa: PLR2004  # nations
    name = f" `{entry.name}`" if entry.name else ""
    cells = (f"`{entry.key}`", entry.title, entry.release, entry.areas, nations, size(entry), f"`{entry.kind}`{name}")
    return f"| {' | '.join(cells)} |\n"


def _where(entry: Release) -> str:
    """Say where a release is, how it is unpacked, and what to know about it."""
    words = [f"<{entry.url}>" + ("" if entry.checked else f" (**{NOT_CONFIRMED}**)")]
    if entry.attachment:
        words.append(f"attachment `{entry.attachment}`")
    if entry.members:
        words.append(f"inside the zip: {' or '.join(f'`{pattern}`' for pattern in entry.members)}")
    if entry.published:
        words.append(f"published {entry.published}")
    words.append(f"SHA-256: {entry.sha256 or NOT_PINNED}")
    return "; ".join(words) + "." + (f" {entry.note}" if entry.note else "")


def licences(sources: Sequence[SourceUse]) -> str:
    """Name each attribution and each licence once.

    >>> from dataclasses import replace
    >>> one = SourceUse("A", "a.csv", "0", 1, "2025", "OGL", "Ofcom", "Contains A. Contains B")
    >>> licences([one, replace(one, attribution="")])
    'Contains A. Contains B. OGL.'
    """
    thanks = [part for source in sources for part in source.attribution.split(". ")]
    named = [words.strip().rstrip(".") for words in (*thanks, *(source.licence for source in sources))]
    return f"{'. '.join(dict.fromkeys(words for words in named if words))}."
