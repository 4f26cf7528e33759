"""What is known wrong before anything is read is said at once, all of it."""

from __future__ import annotations

import pytest
from worlds import world_2013, world_today

from layers import joined
from layers.errors import LayerError
from layers.foreseen import refuse_foreseen
from layers.study import read_study


@pytest.fixture
def unread(monkeypatch):
    """Fail as soon as a layer is read."""

    def read(*_args, **_keys):
        raise AssertionError("a layer was read")

    monkeypatch.setattr(joined, "_spine", read)


def test_a_missing_file_is_said_before_anything_is_read(tmp_path, unread):
    study = world_today(tmp_path).study(layers={"stations": "elsewhere.csv"})
    with pytest.raises(LayerError) as caught:
        joined.join_layers(read_study(study))
    assert str(caught.value.parts["file"]).endswith("elsewhere.csv")
    assert caught.value.parts["found"] == "nothing of that name"


@pytest.mark.parametrize("route", ["fwa", "mobile"])
def test_routes_that_2013_cannot_tell_of_are_refused(tmp_path, unread, route):
    study = read_study(world_2013(tmp_path).study(switches={"fwa": False, route: True}))
    with pytest.raises(LayerError, match="no release of that year gives it") as caught:
        joined.join_layers(study)
    assert caught.value.parts["column"] == f"switches.{route}"


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b'{"type": "FeatureCollection", "features": []}', "no outline")]
)
def test_an_empty_ward_file_is_refused(tmp_path, unread, content, said):
    world = world_2013(tmp_path)
    world.write_bytes("wards.geojson", content)
    with pytest.raises(LayerError, match=said):
        joined.join_layers(read_study(world.study(layers={"wards": "wards.geojson"})))


def test_several_are_listed_at_once(tmp_path, unread):
    world = world_2013(tmp_path)
    world.write_bytes("wards.geojson", b"")
    study = world.study(
        layers={"wards": "wards.geojson", "libraries": "gone.csv"}, switches={"fwa": True, "mobile": True}
    )
    with pytest.raises(LayerError, match="4 things in this study cannot be right") as caught:
        joined.join_layers(read_study(study))
    found = str(caught.value.parts["found"])
    for part in ("Fixed wireless", "Mobile", "wards.geojson: The file is empty (0 bytes).", "gone.csv"):
        assert part in found


def test_a_study_in_order_passes(tmp_path):
    refuse_foreseen(read_study(world_today(tmp_path / "today").study()))
    refuse_foreseen(read_study(world_2013(tmp_path / "then").study()))
