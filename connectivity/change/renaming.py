"""Whether Ofcom's count below decent broadband was only renamed between two releases, or counts something else now.

The count is held against the lines under 10 Mbit/s of the same release, council by council. A new name alone leaves
that share where it was; a new meaning moves it in many councils at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from connectivity.manifest import Manifest
from connectivity.method.feasibility import has_count
from connectivity.method.kernel import DECENT_DOWNLOAD
from connectivity.method.records import FEWEST
from connectivity.outputs import Build
from layers.figures import Figure

ALIKE = Figure(
    0.2,
    "of itself",
    "a council whose share below decent broadband moves by less has kept it",
    "assumption: fixed wireless built in half a year moves few councils by more",
)
KEEP = Figure(0.9, "of councils", "so many that kept their share make a count only renamed", "assumption")
FEWEST_COUNCILS = Figure(5, "councils", "fewer say nothing about a name", "assumption: nine of ten of fewer is all")


@dataclass(frozen=True, slots=True)
class Renaming:
    """What the check found.

    Attributes
    ----------
    councils
        Councils that both builds have, with enough premises below decent broadband in the older one to say.
    kept
        Of them, those whose share below decent broadband of all under 10 Mbit/s stayed.
    old, new
        That share over all of these councils, in each release.
    """

    councils: int
    kept: int
    old: float
    new: float

    @property
    def only_renamed(self) -> bool | None:
        """Whether the count was apparently only renamed; None where too few councils can say.

        >>> [Renaming(n, kept, 0.3, 0.3).only_renamed for n, kept in ((16, 15), (16, 12), (4, 4))]
        [True, False, None]
        """
        if self.councils < FEWEST_COUNCILS.value:
            return None
        return self.kept >= KEEP.value * self.councils


MOBILE_COUNTED = "mobile is counted, so the builds do not hold the count as it was published"


def unchecked(old: Manifest, new: Manifest) -> str | None:
    """Say why a count that may have been renamed is not checked; None where it is, or where none was renamed.

    A count whose name a build does not record may have been renamed, and is checked like one that was.
    """
    return MOBILE_COUNTED if _may_be_renamed(old, new) and (old.counts_mobile or new.counts_mobile) else None


def _may_be_renamed(old: Manifest, new: Manifest) -> bool:
    """Tell whether both builds rest on the count below decent broadband, and not surely under one name."""
    same = old.definition is not None and old.definition == new.definition
    return old.counts_fwa and new.counts_fwa and not same


def renaming_of(old: Build, new: Build) -> Renaming | None:
    """Return what the check finds; None where nothing was renamed, or the builds do not hold the count as published.

    Parameters
    ----------
    old, new
        Two releases that both count fixed wireless, and so hold the published count; mobile would be netted off it.
    """
    if not _may_be_renamed(old.manifest, new.manifest) or unchecked(old.manifest, new.manifest):
        return None
    shares = pd.concat({"old": below_decent(old), "new": below_decent(new)}, axis=1, join="inner")
    many = shares[("old", "below_decent")].ge(FEWEST.value) & shares[("new", "under_10")].ge(FEWEST.value)
    shares = shares[many]
    each = {end: shares[(end, "below_decent")] / shares[(end, "under_10")] for end in ("old", "new")}
    kept = (each["new"] - each["old"]).abs() < ALIKE.value * each["old"]
    sums = shares.sum()
    whole = {
        end: float(sums[(end, "below_decent")] / sums[(end, "under_10")]) if len(shares) else float("nan")
        for end in ("old", "new")
    }
    return Renaming(len(shares), int(kept.sum()), whole["old"], whole["new"])


def below_decent(build: Build) -> pd.DataFrame:
    """Add up each council's ``below_decent`` and ``under_10`` as published: of known speed, in areas with a count."""
    areas = build.areas[has_count(build.areas["status"])]
    matched = 1 - areas["premises_unknown"] / areas["premises"]
    slow = [band.column for band in build.manifest.bands if band.high is not None and band.high <= DECENT_DOWNLOAD]
    table = pd.DataFrame(
        {"below_decent": areas["digital_infeasible"] * matched, "under_10": areas[slow].sum(axis=1, skipna=False)}
    )
    return table.groupby(areas["district_code"]).sum(min_count=1)
