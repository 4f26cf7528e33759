"""The one grammar: counts and their wholes, ranges, plurals, lists, percents, positions, dates."""

from __future__ import annotations

from connectivity.method.records import FEWEST
from layers.errors import listed, several
from layers.ledger import MONTHS

__all__ = [
    "all_of",
    "between",
    "capital",
    "counted_noun",
    "day",
    "estimate",
    "in_every_hundred",
    "kilometres",
    "lead_of",
    "listed",
    "moment",
    "month",
    "number",
    "one_decimal",
    "ordinal",
    "out_of_hundred",
    "plural",
    "pounds",
    "rounded_alike",
    "several",
    "signed",
    "small_letter",
    "some_of",
    "span",
    "whole_percent",
]

ROUNDED_FROM = 1000
"""Counts of this size and above are said to the nearest 100 (look and feel §6)."""
SHOWN = 0.005
"""Counts stand in files with two decimals: a difference under this cannot be seen there."""
MILLION = 1_000_000
WHOLE_FROM = 10
"""From this many in every hundred on, no decimal is said."""


def number(value: float, *, exact: bool = False) -> str:
    """Write a count for people: whole, with commas, and to the nearest 100 from 1,000 up unless `exact`.

    Examples
    --------
    >>> number(3473.2), number(3473.2, exact=True), number(57.6)
    ('3,500', '3,473', '58')
    """
    return f"{_rounded(value, exact=exact):,}"


def _rounded(value: float, *, exact: bool) -> int:
    return round(value) if exact or abs(value) < ROUNDED_FROM else round(value / 100) * 100


def one_decimal(value: float) -> str:
    """Write a score, a distance or a percentage of our own reckoning: with one decimal.

    >>> one_decimal(7.44), one_decimal(1021.0)
    ('7.4', '1,021.0')
    """
    return f"{value:,.1f}"


def rounded_alike(best: float, of: float) -> tuple[str, str]:
    """Write a count and the whole it is part of, rounded by one rule: whole below 1,000, else both to the nearest 100.

    >>> rounded_alike(182.6, 1197), rounded_alike(3473, 125_709)
    (('183', '1,197'), ('3,500', '125,700'))
    """
    exact = abs(best) < ROUNDED_FROM
    return number(best, exact=exact), number(of, exact=exact)


def lead_of(low: float, best: float, high: float, of: float, *, modelled: bool = False) -> tuple[str, str]:
    """Write a best estimate and the whole it is part of, both rounded by the one rule the estimate calls for.

    “About” stands wherever there is a range, the figure is modelled or rounding changed what a file holds.

    Examples
    --------
    >>> lead_of(15, 15, 15, 598), lead_of(41, 57.6, 97, 212), lead_of(182.6, 182.6, 182.6, 1197)
    (('15', '598'), ('about 58', '212'), ('about 183', '1,197'))
    >>> lead_of(1688, 3473, 8411, 125_709), lead_of(0, 0, 0, 1197), lead_of(0, 0.2, 4, 944)
    (('about 3,500', '125,700'), ('none', '1,197'), ('almost none', '944'))
    """
    exact = abs(best) < ROUNDED_FROM
    whole = _rounded(of, exact=exact)
    return estimate(low, best, high, modelled=modelled or abs(whole - of) >= SHOWN), f"{whole:,}"


def estimate(low: float, best: float, high: float, *, modelled: bool = False) -> str:
    """Write a best estimate that is no part of a whole; “about” stands before it as `lead_of` says.

    >>> estimate(3, 3, 3), estimate(1, 3, 5), estimate(0, 0.2, 4), estimate(0, 0, 0), estimate(3, 3, 3, modelled=True)
    ('3', 'about 3', 'almost none', 'none', 'about 3')
    """
    counted, certain = _rounded(best, exact=False), span(low, high) == ""
    if round(best) == 0:
        return "none" if certain and abs(best) < SHOWN else "almost none"
    about = "" if certain and abs(counted - best) < SHOWN and not modelled else "about "
    return f"{about}{counted:,}"


def span(low: float, high: float, *, exact: bool = False) -> str:
    """Write a range; empty where both ends read alike.

    >>> span(41.2, 96.9), span(15, 15), span(1210, 1290), span(1210, 1290, exact=True)
    ('41 to 97', '', '1,200 to 1,300', '1,210 to 1,290')
    """
    least, most = number(low, exact=exact), number(high, exact=exact)
    return "" if least == most else f"{least} to {most}"


def plural(count: float, one: str = "", more: str = "s") -> str:
    """End a word as a count wants it; from 2 on, and for none, it is more than one.

    >>> [f"{count} place{plural(count)}" for count in (0, 1, 2)]
    ['0 places', '1 place', '2 places']
    >>> plural(1, "is", "are")
    'is'
    """
    return one if count == 1 else more


NOUNS = {
    "premises": ("premises", "premises"),
    "lines": ("line", "lines"),
    "people": ("person", "people"),
    "places": ("place", "places"),
    "pounds": ("pound", "pounds"),
}
"""One and more of each unit that a claim counts in."""


def counted_noun(unit: str, count: float) -> str:
    """Name what is counted, as the count that is said wants it.

    >>> counted_noun("people", 1.2), counted_noun("people", 0), counted_noun("places", 1), counted_noun("lines", 40)
    ('person', 'people', 'place', 'lines')
    """
    one, more = NOUNS[unit]
    return plural(round(count), one, more)


