"""Notspot, a table of contents: theme, pages, and the files the browser needs. Start: ``streamlit run app.py``."""

import streamlit as st

from connectivity.views import assets, contents, frame, look, state

st.set_page_config(page_title="Notspot", page_icon="static/icon.svg", layout="wide", initial_sidebar_state="collapsed")
assets.prepare()
st.html(look.stylesheet(st.context.theme.type, faces=assets.font_faces(base=state.base_path())))
st.logo("static/logo.svg", size="large")
pages = [
    st.Page(
        f"{contents.FOLDER}/{one.file}.py",
        title=one.title,
        url_path=one.address,
        default=not one.address,
        visibility="hidden" if contents.door_of(one.address) else "visible",
    )
    for one in contents.contents_entries()
]
frame.safely(st.navigation(pages, position="top").run)()
