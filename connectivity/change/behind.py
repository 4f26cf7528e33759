"""Areas left behind: where no release brought fewer premises that cannot do an activity."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from connectivity.change.counts import COUNTS, PLACES, counts_of
from connectivity.change.effects import NO_CHANGE
from connectivity.change.sides import Side
from connectivity.change.terms import Terms
from connectivity.method.profiles import FEWEST
from connectivity.outputs import Build
from layers.figures import Figure

LEFT_BEHIND = Figure(
    FEWEST.value, "premises that cannot do an activity", "an area with fewer is not listed as left behind", "assumption"
)


def left_behind(builds: Sequence[Build], *, redefined: set[str]) -> pd.DataFrame:
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
    sides = [Side.of(build.manifest) for build in builds]
    releases = [side.release for side in sides]
    lists = [none_left()]
    for count in COUNTS.values():
        if count.line_only != (count.profile.key in redefined):
            continue
        found = [table for build in builds if (table := counts_of(build, sides=sides, count=count)) is not None]
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


def refusal(agreed: Sequence[Terms]) -> str | None:
    """Say why areas left behind cannot be listed under such terms; None when they can."""
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
