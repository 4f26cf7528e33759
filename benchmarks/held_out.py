"""Does the index of 2013 find what it was not told: Ofcom's superfast flag, and what is rural?"""

from __future__ import annotations

import pandas as pd

from connectivity.robustness.ranks import worst_tenth
from connectivity.robustness.whole_index import spearman
from layers.coverage import Coverage

RURAL = "Rural"
"""How the names of the rural classes begin (ONS rural–urban classification)."""


def flagged(coverage: Coverage) -> pd.Series:
    """Share of each area's lines that are in postcodes Ofcom flags superfast, 0 to 1."""
    if coverage.able is None:
        raise ValueError("the release has no such flag")
    return coverage.able[coverage.columns].sum(axis=1) / coverage.table["matched"]


def chance_worse(score: pd.Series, *, group: pd.Series) -> float:
    """Chance that an area of the group scores worse than one outside it; ties count half (Mann and Whitney 1947).

    Examples
    --------
    >>> chance_worse(pd.Series([9.0, 5.0, 1.0]), group=pd.Series([True, False, True]))
    0.5
    """
    inside, outside = int(group.sum()), int((~group).sum())
    return float((score.rank()[group].sum() - inside * (inside + 1) / 2) / (inside * outside))


def held_out(areas: pd.DataFrame, *, coverage: Coverage) -> pd.DataFrame:
    """Compare the score, and home working alone, with the two facts.

    Returns
    -------
    pandas.DataFrame
        Rows ``score`` and ``score_remote``; columns ``flag``, ``flag_urban``, ``flag_rural`` (Spearman),
        ``rural_worse`` (chance) and ``rural_in_tenth`` (share of the worst tenth).
    """
    scored = areas.dropna(subset=["score"])
    rural = scored["rural_urban"].str.startswith(RURAL)
    flag = flagged(coverage).reindex(scored.index)
    rows = {}
    for name in ("score", "score_remote"):
        values = scored[name]
        rows[name] = {
            "flag": spearman(values, flag),
            "flag_urban": spearman(values[~rural], flag[~rural]),
            "flag_rural": spearman(values[rural], flag[rural]),
            "rural_worse": chance_worse(values, group=rural),
            "rural_in_tenth": float(rural[worst_tenth(values)].mean()),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def section(areas: pd.DataFrame, *, coverage: Coverage) -> str:
    """Write the section of docs/validation.md."""
    found = held_out(areas, coverage=coverage)
    rural = float(areas["rural_urban"].str.startswith(RURAL).mean())
    words = {"score": "the score", "score_remote": "home working alone"}
    rows = [
        f"| {words[str(name)]} | {row.flag:.2f} | {row.flag_urban:.2f} | {row.flag_rural:.2f} | "
        f"{row.rural_worse:.0%} | {row.rural_in_tenth:.0%} |"
        for name, row in zip(found.index, found.itertuples(), strict=True)
    ]
    return "\n".join([HEAD.format(rural=rural), *rows, "", TAIL, ""])


HEAD = """# Does it find what it was not told?

Two facts of 2013 are in no score: whether Ofcom flags a postcode superfast, and whether ONS calls an area rural
({rural:.0%} of these are). The first three columns are Spearman correlations with the share of lines in flagged
postcodes; then come the chance that a rural area is worse than an urban one, and how much of the worst tenth is rural.

| | flag | flag, urban areas | flag, rural areas | rural is worse | worst tenth rural |
|---|--:|--:|--:|--:|--:|"""
TAIL = """A flag says what could be had and the score what was measured, so the two need not agree; they do, and within
town and country too. Distances are in the score and are longer in the country; home working alone has none of them."""
