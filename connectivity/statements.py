"""Plain-English sentences built from figures; the only place that words a claim.

Each sentence carries its number, its denominator, its place and what was counted. "About" stands before every best
estimate that has a range, "of" before every denominator. For lines measured in 2013 we say "lines" and "did not
achieve", never "premises" and never "could not get".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connectivity.words import number, ordinal

ProfileKey = Literal["remote", "digital"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence whose first words carry the number, so that a page may mark them."""

    marked: str
    rest: str

    def __str__(self) -> str:
        """Join the sentence."""
        return self.marked + self.rest


@dataclass(frozen=True, slots=True)
class Basis:
    """What every figure of a study rests on.

    Names are in words; `basis` is ``availability`` or ``measured sync speeds``; `modelled` is about the figures within
    a council.
    """

    study: str
    release: str
    unit: Literal["premises", "lines"]
    basis: str
    counts_fwa: bool
    counts_mobile: bool
    modelled: bool

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Basis:
        """Read the basis off a manifest."""
        return cls(
            study=manifest["study"],
            release=manifest["release"],
            unit=manifest["unit"],
            basis=manifest["basis"],
            counts_fwa=manifest["counts_fwa"],
            counts_mobile=manifest["counts_mobile"],
            modelled=manifest["coverage_modelled"],
        )

    @property
    def measured(self) -> bool:
        """Whether the figures are measured speeds of lines, not what was on sale."""
        return self.unit == "lines"


@dataclass(frozen=True, slots=True)
class Gap:
    """How many of all premises (or lines) of a place cannot do an activity: lowest, best and highest estimate.

    The profile is ``remote`` (one home worker) or ``digital`` (an essential online service).
    """

    place: str
    low: float
    best: float
    high: float
    premises: float
    profile: ProfileKey


def gap(claim: Gap, *, basis: Basis) -> Sentence:
    """Say how many premises of a place cannot do an activity, with the range.

    Examples
    --------
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> str(gap(Gap("Marshwood Vale", 41, 58, 97, 212, "remote"), basis=here))
    'About 58 of 212 homes and businesses in Marshwood Vale cannot support one person working from home on video \
calls. It could be 41 to 97.'
    """
    noun = "broadband lines" if basis.measured else "homes and businesses"
    counted = f"{_lead(claim).capitalize()} of {number(claim.premises)} {noun}"
    return Sentence(counted, f" in {claim.place} {_cannot(claim.profile, basis)}.{_range_sentence(claim)}")


def card(claim: Gap, *, basis: Basis) -> Sentence:
    """Say the same more briefly, for a card under the place's name."""
    counted = f"{_lead(claim).capitalize()} of {number(claim.premises)} {basis.unit}"
    return Sentence(counted, f" {_cannot(claim.profile, basis, brief=True)}.{_range_sentence(claim)}")


def tooltip(claim: Gap, *, basis: Basis) -> str:
    """Say the figure in one short line, as the map's label and the table's cell do."""
    said = f"{_lead(claim)} of {number(claim.premises)} {basis.unit}"
    return said if _certain(claim) else f"{said}, could be {number(claim.low)} to {number(claim.high)}"


def fails(download: float, upload: float, *, basis: Basis) -> str:
    """Say what fails most, from best-estimate counts of download and upload failures; empty when nothing fails."""
    if round(download + upload) == 0:
        return ""
    verb = "failed" if basis.measured else "fails"
    if upload > download:
        return f"What {verb} most is upload: the line cannot send video fast enough, even where it can receive it."
    return f"What {verb} most is download: the line is too slow to receive what is needed."


def rank(place: str, position: int, *, of: int) -> str:
    """Say where a place ranks by score.

    Examples
    --------
    >>> rank("Marshwood Vale", 11, of=1588)
    'Marshwood Vale ranks 11th worst of 1,588 places.'
    """
    said = "worst" if position == 1 else f"{ordinal(position)} worst"
    return f"{place} ranks {said} of {of:,} places."


def rank_untested() -> str:
    """Say that a rank has no interval yet."""
    return "We have not yet tested how far this rank could move under other fair assumptions. Treat it as a guide."


def not_separable(district: str) -> str:
    """Say that the small areas of a council cannot be told apart."""
    return (
        f"We cannot tell the small areas of {district} apart: when we tested our model there, it could not say which "
        "were worse. Use the figure for the whole council."
    )


