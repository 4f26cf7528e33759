"""What can be done about a place that is cut off: interventions as records, each with what it fixes and what it costs.

A cost has a kind, whose money it is; kinds are never added. What is not published is an assumption and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectivity.investment.costs import (
    FAILURE,
    LEAST_SIZE,
    SCHEME_COST,
    A,
    CostError,
    checked_cost,
    cost_level,
    cost_records,
    known_sources,
    one_kind,
)
from connectivity.method.records import ALWAYS, NEVER, Key, Triple
from layers.errors import did_you_mean, listed
from layers.figures import Figure

Reach = Literal["passed", "asked", "place", "household"]
"""What is paid for: every premises passed; each that asks; one for the whole place; nothing by a public body."""


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one unit costs, and whose money that is.

    Attributes
    ----------
    low, best, high
        GBP, above 0.
    unit
        Of what.
    kind
        ``subsidy``, ``programme cost``, ``retail`` …
    source
        Who published it, or the word assumption with what it lies between.
    """

    low: float
    best: float
    high: float
    unit: str
    kind: str
    source: str

    def __post_init__(self) -> None:
        """Refuse a cost that cannot be."""
        ends = [checked_cost(cost, of=self.unit) for cost in (self.low, self.best, self.high)]
        if ends != sorted(ends):
            raise CostError(
                "A cost’s range does not hold its best estimate.",
                expected="low, best and high in order",
                found=f"{self.low}, {self.best}, {self.high}",
                next_step="put them in order",
            )


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that can be done in a place.

    Attributes
    ----------
    key
        As it is called on the command line.
    label, short
        In plain words, and as a list has it.
    fixes
        By profile, the chance that a premises it reaches can do it then; a profile that is absent is not helped.
    reach
        What the unit cost is paid for.
    share_reached
        Of the premises that cannot, the share it reaches.
    cost
        A unit's.
    scheme_cost
        Paid once a scheme, however small; None without one.
    least_size
        Premises a scheme passes at least; None without one.
    funders
        Who may pay for it.
    lead_months
        From decision to use, least and most.
    failure
        Chance that it is not built as agreed.
    note
        What has to be known before it is chosen.
    """

    key: str
    label: str
    short: str
    fixes: Mapping[Key, Triple]
    reach: Reach
    share_reached: Figure
    cost: UnitCost
    funders: tuple[str, ...]
    lead_months: tuple[int, int]
    failure: Figure
    note: str
    scheme_cost: Figure | None = None
    least_size: Figure | None = None


EVERYONE: dict[Key, Triple] = {"digital": ALWAYS, "remote": ALWAYS, "household": ALWAYS, "business": ALWAYS}
ALL_OF_THEM = Figure(1, "share of premises that cannot", "reached", "every premises of the scheme is passed")
_COUNCIL, _BDUK = "council or combined authority", "BDUK"


def _of_records(keys: Sequence[str], *, unit: str, middle: str) -> UnitCost:
    """Make a cost of published figures of one kind: the lowest, the one named, the highest."""
    chosen = [cost_records()[key] for key in keys]
    kind = one_kind(one.kind for one in chosen)
    values = [end for one in chosen for end in (one.low, one.value, one.high)]
    return UnitCost(min(values), cost_records()[middle].value, max(values), unit, kind, known_sources(keys))


def _full_fibre() -> Intervention:
    level = cost_level()
    return Intervention(
        key="full-fibre",
        label="a full-fibre scheme",
        short="full fibre",
        fixes=EVERYONE,
        reach="passed",
        share_reached=ALL_OF_THEM,
        cost=UnitCost(
            level.low,
            level.value,
            level.high,
            "premises passed",
            "subsidy",
            f"geometric mean of {level.contracts} contracts; low and high for a contract not seen",
        ),
        scheme_cost=SCHEME_COST,
        least_size=LEAST_SIZE,
        funders=(_BDUK, _COUNCIL),
        lead_months=(24, 48),
        failure=FAILURE,
        note="Public money may pay only for premises that are white in BDUK’s last review of the market.",
    )


INTERVENTIONS: dict[str, Intervention] = {
    one.key: one
    for one in (
        _full_fibre(),
        Intervention(
            key="voucher",
            label="gigabit vouchers",
            short="vouchers",
            fixes=EVERYONE,
            reach="asked",
            share_reached=Figure(
                0.3, "share of premises that cannot", "who ask, in a project a supplier takes on", A, 0.1, 0.6
            ),
            cost=UnitCost(
                1_500,
                4_500,
                4_500,
                "premises that asks",
                "subsidy",
                f"the cap, {known_sources(['voucher_cap'])}; low {A}",
            ),
            funders=(_BDUK, f"{_COUNCIL} (topping up)"),
            lead_months=(9, 24),
            failure=Figure(0.3, "share of projects", "projects no supplier takes on or finishes", A, 0.1, 0.5),
            note="Led by who asks, not by who needs it most; the public part is at most £4,500 a premises.",
        ),
        Intervention(
            key="fixed-wireless",
            label="a fixed-wireless mast",
            short="fixed wireless",
            fixes={
                "digital": Triple(0.9, 0.95, 1),
                "remote": Triple(0.2, 0.5, 0.8),
                "household": Triple(0, 0.1, 0.3),
                "business": NEVER,
            },
            reach="place",
            share_reached=Figure(0.7, "share of premises that cannot", "in sight of one mast", A, 0.4, 0.9),
            cost=UnitCost(60_000, 150_000, 400_000, "mast", "subsidy", f"{A}: no public contract was found"),
            funders=(_COUNCIL, "operator"),
            lead_months=(12, 24),
            failure=Figure(0.2, "share of masts", "refused planning, no link or no operator", A, 0.1, 0.4),
            note="Hills and trees decide whom it reaches; it carries a home worker’s upload only where signal is good.",
        ),
        Intervention(
            key="mobile-infill",
            label="a rural mobile mast",
            short="a mobile mast",
            fixes={"digital": Triple(0.3, 0.6, 0.85), "remote": Triple(0.1, 0.3, 0.6), "household": NEVER},
            reach="place",
            share_reached=Figure(0.5, "share of premises that cannot", "indoors in reach of one mast", A, 0.2, 0.8),
            cost=UnitCost(
                331_487,
                522_727,
                1_000_000,
                "mast",
                "programme cost",
                f"best: {known_sources(['mast_s4gi'])}; low: upgrade of a site (model input); high {A}",
            ),
            funders=("DSIT and the operators (Shared Rural Network)", _COUNCIL),
            lead_months=(24, 48),
            failure=Figure(0.3, "share of masts", "refused planning, no power, or no operator", A, 0.1, 0.5),
            note="A 4G signal indoors is no promise of a steady video call.",
        ),
        Intervention(
            key="hub",
            label="an equipped community hub",
            short="a hub",
            fixes={},
            reach="place",
            share_reached=Figure(0.0, "share of premises that cannot", "made able at home", "a hub is another way in"),
            cost=_of_records(
                ["hub_gigahub_plan", "hub_leics", "hub_schools"], unit="site connected", middle="hub_leics"
            ),
            funders=(_BDUK, _COUNCIL),
            lead_months=(6, 18),
            failure=Figure(0.15, "share of sites", "sites that are not connected or not staffed", A, 0.05, 0.3),
            note="The connection alone: staff, heating and opening hours are the council’s every year.",
        ),
        Intervention(
            key="satellite",
            label="low-orbit satellite, paid by the household",
            short="satellite",
            fixes={
                "digital": Triple(0.8, 0.95, 1),
                "remote": Triple(0.7, 0.9, 1),
                "household": Triple(0.6, 0.85, 1),
                "business": Triple(0, 0.3, 0.6),
            },
            reach="household",
            share_reached=Figure(1, "share of premises that cannot", "under open sky", A, 0.8, 1),
            cost=UnitCost(75, 75, 75, "month", "retail", known_sources(["leo_monthly"])),
            funders=("the household",),
            lead_months=(0, 1),
            failure=Figure(0.1, "share of households", "trees or walls in the way", A, 0.05, 0.2),
            note="£75 a month is above the £45 that the universal service holds to be affordable.",
        ),
        Intervention(
            key="devices-and-skills",
            label="devices and help to use them",
            short="devices and skills",
            fixes={},
            reach="place",
            share_reached=Figure(0.0, "share of premises that cannot", "given a line", "it gives no line"),
            cost=UnitCost(10_000, 30_000, 80_000, "place for a year", "subsidy", A),
            funders=(_COUNCIL, "charities", "NHS"),
            lead_months=(3, 12),
            failure=Figure(0.2, "share of places", "places where few come", A, 0.1, 0.4),
            note="Helps those who have a line and cannot use it; it makes no premises able.",
        ),
    )
}
"""By key. None of their costs is a quote."""


def interventions_named(keys: Iterable[str], *, profile: Key) -> tuple[Intervention, ...]:
    """Return interventions that can be weighed against each other for a profile, in the order they are given.

    Raises
    ------
    CostError
        If one is not known, makes nobody able at home, is not paid by a public budget, or their money is of different
        kinds.
    """
    chosen = tuple(_named(key, profile=profile) for key in dict.fromkeys(keys))
    one_kind(one.cost.kind for one in chosen)
    return chosen


def _named(key: str, *, profile: Key) -> Intervention:
    if key not in INTERVENTIONS:
        raise CostError(
            f"There is no intervention “{key}”.",
            expected=listed(list(INTERVENTIONS), last="or"),
            found=did_you_mean(key, list(INTERVENTIONS)) or key,
            next_step="name one of these",
        )
    one = INTERVENTIONS[key]
    if one.reach == "household":
        raise CostError(
            f"“{key}” is a route with a price that households pay: no public budget buys it.",
            expected="interventions that a budget pays for",
            found=f"kind of money: {one.cost.kind}",
            next_step="leave it out; what it costs stands beside, in docs/costs.md",
        )
    if one.fixes.get(profile, NEVER).central <= 0:
        raise CostError(
            f"“{key}” makes nobody newly able at home: {one.note}",
            expected="interventions that give premises a line or a signal",
            found=key,
            next_step="leave it out here; plan it beside the portfolio",
        )
    return one
