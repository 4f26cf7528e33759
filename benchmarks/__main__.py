"""Run the benchmarks, print ours beside the alternative, and keep the figures: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from benchmarks.measuring import Result, machine, sentences, timed

NAMES = (
    "points",
    "aggregation",
    "zonal",
    "ranking",
    "payload",
    "browsing",
    "imports",
    "building",
    "england",
    "robustness",
    "packs",
    "choice",
)
"""Each is a module beside this one with ``run(*, quick) -> dict``."""
RESULTS = Path(__file__).with_name("results.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen benchmarks one after the other; keep what each found as soon as it is done.

    Returns
    -------
    int
        0 when every target is met, 1 when one is missed, 2 when a benchmark failed.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which to run, of {', '.join(NAMES)}; all if none")
    parser.add_argument("--quick", action="store_true", help="small sizes; kept only where --out says")
    parser.add_argument("--out", type=Path, help=f"where the figures are kept (full sizes: {RESULTS.name} beside this)")
    chosen = parser.parse_args(arguments)
    if unknown := sorted(set(chosen.names) - set(NAMES)):
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(NAMES)}")
    logging.disable(logging.WARNING)  # Streamlit remarks that it runs without a browser
    out = chosen.out or (None if chosen.quick else RESULTS)
    worst = 0
    for name in chosen.names or NAMES:
        print(f"\n{name}", flush=True)
        try:
            result = measured(name, quick=chosen.quick)
        except Exception as error:  # noqa: BLE001 - the others still run
            print(f"  failed: {type(error).__name__}: {error}", flush=True)
            worst = 2
            continue
        print(*(f"  {line}" for line in sentences(result)), sep="\n", flush=True)
        if out is not None:
            keep(name, result, out=out)
        if not all(one["met"] for one in result["targets"]):
            worst = max(worst, 1)
    return worst


def measured(name: str, *, quick: bool) -> Result:
    """Run one benchmark, and add the machine, the size and the time it took in all."""
    before = machine()
    run = importlib.import_module(f"benchmarks.{name}").run
    sized = {"quick": quick} if "quick" in inspect.signature(run).parameters else {}
    seconds, result = timed(lambda: run(**sized))
    return {"quick": quick, "machine": before, "took_s": round(seconds, 1), **result}


def read(path: Path) -> dict[str, Result]:
    """Read the figures kept so far."""
    return cast("dict[str, Result]", json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def keep(name: str, result: Result, *, out: Path) -> None:
    """Put one benchmark's figures beside the others', in the order of `NAMES`."""
    kept = read(out) | {name: result}
    ordered = {known: kept[known] for known in NAMES if known in kept}
    out.write_text(json.dumps(ordered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
