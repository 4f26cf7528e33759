"""The shelf: finished builds that stand beside each other in one app, each under a short id. Knows no Streamlit.

An id in a link is looked up here and nowhere else, so a link never names a folder. Builds of one study, release and
settings are one study: the newest stands for them. Where settings differ, the date of each build tells them apart.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from connectivity.claims.claim import Basis
from connectivity.manifest import MANIFEST, read_manifest
from connectivity.outputs import AREAS
from layers.errors import OutputError

_log = logging.getLogger(__name__)
_FINGERPRINT = re.compile(r"[0-9a-f]{16,}")
ID_LETTERS = 8
SETTINGS = {"geography", "counts_fwa", "counts_mobile", "weights", "aggregation", "need_multiplier"}
"""Keys of a manifest that make another study out of the same files; its councils and indicators do too."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One study that can be shown.

    Attributes
    ----------
    id
        What stands for it in a link: the first letters of its fingerprint.
    folder
        Where its build is; None for one that is built when it is first asked for.
    label
        How the picker names it.
    basis
        What its figures rest on, as far as known without building it.
    settings
        What makes it another study than a build of the same name and release.
    """

    id: str
    folder: Path | None
    label: str
    basis: Basis | None = None
    created: str = ""
    settings: str = ""


def shelve(first: Path, *, others: Iterable[Path]) -> dict[str, Shelved]:
    """Put builds on the shelf, by id.

    Parameters
    ----------
    first
        The build shown when a link names none. It stands first, and for every other build of the same study.
    others
        Folders that may hold a build. What is not a finished build of this version is passed over.

    Returns
    -------
    dict
        The first study first; empty when it cannot be read, so that its fault is told before anything else.
    """
    default = read(first)
    if default is None:
        return {}
    found = sorted(
        (one for folder in others if (one := read(folder)) is not None),
        key=lambda one: (one.created, str(one.folder)),
        reverse=True,
    )
    kept: dict[tuple[str, str], Shelved] = {}
    for one in [default, *found]:
        kept.setdefault((one.label, one.settings), one)
    once: dict[str, Shelved] = {}
    for one in kept.values():
        once.setdefault(one.id, one)
    labels = [one.label for one in once.values()]
    named = [
        replace(one, label=f"{one.label}, built {day(one.created)}") if labels.count(one.label) > 1 else one
        for one in once.values()
    ]
    ordered = sorted(named, key=lambda one: (one.id != default.id, one.label))
    return {one.id: one for one in ordered}


def read(folder: Path) -> Shelved | None:
    """Read what the shelf needs of a build; None when the folder holds no finished build of this version."""
    manifest = folder / MANIFEST
    try:
        stamp = manifest.stat().st_mtime_ns
        if not (folder / AREAS).is_file():
            return None
    except OSError:
        return None
    return _read(folder, stamp)


@lru_cache(maxsize=256)
def _read(folder: Path, stamp: int) -> Shelved | None:  # noqa: ARG001 - a newer build is another entry
    try:
        manifest = read_manifest(folder)
    except OutputError:
        _log.warning("%s is passed over: its manifest cannot be read.", folder)
        return None
    if not _FINGERPRINT.match(manifest.fingerprint):
        return None
    settings = manifest.model_dump(include=SETTINGS) | {
        "districts": sorted(manifest.district_names),
        "indicators": sorted(one.key for one in manifest.indicators),
    }
    basis = Basis.of(manifest)
    return Shelved(
        id=manifest.fingerprint[:ID_LETTERS],
        folder=folder,
        label=f"{basis.release} · {basis.study}",
        basis=basis,
        created=manifest.created,
        settings=json.dumps(settings, sort_keys=True),
    )


def day(created: str) -> str:
    """Write the day of a build.

    >>> day("2026-03-01T09:00:00Z"), day("soon")
    ('1 March 2026', 'on an unknown day')
    """
    try:
        made = date.fromisoformat(created[:10])
    except ValueError:
        return "on an unknown day"
    return f"{made.day} {made:%B %Y}"
