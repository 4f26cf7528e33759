"""Premises in speed bands → how many cannot do an activity: low, best and high (method §2–§3).

A premises is infeasible for an activity when no counted route meets the activity's stated requirement. Tables come in,
tables go out; the arithmetic between is :mod:`connectivity.method.kernel`, on three draws: the lowest, the central and
the highest count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from connectivity.method import kernel
from connectivity.method.kernel import AreaFigures, Array
from connectivity.method.records import FEWEST, UNKNOWN_LIMIT, Profile
from layers.coverage import Band, Coverage
from layers.errors import StudyError

SCORED = "scored"
NOT_TOLD_APART = "modelled: areas of this council cannot be told apart"
"""Counted, with its council's figure, and not ranked (method §2)."""
NO_PREMISES = "not enough data: no premises known"
MUCH_UNKNOWN = f"not enough data: more than {UNKNOWN_LIMIT.value:.0%} of premises not known"
FEW_PREMISES = f"fewer than {FEWEST.value:g} premises"

CORNERS = ("low", "best", "high")
"""The three draws of a build, in the order of :func:`three_draws`."""


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
    refuse_unanswerable(coverage, profile, count_fwa=count_fwa, count_mobile=count_mobile)
    figures, values = area_figures(coverage), three_draws(coverage.bands)
    chance = kernel.upload_chances(profile, values, bands=coverage.bands, basis=coverage.basis)
    failing = kernel.failures(figures, profile, values, chance=chance, count_fwa=count_fwa, count_mobile=count_mobile)
    counts = kernel.of_all_premises(failing.total, figures, position=values["unknown"][:, None])
    best = CORNERS.index("best")
    download, upload, depth = (
        np.broadcast_to(one, counts.shape)[best]
        for one in (failing.download, failing.upload, kernel.depth(figures, profile, failing))
    )
    scale = figures.premises / figures.matched
    columns = dict(zip(CORNERS, counts, strict=True))
    columns |= {
        "share": (download + upload) / figures.matched,
        "download_fails": download * scale,
        "upload_fails": upload * scale,
        "depth": depth,
    }
    return pd.DataFrame(columns, index=coverage.table.index)


def flagged(coverage: Coverage, profile: Profile) -> pd.Series | None:
    """Count the lines that fail an activity though a second published fact calls them able.

    Such a fact is about what was on sale (2013: the postcode's superfast flag). It stands beside a measured count, and
    enters neither its low nor its draws (method §2).

    Returns
    -------
    pandas.Series or None
        Best estimate by area: lines called able, each band times its chance of failing, over those of known speed,
        carried to all lines as the best count is. None where there is no such fact.
    """
    if coverage.able is None:
        return None
    chance = kernel.upload_chances(profile, three_draws(coverage.bands), bands=coverage.bands, basis=coverage.basis)
    fails = pd.Series(1 - chance[CORNERS.index("best")], index=coverage.columns)
    able = coverage.able.reindex(coverage.table.index)[coverage.columns]
    matched = coverage.table["matched"].where(coverage.table["matched"] > 0)
    return (able.mul(fails).sum(axis=1, skipna=False) * coverage.table["premises"] / matched).astype(float)


def three_draws(bands: Sequence[Band]) -> dict[str, Array]:
    """Return the three draws of a build: everything at its lowest, its central and its highest count.

    A chance is at its highest where fewest fail; NaN stands for the peak of a triangle.
    """
    likeliest, central, unlikeliest = 1.0, np.nan, 0.0
    quantile = np.array([likeliest, central, unlikeliest])
    position = np.array([-1.0, 0.0, 1.0])
    values = {f"uploads {band.column}": quantile for band in bands}
    values |= {"fwa chance": quantile, "mobile chance": quantile}
    return values | {"fwa overlap": position, "mobile overlap": position, "unknown": position}


def area_figures(
    coverage: Coverage, *, areas: pd.Index | None = None, precision: type[np.floating[Any]] = np.float64
) -> AreaFigures:
    """Return the figures of areas as plain arrays; matched is NaN where no premises' speed is known.

    Parameters
    ----------
    coverage
        Premises in bands.
    areas
        Codes, in the order wanted; None for all, in the table's.
    precision
        Of the arrays.
    """
    table = coverage.table if areas is None else coverage.table.loc[areas]
    published = ["premises", "unknown", "below_decent", "fwa"]
    premises, unknown, below_decent, fwa = _rows(table[published], precision)
    (matched,) = _rows(table[["matched"]].where(table["matched"] > 0), precision)
    mobile = None
    if "indoor_4g" in table:
        best = table["indoor_4g"]
        three = [table.get("indoor_4g_low", best), best, table.get("indoor_4g_high", best)]
        mobile = _rows(pd.concat(three, axis=1), precision)
    return AreaFigures(
        bands=coverage.bands,
        basis=coverage.basis,
        premises=premises,
        matched=matched,
        unknown=unknown,
        lines=tuple(_rows(table[coverage.columns], precision)),
        below_decent=np.minimum(below_decent, matched) if coverage.has_fwa else None,
        fwa=fwa if coverage.has_fwa else None,
        mobile=mobile,
    )


def _rows(table: pd.DataFrame, precision: type[np.floating[Any]]) -> Array:
    return np.ascontiguousarray(table.to_numpy(dtype=precision).T)


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


COUNTED = (SCORED, NOT_TOLD_APART)
"""What the status of an area with a count may be."""


def has_count(status: pd.Series) -> pd.Series:
    """Say which areas have a count: those that are scored, and those whose council's figure stands for them.

    Examples
    --------
    >>> has_count(pd.Series([SCORED, NOT_TOLD_APART, NO_PREMISES])).tolist()
    [True, True, False]
    """
    return status.isin(COUNTED)


def refuse_unanswerable(coverage: Coverage, profile: Profile, *, count_fwa: bool, count_mobile: bool) -> None:
    """Refuse a profile or a route that the release has no figures for."""
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
