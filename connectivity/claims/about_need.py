"""Sentences about what an average hides. A count that is both has bounds only, and no sentence gives it a middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectivity.claims import about_places
from connectivity.claims.about_boundaries import called
from connectivity.claims.claim import Basis, Claim, ProfileKey, Sentence
from connectivity.claims.grammar import in_every_hundred, number
from connectivity.method.profiles import FEWEST
from connectivity.places.hidden_need import FEWEST_AREAS, NOT_WELL_OFF, WELL_OFF, Known, Standing, standing
from layers.families import Family
from layers.figures import Figure

WIDE = Figure(10, "to one", "from here on the most and the fewest say little", "assumption: a digit more")


def claim_of(row: Mapping[str, Any], *, family: Family, profile: ProfileKey, basis: Basis) -> Claim | None:
    """Take a place's counts as a claim about its premises with a figure; None where it has none."""
    if not row["premises"] > 0:
        return None
    low, best, high, premises = (float(row[name]) for name in ("gap_low", "gap", "gap_high", "premises"))
    return Claim(f"places.{profile}", called(str(row["name"]), family=family), low, best, high, premises, basis)


def headline(claim: Claim, *, known: Known | None, looks: Standing | None) -> tuple[str, Sentence]:
    """Say how a place looks on average and how many premises there have a gap all the same.

    Returns
    -------
    tuple
        What stands before the number, and the sentence with the number.
    """
    said = claim.say()
    if looks is None or known is None:
        return "", said
    by = ", by a stand-in for need" if known.proxy else ""
    if looks == "not well off":
        return f"{_start(claim.place)} does not look well off on average{by}. ", said
    if looks == "about average":
        return f"{_start(claim.place)} looks about as well off as the whole study{by}. ", said
    before = f"{_start(claim.place)} looks well off on average{by}. "
    if round(claim.best) == 0:
        return before, said
    return f"{before}Yet ", Sentence(said.marked[0].lower() + said.marked[1:], said.rest)


def both(row: Mapping[str, Any], *, known: Known | None, basis: Basis) -> str:
    """Say the fewest and the most premises that can have a gap and be in need: bounds, with no figure between them.

    >>> from connectivity.places.hidden_need import NEEDS
    >>> import pandas as pd
    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> low_income = Known(NEEDS["low_income"], pd.Series(dtype=float), "IoD 2025", proxy=False)
    >>> both({"both_low": 0.2, "both_high": 31.0}, known=low_income, basis=here)
    'Somewhere between 0 and 31 premises there have this gap and are homes on a low income.'
    """
    if known is None or not row["both_high"] >= 0:
        return ""
    low, high = number(row["both_low"]), number(row["both_high"])
    verb = "stand in" if not known.need.which.startswith("homes") else "serve" if basis.measured else "are"
    have = f"{'fell short' if basis.measured else 'have this gap'} and {verb} {known.need.which}."
    if high == "0":
        return f"No or almost no {basis.unit} there {have}"
    lead = high if low == high else f"Somewhere between {low} and {high}"
    return f"{lead} {basis.unit} there {have}"


def limits(row: Mapping[str, Any], *, known: Known | None, basis: Basis) -> str:
    """Say how weak the evidence is that lies behind `both`: two limits, and nothing known between them."""
    if known is None or not row["both_high"] >= 0:
        return ""
    low, high = number(row["both_low"]), number(row["both_high"])
    if high == "0":
        return ""
    said = f"No file says which {basis.unit} have both."
    if low == high:
        return said
    said += f" {low} is the fewest there can be and {high} the most; neither is an estimate."
    if row["both_high"] < WIDE.value * max(row["both_low"], 1):
        return said
    return f"{said} They lie so far apart that this is weak evidence: it may be few or many."


