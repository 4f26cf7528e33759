"""`fetch`: from the name of a place to a study on today's published files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from connectivity.commands import terminal
from layers.errors import LayerError

if TYPE_CHECKING:
    from layers.fetching.selection import By, Request


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
    from connectivity.commands.fetched import about, show, show_plan  # noqa: PLC0415  # heavy libraries only for work
    from connectivity.commands.watching import watching  # noqa: PLC0415  # same
    from connectivity.fetching.fetch import fetch as run  # noqa: PLC0415  # same
    from connectivity.fetching.fetch import planned  # noqa: PLC0415  # same
    from connectivity.fetching.orders import Order, default_cache  # noqa: PLC0415  # same

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
        show(outcome, out=out, order=order)
        return
    typer.echo(f"{about(selection)}.")
    show_plan(items)


def _request(given: dict[str, str | bool]) -> Request:
    """Make one request of the five options, of which one is to be given."""
    from layers.fetching.selection import Request  # noqa: PLC0415  # as above

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
