"""Drawn counts of a modelled build: for every area and draw, how many cannot; the range of any sum comes from them.

What a figure means is not drawn: whether fixed wireless and mobile count, and the upload an activity needs, are the
study's, and stand beside the figure. Drawn is what no one knows: where in the council the slow lines are, what lines
and fixed wireless can do, and the premises whose speed is not known. Areas of one draw belong together, so a council's
published total stays in every draw, and the range of a sum is not the sum of the ranges.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from connectivity.method.records import ESSENTIAL, HOME_WORKER, Profile
from connectivity.robustness.draws import ScoredAreas
from connectivity.robustness.run import Chunks, Model, Plan, results_in_order
from layers.intake.cells import is_one_of

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Packed = npt.NDArray[np.uint16]

FILE = "count-draws.parquet"
DEFINITIONS = ("upload", "fwa", "mobile", "aggregation")
"""Inputs that say what is counted, not how well it is known."""
RANGE = (0.05, 0.95)
"""Between which shares of the draws a range lies (method §2)."""
WHOLE = np.iinfo(np.uint16).max
"""A share of an area's premises is kept in so many steps: under .01 of a premises in an area of 600."""
AT_ONCE = 20_000
"""Rows of areas added up at once: 80 MB of a thousand draws."""
PROFILES: tuple[str, ...] = (HOME_WORKER.key, ESSENTIAL.key)
ACTIVITIES: Mapping[str, Profile] = {HOME_WORKER.key: HOME_WORKER, ESSENTIAL.key: ESSENTIAL}
FEW_DRAWS = 200
"""Draws of counts that no rank rests on: the other way round, with a switch turned, and of a build without ranks (a
modelled figure never stands without its range)."""


@dataclass(frozen=True, slots=True)
class CountDraws:
    """Drawn counts.

    Attributes
    ----------
    premises
        Premises of each area, index ``area_code``.
    shares
        By profile, the share of each area's premises that cannot, in steps of 1 / 65,535; shape (areas, draws).
    """

    premises: pd.Series
    shares: Mapping[str, Packed]

    def sums(self, weights: pd.Series, *, profile: str) -> Doubles:
        """Return how many premises of some areas together cannot, in each draw; shape (draws,).

        Parameters
        ----------
        weights
            Which share of each area counts, 0 to 1, index ``area_code``; areas that were not drawn add nothing.
        profile
            ``remote`` or ``digital``.
        """
        place = self.premises.index.get_indexer(weights.index)
        known = place >= 0
        many = weights.to_numpy(dtype=float)[known] * self.premises.to_numpy()[place[known]] / WHOLE
        chosen = self.shares[profile][place[known]].astype(np.float32)
        return np.asarray(many.astype(np.float32) @ chosen, dtype=float)

    def range_of(self, weights: pd.Series, *, profile: str) -> tuple[float, float]:
        """Return between which counts some areas together lie in nine of ten draws."""
        low, high = np.quantile(self.sums(weights, profile=profile), RANGE)
        return float(low), float(high)

    def ranges(self, parts: pd.DataFrame, *, by: str, profile: str) -> pd.DataFrame:
        """Return between which counts groups of areas lie in nine of ten draws.

        Parameters
        ----------
        parts
            ``area_code``, ``share`` of it that counts, and the group in the column `by`.

        Returns
        -------
        pandas.DataFrame
            Index the groups; ``low, high``.
        """
        ordered = parts[is_one_of(parts["area_code"], self.premises.index)].sort_values(by, kind="stable")
        groups, starts = np.unique(ordered[by].to_numpy(dtype=str), return_index=True)
        found = np.empty((len(groups), 2))
        first = 0
        for rows, starting in some_groups(starts, count=len(ordered)):
            sums = np.add.reduceat(self.of_parts(ordered.iloc[rows], profile=profile), starting, axis=0)
            found[first : first + len(sums)] = np.quantile(sums, RANGE, axis=1).T
            first += len(sums)
        return pd.DataFrame(found, index=pd.Index(groups, name=by), columns=["low", "high"])

    def of_parts(self, parts: pd.DataFrame, *, profile: str) -> Floats:
        """Return how many premises of each part cannot, in each draw; shape (parts, draws).

        Parameters
        ----------
        parts
            ``area_code``, of areas that were drawn, and ``share`` of it that counts.
        """
        place = self.premises.index.get_indexer(pd.Index(parts["area_code"]))
        many = (parts["share"].to_numpy(dtype=float) * self.premises.to_numpy()[place] / WHOLE).astype(np.float32)
        return np.asarray(many[:, None] * self.shares[profile][place], dtype=np.float32)

    def of_areas(self, *, profile: str) -> pd.DataFrame:
        """Return for each area ``low, high`` (the same for it alone) and ``rmse``.

        ``rmse`` is the root of the mean square difference between the draws and their mean, in premises.
        """
        share = self.shares[profile] / WHOLE
        low, high = np.quantile(share, RANGE, axis=1)
        table = pd.DataFrame({"low": low, "high": high, "rmse": share.std(axis=1)}, index=self.premises.index)
        return table.mul(self.premises, axis=0)


