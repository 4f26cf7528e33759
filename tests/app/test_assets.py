from __future__ import annotations

import re
from io import BytesIO

import pytest

from connectivity.views import assets, look


def test_leaflet_is_put_in_place_and_named_on_this_machine(tmp_path):
    (tmp_path / "fonts").mkdir()
    for face in assets.TYPEFACES:
        (tmp_path / "fonts" / face.file).write_bytes(b"x")
    assert assets.prepare(tmp_path) is None
    where = assets.addresses(base="/notspot", static=tmp_path)
    assert where.script == "/notspot/app/static/vendor/leaflet.js"
    assert (tmp_path / "vendor" / "leaflet.js").stat().st_size > 100_000
    assert where.typeface == "/notspot/app/static/fonts/public-sans.woff2"
    assert assets.font_faces(base="/notspot", static=tmp_path).count("@font-face") == 3


def test_where_nothing_can_be_written_leaflet_travels_in_the_page(tmp_path):
    blocked = tmp_path / "static"
    blocked.write_text("a file, so that no folder can be made here", encoding="utf-8")
    assert assets.prepare(blocked) is None
    where = assets.addresses(base="", static=blocked)
    assert where.script.startswith("data:text/javascript;base64,")
    assert where.stylesheet.startswith("data:text/css;base64,")
    assert where.typeface is None
    assert assets.font_faces(base="", static=blocked) == ""


@pytest.mark.slow
def test_a_typeface_is_cut_to_latin_and_keeps_its_name(tmp_path):
    from fontTools.ttLib import TTFont

    face = assets.TYPEFACES[0]
    target = tmp_path / face.file
    assets.cut(face, target=target)
    content = target.read_bytes()
    assert len(content) < 40_000
    font = TTFont(BytesIO(content))
    assert font["name"].getDebugName(1).startswith("Public Sans")
    assert {ord("A"), ord("£"), ord("ŵ"), ord("’")} <= set(font.getBestCmap())
    assert [axis.axisTag for axis in font["fvar"].axes] == ["wght"]


@pytest.mark.parametrize("theme", ["light", "dark", None])
def test_every_variable_of_the_stylesheet_has_a_value(theme):
    written = look.stylesheet(theme)
    used = set(re.findall(r"var\(--ns-([a-z-]+)", written)) - {"map"}
    given = set(re.findall(r"--ns-([a-z-]+):", written))
    assert used <= given
    assert "http" not in written.replace("http%3A//www.w3.org/2000/svg", "the name of a language, never fetched")
