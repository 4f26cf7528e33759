"""Sentences about a place of any boundary: its number, its denominator, when it is of, and how it was divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity.claims import about_places
from connectivity.claims.claim import Basis, Claim, ProfileKey
from connectivity.claims.grammar import listed, number
from connectivity.method.profiles import FEWEST
from connectivity.places.reports import LEAST, NOT_ASSIGNED, PLACE, TWICE, TWICE_CUT, WHOLE, Report, Split
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


def claim_of(row: Mapping[Any, Any], *, family: Family, profile: ProfileKey, basis: Basis) -> Claim | None:
    """Take a place's counts as a claim about its scored premises; None where no area of it is scored."""
    if not row["premises_scored"] > 0:
        return None
    counts = {**row, "premises": row["premises_scored"]}
    return Claim.of_row(counts, profile=profile, basis=basis, place=called(str(row["name"]), family=family))


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
    said += [about_places.measured(basis), f"{about_places.modelled(basis)} {about_places.counted(basis)}".strip()]
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


def citation(claim: Claim, row: Mapping[Any, Any], *, report: Report, basis: Basis) -> str:
    """Word a figure so that it can be quoted with its place, range, source, date and how it was divided."""
    quote = claim.lying_in(f"in the study “{basis.study}”").say("quotation")
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


# --- What two kinds of boundary make of the same premises, in words anyone can quote.


NAMED = 3
"""Places that the sentence names (assumption: as many as one holds); the table has them all."""
AVERAGES = "The larger the places, the more a bad corner is averaged away."


def largest(row: Mapping[Any, Any], *, percent: float, family: Family, profile: ProfileKey, basis: Basis) -> str:
    """Say which place has the largest share by one kind of boundary, with its counts and range."""
    claim = claim_of(row, family=family, profile=profile, basis=basis)
    if claim is None:
        return ""
    counts = claim.say("cell")
    share = f"{percent:.0f} in every 100. That is {counts}"
    return f"By {family.singular}, the largest share by the best estimate is in {claim.place}: {share}."


def went(found: Split, claim: Claim, *, family: Family) -> str:
    """Say in which places of the other kind a place's gaps are, those with the most first."""
    profile, places = claim.profile, found.places
    if places.empty:
        return f"None of it lies in any {family.singular} of this study."
    if len(places) == 1 and found.sum_of(NOT_ASSIGNED) < LEAST.value:
        return f"All of it lies in {called(str(places['name'].iloc[0]), family=family)}."
    first = places[places[f"{profile}_infeasible"].astype(float).round() > 0].head(NAMED)
    if first.empty:
        return f"It lies in {_many(len(places), family)}, with almost no gaps in any of them."
    named = [
        f"{_about(row, profile)}{'' if at else ' are'} in {called(str(row['name']), family=family)}"
        for at, row in enumerate(_rows(first))
    ]
    rest = len(places) - len(first)
    elsewhere = [f"in {rest:,} other {family.singular if rest == 1 else family.plural}"] if rest else []
    elsewhere += ["in none"] if found.sum_of(NOT_ASSIGNED) >= LEAST.value else []
    tail = [f"the rest {' or '.join(elsewhere)}"] if elsewhere else []
    return f"Of these, {listed([*named, *tail])}."


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


def split_adds_up(found: Split, *, family: Family, basis: Basis) -> str:
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
        From :func:`connectivity.places.reports.hidden`.
    place
        What the place is called.
    """
    if len(listed) < 2:  # noqa: PLR2004 - one is no range
        return ""
    low, high = (float(listed["percent"].iloc[at]) for at in (-1, 0))
    worst = Claim.of_row(listed.iloc[0].to_dict(), profile=profile, basis=basis)
    return (
        f"The average hides corners. We can tell {len(listed):,} small areas apart that lie mostly inside {place}. "
        f"They run from {low:.0f} to {high:.0f} in every 100. The most, by the best estimate, are in {worst.place}. "
        "There it is "
        f"{worst.say('cell')}."
    )


def left_out(count: int, *, family: Family) -> str:
    """Say how many places are not held against others; empty for none."""
    if not count:
        return ""
    return (
        f"{_many(count, family)} {'is' if count == 1 else 'are'} left out here: "
        f"{'it lies' if count == 1 else 'they lie'} in a council whose small areas we cannot tell apart."
    )


def split_citation(found: Split, claim: Claim, *, family: Family, basis: Basis, best_fit: bool) -> str:
    """Word where a place's figure went, so that it can be quoted with range, source, date and how it was divided."""
    quote = claim.lying_in(f"in the study “{basis.study}”").say("quotation")
    modelled = "; shared out at borders, modelled" if found.modelled else ""
    modelled = "; small areas put whole into the place that fits best" if best_fit else modelled
    return f"{quote.replace(').”', f'{modelled}).')} {went(found, claim, family=family)}”"


def _about(row: Mapping[Any, Any], profile: ProfileKey) -> str:
    low, best, high = (number(row[f"{profile}_infeasible{end}"]) for end in ("_low", "", "_high"))
    return best if low == high else f"about {best} (could be {low} to {high})"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
