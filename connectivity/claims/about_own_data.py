"""Sentences about a reader's own data: what was understood, what became of each row, how it stands beside ours.

What became of the rows of a reader's file is no figure of the study, so it is said of the rows as they were read.
"""

from __future__ import annotations

from connectivity.claims.claim import Basis, Claim, Form, ProfileKey, Sentence, wording
from connectivity.claims.grammar import listed, number, plural, several
from connectivity.own_data.own_rows import Own, Points
from connectivity.own_data.own_summary import Fifth
from layers.ledger import Unused

PRIVATE = (
    "Your file is held in memory, for you alone, while this tab is open. It is not saved and it is not in the link. "
    "“Remove it” forgets it at once. Once you close the tab, nobody can open it again."
)
ACTIVITIES: dict[ProfileKey, str] = {"remote": "home working", "digital": "online services"}
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


@wording("own_data.points")
def points_placed(claim: Claim, _form: Form) -> Sentence:
    """Say that a file was read as points, and in how many small areas they lie."""
    told = claim.details
    start = f"{several(told['rows'], 'row')}, read as points from {_columns(told['columns'])}. "
    lie = several(told["points"], "point lies", "points lie")
    return Sentence("", f"{start}{lie} in {several(round(claim.best), 'small area')} of this study.")


@wording("own_data.figures")
def figures_placed(claim: Claim, _form: Form) -> Sentence:
    """Say that a file was read as figures, and for how many of the places."""
    told = claim.details
    start = f"{several(told['rows'], 'row')}, read as figures for {told['places']} by the codes in “{told['column']}”. "
    many, of = number(claim.best, exact=True), number(claim.of, exact=True)
    return Sentence("", f"{start}{many} of the {of} {told['places']} of this study are in the file.")


@wording("own_data.without")
def places_without_figure(claim: Claim, _form: Form) -> Sentence:
    """Say how many places have no figure in a column; never that it is 0.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> told = {"column": "Loans", "withheld": 1, "places": "small areas"}
    >>> str(Claim.of_places("own_data.without", "Demo", 4, of=6, basis=here, details=told).say())
    '4 of 6 small areas have no figure in “Loans”. No figure is not 0. In 1 of them a mark such as [x] stands in the \
cell.'
    """
    told = claim.details
    if not claim.best:
        return Sentence("", f"Each of the {number(claim.of, exact=True)} {told['places']} has a figure.")
    marks = (
        f" In {number(told['withheld'], exact=True)} of them a mark such as [x] stands in the cell."
        if told["withheld"]
        else ""
    )
    many, have = number(claim.best, exact=True), plural(claim.best, "has", "have")
    some = f"{many} of {number(claim.of, exact=True)} {told['places']} {have} no figure in “{told['column']}”."
    return Sentence("", f"{some} No figure is not 0.{marks}")


@wording("own_data.redrawn")
def redrawn_without_figure(claim: Claim, _form: Form) -> Sentence:
    """Say that no area redrawn for 2021 has a figure, so that the codes may be older."""
    one = "The one small area that was redrawn for 2021 has no figure."
    many = f"None of the {number(claim.best, exact=True)} small areas that were redrawn for 2021 has a figure."
    said = one if claim.best == 1 else many
    return Sentence("", f"{said} The codes may be those of 2011: check which year they are.")


@wording("own_data.not_scored")
def point_areas_not_scored(claim: Claim, _form: Form) -> Sentence:
    """Say how many of the areas that hold points have no score."""
    areas, have = several(round(claim.of), "small area"), plural(claim.best, "has", "have")
    many, them = number(claim.best, exact=True), plural(claim.best, "It is", "They are")
    return Sentence("", f"{many} of the {areas} {have} not enough data. {them} not in this figure.")


@wording("own_data.fifths")
def gap_by_fifths(claim: Claim, _form: Form) -> Sentence:
    """Say how the places with the lowest and the highest figures differ in their gaps, as counts."""
    told, verb = claim.details, "had" if claim.basis.measured else plural(round(claim.best), "has", "have")
    few, many = (number(count, exact=True) for count in told["counts"])
    overlap = " As shares, the two ranges overlap: we cannot say which is larger." if told["overlap"] else ""
    return Sentence(
        "",
        f"In the {few} {told['places']} with the lowest “{told['column']}”, {_counted(claim)} {verb} "
        f"a gap for {ACTIVITIES[told['activity']]}. "
        f"In the {many} {told['places']} with the highest, {_counted(told['highest'])}.{overlap}",
    )


def rows_accounted(own: Own) -> str:
    """Say what became of every row of the file: rows in = used + not used, by reason."""
    parts = [f"{len(own.table):,} used", *(_unused(one) for one in own.unused if one.count)]
    return f"{several(own.rows, 'row')} = {' + '.join(parts)}."


def rows_outside(own: Own) -> str:
    """Say first what a reader must not miss: rows that are not used although they hold something; else empty."""
    left_out = [one for one in own.unused if one.count and not one.harmless]
    count = sum(one.count for one in left_out)
    if not count:
        return ""
    why = "; ".join(f"{one.count:,} {one.why}" for one in left_out)
    return f"{several(count, 'row is', 'rows are')} not on the map or in the table ({why})."


def points_not_located(points: Points) -> str:
    """Say how many points are in the table and not on the map; empty when all are."""
    count = int(points.table["easting"].isna().sum())
    if not count:
        return ""
    return f"{several(count, 'postcode has', 'postcodes have')} no location any more: in the table, not on the map."


def whole_areas(basis: Basis) -> str:
    """Say that the figures beside a point are its small area's."""
    return (
        f"The {basis.unit} beside each point are those of the whole small area it lies in. "
        "They say nothing about the building itself."
    )


def own_figure(value: float) -> str:
    """Write a reader's own figure, as exactly as they gave it, up to two decimals.

    >>> own_figure(1234.0), own_figure(0.125), own_figure(-3.5)
    ('1,234', '0.12', '-3.5')
    """
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def own_span(group: Fifth) -> str:
    """Write from which figure to which a group goes."""
    low, high = own_figure(group.low), own_figure(group.high)
    return low if low == high else f"{low} to {high}"


def _counted(gap: Claim) -> str:
    lead, of = gap.lead
    return f"{lead} of {of} {gap.unit}{gap.in_brackets}"


def _columns(columns: tuple[str, ...]) -> str:
    if not columns:
        return "the points in the layer"
    return f"the column{plural(len(columns))} {listed([f'“{column}”' for column in columns])}"


def _unused(one: Unused) -> str:
    where = f" ({'such as ' if one.harmless else ''}{', '.join(one.examples)})" if one.examples else ""
    return f"{one.count:,} {one.why}{where}"
