"""Names beside codes: a small area's code in a sentence is never left bare."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import pandas as pd

from connectivity.claims import about_quality
from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.quality.notice import QUALITY
from layers.figures import Figure
from layers.kinds import AGES, KINDS, AgeLimit
from layers.ledger import SourceUse
from layers.revisions import CORRECTIONS, ISSUE_RULE, STATES, about_reissue, dates_of, months_since

T = TypeVar("T")
CODE = re.compile(r"\b[EWSN]\d{8}\b(?!\.\w)")
"""A code of the Office for National Statistics, unless it begins a file's name."""


def with_names(said: T, *, names: Mapping[str, str] | pd.Series) -> T:
    """Put the place's name before each code in a sentence, and in lists and tables of sentences, however deep.

    Parameters
    ----------
    said
        A sentence, or anything that JSON can hold.
    names
        Code → name, as a mapping or a series; a code that is not among them stays as it is.

    Examples
    --------
    >>> with_names({"words": "2 lack one (such as E01000001).", "rows": 2}, names={"E01000001": "Bere Regis, part 1"})
    {'words': '2 lack one (such as Bere Regis, part 1, E01000001).', 'rows': 2}
    """
    named: object = said
    if isinstance(said, str):
        named = CODE.sub(lambda found: f"{names[found[0]]}, {found[0]}" if found[0] in names else found[0], said)
    elif isinstance(said, Mapping):
        named = {key: with_names(value, names=names) for key, value in said.items()}
    elif isinstance(said, list):
        named = [with_names(one, names=names) for one in said]
    return named  # type: ignore[return-value]  # the kind of thing that came in goes out


# A light never stands alone: it has a word, a shape and its reasons. Green says that nothing was found, never that all
# is right: a check can only find what it looks for.


Colour = Literal["green", "amber", "red"]
WORDS: dict[Colour, str] = {
    "green": "No fault found by these checks",
    "amber": "Usable, read the notes",
    "red": "Do not publish from this",
}
SHAPES: dict[Colour, str] = {"green": "●", "amber": "▲", "red": "■"}
"""Circle, triangle, square: told apart without colour."""
NAMES: dict[Colour, str] = {"green": "Green", "amber": "Amber", "red": "Red"}
_ORDER: tuple[Colour, ...] = ("green", "amber", "red")

MANY = Figure(
    0.2,
    "share of rows",
    "from which on too much is missing to publish",
    "assumption, as for unknown premises (method §3)",
)


def limit_of(kind: str) -> AgeLimit:
    """Give the rule of age for a kind of layer."""
    return KINDS[kind].age or AgeLimit("No limit is set for this layer.")


def light(findings: Iterable[tuple[Colour, str]]) -> dict[str, Any]:
    """Make one light of what was found: the worst of it, and every reason, the worst first.

    >>> light([("amber", "One row is not used."), ("red", "It is 13 years old.")])["words"]
    'Do not publish from this'
    >>> light([])
    {'colour': 'green', 'words': 'No fault found by these checks', 'reasons': []}
    """
    found = sorted(dict.fromkeys(findings), key=lambda one: -_ORDER.index(one[0]))
    colour: Colour = found[0][0] if found else "green"
    reasons = [{"colour": shade, "words": words} for shade, words in found]
    return {"colour": colour, "words": WORDS[colour], "reasons": reasons}


def missing(count: int, *, of: int, words: str) -> list[tuple[Colour, str]]:
    """Judge what is missing of a whole: nothing when nothing is, amber for some, red from a fifth on."""
    if not count:
        return []
    return [("red" if of and count / of >= MANY.value else "amber", words)]


