"""How old a release is: its words as a range of days, and the months since. Never a date that nobody stated.

What publishers have corrected, or left standing, in releases that a study may use: a small table with sources.

Which issue of the English Indices of Deprivation 2025 a file is: the first, or the corrected one.

Files 7 and 8 were published on 30 October 2025 and put out again on 13 November 2025. The note in the corrected File
8 says that the district of one small area was put right and that no figure changed (as described in public notes on
that workbook; the note itself was not seen here). In a copy we take for the first issue, one area alone stands in
another district than in ONS's lookup of 2024: E01027305, in West Northamptonshire where ONS has Cherwell. That it is
the one which was put right is our inference.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.intake.published import published_column
from layers.kinds import KINDS
from layers.ledger import MONTHS, Ledger, SourceUse

MID_YEAR = (6, 30)
"""ONS's mid-year estimates are of the 30th of June."""
MONTHS_IN_YEAR = 12
_NAMED = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d{2})(?!\d)"
_DAY = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH.format('month')} {_YEAR}", re.IGNORECASE)
_MONTHS = re.compile(
    rf"\b{_MONTH.format('first')}(?: ?(?:–|-|to|and) ?{_MONTH.format('last')})? {_YEAR}", re.IGNORECASE
)
_ISO = re.compile(rf"{_YEAR}-(?P<first>0[1-9]|1[0-2])(?!\d|-\d)")
_ISO_DAY = re.compile(rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?!\d)")
_MID = re.compile(rf"\bmid[- ]{_YEAR}", re.IGNORECASE)
_YEARS = re.compile(rf"{_YEAR}(?: ?(?:–|-|/|to) ?(?P<end>20\d{{2}}|\d{{2}})(?!\d))?")


def dates_of(release: str) -> tuple[dt.date, dt.date] | None:
    """Read the first and the last day that a release's words can mean.

    Parameters
    ----------
    release
        As a study or a file states it.

    Returns
    -------
    tuple of date
        None where no year is stated, or the words make no date.

    Examples
    --------
    >>> [day.isoformat() for day in dates_of("July 2025")]
    ['2025-07-01', '2025-07-31']
    >>> [day.isoformat() for day in dates_of("June–July 2013, homes only")]
    ['2013-06-01', '2013-07-31']
    >>> [day.isoformat() for day in dates_of("mid-2020")]
    ['2020-06-30', '2020-06-30']
    >>> [day.isoformat() for day in dates_of("Census 2021")]
    ['2021-01-01', '2021-12-31']
    >>> dates_of("not stated") is None, dates_of("2011, published 2014") is None
    (True, True)
    """
    try:
        return _dates(release)
    except ValueError:  # the 31st of February: words that make no date
        return None


def months_since(day: dt.date, *, today: dt.date) -> int:
    """Count whole months from a day to another; 0 when it lies ahead.

    >>> months_since(dt.date(2025, 7, 31), today=dt.date(2026, 11, 22))
    15
    """
    months = (today.year - day.year) * MONTHS_IN_YEAR + today.month - day.month - (today.day < day.day)
    return max(months, 0)


def _dates(release: str) -> tuple[dt.date, dt.date] | None:
    if found := _DAY.search(release) or _ISO_DAY.search(release):
        day = dt.date(int(found["year"]), _month(found["month"]), int(found["day"]))
        return day, day
    if found := _MID.search(release):
        return dt.date(int(found["year"]), *MID_YEAR), dt.date(int(found["year"]), *MID_YEAR)
    if found := _MONTHS.search(release) or _ISO.search(release):
        named = found.groupdict()
        first = _month(found["first"])
        return _whole_months(int(found["year"]), first, _month(named["last"]) if named.get("last") else first)
    found = _YEARS.search(release)
    if found and not _YEARS.search(release, found.end()):  # two years, and no word that joins them: which is meant?
        year, end = int(found["year"]), found["end"]
        last = int(f"{str(year)[: 4 - len(end)]}{end}") if end else year
        return (dt.date(year, 1, 1), dt.date(last, 12, 31)) if last >= year else None
    return None


def _whole_months(year: int, first: int, last: int) -> tuple[dt.date, dt.date] | None:
    if last < first:  # "December–January 2013": which year the first is of is not stated
        return None
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _month(word: str) -> int:
    return int(word) if word.isdigit() else _NAMED[word[:3].casefold()]


