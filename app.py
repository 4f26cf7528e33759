"""Notspot: where slow broadband shuts people out of remote work and digital services, and why.

A table of contents: theme, pages, and the files the browser needs. Start with ``streamlit run app.py``.
"""

import streamlit as st

from connectivity.views import assets, frame, look, state

st.set_page_config(page_title="Notspot", page_icon="static/icon.svg", layout="wide", initial_sidebar_state="collapsed")
cutting = assets.prepare()
style = st.empty()
style.html(look.stylesheet(st.context.theme.type, faces=assets.font_faces(base=state.base_path())))
st.logo("static/logo.svg", size="large")
pages = {
    "": [
        st.Page("connectivity/views/where.py", title="Where are the gaps?", default=True),
        st.Page("connectivity/views/why.py", title="Why here?", url_path="why"),
        st.Page("connectivity/views/postcode.py", title="Check a postcode", url_path="postcode"),
    ],
    "Compare": [
        st.Page("connectivity/views/compare.py", title="Compare two places", url_path="compare"),
        st.Page("connectivity/views/hidden.py", title="Hidden need", url_path="hidden"),
        st.Page("connectivity/views/weightings.py", title="Compare two weightings", url_path="weightings"),
        st.Page("connectivity/views/boundaries.py", title="By ward or parish", url_path="boundary"),
        st.Page("connectivity/views/boundary_pair.py", title="Compare two kinds of boundary", url_path="boundaries"),
        st.Page("connectivity/views/change.py", title="What has changed?", url_path="change"),
    ],
    "Act": [st.Page("connectivity/views/evidence.py", title="Evidence", url_path="evidence")],
    "Trust": [
        st.Page("connectivity/views/sure.py", title="How sure are we?", url_path="sure"),
        st.Page("connectivity/views/quality.py", title="How good are the data?", url_path="quality"),
        st.Page("connectivity/views/sources.py", title="Sources and method", url_path="sources"),
    ],
}
frame.safely(st.navigation(pages, position="top").run)()
if cutting is not None:  # only at the very first start: the page is there, its typefaces follow
    cutting.wait(timeout=assets.WAIT)
    style.html(look.stylesheet(st.context.theme.type, faces=assets.font_faces(base=state.base_path())))
