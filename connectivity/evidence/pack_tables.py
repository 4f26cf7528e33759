"""The places of a pack, or on show, as a table to hand over: each rank beside its range, and what it all rests on.

A pack has it as `ranking.csv`, described for programs by `ranking.csv-metadata.json` (W3C: CSV on the Web).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from connectivity.claims.about_certainty import reading
from connectivity.claims.about_files import EMPTY_CELL, TableColumn, place_columns, replaced_said
from connectivity.claims.about_places import counted, measured, modelled
from connectivity.claims.claim import Basis
from connectivity.evidence.pack_parts import PackSource
from connectivity.quality.notice import noted
from connectivity.schema import COUNTS, RANKING_COLUMNS, TWO_DECIMALS
from layers.catalogue import OGL_ADDRESS
from layers.intake.cells import harmless, unharmed
from layers.ledger import SourceUse

TABLE, TABLE_TERMS = "ranking.csv", "ranking.csv-metadata.json"
"""The second is the name under which a program looks for it (CSVW, “Model for Tabular Data”, §5.2)."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it spreadsheets read UTF-8 as the code page of Windows."""
RANKS, RANGE = ("severity_rank", "scale_rank"), ("rank_median", "rank_p05", "rank_p95")
TEXTS = ("area_code", "area_name", "district_code", "district_name", "status", "release")
"""Columns that hold what a file or a person said."""
CODE = "[A-Z][0-9]{8}"
"""A code of the Office for National Statistics."""
LICENCES = {
    "Open Government Licence v3.0": OGL_ADDRESS,
    "Creative Commons Attribution 4.0": "https://creativecommons.org/licenses/by/4.0/",
}
"""Addresses of licences, by the name that the sources have them under."""


def table_files(source: PackSource) -> Mapping[str, bytes]:
    """Make the ranking of a pack's places, with ranges and tiers, and its description for programs."""
    content = source.content
    table = ranges_table(source.areas, basis=content.basis, shares=content.subject.shares)
    terms = json.dumps(table_terms(source, table=table), ensure_ascii=False, indent=1, allow_nan=False)
    return {TABLE: BYTE_ORDER_MARK + as_csv_text(table).encode(), TABLE_TERMS: terms.encode() + b"\n"}


def places_csv(areas: pd.DataFrame, *, basis: Basis) -> str:
    """Write places as CSV; `ranges_table` says with which columns.

    Parameters
    ----------
    areas
        Of a build, index ``area_code``, by the study's own weights.
    basis
        What the figures rest on.
    """
    return as_csv_text(ranges_table(areas, basis=basis))


def ranges_table(areas: pd.DataFrame, *, basis: Basis, shares: pd.Series | None = None) -> pd.DataFrame:
    """Return places as a table: the columns of a ranking, the range of each rank, how sure it is, release and kind.

    No place has a rank without its range, or where its council's places cannot be told apart (``told_apart``). The last
    column of a build that must not be published says so.

    Parameters
    ----------
    areas
        Of a build, index ``area_code``, by the study's own weights.
    basis
        What the figures rest on.
    shares
        By area code, how much of each area lies in the place that the table is about; None where it is about areas.

    Returns
    -------
    pandas.DataFrame
        Counts whole, estimates as text with two decimals, texts as they are: `as_csv_text` makes them harmless.
    """
    table = areas.reset_index().sort_values(["severity_rank", "area_code"], na_position="last")
    made = table[list(RANKING_COLUMNS)].copy()
    apart = table["separable"].astype(bool) if "separable" in table else pd.Series(data=True, index=table.index)
    drawn = "rank_p05" in table
    for column in RANGE:
        made[column] = table[column].where(apart) if drawn else pd.NA
    for column in RANKS:
        made[column] = made[column].where(apart & drawn)
    for column in (*COUNTS, *RANGE):
        made[column] = pd.to_numeric(made[column]).round().astype("Int64")
    for column in TWO_DECIMALS:
        made[column] = made[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    made["among_the_worst"] = [reading(tier).cell for tier in table["tier"]] if drawn else ""
    made["told_apart"] = apart.to_numpy()
    if shares is not None:
        made["share_in_place"] = [f"{share:.6g}" for share in shares.reindex(table["area_code"])]
    made["release"], made["modelled"] = basis.release, basis.modelled
    made["fixed_wireless_counted"], made["mobile_counted"] = basis.counts_fwa, basis.counts_mobile
    return noted(made, notice=basis.notice)


def as_csv_text(table: pd.DataFrame) -> str:
    """Write a table of places as CSV, with no text that a spreadsheet would run."""
    safe = {column: table[column].map(harmless, na_action="ignore") for column in TEXTS}
    return table.assign(**safe).to_csv(index=False, lineterminator="\n")


def table_rows(content: bytes) -> list[dict[str, str]]:
    """Read a table of places back: every cell as text, and texts as they were before they were made harmless.

    Raises
    ------
    ValueError
        When it is not UTF-8, or a row has fewer or more cells than the heading.
    """
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    heads = next(rows, [])
    return [
        {head: unharmed(cell) if head in TEXTS else cell for head, cell in zip(heads, row, strict=True)} for row in rows
    ]


def table_terms(source: PackSource, *, table: pd.DataFrame) -> dict[str, Any]:
    """Describe the table for programs: every column with title, unit and what its cells may be; licence and dates.

    Parameters
    ----------
    table
        As `ranges_table` gives it.
    """
    content, manifest = source.content, source.build.manifest
    basis = content.basis
    said = (EMPTY_CELL, counted(basis), modelled(basis), measured(basis), content.revisions, content.next_update)
    replaced = replaced_said(source.replaced)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": TABLE,
        "dc:title": content.title,
        "dc:description": content.every_area.caption,
        "dc:modified": {"@value": content.date[:10], "@type": "xsd:date"},
        "dc:temporal": basis.release,
        "dc:license": _licences(manifest.sources),
        "dc:source": list(content.sources),
        "dc:identifier": manifest.fingerprint,
        "rdfs:comment": [one for one in (*said, content.stamp, replaced) if one],
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\n"]},
        "tableSchema": {
            "columns": [_described(one, table=table) for one in place_columns(basis) if one.name in table],
            "primaryKey": "area_code",
            "rowTitles": ["area_name"],
        },
    }


def _licences(sources: tuple[SourceUse, ...]) -> list[dict[str, str] | str]:
    """Give the licences of all sources: by address where it is known, else as the source words it."""
    named = sorted({one.licence for one in sources})
    return [{"@id": LICENCES[one]} if one in LICENCES else one for one in named]


def _described(column: TableColumn, *, table: pd.DataFrame) -> dict[str, Any]:
    described = {
        "name": column.name,
        "titles": [column.name, column.head],
        "dc:description": column.meaning,
        "datatype": _datatype(column, cells=table[column.name]),
        "required": column.needed,
        "null": "",
    }
    return described | ({"schema:unitText": column.unit} if column.unit else {})


def _datatype(column: TableColumn, *, cells: pd.Series) -> dict[str, Any] | str:
    if column.kind in {"whole", "rank"}:
        return {"base": "integer", "minimum": 1 if column.kind == "rank" else 0}
    if column.kind in {"decimal", "share"}:
        return {"base": "decimal", "minimum": 0} | ({} if column.most is None else {"maximum": column.most})
    if column.kind == "flag":
        return {"base": "boolean", "format": "True|False"}
    if column.kind == "choice":
        return {"base": "string", "format": "|".join(map(re.escape, column.choices))}
    if column.kind == "code" and cells.dropna().astype(str).str.fullmatch(CODE).all():
        return {"base": "string", "format": CODE}
    return "string"
