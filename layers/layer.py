"""One layer of a study file: its kind, its file or files, and what only rasters have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from layers.errors import examples
from layers.tabular.hostile import HARMLESS, is_hostile

Kind = Literal[
    "boundaries",
    "lookup",
    "postcodes",
    "wards",
    "lsoa_changes",
    "ofcom_authority",
    "ofcom_oa",
    "ofcom_postcode",
    "ofcom_postcode_2013",
    "mobile",
    "postcode_premises",
    "output_areas",
    "dwellings",
    "area_classification",
    "deprivation",
    "population",
    "census",
    "underlying_2025",
    "wimd",
    "road_distances",
    "libraries",
    "stations",
    "rural_urban",
    "coast",
    "dft_connectivity",
    "open_uprn",
    "performance",
    "subsidy",
    "reporting",
    "terrain",
    "raster",
]
BROADBAND = {"ofcom_authority", "ofcom_oa", "ofcom_postcode", "ofcom_postcode_2013"}
"""Kinds of broadband layer; a study has exactly one."""
RASTER_KEYS = ("nodata", "unit", "threshold", "route")
NAMED = ("raster", "reporting")
"""Kinds a study may have several layers of, each under a name of its own."""
MANY_FILES = ("boundaries", "wards", "terrain", "census", "subsidy", "reporting")
"""Kinds that may come in several files; the others are one table."""


def harmless(text: str) -> str:
    """Refuse text that could break a page or run in a spreadsheet."""
    if not text.strip() or is_hostile(text):
        raise ValueError(HARMLESS)
    return text


Words = Annotated[str, AfterValidator(harmless)]


class Part(BaseModel):
    """A table of the study file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Layer(Part):
    """One layer: a kind and the file or files that hold it."""

    kind: Kind
    file: str | list[str]
    member: str | None = None
    release: Words | None = None
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")] | None = None
    nodata: float | None = None
    unit: Words | None = None
    threshold: float | None = None
    route: Literal["mobile"] | None = None

    @model_validator(mode="after")
    def _keys_belong_to_their_kind(self) -> Layer:
        given = [key for key in RASTER_KEYS if getattr(self, key) is not None]
        if self.kind != "raster" and given:
            raise ValueError(f"{examples(given)} only in a layer of kind raster")
        if self.name is not None and self.kind not in NAMED:
            raise ValueError(f"name only in a layer of kind {examples(NAMED)}")
        if self.name is None and self.kind in NAMED:
            raise ValueError("a `name` of small letters, digits and _, as its columns are called after it")
        if self.route is not None and (self.threshold is None or self.unit is None):
            raise ValueError("`threshold` and `unit` beside `route`: from which value on the route is there")
        return self

    @model_validator(mode="after")
    def _as_many_files_as_are_read(self) -> Layer:
        if not all(self.files) or not self.files:
            raise ValueError("the name of a file under `file`; found none")
        if len(self.files) > 1 and self.kind not in MANY_FILES:
            raise ValueError(f"one file for {self.kind}; found {len(self.files)} files")
        return self

    @property
    def files(self) -> list[str]:
        """The file names as a list, in the order given."""
        return [self.file] if isinstance(self.file, str) else list(self.file)
