"""Sentences about a place of any boundary: its number, its denominator, when it is of, and how it was divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectivity import statements
from connectivity.claims import Basis, Gap, ProfileKey
from connectivity.method.profiles import FEWEST
from connectivity.reporting.report import Report
from connectivity.words import number
from layers.families import POLYGON, Family
from layers.figures import Figure

CALLED = {
    "ward": "{} ward",
    "parish": "{} parish",
    "constituency": "the {} constituency",
    "old_district": "the old council of {}",
    "lep": "the {} LEP area or its successor",
    "region": "the {} region",
}
"""How a place is called in a sentence; any other by its name alone."""
MINE = "the shape you gave"
NOTICED = Figure(0.02, "of a shape's ground", "beyond the study is worth a word", "assumption: less is a drawn edge")


def called(name: str, *, family: Family) -> str:
    """Call a place in a sentence by what it is; a name that says so already is not doubled.

    >>> from layers.families import family_of
    >>> called("Beaminster", family=family_of("ward")), called("Dorset", family=family_of("district"))
    ('Beaminster ward', 'Dorset')
    """
    if family.singular == POLYGON.singular:
        return MINE if name.startswith("Shape ") else name
    kind = next((words for key, words in CALLED.items() if family.name.split("_20")[0] == key), "{}")
    return kind.format(name.removesuffix(" Ward"))


def claim_of(row: Mapping[Any, Any], *, family: Family, profile: ProfileKey) -> Gap | None:
    """Take a place's counts as a claim about its scored premises; None where no area of it is scored."""
    if not row["premises_scored"] > 0:
        return None
    counts = {**row, "premises": row["premises_scored"]}
    return Gap.of(counts, profile=profile, place=called(str(row["name"]), family=family))


def caveats(row: Mapping[Any, Any], *, report: Report, basis: Basis) -> list[str]:
    """Say what a reader of a place's figure has to know: how it was made, what it leaves out, what is counted."""
    said = [_divided(row, report=report, basis=basis)]
    if not report.family.own and report.family.name not in {"district", "old_district"}:
        said.append("What lies outside this study is not counted.")
    left_out = row["premises"] - row["premises_scored"]
    if row["premises_scored"] > 0 and round(left_out) > 0:
        said.append(
            f"{number(left_out, exact=True)} more {basis.unit} there are in small areas without enough data. "
            "They are not in the figure, and we do not say they are fine."
        )
    if 0 < row["premises_scored"] < FEWEST.value:
        said.append(f"Fewer than {FEWEST.value:g} {basis.unit} stand there: too few for a percentage.")
    said += [statements.measured(basis), f"{statements.modelled(basis)} {statements.counted(basis)}".strip()]
    return [sentence for sentence in said if sentence]


def nothing_there(row: Mapping[Any, Any], *, family: Family, basis: Basis) -> str:
    """Say that a place has no premises of the study, or none in an area that could be scored."""
    place = called(str(row["name"]), family=family)
    if round(row["premises"], 2) > 0:
        count = number(row["premises"], exact=True)
        return f"We do not have enough data for {place}: {count} {basis.unit}, none in a small area with a score."
    return f"No {basis.unit} of this study stand in {place}. It may lie in the sea, or where the study does not reach."


def reaches_beyond(share: float, *, basis: Basis) -> str:
    """Say that part of a shape lies where the study has nothing; empty when hardly any does.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> reaches_beyond(0.4, basis=here).split(": ")[0], reaches_beyond(0.001, basis=here)
    ('40% of the ground in your shape lies outside this study’s small areas', '')
    """
    if share < NOTICED.value:
        return ""
    return (
        f"{share:.0%} of the ground in your shape lies outside this study’s small areas: sea, or places the study does "
        f"not cover. No {basis.unit} there are counted."
    )


