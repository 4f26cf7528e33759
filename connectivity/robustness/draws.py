"""What is drawn and what it is drawn on: uncertain inputs, councils' totals spread again, figures of the scored areas.

There is one stream of random numbers for each input, so that adding one changes no other's draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.method.feasibility import area_figures
from connectivity.method.kernel import AreaFigures
from connectivity.method.records import PROFILES, UNCERTAIN, Indicator
from connectivity.method.uncertain import Floats, Needs, Uncertain, of_figure
from layers.coverage import Coverage
from layers.errors import LayerError, examples
from layers.estimate import (
    FAST_SLOPE,
    FITTED_BELOW,
    SLOPE,
    STRUCTURE_SLOPE,
    calibrated,
    predictor_of,
    relative_odds,
    residual,
)
from layers.people.alternatives import DETOUR

WEIGHTS, NOISE = "weights", "noise"
"""Names of the two streams that are not one number for each draw."""
WEIGHTS_LABEL = "how much each dimension counts"
NOISE_LABEL = "how the council's total falls within it (modelled)"
SLOPE_LABEL = "how fast slow lines grow where postcodes lie thinly (modelled)"
STRUCTURE_LABEL = "how far slow lines stand where they stood in 2013 (modelled)"
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
        Of each modelled area, in standard deviations, shape (draws, areas of the councils); None when nothing is
        modelled.
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
    modelled = coverage.disaggregation
    routes = coverage.table.loc[slice(None) if areas is None else areas, ["below_decent", "fwa"]]
    told: dict[Needs, bool] = {
        "": True,
        "fwa": coverage.has_fwa and bool(routes.notna().all(axis=None)),
        "mobile": "indoor_4g" in coverage.table,
        "modelled": modelled is not None,
        "structure": modelled is not None and modelled.structured,
        "straight lines": any(one.straight for one in indicators),
    }
    found = list(_of_bands(coverage))
    found.append(
        of_figure(DETOUR, key="detour", label="how much longer roads are than straight lines", needs="straight lines")
    )
    if modelled is not None:
        found += [
            of_figure(SLOPE, key="slope", label=SLOPE_LABEL, needs="modelled"),
            of_figure(FAST_SLOPE, key="fast slope", label=SLOPE_LABEL, needs="modelled"),
            of_figure(STRUCTURE_SLOPE, key="structure", label=STRUCTURE_LABEL, needs="structure"),
        ]
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
    """Draw what the covariates leave unexplained, a stream for each council and chunk: others do not change it.

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
    return np.hstack(parts)


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

    Of the council's matched premises, each area's share below a speed follows a logistic curve on what its covariates
    tell, as in :mod:`layers.estimate`, here with other slopes and with the residual added to the log-odds: one number
    for each area and draw, the same for every speed, times the deviation of its class. The curve's height is found
    again for each council, speed and draw, so that every published total stays. What rounding to whole premises did to
    the central estimate is kept in every draw.

    Attributes
    ----------
    councils
        By code, how many areas each has.
    told
        Log-odds beside the council's, shape (speeds, areas), at slope 1; the last speed is decent broadband, where the
        release counts it.
    fast
        Whether a speed takes the slope of fast lines, shape (speeds,).
    structure
        Log-odds of 2013, shape (areas,); None where the study does not take them.
    deviation
        Of the residual, log-odds, shape (speeds, areas).
    matched
        Premises of each area.
    totals
        Shape (speeds, councils): premises below each speed.
    decent
        Whether the last row is decent broadband.
    rounding
        Shape (speeds, areas): what the build's whole premises are above the curve, as a share of the matched.
    chosen
        Places of the areas whose figures are wanted.
    """

    councils: Mapping[str, int]
    told: Floats
    fast: npt.NDArray[np.bool_]
    structure: Floats | None
    deviation: Floats
    matched: Floats
    totals: Floats
    decent: bool
    rounding: Floats
    chosen: npt.NDArray[np.intp]

    def __len__(self) -> int:
        """Count the areas of the councils."""
        return len(self.matched)

    @property
    def starts(self) -> npt.NDArray[np.intp]:
        """Place of each council's first area."""
        return np.cumsum([0, *self.councils.values()])[:-1].astype(np.intp)

    @property
    def everyone(self) -> Floats:
        """Premises of each council."""
        return np.asarray(np.maximum(np.add.reduceat(self.matched, self.starts), 1))


def redistribution_of(coverage: Coverage, *, areas: pd.Index) -> Redistribution | None:
    """Take what a modelled coverage was spread by; None when it is not modelled.

    Parameters
    ----------
    coverage
        With its councils whole.
    areas
        Codes of the areas whose figures are wanted; only their councils are kept.

    Raises
    ------
    LayerError
        When the count below decent broadband is known for some areas only: unknown is not 0.
    """
    if coverage.disaggregation is None:
        return None
    by = coverage.disaggregation.areas
    ours = by[by["district_code"].isin(by["district_code"].reindex(areas).unique())]
    ours = ours.rename_axis("area_code").sort_values(["district_code", "area_code"])
    table = coverage.table.loc[ours.index]
    speeds = [band.high for band in coverage.bands[:-1]]
    below = table[coverage.columns].cumsum(axis=1).iloc[:, :-1]
    if _says_decent(table["below_decent"]):
        speeds, below = [*speeds, FITTED_BELOW[-1]], below.assign(decent=table["below_decent"])
    columns = [predictor_of(speed) for speed in speeds]
    totals = below.groupby(ours["district_code"], sort=True).sum()
    central = Redistribution(
        councils={str(code): int(size) for code, size in ours.groupby("district_code", sort=True).size().items()},
        told=_rows(ours[[column for column, _ in columns]]),
        fast=np.array([fast for _, fast in columns], dtype=bool),
        structure=ours["structure"].to_numpy(dtype=np.float32) if coverage.disaggregation.structured else None,
        deviation=np.zeros((len(speeds), len(ours)), dtype=np.float32),
        matched=table["matched"].to_numpy(dtype=np.float32),
        totals=_rows(totals),
        decent=len(speeds) == len(coverage.bands),
        rounding=np.zeros((len(speeds), len(ours)), dtype=np.float32),
        chosen=ours.index.get_indexer(areas).astype(np.intp),
    )
    usual = {key: np.full(1, one.value, dtype=np.float32) for key, one in SLOPES.items()}
    curve = _solved(central, usual, np.zeros((1, len(ours)), dtype=np.float32))[:, 0]
    return replace(
        central,
        deviation=_deviations(central, curve, rural=ours["rural"].to_numpy(dtype=bool)),
        rounding=_rows(below.div(table["matched"].clip(lower=1), axis=0)) - curve,
    )


