"""A portfolio for a budget: what was asked, what was chosen, what it would bring, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from connectivity.investment.candidates import (
    Activity,
    Counted,
    DrawnOffers,
    Ground,
    Opportunities,
    drawn_offers,
    ground_of,
    opportunities,
    scheme_of,
)
from connectivity.investment.choice import Choice, PortfolioLimits, choose_portfolio
from connectivity.investment.costs import NINE_OF_TEN, CostError
from connectivity.investment.frontier import inclusion
from connectivity.investment.interventions import interventions_named
from connectivity.outputs import Build
from layers.errors import LayerError, examples, listed

Floats = npt.NDArray[np.float64]

BY_DEFAULT = ("full-fibre",)
"""The one intervention whose cost has been seen in contracts."""
DRAWS = 200
"""Of costs and counts (assumption: enough for a range of nine in ten)."""
ROUGHLY = 0.001
"""Share of a draw's best that may be missing (assumption: how often a scheme is chosen hardly hangs on less)."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of premises that may be eligible, where that is not known."""
MONEY = re.compile(r"£?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?(?P<unit>[km]?)", re.IGNORECASE)
UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


class AmountError(LayerError):
    """A sum of money that cannot be read."""


class PlaceNameError(LayerError):
    """A place or council that is not in the study, or several that could be meant."""


def pounds_of(text: str, *, option: str) -> float:
    """Return a sum of money as someone writes it.

    Parameters
    ----------
    text
        Such as ``5m``, ``£500k`` or ``5,000,000``.
    option
        Where it was given, for the message.

    Raises
    ------
    AmountError
        If it cannot be read, or is nothing.

    Examples
    --------
    >>> [pounds_of(text, option="--budget") for text in ("5m", "£500k", "5,000,000", "£1.5m")]
    [5000000.0, 500000.0, 5000000.0, 1500000.0]
    """
    found = MONEY.fullmatch(text.strip())
    pounds = float(found["whole"].replace(",", "") + (found["part"] or "")) if found else 0.0
    if not found or pounds <= 0:
        raise AmountError(
            f"{option} cannot be read as a sum of money.",
            expected="pounds above nothing, such as 5m, £500k or 5,000,000",
            found=text,
            next_step="write it like one of these",
        )
    return pounds * UNITS[found["unit"].casefold()]


@dataclass(frozen=True)
class PortfolioRequest:
    """What is asked for.

    Attributes
    ----------
    budget
        GBP.
    counted, activity
        What is maximised, and what those counted cannot do today.
    interventions
        Keys of `connectivity.investment.interventions.INTERVENTIONS`.
    must, must_not
        Areas by code, exact name or the beginning of one name; whole schemes follow.
    floors
        By council, code or name: the least that is spent there, GBP.
    scope
        Which areas are in scope; None for the default.
    """

    budget: float
    counted: Counted = "people"
    activity: Activity = "remote"
    interventions: Sequence[str] = BY_DEFAULT
    must: Sequence[str] = ()
    must_not: Sequence[str] = ()
    floors: Mapping[str, float] = field(default_factory=dict)
    scope: str | None = None


@dataclass(frozen=True, eq=False)
class Portfolio:
    """What was chosen, and how sure that is.

    Attributes
    ----------
    build, request
        Of what, and what was asked.
    found
        What could be done.
    choice
        The best portfolio and its proof.
    drawn
        Costs and results of every offer in each draw.
    often
        By scheme, the share of draws whose own best portfolio has it.
    schemes
        Chosen schemes, most newly able for a pound first: the columns of `Opportunities.schemes` and ``intervention,
        cost, cost_low, cost_high, able, able_low, able_high, often``; index the scheme's place.
    by_share
        By eligible share: what the same budget would bring; empty where eligibility is known.
    """

    build: Build
    request: PortfolioRequest
    found: Opportunities
    choice: Choice
    drawn: DrawnOffers
    often: Floats
    schemes: pd.DataFrame
    by_share: Mapping[float, float]

    def ends(self, values: Floats, best: float) -> tuple[float, float]:
        """Return between which values nine of ten draws lie; the best estimate is never outside."""
        low, high = (float(end) for end in np.quantile(values, NINE_OF_TEN))
        return min(low, best), max(high, best)

    @property
    def drawn_value(self) -> Floats:
        """Return what the portfolio brings in each draw."""
        return np.asarray(self.drawn.value[self.choice.chosen].sum(axis=0))

    @property
    def drawn_cost(self) -> Floats:
        """Return what the portfolio costs in each draw, GBP."""
        return np.asarray(self.drawn.cost[self.choice.chosen].sum(axis=0))


def plan_portfolio(build: Build, *, folder: Path, request: PortfolioRequest, draws: int = DRAWS) -> Portfolio:
    """Return the best portfolio for what is asked.

    Parameters
    ----------
    build, folder
        A finished build, and where it lies.
    request
        What is asked for.
    draws
        Of costs and counts.

    Raises
    ------
    LayerError
        If the request cannot be read, or no portfolio meets it; the message says what bites.
    """
    ground = ground_of(build, folder=folder)
    found = _opportunities(build, ground=ground, request=request)
    limits = limits_of(request, found=found, build=build)
    choice = choose_portfolio(found.candidates, limits=limits)
    drawn = drawn_offers(found, build=build, draws=draws, seed=build.manifest.seed)
    often = np.zeros(len(found.schemes))
    by_area = inclusion(found.candidates, limits=_free(limits), value=drawn.value.T, cost=drawn.cost.T, within=ROUGHLY)
    often[: len(by_area.by_area)] = by_area.by_area
    return Portfolio(
        build,
        request,
        found,
        choice,
        drawn,
        often,
        _chosen(found, choice=choice, drawn=drawn, often=often),
        {} if found.eligibility.known else _by_share(build, ground=ground, request=request),
    )


