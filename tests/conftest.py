from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))  # hand.py and worlds.py are shared by the tests

# A property is about answers, not about time: a busy machine must not fail it.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Find the folder of real published files, or skip."""
    folder = Path(os.environ.get("NOTSPOT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip(f"no real published files at {folder}; set NOTSPOT_REAL_DATA to their folder")
    return folder
