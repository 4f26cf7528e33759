"""Hidden need: the worst tenth inside an average, and bounds for premises with a gap and in need (method §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from connectivity.claims.claim import ProfileKey
from connectivity.manifest import IndicatorRecord, Manifest
from connectivity.method.feasibility import has_count
from connectivity.method.kernel import frechet_bounds
from connectivity.method.records import FEWEST, INDICATORS
from connectivity.robustness.count_draws import RANGE, CountDraws, some_groups
from layers.families import Family
from layers.figures import Figure


def both(
    premises: pd.Series, *, gap_low: pd.Series, gap_high: pd.Series, share: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Give the fewest and the most premises that can have a gap and be in need at once.

    No file says which premises are both. Two shares of one area, a and b, leave the share that is both anywhere from
    max(0, a + b − 1) to min(a, b) (Fréchet). The gap has a range of its own: the fewest goes with its lowest estimate,
    the most with its highest.

    Parameters
    ----------
    premises
        All premises of each area.
    gap_low, gap_high
        Lowest and highest count of them that have a gap.
    share
        Share of the area in need, 0–1, taken as a share of its premises.

    Returns
    -------
    tuple
        Fewest and most premises; NaN where any figure is not known.

    Examples
    --------
    Of 100 premises 15 to 20 have a gap and a share of 15% is in need; then 60 to 90 have one, and 30% are:

    >>> fewest, most = both(
    ...     pd.Series([100.0, 100.0]),
    ...     gap_low=pd.Series([15.0, 80.0]),
    ...     gap_high=pd.Series([20.0, 90.0]),
    ...     share=pd.Series([0.15, 0.30]),
    ... )
    >>> fewest.tolist(), most.tolist()
    ([0.0, 10.0], [15.0, 30.0])
    """
    count, needy = premises.to_numpy(dtype=float), (share * premises).to_numpy(dtype=float)
    fewest, _ = frechet_bounds(gap_low.to_numpy(dtype=float), needy, whole=count)
    _, most = frechet_bounds(gap_high.to_numpy(dtype=float), needy, whole=count)
    known = premises.notna() & gap_low.notna() & gap_high.notna() & share.notna()
    return pd.Series(fewest, index=premises.index).where(known), pd.Series(most, index=premises.index).where(known)


@dataclass(frozen=True, slots=True)
class Need:
    """A share of an area's people or homes.

    Attributes
    ----------
    key
        The word a link holds.
    column
        The raw column of the indicators, 0–1.
    indicators
        Keys of the indicators that hold it.
    label
        What it counts, for a heading.
    those
        Whom the share counts, after "in every 100".
    which
        What counts: homes, or neighbourhoods in which homes stand.
    """

    key: str
    column: str
    indicators: tuple[str, ...]
    label: str
    those: str
    which: str


NEEDS = {
    need.key: need
    for need in (
        Need(
            "low_income",
            "income_rate",
            ("income_employment_2019", "income_employment_2025"),
            "Low income",
            "people are on a low income",
            "homes on a low income",
        ),
        Need(
            "deprived",
            "deprived_households_share",
            ("deprived_households",),
            "Deprived homes",
            "households are deprived in two or more ways",
            "homes deprived in two or more ways",
        ),
        Need(
            "disabled",
            "disabled_share",
            ("disabled_residents",),
            "Disabled people",
            "people are disabled",
            "homes of disabled people",
        ),
        Need(
            "older",
            "older_share",
            ("older_residents",),
            "Older people",
            "people are 65 or over",
            "homes of people aged 65 or over",
        ),
        Need(
            "hard_pressed",
            "hard_pressed_share",
            ("hard_pressed_proxy",),
            "Hard-pressed neighbourhoods",
            "neighbourhoods are classed as hard-pressed",
            "neighbourhoods classed as hard-pressed",
        ),
        Need(
            "ageing",
            "ageing_share",
            ("ageing_proxy",),
            "Ageing neighbourhoods",
            "neighbourhoods are classed as ageing",
            "neighbourhoods classed as ageing",
        ),
    )
}
"""The shares that can be bounded, the first in a study shown first. The rate of people out of work is not among them:
it counts people of working age only, and is no share of homes."""


@dataclass(frozen=True, slots=True)
class Known:
    """A need as a study has it.

    Attributes
    ----------
    need
        What it is.
    shares
        0–1 by area code; NaN where not known.
    source
        Whose figure it is.
    proxy
        Whether it is a stand-in for need.
    """

    need: Need
    shares: pd.Series
    source: str
    proxy: bool


