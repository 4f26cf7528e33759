"""A count of another name is held against the lines under 10 Mbit/s before any direction is said."""

from __future__ import annotations

import pytest
from hand_builds import hand_build

from connectivity.change.change_claims import renamed
from connectivity.change.change_files import summarised
from connectivity.change.comparison import compare_builds
from connectivity.change.renaming import MOBILE_COUNTED, renaming_of

JULY, JANUARY = "July 2025", "January 2026"
NAMES = ("below the USO", "unable to receive decent broadband")


def council_build(below: list[float], *, release: str, definition: str | None, slow: float = 100.0, **changes):
    """Make a build of one area a council: of 1,000 premises `slow` are under 10, and `below` of them below decent."""
    made = hand_build(
        {number: (1000, 0, count, count, count) for number, count in enumerate(below, start=1)},
        release=release,
        definition=definition,
        **({"counts_fwa": True} | changes),
    )
    areas = made.areas
    areas["district_code"] = [f"E0700000{number}" for number in range(len(below))]
    slowest = made.manifest.bands[0].column
    areas[made.manifest.bands[-1].column] += areas[slowest] - slow
    areas[slowest] = slow
    return made


def pair(then: list[float], now: list[float], **changes):
    old = council_build(then, release=JULY, definition=NAMES[0], **changes)
    return old, council_build(now, release=JANUARY, definition=NAMES[1], **changes)


def test_a_share_that_stays_in_nine_of_ten_councils_was_only_renamed():
    found = renaming_of(*pair([30, 40, 50, 60, 20], [28, 41, 45, 60, 21]))
    assert (found.councils, found.kept, found.only_renamed) == (5, 5, True)
    assert (found.old, found.new) == pytest.approx((0.4, 0.39))


def test_a_share_that_falls_by_a_third_in_two_of_five_councils_was_more_than_renamed():
    found = renaming_of(*pair([30, 40, 50, 60, 20], [20, 26, 50, 60, 20]))
    assert (found.councils, found.kept, found.only_renamed) == (5, 3, False)


def test_few_councils_say_nothing_and_nothing_is_asked_where_no_name_changed_or_no_count_is_published():
    assert renaming_of(*pair([30, 40], [30, 40])).only_renamed is None
    old, _ = pair([30] * 5, [30] * 5)
    assert renaming_of(old, old) is None
    assert renaming_of(*pair([30] * 5, [30] * 5, counts_fwa=False)) is None


def test_no_direction_is_said_of_a_count_that_was_more_than_renamed_and_one_is_where_it_was_not():
    councils = {f"E0700000{number}": f"Council {number}" for number in range(5)}
    districts = tuple({"code": code, "name": name, "separable": True} for code, name in councils.items())
    for now, only in (([28, 41, 45, 60, 21], True), ([20, 26, 50, 60, 20], False)):
        found = compare_builds(pair([30, 40, 50, 60, 20], now, districts=districts))
        claim = renamed(found)
        assert claim.details["only"] is only
        assert ("digital" in found.comparability.definitions) is not only
        assert (found.totals.loc["digital", "certainty"] == "definition changed") is not only
        assert ("apparently only renamed" in str(claim.say())) is only


def test_the_summary_has_the_numbers_of_the_check_or_says_why_there_is_none():
    councils = {f"E0700000{number}": f"Council {number}" for number in range(5)}
    districts = tuple({"code": code, "name": name, "separable": True} for code, name in councils.items())
    then, now = [30, 40, 50, 60, 20], [28, 41, 45, 60, 21]
    found = summarised(compare_builds(pair(then, now, districts=districts)))["renaming"]
    assert (found["checked"], found["only_renamed"], found["councils"], found["kept"]) == (True, True, 5, 5)
    assert found["share_of_under_10"] == {"old": 0.4, "new": 0.39}
    assert found["names"] == list(NAMES)
    mobile = summarised(compare_builds(pair(then, now, districts=districts, counts_mobile=True)))["renaming"]
    assert mobile == {"checked": False, "why": MOBILE_COUNTED, "names": list(NAMES)}
    old, new = pair(then, now, districts=districts, counts_fwa=False)
    assert summarised(compare_builds([old, new]))["renaming"] is None


def test_a_count_without_a_recorded_name_is_checked_too():
    councils = {f"E0700000{number}": f"Council {number}" for number in range(5)}
    districts = tuple({"code": code, "name": name, "separable": True} for code, name in councils.items())
    for now, only in (([28, 41, 45, 60, 21], True), ([20, 26, 50, 60, 20], False)):
        old = council_build([30, 40, 50, 60, 20], release=JULY, definition=None, districts=districts)
        found = compare_builds([old, council_build(now, release=JANUARY, definition=NAMES[1], districts=districts)])
        assert found.comparability.renaming.only_renamed is only
        assert ("digital" in found.comparability.definitions) is not only
        said = str(renamed(found).say())
        assert "does not record what Ofcom called its count" in said
        assert ("apparently only renamed" in said) is only
