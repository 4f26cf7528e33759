"""The plain page of a council: one claim, a map and a table that say the same, nothing from outside, light enough."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from hand_builds import NORTH, SOUTH, source
from hypothesis import given
from hypothesis import strategies as st
from manifests import changed
from plain_pages import Plain, city, webbed

from connectivity.html.council_pages import LIMIT, accounted, council_html, overview_of
from connectivity.html.render import TEMPLATES
from connectivity.manifest import District
from connectivity.maps.static_map import Frame, letters_of, paint_of, path_of
from connectivity.maps.symbology import UNKNOWN
from connectivity.method.records import HOME_WORKER
from connectivity.outputs import Build
from connectivity.views.look import DARK, LIGHT
from layers.errors import OutputError

HOSTILE = '<script>alert(1)</script>" onload=\'x\' =HYPERLINK("//a") & ' + chr(0x202E) + "$claim"
FEW = "it has fewer than 10 premises, too few for a fair share"
THREE = {0: (100, 0, 1, 2, 5), 2: (200, 4, 30, 50, 90), 4: (8, 0), 6: (100, 0, 0, 0, 0), 1: (1000, 10, 50, 100, 200)}
"""Four places in Northshire, one of which has too few premises, and one in Southshire."""


@pytest.fixture(scope="module")
def north():
    return Plain(council_html(webbed(THREE), NORTH))


def renamed(build, name):
    build.areas["area_name"] = build.areas["ward_name"] = build.areas["district_name"] = name
    councils = [{"code": code, "name": name, "separable": True} for code in build.manifest.district_names]
    words = {"study": name, "release": name, "software": name, "modelled": [name]}
    sources = [source("ofcom_oa") | {"attribution": name, "licence": name}]
    return replace(build, manifest=changed(build.manifest, **words, districts=councils, sources=sources))


# --- What it says -------------------------------------------------------------------------------------------------


def test_the_title_is_the_total_of_the_scored_places_with_its_range(north):
    assert "About 52 of 400 homes and businesses in the 3 places of Northshire that we could score" in north.said
    assert f"cannot support {HOME_WORKER.label}. It could be 31 to 95." in north.said
    assert north.tags.count("h1") == 1


def test_the_table_lists_every_place_the_worst_first_and_those_without_a_score_last_in_words(north):
    head, *rows = north.rows
    assert head == [
        *("Place", "Cannot work from home: best estimate", "Could be", "Share of premises", "Rank", "Among the worst?")
    ]
    assert rows == [
        ["A Place 2", "50 of 200", "30 to 90", "25.0%", "worst, between 1 and 2", "Almost certain"],
        ["B Place 0", "2 of 100", "1 to 5", "2.0%", "3rd worst, between 2 and 4", "Unlikely"],
        ["C Place 6", "0 of 100", "0 to 0", "0.0%", "4th worst, between 3 and 5", "Unlikely"],
        ["Place 4", f"We do not score this place: {FEW}. We do not say it is fine."],
    ]


def test_the_legend_counts_the_places_of_each_class_and_those_without_enough_data(north):
    for said in ("under 1%: 1 place", "2 to 5%: 1 place", "20% or more: 1 place", "Not enough data: 1 place"):
        assert said in north.said
    assert "5 to 10%: 0 places" in north.said


def test_the_map_says_what_its_own_ground_is(north):
    assert "Pale grey is sea, or land outside this council." in north.said
    assert "Pale blue" not in north.said


def test_every_premises_of_the_council_is_accounted_for(north):
    assert "408 premises = 400 in 3 places we could score + 8 in 1 place: fewer than 10 premises." in north.said


@given(st.lists(st.tuples(st.integers(0, 5_000), st.booleans()), min_size=1, max_size=6))
def test_premises_in_are_those_scored_and_those_not(rows):
    build = webbed(
        {2 * n: (max(k, 1), 0, 0, 0, 0) if yes else (k, 0) for n, (k, yes) in enumerate(rows)} | {1: THREE[1]}
    )
    premises, areas = accounted(build.areas)
    assert premises.total == premises.scored + sum(premises.excluded.values()) == build.areas["premises"].sum()
    assert areas.total == areas.scored + sum(areas.excluded.values()) == len(build.areas)


def test_the_map_paints_each_place_by_its_class_and_says_its_figure():
    page = council_html(webbed(THREE), NORTH)
    drawn = dict(re.findall(r'<g class="(k\w)[^"]*">(.*?)</g>', page))
    assert set(drawn) == {"k0", "k2", "k5", "ku"}
    assert "<title>Place 2: about 50 of 200 premises, could be 30 to 90</title>" in drawn["k5"]
    assert "<title>Place 4: not enough data</title>" in drawn["ku"]
    assert paint_of(UNKNOWN) == "ku"
    assert "fill:url(#ku)" in page
    assert 'id="k4"' in page
    assert 'id="k5"' in page


def test_lines_of_2013_did_not_achieve_and_are_never_premises():
    lines = {"unit": "lines", "basis": "measured sync speeds", "release": "June 2013", "study": "Shires, 2013"}
    build = webbed({0: (100, 0, 50, 70, 90), 2: (50, 0, 10, 20, 30), 1: (10, 0, 1, 2, 3)}, **lines)
    for page in (council_html(build, NORTH), overview_of(build, files={NORTH: "n.html", SOUTH: "s.html"})):
        said = Plain(page).said
        assert "broadband lines in" in said
        assert "did not achieve what it takes to support" in said
        assert "These are speeds measured on lines people had in June 2013." in said
        assert "Measured speeds of lines people had" in said
        assert not re.search("premises|cannot support", said, re.IGNORECASE)


def test_a_council_whose_places_cannot_be_told_apart_is_listed_by_name_without_ranks_or_letters():
    build = webbed(THREE)
    build.areas["separable"] = False
    page = Plain(council_html(build, NORTH))
    assert [row[0] for row in page.rows[1:]] == ["Place 0", "Place 2", "Place 6", "Place 4"]
    assert {row[4] for row in page.rows[1:4]} == {"no rank of its own"}
    assert "For Northshire we know only the council’s figure" in page.said
    assert "Ranks are by score" not in page.said


def test_without_draws_no_range_is_claimed_and_no_tier_shown():
    page = Plain(council_html(webbed(THREE, drawn=False), NORTH))
    assert page.rows[1] == ["A Place 2", "50 of 200", "30 to 90", "25.0%", "worst, range not known"]
    assert "How far ranks could move was not computed." in page.said


def test_a_council_without_a_score_or_without_places_says_so():
    nothing = webbed({0: (8, 0), 1: THREE[1]})
    page = Plain(council_html(nothing, NORTH))
    assert "Not enough data for Northshire" in page.said
    assert "ku" in council_html(nothing, NORTH)
    atlantis = District(code="E06000999", name="Atlantis", separable=True)
    districts = (*nothing.manifest.districts, atlantis)
    nothing = replace(nothing, manifest=nothing.manifest.model_copy(update={"districts": districts}))
    page = Plain(council_html(nothing, "E06000999"))
    assert "This build has no small areas here" in page.said
    assert page.rows == []
    assert "Not enough data" in Plain(overview_of(nothing, files=dict.fromkeys((NORTH, SOUTH, "E06000999"), "x"))).said


def test_a_council_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(OutputError, match="E06000901"):
        council_html(webbed(THREE), "E07000001")


def test_a_ward_is_named_where_the_place_is_not_called_after_it():
    build = webbed({0: THREE[0], 2: THREE[2], 1: THREE[1]})
    build.areas["ward_name"] = ["Holy Well", None, "Place"]
    assert [row[0] for row in Plain(council_html(build, NORTH)).rows[1:]] == ["A Place 2", "B Place 0, Holy Well"]


def test_a_red_light_and_what_is_modelled_stand_on_the_page():
    quality = {"light": "red", "words": "Do not publish from this", "file": "quality.json", "page": "quality.html"}
    build = webbed(THREE, quality=quality, modelled=["Need: a proxy."], coverage_modelled=True)
    said = Plain(council_html(build, NORTH)).said
    asked = "Ask whoever gave you this page for the file quality.html: it has the reasons."
    assert f"Red: Do not publish from this. {asked}" in said
    assert "What is modelled. Need: a proxy." in said
    assert "Modelled within each council" in said
    assert "These figures are modelled." in said


def test_a_page_that_stands_alone_holds_the_reasons_for_its_light_each_once():
    quality = {"light": "red", "words": "Do not publish from this", "file": "quality.json", "page": "quality.html"}
    build = webbed(THREE, quality=quality, modelled=["Need: a proxy."])
    reasons = ["Need: a proxy.", "Broadband: 13 years old. <b>"]
    for page in (
        council_html(build, NORTH, reasons=reasons),
        overview_of(build, files={NORTH: "n.html", SOUTH: "s.html"}, reasons=reasons),
    ):
        said = Plain(page).said
        assert "Red: Do not publish from this. The reasons are at the foot of this page." in said
        assert (
            "What to know about the data.Broadband: 13 years old. <b>There is more on each file in quality.html" in said
        )
        assert said.count("Need: a proxy.") == 1


def test_the_overview_lists_the_councils_by_name_with_their_totals_and_leads_to_each():
    page = Plain(overview_of(webbed(THREE), files={NORTH: "n.html", SOUTH: "s.html"}))
    assert page.rows[1:] == [
        ["Northshire", "52 of 400", "31 to 95", "13.0%", "3 of 4", "1"],
        ["Southshire", "100 of 1,000", "50 to 200", "10.0%", "1 of 1", "1"],
        ["Two shires", "152 of 1,400", "81 to 295", "10.9%", "4 of 5", "2"],
    ]
    assert page.values("a", "href") == ["#main", "n.html", "s.html"]
    assert "1,408 premises = 1,400 in 4 places we could score + 8 in 1 place" in page.said


# --- How it is made -----------------------------------------------------------------------------------------------


def pages():
    quality = {"light": "amber", "words": "Usable, read the notes", "file": "quality.json", "page": "quality.html"}
    build = webbed(THREE, quality=quality, modelled=["Need: a proxy."])
    hostile = renamed(webbed(THREE, quality=quality), HOSTILE)
    yield council_html(build, NORTH, overview="index.html")
    yield council_html(hostile, NORTH)
    yield overview_of(hostile, files={NORTH: "n.html", SOUTH: "s.html"})
    yield council_html(city(700), NORTH)


@pytest.fixture(scope="module", params=range(4))
def page(request):
    return next(itertools.islice(pages(), request.param, None))


def test_a_page_runs_nothing_and_asks_for_nothing(page):
    plain = Plain(page)
    assert not {"script", "link", "img", "iframe", "object", "form", "image", "use"} & set(plain.tags)
    assert not [
        name for _, name, _ in plain.attributes if name.startswith("on") or name in {"src", "style", "xlink:href"}
    ]
    assert all(re.fullmatch(r"#?[\w.-]+", value or "") for value in plain.values("a", "href"))
    assert not re.search(r"url\((?!#)|@import|@font-face|https?:|<script", page)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in plain.attributes


def test_a_page_is_well_formed(page):
    plain = Plain(page)
    assert plain.open == []
    names = [value for _, name, value in plain.attributes if name == "id"]
    assert len(names) == len(set(names))
    pointed = [*plain.values("section", "aria-labelledby"), *plain.values("ul", "aria-labelledby")]
    pointed += [part for value in plain.values("svg", "aria-labelledby") for part in (value or "").split()]
    assert set(pointed) <= set(names)
    assert plain.values("html", "lang") == ["en-GB"]
    assert plain.tags.count("h1") == plain.tags.count("main") == 1
    assert plain.tags.count("table") == plain.tags.count("caption") == 1
    assert len(plain.values("th", "scope")) == plain.tags.count("th")
    assert "$" not in page.replace("$claim", "")
    levels = [int(tag[1]) for tag in plain.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_names_are_shown_and_never_run_or_turned():
    page = council_html(renamed(webbed(THREE), HOSTILE), NORTH)
    assert Plain(page).words.count("<script>alert(1)</script>") > 5
    assert chr(0x202E) not in page
    assert "<bdi>" in page


def test_the_same_build_gives_the_same_bytes_in_whatever_order_its_areas_stand():
    build = webbed(THREE)
    assert council_html(Build(build.areas.iloc[::-1], build.manifest), NORTH) == council_html(build, NORTH)


def test_codes_that_are_no_names_still_give_each_row_its_own():
    build = webbed(THREE)
    build.areas.index = ["a b", "main", 'x"y', "E1", "E2"]
    ids = Plain(council_html(build, NORTH)).values("tr", "id")
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", name or "") for name in ids if name)


def test_the_page_has_the_colours_of_the_app():
    style = (TEMPLATES / "plain_pages.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+):(#\w+)", part)) for part in style.split("@media", 2)[:2])
    assert light.items() <= LIGHT.items()
    assert dark.items() <= DARK.items()
    assert len(light) == 11


# --- How heavy it is ----------------------------------------------------------------------------------------------


def test_a_city_of_700_places_fits_with_a_map_that_draws_every_place():
    page = council_html(city(700), NORTH)
    assert len(page.encode()) <= LIMIT.value == 150_000
    areas = page.split('<g class="areas">')[1].split("</svg>")[0]
    assert len(corners("".join(re.findall(r'<path d="([^"]+)"', areas)))) >= 700  # a place may have parts
    assert len(Plain(page).rows) == 701


def test_a_small_council_gets_the_fullest_map():
    page = council_html(city(60), NORTH)
    assert page.count("part ") == 120
    assert len(page.encode()) < 60_000


def test_a_council_that_cannot_fit_keeps_its_table_and_loses_its_map():
    page = council_html(city(1_400), NORTH)
    assert len(page.encode()) > LIMIT.value
    assert "There is no map here" in page
    assert len(Plain(page).rows) == 1_401


# --- Paths --------------------------------------------------------------------------------------------------------


def corners(path):
    """Follow a path as a browser does; give the corners of each of its rings."""
    rings, at = [], [0, 0]
    for ring in path.split("z")[:-1]:
        points = []
        for letter, words in re.findall(r"([mlhv])([^mlhv]*)", ring):
            steps = [int(word) for word in re.findall(r"-?\d+", words)]
            moves = [[x, 0] for x in steps] if letter == "h" else [[0, y] for y in steps]
            if letter in "ml":
                moves = [steps[i : i + 2] for i in range(0, len(steps), 2)]
            for x, y in moves:
                at = [at[0] + x, at[1] + y]
                points.append(tuple(at))
        at = list(points[0])
        rings.append(points)
    return rings


spots = st.tuples(st.integers(0, 900), st.integers(0, 900))


@given(st.lists(st.lists(spots, min_size=3, max_size=8, unique=True), min_size=1, max_size=3))
def test_a_path_leads_through_the_corners_it_was_given(rings):
    shape = shapely.MultiPolygon([(ring, []) for ring in rings])
    drawn = corners(path_of(shape, frame=Frame(0, 1000, 1, 1000, 1000)))
    assert [set(ring) for ring in drawn] == [{(x, 1000 - y) for x, y in ring} for ring in rings]


def test_every_part_and_every_hole_of_a_place_is_drawn():
    holed = shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 60, 60)
    path = path_of(shapely.MultiPolygon([holed, shapely.box(200, 0, 300, 50)]), frame=Frame(0, 100, 1, 400, 100))
    assert len(corners(path)) == 3


def test_places_that_share_a_border_still_share_it_on_the_map():
    build = city(40)
    page = council_html(build, NORTH)
    paths = re.findall(r'<path d="(m[^"]+)"><title>', page)
    rings = [ring for path in paths for ring in corners(path)]
    edges = [frozenset(pair) for ring in rings for pair in itertools.pairwise([*ring, ring[0]])]
    shared = sum(edges.count(edge) == 2 for edge in set(edges))
    assert shared / len(set(edges)) > 0.75  # the rest lies on the council's own border


def test_letters_keep_apart_and_are_few():
    boxes = [shapely.box(10 * n, 0, 10 * n + 10, 10) for n in range(200)]
    areas = gpd.GeoDataFrame(geometry=boxes, index=[str(n) for n in range(200)], crs=27700)
    found = letters_of(areas, order=list(areas.index))
    assert list(found.values()) == list("ABCDEFGHIJ")[: len(found)]
    places = sorted(int(code) for code in found)
    assert all(after - before >= 10 for before, after in itertools.pairwise(places))
