"""A box in which a reader hands over a file, which never leaves memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.uploaded_file_manager import UploadedFile

from connectivity.own_data.uploaded_sheet import LARGEST, MEGABYTE

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
