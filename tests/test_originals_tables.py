"""What all readers of originals share: members found by pattern, marks counted, streams and headings in quotes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from official.spreadsheets import ods, xlsx, zipped

from layers.errors import LayerError, UnsafeFileError
from layers.intake.cells import BLANKS, MARKS, parsed, parsed_numbers
from layers.intake.files import streamed
from layers.intake.tables import Column, member_of, read_table

AREA, FIGURE = Column("area", ("geography code",), "code"), Column("figure", ("A label, with a comma",), "count")
TABLE = b'"date","geography","geography code","A label, with a comma"\n2021,"Poole, old","E01000001",5\n'


def saved(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def test_headings_in_quotes_are_read_the_fast_way(tmp_path):
    fast = parsed(TABLE, places={"area": 2, "figure": 3}, numbers={"figure"}, missing=BLANKS)
    assert fast is not None
    assert fast.to_dict("records") == [{"area": "E01000001", "figure": 5.0}]
    assert read_table(saved(tmp_path, "t.csv", TABLE), [AREA, FIGURE]).equals(fast)


names = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters='"'), min_size=1, max_size=12)


@given(headings=st.lists(names, min_size=2, max_size=5, unique=True), figure=st.integers(0, 10**6))
def test_any_headings_in_quotes_give_the_column_asked_for(headings, figure):
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([headings, [str(number) for number in range(len(headings) - 1)] + [str(figure)]])
    found = parsed(text.getvalue().encode(), places={"figure": len(headings) - 1}, numbers={"figure"}, missing=BLANKS)
    assert found is not None
    assert found["figure"].tolist() == [figure]


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_is_not_known_never_zero_and_counted(tmp_path, mark):
    table = pd.DataFrame({"geography code": ["E01000001", "E01000002"], "A label, with a comma": ["5", mark]})
    path = saved(tmp_path, "t.csv", table.to_csv(index=False).encode())
    read = read_table(path, [AREA, FIGURE])
    assert read["figure"].isna().tolist() == [False, True]
    assert read.attrs["withheld"] == {"A label, with a comma": 1}


@given(st.lists(st.sampled_from([*sorted(MARKS), "", "1", "2,500", "0.5"]), min_size=1))
def test_no_mark_becomes_a_number_and_no_number_is_lost(cells):
    column = pd.Series(cells, dtype="str")
    values = parsed_numbers(column, path=Path("t.csv"), column="x", kind="count")
    assert values.notna().tolist() == [cell not in MARKS and cell != "" for cell in cells]
    assert values.sum() == sum({"1": 1, "2,500": 2500, "0.5": 0.5}.get(cell, 0) for cell in cells)


@pytest.mark.parametrize(
    ("named", "usual", "found"),
    [(None, "*-lsoa.csv", "*-lsoa.csv"), ("x.csv", "*-lsoa.csv", "x.csv"), (None, "*.json", None), (None, None, None)],
)
def test_the_usual_member_is_meant_only_where_none_is_named_and_it_is_there(tmp_path, named, usual, found):
    path = saved(tmp_path, "t.zip", zipped({"a-lsoa.csv": TABLE, "b.csv": TABLE}))
    assert member_of(path, member=named, usual=usual) == found


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_inside_a_zip_is_read_by_its_headings(tmp_path, make):
    rows = [["Notes above"], [], ["geography code", "A label, with a comma", "more"], ["E01000001", 5, "x"]]
    path = saved(tmp_path, "t.zip", zipped({"book": make({"Cover": [["a"]], "Any name": rows})}))
    assert read_table(path, [AREA, FIGURE]).to_dict("records") == [{"area": "E01000001", "figure": 5.0}]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_sheet_with_headings_and_no_rows(tmp_path, make):
    path = saved(tmp_path, f"t.{make.__name__}", make({"A": [["geography code", "A label, with a comma"]]}))
    with pytest.raises(LayerError) as caught:
        read_table(path, [AREA, FIGURE])
    assert caught.value.what == "The table has a heading but no rows."


@pytest.mark.parametrize("name", ["t.csv", "t.zip"])
def test_a_stream_gives_what_the_file_holds(tmp_path, name):
    path = saved(tmp_path, name, zipped({"t.csv": TABLE}) if name.endswith("zip") else TABLE)
    with streamed(path) as stream:
        pieces = iter(lambda: stream.read(7), b"")
        assert b"".join(pieces) == TABLE


def test_a_stream_stops_at_what_swells(tmp_path):
    path = saved(tmp_path, "t.zip", zipped({"t.csv": b"0" * 20_000_000}))
    with pytest.raises(UnsafeFileError), streamed(path) as stream:
        list(iter(lambda: stream.read(1 << 20), b""))
