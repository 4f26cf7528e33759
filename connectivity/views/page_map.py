"""The map as it stands on the page: one component that keeps it, a small one that says what it shows, and a click."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
import streamlit as st

from connectivity.claims import about_certainty, about_places, about_switches
from connectivity.claims.about_certainty import READINGS
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.claims.grammar import capital
from connectivity.maps import dots, plate, symbology
from connectivity.maps.base_map import BASE_MAP
from connectivity.maps.own_marks import COLOUR, OwnMarks
from connectivity.maps.sketch import DEGREES, MOST_PLACES, outlines_text, read_outlines
from connectivity.maps.symbology import TIER_CLASSES, UNKNOWN, Legend
from connectivity.method.feasibility import NOT_TOLD_APART, SCORED
from connectivity.outputs import DENSITY
from connectivity.places.parts import COAST
from connectivity.places.reports import percent_infeasible
from connectivity.published_sources import licences
from connectivity.views import areatable, assets, certainty, look, reasons
from connectivity.views.state import View, base_path
from layers.errors import OutputError

KEY = "map"
DOT_LEGEND = tuple((px, size.label) for px, size in zip((4, 7, 11), dots.SIZES, strict=True))
"""How the legend draws each size of dot, in pixels (assumption: in the proportions of the map)."""
Corner = tuple[float, float]
Sent = dict[str, Any]

_html, _css, _js = plate.component_parts(assets.leaflet_stylesheet())
_plate = st.components.v2.component("notspot_plate", html=_html, css=_css + look.symbols(), js=_js)
_say = st.components.v2.component("notspot_plate_say", html="", js=plate.say_script())


@dataclass(frozen=True, slots=True)
class Painting:
    """Another way to paint the areas on show than by the view's measure.

    Its name (for what is kept of it), its legend, and by area code the class and the sentence of each area.
    """

    name: str
    legend: Legend
    kinds: pd.Series
    says: pd.Series


def draw(
    view: View,
    *,
    picked: Callable[[str], None],
    tiles: bool = False,
    people: bool = False,
    own: OwnMarks | None = None,
    near: list[list[float]] | None = None,
    painting: Painting | None = None,
    wheel: bool = False,
    remembers: bool = False,
) -> None:
    """Draw the map with its legend; call `picked` with the code of a place that is clicked, or chosen by keyboard.

    The map is as high as the CSS variable ``--ns-map`` says. Its shapes are sent once; after that each run sends one
    byte for each area.

    Parameters
    ----------
    tiles
        A background map from the internet lies below.
    people
        The dots of where people live lie above.
    own
        A reader's own data, drawn above.
    near
        Corners the map opens on, instead of the chosen place or what is on show.
    painting
        Takes the place of the view's measure.
    wheel
        The mouse's wheel zooms the map: only where the page itself does not scroll.
    remembers
        Where the reader moved the map to is kept in the page's address, as ``at=LATITUDE,LONGITUDE,ZOOM``.
    """
    codes = _codes(view)
    if painting:
        legend, kinds = painting.legend, painting.kinds
        said_there = painting.says.reindex(codes).fillna("")
        says = _sent("says", _kept_sentences(view, painting.name, lambda: list(said_there)))
    else:
        legend, kinds, says = _legend(view), _kinds(view), _sentences(view)
    said: Sent = {
        "kinds": plate.kinds_text(kinds.reindex(codes).fillna(plate.OUTSIDE).astype(int)),
        "says": says,
        "legend": legend.sent,
        "place": view.link.place,
        "part": view.place,
        "called": _called(view),
        "near": near,
        "tiles": tiles,
        "people": _people(view) if people else None,
        "own": _own(own),
        "drawn": None,
        "picture": _picture(view),
    }

    def on_picked() -> None:
        if code := getattr(st.session_state.get(key), "picked", None):
            picked(str(code))

    key = _mount(view, said, event="picked", heard=on_picked, wheel=wheel, remembers=remembers)


def draw_corners(view: View, *, corners: Sequence[Corner], closed: bool, clicked: Callable[[object], None]) -> None:
    """Draw the study's ground and a shape as far as a reader has drawn it; call `clicked` with what a click returned.

    Parameters
    ----------
    corners
        Latitude and longitude.
    closed
        Whether the shape is finished.
    """
    west, south, east, north = view.shown.geometry.to_crs(DEGREES).total_bounds.tolist()
    said: Sent = {
        "kinds": str(plate.OUTSIDE) * len(_codes(view)),
        "says": None,
        "legend": None,
        "place": None,
        "part": view.place,
        "called": None,
        "near": [[south, west], [north, east]],
        "tiles": False,
        "people": None,
        "own": None,
        "drawn": {"corners": [list(corner) for corner in corners], "closed": closed},
        "picture": _picture(view),
    }

    def on_corner() -> None:
        clicked(getattr(st.session_state.get(key), "corner", None))

    key = _mount(view, said, event="corner", heard=on_corner, drawing=True)


def _mount(
    view: View,
    said: Sent,
    *,
    event: str,
    heard: Callable[[], None],
    drawing: bool = False,
    wheel: bool = False,
    remembers: bool = False,
) -> str:
    """Put the map on the page and tell it what to show; give the key of what it returns."""
    key = f"{'drawing' if drawing else KEY} {view.link.study or 'first'} {_ground_name(view)}"
    shapes, base = (_sent(name, text) for name, text in zip(("shapes", "base"), _ground(view), strict=True))
    data = {
        "key": key,
        "leaflet": assets.leaflet_script(base=base_path()),
        "shapes": shapes,
        "base": base,
        "wheel": wheel,
        "remembers": remembers,
        "drawing": drawing,
    }
    callbacks: Sent = {f"on_{event}_change": heard}
    _plate(data=data, key=key, **callbacks)
    _say(data={"plate": key, **said}, key=f"say {key}")
    return key


def _called(view: View) -> str | None:
    """Name the part on show, for the map; not the study as a whole, nor its coast, which lies in no one place."""
    if view.link.district or (view.part is not None and view.part.text != COAST):
        return view.where
    return None


def can_show_people(view: View) -> bool:
    """Say whether the build knows where people live."""
    return (view.folder / DENSITY).is_file()


def _ground_name(view: View) -> str:
    """Name what the map's shapes are: all areas, all councils, or one part of a study too large for a map."""
    if view.overview:
        return "councils"
    return "areas" if len(view.areas) <= MOST_PLACES else f"areas of {view.place}"


