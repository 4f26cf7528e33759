"""The card of a chosen place: its acts, the reader's list, and what another study at hand says of the same place."""

from __future__ import annotations

from pathlib import Path

import pytest
from shires import Reader, write

from connectivity.views import own_list, place_card, studies

PLACE = "E01000001"


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Reader:
    write(tmp_path / "first", fingerprint="a" * 64)
    measured = {"unit": "lines", "basis": "measured sync speeds", "coverage_modelled": False, "release": "June 2013"}
    write(tmp_path / "then", fingerprint="b" * 64, study="Two shires, 2013", **measured)
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "first"))
    monkeypatch.setattr(studies, "DEMO", Path(tmp_path / "no demo.toml"))
    return Reader(tmp_path)


def button(reader: Reader, label: str):
    return next(one for one in reader.at.button if one.label == label)


def test_a_place_goes_on_the_list_into_the_link_and_off_again(shelf):
    shelf.open(place="E01000002")
    button(shelf, "Add to your list").click().run()
    assert shelf.query["places"] == "E01000002"
    shelf.open(place="E01000003", places="E01000002")
    button(shelf, "Add to your list").click().run()
    assert shelf.query["places"] == "E01000002.E01000003"
    assert "Your list: 2 places" in [one.label for one in shelf.at.expander]
    assert "in the places on your list cannot" in shelf.html
    button(shelf, "Take off your list").click().run()
    assert shelf.query["places"] == "E01000002"
    button(shelf, "Clear the list").click().run()
    assert "places" not in shelf.query


def test_a_full_list_says_so_on_its_button_which_does_nothing(shelf, monkeypatch):
    monkeypatch.setattr(own_list, "MOST_LISTED", 2)
    monkeypatch.setattr(place_card, "MOST_LISTED", 2)
    shelf.open(place="E01000003", places="E01000001.E01000002")
    assert button(shelf, "Your list is full: 2 places").disabled
    shelf.open(place="E01000002", places="E01000001.E01000002")
    assert not button(shelf, "Take off your list").disabled


@pytest.mark.parametrize("bad", ["E0", "<b>", "E01000001.nowhere", ".".join(f"E{n:08}" for n in range(61))])
def test_a_list_that_names_what_is_not_here_is_ignored_and_said(shelf, bad):
    shelf.open(places=bad)
    assert "The link asked for the list of places" in shelf.html
    assert "places" not in shelf.query


def test_the_way_back_leads_to_all_places(shelf):
    shelf.open(place=PLACE)
    button(shelf, "← All places").click().run()
    assert "place" not in shelf.query
    assert "ns-head" in shelf.html


def test_another_study_that_says_otherwise_is_named_with_the_reason(shelf):
    shown = shelf.open(place="E01000003").html
    assert "Another study here, “Two shires, 2013”, June 2013, says about 8 of 600 lines" in shown
    assert "It counts lines and the speeds they achieved" in shown
    assert "not to be subtracted" in shown


def test_a_figure_of_another_study_that_must_not_be_published_says_so(tmp_path, monkeypatch):
    notice = "This must not be published: its data are marked red."
    write(tmp_path / "first", fingerprint="a" * 64)
    write(tmp_path / "then", fingerprint="b" * 64, study="Two shires, 2013", do_not_publish=notice)
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "first"))
    monkeypatch.setattr(studies, "DEMO", tmp_path / "no demo.toml")
    shown = Reader(tmp_path).open(place="E01000003").html
    assert f"says about 8 of 600 premises, could be 5 to 11. {notice}" in shown
