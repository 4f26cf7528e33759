"""`build`, from a study file to a folder of results, and the commands that come after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectivity.commands import terminal
from layers.errors import command_line, start_app, visible

if TYPE_CHECKING:
    from layers.study import Study


def next_steps(build: Path) -> list[str]:
    """Give the lines that say how to show a build and how to ask it for a postcode.

    Parameters
    ----------
    build
        The folder of a finished build, as it was given.
    """
    lines = ["Show it:", *(f"  {line}" for line in start_app(NOTSPOT_BUILD=build).splitlines())]
    if postcode := _a_postcode(build):
        lines += ["Ask it:", f"  {command_line('postcode', *postcode.split(), '--build', build)}"]
    return [visible(line) for line in lines]


def _a_postcode(build: Path) -> str | None:
    """Find the first postcode in use that a build can be asked for; None when it holds none."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy libraries only when work is asked for

    from connectivity.postcode.postcode_tables import BEYOND, POSTCODES  # noqa: PLC0415  # same
    from connectivity.postcode.typed import spaced  # noqa: PLC0415  # same

    if not (build / POSTCODES).exists() or not (build / BEYOND).exists():
        return None
    for batch in pq.ParquetFile(build / POSTCODES).iter_batches(columns=["postcode", "live"]):
        for row in batch.to_pylist():
            if row["live"]:
                return spaced(str(row["postcode"]))
    return None


def run_build(  # noqa: PLR0913  # one parameter for each option of the command
    study: Annotated[Path, typer.Argument(help="Study file, or the folder that `fetch` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Output folder: new, empty, or an earlier build.")],
    *,
    data: Annotated[Path | None, typer.Option(envvar="NOTSPOT_DATA", help="Folder of the layers' files.")] = None,
    fwa: Annotated[
        bool | None, typer.Option("--fwa/--no-fwa", envvar="NOTSPOT_FWA", help="Count fixed wireless as a route.")
    ] = None,
    aggregation: Annotated[
        str | None, typer.Option(envvar="NOTSPOT_AGGREGATION", help="geometric, arithmetic or worst.")
    ] = None,
    report_by: Annotated[
        list[str] | None,
        typer.Option(help="Only these boundaries, by name (ward,parish), or polygon:FILE. Default: all of the study."),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            min=0,
            envvar="NOTSPOT_DRAWS",
            help="How often to draw what is uncertain, to say how sure each rank is; 0: not.",
        ),
    ] = 1000,
    web: Annotated[
        bool, typer.Option("--web", help="Also write a plain web page for each council, into the folder `web`.")
    ] = False,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Rank the areas of a study, and write tables, maps and what they rest on into a folder."""
    from connectivity.build import build  # noqa: PLC0415  # heavy libraries only when work is asked for
    from connectivity.html.page_files import WEB, heavy  # noqa: PLC0415  # same
    from connectivity.outputs import scored_claim  # noqa: PLC0415  # same
    from layers.study import read_study  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    chosen = _override(read_study(study, data=data), fwa=fwa, aggregation=aggregation)
    with terminal.progress(quiet=quiet, verbose=verbose) as tell:
        manifest = build(
            chosen, out=out, progress=tell, report_by=terminal.split_option(report_by), draws=draws, web=web
        )
    if web:
        for sentence in heavy(out / WEB):
            terminal.remark(sentence)
    if not quiet:
        for warning in manifest.warnings:
            terminal.remark(warning)
    typer.echo(visible(f"{scored_claim(manifest).say()} Written to {out}"))
    if not quiet:
        typer.echo("\n".join(next_steps(out)))


def _override(study: Study, *, fwa: bool | None, aggregation: str | None) -> Study:
    """Let the command line and the environment win over the study file; the manifest holds what took effect."""
    from layers.study import revised  # noqa: PLC0415  # heavy libraries only when work is asked for

    changes: dict[str, object] = {}
    if fwa is not None:
        changes["fwa"] = fwa
    if aggregation is not None:
        changes["aggregation"] = aggregation
    return revised(study, switches=changes) if changes else study
