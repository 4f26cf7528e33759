"""What has changed? Two releases of the same councils: what moved, what it is made of, who was left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from connectivity.change.change_claims import areas_behind, count_shown, explanation, moved, redefined
from connectivity.change.comparability import BuildSummary, older_first, partners, read_summary
from connectivity.change.comparison import COMPARED, Comparison, Count, compare_builds
from connectivity.claims.about_change import briefly, change_cautions
from connectivity.claims.about_places import ACTIVITY as ACTIVITIES
from connectivity.claims.grammar import number, signed
from connectivity.html.app_parts import RIGHT, Cell, Head, Row, app_table, bold, items, linked, paragraph
from connectivity.html.render import macro
from connectivity.manifest import MANIFEST
from connectivity.maps.symbology import MEASURES
from connectivity.outputs import read_build
from connectivity.views import frame, look, reasons, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.state import View
from layers.errors import OutputError, command_line, start_app

_draw = partial(macro, "change.html")
PARTNER, ACTIVITY = "study to compare with", "activity compared"
# Places left behind that the page lists; the file has them all (assumption: one screen).
MOST_LISTED = 20
# What each of `commands` does; starting the app may take several lines.
STEPS = (
    *("Fetch the older release", "Fetch the newest release", "Build the older one", "Build the newest one"),
    "Start the app with both",
)
# What must not be broken at its hyphens in a command.
FLAG = re.compile(r"((?<= )--[\w-]+)")
# Councils that a command names (assumption: more do not fit a line); beyond it, those of the README stand in.
MOST_NAMED = 12
STANDING_IN = ("E06000058", "Bournemouth, Christchurch and Poole")


def shown_id(view: View) -> str:
    """Give the short id of the study that is open."""
    return view.link.study or next(iter(state.entries()))


def comparable_studies(view: View) -> dict[str, str | None]:
    """Say of each other study whether it can be compared with the open one, or why not."""
    summaries: dict[str, BuildSummary] = {}
    faults: dict[str, str | None] = {}
    for key, one in state.entries().items():
        folder = view.folder if key == shown_id(view) else one.folder
        if folder is None:
            faults[key] = "It is not built yet: choose it once in the box above."
            continue
        try:
            summaries[key] = _summary(str(folder), (folder / MANIFEST).stat().st_mtime_ns)
        except (OutputError, OSError):
            faults[key] = "Its manifest cannot be read: build it again."
    return faults | partners(summaries, of=shown_id(view)) if shown_id(view) in summaries else faults


def with_partner(view: View, then: str) -> Comparison:
    """Compare the open study with another one, the older release first."""
    partner = state.entries()[then].folder
    if partner is None:
        raise OutputError("The study to compare with is not built yet.", next_step="choose it once in the box above")
    folders = [view.folder, partner]
    summaries = [_summary(str(folder), _stamp(folder)) for folder in folders]
    if older_first(*summaries)[0] is not summaries[0]:
        folders.reverse()
    return _compared(*((str(folder), _stamp(folder)) for folder in folders))


def nothing_to_compare(view: View, reasons: dict[str, str | None]) -> Markup:
    """Say what the page needs when nothing can be compared, with the exact commands."""
    typed = compare_commands(list(view.districts))
    parts = [typed[at : at + 1] for at in range(len(STEPS) - 1)] + [typed[len(STEPS) - 1 :]]
    steps = [(step, [_unbroken(line) for line in lines]) for step, lines in zip(STEPS, parts, strict=True)]
    codes = list(view.districts.items()) if len(view.districts) <= MOST_NAMED else [STANDING_IN]
    called = ", ".join(f"{name} ({code})" for code, name in codes)
    more = _draw("commands")(steps, called) + reasons_list(reasons)
    return look.note(
        "There is nothing to compare this study with yet",
        "That takes the same councils from two of Ofcom’s releases. Whoever runs this can fetch and build them.",
        more=more,
    )


def _unbroken(line: str) -> list[tuple[str, bool]]:
    """Part a command into words and the options that must not be broken at their hyphens.

    >>> _unbroken("fetch --out DIR")
    [('fetch ', False), ('--out', True), (' DIR', False)]
    """
    return [(part, part.startswith("--")) for part in FLAG.split(line) if part]


def compare_commands(districts: list[str]) -> list[str]:
    """Write the commands that fetch and build two releases of some councils, and show both.

    Parameters
    ----------
    districts
        Codes of the councils.
    """
    named = ", ".join(districts) if len(districts) <= MOST_NAMED else f"Dorset, {STANDING_IN[0]}"
    older, newer = ("results/older", "results/newer")
    return [
        command_line("fetch", "--districts", named, "--release", "2025-07", "--out", "studies/older"),
        command_line("fetch", "--districts", named, "--release", "latest", "--out", "studies/newer"),
        command_line("build", "studies/older", "--out", older),
        command_line("build", "studies/newer", "--out", newer),
        *start_app(NOTSPOT_BUILD=newer, NOTSPOT_BUILDS="results").splitlines(),
    ]


def reasons_list(reasons: dict[str, str | None]) -> Markup:
    """List the studies that cannot be compared with the open one, each with its reason."""
    return _draw("not_comparable")([(state.entries()[key].label, why) for key, why in reasons.items() if why])


def councils_changed(comparison: Comparison, count: Count) -> Markup:
    """Draw the councils' figures as a table, most change first."""
    found = comparison.councils[comparison.councils["count"].eq(count.key)]
    found = found.sort_values("change", key=lambda change: -change.abs(), na_position="last")
    rows = []
    for row in found.to_dict("records"):
        if row["status"] != COMPARED:
            rows.append(Row(row["district_name"], [Cell(str(row["status"]).capitalize(), columns=5)]))
            continue
        counts = [Cell(number(row[when], exact=True), RIGHT) for when in ("old", "new")]
        moved = (row["speed_effect"] + row["unknown_effect"], row["premises_effect"])
        parts = [Cell(signed(part), "r ns-hide-s") for part in moved]
        way = Cell(briefly(str(row["certainty"])), RIGHT)
        rows.append(Row(row["district_name"], [*counts, Cell(bold(signed(row["change"])), RIGHT), *parts, way]))
    heads = (
        *(("Council", ""), (comparison.old.release, RIGHT), (comparison.new.release, RIGHT), ("Change", RIGHT)),
        *(("from speeds", "r ns-hide-s"), ("from new or lost premises", "r ns-hide-s"), ("Which way?", RIGHT)),
    )
    return _table("Councils, most change first", heads, rows)


