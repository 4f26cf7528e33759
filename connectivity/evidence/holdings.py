"""The files of a build that a reader may take away one by one: what each is for and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connectivity.manifest import MANIFEST, build_command, read_manifest
from connectivity.outputs import AREAS, DENSITY, RANKING
from connectivity.places.reports import file_of
from connectivity.quality.notice import PAGE
from connectivity.robustness.stored_run import REPORT
from layers.errors import LONGEST, OutputError
from layers.families import family_of

SAID = {
    MANIFEST: (
        "What was used: every file with its fingerprint, the switches, and what was left out",
        "application/json",
    ),
    RANKING: ("Every small area: ranks, counts and scores, for a spreadsheet", "text/csv"),
    AREAS: ("The same with outlines, for a map program", "application/vnd.apache.parquet"),
    PAGE: ("How good the data are, as a page to print", "text/html"),
    REPORT: ("How sure the ranking is", "application/json"),
    DENSITY: ("Premises in each square kilometre, modelled, for a map program", "image/tiff"),
}
"""What a file of a build is for, and its kind."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One file of a build that a reader may take away.

    Attributes
    ----------
    path, said, kind
        Where it is, what it is for, and its media type.
    size
        Bytes.
    """

    path: Path
    said: str
    kind: str
    size: int

    @property
    def program(self) -> bool:
        """Say whether it is for a program: people open tables and pages.

        >>> Holding(Path("a"), "", "text/csv", 1).program, Holding(Path("a"), "", "image/tiff", 1).program
        (False, True)
        """
        return not self.kind.startswith("text/")

    @property
    def weight(self) -> str:
        """Say its size the way people do."""
        return weight_of(self.size)


def weight_of(size: int) -> str:
    """Say a number of bytes the way people do.

    >>> weight_of(300), weight_of(2_340_000)
    ('1 KB', '2.3 MB')
    """
    if size >= 1_000_000:  # noqa: PLR2004 - a megabyte
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1000)):,} KB"


def holdings(folder: Path) -> list[Holding]:
    """List the files of a build that a reader may take away, those of most readers first.

    Raises
    ------
    OutputError
        When the folder's files cannot be read.
    """
    reports = {
        file_of(name): f"The same premises by {family_of(name).singular}" for name in read_manifest(folder).reports
    }
    listed = SAID | {file: (said, "text/csv") for file, said in reports.items()}
    try:
        found = {path.name: path for path in folder.iterdir() if path.is_file()}
        return [
            Holding(found[name], said, kind, found[name].stat().st_size)
            for name, (said, kind) in listed.items()
            if name in found
        ]
    except OSError as error:
        raise OutputError(
            "The files of the build cannot be listed.",
            file=folder,
            expected="the folder a build writes",
            found=str(error)[:LONGEST],
            next_step=f"run: {build_command(folder)}",
        ) from error
