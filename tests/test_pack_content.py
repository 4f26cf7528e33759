"""The words of a pack: whole for every kind of place and reader, each figure a claim, and page one short enough."""

from __future__ import annotations

import pytest

from connectivity.evidence.compose import pack_content
from connectivity.evidence.pack_content import PackContent, PersonsPart
from connectivity.evidence.pack_places import pack_subject, read_build_for_pack
from connectivity.outputs import Build

SECTIONS = [
    *("found", "shows", "map", "ladder", "people", "hidden", "services"),
    *("areas", "answers", "method", "sources", "use"),
]


@pytest.fixture(scope="module")
def build(demo_build) -> Build:
    return read_build_for_pack(demo_build)


@pytest.fixture(scope="module")
def words(build, demo_build):
    """Give a function that composes the words of a pack of the demo."""

    def composed(*typed: str, reader="board", person=PersonsPart()) -> PackContent:  # noqa: B008 - a closed record
        subject = pack_subject(typed, build=build, folder=demo_build)
        return pack_content(build, folder=demo_build, subject=subject, reader=reader, person=person)

    return composed


@pytest.mark.parametrize("typed", ["Dorset", "Gosport", "study", "DT6 3", "E01020398", "E01020398,E01020399"])
def test_every_kind_of_place_has_all_sections_in_order(words, typed):
    content = words(typed)
    assert [section.key for section in content.sections] == SECTIONS
    assert [section.key for section in content.sections if section.pictured] == ["map"]
    assert len(content.asks) == 3
    assert len(content.answers) == 3
    assert len(content.worst) <= 8
    for table in (content.every_area, *(table for section in content.sections for table in section.tables)):
        assert {len(row) for row in table.rows} <= {len(table.heads)}, table.key
