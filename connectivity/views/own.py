"""Your own data: a reader’s points or figures beside the gaps, held in memory and never saved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup, escape

from connectivity.claims import about_own_data, about_places
from connectivity.claims.claim import Claim
from connectivity.claims.grammar import number, out_of_hundred
from connectivity.html.app_parts import RIGHT, Cell, Row, app_table, card, counted, paragraph, paragraphs, told
from connectivity.html.render import macro
from connectivity.method.records import FEWEST
from connectivity.own_data import own_summary
from connectivity.own_data.own_rows import PLACES, Figures, Own, Points
from connectivity.own_data.own_summary import figures_example, points_example
from connectivity.views import areatable, controls, frame, look, reasons, state, terms, uploads
from connectivity.views.state import View
from connectivity.views.uploads import choose_column, column_of, short
from layers.errors import LayerError, visible


def fault(error: LayerError) -> Markup:
    """Draw a fault of a file: where it is, what was needed and found, what to do."""
    names = {"file": "File", "column": "Column", "rows": "Where", "expected": "We need", "found": "We found"}
    said = {names.get(part, "What to do"): text for part, text in error.parts.items() if text is not None}
    lines = [f"{name}: {visible(str(text)).rstrip('.')}." for name, text in said.items()]
    return look.note(visible(error.what), *lines, kind="error")


def file_understood(view: View, found: Own) -> None:
    """Say what the file was read as, and what became of each row."""
    placed = own_summary.placed(found, areas=view.areas, basis=view.basis)
    said = [str(placed.say()), about_own_data.rows_outside(found)]
    if isinstance(found, Figures):
        choose_column(found)
        bare = own_summary.without_figure(found, column_of(found), areas=view.areas, basis=view.basis)
        redrawn = own_summary.redrawn_bare(found, areas=view.areas, basis=view.basis)
        said += [*([str(redrawn.say())] if redrawn else []), str(bare.say())]
        if found.others:
            said.append(f"Not read as figures: {', '.join(found.others)}.")
    else:
        said += [
            about_own_data.points_not_located(found),
            about_own_data.BY_DIRECTORY if found.by_postcode else about_own_data.NEAR_A_BORDER,
        ]
    sums = told("Every row is accounted for.", about_own_data.rows_accounted(found))
    inside = paragraphs([sentence for sentence in said if sentence]) + sums
    st.html(card("What we understood", inside, "ns-card-quiet"))


def own_beside(view: View, found: Own) -> None:
    """Say how a reader's data and the gaps stand side by side."""
    basis = view.basis
    rests = [about_places.modelled(basis), about_places.measured(basis), about_places.counted(basis)]
    if isinstance(found, Points):
        gap, areas, bare = own_summary.holding(
            found, areas=view.areas, profile=view.profile, basis=view.basis, drawn=view.drawn
        )
        if gap:
            terms.say(paragraph(reasons.marked(gap.say(), tag="b"), "ns-lede"), part="gap")
        missing = own_summary.not_scored(bare, of=areas, basis=basis)
        st.html(_small(about_own_data.whole_areas(basis), str(missing.say()) if missing else "", *rests))
        return
    column = column_of(found)
    groups = own_summary.fifths(
        found.table[column],
        gaps=own_summary.gaps_of(found, areas=view.areas, profile=view.profile, basis=view.basis, drawn=view.drawn),
        drawn=view.drawn,
    )
    if len(groups) > 1:
        st.header("Your figure beside the gaps")
        terms.say(
            paragraph(str(own_summary.lowest_and_highest(column, groups, found=found).say()), "ns-lede"),
            part="fifths",
        )
        st.html(_fifths(view, groups, found))
        st.html(_small(about_own_data.CANNOT_TELL, *rests))


def zoomed(near: list[list[float]] | None) -> None:
    """Say that the map opens on a reader's data, where it does."""
    if near:
        st.html(_small(about_own_data.ZOOMED))


def offer(kind: str, text: str) -> None:
    """Offer an example of a file."""
    name, label = f"example-{kind}.csv", f"Example of {kind} (CSV)"
    st.download_button(label, data=text, file_name=name, mime="text/csv", on_click="ignore")


def rows_table(view: View, found: Own) -> None:
    """List the points, or the places with their figure, each with the gap there; a row chooses its place."""
    noun = about_places.gap_column(view.profile, basis=view.basis)
    third = "In every 100" if isinstance(found, Points) else short(column_of(found))
    data = {
        "rows": _points(view, found) if isinstance(found, Points) else _figures(view, found),
        "columns": [
            "Point" if isinstance(found, Points) else "Place",
            noun + (" there" if isinstance(found, Points) else ""),
            third,
        ],
        "sort": 1 if isinstance(found, Points) else 2,
        "worded": isinstance(found, Figures),
        "caption": f"Your data, with the {view.basis.unit} of each place. Use the column buttons to sort.",
        "first": None,
    }
    areatable.sortable(data, key=f"own table {view.profile}", picked=lambda code: controls.pick(code, view=view))


