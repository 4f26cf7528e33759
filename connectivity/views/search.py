"""Search: a place by what someone typed. Knows no Streamlit."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from connectivity.postcode.postcode_tables import POSTCODES, PostcodeFiles
from connectivity.postcode.typed import read_form


def find(text: str, *, areas: pd.DataFrame, most: int = 5) -> tuple[str | None, list[str]]:
    """Find a place by what someone typed.

    An exact code or name wins, then a beginning that only one place has.

    Returns
    -------
    tuple
        The area code or None, and the codes of the nearest names when there is no single answer.
    """
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return None, []
    if text.strip().upper() in areas.index:
        return text.strip().upper(), []
    columns = [column for column in ("area_name", "official_name", "ward_name") if column in areas]
    lowered = {column: areas[column].astype("string").str.casefold().fillna("") for column in columns}
    for whole in (True, False):
        met = pd.Series(False, index=areas.index)  # noqa: FBT003 - the value to start from
        for names in lowered.values():
            met |= names.eq(wanted) if whole else names.str.startswith(wanted)
        found = [str(code) for code in areas.index[met]]
        if len(found) == 1:
            return found[0], []
        if found:
            return None, found[:most]
    names = lowered["area_name"]
    inside = names.index[names.str.contains(wanted, regex=False)]
    if len(inside):
        return None, [str(code) for code in inside[:most]]
    stems = pd.Series(names.index, index=names.str.replace(r", part \d+$", "", regex=True)).groupby(level=0).first()
    near = difflib.get_close_matches(wanted, list(stems.index), n=most, cutoff=0.5)
    return None, [str(stems[name]) for name in near]


def resolve(text: str, *, areas: pd.DataFrame, folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Find the one place that a code, a name or a postcode names; None when there is no single answer."""
    code = text if text in areas.index else find(text, areas=areas)[0]
    return code or find_postcode(text, folder=folder, manifest=manifest)


def is_postcode(text: str) -> bool:
    """Say whether what was typed has the shape of a whole postcode."""
    return read_form(text).shape == "whole"


def find_postcode(text: str, *, folder: Path, manifest: Mapping[str, Any]) -> str | None:
    """Find the small area of a live postcode of the build in `folder`; None for any other text."""
    if not is_postcode(text) or not (folder / POSTCODES).exists():
        return None
    row = PostcodeFiles(folder, dict(manifest)).postcode(read_form(text).code)
    return str(row["area_code"]) if row and row["live"] else None
