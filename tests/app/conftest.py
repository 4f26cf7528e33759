from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))  # shires.py is shared by the tests of this folder

from shires import Reader, council_figure_only, squares, write

from connectivity.views import studies


@pytest.fixture(autouse=True)
def _nothing_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what earlier tests cached, and offer none of the builds that happen to lie in this checkout."""
    monkeypatch.setattr(studies, "PROCESSED", tmp_path / "processed")
    monkeypatch.delenv("NOTSPOT_BUILDS", raising=False)
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(scope="session")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("build") / "build")


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    return squares()


@pytest.fixture
def reader(build_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Open the two shires."""
    monkeypatch.setenv("NOTSPOT_BUILD", str(build_folder))
    return Reader(build_folder)


@pytest.fixture
def reader_of_council_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Open the two shires where the small areas of Eastshire cannot be told apart."""
    folder = write(tmp_path / "build")
    council_figure_only(folder)
    monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
    return Reader(folder)


@pytest.fixture
def reader_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Reader]:
    """Open the two shires with a manifest that differs."""

    def make(**changes: Any) -> Reader:
        folder = write(tmp_path / "build", **changes)
        monkeypatch.setenv("NOTSPOT_BUILD", str(folder))
        return Reader(folder)

    return make
