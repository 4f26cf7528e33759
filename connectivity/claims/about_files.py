"""What the columns of a table of places hold, with their units: for spreadsheets, map programs and statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from connectivity.claims.about_certainty import QUESTION, READINGS
from connectivity.claims.about_places import NOT_TOLD_APART, cannot
from connectivity.claims.claim import Basis, ProfileKey
from connectivity.claims.grammar import several
from connectivity.method.feasibility import NOT_TOLD_APART as ALIKE
from connectivity.method.records import FEWEST
from connectivity.robustness.tiers import RANGE, of_draws

ColumnKind = Literal["code", "text", "choice", "whole", "rank", "decimal", "share", "flag"]
DRAWN = "try"
"""The unit of a rank's range: a try is one fair set of what had to be assumed."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table of places.

    Attributes
    ----------
    name
        In files for programs.
    head
        In files for people, with the unit.
    unit
        What a number counts; empty for text.
    meaning
        In a sentence.
    kind
        What its cells are.
    most
        The largest number there can be; None where there is no such number.
    choices
        The texts there can be; none where any text can be.
    needed
        Whether no cell is empty.
    """

    name: str
    head: str
    unit: str
    meaning: str
    kind: ColumnKind
    most: float | None = None
    choices: tuple[str, ...] = ()
    needed: bool = False


EMPTY_CELL = "An empty cell is not known, or not in this study. It is never zero."
APOSTROPHE = (
    "A text that a spreadsheet would run as a formula stands behind an apostrophe. Take the first apostrophe away to "
    "have the text as it was."
)


def place_columns(basis: Basis) -> tuple[TableColumn, ...]:
    """List the columns that a table of places may have, in the order of `ranking.csv`.

    Parameters
    ----------
    basis
        What the figures rest on: whether premises or lines are counted, and whether they are modelled.
    """
    unit, sure = basis.unit, of_draws(RANGE)
    return (
        TableColumn(
            "severity_rank",
            "Rank by score (1 is the worst)",
            "rank",
            "Rank by score among all ranked small areas of the study, 1 is the worst. It stands only beside its range, "
            "and not where only the council’s own figure is known.",
            "rank",
        ),
        TableColumn(
            "scale_rank",
            f"Rank by {'lines' if basis.measured else 'people'} affected (1 is the most)",
            "rank",
            f"Rank by {'lines' if basis.measured else 'people, those in need counting more,'} affected; 1 is the most. "
            "Its range was not drawn, so it is no figure to quote.",
            "rank",
        ),
        TableColumn("area_code", "Area code", "", "Code of the small area (LSOA).", "code", needed=True),
        TableColumn("area_name", "Area name", "", f"What we call the small area. {APOSTROPHE}", "text", needed=True),
        TableColumn("district_code", "Council code", "", "Code of the council.", "code"),
        TableColumn("district_name", "Council name", "", f"The council. {APOSTROPHE}", "text"),
        TableColumn(
            "status",
            "Status",
            "",
            f"“scored”; “{ALIKE}”, which has its council’s shares and no rank; or why there is not enough data.",
            "text",
            needed=True,
        ),
        TableColumn(
            "premises",
            f"All {unit} (number)",
            unit,
            "Lines that were measured." if basis.measured else "Homes and businesses.",
            "whole",
        ),
        TableColumn(
            "premises_unknown",
            f"{unit.capitalize()} whose speed is not known (number)",
            unit,
            "Of them, those for which no speed is published. They are never taken for fine.",
            "whole",
        ),
        *_counts("remote", basis=basis),
        *_counts("digital", basis=basis),
        TableColumn("score", "Score (0 good to 100 bad)", "points", "How bad a place is.", "decimal", most=100),
        TableColumn(
            "score_remote",
            "Home working (0 good to 100 bad)",
            "points",
            f"Share of its {unit} that {cannot('remote', basis=basis)}, in percent.",
            "decimal",
            most=100,
        ),
        TableColumn(
            "score_digital",
            "Online services (0 good to 100 bad)",
            "points",
            f"Share of its {unit} that {cannot('digital', basis=basis)}, in percent.",
            "decimal",
            most=100,
        ),
        TableColumn(
            "score_need",
            "Need (0 least to 100 most)",
            "points",
            "How many people are in need, between fixed marks; empty where the study does not have it.",
            "decimal",
            most=100,
        ),
        TableColumn(
            "score_alternative",
            "No alternative nearby (0 near to 100 far)",
            "points",
            "How far it is to what helps in person, between fixed marks; empty where the study does not have it.",
            "decimal",
            most=100,
        ),
        TableColumn(
            "rank_median",
            "Middle rank in the tries (rank)",
            DRAWN,
            "Rank by score in the middle one of all tries. A try is one fair set of what we had to assume.",
            "rank",
        ),
        TableColumn(
            "rank_p05",
            "Rank is from (rank)",
            DRAWN,
            f"The worse end of the range of the rank: it holds the rank in {sure}.",
            "rank",
        ),
        TableColumn(
            "rank_p95",
            "Rank is to (rank)",
            DRAWN,
            f"The better end of the range of the rank: it holds the rank in {sure}.",
            "rank",
        ),
        TableColumn(
            "among_the_worst",
            QUESTION,
            "",
            "How sure it is that the place is among the worst; empty where ranks were not tried out.",
            "choice",
            choices=tuple(one.cell for one in READINGS.values()),
        ),
        TableColumn(
            "told_apart",
            "Has a figure of its own, not its council’s",
            "",
            f"False where only the council’s figure is known (“{NOT_TOLD_APART}”): there is no rank then.",
            "flag",
            needed=True,
        ),
        TableColumn(
            "share_in_place",
            "Share of the area in the place (0 to 1)",
            f"share of {unit}",
            f"How much of the area’s {unit} lie in what the file is about. The figures are those of the whole area.",
            "share",
            most=1,
            needed=True,
        ),
        TableColumn("release", "Release", "", "Whose date the figures have.", "text", needed=True),
        TableColumn(
            "modelled",
            "Modelled",
            "",
            "True where Ofcom gives one total for each council, and we spread it across small areas.",
            "flag",
            needed=True,
        ),
        TableColumn(
            "fixed_wireless_counted", "Fixed wireless counted", "", "Whether it counts as a line.", "flag", needed=True
        ),
        TableColumn("mobile_counted", "Mobile counted", "", "Whether it counts as a line.", "flag", needed=True),
        TableColumn("do_not_publish", "Do not publish", "", "Why these figures must not be published.", "text"),
    )


def _counts(profile: ProfileKey, *, basis: Basis) -> tuple[TableColumn, ...]:
    """Name the three estimates of a count."""
    what = f"{basis.unit} that {cannot(profile, basis=basis)}"
    ends = (
        f"The range holds it in {of_draws(RANGE)}, so ranges of areas must not be added up." if basis.modelled else ""
    )
    told = {"_low": ("lowest estimate", ends), "": ("best estimate", ""), "_high": ("highest estimate", ends)}
    return tuple(
        TableColumn(
            f"{profile}_infeasible{end}",
            f"{what[0].upper()}{what[1:]}: {which} (number)",
            basis.unit,
            " ".join(filter(None, (f"{which.capitalize()} of {what}: an estimate, so it has decimals.", more))),
            "decimal",
        )
        for end, (which, more) in told.items()
    )


def replaced_said(shown: Sequence[str]) -> str:
    r"""Say which texts held characters that were replaced; empty where none did.

    Parameters
    ----------
    shown
        The texts as they now stand.

    Examples
    --------
    >>> replaced_said(["Bere" + chr(92) + "x07"]).rpartition(": ")[2]
    '“Bere\\x07”.'
    >>> replaced_said([])
    ''
    """
    if not shown:
        return ""
    listed = ", ".join(f"“{one}”" for one in shown)
    hold = "held characters that cannot be printed or that turn the words around them. Each is written as its code"
    return f"{several(len(shown), 'text')} {hold}: {listed}."


NOT_FILLED_IN = "[not filled in]"
"""What stands, to be seen, where a person supplied nothing."""
SHORTHAND = {
    "[c]": f"Suppressed: there are under {FEWEST.value:g}, so a percentage would say more than is known.",
    "[x]": "Not available: it is not known, or not in this study. It is never zero.",
}
"""Marks in cells of a spreadsheet, as the Government Analysis Function asks for them."""
ONE_TABLE = "This worksheet contains one table."
SHORT = "Some cells hold shorthand: the worksheet “notes” explains it."
WHOLE_SHOWN = "Estimates are held with two decimals and shown without. They are estimates, not counts."
NO_SUMS = (
    "Ranges of areas must not be added up: all areas cannot be at their lowest at once. The range of a sum is in the "
    "worksheet “notes”, where it is known."
)


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What a worksheet is called, and what stands in its first cell."""

    tab: str
    title: str


