"""`compare`: two or more builds of different releases in, what changed out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectivity.commands import terminal
from layers.errors import visible


def compare(
    builds: Annotated[list[Path], typer.Argument(help="Folders of builds, the oldest release first.")],
    out: Annotated[Path, typer.Option("--out", help="Output folder: new, empty, or an earlier comparison.")],
    *,
    releases: Annotated[
        int | None, typer.Option(help="List areas without a fall in so many releases, counted back from the last.")
    ] = None,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Say what changed between builds of the same councils from different releases, and write tables of it."""
    from connectivity.change import words  # noqa: PLC0415  # heavy libraries only when work is asked for
    from connectivity.change.outputs import compare_folders  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    comparison = compare_folders(builds, out=out, releases=releases)
    if not quiet:
        for sentence in words.cautions(comparison):
            terminal.note(sentence)
    for profile in words.ACTIVITY:
        if said := words.definition(comparison, profile):
            typer.echo(visible(f"What is counted changed. {said}"))
        count = words.count_shown(comparison, profile)
        if count is None:
            continue
        lines = [str(words.headline(comparison, count)), *words.explained(comparison, count)]
        lines.append(words.behind(comparison, count))
        typer.echo(visible(" ".join(lines)))
    typer.echo(f"Written to {visible(str(out))}")
