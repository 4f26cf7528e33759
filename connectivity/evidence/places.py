"""The places on show as a table to hand over: each rank beside its range, and what it all rests on."""

from __future__ import annotations

import pandas as pd

from connectivity.claims.about_certainty import reading
from connectivity.claims.claim import Basis
from connectivity.quality.notice import noted
from connectivity.schema import COUNTS, RANKING_COLUMNS, TWO_DECIMALS
from layers.intake.cells import harmless

RANKS, RANGE = ("severity_rank", "scale_rank"), ("rank_median", "rank_p05", "rank_p95")


def places_csv(areas: pd.DataFrame, *, basis: Basis) -> str:
    """Write places as CSV: the columns of a ranking, the range of each rank, how sure it is, release and kind.

    No place has a rank without its range, or where its council's places cannot be told apart (``told_apart``). The last
    column of a build that must not be published says so.

    Parameters
    ----------
    areas
        Of a build, index ``area_code``, by the study's own weights.
    basis
        What the figures rest on.
    """
    table = areas.reset_index().sort_values(["severity_rank", "area_code"], na_position="last")
    made = table[list(RANKING_COLUMNS)].copy()
    apart = table["separable"].astype(bool) if "separable" in table else pd.Series(data=True, index=table.index)
    drawn = "rank_p05" in table
    for column in RANGE:
        made[column] = table[column].where(apart) if drawn else pd.NA
    for column in RANKS:
        made[column] = made[column].where(apart & drawn)
    for column in (*COUNTS, *RANGE):
        made[column] = pd.to_numeric(made[column]).round().astype("Int64")
    for column in TWO_DECIMALS:
        made[column] = made[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    made["among_the_worst"] = [reading(tier).cell for tier in table["tier"]] if drawn else ""
    made["told_apart"], made["release"], made["modelled"] = apart.to_numpy(), basis.release, basis.modelled
    made["fixed_wireless_counted"], made["mobile_counted"] = basis.counts_fwa, basis.counts_mobile
    for column in ("area_code", "area_name", "district_code", "district_name"):
        made[column] = made[column].map(harmless)
    return noted(made, notice=basis.notice).to_csv(index=False, lineterminator="\n")
