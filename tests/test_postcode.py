from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import bduk
from worlds import run_command, world_2013, world_today

from connectivity.build import build
from connectivity.claims.about_postcodes import KINDS, answer_parts, answer_record, said_instead
from connectivity.outputs import OutputError
from connectivity.postcode.answer import PostcodeAnswer, held_by, look_up
from connectivity.postcode.postcode_tables import open_files
from connectivity.postcode.typed import PATTERNS, read_form, spaced

OTHERS = [
    {"pcds": "ZZ1 9ZZ", "lsoa11cd": "E01999999", "easting": "403000", "northing": "100000", "doterm": ""},
    {"pcds": "DT2 7AB", "lsoa11cd": "E01900001", "easting": "400010", "northing": "100010", "doterm": ""},
    {"pcds": "DT2 7AD", "lsoa11cd": "E01900001", "easting": "", "northing": "", "doterm": "200403"},
]


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    folder = tmp_path_factory.mktemp("today")
    world = world_today(folder / "world")
    world.edit("postcodes.csv", lambda table: pd.concat([table.assign(doterm=""), pd.DataFrame(OTHERS)]))
    build(world.study(switches={"fwa": True}), out=folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    world = world_2013(folder / "world")
    world.set("lines_2013.csv", row=0, **{"Number.of.Connections": 4})
    build(world.study(), out=folder / "out")
    return folder / "out"


def words_of(answer: PostcodeAnswer) -> str:
    return " ".join(line for part in answer_parts(answer) for line in (part.title, *part.lines))


@pytest.mark.parametrize(
    ("typed", "kind", "postcode"),
    [
        ("dt27ab", "found", "DT2 7AB"),
        ("DT2-7AB.", "found", "DT2 7AB"),
        (" zz1  1aa ", "found", "ZZ1 1AA"),
        ("DT2 7AD", "ended", "DT2 7AD"),
        ("ZZ1 9ZZ", "outside", "ZZ1 9ZZ"),
        ("BH1 1AA", "outside", "BH1 1AA"),
        ("CF10 1AA", "outside", "CF10 1AA"),
        ("DT2 7ZZ", "unknown", "DT2 7ZZ"),
        ("QQ1 1AA", "unknown", "QQ1 1AA"),
        ("EH1 1AA", "nation", "EH1 1AA"),
        ("BT1 1AA", "nation", "BT1 1AA"),
        ("JE2 3AA", "island", "JE2 3AA"),
        ("im1 1aa", "island", "IM1 1AA"),
        ("BF1 1AA", "forces", "BF1 1AA"),
        ("BFPO 57", "forces", "BFPO 57"),
        ("BX1 1LT", "no place", "BX1 1LT"),
        ("GIR 0AA", "no place", "GIR 0AA"),
        ("XX1 1AA", "no place", "XX1 1AA"),
        ("BS98 1TL", "no place", "BS98 1TL"),
        ("GX11 1AA", "overseas", "GX11 1AA"),
        ("FIQQ 1ZZ", "overseas", "FIQQ 1ZZ"),
        ("NPT 1AA", "old", "NPT 1AA"),
        ("DT2", "half", "DT2"),
        ("DT2 7", "half", "DT2"),
        ("D T 2", "half", "DT2"),
        ("W1A", "half", "W1A"),
        ("12345", "none", ""),
        ("", "none", ""),
        ("DT2 7AB DT2 7AD", "none", ""),
        ("'; DROP TABLE postcodes; --", "none", ""),
        ("<script>alert(1)</script>", "none", ""),
    ],
)
def test_each_kind_of_postcode_has_its_own_answer(typed, kind, postcode, today):
    found = look_up(typed, files=open_files(today))
    assert (found.kind, found.postcode) == (kind, postcode)


@given(st.one_of(st.text(max_size=60), st.from_regex(r"[A-Za-z0-9 ]{1,9}", fullmatch=True)))
@settings(max_examples=150, deadline=None)
def test_any_text_has_exactly_one_answer_and_never_raises(today, text):
    answer = look_up(text, files=open_files(today))
    assert (answer.kind == "found") != (answer.kind in KINDS)
    said = [] if answer.kind == "found" else list(said_instead(answer).lines)
    assert said or answer_parts(answer)
    json.dumps(answer_record(answer, said=said), allow_nan=False)


@given(st.sampled_from(PATTERNS), st.data())
def test_a_postcode_is_read_however_it_is_spaced_and_cased(pattern, data):
    made = "".join(data.draw(st.sampled_from("ABDEFGHJ" if kind == "L" else "0123456789")) for kind in f"{pattern}9LL")
    typed = f"  {made[:-3].lower()} {made[-3:]}\t"
    assert read_form(typed).code == made
    assert read_form(spaced(made)).code == made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("DT2 7A8", ()), ("DTZ 7AB", ()), ("DT2 TAB", ()), ("ZZI IAA", ("ZZ1 1AA",)), ("ZZl 1AA", ("ZZ1 1AA",))],
)
def test_letters_and_digits_that_look_alike_are_offered_only_where_the_postcode_is_real(typed, meant, today):
    answer = look_up(typed, files=open_files(today))
    assert answer.meant == meant
    if meant:
        assert said_instead(answer).lines[-1] == f"Did you mean {meant[0]}?"


