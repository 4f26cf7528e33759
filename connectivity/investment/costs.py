"""What full fibre costs a premises: a level that is known, a shape across areas that is assumed, an error in print.

The level is the geometric mean of the public money per premises of separate contracts. No covariate that was tried
foretells a contract left out better than this constant does (`docs/costs.md`), so what differs between areas is an
assumption and named as one. A level is drawn once for a whole portfolio: a contractor's market is the same next door.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from layers.errors import LayerError, examples, listed
from layers.figures import Figure

Floats = npt.NDArray[np.float64]

RECORDS = Path(__file__).with_name("cost_records.csv")
A = "assumption"
NINE_OF_TEN = (0.05, 0.95)
"""Between which shares of draws a range lies (method §2)."""

SHAPE = Figure(
    0.35,
    "exponent of the spacing of postcodes",
    "how much dearer a premises is where premises lie farther apart: cost goes with (spacing / mean) to this power",
    f"{A}: North Dorset and Dorset cost £845 and £1,565 at the same spacing, so contracts do not settle it",
    0.0,
    0.7,
)
SCHEME_COST = Figure(
    150_000,
    "GBP per scheme",
    "survey, procurement, legal work and management of one scheme, however small it is",
    A,
    50_000,
    400_000,
)
LEAST_SIZE = Figure(
    500,
    "premises passed per scheme",
    "fewer than this and no one bids: schemes are neighbouring areas of one council put together until they have it",
    f"{A}: between a community's own scheme (215 premises) and the smallest contract that can be placed (4,000)",
    215,
    4_000,
)
ENDED, NAMED = 7, 19
FAILURE = Figure(
    ENDED / NAMED,
    "share of contracts",
    "contracts that were ended, cut or let again before they were built",
    "method §8: 7 of the 19 contracts named in the records; as a chance for the next one an assumption",
    0.1,
    0.5,
)


class CostError(LayerError):
    """A cost that cannot be used: none, negative, or of a kind that must not be added to the others."""


@dataclass(frozen=True, slots=True)
class CostRecord:
    """A published figure of what something cost.

    Attributes
    ----------
    key
        Its name in the table.
    item
        What it is of.
    value, low, high
        In `unit`; the ends are equal to the value where only one figure was published.
    unit
        Such as ``GBP/premises``.
    year
        Of the money.
    kind
        Whose money: ``subsidy``, ``total build``, ``programme cost``, ``retail`` … Never added to another kind.
    basis
        How the figure was reckoned from what was published.
    source, url
        Who published it, and where.
    in_level
        Whether it is one of the separate contracts that make the level.
    left_out_because
        Why not; empty for those that do.
    """

    key: str
    item: str
    value: float
    low: float
    high: float
    unit: str
    year: int
    kind: str
    basis: str
    source: str
    url: str
    in_level: bool
    left_out_because: str


@cache
def cost_records() -> dict[str, CostRecord]:
    """Return the published figures, by key.

    Raises
    ------
    CostError
        If a figure is missing, no number, or not above nothing.
    """
    with RECORDS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: _record(row) for row in csv.DictReader(file)}


def _record(row: dict[str, str]) -> CostRecord:
    value = checked_cost(row["value"], of=row["item"])
    low, high = (checked_cost(row[end], of=row["item"]) if row[end] else value for end in ("low", "high"))
    return CostRecord(
        key=row["id"],
        item=row["item"],
        value=value,
        low=low,
        high=high,
        unit=row["unit"],
        year=int(row["year"]),
        kind=row["kind"],
        basis=row["basis"],
        source=row["source"],
        url=row["url"],
        in_level=row["in_level"] == "yes",
        left_out_because=row["left_out_because"],
    )


def checked_cost(cost: float | str, *, of: str) -> float:
    """Return a cost as a number of pounds.

    Raises
    ------
    CostError
        If it is no number, not finite, or not above nothing.

    Examples
    --------
    >>> checked_cost("1655", of="full fibre")
    1655.0
    """
    try:
        pounds = float(cost)
    except ValueError:
        pounds = math.nan
    if not (math.isfinite(pounds) and pounds > 0):
        raise CostError(
            f"A cost of {of} cannot be.",
            expected="pounds above 0",
            found=str(cost),
            next_step="give what it costs, or leave the intervention out; a cost that is not known is not nothing",
        )
    return pounds


def one_kind(kinds: Iterable[str]) -> str:
    """Return the one kind of money that costs are of.

    Raises
    ------
    CostError
        If there are several: public money for a line that a firm also pays for is not the price of the line.

    Examples
    --------
    >>> one_kind(["subsidy", "subsidy"])
    'subsidy'
    """
    found = sorted(set(kinds))
    if len(found) != 1:
        raise CostError(
            "Costs of different kinds cannot be added.",
            expected="one kind of money, such as subsidy",
            found=listed(found) or "none",
            next_step="choose interventions whose costs are of one kind; compare the others beside them",
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class CostLevel:
    """What full fibre costs a premises in public money, and how far off that is for a contract not seen.

    Attributes
    ----------
    value
        GBP a premises: the geometric mean of the contracts.
    low, high
        Nine of ten contracts not seen lie between them, by Student's t on the logarithms.
    contracts
        How many there are.
    spread
        Standard deviation of their logarithms.
    """

    value: float
    low: float
    high: float
    contracts: int
    spread: float

    def drawn(self, *, draws: int, seed: int) -> Floats:
        """Return a level for each draw, GBP a premises; shape (draws,)."""
        random = np.random.default_rng(seed)
        scale = self.spread * math.sqrt(1 + 1 / self.contracts)
        return np.asarray(self.value * np.exp(scale * random.standard_t(self.contracts - 1, size=draws)))


def cost_level(contracts: Iterable[CostRecord] | None = None) -> CostLevel:
    """Return the level that contracts have; without any given, those of the records.

    Examples
    --------
    >>> level = cost_level()
    >>> round(level.value), round(level.low, -1), round(level.high, -1), level.contracts
    (1655, 920.0, 2980.0, 14)
    """
    used = list(contracts) if contracts is not None else [one for one in cost_records().values() if one.in_level]
    one_kind(one.kind for one in used)
    logs = np.log([one.value for one in used])
    count, spread = len(logs), float(logs.std(ddof=1))
    reach = float(stats.t.ppf(NINE_OF_TEN[1], count - 1)) * spread * math.sqrt(1 + 1 / count)
    middle = float(logs.mean())
    return CostLevel(math.exp(middle), math.exp(middle - reach), math.exp(middle + reach), count, spread)


def relative_costs(spacing: Floats, *, premises: Floats, exponent: float | Floats = SHAPE.value) -> Floats:
    """Return how dear a premises of each area is beside the mean of all, 1 over all premises together.

    Parameters
    ----------
    spacing
        Metres between postcodes of each area; NaN where an area has none, which then costs the mean.
    premises
        That a scheme would pass, each area's.
    exponent
        Of the shape: one, or one a draw, of shape (draws, 1).

    Examples
    --------
    >>> relative_costs(np.array([100.0, 100.0]), premises=np.array([10.0, 30.0])).tolist()
    [1.0, 1.0]
    >>> far = relative_costs(np.array([100.0, 400.0]), premises=np.array([10.0, 10.0]), exponent=0.5)
    >>> far.round(3).tolist(), float(far.mean())
    ([0.667, 1.333], 1.0)
    """
    known = np.isfinite(spacing) & (spacing > 0)
    mean = np.average(spacing[known], weights=premises[known]) if premises[known].sum() > 0 else 1.0
    shape = np.where(known, spacing / mean, 1.0) ** exponent
    total = premises.sum()
    return np.asarray(shape / ((shape * premises).sum(axis=-1, keepdims=True) / total)) if total > 0 else shape


def drawn_exponents(*, draws: int, seed: int) -> Floats:
    """Return an exponent of the shape for each draw, a triangle over its range; shape (draws,)."""
    low, high = SHAPE.low or 0.0, SHAPE.high or SHAPE.value
    return np.random.default_rng(seed).triangular(low, SHAPE.value, high, size=draws)


def leave_one_out() -> pd.DataFrame:
    """Return what the other contracts foretell of each.

    Returns
    -------
    pandas.DataFrame
        Index the contract's key; ``item, year, cost, foretold`` (GBP a premises), ``error`` (the share by which the
        cost is above what was foretold), ``log_error`` (the same as a logarithm),
        ``within`` (whether the range from the others holds it), ``source``.
    """
    used = [one for one in cost_records().values() if one.in_level]
    rows = []
    for place, one in enumerate(used):
        others = cost_level(used[:place] + used[place + 1 :])
        rows.append(
            {
                "key": one.key,
                "item": one.item,
                "year": one.year,
                "cost": one.value,
                "foretold": others.value,
                "log_error": math.log(one.value / others.value),
                "error": one.value / others.value - 1,
                "within": others.low <= one.value <= others.high,
                "source": one.source,
                "url": one.url,
            }
        )
    return pd.DataFrame(rows).set_index("key")


def root_mean_square(errors: pd.Series) -> float:
    """Return the root of the mean square of errors.

    >>> root_mean_square(pd.Series([3.0, -3.0]))
    3.0
    """
    return math.sqrt(float((errors**2).mean()))


def known_sources(keys: Iterable[str]) -> str:
    """Return who published some records, for a line beneath a figure.

    >>> known_sources(["voucher_cap"])
    'South Gloucestershire quoting BDUK, 2022'
    """
    records = cost_records()
    return examples(dict.fromkeys(f"{records[key].source}, {records[key].year}" for key in keys))
