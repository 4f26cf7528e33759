"""A council of which nothing is known: every page opens, says so, and never says that it is fine."""

from __future__ import annotations

import numpy as np
import pytest
from shires import NOT_ENOUGH, Reader, manifest, squares

from connectivity.outputs import write_outputs
from connectivity.views import contents

COUNCIL = "E06000002"


@pytest.fixture
def unknown(tmp_path, monkeypatch):
    areas = squares()
    poor = areas["district_code"].eq(COUNCIL)
    figures = [
        c for c in areas if "infeasible" in c or c.startswith(("score", "part_")) or c.endswith(("_fails", "_rank"))
    ]
    areas.loc[poor, "status"], areas.loc[poor, figures] = NOT_ENOUGH, np.nan
    folder = tmp_path / "build"
    folder.mkdir()
    write_outputs(folder, areas=areas, manifest=manifest(areas, reports={}))
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    return Reader(folder)


@pytest.mark.parametrize("file", [one.file for one in contents.contents_entries()])
def test_every_page_opens_on_a_council_without_a_score(unknown, file):
    unknown.open(file, district=COUNCIL)
    assert not unknown.at.exception
    assert "Something went wrong" not in unknown.html
    assert "of 0 " not in unknown.html
    assert "0 places of" not in unknown.html


def test_the_first_page_says_that_nothing_is_known_and_lists_every_place(unknown):
    unknown.open(district=COUNCIL)
    assert "We do not have enough data about Eastshire" in unknown.html
    assert "We do not say it is fine" in unknown.html
    assert len(unknown.data("notspot_areas")["rows"]) == 6
