"""How old a release is: its words as a range of days, and the months since. Never a date that nobody stated."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from layers.manifest import MONTHS

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
