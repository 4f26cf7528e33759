"""What is known of areas → their counts, scores and ranks: what a build does, and whoever checks one does again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from connectivity.method import feasibility, ranking, scoring
from connectivity.method.kernel import Aggregation
from connectivity.method.records import ESSENTIAL, HOME_WORKER, Indicator
from connectivity.places.lenses import lens_columns
from connectivity.robustness.count_draws import CountDraws
from layers.coverage import Coverage

NAMES = ("area_name", "district_code", "district_name")
BESIDE = ("official_name", "ward_name", "settlements", "rural_urban", "separable")
"""What is known of an area and only handed on; with `NAMES`, the lenses and residents, it is all a build is told
beside coverage and indicators."""
Areas = TypeVar("Areas", bound=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class StudyChoices:
    """A study's switches, as :class:`layers.study.Switches` has them."""

    fwa: bool = True
    mobile: bool = False
    aggregation: Aggregation = "geometric"
    need_multiplier: float = 1.0
    missing_areas_allowed: float = 0.0


def told_columns(areas: pd.DataFrame) -> list[str]:
    """List the columns of a joined table that areas are told by, indicators aside."""
    return [*(name for name in (*NAMES, *BESIDE, "residents") if name in areas), *lens_columns(areas)]


def assessed(
    areas: pd.DataFrame,
    *,
    coverage: Coverage,
    chosen: Sequence[Indicator],
    weights: scoring.Weights,
    choices: StudyChoices,
) -> pd.DataFrame:
    """Count, score and rank areas.

    Parameters
    ----------
    areas
        Index ``area_code``; `told_columns`, and the indicators' raw columns.
    coverage
        Premises in bands.
    chosen
        The declared indicators.
    weights
        In any scale.
    choices
        The study's switches.

    Returns
    -------
    pandas.DataFrame
        Index as `areas`; the columns of ``docs/outputs.md`` but outlines and draws, unrounded. Figures of an area that
        is not scored are NaN, its premises are not.
    """
    status = feasibility.status(coverage, areas=areas.index)
    scored = status.eq(feasibility.SCORED)
    figures = {}
    for profile in (HOME_WORKER, ESSENTIAL):
        counts = feasibility.infeasible(coverage, profile, count_fwa=choices.fwa, count_mobile=choices.mobile)
        figures[profile.key] = counts.reindex(areas.index).where(scored)
    shares = pd.DataFrame({key: counts["share"] for key, counts in figures.items()})
    dimensions = scoring.dimensions(areas, shares=shares, indicators=chosen).where(scored)
    alike, counts = scored & ~areas["separable"], coverage.table.reindex(areas.index)
    dimensions = scoring.of_councils(
        dimensions, districts=areas["district_code"], premises=counts["premises"], alike=alike
    )
    aggregation = choices.aggregation
    absent = scoring.absent_dimensions(chosen)
    score = scoring.score(dimensions, weights=weights, aggregation=aggregation, absent=absent)
    parts = scoring.contributions(dimensions, weights=weights, aggregation=aggregation, absent=absent)
    status = status.mask(alike, feasibility.NOT_TOLD_APART)
    status = status.mask(scored & score.isna(), "not enough data: a dimension of the study is not known")
    ranked = status.eq(feasibility.SCORED)
    residents = areas["residents"] if "residents" in areas else pd.Series(float("nan"), index=areas.index)
    lines = coverage.unit == "lines"
    affected = ranking.people(
        counts["premises"] if lines else residents,  # lines of 2013 are never multiplied by residents (method §6)
        premises=counts["premises"],
        share=figures["remote"]["share"],
        need=dimensions["score_need"],
        multiplier=choices.need_multiplier,
    ).where(score.notna())
    columns = {
        "severity_rank": ranking.severity_rank(score.where(ranked)),
        "scale_rank": ranking.scale_rank(affected["people"].where(ranked)),
        **{name: areas[name] for name in NAMES},
        "status": status,
        "premises": counts["premises"],
        "premises_unknown": counts["unknown"],
    }
    for key in (HOME_WORKER.key, ESSENTIAL.key):
        for suffix, name in (("_low", "low"), ("", "best"), ("_high", "high")):
            columns[f"{key}_infeasible{suffix}"] = figures[key][name]
    table = pd.concat([pd.DataFrame(columns), score, dimensions, parts], axis=1)
    for key in (HOME_WORKER.key, ESSENTIAL.key):
        for name in ("download_fails", "upload_fails", "depth"):
            table[f"{key}_{name}"] = figures[key][name]
    beside = feasibility.flagged(coverage, HOME_WORKER)
    if beside is not None:
        table["remote_flagged"] = beside.reindex(areas.index).where(scored)
    people = affected.assign(people=float("nan"), people_estimated=False) if lines else affected
    table = pd.concat([table, areas[[*BESIDE, *lens_columns(areas)]], counts[coverage.columns], people], axis=1).assign(
        residents=residents
    )
    for indicator in chosen:
        values = areas[list(indicator.columns)].mean(axis=1, skipna=False)
        table[f"value_{indicator.key}"] = values * indicator.scale
    return table


def with_drawn_ranges(areas: Areas, *, drawn: CountDraws) -> Areas:
    """Give modelled counts the range of the model: between which counts each area lies in nine of ten draws.

    Returns
    -------
    pandas.DataFrame
        As `areas`, with ``…_infeasible_low`` and ``…_infeasible_high`` from the draws, widened where they would leave
        the best estimate out, and ``modelled_rmse``, the root mean square error of a home worker's count, in premises.
    """
    found, ranges = areas.copy(), {key: drawn.of_areas(profile=key) for key in (HOME_WORKER.key, ESSENTIAL.key)}
    for key, table in ranges.items():
        each = table.reindex(areas.index)
        best = areas[f"{key}_infeasible"]
        found[f"{key}_infeasible_low"] = each["low"].clip(upper=best)
        found[f"{key}_infeasible_high"] = each["high"].clip(lower=best)
    return found.assign(modelled_rmse=ranges[HOME_WORKER.key]["rmse"].reindex(areas.index))
