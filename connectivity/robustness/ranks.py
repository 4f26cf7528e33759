"""Ranks of one draw after another, who is in the worst tenth, and what the draws add up to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.method.uncertain import Doubles, Floats
from connectivity.robustness.tiers import BELOW, WORTH

Ranks = npt.NDArray[np.int32]
EXACT = 2_048
"""Up to so many areas every rank is counted on its own."""
NARROW = 256
"""With more areas, ranks up to this are counted on their own, and those beyond in bins `WIDTH` wide."""
WIDTH = 1.02
"""The next bin begins 2 % further on: a percentile of ranks is right to 1 % there (assumption: nobody reads closer)."""
EVERY = 16
"""For a quick threshold: one area in so many is sorted first."""
TENTH = 10


def ranks_of(scores: Floats) -> Ranks:
    """Rank each draw's scores, worst first; equal scores share the lowest rank.

    Score and place are packed into one whole number each and sorted together: a sort of numbers is much quicker than
    a sort of places.

    Parameters
    ----------
    scores
        At least 0; shape (draws, areas).

    Examples
    --------
    >>> ranks_of(np.float32([[5, 9, 5, 0, -0.0]])).tolist()
    [[2, 1, 2, 4, 4]]
    """
    count = scores.shape[1]
    place = np.arange(count, dtype=np.uint64)
    start = np.arange(count, dtype=np.int32)
    result = np.empty(scores.shape, dtype=np.int32)
    for row, found in zip(scores, result, strict=True):
        bits = np.add(row, np.float32(0), dtype=np.float32).view(np.uint32)  # adding 0 makes one zero of two
        packed = np.left_shift((~bits).astype(np.uint64), np.uint64(32))
        packed |= place
        packed.sort()
        order = (packed & np.uint64(0xFFFFFFFF)).astype(np.intp)
        value = packed >> np.uint64(32)
        first = start.copy()
        first[1:][value[1:] == value[:-1]] = 0
        found[order] = np.maximum.accumulate(first) + 1
    return result


def worst_tenth_size(areas: int) -> int:
    """Say how many places are the worst tenth: a tenth, rounded up (method §6).

    >>> worst_tenth_size(1), worst_tenth_size(10), worst_tenth_size(11)
    (1, 1, 2)
    """
    return -(-areas // TENTH)


def worst_tenth(values: pd.Series) -> pd.Index:
    """Name the areas of the worst tenth: rank at most a tenth of the count, rounded up (method §6); ties all count.

    Examples
    --------
    >>> worst_tenth(pd.Series([5.0, 9.0, 9.0, 1.0])).tolist()
    [1, 2]
    """
    return values.index[values.rank(method="min", ascending=False) <= worst_tenth_size(len(values))]


def worst_tenth_shared(one: pd.Series, other: pd.Series) -> float:
    """Share of the worst tenth by `one` that is also in the worst tenth by `other`."""
    first = worst_tenth(one)
    return float(first.isin(worst_tenth(other)).mean()) if len(first) else float("nan")


def in_worst(scores: Floats, *, places: int) -> npt.NDArray[np.bool_]:
    """Say which areas are among the worst `places` of each draw, equal scores sharing the lowest rank, without ranks.

    Examples
    --------
    >>> in_worst(np.float32([[5, 9, 5, 1], [3, 2, 1, 0]]), places=2).tolist()
    [[True, True, True, False], [True, True, False, False]]
    """
    return scores >= thresholds(scores, places=places)[:, None]


def thresholds(scores: Floats, *, places: int) -> Floats:
    """Give for each draw the score of the place `places`, worst first.

    A sorted sample gives a score that surely lies under it; only the areas above that are looked at. Where the sample
    misleads, all are.
    """
    sample = np.sort(scores[:, ::EVERY], axis=1)
    under = int(places / EVERY + 3 * (places / EVERY) ** 0.5) + 3
    guess = sample[:, -under] if under <= sample.shape[1] else np.zeros(len(scores), dtype=np.float32)
    found = np.empty(len(scores), dtype=np.float32)
    for place, row in enumerate(scores):
        above = row[row >= guess[place]]
        above = row.copy() if len(above) < places else above
        above.partition(len(above) - places)
        found[place] = above[len(above) - places]
    return found


def bins(areas: int) -> Ranks:
    """Give the bin of each rank, 1 to `areas` (entry 0 is not used).

    Examples
    --------
    >>> bins(4).tolist()
    [0, 0, 1, 2, 3]
    >>> found = bins(35_000)
    >>> found[[256, 257, 300, 35_000]].tolist()
    [255, 256, 263, 504]
    """
    ranks = np.arange(areas + 1)
    if areas <= EXACT:
        return np.maximum(ranks - 1, 0).astype(np.int32)
    beyond = NARROW + np.floor(np.log(np.maximum(ranks, NARROW + 1) / (NARROW + 1)) / np.log(WIDTH))
    return np.where(ranks <= NARROW, np.maximum(ranks - 1, 0), beyond).astype(np.int32)


Counts = npt.NDArray[np.int64]
STILL = 1e-12
"""Variance of the rank, as a share of the areas, under which it does not move: the noise of a float."""
AT_ONCE = 4_096
"""Areas whose counts are added up at once, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class ChunkSums:
    """What one chunk of draws adds."""

    draws: int
    counts: Counts
    """Shape (worst + 3, areas): among each worst, in the worst tenth, in it and bad, feasible."""
    inputs: Doubles
    products: Doubles
    crossed: Floats
    ranks: Doubles
    """Shape (2, areas): ranks, as a share of the areas, and their squares."""
    noise: Doubles
    """Shape (3, areas): own noise, its squares, and noise × rank; empty where nothing is modelled."""