TURNS, NEAR = 10, 1e-5
"""Turns at most, of sorting and bringing back to the totals, and how near, as a share of a council's premises, is met:
one is enough where speeds seldom cross, as covariates tell much the same of each."""
SLOPES = {"slope": SLOPE, "fast slope": FAST_SLOPE, "structure": STRUCTURE_SLOPE}
"""Inputs that say how steep the curves are, by their key."""


def _says_decent(counts: pd.Series) -> bool:
    """Say whether a release counts premises below decent broadband; refuse one that does for some areas only."""
    unsaid = counts.isna()
    if unsaid.any() and not unsaid.all():
        raise LayerError(
            f"{int(unsaid.sum()):,} of {len(counts):,} areas have no count of premises below decent broadband.",
            rows=examples(counts.index[unsaid]),
            expected="a count for every area of a modelled council, or for none",
            found="blank, which is not known and never 0",
            next_step="build the study again from a release that gives the count",
        )
    return not unsaid.all()


def _deviations(central: Redistribution, curve: Floats, *, rural: npt.NDArray[np.bool_]) -> Floats:
    """Give each area and speed the deviation of its class, by how many of the class its council has below the speed."""
    council = np.repeat(np.arange(len(central.councils)), list(central.councils.values()))
    found = np.empty_like(curve)
    for row, fast in enumerate(central.fast):
        for is_rural in (False, True):
            weight = central.matched * (rural == is_rural)
            everyone = np.add.reduceat(weight, central.starts)
            share = np.add.reduceat(weight * curve[row], central.starts) / np.maximum(everyone, 1)
            known = [residual(rural=is_rural, share=None if fast else float(one)) for one in share]
            ours = rural == is_rural
            found[row, ours] = np.asarray(known, dtype=np.float32)[council[ours]]
    return found


def redistributed(spread: Redistribution, values: Mapping[str, Floats], noise: Floats) -> Floats:
    """Spread the totals again.

    Parameters
    ----------
    spread
        What by.
    values
        ``slope``, ``fast slope`` and, where the study takes it, ``structure``, shape (draws,).
    noise
        In standard deviations, shape (draws, areas).

    Returns
    -------
    ndarray, shape (speeds, draws, chosen areas)
        Share of the matched premises below each speed, 0 to 1; the last row those below decent broadband, where the
        release counts them.
    """
    drawn = _solved(spread, values, noise)
    drawn += spread.rounding[:, None, :]
    np.clip(drawn, 0, 1, out=drawn)
    speeds = len(drawn) - spread.decent
    _meet_totals(drawn[:speeds], spread, totals=spread.totals[:speeds], nested=True)
    _meet_totals(drawn[speeds:], spread, totals=spread.totals[speeds:], nested=False)
    return drawn[:, :, spread.chosen]


def _meet_totals(shares: Floats, spread: Redistribution, *, totals: Floats, nested: bool) -> None:
    """Bring councils back to their totals, in place, after shares were cut off at 0 and 1.

    Speeds are `nested`: each area's shares are sorted, so that its bands nest, in turn with the totals.
    """
    wanted = (totals / spread.everyone)[:, None, :]
    sizes = list(spread.councils.values())
    for _ in range(TURNS):
        if nested:
            _sort_crossed(shares)
        got = np.add.reduceat(spread.matched * shares, spread.starts, axis=2) / spread.everyone
        if np.abs(got - wanted).max(initial=0) < NEAR:
            break
        shares *= np.repeat(wanted / np.where(got > 0, got, 1), sizes, axis=2)
        np.clip(shares, 0, 1, out=shares)
    if nested:
        np.maximum.accumulate(shares, axis=0, out=shares)


def _sort_crossed(shares: Floats) -> None:
    """Sort each area's shares by speed, in place, where speeds have crossed: in most areas of most draws none has."""
    crossed = (shares[1:] < shares[:-1]).any(axis=0)
    if crossed.any():
        shares[:, crossed] = np.sort(shares[:, crossed], axis=0)


def _solved(spread: Redistribution, values: Mapping[str, Floats], noise: Floats) -> Floats:
    """Find each curve again, speed by speed."""
    everyone = spread.everyone
    rows = []
    for told, fast, deviation, total in zip(spread.told, spread.fast, spread.deviation, spread.totals, strict=True):
        odds = values["slope"][:, None] * told
        if spread.structure is not None:
            odds += values["structure"][:, None] * spread.structure
        if fast:
            odds *= values["fast slope"][:, None]
        odds += deviation * noise
        wanted = total / everyone
        rows.append(calibrated(relative_odds(odds), weight=spread.matched, wanted=wanted, starts=spread.starts))
    return np.stack(rows)


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
