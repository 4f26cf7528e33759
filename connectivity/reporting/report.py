"""The same premises, reported by any boundary: counts that add up to the build's, whatever the boundary.

A score belongs to a small area and is never added up: a boundary gets counts, and its worst areas by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectivity.method.feasibility import SCORED
from connectivity.method.profiles import FEWEST
from layers.families import Family
from layers.figures import Figure
from layers.shares import Method, Shares

INFEASIBLE = tuple(f"{key}_infeasible{end}" for key in ("remote", "digital") for end in ("_low", "", "_high"))
COUNTS = ("premises", "premises_unknown", "premises_scored", *INFEASIBLE)
"""What is added up; the infeasible counts are of the scored premises."""
PLACE, NOT_ASSIGNED, TWICE, TOTAL = "place", "not assigned", "counted twice", "total"
MOSTLY = Figure(
    0.5, "of an area's premises", "inside a place, for the area to be named as one of its worst", "assumption"
)
NAMED = 3
"""Worst areas named for a place (assumption: as many as a sentence holds)."""
NOISE = Figure(1e-9, "of all premises", "largest gap of a float's rounding between a sum and its total", "assumption")


@dataclass(frozen=True, slots=True)
class Report:
    """The figures by one boundary.

    Attributes
    ----------
    family
        What the places are; its name is the report's.
    method
        How areas were divided.
    rows
        Places by name, then what is not assigned by reason, what is counted twice (where places overlap) and the
        total, in that order. ``row`` says which; ``code``, ``name``; `COUNTS`, NaN where not known; ``areas`` touched,
        ``areas_whole``, ``premises_whole`` (of the place's, those in whole areas; NaN for a best fit), ``worst`` by
        name and ``worst_codes`` in the same order.
    """

    family: Family
    method: Method
    rows: pd.DataFrame

    @property
    def places(self) -> pd.DataFrame:
        """The places alone."""
        return self.rows[self.rows["row"] == PLACE]

    @property
    def total(self) -> float:
        """All premises the places and the other rows add up to."""
        return float(self.rows.loc[self.rows["row"] == TOTAL, "premises"].iloc[0])

    @property
    def counted_twice(self) -> float:
        """Premises that are in more than one place, each further time counted."""
        return float(self.rows.loc[self.rows["row"] == TWICE, "premises"].sum())

    @property
    def not_assigned(self) -> dict[str, float]:
        """Premises in no place, by reason."""
        rest = self.rows[self.rows["row"] == NOT_ASSIGNED]
        return dict(zip(rest["name"], rest["premises"].astype(float), strict=True))

    @property
    def modelled(self) -> bool:
        """Whether any area was divided, or put whole where it is not."""
        divided = self.places["premises"] - self.places["premises_whole"] > NOISE.value * max(self.total, 1)
        return self.method == "best fit" or bool(divided.any())


def report(
    places: pd.DataFrame, *, shares: Shares, areas: pd.DataFrame, family: Family, beyond: Mapping[str, float]
) -> Report:
    """Add up a build's areas by the places of a boundary.

    Parameters
    ----------
    places
        Index ``key``; ``code``, ``name``.
    shares
        Which part of each area lies where.
    areas
        A build's areas, index ``area_code``.
    family
        What the places are.
    beyond
        Premises that reach no small area, by reason; they are in no place.

    Raises
    ------
    RuntimeError
        When the rows do not add up: a fault of the program, never of the user.
    """
    figures = counted(areas)
    parts = _by(shares.inside, figures, "key").reindex(places.index)
    found = places.join(parts).join(_about(shares.inside, areas, figures))
    found[["areas", "areas_whole"]] = (
        found[["areas", "areas_whole"]].fillna(0).astype(int)
    )  # none: counted, not unknown
    touched = found["areas"] > 0
    if not family.own:
        found, touched = found[touched], touched[touched]  # those of a file that reaches beyond the study
    found.loc[~touched, list(COUNTS)] = 0.0
    found["premises_whole"] = found["premises_whole"].fillna(0.0)
    if shares.method == "best fit":  # whether an area lies wholly inside is not known
        found[["areas_whole", "premises_whole"]] = float("nan")
    outside = _by(shares.outside, figures, "reason")
    whole = figures.sum(min_count=1).fillna(0.0)
    twice = found[list(COUNTS)].sum() + outside.sum() - whole
    extra = pd.DataFrame({"premises": pd.Series(dict(beyond), dtype=float)})
    total = whole.copy()
    total["premises"] += extra["premises"].sum()
    noise = NOISE.value * max(float(total["premises"]), 1.0)
    if twice["premises"] < -noise or (twice["premises"] > noise and not family.overlaps):
        raise RuntimeError(f"the rows by {family.name} differ from the total by {twice['premises']}")
    rest = pd.concat([outside, extra]).rename_axis("name").reset_index().assign(row=NOT_ASSIGNED)
    ends = [_line(TOTAL, "All", total)]
    if twice["premises"] > noise:
        ends.insert(0, _line(TWICE, "In more than one", twice))
    ordered = found.assign(row=PLACE).sort_values(["name", "code"], kind="stable").reset_index(drop=True)
    rows = pd.concat([ordered, rest[rest["premises"] > 0], *ends], ignore_index=True)
    texts = ["code", "worst", "worst_codes"]
    rows[texts] = rows[texts].fillna("")
    columns = ["row", "code", "name", *COUNTS, "areas", "areas_whole", "premises_whole", *texts[1:]]
    return Report(family, shares.method, rows[columns])


def counted(areas: pd.DataFrame) -> pd.DataFrame:
    """Give the figures of each area that can be added up; the infeasible ones NaN where an area is not scored."""
    scored = areas["status"].eq(SCORED)
    figures = areas[[name for name in COUNTS if name != "premises_scored"]].astype(float)
    return figures.assign(premises_scored=areas["premises"].where(scored, 0.0))[list(COUNTS)]


def percent(row: Mapping[Any, Any], *, profile: str) -> float | None:
    """Give the best estimate as a percentage of the premises that were scored; None under ten premises (method §3)."""
    of = float(row["premises_scored"])
    if not of >= FEWEST.value:
        return None
    return 100 * float(row[f"{profile}_infeasible"]) / of


def _line(row: str, name: str, counts: pd.Series) -> pd.DataFrame:
    return pd.DataFrame([{"row": row, "name": name, **counts.to_dict()}])


def _by(parts: pd.DataFrame, figures: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add up parts of areas by place or by reason."""
    spread = figures.reindex(parts["area_code"]).mul(parts["share"].to_numpy(), axis=0)
    return spread.groupby(parts[by].to_numpy()).sum(min_count=1)


def _about(inside: pd.DataFrame, areas: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Say of each place how many areas it touches, how many it holds whole, and which are its worst."""
    whole = inside[inside["share"] >= 1]
    table = pd.DataFrame(
        {
            "areas": inside.groupby("key").size(),
            "areas_whole": whole.groupby("key").size(),
            "premises_whole": whole["area_code"].map(figures["premises"]).astype(float).groupby(whole["key"]).sum(),
        }
    )
    ranked = areas["severity_rank"].notna() & areas["separable"].astype(bool)
    mostly = inside[(inside["share"] >= MOSTLY.value) & inside["area_code"].isin(areas.index[ranked])]
    mostly = mostly.assign(rank=mostly["area_code"].map(areas["severity_rank"]).astype(float))
    first = mostly.sort_values(["key", "rank", "area_code"]).groupby("key").head(NAMED)
    table["worst"] = first["area_code"].map(areas["area_name"]).groupby(first["key"]).agg("; ".join)
    table["worst_codes"] = first.groupby("key")["area_code"].agg(" ".join)
    return table
