"""Change between releases: counts of the same thing at two times, and what the difference is made of.

An area has N premises, K of them of unknown speed, and I that cannot do an activity (best estimate). With p = I / N,
and a bar for the mean of old and new::

    I_new - I_old = (N - K)bar * dp  +  Kbar * dp  +  pbar * dN
                    speed effect       unknown      premises effect

Exact, without a rest, and the same but for its sign when old and new change places (Bennet 1920). Totals are sums over
areas. ``docs/change.md`` has a worked example, decision 0006 the reasons.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.figures import Figure

NO_CHANGE = Figure(0.5, "premises", "a best estimate that moves less has not changed", "assumption")
EFFECTS = ("speed_effect", "unknown_effect", "premises_effect", "definition_effect")
"""Together exactly ``change``; empty ones cannot be told apart from the definition's."""
GROSS = ("newly_able_at_least", "newly_unable_at_least")
REDEFINED, CORRECTED, RECOUNTED = "definition changed", "correction", "premises counted anew"


def effects(old: pd.DataFrame, new: pd.DataFrame, *, redefined: bool = False) -> pd.DataFrame:
    """Split the change of each row into what it is made of.

    Parameters
    ----------
    old, new
        Same index; ``premises, unknown, low, best, high``, in premises; ``premises`` above 0 where ``best`` is known.
    redefined
        Whether the count means something else in the new build: then all of its change stands under
        ``definition_effect``, and nothing is called better or worse.

    Returns
    -------
    pandas.DataFrame
        ``change``; the four of ``EFFECTS``, which sum to it; the two of ``GROSS``; NaN where not known.
    """
    change = new["best"] - old["best"]
    unknown = pd.Series(float("nan"), index=change.index)
    if redefined:
        parts = dict.fromkeys(EFFECTS, unknown) | {"definition_effect": change}
        return pd.DataFrame({"change": change, **parts, **dict.fromkeys(GROSS, unknown)})
    share_old, share_new = (side["best"] / side["premises"].where(side["premises"] > 0) for side in (old, new))
    step, middle = share_new - share_old, (share_old + share_new) / 2
    known = ((old["premises"] - old["unknown"]) + (new["premises"] - new["unknown"])) / 2
    rate = (old["premises"] + new["premises"]) / 2 * step
    return pd.DataFrame(
        {
            "change": change,
            "speed_effect": known * step,
            "unknown_effect": (old["unknown"] + new["unknown"]) / 2 * step,
            "premises_effect": middle * (new["premises"] - old["premises"]),
            "definition_effect": change.mask(change.notna(), 0.0),
            "newly_able_at_least": (-rate).clip(lower=0),
            "newly_unable_at_least": rate.clip(lower=0),
        }
    )


def certainty(table: pd.DataFrame, *, instead: str | None = None) -> pd.Series:
    """Say how sure the direction of each row's change is.

    Parameters
    ----------
    table
        ``old_low, old, old_high, new_low, new, new_high`` and ``speed_effect``, which is empty where the count was
        redefined.
    instead
        What is said in place of a direction, where none may be called sure or likely.

    Returns
    -------
    pandas.Series
        ``sure fall`` or ``sure rise``: the two ranges do not touch. ``likely …``: lowest, best and highest estimate
        all moved that way. ``no change``: the best estimate stayed. Else ``unclear``. ``definition changed`` says
        nothing of better or worse. Missing where a figure is.
    """
    moves = [table[f"new{end}"] - table[f"old{end}"] for end in ("_low", "", "_high")]
    chosen = np.select(
        [
            table["old"].isna() | table["new"].isna(),
            table["speed_effect"].isna(),
            table["new_high"] < table["old_low"],
            table["new_low"] > table["old_high"],
            moves[1].abs() < NO_CHANGE.value,
            np.logical_and.reduce([move <= 0 for move in moves]),
            np.logical_and.reduce([move >= 0 for move in moves]),
        ],
        ["", REDEFINED, "sure fall", "sure rise", "no change", "likely fall", "likely rise"],
        "unclear",
    )
    said = pd.Series(chosen, index=table.index, dtype="str")
    if instead is not None:
        said = said.mask(~said.isin(["", REDEFINED]), instead)
    return said.where(said.ne(""))
