"""What every file of a pack is made from, and what a maker of files gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd

from connectivity.evidence.clean_text import fit_areas, fit_words
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
    replaced
        The texts of build and content in which something could not be printed, or would have turned the words around
        it, as they now stand in both.
    """

    build: Build
    folder: Path
    content: PackContent
    replaced: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Write what no document can hold as its code, once for all makers."""
        replaced: list[str] = []
        areas = fit_areas(self.build.areas, replaced=replaced)
        if areas is not self.build.areas:
            object.__setattr__(self, "build", replace(self.build, areas=areas))
        object.__setattr__(self, "content", fit_words(self.content, replaced=replaced))
        object.__setattr__(self, "replaced", tuple(dict.fromkeys(replaced)))

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The small areas of the place, whole or in part, index ``area_code``, sorted."""
        found = self.build.areas.index.get_indexer(self.content.subject.shares.index)
        return self.build.areas.iloc[found[found >= 0]].sort_index()


FileMaker = Callable[[PackSource], Mapping[str, bytes]]
"""Gives the bytes of some files of a pack by name; the same bytes for the same source, on any clock or machine."""