def known_needs(manifest: Manifest, *, areas: pd.DataFrame, facts: pd.DataFrame | None) -> dict[str, Known]:
    """Find the needs of a build that are a share of people or homes.

    Parameters
    ----------
    manifest, areas
        Of the build.
    facts
        The raw columns that a build with draws keeps (`connectivity.robustness.stored_run`); None without draws. An
        indicator that is the mean of two rates is no share, so only its raw columns will do.

    Returns
    -------
    dict
        By key, in the order of `NEEDS`.
    """
    found = {}
    ours = {one.key: one for one in declared_needs(manifest)}
    for need in NEEDS.values():
        for key in need.indicators:
            if key not in ours:
                continue
            one = ours[key]
            shares = _shares(need, one, areas=areas, facts=facts)
            if shares is not None:
                found[need.key] = Known(need, shares, one.source, one.proxy)
    return found


def declared_needs(manifest: Manifest) -> list[IndicatorRecord]:
    """List the figures a build marks need by."""
    return manifest.indicators_of("need")


def _shares(need: Need, one: IndicatorRecord, *, areas: pd.DataFrame, facts: pd.DataFrame | None) -> pd.Series | None:
    if facts is not None and need.column in facts:
        kept: pd.Series = facts[need.column].astype(float).reindex(areas.index)
        return kept
    alone = INDICATORS[one.key].columns == (need.column,)
    if alone and one.unit == "%" and one.column in areas:
        hundredths: pd.Series = areas[one.column].astype(float) / 100
        return hundredths
    return None


TAIL = Figure(
    0.1,
    "of a place's premises",
    "the worst small areas that hold at least so many are its tail",
    "assumption: a tenth, as in “the worst tenth” of areas",
)
FEWEST_AREAS = Figure(
    20,
    "small areas that can be told apart",
    "a place with fewer has no tail of its own",
    "assumption: so that a tenth holds two small areas",
)
WELL_OFF = Figure(
    0.9,
    "times the study's own share in need",
    "a place whose share in need is under this looks well off on average",
    "assumption: better off than the study as a whole by a tenth, which a reader can see",
)
NOT_WELL_OFF = Figure(
    1.1,
    "times the study's own share in need",
    "a place whose share in need is over this does not look well off; between the two it looks about average",
    "assumption: worse off than the study as a whole by a tenth",
)
Standing = Literal["well off", "about average", "not well off"]
ELSEWHERE = ("elsewhere_low", "elsewhere", "elsewhere_high")
TAILS = ("tail_areas", "tail_premises", "tail_gap_low", "tail_gap", "tail_gap_high")


def parts_by_council(areas: pd.DataFrame) -> pd.DataFrame:
    """Put each area whole into its council: ``area_code``, ``key``, ``share``."""
    return pd.DataFrame({"area_code": areas.index, "key": areas["district_code"].to_numpy(), "share": 1.0})


def pieces(areas: pd.DataFrame, *, parts: pd.DataFrame, profile: ProfileKey, share: pd.Series | None) -> pd.DataFrame:
    """Take the small areas of each place, with the tenth of its premises each is in.

    Parameters
    ----------
    areas
        A build's areas, index ``area_code``.
    parts
        ``area_code``, ``key`` of the place, ``share`` of the area that lies in it; its gaps are taken to be spread as
        its premises are.
    profile
        The activity.
    share
        Share in need by area, 0–1, NaN where not known; None in a study without.

    Returns
    -------
    pandas.DataFrame
        One row for each part, places together, the worst share with a gap first: ``key``, ``area_code``, ``name``,
        ``district_code``, ``separable``, ``premises``, ``part`` of the area that
        lies there; ``gap_low, gap, gap_high`` (NaN where the area has no figure);
        ``rate`` (0–1); ``share``, ``needy`` and ``premises_need``: share in need, premises in need, and premises
        where it is known; ``need``: its score for need, 0–100; ``tenth``: 0 to 9, NaN for an area that is in none.
    """
    here = areas.loc[parts["area_code"]]
    part = parts["share"].to_numpy(dtype=float)
    scored = has_count(here["status"]).to_numpy()
    table = pd.DataFrame(
        {
            "key": parts["key"].to_numpy(),
            "area_code": parts["area_code"].to_numpy(),
            "name": here["area_name"].to_numpy(),
            "district_code": here["district_code"].to_numpy(),
            "separable": here["separable"].astype(bool).to_numpy(),
            "premises": here["premises"].to_numpy(dtype=float) * part,
            "part": part,
        }
    )
    for end in ("_low", "", "_high"):
        counts = here[f"{profile}_infeasible{end}"].to_numpy(dtype=float) * part
        table[f"gap{end}"] = np.where(scored, counts, np.nan)
    table["rate"] = (table["gap"] / table["premises"]).where(table["premises"] > 0)
    table["share"] = np.nan if share is None else share.reindex(table["area_code"]).to_numpy(dtype=float)
    table["need"] = here["score_need"].to_numpy(dtype=float)
    with_need = table["share"].notna() & table["gap"].notna()
    table["needy"] = (table["share"] * table["premises"]).where(with_need)
    table["premises_need"] = table["premises"].where(with_need)
    table = table.sort_values(["key", "rate", "area_code"], ascending=[True, False, True], na_position="last")
    return table.assign(tenth=_tenths(table)).reset_index(drop=True)


