"""The index's own functions give the ranks that the OECD/JRC Handbook prints for its worked example."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.handbook import (
    COLUMNS,
    FOUR,
    GEOMETRIC_RANKS,
    RANKS,
    WEIGHTS,
    countries,
    geometric_mean,
    geometric_ranks,
    linear_ranks,
    section,
)


@pytest.mark.parametrize("name", ["equal", "budget allocation"])
def test_the_weighted_mean_ranks_all_23_countries_as_printed(name):
    assert linear_ranks(name).tolist() == list(RANKS[name])


@pytest.mark.parametrize(("name", "same"), [("factor analysis", 19), ("analytic hierarchy", 20)])
def test_weights_printed_with_two_digits_give_nearly_all_ranks(name, same):
    off = np.abs(linear_ranks(name).to_numpy() - np.array(RANKS[name]))
    assert (off == 0).sum() == same
    assert off.max() <= 2


def test_the_geometric_mean_ranks_all_23_countries_as_printed():
    assert geometric_ranks().tolist() == list(GEOMETRIC_RANKS)


@pytest.mark.parametrize(("values", "printed"), FOUR.items())
def test_the_four_small_means_are_those_printed(values, printed):
    digits = len(printed.partition(".")[2])
    assert int(geometric_mean(values) * 10**digits + 1e-9) == int(printed.replace(".", ""))


def test_the_table_is_whole():
    table = countries()
    assert table.shape == (23, 8)
    assert tuple(table.columns) == COLUMNS
    assert table.notna().all(axis=None)
    assert all(len(weights) == 8 for weights in WEIGHTS.values())
    assert all(sorted(ranks) == list(range(1, 24)) for ranks in [*RANKS.values(), GEOMETRIC_RANKS])


def test_the_document_says_what_was_the_same():
    text = section()
    assert "| weighted mean, equal weights | tables 22 and 23, p. 100 | 23 of 23 | 0 |" in text
    assert "| geometric mean, equal weights | table 38, p. 116 | 23 of 23 | 0 |" in text