def sheets_titled(place: str, *, basis: Basis) -> dict[str, SheetWords]:
    """Name the worksheets of a pack's spreadsheet, by what they hold.

    >>> here = Basis("S", "July 2025", "premises", "availability", False, False, True)
    >>> sheets_titled("Dorset", basis=here)["speeds"]
    SheetWords(tab='speeds', title='Premises of each small area of Dorset by download speed, July 2025')
    """
    areas = f"each small area of {place}"
    titles = {
        "contents": f"Broadband in {place}, {basis.release}: the figures behind the documents",
        "notes": f"Notes on the figures for {place}, {basis.release}",
        "home-working": f"{basis.unit.capitalize()} of {areas} that {cannot('remote', basis=basis)}, {basis.release}",
        "online-services": f"{basis.unit.capitalize()} of {areas} that {cannot('digital', basis=basis)}, "
        f"{basis.release}",
        "scores": f"Score of {areas}, and what it is made of, {basis.release}",
        "speeds": f"{basis.unit.capitalize()} of {areas} by download speed, {basis.release}",
        "people": f"Who lives in {areas}, and what is near",
    }
    return {tab: SheetWords(tab, title) for tab, title in titles.items()}


def share_head(profile: ProfileKey, *, basis: Basis) -> str:
    """Name the column of shares."""
    return f"Share of {basis.unit} that {cannot(profile, basis=basis)}: best estimate (%)"


