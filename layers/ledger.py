"""What a build used and what became of it: files, hashes, rows, warnings, premises without an area.

Every loader tells the ledger, in this order::

    ledger.used(path, kind="census", rows=len(table))  # the file was read; later calls for `path` know its kind
    ledger.check(path, "no area stands twice", rows=len(table))  # looked at, nothing found; a failing row raises
    ledger.check(path, "gigabit is not above 300 Mbit/s", rows=41, failing=4, examples=names, then="kept")
    ledger.repair(path, "outlines that crossed themselves were mended", count=2, examples=codes)
    ledger.rows(path, rows_in=100, rows_used=90, unused=[Unused.of(OUTSIDE, 10, harmless=True)])
    ledger.warn("Anything else a reader should know, as one sentence.")

`rows` refuses counts that do not add up. A check is recorded also when nothing failed: that it was made is the news.

What was looked at in each file and what was found: rows, repairs and checks, as records and not as sentences.

Loaders write these through the `Ledger` (:mod:`layers.ledger`); ``quality.json`` and ``quality.html`` are made of
them. A record that contradicts itself cannot be made: rows that came in are either used or named as unused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.errors import LONGEST, SHOWN
from layers.intake.files import sha256
from layers.kinds import KINDS

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class SourceUse:
    """One file that was read."""

    name: str
    file: str
    sha256: str
    rows: int
    release: str
    licence: str
    publisher: str
    attribution: str
    kind: str = ""


@dataclass(slots=True)
class Ledger:
    """The running record of a build; loaders write in it, the manifest is made from it.

    Attributes
    ----------
    sources
        Files read, in order.
    warnings
        Things kept although they look wrong, and rows repaired, with counts.
    modelled
        What is modelled or stands in for something else, one sentence each.
    premises_in
        Premises (or lines) the broadband file holds for the study's districts.
    excluded
        Premises that reach no scored area: reason → count.
    coastal
        How areas on the coast were told, or why they cannot be.
    releases
        File → release, as the study file states it.
    records
        Rows, repairs and checks, in order; each once.
    """

    sources: list[SourceUse] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    modelled: list[str] = field(default_factory=list)
    premises_in: float = 0.0
    excluded: dict[str, float] = field(default_factory=dict)
    coastal: str = ""
    releases: dict[Path, str] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    _kinds: dict[Path, str] = field(default_factory=dict)
    _waiting: dict[Path, list[Record]] = field(default_factory=dict)

    def used(self, path: Path, *, kind: str, rows: int, release: str | None = None, usual: str | None = None) -> None:
        """Record a file that was read, with its hash and its publisher's terms.

        Its release is the one read off it (`release`), else the one the study file states, else the `usual` one of
        its kind, else the month its name begins with, else the only one there is of that kind.
        """
        source = KINDS[kind]
        self._kinds[path] = kind
        for record in self._waiting.pop(path, []):
            self._add(path, replace(record, kind=kind))
        self.sources.append(
            SourceUse(
                name=source.title,
                file=path.name,
                sha256=sha256(path),
                rows=rows,
                release=release
                or self.releases.get(path)
                or usual
                or source.usual_release
                or release_of(path.name)
                or source.only_release,
                licence=source.licence,
                publisher=source.publisher,
                attribution=source.attribution,
                kind=kind,
            )
        )

    def warn(self, sentence: str) -> None:
        """Record something a reader of the results should know."""
        self.warnings.append(sentence)

    def rows(
        self,
        path: Path | str,
        *,
        rows_in: int,
        rows_used: int,
        unused: Iterable[Unused] = (),
        kind: str | None = None,
        noun: str = "rows",
    ) -> None:
        """Record what became of a file's rows; `path` is "" for a layer of several files. See :class:`Rows`."""
        self._add(path, Rows(*self._where(path, kind), int(rows_in), int(rows_used), tuple(unused), noun))

    def kept(
        self, path: Path | str, mask: pd.Series, *, rest: str, kind: str | None = None, noun: str = "rows"
    ) -> None:
        """Record rows of which those a mask is true for are used, and the others, for one harmless reason, are not."""
        unused = [Unused.of(rest, int((~mask).sum()), harmless=True)]
        self.rows(path, rows_in=len(mask), rows_used=int(mask.sum()), unused=unused, kind=kind, noun=noun)

    def repair(
        self, path: Path | str, what: str, *, count: int, examples: Iterable[object] = (), kind: str | None = None
    ) -> None:
        """Record what was put right. See :class:`Repair`."""
        self._add(path, Repair(*self._where(path, kind), what, int(count), some(examples)))

    def check(
        self,
        path: Path | str,
        rule: str,
        *,
        rows: int,
        failing: int = 0,
        examples: Iterable[object] = (),
        then: Then = "refused",
        kind: str | None = None,
    ) -> None:
        """Record that a rule was looked at. See :class:`Check`."""
        self._add(path, Check(*self._where(path, kind), rule, int(rows), int(failing), then, some(examples)))

    def _where(self, path: Path | str, kind: str | None) -> tuple[str, str]:
        """Give a record's kind, which is the one the file was last used under when it is not said, and its file."""
        return kind or self._kinds.get(Path(path), ""), Path(path).name

    def _add(self, path: Path | str, record: Record) -> None:
        if not record.kind:  # found before the file was said to be used: kept until then
            self._waiting.setdefault(Path(path), []).append(record)
        elif record not in self.records:  # a layer may be asked twice
            self.records.append(record)


