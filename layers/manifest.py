"""What a build used and what became of it: files, hashes, rows, warnings, premises without an area."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from layers.catalogue import SOURCES
from layers.files import sha256

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
    releases
        File → release, as the study file states it.
    """

    sources: list[SourceUse] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    modelled: list[str] = field(default_factory=list)
    premises_in: float = 0.0
    excluded: dict[str, float] = field(default_factory=dict)
    releases: dict[Path, str] = field(default_factory=dict)

    def used(self, path: Path, *, kind: str, rows: int, release: str | None = None, usual: str | None = None) -> None:
        """Record a file that was read, with its hash and its publisher's terms.

        Its release is the one read off it (`release`), else the one the study file states, else the `usual` one of
        its kind, else the month its name begins with.
        """
        source = SOURCES[kind]
        self.sources.append(
            SourceUse(
                name=source.title,
                file=path.name,
                sha256=sha256(path),
                rows=rows,
                release=release or self.releases.get(path) or usual or release_of(path.name) or "not stated",
                licence=source.licence,
                publisher=source.publisher,
                attribution=source.attribution,
            )
        )

    def warn(self, sentence: str) -> None:
        """Record something a reader of the results should know."""
        self.warnings.append(sentence)

    def sources_as_dicts(self) -> list[dict[str, Any]]:
        """Give the sources as plain dictionaries, for JSON."""
        return [asdict(source) for source in self.sources]


def release_of(name: str) -> str | None:
    """Read the release month off an Ofcom file name.

    >>> release_of("202507_fixed_laua_coverage_r01.csv")
    'July 2025'
    >>> release_of("areas.geojson") is None
    True
    """
    match = re.match(r"(20\d{2})(0[1-9]|1[0-2])_", name)
    return f"{MONTHS[int(match[2]) - 1]} {match[1]}" if match else None
