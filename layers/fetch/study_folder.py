"""The study file of what was fetched: the layers, the figures they allow, and a word on each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers.catalogue import Release
from layers.errors import LayerError
from layers.fetch.plan import Item
from layers.fetch.selection import Selection
from layers.geography import newest_of
from layers.intake.files import names_of
from layers.kinds import KINDS
from layers.ledger import MONTHS

FILES = "files"
"""The folder beside the study file that holds what was fetched."""
CURRENT = "the current one"
"""What the catalogue says of products that have no release of their own name."""
NEEDED_BY: Mapping[str, Sequence[frozenset[str]]] = {
    "income_employment_2025": (frozenset({"iod-2025-file-7"}),),
    "disabled_residents": (frozenset({"census-2021-ts038"}),),
    "deprived_households": (frozenset({"census-2021-ts011"}),),
    "connectivity": (frozenset({"iod-2025-file-8"}), frozenset({"connectivity-2025"})),
    "library": (frozenset({"libraries-2023", "code-point-open"}),),
}
"""Each indicator, and the releases it can be made from: all of one set."""


@dataclass(frozen=True, slots=True)
class Part:
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


def without_their_need(parts: Sequence[Part]) -> dict[str, Part]:
    """List, by title, the files that cannot be used because one they need is not there."""
    kinds = {part.item.release.kind for part in parts}
    return {part.item.release.title: part for part in parts if not set(KINDS[part.item.release.kind].needs) <= kinds}


def indicators_of(parts: Sequence[Part]) -> list[str]:
    """List the indicators that the fetched files allow."""
    there = {part.item.release.key for part in parts}
    return [name for name, ways in NEEDED_BY.items() if any(way <= there for way in ways)]


def study_text(
    selection: Selection, parts: Sequence[Part], *, command: str, missing: Mapping[str, str], data: str = FILES
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


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """Put files of one layer together: the census tables, the regions of a release."""
    groups: dict[tuple[str, str | None], list[Part]] = {}
    for part in parts:
        kind = part.item.release.kind
        groups.setdefault((kind, part.item.release.name if KINDS[kind].named else None), []).append(part)
    return list(groups.values())


def _layer(group: Sequence[Part]) -> list[str]:
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


def _edition(part: Part) -> str:
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
