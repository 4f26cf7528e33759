"""The data-quality report in a real browser: on a narrow screen, in the dark, on paper, and inside the app."""

from __future__ import annotations

import shutil

import pytest

pytestmark = pytest.mark.browser

CONTRAST = """() => {
    const number = part => { part /= 255; return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4; };
    const light = css => css.match(/[\\d.]+/g).slice(0, 3).map(Number).map(number)
        .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
    const paper = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!colour.endsWith(", 0)") && colour !== "transparent") return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const worst = [...document.querySelectorAll("p, li, td, th, h1, h2, h3, a, summary, .light, .shape")].map(one => {
        const [dim, bright] = [light(getComputedStyle(one).color), light(paper(one))].sort((a, b) => a - b);
        return (bright + .05) / (dim + .05);
    });
    return Math.min(...worst);
}"""


@pytest.fixture
def report(build_folder, tmp_path):
    """Put the report in a folder of its own, as someone who was sent it has it."""
    if not (build_folder / "quality.html").is_file():
        pytest.skip("the build has no quality.html: build it again")
    shutil.copy(build_folder / "quality.html", tmp_path)
    return (tmp_path / "quality.html").as_uri()


def test_the_report_fits_a_narrow_screen_and_can_be_read_in_light_and_dark(chromium, report):
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(report)
    papers = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, scheme
        assert page.evaluate(CONTRAST) >= 4.5, scheme  # WCAG 2.2, text
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2
    assert asked == [report]
    assert complaints == []
    page.close()


def test_folded_lists_are_open_on_paper(chromium, report):
    page = chromium.new_page()
    page.goto(report)
    shown = "[...document.querySelectorAll('details table')].map(table => table.checkVisibility()).every(Boolean)"
    assert not page.evaluate(shown)
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('details')].every(one => one.offsetHeight > 60)")
    page.close()


def test_the_app_shows_the_report_and_hands_it_over(visit):
    visit.page.goto(f"{visit.app}/quality")
    visit.page.get_by_text("Amber: Usable, read the notes").first.wait_for(timeout=60_000)
    visit.page.get_by_text("Every layer in full").click()
    assert visit.page.get_by_role("heading", name="Rail stations").is_visible()
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="Download this report").click()
    assert waiting.value.suggested_filename == "notspot-quality.html"
    assert visit.outside == []
