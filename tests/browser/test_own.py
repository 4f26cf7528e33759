"""A reader's own points on the map: it opens on them, each with its name, and a hostile name stays text."""

from __future__ import annotations

import pytest
from apps import PLATE, still

pytestmark = pytest.mark.browser

FORMULA, MARKUP, TURNED = "=1+1", "<img src=x onerror=window.hacked=1>", "abc" + chr(0x202E) + "gpj"
NAMES = ("Market surgery", FORMULA, MARKUP, TURNED)
SPOTS = ((369000, 90500), (371000, 93500), (366500, 92000), (368000, 95500))
POINTS = "Name,Easting,Northing\n" + "".join(f"{n},{x},{y}\n" for n, (x, y) in zip(NAMES, SPOTS, strict=True))


@pytest.fixture
def mapped(visit):
    visit.open("/own")
    visit.page.wait_for_timeout(1500)  # the box for a file is there before it listens
    file = {"name": "clinics.csv", "mimeType": "text/csv", "buffer": POINTS.encode()}
    visit.page.locator("input[type=file]").first.set_input_files(file)
    visit.page.get_by_text("4 points lie in").first.wait_for(timeout=30_000)
    visit.page.wait_for_function(f"{PLATE}?.words.named.some(one => one.words === '=1+1')", timeout=30_000)
    still(visit.page)
    return visit.page


def test_the_map_opens_on_the_points_with_their_names_side_by_side(mapped):
    boxes = mapped.evaluate(f"{PLATE}.words.named")
    own = [one for one in boxes if one["words"] in {"Market surgery", FORMULA, MARKUP, "abc\\u202egpj"}]
    assert len(own) == len(NAMES)
    width, height = mapped.evaluate(f"(() => {{ const {{x, y}} = {PLATE}.map.getSize(); return [x, y]; }})()")
    for at, one in enumerate(boxes):
        assert one["left"] >= 0
        assert one["right"] <= width
        assert 0 <= one["top"] < one["bottom"] <= height
        for other in boxes[at + 1 :]:
            apart = one["right"] < other["left"] or other["right"] < one["left"]
            assert apart or one["bottom"] < other["top"] or other["bottom"] < one["top"]
    spread = max(one["top"] for one in own) - min(one["top"] for one in own)
    assert spread > height / 3  # zoomed to them: at the study's size they would lie within a finger's breadth


def test_no_name_runs_or_becomes_an_element(visit, mapped):
    spots = mapped.evaluate(f"""Object.values({PLATE}.map._layers).filter(one => one.mark).map(one => {{
        const p = {PLATE}.map.latLngToContainerPoint(one.getLatLng()), box = {PLATE}.root.getBoundingClientRect();
        return [box.left + p.x, box.top + p.y];
    }})""")
    assert len(spots) == len(NAMES)
    for spot in spots:
        mapped.mouse.move(*spot)
        mapped.locator(".plate .tip").wait_for()
    assert mapped.locator(".plate img").count() == 0
    assert mapped.evaluate("window.hacked") is None
    assert visit.page.get_by_role("button", name=MARKUP).count() == 1  # the table has it as text, too
    assert visit.outside == []