def _points(view: View, found: Points) -> list[list[Any]]:
    inside = view.areas.loc[found.table["area_code"].unique()]
    gaps = own_summary.gaps_by_area(inside, profile=view.profile, basis=view.basis)
    where = dict(zip(inside.index, inside["area_name"] + ", " + inside["district_name"], strict=True))
    made = []
    for name, code in zip(found.table["name"], found.table["area_code"], strict=True):
        gap = gaps.get(code)
        share = [None, about_places.NOT_ENOUGH] if gap is None else _share(gap)
        made.append([code, name, where[code], *_gap(gap), *share])
    return made


def _figures(view: View, found: Figures) -> list[list[Any]]:
    gaps = own_summary.gaps_of(found, areas=view.areas, profile=view.profile, basis=view.basis, drawn=view.drawn)
    places = own_summary.places_of(found, column_of(found), areas=view.areas)
    made = []
    for code, row in zip(places.index, places.to_dict("records"), strict=True):
        figure = row["figure"]
        said = [None, "no figure"] if pd.isna(figure) else [figure, about_own_data.own_figure(figure)]
        made.append([str(code), row["name"], row["council"], *_gap(gaps.get(str(code))), *said])
    return made


def _share(gap: Claim) -> list[Any]:
    """Write a gap's share as the table takes it: a number to sort by and draw, or none and why."""
    if gap.of < FEWEST.value:
        return [None, out_of_hundred(gap.best, of=gap.of)]
    return [round(100 * gap.best / gap.of, 1), gap.unit]


def _gap(gap: Claim | None) -> list[Any]:
    """Write a gap as the table takes it: three numbers to sort and draw by, and two lines of words."""
    if gap is None:
        return [None, None, None, about_places.NOT_ENOUGH.lower(), ""]
    numbers = [round(value, 2) for value in (gap.best, gap.low, gap.high)]
    return [*numbers, f"{gap.said_best}| of {gap.said_of}", gap.said_range]


def _fifths(view: View, groups: list[own_summary.Fifth], found: Figures) -> Markup:
    places = PLACES[found.unit].capitalize()
    gap = about_places.gap_column(view.profile, basis=view.basis)
    heads = ((f"“{short(column_of(found))}”", ""), (places, RIGHT), (gap, RIGHT), ("In every 100", RIGHT))
    rows = []
    for group in groups:
        part = Cell(counted(group.gap.said_best, group.gap.said_of, group.gap.said_range), RIGHT)
        cells = [
            Cell(number(group.places, exact=True), RIGHT),
            part,
            Cell(out_of_hundred(group.gap.best, of=group.gap.of), RIGHT),
        ]
        rows.append(Row(about_own_data.own_span(group), cells))
    caption = f"{places} in order of your figure, in groups"
    return app_table(caption, heads, rows, label="Groups by your figure, scrolls")


def _small(*sentences: str) -> Markup:
    return paragraph(" ".join(filter(None, sentences)))


LEDE = (
    "Put your own places or figures beside the gaps: clinics, libraries, sites you plan, or one number for each small "
    "area or council."
)
UNDERSTOOD = (
    "Points need a column Name and one of these: Postcode, or Latitude and Longitude, or Easting and Northing.",
    "Figures need a column of codes, such as {code} for small areas or LAD24CD for councils, and a column of numbers.",
    "The first row holds the headings. Leave a cell blank where there is no figure: we never read it as 0.",
)


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader gives, removes or chooses something."""
    view = state.view()
    st.title("Your own data")
    terms.say(paragraph(LEDE, "ns-lede") + paragraph(about_own_data.PRIVATE), part="lede")
    found = uploads.read_upload(view)
    if found is not None:
        uploads.held()
    if isinstance(found, LayerError):
        st.html(fault(found))
    if found is None or isinstance(found, LayerError):
        uploads.ask()
        own_examples(view)
    else:
        file_understood(view, found)
        own_beside(view, found)
        with st.container(key="split"):
            left, right = st.columns([7, 5.2], gap="medium")
        with right:
            st.header("Each row, and the place it is in")
            rows_table(view, found)
            areatable.follow(view.link.place)
        with left:
            from connectivity.views import page_map  # noqa: PLC0415 - Folium takes 0.3 s: the table is there meanwhile

            circles = uploads.on_map(view, always=True)
            near = circles.corners(view.shown.index) if circles else None
            page_map.draw(view, picked=lambda code: controls.pick(code, view=view), own=circles, near=near)
            zoomed(near)
            if view.link.district or view.part:
                st.button("Show the whole study on the map", on_click=lambda: state.choose(district=None, part=None))


def own_examples(view: View) -> None:
    """Say what a file may look like, and offer two to fill in."""
    geography = view.manifest.geography
    code = f"LSOA{geography[-2:]}CD"
    files = {"points": points_example(view.areas), "figures": figures_example(view.areas, geography=geography)}
    lines = [said.format(code=code) for said in UNDERSTOOD]
    shown = {kind: escape(text) for kind, text in files.items()}  # its lines stay lines
    st.html(macro("own.html", "examples")(lines, shown))
    with st.container(horizontal=True):
        for kind, text in files.items():
            offer(kind, text)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("own")
    frame.head(view, ignored=ignored)
    body()
    frame.foot(view)


if __name__ == "__main__":
    page()
