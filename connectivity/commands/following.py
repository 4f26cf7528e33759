"""What comes after a build: the commands that show it and ask it, with a postcode it holds."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from connectivity.postcode.files import BEYOND, POSTCODES
from connectivity.postcode.forms import spaced
from layers.errors import visible
from layers.invocation import command, start_app


def next_steps(build: Path) -> list[str]:
    """Give the lines that say how to show a build and how to ask it for a postcode.

    Parameters
    ----------
    build
        The folder of a finished build, as it was given.
    """
    lines = ["Show it:", *(f"  {line}" for line in start_app(NOTSPOT_BUILD=build).splitlines())]
    if postcode := _a_postcode(build):
        lines += ["Ask it:", f"  {command('postcode', *postcode.split(), '--build', build)}"]
    return [visible(line) for line in lines]


def _a_postcode(build: Path) -> str | None:
    """Find the first postcode in use that a build can be asked for; None when it holds none."""
    if not (build / POSTCODES).exists() or not (build / BEYOND).exists():
        return None
    for batch in pq.ParquetFile(build / POSTCODES).iter_batches(columns=["postcode", "live"]):
        for row in batch.to_pylist():
            if row["live"]:
                return spaced(str(row["postcode"]))
    return None
