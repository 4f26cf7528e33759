"""`postcode`: two letters for one postcode, what they rest on, and who must act; what is typed is never logged."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectivity.commands import terminal
from layers.errors import LayerError, visible

if TYPE_CHECKING:
    from connectivity.postcode.answer import PostcodeAnswer

WIDEST = 88
"""Characters of a line (assumption: longer ones are hard to read)."""
MENDABLE = 2
BUILD, STUDY = "NOTSPOT_BUILD", "NOTSPOT_STUDY"
EXAMPLE = "From the embedded example, not from a study of yours: add --build FOLDER."
"""What stands first when no study was named, so that nobody takes the example for a study of theirs."""


def postcode(
    words: Annotated[list[str], typer.Argument(metavar="POSTCODE", help="In one word or two: DT2 7AB.")],
    *,
    build: Annotated[
        Path | None,
        typer.Option("--build", help="Folder that `build` wrote; else the embedded example. Also NOTSPOT_BUILD."),
    ] = None,
    study: Annotated[
        Path | None,
        typer.Option("--study", help="Study file or its folder, built first if need be. Also NOTSPOT_STUDY."),
    ] = None,
    data: Annotated[Path | None, typer.Option(envvar="NOTSPOT_DATA", help="Folder of the layers' files.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Say what broadband a postcode has for home working and online services: two letters, A to G, and why."""
    from connectivity.claims.about_postcodes import answer_record, said_instead  # noqa: PLC0415  # heavy libraries: only at work
    from connectivity.postcode.answer import look_up  # noqa: PLC0415  # same
    from connectivity.postcode.postcode_tables import open_files  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    if study is not None and build is not None:
        raise LayerError(
            "Both a build and a study are named; an answer comes from one.",
            expected="--build or --study",
            found=f"--build {build} and --study {study}",
            next_step="leave one of the two out",
        )
    if study is None and build is None:  # what is asked for on the command line wins over the environment
        build, study = (Path(named) if (named := os.environ.get(name)) else None for name in (BUILD, STUDY))
    example = build is None and study is None
    folder = build or _built(study, data=data, quiet=quiet, verbose=verbose)
    answer = look_up(" ".join(words), files=open_files(folder))
    other = None if answer.kind == "found" else said_instead(answer)
    if as_json:
        said = [other.title, *other.lines] if other else []
        content = {"embedded_example": example, **answer_record(answer, said=said)}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        words = [line for words in (other.title, *other.lines) for line in _wrapped(words)] if other else _lines(answer)
        first = [
            *(_wrapped(EXAMPLE) if example else []),
            *(_wrapped(notice) if (notice := answer.basis.notice) else []),
        ]
        typer.echo("\n".join([*first, *words]))
    if answer.mendable:
        raise typer.Exit(MENDABLE)


def _built(study: Path | None, *, data: Path | None, quiet: bool, verbose: bool) -> Path:
    """Give the folder of a study's build, as the app does, making it first where there is none."""
    from connectivity.fingerprints import REPOSITORY, default_output  # noqa: PLC0415  # heavy, and not always needed
    from connectivity.postcode.postcode_tables import POSTCODES  # noqa: PLC0415  # same
    from layers.study import read_study  # noqa: PLC0415  # same

    path = study or REPOSITORY / "data" / "demo" / "study.toml"
    folder = default_output(path, data=data)
    if (folder / POSTCODES).exists() or read_study(path, data=data).layer("postcodes") is None:
        return folder
    from connectivity.build import build as run  # noqa: PLC0415  # same

    with terminal.progress(quiet=quiet, verbose=verbose) as tell:
        run(read_study(path, data=data), out=folder, progress=tell)
    return folder


def _lines(answer: PostcodeAnswer) -> list[str]:
    """Lay an answer out for a terminal: a heading, then each part with its sentences indented."""
    from connectivity.claims.about_postcodes import answer_parts  # noqa: PLC0415  # heavy, and not always needed

    here, basis = answer.here, answer.basis
    place = f"{here.area_name}, {here.district_name}" if here else ""
    laid = [*_wrapped(f"{answer.postcode}: {place}"), *_wrapped(f"{basis.study}. Ofcom, {basis.release}.")]
    for part in answer_parts(answer):
        laid += ["", *_wrapped(part.title)]
        laid += [line for words in part.lines for line in _wrapped(words, indent="  ")]
    return laid


def _wrapped(words: str, *, indent: str = "") -> list[str]:
    width = min(WIDEST, shutil.get_terminal_size().columns)
    return textwrap.wrap(visible(words), width, initial_indent=indent, subsequent_indent=indent) or [""]
