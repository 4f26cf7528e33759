"""What a study is built from, as one fingerprint, and where its build is kept; light, for every start of the app."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import platformdirs

from connectivity.method.records import METHOD_VERSION
from connectivity.schema import SCHEMA_VERSION
from layers.intake.files import sha256
from layers.settlements import BASE, GAZETTEER, PLACES, SETTLEMENTS, has_base
from layers.study import Study, read_study

REPOSITORY = Path(__file__).resolve().parents[1]


def default_output(study: Path, *, data: Path | None = None) -> Path:
    """Where the app keeps the build of a study: named by its fingerprint, in the checkout or the user's cache."""
    checked = read_study(study, data=data)
    slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in study.parent.name + "-" + study.stem).strip("-")
    name = f"{slug.casefold()[:40]}-{fingerprint(checked)[:12]}"
    processed = REPOSITORY / "data" / "processed"
    if os.access(processed if processed.exists() else processed.parent, os.W_OK):
        return processed / name
    return platformdirs.user_cache_path("notspot", appauthor=False) / "studies" / name


def fingerprint(study: Study) -> str:
    """SHA-256 over the study as it takes effect, the bytes of its files and the versions of method and outputs.

    The base's places are one of its files where its areas are called after them.
    """
    files = {f"{layer.kind}:{path.name}": sha256(path) for layer in study.layers for path in study.paths(layer)}
    if not (study.layer(GAZETTEER) or study.layer(SETTLEMENTS)) and has_base(study.districts):
        files[f"{SETTLEMENTS}:{PLACES}"] = sha256(BASE / PLACES)
    settings = study.model_dump(mode="json", exclude={"path", "folder", "data"})
    content = {"study": settings, "files": files, "method": METHOD_VERSION, "schema": SCHEMA_VERSION}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
