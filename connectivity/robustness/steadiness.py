"""Small numbers: how far the share of a place with few premises could swing, had a few of them been otherwise."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from connectivity.method.profiles import FEWEST
from layers.figures import Figure

Steadiness = Literal["not ranked", "swings", "fairly steady", "steady"]
STANDARD_ERRORS = Figure(1.96, "standard errors", "width of the band: 95 of 100", "Wilson (1927)")
SWINGS = Figure(50, "premises", "under it, one premises moves the share by more than 2 points", "assumption")
STEADY = Figure(200, "premises", "from here on, one premises moves the share by at most half a point", "assumption")
WORDS: dict[Steadiness, str] = {
    "not ranked": f"fewer than {FEWEST.value:g} premises: not ranked",
    "swings": f"fewer than {SWINGS.value:g} premises: one of them moves the share by over 2 points",
    "fairly steady": f"fewer than {STEADY.value:g} premises: one of them moves the share by over half a point",
    "steady": f"{STEADY.value:g} premises or more: one of them hardly moves the share",
}


def steadiness(premises: pd.Series) -> pd.Series:
    """Say of each area how steady a share of its premises can be.

    Examples
    --------
    >>> steadiness(pd.Series([9, 10, 50, 200])).tolist()
    ['not ranked', 'swings', 'fairly steady', 'steady']
    """
    limits = [FEWEST.value, SWINGS.value, STEADY.value]
    found = np.array(list(WORDS), dtype=object)[np.searchsorted(limits, premises.fillna(0), side="right")]
    return pd.Series(found, index=premises.index, name="steadiness", dtype=object)


def band(share: pd.Series, *, premises: pd.Series) -> pd.DataFrame:
    """Give the stability band of a share: Wilson's interval, as if premises like these had been built again.

    The published counts are not a sample; the band says how far chance alone could move so small a share, so that two
    hamlets are not told apart by one house.

    Parameters
    ----------
    share
        0 to 1.
    premises
        Of the area; under ten there is no band (method §3).

    Returns
    -------
    pandas.DataFrame
        ``low, high``, 0 to 1, with the share between them; NaN where there is no share or there are too few premises.

    Examples
    --------
    >>> band(pd.Series([0.5, 0.5, 0.5]), premises=pd.Series([9, 20, 2000])).round(2).to_numpy().tolist()
    [[nan, nan], [0.3, 0.7], [0.48, 0.52]]
    """
    count = premises.where(premises >= FEWEST.value)
    z = STANDARD_ERRORS.value
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return pd.DataFrame({"low": (centre - half).clip(lower=0), "high": (centre + half).clip(upper=1)})