def chunk_sums(ranks: Ranks, remote: Floats, *, drawn: Floats, noise: Floats | None, worst: Sequence[int]) -> ChunkSums:
    """Add up a chunk of draws.

    Parameters
    ----------
    ranks, remote
        Ranks, and shares infeasible for a home worker; shape (draws, areas).
    drawn
        Inputs, shape (draws, inputs).
    noise
        Each area's own noise, shape (draws, areas); None where nothing is modelled.
    worst
        Numbers of places whose chance to be among the worst is kept.
    """
    areas = ranks.shape[1]
    bad = ranks <= worst_tenth_size(areas)
    counts = [(ranks <= places).sum(axis=0) for places in worst]
    counts += [bad.sum(axis=0), (bad & (remote >= WORTH.value)).sum(axis=0), (remote < BELOW.value).sum(axis=0)]
    scaled = ranks.astype(np.float32) / np.float32(areas) - np.float32(0.5)
    own = np.empty((0, areas))
    if noise is not None:
        own = np.stack([noise.sum(axis=0), np.square(noise).sum(axis=0), (noise * scaled).sum(axis=0)]).astype(float)
    return ChunkSums(
        draws=len(ranks),
        counts=np.stack(counts).astype(np.int64),
        inputs=drawn.sum(axis=0, dtype=float),
        products=drawn.T.astype(float) @ drawn,
        crossed=drawn.T @ scaled,
        ranks=np.stack([scaled.sum(axis=0, dtype=float), np.square(scaled).sum(axis=0, dtype=float)]),
        noise=own,
    )