def speed_head(label: str, *, basis: Basis) -> str:
    """Name the column of a speed band.

    >>> speed_head("Under 2", basis=Basis("S", "July 2025", "premises", "availability", False, False, True))
    'Under 2 Mbit/s (number of premises)'
    """
    return f"{label} Mbit/s (number of {basis.unit})"


RESIDENTS = "Residents (number)"
KIND_OF_PLACE = "Rural or urban (official class)"
COUNTS_PEOPLE = "People affected (number, estimated)"
NOTE_TOPICS = {
    "figure": "The figure",
    "rests": "What it rests on",
    "sure": "How sure we are",
    "limits": "What it does not show",
    "columns": "How to read the numbers",
    "source": "Source",
    "revisions": "Revisions",
    "next": "Next update",
    "replaces": "Earlier figure it replaces",
    "contact": "Contact",
    "made_by": "Made by",
    "check": "How to check it",
    "text": "Text that was changed",
}
"""What the rows of the notes are about."""


def areas_elsewhere(count: int, *, file: str) -> str:
    """Say that a page for slow lines does not list all small areas, and which file does.

    >>> areas_elsewhere(1646, file="ranking.csv")
    'All 1,646 small areas are too many for a page for slow lines: the file ranking.csv of this pack has them.'
    """
    listed = f"All {several(count, 'small area')}"
    return f"{listed} are too many for a page for slow lines: the file {file} of this pack has them."
