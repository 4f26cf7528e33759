"""Evidence: what may be quoted, what may be taken away, and how both are checked."""

from __future__ import annotations

from markupsafe import escape
from shires import HOSTILE

from connectivity.evidence import holdings
from connectivity.evidence.holdings import digest

PLACE = "E01000009"


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
    assert reader.html.index("at most 150 kB") < reader.html.index("Files of this build")
    assert "Choose a council, and the button to download its page stands here." in reader.html
    chosen = next(box for box in reader.at.selectbox if box.label == "Council of the plain page")
    chosen.select("E06000001").run()
    assert "Westshire as one plain page (HTML)" in labels(reader)
    assert "stands here" not in reader.html


def test_each_file_has_its_fingerprint(reader_of):
    reader = reader_of(reports={}).open("evidence")
    for name in ("manifest.json", "ranking.csv", "areas.parquet"):
        assert digest(reader.folder / name) in reader.html
        assert any(label.startswith(name) for label in labels(reader))
    assert "0" * 64 in reader.html  # the build's own fingerprint
    assert "sha256sum ranking.csv" in reader.html


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
