"""How many forgeries of a pack are found: single values altered in every file, hashed again or not, and forged briefs.

    python -m benchmarks.forging --build DIR --place Dorset

An alteration that is not hashed again must differ from the record. One that is, and a brief that was set anew with
another figure and hashed again, agree with the record: only reckoning and making everything again finds them.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from benchmarks import tampering
from connectivity.evidence import verification
from connectivity.evidence.pack_archive import PROVENANCE, STUDY, read_pack, zipped
from connectivity.evidence.pack_content import PackContent, PersonsPart, WorstPlace
from connectivity.evidence.pack_parts import FileMaker, PackSource
from connectivity.evidence.pack_pdf import brief_files
from connectivity.evidence.pack_places import pack_subject, read_build_for_pack
from connectivity.evidence.packing import MAKERS, PackOrder, make_pack, study_files, words_of
from connectivity.evidence.provenance import read_provenance, study_digest, unlike_record

DIGIT = re.compile(r"[0-9]")
ON_THE_BRIEF = ("headline", "beneath", "asks", "sure", "worst", "worst_note", "press")
"""What page one has figures in."""


def remembered(made: Callable[..., Any], *, by: Callable[..., str]) -> Callable[..., Any]:
    """Do the same work once: of a pack whose study was not touched, the same is made again."""
    known: dict[str, Any] = {}

    def once(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        key = by(*given, **named)
        if key not in known:
            known[key] = made(*given, **named)
        return known[key]

    return once


def folder_digest(folder: Path) -> str:
    """Give one hash of a folder's files."""
    return study_digest({path.name: path.read_bytes() for path in folder.iterdir()})


def what_is_made(source: PackSource, *, makers: Sequence[FileMaker] = MAKERS) -> str:
    """Name what some makers make of a study: its fingerprint is among the words, with all that was ordered."""
    return f"{source.content.checks} {[maker.__name__ for maker in makers]}"


def forged(content: PackContent, *, chance: random.Random) -> PackContent:
    """Change one digit of one figure of page one."""
    while True:
        name = chance.choice(ON_THE_BRIEF)
        value = getattr(content, name)
        if isinstance(value, tuple) and value:
            place = chance.randrange(len(value))
            new = _row(value[place], chance) if isinstance(value[place], WorstPlace) else _digit(value[place], chance)
            changed: Any = (*value[:place], new, *value[place + 1 :])
        elif isinstance(value, tuple):
            continue
        elif hasattr(value, "marked"):
            changed = type(value)(_digit(value.marked, chance), value.rest, before=value.before)
        else:
            changed = _digit(value, chance)
        if str(changed) != str(value):
            return replace(content, **{name: changed})


def _row(row: WorstPlace, chance: random.Random) -> WorstPlace:
    texts = [
        field.name for field in fields(row) if DIGIT.search(str(getattr(row, field.name))) and field.name != "code"
    ]
    name = chance.choice([one for one in texts if isinstance(getattr(row, one), str)])
    return replace(row, **{name: _digit(getattr(row, name), chance)})


def _digit(text: str, chance: random.Random) -> str:
    places = [match.start() for match in DIGIT.finditer(text)]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + tampering.other(text[place], chance) + text[place + 1 :]


def found_by_verifying(files: Mapping[str, bytes], *, folder: Path) -> bool:
    """Say whether a pack that agrees with its record is found not to be what it says."""
    path = folder / "pack.zip"
    path.write_bytes(zipped(files, date="2026-01-01"))
    found = verification.verify_pack(path)
    if found.intact:
        raise AssertionError(f"it should agree with its record: {found.intact}")
    return not found.confirmed


def main(arguments: Sequence[str] | None = None) -> int:
    """Forge, count what is found, and print it; 1 where anything is not."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--place", default="study")
    parser.add_argument("--number", type=int, default=200, help="of alterations of each kind; half as many briefs")
    parser.add_argument("--seed", type=int, default=14)
    given = parser.parse_args(arguments)
    chance = random.Random(given.seed)  # noqa: S311 - no secret
    build = read_build_for_pack(given.build)
    order = PackOrder(pack_subject([given.place], build=build, folder=given.build), "board", PersonsPart())
    study = study_files(given.build, order=order)
    verification.recomputed = remembered(verification.recomputed, by=folder_digest)  # type: ignore[assignment]
    by_study = remembered(verification.documents, by=what_is_made)
    verification.documents = lambda source, **named: dict(by_study(source, **named))  # type: ignore[assignment]
    started, missed = time.process_time(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "whole.zip").write_bytes(make_pack(given.build, order=order, read=build))
        files = read_pack(folder / "whole.zip")
        if found_by_verifying(files, folder=folder):
            raise SystemExit("an untouched pack is not confirmed")
        listed = sorted(files.keys() - {PROVENANCE})
        plain = 0
        for turn in range(given.number):
            touched, said = tampering.altered(files, [*listed, PROVENANCE][turn % (len(listed) + 1)], chance=chance)
            try:
                caught = bool(unlike_record(touched, read_provenance(touched)))
            except verification.CANNOT_READ:
                caught = True
            plain += caught
            missed += [] if caught else [said]
        again = 0
        for turn in range(given.number):
            touched, said = tampering.altered(files, listed[turn % len(listed)], chance=chance)
            caught = found_by_verifying(tampering.hashed_again(touched), folder=folder)
            again += caught
            missed += [] if caught else [f"hashed again: {said}"]
        content = words_of(study, build=build, folder=given.build, order=order)
        briefs: list[bool] = []
        while len(briefs) < given.number // 2:
            brief = brief_files(PackSource(build, given.build, forged(content, chance=chance)))
            if any(files[one] != new for one, new in brief.items()):  # not all words of page one are on every brief
                briefs.append(found_by_verifying(tampering.hashed_again({**files, **brief}), folder=folder))
    inside = sum(one.startswith(STUDY) for one in listed)
    print(f"files: {len(listed) + 1}, of them {inside} of the study")
    print(f"altered, found by hash: {plain} of {given.number}")
    print(f"altered and hashed again, found by making all again: {again} of {given.number}")
    print(f"briefs forged and hashed again, found: {sum(briefs)} of {len(briefs)}")
    print(f"processor time: {time.process_time() - started:.0f} s", *missed, sep="\n")
    return int((plain, again, sum(briefs)) != (given.number, given.number, given.number // 2))


if __name__ == "__main__":
    raise SystemExit(main())
