"""Claims about a place of any boundary: its figure, how it was divided, what is not in it, where it went by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance
from connectivity.places.reports import LEAST, NAMED, NOT_ASSIGNED, PLACE, TOTAL, TWICE, Report, Split, file_of
from layers.families import POLYGON, Family

CALLED = {
    "ward": "{} ward",
    "parish": "{} parish",
    "constituency": "the {} constituency",
    "old_district": "the old council of {}",
    "lep": "the {} LEP area or its successor",
    "region": "the {} region",
    "postcode_district": "{} postcodes",
    "postcode_sector": "{} postcodes",
}
"""How a place is called in a sentence; any other by its name alone."""
MINE = "the shape you gave"
DISTRICT = "district"
"""The report by today's councils, whose totals are published."""


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


def place_claim(row: Mapping[Any, Any], *, report: Report, profile: ProfileKey, basis: Basis) -> Claim | None:
    """Return a place's counts as a claim about its scored premises; None where no area of it is scored.

    Parameters
    ----------
    row
        Of the report's places, or its total.
    report
        By one boundary.
    profile
        Which activity.
    basis
        What the counts rest on.
    """
    if not row["premises_scored"] > 0:
        return None
    total, name = row.get("row") == TOTAL, str(row["name"])
    place = basis.place if total else called(name, family=report.family)
    counts = {**row, "premises": row["premises_scored"]}
    claim = Claim.of_row(counts, profile=profile, basis=basis, place=place)
    whole = report.method != "best fit" and (total or row["areas"] == row["areas_whole"])
    claim = claim.of_whole_councils() if whole and not total and report.family.name == DISTRICT else claim
    return replace(
        claim,
        key=f"boundaries.{profile}",
        estimated=not whole,
        details={"family": report.family, "method": report.method, "whole": whole},
        provenance=Provenance(file_of(report.family.name), claim.provenance.column, (str(row["code"]) or name,)),
    )


def largest_claim(claim: Claim) -> Claim:
    """Return the claim that a place of a report has the largest share."""
    return replace(claim, key=f"boundaries.largest.{claim.profile}")


def made_claim(row: Mapping[Any, Any], *, report: Report, basis: Basis) -> Claim:
    """Return the claim on how many of a place's premises are in small areas that its border cuts."""
    known, of = report.method != "best fit", float(row["premises"])
    cut = of - float(row["premises_whole"]) if known else 0.0
    details = {
        "method": report.method,
        "areas": int(row["areas"]),
        "whole": known and row["areas"] == row["areas_whole"],
    }
    return _of_premises("boundaries.made", row, cut, of=of, report=report, basis=basis, details=details)


def unscored_claim(row: Mapping[Any, Any], *, report: Report, basis: Basis) -> Claim | None:
    """Return the claim on the premises of a place that are not in its figure; None where there are none."""
    of, scored = float(row["premises"]), float(row["premises_scored"])
    if not (scored > 0 and round(of - scored) > 0):
        return None
    return _of_premises("boundaries.unscored", row, of - scored, of=of, report=report, basis=basis)


def empty_claim(row: Mapping[Any, Any], *, family: Family, basis: Basis) -> Claim:
    """Return the claim that no premises of a place is in an area with a score."""
    of = float(row["premises"])
    return Claim("boundaries.empty", called(str(row["name"]), family=family), 0.0, 0.0, 0.0, of, basis.published)


def inside_claim(row: Mapping[Any, Any], *, report: Report, basis: Basis) -> Claim:
    """Return the claim on how many small areas of a place lie wholly inside it; NaN for a best fit: nobody knows."""
    whole = float(row["areas_whole"])
    place = called(str(row["name"]), family=report.family)
    return Claim.of_places("boundaries.inside", place, whole, of=int(row["areas"]), basis=basis)


def sum_claim(report: Report, *, basis: Basis) -> Claim:
    """Return the claim that the places and the rest make the study's total; of a reader's shape, what is inside it."""
    own = report.family.singular == POLYGON.singular
    outside = f"in no {POLYGON.singular}"
    rest = {"outside" if own and why == outside else why: count for why, count in report.not_assigned.items()}
    inside = float(report.places["premises"].sum())
    return Claim(
        "boundaries.sum",
        basis.place,
        inside,
        inside,
        inside,
        report.total,
        basis.published,
        details={
            "family": report.family,
            "places": len(report.places),
            "own": own,
            "rest": rest,
            "twice": report.counted_twice,
        },
        provenance=Provenance(file_of(report.family.name), "premises"),
    )