def capital(words: str) -> str:
    """Begin a sentence: the first letter large, the others as they are.

    >>> capital("about 3 lines in Ash"), capital("")
    ('About 3 lines in Ash', '')
    """
    return words[:1].upper() + words[1:]


def small_letter(words: str) -> str:
    """Go on with words that began a sentence.

    >>> small_letter("Mobile is counted")
    'mobile is counted'
    """
    return words[:1].lower() + words[1:]


def signed(change: float) -> str:
    """Write a change with its sign, as a cell holds it.

    >>> signed(-12.4), signed(3.0), signed(-0.2), signed(float("nan"))
    ('−12', '+3', '0', 'not said')
    """
    if change != change:  # noqa: PLR0124 - only a missing figure differs from itself
        return "not said"
    whole = round(change)
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole):,}"


def in_every_hundred(share: float) -> str:
    """Write a share as so many in every 100: whole from 10 on, else with one decimal.

    >>> in_every_hundred(0.0834), in_every_hundred(0.05), in_every_hundred(0.164), in_every_hundred(0.0002)
    ('8.3', '5', '16', 'under 0.1')
    >>> in_every_hundred(float("nan"))
    'not known'
    """
    if share != share:  # noqa: PLR0124 - only a missing figure differs from itself
        return "not known"
    percent = 100 * share
    if 0 < percent < 0.05:  # noqa: PLR2004 - would be written as 0
        return "under 0.1"
    return f"{percent:.0f}" if round(percent, 1) >= WHOLE_FROM else f"{percent:.1f}".removesuffix(".0")


def pounds(value: float, *, exact: bool = False) -> str:
    """Write a sum of money: in millions from a million up, to three figures unless `exact`.

    >>> pounds(4_987_000), pounds(150_000), pounds(1655.3), pounds(1655.3, exact=True), pounds(5_000_000)
    ('£4.99m', '£150,000', '£1,660', '£1,655', '£5m')
    """
    if exact:
        return f"£{value:,.0f}"
    if abs(value) >= MILLION:
        return f"£{value / MILLION:,.2f}".rstrip("0").rstrip(".") + "m"
    return f"£{float(f'{value:.3g}'):,.0f}"


def kilometres(value: float) -> str:
    """Write a distance.

    >>> kilometres(7.44)
    '7.4 km'
    """
    return f"{one_decimal(value)} km"


def whole_percent(share: float) -> str:
    """Write a share as a whole percentage.

    >>> whole_percent(0.754), whole_percent(float("nan"))
    ('75%', 'not known')
    """
    return "not known" if share != share else f"{share:.0%}"  # noqa: PLR0124 - only a missing figure differs from itself


def out_of_hundred(count: float, *, of: float) -> str:
    """Write how many of every hundred a count is; not under ten, where every single one moves it (method §3).

    >>> out_of_hundred(3.0, of=60.0), out_of_hundred(12.0, of=60.0), out_of_hundred(1.0, of=9.0)
    ('5', '20', 'too few to say')
    """
    return in_every_hundred(count / of) if of >= FEWEST.value else "too few to say"


def ordinal(position: int) -> str:
    """Write a position in words people use.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 11, 112, 1021)]
    ['1st', '2nd', '3rd', '11th', '112th', '1,021st']
    """
    teens = position // 10 % 10 == 1
    suffix = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position:,}{suffix}"


def month(year: str, number_of_month: str) -> str | None:
    """Write a month given in figures; None where there is no such month.

    >>> month("2004", "03"), month("2004", "13")
    ('March 2004', None)
    """
    known = number_of_month.isdecimal() and 1 <= int(number_of_month) <= len(MONTHS)
    return f"{MONTHS[int(number_of_month) - 1]} {year}" if known else None


def day(date: str) -> str:
    """Write a day given as year-month-day; as it is where it is none.

    >>> day("2026-03-31"), day("soon")
    ('31 March 2026', 'soon')
    """
    parts = date.split("-")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[2].isdecimal()):  # noqa: PLR2004 - year, month and day
        return date
    said = month(parts[0], parts[1])
    return f"{int(parts[2])} {said}" if said else date


def moment(created: str) -> str:
    """Write a moment given as ISO 8601 in UTC.

    >>> moment("2026-03-01T09:00:00Z")
    '1 March 2026, 09:00 UTC'
    """
    return f"{day(created[:10])}, {created[11:16]} UTC"


def between(low: float, high: float) -> str:
    """Write both ends of a range, under a heading that says what they are; also where they read alike.

    >>> between(41.2, 96.9), between(15, 15)
    ('41 to 97', '15 to 15')
    """
    return f"{number(low)} to {number(high)}"


def some_of(count: float, of: float) -> str:
    """Write a count of all there are, both as they were counted.

    >>> some_of(1201, 1646)
    '1,201 of 1,646'
    """
    return f"{number(count, exact=True)} of {number(of, exact=True)}"


def all_of(count: int, one: str) -> str:
    """Head a list with how many things it holds.

    >>> all_of(1646, "place"), all_of(2, "place")
    ('All 1,646 places', 'Both places')
    """
    return f"Both {one}s" if count == 2 else f"All {several(count, one)}"  # noqa: PLR2004 - a pair
