"""The words of a pack: whole for every kind of place and reader, each figure a claim, and page one short enough."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from hand_builds import hand_build

from connectivity.claims.about_packs import Reader
from connectivity.claims.linter import UnsafeClaimError, lint
from connectivity.evidence.compose import pack_content
from connectivity.evidence.findings import Findings
from connectivity.evidence.pack_content import PackContent, PackPlace, PackSubject, PersonsPart
from connectivity.evidence.pack_places import pack_subject, read_build_for_pack
from connectivity.evidence.spoken import Spoken
from connectivity.outputs import Build
from layers.errors import OutputError

SECTIONS = ["found", "shows", "map", "ladder", "people", "hidden", "services", "areas", "answers", "method"]
NOBODY = PersonsPart()
DORSET, GOSPORT = "E06000059", "E07000088"
LONGEST = 35
"""Words of a sentence that is to be quoted, at most."""


@pytest.fixture(scope="module")
def build(demo_build) -> Build:
    return read_build_for_pack(demo_build)


@pytest.fixture(scope="module")
def words(build, demo_build):
    """Give a function that composes the words of a pack of the demo, or of a changed one."""

    kept: dict[object, PackContent] = {}

    def composed(*typed: str, reader: Reader = "board", person=NOBODY, of: Build = build) -> PackContent:
        key = (id(of), typed, reader, person)
        if key not in kept or of is not build:
            subject = pack_subject(typed, build=of, folder=demo_build)
            kept[key] = pack_content(of, folder=demo_build, subject=subject, reader=reader, person=person)
        return kept[key]

    return composed


def changed(build: Build, **keys) -> Build:
    return replace(build, manifest=build.manifest.model_copy(update=keys))


def with_tiers(build: Build, **counts: int) -> Build:
    """Give areas of Dorset tiers, the first by code so many of each; all others are few or none."""
    areas = build.areas.copy()
    codes = iter(areas.index[areas["district_code"].eq(DORSET)])
    areas.loc[areas["district_code"].eq(DORSET), "tier"] = "feasible"
    for tier, count in counts.items():
        areas.loc[[next(codes) for _ in range(count)], "tier"] = tier
    return replace(build, areas=areas)


def all_words(content: PackContent) -> list[str]:
    """Give every word of a pack, a paragraph or a cell each."""
    said = [content.title, str(content.headline), *content.beneath, *content.asks, *content.sure, *content.not_shown]
    said += [content.worst_title, content.worst_note, content.map_title, content.map_said, content.map_key]
    said += [*content.press, *content.checks, content.revisions, content.next_update, content.stamp, *content.tags]
    said += [answer for pair in content.answers for answer in pair]
    for section in content.sections:
        said += [section.title, *section.paragraphs, *section.points]
    for table in [content.every_area, *(table for section in content.sections for table in section.tables)]:
        said += [
            table.caption,
            table.note,
            *(head.words for head in table.heads),
            *(c for row in table.rows for c in row),
        ]
    return said


@pytest.mark.parametrize("typed", ["Dorset", "Gosport", "study", "DT6 3", "E01020398", "E01020398,E01020399"])
def test_every_kind_of_place_has_all_sections_in_order_and_whole_tables(words, typed):
    content = words(typed)
    assert [section.key for section in content.sections] == SECTIONS
    assert [section.key for section in content.sections if section.pictured] == ["map"]
    assert len(content.answers) == len(content.asks) == 3
    assert len(content.worst) <= 8
    for table in (content.every_area, *(table for section in content.sections for table in section.tables)):
        assert {len(row) for row in table.rows} == {len(table.heads)}, table.key
        assert all(cell for row in table.rows for cell in row[:1]), table.key
    assert all(said.strip() == said and "  " not in said and "[]" not in said for said in all_words(content))
    assert re.search(r"\d", content.map_said)


@pytest.mark.parametrize("reader", get_args(Reader))
def test_page_one_is_short_for_every_reader(words, reader):
    content = words("Dorset", reader=reader)
    assert len(str(content.headline).split()) <= 20
    quoted = [str(content.headline), *content.beneath, *content.asks, *content.sure, *content.not_shown]
    quoted += [answer for _, answer in content.answers] + [*content.press]
    for said in quoted:
        for sentence in re.split(r"(?<=[.?!]) (?=[A-Z])", said):
            assert len(sentence.split()) <= LONGEST, sentence
    assert content.reader == reader
    assert sum(len(said) for said in quoted) < 3_200  # characters; the page has room for about 3,400 of them


def test_readers_are_asked_for_different_things(words):
    said = {reader: words("Dorset", reader=reader).asks for reader in get_args(Reader)}
    assert len(set(said.values())) == 4
    assert said["press"][0].startswith(
        "Print the figure with its whole, its range and its date: about 5,400 of 197,100"
    )
    assert any("legal right" in one and "fixed wireless" in one for one in said["minister"])


def test_the_same_is_said_twice_and_every_claim_passes_the_linter(words, build):
    content, again = words("Dorset"), words("Dorset", of=replace(build))
    assert (all_words(content), content.worst) == (all_words(again), again.worst)
    assert {name: repr(claim) for name, claim in content.claims.items()} == {
        name: repr(claim) for name, claim in again.claims.items()
    }
    assert list(content.claims) == sorted(content.claims)
    for claim in content.claims.values():
        lint(claim)
        assert claim.basis.packed
    assert content.claims["headline"].say("headline").startswith(str(content.headline))


def test_a_councils_range_is_that_of_the_sum_in_the_draws_and_not_the_sum_of_ends(words, build):
    claim = words("Dorset").claims["headline"]
    rows = build.areas[build.areas["district_code"].eq(DORSET)]
    low, high = build.drawn.range_of(pd.Series(1.0, index=rows.index), profile="remote")
    assert (claim.low, claim.high) == pytest.approx((low, high))
    assert claim.high < rows["remote_infeasible_high"].sum() / 2
    jointly = words("Dorset", "Isle of Wight").claims["headline"]
    both = build.areas[build.areas["district_code"].isin([DORSET, "E06000046"])]
    low, high = build.drawn.range_of(pd.Series(1.0, index=both.index), profile="remote")
    assert (jointly.low, jointly.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("tiers", "ask", "title", "rows", "ranked"),
    [
        ({}, "Put no place first", "No place stands out", 0, False),
        ({"depends": 3}, "Have lines checked in the 3 places that may be", "Places to check first, by name", 3, False),
        ({"depends": 40}, "Have lines checked in the 40 places", "Places to check first, by name", 8, False),
        ({"likely": 2, "depends": 9}, "Check first the 2 places that are likely", "Places that are surest", 8, True),
        ({"robust": 1, "depends": 2}, "Put first the one place that is almost", "Places that are surest", 3, True),
        ({"robust": 3}, "Put first the 3 places that are almost certain", "Places that are almost certain", 3, True),
        ({"robust": 30}, "named in the report", "Places that are almost certain", 8, True),
    ],
)
def test_asks_and_rows_follow_how_many_places_are_sure(words, build, tiers, ask, title, rows, ranked):
    content = words("Dorset", of=with_tiers(build, **tiers))
    assert ask in content.asks[0]
    assert "the 0 places" not in " ".join(all_words(content))
    assert content.worst_title.startswith(title)
    assert len(content.worst) == rows
    assert all(bool(one.ranks) == ranked for one in content.worst)
    if not ranked:
        assert [one.name for one in content.worst] == sorted(one.name for one in content.worst)
    if len(content.worst) > 1 and not ranked:
        assert "no order is settled" in content.worst_note
    assert (f"{tiers.get('robust', 0) or 'None'} of 219 places in Dorset" in content.sure[0]) is True


def test_a_council_that_cannot_be_told_apart_has_its_figure_and_no_sentence_of_an_area(words):
    content = words("Gosport")
    assert content.worst == ()
    assert content.worst_title == "Only the council’s figure is known"
    assert "Decide for the whole of Gosport" in content.asks[0]
    assert {row[-1] for row in content.every_area.rows} == {"Council figure only"}
    assert {cell for row in content.every_area.rows for cell in row[2:-1]} == {"[x]"}
    assert not any(name.startswith(("area.", "ranks.")) for name in content.claims)


def test_a_ward_in_such_a_council_carries_the_councils_figure_and_says_so(words):
    content = words("Swaythling")
    assert "homes and businesses in Southampton cannot" in str(content.headline)
    assert content.beneath[0].startswith("For Southampton we know only the council’s figure")
    assert content.claims["headline"] == words("Southampton").claims["headline"]


def test_a_place_over_many_such_councils_has_the_figure_of_them_all_and_a_short_headline(words):
    content = words("coast")
    assert "in 11 councils of Dorset, Hampshire and the Isle of Wight cannot" in str(content.headline)
    assert content.beneath[0].startswith("Of most premises of the coastal areas we know only their council’s own")
    named = " ".join(content.beneath)
    assert "Dorset we know only" not in named  # its small areas can be told apart


def test_whether_fixed_wireless_counts_is_the_manifests(words, build):
    assert "Fixed wireless is counted; mobile is not." in words("Dorset").beneath[-1]
    without = words("Dorset", of=replace(changed(build, counts_fwa=False), routes=None))
    assert "Fixed wireless and mobile are not counted." in without.beneath[-1]
    assert without.press[1].endswith("fixed wireless not counted, mobile not counted.")


def test_the_light_of_the_data_is_stamped_or_stops_the_pack(words, build):
    assert words("Dorset").stamp == "The data are marked amber: usable, read the notes."
    green = build.manifest.quality.model_copy(update={"light": "green"})
    assert words("Dorset", of=changed(build, quality=green)).stamp == ""
    assert words("Dorset", of=changed(build, quality=None)).stamp == "How good the data are was not checked."
    with pytest.raises(OutputError, match="marked red"):
        words("Dorset", of=changed(build, do_not_publish="Its data are marked red."))


def test_nothing_of_a_red_build_could_be_said_if_the_door_were_open(build, demo_build):
    red = changed(build, do_not_publish="Its data are marked red.")
    basis = replace(words_basis(build), notice=red.manifest.do_not_publish)
    found = Findings(red, demo_build, pack_subject(["Dorset"], build=red, folder=demo_build), basis)
    with pytest.raises(UnsafeClaimError, match="red light"):
        Spoken().say("headline", found.gap(found.told))


def words_basis(build: Build):
    from connectivity.claims.claim import Basis

    return replace(Basis.of(build.manifest), packed=True)


def test_two_claims_cannot_have_one_name(words):
    spoken, content = Spoken(), words("Dorset")
    spoken.say("headline", content.claims["headline"])
    spoken.say("headline", content.claims["headline"])
    with pytest.raises(ValueError, match="two claims"):
        spoken.say("headline", content.claims["headline.digital"])


def test_several_councils_share_an_ask_and_have_a_figure_and_a_table_each(words):
    content = words("Dorset", "Gosport", "Winchester")
    tables = {table.key: table for section in content.sections for table in section.tables}
    assert [tables[f"areas_{at}"].caption.split(" of ")[-1].split(",")[0] for at in (1, 2, 3)] == [
        "Dorset",
        "Gosport",
        "Winchester",
    ]
    compared = [row[0] for row in tables["compared"].rows]
    assert compared[:4] == ["Dorset, Gosport and Winchester", "Dorset", "Gosport", "Winchester"]
    assert len(content.every_area.rows) == 219 + 53 + 70
    assert any("For Gosport we know only" in one for one in content.sure)
    assert [head.words for head in content.every_area.heads][2] == "Council"


def test_a_council_is_held_against_those_it_touches_and_the_study(words):
    tables = {table.key: table for section in words("Dorset").sections for table in section.tables}
    assert [row[0] for row in tables["compared"].rows] == [
        "Dorset",
        "Bournemouth, Christchurch and Poole (next to it)",
        "New Forest (next to it)",
        "Dorset, Hampshire and the Isle of Wight",
    ]


def test_a_part_is_held_against_the_areas_round_it_and_its_council_and_says_how_it_was_cut(words):
    content = words("DT6 3")
    tables = {table.key: table for section in content.sections for table in section.tables}
    assert [row[0] for row in tables["compared"].rows] == [
        "DT6 3 postcodes",
        "Small areas next to DT6 3 postcodes",
        "Dorset, the council",
        "Dorset, Hampshire and the Isle of Wight",
    ]
    assert any("its border cuts" in said for said in content.sections[0].paragraphs)
    assert "for Dorset, as published" in content.sections[SECTIONS.index("ladder")].paragraphs[0]


def test_the_ladder_adds_up_to_all_premises(words):
    rows = words("Dorset").sections[SECTIONS.index("ladder")].tables[0].rows
    counts = [int(row[1].replace(",", "")) for row in rows]
    assert sum(counts[:-1]) == counts[-1] == 197_117
    assert rows[-2][0] == "Not known"


def test_what_a_person_supplies_is_asked_first_and_what_they_leave_out_stays_visible(words):
    person = PersonsPart(organisation="Ash Council", recommendation="That upload be counted.", contact="a@b.example")
    assert words("Dorset", person=person).asks[0] == "Ash Council asks: That upload be counted."
    assert len(words("Dorset", person=person).asks) == 3
    assert words("Dorset", reader="press").asks[2].endswith("Questions go to: [to be filled in].")
    assert words("Dorset", reader="press", person=replace(person, recommendation="")).asks[2].endswith("a@b.example.")


def test_a_build_without_draws_puts_no_place_first_and_shows_no_ranks(words, build):
    bare = [name for name in build.areas if name.startswith(("rank_", "p_worst", "tier"))]
    content = words("Dorset", of=replace(changed(build, draws=0), areas=build.areas.drop(columns=bare)))
    assert content.asks[0].startswith("Put no place first on these figures alone")
    assert content.worst_title == "Places with the most that fall short, by name"
    assert all(one.ranks == one.tier == one.said == "" for one in content.worst)
    assert "Ranks between" not in [head.words for head in content.every_area.heads]
    assert any("was not computed" in one for one in content.sure)


def by_hand(counts, tmp_path: Path, **changes) -> PackContent:
    build = hand_build(counts, **changes)
    shares = pd.Series(1.0, index=build.areas.index.rename("area_code"))
    subject = PackSubject("Two shires", (PackPlace("study", "Two shires", "whole study", shares),))
    return pack_content(build, folder=tmp_path, subject=subject, reader="board", person=NOBODY)


def test_lines_of_2013_are_never_premises_nor_on_sale_nor_people(tmp_path):
    counts = {1: (600, 5, 200, 300, 400), 2: (640, 300), 3: (700, 0, 60, 75, 90), 4: (580, 2, 3, 9, 15)}
    measured = {"unit": "lines", "basis": "measured sync speeds", "counts_fwa": False, "release": "June 2013"}
    content = by_hand(counts, tmp_path, **measured)
    said = " ".join(all_words(content)).casefold()
    assert "did not achieve" in str(content.headline)
    for word in ("premises", "homes and businesses", "available", "cannot support", "could not get"):
        assert word not in said.replace("people who could", ""), word
    assert content.asks[0].startswith("Put no place first on these figures: they are of past lines")
    assert "say nothing about today" in content.beneath[-1]
    assert [section.key for section in content.sections] == SECTIONS


def test_no_percentage_is_taken_of_under_ten_and_what_is_not_known_is_never_fine(tmp_path):
    counts = {1: (600, 5, 10, 20, 30), 2: (9, 0, 1, 2, 3), 3: (640, 300), 4: (700, 0, 60, 75, 90)}
    content = by_hand(counts, tmp_path)
    rows = {row[0]: row for row in content.every_area.rows}
    at = next(at for at, head in enumerate(content.every_area.heads) if head.words.startswith("Share"))
    assert rows["Place 2"][at] == ""
    assert rows["Place 1"][at] == "3.3%"
    assert "Not enough data" in rows["Place 3"]
    assert rows["Place 3"][at] == "[x]"
    assert "the 3 places of Two shires that we could score" in str(content.headline)
    assert "not enough data in 1" in content.map_said


def test_a_place_of_which_nothing_is_known_says_so_and_asks_for_data(tmp_path):
    content = by_hand({1: (600, 400), 2: (640, 300)}, tmp_path)
    assert "We do not have enough data about Two shires" in str(content.headline)
    assert content.worst == ()
    assert "headline" not in content.claims


def test_names_are_data_and_come_through_as_they_are(build, demo_build):
    hostile = '=HYPERLINK("x") #panic() {{7*7}} <b>'
    areas = build.areas.copy()
    code = areas.index[areas["district_code"].eq(DORSET)][0]
    areas.loc[code, "area_name"] = hostile
    other = replace(build, areas=areas)
    subject = pack_subject([DORSET], build=other, folder=demo_build)
    content = pack_content(other, folder=demo_build, subject=subject, reader="board", person=NOBODY)
    assert hostile in [row[0] for row in content.every_area.rows]


def test_a_single_small_area_has_its_own_ranks_and_no_count_of_places(words):
    content = words("E01020398")
    assert content.sure[0].startswith("In 9 of 10 tries of what we had to assume it ranks between")
    assert content.asks[0].startswith("Check lines in Stour & Allen Vale, near Ferndown before it is put first")
    assert "tiers" not in content.claims


@pytest.mark.real
def test_the_study_of_2025_holds_a_council_against_its_rural_urban_classes_and_says_who_is_in_need(real_build):
    folder = real_build("2025-modelled")
    build = read_build_for_pack(folder)
    subject = pack_subject(["Dorset"], build=build, folder=folder)
    content = pack_content(build, folder=folder, subject=subject, reader="minister", person=NOBODY)
    tables = {table.key: table for section in content.sections for table in section.tables}
    here = [row for row in tables["classes"].rows if row[0].endswith(", here")]
    assert len(here) == 6
    of = sum(int(row[3].replace(",", "")) for row in here)
    assert of == pytest.approx(197_117, rel=0.002)
    disability = next(row for row in tables["characteristics"].rows if row[0] == "Disability")
    assert disability[2] == "Homes of disabled people (Census 2021)"
    assert re.fullmatch(r"0 to [\d,]+", disability[1])
    assert "Homes on a low income (Indices of Deprivation 2025)" in [row[2] for row in tables["characteristics"].rows]
    assert "people are on a low income" in " ".join(content.sections[SECTIONS.index("hidden")].paragraphs)


@pytest.mark.real
def test_the_lines_of_2013_are_marked_red_and_no_pack_is_made_of_them(real_build):
    with pytest.raises(OutputError, match="13 years old"):
        read_build_for_pack(real_build("2013-lines"))
