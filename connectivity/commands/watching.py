"""How a fetch is shown on a terminal: a bar for all files, one for the file that is coming."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from connectivity.commands import terminal
from layers.errors import visible

if TYPE_CHECKING:
    from layers.fetching.plan import Item

log = logging.getLogger("notspot")
LONGEST = 60
"""Characters of a title beside its bar (assumption: leaves room for the bar on a terminal of 100)."""


class TerminalWatcher:
    """Tells a person, on standard error, what is coming.

    Parameters
    ----------
    overall, single
        The bars of all files, and of the one that is coming.
    quiet
        Whether to keep notes to the log.
    """

    def __init__(self, overall: Progress, single: Progress, *, quiet: bool) -> None:
        self.overall, self.single, self.quiet = overall, single, quiet
        self.all = overall.add_task("Files", total=1)
        self.one = single.add_task("", total=None)

    def begins(self, item: Item, *, done: int, of: int) -> None:
        """Show that a file is next, after `done` of `of`."""
        title = visible(item.release.title)
        log.info("file %s of %s: %s", done + 1, of, title)
        self.overall.update(self.all, completed=done, total=of, description=f"File {done + 1} of {of}")
        self.single.remove_task(self.one)  # a bar cannot forget how long its file was
        self.one = self.single.add_task(escape(title[:LONGEST]), total=None)

    def receives(self, received: int, total: int | None) -> None:
        """Show how many bytes have come."""
        self.single.update(self.one, completed=received, total=total)

    def note(self, sentence: str) -> None:
        """Say what a person should know."""
        if self.quiet:
            log.warning(sentence)
        else:
            terminal.note(sentence)


@contextmanager
def watching(*, quiet: bool, verbose: bool) -> Iterator[TerminalWatcher]:
    """Show both bars while a fetch goes on; nothing of them stays, and none is shown where no person looks."""
    from rich.console import Group  # noqa: PLC0415  # only when something is fetched
    from rich.live import Live  # noqa: PLC0415

    overall = Progress(TextColumn("{task.description}"), BarColumn())
    single = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    watcher = TerminalWatcher(overall, single, quiet=quiet)
    if quiet or verbose or not terminal.messages.is_terminal:
        yield watcher
        return
    with Live(Group(overall, single), console=terminal.messages, transient=True):
        yield watcher
