"""What is drawn and what it is drawn on: uncertain inputs, councils' totals spread again, figures of the scored areas.

There is one stream of random numbers for each input, so that adding one changes no other's draws.

Of the council's matched premises, each area's share below a speed follows a logistic curve on its key, as in
:mod:`layers.estimate`, here with another slope and with what the key leaves unexplained added to the log-odds: one
number for each area and draw, the same for every speed, so that the bands nest. The curve's height is found again for
each council, speed and draw. What rounding to whole premises did to the central estimate is kept in every draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method.feasibility import area_figures
from connectivity.method.goalposts import Indicator
from connectivity.method.kernel import AreaFigures
from connectivity.method.profiles import PROFILES, UNCERTAIN
from connectivity.method.uncertain import Floats, Needs, Uncertain, of_figure
from layers.coverage import Coverage
from layers.estimate import RESIDUAL, calibrated, relative_odds
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
    disaggregation = coverage.disaggregation
    routes = coverage.table.loc[slice(None) if areas is None else areas, ["below_decent", "fwa"]]
    told: dict[Needs, bool] = {
        "": True,
        "fwa": coverage.has_fwa and bool(routes.notna().all(axis=None)),
        "mobile": "indoor_4g" in coverage.table,
        "flag": coverage.able is not None,
        "modelled": disaggregation is not None,
        "two keys": disaggregation is not None and "indicator" in disaggregation.areas,
        "straight lines": any(one.straight for one in indicators),
    }
    found = list(_of_bands(coverage))
    found.append(
        of_figure(DETOUR, key="detour", label="how much longer roads are than straight lines", needs="straight lines")
    )
    if disaggregation is not None:
        label = "how fast slow lines grow with spacing (modelled)"
        found.append(of_figure(disaggregation.beta, key="beta", label=label, needs="modelled"))
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
    return {one.key: one.drawn(random_stream(seed, one.key).random(count)) for one in inputs}


def drawn_weights(chosen: Sequence[float], *, concentration: float, count: int, seed: int) -> Floats:
    """Draw weights from Dirichlet(concentration × chosen); one that is 0 stays 0.

    Returns
    -------
    ndarray, shape (count, weights)
        Each row sums to 1.
    """
    weights = np.asarray(chosen, dtype=float)
    drawn = np.zeros((count, len(weights)), dtype=np.float32)
    drawn[:, weights > 0] = random_stream(seed, WEIGHTS).dirichlet(concentration * weights[weights > 0], count)
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
        random_stream(seed, f"{NOISE} {code} {chunk}").standard_normal((count, areas), dtype=np.float32)
        for code, areas in councils.items()
    ]
    return np.hstack(parts) * np.float32(RESIDUAL.value)


def central_draw(inputs: Sequence[Uncertain], *, weights: Sequence[float], areas: int = 0) -> Draws:
    """Give one draw in which everything has its central value."""
    values = {one.key: one.held().drawn(np.zeros(1)) for one in inputs}
    noise = np.zeros((1, areas), dtype=np.float32) if areas else None
    return Draws(values, np.asarray([weights], dtype=np.float32), noise)


def random_stream(seed: int, name: str) -> np.random.Generator:
    """Give the stream of random numbers of that name."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))))


@dataclass(frozen=True, slots=True)
class Redistribution:
    """What councils' totals are spread by; areas in the order of their councils.

    Attributes
    ----------
    councils
        By code, how many areas each has.
    key
        Higher where lines are slower.
    parts
        Shape (2, areas): spacing and indicator, where an input mixes them; None where the key is one of them.
    varies
        Variances of spacing, indicator and key over all areas of the study, and covariance of the first two.
    matched
        Premises of each area.
    totals
        Shape (speeds, councils): premises below each speed, the last row those below decent broadband.
    beta
        Central slope.
    rounding
        Shape (speeds, areas): what the build's whole premises are above the curve, as a share of the matched.
    chosen
        Places of the areas whose figures are wanted.
    """

    councils: Mapping[str, int]
    key: Floats
    parts: Floats | None
    varies: tuple[float, float, float, float]
    matched: Floats
    totals: Floats
    beta: float
    rounding: Floats
    chosen: npt.NDArray[np.intp]

    def __len__(self) -> int:
        """Count the areas of the councils."""
        return len(self.matched)

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """Place of each council's first area."""
        return np.cumsum([0, *self.councils.values()])[:-1].astype(np.intp)


