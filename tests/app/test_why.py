from __future__ import annotations

import re

import pytest
from shires import Reader, manifest, squares

from connectivity.claims.claim import Basis, Claim
from connectivity.outputs import write_outputs
from connectivity.views import small_figures


def test_the_page_says_the_sentence_the_range_and_the_parts(reader):
    reader.open("why", place="E01000009")
    assert not reader.at.exception
    assert reader.at.title[0].value == r"Why Upper Vale\, part 9?"
    assert '<em class="ns-num">About 120 of 600 homes and businesses</em>' in reader.html
    assert "as few as 72" in reader.html
    assert "as many as 168" in reader.html
    assert [h.value for h in reader.at.header] == [
        "What people here can get",
        "What makes up the score",
        "Places like this one",
        "Next to it",
    ]


def test_the_bands_stand_in_a_table_and_unknown_is_hatched(reader):
    shown = reader.open("why", place="E01000009").html
    for label, count in (("Under 2", 5), ("2 to 10", 20), ("10 or more", 570), ("Not known", 5)):
        assert re.search(rf'{label}</th><td class="r">{count}</td>', shown)
    assert "ns-hatch" in shown


def test_the_parts_add_up_to_the_score(reader, areas):
    shown = reader.open("why", place="E01000012").html
    parts = [float(part) for part in re.findall(r"<b>\+([\d.]+)</b>", shown)]
    assert len(parts) == 4
    assert sum(parts) == pytest.approx(areas.loc["E01000012", "score"], abs=0.21)


def test_a_rank_of_a_build_without_draws_says_who_can_find_its_range(reader):
    shown = reader.open("why", place="E01000009").html
    assert "worst of 11 places" in shown
    assert "How far ranks could move was not computed. Whoever runs this can add it." in shown
    assert "--draws" not in shown


def test_a_council_whose_areas_cannot_be_told_apart_has_no_rank(reader_of_council_figures):
    shown = reader_of_council_figures.open("why", place="E01000012").html
    assert "For Eastshire we know only the council’s figure" in shown
    assert "worst of" not in shown


def test_no_rank_is_shown_against_a_place_beside_another(reader_of_council_figures):
    page = reader_of_council_figures.open("why", place="E01000009").html
    shown = page.split("Nearest scores")[1].split("</table>")[0]
    rows = re.findall(r"<tr><th.*?</tr>", shown)
    for row in rows:
        assert "worst" not in row
    assert ["Eastshire" in row for row in rows] == sorted("Eastshire" in row for row in rows)


def test_the_sentence_can_be_quoted_and_copied(reader):
    reader.open("why", place="E01000009")
    quote = reader.data("notspot_copy")["text"]
    assert quote.startswith("“About 120 of 600 premises in Upper Vale, part 9, Westshire")
    assert "modelled from Ofcom, July 2025" in quote


def test_facts_name_stand_ins_and_the_official_code(reader):
    shown = reader.open("why", place="E01000009").html
    assert "Rail station – used in place of no alternative nearby" in shown
    plainly = "Where a figure is lacking, we use in its place another that points the same way."
    assert shown.index(plainly) < shown.index("used in place of")
    assert "<dt>Official code (LSOA)</dt><dd>E01000009</dd>" in shown
    assert "<dt>Residents</dt><dd>not in this study</dd>" in shown


def test_without_enough_data_there_is_no_score_and_no_quote(reader):
    reader.open("why", place="E01000005")
    assert not reader.at.exception
    assert "Not enough data for Upper Vale, part 5" in reader.html
    assert "we do not know" in reader.html
    assert "Use this figure" not in reader.html


def test_without_a_place_the_worst_is_shown_and_said(reader):
    reader.open("why")
    assert "You have not chosen a place" in reader.html
    assert "part 12" in reader.at.title[0].value


