"""One look at a study: what every page reads from, and what names it for cached functions. Knows no Streamlit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import geopandas as gpd

from connectivity.claims.claim import Basis, ProfileKey
from connectivity.manifest import Manifest
from connectivity.maps.sketch import MOST_PLACES
from connectivity.maps.symbology import MEASURES, Measure
from connectivity.method.goalposts import Dimension
from connectivity.places.parts import COAST, Part
from connectivity.quality.notice import file_name
from connectivity.views.links import Link


@dataclass(frozen=True, slots=True)
class View:
    """One look at a study: its build, scored with the reader's weights, and the reader's link.

    Attributes
    ----------
    build
        Names the build, for cached functions.
    folder
        Where it lies.
    areas
        Read-only: it is shared by every reader.
    part
        The part of the study on show, where the link names one that the study has.
    """

    build: str
    folder: Path
    areas: gpd.GeoDataFrame
    manifest: Manifest
    link: Link
    part: Part | None = None

    @property
    def scoring(self) -> str:
        """Names the build and the weights."""
        return f"{self.build} {self.link.weights}"

    @property
    def showing(self) -> str:
        """Names everything that a map or table of this view depends on."""
        return f"{self.scoring} {self.place} {self.link.measure}"

    @property
    def place(self) -> str:
        """Names the stretch of ground on show."""
        return self.part.text if self.part else str(self.link.district)

    @property
    def overview(self) -> bool:
        """Whether there are more places than a map can draw, so that councils stand for them."""
        return len(self.shown) > MOST_PLACES

    def row(self, code: str) -> dict[str, Any]:
        """Give one area as a plain dictionary."""
        return cast("dict[str, Any]", self.areas.loc[[code]].iloc[0].to_dict())

    @property
    def basis(self) -> Basis:
        """What every figure rests on."""
        return Basis.of(self.manifest)

    def file_name(self, name: str) -> str:
        """Name a file that is handed out: marked where it must not be published."""
        return file_name(name, notice=self.basis.notice)

    @property
    def measure(self) -> Measure:
        """What the map shows; councils have counts alone."""
        return MEASURES[self.profile if self.overview else self.link.measure]

    @property
    def profile(self) -> ProfileKey:
        """The activity whose counts stand beside the measure on show."""
        return "digital" if self.link.measure == "digital" else "remote"

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The areas of the chosen part or council, or all."""
        if self.part is not None:
            return self.areas[self.areas.index.isin(self.part.codes)]
        return in_district(self.areas, district=self.link.district)

    @property
    def absent(self) -> tuple[Dimension, ...]:
        """Dimensions that are not in the study."""
        return self.manifest.dimensions_absent

    @property
    def where(self) -> str:
        """What is on show: a part, a council, or the study without the date that ends its name: a place has none."""
        if self.part is not None:
            return f"the coastal areas of {self.basis.place}" if self.part.text == COAST else self.part.called
        return self.districts.get(self.link.district or "", self.basis.place)

    @property
    def districts(self) -> dict[str, str]:
        """Names of the study's councils by code, in the order of the alphabet."""
        return dict(sorted(self.manifest.district_names.items(), key=lambda item: item[1]))

    @property
    def own_weights(self) -> tuple[int, int, int, int]:
        """The study's weights in percent."""
        own = self.manifest.weights
        return round(100 * own.remote), round(100 * own.digital), round(100 * own.need), round(100 * own.alternative)


def in_district(areas: gpd.GeoDataFrame, *, district: str | None) -> gpd.GeoDataFrame:
    """Keep the areas of one council; all of them when none is named."""
    return areas if district is None else areas[areas["district_code"] == district]
