"""The study file: what is studied, from which files, with which switches. The unit of reproduction."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from layers.errors import StudyError, did_you_mean, examples

Geography = Literal["lsoa11", "lsoa21"]
Kind = Literal[
    "boundaries",
    "lookup",
    "postcodes",
    "wards",
    "ofcom_authority",
    "ofcom_postcode_2013",
    "output_areas",
    "dwellings",
    "area_classification",
    "deprivation",
    "population",
    "road_distances",
    "libraries",
    "stations",
    "rural_urban",
]
Aggregation = Literal["geometric", "arithmetic", "worst"]
DISTRICT_CODE = re.compile(r"^[EWSN]\d{8}$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Layer(_Part):
    """One layer: a kind and the file or files that hold it."""

    kind: Kind
    file: str | list[str]
    member: str | None = None
    release: str | None = None

    @property
    def files(self) -> list[str]:
        """The file names as a list, in the order given."""
        return [self.file] if isinstance(self.file, str) else list(self.file)


class Switches(_Part):
    """Choices that change what is counted; each is written to the manifest."""

    fwa: bool = True
    mobile: bool = False
    aggregation: Aggregation = "geometric"
    need_multiplier: Annotated[float, Field(ge=0, le=3)] = 1.0
    missing_areas_allowed: Annotated[float, Field(ge=0, lt=1)] = 0.02


class WeightsTable(_Part):
    """Weights of the four dimensions, in any scale; they are checked and normalised by the scorer."""

    remote: float = 0.25
    digital: float = 0.25
    need: float = 0.25
    alternative: float = 0.25

    @field_validator("*", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Study(_Part):
    """A study file, read and checked.

    See ``docs/study-file.md`` for every key. ``folder`` is where relative file names start.
    """

    name: Annotated[str, Field(min_length=1, max_length=120)]
    geography: Geography
    districts: Annotated[list[str], Field(min_length=1)]
    layers: Annotated[list[Layer], Field(alias="layer", min_length=1)]
    indicators: Annotated[list[str], Field(min_length=1)]
    data: str = "."
    switches: Switches = Switches()
    weights: WeightsTable = WeightsTable()
    replace_with: str | None = None
    path: Path
    folder: Path

    @field_validator("districts")
    @classmethod
    def _codes_once(cls, codes: list[str]) -> list[str]:
        wrong = [code for code in codes if not DISTRICT_CODE.match(code)]
        if wrong:
            raise ValueError(f"district codes look like E06000059; found {examples(wrong)}")
        if len(set(codes)) < len(codes):
            raise ValueError(f"each once; found twice: {examples({c for c in codes if codes.count(c) > 1})}")
        return codes

    @model_validator(mode="after")
    def _one_layer_a_kind(self) -> Study:
        kinds = [layer.kind for layer in self.layers]
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"one layer of each kind (list several files in `file`); found twice: {examples(twice)}")
        needed = {"boundaries", "lookup"} - set(kinds)
        if needed:
            raise ValueError(f"a layer of kind {examples(sorted(needed))} is needed")
        if not {"ofcom_authority", "ofcom_postcode_2013"} & set(kinds):
            raise ValueError("a broadband layer is needed: ofcom_authority or ofcom_postcode_2013")
        return self

    def layer(self, kind: Kind) -> Layer | None:
        """Find the layer of that kind, or None when the study has none."""
        return next((layer for layer in self.layers if layer.kind == kind), None)

    def paths(self, layer: Layer) -> list[Path]:
        """Where the layer's files are."""
        return [self.folder / name for name in layer.files]


def read_study(path: Path, *, data: Path | None = None) -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path
        A TOML file; see ``docs/study-file.md``.
    data
        Folder in which the layers' files are, in place of the study's own ``data`` key.

    Raises
    ------
    StudyError
        Naming the file, the key, what was expected and found, and for a misspelt key the nearest one.
    """
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise StudyError(
            "The study file cannot be opened.",
            file=path,
            expected="a TOML file that exists and may be read",
            found=error.strerror or str(error),
            next_step="check the path; the embedded study is data/demo/study.toml",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            "The study file is not valid TOML.",
            file=path,
            expected='lines such as name = "Dorset"',
            found=str(error),
            next_step="mend that line; docs/study-file.md shows a whole file",
        ) from error
    _refuse_reserved(content, path)
    base = path.parent
    named = content.get("data", ".")
    folder = data if data is not None else base / named if isinstance(named, str) else base
    try:
        return Study.model_validate({**content, "path": path, "folder": folder})
    except ValidationError as error:
        raise _study_error(error, path) from error


def _refuse_reserved(content: dict[str, Any], path: Path) -> None:
    reserved = sorted({"path", "folder", "layers"} & set(content))
    if reserved:
        raise StudyError(
            f"The study file has a key that is not known: {reserved[0]}.",
            file=path.name,
            column=reserved[0],
            expected="nearest: “layer”" if reserved[0] == "layers" else "no such key",
            found=reserved[0],
            next_step="rename or remove the key; docs/study-file.md lists them",
        )


def _study_error(error: ValidationError, path: Path) -> StudyError:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the file"
    more = f" ({error.error_count() - 1} more after it)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = _keys_beside(first["loc"])
        return StudyError(
            f"The study file has a key that is not known: {key}{more}.",
            file=path.name,
            column=key,
            expected=did_you_mean(str(first["loc"][-1]), known) or f"one of {', '.join(sorted(known))}",
            found=str(first["loc"][-1]),
            next_step="rename or remove the key; docs/study-file.md lists them",
        )
    expected = first["msg"].removeprefix("Value error, ")
    if first["type"] == "literal_error":
        options = _options(first["loc"])
        expected = did_you_mean(str(first["input"]), options) or expected
    missing = first["type"] == "missing"
    return StudyError(
        f"The study file lacks a key: {key}{more}." if missing else f"The study file has a wrong value at {key}{more}.",
        file=path.name,
        column=key,
        expected=expected,
        found="nothing" if missing else repr(first["input"])[:120],
        next_step="mend the key; docs/study-file.md explains each",
    )


def _keys_beside(location: Sequence[int | str]) -> list[str]:
    tables: dict[str, type[BaseModel]] = {"layer": Layer, "switches": Switches, "weights": WeightsTable}
    model = tables.get(str(location[0]), Study) if len(location) > 1 else Study
    names = [field.alias or name for name, field in model.model_fields.items()]
    return [name for name in names if name not in {"path", "folder"}]


def _options(location: Sequence[int | str]) -> tuple[str, ...]:
    return {"kind": get_args(Kind), "geography": get_args(Geography), "aggregation": get_args(Aggregation)}.get(
        str(location[-1]), ()
    )


def revised(study: Study, *, switches: dict[str, object]) -> Study:
    """Change switches of a study, checked as if the file had said so.

    Raises
    ------
    StudyError
        For a value that is not allowed.
    """
    content = study.model_dump(by_alias=True)
    content["switches"] = {**content["switches"], **switches}
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        raise _study_error(error, study.path) from error
