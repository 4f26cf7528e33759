"""A study made again from what a pack keeps of it: every count, score, rank and draw, from the evidence alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from connectivity.assessment import StudyChoices, assessed, with_drawn_ranges
from connectivity.manifest import Manifest, build_command, read_manifest
from connectivity.method import feasibility, scoring
from connectivity.places.parts import parts_shown
from connectivity.places.reports import read_shares
from connectivity.postcode.postcode_tables import other_routes
from connectivity.robustness.count_draws import FEW_DRAWS, CountDraws, count_draws
from connectivity.robustness.pairs import EVIDENCE
from connectivity.robustness.robustness_report import robustness_of_run
from connectivity.robustness.stored_run import StoredRun, read_stored_run, totals_of
from layers.errors import OutputError


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What follows from a study's evidence.

    Attributes
    ----------
    areas
        As a build writes them, without outlines; index ``area_code``, sorted.
    drawn
        Drawn counts of a modelled study; None for others.
    routes
        Counts with fixed wireless the other way round; None where the release cannot say.
    report
        What ``robustness.json`` says, but for what it was made from.
    totals
        Of each council, added up from the evidence.
    run
        What was read.
    """

    areas: pd.DataFrame
    drawn: CountDraws | None
    routes: pd.DataFrame | None
    report: dict[str, Any]
    totals: dict[str, dict[str, float]]
    run: StoredRun


def read_evidence(folder: Path) -> StoredRun:
    """Read what a build can be made from again.

    Raises
    ------
    OutputError
        When the build has none, is of before names were kept with it, or was made without draws.
    """
    run = read_stored_run(folder)
    if run.told.empty:
        raise OutputError(
            "The build does not keep what a pack needs to be checked: it is of an older version.",
            file=folder / EVIDENCE,
            expected="counts, facts and names of every area",
            found="no names",
            next_step=f"run: {build_command(folder)}",
        )
    return run


def recomputed(folder: Path) -> Recomputed:
    """Make a study again from its evidence, its shares of other boundaries and the switches in its manifest.

    Raises
    ------
    OutputError
        When a file cannot be read.
    """
    manifest, run = read_manifest(folder), read_evidence(folder)
    choices = StudyChoices(
        manifest.counts_fwa, manifest.counts_mobile, manifest.aggregation, float(manifest.need_multiplier)
    )
    told = run.told.astype({"separable": bool}).sort_index()
    known = told.join(run.facts[[name for name in run.facts if name not in told]])
    weights = scoring.Weights(**manifest.weights.model_dump())
    areas = assessed(known, coverage=run.coverage, chosen=run.indicators, weights=weights, choices=choices)
    drawn, other = _counts(run, areas)
    if drawn is not None:
        areas = with_drawn_ranges(areas, drawn=drawn)
    shares = read_shares(folder)
    parts = parts_shown({name: part for name, (_, part) in shares.items()}, areas=areas)
    routes = other_routes(
        run.coverage,
        counts_fwa=choices.fwa,
        counts_mobile=choices.mobile,
        districts=told["district_code"],
        parts=parts,
        drawn=other,
    )
    reported = manifest.reports.keys()
    wards = shares["ward"][1].inside if "ward" in shares and "ward" in reported else None
    sure = robustness_of_run(run, areas=areas, study=manifest.study, choices=choices, wards=wards)
    report = json.loads(json.dumps(sure.report))  # as it is read back: tuples are lists there
    totals = totals_of(run.coverage, districts=told["district_code"])
    return Recomputed(areas.join(sure.columns), drawn, routes, report, totals, run)


def _counts(run: StoredRun, areas: pd.DataFrame) -> tuple[CountDraws | None, CountDraws | None]:
    """Draw the counts again, by the study's own switches and with fixed wireless the other way round."""
    if not run.coverage.modelled:
        return None, None
    counted = areas.index[feasibility.has_count(areas["status"])]
    own = run if counted.equals(run.scored) else replace(run, scored=counted)
    turned = replace(own, count_fwa=not own.count_fwa, draws=FEW_DRAWS)
    other = count_draws(own.evidence(), plan=turned.plan) if own.coverage.has_fwa else None
    return count_draws(own.evidence(), plan=own.plan), other


def accounts_of(areas: pd.DataFrame, *, manifest: Manifest) -> dict[str, tuple[object, object]]:
    """Return what the manifest counts of areas and what follows from the evidence, by what is counted.

    Parameters
    ----------
    areas
        From :func:`recomputed`.
    manifest
        As the pack has it.
    """
    scored = feasibility.has_count(areas["status"])
    names = areas.groupby("district_code")["district_name"].first().to_dict()
    return {
        "areas in the study": (manifest.areas.total, len(areas)),
        "areas scored": (manifest.areas.scored, int(scored.sum())),
        "premises scored": (manifest.premises.scored, round(areas.loc[scored, "premises"].sum())),
        "names of councils": (manifest.district_names, {str(code): str(name) for code, name in names.items()}),
    }
