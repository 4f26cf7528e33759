"""What a reader hands over: kept in their session alone, read against the study on show, and put on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.uploaded_file_manager import UploadedFile

from connectivity.html.app_parts import bold, paragraph
from connectivity.maps import own_marks
from connectivity.maps.own_marks import OwnMarks
from connectivity.own_data.own_rows import Figures, Own, Points, read_own
from connectivity.own_data.uploaded_sheet import LARGEST, MEGABYTE
from connectivity.views import look
from connectivity.views.state import View
from layers.errors import LayerError, visible

FRAMING = 1
"""Megabytes that a browser may wrap around a file (assumption: it writes under a thousand bytes)."""


def upload(
    label: str, *, endings: Sequence[str], key: str, on_change: Callable[[], None] | None = None
) -> UploadedFile | None:
    """Ask for one file of at most `LARGEST` megabytes.

    The server would park anything over one megabyte in a temporary file while it arrives; a reader is promised that
    nothing is written, so it is told to keep all of it in memory.
    """
    MultiPartParser.spool_max_size = int(LARGEST.value + FRAMING) * MEGABYTE
    return st.file_uploader(label, type=list(endings), max_upload_size=int(LARGEST.value), key=key, on_change=on_change)


KEPT, READ, BOX, COLUMN, SHOWN = "own data", "own data read", "own file", "own column", "own data on the map"
CHOICE = "own column chosen"
FILES = "own files"
"""How many files were handed over: a new box for each, so that a removed file is gone from the box, too."""
ENDINGS = ("csv", "gpkg", "geojson")
LONGEST = 28
"""Letters of a file's name or a heading that a switch or a column shows (assumption: a line of a phone)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was handed over; it lives in one reader's session and nowhere else."""

    name: str
    content: bytes
    number: int


def ask() -> None:
    """Show the box for a file; what is handed over takes the place of what was kept."""
    count: int = st.session_state.get(FILES, 0)
    key = f"{BOX} {count}"

    def taken() -> None:
        if file := st.session_state[key]:
            remove()
            st.session_state[KEPT] = Kept(file.name, file.getvalue(), count)

    upload("CSV, GeoPackage or GeoJSON, of at most 50 MB", endings=ENDINGS, key=key, on_change=taken)


def held() -> None:
    """Name the file that is kept, with the button that removes it."""
    kept: Kept = st.session_state[KEPT]
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.html(paragraph(bold(file_called(kept)), "ns-lede"))
    right.button("Remove it", on_click=remove, width="stretch")


def remove() -> None:
    """Forget a reader's data, in every form it is held in."""
    for key in (KEPT, READ, COLUMN, SHOWN):
        st.session_state.pop(key, None)
    st.session_state[FILES] = st.session_state.get(FILES, 0) + 1


def read_upload(view: View) -> Own | LayerError | None:
    """Give a reader's data as this study understands them, or what is wrong; None when they have none.

    Never through a cache that readers share: what was read stays in the session.
    """
    kept: Kept | None = st.session_state.get(KEPT)
    if kept is None:
        return None
    key = (view.build, kept.number)
    done: tuple[Any, Own | LayerError] | None = st.session_state.get(READ)
    if done is None or done[0] != key:
        found: Own | LayerError
        try:
            geography = view.manifest.geography
            found = read_own(kept.content, name=kept.name, areas=view.areas, geography=geography, folder=view.folder)
        except LayerError as error:
            found = error
        done = st.session_state[READ] = (key, found)
    return done[1]


def switch(view: View) -> None:
    """Show the switch that puts a reader's own data on the map; nothing for a reader without any."""
    kept, found = st.session_state.get(KEPT), read_upload(view)
    if isinstance(found, LayerError):
        st.html(look.note("Your own data do not fit this study", found.what, kind="warn"))
    elif kept and found:
        st.toggle(f"Show your data: {look.plain(file_called(kept))}", key=SHOWN)


def on_map(view: View, *, always: bool = False) -> OwnMarks | None:
    """Give the circles of a reader's own data, where they are wanted."""
    found = read_upload(view) if always or st.session_state.get(SHOWN) else None
    areas, basis, profile = view.areas, view.basis, view.profile
    if isinstance(found, Points):
        return own_marks.of_points(found, areas=areas, basis=basis, profile=profile)
    if isinstance(found, Figures):
        return own_marks.of_figures(found, column_of(found), areas=areas, basis=basis, profile=profile)
    return None


def column_of(found: Figures) -> str:
    """Give the column of figures that is shown: the one chosen, else the first."""
    chosen = st.session_state.get(COLUMN)
    return str(chosen if chosen in found.table else found.table.columns[0])


def choose_column(found: Figures) -> None:
    """Let a reader choose which figures are shown, where there are several; kept when they go to another page."""
    options = [str(heading) for heading in found.table.columns]
    if len(options) > 1:
        st.session_state[CHOICE] = column_of(found)
        st.selectbox(
            "Which figure to show",
            options=options,
            key=CHOICE,
            on_change=lambda: st.session_state.update({COLUMN: st.session_state[CHOICE]}),
        )


def file_called(kept: Kept) -> str:
    """Give a file's name, harmless and short."""
    return short(visible(kept.name))


def short(text: str) -> str:
    """Cut words to what a switch or a column can show."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