def left_out_claim(count: int, *, of: int, family: Family, basis: Basis) -> Claim | None:
    """Return the claim on how many places of a report are not held against others; None for none."""
    if not count:
        return None
    told = {"family": family}
    return Claim.of_places("boundaries.left_out", basis.place, count, of=of, basis=basis, details=told)


def split_claim(found: Split, claim: Claim, *, family: Family, best_fit: bool) -> Claim:
    """Return a place's figure with where it went, to be quoted.

    Parameters
    ----------
    found
        How the place is divided.
    claim
        From `place_claim`.
    family
        What the places of the other boundary are.
    best_fit
        Whether one of the two boundaries puts small areas whole where they fit best.
    """
    details = {"divided": found.modelled, "best_fit": best_fit, "went": went_claim(found, claim, family=family)}
    return replace(claim, key=f"boundaries.split.{claim.profile}", details=details)


def went_claim(found: Split, claim: Claim, *, family: Family) -> Claim:
    """Return the claim on which places of the other boundary a place's gaps are in, those with the most first."""
    places, column = found.places, f"{claim.profile}_infeasible"
    in_none = found.sum_of(NOT_ASSIGNED) >= LEAST.value
    first = places[places[column].astype(float).round() > 0].head(NAMED)
    parts = []
    for row in first.to_dict("records"):
        low, best, high = (float(row[f"{column}{end}"]) for end in ("_low", "", "_high"))
        there = called(str(row["name"]), family=family)
        parts.append(
            Claim(
                "boundaries.part",
                there,
                low,
                best,
                high,
                claim.best,
                claim.basis,
                estimated=found.modelled,
                drawn=claim.drawn,
            )
        )
    alone = len(places) == 1 and not in_none
    return replace(
        claim,
        key="boundaries.went",
        details={
            "family": family,
            "places": len(places),
            "only": called(str(places["name"].iloc[0]), family=family) if alone else "",
            "first": tuple(parts),
            "in_none": in_none,
        },
    )


def split_sum_claim(found: Split, *, place: str, family: Family, basis: Basis) -> Claim:
    """Return the claim that the parts make the place, in premises."""
    inside, rest = found.sum_of(PLACE), found.rows[found.rows["row"] == NOT_ASSIGNED]
    return Claim(
        "boundaries.split_sum",
        place,
        inside,
        inside,
        inside,
        float(found.whole["premises"]),
        basis.published,
        details={
            "family": family,
            "places": len(found.places),
            "own": False,
            "rest": dict(zip(rest["name"], rest["premises"].astype(float), strict=True)),
            "twice": found.sum_of(TWICE),
        },
    )


def corners_claim(listed: pd.DataFrame, *, place: str, profile: ProfileKey, basis: Basis) -> Claim | None:
    """Return the claim on how far the small areas inside a place differ; None where there are fewer than two.

    Parameters
    ----------
    listed
        From `hidden`.
    place
        What the place is called.
    profile
        Which activity.
    basis
        What the counts rest on.
    """
    if len(listed) < 2:  # noqa: PLR2004 - one is no range
        return None
    worst = Claim.of_row({**listed.iloc[0].to_dict(), "area_code": listed.index[0]}, profile=profile, basis=basis)
    shares = tuple(float(listed["percent"].iloc[at]) / 100 for at in (-1, 0))
    return Claim.of_places(
        "boundaries.corners",
        place,
        len(listed),
        of=len(listed),
        basis=basis,
        details={"shares": shares, "worst": worst},
        provenance=Provenance(column=f"{profile}_infeasible", areas=tuple(map(str, listed.index))),
    )


def _of_premises(
    key: str,
    row: Mapping[Any, Any],
    count: float,
    *,
    of: float,
    report: Report,
    basis: Basis,
    details: Mapping[str, Any] | None = None,
) -> Claim:
    place, code = called(str(row["name"]), family=report.family), str(row["code"]) or str(row["name"])
    found = Provenance(file_of(report.family.name), "premises", (code,))
    return Claim(key, place, count, count, count, of, basis.published, details=details or {}, provenance=found)
