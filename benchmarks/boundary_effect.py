"""Would the same places be worst with other lines on the map? Wards, and where they can be counted output areas."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from benchmarks.rescoring import Case
from connectivity.places.reportable import WARD, located, reports_of
from connectivity.robustness.boundary_effect import (
    MOBILE,
    SIDE_COLUMNS,
    Effect,
    Scoring,
    added_up,
    by_larger,
    effect,
    rescored,
)
from layers.coverage import Coverage
from layers.errors import StudyError
from layers.intake.tables import Column, read_headings, read_table
from layers.joined import Joined
from layers.lookups import without_spaces
from layers.study import Study

OUTPUT_AREA, POSTCODE = "oa11cd", "pcds"
"""Columns of the postcode table; output areas of 2011 nest in LSOA 2011."""


def effects(study: Study, joined: Joined, areas: pd.DataFrame) -> list[Effect]:
    """Recompute the scores of a study by the units that it can."""
    case = Case.of(joined, study)
    scoring = Scoring(case.weights, case.aggregation, case.absent, case.count_fwa, study.switches.mobile)
    return [one for one in (_smaller(study, joined, areas, scoring), _larger(study, joined, areas, scoring)) if one]


def _larger(study: Study, joined: Joined, areas: pd.DataFrame, scoring: Scoring) -> Effect | None:
    """Score wards: areas divided by their outlines, else whole in the ward they are named after."""
    try:
        _, shares = reports_of(study, joined, areas, places=located(study, joined), asked=[WARD])[0]  # type: ignore[arg-type]
    except StudyError:  # the study has no outlines of wards
        named = joined.areas["ward_name"].fillna("")
        wards = (joined.areas["district_code"] + " " + named)[named.ne("")]
        if wards.empty:
            return None
        inside = pd.DataFrame({"area_code": wards.index, "key": wards.to_numpy(), "share": 1.0})
        return by_larger(areas, coverage=joined.coverage, inside=inside, scoring=scoring, unit="ward, whole areas")[0]
    whole = {"code": "whole areas", "best fit": "whole areas, best fit"}
    unit = f"ward, {whole.get(shares.method) or f'areas divided by {shares.method}'}"
    return by_larger(areas, coverage=joined.coverage, inside=shares.inside, scoring=scoring, unit=unit)[0]


def _smaller(study: Study, joined: Joined, areas: pd.DataFrame, scoring: Scoring) -> Effect | None:
    """Score output areas of 2011, added up from postcodes; None where a study has no counts by postcode."""
    fine, layer = joined.coverage.by_postcode, study.layer("postcodes")
    if fine is None or layer is None or study.geography != "lsoa11":
        return None
    path = study.paths(layer)[0]
    if OUTPUT_AREA not in read_headings(path, member=layer.member):
        return None
    columns = [Column("postcode", (POSTCODE,), "code"), Column("unit", (OUTPUT_AREA,), "code")]
    columns.append(Column("area", ("lsoa11cd",), "code"))
    table = read_table(path, columns, member=layer.member)
    table = table.assign(postcode=without_spaces(table["postcode"])).drop_duplicates("postcode").set_index("postcode")
    ours = table.reindex(fine.table.index)
    ours = ours[ours["unit"].fillna("").ne("")]
    parts = pd.DataFrame({"area_code": ours.index, "key": ours["unit"].to_numpy(), "share": 1.0})
    area_of = ours.drop_duplicates("unit").set_index("unit")["area"]
    units = added_up(fine, parts=parts)
    return by_smaller(
        areas, fine=units, area_of=area_of, coverage=joined.coverage, scoring=scoring, unit="output area (of 2011)"
    )[0]


def by_smaller(
    areas: pd.DataFrame, *, fine: Coverage, area_of: pd.Series, coverage: Coverage, scoring: Scoring, unit: str
) -> tuple[Effect, pd.Series]:
    """Score smaller units, such as output areas, and give each small area their mean, weighed by premises.

    Parameters
    ----------
    areas
        A build's areas, index ``area_code``: ``score``, ``score_need``, ``score_alternative``.
    fine
        Premises in bands by the smaller unit: :attr:`layers.coverage.Coverage.by_output_area`.
    area_of
        By smaller unit, the small area it is in.
    coverage
        By small area: 4G, where it counts, is known for that.
    scoring
        As the study has it.
    unit
        What the units are called.

    Returns
    -------
    effect : Effect
    scores : pandas.Series
        The units' own scores; NaN where too little is known, as where there are fewer than ten premises.
    """
    place = area_of.reindex(fine.table.index)
    mobile = [name for name in coverage.table if str(name).startswith(MOBILE)]
    taken = coverage.table[mobile].reindex(place).set_axis(fine.table.index)
    whole = replace(fine, table=pd.concat([fine.table, taken], axis=1))
    sides = areas[SIDE_COLUMNS].reindex(place).set_axis(fine.table.index)
    scores = rescored(whole, sides=sides, scoring=scoring)
    weight = whole.table["premises"].where(scores.notna())
    implied = (scores * weight).groupby(place).sum(min_count=1) / weight.groupby(place).sum(min_count=1)
    return effect(areas["score"], implied, unit=unit, units=int(scores.notna().sum())), scores


def section(found: dict[str, list[Effect]]) -> str:
    """Write the section of docs/validation.md."""
    rows = [
        f"| {words} | {one.unit} | {one.units:,} | {one.areas:,} | {one.tau:.2f} | {one.worst:,} | "
        f"{len(one.enters):,} | {len(one.leaves):,} |"
        for words, effects_ in found.items()
        for one in effects_
    ]
    return "\n".join([HEAD, *rows, "", TAIL, ""])


HEAD = """# Would other lines on the map change who is worst?

Premises are added up to another unit and scored there; each small area takes the score of the unit it is in, and the
ranking is compared with its own (Kendall's tau-b). Need and alternatives stay those of the small area, as nothing finer
is published; a ward takes their mean by premises. No release by output area is at hand: those of 2013 are added up from
postcodes.

| study | unit | units | areas compared | tau-b | worst tenth | enter it | leave it |
|---|---|--:|--:|--:|--:|--:|--:|"""
TAIL = """Areas of one ward share its score, so that tau-b cannot reach 1 and a whole ward stands at the edge of the
tenth. A ward hides its worst corner: use wards to add up counts, and small areas to find the places."""
