"""The folder of a fetched study: study file, lock file and `files`; replaced whole, and never over a person's work."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.catalogue import Release, releases
from layers.errors import LayerError, OutputError, examples, visible
from layers.fetch import lock as locks
from layers.fetch.cache import FULL
from layers.fetch.lock import Lock, LockEntry
from layers.fetch.plan import Item
from layers.fetch.selection import Selection
from layers.geography import newest_of
from layers.intake.files import names_of, sha256
from layers.kinds import KINDS
from layers.ledger import MONTHS
from layers.staging import STUDY, check_output, staged
from layers.study import read_study

FILES = "files"
"""The folder beside the study file that holds what was fetched."""
CURRENT = "the current one"
"""What the catalogue says of products that have no release of their own name."""


@dataclass(frozen=True, slots=True)
class FetchedPart:
    """One fetched file as the study file names it: with the file of a zip that is read, and the month it came."""

    item: Item
    member: str | None
    fetched: str


def member_in(path: Path, entry: Release) -> str | None:
    """Find which of a release's patterns the file in a zip goes by.

    Raises
    ------
    LayerError
        When none fits: the publisher has packed it in another way.
    """
    if not entry.members:
        return None
    for pattern in entry.members:
        try:
            found = names_of(path, member=pattern)
        except LayerError:
            continue
        if len(found) > 1:
            return pattern
    raise LayerError(
        "The archive does not hold what it should.",
        file=path.name,
        expected=" or ".join(f"“{pattern}”" for pattern in entry.members),
        found="another order of files",
        next_step="the publisher has packed it in another way: name the file inside in the study file (`member`)",
    )


def without_their_need(parts: Sequence[FetchedPart]) -> dict[str, FetchedPart]:
    """List, by title, the files that cannot be used because one they need is not there."""
    kinds = {part.item.release.kind for part in parts}
    return {part.item.release.title: part for part in parts if not set(KINDS[part.item.release.kind].needs) <= kinds}


def indicators_of(parts: Sequence[FetchedPart]) -> list[str]:
    """List the indicators that the fetched files allow."""
    alone = without_their_need(parts).values()
    usable = {part.item.release.key for part in parts if part not in alone}
    return list(dict.fromkeys(name for entry in releases() if entry.key in usable for name in entry.indicators))


def study_text(
    selection: Selection, parts: Sequence[FetchedPart], *, command: str, missing: Mapping[str, str], data: str = FILES
) -> str:
    """Write the study file.

    Parameters
    ----------
    selection
        The districts.
    parts
        What was fetched and is read, in the order it is to be written.
    command
        The command that made it, for its first lines.
    missing
        Titles of what could not be had, and why.
    data
        The folder of the files, beside the study file.

    Raises
    ------
    LayerError
        When nothing that measures need or alternatives is among them: there would be nothing to score by.
    """
    indicators = indicators_of(parts)
    if not indicators:
        raise LayerError(
            "None of the files that measure need or alternatives could be had, so no study can be built.",
            expected="at least the census, or the Indices of Deprivation",
            found="; ".join(missing) or "none",
            next_step="run the same command again later; what has arrived is kept",
        )
    lines = [
        "# A study of published small-area figures. docs/study-file.md explains each key.",
        f"# Made by: {_comment(command)}",
        "# study.lock.json says where each file came from and what it must be. You may change this file: a later fetch",
        "# then leaves it alone, and says so.",
        f"name = {_quoted(selection.name)}",
        f"geography = {_quoted(newest_of(selection.nation).key)}",
        f"data = {_quoted(data)}",
        "districts = [",
        *(f"    {_quoted(code)}, # {_comment(name)}" for code, name in selection.districts.items()),
        "]",
        "# Which figures make up need and “no alternative nearby”; the broadband ones are always there.",
        f"indicators = [{', '.join(map(_quoted, indicators))}]",
        "",
        "[switches]",
        "fwa = true # count fixed wireless as a way to be connected",
        "mobile = false # count indoor 4G too; published by council only, so it cannot tell areas apart",
    ]
    for group in _groups(parts):
        lines += ["", *_layer(group)]
    for title, why in sorted(missing.items()):
        lines += ["", f"# Left out, as it could not be had: {_comment(title)} ({_comment(why)})"]
    return "\n".join(lines) + "\n"


def _groups(parts: Sequence[FetchedPart]) -> list[list[FetchedPart]]:
    """Put files of one layer together: the census tables, the regions of a release."""
    groups: dict[tuple[str, str | None], list[FetchedPart]] = {}
    for part in parts:
        kind = part.item.release.kind
        groups.setdefault((kind, part.item.release.name if KINDS[kind].named else None), []).append(part)
    return list(groups.values())


def _layer(group: Sequence[FetchedPart]) -> list[str]:
    first = group[0]
    entry = first.item.release
    files = sorted({part.item.address.file_name for part in group})
    titles = list(dict.fromkeys(f"{part.item.release.title} ({part.item.release.source.publisher})" for part in group))
    lines = [f"# {_comment(title)}" for title in titles]
    lines += ["[[layer]]", f"kind = {_quoted(entry.kind)}"]
    if KINDS[entry.kind].named:
        lines.append(f"name = {_quoted(entry.name or entry.kind)}")
    if len(files) == 1:
        lines.append(f"file = {_quoted(files[0])}")
    else:
        lines += ["file = [", *(f"    {_quoted(file)}," for file in files), "]"]
    if first.member is not None:
        lines.append(f"member = {_quoted(first.member)}")
    lines.append(f"release = {_quoted(_edition(first))}")
    return lines


def _edition(part: FetchedPart) -> str:
    """Say which release a file is; a product that is always the current one is called by the month it was fetched."""
    words = part.item.release.release
    if words != CURRENT:
        return words
    year, month = part.fetched[:4], int(part.fetched[5:7])
    return f"fetched in {MONTHS[month - 1]} {year}"


def _quoted(text: str) -> str:
    """Write text as TOML does: quoted, with JSON's escapes."""
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    """Keep text on the one line of a comment."""
    return "".join(c if c.isprintable() else " " for c in text)


