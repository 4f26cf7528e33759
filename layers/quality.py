"""What was looked at in each file and what was found: rows, repairs and checks, as records and not as sentences.

Loaders write these through the `Ledger` (:mod:`layers.manifest`); ``quality.json`` and ``quality.html`` are made of
them. A record that contradicts itself cannot be made: rows that came in are either used or named as unused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from layers.errors import LONGEST, SHOWN

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
