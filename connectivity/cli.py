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
    unseen = quiet or verbose or not messages.is_terminal
    with Progress(*columns, console=messages, disable=unseen, transient=True) as bar:
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
        f"{premises['scored']:,} of {premises['in']:,} {manifest['unit']}. Written to {visible(str(out))}"
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
    for handler in root.handlers:
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            return Path(handler.baseFilename)
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)  # what a library remarks on is for the log, not for the user
    logging.raiseExceptions = False  # a log that cannot be written is no reason to say more
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
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:  # typer has caught the interrupt by then, and says nothing
            messages.print("Interrupted; the output folder holds a whole result or what it held before.")
        raise
    except LayerError as error:
        _say(error)
        sys.exit(USER_CAN_MEND)
    except OSError as error:
        next_step = "check the disk, the network and the right to read and write there, then run the command again"
        _say(LayerError("The disk or network failed.", file=error.filename, found=str(error), next_step=next_step))
        sys.exit(USER_CAN_MEND)
    except Exception:
        place = _start_log(verbose=False)
        if logging.getLogger().handlers:  # with none at all, Python would write the whole to standard error
            log.exception("unexpected error")
        where = f"Details are in {place}." if place else "Run it again with --verbose to see where."
        messages.print(f"This is a mistake of ours, not of your files. {where}", markup=False, soft_wrap=True)
        sys.exit(OUR_BUG)


def _say(error: LayerError) -> None:
    messages.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
