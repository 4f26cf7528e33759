"""Which uncertain inputs a study has, and their draws: one stream of random numbers for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method.goalposts import Indicator
from connectivity.method.profiles import PROFILES, UNCERTAIN
from connectivity.method.uncertain import Floats, Needs, Uncertain, of_figure
from layers.coverage import Coverage
from layers.estimate import RESIDUAL
from layers.people.alternatives import DETOUR

WEIGHTS, NOISE = "weights", "noise"
"""Names of the two streams that are not one number for each draw."""
WEIGHTS_LABEL = "how much each dimension counts"
NOISE_LABEL = "how the council's total falls within it (modelled)"
POSTS = {"need": "what counts as high and low need", "alternative": "what counts as near and far"}


@dataclass(frozen=True, slots=True)
class Draws:
    """Some draws of everything.

    Attributes
    ----------
    inputs
        Values by input, shape (draws,).
    weights
        Shape (draws, 4), each row summing to 1.
    noise
        Log-odds of each modelled area, shape (draws, areas of the councils); None when nothing is modelled.
    """

    inputs: Mapping[str, Floats]
    weights: Floats
    noise: Floats | None = None

    def __len__(self) -> int:
        """Count the draws."""
        return len(self.weights)

    def rows(self, chosen: npt.NDArray[np.intp]) -> Draws:
        """Take some of the draws."""
        noise = None if self.noise is None else self.noise[chosen]
        return Draws({key: value[chosen] for key, value in self.inputs.items()}, self.weights[chosen], noise)


def inputs_of(
    coverage: Coverage,
    *,
    indicators: Sequence[Indicator],
    count_fwa: bool,
    aggregation: int,
    areas: pd.Index | None = None,
) -> tuple[Uncertain, ...]:
    """List what is uncertain in a study.

    Parameters
    ----------
    coverage
        Premises in bands; it says what the release tells.
    indicators
        The declared ones.
    count_fwa
        The study's choice, central of the switch.
    aggregation
        The same: place in :data:`connectivity.method.kernel.AGGREGATIONS`.
    areas
        Codes of the scored areas: fixed wireless is not switched where one of them has no figure. None for all.
    """
    spreading = coverage.spreading
    routes = coverage.table.loc[slice(None) if areas is None else areas, ["below_decent", "fwa"]]
    told: dict[Needs, bool] = {
        "": True,
        "fwa": coverage.has_fwa and bool(routes.notna().all(axis=None)),
        "mobile": "indoor_4g" in coverage.table,
        "flag": coverage.able is not None,
        "modelled": spreading is not None,
        "two keys": spreading is not None and "indicator" in spreading.areas,
        "straight lines": any(one.straight for one in indicators),
    }
    found = list(_of_bands(coverage))
    found.append(
        of_figure(DETOUR, key="detour", label="how much longer roads are than straight lines", needs="straight lines")
    )
    if spreading is not None:
        label = "how fast slow lines grow with spacing (modelled)"
        found.append(of_figure(spreading.beta, key="beta", label=label, needs="modelled"))
    found += _of_goalposts(indicators)
    central = {"fwa": float(count_fwa), "aggregation": float(aggregation)}
    return tuple(replace(one, central=central.get(one.key, one.central)) for one in found if told[one.needs])


def _of_bands(coverage: Coverage) -> Iterator[Uncertain]:
    """Give an input for all bands to each band in which the chance of some need is not certain."""
    needs = [profile for profile in PROFILES.values() if coverage.basis in profile.uploads]
    for one in UNCERTAIN:
        if one.each_band:
            for band in coverage.bands:
                chances = [profile.upload_chance(band, basis=coverage.basis) for profile in needs]
                if any(chance.low < chance.high for chance in chances):
                    yield replace(one, key=f"{one.key} {band.column}")
        else:
            yield one


def _of_goalposts(indicators: Sequence[Indicator]) -> list[Uncertain]:
    found = []
    for indicator in indicators:
        for place, pair in enumerate(indicator.goalposts):
            for name, post in zip(("good", "bad"), pair, strict=True):
                one = of_figure(post, key=f"{name} {indicator.key} {place}", label=POSTS[indicator.dimension])
                found += [one] if one.varies else []
    return found


def drawn_values(inputs: Sequence[Uncertain], *, count: int, seed: int) -> dict[str, Floats]:
    """Draw every input, each from a stream of its own: adding one changes no other's draws, nor do more draws."""
    return {one.key: one.drawn(stream(seed, one.key).random(count)) for one in inputs}


def drawn_weights(chosen: Sequence[float], *, concentration: float, count: int, seed: int) -> Floats:
    """Draw weights from Dirichlet(concentration × chosen); one that is 0 stays 0.

    Returns
    -------
    ndarray, shape (count, weights)
        Each row sums to 1.
    """
    weights = np.asarray(chosen, dtype=float)
    drawn = np.zeros((count, len(weights)), dtype=np.float32)
    drawn[:, weights > 0] = stream(seed, WEIGHTS).dirichlet(concentration * weights[weights > 0], count)
    return drawn


def drawn_noise(councils: Mapping[str, int], *, count: int, chunk: int, seed: int) -> Floats | None:
    """Draw what the key leaves unexplained, a stream for each council and chunk: the others do not change it.

    Parameters
    ----------
    councils
        By code, how many areas each has, in the order of the areas.
    count, chunk
        How many draws; number of the chunk they are.
    seed
        The run's.
    """
    if not councils:
        return None
    parts = [
        stream(seed, f"{NOISE} {code} {chunk}").standard_normal((count, areas), dtype=np.float32)
        for code, areas in councils.items()
    ]
    return np.hstack(parts) * np.float32(RESIDUAL.value)


def central(inputs: Sequence[Uncertain], *, weights: Sequence[float], areas: int = 0) -> Draws:
    """Give one draw in which everything has its central value."""
    values = {one.key: one.held().drawn(np.zeros(1)) for one in inputs}
    noise = np.zeros((1, areas), dtype=np.float32) if areas else None
    return Draws(values, np.asarray([weights], dtype=np.float32), noise)


def stream(seed: int, name: str) -> np.random.Generator:
    """Give the stream of random numbers of that name."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))))
