"""The findings of a comparison as claims: how a count moved, what that is made of, which areas are left behind."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from connectivity.change.comparability import WHO
from connectivity.change.comparison import (
    BEHIND,
    CHANGE,
    COMPARED,
    COUNCILS,
    COUNTS,
    LEFT_BEHIND,
    Comparison,
    Count,
    areas_accounted,
)
from connectivity.claims.claim import Claim, Provenance
from connectivity.claims.grammar import several
from connectivity.outputs import AREAS

NAMED = 2
"""Councils that a sentence can name (assumption: more make it hard to read)."""
DECIMALS = 4


def count_shown(comparison: Comparison, profile: str) -> Count | None:
    """Choose the count that may be called better or worse; None when the releases allow none."""
    key = f"{profile}_line" if profile in comparison.comparability.definitions else profile
    return COUNTS[key] if key in comparison.totals.index else None


def moved(comparison: Comparison, count: Count) -> Claim:
    """Return how a count moved over all councils compared, as far as the two ranges let it have moved."""
    total = comparison.total(count.key)
    times = (comparison.old.release, comparison.new.release)
    return Claim(
        "change.moved",
        _where(comparison),
        float(total["new_low"]) - float(total["old_high"]),
        float(total["change"]),
        float(total["new_high"]) - float(total["old_low"]),
        float(total["new_premises"]),
        comparison.basis,
        details={
            "profile": count.profile.key,
            "line_only": count.line_only,
            "correction": comparison.comparability.correction,
            "certainty": str(total["certainty"]),
            "times": times,
            "counts": tuple((float(total[when]), float(total[f"{when}_premises"])) for when in ("old", "new")),
        },
        provenance=Provenance(COUNCILS, "change", tuple(sorted(comparison.comparability.districts)), DECIMALS),
        drawn=comparison.basis.modelled,
    ).of_whole_councils()


def explanation(comparison: Comparison, count: Count) -> list[Claim]:
    """Return how sure the direction is, then what the change is made of; of a correction, the latter alone.

    What a change is made of is left out where it cannot be told apart.
    """
    whole, total = moved(comparison, count), comparison.total(count.key)
    found = [] if comparison.comparability.correction else [replace(whole, key="change.direction")]
    if pd.isna(total["speed_effect"]):
        return found
    where, before, after = whole.provenance, float(total["old_premises"]), float(total["new_premises"])
    better, worse = (float(total[name]) for name in ("newly_able_at_least", "newly_unable_at_least"))
    if not pd.isna(better):
        level = comparison.comparability.level
        found.append(
            replace(
                whole,
                key="change.able",
                low=better,
                best=better,
                high=max(before, after),  # both are rates on the mean of old and new premises
                of=max(before, after),
                details={"unable": worse, "level": level},
                provenance=replace(where, column="newly_able_at_least"),
            )
        )
    built = after - before
    if round(built):
        who = WHO[comparison.comparability.counter]
        found.append(
            replace(
                _exactly(whole, "change.premises", built, column="new_premises"),
                details={"who": who, "effect": float(total["premises_effect"])},
            )
        )
    presumed = abs(float(total["unknown_effect"]))
    if round(presumed):
        # A part of the best estimate, by arithmetic: it has no range of its own.
        found.append(_exactly(whole, "change.presumed", presumed, column="unknown_effect"))
    return found


def redefined(comparison: Comparison, profile: str) -> Claim | None:
    """Return how a count moved that changed its meaning; None when it did not."""
    why = comparison.comparability.definitions.get(profile)
    if why is None or profile not in comparison.totals.index:
        return None
    claim = moved(comparison, COUNTS[profile])
    return replace(claim, key="change.redefined", details={**claim.details, "why": why})


def renamed(comparison: Comparison) -> Claim | None:
    """Return in how many councils a count of another name kept its share; None where nothing was renamed."""
    found = comparison.comparability.renaming
    if found is None:
        return None
    return Claim.of_places(
        "change.renamed",
        _where(comparison),
        found.kept,
        of=found.councils,
        basis=comparison.basis,
        details={
            "only": found.only_renamed,
            "shares": (found.old, found.new),
            "times": (comparison.old.release, comparison.new.release),
            "names": (comparison.old.definition, comparison.new.definition),
        },
        provenance=Provenance(AREAS, "digital_infeasible", (), DECIMALS),
    )


def areas_behind(comparison: Comparison, count: Count) -> Claim:
    """Return how many areas were left behind; only where that can be said (`Comparison.behind_refused`)."""
    rows = comparison.left_behind[comparison.left_behind["count"].eq(count.key)]
    areas = comparison.areas[comparison.areas["count"].eq(count.key)]
    return Claim.of_places(
        "change.behind",
        _where(comparison),
        float(len(rows)),
        of=float((areas["new"] >= LEFT_BEHIND.value).sum()),
        basis=comparison.basis,
        details={"releases": comparison.releases, "least": LEFT_BEHIND.value, "unit": comparison.basis.unit},
        provenance=Provenance(BEHIND, "area_code", tuple(rows["area_code"]), 0),
    )


def not_compared(comparison: Comparison) -> list[Claim]:
    """Return how many areas, with how many premises, are not compared for each reason that is the areas' own."""
    table = areas_accounted(comparison)
    return [
        Claim.of_places(
            "change.not_compared",
            _where(comparison),
            float(row["areas"]),
            of=float(table["areas"].sum()),
            basis=comparison.basis,
            details={
                "why": str(why),
                "unit": comparison.basis.unit,
                "premises": (float(row["premises_old"]), float(row["premises_new"])),
            },
            provenance=Provenance(CHANGE, "status", (), 0),
        )
        for why, row in table.iterrows()
        if why != COMPARED and not str(why).startswith("modelled")
    ]


def _exactly(claim: Claim, key: str, best: float, *, column: str) -> Claim:
    where = replace(claim.provenance, column=column)
    counted = replace(claim, low=best, best=best, high=best, basis=claim.basis.published)
    return replace(counted, key=key, details={}, provenance=where)


def _where(comparison: Comparison) -> str:
    """Name the councils compared: by name up to two, else how many."""
    names = sorted(comparison.comparability.districts.values())
    return " and ".join(names) if len(names) <= NAMED else several(len(names), "council")
