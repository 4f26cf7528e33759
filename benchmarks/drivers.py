"""What moves the headlines and what drives the ranking, study by study."""

from __future__ import annotations

import pandas as pd

from benchmarks.rescoring import Case
from connectivity.method.kernel import AGGREGATIONS
from connectivity.robustness.draws import inputs_of, scored_areas
from connectivity.robustness.sobol import Indices, headline_indices
from connectivity.robustness.whole_index import index_overall

SEED, SHOWN = 20_260_301, 3
"""Inputs named for each headline."""


def sobol_rows(words: str, case: Case) -> list[str]:
    """Write what moves the two headlines of a study."""
    place = AGGREGATIONS.index(case.aggregation)
    inputs = inputs_of(case.coverage, indicators=case.chosen, count_fwa=case.count_fwa, aggregation=place)
    kept = [one for one in case.chosen if one.dimension not in case.absent]
    scored = case.scores().dropna().index
    evidence = scored_areas(case.coverage, joined=case.facts, scored=scored, indicators=kept)
    found = headline_indices(evidence, inputs=inputs, weights=case.normalised, seed=SEED)
    fall = "lines that fell short for" if case.coverage.unit == "lines" else "premises that cannot support"
    return [
        *_rows(words, f"{fall} a home worker", f"{found.infeasible.mean:,.0f}", found.infeasible),
        *_rows(words, "share of the worst tenth that stays", f"{found.stays.mean:.0%}", found.stays),
    ]


def _rows(words: str, headline: str, mean: str, found: Indices) -> list[str]:
    first = found.table.sort_values("total", ascending=False, kind="stable").head(SHOWN)
    shown = first.round(2) + 0.0  # no minus before a zero
    return [
        f"| {words} | {headline}, mean {mean} | {label} | {row['first']:.2f} "
        f"({row['first_low']:.2f} to {row['first_high']:.2f}) | {row['total']:.2f} "
        f"({row['total_low']:.2f} to {row['total_high']:.2f}) |"
        for label, row in shown.iterrows()
    ]


def overall_row(words: str, areas: pd.DataFrame, case: Case) -> str:
    """Write how a study's ranking depends on its weights."""
    found = index_overall(areas, weights=case.weights, aggregation=case.aggregation, absent=case.absent)
    pairs = ", ".join(f"{one} and {other} {r:.2f}" for one, other, r in found.correlated) or "none"
    ratios = ", ".join(f"{name} {value:.2f}" for name, value in found.importance["correlation_ratio"].items())
    return f"| {words} | {found.dominance.share:.0%} | {ratios} | {pairs} |"


def section(cases: dict[str, tuple[Case, pd.DataFrame]]) -> str:
    """Write the section of docs/validation.md."""
    tables = [overall_row(words, areas, case) for words, (case, areas) in cases.items()]
    moved = [row for words, (case, _) in cases.items() for row in sobol_rows(words, case)]
    return "\n".join([HEAD, *tables, "", MIDDLE, *moved, "", TAIL, ""])


HEAD = """# What drives it

The second column is the share of pairs of areas whose order no weights can reverse: one is at least as bad in every
dimension. The third is Pearson's correlation ratio: how much of the score's variance knowing one dimension explains
(Becker and others 2017). The last names dimensions that correlate above .9.

| study | pairs no weights reverse | correlation ratio | say nearly the same |
|---|--:|---|---|"""
MIDDLE = """Sobol indices of two headlines over everything the robustness run varies, with 90 % intervals by bootstrap:
first order is what an input explains on its own, total what it explains together with all others. Both headlines are
over the ranked areas: in the modelled studies the count is that of seven councils, not of all sixteen.

| study | headline | input | first order | total |
|---|---|---|--:|--:|"""
TAIL = "`tests/robustness/test_sobol.py` holds the estimators against functions whose indices are known."
