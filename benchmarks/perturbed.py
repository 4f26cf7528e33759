"""Does a better place ever get a worse score? Random improvements of real areas, many times over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.rescoring import Case
from connectivity.method.kernel import DECENT_DOWNLOAD
from layers.coverage import Coverage

PASSES, SEED = 100, 2013
TOLERANCE = 1e-9
"""Points of score that floats may round by."""
PREMISES_TOLERANCE = 1e-7
"""Premises of a count that floats may round by."""
LINES = "faster lines"
DECENT = "fewer premises below decent broadband, on the lines there are"
REACH = "fixed wireless reaches more premises"
ROUTES = (DECENT, REACH)
"""Improvements of fixed wireless, where the release tells of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many improvements were made, by what was improved, and how many raised something.

    Attributes
    ----------
    made
        In areas with a count.
    scores, counts
        How many of them raised the score, or left none; and how many raised a count (low, best or high of either
        profile).
    highest
        Points by which a score rose at most; 0 where none did.
    """

    made: Counter[str]
    scores: Counter[str]
    counts: Counter[str]
    highest: float

    @property
    def total(self) -> int:
        """How many improvements."""
        return sum(self.made.values())

    @property
    def rose(self) -> Counter[str]:
        """How many raised a score or a count, each counted where it did."""
        return self.scores + self.counts


def outcome(case: Case, *, passes: int = PASSES, seed: int = SEED) -> Outcome:
    """Improve one thing in every area, `passes` times over, and count the scores and the counts that rose."""
    random = np.random.Generator(np.random.PCG64(seed))
    before, counted = case.scores(), case.counts().reindex(case.facts.index)
    columns = [(place, column) for one in case.chosen for place, column in enumerate(one.columns)]
    routes = ROUTES if case.coverage.has_fwa else ()
    names = [LINES, *routes, *(column for _, column in columns)]
    made: Counter[str] = Counter()
    scores: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    highest = 0.0
    has_count, has_score = counted.notna().all(axis=1).to_numpy(), before.notna().to_numpy()
    for _ in range(passes):
        # half the improvements are of lines, half of everything else
        kind = np.where(random.random(len(before)) < 0.5, 0, random.integers(1, len(names), len(before)))  # noqa: PLR2004
        by = pd.Series(random.random(len(before)), index=before.index)
        coverage = with_faster_lines(case.coverage, by.where(kind == 0, 0.0), random)
        if routes:
            decent, reach = (by.where(kind == names.index(name), 0.0) for name in ROUTES)
            coverage = with_more_wireless(coverage, decent=decent, reach=reach)
        changed = replace(case, coverage=coverage, facts=_with_better_facts(case, by, kind, names))
        rise = (changed.scores() - before).where(before.notna(), 0.0)
        more = (changed.counts().reindex(before.index) - counted).to_numpy()
        for number, name in enumerate(names):
            ours = kind == number
            made[name] += int((ours & has_count).sum())
            scores[name] += int((ours & has_score & ~(rise <= TOLERANCE)).sum())
            counts[name] += int((ours & has_count & ~(more <= PREMISES_TOLERANCE).all(axis=1)).sum())
        highest = max(highest, float(rise.max()))
    return Outcome(made, +scores, +counts, highest)


def with_faster_lines(coverage: Coverage, by: pd.Series, random: np.random.Generator) -> Coverage:
    """Move a part of the premises of one band of each area to a faster band.

    Those that leave the bands under 10 Mbit/s take their part of the premises below decent broadband with them.

    Parameters
    ----------
    coverage
        Premises in bands.
    by
        Part of the band that moves, by area; 0 for none.
    random
        Chooses the bands.
    """
    columns = coverage.columns
    table = coverage.table.copy()
    part = by.reindex(table.index).fillna(0.0).to_numpy()
    start = random.integers(0, len(columns) - 1, len(table))
    end = start + 1 + (random.random(len(table)) * (len(columns) - 1 - start)).astype(int)
    rows = np.arange(len(table))
    bands = table[columns].to_numpy(dtype=float).copy()
    moved = bands[rows, start] * part
    slow = sum(band.high <= DECENT_DOWNLOAD for band in coverage.bands)
    under = bands[:, :slow].sum(axis=1)
    leaving = np.where((start < slow) & (end >= slow), moved, 0.0) / np.where(under > 0, under, 1.0)
    bands[rows, start] -= moved
    bands[rows, end] += moved
    table[columns] = bands
    table["below_decent"] = table["below_decent"] * (1 - leaving)
    return replace(coverage, table=table, by_postcode=None, by_output_area=None)


def with_more_wireless(coverage: Coverage, *, decent: pd.Series, reach: pd.Series) -> Coverage:
    """Let fixed wireless serve a part of the premises below decent broadband, or reach a part of those beyond it.

    Parameters
    ----------
    coverage
        Premises in bands, and what fixed wireless does.
    decent, reach
        Part of either, by area; 0 for none.
    """
    table = coverage.table.copy()
    table["below_decent"] = table["below_decent"] * (1 - decent.reindex(table.index).fillna(0.0))
    beyond = (table["premises"] - table["fwa"]).clip(lower=0)
    table["fwa"] = table["fwa"] + beyond * reach.reindex(table.index).fillna(0.0)
    return replace(coverage, table=table)


def _with_better_facts(case: Case, by: pd.Series, kind: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Move one figure of each area a part of the way to its good post."""
    facts = case.facts.copy()
    posts = {
        column: good.value for one in case.chosen for column, (good, _) in zip(one.columns, one.goalposts, strict=True)
    }
    for number, name in enumerate(names):
        if name in {LINES, *ROUTES}:
            continue
        gain = (facts[name] - posts[name]).clip(lower=0) * by.reindex(facts.index)
        facts[name] = facts[name] - gain.where(kind == number, 0.0)
    return facts


def section(cases: dict[str, Case]) -> str:
    """Write the section of docs/validation.md."""
    rows, any_rose = [], False
    for words, case in cases.items():
        found = outcome(case)
        any_rose |= bool(found.rose)
        wireless = sum(found.made[name] for name in ROUTES)
        rows.append(
            f"| {words} | {len(case.counts().dropna()):,} | {int(case.scores().notna().sum()):,} | {found.total:,} | "
            f"{found.made[LINES]:,} | {wireless:,} | {sum(found.scores.values()):,} | {sum(found.counts.values()):,} |"
        )
    verdict = "**Some rose, which must not be.**" if any_rose else "None rose."
    return "\n".join([HEAD, *rows, "", f"{verdict} {TAIL}", ""])


HEAD = """# Does a better place ever get a worse score?

In every area with a count one thing is improved at random, and everything reckoned again: part of the lines of a band
become faster, or fixed wireless serves or reaches more, or a rate falls, or a place to go comes nearer. Neither the
score, where the area is ranked, nor the low, best or high count of either activity may rise. These are the counts of
the formulae; the ranges of modelled areas in a build come from draws.

| | areas with a count | ranked | improvements | of lines | of fixed wireless | scores that rose | counts that rose |
|---|--:|--:|--:|--:|--:|--:|--:|"""
TAIL = """In version 3 a line that came to 10 to 30 Mbit/s could do worse for a home worker than a slower one with fixed
wireless; docs/decisions/0002 says how that ended. `tests/method/test_kernel.py` holds the same of made-up areas."""
