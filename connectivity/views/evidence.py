"""Evidence: a pack that verifies itself, sentences to quote, and single files to take away."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from connectivity.claims.claim import Claim
from connectivity.evidence.holdings import Holding, holdings
from connectivity.evidence.pack_tables import places_csv
from connectivity.html.app_parts import paragraph
from connectivity.html.council_pages import council_html
from connectivity.html.render import macro
from connectivity.outputs import Build
from connectivity.quality.notice import read_quality, reasons_of
from connectivity.robustness.robustness_report import tiers_claim
from connectivity.robustness.tiers import tier_counts
from connectivity.views import certainty, frame, look, reasons, state, terms
from connectivity.views.copying import copy_button
from connectivity.views.pack_maker import pack_maker, show_page_one
from connectivity.views.state import View
from layers.errors import LayerError

_draw = macro("evidence.html", "quoted")
PLAIN = (
    "The claim, a map and a table of every small area, in one file of at most 150 kB. {}"
    "It opens in any browser, even on a bad line, and needs no app."
)
# What a page is for, where it may be published.
SPREAD = "Mail it, print it, or put it on a council’s own website. "
THEN = "Choose a council, and the button to download its page stands here."


def quotes(view: View) -> dict[str, str]:
    """Word what is on show so that it can be quoted: the place, all that is on show, and how sure we are."""
    basis = view.basis
    made: dict[str, str] = {}
    if view.link.place and (row := view.row(view.link.place))["status"] == "scored":
        claim = Claim.of_row(row, profile=view.profile, basis=view.basis)
        made[str(row["area_name"])] = claim.lying_in(str(row["district_name"])).say("quotation")
    whole = reasons.whole(view)
    if whole is not None:
        made[f"{view.where[0].upper()}{view.where[1:]}"] = whole.say("quotation")
    report = certainty.report(view)
    if report is not None and certainty.ranged(view):
        counts = tier_counts(view.shown["tier"])
        claim = tiers_claim(counts, place=view.where, draws=int(report["draws"]), basis=basis)
        made["How sure we are"] = claim.say("quotation")
    return made


def _quote(title: str, words_to_quote: str, *, key: str) -> None:
    """Show one sentence to quote, with its button."""
    with st.container(key=f"quoted {key}"):
        st.html(_draw(title, words_to_quote))
        with st.container(key=f"once {key}"):
            copy_button("Copy sentence", text=words_to_quote, key=key)


def plain_page(view: View) -> None:
    """Offer the page of one council that a bad line can carry; the council on show, or of the place, is chosen already.

    Parameters
    ----------
    view
        By the study's own weights: the page has no others.
    """
    st.html(paragraph(PLAIN.format("" if view.basis.notice else SPREAD), "ns-prose"))
    names = view.manifest.district_names
    listed = sorted(names, key=lambda code: names[code])
    shown = view.link.district or (view.link.place and str(view.areas.loc[view.link.place, "district_code"]))
    chosen = shown if shown in names else listed[0] if len(listed) == 1 else None
    if chosen is None:
        chosen = st.selectbox(
            "Council of the plain page",
            options=listed,
            index=None,
            format_func=lambda code: names[code],
            placeholder="Choose a council",
            width=480,
        )
    if chosen is None:
        st.html(paragraph(THEN, "ns-small ns-screen"))
        return
    st.download_button(
        f"{names[chosen]} as one plain page (HTML)",
        data=lambda: council_html(
            Build(view.areas, view.manifest, view.drawn, view.routes),
            chosen,
            reasons=reasons_of(read_quality(view.folder)),
        ),
        file_name=view.file_name(f"notspot-{chosen}.html"),
        mime="text/html",
        on_click="ignore",
    )


def downloads(view: View, held: Iterable[Holding]) -> None:
    """Offer files of the build, each by its name and size, as it is: a mark may stand in its name alone."""
    for one in held:
        st.download_button(
            f"{one.path.name} ({one.weight})",
            data=one.path.read_bytes,
            file_name=view.file_name(one.path.name),
            mime=one.kind,
            on_click="ignore",
        )


LEDE = (
    "One button makes a pack that others can check: the brief, the report, Word files, the table, the map, and all it "
    "takes to work every figure out again."
)


def page() -> None:
    """Show the page."""
    view, ignored = state.open_page("evidence")
    frame.head(view, ignored=ignored)
    st.title("Evidence")
    own = state.view(own=True)
    terms.say(paragraph(LEDE, "ns-lede"), part="lede")
    with st.container(key="pack"):
        asked = pack_maker(own)
    st.header("Sentences to quote")
    for number, (title, words) in enumerate(quotes(view).items()):
        _quote(title, words, key=f"copy quote {number}")
    if view.link.place is None:
        st.html(paragraph("Choose a place on the map to quote it here too.", "ns-small ns-screen"))
    with st.expander("A council as one plain page, and files of the whole study"):
        plain_page(own)
        files(own)
    frame.foot(view)
    if asked is not None:
        show_page_one(own, asked[0], place=asked[1])


def files(view: View) -> None:
    """Offer the files of the build one by one: tables first, then those for programs."""
    try:
        held = sorted(holdings(view.folder), key=lambda one: one.program)
    except LayerError as error:
        held = []
        st.html(look.note(error.what, *str(error).splitlines()[1:], kind="error"))
    with st.container(horizontal=True, key="tables to take"):
        st.download_button(
            "The places on show (CSV)",
            data=lambda: places_csv(view.shown, basis=view.basis),
            file_name=view.file_name("notspot-places.csv"),
            mime="text/csv",
            on_click="ignore",
        )
        downloads(view, [one for one in held if not one.program])
    if programs := [one for one in held if one.program]:
        st.html(paragraph("For map and statistics programs", "ns-key ns-screen"))
        with st.container(horizontal=True, key="files for programs"):
            downloads(view, programs)


if __name__ == "__main__":
    page()
