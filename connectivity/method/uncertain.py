"""An input no one knows exactly: its range, the law it is drawn by, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from layers.figures import Figure

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Law = Literal["triangle", "even", "choice", "quantile", "held"]
Needs = Literal["", "fwa", "mobile", "modelled", "structure", "straight lines"]


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One uncertain input of the robustness run.

    Attributes
    ----------
    key
        What the model knows it by.
    label
        What it is, in plain words; inputs of one label are one driver.
    low, central, high
        Its range, in `unit`. One within bounds has -1, 0, 1: the lowest, central and highest count there can be.
    law
        ``triangle`` on the three; ``even`` between low and high; ``choice`` one of the whole numbers from low to high,
        each as likely; ``quantile`` a share of draws, to be read off the triangles of several records at once, whose
        central value (not a number) stands for the peak of each; ``held`` always central.
    unit
        In words.
    source
        Where range and law come from; starts with "assumption" where they are ours.
    needs
        What a release must tell for the input to matter.
    each_band
        Whether every speed band has its own.
    """

    key: str
    label: str
    low: float
    central: float
    high: float
    law: Law
    unit: str
    source: str
    needs: Needs = ""
    each_band: bool = False

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        known = self.low <= self.central <= self.high or (self.law in {"quantile", "held"} and np.isnan(self.central))
        if not known:
            raise ValueError(f"{self.key}: {self.low} ≤ {self.central} ≤ {self.high} does not hold")

    @property
    def varies(self) -> bool:
        """Whether its draws differ."""
        return self.law != "held" and self.low < self.high

    def held(self) -> Uncertain:
        """Give the same input, kept at its central value."""
        return replace(self, law="held")

    def drawn(self, uniform: Doubles) -> Floats:
        """Turn numbers spread evenly over 0 to 1 into values of this input.

        Examples
        --------
        >>> upload = Uncertain("upload", "Upload", 1.5, 4.0, 6.5, "triangle", "Mbit/s", "method §6")
        >>> upload.drawn(np.array([0.0, 0.5, 1.0])).tolist(), upload.held().drawn(np.array([0.1])).tolist()
        ([1.5, 4.0, 6.5], [4.0])
        >>> switch = Uncertain("fwa", "Fixed wireless", 0, 1, 1, "choice", "no or yes", "method §6")
        >>> switch.drawn(np.array([0.0, 0.49, 0.51, 0.99])).tolist()
        [0.0, 0.0, 1.0, 1.0]
        """
        if self.law == "held":
            return np.full(len(uniform), self.central, dtype=np.float32)
        if self.law == "choice":
            steps = self.high - self.low + 1
            return np.minimum(self.low + np.floor(uniform * steps), self.high).astype(np.float32)
        if self.law == "triangle":
            return triangle(uniform, self.low, self.central, self.high).astype(np.float32)
        return (self.low + (self.high - self.low) * uniform).astype(np.float32)


def yes_or_no(key: str, label: str, *, source: str, needs: Needs = "") -> Uncertain:
    """Make an input that is no (0) or yes (1), half the draws each; a study's own choice replaces the centre."""
    return Uncertain(key, label, 0, 1, 1, "choice", "no or yes", source, needs)


def within_bounds(key: str, label: str, *, source: str, needs: Needs = "") -> Uncertain:
    """Make an input that moves a count between the fewest (-1), the central (0) and the most (1) there can be."""
    return Uncertain(key, label, -1, 0, 1, "triangle", "fewest to most", source, needs)


def at_quantile(key: str, label: str, *, source: str, needs: Needs = "", each_band: bool = False) -> Uncertain:
    """Make an input that is a share of draws, at which several triangles are read off together."""
    central = float("nan")
    return Uncertain(key, label, 0, central, 1, "quantile", "share of draws", source, needs, each_band)


def of_figure(figure: Figure, *, key: str, label: str, needs: Needs = "") -> Uncertain:
    """Make an input of a figure that has a range: a triangle on its three values.

    Examples
    --------
    >>> of_figure(Figure(1.3, "km per km", "detour", "assumption", 1.2, 1.4), key="detour", label="Detour").high
    1.4
    """
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Uncertain(key, label, low, figure.value, high, "triangle", figure.unit, figure.source, needs)


def triangle(quantile: Doubles, low: float, central: float, high: float) -> Doubles:
    """Give the value of a triangular law below which the given share of draws lies; its peak where that is NaN.

    Examples
    --------
    >>> triangle(np.array([0.0, 0.25, 0.5, 1.0, np.nan]), 0.0, 0.5, 1.0).round(4).tolist()
    [0.0, 0.3536, 0.5, 1.0, 0.5]
    >>> triangle(np.array([0.3]), 1.0, 1.0, 1.0).tolist()
    [1.0]
    """
    if high <= low:
        return np.full(len(quantile), central, dtype=np.float64)
    peak = (central - low) / (high - low)
    rising = low + np.sqrt(quantile * (high - low) * (central - low))
    falling = high - np.sqrt((1 - quantile) * (high - low) * (high - central))
    return np.where(np.isnan(quantile), central, np.where(quantile < peak, rising, falling))