@dataclass(slots=True)
class Tally:
    """Running sums over the draws.

    Attributes
    ----------
    areas
        How many areas are ranked.
    labels
        The driver each column of the drawn inputs belongs to.
    worst
        Numbers of places whose chance to be among the worst is kept, such as 10 and 20.
    seen
        Shape (areas, bins): draws in which each area's rank was in each bin.
    followed
        Scores of a few areas in every draw, shape (draws, areas followed).
    """

    areas: int
    labels: tuple[str, ...]
    worst: tuple[int, ...]
    noise_label: str
    seen: npt.NDArray[np.unsignedinteger]
    followed: Floats
    parts: ChunkSums | None = field(default=None)

    @classmethod
    def empty(  # what a run knows beforehand
        cls,
        areas: int,
        *,
        labels: Sequence[str],
        worst: Sequence[int],
        draws: int,
        noise_label: str,
        followed: int = 0,
    ) -> Tally:
        """Start from nothing."""
        kind = np.uint16 if draws < np.iinfo(np.uint16).max else np.uint32
        seen = np.zeros((areas, int(bins(areas)[-1]) + 1), dtype=kind)
        scores = np.empty((draws, followed), dtype=np.float32)
        return cls(areas, tuple(labels), tuple(worst), noise_label, seen, scores)

    def see(self, ranks: Ranks) -> None:
        """Count the ranks of a chunk; whole numbers, so that the order of chunks is no matter."""
        bin_of, start = bins(self.areas), np.arange(self.areas) * self.seen.shape[1]
        flat = self.seen.reshape(-1)
        for row in ranks:
            flat[start + bin_of[row]] += 1

    def add(self, part: ChunkSums) -> None:
        """Add a chunk's sums; in the order of the chunks, so that the same seed gives the same figures."""
        before = self.parts
        self.parts = (
            part
            if before is None
            else ChunkSums(
                draws=before.draws + part.draws,
                counts=before.counts + part.counts,
                inputs=before.inputs + part.inputs,
                products=before.products + part.products,
                crossed=before.crossed + part.crossed,
                ranks=before.ranks + part.ranks,
                noise=before.noise + part.noise,
            )
        )

    @property
    def sums(self) -> ChunkSums:
        """The sums so far.

        Raises
        ------
        ValueError
            Before the first draw.
        """
        if self.parts is None:
            raise ValueError("nothing was drawn yet")
        return self.parts

    @property
    def draws(self) -> int:
        """How many draws were added."""
        return self.sums.draws

    def chance(self, what: int) -> Doubles:
        """Give a chance for each area: first the `worst`, then the worst tenth, that and bad, feasible."""
        return np.asarray(self.sums.counts[what] / self.draws)

    def quantiles(self, *shares: float) -> list[Doubles]:
        """Give the ranks below or at which the given shares of each area's draws lie."""
        ranks, of_bin = np.arange(1, self.areas + 1), bins(self.areas)[1:]
        middle = np.round(np.bincount(of_bin, weights=ranks) / np.maximum(np.bincount(of_bin), 1))
        found = np.empty((len(shares), self.areas))
        for start in range(0, self.areas, AT_ONCE):
            reached = self.seen[start : start + AT_ONCE].cumsum(axis=1, dtype=np.uint32)
            for place, share in enumerate(shares):
                found[place, start : start + AT_ONCE] = middle[(reached >= share * self.draws).argmax(axis=1)]
        return list(found)

    def influence(self) -> tuple[tuple[str, ...], Doubles]:
        """Share of each area's rank variance that each driver explains in a straight line; (drivers, areas).

        What inputs explain by chance is taken off (adjusted R²), never below 0.
        """
        sums, names = self.sums, tuple(dict.fromkeys(self.labels))
        mean, rank = sums.inputs / sums.draws, sums.ranks[0] / sums.draws
        spread = sums.products / sums.draws - np.outer(mean, mean)
        with_rank = sums.crossed / sums.draws - np.outer(mean, rank)
        variance = sums.ranks[1] / sums.draws - np.square(rank)
        moves = variance > STILL
        explained = []
        for name in names:
            ours = [column for column, label in enumerate(self.labels) if label == name]
            block = spread[np.ix_(ours, ours)]
            inverse = np.linalg.pinv(block, rcond=1e-5, hermitian=True)
            share = np.einsum("ia,ij,ja->a", with_rank[ours], inverse, with_rank[ours])
            explained.append(self._adjusted(share, variance, moves, int(np.linalg.matrix_rank(block, hermitian=True))))
        if len(sums.noise):
            noise, squares, product = sums.noise / sums.draws
            own = np.square(product - noise * rank) / np.maximum(squares - np.square(noise), 1e-12)
            explained.append(self._adjusted(own, variance, moves, 1))
            names = (*names, self.noise_label)
        return names, np.array(explained)

    def _adjusted(self, share: Doubles, variance: Doubles, moves: npt.NDArray[np.bool_], inputs: int) -> Doubles:
        part = np.divide(share, variance, out=np.zeros_like(share), where=moves)
        left = max(1, self.draws - inputs - 1)
        return np.clip(1 - (1 - part) * (self.draws - 1) / left, 0, 1)


