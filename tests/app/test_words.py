"""Plain words in the app: terms open where they first stand, once a page; every page reads at about age 12."""

from __future__ import annotations

import re
from html import unescape

import pytest
from drawn import drawn
from shires import HOSTILE, Reader
from worded import GOLDEN

from benchmarks.reading import GRADE, WORDS, count_words, grade, pages, read_page, sentences
from connectivity.claims.glossary import GLOSSARY
from connectivity.views import terms

PAGES = [file.rsplit("/", 1)[1].removesuffix(".py") for file, _, _ in pages()]
OPENER = re.compile(r'<button type="button" class="ns-term" popovertarget="([\w-]+)">([^<]+)</button>')
PLACE = {"place": "E01000001"}
SHUNNED = ("draws", "told apart", "stand-in", "keep the counter", "with a gap", "by our marks")
"""The method’s words; readers get others."""
LONGEST_QUOTED = 35
"""Words of a sentence that is copied, its source apart: what can be said in one breath (assumption)."""


@pytest.fixture(autouse=True)
def _no_page(monkeypatch):
    monkeypatch.setattr(terms.st, "session_state", {})


def openers(html):
    return [note for note, _ in OPENER.findall(html)]


def test_the_first_use_opens_and_later_ones_do_not():
    begun()
    html = terms.explained("<p>Modelled upload. The upload is modelled.</p>", part="a")
    assert openers(html) == ["term-modelled", "term-upload"]
    assert html.count('popover="auto"') == 2
    assert "The upload is modelled.</p>" in html
    assert openers(terms.explained("<p>Upload again, and download.</p>", part="b")) == ["term-download"]


def begun(*words):
    """Begin a page whose first view has been drawn, with one term in each part of it."""
    for at, word in enumerate(words or ("Need", "Delay")):
        terms.explained(f"<p>{word}</p>", part=f"first {at}")


def test_a_part_opens_the_two_terms_most_wanted_and_one_in_the_first_view():
    said = "<p>Fixed wireless, mobile, upload and modelled.</p>"
    assert openers(terms.explained(said, part="strip")) == ["term-modelled"]
    assert openers(terms.explained(said, part="lede")) == ["term-fixed-wireless"]
    assert openers(terms.explained(said, part="card")) == ["term-mobile", "term-upload"]
    assert openers(terms.explained(said, part="strip")) == ["term-modelled"]


def test_marks_that_touch_a_term_stay_on_its_line():
    begun()
    html = terms.explained("<p>Nine of ten (tries), upload. Premises here.</p>", part="a")
    assert openers(html) == ["term-try", "term-upload"]
    assert html.count('<span class="ns-held">') == 2  # nothing touches the last one
    assert re.search(r'<span class="ns-held">\(<button[^>]*>tries</button><span[^>]*>.*?</span>\),</span>', html)
    assert (
        re.sub(r'<span class="ns-means".*?</span>|<[^>]+>', "", html) == "Nine of ten (tries), upload. Premises here."
    )


def test_a_part_that_is_drawn_again_keeps_its_marks():
    said = "<p>Fixed wireless is not counted.</p>"
    first = terms.explained(said, part="lede")
    assert terms.explained(said, part="lede") == first
    assert terms.explained(said, part="card") == said
    terms.begin()
    assert openers(terms.explained(said, part="card")) == ["term-fixed-wireless"]


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="/x?need=1">Need</a></p>',
        "<h2>Score</h2>",
        '<div aria-hidden="true"><span>worst tenth</span><br><i>score</i></div>',
        "<p>The scoreboard and needs</p>",
        '<p title="modelled upload">x</p>',
        "<p><code>tries</code></p>",
    ],
)
def test_links_headings_hidden_parts_attributes_and_other_words_are_left_alone(html):
    assert terms.explained(html, part="a") == html


def test_after_something_closed_terms_open_again():
    begun("Upload", "Delay")
    assert openers(terms.explained("<p><a>Need</a> and need<br>and <b>score</b></p>", part="a")) == [
        "term-need",
        "term-score",
    ]


