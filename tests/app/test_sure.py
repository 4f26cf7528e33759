"""How sure we are, as a reader sees it: the page, the map's tiers, and no rank without its range."""

from __future__ import annotations

import re

import pytest
from drawn import INPUT, drawn, report
from shires import Reader, council_figure_only

from connectivity.claims.about_certainty import MOSTLY
from connectivity.maps import symbology

TABLE = "notspot_areas"
THIRD, WORDS = 8, 9  # as areatable.py writes a row


@pytest.fixture
def sure(tmp_path, monkeypatch):
    """Open the two shires as a build with draws."""

    def make(**changes):
        folder = drawn(tmp_path / "build", **changes)
        monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
        return Reader(folder)

    return make


def text(html):
    return re.sub(r"<[^>]+>", " ", html)


def test_the_page_opens_with_counts_of_tiers_and_how_many_draws(sure):
    shown = sure().open("sure")
    assert not shown.at.exception
    assert '<em class="ns-num">None of 11 places</em>' in shown.html or "of 11 places" in shown.html
    assert "We ranked these places 1,000 times" in shown.html
    assert "10% or more of its premises cannot support one home worker" in shown.html
    assert "1 without enough data" in shown.html


def test_other_lines_on_the_map_are_told_where_they_were_tried(sure):
    tried = {"unit": "ward", "worst": 2, "leaves": ["A"], "enters": ["B"], "tau": 0.5}
    assert "of its whole ward, 1 of the 2 places" in text(
        sure(said=report() | {"boundaries": [tried]}).open("sure").html
    )
    assert "whole ward" not in sure().open("sure").html


def test_each_range_stands_in_the_table_as_it_is_drawn(sure, areas):
    reader = sure()
    council_figure_only(reader.folder)
    shown = reader.open("sure").html
    rows = re.findall(r"<tr><th scope=\"row\"><a.*?</tr>", shown)
    westshire = areas[areas["district_name"].eq("Westshire") & areas["score"].notna()].sort_values("severity_rank")
    assert len(rows) == len(westshire)
    for row, (_, area) in zip(rows, westshire.iterrows(), strict=True):
        rank = int(area["severity_rank"])
        low, high = max(1, rank - 3), min(11, rank + 3)
        assert f"{low} to {high}" in row
        (left, width) = (float(n) for n in re.search(r"<i style=\"left:([\d.]+)%;width:([\d.]+)%", row).groups())
        assert 0 <= left <= left + width <= 100
    assert "Councils with one figure for all their small areas are left out." in shown


def test_every_tier_has_words_a_symbol_and_its_paint_and_the_counts_add_up(sure):
    shown = sure().open("sure").html.split("ns-key-table")[1].split("</table>")[0]
    assert len(set(re.findall(r"ns-sym-(\w+)", shown))) == 7
    assert sum(int(n) for n in re.findall(r"<b>([\d,]+)</b>", shown)) == 12


def test_what_moves_the_ranking_is_named_and_escaped(sure):
    shown = sure().open("sure").html
    assert "The upload speed &lt;b&gt;needed&lt;/b&gt;" in shown
    assert "<b>needed</b>" not in shown
    assert "75% alone, 75% in all" in shown
    assert INPUT["source"] in shown
    assert "Dirichlet(40 × weights)" in shown


def test_the_council_can_be_chosen_on_the_page_and_is_kept_in_its_address(sure):
    reader = sure().open("sure", place="E01000003")
    reader.at.selectbox(key="part of the study on show").select("E06000001").run()
    assert not reader.at.exception
    assert reader.query == {"district": "E06000001"}  # the place lies in the other council
    assert "of 5 places</em> in Westshire" in reader.html
    assert "From here on, the figures are for the whole study" in reader.html
    reader.at.selectbox(key="part of the study on show").select("").run()
    assert reader.query == {}
    assert "From here on" not in reader.html


def test_a_council_none_of_whose_places_is_ranked_draws_no_ranges(sure):
    reader = sure()
    council_figure_only(reader.folder)
    shown = reader.open("sure", district="E06000002")
    assert not shown.at.exception
    assert "For Eastshire we know only the council’s figure" in shown.html
    assert "ns-plot" not in shown.html


