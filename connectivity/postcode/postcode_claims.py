"""What is claimed of one postcode: its letters, whose figures they are, the other route, and what money plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance
from connectivity.places.beside_claims import reaching_as_far
from connectivity.postcode.answer import Here, PostcodeAnswer, Rating, letter
from connectivity.postcode.postcode_tables import POSTCODES, ROUTES

PLANNED = ("gigabit_now", "planned", "not_planned", "plan_not_known", "not_recognised")
"""What may become of an address in the government's plan; the last is not counted as premises."""
OPEN_TO_MONEY = ("white", "grey_or_black", "under_review", "not_stated")
"""Whether public money may be spent on an address."""


def letter_of(rating: Rating) -> Claim | None:
    """Return the share a letter stands for, with how far it could move; None where no figure is known.

    Where the range says too little for a letter, the claim is the range alone.
    """
    claim = rating.claim
    ends = None if claim is None else [letter(count / claim.of) for count in (claim.low, claim.high)]
    if claim is None or ends is None or ends[0] is None or ends[1] is None:
        return None
    if rating.grade is None:
        told = {"low": ends[0].name, "high": ends[1].name}
        return replace(claim, key="postcodes.no_letter", percent=True, details=told)
    told = {"best": rating.grade.best, "low": rating.grade.low, "high": rating.grade.high}
    return replace(claim, key="postcodes.letter", percent=True, details=told)


def own_count(answer: PostcodeAnswer, rating: Rating) -> Claim | None:
    """Return the postcode's own count where it is too few, or too unsure, for a letter."""
    if rating.claim is None or rating.own is None:
        return None
    return replace(rating.own, key=f"postcodes.own.{rating.own.profile}", place=answer.postcode)


def whose(answer: PostcodeAnswer, here: Here, rating: Rating) -> Claim | None:
    """Return of how many premises a figure is, and whether they are the postcode's, its area's or its council's."""
    if rating.claim is None:
        return None
    told = {
        "level": rating.level,
        "postcode": answer.postcode,
        "area": here.area_name,
        "official": here.official_name,
        "district": here.district_name,
    }
    return replace(rating.claim, key="postcodes.whose", details=told)


def other_route(here: Here) -> dict[ProfileKey, Claim]:
    """Return how many would have a gap with fixed wireless the other way round, for each activity that is known."""
    found: dict[ProfileKey, Claim] = {}
    for profile, (low, best, high) in (here.other_route or {}).items():
        claim = here.ratings[profile].claim
        if claim is None:
            continue
        where = Provenance(ROUTES, profile, claim.provenance.areas)
        place = here.district_name if here.of_council else here.area_name
        of = nan  # the other route is known by area alone
        if here.ratings[profile].level != "postcode":
            of, (low, high) = claim.of, reaching_as_far(low, high, headline=claim)  # noqa: PLW2901 - of this place
        found[profile] = Claim(
            "postcodes.other_route",
            place,
            low,
            best,
            high,
            of,
            claim.basis,
            estimated=True,
            provenance=where,
            drawn=claim.basis.modelled,
        )
    return found


def distances(here: Here, *, basis: Basis) -> list[Claim]:
    """Return how far each place to go is, on average in the small area; NaN where it is not known."""
    return [
        Claim("postcodes.far", label, *_exactly(nan if km is None else km), basis, unit="km", estimated=True)
        for label, km in here.far
    ]


def plan_of(answer: PostcodeAnswer, here: Here) -> dict[str, Claim]:
    """Return what BDUK lists at a postcode, by the sentence that says it; empty where it lists nothing.

    Addresses are counted by BDUK one by one, whatever the study's own figures rest on.
    """
    plan = here.plan
    if plan is None:
        return {}
    basis, addresses = replace(answer.basis, modelled=False), float(plan["premises"])

    def claim(name: str, best: float, of: float, details: Mapping[str, object]) -> Claim:
        where = Provenance(POSTCODES, f"bduk_{name}", (), 0)
        key = f"postcodes.{name}"
        return Claim(
            key, answer.postcode, best, best, best, of, basis, unit="addresses", details=details, provenance=where
        )

    def counts(names: tuple[str, ...]) -> dict[str, int]:
        return {name: int(plan.get(name) or 0) for name in names}

    planned = counts(PLANNED)
    told = {"release": here.plan_release, "counts": planned}
    found = {
        "premises": claim("premises", addresses, addresses, told),
        "white": claim("white", float(plan.get("white") or 0), addresses, {"counts": counts(OPEN_TO_MONEY)}),
    }
    if deferred := float(plan.get("deferred") or 0):
        found["deferred"] = claim("deferred", deferred, float(planned["planned"]), {})
    return found


def beginning_so(answer: PostcodeAnswer) -> Claim | None:
    """Return how many of the study's postcodes begin as half a postcode does; None where none does."""
    if not answer.count:
        return None
    told, where = {"councils": answer.councils}, Provenance(POSTCODES, "postcode", (), 0)
    many = _exactly(float(answer.count))
    return Claim(
        "postcodes.half", answer.postcode, *many, answer.basis, unit="postcodes", details=told, provenance=where
    )


def _exactly(count: float) -> tuple[float, float, float, float]:
    return count, count, count, count
