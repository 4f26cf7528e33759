"""What the draws add up to: counts by rank, chances and ties to the inputs, never the draws themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from connectivity.method.uncertain import Doubles, Floats
from connectivity.robustness.ranks import Ranks, bins, tenth
from connectivity.robustness.tiers import BELOW, WORTH

Counts = npt.NDArray[np.int64]
STILL = 1e-12
"""Variance of the rank, as a share of the areas, under which it does not move: the noise of a float."""
AT_ONCE = 4_096
"""Areas whose counts are added up at once, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class Part:
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


def part_of(ranks: Ranks, remote: Floats, *, drawn: Floats, noise: Floats | None, worst: Sequence[int]) -> Part:
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
    bad = ranks <= tenth(areas)
    counts = [(ranks <= places).sum(axis=0) for places in worst]
    counts += [bad.sum(axis=0), (bad & (remote >= WORTH.value)).sum(axis=0), (remote < BELOW.value).sum(axis=0)]
    scaled = ranks.astype(np.float32) / np.float32(areas) - np.float32(0.5)
    own = np.empty((0, areas))
    if noise is not None:
        own = np.stack([noise.sum(axis=0), np.square(noise).sum(axis=0), (noise * scaled).sum(axis=0)]).astype(float)
    return Part(
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
    """

    areas: int
    labels: tuple[str, ...]
    worst: tuple[int, ...]
    noise_label: str
    seen: npt.NDArray[np.unsignedinteger]
    parts: Part | None = field(default=None)

    @classmethod
    def empty(cls, areas: int, *, labels: Sequence[str], worst: Sequence[int], draws: int, noise_label: str) -> Tally:
        """Start from nothing."""
        kind = np.uint16 if draws < np.iinfo(np.uint16).max else np.uint32
        seen = np.zeros((areas, int(bins(areas)[-1]) + 1), dtype=kind)
        return cls(areas, tuple(labels), tuple(worst), noise_label, seen)

    def see(self, ranks: Ranks) -> None:
        """Count the ranks of a chunk; whole numbers, so that the order of chunks is no matter."""
        bin_of, start = bins(self.areas), np.arange(self.areas) * self.seen.shape[1]
        flat = self.seen.reshape(-1)
        for row in ranks:
            flat[start + bin_of[row]] += 1

    def add(self, part: Part) -> None:
        """Add a chunk's sums; in the order of the chunks, so that the same seed gives the same figures."""
        before = self.parts
        self.parts = (
            part
            if before is None
            else Part(
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
    def sums(self) -> Part:
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
