"""`invest`, from a build and a budget to the best plan for it, with the proof and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from connectivity.commands import terminal
from layers.errors import LayerError, visible


def invest(  # noqa: PLR0913  # one parameter for each option of the command
    build: Annotated[Path, typer.Argument(help="Folder that `build` wrote.")],
    budget: Annotated[str, typer.Option(help="What there is to spend: 5m, £500k or 5,000,000.")],
    maximise: Annotated[
        Literal["people", "premises"], typer.Option(help="What is counted; premises are lines in a study of lines.")
    ] = "people",
    *,
    activity: Annotated[
        Literal["remote", "digital"], typer.Option(help="What they cannot do today: home working or online services.")
    ] = "remote",
    must: Annotated[list[str] | None, typer.Option(help="Areas that are served in any case, by code or name.")] = None,
    must_not: Annotated[list[str] | None, typer.Option(help="Areas that are not served, by code or name.")] = None,
    floor: Annotated[
        list[str] | None, typer.Option(help="The least that is spent in a council: “Dorset=1m”; may be given again.")
    ] = None,
    interventions: Annotated[
        list[str] | None, typer.Option(help="What is weighed, with commas; full-fibre unless given.")
    ] = None,
    scope: Annotated[
        str | None, typer.Option(help="Areas in scope: rural, everywhere or under:N premises per square kilometre.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Output folder: new, empty, or an earlier plan; without it, words only."),
    ] = None,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Choose what to do first with a budget: the best plan, what it would bring, how sure that is, and who is left."""
    from connectivity.claims.about_investment import doubts, portfolio_claims, who_can_act  # noqa: PLC0415  # heavy
    from connectivity.investment.plan_files import write_plan  # noqa: PLC0415  # same
    from connectivity.investment.portfolio import (  # noqa: PLC0415  # same
        BY_DEFAULT,
        PortfolioRequest,
        plan_portfolio,
        pounds_of,
    )
    from connectivity.outputs import read_build  # noqa: PLC0415  # same
    from layers.staging import PLAN, check_output  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    request = PortfolioRequest(
        budget=pounds_of(budget, option="--budget"),
        counted=maximise,
        activity=activity,
        interventions=terminal.split_option(interventions) or BY_DEFAULT,
        must=must or (),
        must_not=must_not or (),
        floors=dict(_floor(text) for text in floor or ()),
        scope=scope,
    )
    if out is not None:
        check_output(out, mark=PLAN)
    plan = plan_portfolio(read_build(build), folder=build, request=request)
    said = [plan.build.manifest.do_not_publish or "", *(str(claim.say()) for claim in portfolio_claims(plan))]
    for sentence in filter(None, said):
        typer.echo(visible(sentence))
    if not quiet:
        for sentence in doubts(plan):
            terminal.remark(sentence)
        for sentence in who_can_act(plan):
            terminal.remark(sentence)
    if out is not None:
        write_plan(plan, out=out)
        typer.echo(f"Written to {visible(str(out))}")


def _floor(text: str) -> tuple[str, float]:
    """Part a floor into its council and its pounds.

    >>> _floor("Dorset=1m")
    ('Dorset', 1000000.0)
    """
    from connectivity.investment.portfolio import pounds_of  # noqa: PLC0415  # heavy libraries only when asked for

    council, equals, amount = text.rpartition("=")
    if not (equals and council.strip()):
        raise LayerError(
            "--floor cannot be read.",
            expected="a council and the least that is spent there, such as Dorset=1m",
            found=text,
            next_step="write it like this",
        )
    return council.strip(), pounds_of(amount, option="--floor")