ISSUE_RULE = "it is the corrected issue"
"""How the check begins by which a loader tells the issue (:mod:`layers.revisions`)."""
State = Literal["corrected", "superseded", "not known", "as published"]
STATES: dict[State, str] = {
    "corrected": "The file used is the corrected one.",
    "superseded": "The file used is the first issue, not the corrected one.",
    "not known": "Whether the file used is the corrected one is not known.",
    "as published": "No correction is known to us; the figures are used as published.",
}
REISSUE = re.compile(r"[_-]r0*(\d+)(?!\d)", re.IGNORECASE)
"""Ofcom ends its file names in ``r01``, and in a higher number when it puts the file out again."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One known correction, or one known exception.

    Parameters
    ----------
    kinds
        Kinds of layer it is about.
    release
        What the release's words must hold, such as a year; "" for any.
    words
        What was corrected, or stands uncorrected, in plain words.
    source
        Who says so.
    corrected, superseded
        SHA-256 of the corrected file and of the one it replaced, as far as they are known.
    weighs
        Whether not knowing lowers the layer's light: it does where a correction is certain to exist.
    figures
        Whether figures changed: only then is the file that was withdrawn unfit to publish from.
    stands
        Whether it is an exception the publisher has not corrected, as far as we know.
    """

    kinds: tuple[str, ...]
    release: str
    words: str
    source: str
    corrected: frozenset[str] = frozenset()
    superseded: frozenset[str] = frozenset()
    weighs: bool = True
    figures: bool = True
    stands: bool = False

    def applies(self, used: SourceUse) -> bool:
        """Tell whether it is about that file."""
        return used.kind in self.kinds and self.release in used.release

    def state(self, used: SourceUse, *, first: bool | None = None) -> State:
        """Tell which issue the file is: by its bytes, or by what it holds; its name may be the same in both.

        Parameters
        ----------
        first
            Whether what the file holds is as in the first issue; None where that does not tell.
        """
        if self.stands:
            return "as published"
        if used.sha256 in self.corrected or first is False:
            return "corrected"
        return "superseded" if used.sha256 in self.superseded or first else "not known"


_IOD = "Ministry of Housing, Communities and Local Government, English Indices of Deprivation 2025"
CORRECTIONS = (
    Correction(
        ("deprivation",),
        "2025",
        "File 7 of the English Indices of Deprivation 2025 was put out again, corrected, in November 2025; "
        "as far as we know the district of one area was put right, and no figure.",
        f"{_IOD}, file 7, and public notes on the corrected workbook (not seen here)",
        figures=False,
    ),
    Correction(
        ("underlying_2025",),
        "",  # the kind is of that release alone
        "File 8 of the English Indices of Deprivation 2025 was put out again, corrected, in November 2025; "
        "as far as we know the district of one area was put right, and no figure.",
        f"{_IOD}, file 8, and public notes on the corrected workbook (not seen here)",
        figures=False,
    ),
    Correction(
        ("ofcom_authority",),
        "July 2025",
        "In 4 of the 41 council rows we have seen of this release more premises have gigabit than have 300 Mbit/s "
        "(Torridge by 825). Gigabit is in no score.",
        "Ofcom, Connected Nations 2025, fixed coverage by local authority, read and counted by this project",
        stands=True,
    ),
)


def reissue_of(name: str) -> int | None:
    """Read off an Ofcom file name which issue it is.

    >>> reissue_of("202507_fixed_laua_coverage_r01.csv"), reissue_of("202601_mobile_coverage_r2.zip")
    (1, 2)
    >>> reissue_of("coverage.csv") is None
    True
    """
    found = REISSUE.search(name)
    return int(found[1]) if found else None


def about_reissue(used: SourceUse) -> str | None:
    """Say which issue of an Ofcom file was used; None for other layers, and where the name does not say."""
    issue = reissue_of(used.file) if KINDS[used.kind].reissued else None
    if issue is None:
        return None
    if issue > 1:
        return f"The file is issue {issue}: Ofcom put it out again. Whether a later issue exists is not known."
    return "The file is Ofcom's first issue. Ofcom sometimes puts files out again; whether it did is not known."


DISTRICT = published_column("indices_2025", "district_code")
ISSUED_ON = "lsoa21"
AREA = "E01027305"
FIRST, CORRECTED = "E06000062", "E07000177"
"""West Northamptonshire and Cherwell: where the first and the corrected issue put the area."""
WHOLE = 30_000
"""Rows above which a file is taken for the whole of England, which has 33,755 areas."""
Issue = Literal["first", "corrected"]


def issue_of(table: pd.DataFrame) -> Issue | None:
    """Tell the issue by the district of one area.

    Parameters
    ----------
    table
        Index ``area_code``; ``district_code`` where the file gives it.

    Returns
    -------
    str or None
        None when the file does not say.

    Examples
    --------
    >>> issue_of(pd.DataFrame({"district_code": ["E06000062"]}, index=["E01027305"]))
    'first'
    """
    if DISTRICT.name not in table or AREA not in table.index:
        return None
    found: dict[str, Issue] = {FIRST: "first", CORRECTED: "corrected"}
    return found.get(table[DISTRICT.name].loc[AREA])


def tell_issue(table: pd.DataFrame, *, path: Path, geography: str, ledger: Ledger) -> pd.DataFrame:
    """Record which issue the file is, and take its districts off: a study's own lookup gives them.

    A file that is not of the whole of England, and does not hold the area, says nothing; nor does one on the areas of
    another year, which was not put out again.
    """
    if geography != ISSUED_ON:
        return table.drop(columns=DISTRICT.name, errors="ignore")
    issue = issue_of(table)
    if issue is not None:
        ledger.check(
            path,
            "it is the corrected issue of 13 November 2025",
            rows=1,
            failing=int(issue == "first"),
            examples=[AREA],
            then="kept",
        )
    if issue == "first":
        ledger.warn(
            f"{path.name}: it looks like the first issue of 30 October 2025: {AREA} stands in West Northamptonshire. "
            "In the next one, of 13 November 2025, it stands in Cherwell. No figure changed."
        )
    elif issue is None and len(table) > WHOLE:
        ledger.warn(
            f"{path.name}: it may be the first issue or the corrected one of 13 November 2025. We cannot tell. The "
            "council of one area was put right. No figure changed."
        )
    return table.drop(columns=DISTRICT.name, errors="ignore")
