"""What two kinds of boundary make of the same premises, in words anyone can quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity import statements
from connectivity.claims import Basis, Gap, ProfileKey
from connectivity.reporting import words
from connectivity.reporting.report import NOT_ASSIGNED, PLACE, TWICE
from connectivity.reporting.split import LEAST, TWICE_CUT, WHOLE, Split
from connectivity.words import number
from layers.families import Family

NAMED = 3
"""Places that the sentence names (assumption: as many as one holds); the table has them all."""
AVERAGES = "The larger the places, the more a bad corner is averaged away."


def largest(row: Mapping[Any, Any], *, percent: float, family: Family, profile: ProfileKey, basis: Basis) -> str:
    """Say which place has the largest share by one kind of boundary, with its counts and range."""
    claim = words.claim_of(row, family=family, profile=profile)
    if claim is None:
        return ""
    counts = statements.tooltip(claim, basis=basis)
    share = f"{percent:.0f} in every 100. That is {counts}"
    return f"By {family.singular}, the largest share by the best estimate is in {claim.place}: {share}."


def went(found: Split, claim: Gap, *, family: Family) -> str:
    """Say in which places of the other kind a place's gaps are, those with the most first."""
    profile, places = claim.profile, found.places
    if places.empty:
        return f"None of it lies in any {family.singular} of this study."
    if len(places) == 1 and found.sum_of(NOT_ASSIGNED) < LEAST.value:
        return f"All of it lies in {words.called(str(places['name'].iloc[0]), family=family)}."
    first = places[places[f"{profile}_infeasible"].astype(float).round() > 0].head(NAMED)
    if first.empty:
        return f"It lies in {_many(len(places), family)}, with almost no gaps in any of them."
    named = [
        f"{_about(row, profile)}{'' if at else ' are'} in {words.called(str(row['name']), family=family)}"
        for at, row in enumerate(_rows(first))
    ]
    rest = len(places) - len(first)
    elsewhere = [f"in {rest:,} other {family.singular if rest == 1 else family.plural}"] if rest else []
    elsewhere += ["in none"] if found.sum_of(NOT_ASSIGNED) >= LEAST.value else []
    tail = [f"the rest {' or '.join(elsewhere)}"] if elsewhere else []
    return f"Of these, {_listed([*named, *tail])}."


def made(row: Mapping[Any, Any], *, best_fit: bool) -> str:
    """Say how a row of a split was made, for a table's cell.

    >>> made({"made": "whole"}, best_fit=False), made({"made": "cut"}, best_fit=True)
    ('whole small areas', 'best fit (modelled)')
    """
    if best_fit:
        return "best fit (modelled)"
    if row["made"] == WHOLE:
        return "whole small areas"
    return "both borders cut it (modelled)" if row["made"] == TWICE_CUT else "shared out (modelled)"


def how(found: Split, *, best_fit: bool) -> str:
    """Say what is modelled in a split, and why some of its premises are a range."""
    if best_fit:
        return (
            "A best fit puts each small area whole into the place it fits best, so where the figure went is modelled."
        )
    if not found.modelled:
        return "It is made of whole small areas. Nothing is divided."
    said = "Where a border cuts a small area, its premises and gaps are shared out in proportion: that is modelled."
    if (found.rows["made"] == TWICE_CUT).any():
        said += " Where both borders cut the same small area, we know only bounds, so those premises have a range."
    return said


def adds_up(found: Split, *, family: Family, basis: Basis) -> str:
    """Say that the parts make the place, in premises."""
    parts = [f"{number(found.sum_of(PLACE), exact=True)} in {_many(len(found.places), family)}"]
    parts += [
        f"{number(row['premises'], exact=True)} {row['name']}"
        for row in _rows(found.rows[found.rows["row"] == NOT_ASSIGNED])
    ]
    total = f"{number(float(found.whole['premises']), exact=True)} {basis.unit} = {' + '.join(parts)}"
    again = number(found.sum_of(TWICE), exact=True)
    return f"{total}." if again == "0" else f"{total} − {again} in more than one, as they overlap."


def corners(listed: pd.DataFrame, *, place: str, profile: ProfileKey, basis: Basis) -> str:
    """Say how far the small areas inside a place differ, and which is worst by the best estimate.

    Parameters
    ----------
    listed
        From :func:`connectivity.reporting.split.hidden`.
    place
        What the place is called.
    """
    if len(listed) < 2:  # noqa: PLR2004 - one is no range
        return ""
    low, high = (float(listed["percent"].iloc[at]) for at in (-1, 0))
    worst = Gap.of(listed.iloc[0].to_dict(), profile=profile)
    return (
        f"The average hides corners. We can tell {len(listed):,} small areas apart that lie mostly inside {place}. "
        f"They run from {low:.0f} to {high:.0f} in every 100. The most, by the best estimate, are in {worst.place}. "
        "There it is "
        f"{statements.tooltip(worst, basis=basis)}."
    )


def left_out(count: int, *, family: Family) -> str:
    """Say how many places are not held against others; empty for none."""
    if not count:
        return ""
    return (
        f"{_many(count, family)} {'is' if count == 1 else 'are'} left out here: "
        f"{'it lies' if count == 1 else 'they lie'} in a council whose small areas we cannot tell apart."
    )


def citation(found: Split, claim: Gap, *, family: Family, basis: Basis, best_fit: bool) -> str:
    """Word where a place's figure went, so that it can be quoted with range, source, date and how it was divided."""
    quote = statements.citation(claim, district=f"in the study “{basis.study}”", basis=basis)
    modelled = "; shared out at borders, modelled" if found.modelled else ""
    modelled = "; small areas put whole into the place that fits best" if best_fit else modelled
    return f"{quote.replace(').”', f'{modelled}).')} {went(found, claim, family=family)}”"


def _about(row: Mapping[Any, Any], profile: ProfileKey) -> str:
    low, best, high = (number(row[f"{profile}_infeasible{end}"]) for end in ("_low", "", "_high"))
    return best if low == high else f"about {best} (could be {low} to {high})"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _many(count: int, family: Family) -> str:
    return f"{count:,} {family.singular if count == 1 else family.plural}"
