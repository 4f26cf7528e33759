"""The decisions as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from connectivity.claims import Basis
from connectivity.quality.notice import noted
from connectivity.service.alternatives import Alternative
from connectivity.service.decisions import COUNTER, HELP, ONLINE, UNKNOWN, in_order
from connectivity.service.readings import READINGS
from connectivity.service.services import Service
from layers.tabular.hostile import harmless

COUNTS = ("people_low", "people", "people_high", "unable_low", "unable", "unable_high")


def decisions_csv(
    found: pd.DataFrame, *, areas: pd.DataFrame, service: Service, known: Sequence[Alternative], basis: Basis
) -> str:
    """Write every place's decision as CSV: those that keep the counter first, those without enough data last.

    UTF-8, LF, commas; empty where not known. Names that a spreadsheet would run are refused when a study is built; one
    that came in another way is set behind an apostrophe. The last column says so where this must not be published.
    """
    ordered = pd.concat([in_order(found, steps=[step]) for step in (COUNTER, HELP, ONLINE, UNKNOWN)])
    rows = areas.loc[ordered.index]
    table = pd.DataFrame({"area_code": ordered.index, "area_name": rows["area_name"].to_numpy()})
    table["district_name"] = rows["district_name"].to_numpy()
    table["service"] = service.name
    for name in ("decision", "least", "most"):
        table[name] = [READINGS[step].name(basis) for step in ordered[name]]
    unit = basis.unit
    for column in COUNTS:
        name = column.replace("unable", f"{unit}_unable")
        table[name] = [_number(value, digits=1) for value in ordered[column]]
    table[unit] = [_number(value, digits=0) for value in rows["premises"]]
    table["people_estimated"] = ordered["people_estimated"].astype(bool).to_numpy()
    table["told_apart"] = rows["separable"].astype(bool).to_numpy() if "separable" in rows else True
    for one in known:
        table[f"{one.key}_km"] = [_number(value, digits=1) for value in rows[one.column]]
    table["release"], table["modelled"] = basis.release, basis.modelled
    for column in ("area_code", "area_name", "district_name"):
        table[column] = table[column].map(harmless)
    return noted(table, notice=basis.notice).to_csv(index=False, lineterminator="\n")


def _number(value: float, *, digits: int) -> str:
    return "" if pd.isna(value) else f"{value:.{digits}f}"
