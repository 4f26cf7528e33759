"""The report of a pack as one page of HTML: the content's words, no script, nothing from outside, light enough."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hand_builds import hand_build
from packs import HOSTILE, pack_build, pack_content, pack_source, same_twice
from plain_pages import Plain

from connectivity.claims import about_plain_pages
from connectivity.evidence.pack_content import Head, PackSection, PackTable, WorstPlace
from connectivity.evidence.pack_html import PAGE_OF_PACK, html_files
from connectivity.html.council_pages import LIMIT


def page_of(source):
    return html_files(source)[PAGE_OF_PACK].decode()


@pytest.fixture(scope="module")
def page():
    return same_twice(html_files, pack_source())[PAGE_OF_PACK].decode()


@pytest.fixture(scope="module")
def plain(page):
    return Plain(page)


def test_every_word_of_the_content_is_on_it(plain):
    content = pack_content(pack_build())
    said = re.sub(r"\s+", " ", plain.words)
    for words in (str(content.headline), *content.beneath, *content.asks, *content.sure, *content.not_shown):
        assert words in said
    for words in (content.stamp, content.worst_title, content.worst_note, *content.checks, *content.sources):
        assert words in said
    for section in content.sections:
        assert all(words in said for words in (section.title, *section.paragraphs, *section.points))
        assert all(table.caption in said and table.note in said for table in section.tables)


def test_it_has_no_script_and_asks_for_nothing(page, plain):
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(plain.tags)
    assert [name for _, name, _ in plain.attributes if name.startswith("on") or name == "src"] == []
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in plain.attributes
    assert [value for _, _, value in plain.attributes if value and "://" in value] == []
    assert re.findall(r"url\((?!#)|@import", page) == []


def test_names_are_text(page, plain):
    assert "<b>_i_</b>" not in page
    names = {row[0] for row in plain.rows}
    assert [name for name in HOSTILE if name not in names] == []


def test_headings_are_in_order_and_rows_and_columns_have_heads(page, plain):
    assert plain.tags.count("h1") == 1
    assert not {"h3", "h4"} & set(plain.tags)
    heads = re.findall(r"<tr>(.*?)(?=<tr>|<tbody>|</table>)", page, re.DOTALL)
    assert heads
    assert all(row.startswith(("<th scope=col>", "<th scope=row>")) for row in heads)
    assert page.count("<table") == page.count("<caption>") + page.count("aria-labelledby=worst")


def test_the_map_says_in_words_what_it_shows_with_the_figure(page, plain):
    content = pack_content(pack_build())
    words = re.search(r'<desc id="map-words">(.*?)</desc>', page)[1]
    assert words == content.map_said
    assert re.search(r"\d", words)
    assert "Not enough data: 1 place" in plain.words
    assert plain.tags.count("svg") > 1


def test_letters_on_the_map_stand_beside_the_places_of_page_one():
    build = pack_build()
    build.areas.geometry = build.areas.geometry.translate(0, 0).scale(5, 5, origin=(0, 0))
    page = page_of(pack_source(build=build))
    on_map = re.findall(r"<text x=\"\d+\" y=\"\d+\">([A-J])</text>", page)
    in_table = re.findall(r"<th scope=row><i>([A-J])</i>", page)
    assert on_map == in_table == ["A", "B"]


def test_numbers_stand_to_the_right_and_every_cell_is_named_on_a_small_screen(page):
    assert "#t0 :nth-child(2):not(.n)" in page
    assert '#t1 td:nth-child(3):before{content:"Could be (number)"}' in page


def test_a_heading_cannot_end_the_stylesheet():
    table = PackTable("x", "X", (Head("Place"), Head('a"}</style><script>\\')), (("Alder", "1"),))
    page = page_of(pack_source(sections=(PackSection("x", "X", tables=(table,)),)))
    assert page.count("</style>") == 1
    assert "<script" not in page
    assert r'content:"a\22 }\3c /style>\3c script>\5c "' in page


def large(areas):
    """Make a pack of so many areas, all in the table."""
    build = hand_build(dict.fromkeys(range(areas), (600, 0, 5, 20, 40)))
    content = pack_content(build)
    heads = (*content.every_area.heads, *(Head(f"More {n}") for n in range(4)))
    rows = tuple((f"Place {n}", "about 20 of 600", "10 to 30", "Depends", *["some words"] * 4) for n in range(areas))
    table = replace(content.every_area, heads=heads, rows=rows)
    sections = tuple(replace(one, tables=(table,)) if one.pictured else one for one in content.sections)
    return pack_source(build=build, every_area=table, sections=sections)


@pytest.mark.parametrize(("areas", "listed"), [(200, True), (2_000, False)])
def test_it_is_light_and_a_table_that_does_not_fit_is_in_a_file_that_is_named(areas, listed):
    page = page_of(large(areas))
    assert len(page.encode()) <= LIMIT.value
    assert (f">Place {areas - 1}<" in page) == listed
    assert ("the file ranking.csv of this pack has them" in page) != listed
    assert '<svg class="map"' in page
    assert ("The table holds the same figures" in page) == listed


def test_where_nothing_fits_the_page_keeps_its_words_and_says_that_there_is_no_map():
    worst = tuple(WorstPlace(f"E{n}", "A" * 300, "1", "2", 1, 2, 3, "", "some", "Unlikely") for n in range(430))
    page = page_of(pack_source(worst=worst))
    assert about_plain_pages.NO_MAP in page
    assert '<svg class="map"' not in page
    assert "About 141 of 3,787" in page


def test_without_places_to_name_there_is_no_empty_table():
    page = page_of(pack_source(worst=(), worst_title="Places nobody sees"))
    assert "Places nobody sees" not in page