def _opportunities(build: Build, *, ground: Ground, request: PortfolioRequest, assumed: float = 1.0) -> Opportunities:
    return opportunities(
        build,
        ground=ground,
        interventions=interventions_named(request.interventions, profile=request.activity),
        counted=request.counted,
        activity=request.activity,
        scope=request.scope,
        assumed=assumed,
    )


def _free(limits: PortfolioLimits) -> PortfolioLimits:
    """Return the budget with what is ruled out alone: in a dear draw must-haves and floors may not fit into it."""
    return PortfolioLimits(budget=limits.budget, must_not=limits.must_not)


def limits_of(request: PortfolioRequest, *, found: Opportunities, build: Build) -> PortfolioLimits:
    """Return what the portfolio must keep, with places and councils named as the choice has them.

    Raises
    ------
    PlaceNameError
        If a place or council is not known, ambiguous, or in no scheme.
    """
    councils = sorted(set(found.schemes["district_code"]))
    names = build.areas.drop_duplicates("district_code").set_index("district_code")["district_name"]
    place = {code: number for number, code in enumerate(councils)}
    floors: dict[int, float] = {}
    for council, least in request.floors.items():
        code = named(council, names, option="--floor", what="council")
        if code not in place:
            raise PlaceNameError(
                f"Nothing can be spent in {names[code]}: it has no scheme in scope.",
                expected=f"one of {listed([str(names[one]) for one in councils])}",
                found=council,
                next_step="leave this floor out, or widen the scope (--scope)",
            )
        floors[place[code]] = least
    return PortfolioLimits(
        budget=request.budget,
        must=_schemes_named(request.must, found=found, build=build, option="--must"),
        must_not=_schemes_named(request.must_not, found=found, build=build, option="--must-not", outside=True),
        group=found.schemes["district_code"].map(place).to_numpy(dtype=np.int64),
        spend_floor=floors,
        area_names=[str(name) for name in found.schemes["name"]],
        group_names=[str(names[code]) for code in councils],
    )


def _schemes_named(
    wanted: Sequence[str], *, found: Opportunities, build: Build, option: str, outside: bool = False
) -> tuple[int, ...]:
    """Return the schemes that some areas are part of; one in none is refused, or passed over where that is meant."""
    places: list[int] = []
    for text in wanted:
        code = named(text, build.areas["area_name"], option=option, what="area")
        scheme = scheme_of(found, code)
        if scheme is not None:
            places.append(scheme)
        elif not outside:
            raise PlaceNameError(
                f"{build.areas['area_name'].loc[code]} cannot be a must-have: it is in no scheme.",
                expected="an area that a scheme could be built in",
                found=str(found.areas["reason"].loc[code]),
                next_step="leave it out, or widen the scope (--scope everywhere)",
            )
    return tuple(dict.fromkeys(places))


def named(text: str, names: pd.Series, *, option: str, what: str) -> str:
    """Return the code that someone means: the exact code, else the exact name, else the one name it begins.

    Raises
    ------
    PlaceNameError
        If there is none, or several.

    Examples
    --------
    >>> names = pd.Series({"E1": "Dorset", "E2": "West Dorset", "E3": "West Lindsey"})
    >>> named("E2", names, option="--floor", what="council"), named("dorset", names, option="--floor", what="council")
    ('E2', 'E1')
    """
    if text in names.index:
        return text
    folded = names.astype(str).str.casefold()
    wanted = text.strip().casefold()
    for match in (folded.eq(wanted), folded.str.startswith(wanted) & bool(wanted)):
        if match.sum() == 1:
            return str(names.index[match][0])
        if match.any():
            raise PlaceNameError(
                f"“{text}” could be several places.",
                key=option,
                expected=f"one {what}, by its code",
                found=examples(f"{code} ({name})" for code, name in names[match].items()),
                next_step="give the code",
            )
    raise PlaceNameError(
        f"There is no {what} “{text}” in this study.",
        key=option,
        expected=f"the code or name of one of its {what}s",
        found=text,
        next_step="look it up in ranking.csv",
    )


def _chosen(found: Opportunities, *, choice: Choice, drawn: DrawnOffers, often: Floats) -> pd.DataFrame:
    offers = found.offers.iloc[choice.chosen]
    table = found.schemes.loc[offers["scheme"].to_numpy()].copy()
    table["intervention"] = offers["intervention"].to_numpy()
    table["cost"], table["able"] = found.candidates.cost[choice.chosen], found.candidates.value[choice.chosen]
    for name, values in (("cost", drawn.cost), ("able", drawn.value)):
        low, high = np.quantile(values[choice.chosen], NINE_OF_TEN, axis=1)
        table[f"{name}_low"] = np.minimum(low, table[name])
        table[f"{name}_high"] = np.maximum(high, table[name])
    table["often"] = often[table.index.to_numpy()]
    table["each"] = table["able"] / table["cost"]
    return table.sort_values(["each", "name"], ascending=[False, True], kind="stable").drop(columns="each")


def _by_share(build: Build, *, ground: Ground, request: PortfolioRequest) -> dict[float, float]:
    """Return what the budget alone would bring if only a share of the premises were eligible."""
    bare = replace(request, must=(), must_not=(), floors={})
    return {share: _value_of(build, ground=ground, request=bare, assumed=share) for share in SHARES}


def _value_of(build: Build, *, ground: Ground, request: PortfolioRequest, assumed: float) -> float:
    try:
        found = _opportunities(build, ground=ground, request=request, assumed=assumed)
    except CostError:  # so few are left that no scheme has its least size
        return 0.0
    return choose_portfolio(found.candidates, limits=PortfolioLimits(budget=request.budget)).value
