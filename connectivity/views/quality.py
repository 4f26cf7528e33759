"""How good are the data? What the build looked at in each file, what it found, and a light with words for each."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from connectivity.html import quality_page
from connectivity.html.app_parts import folded, paragraph, paragraphs, within
from connectivity.quality.notice import PAGE, read_quality
from connectivity.views import frame, look, state, terms
from layers.errors import command_line

AGAIN = f"Build the study again: {command_line('build', 'STUDY.toml', '--out', 'DIR')}"
LEDE = (
    "What was looked at in each file, and what was found. No report finds what it does not look for, so no light says "
    "that a figure is right."
)
STYLE = Path(__file__).with_name("quality.css")


def _part(*html: Markup) -> None:
    """Show parts of the report in the app's own colours."""
    whole = within("ns-quality", Markup("").join(html))
    terms.say(whole, part=whole)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("quality")
    frame.head(view, ignored=ignored)
    st.title("How good are the data?")
    report = read_quality(view.folder)
    if report is None:
        st.html(
            look.note(
                "This build has no report on its data",
                "It may be older than the report. Whoever runs this can make one.",
                AGAIN,
                kind="warn",
            )
        )
    else:
        said = quality_page.parts_of(report, linked=False, basis=view.basis)
        st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
        _part(paragraphs([said["light"]]))
        st.html(paragraph(LEDE, "ns-lede"))
        if (view.folder / PAGE).is_file():
            st.download_button(
                "Download this report",
                (view.folder / PAGE).read_bytes(),
                file_name=view.file_name(f"notspot-{PAGE}"),
                mime="text/html",
                on_click="ignore",
            )
        st.header("Why this light")
        _part(said["reasons"])
        st.header("Every layer")
        _part(said["layers"], folded("Every layer in full", said["each"]))
        st.header("Is every one accounted for?")
        _part(said["premises"])
        st.header("Places without a score")
        _part(said["areas"])
        st.header("What it rests on")
        _part(
            folded("What is modelled, or used in place of another figure", said["modelled"]),
            folded("How the lights are set", said["rules"] + said["limits"]),
        )
    frame.foot(view)


if __name__ == "__main__":
    page()