def release_of(name: str) -> str | None:
    """Read the release month off an Ofcom file name.

    >>> release_of("202507_fixed_laua_coverage_r01.csv")
    'July 2025'
    >>> release_of("areas.geojson") is None
    True
    """
    match = re.match(r"(20\d{2})(0[1-9]|1[0-2])_", name)
    return f"{MONTHS[int(match[2]) - 1]} {match[1]}" if match else None


Then = Literal["refused", "kept"]
OUTSIDE = "outside the study's area"
"""Why most unused rows of a national file are unused: no fault of anybody's."""


@dataclass(frozen=True, slots=True)
class Unused:
    """Rows of a file that reach no result, for one reason.

    Parameters
    ----------
    why
        In plain words, to follow "not used:".
    count
        Rows, at least 0.
    examples
        At most three, such as codes or names.
    harmless
        True where it is as it should be: rows of other places, places that have closed.
    """

    why: str
    count: int
    examples: tuple[str, ...] = ()
    harmless: bool = False

    def __post_init__(self) -> None:
        """Refuse a count below 0."""
        if self.count < 0:
            raise ValueError(f"A count of unused rows is at least 0; found {self.count}.")

    @classmethod
    def of(cls, why: str, count: int, *, examples: Iterable[object] = (), harmless: bool = False) -> Unused:
        """Make one from any count and any number of examples; the first three are kept."""
        return cls(why, int(count), some(examples), harmless)


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of the rows of a layer, or of one of its files.

    Parameters
    ----------
    kind, file
        The layer's kind, and the file's name without its folder ("" for a layer read from several files at once).
    rows_in, rows_used
        Rows in the file; rows that reach a result.
    unused
        The rest, by reason. Reasons without a row are dropped.
    noun
        What a row is: "rows", "outlines", "postcodes".

    Raises
    ------
    ValueError
        When rows in are not rows used and rows unused together.
    """

    kind: str
    file: str
    rows_in: int
    rows_used: int
    unused: tuple[Unused, ...] = ()
    noun: str = "rows"

    def __post_init__(self) -> None:
        """Refuse a record that loses a row, or invents one."""
        object.__setattr__(self, "unused", tuple(one for one in self.unused if one.count))
        lost = self.rows_in - self.rows_used - sum(one.count for one in self.unused)
        if lost or self.rows_used < 0:
            raise ValueError(
                f"{self.kind}, {self.file}: {self.rows_in} rows in are not {self.rows_used} used and "
                f"{self.rows_in - self.rows_used - lost} unused."
            )


@dataclass(frozen=True, slots=True)
class Repair:
    """Things put right so that a file could be used: `what` says how, `count` and `examples` which."""

    kind: str
    file: str
    what: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A rule the file was held against, recorded also when nothing failed.

    Parameters
    ----------
    rule
        What should be true, in plain words.
    rows
        Rows (areas, shapes, places) it was looked at on.
    failing
        Rows where it is not true.
    then
        What a failing row does: ``refused`` stops the build, so such a check never has one; ``kept`` uses the row as
        published, and says so.
    examples
        At most three failing rows.
    """

    kind: str
    file: str
    rule: str
    rows: int
    failing: int = 0
    then: Then = "refused"
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a check that found more than it looked at, or went on where it says it would not."""
        if not 0 <= self.failing <= self.rows:
            raise ValueError(f"{self.rule}: {self.failing} of {self.rows} rows cannot fail.")
        if self.failing and self.then == "refused":
            raise ValueError(f"{self.rule}: {self.failing} rows failed a rule that stops the build.")


Record = Rows | Repair | Check


def some(values: Iterable[object]) -> tuple[str, ...]:
    """Keep the first few values as examples, each short enough to read.

    >>> some([1, 2, 3, 4])
    ('1', '2', '3')
    """
    return tuple(
        text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        for text, _ in zip(map(str, values), range(SHOWN), strict=False)
    )
