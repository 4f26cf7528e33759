"""The demo built by the command line in a fresh process, from published files to finished folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import DEMO, REPOSITORY, Result, target, timed

LIMIT = 10.0


def run(*, quick: bool) -> Result:
    """Build the demo.

    Parameters
    ----------
    quick
        Once instead of the median of three.
    """
    with tempfile.TemporaryDirectory() as folder:
        seconds, _ = timed(lambda: build(Path(folder) / "out"), repeat=1 if quick else 3)
    return {"comparisons": [], "targets": [target("build of the demo", value=seconds, limit=LIMIT, unit="s")]}


def build(out: Path) -> None:
    """Run the build as a user does."""
    command = [sys.executable, "-m", "connectivity", "build", str(DEMO / "study.toml"), "--out", str(out), "--quiet"]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)  # noqa: S603 - our own
