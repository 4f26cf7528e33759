"""What the pages share: the build that is shown, the reader's link, and cached readers of both.

The app shows what `build` wrote. When the chosen study has no output yet it calls the same `build` once, with its
progress on the page; that is the only work a page triggers.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Unpack, cast

import geopandas as gpd
import pandas as pd
import streamlit as st

from connectivity.claims.claim import Basis, Claim, ProfileKey, summed
from connectivity.manifest import MANIFEST, Manifest
from connectivity.maps.base_map import BASE_MAP
from connectivity.maps.sketch import DEGREES, MOST_PLACES
from connectivity.maps.symbology import ALONE_GROUND, CLOUD_WORK, MEASURES, STUDY_GROUND, Measure
from connectivity.method import scoring
from connectivity.method.feasibility import SCORED, has_count
from connectivity.method.ranking import severity_rank
from connectivity.method.records import Dimension
from connectivity.outputs import Build, read_build
from connectivity.places import search
from connectivity.places.gazetteer import GazetteerEntry, read_gazetteer
from connectivity.places.parts import COAST, DISTRICT, Part, Reports, kinds, part_of
from connectivity.places.reports import read_shares
from connectivity.quality.notice import file_name
from connectivity.robustness.count_draws import CountDraws
from connectivity.robustness.pairs import EVIDENCE
from connectivity.robustness.stored_run import StoredRun, read_stored_run
from connectivity.robustness.switched_counts import AS_BUILT, NOTHING_KEPT, WORDS, Choices, Switch, choices_of
from connectivity.views import links, look, studies
from connectivity.views.links import Changes, Link, Spot, check_weights
from connectivity.views.studies import StudyEntry
from layers.errors import LayerError, OutputError

LOOKED_AT = "looked at"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """One look at a study: its build, scored with the reader's weights, and the reader's link.

    Attributes
    ----------
    build
        Names the build, for cached functions.
    folder
        Where it lies.
    areas
        Read-only: it is shared by every reader.
    part
        The part of the study on show, where the link names one that the study has.
    drawn
        Drawn counts of a modelled build, from which sums take their range; None for others.
    routes
        Counts with fixed wireless the other way round; None where the release cannot say.
    switch
        What is counted, where a reader asked for other counts than the study's: `areas` and `drawn` are then of it.
    """

    build: str
    folder: Path
    areas: gpd.GeoDataFrame
    manifest: Manifest
    link: Link
    part: Part | None = None
    drawn: CountDraws | None = None
    routes: pd.DataFrame | None = None
    switch: Switch = AS_BUILT

    @property
    def counting(self) -> str:
        """Names the build and what is counted in it."""
        return self.build if self.switch == AS_BUILT else f"{self.build} {self.switch}"

    @property
    def scoring(self) -> str:
        """Names the build, what is counted and the weights."""
        return f"{self.counting} {self.link.weights}"

    @property
    def turned(self) -> bool:
        """Whether the counts on show are not the study's own."""
        return self.switch.changes(self.profile)

    @property
    def showing(self) -> str:
        """Names everything that a map or table of this view depends on."""
        return f"{self.scoring} {self.place} {self.link.measure}"

    @property
    def place(self) -> str:
        """Names the stretch of ground on show."""
        return self.part.text if self.part else str(self.link.district)

    @property
    def overview(self) -> bool:
        """Whether there are more places than a map can draw, so that councils stand for them."""
        return len(self.shown) > MOST_PLACES

    def row(self, code: str) -> dict[str, Any]:
        """Give one area as a plain dictionary."""
        return cast("dict[str, Any]", self.areas.loc[[code]].iloc[0].to_dict())

    @property
    def basis(self) -> Basis:
        """What every figure rests on."""
        own, switch = Basis.of(self.manifest), self.switch
        if not self.turned:
            return own
        return replace(
            own,
            worker=switch.worker if self.profile == "remote" else "remote",
            counts_fwa=own.counts_fwa if switch.fwa is None else switch.fwa,
            counts_mobile=own.counts_mobile if switch.mobile is None else switch.mobile,
            file=EVIDENCE,
        )

    def file_name(self, name: str) -> str:
        """Name a file that is handed out: marked where it must not be published."""
        return file_name(name, notice=self.basis.notice)

    def council(self, code: str) -> Claim:
        """Give the claim on the whole council that an area lies in."""
        row = self.row(code)
        ours = in_district(self.areas, district=str(row["district_code"]))
        name = str(row["district_name"])
        claim = summed(ours, place=name, profile=self.profile, basis=self.basis, drawn=self.drawn)
        return claim.of_whole_councils() if has_count(ours["status"]).all() else claim

    @property
    def measure(self) -> Measure:
        """What the map shows; councils have counts alone. Cloud work, which many lines fail, has breaks of its own."""
        found = MEASURES[self.profile if self.overview else self.link.measure]
        return replace(found, wider=CLOUD_WORK) if found.percent and self.basis.worker == "business" else found

    @property
    def profile(self) -> ProfileKey:
        """The activity whose counts stand beside the measure on show."""
        return "digital" if self.link.measure == "digital" else "remote"

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The areas of the chosen part or council, or all."""
        if self.part is not None:
            return self.areas[self.areas.index.isin(self.part.codes)]
        return in_district(self.areas, district=self.link.district)

    @property
    def absent(self) -> tuple[Dimension, ...]:
        """Dimensions that are not in the study."""
        return self.manifest.dimensions_absent

    @property
    def where(self) -> str:
        """What is on show: a part, a council, or the study without the date that ends its name: a place has none."""
        if self.part is not None:
            return f"the coastal areas of {self.basis.place}" if self.part.text == COAST else self.part.called
        return self.districts.get(self.link.district or "", self.basis.place)

    @property
    def ground(self) -> str:
        """What lies round the areas on the map: land and sea, or one colour for both where the build has no base."""
        return STUDY_GROUND if (self.folder / BASE_MAP).is_file() else ALONE_GROUND

    @property
    def districts(self) -> dict[str, str]:
        """Names of the study's councils by code, in the order of the alphabet."""
        return dict(sorted(self.manifest.district_names.items(), key=lambda item: item[1]))

    @property
    def own_weights(self) -> tuple[int, int, int, int]:
        """The study's weights in percent."""
        own = self.manifest.weights
        return round(100 * own.remote), round(100 * own.digital), round(100 * own.need), round(100 * own.alternative)


