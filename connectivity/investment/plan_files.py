"""What a plan for a budget leaves in a folder: its schemes as a table, its sentences, and what it was made from."""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from connectivity.claims.about_investment import doubts, portfolio_claims, portfolio_table, who_can_act
from connectivity.evidence.pack_shapes import GEOMETRY, StyleRule, geopackage, qgis_style
from connectivity.investment.portfolio import Portfolio
from layers.staging import PLAN, check_output, staged

PORTFOLIO_VERSION = 1
"""Raised when the files change their names or meaning."""
TABLE_FILE, SENTENCES_FILE, SHAPES_FILE = "portfolio.csv", "sentences.txt", "portfolio.gpkg"
FILL, BORDER = "#0B6E69", "#003B38"
"""Of a scheme on a map, one colour for all: what tells them apart is in the table."""
WORDS: tuple[str, ...] = (
    "name",
    "district_code",
    "district_name",
    "intervention",
    "eligibility",
    "area_codes",
    "counted",
)
WORDS += ("kind_of_money", "promised", "who_can_act", "funders", "months", "risk_of_failure")
"""Columns that are no numbers."""


def write_plan(plan: Portfolio, *, out: Path) -> None:
    """Write a plan into a folder: all of it, or nothing.

    ``portfolio.csv`` has one row a scheme, and ``portfolio.gpkg`` the same with outlines (where there is a scheme);
    ``sentences.txt`` what is claimed, its reservations and who can act; ``portfolio.json`` what was asked, the proof,
    and the build it was made from.

    Raises
    ------
    OutputError
        If the folder is not ours to replace, or the disk fails.
    """
    check_output(out, mark=PLAN)
    with staged(out, mark=PLAN) as folder:
        table = portfolio_table(plan).to_csv(index=False, lineterminator="\n")
        (folder / TABLE_FILE).write_text(table, encoding="utf-8", newline="\n")
        if len(plan.schemes):
            (folder / SHAPES_FILE).write_bytes(scheme_shapes(plan))
        said = [str(claim.say()) for claim in portfolio_claims(plan)]
        notice = plan.build.manifest.do_not_publish
        lines = [*([notice] if notice else []), *said, *doubts(plan), *who_can_act(plan)]
        (folder / SENTENCES_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        record = json.dumps(_record(plan), ensure_ascii=False, indent=2) + "\n"
        (folder / PLAN.name).write_text(record, encoding="utf-8", newline="\n")


def scheme_shapes(plan: Portfolio) -> bytes:
    """Return the chosen schemes as a GeoPackage that opens styled in QGIS, with the columns of the table."""
    table = portfolio_table(plan)
    for column in table.columns.difference(list(WORDS)):
        table[column] = pd.to_numeric(table[column])
    areas = plan.build.areas.geometry
    outlines = [shapely.union_all(list(areas.reindex(list(codes)))) for codes in plan.schemes["areas"]]
    shapes = gpd.GeoDataFrame(table, geometry=outlines, crs=areas.crs).rename_geometry(GEOMETRY)
    said = str(portfolio_claims(plan)[0].say("plain"))
    notice, created = plan.build.manifest.do_not_publish, plan.build.manifest.created
    style = qgis_style([StyleRule("Schemes of the plan", "true", (("solid", FILL),), BORDER)])
    about = f"{notice} {said}" if notice else said
    return geopackage(shapes, style=style, title="Schemes of the plan", about=about, date=created)


def _record(plan: Portfolio) -> dict[str, object]:
    asked, manifest, choice = plan.request, plan.build.manifest, plan.choice
    return {
        "portfolio_version": PORTFOLIO_VERSION,
        "fingerprint": manifest.fingerprint,
        "study": manifest.study,
        "release": manifest.release,
        "seed": manifest.seed,
        "draws": int(plan.drawn.value.shape[1]),
        "budget": asked.budget,
        "maximise": asked.counted,
        "activity": asked.activity,
        "interventions": [one.key for one in plan.found.interventions],
        "must": list(asked.must),
        "must_not": list(asked.must_not),
        "floors": dict(asked.floors),
        "scope": plan.found.eligibility.rule,
        "eligibility_known": plan.found.eligibility.known,
        "people_estimated": plan.found.people_estimated,
        "candidates": len(plan.found.candidates),
        "spend": round(choice.spend, 2),
        "value": round(choice.value, 4),
        "bound": round(choice.bound, 4),
        "proven_gap": float(choice.gap),
        "greedy_value": round(choice.greedy_value, 4) if math.isfinite(choice.greedy_value) else None,
        "by_eligible_share": {f"{share:g}": round(value, 4) for share, value in plan.by_share.items()},
    }
