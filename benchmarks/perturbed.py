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
LINES, CORNER = "faster lines", "lines under 10 that come to 10 to 30 Mbit/s"
"""The two kinds of improvement of lines: where fixed wireless counts, the second has a corner (decision 0002)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many improvements were made, by what was improved, and how many raised a score or left none."""

    made: Counter[str]
    rose: Counter[str]
    highest: float

    @property
    def total(self) -> int:
        """How many improvements."""
        return sum(self.made.values())


def outcome(case: Case, *, passes: int = PASSES, seed: int = SEED) -> Outcome:
    """Improve one thing in every area, `passes` times over, and count the scores that rose."""
    random = np.random.Generator(np.random.PCG64(seed))
    before = case.scores()
    columns = [(place, column) for one in case.chosen for place, column in enumerate(one.columns)]
    names = [LINES, *(column for _, column in columns), CORNER]
    made: Counter[str] = Counter()
    rose: Counter[str] = Counter()
    highest = 0.0
    for _ in range(passes):
        # half the improvements are of lines, half of what is around them
        kind = np.where(random.random(len(before)) < 0.5, 0, random.integers(1, len(columns) + 1, len(before)))  # noqa: PLR2004
        by = pd.Series(random.random(len(before)), index=before.index)
        coverage, corner = with_faster_lines(case.coverage, by.where(kind == 0, 0.0), random)
        changed = replace(case, coverage=coverage, facts=_with_better_facts(case, by, kind, names))
        kind[(kind == 0) & corner.reindex(before.index, fill_value=False).to_numpy()] = len(names) - 1
        rise = (changed.scores() - before).where(before.notna(), 0.0)
        known = before.notna().to_numpy()
        for number, name in enumerate(names):
            made[name] += int(((kind == number) & known).sum())
            rose[name] += int(((kind == number) & ~(rise <= TOLERANCE)).sum())
        highest = max(highest, float(rise.max()))
    return Outcome(made, +rose, highest)


def with_faster_lines(coverage: Coverage, by: pd.Series, random: np.random.Generator) -> tuple[Coverage, pd.Series]:
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

    Returns
    -------
    coverage : Coverage
    corner : pandas.Series
        Whether the lines were under 10 Mbit/s and are now in the band from 10.
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
    corner = pd.Series((start < slow) & (end == slow), index=table.index)
    return replace(coverage, table=table, by_postcode=None, by_output_area=None), corner


def _with_better_facts(case: Case, by: pd.Series, kind: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Move one figure of each area a part of the way to its good post."""
    facts = case.facts.copy()
    posts = {
        column: good.value for one in case.chosen for column, (good, _) in zip(one.columns, one.goalposts, strict=True)
    }
    for number, name in enumerate(names):
        if name in {LINES, CORNER}:
            continue
        gain = (facts[name] - posts[name]).clip(lower=0) * by.reindex(facts.index)
        facts[name] = facts[name] - gain.where(kind == number, 0.0)
    return facts


def section(cases: dict[str, Case]) -> str:
    """Write the section of docs/validation.md."""
    rows = []
    for words, case in cases.items():
        found = outcome(case)
        lines = found.made[LINES] + found.made[CORNER]
        most = f"{found.highest:.2f}" if found.rose else "0"
        others = sum(found.rose.values()) - found.rose[CORNER]
        rows.append(f"| {words} | {found.total:,} | {lines:,} | {others:,} | {found.rose[CORNER]:,} | {most} |")
    return "\n".join([HEAD, *rows, "", TAIL, ""])


HEAD = """# Does a better place ever get a worse score?

In every scored area of the real studies one thing is improved at random, and everything reckoned again: part of the
lines of a band become faster, or a rate falls, or a place to go comes nearer.

| | improvements | of lines | scores that rose | rose in the known corner | by at most, points |
|---|--:|--:|--:|--:|--:|"""
TAIL = """The corner (docs/decisions/0002): where fixed wireless counts, a line of 10 to 30 Mbit/s that the published
columns give no fixed wireless can do worse for a home worker than a line under 10 that has it, because the two
published columns are kept as they are. `tests/method/test_kernel.py` holds the same of
made-up areas."""
