"""`fetch`, from the name of a place to a study on today's published files, and how it is shown on a terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from connectivity.commands import terminal
from layers import errors
from layers.errors import LayerError, several, visible

if TYPE_CHECKING:
    from layers.fetch.fetch_study import Order, Outcome, Planned
    from layers.fetch.lock import Change, LockEntry
    from layers.fetch.plan import Item
    from layers.fetch.selection import By, Request, Selection

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
            terminal.remark(sentence)


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


BYTES_IN_KB, BYTES_IN_MB = 1_000, 1_000_000
SHORT = 12
"""Digits of a SHA-256 that are shown (assumption: enough to tell two apart)."""


def show_plan(files: Sequence[Planned]) -> None:
    """List what would be fetched: file, size, licence, and whether it is at hand."""
    from connectivity.published_sources import NOT_CONFIRMED  # noqa: PLC0415  # only when asked for

    for file in files:
        entry = file.item.release
        known = "size not known" if file.size is None else sized(file.size)
        words = [file.item.address.file_name, known, entry.source.licence, file.where]
        words += ["needed"] * file.item.required + [NOT_CONFIRMED] * (not entry.checked)
        typer.echo(f"  {visible(entry.title)}\n      {', '.join(words)}")
    new = [file for file in files if file.where == "to fetch"]
    known_size = sized(sum(file.size or 0 for file in new))
    more = " or more, as some sizes are not known" * any(file.size is None for file in new)
    typer.echo(f"{several(len(files), 'file')}, {len(new):,} of them to fetch: {known_size}{more}.")


def _show(outcome: Outcome, *, out: Path, order: Order) -> None:
    """Say what the study's folder holds, what changed, what is missing and what to do next."""
    lock = outcome.lock
    size = sized(sum(entry.size for entry in lock.files.values()))
    state = "Written to" if outcome.written else "Nothing has changed in"
    typer.echo(f"{about(outcome.selection)}, {several(len(lock.files), 'file')}, {size}. {state} {visible(str(out))}")
    if order.update:
        show_changes(outcome.changes)
    for title, why in lock.missing.items():
        typer.echo(f"Left out: {visible(title)}. {visible(why)}")
    result = Path("results") / out.name
    build = errors.command_line("build", out / "study.toml", "--out", result)
    start = errors.start_app(NOTSPOT_BUILD=result).replace("\n", "\n  ")
    typer.echo(f"Build it:\n  {build}\nShow it:\n  {start}")


def sized(count: int) -> str:
    """Say how large a file is, in the unit that fits.

    >>> sized(0), sized(999), sized(1_500), sized(99_999), sized(33_840_000)
    ('0 bytes', '999 bytes', '1.5 KB', '100.0 KB', '33.8 MB')
    """
    if count < BYTES_IN_KB:
        return several(count, "byte")
    return f"{count / BYTES_IN_KB:,.1f} KB" if count < BYTES_IN_MB else f"{count / BYTES_IN_MB:,.1f} MB"


def about(selection: Selection) -> str:
    """Say which places were chosen, and how many."""
    districts = several(len(selection.districts), "district")
    return f"{visible(selection.name)}: {districts}, {several(len(selection.areas), 'small area')}"


def show_changes(changes: Sequence[Change]) -> None:
    """List which files are not what they were."""
    typer.echo(f"{several(len(changes), 'file')} changed." if changes else "The publishers have nothing new.")
    for change in changes:
        typer.echo(
            f"  {visible(change.file)}\n      before: {_said(change.before)}\n      now:    {_said(change.after)}"
        )


def _said(entry: LockEntry | None) -> str:
    if entry is None:
        return "not in the study"
    return f"{entry.sha256[:SHORT]}…, {several(entry.size, 'byte')}, fetched {entry.fetched[:10]}"


def fetch(  # noqa: PLR0913  # one parameter for each option of the command
    out: Annotated[Path, typer.Option("--out", help="Folder of the study: new, empty, or an earlier fetch.")],
    *,
    districts: Annotated[str | None, typer.Option(help="Codes or names, with commas between.")] = None,
    county: Annotated[str | None, typer.Option(help="All districts of a county, by code or name.")] = None,
    lep: Annotated[str | None, typer.Option(help="All districts of a local enterprise partnership.")] = None,
    region: Annotated[str | None, typer.Option(help="All districts of a region, by code or name.")] = None,
    england: Annotated[bool, typer.Option("--england", help="All districts of England.")] = False,
    release: Annotated[
        str, typer.Option(envvar="NOTSPOT_RELEASE", help="Ofcom's: latest, 2026-01, 2025-07 or 2024-07.")
    ] = "latest",
    also: Annotated[str, typer.Option(help="Kinds to add, such as open_uprn; commas between.")] = "",
    without: Annotated[str, typer.Option(help="Kinds to leave out, such as subsidy; commas between.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched; write no study.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Ask the publishers again and take what is new.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", envvar="NOTSPOT_OFFLINE", help="Use only what was fetched before.")
    ] = False,
    cache: Annotated[Path | None, typer.Option(envvar="NOTSPOT_CACHE", help="Folder of fetched files.")] = None,
    mirror: Annotated[
        str | None, typer.Option(envvar="NOTSPOT_MIRROR", help="Address that stands for all publishers.")
    ] = None,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Get today's official files for the councils you name, and write a study that `build` can use."""
    from layers.fetch.fetch_study import (  # noqa: PLC0415  # same
        Order,
        default_cache,
        planned,  # same
    )
    from layers.fetch.fetch_study import fetch_into as run  # noqa: PLC0415  # same

    if update and offline:
        raise LayerError(
            "An update asks the publishers, which cannot be done without the network.",
            expected="--update or --offline",
            found="both (NOTSPOT_OFFLINE counts too)",
            next_step="leave one of them out",
        )
    terminal.start_log(verbose=verbose)
    wanted = {"districts": districts, "county": county, "lep": lep, "region": region, "england": england or None}
    order = Order(
        request=_request({by: said for by, said in wanted.items() if said is not None}),
        cache=cache or default_cache(),
        release=release,
        also=_words(also),
        without=_words(without),
        mirror=mirror,
        offline=offline,
        update=update,
    )
    with watching(quiet=quiet, verbose=verbose) as watcher:
        if not dry_run:
            outcome = run(order, out=out, watcher=watcher)
        else:
            selection, items = planned(order, out=out, watcher=watcher)
    if not dry_run:
        _show(outcome, out=out, order=order)
        return
    typer.echo(f"{about(selection)}.")
    show_plan(items)


def _request(given: dict[str, str | bool]) -> Request:
    """Make one request of the five options, of which one is to be given."""
    from layers.fetch.selection import Request  # noqa: PLC0415  # as above

    if len(given) != 1:
        raise LayerError(
            "Say which places the study is about.",
            expected="one of --districts, --county, --lep, --region and --england",
            found=" and ".join(f"--{by}" for by in given) or "none of them",
            next_step='for example: --districts "Dorset, E06000058", or --county Hampshire',
        )
    by, value = next(iter(given.items()))
    return Request(cast("By", by), () if value is True else (str(value),))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