def not_enough(place: str, *, unknown: float, premises: float, reason: str, basis: Basis) -> str:
    """Say why a place is not scored; never that it is fine."""
    if reason.startswith("fewer than"):
        return f"We do not score {place}: it has {reason}, too few for a fair share. We do not say it is fine."
    if premises > 0 and unknown > 0:
        figure = f"Ofcom gives no figure for {number(unknown)} of {number(premises)} {basis.unit} there."
    else:
        figure = reason.split(": ", 1)[-1].capitalize() + "."
    return f"We do not have enough data to score {place}. {figure} We do not say it is fine: we do not know."


def modelled(basis: Basis) -> str:
    """Say whether the figures are modelled."""
    if not basis.modelled:
        return ""
    return "These figures are modelled. Ofcom gives one total for each council, and we spread it across small places."


def counted(basis: Basis) -> str:
    """Say whether fixed wireless and mobile are counted."""
    if basis.counts_fwa and basis.counts_mobile:
        return "Fixed wireless and mobile are counted."
    if basis.counts_fwa:
        return "Fixed wireless is counted; mobile is not."
    if basis.counts_mobile:
        return "Mobile is counted; fixed wireless is not."
    return "Fixed wireless and mobile are not counted."


def measured(basis: Basis) -> str:
    """Say what measured lines are, where figures are not availability."""
    if not basis.measured:
        return ""
    return (
        f"These are speeds measured on lines people had in {basis.release}. A faster line may have been on sale. "
        "They say nothing about today."
    )


def citation(claim: Gap, *, district: str, basis: Basis) -> str:
    """Word a figure so that it can be quoted with its place, range, source, date and what it leaves out."""
    kind = "modelled from" if basis.modelled else "measured sync speeds," if basis.measured else "from"
    span = "" if _certain(claim) else f"could be {number(claim.low)} to {number(claim.high)}; "
    routes = counted(basis).rstrip(".")
    routes = routes[0].lower() + routes[1:]
    return (
        f"“{_lead(claim).capitalize()} of {number(claim.premises)} {basis.unit} in {claim.place}, {district}, "
        f"{_cannot(claim.profile, basis)} ({span}{kind} Ofcom, {basis.release}; {routes}).”"
    )


def accounting(manifest: Mapping[str, Any]) -> str:
    """Say that every premises is accounted for: in = scored + not scored, by reason."""
    premises, areas, unit = manifest["premises"], manifest["areas"], manifest["unit"]
    parts = [f"{number(premises['scored'], exact=True)} in {areas['scored']:,} places we could score"]
    for reason, count in premises["excluded"].items():
        places = areas["excluded"].get(reason)
        where = f" in {places:,} places" if places else ""
        parts.append(f"{number(count, exact=True)}{where}: {reason}")
    lost = [f"{n:,} places: {why}" for why, n in areas["excluded"].items() if why not in premises["excluded"]]
    tail = f" Without {unit}: {'; '.join(lost)}." if lost else ""
    return f"{number(premises['in'], exact=True)} {unit} = {' + '.join(parts)}.{tail}"


def total(claims: Sequence[Gap], *, place: str) -> Gap:
    """Add up places into one claim; the range is the sum of the ranges, so it is as wide as it can be."""
    return Gap(
        place,
        sum(claim.low for claim in claims),
        sum(claim.best for claim in claims),
        sum(claim.high for claim in claims),
        sum(claim.premises for claim in claims),
        claims[0].profile,
    )


def score_explained() -> str:
    """Say what the score is."""
    return (
        "The score runs from 0 (good) to 100 (bad). The parts add up to it exactly. The marks for 0 and 100 never "
        "move. Need and distance can raise a score, but cannot make one where the line is good enough."
    )


def _certain(claim: Gap) -> bool:
    return number(claim.low) == number(claim.high)


def _lead(claim: Gap) -> str:
    if round(claim.best) == 0:
        return "none" if _certain(claim) else "about none"
    return number(claim.best) if _certain(claim) else f"about {number(claim.best)}"


def _range_sentence(claim: Gap) -> str:
    return "" if _certain(claim) else f" It could be {number(claim.low)} to {number(claim.high)}."


def _cannot(profile: ProfileKey, basis: Basis, *, brief: bool = False) -> str:
    verb = "did not achieve what it takes to" if basis.measured else "cannot"
    if profile == "digital":
        return f"{verb} use essential online services"
    return f"{verb} support one home worker" if brief else f"{verb} support one person working from home on video calls"
