"""Services that might go online only: records, each with the line it needs and the places that help in person."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance, SumsDrawn
from connectivity.manifest import Manifest
from connectivity.method.feasibility import NOT_TOLD_APART, has_count
from connectivity.method.ranking import people
from connectivity.method.records import FEWEST, INDICATORS, PEOPLE_PER_PREMISES, PROFILES, Profile
from connectivity.quality.notice import noted
from layers.figures import Figure
from layers.intake.cells import harmless


@dataclass(frozen=True, slots=True)
class PublicService:
    """One kind of service.

    Attributes
    ----------
    name
        As a reader picks it.
    things
        What goes online, in the plural, as a sentence names it.
    move
        What happens to them.
    examples
        What it covers.
    needs
        The requirement of method §1 it rests on. A build holds two of the four: what needs a faster line is left out.
    helped_at
        Keys of `connectivity.method.records.INDICATORS`: where someone without a line could be helped.
    kept
        The way that stays, as advice names it.
    source
        Why it needs that line and who helps.
    """

    key: str
    name: str
    things: str
    move: str
    examples: str
    needs: ProfileKey
    helped_at: tuple[str, ...]
    kept: str
    source: str

    @property
    def profile(self) -> Profile:
        """What it asks of a line."""
        return PROFILES[self.needs]


_NEEDS = "assumption: no publisher says which line a service needs; nor who helps where"
SERVICES: dict[str, PublicService] = {
    service.key: service
    for service in (
        PublicService(
            "account",
            "A form or an account",
            "forms and accounts",
            "went online only",
            "council tax, business rates, a Universal Credit journal",
            "digital",
            ("library", "post_office"),
            "the phone line and the counter",
            _NEEDS,
        ),
        PublicService(
            "gp",
            "A request to a GP",
            "GP requests",
            "went online only",
            "asking for an appointment, a repeat prescription",
            "digital",
            ("gp", "library"),
            "the phone line and the front desk",
            _NEEDS,
        ),
        PublicService(
            "gp_video",
            "A GP by video",
            "GP appointments",
            "were by video only",
            "a doctor or nurse on a video call",
            "remote",
            ("gp", "library"),
            "appointments in person",
            _NEEDS,
        ),
        PublicService(
            "interview",
            "An interview by video",
            "interviews",
            "were by video only",
            "a job centre’s or a council officer’s video call",
            "remote",
            ("library",),
            "interviews in person",
            _NEEDS,
        ),
    )
}
FIRST = "account"


@dataclass(frozen=True, slots=True)
class DecisionMarks:
    """Where one decision ends and the next begins, and how much of a goalpost's distance is near.

    `few`: a service can go online where even the highest estimate leaves a smaller share without.
    `many`: from here on the best estimate leaves too many for help to replace the counter.
    """

    few: float
    many: float
    end: str


FEW = Figure(
    0.01,
    "share of premises",
    "under it, by even the highest estimate, a service can go online",
    "assumption: about 6 premises of a small area, as many as can be helped one by one",
    0.005,
    0.02,
)
MANY = Figure(
    0.05,
    "share of premises",
    "from here on, by the best estimate, the counter must stay",
    "assumption, as method §6: a place is called feasible under 5%",
    0.02,
    0.10,
)
USUAL = DecisionMarks(FEW.value, MANY.value, "value")
STRICT = DecisionMarks(FEW.low or FEW.value, MANY.low or MANY.value, "low")
LOOSE = DecisionMarks(FEW.high or FEW.value, MANY.high or MANY.value, "high")
"""The marks at the two ends of their range: how many decisions would change is shown beside them."""


CALLED = {
    "library": "staffed library",
    "post_office": "post office",
    "gp": "GP surgery",
    "shop": "shop",
    "rail_station": "rail station",
}
"""What a sentence calls them; any other goes by its label in the study."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One distance of a study.

    Attributes
    ----------
    column
        In `areas.parquet`, in km: the mean over an area's people or postcodes.
    called
        In words.
    limit
        The goalpost of method §4: farther than it is out of reach.
    straight
        Whether it is a straight line × 1.3, not a distance by road.
    stand_in
        Whether it stands in for places that the study does not know.
    """

    key: str
    column: str
    called: str
    limit: Figure
    straight: bool
    stand_in: bool


def alternatives(manifest: Manifest) -> list[Alternative]:
    """List the distances a study has; a score of how hard places are to reach is no distance."""
    return [
        Alternative(
            key=one.key,
            column=one.column,
            called=CALLED.get(one.key, one.label),
            limit=INDICATORS[one.key].goalposts[0][1],
            straight=INDICATORS[one.key].straight,
            stand_in=INDICATORS[one.key].proxy,
        )
        for one in manifest.indicators_of("alternative")
        if one.unit == "km" and one.key in INDICATORS
    ]


def helping(known: Sequence[Alternative], *, service: PublicService) -> list[Alternative]:
    """Keep those where a service's people could be helped; a stand-in only where the study has nothing else."""
    real = [one for one in known if one.key in service.helped_at]
    return real or [one for one in known if one.stand_in]