CHANCE = "p_worst_tenth_infeasible"
"""The chance that decides a tier: in the worst tenth, and enough that falls short."""


def rank_claim(row: Mapping[Any, Any], *, basis: Basis, of: float = math.nan) -> Claim:
    """Return the claim that a place has its rank, with the ranks between which the draws put it.

    Parameters
    ----------
    row
        Of a build's areas: ``severity_rank``, empty where a place has none, and ``rank_p05, rank_p95`` where ranges
        were drawn.
    basis
        What the ranks rest on.
    of
        How many places are ranked, where that is said.
    """
    low, high, position = (
        math.nan if pd.isna(found := row.get(name, math.nan)) else float(found)
        for name in ("rank_p05", "rank_p95", "severity_rank")
    )
    return Claim.of_rank(
        "certainty.rank",
        str(row.get("area_name", "")),
        position,
        of=of,
        basis=basis,
        between=None if math.isnan(low) or math.isnan(high) else (low, high),
        provenance=Provenance(column="severity_rank", areas=_code(row), decimals=0),
    )


def position_claim(row: Mapping[Any, Any], *, of: float, basis: Basis, drawn: bool = True) -> Claim:
    """Return the claim on where a place ranks by score.

    Parameters
    ----------
    row
        As for `rank_claim`; ``separable`` says whether its council's places can be told apart.
    of
        How many places are ranked.
    basis
        What the ranks rest on.
    drawn
        Whether the ranges in the row hold for this rank: not where it is by a reader's own weights.
    """
    known = row if drawn else {name: value for name, value in row.items() if name not in {"rank_p05", "rank_p95"}}
    claim = rank_claim(known, basis=basis, of=of)
    details = {**claim.details, "separable": bool(row.get("separable", True))}
    return replace(claim, key="places.rank", details=details)


def chance_claim(row: Mapping[Any, Any], *, basis: Basis) -> Claim:
    """Return the claim on how often a place is among the worst, with what that is called.

    Parameters
    ----------
    row
        Of a build's areas: ``tier`` and the chance that decides it.
    basis
        What the draws rest on.
    """
    chance = float(row[CHANCE])
    return Claim(
        "certainty.chance",
        str(row.get("area_name", "")),
        chance,
        chance,
        chance,
        1,
        basis,
        unit="chance",
        tier=row["tier"],
        provenance=Provenance(column=CHANCE, areas=_code(row)),
    )


def ranges_claim(shown: pd.DataFrame, *, ranked: int, tenth: int, left_out: bool, basis: Basis) -> Claim:
    """Return the claim on how wide the ranges of some places are: half of them are so wide or wider.

    Parameters
    ----------
    shown
        Of a build's areas, those that are drawn: ``rank_p05, rank_p95``.
    ranked
        How many places have a rank.
    tenth
        How many of them are the worst tenth.
    left_out
        Whether places of councils that cannot be told apart are not among those shown.
    basis
        What the ranks rest on.
    """
    width = float((shown["rank_p95"] - shown["rank_p05"]).median())
    return Claim(
        "certainty.ranges",
        basis.place,
        width,
        width,
        width,
        ranked,
        basis,
        unit="ranks",
        details={"shown": len(shown), "tenth": tenth, "left_out": left_out},
        provenance=Provenance(column="rank_p95", areas=tuple(map(str, shown.index)), decimals=0),
    )


def _code(row: Mapping[Any, Any]) -> tuple[str, ...]:
    return (str(row["area_code"]),) if "area_code" in row else ()
