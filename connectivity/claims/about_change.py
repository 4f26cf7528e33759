"""The words of a comparison: what changed, what the change is made of, and how sure its direction is.

Every form of these claims reads alike, but for the direction, which a table's cell says in a word or two.
"""

from __future__ import annotations

from connectivity.change.change_claims import not_compared, renamed
from connectivity.change.comparison import Comparison
from connectivity.change.renaming import ALIKE
from connectivity.claims.about_places import cannot
from connectivity.claims.claim import Claim, Form, Sentence, wording
from connectivity.claims.grammar import in_every_hundred, number, plural, several
from connectivity.method.kernel import DECENT_DOWNLOAD

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


@wording("change.moved")
def count_moved(claim: Claim, _form: Form) -> Sentence:
    """Say how a count moved, from when to when, over which places.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "January 2026", "premises", "availability", False, False, False)
    >>> moved = {"profile": "digital", "line_only": True, "correction": False, "times": ("July 2025", "January 2026")}
    >>> moved["counts"] = ((35.2, 200.0), (27.0, 200.0))
    >>> str(Claim("change.moved", "Dorset", -9, -8.2, -7, 200, here, details=moved).say())
    'About 8 fewer homes and businesses in Dorset, by line alone, cannot use essential online services: about 35 of \
200 in July 2025, 27 of 200 in January 2026.'
    """
    details, measured = claim.details, claim.basis.measured
    noun = "lines" if measured else "homes and businesses"
    line = ", by line alone," if details["line_only"] else ""
    older, newer = (f"{_exact(count)} of {_exact(of)}" for count, of in details["counts"])
    before, after = (f"in {release}" for release in details["times"])
    if details["correction"]:
        before, after = "before the correction", "after it"
    fails = cannot(details["profile"], basis=claim.basis)
    rest = f" in {claim.place}{line} {fails}: about {older} {before}, {newer} {after}."
    return Sentence(_difference(claim.best, noun=noun), rest)


@wording("change.direction")
def which_way(claim: Claim, form: Form) -> Sentence:
    """Say how sure it is which way a count moved; in two words for a cell."""
    said = HOW_SURE[claim.details["certainty"]]
    return Sentence("", briefly(claim.details["certainty"]) if form == "cell" else said)


def briefly(certainty: str) -> str:
    """Say how sure a direction is in a word or two.

    >>> briefly("sure fall"), briefly("correction")
    ('Surely fewer', 'Not said')
    """
    return HOW_SURE[certainty].partition(":")[0]


@wording("change.able")
def able_since(claim: Claim, _form: Form) -> Sentence:
    """Say how many became able and how many no longer are, leaving out what is nought.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "January 2026", "premises", "availability", False, False, False)
    >>> worse = {"unable": 1.0, "level": "areas"}
    >>> str(Claim("change.able", "Dorset", 12, 12, 200, 200, here, details=worse).say())
    'At least 12 became able, and at least 1 no longer is. Inside a small area a gain and a loss can hide each other.'
    """
    better, worse = claim.best, claim.details["unable"]
    fewer = f"at least {_exact(worse)} no longer {plural(round(worse), 'is', 'are')}"
    if round(better) and round(worse):
        said = f"At least {_exact(better)} became able, and {fewer}."
    elif round(better):
        said = f"At least {_exact(better)} became able."
    elif round(worse):
        said = f"{fewer.capitalize()} able."
    else:
        said = "None is known to have become able, or to be able no longer."
    place = "small area" if claim.details["level"] == "areas" else "council"
    return Sentence("", f"{said} Inside a {place} a gain and a loss can hide each other.")


@wording("change.premises")
def premises_since(claim: Claim, _form: Form) -> Sentence:
    """Say how many more or fewer premises are counted, and what that does by itself."""
    way = "more" if claim.best > 0 else "fewer"
    effect = claim.details["effect"]
    moved = f"By itself that would {'add' if effect > 0 else 'take off'} {_exact(abs(effect))}."
    many = f"{_exact(abs(claim.best))} {way} {claim.unit}"
    return Sentence("", f"{claim.details['who']} {many} in these places than before. {moved}")


@wording("change.presumed")
def presumed_change(claim: Claim, _form: Form) -> Sentence:
    """Say how much of a change rests on premises of unknown speed."""
    return Sentence(
        "",
        f"About {_exact(claim.best)} of the change is presumed: we take {claim.unit} of unknown speed to have moved "
        "as the others did.",
    )


