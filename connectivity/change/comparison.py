"""Two or more finished builds compared: areas, councils, totals, what a change is made of, and who is left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from connectivity.change.comparability import BuildSummary, Comparability, comparability_of
from connectivity.change.renaming import renaming_of, unchecked
from connectivity.claims.claim import Basis
from connectivity.method.feasibility import infeasible
from connectivity.method.kernel import DECENT_DOWNLOAD
from connectivity.method.records import ESSENTIAL, FEWEST, HOME_WORKER, Profile
from connectivity.outputs import Build
from layers.coverage import Band, Coverage, bands_between
from layers.figures import Figure

CHANGE, COUNCILS, BEHIND, SUMMARY = "change.csv", "change_councils.csv", "left_behind.csv", "change.json"
"""What a comparison is written to."""
PLACES = ("area_name", "district_code", "district_name")


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted: premises that cannot do an activity, by every route the study counts or by line alone."""

    key: str
    profile: Profile
    line_only: bool


COUNTS = {
    count.key: count
    for count in (
        Count("remote", HOME_WORKER, line_only=False),
        Count("digital", ESSENTIAL, line_only=False),
        Count("remote_line", HOME_WORKER, line_only=True),
        Count("digital_line", ESSENTIAL, line_only=True),
    )
}
"""The two by line alone rest on speed bands only, whose meaning has not changed since 2018."""


def counts_of(build: Build, *, summaries: Sequence[BuildSummary], count: Count) -> pd.DataFrame | None:
    """Take a count off a build.

    Parameters
    ----------
    build
        As read back.
    summaries
        Every build of the comparison: a count by line alone uses the edges of bands that all of them have.
    count
        Which one.

    Returns
    -------
    pandas.DataFrame or None
        Index ``area_code``; ``premises, unknown, low, best, high``; NaN where the build has no figure.
        None when the bands cannot answer.
    """
    areas = build.areas
    key = count.profile.key
    table = pd.DataFrame(
        {
            "premises": areas["premises"],
            "unknown": areas["premises_unknown"],
            "low": areas[f"{key}_infeasible_low"],
            "best": areas[f"{key}_infeasible"],
            "high": areas[f"{key}_infeasible_high"],
        }
    ).astype(float)
    known = table["best"].notna()
    if not count.line_only:
        return table.where(known)
    coverage = _by_line(build, summaries)
    if coverage is None or count.profile.download.value not in {band.low for band in coverage.bands}:
        return None
    found = infeasible(coverage, count.profile, count_fwa=False)
    return table.assign(**{name: found[name] for name in ("low", "best", "high")}).where(known)


def _by_line(build: Build, summaries: Sequence[BuildSummary]) -> Coverage | None:
    """Put a build's bands together again, cut at the edges that every build has."""
    own = BuildSummary.of(build.manifest)
    shared = set.intersection(*({band.low for band in summary.bands} for summary in summaries))
    edges = sorted(edge for edge in shared if edge >= DECENT_DOWNLOAD)
    if own.basis != "availability" or not edges:
        return None
    bands = bands_between(*edges)
    areas = build.areas
    table = pd.DataFrame({"premises": areas["premises"], "unknown": areas["premises_unknown"]}, dtype=float)
    table["matched"] = table["premises"] - table["unknown"]
    for band in bands:
        table[band.column] = areas[[part.column for part in own.bands if _within(part, band)]].sum(axis=1, skipna=False)
    table = table.assign(below_decent=np.nan, fwa=np.nan)
    return Coverage(table, bands, own.release, unit="premises", basis="availability", modelled=own.modelled)


def _within(part: Band, whole: Band) -> bool:
    return whole.low <= part.low and part.high <= whole.high


# An area has N premises, K of them of unknown speed, and I that cannot do an activity (best estimate). With p = I / N,
# and a bar for the mean of old and new::
#
#     I_new - I_old = (N - K)bar * dp  +  Kbar * dp  +  pbar * dN
#                     speed effect       unknown      premises effect
#
# Exact, without a rest, and the same but for its sign when old and new change places (Bennet 1920). Totals are sums
# over areas. ``docs/change.md`` has a worked example, decision 0006 the reasons.