def need_by_place(
    table: pd.DataFrame, *, study: float, drawn: CountDraws | None = None, profile: ProfileKey = "remote"
) -> pd.DataFrame:
    """Sum up each place: its average, its tail, and how many premises have a gap and are in need.

    Parameters
    ----------
    table
        From `pieces`.
    study
        The whole study's share in need, from `study_share`.
    drawn
        Drawn counts of a modelled build: the ranges of sums are then those of nine of ten draws.
    profile
        The activity that was drawn.

    Returns
    -------
    pandas.DataFrame
        Index ``key``. ``areas`` with a figure on gaps, their ``premises``, ``gap_low, gap, gap_high``;
        ``areas_left_out``, ``premises_left_out``: those without; ``apart``, ``apart_gap``: premises in areas that can
        be told apart, and those with a gap.
        ``share`` in need, and ``need``, the score for it, 0–100, both weighted by premises; ``premises_need``:
        premises on which the share and ``both_low, both_high`` rest; those of `ELSEWHERE`: premises with a gap in
        small areas with a larger share in need than the study's. The columns of `TAILS`, NaN without a tail;
        ``contrast``: share with a gap in the tail less that of all that can be told apart, 0–1.
    """
    scored = table[table["gap"].notna()]
    by = scored.groupby("key")
    found = by[["premises", "gap_low", "gap", "gap_high"]].sum()
    found = found.reindex(table["key"].unique()).fillna(0.0)  # a place without any figure has none on 0 premises
    missing = table[table["gap"].isna()].groupby("key")
    found["areas"] = by.size()
    found["areas_left_out"], found["premises_left_out"] = missing.size(), missing["premises"].sum()
    told = scored[scored["separable"]].groupby("key")
    found["apart"], found["apart_gap"] = told["premises"].sum(), told["gap"].sum()
    summed = by[["needy", "premises_need"]].sum(min_count=1)
    found["share"], found["premises_need"] = summed["needy"] / summed["premises_need"], summed["premises_need"]
    rated = scored[scored["need"].notna()]
    found["need"] = mean_need(rated, by=rated["key"])
    found[["both_low", "both_high"]] = _both(scored, drawn=drawn, profile=profile)
    more = scored[scored["share"] > study]
    found[list(ELSEWHERE)] = more.groupby("key")[["gap_low", "gap", "gap_high"]].sum()
    held = found["share"].notna()  # of these, no small area above the study's share is none, not unknown
    found.loc[held, list(ELSEWHERE)] = found.loc[held, list(ELSEWHERE)].fillna(0.0)
    tail = scored[scored["tenth"].eq(0)].groupby("key")
    found["tail_areas"] = tail.size()
    found[list(TAILS[1:])] = tail[["premises", "gap_low", "gap", "gap_high"]].sum()
    found["contrast"] = found["tail_gap"] / found["tail_premises"] - found["apart_gap"] / found["apart"]
    if drawn is not None:
        tails = scored[scored["tenth"].eq(0)]
        for name, rows in (("gap", scored), ("elsewhere", more), ("tail_gap", tails)):
            _draw_ends(found, name, rows=rows, drawn=drawn, profile=profile)
    counted = ["areas", "areas_left_out", "premises_left_out", "apart", "apart_gap", "premises_need"]
    found[counted] = found[counted].fillna(0)  # none: counted, not unknown
    return found


