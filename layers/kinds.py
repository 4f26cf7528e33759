"""Every kind of layer a study may have: who publishes it, what reads it, what it gives, how it ages.

The records stand in ``layers/sources/kinds.toml``. The study file, its messages and its documents, the loop that reads
a study, the catalogue and the report on quality all take them from here. This module lies below the study file, which
says which kinds there are, and the readers lie above it; so a reader is written as a dotted name and found when it is
first called.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from layers.figures import Figure

OGL = "Open Government Licence v3.0"
RECORDS = Path(__file__).parent / "sources" / "kinds.toml"
Level = Literal["postcode", "output area", "authority", "mobile", "performance"]
Reads = Literal["areas", "columns", "broadband"]
NOT_STATED = "not stated"
READER = "layers.intake.columns.read_published"


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """How old the layers of some kinds may be.

    Attributes
    ----------
    why
        In plain words.
    amber, red
        Ages in months; None for kinds that do not age (codes and outlines of a year, hills).
    newest
        The year of the newest release this version knows of, where a newer one comes only every few years; a layer of
        it is green however old it is.
    """

    why: str
    amber: Figure | None = None
    red: Figure | None = None
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A kind of published layer.

    Attributes
    ----------
    kind
        The word used in study files.
    publisher, title, attribution, licence
        Who publishes it, what it is called, the words its licence asks for, and the licence.
    file, gives
        What the file is and what it is for, beside the indicators its columns make: its row in docs/study-file.md.
    reader
        The function that reads it, as a dotted name; the usual one needs no more than its headings, under its word in
        ``layers/sources/headings.toml``.
    reads
        ``areas``: a table with one row for each area, whose reader is a :class:`layers.reading.Reader`; ``columns``:
        the reader is given the study being read and gives each area its columns, or None; ``broadband``: it gives a
        :class:`layers.coverage.Coverage`, and a study has exactly one such layer. None where another layer needs it
        and asks for it.
    columns
        The columns it gives each area; ``*`` stands for any letters.
    codes
        Headings its publisher gives the area codes under besides the usual ones.
    member, sheet
        The patterns its publisher's file in a zip, and its sheet in a workbook, are known by.
    needed
        Whether every study has one.
    many_files
        Whether it may come in several files; the others are one table.
    named
        Whether a study may have several layers of it, each under a name of its own.
    settings
        Keys of a study file that only layers of this kind have.
    needs
        Kinds it cannot be read without.
    on_request
        Whether it is fetched only when asked for: it is large, or few need it.
    level
        Which file of Ofcom's archive it is.
    reissued
        Whether its publisher numbers a file that is put out again, at the end of its name.
    only_release, usual_release
        The release a file is of where nothing says another: the only one there is, asked last, or the usual one, asked
        before the file's name.
    geography
        The only small areas it is published on; None for any.
    ground
        Whether it says which premises are in which area.
    counting
        How a sentence about more or fewer premises begins where it counts them; None for layers that do not.
    age
        How old it may be; None where no limit is set.
    """

    kind: str
    publisher: str
    title: str
    attribution: str
    file: str
    gives: str = ""
    reader: str = READER
    licence: str = OGL
    reads: Reads | None = None
    columns: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    member: str | None = None
    sheet: str | None = None
    needed: bool = False
    many_files: bool = False
    named: bool = False
    settings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    on_request: bool = False
    level: Level | None = None
    reissued: bool = False
    only_release: str = NOT_STATED
    usual_release: str | None = None
    geography: str | None = None
    ground: bool = False
    counting: str | None = None
    age: AgeLimit | None = None

    def read_by(self) -> Callable[..., Any]:
        """Find the function that reads it."""
        module, _, name = self.reader.rpartition(".")
        found: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return functools.partial(found, kind=self.kind) if self.reader == READER else found

    def gives_column(self, column: str) -> bool:
        """Tell whether a column is one it gives."""
        return any(fnmatch.fnmatchcase(column, pattern) for pattern in self.columns)

    @property
    def terms(self) -> dict[str, str]:
        """The publisher's terms, as `sources --format json` lists them."""
        wanted = ("kind", "publisher", "title", "attribution", "licence")
        return {key: value for key, value in asdict(self).items() if key in wanted}


def kinds_where(**wanted: object) -> list[str]:
    """Name the kinds whose record holds these values, in the order they are read.

    >>> kinds_where(named=True), kinds_where(needed=True)
    (['raster', 'reporting'], ['boundaries', 'lookup'])
    """
    return [kind for kind, record in KINDS.items() if all(getattr(record, key) == one for key, one in wanted.items())]


def kinds_table(needs: Mapping[str, Collection[str]]) -> str:
    """Write the table of kinds of docs/study-file.md; a test holds the document to it.

    Parameters
    ----------
    needs
        Columns each indicator is made of, by the word used in study files. A kind that gives all of them gives the
        indicator, unless one joined before it does; of indicators made of the same columns it gives one.
    """
    rows, joined = [], dict[Collection[str], str]()
    for one in KINDS.values():
        given: dict[Collection[str], str] = {}
        for indicator, columns in needs.items():
            if all(one.gives_column(column) for column in columns):
                given[columns] = f"{given[columns]} or `{indicator}`" if columns in given else f"`{indicator}`"
        first = [words for made_of, words in given.items() if made_of not in joined]
        later = [
            f"{words} unless `{joined[made_of]}` gives it" for made_of, words in given.items() if made_of in joined
        ]
        what = "; ".join(part for part in (", ".join(first), *later, one.gives) if part)
        rows.append(f"| `{one.kind}` | {one.file} | {what} |\n")
        joined |= dict.fromkeys(given.keys() - joined.keys(), one.kind)
    return "| kind | file | gives |\n|---|---|---|\n" + "".join(rows)


def _limit(table: dict[str, Any]) -> AgeLimit:
    ages = {
        key: Figure(table[key]["months"], "months", table[key]["meaning"], "assumption")
        for key in ("amber", "red")
        if key in table
    }
    return AgeLimit(table["why"], newest=table.get("newest"), **ages)


def _record(kind: str, table: dict[str, Any]) -> LayerKind:
    unknown = set(table) - {field.name for field in fields(LayerKind)}
    if unknown:
        raise ValueError(f"{RECORDS.name}, {kind}: no such key: {', '.join(sorted(unknown))}")
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    plain["age"] = AGES[table["age"]] if "age" in table else None
    return LayerKind(kind, **plain)


_TABLES = tomllib.loads(RECORDS.read_text(encoding="utf-8"))
AGES: dict[str, AgeLimit] = {name: _limit(table) for name, table in _TABLES["age"].items()}
"""By name, in the order the report on quality lists them."""
KINDS: dict[str, LayerKind] = {kind: _record(kind, table) for kind, table in _TABLES["kind"].items()}
"""By the word used in study files, in the order their columns are joined."""