def test_a_nought_for_a_letter_o_is_seen():
    assert read_form("S01 1AA").meant[0] == "SO11AA"
    assert "SO141AA" in read_form("S014 IAA").meant


def test_an_ended_postcode_says_when_and_where_it_was(today):
    answer = look_up("DT2 7AD", files=open_files(today))
    said = said_instead(answer)
    assert said.title == "DT2 7AD is no longer in use"
    assert "in March 2004" in said.lines[0]
    assert "Alder, Northshire" in said.lines[0]
    assert answer_parts(answer) == []


def test_half_a_postcode_says_how_many_begin_so_and_where(today):
    said = said_instead(look_up("ZZ1", files=open_files(today)))
    assert said.lines == (
        "8 postcodes of this study begin so, in Northshire. They are too different for one answer.",
        "Type the whole postcode, such as ZZ1 1AA.",
    )


def test_figures_of_the_small_area_are_said_to_be_so(today):
    answer = look_up("ZZ4 1AA", files=open_files(today))
    area = pd.read_parquet(today / "areas.parquet").set_index("area_code").loc["E01900004"]
    rating = answer.here.ratings["remote"]
    assert rating.level == "area"
    assert (rating.claim.low, rating.claim.best, rating.claim.high) == (
        area["remote_infeasible_low"],
        area["remote_infeasible"],
        area["remote_infeasible_high"],
    )
    words = words_of(answer)
    assert "This figure is for the small area around it (Dale;" in words
    assert "not for ZZ4 1AA alone" in words
    assert "These figures are modelled" in words
    assert "not known in this study. It has no BDUK file." in words
    assert "We use it in place of a counter" in words


def test_fixed_wireless_is_shown_both_ways_where_the_release_allows(today, lines):
    answer = look_up("ZZ4 1AA", files=open_files(today))
    here = answer.here
    assert here.other_route["digital"][1] > here.ratings["digital"].claim.best
    assert "Without it, the small area’s homes and businesses that fall short would be about" in words_of(answer)
    assert look_up("ZZ4 1AA", files=open_files(lines)).here.other_route is None


def test_a_postcode_with_figures_of_its_own_is_rated_by_them(lines):
    """Ten lines of Fen, half of them from 0 to 1.5 Mbit/s and half from 1.5 to 1.8: none reaches 10."""
    rating = look_up("ZZ6 1AA", files=open_files(lines)).here.ratings["remote"]
    assert rating.level == "postcode"
    assert rating.claim.best == pytest.approx(10)
    assert rating.claim.premises == pytest.approx(10)
    assert (rating.grade.best, rating.grade.low, rating.grade.high) == ("G", "G", "G")


def test_lines_of_2013_are_never_called_premises_and_never_said_to_be_of_today(lines):
    words = words_of(look_up("ZZ6 1AA", files=open_files(lines)))
    assert "did not achieve" in words
    assert "broadband lines" in words
    assert "cannot support" not in words
    assert "homes and businesses" not in words
    assert "They say nothing about today" in words


def test_a_postcode_with_too_few_lines_takes_its_areas_letter_and_says_its_own_count(lines):
    answer = look_up("ZZ1 1AA", files=open_files(lines))
    rating = answer.here.ratings["remote"]
    assert rating.level == "area"
    assert rating.own.premises == pytest.approx(4)
    assert "At ZZ1 1AA itself:" in words_of(answer)


