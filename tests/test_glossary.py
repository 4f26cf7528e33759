"""One glossary: in order, easy to read, true to the records, and complete for the app's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.reading import GRADE, grade, main_text, sentences
from connectivity import accessibility_statement
from connectivity.claims.glossary import GLOSSARY, find
from connectivity.method.records import ESSENTIAL, HOME_WORKER

ROOT = Path(__file__).resolve().parents[1]
HARDEST = 8.6
"""Grade of the hardest entry: one short sentence of long words may pass what a page's text may not (assumption)."""


def test_it_is_in_the_order_of_the_alphabet_and_no_form_belongs_to_two_terms():
    names = [term.name.lower() for term in GLOSSARY]
    assert names == sorted(names)
    forms = [form.lower() for term in GLOSSARY for form in term.written]
    assert len(forms) == len(set(forms))
    assert len({term.key for term in GLOSSARY}) == len(GLOSSARY)


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.key)
def test_each_entry_is_short_and_plain(term):
    for says in (term.of(measured=False), term.of(measured=True)):
        assert grade(says) <= HARDEST
        assert all(len(words) <= 22 for words in sentences(says))
        assert says.endswith(".")


def test_the_whole_is_easier_than_a_page_may_be():
    for measured in (False, True):
        assert grade("\n".join(term.of(measured=measured) for term in GLOSSARY)) <= GRADE.value


def test_lines_measured_in_the_past_are_never_said_to_be_unable():
    assert "cannot support" not in find("among-the-worst").of(measured=True)
    assert "lines" not in find("among-the-worst").of(measured=False)


def test_speeds_are_those_of_the_records():
    for key, profile in (("home-working-line", HOME_WORKER), ("essential-online-service", ESSENTIAL)):
        assert f"{profile.download.value:g} megabits a second down" in find(key).says
        assert f"{profile.upload.value:g} up" in find(key).says


def test_forbidden_words_are_not_used_and_codes_of_the_trade_are_explained():
    said = " ".join(f"{term.name} {term.says}" for term in GLOSSARY).lower()
    for word in ("customers", "users", "digital divide", "postcode lottery", "infeasible", "confidence interval", "±"):
        assert word not in said
    known = {form.lower() for term in GLOSSARY for form in term.written}
    for word in ("lsoa", "mbit/s", "lep", "premises", "modelled", "fixed wireless", "take-up", "upload", "download"):
        assert word in known, word


def test_an_unknown_term_is_refused():
    with pytest.raises(KeyError):
        find("speedx")


def test_the_document_is_the_statement_and_names_only_tests_that_exist():
    document = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    assert accessibility_statement.markdown() in document
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "browser").glob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", document)
    assert named
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_the_statement_is_plain():
    lines = [line for listed in accessibility_statement.SECTIONS.values() for line in listed]
    assert grade("\n".join([accessibility_statement.AIM, *lines])) <= GRADE.value


def test_the_grade_is_that_of_a_sum_done_by_hand():
    # 6 words in one sentence, 7 syllables: 0.39 * 6 + 11.8 * 7 / 6 - 15.59
    assert grade("The map shows us ten places.") == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)


def test_running_text_leaves_out_tables_licences_and_labels():
    body = (
        "<p class='ns-strip'><span>Ofcom, July 2025</span></p><p>It is far. <b>So</b> we say.</p><p>A label</p>"
        "<table><tr><td>Bere Regis has many words here.</td></tr></table>"
        "<div class='ns-foot'><p><b>Sources.</b> Contains A. OGL.</p><p>All are counted.</p></div>"
    )
    assert main_text([body]) == (["It is far. So we say."], [], ["All are counted."])
