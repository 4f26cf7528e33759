"""What has changed? Two releases of the same councils: what moved, what it is made of, who was left behind."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import streamlit as st

from connectivity.change.comparability import Side, in_order, partners, read_side
from connectivity.change.comparison import COMPARED, Comparison, Count, compare
from connectivity.claims import about_change
from connectivity.manifest import MANIFEST
from connectivity.maps.symbology import MEASURES
from connectivity.outputs import read_build
from connectivity.views import frame, look, reasons, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.small_figures import signed
from connectivity.views.state import View
from layers.errors import OutputError, command, start_app

PARTNER, ACTIVITY = "study to compare with", "activity compared"
MOST_LISTED = 20
"""Places left behind that the page lists; the file has them all (assumption: one screen)."""
STEPS = (
    *("Fetch the older release", "Fetch the newest release", "Build the older one", "Build the newest one"),
    "Start the app with both",
)
"""What each of `commands` does; starting the app may take several lines."""
FLAG, WHOLE = re.compile(r"(?<= )--[\w-]+"), r'<span class="ns-whole">\g<0></span>'
"""What must not be broken at its hyphens in a command, and how it is drawn."""
MOST_NAMED = 12
"""Councils that a command names (assumption: more do not fit a line); beyond it, those of the README stand in."""
STANDING_IN = ("E06000058", "Bournemouth, Christchurch and Poole")


def shown_id(view: View) -> str:
    """Give the short id of the study that is open."""
    return view.link.study or next(iter(state.entries()))


def others(view: View) -> dict[str, str | None]:
    """Say of each other study whether it can be compared with the open one, or why not."""
    sides: dict[str, Side] = {}
    faults: dict[str, str | None] = {}
    for key, one in state.entries().items():
        folder = view.folder if key == shown_id(view) else one.folder
        if folder is None:
            faults[key] = "It is not built yet: choose it once in the box above."
            continue
        try:
            sides[key] = _side(str(folder), (folder / MANIFEST).stat().st_mtime_ns)
        except (OutputError, OSError):
            faults[key] = "Its manifest cannot be read: build it again."
    return faults | partners(sides, of=shown_id(view)) if shown_id(view) in sides else faults


def with_partner(view: View, then: str) -> Comparison:
    """Compare the open study with another one, the older release first."""
    partner = state.entries()[then].folder
    if partner is None:
        raise OutputError("The study to compare with is not built yet.", next_step="choose it once in the box above")
    folders = [view.folder, partner]
    sides = [_side(str(folder), _stamp(folder)) for folder in folders]
    if in_order(*sides)[0] is not sides[0]:
        folders.reverse()
    return _compared(*((str(folder), _stamp(folder)) for folder in folders))


def needs(view: View, reasons: dict[str, str | None]) -> str:
    """Say what the page needs when nothing can be compared, with the exact commands."""
    typed = commands(list(view.districts))
    parts = [typed[at : at + 1] for at in range(len(STEPS) - 1)] + [typed[len(STEPS) - 1 :]]
    steps = "".join(
        f"<li>{step}{''.join(f'<code>{FLAG.sub(WHOLE, escape(line))}</code>' for line in lines)}</li>"
        for step, lines in zip(STEPS, parts, strict=True)
    )
    codes = list(view.districts.items()) if len(view.districts) <= MOST_NAMED else [STANDING_IN]
    called = ", ".join(f"{name} ({code})" for code, name in codes)
    more = f'<ol class="ns-steps">{steps}</ol><p>What the codes stand for: {escape(called)}.</p>' + reasons_list(
        reasons
    )
    return look.note(
        "There is nothing to compare this study with yet",
        "You need the same councils from two of Ofcom’s releases. Whoever runs Notspot types this, one step after the "
        "other:",
        more=more,
    )


def commands(districts: list[str]) -> list[str]:
    """Write the commands that fetch and build two releases of some councils, and show both.

    Parameters
    ----------
    districts
        Codes of the councils.
    """
    named = ", ".join(districts) if len(districts) <= MOST_NAMED else f"Dorset, {STANDING_IN[0]}"
    older, newer = ("results/older", "results/newer")
    return [
        command("fetch", "--districts", named, "--release", "2025-07", "--out", "studies/older"),
        command("fetch", "--districts", named, "--release", "latest", "--out", "studies/newer"),
        command("build", "studies/older", "--out", older),
        command("build", "studies/newer", "--out", newer),
        *start_app(NOTSPOT_BUILD=newer, NOTSPOT_BUILDS="results").splitlines(),
    ]


def reasons_list(reasons: dict[str, str | None]) -> str:
    """List the studies that cannot be compared with the open one, each with its reason."""
    listed = "".join(
        f"<li><b>{escape(state.entries()[key].label)}</b>: {escape(why)}</li>" for key, why in reasons.items() if why
    )
    return f"<p>We hold these, and cannot compare them with it:</p><ul>{listed}</ul>" if listed else ""


def councils(comparison: Comparison, count: Count) -> str:
    """Draw the councils' figures as a table, most change first."""
    rows = comparison.councils[comparison.councils["count"].eq(count.key)]
    rows = rows.sort_values("change", key=lambda change: -change.abs(), na_position="last")
    made = []
    for row in rows.to_dict("records"):
        name = f'<th scope="row">{escape(str(row["district_name"]))}</th>'
        if row["status"] != COMPARED:
            made.append(f'<tr>{name}<td colspan="5">{escape(str(row["status"]).capitalize())}</td></tr>')
            continue
        counts = "".join(f'<td class="r">{about_change.said(row[when])}</td>' for when in ("old", "new"))
        moved = (row["speed_effect"] + row["unknown_effect"], row["premises_effect"])
        parts = "".join(f'<td class="r ns-hide-s">{signed(part)}</td>' for part in moved)
        sure = escape(about_change.BRIEFLY[str(row["certainty"])])
        change = f'<td class="r"><b>{signed(row["change"])}</b></td>'
        made.append(f'<tr>{name}{counts}{change}{parts}<td class="r">{sure}</td></tr>')
    heads = (
        *(("Council", ""), (comparison.old.release, "r"), (comparison.new.release, "r"), ("Change", "r")),
        *(("from speeds", "r ns-hide-s"), ("from new or lost premises", "r ns-hide-s"), ("Which way?", "r")),
    )
    return _table("Councils, most change first", heads, made)


