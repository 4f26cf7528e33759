"""Where the premises of one place go by another boundary, and what its average hides.

An area may be cut by both borders. How its two parts overlap is then not known: only the bounds are (Fréchet,
method §3), so such premises are a range, and their best estimate takes the two cuts to be independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from connectivity.method.feasibility import SCORED
from connectivity.method.profiles import FEWEST
from connectivity.reporting.report import INFEASIBLE, MOSTLY, NOT_ASSIGNED, PLACE, TWICE, counted
from layers.figures import Figure
from layers.shares import Shares

HELD = Figure(
    0.99, "of a council's premises", "inside a place, for it to hold the council whole", "assumption: slivers aside"
)
LEAST = Figure(
    0.5, "premises", "least that a row of a split is listed for", "assumption: it rounds to one; less is in the sums"
)
WHOLE, CUT, TWICE_CUT = "whole", "cut", "cut by both"
"""How the part of a place was made: of whole small areas; of areas that one border cuts; or that both do."""


@dataclass(frozen=True, slots=True)
class Split:
    """The premises of one place, by the places of another boundary.

    Attributes
    ----------
    rows
        Places of the other boundary, those with the most that falls short first, then what is in none of them by
        reason, and where places overlap what is counted twice. ``row`` says which; ``name``, ``code``;
        ``premises_low, premises, premises_high``; ``premises_scored``; the six infeasible counts; ``made``: `WHOLE`,
        `CUT` or `TWICE_CUT`.
    whole
        The same counts of the place itself: what the best estimates add up to.
    modelled
        Whether any area was divided, or put whole where it is not.
    """

    rows: pd.DataFrame
    whole: pd.Series
    modelled: bool

    @property
    def places(self) -> pd.DataFrame:
        """The other boundary's places that hold a premises of it, slivers left out."""
        return self.rows[(self.rows["row"] == PLACE) & (self.rows["premises_high"] >= LEAST.value)]

    def sum_of(self, row: str) -> float:
        """Add up the premises of a kind of row by the best estimate, slivers and all."""
        return float(self.rows.loc[self.rows["row"] == row, "premises"].sum())


