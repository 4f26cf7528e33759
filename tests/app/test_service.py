"""The page that asks whether a service can go online only: its sentence, map, table, list, card and link."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shires import HOSTILE, Reader, manifest, squares, write

from connectivity import online_only as decisions
from connectivity.online_only import SERVICES
from connectivity.outputs import write_outputs
from connectivity.places.reports import report_by, write_reports
from connectivity.views import state
from layers.families import family_of
from layers.reporting import Shares

TABLE = "notspot_areas"
NORTH, SOUTH = "E05000001", "E05000002"
NAME, BEST, LOW, HIGH, WORDS = 1, 3, 4, 5, 9


@pytest.fixture
def reader(tmp_path, monkeypatch):
    folder = write(tmp_path / "shires")
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    return Reader(folder)


def test_the_sentence_the_map_and_the_table_say_the_same(reader):
    shown = reader.open("service")
    assert not shown.at.exception
    assert [title.value for title in shown.at.title] == ["Can this service go online-only?"]
    rows = shown.data(TABLE)["rows"]
    assert len(rows) == 12
    known = [row for row in rows if row[BEST] is not None]
    # 600 premises each, 40% of `best` cannot: 0 to 120 premises, times 2.4 people; the fifth square has no figure
    assert sum(row[BEST] for row in known) == pytest.approx(0.4 * (1041 - 30) * 2.4, abs=0.1)
    assert "about 971 of about 16,000 people" in shown.html
    assert "In the 11 places" not in shown.html
    words = {row[0]: row[WORDS].split("|") for row in rows}
    assert words["E01000001"][:2] == ["online", "Can go online"]
    assert words["E01000005"] == ["Not enough data"]
    assert words["E01000012"][:2] == ["counter", "Needs another way in"]
    for code, said in words.items():
        assert shown.painted[code][0] == {"online": 6, "helped": 7, "counter": 5}.get(said[0], -1)


def test_the_map_says_people_and_decision_as_the_table_does(reader):
    shown = reader.open("service")
    says = {code: words for code, (_, words) in shown.painted.items()}
    assert says["E01000012"] == "Needs another way in: about 288 of about 1,400 people could not, could be 158 to 437"
    assert says["E01000005"] == "Not enough data: we do not say it is fine"


def test_the_list_names_places_that_keep_the_counter_then_those_without_enough_data(reader):
    shown = reader.open("service")
    assert "Places where another way must stay" in [header.value for header in shown.at.header]
    listed = shown.html.split("The list, most people first", 1)[1].split("</table>")[0]
    assert listed.index("part 12") < listed.index("part 11") < listed.index("part 5")
    assert "Not enough data: we do not say it is fine." in listed
    assert "part 4<" not in listed


def test_a_link_restores_service_council_and_place(reader):
    shown = reader.open("service", service="gp_video", district="E06000001", place="E01000006")
    assert not shown.at.exception
    assert "GP appointments were by video only" in shown.html
    assert "Upper Vale, part 6" in shown.html.split('class="ns-card"')[1]
    assert len(shown.data(TABLE)["rows"]) == 6
    assert shown.query["service"] == "gp_video"
    assert shown.at.button_group[0].value == "gp_video"


def test_choosing_another_service_changes_the_page_and_the_link(reader):
    shown = reader.open("service")
    shown.at.button_group[0].set_value("interview").run()
    assert not shown.at.exception
    assert "If interviews were by video only" in shown.html
    assert shown.query["service"] == "interview"


def test_a_service_that_is_not_known_is_ignored_with_a_notice(reader):
    shown = reader.open("service", service="<b>pensions</b>")
    assert not shown.at.exception
    assert "We ignored part of your link" in shown.html
    assert "&lt;b&gt;pensions&lt;/b&gt;" in shown.html
    assert "<b>pensions" not in shown.html
    assert "service" not in shown.query
    assert "If forms and accounts went online only" in shown.html


def test_hostile_names_stay_names(reader):
    shown = reader.open("service", place="E01000002")
    assert not shown.at.exception
    assert "<script>" not in shown.html
    assert HOSTILE in [row[NAME] for row in shown.data(TABLE)["rows"]]


def test_a_place_without_enough_data_is_not_called_fine(reader):
    shown = reader.open("service", place="E01000005")
    card = shown.html.split('class="ns-card"')[1].split("</div>")[0]
    assert "We do not have enough data about Upper Vale, part 5." in card
    assert "Can go online" not in card


def test_councils_whose_areas_cannot_be_told_apart_are_named(reader_of_council_figures):
    assert "For Eastshire only the council’s figure is known" in reader_of_council_figures.open("service").html


def test_lines_of_2013_say_first_that_they_cannot_decide(tmp_path, monkeypatch):
    folder = write(
        tmp_path / "then", unit="lines", basis="measured sync speeds", release="June–July 2013", coverage_modelled=False
    )
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    shown = Reader(folder).open("service")
    assert not shown.at.exception
    assert "This study cannot decide about a service today" in shown.html
    # 40% of the 1,041 lines that fall short of home working, less the fifth square, which has no figure
    assert "broadband lines</em> in the 11 places of Two shires that we could score did not achieve" in shown.html
    assert sum(row[BEST] for row in shown.data(TABLE)["rows"] if row[BEST] is not None) == pytest.approx(0.4 * 1011)
    assert "people" not in shown.html.split("The list, most lines first")[1].split("</table>")[0]
    assert "Needs another way in" not in shown.html
    assert "Places that needed another way" in [header.value for header in shown.at.header]


def test_a_study_without_distances_says_so(tmp_path, monkeypatch):
    folder = tmp_path / "far"
    folder.mkdir()
    areas = squares().drop(columns=["value_rail_station"])
    write_outputs(folder, areas=areas, manifest=manifest(areas, indicators=[]))
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    shown = Reader(folder).open("service")
    assert not shown.at.exception
    assert "This study has no distances" in shown.html
    assert "Online with help" not in {row[WORDS].split("|")[1] for row in shown.data(TABLE)["rows"] if row[BEST]}


def test_the_list_is_cut_and_says_so(reader, monkeypatch):
    monkeypatch.setattr(decisions, "MOST_LISTED", 2)
    shown = reader.open("service")
    listed = shown.html.split("The list, most people first", 1)[1].split("</table>")[0]
    assert listed.count('<th scope="row">') == 2
    assert "You see the first 2; the file has them all." in shown.html


def test_every_service_opens(reader):
    for key, service in SERVICES.items():
        shown = reader.open("service", service=key)
        assert not shown.at.exception
        assert f"If {service.things} {service.move}" in shown.html
        assert np.isfinite([row[HIGH] for row in shown.data(TABLE)["rows"] if row[LOW] is not None]).all()


def test_a_study_with_too_many_places_starts_with_councils(reader, monkeypatch):
    monkeypatch.setattr(state, "MOST_PLACES", 10)
    shown = reader.open("service")
    assert not shown.at.exception
    rows = {row[0]: row for row in shown.data(TABLE)["rows"]}
    # Westshire without its fifth square: 0, 3, 45, 120 and 160 of 600 for home working, 40% of that for forms
    assert rows["E06000001"][BEST] == pytest.approx(0.4 * 328 * 2.4)
    assert rows["E06000001"][WORDS] == "counter|2|of 5 places: needs another way in"
    assert "The table starts with councils" in shown.html
    assert not shown.at.get("component_instance")
    inside = reader.open("service", district="E06000001")
    assert len(inside.data(TABLE)["rows"]) == 6


def test_a_part_of_the_study_can_be_looked_at_alone(reader):
    areas = squares()
    codes = list(areas.index)
    rows = [(code, NORTH, 1.0) for code in codes[:3]] + [(code, SOUTH, 1.0) for code in codes[4:]]
    rows += [(codes[3], NORTH, 0.5), (codes[3], SOUTH, 0.5)]
    inside = pd.DataFrame(rows, columns=["area_code", "key", "share"])
    shares = Shares(inside, pd.DataFrame(columns=["area_code", "reason", "share"]), "postcodes")
    places = pd.DataFrame({"code": [NORTH, SOUTH], "name": ["North", "South"]}, index=[NORTH, SOUTH])
    places = places.rename_axis("key")
    made = report_by(places, shares=shares, areas=areas, family=family_of("ward"), beyond={})
    write_reports([(made, shares)], folder=reader.folder)
    shown = reader.open("service", part=f"ward:{NORTH}")
    assert not shown.at.exception
    assert {row[0] for row in shown.data(TABLE)["rows"]} == set(codes[:4])
    assert "people in North ward could not use them from home" in shown.html
    assert "The border of North ward cuts some of these small areas." in shown.html


def test_people_of_an_area_that_a_ward_s_border_cuts_count_as_far_as_they_lie_inside(reader):
    areas = squares()
    codes = list(areas.index)
    rows = [(code, NORTH, 1.0) for code in codes[:4]] + [(code, SOUTH, 1.0) for code in codes[4:11]]
    rows += [(codes[11], NORTH, 0.5), (codes[11], SOUTH, 0.5)]
    inside = pd.DataFrame(rows, columns=["area_code", "key", "share"])
    shares = Shares(inside, pd.DataFrame(columns=["area_code", "reason", "share"]), "postcodes")
    places = pd.DataFrame({"code": [NORTH, SOUTH], "name": ["North", "South"]}, index=[NORTH, SOUTH])
    made = report_by(places.rename_axis("key"), shares=shares, areas=areas, family=family_of("ward"), beyond={})
    write_reports([(made, shares)], folder=reader.folder)
    shown = reader.open("service", part=f"ward:{NORTH}")
    # 40% of 0, 3, 8, 15 and half of 300 premises cannot, times 2.4 people; the last alone needs another way in
    assert "about 169 of about 6,500 people</em> in North ward could not use them from home" in shown.html
    assert "1 place needs another way in, for about 144 of about 720 people" in shown.html


def test_each_service_says_what_it_covers_before_its_figures(reader):
    shown = reader.open("service")
    assert '<p class="ns-lede">For example: council tax, business rates, a Universal Credit journal.</p>' in shown.html
    assert shown.html.index("council tax") < shown.html.index("could not use them from home")


def test_the_card_says_why_in_whole_sentences_and_names_a_distance_once(reader):
    shown = reader.open("service", place="E01000012")
    card = shown.html.split('class="ns-card"')[1].split("</div>")[0]
    assert (
        "<p>By our best estimate that is 5 in every 100 or more: too many for help nearby to make up for.</p>" in card
    )
    near = reader.open("service", place="E01000009").html.split('class="ns-card"')[1].split("</div>")[0]
    assert near.count("The nearest rail station is") == 1
    assert "in a straight line × 1.3. We use it in place of one that helps." in near
