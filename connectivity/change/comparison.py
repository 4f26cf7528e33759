"""Two or more finished builds compared: a table of areas, one of councils, totals, and the areas left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from connectivity.change.behind import left_behind, none_left, refusal
from connectivity.change.counts import COUNTS, PLACES, counts_of
from connectivity.change.effects import CORRECTED, EFFECTS, GROSS, RECOUNTED, certainty, effects
from connectivity.change.sides import Side
from connectivity.change.terms import Terms, terms
from connectivity.outputs import Build

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
    terms
        How these two may be compared.
    areas
        One row for each area of either build and each count; ``docs/change.md`` has the columns. Where only councils
        are compared, no area has a figure.
    councils
        The same for each council; sums over its compared areas.
    totals
        The same for all councils; index: the key of the count.
    left_behind
        Areas without a fall in any of the releases; see :mod:`connectivity.change.behind`.
    behind_refused
        Why areas left behind cannot be listed; None when they can.
    releases
        Every release, oldest first.
    steps
        Between each two releases in turn: the older, the newer, the totals.
    notice
        Why it must not be published, with the studies whose data say so; None where every build may be.
    """

    old: Side
    new: Side
    terms: Terms
    areas: pd.DataFrame
    councils: pd.DataFrame
    totals: pd.DataFrame
    left_behind: pd.DataFrame
    behind_refused: str | None
    releases: tuple[str, ...]
    steps: tuple[tuple[str, str, pd.DataFrame], ...]
    notice: str | None


def compare(builds: Sequence[Build]) -> Comparison:
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
    sides = [Side.of(build.manifest) for build in builds]
    agreed = [terms(old, new) for old, new in pairwise(sides)]
    whole = terms(sides[0], sides[-1])
    areas, councils = _pair(builds[0], builds[-1], whole)
    total = total_of(councils, whole)
    steps = [(sides[0].release, sides[-1].release, total)]
    if len(agreed) > 1:
        steps = [
            (old.release, new.release, total_of(_pair(builds[i], builds[i + 1], agreed[i])[1], agreed[i]))
            for i, (old, new) in enumerate(pairwise(sides))
        ]
    refused, behind = refusal(agreed), none_left()
    if refused is None:
        behind = left_behind(builds, redefined={key for each in (*agreed, whole) for key in each.definitions})
    releases = tuple(side.release for side in sides)
    notices = [f"“{side.study}”: {side.notice}" for side in sides if side.notice]
    return Comparison(
        *(sides[0], sides[-1], whole, areas, councils, total, behind, refused, releases, tuple(steps)),
        notice=" ".join(notices) or None,
    )


def accounting(comparison: Comparison) -> pd.DataFrame:
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


def total_of(councils: pd.DataFrame, agreed: Terms) -> pd.DataFrame:
    """Add up the compared councils, count by count; the range is the sum of the ranges, as wide as it can be."""
    return _summed(councils[councils["status"].eq(COMPARED)], agreed, by=["count"]).set_index("count")


def _pair(old: Build, new: Build, agreed: Terms) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare two builds: the table of areas and the table of councils."""
    sides = (Side.of(old.manifest), Side.of(new.manifest))
    places = _places(old, new, agreed)
    areas, councils = [], []
    for count in COUNTS.values():
        redefined = count.profile.key in agreed.definitions
        if count.line_only and not redefined:
            continue  # the count itself can be compared
        was, now = (counts_of(build, sides=sides, count=count) for build in (old, new))
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
            first, last = _by_council(was, old, agreed), _by_council(now, new, agreed)
            councils.append(_named(_split(first, last, agreed, redefined=whole), agreed).assign(count=count.key))
    every = pd.concat(areas, ignore_index=True)
    if agreed.level == "councils":
        return every, pd.concat(councils, ignore_index=True)
    return every, _added_up(every, agreed)


def _split(old: pd.DataFrame, new: pd.DataFrame, agreed: Terms, *, redefined: bool) -> pd.DataFrame:
    """Put two counts side by side with what the change is made of and how sure it is.

    A correction made nobody able or unable, so it has no gross figures.
    """
    sides = [
        table.rename(columns={name: f"{when}{end}" for name, end in _NAMES.items()})
        for when, table in (("old", old), ("new", new))
    ]
    table = pd.concat([*sides, effects(old, new, redefined=redefined)], axis=1)[list(FIGURES)]
    if agreed.correction:
        table[list(GROSS)] = float("nan")
    return table.assign(certainty=certainty(table, instead=_instead(agreed)))


def _instead(agreed: Terms) -> str | None:
    """Say why no direction may be called sure or likely; None when it may."""
    if agreed.correction:
        return CORRECTED
    return RECOUNTED if agreed.recounted else None


def _places(old: Build, new: Build, agreed: Terms) -> pd.DataFrame:
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


def _by_council(table: pd.DataFrame, build: Build, agreed: Terms) -> pd.DataFrame:
    """Add up the areas of each council that a build has figures for."""
    sums = table.groupby(build.areas["district_code"]).sum(min_count=1)
    return sums.reindex(pd.Index(sorted(agreed.districts), name="district_code"))


def _named(table: pd.DataFrame, agreed: Terms) -> pd.DataFrame:
    """Name councils, and say of each whether it is compared."""
    status = table["change"].notna().map({True: COMPARED, False: "not enough data in one of the builds"})
    named = table.assign(district_name=table.index.map(agreed.districts), status=status)
    return named.reset_index()


def _added_up(areas: pd.DataFrame, agreed: Terms) -> pd.DataFrame:
    """Add up the compared areas of each council."""
    ours = areas[areas["district_code"].isin(list(agreed.districts))]
    sums = _summed(ours, agreed, by=["count", "district_code"])
    compared = ours["status"].eq(COMPARED).groupby([ours["count"], ours["district_code"]]).agg(["sum", "size"])
    sums = sums.set_index(["count", "district_code"])
    sums["areas_compared"], sums["areas_not_compared"] = compared["sum"], compared["size"] - compared["sum"]
    sums["status"] = (sums["areas_compared"] > 0).map({True: COMPARED, False: "not enough data in one of the builds"})
    sums = sums.reset_index()
    return sums.assign(district_name=sums["district_code"].map(agreed.districts))


def _summed(rows: pd.DataFrame, agreed: Terms, *, by: list[str]) -> pd.DataFrame:
    """Add up figures; the certainty of a sum is its own."""
    groups = rows.groupby(by, sort=False)
    counted = [name for name in ("areas_compared", "areas_not_compared") if name in rows]
    sums = groups[[*FIGURES, *counted]].sum(min_count=1)
    return sums.assign(certainty=certainty(sums, instead=_instead(agreed))).reset_index()
