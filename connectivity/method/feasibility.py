"""Premises in speed bands → how many cannot do an activity: low, best and high (method §2–§3).

A premises is infeasible for an activity when no counted route meets the activity's stated requirement. Routes are
substitutes: the best one wins. Requirements within a route are complements: the weakest decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from connectivity.method.profiles import FEWEST, UNKNOWN_LIMIT, Profile
from layers.coverage import Band, Coverage
from layers.errors import StudyError

Version = Literal["low", "central", "high"]

SCORED = "scored"
NO_PREMISES = "not enough data: no premises known"
MUCH_UNKNOWN = f"not enough data: more than {UNKNOWN_LIMIT.value:.0%} of premises not known"
FEW_PREMISES = f"fewer than {FEWEST.value:g} premises"

DECENT_DOWNLOAD = 10.0
"""Mbit/s: the published count below decent broadband is about lines slower than this (SI 2018/445)."""
MIDDLE_OF_BAND = {2.0: 1.0, 5.0: 3.5, 10.0: 7.5, 30.0: 20.0, 100.0: 65.0}
"""Speed taken for a line of a band, by the band's upper edge, Mbit/s (assumption)."""
UPLOAD_ONLY_DEPTH = 0.5
"""How deep a failure of upload alone counts (assumption)."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Premises that fail a profile, by what fails; a premises failing both counts under download."""

    download: pd.Series
    upload: pd.Series

    @property
    def total(self) -> pd.Series:
        """Download and upload failures together."""
        return self.download + self.upload


def infeasible(coverage: Coverage, profile: Profile, *, count_fwa: bool, count_mobile: bool = False) -> pd.DataFrame:
    """Count the premises of each area that cannot do an activity.

    Parameters
    ----------
    coverage
        Premises in bands.
    profile
        What the activity asks.
    count_fwa
        Whether fixed wireless counts as a route.
    count_mobile
        Whether indoor 4G does. It is known for the authority as a whole, so it bounds an area's figure (Fréchet).

    Returns
    -------
    pandas.DataFrame
        Index as the coverage; ``low, best, high`` in premises (or lines), ``share`` (of premises whose speed is
        known, best estimate, 0–1), ``download_fails`` and ``upload_fails`` (best estimate, together ``best``) and
        ``depth`` (0–1: share failing times how far they fall short). ``low ≤ best ≤ high ≤ premises``. NaN where
        no premises' speed is known.

    Raises
    ------
    StudyError
        When the release cannot answer: no upload figures for the profile, or no fixed-wireless columns.
    """
    _refuse_unanswerable(coverage, profile, count_fwa=count_fwa, count_mobile=count_mobile)
    table = coverage.table
    premises, unknown = table["premises"], table["unknown"]
    known = table["matched"].where(table["matched"] > 0)
    if profile.key == "digital" and count_fwa:
        published = table["below_decent"].clip(upper=table["matched"])
        low = central = high = Failures(published, 0.0 * published)
    else:
        low, central, high = (
            _failures(coverage, profile, version, count_fwa=count_fwa) for version in ("high", "central", "low")
        )
    if count_mobile:
        low, central, high = _bounded_by_mobile(coverage, profile, low, central, high)
    scale = premises / known
    best = (central.total * scale).where(known.notna())
    result = pd.DataFrame(
        {
            "low": low.total.where(known.notna()),
            "best": best,
            "high": (high.total + unknown).where(known.notna()),
            "share": central.total / known,
            "download_fails": central.download * scale,
            "upload_fails": central.upload * scale,
        }
    )
    result["depth"] = _depth(coverage, profile, central) / known
    return result


def status(coverage: Coverage, *, areas: pd.Index) -> pd.Series:
    """Say for each area whether enough is known to score it, and if not why.

    Returns
    -------
    pandas.Series
        Index `areas`; ``scored`` or a reason in plain words. An area without a row is not enough data, never zero.
    """
    table = coverage.table.reindex(areas)
    reason = pd.Series(SCORED, index=areas, dtype=object)
    reason[table["unknown"] > UNKNOWN_LIMIT.value * table["premises"]] = MUCH_UNKNOWN.replace("premises", coverage.unit)
    reason[table["premises"] < FEWEST.value] = FEW_PREMISES.replace("premises", coverage.unit)
    reason[~(table["matched"] > 0)] = NO_PREMISES.replace("premises", coverage.unit)
    return reason.rename("status")


def joint_bounds(share_a: float, share_b: float) -> tuple[float, float, float]:
    """Bound the share of premises that have two troubles, when only each trouble's share is known (Fréchet).

    Parameters
    ----------
    share_a, share_b
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lowest possible, the middle if the two were independent, highest possible.

    Examples
    --------
    >>> low, middle, high = joint_bounds(0.20, 0.15)
    >>> low, round(middle, 4), high
    (0.0, 0.03, 0.15)
    """
    return max(0.0, share_a + share_b - 1), share_a * share_b, min(share_a, share_b)


