"""Where public money may go: white, not white, or not known; never two states.

A premises is white where a review of the market found no gigabit network and no credible plan for one. Only BDUK's own
list says so. Without it nothing is known, and whoever decides has to be told that some or all may be barred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from connectivity.manifest import Manifest
from connectivity.outputs import Build
from layers.errors import LayerError
from layers.plans.subsidy import PREFIX

Standing = Literal["white", "not white", "not known"]
"""Of an area: some premises are white; none is, and all are known; nothing is known."""
NOT_KNOWN = "Eligibility not known: some or all may be barred or already promised."
"""Heads every figure of a study without BDUK's list."""
GIGABIT_FROM = 300.0
"""Mbit/s: the lines of the fastest band a release has, the nearest to a gigabit."""
RURAL, EVERYWHERE = "rural", "everywhere"
SPARSE = re.compile(r"under:(\d+(?:\.\d+)?)")


class ScopeError(LayerError):
    """A rule for where money may go that cannot be read or applied."""


@dataclass(frozen=True, eq=False)
class Eligibility:
    """What is known of where public money may go.

    Attributes
    ----------
    by_area
        Index ``area_code``; ``standing`` (`Standing`); ``in_scope``; ``without_gigabit`` (premises or lines without
        the fastest band); ``passed`` (of these, those that a scheme would pass: the white ones where that is known);
        ``share`` (of the premises without gigabit that may be helped; NaN, as ``passed``, where BDUK's list does not
        say); ``promised`` (white or not, with a plan or
        contract: never counted as built; NaN where not known).
    known
        Whether the study has BDUK's list.
    rule
        Which areas are in scope, as asked for.
    assumed
        Share of the premises taken as eligible where that is not known.
    """

    by_area: pd.DataFrame
    known: bool
    rule: str
    assumed: float

    @property
    def heading(self) -> str:
        """What has to stand above every figure; empty where eligibility is known."""
        return "" if self.known else NOT_KNOWN


def eligibility(build: Build, *, rural: pd.Series, scope: str | None = None, assumed: float = 1.0) -> Eligibility:
    """Return where public money may go in a build.

    Parameters
    ----------
    build
        A finished build.
    rural
        Index ``area_code``, whether it is rural.
    scope
        ``rural``, ``everywhere`` or ``under:N`` (premises per km²); None for everywhere with BDUK's list, and rural
        without it.
    assumed
        Share of the premises taken as eligible where that is not known, 0 to 1.

    Raises
    ------
    ScopeError
        If the rule or the share cannot be read.
    """
    if not 0 <= assumed <= 1:
        raise ScopeError(
            "The eligible share cannot be.",
            expected="a number from 0 to 1",
            found=f"{assumed:g}",
            next_step="give the share of the premises that public money may be spent on",
        )
    areas, known = build.areas, f"{PREFIX}white_not_planned" in build.areas
    rule = scope or (EVERYWHERE if known else RURAL)
    table = pd.DataFrame(index=areas.index)
    table["without_gigabit"] = without_gigabit(areas, manifest=build.manifest)
    listed = areas.get(f"{PREFIX}premises", pd.Series(float("nan"), index=areas.index)).notna()
    table["standing"] = "not known"
    table["share"] = assumed
    table["promised"] = float("nan")
    if known:
        white = areas[f"{PREFIX}white_not_planned"]
        waiting = areas[[f"{PREFIX}{name}" for name in ("planned", "not_planned", "plan_not_known")]].sum(axis=1)
        unsure = areas[[f"{PREFIX}{name}" for name in ("under_review", "not_stated", "plan_not_known")]].sum(axis=1)
        table.loc[listed, "standing"] = "not white"
        table.loc[listed & (white == 0) & (unsure > 0), "standing"] = "not known"
        table.loc[listed & (white > 0), "standing"] = "white"
        share = (white / waiting).where(waiting > 0, 0.0).clip(0, 1)  # where nothing waits there is nothing to pay for
        table["share"] = share.where(table["standing"] != "not known")
        table["promised"] = areas[f"{PREFIX}planned"] - areas[f"{PREFIX}deferred"]
    table["passed"] = table["without_gigabit"] * table["share"]
    table["in_scope"] = _in_scope(areas, rule=rule, rural=rural) & (table["passed"] > 0)
    return Eligibility(table, known, rule, assumed)


def without_gigabit(areas: pd.DataFrame, *, manifest: Manifest) -> pd.Series:
    """Return how many premises of each area have no line of the fastest band; all, where a release has none so fast."""
    fast = [band.column for band in manifest.bands if band.low >= GIGABIT_FROM]
    return (areas["premises"] - areas[fast].sum(axis=1)).clip(lower=0)


def _in_scope(areas: pd.DataFrame, *, rule: str, rural: pd.Series) -> pd.Series:
    if rule == EVERYWHERE:
        return pd.Series(data=True, index=areas.index)
    if rule == RURAL:
        return rural.reindex(areas.index).fillna(value=False).astype(bool)
    if asked := SPARSE.fullmatch(rule):
        return areas["premises_per_km2"].lt(float(asked[1]))
    raise ScopeError(
        f"The rule “{rule}” for which areas are in scope is not known.",
        expected=f"{RURAL}, {EVERYWHERE} or under:N, such as under:150 (premises per square kilometre)",
        found=rule,
        next_step="give one of these",
    )