def redistribution_of(coverage: Coverage, *, areas: pd.Index) -> Redistribution | None:
    """Take what a modelled coverage was spread by; None when it is not modelled.

    Parameters
    ----------
    coverage
        With its councils whole.
    areas
        Codes of the areas whose figures are wanted; only their councils are kept.
    """
    if coverage.disaggregation is None:
        return None
    by = coverage.disaggregation.areas
    ours = by[by["district_code"].isin(by["district_code"].reindex(areas).unique())]
    ours = ours.rename_axis("area_code").sort_values(["district_code", "area_code"])
    table = coverage.table.loc[ours.index]
    below = table[coverage.columns].cumsum(axis=1).iloc[:, :-1].assign(decent=table["below_decent"].fillna(0.0))
    totals = below.groupby(ours["district_code"], sort=True).sum()
    parts = by[["spacing", "indicator"]] if "indicator" in by else None
    usual = by["key"].var(ddof=0)
    spread = Redistribution(
        councils={str(code): int(size) for code, size in ours.groupby("district_code", sort=True).size().items()},
        key=ours["key"].to_numpy(dtype=np.float32),
        parts=None if parts is None else _rows(parts.loc[ours.index]),
        varies=(0, 0, usual, 0) if parts is None else (*parts.var(ddof=0), usual, parts.cov(ddof=0).iloc[0, 1]),
        matched=table["matched"].to_numpy(dtype=np.float32),
        totals=_rows(totals),
        beta=coverage.disaggregation.beta.value,
        rounding=np.zeros((len(totals.columns), len(ours)), dtype=np.float32),
        chosen=ours.index.get_indexer(areas).astype(np.intp),
    )
    slope = np.full(1, spread.beta, dtype=np.float32)
    curve = _solved(spread, slope, None, np.zeros((1, len(ours)), dtype=np.float32))[:, 0]
    return replace(spread, rounding=_rows(below.div(table["matched"].clip(lower=1), axis=0)) - curve)


def redistributed(spread: Redistribution, values: Mapping[str, Floats], noise: Floats) -> Floats:
    """Spread the totals again.

    Parameters
    ----------
    spread
        What by.
    values
        ``beta`` and, where two keys are mixed, ``key mix``, shape (draws,).
    noise
        Log-odds, shape (draws, areas).

    Returns
    -------
    ndarray, shape (speeds, draws, chosen areas)
        Share of the matched premises below each speed, 0 to 1; the last row those below decent broadband.
    """
    drawn = _solved(spread, values["beta"], values.get("key mix"), noise)
    drawn += spread.rounding[:, None, :]
    np.clip(drawn, 0, 1, out=drawn)
    np.maximum.accumulate(drawn[:-1], axis=0, out=drawn[:-1])
    return drawn[:, :, spread.chosen]


def mixed_keys(spread: Redistribution, mix: Floats | None) -> Floats:
    """Join spacing and indicator as the draw says, as widely spread as the key is; shape (draws or 1, areas)."""
    if mix is None or spread.parts is None:
        return spread.key[None, :]
    share = mix[:, None]
    spacing, indicator, key, both = spread.varies
    square = (1 - share) ** 2 * spacing + share**2 * indicator + 2 * share * (1 - share) * both
    joined = (1 - share) * spread.parts[0] + share * spread.parts[1]
    return np.asarray(joined * np.sqrt(key / np.maximum(square, 1e-9)), dtype=np.float32)


def _solved(spread: Redistribution, beta: Floats, mix: Floats | None, noise: Floats) -> Floats:
    """Find each curve again, speed by speed."""
    odds = relative_odds(beta[:, None] * mixed_keys(spread, mix) + noise)
    everyone = np.maximum(np.add.reduceat(spread.matched, spread.starts), 1)
    return np.stack(
        [
            calibrated(odds, weight=spread.matched, wanted=total / everyone, starts=spread.starts)
            for total in spread.totals
        ]
    )


def _rows(table: pd.DataFrame) -> Floats:
    return np.ascontiguousarray(table.to_numpy(dtype=np.float32).T)


@dataclass(frozen=True, slots=True)
class ScoredAreas:
    """Figures of the scored areas; every array has one entry, or one column, for each area.

    Attributes
    ----------
    areas
        Codes of the scored areas, sorted.
    figures
        Who can get what, in single precision.
    indicators
        The declared indicators, each with its raw columns, shape (columns, areas).
    spread
        What modelled figures were spread by; None when they are not modelled.
    """

    areas: pd.Index
    figures: AreaFigures
    indicators: tuple[tuple[Indicator, Floats], ...]
    spread: Redistribution | None = None

    def __len__(self) -> int:
        """Count the areas."""
        return len(self.areas)


def scored_areas(
    coverage: Coverage, *, joined: pd.DataFrame, scored: pd.Index, indicators: Sequence[Indicator]
) -> ScoredAreas:
    """Take the figures of the scored areas.

    Parameters
    ----------
    coverage
        Premises in bands.
    joined
        The joined table, with the indicators' raw columns.
    scored
        Codes of the areas that have a score; a few of them are enough to compare these.
    indicators
        The declared ones.
    """
    areas = scored.sort_values()
    return ScoredAreas(
        areas=areas,
        figures=area_figures(coverage, areas=areas, precision=np.float32),
        indicators=tuple((one, _rows(joined.loc[areas, list(one.columns)])) for one in indicators),
        spread=redistribution_of(coverage, areas=areas),
    )
