from __future__ import annotations

import math

import numpy as np
import pytest

from connectivity.robustness.sobol import sobol_indices, spread_evenly

SHAPE, CURVE = 7.0, 0.1


def even(key, low, high):
    return lambda random, count: {key: low + (high - low) * spread_evenly(random, count)}


def ishigami(values):
    """Ishigami and Homma (1990), whose indices are known: the usual test of such estimators."""
    return np.sin(values["x"]) + SHAPE * np.sin(values["y"]) ** 2 + CURVE * values["z"] ** 4 * np.sin(values["x"])


ANGLES = {name: even(name, -math.pi, math.pi) for name in "xyz"}


def truth() -> tuple[list[float], list[float]]:
    first_x = 0.5 * (1 + CURVE * math.pi**4 / 5) ** 2
    first_y = SHAPE**2 / 8
    together = CURVE**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = first_x + first_y + together
    first = [first_x, first_y, 0.0]
    total = [first_x + together, first_y, together]
    return [value / whole for value in first], [value / whole for value in total]


def test_the_known_indices_of_a_curved_function_are_found():
    found = sobol_indices(ishigami, inputs=ANGLES, samples=20_000, seed=7)[0]
    first, total = truth()
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=1e-4)  # the figures commonly given for it
    assert found.table["first"].tolist() == pytest.approx(first, abs=0.02)
    assert found.table["total"].tolist() == pytest.approx(total, abs=0.02)
    assert found.mean == pytest.approx(SHAPE / 2, abs=0.05)
    assert found.runs == 20_000 * 5


def test_inputs_that_only_add_up_share_the_variance_as_their_own_variances():
    inputs = {name: even(name, 0, size) for name, size in (("one", 1), ("two", 2), ("three", 3), ("none", 0))}
    found = sobol_indices(lambda v: v["one"] + v["two"] + v["three"] + v["none"], inputs=inputs, samples=8_000, seed=1)[
        0
    ]
    expected = [1 / 14, 4 / 14, 9 / 14, 0]
    assert found.table["first"].tolist() == pytest.approx(expected, abs=0.02)
    assert found.table["total"].tolist() == pytest.approx(expected, abs=0.02)
    assert found.table.loc["none", ["first", "total"]].tolist() == [0, 0]
    assert found.deviation == pytest.approx(math.sqrt(14 / 12), rel=0.01)


def test_two_inputs_that_only_work_together_have_a_total_and_no_first_order():
    inputs = {name: even(name, -1, 1) for name in ("one", "two")}
    found = sobol_indices(lambda v: v["one"] * v["two"], inputs=inputs, samples=8_000, seed=3)[0].table
    assert found["first"].tolist() == pytest.approx([0, 0], abs=0.03)
    assert found["total"].tolist() == pytest.approx([1, 1], abs=0.03)


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    first, total = truth()
    held = 0
    for seed in range(40):
        table = sobol_indices(ishigami, inputs=ANGLES, samples=512, seed=seed, repeats=200)[0].table
        held += ((table["total_low"] <= total) & (table["total_high"] >= total)).sum()
        held += ((table["first_low"] <= first) & (table["first_high"] >= first)).sum()
    assert held / (40 * 6) > 0.8  # 90 % meant; spread evenly over their range, the draws do better than the repeats


def test_inputs_that_vary_together_are_one_input():
    def shares(random, count):
        return {"weights": random.dirichlet([10, 10, 10, 10], count)}

    inputs = {"weights": shares, "noise": even("noise", 0, 0.01)}
    found = sobol_indices(lambda v: v["weights"][:, 0] + v["noise"], inputs=inputs, samples=2_000, seed=5)[0].table
    assert found.loc["weights", "total"] == pytest.approx(1, abs=0.05)


def test_several_headlines_come_from_the_same_runs():
    both = sobol_indices(lambda v: np.column_stack([v["x"], v["y"]]), inputs=ANGLES, samples=1_000, seed=5)
    assert [one.table["total"].idxmax() for one in both] == ["x", "y"]
    assert both[0].table.loc["y", "total"] == 0


def test_the_same_seed_gives_the_same_indices_whatever_the_order_of_the_inputs():
    first = sobol_indices(ishigami, inputs=ANGLES, samples=256, seed=5)[0].table
    turned = sobol_indices(ishigami, inputs=dict(reversed(ANGLES.items())), samples=256, seed=5)[0].table
    assert first.loc[turned.index, "first"].tolist() == pytest.approx(turned["first"].tolist(), abs=1e-12)
    other = sobol_indices(ishigami, inputs=ANGLES, samples=256, seed=6)[0].table
    assert first["first"].tolist() != other["first"].tolist()


def test_a_headline_that_never_moves_has_no_driver():
    found = sobol_indices(lambda v: np.ones(len(v["x"])), inputs=ANGLES, samples=64, seed=1)[0]
    assert found.table.isna().all(axis=None)
    assert found.deviation == 0