STUDY_FILE, EDITED = "study.toml", "study.edited.toml"
OURS = frozenset({STUDY_FILE, EDITED, locks.NAME, FILES, ".DS_Store", "Thumbs.db", "desktop.ini"})
"""What a study's folder may hold; with anything else in it, it is not replaced."""


def before(out: Path) -> Lock:
    """Read what an earlier fetch left in a folder, and refuse the folder if it is not ours; call it before any work.

    Raises
    ------
    LayerError
        When it holds other things, is not one of ours, or its lock cannot be read.
    """
    locks.read_lock(out)  # a broken lock is said as such, not as a folder of someone else's
    check_output(out, mark=STUDY)
    others = sorted(entry.name for entry in out.iterdir() if entry.name not in OURS) if out.is_dir() else []
    if others:
        raise OutputError(
            "The study's folder holds other things too, which a new fetch would take away.",
            file=out,
            expected=f"{STUDY_FILE}, {locks.NAME} and {FILES} alone",
            found=examples(others),
            next_step="move them elsewhere, or name another folder with --out",
        )
    return locks.read_lock(out)


def refuse_other_study(out: Path, lock: Lock, *, wanted: Mapping[str, Any]) -> None:
    """Refuse to replace a study of other places, another release or other kinds, unless an update is asked for."""
    differ = [key for key in wanted if lock.request and lock.request.get(key) != wanted[key]]
    if differ:
        was, now = (_said(side.get(differ[0])) for side in (lock.request, wanted))
        raise OutputError(
            "The folder holds another study than the one you ask for.",
            file=out,
            column=differ[0],
            expected=f"the same: {was}",
            found=now,
            next_step="name another folder with --out, or replace this study with --update",
        )