def _ground_key(view: View) -> str:
    return f"{view.build} {_ground_name(view)}"


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs={View: _ground_key})
def _ground(view: View) -> tuple[str, str]:
    """Give the text of the shapes and of the base."""
    kept = read_outlines(view.folder) if view.overview or len(view.areas) <= MOST_PLACES else None
    shapes = kept or outlines_text(view.areas if view.overview or len(view.areas) <= MOST_PLACES else view.shown)
    path = view.folder / BASE_MAP
    base = path.read_text(encoding="utf-8") if path.is_file() else json.dumps(plate.base_without_file(view.areas))
    return shapes, base


def _sent(name: str, text: str) -> Sent:
    return assets.sent_text(name, text, base=base_path())


def _codes(view: View) -> list[str]:
    """List what the map draws, in the order of its shapes."""
    if view.overview:
        return sorted(map(str, view.areas["district_code"].unique()))
    return [str(code) for code in (view.areas if len(view.areas) <= MOST_PLACES else view.shown).sort_index().index]


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.showing})
def _kinds(view: View) -> pd.Series:
    """Sort what is on show into the measure's classes."""
    if view.overview:
        shares = _council_shares(view)
        return symbology.classes(shares, breaks=view.measure.breaks(unit=view.basis.unit))
    return view.measure.kinds(view.shown[view.measure.column], unit=view.basis.unit)


def _council_shares(view: View) -> pd.Series:
    found = areatable.councils(view)
    shares = [percent_infeasible(row, profile=view.profile) for row in found.to_dict("records")]
    return pd.Series(shares, index=found.index)


def _legend(view: View) -> Legend:
    measure = view.measure
    if measure.tiers:
        note = about_certainty.among_the_worst(view.basis)
        if view.link.weights is not None:
            note += " This map is for the study’s own weights, not yours."
        tiers = [(TIER_CLASSES.get(tier, UNKNOWN), said.cell, said.mark) for tier, said in READINGS.items()]
        return Legend(about_certainty.QUESTION, tiers, note)
    labels = measure.breaks(unit=view.basis.unit).labels(percent=measure.percent)
    rows = [(kind, label, "") for kind, label in enumerate(labels)]
    title, note = measure.title(unit=view.basis.unit), ""
    if measure.key in {"need", "alternative"}:
        marks = (one.label for one in view.manifest.indicators if one.dimension == measure.key)
        note = about_places.rests_on(list(marks))
    if view.turned and measure.percent:
        title, note = about_switches.legend_title(title, basis=view.basis), about_places.counted(view.basis)
    return Legend(title, [*rows, (UNKNOWN, "Not enough data", "")], note)