def test_what_was_chosen_survives_the_change_of_page(reader):
    reader.open(place="E01000009", measure="digital")
    reader.at.switch_page("connectivity/views/why.py").run()
    assert "part 9" in reader.at.title[0].value
    assert reader.query == {"place": "E01000009", "measure": "digital"}
    assert "cannot use essential online services" in reader.html


def test_a_hostile_name_stays_a_name(reader):
    reader.open("why", place="E01000002")
    assert not reader.at.exception
    assert "<script>alert" not in reader.html
    assert r"\<script\>alert\(1\)" in reader.at.title[0].value


def test_a_bad_place_is_named(reader):
    reader.open("why", place="E0")
    assert "We ignored part of your link" in reader.html


@pytest.mark.parametrize("numbers", [(0, 0, 0), (0, 1, 400), (100, 101, 102), (9_000, 12_000, 40_000)])
def test_a_range_bar_stays_inside_its_frame(numbers, reader):
    basis = Basis("S", "July 2025", "premises", "availability", counts_fwa=False, counts_mobile=False, modelled=True)
    low, best, high = (float(n) for n in numbers)
    shown = small_figures.range_bar(Claim("places.remote", "Here", low, best, high, 50_000.0, basis, drawn=True))
    for at in re.findall(r"left:([\d.]+)%", shown):
        assert 0 <= float(at) <= 100


def test_a_part_that_is_not_in_the_study_says_so(reader_of):
    shown = reader_of(dimensions_absent=["need"]).open("why", place="E01000009").html
    assert "not in this study" in shown


def test_neighbours_stand_with_range_and_side_and_what_lies_outside_is_said(reader):
    # Around square 6: 2 to the south (hostile name), 10 to the north, 5 to the west (no data), 7 to the east.
    shown = reader.open("why", place="E01000006").html.split("Places that share a border with")[1]
    table = shown.split("</table>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)
    assert len(rows) == 4
    sides = {"part 10": "north", "&lt;script&gt;": "south", "part 5": "west", "part 7": "east"}
    for name, side in sides.items():
        (row,) = [row for row in rows if f"{name}</a>" in row or name in row.split("</a>")[0]]
        assert f">{side}</td>" in row
    assert "part 10" in rows[0]
    assert "worst" not in rows[0]
    assert "<b>160</b> of 600" in rows[0]
    assert "(96 to 224)" in rows[0]
    assert "Not enough data" in rows[3]
    assert "Neighbours outside the study are not listed." in shown
    assert "<script>alert" not in reader.html


def test_a_place_on_the_edge_without_enough_data_has_its_neighbours_too(reader):
    shown = reader.open("why", place="E01000005").html.split("Places that share a border with")[1].split("</table>")[0]
    assert shown.count('<tr><th scope="row">') == 3


def test_a_study_of_one_place_says_it_has_no_neighbours(tmp_path, monkeypatch):
    folder = tmp_path / "one"
    folder.mkdir()
    alone = squares().iloc[[8]]
    write_outputs(folder, areas=alone, manifest=manifest(alone))
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    reader = Reader(folder).open("why")
    assert not reader.at.exception
    assert "No place in this study shares a border with Upper Vale, part 9. Neighbours outside" in reader.html
    assert "There are no other places of the same kind (Rural village) in this study." in reader.html


def test_places_like_this_one_are_of_the_same_kind(tmp_path, monkeypatch):
    folder = tmp_path / "kinds"
    folder.mkdir()
    areas = squares()
    areas.loc[["E01000010", "E01000002"], "rural_urban"] = "Urban city"
    write_outputs(folder, areas=areas, manifest=manifest(areas))
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    before, after = Reader(folder).open("why", place="E01000010").html.split("Nearest scores among")
    said = "Of the other places of the same kind (Urban city), these have the scores nearest to this one.</p>"
    assert said in before
    shown = after.split("</table>")[0]
    assert "places of the same kind (Urban city)" in shown
    assert shown.count('<tr><th scope="row">') == 1
