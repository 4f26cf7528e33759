from __future__ import annotations

from pathlib import Path

import pytest
from shires import HOSTILE, Reader
from worlds import world_today

from connectivity.build import build
from connectivity.views import postcode


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("postcodes")
    world = world_today(folder / "world")
    world.set("lookup.csv", row=4, WD25NM="<b>Elm</b>")
    build(world.study(switches={"fwa": True}), out=folder / "out")
    return folder / "out"


@pytest.fixture
def page(built, monkeypatch) -> Reader:
    monkeypatch.setenv("NOTSPOT_BUILD", str(built))
    return Reader(built)


def check(reader: Reader, typed: str) -> Reader:
    reader.at.text_input(key="postcode to check").set_value(typed)
    next(button for button in reader.at.button if button.label == "Check").click()
    reader.at.run()
    assert not reader.at.exception
    return reader


def test_the_page_opens_with_a_box_and_no_answer(page):
    page.open("postcode")
    assert not page.at.exception
    assert page.at.title[0].value == "Check a postcode"
    assert "ns-letter-big" not in page.html


def test_a_typed_postcode_gets_two_letters_and_a_link_that_restores_them(page):
    check(page.open("postcode"), "zz4 1aa")
    assert page.query["postcode"] == "zz4 1aa"
    assert page.html.count("ns-letter-big") == 2
    again = Reader(page.folder).open("postcode", postcode="ZZ41AA")
    assert again.html.count("ns-letter-big") == 2
    assert "ZZ4 1AA · Dale" in again.at.header[0].value
    assert "Who is responsible" in again.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ZZ4", "is only half a postcode"),
        ("12345", "That is not a postcode"),
        ("JE2 3AA", "is in Jersey"),
        ("ZZ4 1ZZ", "We do not know ZZ4 1ZZ"),
    ],
)
def test_what_gets_no_letter_is_told_why(typed, said, page):
    check(page.open("postcode"), typed)
    assert said in page.html
    assert "ns-letter-big" not in page.html


def test_a_slip_of_the_hand_offers_the_postcode_as_a_link(page):
    check(page.open("postcode"), "ZZ4 IAA")
    assert "Did you mean ZZ4 1AA?" in page.html
    assert 'href="/postcode?postcode=ZZ4+1AA"' in page.html


@pytest.mark.parametrize("typed", [HOSTILE, "<img src=x onerror=alert(1)>", "\u202e<b>ZZ4", "A" * 5_000, "'; --"])
def test_hostile_text_stays_text(typed, page):
    page.open("postcode", postcode=typed)
    assert not page.at.exception
    assert "That is not a postcode" in page.html
    for tag in ("<script>", "<img"):
        assert tag not in page.html


def test_a_hostile_place_name_stays_a_name(page):
    page.open("postcode", postcode="ZZ5 1AA")
    assert "<b>Elm</b>" not in page.html
    assert "&lt;b&gt;Elm&lt;/b&gt;" in page.html
    assert r"\<b\>Elm" in page.at.header[0].value


def test_a_build_without_postcodes_says_what_to_do(reader):
    reader.open("postcode", postcode="DT2 7AB")
    assert "No postcode can be looked up here" in reader.html
    assert "build" in reader.html


def test_other_pages_do_not_carry_the_postcode_on(page):
    page.open("postcode", postcode="ZZ4 1AA")
    page.at.switch_page("connectivity/views/why.py")
    page.at.run()
    assert "postcode" not in page.query
    assert all("postcode=" not in link.proto.query_string for link in page.at.get("page_link"))


def test_finding_a_postcode_on_the_map_chooses_its_place(page):
    page.open("where", find="zz4 1aa")
    assert not page.at.exception
    assert page.query["place"] == "E01900004"
    assert "find" not in page.query


def test_finding_an_unknown_postcode_on_the_map_points_to_this_page(page):
    page.open("where", find="EH1 1AA")
    assert not page.at.exception
    assert 'href="/postcode?postcode=EH1+1AA' in page.html


def test_every_letter_has_a_word_beside_it_and_the_last_a_pattern():
    assert "ns-letter-last" in postcode._box("G", css="")
    assert "ns-letter-last" not in postcode._box("F", css="")


def test_another_study_that_holds_the_postcode_is_offered(built, tmp_path, monkeypatch):
    world = world_today(tmp_path / "world")
    world.edit("postcodes.csv", lambda table: table.replace({"ZZ4 1AA": "DT1 1AA"}))
    build(world.study(name="Another shire", switches={"fwa": True}), out=tmp_path / "builds" / "another")
    monkeypatch.setenv("NOTSPOT_BUILD", str(built))
    monkeypatch.setenv("NOTSPOT_BUILDS", str(tmp_path / "builds"))
    page = Reader(built).open("postcode", postcode="DT1 1AA")
    assert not page.at.exception
    assert "DT1 1AA is outside this study" in page.html
    assert "Look in July 2025 · Another shire" in page.html
