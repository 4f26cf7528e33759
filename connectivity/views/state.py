"""What the pages share: the build that is shown, the reader's link, and cached readers of both.

The app shows what `build` wrote. When the chosen study has no output yet it calls the same `build` once, with its
progress on the page; that is the only work a page triggers.
"""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from connectivity import scoring
from connectivity.maps import MEASURES, Measure
from connectivity.outputs import MANIFEST, Build, read_build
from connectivity.ranking import severity_rank
from connectivity.statements import Basis
from connectivity.views import links, look
from connectivity.views.links import Link
from layers.errors import LayerError

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo" / "study.toml"
STUDY, BUILD = "NOTSPOT_STUDY", "NOTSPOT_BUILD"
"""Environment: another study file, or a folder that `python -m connectivity build` wrote."""

_log = logging.getLogger(__name__)
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


@dataclass(frozen=True, slots=True)
class View:
    """One look at a study: its build, scored with the reader's weights, and the reader's link.

    Attributes
    ----------
    key
        Names the build and its weights; cached functions are told apart by it.
    areas
        Read-only: it is shared by every reader.
    """

    key: str
    areas: gpd.GeoDataFrame
    manifest: dict[str, Any]
    link: Link

    @property
    def basis(self) -> Basis:
        """What every figure rests on."""
        return Basis.of(self.manifest)

    @property
    def measure(self) -> Measure:
        """What the map shows."""
        return MEASURES[self.link.measure]

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The areas of the chosen council, or all."""
        return in_district(self.areas, district=self.link.district)

    @property
    def absent(self) -> tuple[str, ...]:
        """Dimensions that are not in the study."""
        return tuple(self.manifest.get("dimensions_absent", ()))

    @property
    def where(self) -> str:
        """The chosen council's name, or the study's."""
        return self.districts.get(self.link.district or "", str(self.manifest["study"]))

    @property
    def districts(self) -> dict[str, str]:
        """Names of the study's councils by code, in the order of the alphabet."""
        named = {district["code"]: district["name"] for district in self.manifest["districts"]}
        return dict(sorted(named.items(), key=lambda item: item[1]))

    @property
    def own_weights(self) -> tuple[int, int, int, int]:
        """The study's weights in percent."""
        remote, digital, need, alternative = (
            round(100 * self.manifest["weights"][name]) for name in ("remote", "digital", "need", "alternative")
        )
        return remote, digital, need, alternative


def in_district(areas: gpd.GeoDataFrame, *, district: str | None) -> gpd.GeoDataFrame:
    """Keep the areas of one council; all of them when none is named."""
    return areas if district is None else areas[areas["district_code"] == district]


def base_path() -> str:
    """Give the path the app is served under: “” or for instance “/notspot”."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def address(page: str, **changes: Any) -> str:
    """Give the address of a page that shows what this one shows, with changes."""
    link: Link = st.session_state["link"]
    return link.address(page, base=base_path(), **changes)


def open_page(page: str) -> tuple[View, list[str]]:
    """Open the study for a page and read the reader's link, or say why not and stop.

    Call it once, before the first widget of a full run.

    Parameters
    ----------
    page
        The page's name: on another page than last time, what was chosen there is kept.

    Returns
    -------
    tuple
        The view, and one sentence for each part of the link that was ignored.
    """
    folder, build = _open_build()
    absent = tuple(build.manifest.get("dimensions_absent", ()))
    kept = st.session_state.get("link") if st.session_state.get("page") != page else None
    asked = st.query_params.to_dict()
    link, ignored = links.read_link(asked, areas=build.areas, absent=absent, start=kept)
    st.session_state["page"], st.session_state["folder"] = page, folder
    _keep(link)
    return view(), ignored


def view() -> View:
    """Give the view as it is now; cheap, for the part of a page that runs again by itself."""
    link: Link = st.session_state["link"]
    folder: str = st.session_state["folder"]
    key = f"{folder} {_stamp(folder)}"
    build = _read(folder, _stamp(folder))
    if link.weights is None:
        return View(key, build.areas, build.manifest, link)
    return View(f"{key} {link.weights}", _weighted(key, link.weights, build), build.manifest, link)


def choose(**changes: Any) -> None:
    """Change what the reader looks at, in the page and in its address."""
    _keep(replace(st.session_state["link"], **changes))


def _keep(link: Link) -> None:
    st.session_state["link"] = link
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in links.KEYS}
    wanted = link.query() | others
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _open_build() -> tuple[str, Build]:
    frame = st.empty()
    try:
        folder = _folder(frame)
        build = _read(str(folder), _stamp(str(folder)))
    except LayerError as error:
        first, *rest = str(error).splitlines()
        frame.html(look.note("We could not open this study", first, *rest, kind="error"))
        st.stop()
    except Exception:  # a reader never sees a traceback
        _log.exception("The study could not be opened.")
        words = "Something went wrong that we did not expect. The program’s log says where. Nothing was changed."
        frame.html(look.note("We could not open this study", words, kind="error"))
        st.stop()
    frame.empty()
    return str(folder), build


def _folder(frame: DeltaGenerator) -> Path:
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


def _stamp(folder: str) -> int:
    manifest = Path(folder) / MANIFEST
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@st.cache_resource(show_spinner=False, max_entries=3)
def _read(folder: str, stamp: int) -> Build:  # noqa: ARG001 - a newer build is another entry
    return read_build(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=12)
def _weighted(key: str, weights: tuple[int, int, int, int], _build: Build) -> gpd.GeoDataFrame:  # noqa: ARG001 - cache key
    """Score the areas again with other weights; the four dimensions stay as they were built."""
    chosen = links.check_weights(weights)
    method = {"weights": chosen, "aggregation": _build.manifest["aggregation"]}
    areas = _build.areas.copy()
    scored = areas["status"] == "scored"
    areas["score"] = scoring.score(areas, **method).where(scored)
    areas["severity_rank"] = severity_rank(areas["score"])
    parts = scoring.contributions(areas, **method)
    areas[parts.columns] = parts.where(scored, axis=0)
    return areas
