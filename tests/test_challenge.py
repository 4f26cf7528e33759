"""A challenge is checked row by row by the rules of those who decide it, and nothing of a person leaves."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from connectivity.cli import app
from connectivity.evidence import challenge as kit
from connectivity.evidence.challenge import FORM, REASONS, empty_form, read_challenge, suppressed, write_challenge
from layers.errors import LayerError, OutputError

TODAY = dt.date(2026, 11, 30)
PERSONAL = ("Jo Bloggs", "jo@example.org", "1 High Street", "100012345678", "DT2 7AB")


def answer(**changes: str) -> dict[str, str]:
    """Make a row without a fault: a line that is slower than is said."""
    row = dict.fromkeys(FORM, "")
    row |= {
        "method": "consumers",
        "method_explanation": "Asked at three parish meetings in October 2026.",
        "provider": "Acme Fibre",
        "UPRN": "100012345678",
        "strUPRN": "STR100012345678",
        "address": "1 High Street, Bere Regis",
        "postcode": "DT2 7AB",
        "address_base_epoch": "121",
        "reason": "slow",
        "evidence": "tests",
        "connection": "wired",
        "name": "Jo Bloggs",
        "email": "jo@example.org",
        "consent": "yes",
    }
    for number, day in enumerate(("2026-10-01", "2026-10-02", "2026-10-03"), start=1):
        row |= {f"test_{number}_date": day, f"test_{number}_download": str(4 * number), f"test_{number}_upload": "1"}
    return row | changes


def numbered(count: int, **changes: str) -> list[dict[str, str]]:
    return [answer(UPRN=str(200 + n), strUPRN=f"STR{200 + n:012d}", **changes) for n in range(count)]


def written(folder: Path, rows: list[dict[str, str]], name: str = "responses.csv") -> Path:
    path = folder / name
    made = io.StringIO()
    writer = csv.DictWriter(made, list(FORM), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(made.getvalue(), encoding="utf-8")
    return path


def faults(folder: Path, *rows: dict[str, str]) -> list[tuple[int, str]]:
    found = read_challenge(written(folder, list(rows)), date=TODAY)
    return [(one.line, one.column) for one in found.faults]


def test_a_row_by_the_rules_has_no_fault(tmp_path):
    found = read_challenge(written(tmp_path, [answer()]), date=TODAY)
    assert (found.faults, found.provider, found.method, found.rows) == ((), "Acme Fibre", "consumers", 1)


def test_the_columns_begin_with_the_method_and_have_the_premises_in_the_order_asked_for():
    assert list(FORM)[:8] == [
        *("method", "method_explanation", "provider"),
        *("UPRN", "strUPRN", "address", "postcode", "address_base_epoch"),
    ]


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("UPRN", "1.00E+11", "rounded"),
        ("UPRN", "1,00012E+11", "rounded"),
        ("UPRN", "1000123456789", "12 digits"),
        ("UPRN", "", "12 digits"),
        ("strUPRN", "100012345678", "STR"),
        ("strUPRN", "STR100012345000", "another than UPRN"),
        ("postcode", "DT2", "whole postcode"),
        ("address", "", "no address"),
        ("address_base_epoch", "June", "release of the address base"),
        ("reason", "bad", "expected"),
        ("evidence", "reply", "for “slow”"),
        ("test_1_date", "2026-10-02", "three different days"),
        ("test_3_date", "2026-05-01", "180 days"),
        ("test_3_date", "2027-01-01", "after the day"),
        ("test_2_date", "1.10.2026", "YYYY-MM-DD"),
        ("test_2_download", "fast", "Mbit/s"),
        ("test_2_upload", "", "Mbit/s"),
        ("connection", "", "wired or Wi-Fi"),
        ("name", "", "no name"),
        ("email", "jo", "e-mail"),
        ("consent", "", "agreed"),
        ("method_explanation", "", "not explained"),
    ],
)
def test_each_fault_is_named_by_row_and_column(tmp_path, column, text, said):
    found = read_challenge(written(tmp_path, [*numbered(1), answer(**{column: text})]), date=TODAY)
    assert {one.line for one in found.faults} == {3}
    assert any(said in one.what for one in found.faults), found.faults
    assert all(text not in one.what for one in found.faults if len(text) > 4), "no fault repeats what a person wrote"


def test_the_limit_of_180_days_is_kept_to_the_day(tmp_path):
    row = answer(reason="refused", evidence="reply", evidence_file="letter.pdf", **dict.fromkeys(kit.TEST_COLUMNS, ""))
    old = (TODAY - dt.timedelta(days=180)).isoformat()
    fresh = (TODAY - dt.timedelta(days=179)).isoformat()
    assert faults(tmp_path, row | {"evidence_date": fresh}) == []
    assert faults(tmp_path, row | {"evidence_date": old}) == [(2, "evidence_date")]


def test_a_test_by_wi_fi_names_the_device(tmp_path):
    assert faults(tmp_path, answer(connection="Wi-Fi")) == [(2, "device")]
    assert faults(tmp_path, answer(connection="Wi-Fi", device="Pixel 8")) == []


def test_speed_tests_support_no_other_reason(tmp_path):
    row = answer(reason="refused", evidence="tests", evidence_date="2026-10-01", evidence_file="x")
    assert {column for _, column in faults(tmp_path, row)} == {"evidence", "test_1_date"}


def test_every_reason_has_evidence_that_supports_it():
    assert set(kit.EVIDENCE) == {kind for one in REASONS.values() for kind in one.evidence}


def test_the_same_reason_for_the_same_premises_counts_once(tmp_path):
    assert faults(tmp_path, answer(), answer(UPRN="0100012345678"[1:])) == [(3, "UPRN")]
    other = answer(reason="refused", evidence="reply", evidence_date="2026-10-01", evidence_file="x.pdf")
    assert faults(tmp_path, answer(), other | dict.fromkeys(kit.TEST_COLUMNS, "")) == []


def refusal(path: Path) -> str:
    with pytest.raises(LayerError) as raised:
        read_challenge(path, date=TODAY)
    return str(raised.value)


def test_two_providers_or_two_methods_are_refused(tmp_path):
    said = refusal(written(tmp_path, [*numbered(2), answer(provider="Other Net")]))
    assert "more than one provider" in said
    assert "line 4" in said
    assert "more than one method" in refusal(written(tmp_path, [*numbered(2), answer(method="other")]))


def test_a_method_that_is_none_is_refused_before_the_rows(tmp_path):
    assert "not declared" in refusal(written(tmp_path, [answer(method="rumour", UPRN="x")]))


def test_an_empty_file_a_missing_column_and_no_table_are_refused(tmp_path):
    assert "no rows" in refusal(written(tmp_path, []))
    (tmp_path / "x.csv").write_text("", encoding="utf-8")
    assert "empty" in refusal(tmp_path / "x.csv")
    table = pd.DataFrame([answer()]).drop(columns="strUPRN")
    table.to_csv(tmp_path / "y.csv", index=False)
    assert "strUPRN" in refusal(tmp_path / "y.csv")


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "MOST", kit.MOST.__class__(2, "rows", "", ""))
    assert "too many rows" in refusal(written(tmp_path, numbered(3)))


def test_a_formula_in_a_name_is_refused(tmp_path):
    assert "spreadsheet formula" in refusal(written(tmp_path, [answer(name="=HYPERLINK(1)")]))


def test_a_workbook_keeps_its_numbers(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "responses.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(FORM))
        sheet.write_row(1, 0, list((answer() | {"UPRN": 100012345678}).values()))
    assert read_challenge(tmp_path / "responses.xlsx", date=TODAY).faults == ()


def test_groups_of_fewer_than_ten_are_not_shown(tmp_path):
    rows = [*numbered(30), *[row | {"postcode": "DT1 1AA", "UPRN": f"9{row['UPRN']}"} for row in numbered(9)]]
    rows = [row | {"strUPRN": f"STR{row['UPRN']}"} for row in rows]
    found = read_challenge(written(tmp_path, rows), date=TODAY)
    assert found.faults == ()
    assert {one.place: one.answers for one in found.groups} == {"DT1": None, "DT2": None}
    found = read_challenge(written(tmp_path, rows[:30]), date=TODAY)
    (group,) = found.groups
    assert (group.answers, group.wired_down, group.wired_up, group.wifi_down) == (30, 8.0, 1.0, None)


def test_wired_and_wi_fi_are_never_put_together(tmp_path):
    wired, wireless = numbered(10), numbered(10, connection="Wi-Fi", device="laptop")
    wireless = [row | {"UPRN": f"7{row['UPRN']}", "strUPRN": f"STR7{row['UPRN']}"} for row in wireless]
    wireless = [row | {f"test_{n}_download": "2" for n in (1, 2, 3)} for row in wireless]
    (group,) = read_challenge(written(tmp_path, [*wired, *wireless]), date=TODAY).groups
    assert (group.answers, group.wired_down, group.wifi_down) == (20, 8.0, 2.0)
    (group,) = read_challenge(written(tmp_path, [*wired, *wireless[:9]]), date=TODAY).groups
    assert (group.answers, group.wifi_down) == (19, None)


@pytest.mark.parametrize("counts", [{"a": 9}, {"a": 50, "b": 9}, {"a": 50, "b": 40, "c": 1}, {"a": 10, "b": 4, "c": 4}])
def test_what_is_hidden_cannot_be_reckoned_from_the_total(counts):
    shown = suppressed(counts)
    hidden = [counts[key] for key, count in shown.items() if count is None]
    assert all(count is None for key, count in shown.items() if counts[key] < 10)
    assert not hidden or all(count is None for count in shown.values()) or (len(hidden) > 1 and sum(hidden) >= 10)


def test_nothing_of_a_person_leaves(tmp_path):
    found = read_challenge(written(tmp_path, [*numbered(12), answer(consent="")]), date=TODAY)
    write_challenge(found, out=tmp_path / "out", date=TODAY)
    left = {path.name: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "out").iterdir()}
    assert set(left) == {"challenge.json", "faults.csv", "groups.csv"}
    for text in left.values():
        assert not [one for one in PERSONAL if one in text]
    assert "14,consent" in left["faults.csv"]
    assert json.loads(left["challenge.json"])["groups"][0]["answers"] == 12
    assert "neither corrects the other" in left["groups.csv"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        write_challenge(found, out=tmp_path / "other", date=TODAY)


def test_the_published_figure_stands_beside_in_its_own_words(tmp_path, demo_build):
    found = read_challenge(written(tmp_path, numbered(12)), date=TODAY, build=demo_build)
    (group,) = found.groups
    assert group.published.startswith(("About", "Almost"))
    assert "DT2" in group.published
    assert "July 2025" in group.published
    assert "could be" in group.published
    assert group.wired_down == 8.0


def test_the_command_line_checks_and_writes_the_form(tmp_path):
    run = CliRunner()
    form = tmp_path / "form.csv"
    result = run.invoke(app, ["challenge", "--template", str(form)])
    assert result.exit_code == 0, result.output
    assert form.read_text(encoding="utf-8-sig") == empty_form()
    again = run.invoke(app, ["challenge", "--template", str(form)])
    assert "nothing was written" in str(again.exception)
    path = written(tmp_path, numbered(12))
    result = run.invoke(app, ["challenge", str(path), "--out", str(tmp_path / "out"), "--date", "2026-11-30"])
    assert result.exit_code == 0, result.output
    assert "12 rows about Acme Fibre were checked; none has a fault." in result.output
    path = written(tmp_path, [answer(UPRN="1.00E+11")])
    result = run.invoke(app, ["challenge", str(path), "--date", "2026-11-30"])
    assert result.exit_code == 2
    assert "1 has faults" in result.output
    assert isinstance(run.invoke(app, ["challenge"]).exception, LayerError)
    assert isinstance(run.invoke(app, ["challenge", str(path), "--date", "soon"]).exception, LayerError)