def light_rules() -> list[str]:
    """Say in plain words how the lights are set; the report prints them."""
    amber = (
        "A rule was broken and the row kept. A row was not matched. A shape or a unit was put right. A place lacks a "
        "figure or a score. Of some councils only one figure is known. The speed of some premises is not known. A "
        "release is old, or not stated. The publisher corrected the file, and which one was used is not known. A file "
        "is not the one that was fetched. A figure is modelled or used in place of another."
    )
    red = (
        f"{MANY.value:.0%} or more of a layer’s rows or places are missing or break a rule. A release is too old. A "
        "withdrawn file was used whose figures were wrong. Premises cannot be accounted for."
    )
    modelled = (
        "Modelled broadband is never green. How many premises a council has in each speed band is published. Where "
        "they are within the council is our estimate."
    )
    return [
        f"{NAMES['green']} means “{WORDS['green']}”. It never means that a figure is right.",
        f"{NAMES['amber']} means “{WORDS['amber']}”. Any of these sets it. {amber}",
        f"{NAMES['red']} means “{WORDS['red']}”. Any of these sets it. {red}",
        "Rows outside the study, closed places and rows without premises are not faults.",
        "The light of the build is the worst of its layers’ lights and of what is found about the whole.",
        modelled,
        "Age is counted to the day of the build, from the last day that the words of a release can mean.",
    ]


def figures() -> list[tuple[str, Figure]]:
    """Give every limit the lights rest on, with the light it sets."""
    pairs = [pair for limit in AGES.values() for pair in (("Amber", limit.amber), ("Red", limit.red))]
    ages = [(name, figure) for name, figure in pairs if figure]
    return [("Red", MANY), *ages]


Findings = list[tuple[Colour, str]]
ROUNDED = Figure(1, "premises", "each count of a sum of whole premises may be rounded by so much", "assumption")
UNSTATED = ("not stated", "release not stated")


def findings_of(
    layer: str,
    *,
    rows: Iterable[Mapping[str, Any]],
    checks: Iterable[Mapping[str, Any]],
    repaired: Iterable[Mapping[str, Any]],
    basis: Basis,
) -> Findings:
    """Find what of a layer was not used, broke a rule or was put right.

    Parameters
    ----------
    layer
        What it is called.
    rows, checks, repaired
        As the report has them.
    basis
        What every figure of the study rests on.
    """
    found: Findings = []
    for record in rows:
        for unused in record["unused"]:
            if not unused["harmless"]:
                claim = unused_claim(layer, record, unused, basis=basis)
                found += missing(unused["count"], of=int(claim.of), words=claim.say("plain"))
    for check in checks:
        if check["rule"].startswith(ISSUE_RULE):
            continue  # said among the corrections
        details = {"rule": check["rule"], "examples": tuple(check["examples"])}
        claim = rows_claim("quality.rule", layer, check["failing"], of=check["rows"], basis=basis, details=details)
        found += missing(check["failing"], of=check["rows"], words=claim.say("plain"))
    for repair in repaired:
        details = {"what": repair["what"], "examples": tuple(repair["examples"])}
        claim = rows_claim("quality.repaired", layer, repair["count"], of=math.nan, basis=basis, details=details)
        found.append(("amber", claim.say("plain")))
    return found


def unused_claim(layer: str, record: Mapping[str, Any], unused: Mapping[str, Any], *, basis: Basis) -> Claim:
    """Return the claim on how many rows of a file are not used, for one reason.

    Parameters
    ----------
    layer
        What it is called.
    record, unused
        What became of the rows of a file, and one kind of those not used, as the report has them.
    basis
        What every figure of the study rests on.
    """
    details = {name: unused[name] for name in ("why", "harmless")}
    details |= {"noun": record["noun"], "examples": tuple(unused["examples"])}
    matched = record["used"] + record["unmatched"]
    return rows_claim("quality.unused", layer, unused["count"], of=matched, basis=basis, details=details)


def excluded_claim(reason: Mapping[str, Any], *, of: int, basis: Basis) -> Claim:
    """Return the claim on how many places are not scored, for one reason.

    Parameters
    ----------
    reason
        As the report has it: ``reason``, ``count``, ``areas``.
    of
        How many places the study has.
    basis
        What every figure of the study rests on.
    """
    codes = tuple(str(area["code"]) for area in reason["areas"])
    return Claim.of_places(
        "quality.not_scored",
        basis.place,
        reason["count"],
        of=of,
        basis=basis,
        details={"why": reason["reason"]},
        provenance=Provenance(column="status", areas=codes, decimals=0),
    )