def in_district(areas: gpd.GeoDataFrame, *, district: str | None) -> gpd.GeoDataFrame:
    """Keep the areas of one council; all of them when none is named."""
    return areas if district is None else areas[areas["district_code"] == district]


def base_path() -> str:
    """Give the path the app is served under: “” or for instance “/notspot”."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def address(page: str, **changes: Unpack[Changes]) -> str:
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
    kept: Link | None = st.session_state.get("link") if st.session_state.get("page") != page else None
    asked = (kept.query() if kept else {}) | st.query_params.to_dict()
    if page != "postcode":  # a reader who shares the map does not share where they live
        asked.pop("postcode", None)
    study, folder, build, unknown = _open_build(asked)
    absent = build.manifest.dimensions_absent
    left = st.session_state.pop("left", None)
    if left and left[0] == asked.get("place") and left[0] not in build.areas.index:
        unknown.append(links.left_behind(left[1]))
        del asked["place"]
    link, ignored = links.read_link(
        asked,
        areas=build.areas,
        absent=absent,
        study=study,
        known=list(entries()),
        choices=choices(folder) if asked.keys() & WORDS else NOTHING_KEPT,
    )
    if link.part:
        link, unheld = _narrowed(link, build=build, folder=folder)
        ignored += unheld
    if link.find:
        found = search.answer(
            link.find,
            areas=build.areas,
            reports=reports(folder),
            folder=Path(folder),
            manifest=build.manifest,
            near=looked_at(),
        ).found
        link = replace(link, **(_opened(found, folder, build.areas) if found else links.missed(link.find)))
    st.session_state["page"], st.session_state["folder"] = page, folder
    _keep(link)
    return view(), [*unknown, *ignored]


def view(*, own: bool = False) -> View:
    """Give the view as it is now, or as by the study's own weights; cheap, for a part that runs again by itself."""
    link: Link = replace(st.session_state["link"], weights=None) if own else st.session_state["link"]
    folder: str = st.session_state["folder"]
    key = f"{folder} {_stamp(folder)}"
    build = _read(folder, _stamp(folder))
    areas = build.areas if link.weights is None else _weighted(key, link.weights, build)
    part = part_of(link.part, reports=reports(folder), areas=build.areas) if link.part else None
    return View(key, Path(folder), areas, build.manifest, link, part, build.drawn, build.routes)


