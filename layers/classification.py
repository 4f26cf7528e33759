"""A stand-in for need, from the 2011 output area classification: what kind of neighbourhoods an area is made of.

The names are ONS's own (2011 Area Classification for Output Areas). It describes 2011, in classes and not in counts of
people; every page that shows it says "proxy".
"""

from __future__ import annotations

import pandas as pd

HARD_PRESSED = ("7", "8")
"""Supergroups 7 "Constrained city dwellers" and 8 "Hard-pressed living" (assumption: these stand for low income)."""
AGEING = ("1C", "5B", "7D", "8C")
"""Groups ONS names ageing: ageing rural dwellers, ageing urban living, ageing city dwellers, hard-pressed ageing
workers (assumption: these stand for older residents)."""


def need_proxy(output_areas: pd.DataFrame, *, areas: pd.Index) -> pd.DataFrame:
    """Share of an area's classified output areas that are hard-pressed, and that are ageing.

    Parameters
    ----------
    output_areas
        Columns ``area_code`` and ``group`` (blank where unknown).
    areas
        The spine's area codes.

    Returns
    -------
    pandas.DataFrame
        Index `areas`; ``hard_pressed_share`` and ``ageing_share`` between 0 and 1; NaN when no output area of the
        area is classified.
    """
    known = output_areas[output_areas["group"].str.match(r"^[1-8][A-D]")]
    shares = pd.DataFrame(
        {
            "hard_pressed_share": known["group"].str[:1].isin(HARD_PRESSED),
            "ageing_share": known["group"].str[:2].isin(AGEING),
        }
    )
    return shares.groupby(known["area_code"]).mean().reindex(areas)
