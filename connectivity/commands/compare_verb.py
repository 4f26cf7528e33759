"""`compare`, from builds of different releases to what changed, and `webpages`, from a build to plain pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectivity.commands import terminal
from layers.errors import several, visible


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
    from connectivity.change import change_claims  # noqa: PLC0415  # heavy libraries only when work is asked for
    from connectivity.change.change_files import compare_folders  # noqa: PLC0415  # same
    from connectivity.claims.about_change import change_cautions  # noqa: PLC0415  # same
    from connectivity.claims.about_places import ACTIVITY  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    comparison = compare_folders(builds, out=out, releases=releases)
    if not quiet:
        for sentence in change_cautions(comparison):
            terminal.remark(sentence)
    for profile in ACTIVITY:
        if other := change_claims.redefined(comparison, profile):
            typer.echo(visible(f"What is counted changed. {other.say()}"))
        count = change_claims.count_shown(comparison, profile)
        if count is None:
            continue
        said = [change_claims.moved(comparison, count), *change_claims.explanation(comparison, count)]
        behind = comparison.behind_refused or str(change_claims.areas_behind(comparison, count).say())
        typer.echo(visible(" ".join([*(str(claim.say()) for claim in said), behind])))
    typer.echo(f"Written to {visible(str(out))}")


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
        terminal.remark(sentence)
    typer.echo(f"Pages for {several(pages, 'council')}, and index.html. Written to {visible(str(out))}")
