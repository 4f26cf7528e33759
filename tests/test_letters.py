from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectivity.postcode.answer import LETTERS, WIDEST, grade, letter, marks

NAMES = "ABCDEFG"
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("failing", "of", "expected"),
    [(0, 100, "A"), (29, 2_900, "B"), (1, 50, "C"), (5, 100, "D"), (1, 10, "E"), (1, 5, "F"), (2, 5, "G"), (9, 9, "G")],
)
def test_a_letter_begins_exactly_at_its_mark(failing, of, expected):
    assert letter(failing / of).name == expected


@given(SHARES, SHARES)
def test_more_that_fails_never_gives_a_better_letter(one, other):
    worse, better = max(one, other), min(one, other)
    assert NAMES.index(letter(worse).name) >= NAMES.index(letter(better).name)


@given(st.lists(st.floats(0, 500), min_size=3, max_size=3).map(sorted))
def test_the_letter_lies_between_those_of_its_range(counts):
    low, best, high = counts
    found = grade(low, best, high, of=500)
    ends = [NAMES.index(letter(count / 500).name) for count in (low, high)]
    if ends[1] - ends[0] > WIDEST.value:
        assert found is None
    else:
        assert ends[0] == NAMES.index(found.low) <= NAMES.index(found.best) <= NAMES.index(found.high) == ends[1]


def test_what_is_not_known_never_has_a_letter():
    nan = float("nan")
    assert letter(nan) is None
    assert grade(nan, nan, nan, of=100) is None
    assert grade(0, 0, nan, of=100) is None
    assert grade(0, 0, 0, of=0) is None


def test_every_letter_says_that_it_is_our_assumption_and_what_it_stands_for():
    assert "".join(one.name for one in LETTERS) == NAMES
    assert all(one.start.source.startswith("assumption") for one in LETTERS)
    assert len({marks(name) for name in NAMES}) == len({one.words for one in LETTERS}) == len(NAMES)
    starts = [one.start.value for one in LETTERS]
    assert starts == sorted(starts) == [0, 1, 2, 5, 10, 20, 40]


def test_the_documents_name_every_letter_as_it_is():
    docs = Path(__file__).resolve().parents[1] / "docs"
    table = (docs / "postcode.md").read_text(encoding="utf-8")
    method = (docs / "method.md").read_text(encoding="utf-8")
    for one in LETTERS:
        assert f"| {one.name} | {one.words} | {marks(one.name)} |" in table
    assert "A under 1 %" in method
    for one in LETTERS[1:]:
        assert f"{one.name} from {one.start.value:g}" in method