def behind(comparison: Comparison, count: Count) -> str:
    """Draw the places left behind as a table, most premises first; empty when there are none."""
    if comparison.behind_refused:
        return ""
    rows = comparison.left_behind[comparison.left_behind["count"].eq(count.key)].head(MOST_LISTED)
    made = []
    for row in rows.to_dict("records"):
        link = escape(state.address("why", place=str(row["area_code"]), district=None))
        counts = "".join(f'<td class="r">{about_change.said(row[release])}</td>' for release in comparison.releases)
        made.append(
            f'<tr><th scope="row"><a href="{link}" target="_self">{escape(str(row["area_name"]))}</a></th>'
            f"<td>{escape(str(row['district_name']))}</td>{counts}</tr>"
        )
    heads = (("Place", ""), ("Council", ""), *((release, "r") for release in comparison.releases))
    return _table("Places left behind, most premises first", heads, made) if made else ""


def _table(caption: str, heads: tuple[tuple[str, str], ...], rows: list[str]) -> str:
    row = "".join(f'<th scope="col" class="{kind}">{escape(name)}</th>' for name, kind in heads)
    return (
        f'<div class="ns-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="ns-table">'
        f'<caption class="ns-unseen">{escape(caption)}</caption><thead><tr>{row}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _stamp(folder: Path) -> int:
    return (folder / MANIFEST).stat().st_mtime_ns


@st.cache_resource(show_spinner=False, max_entries=64)
def _side(folder: str, stamp: int) -> Side:  # noqa: ARG001 - a newer build is another entry
    return read_side(Path(folder))


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(older: tuple[str, int], newer: tuple[str, int]) -> Comparison:
    return compare([read_build(Path(folder)) for folder, _ in (older, newer)])


def body(view: View) -> None:
    """Show which studies can be compared, then what changed between them."""
    st.title("What has changed?")
    entries, known = state.entries(), others(view)
    ready = [key for key, why in known.items() if why is None]
    asked = view.link.then
    if asked and known.get(asked):
        st.html(look.note("These two studies cannot be compared", str(known[asked]), kind="warn"))
    if not ready:
        st.html(needs(view, known))
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
        options=list(about_change.ACTIVITY),
        format_func=lambda key: MEASURES[key].name,
        required=True,
        key=ACTIVITY,
        on_change=lambda: state.choose(measure=st.session_state[ACTIVITY]),
    )
    with last:
        copy_button("Copy link", key="copy link")

    found = with_partner(view, then)
    count = about_change.count_shown(found, view.profile)
    if said := about_change.definition(found, view.profile):
        st.html(look.note("What is counted changed", said, kind="warn"))
    if count is None:
        st.html(look.note("No figure may be called better or worse", "The releases cut speeds at other edges."))
    else:
        terms.say(
            f'<p class="ns-say">{reasons.marked(about_change.headline(found, count), tag="em")}</p>', part="headline"
        )
        terms.say(f'<p class="ns-lede">{escape(" ".join(about_change.explained(found, count)))}</p>', part="lede")
        st.header("Council by council")
        terms.say(councils(found, count), part="councils")
        st.header("Places left behind")
        left = f'<p class="ns-small">{escape(about_change.behind(found, count))}</p>{behind(found, count)}'
        terms.say(left, part="behind")
    if cautions := about_change.cautions(found):
        st.header("Before you use these figures")
        terms.say(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in cautions)}</ul>", part="cautions")
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
