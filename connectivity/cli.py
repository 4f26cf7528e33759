"""The command line. Results go to standard output, progress and messages to standard error.

Exit codes: 0 done, 1 a bug of ours, 2 something the user can mend, 130 interrupted.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from connectivity import __version__
from layers.errors import LayerError, visible
from layers.study import Study

log = logging.getLogger("notspot")
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
messages = Console(stderr=True)

USER_CAN_MEND, OUR_BUG, INTERRUPTED = 2, 1, 130


def _say_version(asked: bool) -> None:  # noqa: FBT001  # typer calls a callback with the value alone
    if asked:
        typer.echo(f"notspot {__version__}")
        raise typer.Exit


@app.callback()
def notspot(
    version: Annotated[  # noqa: FBT002  # typer reads an option from its default
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Show where remote working and online-only services are infeasible, and how sure that is."""


@app.command()
def build(  # one parameter for each option of the command
    study: Annotated[Path, typer.Argument(help="Study file (TOML); data/demo/study.toml is the embedded one.")],
    out: Annotated[Path, typer.Option("--out", help="Output folder: new, empty, or an earlier build.")],
    *,
    data: Annotated[Path | None, typer.Option(envvar="NOTSPOT_DATA", help="Folder of the layers' files.")] = None,
    fwa: Annotated[
        bool | None, typer.Option("--fwa/--no-fwa", envvar="NOTSPOT_FWA", help="Count fixed wireless as a route.")
    ] = None,
    aggregation: Annotated[
        str | None, typer.Option(envvar="NOTSPOT_AGGREGATION", help="geometric, arithmetic or worst.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every step to standard error.")] = False,
) -> None:
    """Build a study: areas.parquet, ranking.csv and manifest.json in the output folder."""
    from connectivity.build import build as run  # noqa: PLC0415  # heavy libraries only when work is asked for
    from layers.study import read_study  # noqa: PLC0415  # same

    _start_log(verbose=verbose)
    chosen = _override(read_study(study, data=data), fwa=fwa, aggregation=aggregation)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, disable=quiet or verbose, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)

        def tell(phrase: str, share: float) -> None:
            log.info("%s (%.0f%%)", phrase, share * 100)
            bar.update(task, description=phrase, completed=share)

        manifest = run(chosen, out=out, progress=tell)
    if not quiet:
        for warning in manifest["warnings"]:
            messages.print(f"Note: {escape(visible(warning))}", highlight=False, soft_wrap=True)
    areas, premises = manifest["areas"], manifest["premises"]
    typer.echo(
        f"{visible(manifest['study'])}: {areas['scored']:,} of {areas['in']:,} areas scored, "
        f"{premises['scored']:,} of {premises['in']:,} {manifest['unit']}. Written to {out}"
    )


def _override(study: Study, *, fwa: bool | None, aggregation: str | None) -> Study:
    """Let the command line and the environment win over the study file; the manifest holds what took effect."""
    from layers.study import revised  # noqa: PLC0415  # heavy libraries only when work is asked for

    changes: dict[str, object] = {}
    if fwa is not None:
        changes["fwa"] = fwa
    if aggregation is not None:
        changes["aggregation"] = aggregation
    return revised(study, switches=changes) if changes else study


def _start_log(*, verbose: bool) -> Path | None:
    """Log to the platform's cache folder, and to standard error when asked; never what a user's files hold."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    if verbose:
        root.addHandler(logging.StreamHandler(sys.stderr))
    try:
        folder = platformdirs.user_log_path("notspot", appauthor=False, ensure_exists=True)
        place = folder / "notspot.log"
        handler = logging.handlers.RotatingFileHandler(place, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:  # a locked-down machine without a writable cache still builds
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    return place


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # a Windows console may be cp1252
    try:
        app(standalone_mode=True)
    except LayerError as error:
        messages.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(USER_CAN_MEND)
    except KeyboardInterrupt:
        messages.print("Interrupted; nothing was changed.")
        sys.exit(INTERRUPTED)
    except OSError as error:
        messages.print(f"The disk or network failed: {error.strerror or error}", markup=False, soft_wrap=True)
        sys.exit(USER_CAN_MEND)
    except Exception:
        log.exception("unexpected error")
        place = _start_log(verbose=False)
        log.exception("unexpected error")
        where = f" Details are in {place}." if place else ""
        messages.print(f"This is a mistake of ours, not of your files.{where}", markup=False, soft_wrap=True)
        sys.exit(OUR_BUG)
