from __future__ import annotations

import pytest
from shires import HOSTILE

from connectivity.maps.symbology import UNKNOWN

TABLE, COPY, FOLLOW = "notspot_areas", "notspot_copy", "notspot_follow"


def words(reader) -> list[str]:
    return [element.value for element in reader.at.header]


def test_the_page_opens_with_a_sentence_a_map_and_a_table(reader):
    reader.open()
    assert not reader.at.exception
    assert words(reader) == ["All 12 places"]
    assert '<h1 class="ns-head"><em>About 1,000 of 6,600 homes and businesses</em>' in reader.html
    assert "the 11 places of Two shires that we could score" in reader.html
    assert len(reader.data(TABLE)["rows"]) == 12
    assert len(reader.painted) == 12


def test_the_strip_says_what_is_counted_and_the_foot_accounts_for_all(reader):
    reader.open()
    for said in ("Ofcom, July 2025", "Fixed wireless: <b>not counted</b>", "Mobile: <b>not counted</b>", "Modelled"):
        assert said in reader.html
    assert "7,200 premises = 6,600 in 11 places we could score + 600 in 1 place:" in reader.html
    assert "<code>python -m connectivity build STUDY.toml --out DIR</code>" in reader.html
    assert "Contains Ofcom data. Open Government Licence v3.0." in reader.html


def test_a_place_in_the_link_opens_its_reasons(reader):
    reader.open(place="E01000003")
    assert "<h1>Upper Vale, part 3</h1>" in reader.html
    assert "About 8 of 600 premises" in reader.html
    assert "It could be 5 to 11." in reader.html
    assert "What fails most is upload" in reader.html
    assert reader.data(FOLLOW)["place"] == "E01000003"
    assert reader.map_said["place"] == "E01000003"


def test_a_place_that_can_be_ranked_is_ranked_and_one_that_cannot_says_so(reader_of_council_figures):
    assert "5th worst of 5 places" in reader_of_council_figures.open(place="E01000001").html
    shown = reader_of_council_figures.open(place="E01000003").html
    assert "For Eastshire we know only the council’s figure" in shown
    assert "worst of" not in shown


def test_not_enough_data_is_said_and_hatched_and_listed_last(reader):
    reader.open(place="E01000005")
    assert "We do not have enough data to score Upper Vale, part 5." in reader.html
    assert "200 of 600" in reader.html
    row = next(row for row in reader.data(TABLE)["rows"] if row[0] == "E01000005")
    assert row[3:6] == [None, None, None]
    assert row[9] == "Not enough data"
    assert [code for code, (kind, _) in reader.painted.items() if kind == UNKNOWN] == ["E01000005"]


def test_a_hostile_name_is_shown_and_does_nothing(reader):
    reader.open(place="E01000002")
    assert not reader.at.exception
    assert "<script>alert" not in reader.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in reader.html
    assert next(row for row in reader.data(TABLE)["rows"] if row[0] == "E01000002")[1] == HOSTILE


def test_a_bad_link_is_named_and_the_page_still_works(reader):
    reader.open(place="nowhere", measure="<b>x</b>", district="E1", weights="0-0-1-1")
    assert not reader.at.exception
    assert "We ignored part of your link" in reader.html
    assert "“nowhere”" in reader.html
    assert "“&lt;b&gt;x&lt;/b&gt;”" in reader.html
    assert reader.query == {}


def test_a_council_narrows_map_table_and_sentence(reader):
    reader.open()
    reader.at.selectbox(key="part of the study on show").select("E06000001").run()
    assert reader.query == {"district": "E06000001"}
    assert words(reader)[0] == "All 6 places in Westshire"
    assert "of Westshire that we could score" in reader.html
    assert len(reader.data(TABLE)["rows"]) == 6
    assert len(reader.painted) == 6


def test_another_council_lets_the_place_go(reader):
    reader.open(place="E01000001")
    reader.at.selectbox(key="part of the study on show").select("E06000002").run()
    assert reader.query == {"district": "E06000002"}


