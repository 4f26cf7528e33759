"""Records cannot lose a row, ages are never invented, and every build says what was looked at and what was found."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world_2013, world_today

from connectivity.build import build
from connectivity.quality import lights
from connectivity.quality import lights as quality_findings
from connectivity.quality.notice import PAGE, QUALITY, read_quality
from layers import revisions
from layers.joined import join_layers
from layers.kinds import AGES, KINDS
from layers.ledger import Check, Ledger, Rows, SourceUse, Unused
from layers.revisions import CORRECTIONS, ISSUE_RULE, about_reissue, dates_of, months_since
from layers.study import read_study

counts = st.integers(0, 10_000)
BUILT = dt.date(2026, 11, 22)


def used(kind: str = "census", *, file: str = "a.csv", release: str = "2021", sha256: str = "0" * 64) -> SourceUse:
    return SourceUse(KINDS[kind].title, file, sha256, 3, release, "OGL", "ONS", "Contains", kind)


# --- Records ------------------------------------------------------------------------------------------------------


@given(counts, st.lists(st.tuples(counts, st.booleans()), max_size=4), st.integers(-50, 50))
def test_rows_in_are_rows_used_and_rows_unused_or_there_is_no_record(kept, unused, lost):
    reasons = tuple(Unused(f"reason {i}", count, harmless=harmless) for i, (count, harmless) in enumerate(unused))
    rows_in = kept + sum(count for count, _ in unused)
    if lost:
        with pytest.raises(ValueError, match="rows in are not"):
            Rows("census", "a.csv", rows_in + lost, kept, reasons)
        return
    record = Rows("census", "a.csv", rows_in, kept, reasons)
    assert record.rows_in == record.rows_used + sum(one.count for one in record.unused)
    assert all(one.count for one in record.unused)  # a reason without a row is not worth reading


def test_a_count_below_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 0"):
        Unused("gone", -1)
    with pytest.raises(ValueError, match="rows in are not"):
        Rows("census", "a.csv", 1, -1, (Unused("gone", 2),))


def test_a_check_cannot_fail_where_it_would_have_stopped_the_build():
    assert Check("census", "a.csv", "rule", rows=3, failing=1, then="kept").failing == 1
    with pytest.raises(ValueError, match="stops the build"):
        Check("census", "a.csv", "rule", rows=3, failing=1)
    with pytest.raises(ValueError, match="cannot fail"):
        Check("census", "a.csv", "rule", rows=3, failing=4, then="kept")


def test_the_ledger_knows_a_file_by_its_path_and_keeps_each_record_once(tmp_path):
    ledger = Ledger()
    for folder, kind in (("outlines", "boundaries"), ("wards", "wards")):
        path = tmp_path / folder / "E06000059.geojson"
        path.parent.mkdir()
        path.write_text(folder)
        ledger.check(path, "valid", rows=2)  # before the file is said to be used, as mending is
        ledger.used(path, kind=kind, rows=2)
        ledger.check(path, "valid", rows=2)
        ledger.repair(path, "mended", count=5, examples=[1, 2, 3, 4, "x" * 500])
    checks = [record for record in ledger.records if isinstance(record, Check)]
    assert [(check.kind, check.file) for check in checks] == [
        ("boundaries", "E06000059.geojson"),
        ("wards", "E06000059.geojson"),
    ]
    assert ledger.records[1].examples == ("1", "2", "3")


# --- Ages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("July 2025", "2025-07-01", "2025-07-31"),
        ("January 2026, homes only", "2026-01-01", "2026-01-31"),
        ("June–July 2013", "2013-06-01", "2013-07-31"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("Census 2021", "2021-01-01", "2021-12-31"),
        ("mid-2020", "2020-06-30", "2020-06-30"),
        ("21 March 2021", "2021-03-21", "2021-03-21"),
        ("2025-07", "2025-07-01", "2025-07-31"),
        ("2025-07-15", "2025-07-15", "2025-07-15"),
        ("2024/25", "2024-01-01", "2025-12-31"),
        ("decision of 2020", "2020-01-01", "2020-12-31"),
    ],
)
def test_a_release_in_words_is_a_range_of_days(words, first, last):
    assert tuple(day.isoformat() for day in dates_of(words)) == (first, last)


@pytest.mark.parametrize(
    "words",
    ["not stated", "release not stated", "", "version 5", "202507", "2025-02-31", "2011, published 2014", "2025–2019"],
)
def test_a_date_that_nobody_stated_is_never_made_up(words):
    assert dates_of(words) is None


@given(st.text(max_size=40))
def test_any_words_at_all_are_a_range_or_nothing(words):
    days = dates_of(words)
    assert days is None or days[0] <= days[1]


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 400))
def test_months_never_run_backwards(day, later):
    then = day + dt.timedelta(days=later)
    assert 0 <= months_since(day, today=then) <= months_since(day, today=then + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("kind", "release", "colour"),
    [
        ("ofcom_oa", "July 2025", "green"),
        ("ofcom_oa", "January 2025", "amber"),
        ("ofcom_oa", "July 2021", "red"),
        ("ofcom_oa", "release not stated", "amber"),
        ("ofcom_oa", "the newest", "amber"),
        ("ofcom_oa", "January 2027", "amber"),
        ("census", "2021", "green"),
        ("census", "2011", "amber"),
        ("boundaries", "not stated", "green"),
        ("boundaries", "2011", "green"),
    ],
)
def test_age_sets_the_light_by_what_the_layer_is(kind, release, colour):
    age = quality_findings.age_of([used(kind, release=release)], today=BUILT)
    assert lights.light(age["findings"])["colour"] == colour
    assert (age["months"] is None) == (age["from"] is None)


def test_a_layer_is_as_old_as_its_oldest_file():
    age = quality_findings.age_of(
        [used("ofcom_oa", release="July 2026"), used("ofcom_oa", release="July 2013")], today=BUILT
    )
    assert age["to"] == "2013-07-31"
    assert lights.light(age["findings"])["colour"] == "red"


# --- Lights -------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["green", "amber", "red"]), max_size=6))
def test_a_light_is_the_worst_of_what_was_found(colours):
    light = lights.light([(colour, f"reason {i}") for i, colour in enumerate(colours)])
    order = ["green", "amber", "red"]
    assert light["colour"] == max(colours, key=order.index, default="green")
    assert light["words"] == lights.WORDS[light["colour"]]
    assert len(light["reasons"]) == len(colours)


def test_no_light_says_that_figures_are_right():
    assert "correct" not in " ".join(lights.WORDS.values()).lower()
    assert len(set(lights.SHAPES.values())) == len(lights.SHAPES)


@given(counts, st.integers(1, 10_000))
def test_a_fifth_missing_is_too_much(count, whole):
    found = lights.missing(count, of=whole, words="missing")
    assert [colour for colour, _ in found] == ([] if not count else ["red"] if count / whole >= 0.2 else ["amber"])


def test_every_kind_of_layer_has_a_rule_of_age_or_none_on_purpose():
    assert {name for name, kind in KINDS.items() if kind.age is None} == {"raster"}
    assert {id(kind.age) for kind in KINDS.values() if kind.age} == {id(age) for age in AGES.values()}


# --- Corrections --------------------------------------------------------------------------------------------------


def test_whether_the_corrected_file_was_used_is_told_by_its_bytes_or_called_not_known():
    (known,) = quality_findings.corrections_of([used("underlying_2025", release="2025")], checks=[])["known"]
    assert known["state"] == "not known"
    assert quality_findings.corrections_of([used("deprivation", release="2019")], checks=[])["known"] == []


@pytest.mark.parametrize(("failing", "state"), [(0, "corrected"), (1, "superseded")])
def test_what_a_file_holds_may_tell_the_issue_and_is_called_an_inference(failing, state):
    check = {"rule": "it is the corrected issue of 13 November 2025", "rows": 1, "failing": failing}
    said = quality_findings.corrections_of([used("deprivation", release="not stated")], checks=[check])
    assert said["known"][0]["state"] == state
    assert "our inference" in said["known"][0]["state_words"]
    assert [colour for colour, _ in said["findings"]] == (["amber"] if failing else [])  # no figure was changed


def test_the_check_that_tells_the_issue_is_known_by_how_it_begins(tmp_path):
    path = tmp_path / "File_7.csv"
    path.write_text("a")
    ledger = Ledger()
    ledger.used(path, kind="deprivation", rows=1)
    revisions.tell_issue(
        pd.DataFrame({"district_code": [revisions.FIRST]}, index=[revisions.AREA]),
        path=path,
        geography=revisions.ISSUED_ON,
        ledger=ledger,
    )
    (check,) = ledger.records
    assert check.rule.startswith(ISSUE_RULE)
    assert check.failing == 1


def test_a_layer_that_is_of_one_release_only_needs_no_one_to_state_it(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a")
    ledger = Ledger()
    for kind in ("census", "underlying_2025", "deprivation"):
        ledger.used(path, kind=kind, rows=1)
    assert [source.release for source in ledger.sources] == ["2021", "2025", "not stated"]


def test_every_correction_names_a_source_and_kinds_that_exist():
    assert all(one.source and set(one.kinds) <= set(KINDS) for one in CORRECTIONS)


def test_ofcoms_reissues_are_read_off_the_name():
    assert "first issue" in about_reissue(used("ofcom_oa", file="202507_fixed_oa_coverage_r01.csv"))
    assert "issue 2" in about_reissue(used("mobile", file="202507_mobile_coverage_laua_r02.csv"))
    assert about_reissue(used("census", file="census_r01.csv")) is None


# --- Builds -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=[world_today, world_2013])
def world(request, tmp_path):
    return request.param(tmp_path)


def test_every_layer_of_a_study_says_what_became_of_its_rows(world):
    ledger = join_layers(read_study(world.study())).ledger
    recorded = {record.kind for record in ledger.records if isinstance(record, Rows)}
    assert {source.kind for source in ledger.sources} == recorded
    assert {source.kind for source in ledger.sources} - {
        r.kind for r in ledger.records if isinstance(r, Check)
    } == set()
    assert not ledger._waiting
    held = {(source.kind, source.file): source.rows for source in ledger.sources}
    for record in ledger.records:
        if isinstance(record, Rows) and record.file:
            assert record.rows_in == held[record.kind, record.file]


def test_a_build_writes_its_report_and_names_it_in_the_manifest(world, tmp_path):
    out = tmp_path / "out"
    manifest = build(world.study(), out=out)
    report = read_quality(out)
    assert manifest.quality is not None
    assert manifest.quality.model_dump() == {
        "light": report["light"]["colour"], "words": report["light"]["words"], "file": QUALITY, "page": PAGE,
    }  # fmt: skip
    assert (out / PAGE).stat().st_size < 150_000
    for layer in report["layers"]:
        for rows in layer["rows"]:
            assert rows["in"] == rows["used"] + sum(one["count"] for one in rows["unused"])
    premises = report["premises"]
    assert premises["balances"]
    assert premises["in"] == premises["scored"] + sum(premises["excluded"].values())
    left = [area["code"] for reason in report["areas"]["excluded"] for area in reason["areas"]]
    assert report["areas"]["in"] == report["areas"]["scored"] + len(left)


def test_two_builds_differ_in_their_moment_alone(world, tmp_path):
    reports = []
    for name in ("one", "two"):
        build(world.study(), out=tmp_path / name)
        reports.append(read_quality(tmp_path / name) | {"created": ""})
    assert json.dumps(reports[0]) == json.dumps(reports[1])


def test_modelled_coverage_is_never_green(tmp_path):
    build(world_today(tmp_path).study(), out=tmp_path / "out")
    report = read_quality(tmp_path / "out")
    (broadband,) = (layer for layer in report["layers"] if layer["kind"] == "ofcom_authority")
    assert report["light"]["colour"] != "green"
    assert any("our estimate" in reason["words"] for reason in broadband["light"]["reasons"])


def test_figures_of_2013_are_not_to_be_published_as_todays(tmp_path):
    build(world_2013(tmp_path).study(), out=tmp_path / "out")
    report = read_quality(tmp_path / "out")
    assert report["light"]["colour"] == "red"
    assert report["light"]["reasons"][0]["colour"] == "red"


def test_a_rule_that_is_broken_and_kept_is_counted_with_its_example(tmp_path):
    world = world_today(tmp_path)
    world.set(
        "202507_fixed_laua_coverage_r01.csv", row=0, **{"Number of premises with Gigabit availability": 999_999_999}
    )
    build(world.study(), out=tmp_path / "out")
    (broadband,) = (one for one in read_quality(tmp_path / "out")["layers"] if one["kind"] == "ofcom_authority")
    (check,) = (one for one in broadband["checks"] if one["failing"])
    assert (check["rule"], check["rows"], check["failing"], check["examples"]) == (
        "no more premises with gigabit than with 300 Mbit/s", 2, 1, ["Northshire"],
    )  # fmt: skip


def test_a_shape_that_was_mended_is_counted(tmp_path):
    world = world_today(tmp_path)

    def twist(features):
        ring = features[0]["geometry"]["coordinates"][0]
        west, east = ring[0][0], ring[1][0]
        south, north = ring[0][1], ring[2][1]
        middle = (west + east) / 2
        spike = [[middle, north], [middle, north + (north - south) / 10], [middle, north]]
        features[0]["geometry"]["coordinates"] = [[*ring[:3], *spike, *ring[3:]]]

    world.shapes(twist)
    build(world.study(), out=tmp_path / "out")
    (outlines,) = (one for one in read_quality(tmp_path / "out")["layers"] if one["kind"] == "boundaries")
    assert [(one["count"], one["examples"]) for one in outlines["repaired"]] == [(1, ["Alder, E01900001"])]
    assert outlines["light"]["colour"] == "amber"


def test_areas_without_a_row_are_counted_and_named(tmp_path):
    world = world_2013(tmp_path)
    world.edit("deprivation.csv", lambda table: table.iloc[1:])
    build(world.study(switches={"fwa": False, "missing_areas_allowed": 0.2}), out=tmp_path / "out")
    (need,) = (one for one in read_quality(tmp_path / "out")["layers"] if one["kind"] == "deprivation")
    (check,) = (one for one in need["checks"] if one["failing"])
    assert (check["rows"], check["failing"], check["examples"]) == (6, 1, ["Alder, E01900001"])


def test_a_report_that_cannot_be_read_is_none(tmp_path: Path):
    assert read_quality(tmp_path) is None
    for content in ("{", "[]", '{"schema_version": 99}'):
        (tmp_path / QUALITY).write_text(content)
        assert read_quality(tmp_path) is None


# --- Its document -------------------------------------------------------------------------------------------------


def keys_in(heading):
    text = (Path(__file__).parents[1] / "docs" / "quality.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}


def test_every_key_of_the_report_is_described_and_no_other(tmp_path):
    build(world_today(tmp_path).study(), out=tmp_path / "out")
    report = read_quality(tmp_path / "out")
    assert keys_in("`quality.json`") == set(report)
    assert keys_in("Each layer") == set(report["layers"][0])


def test_the_document_words_the_lights_as_the_report_does():
    text = (Path(__file__).parents[1] / "docs" / "quality.md").read_text(encoding="utf-8")
    assert all(f"| {lights.SHAPES[colour]} {colour} | {words} |" in text for colour, words in lights.WORDS.items())
