"""The files of a build that a reader may take away: listed and weighed."""

from __future__ import annotations

import pytest
from hand_builds import hand_build, written

from connectivity.evidence.holdings import holdings
from layers.errors import OutputError

WARDS = {"title": "wards", "method": "code", "modelled": False, "places": 1}
WARDS["premises"] = {"in": 100, "in_places": 100, "counted_twice": 0, "not_assigned": {}}


def test_every_file_a_reader_may_take_is_listed_with_its_use(tmp_path):
    folder = written(tmp_path / "build", hand_build({1: (100, 5, 10, 20, 30)}, reports={"ward": WARDS}))
    (folder / "by_ward.csv").write_text("row,code\n", encoding="utf-8")
    (folder / "by_stray.csv").write_text("not of this build\n", encoding="utf-8")
    listed = {one.path.name: one for one in holdings(folder)}
    assert list(listed) == ["manifest.json", "ranking.csv", "areas.parquet", "by_ward.csv"]
    assert listed["by_ward.csv"].said == "The same premises by ward"
    assert listed["by_ward.csv"].size == 9


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reports": 2}'])
def test_a_folder_that_is_no_build_is_named(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be read"):
        holdings(tmp_path)
