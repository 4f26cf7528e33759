"""`sources`: every published file that can be fetched, with its terms."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from layers.errors import several

NARROWEST, RELEASE, SIZE = 20, 18, 8
"""Characters on a terminal: the fewest of a name, the most of a release, and of a size (assumptions)."""
GAP, SHORT = "  ", "OGL 3.0"


class Form(StrEnum):
    """How the list is written."""

    lines = "lines"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def sources(
    form: Annotated[
        Form, typer.Option("--format", help="lines: name, release, size, licence; the others: all that is known.")
    ] = Form.lines,
) -> None:
    """List the published files that `fetch` can get: name, release, size and licence of each."""
    from connectivity import published_sources as rendered  # noqa: PLC0415  # only when asked for

    if form is Form.csv:
        typer.echo(rendered.as_csv(), nl=False)
    elif form is Form.json:
        typer.echo(rendered.as_json())
    elif form is Form.markdown:
        typer.echo(rendered.as_markdown(), nl=False)
    else:
        _lines()


def _lines() -> None:
    """Print a line for each release; on a terminal it is as wide as that, and elsewhere whole."""
    from connectivity.published_sources import NOT_CONFIRMED, size  # noqa: PLC0415  # only when asked for
    from layers.catalogue import releases  # noqa: PLC0415  # same
    from layers.kinds import OGL  # noqa: PLC0415  # same

    entries = releases()
    titles = [entry.title + ("" if entry.checked else " *") for entry in entries]
    room, other = max(map(len, titles)), max(len(entry.release) for entry in entries)
    if sys.stdout.isatty():
        other = min(other, RELEASE)
        room = min(room, max(NARROWEST, shutil.get_terminal_size().columns - other - SIZE - len(SHORT + 3 * GAP)))
    for entry, title in zip(entries, titles, strict=True):
        megabytes = f"{size(entry)} MB" if entry.size_mb is not None else "?"
        licence = entry.source.licence.replace(OGL, SHORT)
        typer.echo(GAP.join((_fit(title, room), _fit(entry.release, other), f"{megabytes:>{SIZE}}", licence)))
    typer.echo(f"{several(len(entries), 'file')}. {SHORT}: {OGL}. *: {NOT_CONFIRMED}. ?: size not known.")
    typer.echo("With publisher, address and attribution: --format csv, json or markdown.")


def _fit(text: str, width: int) -> str:
    """Fill or shorten a text to a width.

    >>> _fit("Rural", 7), _fit("Rural and urban", 7)
    ('Rural  ', 'Rural …')
    """
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
