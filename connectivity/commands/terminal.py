"""What every verb of the command line shares: where messages go, the progress bar and the log."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from layers.errors import LayerError, visible

log = logging.getLogger("notspot")
messages = Console(stderr=True)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="The result alone: no progress, no notes, no next steps.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log every step to standard error.")]


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Callable[[str, float], None]]:
    """Show a bar on a terminal; yield what to call with a plain phrase and the share done, 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    unseen = quiet or verbose or not messages.is_terminal
    with Progress(*columns, console=messages, disable=unseen, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)

        def tell(phrase: str, share: float) -> None:
            log.info("%s (%.0f%%)", phrase, share * 100)
            bar.update(task, description=escape(phrase), completed=share)

        yield tell


def remark(sentence: str) -> None:
    """Say something a reader of the results should know, on standard error."""
    messages.print(f"Note: {escape(visible(sentence))}", highlight=False, soft_wrap=True)


def complain(error: LayerError) -> None:
    """Say what the user can mend, on standard error."""
    messages.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)


def start_log(*, verbose: bool) -> Path | None:
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


def split_option(given: list[str] | None) -> list[str] | None:
    """Part an option that may be given many times, or once with commas; None when it is not given.

    >>> split_option(["ward, parish", "polygon:my,file.geojson"]), split_option(None)
    (['ward', 'parish', 'polygon:my,file.geojson'], None)
    """
    if not given:
        return None
    parts = [[text] if text.startswith("polygon:") else text.split(",") for text in given]  # a file may have commas
    return [name.strip() for names in parts for name in names if name.strip()]
