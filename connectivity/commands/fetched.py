"""What a fetch found, in words on standard output, with the commands that come next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from layers import invocation
from layers.errors import visible

if TYPE_CHECKING:
    from connectivity.fetching.orders import Order, Outcome, Planned
    from layers.fetching.lock import Change, Entry
    from layers.fetching.selection import Selection

BYTES_IN_KB, BYTES_IN_MB = 1_000, 1_000_000
SHORT = 12
"""Digits of a SHA-256 that are shown (assumption: enough to tell two apart)."""


def show_plan(files: Sequence[Planned]) -> None:
    """List what would be fetched: file, size, licence, and whether it is at hand."""
    from connectivity.sources import NOT_CONFIRMED  # noqa: PLC0415  # only when asked for

    for file in files:
        entry = file.item.release
        known = "size not known" if file.size is None else sized(file.size)
        words = [file.item.address.file_name, known, entry.source.licence, file.where]
        words += ["needed"] * file.item.required + [NOT_CONFIRMED] * (not entry.checked)
        typer.echo(f"  {visible(entry.title)}\n      {', '.join(words)}")
    new = [file for file in files if file.where == "to fetch"]
    known_size = sized(sum(file.size or 0 for file in new))
    more = " or more, as some sizes are not known" * any(file.size is None for file in new)
    typer.echo(f"{len(files)} files, {len(new)} of them to fetch: {known_size}{more}.")


def show(outcome: Outcome, *, out: Path, order: Order) -> None:
    """Say what the study's folder holds, what changed, what is missing and what to do next."""
    lock = outcome.lock
    size = sized(sum(entry.size for entry in lock.files.values()))
    state = "Written to" if outcome.written else "Nothing has changed in"
    typer.echo(f"{about(outcome.selection)}, {len(lock.files)} files, {size}. {state} {visible(str(out))}")
    if order.update:
        show_changes(outcome.changes)
    for title, why in lock.missing.items():
        typer.echo(f"Left out: {visible(title)}. {visible(why)}")
    result = Path("results") / out.name
    build = invocation.command("build", out / "study.toml", "--out", result)
    start = invocation.start_app(NOTSPOT_BUILD=result).replace("\n", "\n  ")
    typer.echo(f"Build it:\n  {build}\nShow it:\n  {start}")


def sized(count: int) -> str:
    """Say how large a file is, in the unit that fits.

    >>> sized(0), sized(999), sized(1_500), sized(99_999), sized(33_840_000)
    ('0 bytes', '999 bytes', '1.5 KB', '100.0 KB', '33.8 MB')
    """
    if count < BYTES_IN_KB:
        return f"{count:,} byte{'s' * (count != 1)}"
    return f"{count / BYTES_IN_KB:,.1f} KB" if count < BYTES_IN_MB else f"{count / BYTES_IN_MB:,.1f} MB"


def about(selection: Selection) -> str:
    """Say which places were chosen, and how many."""
    count = len(selection.districts)
    return f"{visible(selection.name)}: {count:,} district{'s' * (count != 1)}, {len(selection.areas):,} small areas"


def show_changes(changes: Sequence[Change]) -> None:
    """List which files are not what they were."""
    many = f"{len(changes):,} file{'s' * (len(changes) != 1)} changed."
    typer.echo(many if changes else "The publishers have nothing new.")
    for change in changes:
        typer.echo(
            f"  {visible(change.file)}\n      before: {_said(change.before)}\n      now:    {_said(change.after)}"
        )


def _said(entry: Entry | None) -> str:
    if entry is None:
        return "not in the study"
    return f"{entry.sha256[:SHORT]}…, {entry.size:,} bytes, fetched {entry.fetched[:10]}"
