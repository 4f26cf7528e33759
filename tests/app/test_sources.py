from __future__ import annotations

import json

from layers.catalogue import releases


def test_the_page_lists_what_the_study_used_and_everything_that_can_be_fetched(reader):
    reader.open("sources")
    assert not reader.at.exception
    assert [title.value for title in reader.at.title] == ["Sources and method"]
    manifest = json.loads((reader.folder / "manifest.json").read_text(encoding="utf-8"))
    assert all(source["file"] in reader.html for source in manifest["sources"])
    assert [entry.title for entry in releases() if entry.landing and entry.landing not in reader.html] == []
    assert reader.html.count("address not confirmed") == sum(not entry.checked for entry in releases())
    assert "How not to use it" in [header.value for header in reader.at.header]
    assert "python -m connectivity fetch" in reader.at.code[0].value


def test_words_from_a_manifest_are_escaped(reader_of):
    hostile = {"name": "<script>x</script>", "file": "a.csv", "sha256": "0" * 64, "rows": 1, "release": "2025"}
    terms = {"licence": "OGL", "publisher": "P", "attribution": "A"}
    reader = reader_of(sources=[hostile | terms]).open("sources")
    assert not reader.at.exception
    assert "<script>" not in reader.html
    assert "&lt;script&gt;" in reader.html
