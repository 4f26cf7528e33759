"""How sure: 1,000 draws of every uncertain input for 35,000 areas, beside a loop in NumPy that keeps every rank."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.measuring import SEED, Result, alone, comparison, peak_megabytes, target, timed
from connectivity.method.kernel import upload_chances
from connectivity.method.records import ESSENTIAL, HOME_WORKER, INDICATORS, SIDE, Profile
from connectivity.method.uncertain import Uncertain, triangle
from connectivity.robustness.draws import ScoredAreas, inputs_of, scored_areas
from connectivity.robustness.run import Plan
from connectivity.robustness.run import rank_draws as drawn
from layers.coverage import Coverage, bands_between
from layers.people.alternatives import DETOUR

AREAS, DRAWS = 35_000, 1_000
"""Areas of England and Wales; draws of the target."""
PERCENTILES = (0.05, 0.5, 0.95)
PROFILES = (HOME_WORKER, ESSENTIAL)
EVEN = (0.25, 0.25, 0.25, 0.25)
DECLARED = ("income_employment_2025", "disabled_residents", "deprived_households", "connectivity", "library")
Doubles = npt.NDArray[np.float64]


def run(*, quick: bool) -> Result:
    """Draw, score and rank, ours and plainly; the answers must agree.

    Parameters
    ----------
    quick
        A tenth of the areas and of the draws.
    """
    areas, draws = (AREAS // 10, DRAWS // 10) if quick else (AREAS, DRAWS)
    evidence, inputs = country(areas)
    plan = Plan(inputs, EVEN, draws=draws, seed=SEED)
    ours, (chance, _) = timed(lambda: figures(evidence, plan))
    theirs, (plain, _) = timed(lambda: plainly(evidence, plan))
    np.testing.assert_allclose(chance, plain, atol=2.5 / draws)  # a rank at the edge may differ by rounding
    full, memory = alone(whole, areas, draws)
    what = (
        f"{draws:,} draws of {areas:,} areas: feasibility, score, ranks, their percentiles, chance of the worst tenth"
    )
    added = 0 if memory is None else memory - full["megabytes_before"]
    return {
        "comparisons": [comparison(what, ours=ours, other="a loop in NumPy", theirs=theirs, note="same chances")],
        "targets": []
        if quick
        else [
            target("1,000 draws × 35,000 areas, full ranks", value=full["seconds"], limit=6, unit="s"),
            target("the same, stretch", value=full["seconds"], limit=3, unit="s"),
            target("memory it adds (all ranks as whole numbers would be 280 MB)", value=added, limit=300, unit="MB"),
        ],
        "notes": [
            f"{draws:,} draws took {full['processor_seconds']:.1f} s of processor time on two threads",
        ],
    }


def figures(evidence: ScoredAreas, plan: Plan) -> tuple[Doubles, list[Doubles]]:
    """Give each area's chance of the worst tenth, and three percentiles of its rank."""
    tally = drawn(evidence, plan=plan)
    return tally.chance(2), tally.quantiles(*PERCENTILES)