NO_CHANGE = Figure(0.5, "premises", "a best estimate that moves less has not changed", "assumption")
EFFECTS = ("speed_effect", "unknown_effect", "premises_effect", "definition_effect")
"""Together exactly ``change``; empty ones cannot be told apart from the definition's."""
GROSS = ("newly_able_at_least", "newly_unable_at_least")
REDEFINED, CORRECTED, RECOUNTED = "definition changed", "correction", "premises counted anew"


def effects(old: pd.DataFrame, new: pd.DataFrame, *, redefined: bool = False) -> pd.DataFrame:
    """Split the change of each row into what it is made of.

    Parameters
    ----------
    old, new
        Same index; ``premises, unknown, low, best, high``, in premises; ``premises`` above 0 where ``best`` is known.
    redefined
        Whether the count means something else in the new build: then all of its change stands under
        ``definition_effect``, and nothing is called better or worse.

    Returns
    -------
    pandas.DataFrame
        ``change``; the four of ``EFFECTS``, which sum to it; the two of ``GROSS``; NaN where not known.
    """
    change = new["best"] - old["best"]
    unknown = pd.Series(float("nan"), index=change.index)
    if redefined:
        parts = dict.fromkeys(EFFECTS, unknown) | {"definition_effect": change}
        return pd.DataFrame({"change": change, **parts, **dict.fromkeys(GROSS, unknown)})
    share_old, share_new = (count["best"] / count["premises"].where(count["premises"] > 0) for count in (old, new))
    step, middle = share_new - share_old, (share_old + share_new) / 2
    known = ((old["premises"] - old["unknown"]) + (new["premises"] - new["unknown"])) / 2
    rate = (old["premises"] + new["premises"]) / 2 * step
    return pd.DataFrame(
        {
            "change": change,
            "speed_effect": known * step,
            "unknown_effect": (old["unknown"] + new["unknown"]) / 2 * step,
            "premises_effect": middle * (new["premises"] - old["premises"]),
            "definition_effect": change.mask(change.notna(), 0.0),
            "newly_able_at_least": (-rate).clip(lower=0),
            "newly_unable_at_least": rate.clip(lower=0),
        }
    )


def certainty(table: pd.DataFrame, *, instead: str | None = None) -> pd.Series:
    """Say how sure the direction of each row's change is.

    Parameters
    ----------
    table
        ``old_low, old, old_high, new_low, new, new_high`` and ``speed_effect``, which is empty where the count was
        redefined.
    instead
        What is said in place of a direction, where none may be called sure or likely.

    Returns
    -------
    pandas.Series
        ``sure fall`` or ``sure rise``: the two ranges do not touch. ``likely …``: lowest, best and highest estimate
        all moved that way. ``no change``: the best estimate stayed. Else ``unclear``. ``definition changed`` says
        nothing of better or worse. Missing where a figure is.
    """
    moves = [table[f"new{end}"] - table[f"old{end}"] for end in ("_low", "", "_high")]
    chosen = np.select(
        [
            table["old"].isna() | table["new"].isna(),
            table["speed_effect"].isna(),
            table["new_high"] < table["old_low"],
            table["new_low"] > table["old_high"],
            moves[1].abs() < NO_CHANGE.value,
            np.logical_and.reduce([move <= 0 for move in moves]),
            np.logical_and.reduce([move >= 0 for move in moves]),
        ],
        ["", REDEFINED, "sure fall", "sure rise", "no change", "likely fall", "likely rise"],
        "unclear",
    )
    said = pd.Series(chosen, index=table.index, dtype="str")
    if instead is not None:
        said = said.mask(~said.isin(["", REDEFINED]), instead)
    return said.where(said.ne(""))


LEFT_BEHIND = Figure(
    FEWEST.value, "premises that cannot do an activity", "an area with fewer is not listed as left behind", "assumption"
)


