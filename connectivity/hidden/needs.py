"""Which figures on need are a share of people or homes, so that they can be held against gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from connectivity.method.goalposts import INDICATORS


@dataclass(frozen=True, slots=True)
class Need:
    """A share of an area's people or homes.

    Attributes
    ----------
    key
        The word a link holds.
    column
        The raw column of the indicators, 0–1.
    indicators
        Keys of the indicators that hold it.
    label
        What it counts, for a heading.
    those
        Whom the share counts, after "in every 100".
    which
        What counts: homes, or neighbourhoods in which homes stand.
    """

    key: str
    column: str
    indicators: tuple[str, ...]
    label: str
    those: str
    which: str


NEEDS = {
    need.key: need
    for need in (
        Need(
            "low_income",
            "income_rate",
            ("income_employment_2019", "income_employment_2025"),
            "Low income",
            "people are on a low income",
            "homes on a low income",
        ),
        Need(
            "deprived",
            "deprived_households_share",
            ("deprived_households",),
            "Deprived homes",
            "households are deprived in two or more ways",
            "homes deprived in two or more ways",
        ),
        Need(
            "disabled",
            "disabled_share",
            ("disabled_residents",),
            "Disabled people",
            "people are disabled",
            "homes of disabled people",
        ),
        Need(
            "older",
            "older_share",
            ("older_residents",),
            "Older people",
            "people are 65 or over",
            "homes of people aged 65 or over",
        ),
        Need(
            "hard_pressed",
            "hard_pressed_share",
            ("hard_pressed_proxy",),
            "Hard-pressed neighbourhoods",
            "neighbourhoods are classed as hard-pressed",
            "neighbourhoods classed as hard-pressed",
        ),
        Need(
            "ageing",
            "ageing_share",
            ("ageing_proxy",),
            "Ageing neighbourhoods",
            "neighbourhoods are classed as ageing",
            "neighbourhoods classed as ageing",
        ),
    )
}
"""The shares that can be bounded, the first in a study shown first. The rate of people out of work is not among them:
it counts people of working age only, and is no share of homes."""


@dataclass(frozen=True, slots=True)
class Known:
    """A need as a study has it.

    Attributes
    ----------
    need
        What it is.
    shares
        0–1 by area code; NaN where not known.
    source
        Whose figure it is.
    proxy
        Whether it is a stand-in for need.
    """

    need: Need
    shares: pd.Series
    source: str
    proxy: bool


def known(manifest: Mapping[str, Any], *, areas: pd.DataFrame, facts: pd.DataFrame | None) -> dict[str, Known]:
    """Find the needs of a build that are a share of people or homes.

    Parameters
    ----------
    manifest, areas
        Of the build.
    facts
        The raw columns that a build with draws keeps (`connectivity.robustness.kept`); None without draws. An
        indicator that is the mean of two rates is no share, so only its raw columns will do.

    Returns
    -------
    dict
        By key, in the order of `NEEDS`.
    """
    found = {}
    ours = {one["key"]: one for one in declared(manifest)}
    for need in NEEDS.values():
        for key in need.indicators:
            if key not in ours:
                continue
            one = ours[key]
            shares = _shares(need, one, areas=areas, facts=facts)
            if shares is not None:
                found[need.key] = Known(need, shares, str(one["source"]), bool(one["proxy"]))
    return found


def declared(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the figures a build marks need by."""
    return [one for one in manifest["indicators"] if one["dimension"] == "need"]


def _shares(need: Need, one: Mapping[str, Any], *, areas: pd.DataFrame, facts: pd.DataFrame | None) -> pd.Series | None:
    if facts is not None and need.column in facts:
        kept: pd.Series = facts[need.column].astype(float).reindex(areas.index)
        return kept
    alone = INDICATORS[one["key"]].columns == (need.column,)
    if alone and one["unit"] == "%" and one["column"] in areas:
        hundredths: pd.Series = areas[one["column"]].astype(float) / 100
        return hundredths
    return None