def plainly(evidence: ScoredAreas, plan: Plan) -> tuple[Doubles, list[Doubles]]:
    """Give the same from a loop."""
    ranks = loop(evidence, plan)
    chance = np.asarray((ranks <= -(-len(evidence) // 10)).mean(axis=0))
    return chance, list(np.quantile(ranks, PERCENTILES, axis=0, method="inverted_cdf"))


def whole(areas: int, draws: int) -> Result:
    """Do the whole run in a process of its own, and say what it took."""
    evidence, inputs = country(areas)
    before, processor = peak_megabytes() or 0, time.process_time()
    seconds, tally = timed(lambda: drawn(evidence, plan=Plan(inputs, EVEN, draws=draws, seed=SEED)))
    tally.quantiles(0.05, 0.5, 0.95)
    tally.influence()
    return {
        "seconds": seconds,
        "processor_seconds": time.process_time() - processor,
        "megabytes_before": before,
    }


def country(areas: int) -> tuple[ScoredAreas, tuple[Uncertain, ...]]:
    """Make areas as skewed as those of 2025: most lines fast, few slow ones, fixed wireless here and there."""
    random, bands = np.random.default_rng(SEED), bands_between(2, 5, 10, 30, 100, 300)
    codes = [f"E01{number:06d}" for number in range(areas)]
    premises = np.round(random.uniform(400, 1200, areas))
    unknown = np.round(premises * random.uniform(0, 0.02, areas))
    shares = random.dirichlet([0.1, 0.2, 0.3, 2, 8, 10, 30], areas)
    lines = shares * (premises - unknown)[:, None]
    table = pd.DataFrame(lines, columns=[band.column for band in bands], index=codes)
    under_10 = table.iloc[:, :3].sum(axis=1)
    table = table.assign(
        premises=premises,
        unknown=unknown,
        matched=premises - unknown,
        below_decent=0.7 * under_10,
        fwa=premises * random.uniform(0, 0.9, areas),
    )
    coverage = Coverage(table, bands, "drawn at random", unit="premises", basis="availability", modelled=False)
    chosen = [INDICATORS[key] for key in DECLARED]
    facts = {
        column: random.uniform(good.value, bad.value, areas)
        for one in chosen
        for column, (good, bad) in zip(one.columns, one.goalposts, strict=True)
    }
    joined = pd.DataFrame(facts, index=codes)
    evidence = scored_areas(coverage, joined=joined, scored=joined.index, indicators=chosen)
    return evidence, inputs_of(coverage, indicators=chosen, count_fwa=True, aggregation=0)


def loop(evidence: ScoredAreas, plan: Plan) -> npt.NDArray[np.int64]:
    """Do the same one draw after another, by the formulae of method §3–§5, and keep every rank."""
    draws = plan.all_values()
    bands, basis = evidence.figures.bands, evidence.figures.basis
    tables = [upload_chances(one, draws.inputs, bands=bands, basis=basis).astype(float) for one in PROFILES]
    ranks = np.empty((plan.draws, len(evidence)), dtype=np.int64)
    for row in range(plan.draws):
        at = {key: float(value[row]) for key, value in draws.inputs.items()}
        weights = draws.weights[row].astype(float)
        comforts = [
            np.maximum(1, 100 - 100 * _share(evidence, profile, at, table[row]))
            for profile, table in zip(PROFILES, tables, strict=True)
        ]
        part = weights[0] / weights[:2].sum()
        total = (
            100 - comforts[0] ** part * comforts[1] ** (1 - part),
            100 - part * comforts[0] - (1 - part) * comforts[1],
            100 - np.minimum(*comforts),
        )[int(at["aggregation"])]
        sides = [_side(evidence, side, at) for side in SIDE]
        score = total * (1 - weights[2] * (1 - sides[0]) - weights[3] * (1 - sides[1]))
        order = np.argsort(-score)
        places = np.arange(1, len(score) + 1)
        level = np.concatenate([[False], score[order][1:] == score[order][:-1]])
        ranks[row, order] = np.maximum.accumulate(np.where(level, 0, places))
    return ranks


def _share(evidence: ScoredAreas, profile: Profile, at: dict[str, float], chance: Doubles) -> Doubles:
    known = evidence.figures
    matched = known.matched.astype(float)
    shares, unknown = np.array(known.lines, dtype=float) / matched, known.unknown.astype(float) / known.premises
    fails = (1 - chance) @ shares
    if at["fwa"] and known.fwa is not None and known.below_decent is not None:
        decent, reach = known.below_decent.astype(float) / matched, known.fwa.astype(float) / known.premises
        if profile is HOME_WORKER:
            three = profile.fwa
            meets = float(triangle(np.array([at["fwa chance"]]), three.low, three.central, three.high)[0])
            under_10 = shares[:3].sum(axis=0)
            rest = fails - under_10
            even, served = 1 - meets * reach, meets * reach / (1 - unknown)
            fewest = np.maximum(0, rest - served) / np.where(rest > 0, rest, 1)
            lean = at["fwa overlap"]
            kept = even + (lean * (1 - even) if lean > 0 else -lean * (fewest - even))
            rescued = np.maximum(0, under_10 - decent)
            failing, beside = rescued * (1 - meets), rescued * (1 - chance[3])  # no better than a line of 10 to 30
            central = np.maximum(failing, beside * even)
            end = np.maximum(failing, beside if lean > 0 else beside - np.maximum(0, served - rest))
            fails = under_10 - rescued + central + abs(lean) * (end - central) + rest * kept
        else:
            fails = decent
    lean = at["unknown"]
    return np.asarray(fails + unknown * (lean * (1 - fails) if lean > 0 else lean * fails))


def _side(evidence: ScoredAreas, side: str, at: dict[str, float]) -> Doubles:
    parts = []
    for indicator, raw in evidence.indicators:
        if indicator.dimension == side:
            stretch = at["detour"] / DETOUR.value if indicator.straight else 1.0
            columns = []
            for place, (good, bad) in enumerate(indicator.goalposts):
                low = at.get(f"good {indicator.key} {place}", good.value)
                high = at.get(f"bad {indicator.key} {place}", bad.value)
                columns.append(np.clip((raw[place].astype(float) * stretch - low) / (high - low), 0, 1))
            parts.append(np.mean(columns, axis=0))
    return np.asarray(np.mean(parts, axis=0))
