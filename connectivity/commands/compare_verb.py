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
    from connectivity.change.change_files import compare_folders  # noqa: PLC0415  # same
    from connectivity.claims import about_change  # noqa: PLC0415  # heavy libraries only when work is asked for

    terminal.start_log(verbose=verbose)
    comparison = compare_folders(builds, out=out, releases=releases)
    if not quiet:
        for sentence in about_change.cautions(comparison):
            terminal.note(sentence)
    for profile in about_change.ACTIVITY:
        if said := about_change.definition(comparison, profile):
            typer.echo(visible(f"What is counted changed. {said}"))
        count = about_change.count_shown(comparison, profile)
        if count is None:
            continue
        lines = [str(about_change.headline(comparison, count)), *about_change.explained(comparison, count)]
        lines.append(about_change.behind(comparison, count))
        typer.echo(visible(" ".join(lines)))
    typer.echo(f"Written to {visible(str(out))}")


# --- `webpages`: a finished build in, a folder of plain pages out that a council can put on its website.


def webpages(
    build: Annotated[Path, typer.Argument(help="Folder that `build` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Output folder: new, empty, or earlier pages.")],
    *,
    verbose: terminal.Verbose = False,
) -> None:
    """Write a plain web page for each council of a finished build, without building it again."""
    from connectivity.html.page_files import heavy, published  # noqa: PLC0415  # heavy libraries only when work is asked

    terminal.start_log(verbose=verbose)
    pages = published(build, out=out)
    for sentence in heavy(out):
        terminal.note(sentence)
    councils = f"{pages:,} council{'' if pages == 1 else 's'}"
    typer.echo(f"Pages for {councils}, and index.html. Written to {visible(str(out))}")
