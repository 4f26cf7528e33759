"""What a build keeps so that a page can draw again for two places: the counts and facts of each area, as they were."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from connectivity.method.records import INDICATORS, Indicator
from connectivity.robustness.draws import ScoredAreas, inputs_of, scored_areas
from connectivity.robustness.pairs import EVIDENCE, PlaceComparison, compare_places
from connectivity.robustness.run import Plan
from layers.coverage import Band, Coverage, Disaggregation
from layers.errors import OutputError, command_line

REPORT = "robustness.json"
ABLE, KEY, FACT, TOLD = "able ", "key ", "fact ", "told "
"""How columns begin that are not the coverage table's own."""
DECIMALS = 6
"""Of a council's totals: under the noise of adding up, over any premises."""


@dataclass(frozen=True)
class StoredRun:
    """Everything the draws of a build are made from.

    Attributes
    ----------
    coverage
        With councils whole where they are modelled.
    facts
        The indicators' raw columns.
    scored
        Codes of the areas that are ranked.
    indicators
        The declared ones.
    weights
        The four chosen, normalised over the dimensions in the study.
    count_fwa, aggregation
        The study's choices; aggregation by its place.
    draws, seed
        Of the build.
    told
        What else each area is told by, so that a build can be made again from what it keeps: names, council, lenses,
        residents (:func:`connectivity.assessment.told_columns`); also of areas without coverage.
    """

    coverage: Coverage
    facts: pd.DataFrame
    scored: pd.Index
    indicators: tuple[Indicator, ...]
    weights: tuple[float, ...]
    count_fwa: bool
    aggregation: int
    draws: int
    seed: int
    told: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def plan(self) -> Plan:
        """What was drawn."""
        inputs = inputs_of(
            self.coverage,
            indicators=self.indicators,
            count_fwa=self.count_fwa,
            aggregation=self.aggregation,
            areas=self.scored,
        )
        return Plan(inputs, self.weights, draws=self.draws, seed=self.seed)

    def evidence(self, areas: Sequence[str] | None = None) -> ScoredAreas:
        """Take the figures of some scored areas, or of all."""
        return self._whole if areas is None else self._of(pd.Index(list(areas)))

    @cached_property
    def _whole(self) -> ScoredAreas:
        return self._of(self.scored)

    def _of(self, areas: pd.Index) -> ScoredAreas:
        return scored_areas(self.coverage, joined=self.facts, scored=areas, indicators=self.indicators)

    def compare(self, first: str, second: str) -> PlaceComparison:
        """Compare two scored areas, on the draws of the build."""
        return compare_places(self.evidence([first, second]), plan=self.plan, first=first, second=second)


def write_stored_run(kept: StoredRun, *, folder: Path) -> dict[str, Any]:
    """Write the evidence into a folder that is not yet public; give what belongs beside it in the report."""
    coverage = kept.coverage
    table = coverage.table.assign(scored=coverage.table.index.isin(kept.scored))
    parts = [table]
    if coverage.able is not None:
        parts.append(coverage.able.add_prefix(ABLE))
    if coverage.disaggregation is not None:
        parts.append(coverage.disaggregation.areas.add_prefix(KEY))
    every = table.index.union(kept.told.index)  # an area without coverage has no row in its table
    parts += [kept.facts.reindex(every).add_prefix(FACT), kept.told.reindex(every).add_prefix(TOLD)]
    found = pd.concat([part.reindex(every) for part in parts], axis=1).fillna({"scored": False})
    found.astype({"scored": bool}).rename_axis("area_code").reset_index().to_parquet(folder / EVIDENCE, index=False)
    return {
        "bands": [[band.low, None if math.isinf(band.high) else band.high] for band in coverage.bands],
        "release": coverage.release,
        "unit": coverage.unit,
        "basis": coverage.basis,
        "modelled": coverage.modelled,
        "indicators": [one.key for one in kept.indicators],
        "weights": list(kept.weights),
        "count_fwa": kept.count_fwa,
        "aggregation": kept.aggregation,
        "draws": kept.draws,
        "seed": kept.seed,
        "totals": totals_of(coverage, districts=kept.told["district_code"]) if len(kept.told) else {},
    }


def totals_of(coverage: Coverage, *, districts: pd.Series) -> dict[str, dict[str, float]]:
    """Add up each council's areas: in a modelled build they make what was published for it, to the last premises.

    Columns that are not known for all of a council's areas are left out.

    Parameters
    ----------
    coverage
        Premises in bands.
    districts
        Each area's council.
    """
    columns = [*("premises", "matched", "unknown", "below_decent", "fwa"), *coverage.columns]
    sums = coverage.table[columns].groupby(districts.reindex(coverage.table.index)).sum(min_count=1, skipna=False)
    return {
        str(code): {str(name): round(float(value), DECIMALS) for name, value in row.items() if not math.isnan(value)}
        for code, row in sums.iterrows()
    }


def read_stored_run(folder: Path) -> StoredRun:
    """Read back what a build's draws are made from.

    Raises
    ------
    OutputError
        When the build has none (it was made with ``--draws 0``, or by an older version), or it cannot be read.
    """
    try:
        said = json.loads((folder / REPORT).read_bytes())["evidence"]
        table = pd.read_parquet(folder / EVIDENCE).set_index("area_code")
        return _kept(said, table)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            "This build says nothing of how sure its ranking is.",
            file=folder / REPORT,
            expected=f"{REPORT} and {EVIDENCE}, as a build that tries its assumptions writes them",
            found=type(error).__name__,
            next_step=f"run: {command_line('build', 'STUDY.toml', '--out', folder, '--draws', 1000)}",
        ) from error


def _kept(said: dict[str, Any], table: pd.DataFrame) -> StoredRun:
    own = table[[name for name in table if not str(name).startswith((ABLE, KEY, FACT, TOLD)) and name != "scored"]]
    own = own.dropna(subset=["matched"])
    able, keys, facts, told = (_prefixed(table, prefix) for prefix in (ABLE, KEY, FACT, TOLD))
    modelled = None
    if said["modelled"]:
        ours = keys.dropna(subset=["district_code"])
        modelled = Disaggregation(ours.astype({"rural": bool, "separable": bool}))
    return StoredRun(
        Coverage(
            own,
            tuple(Band(low, math.inf if high is None else high) for low, high in said["bands"]),
            said["release"],
            unit=said["unit"],
            basis=said["basis"],
            modelled=modelled is not None,
            able=able.loc[own.index] if len(able.columns) else None,
            disaggregation=modelled,
        ),
        facts,
        table.index[table["scored"].astype(bool)],
        tuple(INDICATORS[key] for key in said["indicators"]),
        tuple(said["weights"]),
        said["count_fwa"],
        said["aggregation"],
        said["draws"],
        said["seed"],
        told,
    )


def _prefixed(table: pd.DataFrame, prefix: str) -> pd.DataFrame:
    found = [str(name) for name in table if str(name).startswith(prefix)]
    return table[found].rename(columns=lambda name: str(name).removeprefix(prefix))