def refuse_loss(out: Path, before: Lock, lock: Lock) -> None:
    """Refuse to write a study without a file that it has, unless an update is asked for: its pin would be lost."""
    lost = [name for name in before.files if name not in lock.files]
    if lost:
        gone = [before.files[name].title for name in lost]
        why = next((lock.missing[title] for title in gone if title in lock.missing), "")
        raise OutputError(
            "The study would lose files that it has; it is left as it was.",
            file=out,
            expected=f"every file of its {locks.NAME}",
            found=f"without {examples(lost)}" + (f" ({why})" if why else ""),
            next_step="see what changes and take it with: fetch --update; or name another folder with --out",
        )


def refuse_edited(out: Path, lock: Lock, *, study: str) -> None:
    """Refuse to replace a study file that a person has changed, and say what differs.

    Parameters
    ----------
    study
        The study file that would be written.
    """
    path = out / STUDY_FILE
    if not locks.is_edited(out, lock) or not path.is_file():
        return
    theirs = path.read_text(encoding="utf-8", errors="replace").splitlines()
    lines = difflib.unified_diff(study.splitlines(), theirs, lineterm="", n=0)
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    raise OutputError(
        "You have changed the study file, and the fetch would write another one; yours is kept.",
        file=path,
        rows=f"{len(changed):,} lines differ: {examples(visible(line) for line in changed)}",
        expected="the study file as it was fetched",
        found="a changed one",
        next_step=f"name another folder with --out; or use --update, which keeps yours as {EDITED}",
    )


def is_same(out: Path, *, study: str, lock: Lock) -> bool:
    """Tell whether the folder already holds exactly this."""
    held = {STUDY_FILE: study, locks.NAME: lock.text()}
    whole = all((out / name).is_file() and (out / name).read_bytes() == text.encode() for name, text in held.items())
    return whole and all(_has(out / FILES / name, entry) for name, entry in lock.files.items())


def write_folder(out: Path, *, study: str, lock: Lock, files: Mapping[str, Path], before: Lock) -> None:
    """Write the folder whole, then let it take its place.

    Parameters
    ----------
    files
        Name → where the file is now; it is linked where the disk can, else copied.
    before
        The lock of the folder that is replaced; a study file changed since then is kept beside the new one.

    Raises
    ------
    OutputError
        When the disk refuses; what was there before is still there.
    """
    kept = [EDITED] if (out / EDITED).is_file() else []
    edited = locks.is_edited(out, before) and (out / STUDY_FILE).is_file()
    with staged(out, mark=STUDY) as folder, _writing(out):
        (folder / FILES).mkdir()
        for name, path in sorted(files.items()):
            _place(path, folder / FILES / name)
        for name in kept:
            shutil.copyfile(out / name, folder / name)
        if edited:
            shutil.copyfile(out / STUDY_FILE, folder / EDITED)
        (folder / STUDY_FILE).write_bytes(study.encode())
        (folder / locks.NAME).write_bytes(lock.text().encode())
        read_study(folder / STUDY_FILE)  # what we write must be what we read


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Turn what the disk of the study refuses into a message."""
    try:
        yield
    except OSError as error:
        full = error.errno in FULL
        raise OutputError(
            f"The {'disk is full' if full else 'study could not be written'}; what was there before is still there.",
            file=out,
            expected="a disk with room for a copy of the files, and permission to write",
            found=error.strerror or str(error),
            next_step="free some room there, or name a folder on another disk with --out; what was fetched is kept",
        ) from error


def _place(source: Path, target: Path) -> None:
    """Give a file a second name, or a copy where the disk has no second names; never a link that can break."""
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file system without hard links
        shutil.copyfile(source, target)


def _has(path: Path, entry: LockEntry) -> bool:
    return path.is_file() and path.stat().st_size == entry.size and sha256(path) == entry.sha256


def _said(value: object) -> str:
    return examples(value) if isinstance(value, list) and value else visible(str(value or "none"))