def tail(row: Mapping[str, Any], *, claim: Claim, basis: Basis) -> str:
    """Say what the worst tenth of a place's premises holds, beside the place as a whole; empty without a tail."""
    if not row["contrast"] >= 0:
        return ""
    low, best, high = (number(row[f"tail_gap{end}"]) for end in ("_low", "", "_high"))
    lead, span = (best, "") if low == high else (f"About {best}", f" (it could be {low} to {high})")
    one = row["tail_areas"] == 1
    these, have = ("lines", "fell short") if basis.measured else ("premises with a gap", "have a gap")
    all_told = round(row["apart"]) >= round(row["premises"])
    told = "all there" if all_told else f"the {number(row['apart'])} {basis.unit} whose small areas we can tell apart"
    whole = f"In {claim.place} as a whole it is" if all_told else "Across those that we can tell apart it is"
    return (
        f"{lead} of these {these}{span} are in the worst {'small area' if one else _areas(row['tail_areas'])}. "
        f"{'It holds' if one else 'They hold'} {number(row['tail_premises'])} {basis.unit}, about a tenth of {told}. "
        f"In the worst tenth about {rate(row['tail_gap'], of=row['tail_premises'])} in every 100 {have}. "
        f"{whole} {rate(row['apart_gap'], of=row['apart'])} in every 100."
    )


def drawn(claim: Claim, *, basis: Basis) -> str:
    """Say what the bars of the tenths are."""
    noun = "lines that fell short" if basis.measured else "premises with a gap"
    return (
        f"Each bar runs from the lowest to the highest estimate of the {noun}; the black mark is the best one. The "
        f"shade ends at the average of {claim.place}. Tenths are made of whole small areas, so their sizes differ."
    )


def dash() -> str:
    """Say what a dash in the table of places stands for."""
    return f"–: we look for no worst tenth where we can tell fewer than {FEWEST_AREAS.value:g} small areas apart."


def no_tail(row: Mapping[str, Any], *, districts: Sequence[str]) -> str:
    """Say why a place has no tail; empty where it has one."""
    if row["contrast"] >= 0:
        return ""
    if districts and row["apart"] == 0:
        return " ".join(about_places.not_separable(name) for name in districts)
    return (
        f"It has {_areas(row['areas'])}. Under {FEWEST_AREAS.value:g} that we can tell apart, we do not look for a "
        "worst tenth inside a place."
    )


def average(row: Mapping[str, Any], *, known: Known | None, study: float) -> str:
    """Say how a place's share in need compares with the study's; empty in a study without need."""
    if known is None or standing(row["share"], study=study) is None:
        return ""
    mark = ", a stand-in for need" if known.proxy else ""
    return (
        f"Here {in_every_hundred(row['share'])} in every 100 {known.need.those}; across the study "
        f"{in_every_hundred(study)} are ({known.source}{mark})."
    )


def in_need(row: Mapping[str, Any], *, basis: Basis) -> str:
    """Count the premises that a share in need makes, as we take it; not where it is not known.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> in_need({"share": 0.2186, "premises_need": 197_100.0}, basis=here)
    'about 43,100 of 197,100 premises'
    """
    if not row["share"] >= 0:
        return "not known"
    return f"about {number(row['share'] * row['premises_need'])} of {number(row['premises_need'])} {basis.unit}"


def stand_in(known: Known) -> str:
    """Say that a share is a stand-in."""
    return (
        f"This study has no count of homes in need. The share of its {known.need.label.lower()} is a stand-in for it "
        f"({known.source})."
    )


def elsewhere(row: Mapping[str, Any], *, known: Known | None, basis: Basis) -> str:
    """Say how many premises with a gap are in small areas with more need than the study; no count of homes in need."""
    if known is None or row["apart"] < row["premises"] or not row["elsewhere"] >= 0 or round(row["elsewhere"]) == 0:
        return ""
    fell = "lines that fell short" if basis.measured else "premises with a gap"
    low, best, high = (number(row[f"elsewhere{end}"]) for end in ("_low", "", "_high"))
    lead = best if low == high else f"About {best} ({low} to {high})"
    return (
        f"{lead} of the {fell} are in small areas where the share in need is above the study’s. "
        "That does not say that they are the ones in need."
    )