def areas_without_fall(builds: Sequence[Build], *, redefined: set[str]) -> pd.DataFrame:
    """List the areas where no release brought fewer premises that cannot do an activity.

    Parameters
    ----------
    builds
        Oldest release first.
    redefined
        Profiles whose count was redefined between any two of the releases: the count by line alone stands in.

    Returns
    -------
    pandas.DataFrame
        ``count, area_code``, names, and one column for each release (best estimates); most premises first.
    """
    summaries = [BuildSummary.of(build.manifest) for build in builds]
    releases = [summary.release for summary in summaries]
    lists = [none_left()]
    for count in COUNTS.values():
        if count.line_only != (count.profile.key in redefined):
            continue
        found = [table for build in builds if (table := counts_of(build, summaries=summaries, count=count)) is not None]
        if len(found) < len(builds):
            continue
        best = pd.concat([table["best"] for table in found], axis=1, join="inner").dropna()
        best.columns = pd.Index(releases)
        steady = (best.diff(axis=1).iloc[:, 1:] > -NO_CHANGE.value).all(axis=1)
        listed = best[steady & (best.iloc[:, -1] >= LEFT_BEHIND.value)]
        rows = builds[-1].areas.loc[listed.index, list(PLACES)].join(listed).assign(count=count.key)
        rows = rows.rename_axis("area_code").reset_index()
        lists.append(rows.sort_values([releases[-1], "area_code"], ascending=[False, True]))
    kept = [rows for rows in lists if len(rows)]
    return pd.concat(kept, ignore_index=True) if kept else none_left()


def refusal(agreed: Sequence[Comparability]) -> str | None:
    """Say why areas left behind cannot be listed so; None when they can."""
    if any(each.level == "councils" for each in agreed):
        return (
            "A build is modelled within each council, so we cannot say which of its areas were left behind. "
            "Build it from Ofcom’s small-area file."
        )
    if any(each.correction for each in agreed):
        return "Two builds are of one release, and a correction is no time in which to improve."
    if any(each.recounted for each in agreed):
        return (
            "Premises come from outside Ofcom’s files and were counted anew in between: whether an area improved, or "
            "was only counted otherwise, cannot be told."
        )
    return None


def none_left() -> pd.DataFrame:
    """Give the empty list."""
    return pd.DataFrame(columns=["count", "area_code", *PLACES])


