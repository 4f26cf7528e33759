"""What app.py imports, in a fresh interpreter, beside the libraries that any such app would import."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from functools import partial

from benchmarks.measuring import REPOSITORY, Result, comparison, target, timed

LIBRARIES = "import streamlit, geopandas, folium"
FIRST_PAGE = 5.0
"""Seconds to the first useful page, cold; what is imported is a part of it."""


def run(*, quick: bool) -> Result:
    """Start interpreters: one that does nothing, one with the libraries, one with app.py's imports.

    Parameters
    ----------
    quick
        Once instead of the median of five.
    """
    repeat = 1 if quick else 5
    ours_code = imports_of("app.py", "connectivity/views/where.py")
    start(ours_code)  # compiled and in the disk's cache, as at every start but the first
    codes = ("pass", LIBRARIES, imports_of("app.py"), ours_code)
    rounds = [[timed(partial(start, code))[0] for code in codes] for _ in range(repeat)]  # in turn: all are alike busy
    nothing, libraries, app, page = map(statistics.median, zip(*rounds, strict=True))
    return {
        "comparisons": [
            comparison("imports of app.py", ours=app, other=LIBRARIES, theirs=libraries),
            comparison("imports of app.py and its first page", ours=page, other=LIBRARIES, theirs=libraries),
        ],
        "targets": [target("imports, of the first page's time", value=page, limit=FIRST_PAGE, unit="s")],
        "notes": [f"An interpreter that imports nothing takes {nothing:.2g} s; it is in all the figures."],
    }


def imports_of(*files: str) -> str:
    """Collect the import lines at the top of some files.

    Examples
    --------
    >>> imports_of("app.py").splitlines()[0]
    'import streamlit as st'
    """
    trees = [ast.parse((REPOSITORY / file).read_text(encoding="utf-8")) for file in files]
    nodes = (node for tree in trees for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    lines = [ast.unparse(node) for node in nodes]
    return "\n".join(line for line in lines if "__future__" not in line)


def start(code: str) -> None:
    """Run code in a fresh interpreter, from the project's folder."""
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True)  # noqa: S603 - our own
