"""The record of a pack: every file with its hash, what it was made of and with, and every figure that is claimed.

It is canonical: written in one way only, and ends in the digest of itself, so that two readers compare one line.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
import zlib
from collections.abc import Mapping
from importlib import metadata
from pathlib import PurePosixPath
from typing import Any

from connectivity import __version__
from connectivity.claims.claim import Claim
from connectivity.evidence.pack_archive import PROVENANCE, SIGNATURE
from connectivity.evidence.pack_content import PackContent
from connectivity.manifest import Manifest
from layers.errors import LayerError

PACK_VERSION = 1
"""Raised when a pack's files change their names or meaning, so that an older program says that it cannot check it."""
NAMED = 40
"""Areas that a claim names one by one; of more, their number and the hash of their codes (assumption: a page)."""
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    ".pdf": ("typst", "pikepdf", "fonttools"),
    ".png": ("typst", "fonttools"),
    ".svg": ("shapely", "pyproj", "fonttools"),
    ".docx": ("python-docx", "lxml", "zlib"),
    ".xlsx": ("xlsxwriter", "zlib"),
    ".gpkg": ("geopandas", "pyogrio", "gdal", "pyproj", "shapely"),
    ".geojson": ("geopandas", "pyproj", "shapely"),
    ".html": ("jinja2", "shapely"),
}
"""What the bytes of a file depend on beside our own program, by its ending; the others on nothing else."""


def canonical(record: Mapping[str, Any]) -> bytes:
    """Write a record in the one way there is: keys sorted, no spaces, letters as they are, no number that is none.

    >>> canonical({"b": 1, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record without its digest, in canonical form."""
    return sha256_of(canonical({key: value for key, value in record.items() if key != "digest"}))


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def study_digest(files: Mapping[str, bytes]) -> str:
    """Return one hash of all that the documents were made from: they carry it, so that nobody changes one alone.

    Parameters
    ----------
    files
        Content by name.
    """
    return sha256_of(canonical({name: sha256_of(content) for name, content in files.items()}))


def provenance_of(
    files: Mapping[str, bytes], *, content: PackContent, manifest: Manifest, typefaces: Mapping[str, str]
) -> bytes:
    """Return the record of a pack's files.

    Parameters
    ----------
    files
        Every file but the record and its signature, content by name.
    content
        What was said.
    manifest
        Of the build.
    typefaces
        SHA-256 of each typeface that documents are set in, by its file's name.
    """
    record: dict[str, Any] = {
        "pack_version": PACK_VERSION,
        "title": content.title,
        "date": content.date,
        "reader": content.reader,
        "subject": {
            "title": content.subject.title,
            "places": [{"key": one.key, "name": one.name, "word": one.word} for one in content.subject.places],
        },
        "study": {
            "name": manifest.study,
            "release": manifest.release,
            "built": manifest.created,
            "fingerprint": manifest.fingerprint,
            "method_version": manifest.method_version,
            "schema_version": manifest.schema_version,
            "seed": manifest.seed,
            "draws": manifest.draws,
            "software": manifest.software,
            "sources": [
                {"name": one.name, "file": one.file, "sha256": one.sha256, "release": one.release}
                | {"publisher": one.publisher, "licence": one.licence}
                for one in manifest.sources
            ],
        },
        "made_with": versions() | {"typefaces": dict(typefaces)},
        "claims": [claim_record(name, claim) for name, claim in sorted(content.claims.items())],
        "files": [
            {"name": name, "sha256": sha256_of(files[name]), "size": len(files[name])}
            | {"depends_on": list(libraries_of(name))}
            for name in sorted(files)
        ],
    }
    return canonical(record | {"digest": digest_of(record)})


def claim_record(name: str, claim: Claim) -> dict[str, Any]:
    """Write down a claim: what it is about, its figures, and where they can be found again."""
    where, codes = claim.provenance, sorted(claim.provenance.areas)
    return {
        "name": name,
        "key": claim.key,
        "place": claim.place,
        "unit": claim.unit,
        **{end: _number(getattr(claim, end)) for end in ("low", "best", "high", "of")},
        "modelled": claim.modelled,
        "file": where.file,
        "column": where.column,
        "areas": codes
        if len(codes) <= NAMED
        else {"number": len(codes), "sha256": sha256_of("\n".join(codes).encode())},
        "said": str(claim.say("plain")),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def libraries_of(name: str) -> tuple[str, ...]:
    """Name the libraries that the bytes of a file depend on.

    >>> libraries_of("brief.pdf"), libraries_of("study/manifest.json")
    (('typst', 'pikepdf', 'fonttools'), ())
    """
    return () if "/" in name else LIBRARIES.get(PurePosixPath(name).suffix, ())


def versions() -> dict[str, str]:
    """Return the versions of this program and of all that a pack's bytes depend on."""
    from pyogrio import __gdal_version__  # noqa: PLC0415  # heavy; only where a pack is made or checked

    named = sorted({name for names in LIBRARIES.values() for name in names} - {"gdal", "zlib"})
    found = {name: metadata.version(name) for name in [*named, "numpy", "pandas", "pyarrow", "scipy"]}
    gdal = ".".join(map(str, __gdal_version__))
    own = {"notspot": __version__, "python": platform.python_version(), "gdal": gdal, "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return own | found


def read_provenance(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Parse the record of a pack.

    Raises
    ------
    LayerError
        When it is no record, or that of another version.
    """
    try:
        record = json.loads(files[PROVENANCE])
        version = record["pack_version"]
        canonical(record)  # so that what JSON cannot hold, such as NaN or half a letter, is found here
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise LayerError(
            "The pack's record cannot be read.",
            file=PROVENANCE,
            expected="the JSON file that `pack` wrote",
            found=type(error).__name__,
            next_step="ask whoever sent it for the file as `pack` wrote it",
        ) from error
    if version != PACK_VERSION:
        raise LayerError(
            "The pack is of another version.",
            file=PROVENANCE,
            expected=f"pack version {PACK_VERSION}",
            found=f"pack version {str(version)[:20]}",
            next_step="check it with the version of Notspot it names under made_with",
        )
    return record if isinstance(record, dict) else {}


def unlike_record(files: Mapping[str, bytes], record: Mapping[str, Any]) -> list[str]:
    """Say what is not as the record of a pack has it: each fault names the file; none where all is.

    Parameters
    ----------
    files
        As read from the pack.
    record
        From :func:`read_provenance`.
    """
    faults = []
    if canonical(record) != files[PROVENANCE]:
        faults.append(f"{PROVENANCE} is not written as `pack` writes it.")
    if record.get("digest") != digest_of(record):
        faults.append(f"{PROVENANCE} was changed: its own digest is another.")
    listed = _listed(record)
    faults += [f"{name} is missing." for name in sorted(listed.keys() - files.keys())]
    added = sorted(files.keys() - listed.keys() - {PROVENANCE, SIGNATURE})
    faults += [f"{name} was added: the record does not list it." for name in added]
    both = sorted(listed.keys() & files.keys())
    changed = [name for name in both if (sha256_of(files[name]), len(files[name])) != listed[name]]
    return faults + [f"{name} was changed: its SHA-256 is not the one in the record." for name in changed]


def _listed(record: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """Take the files a record lists, whatever it is."""
    entries = record.get("files")
    known = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return {str(one.get("name")): (one.get("sha256"), one.get("size")) for one in known}
