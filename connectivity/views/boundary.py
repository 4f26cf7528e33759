"""What does my ward or parish look like? The same premises by any boundary, or inside a shape of the reader's own."""

from __future__ import annotations

import streamlit as st

from connectivity.claims import about_boundaries
from connectivity.views import by_boundary, frame, links, look, reportview, shape, state, terms
from connectivity.views.copying import copy_button
from layers.families import family_of

BY, LINK, IN_REPORT, OWN, OWN_PLACE = "kind of boundary", "by", "place in report", "own", "own shape"
LEDE = (
    "Pick the kind of place you work with. Every table holds the same premises, shared out by another border, "
    "so they all add up to the same total."
)

NO_PARISHES = "This study has no parishes. Whoever runs it can add them; or draw yours with “A shape of your own”."


@st.fragment
@frame.safely
def body() -> None:
    """Run again by itself when a reader picks or draws something."""
    view = state.view()
    names = [*by_boundary.available(view), OWN]
    st.title("What does my ward or parish look like?")
    terms.say(f'<p class="ns-lede">{LEDE}</p>', part="lede")
    if st.session_state.get(BY) not in names:
        st.session_state[BY] = names[0]
    st.segmented_control(
        "Report by",
        options=names,
        format_func=lambda name: "A shape of your own" if name == OWN else about_boundaries.title(family_of(name)),
        required=True,
        key=BY,
        on_change=lambda: st.query_params.update({LINK: st.session_state[BY]}),
    )
    if "parish" not in {family_of(name).singular for name in names if name != OWN}:
        st.html(f'<p class="ns-small">{NO_PARISHES}</p>')
    by_boundary.activity(view)
    with st.container(width=200):
        copy_button("Copy link", key="copy link")
    chosen = st.session_state[BY]
    if chosen == OWN:
        by_boundary.keep(None)
        if (found := shape.asked(view)) is not None:
            st.header("What stands inside")
            reportview.show(view, found, chosen=OWN_PLACE)
    else:
        reportview.show(view, by_boundary.made(view, chosen), chosen=f"{IN_REPORT} {chosen}")
    if len(names) == 1:
        said = "This build holds no reports by boundary. Build the study again to make them."
        st.html(look.note(said, kind="warn"))


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("boundary")
    asked = st.query_params.get(LINK)
    if asked in {*by_boundary.available(view), OWN}:
        st.session_state[BY] = asked
    elif asked:
        ignored = [
            *ignored,
            f"The link asked for the boundary {links.quoted(asked)}. This study is not reported by it.",
        ]
        del st.query_params[LINK]
    within, kind = (
        st.query_params.get(by_boundary.AT),
        st.session_state.get(BY) or next(iter(by_boundary.available(view)), OWN),
    )
    if within and kind in by_boundary.available(view) and within in by_boundary.keys_of(view, kind):
        st.session_state[f"{IN_REPORT} {kind}"] = within
    elif within:
        ignored = [
            *ignored,
            f"The link asked for the place {links.quoted(within)}. We do not know it by this boundary.",
        ]
        del st.query_params[by_boundary.AT]
    frame.head(view, ignored=ignored)
    body()
    frame.foot(view)


if __name__ == "__main__":
    page()
