"""The robustness run of a build: columns for every area, and a report for the whole."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from connectivity.assessment import StudyChoices, told_columns
from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.method import kernel, scoring
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.method.records import CONCENTRATION, DIMENSIONS, Indicator
from connectivity.method.uncertain import Floats
from connectivity.robustness.boundary_effect import Scoring, by_larger
from connectivity.robustness.draws import WEIGHTS_LABEL
from connectivity.robustness.pairs import SEPARATED, chance_matrix, compare_columns, comparison_claim
from connectivity.robustness.ranks import EXACT, WIDTH, Tally, worst_tenth_size
from connectivity.robustness.run import rank_draws as draw
from connectivity.robustness.stored_run import REPORT, StoredRun, write_stored_run
from connectivity.robustness.tiers import TIERS, UNRANKED, range_ends, stability_band, steadiness, tier_counts, tiers_of
from connectivity.robustness.whole_index import whole_index_report
from layers.coverage import Coverage
from layers.figures import Figure
from layers.study import Study

WORST = (10, 20)
TOP = 20
CLEAR = Figure(0.05, "share of the rank's variance", "under it no input stands out as the driver", "assumption")
NO_DRIVER = "nothing stands out"


@dataclass(frozen=True, slots=True)
class Robustness:
    """What the draws say.

    Attributes
    ----------
    columns
        Index as the areas: ``rank_median, rank_p05, rank_p95`` (NaN for an area that is not ranked; the last two are
        widened where they would leave the published rank out), ``p_worst_10,
        p_worst_20, p_worst_tenth, p_worst_tenth_infeasible, p_feasible`` (0 to 1), ``tier``, ``driver, driver_share,
        driver_next, driver_next_share`` (what moves the rank most, and next), ``steadiness``, ``remote_band_low,
        remote_band_high`` (0 to 1).
    report
        Ready for JSON.
    kept
        What the draws are made from.
    """

    columns: pd.DataFrame
    report: dict[str, Any]
    kept: StoredRun


def robustness_of(  # what a build has at hand
    areas: pd.DataFrame,
    *,
    coverage: Coverage,
    facts: pd.DataFrame,
    study: Study,
    chosen: Sequence[Indicator],
    draws: int,
    seed: int,
    run: StoredRun | None = None,
    wards: pd.DataFrame | None = None,
) -> Robustness:
    """Draw a build's uncertain inputs, and say how sure its ranking is.

    Parameters
    ----------
    areas
        As :func:`connectivity.build.assess` gives them, index ``area_code``.
    coverage
        Premises in bands.
    facts
        The joined table, with the indicators' raw columns.
    study
        Its switches and weights are central.
    chosen
        The declared indicators.
    draws
        How many, at least 1.
    seed
        From the manifest.
    run
        What the counts were drawn from; where it is of the same areas, the ranks are drawn from it, too.
    wards
        ``area_code, key, share``: which part of each area lies in which ward, where the build is reported by ward.
    """
    scored = areas.index[areas["status"].eq(SCORED)]
    kept = stored_run_of(scored, coverage=coverage, facts=facts, study=study, chosen=chosen, draws=draws, seed=seed)
    if run is not None and run.scored.equals(kept.scored):
        kept = replace(run, draws=draws) if run.draws != draws else run
    choices = StudyChoices(**study.switches.model_dump())
    return robustness_of_run(kept, areas=areas, study=study.name, choices=choices, wards=wards)


def robustness_of_run(
    kept: StoredRun, *, areas: pd.DataFrame, study: str, choices: StudyChoices, wards: pd.DataFrame | None = None
) -> Robustness:
    """Draw what a build kept, and say how sure its ranking is: for the build itself, and for whoever checks it.

    Parameters
    ----------
    kept
        What the draws are made from.
    areas
        As :func:`connectivity.assessment.assessed` gives them, index ``area_code``.
    study
        Its name.
    choices
        Its switches.
    wards
        As for :func:`robustness_of`.
    """
    coverage = kept.coverage
    top = list(areas.loc[kept.scored].sort_values("severity_rank", kind="stable").index[:TOP])
    tally = draw(kept.evidence(), plan=kept.plan, worst=WORST, follow=top)
    columns = robustness_columns(tally, areas=areas, scored=kept.scored)
    basis = Basis(
        study=study,
        release=coverage.release,
        unit=coverage.unit,
        basis=coverage.basis,
        counts_fwa=choices.fwa,
        counts_mobile=choices.mobile,
        modelled=coverage.modelled,
    )
    report = report_of(columns, areas=areas, kept=kept, top=top, scores=tally.followed, basis=basis)
    report["boundaries"] = []
    report["outside"] = beyond_draws(tally, areas.loc[kept.scored, "severity_rank"])
    if wards is not None:
        absent = scoring.absent_dimensions(kept.indicators)
        scored_by = Scoring(scoring.Weights(*kept.weights), choices.aggregation, absent, choices.fwa)
        scored_by = replace(scored_by, count_mobile=choices.mobile)
        ranked = areas.assign(score=areas["score"].where(areas["status"].eq(SCORED)))
        found, _ = by_larger(ranked, coverage=coverage, inside=wards, scoring=scored_by, unit="ward")
        if math.isfinite(found.tau):  # one ward alone, or wards with one score between them, rank nothing
            report["boundaries"] = [asdict(found)]
    return Robustness(columns, report, kept)


def stored_run_of(
    scored: pd.Index,
    *,
    coverage: Coverage,
    facts: pd.DataFrame,
    study: Study,
    chosen: Sequence[Indicator],
    draws: int,
    seed: int,
) -> StoredRun:
    """Take what the draws of some areas are made from."""
    absent = scoring.absent_dimensions(chosen)
    weights = scoring.Weights(**study.weights.model_dump()).normalised(absent=absent).as_dict()
    raw = list(dict.fromkeys(column for one in chosen for column in one.columns))
    return StoredRun(
        coverage,
        facts[raw],
        scored.sort_values(),
        tuple(chosen),
        tuple(weights[name] for name in DIMENSIONS),
        study.switches.fwa,
        kernel.AGGREGATIONS.index(study.switches.aggregation),
        draws,
        seed,
        facts[told_columns(facts)],
    )


def beyond_draws(tally: Tally, published: pd.Series) -> dict[str, int]:
    """Count published ranks that lie beyond nine of ten draws, before their range is widened to hold them.

    The first and the last of a ranking seldom keep their place when everything is drawn: what comes first by its best
    estimate is beaten, in a draw, by whichever place has bad luck there (the winner's curse).
    """
    low, high = tally.quantiles(*range_ends())
    rank = published.to_numpy(dtype=float)
    outside = (rank < low) | (rank > high)
    worst = rank <= worst_tenth_size(len(rank))
    return {"areas": int(outside.sum()), "worst_tenth": int((outside & worst).sum())}


def robustness_columns(tally: Tally, *, areas: pd.DataFrame, scored: pd.Index) -> pd.DataFrame:
    """Turn the sums of the draws into columns for every area."""
    least, most = range_ends()
    low, middle, high = tally.quantiles(least, 0.5, most)
    published = areas.loc[scored, "severity_rank"].to_numpy(dtype=float)
    low, high = np.minimum(low, published), np.maximum(high, published)
    chances = [f"p_worst_{places}" for places in tally.worst]
    chances += ["p_worst_tenth", "p_worst_tenth_infeasible", "p_feasible"]
    table = pd.DataFrame({"rank_median": middle, "rank_p05": low, "rank_p95": high}, index=scored)
    table = table.assign(**{name: tally.chance(place) for place, name in enumerate(chances)}).reindex(areas.index)
    table["tier"] = tiers_of(
        table["p_feasible"], table["p_worst_tenth_infeasible"], alike=areas["status"].eq(NOT_TOLD_APART)
    )
    names, influence = tally.influence()
    order = np.argsort(-influence, axis=0, kind="stable")
    for place, name in enumerate(("driver", "driver_next")):
        which = order[min(place, len(order) - 1)]
        share = influence[which, np.arange(len(scored))]
        driver = np.where(share >= CLEAR.value, np.array(names, dtype=object)[which], NO_DRIVER)
        table[name] = pd.Series(driver, index=scored, dtype=object).reindex(areas.index, fill_value="")
        table[f"{name}_share"] = pd.Series(share, index=scored).reindex(areas.index)
    table["steadiness"] = steadiness(areas["premises"])
    swing = stability_band((areas["score_remote"] / 100).clip(0, 1), premises=areas["premises"])
    return table.assign(remote_band_low=swing["low"], remote_band_high=swing["high"])


def report_of(  # what a run ends with
    columns: pd.DataFrame,
    *,
    areas: pd.DataFrame,
    kept: StoredRun,
    top: list[str],
    scores: Floats,
    basis: Basis,
) -> dict[str, Any]:
    """Say what holds for the whole: inputs, tiers, drivers, the top places and how far they can be told apart.

    Parameters
    ----------
    columns
        From :func:`robustness_columns`.
    areas, kept, basis
        What was ranked, and what the draws are made from.
    top
        Codes of the first places, in order.
    scores
        Theirs in every draw, shape (draws, places).
    """
    inputs = [
        {**{name: value for name, value in asdict(one).items() if name not in {"needs", "each_band"}}}
        | {"central": None if np.isnan(one.central) else one.central}
        for one in kept.plan.inputs
        if one.varies
    ]
    drivers = columns.loc[kept.scored, "driver"].value_counts()
    return {
        "draws": kept.draws,
        "seed": kept.seed,
        "areas": len(kept.scored),
        "worst_tenth": worst_tenth_size(len(kept.scored)),
        "ranks": "exact" if len(kept.scored) <= EXACT else f"beyond rank 256 in bins {WIDTH - 1:.0%} wide",
        "inputs": inputs,
        "weights": {"label": WEIGHTS_LABEL, "law": f"Dirichlet({CONCENTRATION.value:g} × weights)"},
        "tiers": [
            {**asdict(TIERS[key]), "areas": count}
            for key, count in tier_counts(columns["tier"]).items()
            if key in TIERS
        ],
        "drivers": [{"driver": str(name), "areas": int(count)} for name, count in drivers.items()],
        "whole": whole_index_report(areas, kept=kept),
        "top": {
            "areas": top,
            "robust": int((columns.loc[top, "tier"] == "robust").sum()),
            "median_width": float((columns.loc[top, "rank_p95"] - columns.loc[top, "rank_p05"]).median()),
            "pairs": _pairs(top, scores=scores, areas=areas, basis=basis),
        },
    }


def _pairs(top: list[str], *, scores: Floats, areas: pd.DataFrame, basis: Basis) -> dict[str, Any]:
    """Compare the top places with one another."""
    worse = chance_matrix(scores)
    alike = (worse < SEPARATED.value) & (SEPARATED.value > worse.T) & ~np.eye(len(top), dtype=bool)
    found: dict[str, Any] = {"worse": np.round(worse, 4).tolist(), "share_inseparable": 0.0, "example": None}
    if len(top) > 1:
        found["share_inseparable"] = float(alike.sum() / (len(top) * (len(top) - 1)))
    where = np.argwhere(alike)
    if len(where):
        one, other = (int(place) for place in where[0])
        pair = compare_columns(scores, (one, other), codes=(top[one], top[other]))
        names = areas.loc[top, "area_name"]
        called = str(names.iloc[one]), str(names.iloc[other])
        found["example"] = str(comparison_claim(pair, names=called, draws=len(scores), basis=basis).say("plain"))
    return found


def tiers_claim(counts: Mapping[str, int], *, place: str, draws: int, basis: Basis) -> Claim:
    """Return the claim on how many places we are sure of, and how many of nothing.

    Parameters
    ----------
    counts
        Places by tier, all tiers.
    place
        What they lie in.
    draws
        How many draws the tiers rest on.
    basis
        What the draws rest on.
    """
    return Claim.of_places(
        "certainty.tiers",
        place,
        counts["robust"],
        of=sum(counts[key] for key in TIERS if key not in UNRANKED),
        basis=basis,
        details={"counts": dict(counts), "draws": draws},
        provenance=Provenance(column="tier", decimals=0),
    )


def write_robustness(robustness: Robustness, *, folder: Path) -> None:
    """Write the report and what the draws are made from into a folder that is not yet public."""
    report = robustness.report | {"evidence": write_stored_run(robustness.kept, folder=folder)}
    text = json.dumps(report, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / REPORT).write_bytes(text.encode() + b"\n")