def behind_table(comparison: Comparison, count: Count) -> Markup:
    """Draw the places left behind as a table, most premises first; empty when there are none."""
    if comparison.behind_refused:
        return look.NOTHING
    rows = []
    for row in (
        comparison.left_behind[comparison.left_behind["count"].eq(count.key)].head(MOST_LISTED).to_dict("records")
    ):
        there = state.address("why", place=str(row["area_code"]), district=None)
        counts = [Cell(number(row[release], exact=True), RIGHT) for release in comparison.releases]
        rows.append(Row(linked(there, row["area_name"]), [Cell(row["district_name"]), *counts]))
    heads = (("Place", ""), ("Council", ""), *((release, RIGHT) for release in comparison.releases))
    return _table("Places left behind, most premises first", heads, rows) if rows else look.NOTHING


def _table(caption: str, heads: Iterable[Head], rows: list[Row]) -> Markup:
    return app_table(caption, heads, rows, label=caption, seen=False)


def _stamp(folder: Path) -> int:
    return (folder / MANIFEST).stat().st_mtime_ns


@st.cache_resource(show_spinner=False, max_entries=64)
def _summary(folder: str, stamp: int) -> BuildSummary:  # noqa: ARG001 - a newer build is another entry
    return read_summary(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(older: tuple[str, int], newer: tuple[str, int]) -> Comparison:
    return compare_builds([read_build(Path(folder)) for folder, _ in (older, newer)])


def body(view: View) -> None:
    """Show which studies can be compared, then what changed between them."""
    st.title("What has changed?")
    entries, known = state.entries(), comparable_studies(view)
    ready = [key for key, why in known.items() if why is None]
    asked = view.link.then
    if asked and known.get(asked):
        st.html(look.note("These two studies cannot be compared", str(known[asked]), kind="warn"))
    if not ready:
        st.html(nothing_to_compare(view, known))
        return

    then = asked if asked in ready else ready[0]
    st.session_state[PARTNER], st.session_state[ACTIVITY] = then, view.profile
    with st.container(key="bar"):
        first, second, last = st.columns([5, 4, 2], vertical_alignment="bottom")
    first.selectbox(
        "Compare with",
        options=ready,
        format_func=lambda key: entries[key].label,
        key=PARTNER,
        on_change=lambda: state.choose(then=st.session_state[PARTNER]),
    )
    second.segmented_control(
        "For",
        options=list(ACTIVITIES),
        format_func=lambda key: MEASURES[key].name,
        required=True,
        key=ACTIVITY,
        on_change=lambda: state.choose(measure=st.session_state[ACTIVITY]),
    )
    with last:
        copy_button("Copy link", key="copy link")

    found = with_partner(view, then)
    count = count_shown(found, view.profile)
    if other := redefined(found, view.profile):
        st.html(look.note("What is counted changed", str(other.say()), kind="warn"))
    if count is None:
        st.html(look.note("No figure may be called better or worse", "The releases cut speeds at other edges."))
    else:
        terms.say(paragraph(reasons.marked(moved(found, count).say(), tag="em"), "ns-say"), part="headline")
        terms.say(paragraph(" ".join(str(one.say()) for one in explanation(found, count)), "ns-lede"), part="lede")
        st.header("Council by council")
        terms.say(councils_changed(found, count), part="councils")
        st.header("Places left behind")
        steady = found.behind_refused or str(areas_behind(found, count).say())
        terms.say(paragraph(steady) + behind_table(found, count), part="behind")
    if cautions := change_cautions(found):
        st.header("Before you use these figures")
        terms.say(items(cautions), part="cautions")
    if listed := reasons_list(known):
        with st.expander("Studies that cannot be compared with this one"):
            st.html(listed)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("change")
    frame.head(view, ignored=ignored)
    body(view)
    frame.foot(view)


if __name__ == "__main__":
    page()
