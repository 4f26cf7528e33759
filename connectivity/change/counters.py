"""Who counts the premises of a build: Ofcom, or another source where Ofcom's file by postcode gives shares only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalogue import SOURCES

OFCOM, NOT_RECORDED = "ofcom", "not recorded"
WHO = {
    OFCOM: "Ofcom counts",
    "subsidy": "BDUK lists",
    "dwellings": "The council tax list has",
    "postcode_premises": "The table of premises beside Ofcom’s has",
}
"""How a sentence about more or fewer premises begins."""


def counter_of(manifest: Mapping[str, Any], *, files: Mapping[str, object]) -> str:
    """Name the kind of layer that counts the premises of a build.

    Parameters
    ----------
    manifest
        The build's.
    files
        Its files, by kind of layer.

    Returns
    -------
    str
        A key of ``WHO``; ``not recorded`` for a build by postcode from before that was kept.

    Examples
    --------
    >>> counter_of({"premises_from": None}, files={}), counter_of({}, files={"ofcom_postcode": ()})
    ('ofcom', 'not recorded')
    """
    if "premises_from" not in manifest and "ofcom_postcode" in files:
        return NOT_RECORDED  # 2018 has premises of its own, later releases have not
    return str(manifest.get("premises_from") or OFCOM)


def counter_title(counter: str) -> str:
    """Give a counter's title.

    >>> counter_title("ofcom"), counter_title("dwellings")
    ('Ofcom’s own count', 'Council tax: dwellings by small area')
    """
    if counter == OFCOM:
        return "Ofcom’s own count"
    return SOURCES[counter].title if counter in SOURCES else counter


def counter_notes(counter: str, *, recounted: bool) -> list[str]:
    """Say whose count it is where it is not Ofcom's, and what that takes away.

    Parameters
    ----------
    recounted
        Whether the two builds have different files of it.
    """
    if counter == OFCOM:
        return []
    whose = f"How many premises there are is from another source: {counter_title(counter)}."
    notes = [f"Ofcom’s files by postcode give shares only. {whose} Premises that it lists anew look like new ones."]
    if recounted:
        notes.append("That source’s two files differ, so we do not say how sure a direction is.")
    return notes
