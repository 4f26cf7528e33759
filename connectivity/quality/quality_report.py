"""The data-quality report of a build as one document: what every layer was held against, and what was found.

``quality.json`` is this document; ``quality.html`` and the app's page only arrange it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.claims.quality_reasons import more_under_layer
from connectivity.html.quality_page import quality_html
from connectivity.manifest import Manifest, QualityRecord
from connectivity.method.feasibility import NOT_TOLD_APART, has_count
from connectivity.quality import lights
from connectivity.quality.lights import (
    ROUNDED,
    Colour,
    Findings,
    age_of,
    corrections_of,
    excluded_claim,
    findings_of,
    with_names,
)
from connectivity.quality.notice import DO_NOT_PUBLISH, PAGE, QUALITY, SCHEMA, notice_of
from layers.kinds import KINDS
from layers.ledger import Check, Ledger, Record, Repair, Rows, SourceUse, some


def quality_of(areas: gpd.GeoDataFrame, *, ledger: Ledger, manifest: Manifest) -> dict[str, Any]:
    """Make the report.

    Parameters
    ----------
    areas
        Index ``area_code``; ``area_name, district_name, status, premises_unknown``.
    ledger
        What the loaders recorded.
    manifest
        The build's manifest: the report repeats what it says and adds nothing of its own, so that two builds of the
        same files differ in `created`, and in the ages that are counted to it, alone.

    Returns
    -------
    dict
        Ready for JSON; see ``docs/quality.md``.
    """
    groups = _groups(ledger.sources)
    layers = [_layer(files, ledger.records, groups=groups, manifest=manifest) for files in groups.values()]
    excluded = excluded_areas(areas)
    premises = premises_of(manifest, unknown=float(areas["premises_unknown"].sum()))
    found = [*said_of(manifest), *premises["findings"]]
    total = manifest.areas.total
    for reason in excluded:
        claim = excluded_claim(reason, of=total, basis=Basis.of(manifest))
        found += lights.missing(reason["count"], of=total, words=claim.say("plain"))
    found += alike_of(areas, basis=Basis.of(manifest))
    for layer in layers:
        if layer["light"]["colour"] != "green":
            found.append((layer["light"]["colour"], _brief(layer)))
    names = {str(code): str(name) for code, name in areas["area_name"].items()}
    light = with_names(lights.light(found), names=names)
    return {
        "schema_version": SCHEMA,
        "study": manifest.study,
        "created": manifest.created,
        "software": manifest.software,
        "fingerprint": manifest.fingerprint,
        DO_NOT_PUBLISH: notice_of(light),
        "light": light,
        "layers": with_names(layers, names=names),
        "premises": {key: value for key, value in premises.items() if key != "findings"},
        "areas": {"in": total, "scored": manifest.areas.scored, "excluded": excluded},
        "modelled": list(manifest.modelled),
        "rules": lights.light_rules(),
        "limits": [
            {"light": light, "value": one.value, "unit": one.unit, "meaning": one.meaning, "source": one.source}
            for light, one in lights.figures()
        ],
    }


def as_listed(quality: Mapping[str, Any]) -> QualityRecord:
    """Give what the manifest says of the report: its light, and the files that hold it."""
    light = quality["light"]
    return QualityRecord(light=light["colour"], words=light["words"], file=QUALITY, page=PAGE)


def write_quality(folder: Path, *, quality: Mapping[str, Any], basis: Basis) -> None:
    """Write ``quality.json`` and ``quality.html`` into a folder that is not yet public."""
    text = json.dumps(quality, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / QUALITY).write_bytes(text.encode() + b"\n")
    (folder / PAGE).write_bytes(quality_html(quality, basis=basis).encode())


def excluded_areas(areas: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """List the areas without a count, by reason, each with its code, its name and its council's."""
    left_out = areas[~has_count(areas["status"])].sort_index()
    return [
        {
            "reason": str(reason),
            "count": len(group),
            "areas": [
                {"code": str(code), "name": str(name), "district": str(district)}
                for code, name, district in zip(group.index, group["area_name"], group["district_name"], strict=True)
            ],
        }
        for reason, group in left_out.groupby("status", sort=True)
    ]


def _brief(layer: Mapping[str, Any]) -> str:
    """Say the worst of a layer, and that there is more."""
    first, *others = layer["light"]["reasons"]
    return f"{layer['title']}: {first['words']}{more_under_layer(len(others))}"


def premises_of(manifest: Manifest, *, unknown: float) -> dict[str, Any]:
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
    counts, unit, basis = manifest.premises, manifest.unit, Basis.of(manifest)
    file = Provenance("manifest.json", "premises", decimals=0)
    gap = abs(counts.total - counts.scored - sum(counts.excluded.values()))
    balances = bool(gap <= ROUNDED.value * (2 + len(counts.excluded)) / 2)
    found: Findings = []

    def said(key: str, count: float, why: str = "") -> str:
        claim = Claim(
            key, basis.place, count, count, count, counts.total, basis.published, details={"why": why}, provenance=file
        )
        return claim.say("plain")

    if not balances:
        found.append(("red", said("quality.unaccounted", gap)))
    for reason, count in counts.excluded.items():
        found += lights.missing(count, of=counts.total, words=said("quality.premises_not_scored", count, reason))
    words = said("quality.speed_not_known", round(unknown))
    found += lights.missing(round(unknown), of=counts.total, words=words)
    return {"unit": unit, **counts.model_dump(), "unknown": round(unknown), "balances": balances, "findings": found}