def test_a_hostile_name_stays_a_name(sure):
    shown = sure().open("sure", district="E06000001")
    assert not shown.at.exception
    assert "<script>alert" not in shown.html
    assert "&lt;script&gt;alert(1)" in shown.html


def test_an_older_build_is_told_the_command(reader):
    for page in ("sure", "compare"):
        shown = reader.open(page)
        assert not shown.at.exception
        assert "was not computed" in shown.html
        assert "--draws 1000" in shown.html
    assert "How sure" not in reader.open().at.button_group(key="measure on the map").options
    assert "We ignored part of your link" in reader.open(measure="sure").html


@pytest.mark.parametrize("said", ["[]", "{", '{"draws": 3}'])
def test_a_report_that_cannot_be_read_does_not_break_the_page(sure, said):
    reader = sure()
    (reader.folder / "robustness.json").write_text(said, encoding="utf-8")
    shown = reader.open("sure")
    assert not shown.at.exception
    assert "was not computed" in shown.html


def test_a_report_without_its_second_half_still_shows_the_ranges(sure):
    shown = sure(said={name: value for name, value in report().items() if name != "whole"}).open("sure")
    assert not shown.at.exception
    assert "ns-plot" in shown.html


def test_with_the_readers_weights_no_range_is_shown_and_the_reason_is(sure):
    reader = sure().open(place="E01000009", weights="25-25-100-0", measure="score")
    assert "The range is for the study’s own weights, so none is shown for yours." in reader.html
    assert "In 9 of 10 tries" not in reader.html
    assert all("between" not in row[WORDS] for row in reader.data(TABLE)["rows"])
    assert "ns-tier" not in reader.html
    reader.open("sure", weights="25-25-100-0")
    assert "Not with your weights" in reader.html
    drawing = reader.html.split("ns-plot")[1].split("</table>")[0].replace("&amp;weights=25-25-100-0", "")
    assert drawing in reader.open("sure").html


def test_every_rank_on_the_map_page_has_its_range(sure):
    reader = sure().open(place="E01000009", measure="score")
    assert f"In {MOSTLY} it ranks between" in reader.html or "cannot tell the small areas" in reader.html
    for row in reader.data(TABLE)["rows"]:
        assert ("worst" in row[WORDS]) == ("between" in row[WORDS] or "stays" in row[WORDS])


def test_why_here_says_tier_range_and_driver_and_draws_ten_boxes(sure):
    shown = sure().open("why", place="E01000010").html
    assert f"In {MOSTLY} it ranks between" in shown
    assert "of 100 tries" in shown
    assert shown.count("<i class=") >= 10
    assert 'class="best"' in shown
    assert "What moves its rank most: the upload speed &lt;b&gt;needed" in shown


def test_the_tier_map_paints_what_the_table_says(sure):
    reader = sure().open(measure="sure")
    assert reader.map_said["legend"]["title"] == "Among the worst?"
    rows = {row[0]: row for row in reader.data(TABLE)["rows"]}
    called = {"Almost certain": 5, "Likely": 4, "Depends": symbology.IN_DOUBT, "Unlikely": 0, "Few or none": 6}
    assert len(reader.painted) == 12
    for code, (kind, _) in reader.painted.items():
        words = rows[code][WORDS]
        assert kind == (called[words.split("|")[1]] if "|" in words else symbology.UNKNOWN)
    assert reader.data(TABLE)["columns"][2] == "Among the worst?"


def test_the_table_sorts_tiers_by_how_sure_we_are(sure):
    rows = [row for row in sure().open(measure="sure").data(TABLE)["rows"] if "|" in row[WORDS]]
    rows.sort(key=lambda row: -row[THIRD])
    tiers = [row[WORDS].split("|")[1] for row in rows]
    order = ["Almost certain", "Likely", "Depends", "Unlikely", "Few or none"]
    assert [order.index(tier) for tier in tiers] == sorted(order.index(tier) for tier in tiers)
