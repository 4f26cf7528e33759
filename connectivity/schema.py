"""The columns of a ranking, beside the version of all that a build writes, which readers ask for."""

from __future__ import annotations

SCHEMA_VERSION = 5
"""Raised whenever what a build writes changes its names or meaning, or gains a file that readers ask for; a test holds
the names to those of ``tests/golden/outputs.txt``."""

RANKING_COLUMNS = (
    *("severity_rank", "scale_rank", "area_code", "area_name", "district_code", "district_name", "status"),
    *("premises", "premises_unknown"),
    *("remote_infeasible_low", "remote_infeasible", "remote_infeasible_high"),
    *("digital_infeasible_low", "digital_infeasible", "digital_infeasible_high"),
    *("score", "score_remote", "score_digital", "score_need", "score_alternative"),
)
"""Of the ranking, in its order; `areas.parquet` begins with them."""
TWO_DECIMALS = tuple(c for c in RANKING_COLUMNS if "infeasible" in c or c.startswith("score"))
COUNTS = ("severity_rank", "scale_rank", "premises", "premises_unknown")
