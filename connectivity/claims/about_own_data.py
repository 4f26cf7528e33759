"""Sentences about a reader's own data: what was understood, what became of each row, how it stands beside ours."""

from __future__ import annotations

from collections.abc import Sequence

from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.claims.grammar import number
from connectivity.method.profiles import FEWEST
from connectivity.own_data.own_rows import Figures, Own, Points, Unit
from connectivity.own_data.own_summary import Fifth
from layers.errors import several
from layers.ledger import Unused

PRIVATE = (
    "Your file is held in memory, for you alone, while this tab is open. It is not saved and it is not in the link. "
    "“Remove it” forgets it at once. Once you close the tab, nobody can open it again."
)
ACTIVITIES: dict[ProfileKey, str] = {"remote": "home working", "digital": "online services"}
PLACES: dict[Unit, str] = {"area": "small areas", "district": "councils"}
CANNOT_TELL = (
    "The table shows two things side by side. It does not say why they go together, or whether one leads to the other."
)
ZOOMED = (
    "The map opens close to your data. Press − to see more around it. "
    "Where a name has no room, point at its circle, or look in the table."
)
NEAR_A_BORDER = (
    "Coordinates are placed by the outlines on the map. Those are simplified in some studies, so a point close to a "
    "border may count in the place next to it."
)
BY_DIRECTORY = "Each postcode counts in the small area that the postcode directory gives it."


def understood(own: Own, *, places: int) -> str:
    """Say what a file was read as.

    Parameters
    ----------
    places
        How many small areas, or councils, the study has.
    """
    if isinstance(own, Points):
        start = f"{several(own.rows, 'row')}, read as points from {_columns(own)}. "
        areas = own.table["area_code"].nunique()
        said = f"{several(len(own.table), 'point lies', 'points lie')} in {several(areas, 'small area')} of this study."
        return start + said
    start = f"{several(own.rows, 'row')}, read as figures for {PLACES[own.unit]} by the codes in “{own.column}”. "
    return start + f"{len(own.table):,} of the {places:,} {PLACES[own.unit]} of this study are in the file."


def accounting(own: Own) -> str:
    """Say what became of every row of the file: rows in = used + not used, by reason."""
    parts = [f"{len(own.table):,} used", *(_unused(one) for one in own.unused if one.count)]
    return f"{several(own.rows, 'row')} = {' + '.join(parts)}."


def outside(own: Own) -> str:
    """Say first what a reader must not miss: rows that are not used although they hold something; else empty."""
    left_out = [one for one in own.unused if one.count and not one.harmless]
    count = sum(one.count for one in left_out)
    if not count:
        return ""
    why = "; ".join(f"{one.count:,} {one.why}" for one in left_out)
    return f"{several(count, 'row is', 'rows are')} not on the map or in the table ({why})."


def without(own: Figures, column: str, *, places: int) -> str:
    """Say how many places have no figure in a column; never that it is 0."""
    known = int(own.table[column].notna().sum())
    held = own.withheld.get(column, 0)
    marks = f" In {held:,} of them a mark such as [x] stands in the cell." if held else ""
    noun = PLACES[own.unit]
    if known == places:
        return f"Each of the {places:,} {noun} has a figure."
    lack = "has" if places - known == 1 else "have"
    return f"{places - known:,} of {places:,} {noun} {lack} no figure in “{column}”. No figure is not 0.{marks}"


def not_located(points: Points) -> str:
    """Say how many points are in the table and not on the map; empty when all are."""
    count = int(points.table["easting"].isna().sum())
    if not count:
        return ""
    return f"{several(count, 'postcode has', 'postcodes have')} no location any more: in the table, not on the map."


def not_scored(areas: int, *, of: int) -> str:
    """Say how many of the areas that hold points have no score; empty when all have."""
    if not areas:
        return ""
    return f"{areas:,} of the {several(of, 'small area')} have not enough data. They are not in this figure."


def whole_areas(basis: Basis) -> str:
    """Say that the figures beside a point are its small area's."""
    return (
        f"The {basis.unit} beside each point are those of the whole small area it lies in. "
        "They say nothing about the building itself."
    )


def figure(value: float) -> str:
    """Write a reader's own figure, as exactly as they gave it, up to two decimals.

    >>> figure(1234.0), figure(0.125), figure(-3.5)
    ('1,234', '0.12', '-3.5')
    """
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def by_fifths(column: str, groups: Sequence[Fifth], *, unit: Unit, basis: Basis) -> str:
    """Say how the places with the lowest and the highest figures differ in their gaps, as counts."""
    first, last = groups[0], groups[-1]
    verb = "had" if basis.measured else "have"
    noun = PLACES[unit]
    return (
        f"In the {first.places:,} {noun} with the lowest “{column}”, {_counted(first.gap, basis)} {verb} "
        f"a gap for {ACTIVITIES[first.gap.profile]}. "
        f"In the {last.places:,} {noun} with the highest, {_counted(last.gap, basis)}."
        f"{_apart(first.gap, last.gap)}"
    )


def span(group: Fifth) -> str:
    """Write from which figure to which a group goes."""
    low, high = figure(group.low), figure(group.high)
    return low if low == high else f"{low} to {high}"


def in_a_hundred(gap: Claim) -> str:
    """Write a gap as so many in every hundred, or that there are too few."""
    return "too few to say" if gap.premises < FEWEST.value else f"{100 * gap.best / gap.premises:.1f}"


def _apart(one: Claim, other: Claim) -> str:
    """Say that two shares cannot be told apart, where their ranges overlap."""
    low, high = (one.low / one.premises, one.high / one.premises)
    overlap = low <= other.high / other.premises and other.low / other.premises <= high
    return " As shares, the two ranges overlap: we cannot say which is larger." if overlap else ""


def _counted(gap: Claim, basis: Basis) -> str:
    certain = number(gap.low) == number(gap.high)
    said = f"{'' if certain else 'about '}{number(gap.best)} of {number(gap.premises)} {basis.unit}"
    return said if certain else f"{said} (could be {number(gap.low)} to {number(gap.high)})"


def _columns(points: Points) -> str:
    if not points.columns:
        return "the points in the layer"
    listed = " and ".join(f"“{column}”" for column in points.columns)
    return f"the column{'s' if len(points.columns) > 1 else ''} {listed}"


def _unused(one: Unused) -> str:
    where = f" ({'such as ' if one.harmless else ''}{', '.join(one.examples)})" if one.examples else ""
    return f"{one.count:,} {one.why}{where}"