def test_the_longest_form_wins_and_only_the_word_is_the_button():
    html = terms.explained("<p>No alternative nearby: 3.</p>", part="a")
    assert OPENER.findall(html) == [("term-no-alternative-nearby", "No alternative nearby")]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_each_term_once_is_short_and_reads_easily(reader, page):
    reader.open(page, **PLACE)
    assert not reader.at.exception
    opened = openers(reader.marked)
    assert len(opened) == len(set(opened))
    assert "term-modelled" in opened
    said = read_page(reader.at)
    assert said.main
    assert count_words(said.main) <= WORDS.value
    assert grade("\n".join([*said.main, *said.folded])) <= GRADE.value
    assert grade("\n".join(said.foot)) <= GRADE.value


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("where", {"not-enough-data", "small-area", "score", "need"}),
        ("why", {"score", "small-area"}),
        ("sure", {"modelled"}),
        ("sources", {"premises", "not-enough-data", "small-area"}),
    ],
)
def test_the_words_of_a_page_open_there(reader, page, wanted):
    opened = openers(reader.open(page, **PLACE).marked)
    assert {f"term-{key}" for key in wanted} - set(opened) == set()


@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_as_a_statistician_or_hands_out_commands(tmp_path, monkeypatch, page):
    monkeypatch.setenv("NOTSPOT_BUILD", str(drawn(tmp_path / "build")))
    at = Reader(tmp_path / "build").open(page, **PLACE).at
    assert not at.exception
    sent = [unescape(element.proto.json) for element in at.get("bidi_component")]
    bodies = (re.sub("python -m [^<]*", "", element.proto.body) for element in at.get("html"))
    said = [unescape(re.sub("<[^>]*>", " ", body)) for body in bodies]
    for phrase in SHUNNED:
        assert phrase not in " ".join([*said, *sent]).lower(), phrase
    assert "python" not in "\n".join(read_page(at).main)


def test_no_worded_claim_speaks_as_a_statistician_and_what_is_quoted_is_short():
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        key, said = line.split("\t", 1)
        assert not [phrase for phrase in SHUNNED if phrase in said.lower()], key
        if ".quotation" in key:
            spoken = re.sub(r" \([^()]*\)", "", said)  # the brackets hold the source
            assert max(map(len, sentences(spoken))) <= LONGEST_QUOTED, key


def test_no_name_from_a_file_becomes_a_tag(reader):
    marked = reader.open(place="E01000002").marked
    assert "<script>alert" not in marked
    assert HOSTILE in unescape(marked)


def test_the_page_of_words_lists_every_term_under_its_own_address(reader):
    shown = reader.open("words")
    assert [title.value for title in shown.at.title] == ["Words we use"]
    for term in GLOSSARY:
        assert f'<dt id="{term.key}">' in shown.html
        assert term.of(measured=False) in unescape(shown.html)


def test_every_page_leads_to_the_words_and_to_the_statement(reader):
    shown = reader.open("why").html
    assert re.search(r'href="/words[^"]*" target="_self">Words we use</a>', shown)
    assert re.search(r'href="/accessibility[^"]*" target="_self">Accessibility</a>', shown)


def test_the_statement_says_what_was_tested_and_what_was_not(reader):
    shown = reader.open("accessibility")
    assert "What we did not test" in [header.value for header in shown.at.header]
    assert "No one has yet listened to every page with a screen reader." in shown.html


def test_no_code_stands_without_a_name(reader):
    for page in PAGES:
        said = re.sub(r'"[^"]*"|<pre>.*?</pre>', "", reader.open(page, **PLACE).html, flags=re.DOTALL)
        for found in re.finditer(r"\b[EW]\d{8}\b(?!\.\w)", said):
            before = re.sub(r"<[^>]*>", " ", said[max(0, found.start() - 400) : found.start()])
            assert re.search(r"Official code|[A-Z]\w+,? *\(?$|by code: $|Dorset, $|commands|--districts", before), (
                before
            )
