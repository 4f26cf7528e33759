"""Ofcom's files by output area and by postcode, of national size, summed to small areas: ours beside plain pandas."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from benchmarks import national
from benchmarks.measuring import Result, alone, comparison, timed
from benchmarks.national import National
from layers.ledger import Ledger
from layers.ofcom.fixed import read_output_area_coverage, read_postcode_coverage

Kind = Literal["output_area", "postcode"]
WORDS: dict[Kind, str] = {"output_area": "output areas", "postcode": "postcodes"}
BANDS = ("0_2", "2_5", "5_10", "10_30")
"""The bands whose sums are compared; above 30 Mbit/s ours also splits at 100."""


def run(*, quick: bool) -> Result:
    """Write the files, sum them both ways, and compare seconds, memory and answers.

    Parameters
    ----------
    quick
        A twentieth of the rows, once; else the median of three.
    """
    repeat = 1 if quick else 3
    comparisons = []
    with tempfile.TemporaryDirectory() as folder:
        files, _ = alone(national.write, Path(folder), scale=20 if quick else 1)
        for kind, words in WORDS.items():
            (ours, summed), peak = alone(measure, kind, files=files, plain=False, repeat=repeat)
            (theirs, expected), other_peak = alone(measure, kind, files=files, plain=True, repeat=repeat)
            np.testing.assert_allclose(summed.reindex(expected.index), expected, rtol=1e-9, atol=1e-6)
            rows = len(files.output_areas if kind == "output_area" else files.postcodes)
            memory = f"; peak memory {peak:,} MB beside {other_peak:,} MB" if peak and other_peak else ""
            comparisons.append(
                comparison(
                    f"{rows:,} {words} summed to {len(expected):,} areas",
                    ours=ours,
                    other="pandas read_csv and groupby",
                    theirs=theirs,
                    note=f"same sums{memory}",
                )
            )
    return {
        "comparisons": comparisons,
        "targets": [],
        "notes": ["Ours also checks every row and every published invariant, and hashes the file; pandas checks none."],
    }


def measure(kind: Kind, *, files: National, plain: bool, repeat: int) -> tuple[float, pd.DataFrame]:
    """Time one way, and give premises and the slow bands by small area."""
    ways = {("output_area", False): ours_by_area, ("output_area", True): plain_by_area}
    ways |= {("postcode", False): ours_by_postcode, ("postcode", True): plain_by_postcode}
    way = ways[kind, plain]
    return timed(lambda: way(files), repeat=repeat)


def ours_by_area(files: National) -> pd.DataFrame:
    """Sum by output area as a study does."""
    coverage = read_output_area_coverage(
        files.by_output_area, output_areas=files.output_areas, areas=files.areas, ledger=Ledger()
    )
    return _figures(coverage.table)


def ours_by_postcode(files: National) -> pd.DataFrame:
    """Sum by postcode as a study does."""
    coverage = read_postcode_coverage(
        files.by_postcode, postcodes=files.postcodes, weights=files.weights, areas=files.areas, ledger=Ledger()
    )
    return _figures(coverage.table)


def plain_by_area(files: National) -> pd.DataFrame:
    """Sum by output area as one would in a notebook, reading only the columns that are summed."""
    bands = [f"Number of {name}" for name in national.IN_BANDS]
    table = pd.read_csv(files.by_output_area, usecols=["output_area", "All Premises", *bands])
    area = table["output_area"].map(files.output_areas["area_code"])
    summed = table[["All Premises", *bands]].groupby(area).sum()
    return summed.set_axis(["premises", *national.BANDS], axis=1)[["premises", *national.BANDS[: len(BANDS)]]]


def plain_by_postcode(files: National) -> pd.DataFrame:
    """Sum by postcode as one would in a notebook: shares times premises, only the columns that are summed."""
    bands = [f"% of {name}" for name in national.IN_BANDS]
    table = pd.read_csv(files.by_postcode, usecols=["postcode", *bands]).set_index("postcode")
    premises = files.weights.reindex(table.index)
    counts = table.mul(premises / 100, axis=0).assign(premises=premises)
    summed = counts.groupby(files.postcodes["area_code"].reindex(table.index)).sum()
    return summed[["premises", *bands[: len(BANDS)]]]


def _figures(table: pd.DataFrame) -> pd.DataFrame:
    return table[["premises", *(f"premises_{band}" for band in BANDS)]]
