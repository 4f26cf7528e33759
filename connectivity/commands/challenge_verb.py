"""`challenge`, from answers about single premises to their faults, and to what of them may leave the building."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectivity.commands import terminal
from layers.errors import LayerError, command_line, visible

if TYPE_CHECKING:
    from connectivity.evidence.challenge import Fault

LISTED = 20
"""Faults that are named on the terminal; all are in the file."""
FAULTY = 2
"""Exit code of a challenge that has faults: whoever hands it in has to mend them."""


def challenge(
    responses: Annotated[
        Path | None, typer.Argument(help="The answers: CSV, XLSX or ODS, one provider a file.")
    ] = None,
    *,
    template: Annotated[Path | None, typer.Option(help="Write the empty form there, with what belongs in it.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for faults and groups: new, or an earlier one.")
    ] = None,
    build: Annotated[Path | None, typer.Option(help="A build whose published figures are to stand beside.")] = None,
    date: Annotated[str | None, typer.Option(help="Day on which it is handed in, YYYY-MM-DD; default: today.")] = None,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Check a challenge to what is said of single premises, row by row; nothing personal is written anywhere."""
    from connectivity.claims.about_challenges import rows_checked  # noqa: PLC0415  # heavy libraries
    from connectivity.evidence.challenge import empty_form, group_rows, read_challenge, write_challenge  # noqa: PLC0415

    terminal.start_log(verbose=verbose)
    if template is not None:
        _write_form(template, empty_form())
        typer.echo(visible(f"The empty form was written to {template}; remove its second line, which explains it."))
    if responses is None and template is not None:
        return
    if responses is None:
        raise LayerError(
            "No answers were named.",
            expected="a file of answers, or --template for the empty form",
            found="neither",
            next_step=f"run: {command_line('challenge', '--template', 'responses.csv')}",
        )
    day = _day(date)
    found = read_challenge(responses, date=day, build=build)
    if not quiet:
        _tell_faults(found.faults)
    if out is not None:
        write_challenge(found, out=out, date=day)
    wrong = len({fault.line for fault in found.faults})
    typer.echo(visible(rows_checked(found.rows, wrong=wrong, provider=found.provider)))
    if not quiet:
        for row in group_rows(found):
            typer.echo(visible(", ".join(map(str, row))))
    if out is not None:
        typer.echo(visible(f"Written to {out}"))
    if found.faults:
        raise typer.Exit(FAULTY)


def _tell_faults(faults: Sequence[Fault]) -> None:
    from connectivity.claims.about_challenges import faults_left  # noqa: PLC0415  # heavy libraries

    for fault in faults[:LISTED]:
        terminal.remark(f"line {fault.line}, {fault.column}: {fault.what}")
    if len(faults) > LISTED:
        terminal.remark(faults_left(len(faults) - LISTED))


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise LayerError(
            "The day is not understood.",
            expected="a day such as 2026-11-30",
            found=text,
            next_step="write it with --date as year, month and day",
        ) from error


def _write_form(place: Path, form: str) -> None:
    if place.exists():
        raise LayerError(
            "The form would take the place of a file; nothing was written.",
            file=place,
            expected="no such file yet",
            found="a file or folder",
            next_step="name another file with --template",
        )
    place.write_bytes(b"\xef\xbb\xbf" + form.encode())
