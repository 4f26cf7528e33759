"""The record of a build: what was used, how it was scored, and what became of every premises and area."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd

from connectivity import METHOD_VERSION, SCHEMA_VERSION, __version__
from connectivity.fetching.locked import held_to_lock
from connectivity.fingerprints import fingerprint
from connectivity.method import feasibility, scoring
from connectivity.method.goalposts import DIMENSIONS, Indicator
from connectivity.places.lenses import coast_record
from layers.joined import Joined
from layers.study import Study

SEED = 20_260_301
"""In the manifest, so that draws can be repeated (assumption: any number will do)."""


def manifest_of(areas: gpd.GeoDataFrame, joined: Joined, study: Study, chosen: list[Indicator]) -> dict[str, Any]:
    """Make the record of a build: what was used, and what became of every premises and area."""
    ledger, coverage = joined.ledger, joined.coverage
    scored = areas["status"].eq(feasibility.SCORED)
    left_out = areas[~scored].groupby("status")["premises"].agg(["sum", "size"])
    excluded = {reason: round(count) for reason, count in left_out["sum"].items() if count > 0}
    excluded |= {reason: round(count) for reason, count in ledger.excluded.items()}
    absent = scoring.absent_dimensions(chosen)
    weights = scoring.Weights(**study.weights.model_dump()).normalised(absent=absent)
    districts = areas.groupby("district_code").agg(name=("district_name", "first"), separable=("separable", "all"))
    return {
        "study": study.name,
        "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": f"notspot {__version__}",
        "schema_version": SCHEMA_VERSION,
        "method_version": METHOD_VERSION,
        "fingerprint": fingerprint(study),
        "seed": SEED,
        "unit": coverage.unit,
        "sources": ledger.sources_as_dicts(),
        "premises": {
            "in": round(ledger.premises_in),
            "scored": round(areas.loc[scored, "premises"].sum()),
            "excluded": excluded,
        },
        "areas": {
            "in": len(areas),
            "scored": int(scored.sum()),
            "excluded": {str(reason): int(count) for reason, count in left_out["size"].items()},
        },
        "counts_fwa": study.switches.fwa,
        "counts_mobile": study.switches.mobile,
        "modelled": ledger.modelled,
        "geography": study.geography,
        "release": coverage.release,
        "basis": coverage.basis,
        "definition": coverage.definition,
        "premises_from": coverage.premises_from,
        "coverage_modelled": coverage.modelled,
        "districts": [{"code": code, **row} for code, row in districts.to_dict("index").items()],
        "weights": weights.as_dict(),
        "aggregation": study.switches.aggregation,
        "need_multiplier": study.switches.need_multiplier,
        "bands": [
            {"column": b.column, "label": b.label, "low": b.low, "high": None if b.high == float("inf") else b.high}
            for b in coverage.bands
        ],
        "indicators": [
            {
                "column": f"value_{i.key}",
                "key": i.key,
                "label": i.label,
                "unit": i.unit,
                "dimension": i.dimension,
                "good": [good.value * i.scale for good, _ in i.goalposts],
                "bad": [bad.value * i.scale for _, bad in i.goalposts],
                "source": i.source,
                "proxy": i.proxy,
            }
            for i in chosen
        ],
        "dimensions_absent": [name for name in DIMENSIONS if name in absent],
        "replace_with": study.replace_with,
        "coastal": coast_record(areas, how=ledger.coastal),
        "lock": held_to_lock(study, ledger),
        "warnings": ledger.warnings,
    }
