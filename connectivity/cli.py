"""The command line. Results go to standard output, progress and messages to standard error.

Exit codes: 0 done, 1 a bug of ours, 2 something the user can mend, 130 interrupted.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from connectivity import __version__
from connectivity.commands import terminal
from connectivity.commands.build_verb import run_build
from connectivity.commands.challenge_verb import challenge
from connectivity.commands.compare_verb import compare, webpages
from connectivity.commands.fetch_verb import fetch
from connectivity.commands.invest_verb import invest
from connectivity.commands.pack_verbs import run_pack, verify
from connectivity.commands.postcode_verb import postcode
from connectivity.commands.sources_verb import sources
from layers.errors import LayerError, command_line

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

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


VERBS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "build": (run_build, ("studies/dorset", "--out", "results/dorset")),
    "compare": (compare, ("results/older", "results/newer", "--out", "change")),
    "postcode": (postcode, ("DT1", "1AA", "--build", "results/dorset")),
    "webpages": (webpages, ("results/dorset", "--out", "pages")),
    "pack": (run_pack, ("results/dorset", "--place", "Dorset", "--for", "board", "--out", "pack.zip")),
    "verify": (verify, ("pack.zip",)),
    "invest": (invest, ("results/dorset", "--budget", "5m", "--maximise", "people", "--out", "plan")),
    "challenge": (challenge, ("responses.csv", "--out", "challenge")),
    "fetch": (fetch, ("--districts", "Dorset", "--out", "studies/dorset")),
    "sources": (sources, ("--format", "csv")),
}
"""What does each verb, and what stands after it in the example of its help."""
for verb, (done_by, words) in VERBS.items():
    app.command(verb, epilog=f"Example: {command_line(verb, *words)}")(done_by)


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # a Windows console may be cp1252
    try:
        app(standalone_mode=True)
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:  # typer has caught the interrupt by then, and says nothing
            terminal.messages.print("Interrupted; the output folder holds a whole result or what it held before.")
        raise
    except LayerError as error:
        terminal.complain(error)
        sys.exit(USER_CAN_MEND)
    except OSError as error:
        next_step = "check the disk, the network and the right to read and write there, then run the command again"
        failed = "The disk or network failed."
        terminal.complain(LayerError(failed, file=error.filename, found=str(error), next_step=next_step))
        sys.exit(USER_CAN_MEND)
    except Exception:  # noqa: BLE001  # whatever it is, it is logged and the user gets words
        place = terminal.start_log(verbose=False)
        if logging.getLogger().handlers:  # with none at all, Python would write the whole to standard error
            terminal.log.exception("unexpected error")
        where = f"Details are in {place}." if place else "Run it again with --verbose to see where."
        terminal.messages.print(f"This is a mistake of ours, not of your files. {where}", markup=False, soft_wrap=True)
        sys.exit(OUR_BUG)
