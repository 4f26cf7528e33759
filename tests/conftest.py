from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))  # hand.py and worlds.py are shared by the tests

# A property is about answers, not about time: a busy machine must not fail it.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


METHODS_BAR = 0.7
"""From which spread of what the model knows a council's areas can be told apart (method §2)."""
PATIENCE = 300.0
"""Seconds to wait for the build another worker is making (assumption: alone it takes six)."""


def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are cores: one that drives a browser waits for it half of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the files of long tests, so that no worker is left with one of them when the others have done.

    Of any three files two drive a browser, while there are such: a worker that computes takes the time they wait.
    """
    long = {item.path for item in items if item.get_closest_marker("slow")}
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    paths = sorted(dict.fromkeys(item.path for item in items), key=lambda path: path not in long)
    driving, computing = (list(filter(wanted, paths)) for wanted in (browser.__contains__, lambda p: p not in browser))
    turn = {path: place * 3 // 2 for place, path in enumerate(driving)}
    turn |= {path: place * 3 + 2 for place, path in enumerate(computing)}
    items.sort(key=lambda item: turn[item.path])


def pytest_collection_finish() -> None:
    """Take what is loaded by now out of Python's search for waste: Streamlit searches all after each run of a page."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Give a function that builds a study once for all workers; who wants to change the build takes a copy."""
    from connectivity.build import DRAWS, build
    from layers.study import Study

    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # a worker's own folder is in the run's

    def built(study: Path | Study, *, name: str | None = None, data: Path | None = None, draws: int = DRAWS) -> Path:
        called = name or (study if isinstance(study, Path) else study.path).stem
        out, claim = base / f"built-{called}", base / f"built-{called}.claimed"
        until = time.monotonic() + PATIENCE
        while not out.exists():  # it comes whole, by a change of name
            try:
                claim.mkdir()  # one worker alone succeeds
            except FileExistsError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
                continue
            try:
                with pytest.MonkeyPatch.context() as patch:
                    by_the_rule(patch)
                    build(study, out=out, data=data, draws=draws)
            except BaseException:
                claim.rmdir()  # another worker tries, and says what is wrong, too
                raise
        return out

    return built


@pytest.fixture(scope="session")
def demo_build(built_once: Callable[..., Path]) -> Path:
    """Build the embedded default."""
    return built_once(REPOSITORY / "data" / "demo" / "study.toml")


@pytest.fixture(scope="session")
def real_build(built_once: Callable[..., Path], real_data: Path) -> Callable[[str], Path]:
    """Give a function that builds one of the studies of real files, by its name."""
    return lambda name: built_once(REPOSITORY / "data" / "studies" / f"{name}.toml", data=real_data)


@pytest.fixture(scope="session")
def real_build_by_ward(built_once: Callable[..., Path], real_data: Path) -> Callable[[str], Path]:
    """Give a function that builds one of the studies of real files with the real ward outlines to report by.

    Without draws of ranks and, where it has a switch for that, without fixed wireless.
    """
    from layers.study import Layer, read_study, revised

    councils = ("E06000044", "E06000045", "E06000046", "E06000058", "E06000059", "E10000014")
    files = [f"boundaries/wards25/{code}.geojson" for code in councils]
    wards = Layer(kind="reporting", name="ward", file=files, release="May 2025")

    def built(name: str) -> Path:
        study = revised(
            read_study(REPOSITORY / "data" / "studies" / f"{name}.toml", data=real_data), switches={"fwa": False}
        )
        layers = [*(layer for layer in study.layers if layer.kind not in {"wards", "reporting"}), wards]
        return built_once(study.model_copy(update={"layers": layers}), name=f"{name}-by-ward", draws=0)

    return built


@pytest.fixture(scope="module", autouse=True)
def small_worlds_are_told_apart() -> Iterator[None]:
    """Let the areas of worlds made by hand be ranked: six squares cannot differ as the areas of a real council do."""
    from layers import estimate

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimate, "SEPARABLE_FROM", replace(estimate.SEPARABLE_FROM, value=0.0))
        yield


@pytest.fixture
def real_councils_are_told_apart_by_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a build of real councils go by the method's own rule."""
    by_the_rule(monkeypatch)


@pytest.fixture(autouse=True)
def _real_ones_by_the_rule(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("real") is not None:
        by_the_rule(monkeypatch)


def by_the_rule(patch: pytest.MonkeyPatch) -> None:
    """Set the method's own bar, which worlds made by hand do not reach."""
    from layers import estimate

    patch.setattr(estimate, "SEPARABLE_FROM", replace(estimate.SEPARABLE_FROM, value=METHODS_BAR))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Find the folder of real published files, or skip."""
    folder = Path(os.environ.get("NOTSPOT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip(f"no real published files at {folder}; set NOTSPOT_REAL_DATA to their folder")
    return folder