@pytest.mark.parametrize(
    ("measure", "legend", "column"),
    [
        ("score", "Score, 0 (good) to 100 (bad)", "Score"),
        ("digital", "Share of premises that cannot use online services", "Share"),
        ("need", "Need, 0 (least) to 100 (most)", "Need"),
        ("alternative", "No alternative nearby", "No alternative"),
    ],
)
def test_each_measure_has_its_legend_and_column(reader, measure, legend, column):
    reader.open()
    reader.at.button_group(key="measure on the map").select(measure).run()
    assert not reader.at.exception
    assert legend in reader.map_said["legend"]["title"]
    assert reader.data(TABLE)["columns"][2] == column
    assert reader.query == {"measure": measure}


@pytest.mark.parametrize("measure", ["score", "need", "alternative", "remote", "digital"])
def test_a_map_of_something_else_than_the_headline_counts_says_so_beneath_it(reader, measure):
    shown = reader.open(measure=measure).html
    assert ("The map now shows" in shown) == (measure in {"score", "need", "alternative"})
    assert '</h1><p class="ns-shows">This is about home working.' in shown or measure in {"remote", "digital"}


def test_the_key_says_what_the_lack_of_an_alternative_rests_on(reader):
    assert reader.open(measure="alternative").map_said["legend"]["note"] == (
        "Marked here by one thing alone: rail station."
    )
    assert reader.open(measure="remote").map_said["legend"]["note"] == ""


def test_a_dimension_that_is_not_in_the_study_says_so(reader_of):
    reader = reader_of(dimensions_absent=["need"]).open(measure="need")
    assert "“Need”: not in this study" in reader.html
    assert "We ignored part of your link" in reader.html
    assert "Need" not in reader.at.button_group(key="measure on the map").options


def test_other_weights_change_scores_and_stay_in_the_link(reader):
    before = reader.open(measure="score").data(TABLE)["rows"]
    reader.at.slider(key="weight need").set_value(100)
    reader.at.slider(key="weight alternative").set_value(0)
    next(b for b in reader.at.button if b.label == "Use these weights").click().run()
    assert reader.query["weights"] == "25-25-100-0"
    assert reader.data(TABLE)["rows"] != before
    assert "Your weights are in use" in reader.at.expander[0].label
    next(b for b in reader.at.button if b.label.startswith("Back to")).click().run()
    assert "weights" not in reader.query
    assert reader.data(TABLE)["rows"] == before


def test_weights_that_cannot_score_are_explained(reader):
    reader.open()
    for name, value in (("remote", 0), ("digital", 0), ("need", 50)):
        reader.at.slider(key=f"weight {name}").set_value(value)
    next(b for b in reader.at.button if b.label == "Use these weights").click().run()
    assert "These weights cannot make a score" in reader.html
    assert "nothing is left to score" in reader.html
    assert "weights" not in reader.query


def test_a_search_that_finds_nothing_names_the_nearest(reader):
    reader.open(find="Uper Vale")
    assert "No place called “Uper Vale”" in reader.html
    assert 'href="/?place=E010000' in reader.html
    assert reader.query == {"find": "Uper Vale"}


def test_a_search_in_the_link_that_finds_a_place_opens_it(reader):
    assert "<h1>Upper Vale, part 4</h1>" in reader.open(find="upper vale, part 4").html


def test_a_search_that_finds_a_place_opens_it_and_its_council(reader):
    reader.open(find="upper vale, part 1", district="E06000002")
    assert reader.query == {"place": "E01000001"}
    assert "<h1>Upper Vale, part 1</h1>" in reader.html


def test_a_study_that_cannot_be_opened_says_what_and_what_next(tmp_path, monkeypatch, reader):
    monkeypatch.setenv("NOTSPOT_BUILD", str(tmp_path / "missing"))
    reader.open()
    assert not reader.at.exception
    (shown,) = [e.proto.body for e in reader.at.get("html") if "We could not open this study" in e.proto.body]
    assert "no such folder" in shown
    assert "python -m connectivity build" in shown
    assert "Traceback" not in shown


def test_measured_lines_are_never_called_premises(reader_of):
    reader = reader_of(unit="lines", basis="measured sync speeds", coverage_modelled=False, release="June 2013")
    assert "broadband lines" in reader.open().html
    shown = reader.open(place="E01000003").html
    assert "did not achieve" in shown
    assert "Measured speeds of lines people had" in shown
    legend = reader.map_said["legend"]
    assert "under 60%" in legend["rows"][0]
    assert legend["title"] == "Share of lines that fell short for home working"
    assert "A faster line may have been on sale." in reader.open().html
    assert "premises" not in shown.split('class="ns-foot"')[0]