def some_groups(starts: npt.NDArray[np.intp], *, count: int) -> Iterator[tuple[slice, npt.NDArray[np.intp]]]:
    """Take rows some whole groups at a time, so that memory stays small.

    Parameters
    ----------
    starts
        Place of each group's first row.
    count
        Of all rows.

    Yields
    ------
    tuple
        The rows, at most `AT_ONCE` unless one group has more, and where in them each group starts.

    Examples
    --------
    >>> [(rows.start, rows.stop, starting.tolist()) for rows, starting in some_groups(np.array([0, 2]), count=3)]
    [(0, 3, [0, 2])]
    """
    ends = np.append(starts, count)[1:]
    first = 0
    while first < len(starts):
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + AT_ONCE, side="right")))
        yield slice(int(starts[first]), int(ends[last - 1])), starts[first:last] - starts[first]
        first = last


def count_draws(evidence: ScoredAreas, *, plan: Plan, activities: Mapping[str, Profile] = ACTIVITIES) -> CountDraws:
    """Draw the counts of all areas of a modelled build, with what is counted held as the study has it.

    Parameters
    ----------
    evidence
        Figures of the areas.
    plan
        Of the build; its seed and number of draws are taken.
    activities
        What is counted, by the key that the counts go by.
    """
    inputs = tuple(one.held() if one.key in DEFINITIONS else one for one in plan.inputs)
    held = replace(plan, inputs=inputs)
    model = Model.of(evidence, inputs=inputs, weights=plan.weights)
    chunks = Chunks.of(held, evidence=evidence)
    found = {key: np.empty((len(evidence), plan.draws), dtype=np.uint16) for key in activities}
    profiles, start = tuple(activities.values()), 0
    for shares in results_in_order(lambda place: model.shares_of(chunks.chunk(place), profiles=profiles), len(chunks)):
        for key, drawn in zip(activities, shares, strict=True):
            found[key][:, start : start + len(drawn)] = np.round(np.clip(drawn, 0, 1) * WHOLE).T
        start += len(shares[0])
    premises = pd.Series(evidence.figures.premises.astype(float), index=evidence.areas.rename("area_code"))
    return CountDraws(premises, found)


def write_count_draws(drawn: CountDraws, *, folder: Path) -> None:
    """Write drawn counts into a folder that is not yet public."""
    columns = {"area_code": pa.array(drawn.premises.index), "premises": pa.array(drawn.premises.to_numpy())}
    for key, shares in drawn.shares.items():
        flat = pa.array(np.ascontiguousarray(shares).ravel())
        columns[key] = pa.FixedSizeListArray.from_arrays(flat, shares.shape[1])
    # hardly a share comes twice, so a dictionary of them would be as long as they are
    pq.write_table(pa.table(columns), folder / FILE, compression="zstd", use_dictionary=False)


def read_count_draws(folder: Path, *, areas: Collection[str] | None = None) -> CountDraws | None:
    """Read drawn counts back, of all areas or of some; None where the build has none, as it is not modelled."""
    if not (folder / FILE).is_file():
        return None
    table = pq.read_table(folder / FILE, filters=None if areas is None else [("area_code", "in", list(areas))])
    premises = pd.Series(table["premises"].to_numpy(), index=pd.Index(table["area_code"].to_pylist(), name="area_code"))
    shares = {}
    for key in PROFILES:
        chunked = table[key].combine_chunks()
        shares[key] = chunked.flatten().to_numpy().reshape(len(premises), -1)
    return CountDraws(premises, shares)