def adds_up(report: Report, *, basis: Basis) -> str:
    """Say that the places and the rest make the study's total.

    For shapes of one's own: inside + outside + not assigned = total.
    """
    inside = float(report.places["premises"].sum())
    own = report.family.singular == POLYGON.singular
    places = "inside" if own else f"in {_many(len(report.places), report.family)}"
    parts = [f"{_exact(inside)} {places}"]
    for reason, count in report.not_assigned.items():
        parts.append(f"{_exact(count)} {'outside' if own and reason == f'in no {POLYGON.singular}' else reason}")
    total = f"{_exact(report.total)} {basis.unit} = {' + '.join(parts)}"
    if report.counted_twice > 0:
        return f"{total} − {_exact(report.counted_twice)} counted in more than one, as they overlap."
    return f"{total}."


def column(report: Report) -> str:
    """Head the column of a report's places; where all are a best fit, it is said once, here."""
    return "Place (best fit, modelled)" if report.method == "best fit" else "Place"


def method(report: Report) -> str:
    """Say in one sentence how the whole report divides small areas."""
    one = report.family.singular
    if report.method == "code":
        return "Small areas nest in each, so they are added up whole by their codes. Nothing is divided."
    if report.method == "best fit":
        return (
            f"This is a best fit, so it is modelled: each small area counts in one {one}, the one the lookup names for "
            f"it, though a border may cut the area. Outlines of the {report.family.plural} would divide it."
        )
    return (
        f"Where a border cuts a small area, we share its premises by where its {report.method} lie. "
        "The shared part is modelled; a whole small area is not divided."
    )


def citation(claim: Gap, row: Mapping[Any, Any], *, report: Report, basis: Basis) -> str:
    """Word a figure so that it can be quoted with its place, range, source, date and how it was divided."""
    quote = statements.citation(claim, district=f"in the study “{basis.study}”", basis=basis)
    divided = "" if whole(row, report=report) else f"; shared out by {report.method} at its border, modelled"
    if report.method == "best fit":
        divided = f"; small areas put whole into the {report.family.singular} that fits best"
    return quote.replace(").”", f"{divided}).”")


def whole(row: Mapping[Any, Any], *, report: Report) -> bool:
    """Say whether a place is made of whole small areas that nest in it."""
    return report.method != "best fit" and row["areas"] == row["areas_whole"]


def inside(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Name and count the small areas of a place; for a best fit it is not known which lie wholly inside.

    >>> inside({"areas": 3, "areas_whole": 2.0}), inside({"areas": 3, "areas_whole": float("nan")})
    (('Small areas wholly inside', '2 of 3'), ('Small areas put there', '3'))
    """
    areas, known = int(row["areas"]), row["areas_whole"] >= 0
    return (
        ("Small areas wholly inside", f"{int(row['areas_whole']):,} of {areas:,}")
        if known
        else (
            "Small areas put there",
            f"{areas:,}",
        )
    )


def worst(count: int) -> tuple[str, str]:
    """Say before and after a place's worst small areas what they are; a score is theirs alone."""
    areas = (
        "The small area with the highest score here" if count == 1 else "The small areas with the highest scores here"
    )
    return f"{areas} (follow {'it' if count == 1 else 'one'} to see why): ", ". Only small areas have a score."


def title(family: Family) -> str:
    """Name a kind of place for a button.

    >>> from layers.families import family_of
    >>> title(family_of("old_district"))
    'Old councils (2011)'
    """
    plural = family.plural[0].upper() + family.plural[1:]
    return f"{plural} (2011)" if family.name == "old_district" else plural


def _divided(row: Mapping[Any, Any], *, report: Report, basis: Basis) -> str:
    areas = f"{int(row['areas']):,} small area{'' if row['areas'] == 1 else 's'}"
    if report.method == "best fit":
        return f"Best fit: {areas} that lie mostly there, put in whole, so the figure is modelled."
    cut = row["premises"] - row["premises_whole"]
    if whole(row, report=report):
        return f"It is made of {areas}, whole. Nothing is divided."
    return (
        f"{number(cut, exact=True)} of its {number(row['premises'], exact=True)} {basis.unit} are in small areas that "
        f"its border cuts. We shared those out by where {report.method} lie, so they are modelled."
    )


def _exact(value: float) -> str:
    return number(value, exact=True)


def _many(count: int, family: Family) -> str:
    return f"{count:,} {family.singular if count == 1 else family.plural}"