def test_an_area_without_a_figure_gets_no_letter_and_is_not_called_fine(tmp_path):
    world = world_today(tmp_path / "world")
    world.edit("output_areas.csv", lambda table: table[table["lsoa11cd"] != "E01900006"])
    build(world.study(switches={"fwa": True, "missing_areas_allowed": 0.2}), out=tmp_path / "out")
    answer = look_up("ZZ6 1AA", files=open_files(tmp_path / "out"))
    rating = answer.here.ratings["remote"]
    assert rating.grade is None
    assert rating.claim is None
    words = words_of(answer)
    assert "No letter: " in words
    assert "We do not say it is fine: we do not know." in words


def test_the_command_answers_in_one_word_or_two(today, tmp_path, monkeypatch, capsys):
    shared = {"out": today, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    one = run_command("postcode", "zz41aa", "--build", today, **shared)
    two = run_command("postcode", "ZZ4", "1AA", "--build", today, **shared)
    assert one.code == two.code == 0
    assert one.out == two.out
    assert one.out.startswith("ZZ4 1AA: Dale, Southshire\n")
    assert not one.err


@pytest.mark.parametrize(
    ("typed", "code"), [("ZZ4", 2), ("nonsense", 2), ("ZZ1 1ZZ", 2), ("EH1 1AA", 0), ("DT2 7AD", 0)]
)
def test_the_exit_code_says_whether_the_reader_can_mend_it(typed, code, today, tmp_path, monkeypatch, capsys):
    run = run_command(
        "postcode",
        typed,
        out=today,
        log=tmp_path / "log",
        monkeypatch=monkeypatch,
        capsys=capsys,
        environment={"NOTSPOT_BUILD": str(today)},
    )
    assert run.code == code
    assert run.out.strip()


def test_json_holds_the_same_figures_and_words(today, lines, tmp_path, monkeypatch, capsys):
    shared = {"out": today, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    said = json.loads(run_command("postcode", "ZZ4 1AA", "--json", "--build", today, **shared).out)
    for key, rating in look_up("ZZ4 1AA", files=open_files(today)).here.ratings.items():
        one = said["letters"][key]
        assert one["letter"] == (rating.grade.best if rating.grade else None)
        assert (one["letter"] is None) == bool(one["why_no_letter"])
        assert one["low"] < one["best"] < one["high"]
        assert one["figure_of"] == "area"
    measured = json.loads(run_command("postcode", "ZZ1 1AA", "--json", "--build", lines, **shared).out)
    assert measured["letters"]["remote"]["letter"] in "ABCDEFG"
    assert said["place"]["district_name"] == "Southshire"
    assert [part["title"] for part in said["parts"]][:2] == ["Home working", "Online services"]
    other = json.loads(run_command("postcode", "ZZ4", "--json", "--build", today, **shared).out)
    assert other["kind"] == "half"
    assert other["letters"] == {}


def test_what_is_typed_is_never_logged(today, tmp_path, monkeypatch, capsys):
    log = tmp_path / "log"
    for typed in ("ZZ4 1AA", "secret words"):
        run_command("postcode", typed, "--build", today, out=today, log=log, monkeypatch=monkeypatch, capsys=capsys)
    run_command("postcode", "ZZ4 1AA", "--build", tmp_path, out=today, log=log, monkeypatch=monkeypatch, capsys=capsys)
    logged = "".join(path.read_text(encoding="utf-8") for path in log.iterdir())
    assert "1AA" not in logged
    assert "secret" not in logged


def test_a_build_without_postcodes_says_what_to_do(today, tmp_path):
    with pytest.raises(OutputError, match="cannot be read"):
        open_files(tmp_path)
    (tmp_path / "manifest.json").write_bytes((today / "manifest.json").read_bytes())
    with pytest.raises(OutputError, match="holds no postcodes"):
        open_files(tmp_path)


def test_a_hostile_name_in_a_build_cannot_dress_up_the_terminal(today, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "build"
    folder.mkdir()
    for path in today.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    areas = pd.read_parquet(folder / "areas.parquet").drop(columns="geometry")
    areas["area_name"] = "\x1b[31mDale\u202e"
    areas.to_parquet(folder / "areas.parquet")
    shared = {"out": today, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    said = run_command("postcode", "ZZ4 1AA", "--build", folder, **shared).out
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "Dale" in said


def test_every_kind_of_answer_is_described():
    text = (Path(__file__).resolve().parents[1] / "docs" / "postcode.md").read_text(encoding="utf-8")
    for kind in (*KINDS, "found"):
        assert f"| `{kind}` |" in text


def test_the_plan_for_a_postcode_names_who_builds_and_until_when(tmp_path):
    """Three addresses: one has gigabit broadband, one is planned under a contract, one is white without a plan."""
    world = world_today(tmp_path / "world")
    name = "202605_BDUK_uprn_release_two_shires.csv"
    rows = [
        bduk.premises(1, "ZZ4 1AA", bduk.GREY),
        bduk.premises(2, "ZZ4 1AA", bduk.WHITE, **bduk.in_contract("2032-03-31")),
        bduk.premises(3, "ZZ4 1AA", bduk.WHITE, current_gigabit="false"),
    ]
    world.write_bytes(name, bduk.csv_bytes(rows))
    build(world.study(layers={"subsidy": name}, switches={"fwa": True}), out=tmp_path / "out")
    files = open_files(tmp_path / "out")
    words = words_of(look_up("ZZ4 1AA", files=files))
    assert (
        "Government plan (BDUK, May 2026): of 3 addresses at ZZ4 1AA, 1 has gigabit broadband now, "
        "1 has a plan or contract for it, 1 has neither." in words
    )
    assert "Public money may be spent on 2 of them (“white”); 1 has or will soon have" in words
    assert "Company that builds: " in words
    assert "Last day the contract gives: 31 March 2032." in words
    assert "it lists no premises at ZZ4 1AB, so it is not known." in words_of(look_up("ZZ4 1AB", files=files))
    assert answer_record(look_up("ZZ4 1AA", files=files), said=[])["plan"]["white"] == 2


def test_a_study_named_on_the_command_line_wins_over_the_environment(today, tmp_path, monkeypatch, capsys):
    study = world_today(tmp_path / "world").study(name="Another study", switches={"fwa": True})
    monkeypatch.setattr("connectivity.fingerprints.REPOSITORY", tmp_path)
    (tmp_path / "data").mkdir()
    run = run_command(
        *("postcode", "ZZ4 1AA", "--study", study, "--quiet"),
        out=today,
        log=tmp_path / "log",
        monkeypatch=monkeypatch,
        capsys=capsys,
        environment={"NOTSPOT_BUILD": str(today)},
    )
    assert run.code == 0
    assert "Another study. Ofcom, July 2025." in run.out
    assert len(list((tmp_path / "data" / "processed").iterdir())) == 1


def test_the_embedded_example_is_named_in_the_first_line_and_a_build_of_ones_own_is_not(
    today, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("connectivity.fingerprints.default_output", lambda *_, **__: today)
    for name in ("NOTSPOT_BUILD", "NOTSPOT_STUDY"):
        monkeypatch.delenv(name, raising=False)
    shared = {"out": today, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    for typed in ("ZZ4 1AA", "ZZ4"):
        example = " ".join(run_command("postcode", typed, **shared).out.split())
        mine = run_command("postcode", typed, "--build", today, **shared).out
        assert example.startswith("From the embedded example, not from a study of yours: add --build FOLDER. ZZ4")
        assert mine.startswith("ZZ4")
    assert json.loads(run_command("postcode", "ZZ4 1AA", "--json", **shared).out)["embedded_example"] is True
    own = run_command("postcode", "ZZ4 1AA", "--json", "--build", today, **shared).out
    assert json.loads(own)["embedded_example"] is False


def test_a_build_and_a_study_at_once_are_refused(today, tmp_path, monkeypatch, capsys):
    shared = {"out": today, "log": tmp_path / "log", "monkeypatch": monkeypatch, "capsys": capsys}
    run = run_command("postcode", "ZZ4 1AA", "--build", today, "--study", tmp_path / "missing.toml", **shared)
    assert run.code == 2
    assert run.said("next") == "leave one of the two out"


def test_other_builds_that_hold_a_postcode_are_named_and_damaged_ones_passed_over(today, lines, tmp_path):
    (tmp_path / "postcodes.parquet").write_bytes(b"not a table")
    others = {"today": today, "nothing": tmp_path / "nothing", "damaged": tmp_path}
    missing = look_up("DT2 7AB", files=open_files(lines))
    assert missing.kind == "outside"
    assert held_by(missing, others=others) == ["today"]
    assert held_by(look_up("ZZ4 1AA", files=open_files(lines)), others=others) == []


def test_a_damaged_table_is_told_in_words(today, tmp_path):
    for path in today.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "postcodes.parquet").write_bytes(b"not a table")
    with pytest.raises(OutputError, match="cannot be read"):
        look_up("ZZ4 1AA", files=open_files(tmp_path))
