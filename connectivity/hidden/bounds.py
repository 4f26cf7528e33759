"""How many premises have a gap and are in need at once: bounds, never a product (method §3)."""

from __future__ import annotations

import numpy as np
import pandas as pd


def both(
    premises: pd.Series, *, gap_low: pd.Series, gap_high: pd.Series, share: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Give the fewest and the most premises that can have a gap and be in need at once.

    No file says which premises are both. Two shares of one area, a and b, leave the share that is both anywhere from
    max(0, a + b − 1) to min(a, b) (Fréchet). The gap has a range of its own: the fewest goes with its lowest estimate,
    the most with its highest.

    Parameters
    ----------
    premises
        All premises of each area.
    gap_low, gap_high
        Lowest and highest count of them that have a gap.
    share
        Share of the area in need, 0–1, taken as a share of its premises.

    Returns
    -------
    tuple
        Fewest and most premises; NaN where any figure is not known.

    Examples
    --------
    Of 100 premises 15 to 20 have a gap and a share of 15% is in need; then 60 to 90 have one, and 30% are:

    >>> fewest, most = both(
    ...     pd.Series([100.0, 100.0]),
    ...     gap_low=pd.Series([15.0, 80.0]),
    ...     gap_high=pd.Series([20.0, 90.0]),
    ...     share=pd.Series([0.15, 0.30]),
    ... )
    >>> fewest.tolist(), most.tolist()
    ([0.0, 10.0], [15.0, 30.0])
    """
    needy = share * premises
    fewest = (gap_low + needy - premises).clip(lower=0)
    known = premises.notna() & gap_low.notna() & gap_high.notna() & share.notna()
    return fewest.where(known), pd.Series(np.minimum(needy, gap_high), index=premises.index).where(known)
