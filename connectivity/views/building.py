"""Find the build to show; when the chosen study has none yet, call the same `build` once, with progress on the page."""

from __future__ import annotations

import os
import threading
import tomllib
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.manifest import MANIFEST
from connectivity.views import look
from connectivity.views.shelf import Shelved, read, shelve
from layers.study import study_file

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo" / "study.toml"
PROCESSED = ROOT / "data" / "processed"
STUDY, BUILD, BUILDS = "NOTSPOT_STUDY", "NOTSPOT_BUILD", "NOTSPOT_BUILDS"
"""Environment: another study file; a folder that `python -m connectivity build` wrote; a folder of such folders."""
UNBUILT = "demo"
"""The id of the embedded default while it has no build."""

_lock = threading.Lock()
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="build")
PROGRESS_EVERY = 0.15
"""Seconds between two looks at a build's progress."""


@dataclass(slots=True)
class _Making:
    """A build under way, shared by every reader who waits for it."""

    words: str = "Reading the published files…"
    done: Future[None] = field(default_factory=Future)


_making: dict[Path, _Making] = {}


def find(frame: DeltaGenerator) -> Path:
    """Find the build to show first: the one named, a study's, the newest of a folder of builds, or the example's."""
    if named := os.environ.get(BUILD):
        return Path(named)
    if (parent := os.environ.get(BUILDS)) and not os.environ.get(STUDY) and (newest := _newest(Path(parent))):
        return newest
    return made(Path(os.environ.get(STUDY) or DEMO), frame)


def shelf(first: Path) -> dict[str, Shelved]:
    """Find every study that can be shown: the first, what was built, what lies beside it, and the embedded default."""
    beside = Path(named).resolve().parent if (named := os.environ.get(BUILD)) else None
    folders = [parent for parent in (PROCESSED, os.environ.get(BUILDS), beside) if parent]
    others = [inside for parent in folders for inside in _inside(Path(parent))]
    found = shelve(first, others=others)
    demo = _demo()
    built = [one for one in found.values() if one.basis and one.basis.study == demo]
    for one in built:
        found[one.id] = replace(one, label=f"Example, {one.label}")
    if found and demo and not built:
        found[UNBUILT] = Shelved(UNBUILT, None, f"Example · {demo}")
    return found


def _newest(folder: Path) -> Path | None:
    """Find the newest finished build in a folder that is not of the embedded example; None when there is none."""
    builds = [one for inside in _inside(folder) if (one := read(inside)) and one.basis and one.basis.study != _demo()]
    return max(builds, key=lambda one: one.created).folder if builds else None


def _inside(folder: Path) -> list[Path]:
    """List the folders in a folder, without those being written or put aside."""
    try:
        return sorted(inside for inside in folder.iterdir() if inside.is_dir() and not inside.name.startswith("."))
    except OSError:
        return []


def _demo() -> str | None:
    """Give the name of the embedded example; None where it was taken away."""
    return _demo_name(DEMO.stat().st_mtime_ns) if DEMO.exists() else None


@st.cache_resource(show_spinner=False, max_entries=2)
def _demo_name(changed: int) -> str:  # noqa: ARG001 - a changed study file is another entry
    return str(tomllib.loads(DEMO.read_text(encoding="utf-8"))["name"])


def made(study: Path, frame: DeltaGenerator) -> Path:
    """Give the folder of a study's build, making it first where there is none."""
    study = study_file(study.resolve())
    folder = _default_output(str(study), study.stat().st_mtime_ns if study.exists() else 0)
    if not (folder / MANIFEST).exists():
        _wait_for_build(study, folder, frame)
    return folder


def _wait_for_build(study: Path, folder: Path, frame: DeltaGenerator) -> None:
    """Build in a thread of its own: two readers wait for the same one, and a page that runs again does not stop it."""
    with _lock:
        making = _making.get(folder)
        if making is None:
            making = _making[folder] = _Making()
            making.done = _worker.submit(_build, study, folder, making)
    try:
        while not making.done.done():
            frame.html(look.waiting(making.words))
            wait([making.done], timeout=PROGRESS_EVERY)
        making.done.result()
    finally:
        if making.done.done():
            with _lock:
                _making.pop(folder, None)


def _build(study: Path, folder: Path, making: _Making) -> None:
    from connectivity.build import build  # noqa: PLC0415 - needed once

    def progress(words: str, share: float) -> None:
        making.words = f"{words} ({share:.0%})"

    build(study, out=folder, progress=progress)


@st.cache_resource(show_spinner=False, max_entries=8)
def _default_output(study: str, changed: int) -> Path:  # noqa: ARG001 - a changed study file is another entry
    from connectivity.fingerprints import default_output  # noqa: PLC0415 - needed once

    return default_output(Path(study))