def reach(areas: pd.DataFrame, *, helpers: Sequence[Alternative], end: str = "value") -> pd.DataFrame:
    """Say of each area which helper is nearest, beside how far is too far for its kind, and whether it is near enough.

    Parameters
    ----------
    areas
        With the helpers' columns, in km.
    helpers
        From `helping`; none in a study without distances: then nothing is in reach.
    end
        ``low``, ``value`` or ``high``: which end of the goalpost's range is taken.

    Returns
    -------
    pandas.DataFrame
        ``nearest`` (a key, empty where no distance is known), ``nearest_km``, ``in_reach``. A distance that is not
        known is not in reach: what is not known is never fine.
    """
    if not helpers:
        return pd.DataFrame({"nearest": "", "nearest_km": np.nan, "in_reach": False}, index=areas.index)
    distances = areas[[one.column for one in helpers]].set_axis([one.key for one in helpers], axis=1)
    limits = [getattr(one.limit, end) or one.limit.value for one in helpers]
    filled = distances.div(limits, axis="columns").fillna(np.inf).to_numpy()
    at = filled.argmin(axis=1)
    known = np.isfinite(filled.min(axis=1))
    names = np.array([one.key for one in helpers], dtype=object)[at]
    return pd.DataFrame(
        {
            "nearest": np.where(known, names, ""),
            "nearest_km": distances.to_numpy()[np.arange(len(areas)), at],
            "in_reach": filled.min(axis=1) <= 1,
        },
        index=areas.index,
    )


ONLINE, HELP, COUNTER, ALIKE, UNKNOWN = "online", "help", "counter", "alike", "unknown"
STEPS = (ONLINE, HELP, COUNTER)
"""From a service that can move to one that cannot. `ALIKE` is none of them: the figures of such areas are their
council's, and decide nothing about a place."""
ENDS = {"low": "_low", "best": "", "high": "_high"}


def decide(
    areas: pd.DataFrame, *, service: PublicService, manifest: Manifest, marks: DecisionMarks = USUAL
) -> pd.DataFrame:
    """Decide for each area.

    Doubt counts against closing a counter: a service can go online only where even the highest estimate leaves few
    without. ``docs/service.md`` has the rules and an example by hand.

    Parameters
    ----------
    areas
        Of a build, indexed by ``area_code``.
    service
        What would go online only.
    manifest
        The build's; its ``indicators`` say which distances there are.
    marks
        Where one decision ends and the next begins.

    Returns
    -------
    pandas.DataFrame
        ``decision``; ``least`` and ``most``, the steps that the lowest and the highest estimate would lead to
        (``decision`` lies between them; all three ``unknown`` without enough data, and ``alike`` where areas of a
        council are not told apart: their people count, and nothing is decided about them); ``unable_low``, ``unable``,
        ``unable_high`` (premises or lines); of premises ``people_low``, ``people``, ``people_high``, ``people_all``
        (everyone who lives there), ``people_estimated``, for lines say nothing of residents; and the columns of
        `reach`.
    """
    known = has_count(areas["status"]) & areas["premises"].ge(FEWEST.value)
    unable = {end: areas[f"{service.needs}_infeasible{tail}"].where(known) for end, tail in ENDS.items()}
    shares = {end: (count / areas["premises"]).to_numpy() for end, count in unable.items()}
    near = reach(areas, helpers=helping(alternatives(manifest), service=service), end=marks.end)
    within = near["in_reach"].to_numpy()

    def step(end: str) -> np.ndarray[Any, np.dtype[np.int_]]:
        share = shares[end]
        return np.where(share < marks.few, 0, np.where((share >= marks.many) | ~within, 2, 1))

    asked = np.where((shares["best"] >= marks.many) | ~within, 2, 1)
    decided = np.where(shares["high"] < marks.few, 0, asked)
    names = np.array(STEPS, dtype=object)
    said = {"decision": decided, "least": step("low"), "most": step("high")}
    found = pd.DataFrame({key: names[steps] for key, steps in said.items()}, index=areas.index)
    found = found.mask(areas["status"].eq(NOT_TOLD_APART), ALIKE).where(known, UNKNOWN)
    for end, tail in ENDS.items():
        found[f"unable{tail}"] = unable[end]
    if manifest.unit == "premises":
        found = found.join(_people(areas, unable=unable))
    return found.join(near)


