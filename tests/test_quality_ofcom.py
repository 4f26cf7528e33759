"""What becomes of the rows of Ofcom's files: used, elsewhere, without premises, or not matched and named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.ledger import Ledger, Rows
from layers.ofcom import availability
from layers.ofcom.releases import RULES, record_lines, record_output_areas, record_postcodes

AREAS = pd.Index(["E01000001"])


def ledger_of(path: Path, kind: str) -> Ledger:
    path.write_text("a")
    ledger = Ledger()
    ledger.used(path, kind=kind, rows=1)
    return ledger


def unused_of(ledger: Ledger) -> tuple[int, int, dict[str, tuple[int, tuple[str, ...], bool]]]:
    (rows,) = (record for record in ledger.records if isinstance(record, Rows))
    return rows.rows_in, rows.rows_used, {one.why: (one.count, one.examples, one.harmless) for one in rows.unused}


def test_an_output_area_is_used_elsewhere_or_not_in_the_lookup(tmp_path):
    path = tmp_path / "oa.csv"
    ledger = ledger_of(path, "ofcom_oa")
    area = pd.Series(["E01000001", "E01000009", None])
    record_output_areas(pd.Series(["a", "b", "c"]), area=area, areas=AREAS, path=path, ledger=ledger)
    assert unused_of(ledger) == (
        3,
        1,
        {
            "not in the lookup of output areas": (1, ("c",), False),
            "outside the study's area": (1, (), True),
        },
    )


def test_every_postcode_of_the_file_is_accounted_for(tmp_path):
    path = tmp_path / "pc.csv"
    ledger = ledger_of(path, "ofcom_postcode")
    table = pd.DataFrame(index=["IN1", "BARE1", "AWAY1", "LOST1"])
    premises = pd.Series({"IN1": 5.0, "AWAY1": 2.0, "LOST1": 3.0, "SILENT1": 4.0})
    area = pd.Series(
        {"IN1": AREAS[0], "BARE1": AREAS[0], "AWAY1": "E01000009", "LOST1": None, "SILENT1": AREAS[0]}, dtype="object"
    )
    record_postcodes(table, premises=premises, area=area, areas=AREAS, rows=6, path=path, ledger=ledger)
    assert unused_of(ledger) == (
        6,
        1,
        {
            "without premises": (2, (), True),
            "not in the postcode lookup": (1, ("LOST1",), False),
            "no count of premises for them": (1, ("BARE1",), False),
            "outside the study's area": (1, (), True),
        },
    )
    (silent,) = (record for record in ledger.records if getattr(record, "failing", 0))
    assert (silent.rows, silent.failing, silent.examples) == (2, 1, ("SILENT1",))


def test_lines_of_2013_are_used_elsewhere_or_in_no_area(tmp_path):
    path = tmp_path / "2013.csv"
    ledger = ledger_of(path, "ofcom_postcode_2013")
    placed = pd.DataFrame(
        {
            "postcode": ["OK1", "FEW1", "NONE1", "AWAY1", "LOST1", "EDGE1"],
            "area_code": [AREAS[0], AREAS[0], AREAS[0], "E01000009", None, "E01000008"],
        }
    )
    record_lines(
        placed,
        counted=pd.Series([True, True, False, True, True, True]),
        known=pd.Series([True, False, False, True, True, True]),
        ours=pd.Series([True, True, True, False, False, True]),
        areas=AREAS,
        path=path,
        ledger=ledger,
    )
    assert unused_of(ledger) == (
        6,
        2,
        {
            "no line counted there": (1, (), True),
            "not in the postcode lookup": (1, ("LOST1",), False),
            "in the study's councils but in none of its small areas": (1, ("EDGE1",), False),
            "outside the study's area": (1, (), True),
        },
    )


def test_every_invariant_has_plain_words():
    columns = [column.name for column in availability.COLUMNS]
    both = [columns, [name for name in columns if name != "from_100"]]
    for names in both:
        table = pd.DataFrame({name: [1.0] for name in names})
        for involved, _, _ in availability._rules(table):
            published = all(name.startswith("published_") for name in involved[:-1])
            assert published or tuple(involved) in RULES