def alike_of(areas: pd.DataFrame, *, basis: Basis) -> Findings:
    """Find that areas cannot be told apart from the others of their council: they are counted, and not ranked."""
    alike = areas.index[areas["status"].eq(NOT_TOLD_APART)]
    if alike.empty:
        return []
    where = Provenance(column="status", areas=tuple(map(str, alike)), decimals=0)
    count = Claim.of_places(
        "quality.not_told_apart", basis.place, len(alike), of=len(areas), basis=basis, provenance=where
    )
    return [("amber", count.say("plain"))]


def modelled_of(files: Sequence[SourceUse], *, manifest: Manifest) -> Findings:
    """Find that a broadband layer is spread over small areas: it is then never green."""
    if not manifest.coverage_modelled or KINDS[files[0].kind].reads != "broadband":
        return []
    return [("amber", "Ofcom publishes one total for each council. Where its premises are within it is our estimate.")]


def said_of(manifest: Manifest) -> Findings:
    """Find what is modelled or stands in for something else, or cannot be told; that alone keeps a build from green."""
    found: Findings = [("amber", words) for words in manifest.modelled]
    if manifest.lock and not manifest.lock.readable:
        found.append(
            ("amber", "The lock file cannot be read: whether the files are those that were fetched is not known.")
        )
    return found


def locked_of(files: Iterable[SourceUse], *, manifest: Manifest) -> Findings:
    """Find files of a layer that are not the ones that were fetched, by the lock beside the study."""
    others = manifest.lock.other_files if manifest.lock else ()
    return [("amber", f"{used.file} is not the file that was fetched.") for used in files if used.file in others]


Group = dict[tuple[str, str], list[SourceUse]]


def _groups(sources: Iterable[SourceUse]) -> Group:
    """Put files of one layer together; kinds of which a study has several layers stand file by file."""
    groups: Group = {}
    for used in sources:
        group = groups.setdefault((used.kind, used.file if KINDS[used.kind].named else ""), [])
        if used not in group:  # a file may be asked twice
            group.append(used)
    return groups


def _layer(
    files: Sequence[SourceUse], records: Iterable[Record], *, groups: Group, manifest: Manifest
) -> dict[str, Any]:
    today = dt.date.fromisoformat(manifest.created[:10])
    first = files[0]
    alone = sum(kind == first.kind for kind, _ in groups) == 1
    ours = [one for one in records if one.kind == first.kind and (alone or one.file == first.file)]
    rows = [_rows(one) for one in ours if isinstance(one, Rows)]
    checks = _merged_checks([one for one in ours if isinstance(one, Check)])
    repaired = _merged_repairs([one for one in ours if isinstance(one, Repair)])
    age, corrections = age_of(files, today=today), corrections_of(files, checks=checks)
    found: list[tuple[Colour, str]] = [*age["findings"], *corrections["findings"]]
    found += [*modelled_of(files, manifest=manifest), *locked_of(files, manifest=manifest)]
    found += findings_of(first.name, rows=rows, checks=checks, repaired=repaired, basis=Basis.of(manifest))
    return {
        "kind": first.kind,
        "title": first.name,
        "publisher": first.publisher,
        "light": lights.light(found),
        "release": age["release"],
        "age": {key: value for key, value in age.items() if key not in {"release", "findings"}},
        "files": [{"file": one.file, "sha256": one.sha256, "rows": one.rows, "release": one.release} for one in files],
        "rows": rows,
        "repaired": repaired,
        "checks": checks,
        "corrections": corrections["known"],
        "notes": corrections["notes"],
    }


def _rows(record: Rows) -> dict[str, Any]:
    unused = [
        {"why": one.why, "count": one.count, "harmless": one.harmless, "examples": list(one.examples)}
        for one in record.unused
    ]
    return {
        "file": record.file,
        "noun": record.noun,
        "in": record.rows_in,
        "used": record.rows_used,
        "unused": unused,
        "unmatched": sum(one.count for one in record.unused if not one.harmless),
    }


def _merged_checks(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Add up one rule over the files of a layer."""
    merged = []
    for rule, then in dict.fromkeys((check.rule, check.then) for check in checks):
        same = [check for check in checks if (check.rule, check.then) == (rule, then)]
        merged.append(
            {
                "rule": rule,
                "rows": sum(check.rows for check in same),
                "failing": sum(check.failing for check in same),
                "a_failing_row_is": then,
                "examples": list(some(name for check in same if check.failing for name in check.examples)),
                "files": [check.file for check in same if check.failing and check.file],
            }
        )
    return merged


def _merged_repairs(repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    merged = []
    for what in dict.fromkeys(repair.what for repair in repairs):
        same = [repair for repair in repairs if repair.what == what]
        merged.append(
            {
                "what": what,
                "count": sum(repair.count for repair in same),
                "examples": list(some(name for repair in same for name in repair.examples)),
                "files": [repair.file for repair in same if repair.file],
            }
        )
    return merged
