"""Which release of Ofcom's a file is, in words, and whether it counts homes only: both stand in its name."""

from __future__ import annotations

import re
from pathlib import Path

from layers.errors import LayerError, examples
from layers.files import names_of
from layers.manifest import Ledger, release_of

HOMES = re.compile(r"(^|[_/])res(_|\b)", re.IGNORECASE)
"""Ofcom marks files that count homes and leave businesses out by ``_res_`` in their name."""
HOMES_ONLY = ", homes only"
NOT_STATED = "release not stated"


def release_in_words(path: Path, *, member: str | None = None, stated: str | None = None) -> str:
    """Say which release a file is, and whether it counts homes only.

    Parameters
    ----------
    path, member
        The file; the names of the members that are meant, and of archives on the way to them, are looked at too.
    stated
        The release in words, as the study file says it.

    Raises
    ------
    LayerError
        When some of the members count homes only and some do not.
    """
    names = names_of(path, member=member)
    found = [release_of(Path(name).name) for name in reversed(names)]
    words = stated or next((release for release in found if release), NOT_STATED)
    parts = [name for name in names if not name.lower().endswith(".zip")]
    wrapped = any(counts_homes_only(name) for name in names if name not in parts)
    homes = [name for name in parts if counts_homes_only(name)]
    if homes and len(homes) < len(parts) and not wrapped:
        raise LayerError(
            f"{len(homes):,} of the {len(parts):,} members that are meant count homes only.",
            file=path.name,
            rows=examples(homes),
            expected="all of them homes only, or none",
            found=f"such as {next(name for name in parts if name not in homes)} among them",
            next_step="narrow `member` down: homes only has _res_ in its names",
        )
    return f"{words}{HOMES_ONLY}" if homes or wrapped else words


def warn_of_homes_only(release: str, *, path: Path, ledger: Ledger) -> None:
    """Say in the manifest that businesses are left out, where a file of homes only is read in place of all premises."""
    if release.endswith(HOMES_ONLY):
        ledger.warn(f"{path.name}: counts homes only, businesses are left out; so do all results.")


def counts_homes_only(name: str) -> bool:
    """Tell by its name whether a file counts homes only.

    >>> counts_homes_only("202601_fixed_oa_res_coverage_r1.csv"), counts_homes_only("202601_fixed_oa_coverage_r1.csv")
    (True, False)
    """
    return HOMES.search(name) is not None
