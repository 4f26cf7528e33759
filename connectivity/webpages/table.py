"""The table of a council's small areas: everything the map shows, in words and numbers, in few bytes.

Closing tags that HTML lets one leave out are left out: a row of a big city's page has some 200 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.about_certainty import NO_RANGE, range_brief
from connectivity.claims.about_certainty import reading as tier_reading
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.claims.grammar import number
from connectivity.method.feasibility import SCORED
from connectivity.quality.page import text

PROFILE: ProfileKey = "remote"
"""The activity that is mapped and listed."""
COLUMNS = (
    *("area_name", "ward_name", "status", "separable", "premises", "premises_unknown"),
    *("remote_infeasible_low", "remote_infeasible", "remote_infeasible_high"),
    *("severity_rank", "rank_p05", "rank_p95", "tier"),
)
"""Of `areas.parquet`, those that the table is made of; the last three only where draws were made."""


def ordered(areas: pd.DataFrame) -> pd.DataFrame:
    """Put areas in the order of the table: the worst first, then those that cannot be told apart, then not scored.

    Parameters
    ----------
    areas
        Indexed by code; `COLUMNS`.
    """
    named = areas.assign(code=areas.index.astype(str))
    scored, apart = named["status"].eq(SCORED), named["separable"].astype(bool)
    parts = (
        named[scored & apart].sort_values(["severity_rank", "code"]),
        named[scored & ~apart].sort_values(["area_name", "code"]),
        named[~scored].sort_values(["area_name", "code"]),
    )
    return pd.concat([part for part in parts if len(part)] or [named]).drop(columns="code")


def table(areas: pd.DataFrame, *, place: str, basis: Basis, letters: Mapping[str, str]) -> str:
    """Write the table.

    Parameters
    ----------
    areas
        As `ordered` gives them.
    place
        Whose they are.
    letters
        Letter of an area on the map, by its code.
    """
    tested = "tier" in areas
    heads = about_plain_pages.heads(basis, tested=tested)
    separable = bool(areas["separable"].all())
    caption = about_plain_pages.caption(place, areas=len(areas), separable=separable)
    titles = "".join(f"<th scope=col>{text(head)}" for head in ("Place", *heads))
    kept = areas[[column for column in COLUMNS if column in areas]]
    lines = zip(kept.index, kept.to_dict("records"), strict=True)
    body = "".join(
        _row(str(code), row, at=at, basis=basis, letter=letters.get(str(code)), columns=len(heads))
        for at, (code, row) in enumerate(lines)
    )
    return f"<table><caption>{text(caption)}<thead><tr>{titles}<tbody>{body}</table>"


def narrow(heads: Sequence[str]) -> str:
    """Write the rules that name each cell where a small screen has no room for columns."""
    rules = "".join(
        f'td:not(.n):nth-child({at}):before{{content:"{head.partition(":")[0]}"}}' for at, head in enumerate(heads, 2)
    )
    return f"@media(max-width:46rem){{{rules}}}"


def anchor(code: str, *, at: int) -> str:
    """Name a row so that an address can lead to it; by its position where its code is no name.

    >>> anchor("E01020398", at=0), anchor("a b", at=7)
    ('E01020398', 'place-7')
    """
    return code if re.fullmatch(r"[A-Z]\d+", code) else f"place-{at}"


def not_enough(row: Mapping[Any, Any], *, place: str, basis: Basis) -> str:
    """Say why a place is not scored, and that this is not “fine”."""
    known = {name: 0.0 if pd.isna(row[name]) else float(row[name]) for name in ("premises", "premises_unknown")}
    unknown, premises = known["premises_unknown"], known["premises"]
    reason = str(row["status"])
    return about_places.not_enough(place, unknown=unknown, premises=premises, reason=reason, basis=basis)


def _row(code: str, row: Mapping[Any, Any], *, at: int, basis: Basis, letter: str | None, columns: int) -> str:
    name, ward = str(row["area_name"]), row.get("ward_name")
    marked = f"<i>{letter}</i> " if letter else ""
    lies = "" if pd.isna(ward) or str(ward) in name else f", {text(ward)}"
    head = f"<tr id={anchor(code, at=at)}><th scope=row>{marked}{text(name)}{lies}"
    if row["status"] != SCORED:
        return f"{head}<td class=n colspan={columns}>{text(not_enough(row, place='this place', basis=basis))}"
    claim = Claim.of_row(row, profile=PROFILE, basis=basis)
    cells = [
        f"{claim.said_best} of {claim.said_of}",
        f"{number(claim.low)} to {number(claim.high)}",
        about_plain_pages.share(claim),
        rank(row),
        *([tier_reading(row["tier"]).cell] if "tier" in row else []),
    ]
    return head + "".join(f"<td>{text(cell)}" for cell in cells)


def rank(row: Mapping[Any, Any]) -> str:
    """Say a rank with its range, or that a council's areas cannot be told apart.

    >>> rank({"separable": True, "severity_rank": 3, "rank_p05": 2.0, "rank_p95": 9.0})
    '3rd worst, between 2 and 9'
    >>> rank({"separable": True, "severity_rank": 3}), rank({"separable": False, "severity_rank": 3})
    ('3rd worst, range not known', 'not told apart')
    """
    said = about_places.rank_brief(int(row["severity_rank"]), separable=bool(row["separable"]))
    if not row["separable"]:
        return said
    known = pd.notna(row.get("rank_p05"))
    return f"{said}, {range_brief(row['rank_p05'], row['rank_p95']) if known else NO_RANGE}"
