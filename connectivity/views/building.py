"""Find the build to show; when the chosen study has none yet, call the same `build` once, with progress on the page."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.outputs import MANIFEST
from connectivity.views import look

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo" / "study.toml"
STUDY, BUILD = "NOTSPOT_STUDY", "NOTSPOT_BUILD"
"""Environment: another study file, or a folder that `python -m connectivity build` wrote."""

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
    """Find the build to show, making it first where there is none."""
    if named := os.environ.get(BUILD):
        return Path(named)
    study = Path(os.environ.get(STUDY) or DEMO).resolve()
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
    from connectivity.build import build  # noqa: PLC0415 - heavy, and needed once

    def progress(words: str, share: float) -> None:
        making.words = f"{words} ({share:.0%})"

    build(study, out=folder, progress=progress)


@st.cache_resource(show_spinner=False, max_entries=8)
def _default_output(study: str, changed: int) -> Path:  # noqa: ARG001 - a changed study file is another entry
    from connectivity.build import default_output  # noqa: PLC0415 - heavy, and needed once

    return default_output(Path(study))