def _people(areas: pd.DataFrame, *, unable: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Count people as method §5 does, without need: residents × share, else premises × 2.4 (2.2 to 2.6)."""
    residents = areas["residents"] if "residents" in areas else pd.Series(np.nan, index=areas.index)
    per = PEOPLE_PER_PREMISES
    made = pd.DataFrame(index=areas.index)
    for (end, tail), each in zip(ENDS.items(), (per.low, per.value, per.high), strict=True):
        counted = people(
            residents,
            premises=areas["premises"],
            share=unable[end] / areas["premises"],
            need=pd.Series(np.nan, index=areas.index),
            multiplier=0.0,
        )
        scale = np.where(counted["people_estimated"], (each or per.value) / per.value, 1.0)
        made[f"people{tail}"] = counted["people"] * scale
        made["people_estimated"] = counted["people_estimated"]
    made["people_all"] = residents.where(residents.notna(), areas["premises"] * per.value)
    return made


def affected(
    found: pd.DataFrame,
    *,
    areas: pd.DataFrame,
    place: str,
    service: PublicService,
    basis: Basis,
    shares: pd.Series | None = None,
    counts: Mapping[str, int] | None = None,
    drawn: SumsDrawn | None = None,
) -> Claim:
    """Return the claim on those who could not use a service from home.

    Areas without enough data are left out. Of premises it is a claim on people, ``services.people``; that on the
    premises they stand for is its detail ``premises``. Of lines measured in the past it is one on lines,
    ``services.lines``: lines that people bought say nothing of residents.

    Parameters
    ----------
    found
        From `decide`.
    areas
        Of the build.
    place
        What they make up.
    service
        What would go online only: what `found` was decided for.
    basis
        What the figures rest on.
    shares
        How much of each area's premises lies in the place, by area code; None where they lie in it whole.
    counts
        Areas by decision, where others are counted than those that are added up.
    drawn
        Drawn counts of a modelled build: the range is then that of the sum in nine of ten draws, and of people
        estimated from premises as much wider as their number is uncertain. Without them it is as wide as it can be.
    """
    known = found[found["decision"] != UNKNOWN]
    part = pd.Series(1.0, index=known.index) if shares is None else shares.reindex(known.index).fillna(0.0)  # not in it

    def total(column: pd.Series) -> float:
        return float((column * part).sum())

    sums = {
        name: total(known[name])
        for name in (f"{count}{tail}" for count in ("unable", "people") for tail in ENDS.values())
        if name in known
    }
    sums["premises"] = total(areas.loc[known.index, "premises"])
    if "people_all" in known:
        sums["people_all"] = total(known["people_all"])
    if drawn is not None and basis.modelled and len(known):
        sums |= _drawn_ends(known, areas=areas, part=part, needs=service.needs, drawn=drawn, best=sums)
    return _claim(
        sums,
        place=place,
        service=service,
        basis=basis,
        places=deciding(counts or count_decisions(found), place=place, basis=basis),
        estimated=not basis.measured and any(known["people_estimated"]),
        codes=tuple(str(code) for code in known.index) if shares is None else (),
    )


def _drawn_ends(
    known: pd.DataFrame,
    *,
    areas: pd.DataFrame,
    part: pd.Series,
    needs: str,
    drawn: SumsDrawn,
    best: Mapping[str, float],
) -> dict[str, float]:
    """Give the ends of the ranges of premises and people in nine of ten draws, widened where they leave the best out.

    People are premises times the people of each; where these are estimated, their number has a range of its own.
    """
    per = PEOPLE_PER_PREMISES
    ends: dict[str, float] = {}
    weights = {"unable": (part, part)}
    if "people_all" in known:
        each = known["people_all"] / areas.loc[known.index, "premises"]
        less, more = ((end or per.value) / per.value for end in (per.low, per.high))
        guessed = known["people_estimated"].astype(bool)
        weights["people"] = (part * each * np.where(guessed, less, 1.0), part * each * np.where(guessed, more, 1.0))
    for name, (lower, upper) in weights.items():
        low, high = drawn.range_of(lower, profile=needs)[0], drawn.range_of(upper, profile=needs)[1]
        ends[f"{name}_low"], ends[f"{name}_high"] = min(low, best[name]), max(high, best[name])
    return ends


def affected_there(row: Mapping[Any, Any], *, service: PublicService, basis: Basis) -> Claim:
    """Return the claim of `affected` on one area, from its row of a build and of `decide` together."""
    place = str(row["area_name"])
    return _claim(
        row,
        place=place,
        service=service,
        basis=basis,
        places=deciding(
            {step: int(row["decision"] == step) for step in (*STEPS, ALIKE, UNKNOWN)}, place=place, basis=basis
        ),
        estimated=not basis.measured and bool(row["people_estimated"]),
        codes=(str(row["area_code"]),) if "area_code" in row else (),
    )


def _claim(
    figures: Mapping[Any, Any],
    *,
    place: str,
    service: PublicService,
    basis: Basis,
    places: Claim,
    estimated: bool,
    codes: tuple[str, ...],
) -> Claim:
    provenance = Provenance(column=f"{service.needs}_infeasible", areas=codes)
    details = {"service": service, "places": places, "from_premises": estimated}
    low, best, high = (float(figures[f"unable{tail}"]) for tail in ENDS.values())
    of = float(figures["premises"])
    key = "services.lines" if basis.measured else "services.premises"
    claim = Claim(key, place, low, best, high, of, basis, details=details, provenance=provenance, drawn=basis.modelled)
    if basis.measured:
        return claim
    low, best, high = (float(figures[f"people{tail}"]) for tail in ENDS.values())
    return Claim(
        "services.people",
        place,
        low,
        best,
        high,
        float(figures["people_all"]),
        basis,
        unit="people",
        details=details | {"premises": claim},
        provenance=provenance,
        estimated=True,
        drawn=basis.modelled,
    )


def deciding(counts: Mapping[str, int], *, place: str, basis: Basis) -> Claim:
    """Return the claim on how many of a place's areas keep the counter, of those about which can be decided."""
    of = sum(counts[step] for step in STEPS)
    return Claim.of_places("services.places", place, counts[COUNTER], of=of, basis=basis, details=counts)


def staying(
    keeping: pd.DataFrame,
    *,
    areas: pd.DataFrame,
    place: str,
    service: PublicService,
    basis: Basis,
    counts: Mapping[str, int],
    shares: pd.Series | None = None,
    drawn: SumsDrawn | None = None,
) -> Claim:
    """Return the claim on those who live where the counter stays, for the list of such places.

    Parameters
    ----------
    keeping
        From `decide`: areas that keep the counter.
    counts
        All areas by decision.
    drawn
        As for `affected`.
    """
    added = affected(
        keeping, areas=areas, place=place, service=service, basis=basis, shares=shares, counts=counts, drawn=drawn
    )
    return replace(added, key="services.staying", details={**added.details, "shown": MOST_LISTED})


def marks_moved(
    *, strict: Mapping[str, int], usual: Mapping[str, int], loose: Mapping[str, int], basis: Basis
) -> Claim:
    """Return the claim on how many places keep the counter, with the marks at either end of their range."""
    few, one, many = (float(counts[COUNTER]) for counts in (loose, usual, strict))
    of = float(sum(usual.values()))
    return Claim("services.marks", "the places on show", few, one, many, of, basis, unit="places")


def decision_of(row: Mapping[Any, Any], *, known: Sequence[Alternative], service: PublicService, basis: Basis) -> Claim:
    """Return the claim on what one area's decision rests on: how much falls short, and how far the nearest help is.

    Parameters
    ----------
    row
        Of a build and of `decide` together, for an area with enough data.
    known
        The distances of the study.
    """
    place = str(row["area_name"])
    share = row["unable"] / row["premises"]
    helper = next((one for one in known if one.key == row["nearest"]), None)
    details = {name: row[name] for name in ("decision", "least", "most", "in_reach")} | {
        "many": bool(share >= MANY.value),
        "few": bool(share < FEW.value),
        "nearest": distance_of(helper, row["nearest_km"], place=place, basis=basis) if helper else None,
    }
    low, best, high = (float(row[f"unable{tail}"]) for tail in ENDS.values())
    codes = (str(row["area_code"]),) if "area_code" in row else ()
    provenance = Provenance(column=f"{service.needs}_infeasible", areas=codes)
    return Claim(
        "services.decision",
        place,
        low,
        best,
        high,
        row["premises"],
        basis,
        details=details,
        provenance=provenance,
        drawn=basis.modelled,
    )


def distance_of(one: Alternative, km: float, *, place: str, basis: Basis) -> Claim:
    """Return the claim on how far the nearest of an alternative is; NaN where that is not known."""
    provenance = Provenance(column=one.column)
    return Claim(
        "services.distance", place, km, km, km, math.nan, basis, unit="km", details={"to": one}, provenance=provenance
    )


def count_decisions(found: pd.DataFrame) -> dict[str, int]:
    """Count the areas of each decision."""
    return {key: int(found["decision"].eq(key).sum()) for key in (*STEPS, ALIKE, UNKNOWN)}


def could_be(row: Mapping[Any, Any]) -> list[str]:
    """Name the other decisions that the lowest or the highest estimate by itself would lead to.

    >>> could_be({"decision": "help", "least": "online", "most": "counter"})
    ['online', 'counter']
    """
    return [step for step in (row["least"], row["most"]) if step != row["decision"]]


MOST_LISTED = 200
"""Places that a page lists; the file has them all (assumption: as many as one would scroll)."""


def counted_in(basis: Basis) -> str:
    """Name the column that places are listed by: people, or lines where they were measured in the past."""
    return "unable" if basis.measured else "people"


def decided_in_order(found: pd.DataFrame, *, steps: Sequence[str], basis: Basis) -> pd.DataFrame:
    """Keep areas of some decisions: most people (or lines) first, those without enough data last; equal by code."""
    kept = found[found["decision"].isin(steps)].sort_index()
    return kept.sort_values(counted_in(basis), ascending=False, kind="stable", na_position="last")


@dataclass(frozen=True, slots=True)
class DecisionReading:
    """How a decision reads and is marked: its name, its name for lines measured in the past."""

    label: str
    past: str
    mark: str

    def name(self, basis: Basis) -> str:
        """Name it; of lines measured in the past nothing is said about today."""
        return self.past if basis.measured else self.label


READINGS: dict[str, DecisionReading] = {
    COUNTER: DecisionReading("Needs another way in", "Needed another way in", "counter"),
    HELP: DecisionReading("Online with help", "Could have, with help", "helped"),
    ONLINE: DecisionReading("Can go online", "Could have gone online", "online"),
    ALIKE: DecisionReading("Council figure only", "Council figure only", "alike"),
    UNKNOWN: DecisionReading("Not enough data", "Not enough data", "nodata"),
}
"""In the order of a legend."""


PEOPLE = ("people_low", "people", "people_high")
SHORT = ("unable_low", "unable", "unable_high")


def decisions_csv(
    found: pd.DataFrame, *, areas: pd.DataFrame, service: PublicService, known: Sequence[Alternative], basis: Basis
) -> str:
    """Write every place's decision as CSV: those that keep the counter first, those not told apart and unknown last.

    UTF-8, LF, commas; empty where not known. Names that a spreadsheet would run are refused when a study is built; one
    that came in another way is set behind an apostrophe. The last column says so where this must not be published.
    """
    ordered = pd.concat(
        [decided_in_order(found, steps=[step], basis=basis) for step in (COUNTER, HELP, ONLINE, ALIKE, UNKNOWN)]
    )
    rows = areas.loc[ordered.index]
    table = pd.DataFrame({"area_code": ordered.index, "area_name": rows["area_name"].to_numpy()})
    table["district_name"] = rows["district_name"].to_numpy()
    table["service"] = service.name
    for name in ("decision", "least", "most"):
        table[name] = [READINGS[step].name(basis) for step in ordered[name]]
    unit = basis.unit
    for column in SHORT if basis.measured else (*PEOPLE, *SHORT):
        name = column.replace("unable", f"{unit}_unable")
        table[name] = [_number(value, digits=1) for value in ordered[column]]
    table[unit] = [_number(value, digits=0) for value in rows["premises"]]
    if not basis.measured:
        table["people_estimated"] = ordered["people_estimated"].astype(bool).to_numpy()
    table["told_apart"] = rows["separable"].astype(bool).to_numpy() if "separable" in rows else True
    for one in known:
        table[f"{one.key}_km"] = [_number(value, digits=1) for value in rows[one.column]]
    table["release"], table["modelled"] = basis.release, basis.modelled
    for column in ("area_code", "area_name", "district_name"):
        table[column] = table[column].map(harmless)
    return noted(table, notice=basis.notice).to_csv(index=False, lineterminator="\n")


def _number(value: float, *, digits: int) -> str:
    return "" if pd.isna(value) else f"{value:.{digits}f}"
