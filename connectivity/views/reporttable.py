"""The places of a report as rows of a table: their names, the council each lies in, their figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity.claims import about_boundaries, about_places
from connectivity.claims.grammar import number
from connectivity.places.reports import MOSTLY, PLACE, Report, how, percent
from connectivity.views.view import View


def labels(places: pd.DataFrame) -> list[str]:
    """Name places; where two share a name, the code tells them apart."""
    twice = places["name"].duplicated(keep=False) & places["code"].ne("")
    return list(places["name"].where(~twice, places["name"] + " · " + places["code"]))


def councils(places: pd.DataFrame, *, inside: pd.DataFrame, areas: pd.DataFrame) -> dict[str, str]:
    """Name the council that each place lies in, by what stands for the place; none for one in several, or a council.

    Parameters
    ----------
    places
        Of a report: index ``key``; ``code``, ``name``.
    inside
        Which part of each area lies where: ``area_code``, ``key``, ``share``.
    areas
        A build's areas.
    """
    mostly = inside[inside["share"] >= MOSTLY.value]
    met = mostly["area_code"].map(areas["district_name"]).groupby(mostly["key"]).unique()
    found = {}
    for key, names in met.items():
        code, called = (str(places.loc[str(key), column]) for column in ("code", "name"))
        if len(names) == 1 and names[0] != called:
            found[code or called] = str(names[0])
    return found


def rows(view: View, found: Report, keys: pd.Series, *, councils: Mapping[str, str]) -> list[list[Any]]:
    """Write the table's rows as `areatable.rows` does; a name's second line says its council, and what is modelled.

    Parameters
    ----------
    keys
        What stands for each place.
    councils
        From `councils`, by that.
    """
    made_of = []
    for key, name, row in zip(keys, labels(found.places), found.places.to_dict("records"), strict=True):
        if row["row"] != PLACE:
            continue
        made = "" if found.method == "best fit" else how({str(k): v for k, v in row.items()}, method=found.method)
        head = [key, name, ", ".join(filter(None, [councils.get(key, ""), made]))]
        claim = about_boundaries.claim_of(row, family=found.family, profile=view.profile, basis=view.basis)
        if claim is None:
            made_of.append([*head, None, None, None, "no figure", "", None, about_places.NOT_ENOUGH])
            continue
        share = percent(row, profile=view.profile)
        numbers = [round(value, 2) for value in (claim.best, claim.low, claim.high)]
        lines = [f"{claim.said_best}| of {claim.said_of}", f"{number(claim.low)} to {number(claim.high)}"]
        third = [None, "too few to say"] if share is None else [round(share, 2), view.basis.unit]
        made_of.append([*head, *numbers, *lines, *third])
    return made_of