def joint(one: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Bound the part of an area that is in two places at once, from its part in each.

    Where either part is all of the area the answer is exact. Else the low and high are Fréchet's bounds, and the best
    estimate their product.

    Returns
    -------
    pandas.DataFrame
        ``low, best, high``, 0 to 1.

    Examples
    --------
    >>> joint(pd.Series([1.0, 0.5, 0.75]), pd.Series([0.25, 0.25, 0.5])).values.tolist()
    [[0.25, 0.25, 0.25], [0.0, 0.125, 0.25], [0.25, 0.375, 0.5]]
    """
    return pd.DataFrame(
        {
            "low": (one + other - 1).clip(lower=0),
            "best": one * other,
            "high": pd.concat([one, other], axis=1).min(axis=1),
        }
    )


def split(key: str, *, first: Shares, second: Shares, places: pd.DataFrame, areas: pd.DataFrame, profile: str) -> Split:
    """Divide one place among the places of another boundary.

    Parameters
    ----------
    key
        The place, in `first`.
    first, second
        Which part of each area lies where, by the two boundaries.
    places
        Of the second: index ``key``; ``code``, ``name``.
    areas
        A build's areas, index ``area_code``.
    profile
        ``remote`` or ``digital``: by whose count the places stand.
    """
    mine = first.inside.loc[first.inside["key"] == key, ["area_code", "share"]]
    inside = second.inside.assign(row=PLACE).rename(columns={"key": "at"})
    outside = second.outside.assign(row=NOT_ASSIGNED).rename(columns={"reason": "at"})
    parts = mine.merge(pd.concat([inside, outside]), on="area_code", suffixes=("", "_other"))
    both = joint(parts["share"], parts["share_other"])
    figures = counted(areas)
    counts = figures.reindex(parts["area_code"]).reset_index(drop=True)
    made = pd.DataFrame(
        {
            "premises_low": counts["premises"] * both["low"],
            "premises": counts["premises"] * both["best"],
            "premises_high": counts["premises"] * both["high"],
            "premises_scored": counts["premises_scored"] * both["best"],
            **{column: counts[column] * both[_end(column)] for column in INFEASIBLE},
        }
    )
    by = [parts["row"].to_numpy(), parts["at"].to_numpy()]
    rows = made.groupby(by, sort=False).sum(min_count=1).rename_axis(["row", "at"]).reset_index()
    cuts = (parts["share"] < 1).astype(int) + (parts["share_other"] < 1).astype(int)
    rows["made"] = cuts.groupby(by, sort=False).max().map(dict(enumerate((WHOLE, CUT, TWICE_CUT)))).to_numpy()
    rows["name"] = rows["at"].map(places["name"]).where(rows["row"] == PLACE, rows["at"])
    rows["code"] = rows["at"].map(places["code"]).where(rows["row"] == PLACE).fillna("")
    own = figures.reindex(mine["area_code"]).mul(mine["share"].to_numpy(), axis=0).sum(min_count=1)
    whole = own[["premises", "premises_scored", *INFEASIBLE]]
    order = rows.assign(last=rows["row"] != PLACE).sort_values(
        ["last", f"{profile}_infeasible", "premises", "name"], ascending=[True, False, False, True], kind="stable"
    )
    kept = order.drop(columns=["last"])
    again = rows[list(whole.index)].sum() - whole
    if again["premises"] >= LEAST.value:
        best = {name: float(again[name if _end(name) == "best" else name.rsplit("_", 1)[0]]) for name in again.index}
        ends = {"premises_low": best["premises"], "premises_high": best["premises"]}
        named = {"row": TWICE, "name": "In more than one", "made": "", "code": "", "at": ""}
        kept = pd.concat([kept, pd.DataFrame([{**best, **ends, **named}])])
    best_fit = "best fit" in {first.method, second.method}
    return Split(kept.reset_index(drop=True), whole, best_fit or bool((cuts > 0).any()))


def _end(column: str) -> str:
    """Say which bound goes with a count.

    >>> _end("remote_infeasible_low"), _end("remote_infeasible")
    ('low', 'best')
    """
    return next((end for end in ("low", "high") if column.endswith(f"_{end}")), "best")


def hidden(key: str, *, shares: Shares, areas: pd.DataFrame, profile: str) -> pd.DataFrame:
    """List the small areas mostly inside a place by the share that falls short, worst first.

    Left out are areas that are not scored, have under ten premises, or are of councils that cannot be told apart.

    Returns
    -------
    pandas.DataFrame
        Rows of `areas` with ``percent``, the best estimate of their premises.
    """
    mostly = shares.inside[(shares.inside["key"] == key) & (shares.inside["share"] >= MOSTLY.value)]
    here = areas[areas.index.isin(mostly["area_code"])]
    known = here["status"].eq(SCORED) & here["separable"].astype(bool) & (here["premises"] >= FEWEST.value)
    kept = here[known]
    percent = 100 * kept[f"{profile}_infeasible"] / kept["premises"]
    return kept.assign(percent=percent).sort_values("percent", ascending=False, kind="stable")


def blurred(shares: Shares, *, areas: pd.DataFrame) -> set[str]:
    """Name the places whose figure rests on small areas that cannot be told apart, so that it is not held to others.

    A place that holds such a council whole is not one of them: the council's own figure is published.
    """
    parts = shares.inside[["area_code", "key", "share"]].merge(
        areas[["district_code", "separable", "premises"]], left_on="area_code", right_index=True
    )
    parts = parts.assign(here=parts["share"] * parts["premises"], separable=parts["separable"].astype(bool))
    sums = parts.groupby(["key", "district_code"])["here"].sum().reset_index()
    council = areas.groupby("district_code").agg(all=("premises", "sum"), separable=("separable", "all"))
    sums = sums.join(council, on="district_code")
    unclear = ~sums["separable"].astype(bool) & (sums["here"] < HELD.value * sums["all"])
    share = sums["here"].where(unclear, 0.0).groupby(sums["key"]).sum() / sums.groupby("key")["here"].sum()
    return set(share.index[np.asarray(share > MOSTLY.value)].astype(str))
