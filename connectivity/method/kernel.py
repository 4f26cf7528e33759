"""The method's arithmetic, once: who cannot do what, the four dimensions, and the score, on arrays of draws × areas.

A build runs these functions in double precision on three draws (the lowest, central and highest count, see
:func:`connectivity.method.feasibility.three_draws`), the robustness run on a thousand in single precision; whoever
changes a figure runs them on the changed one. They take plain arrays and records, keep no state, and compute in the
precision of what they are given. Shares are 0 to 1, need and the lack of alternatives 0 to 100, a score 0 to 99.

What differs from draw to draw comes as ``values``: by the key of :class:`connectivity.method.uncertain.Uncertain`, one
number for each draw. Where the method gives a range and does not say where in it (two shares that overlap, premises
that are not known), a position of −1, 0 or 1 stands for the lowest, central or highest count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from connectivity.method.records import (
    DIMENSIONS,
    INDICATORS_NEEDED,
    PROFILES,
    SIDE,
    Dimension,
    Indicator,
    Profile,
    Triple,
)
from connectivity.method.uncertain import triangle
from layers.coverage import Band, Basis
from layers.people.alternatives import DETOUR

Array = npt.NDArray[np.floating[Any]]
Values = Mapping[str, Array]
Aggregation = Literal["geometric", "arithmetic", "worst"]
AGGREGATIONS: tuple[Aggregation, ...] = ("geometric", "arithmetic", "worst")

DECENT_DOWNLOAD = 10.0
"""Mbit/s: the published count below decent broadband is about lines slower than this (SI 2018/445)."""
MIDDLE_OF_BAND = {2.0: 1.0, 5.0: 3.5, 10.0: 7.5, 30.0: 20.0, 100.0: 65.0}
"""Speed taken for a line of a band, by the band's upper edge, Mbit/s (assumption)."""
UPLOAD_ONLY_DEPTH = 0.5
"""How deep a failure of upload alone counts (assumption)."""
LEAST_COMFORT = 1.0
"""Comfort (100 − badness) never falls below 1, so the logarithm holds and no score exceeds 99 (method §5)."""
WORST_SHARE = 1 - LEAST_COMFORT / 100
REMOTE, DIGITAL = DIMENSIONS.index("remote"), DIMENSIONS.index("digital")


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What is known of the connections of some areas, counted in premises (or lines).

    Attributes
    ----------
    bands, basis
        Of the release.
    premises, matched, unknown
        All premises, those whose speed is known, and the others; shape (areas,).
    lines
        For each band the matched premises in it; shape (areas,) or (draws, areas).
    below_decent, fwa
        Matched premises below decent broadband, and premises that decent fixed wireless reaches; None where the
        release does not say.
    mobile
        Share of premises that 4G reaches indoors, shape (3, areas): lowest, best, highest; None where not known.
    """

    bands: tuple[Band, ...]
    basis: Basis
    premises: Array
    matched: Array
    unknown: Array
    lines: Sequence[Array]
    below_decent: Array | None
    fwa: Array | None
    mobile: Array | None


@dataclass(frozen=True, slots=True)
class Failures:
    """Matched premises that fail a profile, by what fails; one failing both counts under download.

    Both have a shape that broadcasts to (draws, areas).
    """

    download: Array
    upload: Array

    @property
    def total(self) -> Array:
        """Download and upload failures together."""
        return np.asarray(self.download + self.upload)


def frechet_bounds(one: Array, other: Array, *, whole: Array | float = 1.0) -> tuple[Array, Array]:
    """Return the fewest and the most that can have two troubles, when only the count of each is known (Fréchet).

    Parameters
    ----------
    one, other
        How many, or which share, have each trouble.
    whole
        Of how many; 1 for shares.

    Examples
    --------
    >>> fewest, most = frechet_bounds(np.array([0.2, 0.75]), np.array([0.15, 0.5]))
    >>> fewest.tolist(), most.tolist()
    ([0.0, 0.25], [0.15, 0.5])
    """
    return np.maximum(one + other - whole, 0), np.minimum(one, other)


def between_bounds(position: Array, *, lowest: Array | float, central: Array, highest: Array | float) -> Array:
    """Return what lies at a position between bounds: −1 the lowest, 0 the central and 1 the highest, each exactly.

    Examples
    --------
    >>> place = np.array([[-1.0], [-0.5], [0.0], [1.0]])
    >>> between_bounds(place, lowest=0.0, central=np.array([0.2]), highest=1.0).ravel().tolist()
    [0.0, 0.1, 0.2, 1.0]
    """
    away = np.abs(position)
    return np.asarray((1 - away) * central + away * np.where(position < 0, lowest, highest))


def upload_chances(profile: Profile, values: Values, *, bands: Sequence[Band], basis: Basis) -> Array:
    """Return the chance that a line of each band meets the profile, shape (draws, bands); 0 where download fails.

    Every profile is read at one share of draws, ``uploads BAND``, so that a higher need is never likelier met. Between
    two needs for upload the chance lies between theirs in proportion, and above the last need a release speaks of it
    stays (assumptions).
    """
    unknown = values["unknown"]
    result = np.zeros((len(unknown), len(bands)), dtype=unknown.dtype)
    others = [profile if one.key == profile.key else one for one in PROFILES.values()]
    ladder = sorted((one for one in others if basis in one.uploads), key=lambda one: one.upload.value)
    needs = np.array([one.upload.value for one in ladder])
    wanted = np.full(len(unknown), profile.upload.value, dtype=unknown.dtype)
    if profile.key == "remote":
        wanted = values.get("upload", wanted)
    peak = np.full(len(unknown), np.nan)
    for place, band in enumerate(bands):
        if band.low >= profile.download.value:
            quantile = values.get(f"uploads {band.column}", peak).astype(np.float64)
            triples = [one.upload_chance(band, basis=basis) for one in ladder]
            table = np.stack([triangle(quantile, one.low, one.central, one.high) for one in triples])
            result[:, place] = on_broken_line(wanted, at=needs, known=table)
    return result


def on_broken_line(wanted: Array, *, at: npt.NDArray[np.float64], known: npt.NDArray[np.float64]) -> Array:
    """Return what a broken line holds for each draw; beyond its ends the end's value holds.

    Examples
    --------
    >>> table = np.array([[1, 1, 1], [0.5, 0.5, 0.5], [0, 0, 0]])
    >>> on_broken_line(np.float32([1, 2.5, 9]), at=np.array([1, 4, 6]), known=table).tolist()
    [1.0, 0.75, 0.0]
    """
    left = np.clip(np.searchsorted(at, wanted, side="right") - 1, 0, max(len(at) - 2, 0))
    right = np.minimum(left + 1, len(at) - 1)
    width = np.where(right > left, at[right] - at[left], 1.0)
    part = np.clip((wanted - at[left]) / width, 0, 1)
    draw = np.arange(len(wanted))
    return np.asarray(known[left, draw] * (1 - part) + known[right, draw] * part)


def failures(
    figures: AreaFigures, profile: Profile, values: Values, *, chance: Array, count_fwa: bool, count_mobile: bool
) -> Failures:
    """Return the matched premises that fail a profile by every counted route.

    Routes are substitutes, the best one wins; within a route every need must be met.

    Parameters
    ----------
    figures
        Of the areas.
    profile
        What the activity asks.
    values
        ``fwa chance, fwa overlap, mobile chance, mobile overlap``, each where the figures tell of it.
    chance
        From :func:`upload_chances`.
    count_fwa, count_mobile
        Whether fixed wireless and indoor 4G are routes.
    """
    if profile.key == "digital" and count_fwa and figures.below_decent is not None:  # published, not reckoned
        download = np.atleast_2d(figures.below_decent)
        found = Failures(download, np.zeros_like(download))
    else:
        found = fixed_line(figures, profile, chance=chance)
        if count_fwa:
            found = with_fixed_wireless(figures, profile, values, found, chance=chance)
    return with_mobile(figures, profile, values, found) if count_mobile else found


def fixed_line(figures: AreaFigures, profile: Profile, *, chance: Array) -> Failures:
    """Return the failures of fixed lines: every line too slow, and of the others those that cannot upload."""
    fails, lines = 1 - chance, figures.lines
    slow = [place for place, band in enumerate(figures.bands) if band.low < profile.download.value]
    upload = np.zeros((len(fails), len(figures.premises)), dtype=fails.dtype)
    for place in range(len(lines)):
        if place not in slow and fails[:, place].any():
            upload += fails[:, [place]] * lines[place]
    return Failures(_sum(lines[place] for place in slow), upload)


def with_fixed_wireless(
    figures: AreaFigures, profile: Profile, values: Values, fixed: Failures, *, chance: Array
) -> Failures:
    """Return what is left of the failures of fixed lines once fixed wireless serves some of them (method §3).

    The published count below decent broadband says how many of the lines under 10 Mbit/s fixed wireless leaves
    unserved. Among faster lines that fail it is taken to reach the same share as of all premises; at the lowest count
    it reaches these lines first, at the highest none of them.

    A line under 10 that it serves never does better than a line of 10 to 30 there: a certificate of decent broadband
    says no more than such a line does, so that no better line ever raises a count (docs/decisions/0002). At the lowest
    count the reach that the faster lines leave over may lift it further.
    """
    if figures.below_decent is None or figures.fwa is None:
        return fixed
    meets, position = _read(profile.fwa, values["fwa chance"]), values["fwa overlap"][:, None]
    bands = list(zip(figures.bands, figures.lines, strict=True))
    under_10 = _sum(lines for band, lines in bands if band.high <= DECENT_DOWNLOAD)
    slow = [lines for band, lines in bands if band.high > DECENT_DOWNLOAD and band.low < profile.download.value]
    rest = fixed.upload + _sum(slow) if slow else fixed.upload
    rescued = np.maximum(under_10 - figures.below_decent, 0)
    beside = rescued * _fails_from_10(figures, profile, chance)
    served = meets * figures.fwa
    even = 1 - served / np.where(figures.premises > 0, figures.premises, 1)
    failing = rescued * (1 - meets)
    part = between_bounds(
        position,
        lowest=np.maximum(failing, beside - np.maximum(served - rest, 0)),
        central=np.maximum(failing, beside * even),
        highest=np.maximum(failing, beside),
    )
    fewest = np.maximum(rest - served, 0) / np.where(rest > 0, rest, 1)
    kept = between_bounds(position, lowest=fewest, central=even, highest=1)
    download = under_10 - rescued + part
    return Failures(download + _sum(slow) * kept if slow else download, fixed.upload * kept)


def _fails_from_10(figures: AreaFigures, profile: Profile, chance: Array) -> Array | float:
    """Return the chance that a line of 10 Mbit/s or a little more fails a profile; shape (draws, 1)."""
    place = next(place for place, band in enumerate(figures.bands) if band.low >= DECENT_DOWNLOAD)
    return 1.0 if figures.bands[place].low < profile.download.value else np.asarray(1 - chance[:, [place]])


def with_mobile(figures: AreaFigures, profile: Profile, values: Values, failing: Failures) -> Failures:
    """Return the failures that mobile may fail too: the overlap of two shares has bounds, not a value."""
    if figures.mobile is None:
        return failing
    lowest, best, highest = figures.mobile
    position, total = values["mobile overlap"][:, None], failing.total
    reach = between_bounds(position, lowest=highest, central=best, highest=lowest)  # more reach leaves fewer
    fails = 1 - reach * _read(profile.mobile, values["mobile chance"])
    fewest, most = frechet_bounds(total, fails * figures.matched, whole=figures.matched)
    left = between_bounds(position, lowest=fewest, central=total * fails, highest=most)
    part = left / np.where(total > 0, total, 1)
    return Failures(failing.download * part, failing.upload * part)


def of_all_premises(failing: Array, figures: AreaFigures, *, position: Array) -> Array:
    """Return how many of all premises fail, when it is known how many of the matched ones do.

    Of the premises not known, none fail at position −1, the same share as of the matched at 0, and all at 1.

    Parameters
    ----------
    failing
        Matched premises that fail; shape (draws or 1, areas).
    figures
        Of the areas.
    position
        Shape (draws, 1).
    """
    away = np.abs(position)
    scale = figures.premises / figures.matched
    counts = np.asarray((1 - away) * scale + away)
    counts *= failing
    counts += np.maximum(position, 0) * figures.unknown
    return counts


def depth(figures: AreaFigures, profile: Profile, failing: Failures) -> Array:
    """Return the failures, each weighed by how far it falls short, as a share of the matched premises.

    Alkire–Foster's adjusted headcount, 0 to 1.
    """
    need = profile.download.value
    slow = [(band, lines) for band, lines in zip(figures.bands, figures.lines, strict=True) if band.low < need]
    count = _sum(lines for _, lines in slow)
    short = _sum(lines * max(0.0, 1 - MIDDLE_OF_BAND[band.high] / need) for band, lines in slow)
    deep = failing.download * (short / np.where(count > 0, count, 1)) + failing.upload * UPLOAD_ONLY_DEPTH
    return np.asarray(deep / figures.matched)


def side_dimension(indicators: Sequence[tuple[Indicator, Array]], values: Values) -> Array:
    """Return need, or the lack of alternatives: the mean of the indicators that are known.

    Parameters
    ----------
    indicators
        Of one dimension, each with its raw columns, shape (columns, areas).
    values
        Goalposts and the length of roads, where they differ from the records.

    Returns
    -------
    ndarray, shape (draws or 1, areas)
        0 good to 100 bad; NaN where fewer than two thirds of the indicators are known.
    """
    parts, known = [], np.zeros(indicators[0][1].shape[-1], dtype=indicators[0][1].dtype)
    for indicator, raw in indicators:
        part = on_goalposts(indicator, raw, values)
        gaps = np.isnan(raw).any(axis=0)
        if gaps.any():
            part[:, gaps] = 0
        known += ~gaps
        parts.append(part)
    mean = _sum(parts) / np.maximum(known, 1)
    few = known < INDICATORS_NEEDED.value * len(indicators) - 1e-6
    return np.where(few, np.nan, mean) if few.any() else mean


def on_goalposts(indicator: Indicator, raw: Array, values: Values) -> Array:
    """Return an indicator from 0 (at or better than the good post) to 100, shape (draws or 1, areas).

    The mean of its columns; NaN where one of them is not known.
    """
    columns = []
    for place, (good, bad) in enumerate(indicator.goalposts):
        near = values.get(f"good {indicator.key} {place}", np.full(1, good.value, dtype=raw.dtype))[:, None]
        far = values.get(f"bad {indicator.key} {place}", np.full(1, bad.value, dtype=raw.dtype))[:, None]
        if indicator.straight and "detour" in values:  # a longer road is a nearer post
            stretch = values["detour"][:, None] / raw.dtype.type(DETOUR.value)
            near, far = near / stretch, far / stretch
        column = (raw[place] - near) / (far - near)
        column *= 100
        columns.append(np.clip(column, 0, 100, out=column))
    return _sum(columns) / raw.dtype.type(len(columns))


def comfort_logs(remote: Array, digital: Array) -> tuple[Array, Array]:
    """Return the log of digital comfort, and how much that of remote comfort is more."""
    more, base = (np.log1p(-np.minimum(share, WORST_SHARE)) for share in (remote, digital))
    return base, np.asarray(more - base)


def joined_infeasibility(
    remote: Array,
    digital: Array,
    *,
    weights: Array,
    aggregation: Aggregation,
    logs: tuple[Array, Array] | None = None,
) -> Array:
    """Return the two kinds of infeasibility joined, 0 to .99: ``1 − comfort_remote^a · comfort_digital^b``.

    Near 0, where most areas lie, ``log1p`` and ``expm1`` keep the digits that a power of .999 would lose, and where
    nothing falls short the answer is exactly 0.

    Parameters
    ----------
    remote, digital
        Shares infeasible; shape (draws or 1, areas).
    weights
        Shape (draws, 4).
    aggregation
        ``geometric`` as above; ``arithmetic``, the mean; ``worst``, the worse of the two.
    logs
        From :func:`comfort_logs`, where they are known already.
    """
    part = (weights[:, REMOTE] / (weights[:, REMOTE] + weights[:, DIGITAL]))[:, None]
    if aggregation == "geometric":
        base, more = comfort_logs(remote, digital) if logs is None else logs
        total = np.asarray(part * more)
        total += base
        return np.negative(np.expm1(total, out=total), out=total)
    one, other = np.minimum(remote, WORST_SHARE), np.minimum(digital, WORST_SHARE)
    if aggregation == "arithmetic":
        return np.asarray(part * one + (1 - part) * other)
    return np.broadcast_to(np.maximum(one, other), (len(weights), one.shape[-1])).copy()


def scored(infeasibility: Array, sides: Mapping[Dimension, Array], *, weights: Array) -> Array:
    """Return the score, 0 to 99: infeasibility, raised by need and the lack of alternatives, never created by them.

    ``I · [100 · (w_remote + w_digital) + w_need · need + w_alternative · alternative]``, with I from
    :func:`joined_infeasibility`, need and alternative 0 to 100, and weights that add up to 1. `sides` may lack a
    dimension that weighs nothing.
    """
    factor = 100 * (weights[:, REMOTE] + weights[:, DIGITAL])[:, None]
    for side, badness in sides.items():
        factor = factor + weights[:, DIMENSIONS.index(side), None] * badness
    return np.asarray(infeasibility * factor)


def contributions_to_score(
    remote: Array, digital: Array, sides: Mapping[Dimension, Array], *, weights: Array, aggregation: Aggregation
) -> dict[Dimension, Array]:
    """Return the four parts of each score; they add up to it exactly, and all are 0 where nothing is infeasible.

    What infeasibility contributes is split by weight times badness in the terms of its aggregation, or goes to the
    worse of the two.
    """
    total = joined_infeasibility(remote, digital, weights=weights, aggregation=aggregation)
    core = total * (100 * (weights[:, REMOTE] + weights[:, DIGITAL]))[:, None]
    badness = {"remote": np.minimum(remote, WORST_SHARE), "digital": np.minimum(digital, WORST_SHARE)}
    pull = _pulls(badness["remote"], badness["digital"], weights=weights, aggregation=aggregation)
    both = np.asarray(pull[0] + pull[1])
    parts: dict[Dimension, Array] = {
        "remote": core * pull[0] / np.where(both == 0, 1, both),
        "digital": core * pull[1] / np.where(both == 0, 1, both),
    }
    for side in SIDE:
        share = weights[:, DIMENSIONS.index(side), None]
        parts[side] = total * share * sides[side] if side in sides else 0 * total
    return parts


def _pulls(remote: Array, digital: Array, *, weights: Array, aggregation: Aggregation) -> tuple[Array, Array]:
    """How strongly each kind of infeasibility pulls."""
    one, other = weights[:, REMOTE, None], weights[:, DIGITAL, None]
    if aggregation == "geometric":
        return -one * np.log1p(-remote), -other * np.log1p(-digital)
    if aggregation == "arithmetic":
        return one * remote, other * digital
    worst = np.maximum(remote, digital)
    known = np.where(np.isnan(worst), worst, 1)
    return known * (remote == worst), known * (digital == worst)


def _read(three: Triple, quantile: Array) -> Array:
    """Read a chance off its triangle at the share of draws of each draw; shape (draws, 1)."""
    found = triangle(quantile.astype(np.float64), three.low, three.central, three.high)
    return np.asarray(found.astype(quantile.dtype)[:, None])


def _sum(arrays: Iterable[Array] | Collection[Array]) -> Array:
    first, *others = arrays
    return np.asarray(sum(others, start=first))