def choices(folder: str) -> Choices:
    """Say what a reader may turn of the counts of the build in `folder`."""
    run = stored_run(folder)
    return NOTHING_KEPT if run is None else choices_of(run)


def stored_run(folder: str) -> StoredRun | None:
    """Give what the draws of the build in `folder` are made from; None where it did not keep that."""
    return _stored_run(folder, _stamp(folder))


def reports(folder: str) -> Reports:
    """Give which part of each area lies where, by each boundary the build in `folder` was reported by."""
    return _reports(folder, _stamp(folder))


def gazetteer_entries(view: View) -> list[GazetteerEntry]:
    """Give what the view's build knows names of; none of a build from before there were any."""
    return _gazetteer_entries(str(view.folder), _stamp(str(view.folder)))


def near(view: View, *, told: object = None) -> Spot | None:
    """Give latitude and longitude of what a reader looks at: what the map told, else the middle of what is chosen.

    None while the whole study is on show: then no place is nearer than another.

    Parameters
    ----------
    told
        What came from the browser, whatever it is.
    """
    if spot := links.spot(told):
        return spot
    if not (view.link.place or view.link.district or view.part):
        return None
    here = view.areas.loc[[view.link.place]] if view.link.place else view.shown
    west, south, east, north = here.geometry.to_crs(DEGREES).total_bounds.tolist()
    return (south + north) / 2, (west + east) / 2


def looked_at() -> Spot | None:
    """Give what a reader looked at when they searched; of a link that was opened, where it says the map stands."""
    kept: Spot | None = st.session_state.get(LOOKED_AT)
    return kept or links.spot(str(st.query_params.get("at", "")).split(","))


def look_from(spot: Spot | None) -> None:
    """Remember what a reader looked at when they searched: of names as like what was typed, the nearer comes first."""
    st.session_state[LOOKED_AT] = spot


def opening_of(one: search.Named) -> Changes:
    """Return what opens a place that was found; what is one whole small area, as a ward may be, is that area."""
    folder: str = st.session_state["folder"]
    return _opened(one, folder, _read(folder, _stamp(folder)).areas)


def _opened(one: search.Named, folder: str, areas: pd.DataFrame) -> Changes:
    part = part_of(one.part, reports=reports(folder), areas=areas) if one.part else None
    if part is not None and part.cut == 0 and len(part.codes) == 1:
        return links.opening(search.Named(search.AREA, str(next(iter(part.codes))), one.name))
    return links.opening(one)


def _narrowed(link: Link, *, build: Build, folder: str) -> tuple[Link, list[str]]:
    """Hold a link's part against the study: what the study does not have is named; a place outside the part wins."""
    held = reports(folder)
    text = str(link.part)
    part = part_of(text, reports=held, areas=build.areas)
    if part is not None:
        outside = link.place is not None and link.place not in part.codes
        return (replace(link, part=None) if outside else replace(link, district=None)), []
    if text in {kind.key for kind in kinds(held, areas=build.areas)} - {DISTRICT}:
        return link, []
    return replace(link, part=None), [links.no_part(text)]


def elsewhere(view: View, code: str) -> list[Claim]:
    """Give what the other studies at hand claim of a small area with the same code, for the activity on show."""
    found = []
    for entry in entries().values():
        if entry.folder is None or entry.folder == view.folder:
            continue
        try:
            build = _read(str(entry.folder), _stamp(str(entry.folder)))
        except OutputError:
            _log.warning("%s is passed over: it cannot be read.", entry.folder)
            continue
        if code in build.areas.index and build.areas.loc[code, "status"] == SCORED:
            row = build.areas.loc[[code]].reset_index().iloc[0].to_dict()
            found.append(Claim.of_row(row, profile=view.profile, basis=Basis.of(build.manifest)))
    return found