@wording("change.redefined")
def count_redefined(claim: Claim, _form: Form) -> Sentence:
    """Say that a count changed its meaning, and from what to what the figure went."""
    old, new = (count for count, _ in claim.details["counts"])
    return Sentence(
        "",
        f"{claim.details['why']} With every route counted, the figure went from about {_exact(old)} to "
        f"about {_exact(new)}. We cannot tell how much of that is the new meaning, so we do not call it better "
        "or worse. The figures by line alone kept their meaning.",
    )


@wording("change.renamed")
def only_renamed(claim: Claim, _form: Form) -> Sentence:
    """Say whether a count was apparently only renamed, by how it stands to the lines under 10 Mbit/s.

    Examples
    --------
    >>> from connectivity.claims.claim import Basis
    >>> here = Basis("Demo", "January 2026", "premises", "availability", True, False, False)
    >>> told = {"only": True, "shares": (0.31, 0.3), "times": ("July 2025", "January 2026"), "names": ("USO", "FWA")}
    >>> str(Claim.of_places("change.renamed", "Dorset", 15, of=16, basis=here, details=told).say())
    'Ofcom’s count changed its name from “USO” to “FWA”: apparently only renamed. Of premises under 10 megabits a \
second it was 31 in every 100 in July 2025 and 30 in January 2026. In 15 of 16 councils it moved by less than \
20% of itself.'
    """
    told = claim.details
    verdict = {
        True: "apparently only renamed",
        False: "more than renamed, so no direction is said",
        None: "too few councils to say whether it was only renamed, so no direction is said",
    }[told["only"]]
    old, new = told["names"]
    changed = f"Ofcom’s count changed its name from “{old}” to “{new}”"
    if None in {old, new}:
        changed = "A build does not record what Ofcom called its count below decent broadband"
    said = f"{changed}: {verdict}."
    if not claim.of:
        return Sentence("", said)
    shares = [in_every_hundred(share) for share in told["shares"]]
    first, last = told["times"]
    moved = (
        f"Of premises under {DECENT_DOWNLOAD:g} megabits a second it was {shares[0]} in every 100 in {first} and "
        f"{shares[1]} in {last}."
    )
    kept = f"In {_exact(claim.best)} of {several(round(claim.of), 'council')} it moved by less than"
    return Sentence("", f"{said} {moved} {kept} {ALIKE.value:.0%} of itself.")


@wording("change.behind")
def areas_left_behind(claim: Claim, _form: Form) -> Sentence:
    """Say how many areas were left behind."""
    releases, unit = claim.details["releases"], claim.details["unit"]
    least = f"{claim.details['least']:g} or more such {unit}"
    if not claim.of:
        return Sentence("", f"No small area has {least}; none is called left behind.")
    steps = len(releases) - 1
    through = "" if steps == 1 else f" in any of {steps} new releases"
    many = several(round(claim.best), "small area") if claim.best else "No small area"
    return Sentence("", f"{many} with {least} saw no fall{through} from {releases[0]} to {releases[-1]}.")


@wording("change.not_compared")
def areas_not_compared(claim: Claim, _form: Form) -> Sentence:
    """Say how many areas are not compared, and why."""
    old, new = claim.details["premises"]
    counts = f"{claim.details['unit']}: {_exact(old)}, then {_exact(new)}"
    areas = several(round(claim.best), "small area")
    return Sentence("", f"Not compared, {areas} ({counts}): {claim.details['why']}.")


def change_cautions(comparison: Comparison) -> list[str]:
    """List what a reader must know before using a figure."""
    said = [comparison.notice] if comparison.notice else []
    agreed = comparison.comparability
    if agreed.correction:
        said.append("Both builds are of one release. This is a correction by the publisher, not change.")
    if agreed.level == "councils":
        said.append(
            "A build is modelled within each council, so change in a small area would be an artefact of our model. "
            "Only the councils’ totals are compared."
        )
    if agreed.left_out:
        said.append(f"In one build only, so left out: {', '.join(sorted(agreed.left_out.values()))}.")
    checked = renamed(comparison)
    said += [str(checked.say())] if checked else []
    return [*said, *(str(claim.say()) for claim in not_compared(comparison)), *agreed.notes]


def _difference(change: float, *, noun: str) -> str:
    """Say a change as fewer or more.

    >>> _difference(-12.3, noun="lines"), _difference(1234.0, noun="lines"), _difference(0.2, noun="lines")
    ('About 12 fewer lines', 'About 1,234 more lines', 'As many lines as before')
    """
    if round(change) == 0:
        return f"As many {noun} as before"
    return f"About {_exact(abs(change))} {'more' if change > 0 else 'fewer'} {noun}"


def _exact(value: float) -> str:
    """Write a count to the whole premises: a change would drown in hundreds."""
    return number(value, exact=True)
