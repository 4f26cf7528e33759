"""Names that would run, turn the words around them or become elements: as text on every page, box and map."""

from __future__ import annotations

import json
import shutil

import pytest
from apps import PLATE, still
from finding import PATIENCE, Box, opened
from playwright.sync_api import expect

from benchmarks.serving import started
from connectivity.maps.sketch import SHAPES, read_outlines
from connectivity.outputs import read_build, write_outputs
from connectivity.places.gazetteer import GAZETTEER
from layers.errors import visible

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.harm=1</script>",
    '=HYPERLINK("//evil.example","x")',
    "\u202eesrever<img src=x onerror=harm=1>",
)
IN_LIST = "<img src=x onerror=window.harm=1>ham"
MARKUP = "<img src=x onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def codes(build_folder):
    """Give the three places that get hostile names."""
    return list(read_build(build_folder).areas.sort_values("severity_rank").index[: len(HOSTILE)])


@pytest.fixture(scope="module")
def hostile(build_folder, codes, tmp_path_factory):
    """Start the app on a build whose table, list of places and map are full of such names."""
    folder = tmp_path_factory.mktemp("hostile") / "build"
    shutil.copytree(build_folder, folder)
    build = read_build(folder)
    for code, name in zip(codes, HOSTILE, strict=True):
        build.areas.loc[code, ["area_name", "ward_name", "district_name"]] = name
    write_outputs(folder, areas=build.areas, manifest=build.manifest)
    content = json.loads((folder / GAZETTEER).read_text(encoding="utf-8"))
    content["kinds"][0] = "<b>council</b>"
    content["rows"].append([IN_LIST, 0, "<i onclick=harm=1>there</i>", 9, 50.8, -2.4, f"place:{codes[0]}"])
    (folder / GAZETTEER).write_text(json.dumps(content), encoding="utf-8")
    content = json.loads(read_outlines(folder))
    content["names"] = [MARKUP] * len(content["names"])
    content["councils"] = [[code, MARKUP] for code, _ in content["councils"]]
    (folder / SHAPES).write_text(json.dumps(content), encoding="utf-8")
    base = {
        "places": [[MARKUP, 0, 50.71, -2.44]],
        "councils": [[MARKUP, 50.8, -2.3, 9000]],
        "waters": [[MARKUP, 50.5, -2]],
    }
    (folder / "base.json").write_text(json.dumps(base), encoding="utf-8")
    with started({"NOTSPOT_BUILD": str(folder)}) as one:
        yield one.address


@pytest.fixture
def attacked(visit, hostile):
    visit.app = hostile
    visit.page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return visit


def test_hostile_names_in_areas_councils_base_and_gazetteer_stay_text_on_the_map_and_in_the_box(attacked):
    page = attacked.open("/").page
    still(page)
    assert MARKUP in page.evaluate(f"{PLATE}.words.named.map(one => one.words)")
    page.locator(".plate .map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".plate .tip b")).to_have_text(MARKUP)
    assert page.locator(".plate img").count() == 0
    box = Box(page)
    box.type("<img src")
    expect(box.options.first.locator("b")).to_have_text(IN_LIST, timeout=PATIENCE)
    expect(box.options.first.locator("span")).to_have_text("<b>council</b> · <i onclick=harm=1>there</i>")
    page.keyboard.press("Enter")
    opened(page, HOSTILE[0])
    assert page.evaluate("[window.harm, window.hacked]") == [None, None]
    assert attacked.outside == []


@pytest.mark.parametrize("path", ["/", "/why", "/compare", "/evidence"])
def test_hostile_names_of_areas_are_shown_on_a_page_and_do_nothing(attacked, codes, path):
    for code, name in zip(codes, HOSTILE, strict=True):
        attacked.open(f"{path}?place={code}")
        attacked.page.wait_for_timeout(300)
        assert attacked.page.evaluate("[window.harm, window.hacked]") == [None, None], name
        assert attacked.page.locator("img[src=x]").count() == 0, name
        start, words = name.split("<")[0][:12], attacked.page.locator("body").inner_text()
        assert start in words or visible(start) in words, name  # what would turn the words around it is spelt out
        assert attacked.outside == []
