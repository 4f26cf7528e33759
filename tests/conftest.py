from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))  # hand.py and worlds.py are shared by the tests


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Find the folder of real published files, or skip."""
    folder = Path(os.environ.get("NOTSPOT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip(f"no real published files at {folder}; set NOTSPOT_REAL_DATA to their folder")
    return folder
