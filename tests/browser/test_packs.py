"""A pack, as a campaigner gets it: from a place on the map to a zip that is the command line's, byte for byte."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: see requirements-dev.txt")

from apps import still
from playwright.sync_api import expect

from connectivity.evidence.pack_archive import read_pack
from connectivity.evidence.pack_content import PersonsPart
from connectivity.evidence.pack_places import pack_subject
from connectivity.evidence.packing import PackOrder, make_pack
from connectivity.outputs import read_build

pytestmark = pytest.mark.browser

PLACE = "E01020480"
FIRST_PAGE = 60_000
"""Milliseconds for page one: the first of a machine cuts the typefaces, too."""


def test_two_clicks_lead_from_a_place_to_the_pack_that_the_command_line_makes(visit, build_folder, tmp_path):
    page = visit.open(f"/?place={PLACE}").page
    page.get_by_role("link", name="Get the pack").click()
    picture = page.locator(".st-key-pack img")
    picture.wait_for(timeout=FIRST_PAGE)
    build = read_build(build_folder)
    name = str(build.areas.loc[PLACE, "area_name"])
    assert name in picture.get_attribute("alt")
    with page.expect_download(timeout=FIRST_PAGE) as download:
        page.get_by_role("button", name="Get the pack").click()
    download.value.save_as(tmp_path / "pack.zip")
    assert download.value.suggested_filename.endswith("-board.zip")
    subject = pack_subject([PLACE], build=build, folder=build_folder)
    order = PackOrder(subject, "board", PersonsPart())
    (tmp_path / "ours.zip").write_bytes(make_pack(build_folder, order=order))
    theirs, ours = read_pack(tmp_path / "pack.zip"), read_pack(tmp_path / "ours.zip")
    assert [name for name in theirs.keys() | ours.keys() if theirs.get(name) != ours.get(name)] == []
    assert (tmp_path / "pack.zip").read_bytes() == (tmp_path / "ours.zip").read_bytes()
    assert "brief.pdf" in theirs
    assert visit.complaints == []
    assert visit.outside == []


@pytest.mark.parametrize(("typed", "answered"), [("Lyme Regis", ".st-key-pack"), ("Lime Rejis", ".ns-note")])
def test_a_place_is_added_by_typing_and_one_that_is_not_known_is_answered(visit, typed, answered):
    page = visit.open("/evidence?district=E06000059").page
    page.locator(".st-key-pack img").wait_for(timeout=FIRST_PAGE)
    still(page)
    box = page.get_by_role("combobox", name="Which places?")
    box.fill(typed)
    box.press("Enter")
    expect(page.locator(answered).first).to_contain_text("Lyme Regis", timeout=FIRST_PAGE)
