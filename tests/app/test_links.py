from __future__ import annotations

import re

import pytest
from placed import PLACED
from shires import HOSTILE

from connectivity.places.search import find_area
from connectivity.views import contents
from connectivity.views.links import Link, quoted, read_link, read_weights, study_in_link


def test_a_link_comes_back_as_it_was(areas):
    link = Link(
        place="E01000003", district="E06000002", measure="need", weights=(40, 20, 20, 20), than=(10, 20, 30, 40)
    )
    assert read_link(link.query(), areas=areas) == (link, [])


def test_a_plain_view_needs_no_query():
    assert Link().query() == {}
    assert Link().address("", base="/notspot") == "/notspot/"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"place": "E09999999"}, "the place “E09999999”. This study has no such place"),
        ({"district": "Atlantis"}, "the council “Atlantis”"),
        ({"measure": "speedx"}, "the measure “speedx”"),
        ({"weights": "1-2-3"}, "four whole numbers"),
        ({"weights": "0-0-50-50"}, "nothing is left to score"),
        ({"weights": "-1-0-50-50"}, "four whole numbers"),
        ({"weights": "500-0-50-50"}, "from 0 to 100"),
        ({"weights": "٣-1-1-1"}, "four whole numbers"),
    ],
)
def test_what_cannot_be_followed_is_ignored_and_named(areas, asked, words):
    link, ignored = read_link(asked, areas=areas)
    assert link == Link()
    assert len(ignored) == 1
    assert words in ignored[0]


def test_a_measure_that_is_not_in_the_study_is_named(areas):
    link, ignored = read_link({"measure": "need"}, areas=areas, absent=("need",))
    assert link.measure == "remote"
    assert "This study has no such measure" in ignored[0]


def test_a_bad_measure_names_the_one_that_is_shown(areas):
    _, (said,) = read_link({"measure": "speedx"}, areas=areas)
    assert said.endswith("This study has no such measure, so the map shows “Home working” instead.")


def test_a_study_is_looked_up_among_those_on_the_shelf():
    shelf = {"known": ["aaaa", "bbbb"], "shown": ["First", "Second"]}
    assert study_in_link({}, **shelf) == (None, [])
    assert study_in_link({"study": "aaaa"}, **shelf) == (None, [])
    assert study_in_link({"study": "bbbb"}, **shelf) == ("bbbb", [])
    assert "so you see “First” instead" in study_in_link({"study": "cccc"}, **shelf)[1][0]


def test_the_council_follows_the_place(areas):
    link, _ = read_link({"place": "E01000001", "district": "E06000002"}, areas=areas)
    assert link.district == "E06000001"


def test_other_programs_parameters_are_passed_over(areas):
    assert read_link({"utm_source": "letter", "embed": "true"}, areas=areas) == (Link(), [])


def test_a_long_hostile_value_is_cut_and_shown_harmlessly():
    assert quoted("\u202e" + "x" * 500) == f"“�{'x' * 59}…”"


def test_weights_are_read():
    assert read_weights("30-30-20-20") == (30, 30, 20, 20)


def test_a_place_is_found_by_code_name_or_only_beginning(areas):
    assert find_area(" e01000004 ", areas=areas)[0] == "E01000004"
    assert find_area("upper vale, part 4", areas=areas)[0] == "E01000004"
    assert find_area("Westshire 0011A", areas=areas)[0] == "E01000012"
    assert find_area(HOSTILE.upper(), areas=areas)[0] == "E01000002"


def test_a_search_that_fails_names_the_nearest(areas):
    code, near = find_area("Uper Vale", areas=areas)
    assert code is None
    assert near
    assert find_area("zzzzzz", areas=areas) == (None, [])
    assert find_area("   ", areas=areas) == (None, [])


def test_a_beginning_shared_by_many_asks_which(areas):
    code, near = find_area("upper vale", areas=areas)
    assert code is None
    assert len(near) == 5


@pytest.mark.parametrize(
    "entry", [e for e in contents.contents_entries() if e.address not in PLACED], ids=lambda e: e.file
)
def test_a_page_that_shows_nothing_of_a_place_is_the_same_with_one_in_its_address(reader, entry):
    def shown(**query):
        opened = reader.open(entry.file, **query)
        labels = [one.label for kind in ("button", "expander", "selectbox", "toggle") for one in opened.at.get(kind)]
        return re.sub(r' (href|data-link)="[^"]*"', "", opened.marked), labels  # the links lead on with the place

    assert shown(place="E01000001") == shown()