def choose(**changes: Unpack[Changes]) -> None:
    """Change what the reader looks at, in the page and in its address."""
    _keep(replace(st.session_state["link"], **changes))


def choose_study(study: str | None) -> None:
    """Open another study; what it does not have of the reader's link is dropped, and said, when it is read."""
    link: Link = st.session_state["link"]
    if link.place:
        st.session_state["left"] = (link.place, view().row(link.place)["area_name"])
    choose(study=study, find=None, other=None)


def _keep(link: Link) -> None:
    st.session_state["link"] = link
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in links.KEYS}
    wanted = link.query() | others
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def entries() -> dict[str, StudyEntry]:
    """Give the studies that can be shown, by id; the one shown first stands first."""
    found: dict[str, StudyEntry] = st.session_state["studies"]
    return found


def _open_build(asked: Mapping[str, str]) -> tuple[str | None, str, Build, list[str]]:
    frame = st.empty()
    try:
        first = studies.first_build(frame)
        found = st.session_state["studies"] = studies.find_all(first)
        study, unknown = links.study_in_link(asked, known=list(found), shown=[one.label for one in found.values()])
        folder = found[study].folder if study else first
        if folder is None:  # the embedded default, asked for before it was ever built
            folder = studies.made_build(studies.DEMO, frame)
            found = st.session_state["studies"] = studies.find_all(first)
            study = next(one.id for one in found.values() if one.folder == folder)
        build = _read(str(folder), _stamp(str(folder)))
    except LayerError as error:
        said, *rest = str(error).splitlines()
        frame.html(look.note("We could not open this study", said, *rest, kind="error"))
        st.stop()
    except Exception:  # noqa: BLE001 - a reader never sees a traceback; the log has it
        _log.exception("The study could not be opened.")
        words = "Something went wrong that we did not expect. The program’s log says where. Nothing was changed."
        frame.html(look.note("We could not open this study", words, kind="error"))
        st.stop()
    frame.empty()
    return study, str(folder), build, unknown


def _stamp(folder: str) -> int:
    manifest = Path(folder) / MANIFEST
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@st.cache_resource(show_spinner=False, max_entries=6)
def _read(folder: str, stamp: int) -> Build:  # noqa: ARG001 - a newer build is another entry
    return read_build(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=6)
def _stored_run(folder: str, stamp: int) -> StoredRun | None:  # noqa: ARG001 - a newer build is another entry
    try:
        return read_stored_run(Path(folder))
    except OutputError:
        _log.info("%s keeps no evidence: its counts cannot be made again.", folder)
        return None


@st.cache_resource(show_spinner=False, max_entries=6)
def _reports(folder: str, stamp: int) -> Reports:  # noqa: ARG001 - a newer build is another entry
    return read_shares(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=6)
def _gazetteer_entries(folder: str, stamp: int) -> list[GazetteerEntry]:  # noqa: ARG001 - a newer build is another entry
    return read_gazetteer(Path(folder)) or []


@st.cache_resource(show_spinner=False, max_entries=12)
def _weighted(key: str, weights: tuple[int, int, int, int], _build: Build) -> gpd.GeoDataFrame:  # noqa: ARG001 - cache key
    """Score the areas again with other weights; the four dimensions stay as they were built."""
    chosen = check_weights(weights)
    absent, aggregation = _build.manifest.dimensions_absent, _build.manifest.aggregation
    areas = _build.areas.copy()
    scored = has_count(areas["status"])
    areas["score"] = scoring.score(areas, weights=chosen, aggregation=aggregation, absent=absent).where(scored)
    areas["severity_rank"] = severity_rank(areas["score"].where(areas["status"].eq(SCORED)))
    parts = scoring.contributions(areas, weights=chosen, aggregation=aggregation, absent=absent)
    areas[parts.columns] = parts.where(scored, axis=0)
    return areas