def _sentences(view: View) -> Sent:
    name = f"{_ground_name(view)} {'tiers' if view.measure.tiers else view.profile} {view.switch}"
    text = _kept_sentences(view, name, lambda: _council_sentences(view) if view.overview else _area_sentences(view))
    return _sent("says", text)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: _ground_key})
def _kept_sentences(view: View, name: str, _said: Callable[[], list[str]]) -> str:  # noqa: ARG001 - cache keys
    """Write the sentences of a map once: they change with the activity, not with the weights."""
    return plate.sentences_text(_said())


def _area_sentences(view: View) -> list[str]:
    areas = (view.areas if len(view.areas) <= MOST_PLACES else view.shown).sort_index()
    say = certainty.tooltip if view.measure.tiers else _tooltip
    rows, councils = areas.reset_index().to_dict("records"), _councils_apart(view, areas)
    return [
        councils[str(row["district_code"])]
        if row["status"] == NOT_TOLD_APART
        else say(row, basis=view.basis, profile=view.profile)
        for row in rows
    ]


def _councils_apart(view: View, areas: pd.DataFrame) -> dict[str, str]:
    """Say the figure of each council whose areas cannot be told apart: it stands for them on the map."""
    alike = areas[areas["status"].eq(NOT_TOLD_APART)]
    first = alike.reset_index().groupby("district_code")["area_code"].first()
    return {str(code): about_places.stands_for_all(view.council(str(area))) for code, area in first.items()}


def _tooltip(row: Mapping[Any, Any], *, basis: Basis, profile: ProfileKey) -> str:
    if row["status"] != SCORED:
        return about_places.NOT_SCORED
    return capital(Claim.of_row(row, profile=profile, basis=basis).say("cell"))


def _council_sentences(view: View) -> list[str]:
    found = areatable.councils(view).sort_index()
    return [
        capital(areatable.council_claim(row, view=view).say("cell"))
        if row["premises_scored"] > 0
        else about_places.NOT_SCORED
        for row in found.reset_index().to_dict("records")
    ]


def _people(view: View) -> Sent | None:
    try:
        found = _dots(view)
    except OutputError as error:
        said, *rest = str(error).splitlines()
        st.html(look.note(said, *rest, kind="warn"))
        return None
    legend = {"title": symbology.dots(view.basis), "colour": plate.DOT, "sizes": [list(one) for one in DOT_LEGEND]}
    return {"key": view.build, "dots": _sent("dots", found), "legend": legend}


@st.cache_resource(
    show_spinner=False, max_entries=8, hash_funcs={View: lambda view: f"{view.build} {_ground_name(view)}"}
)
def _dots(view: View) -> str:
    near = view.areas if len(view.areas) <= MOST_PLACES else view.shown
    found = asdict(dots.read_dots(view.folder / DENSITY, near=near.geometry))
    return json.dumps({**found, "fine": dots.FINE}, separators=(",", ":"))


def _own(own: OwnMarks | None) -> Sent | None:
    """Write a reader's own data: into the message alone, never into a file that others could ask for."""
    if own is None:
        return None
    _, circles, printed = own.sent
    legend = {"title": own.title, "colour": COLOUR, "sizes": [list(one) for one in own.sizes]}
    return {"circles": [list(one) for one in circles], "printed": printed, "legend": legend}


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs={View: lambda view: view.showing})
def _picture(view: View) -> Sent:
    """Give the words of a picture of the map: what it shows, its sentence, whom it is owed to, and a file's name."""
    whole, dated = reasons.whole(view), f"{view.basis.study}, {view.basis.release}."
    return {
        "title": capital(view.where),
        "notice": view.basis.notice or "",
        "sentence": str(whole.say()) if whole else about_places.nothing_known(view.where),
        "credit": " ".join(
            filter(
                None,
                (
                    about_places.counted(view.basis) if view.turned else "",
                    about_places.modelled(view.basis),
                    dated,
                    licences(view.manifest.sources),
                ),
            )
        ),
        "file": view.file_name(f"notspot-map-{view.link.measure}.png"),
    }