def _draw_ends(
    found: pd.DataFrame, name: str, *, rows: pd.DataFrame, drawn: CountDraws, profile: ProfileKey, by: str = "key"
) -> None:
    """Put the ends of nine of ten draws round sums in `found`, widened where they would leave the best out."""
    parts = rows[["area_code", "part", by]].rename(columns={"part": "share"}).assign(at=rows[by].astype(str))
    ends = drawn.ranges(parts, by="at", profile=profile).reindex(found.index.astype(str)).set_axis(found.index)
    known = ends["low"].notna()
    found[f"{name}_low"] = found[f"{name}_low"].mask(known, np.minimum(ends["low"], found[name]))
    found[f"{name}_high"] = found[f"{name}_high"].mask(known, np.maximum(ends["high"], found[name]))


def need_tenths(
    table: pd.DataFrame, *, drawn: CountDraws | None = None, profile: ProfileKey = "remote"
) -> pd.DataFrame:
    """Add up one place's small areas by the tenth of its premises they are in, the worst first.

    A small area larger than a tenth fills more than one, so the next may be missing. Ranges as in `need_by_place`.
    """
    tenths = table[table["tenth"].notna()]
    by = tenths.groupby("tenth")
    found = by[["premises", "gap_low", "gap", "gap_high"]].sum()
    if drawn is not None and len(tenths):
        _draw_ends(found, "gap", rows=tenths, drawn=drawn, profile=profile, by="tenth")
    summed = by[["needy", "premises_need"]].sum(min_count=1)
    return found.assign(areas=by.size(), share=summed["needy"] / summed["premises_need"])


def areas_listed(table: pd.DataFrame) -> pd.DataFrame:
    """List one place's tail, or all its small areas where it has none and they can be told apart, worst first.

    With ``both_low`` and ``both_high`` of each; areas without a figure stand last.
    """
    tailed = table["tenth"].notna().any()
    shown = table[(table["tenth"].eq(0) if tailed else table["separable"]) | table["gap"].isna()]
    fewest, most = both(shown["premises"], gap_low=shown["gap_low"], gap_high=shown["gap_high"], share=shown["share"])
    return shown.assign(both_low=fewest, both_high=most)


def study_share(table: pd.DataFrame) -> float:
    """Give the share in need of a study whose areas are in a table once, by council; NaN when it is not known."""
    return float(table["needy"].sum(min_count=1) / table["premises_need"].sum(min_count=1))


def mean_need(table: pd.DataFrame, *, by: pd.Series) -> pd.Series:
    """Average the score for need, weighted by premises, over areas that have one."""
    weighted = (table["need"] * table["premises"]).groupby(by).sum()
    return weighted / table["premises"].groupby(by).sum()


def study_need(table: pd.DataFrame) -> float:
    """Give the mean score for need of the same; NaN when it is not known."""
    rated = table[table["need"].notna() & table["gap"].notna()]
    return float((rated["need"] * rated["premises"]).sum(min_count=1) / rated["premises"].sum(min_count=1))


def standing(share: float, *, study: float) -> Standing | None:
    """Say how a place looks on average; None where that is not known.

    >>> [standing(share, study=0.20) for share in (0.17, 0.19, 0.21, 0.23, float("nan"))]
    ['well off', 'about average', 'about average', 'not well off', None]
    """
    if np.isnan(share) or np.isnan(study):
        return None
    if share < WELL_OFF.value * study:
        return "well off"
    return "not well off" if share > NOT_WELL_OFF.value * study else "about average"


def first_shown(found: pd.DataFrame, *, study: float) -> str:
    """Choose the place to open with: the strongest contrast among places that look well off, else among all."""
    known = found[found["premises"] >= FEWEST.value]
    off = known[known["share"] < WELL_OFF.value * study]
    for choice in (off, known):
        if choice["contrast"].notna().any():
            return str(choice["contrast"].idxmax())
    return str(next(choice for choice in (off, known, found) if len(choice))["gap"].idxmax())


def _tenths(table: pd.DataFrame) -> pd.Series:
    """Give each area the tenth of its place's premises that it begins in; NaN where there is none."""
    fits = table["gap"].notna() & table["separable"] & (table["premises"] > 0)
    ours = table[fits]
    by = ours.groupby("key")["premises"]
    before, whole, areas = by.cumsum() - ours["premises"], by.transform("sum"), by.transform("size")
    tenth = np.floor(before / whole / TAIL.value + 1e-9)  # against the noise of a float at the edge of a tenth
    found: pd.Series = tenth.where(areas >= FEWEST_AREAS.value).reindex(table.index)
    return found


