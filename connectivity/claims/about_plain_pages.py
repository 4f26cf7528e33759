"""What the plain pages say beside the sentences they share with the app."""

from __future__ import annotations

from connectivity.claims import about_certainty
from connectivity.claims.about_certainty import QUESTION, READINGS, among_the_worst
from connectivity.claims.about_places import gap_column
from connectivity.claims.claim import Basis, Claim, Form, Sentence, wording
from connectivity.claims.grammar import several, small_letter
from connectivity.method.records import ESSENTIAL, FEWEST, HOME_WORKER

COMMAND = "python -m connectivity build STUDY.toml --out DIR --web"
"""Writes the same page from the same files; as `replace_with` of a manifest names such a command."""
QUALITY = "How good are the data?"
OVERVIEW = "All councils in this study"
LETTERS = "A letter on the map stands beside the same place in the table."
MERGED = "To keep this page light, borders between small areas of one colour are left out."
NO_MAP = "There is no map here: the table alone is as much as a page for slow lines may hold."
EMPTY = "This build has no small areas here, so there is nothing to map or list."


def tags(basis: Basis, *, stand_ins: bool) -> list[str]:
    """Say in a few words what kind of figures a study has; nothing where all are published as they are.

    Parameters
    ----------
    stand_ins
        Whether anything else in the study is modelled or stands in for something.

    Examples
    --------
    >>> tags(Basis("S", "July 2025", "premises", "availability", False, False, True), stand_ins=True)
    ['Modelled within each council']
    """
    found = ["Measured speeds of lines people had"] if basis.measured else []
    if basis.modelled:
        return [*found, "Modelled within each council"]
    return [*found, "Partly modelled"] if stand_ins else found


def area_heads(basis: Basis, *, tested: bool) -> list[str]:
    """Name the columns of the table of places, after the place itself.

    Parameters
    ----------
    tested
        Whether the uncertain inputs were drawn, so that places have tiers.
    """
    return [
        f"{gap_column('remote', basis=basis)}: best estimate",
        "Could be",
        f"Share of {basis.unit}",
        "Rank",
        *([QUESTION] if tested else []),
    ]


def share_cell(claim: Claim) -> str:
    """Write the best estimate as a share; nothing under ten premises (method §3).

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> alder = Claim("places.remote", "Alder", 3, 9, 20, 979, here)
    >>> share_cell(alder), share_cell(Claim("places.remote", "Alder", 1, 2, 3, 9, here))
    ('0.9%', '')
    """
    return str(claim.as_share().say("cell")) if claim.of >= FEWEST.value else ""


@wording("plain_pages.class")
def places_of_class(claim: Claim, _form: Form) -> Sentence:
    """Count the places of a class, for the map's legend.

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> str(Claim.of_places("plain_pages.class", "Under 1%", 1200, of=1646, basis=here).say())
    'Under 1%: 1,200 places'
    """
    return Sentence("", f"{claim.place}: {several(round(claim.best), claim.unit.removesuffix('s'))}")


def class_alike(claim: Claim) -> str:
    """Say of a class on the map that it is the whole council's, where its small areas cannot be told apart.

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> class_alike(Claim.of_places("plain_pages.class", "Under 1%", 53, of=53, basis=here))
    'Under 1%: the whole council’s figure'
    """
    return f"{claim.place}: the whole council’s figure"


def map_description(areas: int) -> str:
    """Say to those who cannot see a map where they find the same."""
    return (
        f"{several(areas, 'small area')}, each filled by its class. The list above says how many there are of each "
        "class. The table below holds the figures of every area."
    )


def areas_caption(place: str, *, areas: int, separable: bool) -> str:
    """Say what the table lists and in which order."""
    order = "the highest score first" if separable else "by name, as only the council’s figure is known"
    return f"All {several(areas, 'small area')} of {place}, {order}"


def how_to_read(basis: Basis, *, ranked: int, tested: bool) -> list[str]:
    """Say how to read the table."""
    ranks = (
        f"Ranks are by score, among the {several(ranked, 'place')} of the whole study that we can rank. The score also "
        "takes in need and what else is near, so a place with fewer gaps can rank worse."
    )
    return [ranks, about_certainty.BETWEEN, among_the_worst(basis)] if tested else [ranks, about_certainty.UNTESTED]


def how_to_check(fingerprint: str) -> str:
    """Say how anyone can check a page, up to the command."""
    return (
        f"Fingerprint: {fingerprint}. It is made of the study, its files and the method: who has the same gets the "
        "same fingerprint and the same figures."
    )


def where_reasons_are(page: str, *, reasons: bool) -> str:
    """Say where the reasons for the light are: at the foot of the page, or with whoever made it."""
    if reasons:
        return "The reasons are at the foot of this page."
    return f"Ask whoever gave you this page for the file {page}: it has the reasons."


def where_more_is(page: str) -> str:
    """Say where there is more on the data than a plain page holds."""
    return f"There is more on each file in {page}. Ask whoever gave you this page for it."


def plain_title(place: str, *, basis: Basis) -> str:
    """Name a page for a browser's tab."""
    return f"Broadband gaps in {place}, {basis.release}"


def line_needed() -> str:
    """Say what a line must do.

    >>> line_needed()
    'Home working is taken to need 10 megabits a second down and 4 up, for video calls. An essential online service \
is taken to need 10 down and 1 up.'
    """
    work, service = HOME_WORKER, ESSENTIAL
    return (
        f"Home working is taken to need {work.download.value:g} megabits a second down and {work.upload.value:g} up, "
        f"for video calls. An essential online service is taken to need {service.download.value:g} down and "
        f"{service.upload.value:g} up."
    )


def council_heads(basis: Basis, *, tested: bool) -> list[str]:
    """Name the columns of the table of councils, after the council itself."""
    sure = [f"Places {small_letter(READINGS['robust'].alone)}"] if tested else []
    return [*area_heads(basis, tested=False)[:3], "Places with a score", *sure]


def councils_caption(place: str, *, councils: int) -> str:
    """Say what the table of councils lists and in which order.

    >>> councils_caption("Two shires", councils=2)
    'The 2 councils of Two shires, by name'
    """
    return f"The {several(councils, 'council')} of {place}, by name" if councils > 1 else f"The council of {place}"


def too_heavy(file: str, *, size: int, limit: float) -> str:
    """Say that a page is larger than it should be.

    >>> too_heavy("dorset.html", size=151_000, limit=150_000)
    'dorset.html has 151 kB, more than the 150 kB a page may have: it lists too many places. It has no map.'
    """
    return (
        f"{file} has {size / 1000:.0f} kB, more than the {limit / 1000:.0f} kB a page may have: "
        "it lists too many places. It has no map."
    )
