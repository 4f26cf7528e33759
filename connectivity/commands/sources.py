"""`sources`: every published file that can be fetched, with its terms."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Form(StrEnum):
    """How the list is written."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def sources(
    form: Annotated[Form, typer.Option("--format", help="table, csv, json or markdown.")] = Form.table,
) -> None:
    """List the published files that fetch can get: publisher, release, size, licence, address."""
    from connectivity import sources as rendered  # noqa: PLC0415  # only when asked for

    if form is Form.csv:
        typer.echo(rendered.as_csv(), nl=False)
    elif form is Form.json:
        typer.echo(rendered.as_json())
    elif form is Form.markdown:
        typer.echo(rendered.as_markdown(), nl=False)
    else:
        _table()


def _table() -> None:
    from rich.console import Console  # noqa: PLC0415  # as above
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from connectivity.sources import NOT_CONFIRMED, by_publisher, size  # noqa: PLC0415

    table = Table(
        title="Published files that fetch can get", caption="Addresses and terms: --format markdown", expand=True
    )
    table.add_column("Key", no_wrap=True)
    for heading, share in {"What": 4, "Release": 2, "Rows": 2}.items():
        table.add_column(heading, ratio=share)
    table.add_column("MB", justify="right", no_wrap=True)
    for publisher, entries in by_publisher():
        table.add_section()
        licences = ", ".join(dict.fromkeys(entry.source.licence for entry in entries))
        table.add_row("", f"[bold]{escape(publisher)}[/bold] ({escape(licences)})")
        for entry in entries:
            unsure = "" if entry.checked else f" ({NOT_CONFIRMED})"
            cells = (entry.key, entry.title + unsure, entry.release, entry.areas)
            table.add_row(*map(escape, cells), size(entry))
    Console().print(table)
