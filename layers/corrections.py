"""What publishers have corrected, or left standing, in releases that a study may use: a small table with sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from layers.manifest import SourceUse

ISSUE_RULE = "it is the corrected issue"
"""How the check begins by which a loader tells the issue (:mod:`layers.issues`)."""
State = Literal["corrected", "superseded", "not known", "as published"]
STATES: dict[State, str] = {
    "corrected": "The file used is the corrected one.",
    "superseded": "The file used is the first issue, not the corrected one.",
    "not known": "Whether the file used is the corrected one is not known.",
    "as published": "No correction is known to us; the figures are used as published.",
}
REISSUE = re.compile(r"[_-]r0*(\d+)(?!\d)", re.IGNORECASE)
"""Ofcom ends its file names in ``r01``, and in a higher number when it puts the file out again."""
OFCOM = ("ofcom_authority", "ofcom_oa", "ofcom_postcode", "mobile")


@dataclass(frozen=True, slots=True)
class Correction:
    """One known correction, or one known exception.

    Parameters
    ----------
    kinds
        Kinds of layer it is about.
    release
        What the release's words must hold, such as a year; "" for any.
    words
        What was corrected, or stands uncorrected, in plain words.
    source
        Who says so.
    corrected, superseded
        SHA-256 of the corrected file and of the one it replaced, as far as they are known.
    weighs
        Whether not knowing lowers the layer's light: it does where a correction is certain to exist.
    figures
        Whether figures changed: only then is the file that was withdrawn unfit to publish from.
    stands
        Whether it is an exception the publisher has not corrected, as far as we know.
    """

    kinds: tuple[str, ...]
    release: str
    words: str
    source: str
    corrected: frozenset[str] = frozenset()
    superseded: frozenset[str] = frozenset()
    weighs: bool = True
    figures: bool = True
    stands: bool = False

    def applies(self, used: SourceUse) -> bool:
        """Tell whether it is about that file."""
        return used.kind in self.kinds and self.release in used.release

    def state(self, used: SourceUse, *, first: bool | None = None) -> State:
        """Tell which issue the file is: by its bytes, or by what it holds; its name may be the same in both.

        Parameters
        ----------
        first
            Whether what the file holds is as in the first issue; None where that does not tell.
        """
        if self.stands:
            return "as published"
        if used.sha256 in self.corrected or first is False:
            return "corrected"
        return "superseded" if used.sha256 in self.superseded or first else "not known"


_IOD = "Ministry of Housing, Communities and Local Government, English Indices of Deprivation 2025"
CORRECTIONS = (
    Correction(
        ("deprivation",),
        "2025",
        "File 7 of the English Indices of Deprivation 2025 was put out again, corrected, in November 2025; "
        "as far as we know the district of one area was put right, and no figure.",
        f"{_IOD}, file 7, and public notes on the corrected workbook (not seen here)",
        figures=False,
    ),
    Correction(
        ("underlying_2025",),
        "",  # the kind is of that release alone
        "File 8 of the English Indices of Deprivation 2025 was put out again, corrected, in November 2025; "
        "as far as we know the district of one area was put right, and no figure.",
        f"{_IOD}, file 8, and public notes on the corrected workbook (not seen here)",
        figures=False,
    ),
    Correction(
        ("ofcom_authority",),
        "July 2025",
        "In 4 of the 41 council rows we have seen of this release more premises have gigabit than have 300 Mbit/s "
        "(Torridge by 825). Gigabit is in no score.",
        "Ofcom, Connected Nations 2025, fixed coverage by local authority, read and counted by this project",
        stands=True,
    ),
)


def reissue_of(name: str) -> int | None:
    """Read off an Ofcom file name which issue it is.

    >>> reissue_of("202507_fixed_laua_coverage_r01.csv"), reissue_of("202601_mobile_coverage_r2.zip")
    (1, 2)
    >>> reissue_of("coverage.csv") is None
    True
    """
    found = REISSUE.search(name)
    return int(found[1]) if found else None


def about_reissue(used: SourceUse) -> str | None:
    """Say which issue of an Ofcom file was used; None for other layers, and where the name does not say."""
    issue = reissue_of(used.file) if used.kind in OFCOM else None
    if issue is None:
        return None
    if issue > 1:
        return f"The file is issue {issue}: Ofcom put it out again. Whether a later issue exists is not known."
    return "The file is Ofcom's first issue. Ofcom sometimes puts files out again; whether it did is not known."
