"""The small areas a study may be on: their nations, codes, headings and what they replace.

The records stand in ``layers/sources/geographies.toml``; nothing else in the program names a year's small areas, so
those of another nation are a record there.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.figures import Figure

RECORDS = Path(__file__).parent / "sources" / "geographies.toml"


@dataclass(frozen=True, slots=True)
class Geography:
    """One set of small areas.

    Attributes
    ----------
    key
        The word used in study files.
    words, year
        What people call them, and the year they are of.
    nations
        Where they are.
    pattern
        The shape of their codes.
    codes, names
        Headings of their codes and names, their publisher's own first.
    directory
        Headings of their codes in ONS's postcode directories, besides the usual ones.
    output_areas
        The heading of the output areas they are made of.
    ofcom
        Ofcom's headings of the same output areas; none where it has no file by them.
    ofcom_old, ofcom_old_name
        Its headings of them in the files whose names hold `ofcom_old_name`.
    count
        How many there are in all of their nations.
    replaces
        The areas they came after; None where no exact lookup leads from them.
    """

    key: str
    words: str
    year: str
    nations: tuple[str, ...]
    pattern: re.Pattern[str]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    directory: tuple[str, ...]
    output_areas: str
    count: Figure
    ofcom: tuple[str, ...] = ()
    ofcom_old: tuple[str, ...] = ()
    ofcom_old_name: str | None = None
    replaces: str | None = None


def geography_of(key: str) -> Geography:
    """Give the record of a study's small areas.

    >>> geography_of("lsoa21").codes[0], geography_of("lsoa21").replaces
    ('LSOA21CD', 'lsoa11')
    """
    return GEOGRAPHIES[key]


def newest_of(nation: str) -> Geography:
    """Give a nation's small areas of the latest year.

    >>> newest_of("Wales").key
    'lsoa21'
    """
    return max((one for one in GEOGRAPHIES.values() if nation in one.nations), key=lambda one: one.year)


def _record(key: str, table: dict[str, Any]) -> Geography:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    where = " and ".join(table["nations"])
    count = Figure(table["count"], "small areas", f"{where}, {table['words']}", "ONS Open Geography")
    plain |= {"pattern": re.compile(table["pattern"]), "count": count}
    return Geography(key, **plain)


GEOGRAPHIES: dict[str, Geography] = {
    key: _record(key, table) for key, table in tomllib.loads(RECORDS.read_text(encoding="utf-8")).items()
}
"""By the word used in study files."""
