"""Who cannot do what, for many draws at a time: draws by areas, in single precision.

Every step is that of :mod:`connectivity.method.feasibility`; a test holds the central draw, the lowest and the highest
against it. Where the method gives a range and does not say where in it (two shares that overlap, premises
that are not known), an input of -1 to 1 moves between the lowest, central and highest count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from connectivity.method.feasibility import DECENT_DOWNLOAD
from connectivity.method.profiles import ESSENTIAL, HOME_WORKER, PROFILES, Profile
from connectivity.method.uncertain import Doubles, Floats, triangle
from connectivity.robustness.evidence import Evidence
from connectivity.robustness.inputs import Draws
from connectivity.robustness.spread import below

Values = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Lines:
    """The figures that draws may change, each an entry for every area, or one for every draw and area."""

    bands: Sequence[Floats]
    below_decent: Floats | None


def lines_of(evidence: Evidence, draws: Draws) -> Lines:
    """Give the lines of each band: published, or spread again."""
    if evidence.spread is None or draws.noise is None:
        return Lines(list(evidence.shares), evidence.below_decent)
    *speeds, decent = below(evidence.spread, draws.inputs, draws.noise)
    known = np.float32(1)
    bands = [upper - lower for lower, upper in zip([0 * known, *speeds], [*speeds, known], strict=True)]
    return Lines(bands, decent if evidence.below_decent is not None else None)


def infeasible(
    evidence: Evidence, profile: Profile, draws: Draws, *, lines: Lines, chance: Floats | None = None
) -> Floats:
    """Share of premises that cannot do an activity; shape (draws, areas).

    Parameters
    ----------
    evidence
        The areas' figures.
    profile
        What the activity asks.
    draws
        In all of which fixed wireless counts or does not, and mobile likewise.
    lines
        From :func:`lines_of`.
    chance
        From :func:`chances`, where it is known already.
    """
    values = draws.inputs
    if profile is ESSENTIAL and _counts(values, "fwa") and lines.below_decent is not None:
        share = np.broadcast_to(lines.below_decent, (len(draws), len(evidence))).copy()
    else:
        share = fixed(evidence, values, lines, chances(evidence, profile, values) if chance is None else chance)
        if _counts(values, "fwa"):
            share = with_fixed_wireless(evidence, profile, values, share, lines=lines)
    if _counts(values, "mobile"):
        share = with_mobile(evidence, profile, values, share)
    lean = values["unknown"][:, None]
    share += evidence.unknown * np.where(lean < 0, lean * share, lean * (1 - share))
    return share


def fixed(evidence: Evidence, values: Values, lines: Lines, chance: Floats) -> Floats:
    """Share of premises whose fixed line fails; shape (draws, areas)."""
    fails = (1 - chance)[:, :, None]
    share = np.zeros((len(fails), len(evidence)), dtype=np.float32)
    for place, band in enumerate(lines.bands):
        if fails[:, place].any():
            share += fails[:, place] * band
    if evidence.able is not None and values["flag"].any():
        able = np.zeros_like(share)
        for place, band in enumerate(evidence.able):
            able += fails[:, place] * band
        share -= values["flag"][:, None] * able
    return share


def chances(evidence: Evidence, profile: Profile, values: Values) -> Floats:
    """Chance that a line of each band does it; shape (draws, bands).

    Every profile is read at one share of draws, so that a higher need is never likelier met. Between two needs for
    upload the chance lies between theirs in proportion, and above the last need a release speaks of it stays
    (assumptions).
    """
    count = len(values["unknown"])
    result = np.zeros((count, len(evidence.bands)), dtype=np.float32)
    known = [other for other in PROFILES.values() if evidence.basis in other.uploads]
    needs = sorted(known, key=lambda one: one.upload.value)
    wanted = values["upload"] if profile is HOME_WORKER else np.full(count, profile.upload.value, dtype=np.float32)
    sure = np.full(count, np.nan, dtype=np.float32)  # the peak, where a chance has no range
    for place, band in enumerate(evidence.bands):
        if band.low < profile.download.value:
            continue
        luck = values.get(f"uploads {band.column}", sure).astype(np.float64)
        triples = [one.upload_chance(band, basis=evidence.basis) for one in needs]
        table = np.stack([triangle(luck, one.low, one.central, one.high) for one in triples])
        result[:, place] = between(wanted, at=[one.upload.value for one in needs], known=table)
    return result


def between(wanted: Floats, *, at: Sequence[float], known: Doubles) -> Floats:
    """Read a value off a broken line for each draw; beyond its ends the end's value holds.

    Examples
    --------
    >>> table = np.array([[1, 1, 1], [0.5, 0.5, 0.5], [0, 0, 0]])
    >>> between(np.float32([1, 2.5, 9]), at=[1, 4, 6], known=table).tolist()
    [1.0, 0.75, 0.0]
    """
    posts = np.asarray(at)
    left = np.clip(np.searchsorted(posts, wanted, side="right") - 1, 0, max(len(posts) - 2, 0))
    right = np.minimum(left + 1, len(posts) - 1)
    width = np.where(right > left, posts[right] - posts[left], 1.0)
    part = np.clip((wanted - posts[left]) / width, 0, 1)
    draw = np.arange(len(wanted))
    return np.asarray(known[left, draw] * (1 - part) + known[right, draw] * part, dtype=np.float32)


def with_fixed_wireless(evidence: Evidence, profile: Profile, values: Values, share: Floats, *, lines: Lines) -> Floats:
    """Take off the premises that fixed wireless serves although their line fails (method §3)."""
    if lines.below_decent is None or evidence.fwa is None:
        return share
    meets = _quantile(values["fwa chance"], profile.fwa.low, profile.fwa.central, profile.fwa.high)
    lean = values["fwa overlap"][:, None]
    slow = [lines.bands[place] for place, band in enumerate(evidence.bands) if band.high <= DECENT_DOWNLOAD]
    under_10 = sum(slow[1:], start=slow[0])
    rescued = np.maximum(1 - lines.below_decent / np.where(under_10 > 0, under_10, 1), 0)
    rest = np.maximum(share - under_10, 0)
    kept = 1 - meets * evidence.fwa
    fewest = np.maximum(rest - meets * (evidence.fwa / (1 - evidence.unknown)), 0) / np.where(rest > 0, rest, 1)
    kept += np.where(lean < 0, -lean * (fewest - kept), lean * (1 - kept))
    return np.asarray(under_10 * (1 - rescued * meets) + rest * kept, dtype=np.float32)


def with_mobile(evidence: Evidence, profile: Profile, values: Values, share: Floats) -> Floats:
    """Keep of the failures those that mobile may fail too: the overlap of two shares has bounds, not a value."""
    if evidence.mobile is None:
        return share
    lowest, best, highest = evidence.mobile
    meets = _quantile(values["mobile chance"], profile.mobile.low, profile.mobile.central, profile.mobile.high)
    lean = values["mobile overlap"][:, None]
    reach = best + np.where(lean < 0, -lean * (highest - best), lean * (lowest - best))
    fails = 1 - reach * meets
    middle = share * fails
    fewest, most = np.maximum(share + fails - 1, 0), np.minimum(share, fails)
    middle += np.where(lean < 0, -lean * (fewest - middle), lean * (most - middle))
    return np.asarray(middle, dtype=np.float32)


def _quantile(luck: Floats, low: float, central: float, high: float) -> Floats:
    return triangle(luck.astype(np.float64), low, central, high).astype(np.float32)[:, None]


def _counts(values: Values, route: str) -> bool:
    return route in values and bool(values[route][0] > 0)
