"""How much a file of outlines may hold: checked before it is read, as a small file can say that it is vast."""

from __future__ import annotations

from dataclasses import dataclass

from layers.errors import UnsafeFileError
from layers.intake.files import TOTAL, Limit

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read from one file of outlines.

    Attributes
    ----------
    rows, cells
        Shapes of a layer; rows times columns.
    unpacked
        What all cells together take once they are unpacked.
    brackets
        Lists and objects of a JSON text.
    """

    rows: Limit
    cells: Limit
    unpacked: Limit
    brackets: Limit


STUDY = Limits(
    rows=Limit(1_000_000, "shapes", "rows of one file", "assumption: the UK has 240,000 output areas"),
    cells=Limit(200_000_000, "cells", "rows times columns of one file", "assumption: corners of UK small areas"),
    unpacked=TOTAL,
    brackets=Limit(200_000_000, "brackets", "lists and objects of one text", "assumption: one for each corner"),
)
"""For the files of a study, which whoever builds it has chosen."""
READER = Limits(
    rows=Limit(50_000, "shapes", "rows of one file", "assumption: 35,672 small areas (ONS, 2021)"),
    cells=Limit(5_000_000, "cells", "rows times columns of one file", "assumption: 50,000 rows of 100 columns"),
    unpacked=Limit(256 * MEGABYTE, "bytes", "all cells unpacked", "assumption: five times the largest upload"),
    brackets=Limit(5_000_000, "brackets", "lists and objects of one text", "assumption: half as many corners in 50 MB"),
)
"""For what a reader of the app hands over: everyone else waits while it is read."""


def refuse_more(count: int, limit: Limit) -> None:
    """Refuse a file that holds more than may be.

    Raises
    ------
    UnsafeFileError
        Without the file's name, which whoever reads it adds.
    """
    if count > limit.value:
        raise UnsafeFileError(
            "The file holds more than we read.",
            expected=f"at most {limit.value:,} {limit.unit} ({limit.meaning})",
            found=f"{count:,} {limit.unit}",
            next_step="keep only the shapes and columns you need, and export the layer again",
        )
