"""By what a folder is known to be written by this program, and so ours to replace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple


class Mark(NamedTuple):
    """A JSON file whose name and keys no other program's file is likely to have."""

    name: str
    keys: frozenset[str]


BUILD = Mark("manifest.json", frozenset({"schema_version", "fingerprint"}))
"""What a build leaves."""
STUDY = Mark("study.lock.json", frozenset({"lock_version", "files"}))
"""What a fetch leaves."""
PAGES = Mark("pages.json", frozenset({"pages_version", "fingerprint"}))
"""What lists the plain pages written from a build."""


def is_ours(folder: Path, mark: Mark = BUILD) -> bool:
    """Tell whether a folder was written by this program."""
    try:
        content = json.loads((folder / mark.name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= mark.keys
