"""A pack's description for archives: RO-Crate 1.1, profile Process Run: what was run, on what, by which program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from connectivity import __version__
from connectivity.evidence.pack_archive import PROVENANCE
from connectivity.evidence.pack_content import PackContent
from connectivity.manifest import Manifest

CRATE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
KINDS: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
}
"""Media types by ending."""
FILES: Mapping[str, str] = {
    "brief.pdf": "The claim on one page",
    "report.pdf": "The report, with ranking.csv attached inside",
    "committee.docx": "Written evidence for a select committee",
    "equality-record.docx": "A record of equality for a decision on a service",
    "report.html": "The report as a page for slow lines",
    "data.xlsx": "The figures as a workbook",
    "ranking.csv": "The small areas: ranks with their ranges, counts and how sure they are",
    "ranking.csv-metadata.json": "What each column of ranking.csv means (CSVW)",
    "areas.gpkg": "The small areas with outlines, styled, for a map program",
    "areas.geojson": "The same as GeoJSON",
    "map.svg": "The map as a drawing",
    "map.png": "The map as a picture",
    "press.png": "A picture for the press",
    PROVENANCE: "Every file with its hash, every claim, and what all was made with",
    "study/manifest.json": "What the study was built from",
    "study/robustness.json": "How sure the ranking is, and what was drawn",
    "study/evidence.parquet": "The counts and facts of every small area of the study",
    "study/areas.parquet": "Every small area of the study as it was built",
    "study/quality.json": "How good the data are",
    "study/base.json": "The ground around, for maps",
    "study/routes.parquet": "Counts with fixed wireless the other way round",
    "study/reports.parquet": "Counts by other boundaries",
    "study/person.json": "What a person supplied",
    "study/subject.json": "Whom the pack is for, and what it is about",
}
"""What a file of a pack is; one that is not here goes by its name."""


def crate_of(sizes: Mapping[str, int], *, content: PackContent, manifest: Manifest) -> bytes:
    """Return the description of a pack: the same bytes for the same files, dated by the build.

    Parameters
    ----------
    sizes
        Bytes of every file but this one, the record and the signature; the record, which hashes this one, has none.
    content
        What was said.
    manifest
        Of the build, whose sources the pack was made from.
    """
    day = content.date[:10]
    made: list[dict[str, Any]] = [
        _file(name, size=sizes.get(name), date=day) for name in sorted({*sizes, PROVENANCE} - {CRATE})
    ]
    sources = [
        {"@id": f"#source-{number}", "@type": "CreativeWork", "name": f"{one.name} ({one.release})"}
        | {"publisher": one.publisher, "license": one.licence, "identifier": f"sha256:{one.sha256}"}
        for number, one in enumerate(manifest.sources, start=1)
    ]
    author = content.person.organisation or "Not stated"
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": content.title,
            "description": str(content.headline),
            "datePublished": day,
            "license": {"@id": LICENCE},
            "author": {"@id": "#submitter"},
            "publisher": {"@id": "#submitter"},
            "conformsTo": {"@id": PROFILE},
            "hasPart": [{"@id": one["@id"]} for one in made],
            "mentions": [{"@id": "#run"}],
        },
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": LICENCE,
            "@type": "CreativeWork",
            "name": "Open Government Licence v3.0",
            "description": "Open Government Licence for public sector information",
        },
        {"@id": "#submitter", "@type": "Organization", "name": author},
        {
            "@id": "#notspot",
            "@type": "SoftwareApplication",
            "name": "Notspot",
            "softwareVersion": __version__,
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Pack for {content.reader}: {content.subject.title}",
            "description": f"Made from the study “{manifest.study}”, {manifest.release}, by `notspot pack`",
            "instrument": {"@id": "#notspot"},
            "agent": {"@id": "#submitter"},
            "object": [{"@id": one["@id"]} for one in sources],
            "result": [{"@id": one["@id"]} for one in made],
            "endTime": content.date,
        },
        *sources,
        *made,
    ]
    record = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _file(name: str, *, size: int | None, date: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"@id": name, "@type": "File", "name": FILES.get(name, name)}
    entry["encodingFormat"] = KINDS.get(PurePosixPath(name).suffix, "application/octet-stream")
    entry["sdDatePublished"] = date
    return entry if size is None else entry | {"contentSize": str(size)}