def _failures(coverage: Coverage, profile: Profile, version: Version, *, count_fwa: bool) -> Failures:
    """Failures with the chances at their high (few failures), central or low (many failures)."""
    lines = coverage.table[coverage.columns]
    if version == "high" and coverage.able is not None:
        lines = lines - coverage.able  # the optimistic count also believes the second published fact
    need = profile.download.value
    slow = [band.column for band in coverage.bands if band.low < need]
    download = lines[slow].sum(axis=1)
    upload = 0.0 * download
    for band in coverage.bands:
        if band.low >= need:
            upload = upload + lines[band.column] * (1 - _chance(coverage, profile, band, version))
    if not count_fwa:
        return Failures(download, upload)
    return _less_fwa(coverage, profile, version, Failures(download, upload))


def _less_fwa(coverage: Coverage, profile: Profile, version: Version, fixed: Failures) -> Failures:
    """Take off the premises that fixed wireless serves although their line fails (method §3).

    The published count below decent broadband says how many of the lines under 10 Mbit/s fixed wireless leaves
    unserved. Among faster lines that fail, fixed wireless is taken to reach the same share as of all premises.
    """
    table = coverage.table
    under_10 = table[[band.column for band in coverage.bands if band.high <= DECENT_DOWNLOAD]].sum(axis=1)
    rescued = (1 - table["below_decent"] / under_10.where(under_10 > 0, 1.0)).clip(lower=0)
    q = getattr(profile.fwa, version)
    served = under_10 * rescued * q
    slow_rest = fixed.download - under_10
    if version == "low":  # the pessimistic count believes no fixed wireless beyond the published one
        kept: pd.Series | float = 1.0
    elif version == "central":
        kept = 1 - q * table["fwa"] / table["premises"].where(table["premises"] > 0, 1.0)
    else:
        rest = fixed.upload + slow_rest
        kept = (rest - q * table["fwa"]).clip(lower=0) / rest.where(rest > 0, 1.0)
    return Failures(under_10 - served + slow_rest * kept, fixed.upload * kept)


def _bounded_by_mobile(
    coverage: Coverage, profile: Profile, low: Failures, central: Failures, high: Failures
) -> tuple[Failures, Failures, Failures]:
    """Keep of the failures those that mobile may fail too: the overlap of two shares has bounds, not a value."""
    known = coverage.table["matched"].where(coverage.table["matched"] > 0, 1.0)
    reach = {"low": "indoor_4g_low", "central": "indoor_4g", "high": "indoor_4g_high"}
    fails = {
        version: 1 - coverage.table.get(column, coverage.table["indoor_4g"]) * getattr(profile.mobile, version)
        for version, column in reach.items()
    }
    shares = {
        "low": (low.total / known + fails["high"] - 1).clip(lower=0),
        "central": central.total / known * fails["central"],
        "high": (high.total / known).clip(upper=fails["low"]),
    }
    kept = []
    for name, failures in (("low", low), ("central", central), ("high", high)):
        part = shares[name] * known / failures.total.where(failures.total > 0, 1.0)
        kept.append(Failures(failures.download * part, failures.upload * part))
    return kept[0], kept[1], kept[2]


def _chance(coverage: Coverage, profile: Profile, band: Band, version: Version) -> float:
    return float(getattr(profile.upload_chance(band, basis=coverage.basis), version))


def _depth(coverage: Coverage, profile: Profile, failures: Failures) -> pd.Series:
    """Failing premises, each weighed by how far it falls short (Alkire–Foster's adjusted headcount, before ÷ N)."""
    need = profile.download.value
    lines = coverage.table[coverage.columns]
    slow = [band for band in coverage.bands if band.low < need]
    count = lines[[band.column for band in slow]].sum(axis=1)
    short = sum(
        (lines[band.column] * max(0.0, 1 - MIDDLE_OF_BAND[band.high] / need) for band in slow),
        start=0.0 * count,
    )
    mean_short = short / count.where(count > 0, 1.0)
    return failures.download * mean_short + failures.upload * UPLOAD_ONLY_DEPTH


def _refuse_unanswerable(coverage: Coverage, profile: Profile, *, count_fwa: bool, count_mobile: bool) -> None:
    if coverage.basis not in profile.uploads:
        raise StudyError(
            f"This release cannot say who could support {profile.label}.",
            column=profile.key,
            expected=f"one of: {', '.join(profile.uploads)}",
            found=coverage.basis,
            next_step="choose another profile, or a release of availability (2018 or later)",
        )
    if count_mobile and ("indoor_4g" not in coverage.table or coverage.unit == "lines"):
        raise StudyError(
            f"Mobile cannot be counted beside the {coverage.release} release.",
            column="switches.mobile",
            expected="mobile = false, or a release of availability with a mobile layer beside it",
            found="mobile = true",
            next_step="set mobile = false under [switches] in the study file",
        )
    if count_fwa and not coverage.has_fwa:
        raise StudyError(
            f"Fixed wireless cannot be counted: the {coverage.release} release does not give it.",
            column="switches.fwa",
            expected="fwa = false",
            found="fwa = true",
            next_step="set fwa = false under [switches] in the study file",
        )
