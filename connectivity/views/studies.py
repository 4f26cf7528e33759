"""The studies that can be shown: finished builds under short ids, and the one that is built when it is first asked for.

An id in a link is looked up here and nowhere else, so a link never names a folder. Builds of one study, release and
settings are one study: the newest stands for them. Where settings differ, the date of each build tells them apart.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import tomllib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity.claims.claim import Basis
from connectivity.claims.grammar import day
from connectivity.manifest import MANIFEST, read_manifest
from connectivity.outputs import AREAS
from connectivity.views import look
from layers.errors import OutputError
from layers.study import study_file

_log = logging.getLogger(__name__)
_FINGERPRINT = re.compile(r"[0-9a-f]{16,}")
ID_LETTERS = 8
SETTINGS = {"geography", "counts_fwa", "counts_mobile", "weights", "aggregation", "need_multiplier"}
"""Keys of a manifest that make another study out of the same files; its councils and indicators do too."""


@dataclass(frozen=True, slots=True)
class StudyEntry:
    """One study that can be shown.

    Attributes
    ----------
    id
        What stands for it in a link: the first letters of its fingerprint.
    folder
        Where its build is; None for one that is built when it is first asked for.
    label
        How the picker names it.
    basis
        What its figures rest on, as far as known without building it.
    settings
        What makes it another study than a build of the same name and release.
    """

    id: str
    folder: Path | None
    label: str
    basis: Basis | None = None
    created: str = ""
    settings: str = ""


def by_short_id(first: Path, *, others: Iterable[Path]) -> dict[str, StudyEntry]:
    """Give builds by their short id.

    Parameters
    ----------
    first
        The build shown when a link names none. It stands first, and for every other build of the same study.
    others
        Folders that may hold a build. What is not a finished build of this version is passed over.

    Returns
    -------
    dict
        The first study first; empty when it cannot be read, so that its fault is told before anything else.
    """
    default = read(first)
    if default is None:
        return {}
    found = sorted(
        (one for folder in others if (one := read(folder)) is not None),
        key=lambda one: (one.created, str(one.folder)),
        reverse=True,
    )
    kept: dict[tuple[str, str], StudyEntry] = {}
    for one in [default, *found]:
        kept.setdefault((one.label, one.settings), one)
    once: dict[str, StudyEntry] = {}
    for one in kept.values():
        once.setdefault(one.id, one)
    labels = [one.label for one in once.values()]
    named = [
        replace(one, label=f"{one.label}, built {built_on(one.created)}") if labels.count(one.label) > 1 else one
        for one in once.values()
    ]
    ordered = sorted(named, key=lambda one: (one.id != default.id, one.label))
    return {one.id: one for one in ordered}


def read(folder: Path) -> StudyEntry | None:
    """Read what is shown of a build; None when the folder holds no finished build of this version."""
    manifest = folder / MANIFEST
    try:
        stamp = manifest.stat().st_mtime_ns
        if not (folder / AREAS).is_file():
            return None
    except OSError:
        return None
    return _read(folder, stamp)


@lru_cache(maxsize=256)
def _read(folder: Path, stamp: int) -> StudyEntry | None:  # noqa: ARG001 - a newer build is another entry
    try:
        manifest = read_manifest(folder)
    except OutputError:
        _log.warning("%s is passed over: its manifest cannot be read.", folder)
        return None
    if not _FINGERPRINT.match(manifest.fingerprint):
        return None
    settings = manifest.model_dump(include=SETTINGS) | {
        "districts": sorted(manifest.district_names),
        "indicators": sorted(one.key for one in manifest.indicators),
    }
    basis = Basis.of(manifest)
    return StudyEntry(
        id=manifest.fingerprint[:ID_LETTERS],
        folder=folder,
        label=f"{basis.release} · {basis.study}",
        basis=basis,
        created=manifest.created,
        settings=json.dumps(settings, sort_keys=True),
    )


def built_on(created: str) -> str:
    """Write the day of a build.

    >>> built_on("2026-03-01T09:00:00Z"), built_on("soon")
    ('1 March 2026', 'on an unknown day')
    """
    said = day(created[:10])
    return said if said != created[:10] else "on an unknown day"


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


def first_build(frame: DeltaGenerator) -> Path:
    """Find the build to show first: the one named, a study's, the newest of a folder of builds, or the example's."""
    if named := os.environ.get(BUILD):
        return Path(named)
    if (parent := os.environ.get(BUILDS)) and not os.environ.get(STUDY) and (newest := _newest(Path(parent))):
        return newest
    return made_build(Path(os.environ.get(STUDY) or DEMO), frame)


def find_all(first: Path) -> dict[str, StudyEntry]:
    """Find every study that can be shown: the first, what was built, what lies beside it, and the embedded default."""
    beside = Path(named).resolve().parent if (named := os.environ.get(BUILD)) else None
    folders = [parent for parent in (PROCESSED, os.environ.get(BUILDS), beside) if parent]
    others = [inside for parent in folders for inside in _inside(Path(parent))]
    found = by_short_id(first, others=others)
    demo = _demo()
    built = [one for one in found.values() if one.basis and one.basis.study == demo]
    for one in built:
        found[one.id] = replace(one, label=f"Example, {one.label}")
    if found and demo and not built:
        found[UNBUILT] = StudyEntry(UNBUILT, None, f"Example · {demo}")
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


def made_build(study: Path, frame: DeltaGenerator) -> Path:
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