COMPARED = "compared"
MODELLED = "modelled within its council: only council totals are compared"
FIGURES = (
    *("old_premises", "new_premises", "old_unknown", "new_unknown"),
    *("old_low", "old", "old_high", "new_low", "new", "new_high"),
    *("change", *EFFECTS, *GROSS),
)
_NAMES = {"premises": "_premises", "unknown": "_unknown", "low": "_low", "best": "", "high": "_high"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between builds.

    Attributes
    ----------
    old, new
        What the first and the last build rest on.
    comparability
        How these two may be compared.
    areas
        One row for each area of either build and each count; ``docs/change.md`` has the columns. Where only councils
        are compared, no area has a figure.
    councils
        The same for each council; sums over its compared areas.
    totals
        The same for all councils; index: the key of the count.
    left_behind
        Areas without a fall in any of the releases; see :mod:`connectivity.change.comparison`.
    behind_refused
        Why areas left behind cannot be listed; None when they can.
    releases
        Every release, oldest first.
    steps
        Between each two releases in turn: the older, the newer, the totals.
    notice
        Why it must not be published, with the studies whose data say so; None where every build may be.
    """

    old: BuildSummary
    new: BuildSummary
    comparability: Comparability
    areas: pd.DataFrame
    councils: pd.DataFrame
    totals: pd.DataFrame
    left_behind: pd.DataFrame
    behind_refused: str | None
    releases: tuple[str, ...]
    steps: tuple[tuple[str, str, pd.DataFrame], ...]
    notice: str | None

    @property
    def basis(self) -> Basis:
        """What its figures rest on: what the newer build does; modelled where either is."""
        new = self.new
        return Basis(
            study=new.study,
            release=new.release,
            unit=new.unit,
            basis=new.basis,
            counts_fwa=new.counts_fwa,
            counts_mobile=new.counts_mobile,
            modelled=self.old.modelled or new.modelled,
            notice=self.notice,
        )

    def total(self, key: str) -> dict[str, Any]:
        """Return the total of a count, by column."""
        return {str(name): value for name, value in self.totals.to_dict("index")[key].items()}


def compare_builds(builds: Sequence[Build]) -> Comparison:
    """Compare the last of some builds with the first, and follow the areas through those between.

    Parameters
    ----------
    builds
        Two or more, oldest release first.

    Raises
    ------
    NotComparableError
        When any two that follow each other may not be compared, with the reason.
    """
    summaries = [BuildSummary.of(build.manifest) for build in builds]
    agreed = [_agreed(old, new) for old, new in pairwise(builds)]
    whole = _agreed(builds[0], builds[-1])
    areas, councils = _pair(builds[0], builds[-1], whole)
    total = total_of(councils, whole, builds=(builds[0], builds[-1]))
    steps = [(summaries[0].release, summaries[-1].release, total)]
    if len(agreed) > 1:
        steps = [
            (
                summaries[i].release,
                summaries[i + 1].release,
                total_of(_pair(old, new, agreed[i])[1], agreed[i], builds=(old, new)),
            )
            for i, (old, new) in enumerate(pairwise(builds))
        ]
    refused, behind = refusal(agreed), none_left()
    if refused is None:
        behind = areas_without_fall(builds, redefined={key for each in (*agreed, whole) for key in each.definitions})
    releases = tuple(summary.release for summary in summaries)
    notices = [f"“{summary.study}”: {summary.notice}" for summary in summaries if summary.notice]
    return Comparison(
        *(summaries[0], summaries[-1], whole, areas, councils, total, behind, refused, releases, tuple(steps)),
        notice=" ".join(notices) or None,
    )


def _agreed(old: Build, new: Build) -> Comparability:
    """Agree on what may be compared, with a count of another name held against what it was."""
    agreed = comparability_of(
        BuildSummary.of(old.manifest), BuildSummary.of(new.manifest), renaming=renaming_of(old, new)
    )
    return replace(agreed, unchecked=unchecked(old.manifest, new.manifest))


def areas_accounted(comparison: Comparison) -> pd.DataFrame:
    """Add up areas and premises by what became of them.

    Returns
    -------
    pandas.DataFrame
        Index: ``compared`` or why not; ``areas``, ``premises_old``, ``premises_new``. Together all of both builds.
    """
    once = comparison.areas.drop_duplicates("area_code")
    groups = once.groupby("status")
    return pd.DataFrame(
        {
            "areas": groups.size(),
            "premises_old": groups["all_old"].sum(),
            "premises_new": groups["all_new"].sum(),
        }
    )


def total_of(councils: pd.DataFrame, agreed: Comparability, *, builds: tuple[Build, Build]) -> pd.DataFrame:
    """Add up the compared councils, count by count.

    Of a modelled build the range is that of the sum in the draws; of another the sum of the ranges, as wide as it can
    be.
    """
    compared = councils[councils["status"].eq(COMPARED)]
    sums = _summed(compared, agreed, by=["count"]).set_index("count")
    for when, build in zip(("old", "new"), builds, strict=True):
        for key in sums.index:
            count = COUNTS[key]
            if build.drawn is None or count.line_only:
                continue
            ours = compared.loc[compared["count"].eq(key), "district_code"]
            codes = build.areas.index[build.areas["district_code"].isin(ours)]
            low, high = build.drawn.range_of(pd.Series(1.0, index=codes), profile=count.profile.key)
            best = sums.loc[key, when]
            sums.loc[key, [f"{when}_low", f"{when}_high"]] = min(low, best), max(high, best)
    return sums.assign(certainty=certainty(sums, instead=_instead(agreed)))


def _pair(old: Build, new: Build, agreed: Comparability) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare two builds: the table of areas and the table of councils."""
    summaries = (BuildSummary.of(old.manifest), BuildSummary.of(new.manifest))
    places = _places(old, new, agreed)
    areas, councils = [], []
    for count in COUNTS.values():
        redefined = count.profile.key in agreed.definitions
        if count.line_only and not redefined:
            continue  # the count itself can be compared
        was, now = (counts_of(build, summaries=summaries, count=count) for build in (old, new))
        if was is None or now is None:
            continue
        whole = redefined and not count.line_only
        compared = places["status"].eq(COMPARED)
        small = _split(
            was.reindex(places.index).where(compared),
            now.reindex(places.index).where(compared),
            agreed,
            redefined=whole,
        )
        areas.append(places.join(small).assign(count=count.key).reset_index())
        if agreed.level == "councils":
            first, last = (_by_council(table, build, agreed, count) for table, build in ((was, old), (now, new)))
            councils.append(_named(_split(first, last, agreed, redefined=whole), agreed).assign(count=count.key))
    every = pd.concat(areas, ignore_index=True)
    if agreed.level == "councils":
        return every, pd.concat(councils, ignore_index=True)
    return every, _added_up(every, agreed)


def _split(old: pd.DataFrame, new: pd.DataFrame, agreed: Comparability, *, redefined: bool) -> pd.DataFrame:
    """Put two counts side by side with what the change is made of and how sure it is.

    A correction made nobody able or unable, so it has no gross figures.
    """
    both = [
        table.rename(columns={name: f"{when}{end}" for name, end in _NAMES.items()})
        for when, table in (("old", old), ("new", new))
    ]
    table = pd.concat([*both, effects(old, new, redefined=redefined)], axis=1)[list(FIGURES)]
    if agreed.correction:
        table[list(GROSS)] = float("nan")
    return table.assign(certainty=certainty(table, instead=_instead(agreed)))


def _instead(agreed: Comparability) -> str | None:
    """Say why no direction may be called sure or likely; None when it may."""
    if agreed.correction:
        return CORRECTED
    return RECOUNTED if agreed.recounted else None


def _places(old: Build, new: Build, agreed: Comparability) -> pd.DataFrame:
    """List every area of either build, with the newer names, and whether it is compared or why not."""
    both = [build.areas[[*PLACES, "status", "remote_infeasible"]] for build in (new, old)]
    places = pd.concat([table[list(PLACES)] for table in both])
    places = places[~places.index.duplicated()].sort_index()
    places["status"] = COMPARED
    if agreed.level == "councils":
        places["status"] = MODELLED
    for when, table in zip(("newer", "older"), both, strict=True):
        there = table.reindex(places.index)
        bare = there["remote_infeasible"].isna()
        places.loc[bare, "status"] = f"{when} build: " + there["status"].astype("str")
    for when, table in zip(("older", "newer"), both, strict=True):  # what is not in one is in the other only
        places.loc[~places.index.isin(table.index), "status"] = f"only in the {when} build"
    outside = ~places["district_code"].isin(list(agreed.districts))
    places.loc[outside, "status"] = "its council is in one build only"
    for end, build in (("old", old), ("new", new)):  # whether compared or not, so that every premises is accounted for
        places[f"all_{end}"] = build.areas["premises"].reindex(places.index)
    return places


def _by_council(table: pd.DataFrame, build: Build, agreed: Comparability, count: Count) -> pd.DataFrame:
    """Add up the areas of each council that a build has figures for.

    The range of a modelled build's council is that of its sum in the draws, not the sum of its areas' ranges.
    """
    district = build.areas["district_code"]
    sums = table.groupby(district).sum(min_count=1)
    if build.drawn is not None and not count.line_only:
        parts = pd.DataFrame({"area_code": district.index, "share": 1.0, "district": district.to_numpy()})
        ends = build.drawn.ranges(parts, by="district", profile=count.profile.key).reindex(sums.index)
        known = ends["low"].notna() & sums["best"].notna()
        sums["low"] = sums["low"].mask(known, np.minimum(ends["low"], sums["best"]))
        sums["high"] = sums["high"].mask(known, np.maximum(ends["high"], sums["best"]))
    return sums.reindex(pd.Index(sorted(agreed.districts), name="district_code"))


def _named(table: pd.DataFrame, agreed: Comparability) -> pd.DataFrame:
    """Name councils, and say of each whether it is compared."""
    status = table["change"].notna().map({True: COMPARED, False: "not enough data in one of the builds"})
    named = table.assign(district_name=table.index.map(agreed.districts), status=status)
    return named.reset_index()


def _added_up(areas: pd.DataFrame, agreed: Comparability) -> pd.DataFrame:
    """Add up the compared areas of each council."""
    ours = areas[areas["district_code"].isin(list(agreed.districts))]
    sums = _summed(ours, agreed, by=["count", "district_code"])
    compared = ours["status"].eq(COMPARED).groupby([ours["count"], ours["district_code"]]).agg(["sum", "size"])
    sums = sums.set_index(["count", "district_code"])
    sums["areas_compared"], sums["areas_not_compared"] = compared["sum"], compared["size"] - compared["sum"]
    sums["status"] = (sums["areas_compared"] > 0).map({True: COMPARED, False: "not enough data in one of the builds"})
    sums = sums.reset_index()
    return sums.assign(district_name=sums["district_code"].map(agreed.districts))


def _summed(rows: pd.DataFrame, agreed: Comparability, *, by: list[str]) -> pd.DataFrame:
    """Add up figures; the certainty of a sum is its own."""
    groups = rows.groupby(by, sort=False)
    counted = [name for name in ("areas_compared", "areas_not_compared") if name in rows]
    sums = groups[[*FIGURES, *counted]].sum(min_count=1)
    return sums.assign(certainty=certainty(sums, instead=_instead(agreed))).reset_index()
