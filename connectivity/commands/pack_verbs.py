"""`pack`, from a build and places to one zip of evidence; `verify`, from the zip back to the figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from connectivity.commands import terminal
from layers.errors import command_line, several, visible

if TYPE_CHECKING:
    from connectivity.evidence.verification import PackCheck, Verification

DIFFERENT = 2
"""Exit code of a pack that is not what it says: a reader has to see it."""


def run_pack(  # noqa: PLR0913  # one parameter for each option of the command
    build: Annotated[Path, typer.Argument(help="Folder that `build` wrote.")],
    place: Annotated[
        list[str],
        typer.Option(
            help="A council, ward, town, codes of small areas, or “study”; give it again for several jointly."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The zip to write: new, or an earlier pack.")],
    reader: Annotated[
        Literal["board", "committee", "minister", "press"], typer.Option("--for", help="Whom it is for.")
    ] = "board",
    *,
    organisation: Annotated[str, typer.Option(help="Who submits it.")] = "",
    standing: Annotated[str, typer.Option(help="On what standing they write.")] = "",
    recommendation: Annotated[str, typer.Option(help="What they ask to be decided.")] = "",
    contact: Annotated[str, typer.Option(help="Where questions go.")] = "",
    decide_by: Annotated[str, typer.Option(help="By when a decision is asked for.")] = "",
    expires: Annotated[str, typer.Option(help="Until when it may be used.")] = "",
    analyst: Annotated[str, typer.Option(help="Who made it.")] = "",
    checked_by: Annotated[str, typer.Option(help="Who checked it.")] = "",
    sign_key: Annotated[
        Path | None, typer.Option(help="An SSH key (Ed25519, without a password) to sign the record with.")
    ] = None,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Write a pack of evidence on places: documents, tables, maps, and what anyone needs to check them."""
    from connectivity.evidence.pack_archive import check_pack_place, write_pack  # noqa: PLC0415  # heavy libraries
    from connectivity.evidence.pack_content import PersonsPart  # noqa: PLC0415  # same
    from connectivity.evidence.pack_places import pack_subject, read_build_for_pack  # noqa: PLC0415  # same
    from connectivity.evidence.packing import PackOrder, make_pack  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    check_pack_place(out)
    read = read_build_for_pack(build)
    subject = pack_subject(place, build=read, folder=build)
    person = PersonsPart(
        organisation=organisation,
        standing=standing,
        recommendation=recommendation,
        contact=contact,
        decided_by=decide_by,
        expires=expires,
        analyst=analyst,
        checked_by=checked_by,
    )
    with terminal.progress(quiet=quiet, verbose=verbose) as tell:
        made = make_pack(build, order=PackOrder(subject, reader, person), read=read, key=sign_key, tell=tell)
        write_pack(made, out=out)
    typer.echo(visible(f"{subject.title}: a pack for the {reader}, {len(made) / 1_000_000:.1f} MB. Written to {out}"))
    if not quiet:
        typer.echo("Check it:")
        typer.echo(visible(f"  {command_line('verify', out)}"))


def verify(
    pack: Annotated[Path, typer.Argument(help="The zip that `pack` wrote.")],
    *,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the study's source files, to hash them against the manifest.")
    ] = None,
    signers: Annotated[
        Path | None, typer.Option(help="Keys you trust, in the format of OpenSSH's allowed_signers.")
    ] = None,
    claims: Annotated[bool, typer.Option("--claims", help="List every claim, not only those that differ.")] = False,
    quiet: terminal.Quiet = False,
    verbose: terminal.Verbose = False,
) -> None:
    """Check a pack: whether it is intact, whether its figures follow from its evidence, and who signed it."""
    from connectivity.evidence.signing import read_signers  # noqa: PLC0415  # heavy libraries only when asked for
    from connectivity.evidence.verification import verify_pack  # noqa: PLC0415  # same

    terminal.start_log(verbose=verbose)
    known = None if signers is None else read_signers(signers)
    with terminal.progress(quiet=quiet, verbose=verbose) as tell:
        found = verify_pack(pack, data=data, signers=known, tell=tell)
    for line in verification_lines(found, claims=claims, brief=quiet):
        typer.echo(visible(line))
    if not found.confirmed:
        raise typer.Exit(DIFFERENT)


def verification_lines(found: Verification, *, claims: bool = False, brief: bool = False) -> list[str]:
    """Say what was found about a pack, a line each: the three words first, then what does not agree.

    Parameters
    ----------
    found
        From :func:`connectivity.evidence.verification.verify_pack`.
    claims
        Whether to list every claim.
    brief
        Whether to say the three words alone.
    """
    lines = [found.title, "", *_three_words(found)]
    if brief:
        return lines[2:]
    lines += [f"  {fault}" for fault in found.intact]
    lines += _listed("Figures", found.figures, all_of_them=True)
    lines += _listed("Claims", found.claims, all_of_them=claims)
    lines += _listed("Files made again", found.documents, all_of_them=True)
    lines += _listed("Source files", found.sources, all_of_them=True)
    return [*lines, "", *found.unfound]


def _three_words(found: Verification) -> list[str]:
    intact = "no" if found.intact else f"yes: {found.files} files are as the record lists them"
    good = sum(one.good for one in found.claims)
    rounded = sum(one.verdict == "confirmed within rounding" for one in found.checks)
    said = f"{good:,} of {several(len(found.claims), 'claim')} confirmed"
    said += f", {several(rounded, 'check')} within rounding" if rounded else ""
    wrong, left = len(found.differing), len(found.unchecked)
    if wrong:
        again = f"no: {several(wrong, 'check differs', 'checks differ')}; {said}"
    elif found.recomputed:
        again = f"yes: {said}"
    else:
        again = f"in part: {several(left, 'file or claim', 'files or claims')} cannot be checked here; {said}"
    return [f"Intact:     {intact}", f"Recomputed: {again}", f"Signed by:  {_signed(found)}"]


def _signed(found: Verification) -> str:
    signature = found.signature
    if signature is None:
        return "nobody" + ("; you asked for a key on your list" if found.trust_asked else "")
    if not signature.valid:
        return f"no one: the signature is false; {signature.why}"
    if signature.signer:
        return f"{signature.signer} (on your list), key {signature.key}"
    return f"the key {signature.key}, which you have no reason to trust: {signature.why}"


def _listed(title: str, checks: tuple[PackCheck, ...], *, all_of_them: bool) -> list[str]:
    shown = [one for one in checks if all_of_them or not one.good]
    if not checks:
        return []
    some = "" if len(shown) == len(checks) else f"; {len(checks) - len(shown):,} confirmed are listed by --claims"
    lines = [f"  {one.verdict}: {one.name}{f': {one.said}' if one.said else ''}" for one in shown]
    return ["", f"{title} ({len(checks):,}{some})", *lines]
