from __future__ import annotations

from manifests import changed
from shires import squares

from connectivity.claims.claim import Basis
from connectivity.manifest import read_manifest
from connectivity.quality.quality_report import as_listed, quality_of, write_quality
from layers.ledger import Ledger


def with_report(reader, **changes):
    """Put a report beside the build of the two shires, and its light into the manifest."""
    path = reader.folder / "manifest.json"
    manifest = changed(read_manifest(reader.folder), **changes)
    ledger = Ledger()
    ledger.used(path, kind="census", rows=3, release="2021")
    ledger.rows(path, rows_in=3, rows_used=3)
    report = quality_of(squares(), ledger=ledger, manifest=manifest)
    write_quality(reader.folder, quality=report, basis=Basis.of(manifest))
    path.write_bytes(manifest.model_copy(update={"quality": as_listed(report)}).as_json())
    return reader


def test_the_page_says_the_light_in_words_and_lists_places_without_a_score(reader_of):
    reader = with_report(reader_of()).open("quality")
    assert not reader.at.exception
    assert [title.value for title in reader.at.title] == ["How good are the data?"]
    assert "Amber: Usable, read the notes" in reader.html
    assert "Premises in each band are modelled." in reader.html
    assert "E0100000" in reader.html
    assert "Download this report" in [button.proto.label for button in reader.at.get("download_button")]


def test_words_from_a_file_are_escaped_on_the_page(reader_of):
    reader = with_report(reader_of(), modelled=["<img src=x onerror=alert(1)>"]).open("quality")
    assert "<img" not in reader.html
    assert "&lt;img" in reader.html


def test_an_older_build_says_how_to_get_a_report(reader):
    reader.open("quality")
    assert not reader.at.exception
    assert "This build has no report on its data" in reader.html
    assert "python -m connectivity build" in reader.html


def test_the_foot_of_every_page_leads_to_the_report(reader_of):
    reader = with_report(reader_of()).open()
    assert "Usable, read the notes" in reader.html
    assert 'href="/quality' in reader.html


def test_the_foot_of_an_older_build_does_not_make_up_a_light(reader):
    html = reader.open().html
    assert "This build does not say." in html
    assert "No fault found" not in html