def rows_claim(key: str, layer: str, count: int, *, of: float, basis: Basis, details: Mapping[str, Any]) -> Claim:
    """Return a claim on a number of a layer's rows."""
    found = Provenance(QUALITY, "layers", decimals=0)
    return Claim(key, layer, count, count, count, of, basis, unit="rows", details=details, provenance=found)


def age_of(files: Sequence[SourceUse], *, today: dt.date) -> dict[str, Any]:
    """Say how old a layer's release is on a day, and whether that is too old; the oldest of its files decides.

    Returns
    -------
    dict
        ``release`` (in words), ``from``, ``to`` (the first and last day it can mean; None when not stated),
        ``months`` (since the last), ``words``, ``rule``, ``findings``.
    """
    releases = list(dict.fromkeys(used.release for used in files))
    dated = {release: dates_of(release) for release in releases}
    limit = limit_of(files[0].kind)
    release = about_quality.releases_named(releases)
    undated = [name for name, days in dated.items() if days is None]
    ages = limit.amber is not None or limit.newest is not None
    known = [days for days in dated.values() if days]
    if undated or not known:
        said = "The release is not stated" if undated[0] in UNSTATED else f"“{undated[0]}” states no date"
        found: Findings = [("amber", f"{said}, so its age is not known.")] if ages else []
        return _age(release, None, None, "Its age is not known.", limit.why, found)
    start, end = min(known, key=lambda days: days[1])
    months = months_since(end, today=today)
    found = _too_old(limit, start, months)
    if start > today:
        found = [("amber", f"“{release}” lies after the day of the build. Check the release in the study file.")]
    return _age(release, (start, end), months, _old(start, end, months, today), limit.why, found)


def _age(
    release: str, days: tuple[dt.date, dt.date] | None, months: int | None, words: str, rule: str, findings: Findings
) -> dict[str, Any]:
    first, last = (day.isoformat() for day in days) if days else (None, None)
    return {
        "release": release,
        "from": first,
        "to": last,
        "months": months,
        "words": words,
        "rule": rule,
        "findings": findings,
    }


def _too_old(limit: AgeLimit, start: dt.date, months: int) -> Findings:
    if limit.newest is not None:
        if start.year >= limit.newest:
            return []
        return [("amber", about_quality.newer_exists(limit))]
    colours: tuple[tuple[Colour, Figure | None], ...] = (("red", limit.red), ("amber", limit.amber))
    for colour, figure in colours:
        if figure and months > figure.value:
            return [(colour, about_quality.over_age(months, limit=figure.value, meaning=figure.meaning))]
    return []


def _old(start: dt.date, end: dt.date, months: int, today: dt.date) -> str:
    if start > today:
        return "Dated after this build."
    if end >= today:
        return "Of the year or month of the build."
    return about_quality.age_at_build(months)


def corrections_of(files: Iterable[SourceUse], *, checks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Say what publishers corrected in the files of a layer, and which issue was used.

    Parameters
    ----------
    checks
        The layer's, with the one that tells the issue by what the file holds, where a loader can.

    Returns
    -------
    dict
        ``known`` (list of file, words, source, state, state_words), ``notes`` (sentences), ``findings``.
    """
    known, notes, found = [], [], Findings()
    told = next((one for one in checks if one["rule"].startswith(ISSUE_RULE) and one["rows"]), None)
    for used in files:
        note = about_reissue(used)
        notes += [f"{used.file}: {note}"] if note else []
        for correction in CORRECTIONS:
            by_content = told is not None and used.kind in correction.kinds and not correction.stands
            if not (by_content or correction.applies(used)):
                continue
            state = correction.state(used, first=None if told is None else bool(told["failing"]))
            said = STATES[state]
            if told is not None and state != "as published":
                said = f"By what it holds, which is our inference: {said[0].lower()}{said[1:]}"
            known.append(
                {
                    "file": used.file,
                    "words": correction.words,
                    "source": correction.source,
                    "state": state,
                    "state_words": said,
                }
            )
            if state in {"superseded", "not known"} and correction.weighs:
                grave = state == "superseded" and correction.figures
                found.append(("red" if grave else "amber", f"{correction.words} {said}"))
    return {"known": known, "notes": notes, "findings": found}
