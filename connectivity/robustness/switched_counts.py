"""Counts of a build with a switch turned: someone else who works, fixed wireless or mobile counted the other way.

They are reckoned when a reader asks, from the evidence that a build keeps, by its arithmetic and its draws: the
counts with fixed wireless the other way are those of ``routes.parquet``. Scores, ranks and tiers are the study's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import pandas as pd

from connectivity.method.feasibility import NOT_TOLD_APART, has_count, infeasible
from connectivity.method.records import BUSINESS, ESSENTIAL, HOME_WORKER, HOUSEHOLD, PROFILES, Profile
from connectivity.method.scoring import of_councils
from connectivity.robustness.count_draws import FEW_DRAWS, CountDraws, count_draws
from connectivity.robustness.stored_run import StoredRun

Worker = Literal["remote", "household", "business"]
Turned = Literal["who", "wireless", "mobile"]
"""What can be turned, as a link names it."""
WORKERS: Mapping[str, Profile] = MappingProxyType({"one": HOME_WORKER, "household": HOUSEHOLD, "cloud": BUSINESS})
"""Who works, as a link names them; the first is the study's own."""
ROUTES: Mapping[str, bool] = MappingProxyType({"in": True, "out": False})
"""Whether a route counts, as a link names it."""
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"who": tuple(WORKERS), "wireless": tuple(ROUTES), "mobile": tuple(ROUTES)}
)
INDOORS = "indoor_4g"


@dataclass(frozen=True, slots=True)
class Switch:
    """What is counted, where it is not what the study counts.

    Attributes
    ----------
    worker
        Whose work the count of a home worker is about.
    fwa, mobile
        Whether fixed wireless and mobile count; None as in the study.
    """

    worker: Worker = "remote"
    fwa: bool | None = None
    mobile: bool | None = None

    @property
    def routes(self) -> bool:
        """Whether routes are counted otherwise."""
        return self.fwa is not None or self.mobile is not None

    def changes(self, profile: str) -> bool:
        """Say whether it changes the counts of ``remote`` or of ``digital``.

        >>> [Switch("household").changes(key) for key in ("remote", "digital")], Switch(fwa=False).changes("digital")
        ([True, False], True)
        """
        return self.routes or (profile == "remote" and self.worker != "remote")


AS_BUILT = Switch()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader may turn in a build.

    Attributes
    ----------
    own
        What the study has, by the part of a link.
    refused
        What cannot be turned.
    kept
        Whether the build kept what a new count is made from.
    """

    own: Mapping[str, str] = field(default_factory=lambda: {"who": "one", "wireless": "out", "mobile": "out"})
    refused: frozenset[str] = frozenset(WORDS)
    kept: bool = False

    def switch(self, asked: Mapping[str, str | None]) -> Switch:
        """Read a switch off the parts of a link; what is the study's own, or refused, stays as it is."""
        turned = {
            name: text
            for name, text in asked.items()
            if text and name not in self.refused and text in WORDS[name] and text != self.own[name]
        }
        routes = {"fwa": turned.get("wireless"), "mobile": turned.get("mobile")}
        worker = WORKERS[turned.get("who", "one")].key
        known = {name: None if text is None else ROUTES[text] for name, text in routes.items()}
        return Switch("remote" if worker == "digital" else worker, **known)


NOTHING_KEPT = Choices()
"""Of a build that kept nothing to count again from."""


@dataclass(frozen=True, slots=True)
class SwitchedCounts:
    """Counts with a switch turned.

    Attributes
    ----------
    columns
        Of ``areas.parquet``, those that are other now, index ``area_code``: of each activity whose count changes
        ``…_infeasible_low``, ``…_infeasible`` and ``…_infeasible_high``, ``…_download_fails`` and ``…_upload_fails``,
        and the share that a map paints, ``score_…``, 0 to 100. Missing where an area has no count.
    drawn
        Draws of them, of a modelled build: the range of any sum comes from them. None for others, whose range is that
        of what the figures mean.
    """

    columns: pd.DataFrame
    drawn: CountDraws | None


def choices_of(run: StoredRun) -> Choices:
    """Say what can be turned: what the release has figures for in every area that would be counted again."""
    coverage, refused = run.coverage, set()
    if coverage.basis not in HOUSEHOLD.uploads:
        refused.add("who")
    if not coverage.has_fwa or coverage.table.loc[run.scored, ["below_decent", "fwa"]].isna().any(axis=None):
        refused.add("wireless")
    if INDOORS not in coverage.table:
        refused.add("mobile")
    words = {known: word for word, known in ROUTES.items()}
    own = {"who": "one", "wireless": words[run.count_fwa], "mobile": words[INDOORS in coverage.table]}
    return Choices(own, frozenset(refused), kept=True)


def switched_counts(
    run: StoredRun, *, areas: pd.DataFrame, switch: Switch, drawn: CountDraws | None = None
) -> SwitchedCounts:
    """Count a build's areas again with a switch turned.

    Parameters
    ----------
    run
        What the build's draws are made from.
    areas
        Of the build, index ``area_code``; ``status, district_code, premises``.
    switch
        What is counted.
    drawn
        The build's own drawn counts, which stay those of an activity that the switch does not change.

    Raises
    ------
    StudyError
        When the release cannot answer.
    """
    known = areas.index[has_count(areas["status"])].sort_values()
    here = INDOORS in run.coverage.table
    fwa, mobile = (
        own if asked is None else asked for own, asked in ((run.count_fwa, switch.fwa), (here, switch.mobile))
    )
    activities = {"remote": PROFILES[switch.worker], "digital": ESSENTIAL}
    activities = {key: profile for key, profile in activities.items() if switch.changes(key)}
    columns, alike = {}, areas["status"].eq(NOT_TOLD_APART)
    again = _draws(run, areas=known, activities=activities, fwa=fwa, mobile=mobile) if run.coverage.modelled else None
    for key, profile in activities.items():
        counts = infeasible(run.coverage, profile, count_fwa=fwa, count_mobile=mobile).loc[known]
        ends = counts[["low", "high"]]
        if again is not None:
            ends = again.of_areas(profile=key).loc[known]
        columns[f"{key}_infeasible_low"] = ends["low"].clip(upper=counts["best"])
        columns[f"{key}_infeasible"] = counts["best"]
        columns[f"{key}_infeasible_high"] = ends["high"].clip(lower=counts["best"])
        for name in ("download_fails", "upload_fails"):
            columns[f"{key}_{name}"] = counts[name]
        columns[f"score_{key}"] = 100 * counts["share"]
    table = pd.DataFrame(columns).reindex(areas.index)
    painted = [f"score_{key}" for key in activities]
    table[painted] = of_councils(
        table[painted], districts=areas["district_code"], premises=areas["premises"], alike=alike
    )
    if again is not None and drawn is not None:
        again = replace(again, shares={**drawn.shares, **again.shares})
    return SwitchedCounts(table, again)


def _draws(
    run: StoredRun, *, areas: pd.Index, activities: Mapping[str, Profile], fwa: bool, mobile: bool
) -> CountDraws:
    """Draw the counts of all areas that have one: as many draws as routes counted the other way have."""
    ours = replace(run, scored=areas, count_fwa=fwa, draws=FEW_DRAWS)
    plan = ours.plan
    inputs = tuple(replace(one, central=float(mobile)) if one.key == "mobile" else one for one in plan.inputs)
    return count_draws(ours.evidence(), plan=replace(plan, inputs=inputs), activities=activities)
