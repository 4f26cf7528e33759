"""How near the estimator comes to the lines of 2013 in councils it was not fitted on, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.estimator import NEIGHBOURS, Truth, by_council, left_out
from connectivity.method.feasibility import SCORED
from connectivity.robustness.ranks import worst_tenth_shared
from connectivity.robustness.whole_index import spearman
from layers.covariates import COVARIATES, Covariate
from layers.estimate import FITTED_BELOW, RESIDUALS, SEPARABLE_FROM

Keys = tuple[str, ...]

GP = "gp"
VERSION_1: Keys = ("spacing",)
EVERY: Keys = tuple(COVARIATES)
POSTCODES: Keys = tuple(key for key in EVERY if not COVARIATES[key].optional)
SETS: Mapping[str, Keys] = {
    "version 1: spacing alone": VERSION_1,
    "version 2, the covariates that come with postcodes": POSTCODES,
    "the same and stations, as in the demo": (*POSTCODES, "station"),
    "the same and libraries, as in the 2025 study": (*POSTCODES, "library"),
    "version 2, all covariates": EVERY,
    "version 2, all covariates and the distance to a GP": (*EVERY, GP),
}
REGIONS = ("the sixteen", "the nine")
LEAST, MOST = 0.86, 0.94
"""Between which the coverage of a nominal 90 % range is to lie (method §2)."""
CLASSES = {"rural": True, "urban": False}


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The sixteen councils, each left out of the fit in turn, and the nine that are in no fit.

    Attributes
    ----------
    sixteen, nine
        What is known of 2013 there.
    """

    sixteen: Truth
    nine: Truth

    @classmethod
    def of(cls, sixteen: Truth, nine: Truth) -> HeldBack:
        """Take both, with the distance to a GP on the mean and spread of the sixteen where it is known."""
        if GP not in sixteen.table:
            return cls(sixteen, nine)
        values = sixteen.table[GP]
        gp = Covariate(GP, "how far it is to a GP", float(values.mean()), float(values.std(ddof=0)), optional=True)
        standard = {**sixteen.standard, GP: gp}
        return cls(replace(sixteen, standard=standard), replace(nine, standard=standard))

    def tested(self, keys: Keys, *, speed: float = FITTED_BELOW[-1]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Test the estimator in both regions; tables as :func:`benchmarks.estimator.left_out` gives them."""
        ours = left_out(self.sixteen, keys=keys, speed=speed)
        return ours, left_out(self.nine, keys=keys, speed=speed, fit=self.sixteen)


def error(tested: pd.DataFrame, column: str = "estimate") -> float:
    """Return the mean absolute error of a share, areas counting alike."""
    return float((tested[column] - tested["share"]).abs().mean())


def coverage(held: HeldBack, *, keys: Keys = EVERY) -> pd.DataFrame:
    """Return by speed, region and class how many areas there are, and the share of them inside the 90 % range."""
    rows = []
    for speed in FITTED_BELOW:
        for region, tested in zip(REGIONS, held.tested(keys, speed=speed), strict=True):
            for name, rural in CLASSES.items():
                inside = tested.loc[tested["rural"] == rural, "covered"]
                rows.append((speed, region, name, len(inside), float(inside.mean())))
    return pd.DataFrame(rows, columns=["speed", "region", "class", "areas", "covered"])


def councils(held: HeldBack) -> pd.DataFrame:
    """Return, for each of the 25 councils, how well both versions do.

    Returns
    -------
    pandas.DataFrame
        As :func:`benchmarks.estimator.by_council` of version 2; of version 1 ``error_1`` and ``spearman_1``; and
        ``gain``, the error of the council's own share less that of version 2.
    """
    first = pd.concat([by_council(one) for one in held.tested(VERSION_1)])
    second = pd.concat([by_council(one) for one in held.tested(EVERY)])
    return second.assign(
        error_1=first["error"], spearman_1=first["spearman"], gain=second["error_mean"] - second["error"]
    )


def section(held: HeldBack, *, names: Mapping[str, str]) -> str:
    """Write the sections of docs/validation.md on how near the estimator comes.

    Parameters
    ----------
    held
        What is known of 2013.
    names
        Of the sixteen councils, by code.
    """
    table, named = councils(held), {**names, **NEIGHBOURS}
    parts = _errors(held), _by_authority(table, names=named), _coverage(held), _rule(table, names=named)
    return "\n".join(line for part in parts for line in part)


def _errors(held: HeldBack) -> list[str]:
    found = {words: held.tested(keys) for words, keys in SETS.items()}
    ours, theirs = found["version 2, all covariates"]
    rows = [f"| the council's own share everywhere | {error(ours, 'mean'):.4f} | {error(theirs, 'mean'):.4f} |"]
    rows += [f"| {words} | {error(one):.4f} | {error(other):.4f} |" for words, (one, other) in found.items()]
    *_, whole, with_gp = (error(one) for one, _ in found.values())
    return [
        ERRORS.format(sixteen=len(ours), nine=len(theirs)),
        *rows,
        "",
        GP_TRIED.format(change=with_gp - whole),
        "",
    ]


def _by_authority(table: pd.DataFrame, *, names: Mapping[str, str]) -> list[str]:
    ordered = table.sort_index(key=lambda codes: [(code in NEIGHBOURS, names[code]) for code in codes])
    rows = [
        f"| {names[str(code)]}{'*' if code in NEIGHBOURS else ''} | {row.areas:,} | {row.error_mean:.3f} | "
        f"{row.error_1:.3f} | {row.error:.3f} | {row.spearman_1:.2f} | {row.spearman:.2f} | {row.deviation:.2f} | "
        f"{'yes' if row.deviation >= SEPARABLE_FROM.value else '**no**'} |"
        for code, row in zip(ordered.index, ordered.itertuples(), strict=True)
    ]
    worse = ordered.index[ordered["error"] > ordered["error_1"]]
    listed = _listed(names[str(code)] for code in worse)
    return [BY_AUTHORITY, *rows, "", f"Version 2 has the larger error of the two in {listed}.", ""]


def _coverage(held: HeldBack) -> list[str]:
    table = coverage(held)
    rows = []
    for (speed, region), part in table.groupby(["speed", "region"], sort=False):
        cells = " | ".join(f"{row.areas:,} | {row.covered:.1%}" for row in part.itertuples())
        rows.append(f"| under {speed:g} Mbit/s | {region} | {cells} |")
    beyond = table[~table["covered"].between(LEAST, MOST)]
    said = _listed(
        f"{row['class']} areas of {row['region']} under {row['speed']:g} Mbit/s" for _, row in beyond.iterrows()
    )
    verdict = f"{len(table) - len(beyond)} of these {len(table)} lie between {LEAST:.0%} and {MOST:.0%}."
    verdict += "" if beyond.empty else f" Beyond: {said}."
    widest = {f"widest_{name}": max(one.deviation for one in RESIDUALS[name]) for name in CLASSES}
    least = {f"least_{name}": RESIDUALS[name][0].share for name in CLASSES}
    return [COVERAGE, *rows, "", verdict, "", RESIDUAL.format(**widest, **least), ""]


def _rule(table: pd.DataFrame, *, names: Mapping[str, str]) -> list[str]:
    sure = table["deviation"] >= SEPARABLE_FROM.value
    rows = []
    for words, group in (("told apart", table[sure]), ("not told apart", table[~sure])):
        gained = int((group["gain"] > 0).sum())
        rows.append(
            f"| {words} | {len(group)} | {group['spearman'].min():.2f} to {group['spearman'].max():.2f} | "
            f"{group['gain'].min():+.3f} to {group['gain'].max():+.3f} | {gained} of {len(group)} |"
        )
    missed = table.loc[~sure, "gain"].idxmax()
    with_truth, with_gain = (spearman(table["deviation"], table[name]) for name in ("spearman", "gain"))
    return [
        RULE.format(cut=SEPARABLE_FROM.value, low=SEPARABLE_FROM.low, high=SEPARABLE_FROM.high),
        *rows,
        "",
        RULE_HOLDS.format(
            councils=len(table),
            truth=with_truth,
            gain=with_gain,
            missed=names[str(missed)],
            most=table.loc[missed, "gain"],
        ),
        "",
    ]


def structure_section(without: pd.DataFrame, with_it: pd.DataFrame) -> str:
    """Write what the structure of 2013 does to the 2025 study.

    Parameters
    ----------
    without, with_it
        Areas of both, as :func:`connectivity.build.assess` gives them.
    """
    counts = []
    for table in (without, with_it):
        apart = table[table["status"].eq(SCORED)]
        counts.append((apart["district_code"].nunique(), len(apart)))
    (before, areas_before), (after, areas_after) = counts
    apart = [table.groupby("district_name")["separable"].all() for table in (without, with_it)]
    gained, lost = apart[1] & ~apart[0], apart[0] & ~apart[1]
    both = without["status"].eq(SCORED) & with_it["status"].eq(SCORED)
    one, other = without.loc[both, "score"], with_it.loc[both, "score"]
    shared = worst_tenth_shared(one, other)
    within = [
        spearman(part, other[part.index])
        for _, part in one.groupby(without.loc[both, "district_code"])
        if len(part) > 1
    ]
    return STRUCTURE.format(
        before=before,
        areas_before=areas_before,
        after=after,
        areas_after=areas_after,
        gained=_listed(map(str, gained.index[gained])),
        lost="" if not lost.any() else f" No longer told apart: {_listed(map(str, lost.index[lost]))}.",
        both=int(both.sum()),
        rho=spearman(one, other),
        low=min(within),
        high=max(within),
        middle=float(np.median(within)),
        shared=shared,
    )


def _listed(words: Iterable[str]) -> str:
    parts = list(words)
    if not parts:
        return "none"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


ERRORS = """## How near does it come?

Mean absolute error of an area's share (0 to 1) of lines under 10 Mbit/s, areas counting alike: {sixteen:,} areas of the
sixteen councils, each council left out of the fit in turn, and {nine:,} of the nine, which are in no fit. Areas with
fewer than 30 lines, or cut by the edge of the file, are left out.

| given to every area | the sixteen, left out | the nine |
|---|--:|--:|"""
GP_TRIED = """The distance to a GP by road changes the error of the sixteen by {change:+.4f}: it was tried and is not
taken. The demo has no libraries and the 2025 study no stations; the other covariates come with the postcodes. Each
build says which it lacks."""
RULE_HOLDS = """Over these {councils} councils the standard deviation correlates {truth:.2f} by rank with how well the
model orders a council's areas, and {gain:.2f} with what it gains over the council's share. The rule errs towards saying
nothing: of the councils it does not tell apart, {missed} would have gained most, {most:.3f}."""
BY_AUTHORITY = """By authority, the same; * marks the nine. Spearman is within the council, of the estimate with the
truth. The last columns are the standard deviation, within the council, of what the covariates say (log-odds of lines
under 10 Mbit/s), and whether the rule below tells its areas apart.

| authority | areas | error, own share | version 1 | version 2 | Spearman, version 1 | version 2 | sd | told apart |
|---|--:|--:|--:|--:|--:|--:|--:|---|"""
COVERAGE = """## Do the ranges hold?

The share of areas whose true share lies between the 5th and the 95th percentile of the draws of the residual; all
covariates, councils left out as above. Nominal: 90 %. A build draws the slopes, too, and so has ranges a little wider.

| | | rural areas | inside | urban areas | inside |
|---|---|--:|--:|--:|--:|"""
RESIDUAL = """The residual's width is fitted on the sixteen, by class and by the share of the class's lines that are
slow. The least such share it is fitted on, that of lines under 2 Mbit/s, is {least_rural:.0%} of rural and
{least_urban:.0%} of urban lines. Where a council's is smaller, as in all sixteen today, the widest of the class is
taken: {widest_rural:.1f} log-odds for rural and {widest_urban:.1f} for urban areas. That was done in some councils of
2013, too, and may be why more than nine of ten rural areas lie inside at low speeds. Whether lines are as scattered
today cannot be tested."""
RULE = """## Which councils can be told apart?

The rule: the standard deviation of what the covariates say within a council is at least {cut:g} log-odds (assumption,
{low:g} to {high:g}). It needs no truth, so it can be used anywhere; here it is held against the truth. Gain is the
error of giving every area its council's share less that of the model.

| by the rule | councils | Spearman with the truth | gain | gain above 0 |
|---|--:|--:|--:|--:|"""
STRUCTURE = """## What the structure of 2013 would change

A study may add where slow lines stood in 2013 (layer `structure_2013`; not in the 2025 study as committed). With it,
{after} councils of that study are told apart in place of {before}, and {areas_after:,} areas are ranked in place of
{areas_before:,}. Told apart in addition: {gained}.{lost} Over the {both:,} areas that are ranked in both, scores
correlate {rho:.2f} by rank, within a council {low:.2f} to {high:.2f} (middle {middle:.2f}), and {shared:.0%} of their
worst tenth is the same.

Its slope (.6 log-odds for each standard deviation, drawn from .3 to .9) is an assumption. No small-area truth of today
is at hand, and in 2013 the layer would be its own answer, so that neither the slope nor the wider spread by which more
councils pass the rule can be tested here.
"""
