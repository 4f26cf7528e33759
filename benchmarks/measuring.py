"""How every benchmark measures and says what it found: medians, peak memory, ratios, targets, the machine."""

from __future__ import annotations

import datetime as dt
import gc
import importlib.metadata
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Result = dict[str, Any]

REPOSITORY = Path(__file__).resolve().parents[1]
DEMO = REPOSITORY / "data" / "demo"
SEED = 20_260_301
"""Every generated table starts from it, so that two runs measure the same work."""
LIBRARIES = (
    *("geopandas", "shapely", "pandas", "numpy", "pyarrow", "pyogrio", "rasterio", "exactextract", "rasterstats"),
    *("streamlit", "folium", "streamlit-folium", "scipy", "highspy"),
)


def timed(work: Callable[[], T], *, repeat: int = 1) -> tuple[float, T]:
    """Run `work` and give the median of its wall-clock seconds, and its last answer.

    Examples
    --------
    >>> seconds, answer = timed(lambda: 6 * 7, repeat=3)
    >>> answer, seconds < 1
    (42, True)
    """
    seconds = []
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), answer


def alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, int | None]:
    """Run a function in a fresh process, and give its answer and the most memory that process held.

    Returns
    -------
    tuple
        The answer, and the peak in megabytes; None where the system does not say.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        answer = pool.submit(work, *args, **kwargs).result()
        return answer, pool.submit(peak_megabytes).result()


def peak_megabytes() -> int | None:
    """Give the most memory this process has held, in megabytes; None where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(kilobytes) / 1024)


def cpu_of(command: Sequence[str]) -> float:
    """Run a command from the project's folder, and give the processor's seconds it took, its children's included."""
    before = os.times()
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)  # noqa: S603 - our own commands
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def comparison(
    what: str, *, ours: float, other: str, theirs: float, unit: str = "s", note: str = "", **more: object
) -> Result:
    """Set ours beside an alternative; below 1, ours is less.

    Examples
    --------
    >>> comparison("points", ours=2.0, other="sjoin", theirs=8.0)["ratio"]
    0.25
    """
    found = {"what": what, "ours": _short(ours), "other": other, "theirs": _short(theirs), "unit": unit}
    return found | {"ratio": _short(ours / theirs)} | ({"note": note} if note else {}) | more


def target(what: str, *, value: float, limit: float, unit: str) -> Result:
    """Hold a figure against its limit (the limits are the project's own, named in the README beside this).

    Examples
    --------
    >>> target("build", value=4.2, limit=10, unit="s")["met"]
    True
    """
    return {"what": what, "value": _short(value), "limit": limit, "unit": unit, "met": value <= limit}


def machine() -> Result:
    """Describe what ran it, without naming it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return {
        "commit": commit(),
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9) or None,
        "busy_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: version for name in LIBRARIES if (version := _version(name))},
    }


def commit() -> str:
    """Name the commit that is measured, with a plus where files differ but the kept figures; "unknown" without git."""
    git = shutil.which("git")
    if git is None:
        return "unknown"

    def said(*words: str) -> str:
        asked = [git, "-C", str(REPOSITORY), *words]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - our own

    other = said("status", "--porcelain", "--", ".", ":!benchmarks/results.json")
    return f"{said('rev-parse', '--short', 'HEAD')}{'+' if other else ''}" if said("rev-parse", "HEAD") else "unknown"


def sentences(result: Result) -> list[str]:
    """Say a result in lines for a terminal.

    Examples
    --------
    >>> found = comparison("30 points", ours=2.0, other="sjoin", theirs=8.0)
    >>> sentences({"comparisons": [found], "targets": [target("build", value=12, limit=10, unit="s")]})
    ['30 points: ours 2 s, sjoin 8 s, ratio 0.25', 'target: build 12 s, at most 10 s: MISSED']
    """
    lines = []
    for one in result.get("comparisons", []):
        line = f"{one['what']}: ours {one['ours']:,g} {one['unit']}, {one['other']} {one['theirs']:,g} {one['unit']}"
        lines.append(f"{line}, ratio {one['ratio']:g}" + (f" ({one['note']})" if "note" in one else ""))
    for one in result.get("targets", []):
        line = f"target: {one['what']} {one['value']:,g} {one['unit']}, at most {one['limit']:,g} {one['unit']}"
        lines.append(f"{line}: {'met' if one['met'] else 'MISSED'}")
    return lines + [str(note) for note in result.get("notes", [])]


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _short(value: float) -> float:
    """Keep three figures: a timing has no more."""
    return float(f"{value:.3g}")
