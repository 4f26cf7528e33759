"""The words of a comparison: what changed, what the change is made of, and how sure its direction is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity.change.comparability import OFCOM, WHO
from connectivity.change.comparison import COMPARED, COUNTS, LEFT_BEHIND, Comparison, Count, accounting
from connectivity.claims.claim import Sentence
from connectivity.claims.grammar import number

HOW_SURE = {
    "sure fall": "Surely fewer: the two ranges do not touch.",
    "sure rise": "Surely more: the two ranges do not touch.",
    "likely fall": "Likely fewer: the lowest, best and highest estimates all fell, but the ranges overlap.",
    "likely rise": "Likely more: the lowest, best and highest estimates all rose, but the ranges overlap.",
    "no change": "No change: the best estimate stayed.",
    "unclear": "Unclear: the lowest, best and highest estimates do not agree on the direction.",
    "definition changed": "Not said: what is counted changed.",
    "correction": "Not said: a correction is no change.",
    "premises counted anew": "Not said: the premises were counted anew.",
}
NAMED = 2
"""Councils that a sentence can name (assumption: more make it hard to read)."""
BRIEFLY = {key: words.partition(":")[0].rstrip(".") for key, words in HOW_SURE.items()}
ACTIVITY = {
    "remote": "support one person working from home on video calls",
    "digital": "use essential online services",
}
ROUTES = {True: "by line alone, fixed wireless left out", False: "by any route that is counted"}


def count_shown(comparison: Comparison, profile: str) -> Count | None:
    """Choose the count that may be called better or worse; None when the releases allow none."""
    key = f"{profile}_line" if profile in comparison.terms.definitions else profile
    return COUNTS[key] if key in comparison.totals.index else None


def headline(comparison: Comparison, count: Count) -> Sentence:
    """Say how a count moved, from when to when, over which places."""
    total = total_row(comparison, count.key)
    noun = "lines" if comparison.new.unit == "lines" else "homes and businesses"
    verb = "did not achieve what it takes to" if comparison.new.unit == "lines" else "cannot"
    line = ", by line alone," if count.line_only else ""
    marked = difference(float(total["change"]), noun=noun)
    counts = [f"{said(total[when])} of {said(total[f'{when}_premises'])}" for when in ("old", "new")]
    times = (f"in {comparison.old.release}", f"in {comparison.new.release}")
    if comparison.terms.correction:
        times = ("before the correction", "after it")
    span = ", ".join(f"{counted} {time}" for counted, time in zip(counts, times, strict=True))
    return Sentence(marked, f" in {where(comparison)}{line} {verb} {ACTIVITY[count.profile.key]}: about {span}.")


def where(comparison: Comparison) -> str:
    """Name the councils compared: by name up to two, else how many."""
    names = sorted(comparison.terms.districts.values())
    return " and ".join(names) if len(names) <= NAMED else f"{len(names):,} councils"


def total_row(comparison: Comparison, key: str) -> dict[str, Any]:
    """Give the total of a count as a plain dictionary."""
    return {str(name): value for name, value in comparison.totals.to_dict("index")[key].items()}


def explained(comparison: Comparison, count: Count) -> list[str]:
    """Say how sure the direction is, then what the change is made of; of a correction, the latter alone."""
    total, terms = total_row(comparison, count.key), comparison.terms
    sure = [] if terms.correction else [HOW_SURE[str(total["certainty"])]]
    return [*sure, *made_of(total, level=terms.level, who=WHO[terms.counter])]


def difference(change: float, *, noun: str) -> str:
    """Say a change as fewer or more.

    >>> difference(-12.3, noun="lines"), difference(1234.0, noun="lines"), difference(0.2, noun="lines")
    ('About 12 fewer lines', 'About 1,234 more lines', 'As many lines as before')
    """
    if round(change) == 0:
        return f"As many {noun} as before"
    return f"About {number(abs(change), exact=True)} {'more' if change > 0 else 'fewer'} {noun}"


def made_of(total: Mapping[Any, Any], *, level: str = "areas", who: str = WHO[OFCOM]) -> list[str]:
    """Say what a change is made of, one sentence each; nothing where it cannot be told apart.

    Parameters
    ----------
    total
        A row of the totals, or of the councils.
    level
        ``areas`` or ``councils``: inside which a gain and a loss can hide each other.
    who
        Who counts the premises, as the sentence about more or fewer of them begins.
    """
    place = "small area" if level == "areas" else "council"
    if pd.isna(total["speed_effect"]):
        return []
    sentences = []
    better, worse = total["newly_able_at_least"], total["newly_unable_at_least"]
    if not pd.isna(better):
        sentences.append(
            f"{_gross(float(better), float(worse))} Inside a {place} a gain and a loss can hide each other."
        )
    premises = float(total["premises_effect"])
    built = float(total["new_premises"]) - float(total["old_premises"])
    if round(built):
        way = "more" if built > 0 else "fewer"
        moved = f"By itself that would {'add' if premises > 0 else 'take off'} {said(abs(premises))}."
        sentences.append(f"{who} {said(abs(built))} {way} premises in these places than before. {moved}")
    presumed = abs(float(total["unknown_effect"]))
    if round(presumed):
        sentences.append(
            f"About {said(presumed)} of the change is presumed: we take premises of unknown speed to have moved as the "
            "others did."
        )
    return sentences


def _gross(better: float, worse: float) -> str:
    """Say how many became able and how many no longer are, leaving out what is nought.

    >>> _gross(12.0, 1.0)
    'At least 12 became able, and at least 1 no longer is.'
    >>> _gross(0.0, 3.0), _gross(0.2, 0.0)
    ('At least 3 no longer are able.', 'None is known to have become able, or to be able no longer.')
    """
    fewer = f"at least {said(worse)} no longer {'is' if round(worse) == 1 else 'are'}"
    if round(better) and round(worse):
        return f"At least {said(better)} became able, and {fewer}."
    if round(better):
        return f"At least {said(better)} became able."
    if round(worse):
        return f"{fewer.capitalize()} able."
    return "None is known to have become able, or to be able no longer."


def definition(comparison: Comparison, profile: str) -> str:
    """Say that a count changed its meaning; empty when it did not."""
    why = comparison.terms.definitions.get(profile)
    if why is None or profile not in comparison.totals.index:
        return ""
    total = total_row(comparison, profile)
    return (
        f"{why} With every route counted, the figure went from about {said(total['old'])} to "
        f"about {said(total['new'])}. We cannot tell how much of that is the new meaning, so we do not call it better "
        "or worse. The figures by line alone kept their meaning."
    )


def cautions(comparison: Comparison) -> list[str]:
    """List what a reader must know before using a figure."""
    listed = [comparison.notice] if comparison.notice else []
    if comparison.terms.correction:
        listed.append("Both builds are of one release. This is a correction by the publisher, not change.")
    if comparison.terms.level == "councils":
        listed.append(
            "A build is modelled within each council, so change in a small area would be an artefact of our model. "
            "Only the councils’ totals are compared."
        )
    if comparison.terms.left_out:
        listed.append(f"In one build only, so left out: {', '.join(sorted(comparison.terms.left_out.values()))}.")
    for why, row in accounting(comparison).iterrows():
        if why != COMPARED and not str(why).startswith("modelled"):
            areas = f"{int(row['areas']):,} small area{'' if row['areas'] == 1 else 's'}"
            counts = f"premises: {said(row['premises_old'])}, then {said(row['premises_new'])}"
            listed.append(f"Not compared, {areas} ({counts}): {why}.")
    return [*listed, *comparison.terms.notes]


def behind(comparison: Comparison, count: Count) -> str:
    """Say how many areas were left behind, or why that cannot be said."""
    if comparison.behind_refused:
        return comparison.behind_refused
    rows = comparison.left_behind[comparison.left_behind["count"].eq(count.key)]
    steps = len(comparison.releases) - 1
    through = "" if steps == 1 else f" in any of {steps} new releases"
    many = "No small area" if rows.empty else f"{len(rows):,} small area{'' if len(rows) == 1 else 's'}"
    least = f"{LEFT_BEHIND.value:g} or more such premises"
    areas = comparison.areas[comparison.areas["count"].eq(count.key)]
    if not (areas["new"] >= LEFT_BEHIND.value).any():
        return f"No small area has {least}; none is called left behind."
    return f"{many} with {least} saw no fall{through} from {comparison.releases[0]} to {comparison.releases[-1]}."


def said(value: float) -> str:
    """Write a count to the whole premises: a change would drown in hundreds."""
    return number(value, exact=True)
