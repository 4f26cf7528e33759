"""Text that any document can hold: what cannot be printed, or would turn the words around it, is written as its code.

It is done once, where a pack's makers get their words, so that every file of a pack has the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import geopandas as gpd
import pandas as pd

from connectivity.claims.claim import Provenance, Sentence

BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
"""Ends of lines and tabs: a space says as much in a sentence or a cell."""
UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U0001fffe\U0001ffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Controls, marks of direction, what is not seen, halves of pairs, and what Unicode or XML 1.0 leaves out (§2.2)."""
T = TypeVar("T")


def fit_for_print(text: str) -> str:
    r"""Write what no document can hold as its code, and ends of lines as spaces.

    >>> print(fit_for_print("Bere" + chr(0x202E) + "Regis" + chr(10) + "Wareham" + chr(7)))
    Bere\u202eRegis Wareham\x07
    """
    if not UNFIT.search(text):
        return text
    return UNFIT.sub(lambda one: one[0].encode("unicode_escape").decode(), BREAKS.sub(" ", text))


def fit_areas(areas: gpd.GeoDataFrame, *, replaced: list[str]) -> gpd.GeoDataFrame:
    """Return areas whose texts any document can hold; themselves where all can.

    Parameters
    ----------
    areas
        Of a build.
    replaced
        Gets every text in which something was replaced, as it now stands.
    """
    changed = {}
    for column in areas.columns[areas.dtypes.map(pd.api.types.is_string_dtype)]:
        fit = {text: fit_for_print(text) for text in areas[column].dropna().unique() if UNFIT.search(text)}
        if fit:
            changed[column] = areas[column].replace(fit)
            replaced.extend(fit.values())
    return areas.assign(**changed) if changed else areas


def fit_words(value: T, *, replaced: list[str]) -> T:
    """Return a record, and all the texts in it, as any document can hold it; itself where it can.

    Parameters
    ----------
    value
        Text, or a record, tuple or mapping of such, however deep.
    replaced
        Gets every text in which something was replaced, as it now stands.
    """
    return cast("T", _fit(value, replaced))


def _fit(value: Any, replaced: list[str]) -> Any:  # noqa: ANN401 - whatever a record holds
    if isinstance(value, str):
        return _fit_text(value, replaced)
    if isinstance(value, tuple):
        made = [_fit(one, replaced) for one in value]
        return value if all(map(_is, made, value)) else type(value)(made)
    if isinstance(value, Mapping):
        known = {key: _fit(one, replaced) for key, one in value.items()}
        return value if all(known[key] is value[key] for key in known) else known
    if is_dataclass(value) and not isinstance(value, type | Provenance):  # a provenance holds codes by the thousand
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        new = {name: _fit(one, replaced) for name, one in parts.items()}
        return value if all(new[name] is parts[name] for name in new) else replace(value, **new)
    return value


def _fit_text(value: str, replaced: list[str]) -> str:
    if not UNFIT.search(value):
        return value
    shown = fit_for_print(value)
    replaced.append(shown)
    if isinstance(value, Sentence):
        return Sentence(fit_for_print(value.marked), fit_for_print(value.rest), before=fit_for_print(value.before))
    return shown


def _is(one: object, other: object) -> bool:
    return one is other
