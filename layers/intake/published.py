"""The columns publishers give and the headings they stand under, which are data: ``layers/sources/headings.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from layers.intake.tables import Column

RECORDS = Path(__file__).parents[1] / "sources" / "headings.toml"


def published_columns(table: str) -> tuple[Column, ...]:
    """Give the columns of one kind of file with all headings they have gone under, in the order written there.

    >>> [column.name for column in published_columns("deprivation")]
    ['income_rate', 'employment_rate']
    """
    return tuple(
        Column(name, tuple(one["headings"]), one["kind"], required=one.get("required", True))
        for name, one in _records()[table].items()
    )


def published_column(table: str, name: str) -> Column:
    """Give one column of a kind of file.

    >>> published_column("lsoa_changes", "new").headings
    ('LSOA21CD',)
    """
    return next(column for column in published_columns(table) if column.name == name)


@cache
def _records() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(RECORDS.read_text(encoding="utf-8"))
