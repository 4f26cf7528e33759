"""Manifests written down by hand: whole ones, so that a test states only the keys it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connectivity.manifest import Manifest, parse
from connectivity.method.records import METHOD_VERSION
from connectivity.schema import SCHEMA_VERSION

WHOLE: dict[str, Any] = {
    "study": "Two shires",
    "created": "2026-03-01T09:00:00Z",
    "software": "notspot 0.1.0",
    "schema_version": SCHEMA_VERSION,
    "method_version": METHOD_VERSION,
    "fingerprint": "0" * 64,
    "seed": 1,
    "unit": "premises",
    "sources": [],
    "premises": {"in": 30, "scored": 30, "excluded": {}},
    "areas": {"in": 3, "scored": 3, "excluded": {}},
    "counts_fwa": False,
    "counts_mobile": False,
    "modelled": [],
    "geography": "lsoa21",
    "release": "July 2025",
    "basis": "availability",
    "definition": None,
    "coverage_modelled": False,
    "districts": [],
    "weights": {"remote": 0.25, "digital": 0.25, "need": 0.25, "alternative": 0.25},
    "aggregation": "geometric",
    "need_multiplier": 1.0,
    "bands": [],
    "indicators": [],
    "dimensions_absent": [],
    "replace_with": None,
    "warnings": [],
}
"""The keys that every manifest of this version has had; younger ones are left out."""


def hand_manifest(**changes: Any) -> Manifest:
    """Make a manifest; changes are keys as in the file."""
    return parse(json.dumps(WHOLE | changes).encode(), folder=Path("by-hand"))


def changed(manifest: Manifest, **changes: Any) -> Manifest:
    """Change keys of a manifest, named as in the file; those that it left out stay so."""
    kept = manifest.model_dump(mode="json", exclude_unset=True)
    return parse(json.dumps(kept | changes).encode(), folder=Path("by-hand"))


def indicator(key: str, **changes: Any) -> dict[str, Any]:
    """Make one entry of a manifest's indicators, a distance unless it is changed."""
    return {
        "column": f"value_{key}",
        "key": key,
        "label": key,
        "unit": "km",
        "dimension": "alternative",
        "good": [0],
        "bad": [9.66],
        "source": "S",
        "proxy": False,
    } | changes