def left_out(row: Mapping[str, Any], *, known: Known | None, basis: Basis) -> list[str]:
    """Say which premises are in no figure."""
    said = []
    if row["areas_left_out"] > 0:
        said.append(
            f"{number(row['premises_left_out'], exact=True)} more {basis.unit} in {_areas(row['areas_left_out'])} "
            "without enough data are left out. We do not say they are fine."
        )
    missing = row["premises"] - row["premises_need"]
    if known is not None and round(missing) > 0:
        said.append(
            f"For {number(missing, exact=True)} {basis.unit} we know no share in need. They are not among those "
            "counted as both, and any of them with a gap may be."
        )
    return said


def citation(claim: Claim, row: Mapping[str, Any], *, known: Known | None, study: float, basis: Basis) -> str:
    """Word the finding so that it can be quoted with its place, range, source, date and what it leaves out."""
    said = claim.lying_in(f"in the study “{basis.study}”").say("quotation").rstrip("”")
    about = average(row, known=known, study=study)
    more = [tail(row, claim=claim, basis=basis), both(row, known=known, basis=basis), about]
    if more[1]:
        more[1] += " No file says how many."
    return f"{said} {' '.join(words for words in more if words)}".strip() + "”"


def rate(gap: float, *, of: float) -> str:
    """Write how many in every 100; not under ten premises (method §3).

    >>> rate(3.0, of=60.0), rate(12.0, of=60.0), rate(1.0, of=9.0)
    ('5', '20', 'too few to say')
    """
    return in_every_hundred(gap / of) if of >= FEWEST.value else "too few to say"


def _areas(count: float) -> str:
    return f"{count:,.0f} small area{'' if count == 1 else 's'}"


def _start(place: str) -> str:
    return place[0].upper() + place[1:]


# --- How the figures of hidden need are made, in words: the rules, what we assume, and what a study cannot say.


def made(*, known: Known | None, basis: Basis, divided: bool) -> list[str]:
    """Say how the figures are made: the rules, what we assume, and why no two shares are multiplied."""
    said = [
        (
            "We list a place’s small areas from the largest share with a gap to the smallest. The first that hold "
            f"a tenth of its {basis.unit} are its worst tenth. A place needs {FEWEST_AREAS.value:g} small areas for "
            "that. Both numbers are our assumption."
        )
    ]
    if known is None:
        return said
    unlike = "lines" if basis.measured else "premises, and some premises are businesses"
    of = "neighbourhoods" if known.proxy else "households" if known.need.those.startswith("households") else "people"
    return [
        (
            f"A place looks well off when its share in need is under {WELL_OFF.value:.0%} of that of the whole study, "
            f"and not well off when it is over {NOT_WELL_OFF.value:.0%} of it. Between the two it looks about average. "
            "Both lines are our assumption."
        ),
        *said,
        (
            "No file says which homes have a gap and are in need. In a small area where 20 in every 100 have a gap and "
            "15 in every 100 are in need, as few as none or as many as 15 may be both. We never multiply the two "
            "shares: that would be true only if one had nothing to do with the other."
        ),
        (
            "The lowest count takes the lowest estimate of the gap, the highest takes the highest. We add up small "
            "areas, so the range is as wide as it can be. A council whose small areas we cannot tell apart is one."
        ),
        f"The share in need is a share of {of}. We take it as the same share of {unlike}: an assumption.",
        *(
            [f"Where a border cuts a small area, we take its gaps and its need to be spread as its {basis.unit} are."]
            if divided
            else []
        ),
    ]


def without_need(labels: Sequence[str]) -> str:
    """Say that need cannot be held against gaps in a study, and why."""
    if not labels:
        return (
            "This study has no figure on need. We can show where the gaps are, but not how many homes in need have one."
        )
    named = "; ".join(labels)
    return (
        f"In this study need is marked by: {named}. That is no share of people or homes, so we cannot say how many "
        "premises have both. A build with draws keeps the share on a low income by itself."
    )
