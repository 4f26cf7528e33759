"""The two shires with draws: ranges, tiers and a report written down by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from shires import manifest, squares, write_again

from connectivity.outputs import write_outputs

TIERS = ("robust", "likely", "depends", "some", "feasible")
INPUT = {"key": "upload", "label": "the upload speed <b>needed</b>", "low": 1.5, "central": 4, "high": 6.5,
         "law": "triangle", "unit": "Mbit/s", "source": "method §6"}  # fmt: skip
SHARE = {"input": INPUT["label"], "first": 0.8, "first_low": 0.7, "first_high": 0.9, "total": 0.75,
         "total_low": 0.7, "total_high": 0.8}  # fmt: skip


def report(**changes: Any) -> dict[str, Any]:
    made = {
        "draws": 1000,
        "seed": 1,
        "areas": 11,
        "worst_tenth": 2,
        "inputs": [INPUT],
        "weights": {"label": "how much each dimension counts", "law": "Dirichlet(40 × weights)"},
        "drivers": [{"driver": INPUT["label"], "areas": 9}, {"driver": "nothing stands out", "areas": 2}],
        "whole": {
            "alternatives": [{"method": "worst", "label": "the worst one", "spearman": 0.9, "worst_tenth_shared": 0.5}],
            "importance": [{"dimension": "remote", "weight": 0.25, "share_of_variance": 0.6, "correlation_ratio": 1}],
            "correlated": [{"one": "remote", "other": "digital", "r": 0.96}],
            "headlines": {"infeasible": {"inputs": [SHARE]}, "stays_in_worst_tenth": {"inputs": []}},
        },
    }
    return made | changes


def drawn(folder: Path, *, said: dict[str, Any] | None = None, **changes: Any) -> Path:
    """Write the two shires as a build with draws; ranges are three ranks either way."""

    def make(place: Path) -> None:
        areas = squares()
        scored = areas["score"].notna()
        rank = areas["severity_rank"].astype(float)
        areas["rank_median"] = rank.where(scored)
        areas["rank_p05"] = (rank - 3).clip(lower=1).where(scored)
        areas["rank_p95"] = (rank + 3).clip(upper=11).where(scored)
        order = np.minimum((rank.fillna(1) - 1).astype(int), len(TIERS) - 1)
        areas["tier"] = np.where(scored, np.array(TIERS, dtype=object)[order], "insufficient")
        areas["p_worst_tenth_infeasible"] = (0.97 - (rank - 1) / 11).clip(0, 1).where(scored)
        areas["p_worst_tenth"] = areas["p_worst_tenth_infeasible"]
        areas["driver"] = np.where(scored, INPUT["label"], "")
        write_outputs(place, areas=areas, manifest=manifest(areas, **changes))
        (place / "robustness.json").write_text(json.dumps(said or report()), encoding="utf-8")

    return write_again(folder, make, said, changes)
