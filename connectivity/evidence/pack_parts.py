"""What every file of a pack is made from, and what a maker of files gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from connectivity.evidence.pack_content import PackContent
from connectivity.outputs import Build


@dataclass(frozen=True, slots=True)
class PackSource:
    """A build and what is said of a place in it.

    Attributes
    ----------
    build
        As it was read, its areas by the study's own weights.
    folder
        Where it lies: makers read its other files, and never name the folder.
    content
        All the words.
    """

    build: Build
    folder: Path
    content: PackContent

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The small areas of the place, whole or in part, index ``area_code``, sorted."""
        shares = self.content.subject.shares
        return self.build.areas.loc[self.build.areas.index.isin(shares.index)].sort_index()


FileMaker = Callable[[PackSource], Mapping[str, bytes]]
"""Gives the bytes of some files of a pack by name; the same bytes for the same source, on any clock or machine."""
