"""Evidence: what may be quoted, what may be taken away, and how both are checked."""

from __future__ import annotations

import base64

import pytest
from markupsafe import escape
from shires import HOSTILE

from connectivity.evidence import holdings
from connectivity.views import pack_maker

PLACE = "E01000009"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def labels(reader):
    return [button.proto.label for button in reader.at.get("download_button")]


def test_a_place_and_its_surroundings_can_be_quoted(reader_of):
    reader = reader_of(reports={}).open("evidence", place=PLACE)
    assert "About 120 of 600 premises in Upper Vale, part 9, Westshire, cannot support" in reader.html
    assert "could be 72 to 168" in reader.html
    whole = "About 1,000 of 6,600 premises in the 11 places of Two shires that we could score cannot support"
    assert whole in reader.html
    assert "How sure we are" not in reader.html  # the build has no draws


def test_without_a_place_the_page_says_how_to_choose_one(reader_of):
    assert "Choose a place on" in reader_of(reports={}).open("evidence").html


def test_a_council_narrows_what_is_quoted(reader_of):
    reader = reader_of(reports={}).open("evidence", district="E06000002")
    assert "of 3,600 premises in Eastshire cannot support" in reader.html


def test_a_chosen_council_can_be_taken_as_one_plain_page(reader_of):
    reader = reader_of(reports={}).open("evidence", district="E06000001")
    assert "Westshire as one plain page (HTML)" in labels(reader)
    assert "Choose a council" not in reader.html


def test_without_a_council_the_plain_page_says_what_it_is_for_and_asks_for_one(reader_of):
    reader = reader_of(reports={}).open("evidence")
    assert "Westshire as one plain page (HTML)" not in labels(reader)
    assert "at most 150 kB" in reader.html
    assert "Choose a council, and the button to download its page stands here." in reader.html
    chosen = next(box for box in reader.at.selectbox if box.label == "Council of the plain page")
    chosen.select("E06000001").run()
    assert "Westshire as one plain page (HTML)" in labels(reader)
    assert "stands here" not in reader.html


def test_each_file_of_the_build_can_be_taken_and_no_fingerprint_stands_on_the_page(reader_of):
    reader = reader_of(reports={}).open("evidence")
    for name in ("manifest.json", "ranking.csv", "areas.parquet"):
        assert any(label.startswith(name) for label in labels(reader))
    assert "0" * 64 not in reader.html  # the build's own fingerprint is in the pack
    assert "verify pack.zip" in reader.html


@pytest.fixture
def packing(reader_of, monkeypatch):
    """Open the page where packs cost nothing; keep what was asked of it."""
    reader = reader_of(reports={})
    orders = []

    def page(_folder, *, order):
        orders.append(order)
        return PIXEL, f"the headline of {order.subject.title}"

    def made(_folder, *, order, tell):
        tell("Writing", 0.5)
        orders.append(order)
        return b"PK"

    monkeypatch.setattr(pack_maker, "page_one", page)
    monkeypatch.setattr(pack_maker, "make_pack", made)
    return reader, orders


def test_page_one_is_of_what_is_on_show_and_of_what_is_chosen(packing):
    reader, orders = packing
    reader.open("evidence", district="E06000001")
    assert orders[-1].subject.title == "Westshire"
    (shown,) = reader.at.get("image")
    assert "Page one of the pack: the headline of Westshire" in [one.alt for one in shown.proto.imgs]
    reader.at.multiselect(key=pack_maker.ABOUT).select("Eastshire").run()
    assert orders[-1].subject.title == "Westshire and Eastshire"
    assert reader.query["pack"] == "E06000001;E06000002"
    reader.at.button_group(key=pack_maker.FOR).set_value("press").run()
    assert orders[-1].reader == "press"
    assert reader.query["reader"] == "press"
    again = reader.open("evidence", **reader.query)
    assert orders[-1].subject.title == "Westshire and Eastshire"
    assert not again.at.exception


def test_a_place_can_be_typed_and_one_that_is_not_known_is_named_with_what_may_be_meant(packing):
    reader, orders = packing
    reader.open("evidence", pack="E06000001;Upper Vale, part 9x")
    assert "Of the 2 places that were named, 1 is not known" in reader.html
    assert orders == []
    reader.open("evidence", pack=PLACE)
    assert orders[-1].subject.title == "Upper Vale, part 9"


def test_the_pack_is_made_of_what_a_person_said_and_offered(packing):
    reader, orders = packing
    reader.open("evidence", district="E06000001")
    reader.at.text_input(key="pack contact").set_value(HOSTILE).run()
    reader.at.button(key="get the pack").click().run()
    assert orders[-1].person.contact == HOSTILE
    assert "Save notspot-westshire-board.zip · 1 KB" in labels(reader)
    assert HOSTILE not in reader.html
    assert "contact" not in str(reader.query)
    reader.at.text_input(key="pack contact").set_value("").run()
    assert not any(label.startswith("Save ") for label in labels(reader))  # it is not what is asked for now


def test_no_pack_is_made_of_a_red_study_or_of_one_without_draws(reader_of):
    red = reader_of(reports={}, do_not_publish="This must not be published: its data are marked red.").open("evidence")
    assert "No pack is made of this study" in red.html
    assert not any(button.key == "get the pack" for button in red.at.button)
    bare = reader_of(reports={}).open("evidence", district="E06000001")
    assert not bare.at.exception
    assert "This build says nothing of how sure its ranking is" in bare.html


def test_a_build_whose_files_cannot_be_listed_says_so(reader_of, monkeypatch):
    def gone(*_):
        raise OSError

    monkeypatch.setattr(holdings, "Holding", gone)  # as when a file goes while the folder is read
    reader = reader_of(reports={}).open("evidence")
    assert "The files of the build cannot be listed" in reader.html
    assert labels(reader) == ["The places on show (CSV)"]


def test_a_hostile_name_is_quoted_harmlessly(reader_of):
    reader = reader_of(reports={}).open("evidence", place="E01000002")
    assert HOSTILE not in reader.html
    assert escape(HOSTILE) in reader.html
