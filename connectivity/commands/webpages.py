"""`webpages`: a finished build in, a folder of plain pages out that a council can put on its website."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectivity.commands import terminal
from layers.errors import visible


def webpages(
    build: Annotated[Path, typer.Argument(help="Folder that `build` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Output folder: new, empty, or earlier pages.")],
    *,
    verbose: terminal.Verbose = False,
) -> None:
    """Write a plain web page for each council of a finished build, without building it again."""
    from connectivity.webpages.files import heavy, published  # noqa: PLC0415  # heavy libraries only when work is asked

    terminal.start_log(verbose=verbose)
    pages = published(build, out=out)
    for sentence in heavy(out):
        terminal.note(sentence)
    councils = f"{pages:,} council{'' if pages == 1 else 's'}"
    typer.echo(f"Pages for {councils}, and index.html. Written to {visible(str(out))}")