def _both(scored: pd.DataFrame, *, drawn: CountDraws | None, profile: ProfileKey) -> pd.DataFrame:
    """Bound each small area and add up; those of a council that cannot be told apart are bounded together.

    Of a modelled build each draw is bounded and added up, and the ends are those of nine of ten draws, widened where
    they would leave out the bounds of the best estimate.
    """
    known = scored[scored["share"].notna()]
    known = known.assign(unit=known["area_code"].where(known["separable"], known["district_code"]))
    one = known.groupby(["key", "unit"])[["premises", "gap_low", "gap", "gap_high", "needy"]].sum()
    low, high = ("gap_low", "gap_high") if drawn is None else ("gap", "gap")
    fewest, most = both(
        one["premises"],
        gap_low=one[low],
        gap_high=one[high],
        share=(one["needy"] / one["premises"]).where(one["premises"] > 0),
    )
    bounds = pd.DataFrame({"both_low": fewest, "both_high": most}).groupby(level="key").sum(min_count=1)
    if drawn is None or known.empty:
        return bounds
    ends = _drawn_both(known, one, drawn=drawn, profile=profile).reindex(bounds.index)
    return pd.DataFrame(
        {
            "both_low": np.minimum(bounds["both_low"], ends["low"]),
            "both_high": np.maximum(bounds["both_high"], ends["high"]),
        }
    )


def _drawn_both(known: pd.DataFrame, one: pd.DataFrame, *, drawn: CountDraws, profile: ProfileKey) -> pd.DataFrame:
    """Return by place the 5th of 100 draws of the fewest, and the 95th of the most; ``low, high``.

    Parameters
    ----------
    known
        Parts of areas with their place and the unit that is bounded.
    one
        ``premises`` and ``needy`` of each unit, index ``key, unit``.
    """
    ordered = known.sort_values(["key", "unit"], kind="stable").rename(columns={"part": "share", "share": "rate_need"})
    places, starts = np.unique(ordered["key"].to_numpy(), return_index=True)
    begins = ~ordered.duplicated(["key", "unit"]).to_numpy()
    units = one.sort_index()
    found, first, first_unit = np.empty((len(places), 2)), 0, 0
    for rows, starting in some_groups(starts, count=len(ordered)):
        at = np.flatnonzero(begins[rows])
        gaps = np.add.reduceat(drawn.of_parts(ordered.iloc[rows], profile=profile), at, axis=0)
        ours = units.iloc[first_unit : first_unit + len(at)]
        needy, premises = ours["needy"].to_numpy()[:, None], ours["premises"].to_numpy()[:, None]
        fewest, most = frechet_bounds(gaps, needy, whole=premises)
        inside = np.searchsorted(at, starting)  # where each place's units begin
        for end, (bound, share) in enumerate(zip((fewest, most), RANGE, strict=True)):
            sums = np.add.reduceat(bound, inside, axis=0)
            found[first : first + len(starting), end] = np.quantile(sums, share, axis=1)
        first, first_unit = first + len(starting), first_unit + len(at)
    return pd.DataFrame(found, index=pd.Index(places, name="key"), columns=["low", "high"])


@dataclass(frozen=True, slots=True)
class NeedByPlace:
    """The places of one boundary, with the need they are held against.

    Attributes
    ----------
    family
        What the places are.
    pieces, found
        From `pieces` and `need_by_place`; the second with names.
    known
        The need, or None in a study without.
    study, study_need
        The whole study's share in need, and its mean score for need.
    divided
        Whether small areas are cut, or put whole where they are not.
    """

    family: Family
    pieces: pd.DataFrame
    found: pd.DataFrame
    known: Known | None
    study: float
    study_need: float
    divided: bool

    @property
    def tailed(self) -> bool:
        """Say whether any of the places has a worst tenth."""
        return bool(self.found["contrast"].notna().any())

    def row(self, key: str) -> dict[str, Any]:
        """Give one place's figures."""
        return cast("dict[str, Any]", self.found.loc[key].to_dict())

    def of(self, key: str) -> pd.DataFrame:
        """Give one place's small areas."""
        return self.pieces[self.pieces["key"] == key]

    def looks(self, key: str) -> Standing | None:
        """Say how a place looks on average."""
        return standing(self.row(key)["share"], study=self.study)
