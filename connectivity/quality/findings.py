"""What lowers a light, one kind of finding each: rows, rules, repairs, age, corrections, premises, what is modelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectivity.quality import lights
from connectivity.quality.lights import Colour
from layers.ages import MONTHS_IN_YEAR, dates_of, months_since
from layers.corrections import CORRECTIONS, ISSUE_RULE, STATES, about_reissue
from layers.figures import Figure
from layers.layer import BROADBAND
from layers.manifest import SourceUse

Findings = list[tuple[Colour, str]]
ROUNDED = Figure(1, "premises", "each count of a sum of whole premises may be rounded by so much", "assumption")
UNSTATED = ("not stated", "release not stated")


def findings_of(
    *, rows: Iterable[Mapping[str, Any]], checks: Iterable[Mapping[str, Any]], repaired: Iterable[Mapping[str, Any]]
) -> Findings:
    """Find what of a layer was not used, broke a rule or was put right."""
    found: Findings = []
    for record in rows:
        for unused in record["unused"]:
            if not unused["harmless"]:
                matched = record["used"] + record["unmatched"]
                words = f"{unused['count']:,} {record['noun']} are not used: {unused['why']}{_such(unused)}."
                found += lights.missing(unused["count"], of=matched, words=words)
    for check in checks:
        if check["rule"].startswith(ISSUE_RULE):
            continue  # said among the corrections
        words = (
            f"{check['failing']:,} of {check['rows']:,} break this rule and are kept as they are: "
            f"{check['rule']}{_such(check)}."
        )
        found += lights.missing(check["failing"], of=check["rows"], words=words)
    for repair in repaired:
        found.append(("amber", f"Put right in {repair['count']:,}: {repair['what']}{_such(repair)}."))
    return found


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
    limit = lights.limit_of(files[0].kind)
    release = " and ".join(releases[:3]) + (f" and {len(releases) - 3} more" if len(releases) > 3 else "")  # noqa: PLR2004
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


def _too_old(limit: lights.Limit, start: dt.date, months: int) -> Findings:
    if limit.newest is not None:
        if start.year >= limit.newest:
            return []
        return [("amber", f"A newer release exists, of {limit.newest}. {limit.why}")]
    if limit.red and months > limit.red.value:
        return [("red", f"{_length(months)} old, over {_length(int(limit.red.value))}: {limit.red.meaning}.")]
    if limit.amber and months > limit.amber.value:
        return [("amber", f"{_length(months)} old, over {_length(int(limit.amber.value))}: {limit.amber.meaning}.")]
    return []


def _old(start: dt.date, end: dt.date, months: int, today: dt.date) -> str:
    if start > today:
        return "Dated after this build."
    if end >= today:
        return "Of the year or month of the build."
    return f"{_length(months)} old at the build." if months else "Less than a month old at the build."


def _length(months: int) -> str:
    """Say a length of time: months up to two years, then years.

    >>> _length(1), _length(18), _length(60), _length(159)
    ('1 month', '18 months', '5 years', '13 years')
    """
    if months < 2 * MONTHS_IN_YEAR:
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{months // MONTHS_IN_YEAR} years"


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


def premises_of(manifest: Mapping[str, Any], *, unknown: float) -> dict[str, Any]:
    """Hold premises against each other: what the files hold is what is scored and what is not.

    Parameters
    ----------
    unknown
        Premises of all areas whose speed is not known.

    Returns
    -------
    dict
        ``unit``, ``in``, ``unknown``, ``scored``, ``excluded`` (reason → count), ``balances``, ``findings``.
    """
    counts, unit = manifest["premises"], manifest["unit"]
    out = sum(counts["excluded"].values())
    gap = abs(counts["in"] - counts["scored"] - out)
    balances = bool(gap <= ROUNDED.value * (2 + len(counts["excluded"])) / 2)
    found: Findings = []
    if not balances:
        found.append(("red", f"{gap:,} {unit} of {counts['in']:,} cannot be accounted for."))
    for reason, count in counts["excluded"].items():
        found += lights.missing(count, of=counts["in"], words=f"{count:,} {unit} are not scored: {reason}.")
    words = f"The speed of {round(unknown):,} of {counts['in']:,} {unit} is not known. They are never counted as none."
    found += lights.missing(round(unknown), of=counts["in"], words=words)
    return {"unit": unit, **counts, "unknown": round(unknown), "balances": balances, "findings": found}


def modelled_of(files: Sequence[SourceUse], *, manifest: Mapping[str, Any]) -> Findings:
    """Find that a broadband layer is spread over small areas: it is then never green."""
    if not manifest["coverage_modelled"] or files[0].kind not in BROADBAND:
        return []
    return [("amber", "Ofcom publishes one total for each council. Where its premises are within it is our estimate.")]


def said_of(manifest: Mapping[str, Any]) -> Findings:
    """Find what is modelled or stands in for something else, or cannot be told; that alone keeps a build from green."""
    found: Findings = [("amber", str(words)) for words in manifest["modelled"]]
    lock = manifest.get("lock")
    if lock and not lock["readable"]:
        found.append(
            ("amber", "The lock file cannot be read: whether the files are those that were fetched is not known.")
        )
    return found


def locked_of(files: Iterable[SourceUse], *, manifest: Mapping[str, Any]) -> Findings:
    """Find files of a layer that are not the ones that were fetched, by the lock beside the study."""
    others = (manifest.get("lock") or {"other_files": []})["other_files"]
    return [("amber", f"{used.file} is not the file that was fetched.") for used in files if used.file in others]


def _such(record: Mapping[str, Any]) -> str:
    """Name examples in brackets; nothing where there are none."""
    return f" (such as {', '.join(record['examples'])})" if record["examples"] else ""
