"""The same premises, reported by any boundary: counts that add up to the build's, whatever the boundary.

A score belongs to a small area and is never added up: a boundary gets counts, and its worst areas by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from connectivity.method.feasibility import SCORED, has_count
from connectivity.method.records import FEWEST
from connectivity.quality.notice import noted
from connectivity.robustness.count_draws import CountDraws
from layers.errors import OutputError
from layers.families import Family
from layers.figures import Figure
from layers.intake.cells import is_one_of
from layers.reporting import Method, Shares

INFEASIBLE = tuple(f"{key}_infeasible{end}" for key in ("remote", "digital") for end in ("_low", "", "_high"))
COUNTS = ("premises", "premises_unknown", "premises_scored", *INFEASIBLE)
"""What is added up; the infeasible counts are of the scored premises."""
PLACE, NOT_ASSIGNED, TWICE, TOTAL = "place", "not assigned", "counted twice", "total"
MOSTLY = Figure(
    0.5, "of an area's premises", "inside a place, for the area to be named as one of its worst", "assumption"
)
NAMED = 3
"""Worst areas named for a place (assumption: as many as a sentence holds)."""
NOISE = Figure(1e-9, "of all premises", "largest gap of a float's rounding between a sum and its total", "assumption")


@dataclass(frozen=True, slots=True)
class Report:
    """The figures by one boundary.

    Attributes
    ----------
    family
        What the places are; its name is the report's.
    method
        How areas were divided.
    rows
        Places by name, then what is not assigned by reason, what is counted twice (where places overlap) and the
        total, in that order. ``row`` says which; ``code``, ``name``; `COUNTS`, NaN where not known; ``areas`` touched,
        ``areas_whole``, ``premises_whole`` (of the place's, those in whole areas; NaN for a best fit), ``worst`` by
        name and ``worst_codes`` in the same order.
    """

    family: Family
    method: Method
    rows: pd.DataFrame

    @property
    def places(self) -> pd.DataFrame:
        """The places alone."""
        return self.rows[self.rows["row"] == PLACE]

    @property
    def keyed(self) -> pd.DataFrame:
        """The places' ``code`` and ``name`` by what stands for each: the code, or the name where it has none."""
        places = self.places
        key = places["code"].where(places["code"].ne(""), places["name"])
        return places[["code", "name"]].set_axis(pd.Index(key, name="key"))

    @property
    def total(self) -> float:
        """All premises the places and the other rows add up to."""
        return float(self.rows.loc[self.rows["row"] == TOTAL, "premises"].iloc[0])

    @property
    def counted_twice(self) -> float:
        """Premises that are in more than one place, each further time counted."""
        return float(self.rows.loc[self.rows["row"] == TWICE, "premises"].sum())

    @property
    def not_assigned(self) -> dict[str, float]:
        """Premises in no place, by reason."""
        rest = self.rows[self.rows["row"] == NOT_ASSIGNED]
        return dict(zip(rest["name"], rest["premises"].astype(float), strict=True))

    @property
    def modelled(self) -> bool:
        """Whether any area was divided, or put whole where it is not."""
        divided = self.places["premises"] - self.places["premises_whole"] > NOISE.value * max(self.total, 1)
        return self.method == "best fit" or bool(divided.any())


def report_by(
    places: pd.DataFrame,
    *,
    shares: Shares,
    areas: pd.DataFrame,
    family: Family,
    beyond: Mapping[str, float],
    drawn: CountDraws | None = None,
) -> Report:
    """Add up a build's areas by the places of a boundary.

    Parameters
    ----------
    places
        Index ``key``; ``code``, ``name``.
    shares
        Which part of each area lies where.
    areas
        A build's areas, index ``area_code``.
    family
        What the places are.
    beyond
        Premises that reach no small area, by reason; they are in no place.
    drawn
        Drawn counts of a modelled build: the range of a place is then that of its sum, not the sum of the ranges.

    Raises
    ------
    RuntimeError
        When the rows do not add up: a fault of the program, never of the user.
    """
    figures = addable_figures(areas)
    parts = _by(shares.inside, figures, "key").reindex(places.index)
    found = places.join(parts).join(_about(shares.inside, areas, figures))
    found[["areas", "areas_whole"]] = (
        found[["areas", "areas_whole"]].fillna(0).astype(int)
    )  # none: counted, not unknown
    touched = found["areas"] > 0
    if not family.own:
        found, touched = found[touched], touched[touched]  # those of a file that reaches beyond the study
    found.loc[~touched, list(COUNTS)] = 0.0
    found["premises_whole"] = found["premises_whole"].fillna(0.0)
    if shares.method == "best fit":  # whether an area lies wholly inside is not known
        found[["areas_whole", "premises_whole"]] = float("nan")
    outside = _by(shares.outside, figures, "reason")
    whole = figures.sum(min_count=1).fillna(0.0)
    twice = found[list(COUNTS)].sum() + outside.sum() - whole
    extra = pd.DataFrame({"premises": pd.Series(dict(beyond), dtype=float)})
    total = whole.copy()
    total["premises"] += extra["premises"].sum()
    noise = NOISE.value * max(float(total["premises"]), 1.0)
    if twice["premises"] < -noise or (twice["premises"] > noise and not family.overlaps):
        raise RuntimeError(f"the rows by {family.name} differ from the total by {twice['premises']}")
    rest = pd.concat([outside, extra]).rename_axis("name").reset_index().assign(row=NOT_ASSIGNED)
    ends = [_line(TOTAL, "All", total)]
    if twice["premises"] > noise:
        ends.insert(0, _line(TWICE, "In more than one", twice))
    ordered = found.assign(row=PLACE).sort_values(["name", "code"], kind="stable")
    keys = [str(key) for key in ordered.index]
    rows = pd.concat([ordered.reset_index(drop=True), rest[rest["premises"] > 0], *ends], ignore_index=True)
    if drawn is not None:
        rows = _with_drawn_ranges(rows, keys=keys, shares=shares, drawn=drawn)
    texts = ["code", "worst", "worst_codes"]
    rows[texts] = rows[texts].fillna("")
    columns = ["row", "code", "name", *COUNTS, "areas", "areas_whole", "premises_whole", *texts[1:]]
    return Report(family, shares.method, rows[columns])


def addable_figures(areas: pd.DataFrame) -> pd.DataFrame:
    """Give the figures of each area that can be added up; the infeasible ones NaN where an area is not scored."""
    scored = has_count(areas["status"])
    figures = areas[[name for name in COUNTS if name != "premises_scored"]].astype(float)
    return figures.assign(premises_scored=areas["premises"].where(scored, 0.0))[list(COUNTS)]


def _with_drawn_ranges(rows: pd.DataFrame, *, keys: list[str], shares: Shares, drawn: CountDraws) -> pd.DataFrame:
    """Give every row the range of its sum in the draws, widened where that would leave the best estimate out."""
    inside, outside = shares.inside, shares.outside
    every = pd.Series(1.0, index=drawn.premises.index)
    spread = pd.concat([inside, outside]).groupby("area_code")["share"].sum().reindex(every.index, fill_value=0.0)
    wholes = {TOTAL: every, TWICE: (spread - 1).clip(lower=0)}
    found = rows.copy()
    for profile in ("remote", "digital"):
        by_place = drawn.ranges(inside, by="key", profile=profile).reindex(keys)
        others = rows.iloc[len(keys) :]
        by_reason = drawn.ranges(outside, by="reason", profile=profile)
        by_reason = by_reason.reindex(others["name"].where(others["row"].eq(NOT_ASSIGNED)))
        ends = pd.concat([by_place, by_reason]).set_axis(rows.index)
        for row, weights in wholes.items():
            whole = rows["row"].eq(row)
            if whole.any():
                ends.loc[whole, ["low", "high"]] = drawn.range_of(weights, profile=profile)
        low, high, best = f"{profile}_infeasible_low", f"{profile}_infeasible_high", rows[f"{profile}_infeasible"]
        drawn_low, drawn_high = ends["low"], ends["high"]
        known = best.gt(0) & drawn_low.notna()
        found[low] = found[low].mask(known, np.minimum(drawn_low, best))
        found[high] = found[high].mask(known, np.maximum(drawn_high, best))
    return found


def percent_infeasible(row: Mapping[Any, Any], *, profile: str) -> float | None:
    """Give the best estimate as a percentage of the premises that were scored; None under ten premises (method §3)."""
    of = float(row["premises_scored"])
    if not of >= FEWEST.value:
        return None
    return 100 * float(row[f"{profile}_infeasible"]) / of


def _line(row: str, name: str, counts: pd.Series) -> pd.DataFrame:
    return pd.DataFrame([{"row": row, "name": name, **counts.to_dict()}])


def _by(parts: pd.DataFrame, figures: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add up parts of areas by place or by reason."""
    spread = figures.reindex(parts["area_code"]).mul(parts["share"].to_numpy(), axis=0)
    return spread.groupby(parts[by].to_numpy()).sum(min_count=1)


def _about(inside: pd.DataFrame, areas: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Say of each place how many areas it touches, how many it holds whole, and which are its worst."""
    whole = inside[inside["share"] >= 1]
    table = pd.DataFrame(
        {
            "areas": inside.groupby("key").size(),
            "areas_whole": whole.groupby("key").size(),
            "premises_whole": whole["area_code"].map(figures["premises"]).astype(float).groupby(whole["key"]).sum(),
        }
    )
    ranked = areas["severity_rank"].notna() & areas["separable"].astype(bool)
    mostly = inside[(inside["share"] >= MOSTLY.value) & is_one_of(inside["area_code"], areas.index[ranked])]
    mostly = mostly.assign(rank=mostly["area_code"].map(areas["severity_rank"]).astype(float))
    first = mostly.sort_values(["key", "rank", "area_code"]).groupby("key").head(NAMED)
    table["worst"] = first["area_code"].map(areas["area_name"]).groupby(first["key"]).agg("; ".join)
    table["worst_codes"] = first.groupby("key")["area_code"].agg(" ".join)
    return table


SHARES = "reports.parquet"
CSV_COLUMNS = (
    *("row", "code", "name", "premises", "premises_unknown", "premises_not_scored", *INFEASIBLE),
    *("remote_percent", "digital_percent", "areas", "areas_whole", "premises_whole", "how", "worst_areas"),
)
WHOLE_AREAS, DIVIDED, BEST_FIT = "whole areas", "divided by {} (modelled)", "best fit (modelled)"
"""The words of the column `how`."""


def file_of(name: str) -> str:
    """Name the file of a report.

    >>> file_of("ward")
    'by_ward.csv'
    """
    return f"by_{name}.csv"


def report_csv(report: Report, *, notice: str | None = None) -> str:
    """Write a report as CSV: places by name, then the rows that make the sum; rounded here and nowhere else.

    Parameters
    ----------
    report
        By one boundary.
    notice
        Why it must not be published, as a last column; a build's own tables have no such column, so that other
        programs find in them what they always found.
    """
    rows = report.rows
    table = rows.assign(premises_not_scored=rows["premises"] - rows["premises_scored"], worst_areas=rows["worst"])
    place = rows["row"].eq(PLACE)
    table.loc[rows["premises_scored"].isna(), "premises_not_scored"] = float("nan")
    for profile in ("remote", "digital"):
        shares = [
            percent_infeasible(row, profile=profile) if is_place else None for row, is_place in _each(rows, place)
        ]
        table[f"{profile}_percent"] = shares
    table["how"] = [how_made_up(row, method=report.method) if is_place else "" for row, is_place in _each(rows, place)]
    for column in ("areas", "areas_whole"):
        table[column] = table[column].astype("Int64")
    for column in (*COUNTS, "premises_not_scored", "premises_whole"):
        table[column] = table[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    for column in ("remote_percent", "digital_percent"):
        table[column] = table[column].map(lambda value: "" if pd.isna(value) else f"{value:.1f}")
    return noted(table[list(CSV_COLUMNS)], notice=notice).to_csv(index=False, lineterminator="\n")


def how_made_up(row: dict[str, object], *, method: Method) -> str:
    """Say in words how a place's figures were made up of small areas."""
    if method == "best fit":
        return BEST_FIT
    return WHOLE_AREAS if row["areas"] == row["areas_whole"] else DIVIDED.format(method)


def write_reports(
    reports: Sequence[tuple[Report, Shares]],
    *,
    folder: Path,
    members: Mapping[str, tuple[pd.DataFrame, Shares]] | None = None,
) -> None:
    """Write each report's table, and all their shares, into a folder that is not yet public.

    Parameters
    ----------
    members
        Places that have no table of their own, by boundary: the shares alone are kept, and summed when asked for.
    """
    parts = []
    for report, shares in reports:
        name = report.family.name
        (folder / file_of(name)).write_bytes(report_csv(report).encode())
        parts.append(_kept(report.keyed, shares, name=name))
    for name, (places, shares) in (members or {}).items():
        parts.append(_kept(places[["code", "name"]].rename_axis("key"), shares, name=name))
    if parts:
        columns = ["report", "method", "key", "code", "name", "area_code", "share", "reason"]
        pd.concat(parts)[columns].to_parquet(folder / SHARES, index=False, compression="zstd")


def _kept(places: pd.DataFrame, shares: Shares, *, name: str) -> pd.DataFrame:
    inside = places.reset_index().merge(shares.inside, on="key", how="left")
    inside = inside.assign(area_code=inside["area_code"].fillna(""), share=inside["share"].fillna(0.0), reason="")
    outside = shares.outside.assign(key="", code="", name="")
    return pd.concat([inside, outside]).assign(report=name, method=shares.method)


def read_shares(folder: Path) -> dict[str, tuple[pd.DataFrame, Shares]]:
    """Read back which part of each area lies in which place.

    Returns
    -------
    dict
        By report: its places (index ``key``; ``code``, ``name``) and the shares. Empty for a build without reports.

    Raises
    ------
    OutputError
        When the file is there and cannot be read.
    """
    path = folder / SHARES
    if not path.exists():
        return {}
    try:
        table = pd.read_parquet(path)
        return {str(name): _parts(part) for name, part in table.groupby("report", sort=False)}
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "The reports by boundary cannot be read.",
            file=path,
            expected="the table a build writes",
            found=str(error)[:120],
            next_step="build the study again",
        ) from error


def _parts(table: pd.DataFrame) -> tuple[pd.DataFrame, Shares]:
    inside = table[table["reason"].eq("")]
    places = inside.drop_duplicates("key").set_index("key")[["code", "name"]].sort_index()
    within = inside.loc[inside["area_code"].ne(""), ["area_code", "key", "share"]].reset_index(drop=True)
    outside = table.loc[table["reason"].ne(""), ["area_code", "reason", "share"]].reset_index(drop=True)
    return places, Shares(within, outside, table["method"].iloc[0])


def _each(rows: pd.DataFrame, place: pd.Series) -> list[tuple[dict[str, object], bool]]:
    return [
        ({str(key): value for key, value in row.items()}, bool(is_place))
        for row, is_place in zip(rows.to_dict("records"), place, strict=True)
    ]


# Where the premises of one place go by another boundary: an area may be cut by both borders. How its two parts overlap
# is then not known: only the bounds are (Fréchet, method §3), so such premises are a range, and their best estimate
# takes the two cuts to be independent.
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


def split(  # two boundaries, their names, the areas and how sure they are
    key: str,
    *,
    first: Shares,
    second: Shares,
    places: pd.DataFrame,
    areas: pd.DataFrame,
    profile: str,
    drawn: CountDraws | None = None,
) -> Split:
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
    drawn
        Drawn counts of a modelled build: the range of a part is then that of its sum in nine of ten draws, its low on
        the least that can be in both places and its high on the most; never the sum of the ranges.
    """
    mine = first.inside.loc[first.inside["key"] == key, ["area_code", "share"]]
    inside = second.inside.assign(row=PLACE).rename(columns={"key": "at"})
    outside = second.outside.assign(row=NOT_ASSIGNED).rename(columns={"reason": "at"})
    parts = mine.merge(pd.concat([inside, outside]), on="area_code", suffixes=("", "_other"))
    both = joint(parts["share"], parts["share_other"])
    figures = addable_figures(areas)
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
    if drawn is not None:
        rows = _with_drawn_parts(rows, parts=parts, both=both, drawn=drawn)
        whole = _with_drawn_ends(whole, weights=mine.set_index("area_code")["share"], drawn=drawn)
    order = rows.assign(last=rows["row"] != PLACE).sort_values(
        ["last", f"{profile}_infeasible", "premises", "name"], ascending=[True, False, False, True], kind="stable"
    )
    kept = order.drop(columns=["last"])
    again = rows[list(whole.index)].sum() - whole
    if again["premises"] >= LEAST.value:
        best = {name: float(again[name if _end(name) == "best" else name.rsplit("_", 1)[0]]) for name in again.index}
        ends = {"premises_low": best["premises"], "premises_high": best["premises"]}
        named = {"row": TWICE, "name": "In more than one", "made": "", "code": "", "at": ""}
        twice = pd.Series({**best, **ends})
        if drawn is not None:
            held = both["best"].groupby(parts["area_code"].to_numpy()).sum()
            held = held.sub(mine.set_index("area_code")["share"], fill_value=0.0).clip(lower=0)
            twice = _with_drawn_ends(twice, weights=held, drawn=drawn)
        row = {str(name): value for name, value in twice.items()} | named
        kept = pd.concat([kept, pd.DataFrame([row])])
    best_fit = "best fit" in {first.method, second.method}
    return Split(kept.reset_index(drop=True), whole, best_fit or bool((cuts > 0).any()))


def _with_drawn_parts(
    rows: pd.DataFrame, *, parts: pd.DataFrame, both: pd.DataFrame, drawn: CountDraws
) -> pd.DataFrame:
    """Give each part the range of its sum in the draws, on the least and on the most of each area that is in both."""
    found, at = rows.copy(), _row_and_place(rows)
    pieces = parts[["area_code"]].assign(at=_row_and_place(parts))
    for profile in ("remote", "digital"):
        best = rows[f"{profile}_infeasible"]
        least, most = (
            drawn.ranges(pieces.assign(share=both[end]), by="at", profile=profile) for end in ("low", "high")
        )
        low, high = (ends.reindex(at).set_axis(rows.index) for ends in (least["low"], most["high"]))
        known = best.gt(0) & low.notna()
        for column, ends in (("low", np.minimum(low, best)), ("high", np.maximum(high, best))):
            name = f"{profile}_infeasible_{column}"
            found[name] = found[name].mask(known, ends)
    return found


def _row_and_place(table: pd.DataFrame) -> pd.Series:
    """Name what a part is a part of: a place and a reason may be called the same."""
    return table["row"].astype("str") + " " + table["at"].astype("str")


def _with_drawn_ends(sums: pd.Series, *, weights: pd.Series, drawn: CountDraws) -> pd.Series:
    """Give one sum its range in the draws, widened where that would leave the best estimate out."""
    found = sums.copy()
    for profile in ("remote", "digital"):
        best = float(sums[f"{profile}_infeasible"])
        if best > 0:
            low, high = drawn.range_of(weights, profile=profile)
            found[f"{profile}_infeasible_low"] = min(low, best)
            found[f"{profile}_infeasible_high"] = max(high, best)
    return found


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
