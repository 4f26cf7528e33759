"""The study file: what is studied, from which files, with which switches. The unit of reproduction."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError, field_validator, model_validator

from layers.errors import StudyError, examples
from layers.layer import BROADBAND, NAMED, Kind, Layer, Part, Words, harmless
from layers.mistakes import keys_of, mistake, unknown_key

Geography = Literal["lsoa11", "lsoa21"]
Aggregation = Literal["geometric", "arithmetic", "worst"]
STUDY_FILE = "study.toml"
"""What `fetch` calls a study file: a folder stands for the one in it."""
DISTRICT_CODE = re.compile(r"[EWSN][0-9]{8}")
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Switches(Part):
    """Choices that change what is counted; each is written to the manifest."""

    fwa: bool = True
    mobile: bool = False
    aggregation: Aggregation = "geometric"
    need_multiplier: Annotated[Number, Field(le=3)] = 1.0
    missing_areas_allowed: Annotated[Number, Field(lt=1)] = 0.02


class WeightsTable(Part):
    """Weights of the four dimensions, in any scale; the scorer normalises them."""

    remote: Number = 0.25
    digital: Number = 0.25
    need: Number = 0.25
    alternative: Number = 0.25

    @model_validator(mode="after")
    def _something_to_score(self) -> WeightsTable:
        if self.remote == self.digital == 0:
            raise ValueError("remote or digital above 0, or nothing is left to score; found both 0")
        return self


class Study(Part):
    """A study file, read and checked.

    See ``docs/study-file.md`` for every key. ``folder`` is where relative file names start.
    """

    name: Annotated[str, Field(max_length=120), AfterValidator(harmless)]
    geography: Geography
    districts: Annotated[list[str], Field(min_length=1)]
    layers: Annotated[list[Layer], Field(alias="layer", min_length=1)]
    indicators: Annotated[list[str], Field(min_length=1)]
    data: str = "."
    switches: Switches = Switches()
    weights: WeightsTable = WeightsTable()
    replace_with: Words | None = None
    path: Annotated[Path, Field(exclude=True)]
    folder: Annotated[Path, Field(exclude=True)]

    @field_validator("districts")
    @classmethod
    def _codes_once(cls, codes: list[str]) -> list[str]:
        wrong = [code for code in codes if not DISTRICT_CODE.fullmatch(code)]
        if wrong:
            raise ValueError(f"district codes look like E06000059; found {examples(wrong)}")
        if len(set(codes)) < len(codes):
            raise ValueError(f"each once; found twice: {examples(sorted({c for c in codes if codes.count(c) > 1}))}")
        return codes

    @field_validator("districts")
    @classmethod
    def _one_nation(cls, codes: list[str]) -> list[str]:
        nations = sorted({code[:1] for code in codes})
        if len(nations) > 1:
            raise ValueError(f"districts of one nation, as need is measured apart; found {examples(nations)}")
        return codes

    @field_validator("layers")
    @classmethod
    def _one_layer_a_kind(cls, layers: list[Layer]) -> list[Layer]:
        kinds = [layer.kind for layer in layers]
        for several in NAMED:
            names = [str(layer.name) for layer in layers if layer.kind == several]
            if len(set(names)) < len(names):
                raise ValueError(f"a name of its own for each {several} layer; found {examples(names)}")
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1 and kind not in NAMED})
        if twice:
            raise ValueError(f"one layer of each kind; found twice: {examples(twice)}")
        needed = {"boundaries", "lookup"} - set(kinds)
        if needed:
            raise ValueError(f"a layer of kind {examples(sorted(needed))} too; found {examples(kinds)}")
        broadband = [kind for kind in kinds if kind in BROADBAND]
        if len(broadband) != 1:
            raise ValueError(
                f"one broadband layer, {' or '.join(sorted(BROADBAND))}; found {examples(broadband or kinds)}"
            )
        return layers

    def layer(self, kind: Kind) -> Layer | None:
        """Find the layer of that kind, or None when the study has none."""
        return next((layer for layer in self.layers if layer.kind == kind), None)

    def paths(self, layer: Layer) -> list[Path]:
        """Where the layer's files are; a pattern such as ``terrain50/*.zip`` stands for all that match, by name."""
        found: list[Path] = []
        for name in layer.files:
            matches = sorted(self.folder.glob(name)) if "*" in name else [self.folder / name]
            found += matches or [self.folder / name]  # what is not there is said when it is opened
        return found


TABLES: dict[str, type[BaseModel]] = {"layer": Layer, "switches": Switches, "weights": WeightsTable}


def read_study(path: Path, *, data: Path | None = None) -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path
        A TOML file, or a folder with a ``study.toml``; see ``docs/study-file.md``.
    data
        Folder in which the layers' files are, in place of the study's own ``data`` key.

    Raises
    ------
    StudyError
        Naming the file, the key, what was expected and found, and for a misspelt key the nearest one.
    """
    path = study_file(path)
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise StudyError(
            "The study file cannot be opened.",
            file=path,
            expected="a TOML file that exists and may be read",
            found=error.strerror or str(error),
            next_step="check the path; the embedded study is data/demo/study.toml",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(
            "The study file is not valid TOML.",
            file=path,
            expected='lines such as name = "Dorset"',
            found=str(error),
            next_step="mend that line; docs/study-file.md shows a whole file",
        ) from error
    reserved = sorted({"path", "folder", "layers"} & set(content))  # names of ours that no study file has
    if reserved:
        raise unknown_key(reserved[0], keys_of(Study), path=path)
    base = path.parent
    named = content.get("data", ".")
    folder = data if data is not None else base / named if isinstance(named, str) else base
    try:
        return Study.model_validate({**content, "path": path, "folder": folder})
    except ValidationError as error:
        raise mistake(error, path=path, study=Study, tables=TABLES) from error


def study_file(path: Path) -> Path:
    """Find the study file that is meant: the path itself, or the ``study.toml`` in a folder.

    Raises
    ------
    StudyError
        When it is a folder without one; the study files it does hold are named.
    """
    if not path.is_dir():
        return path
    if (path / STUDY_FILE).is_file():
        return path / STUDY_FILE
    others = sorted(str(inside) for inside in path.glob("*.toml"))
    raise StudyError(
        f"This is a folder, and there is no {STUDY_FILE} in it.",
        file=path,
        expected=f"a study file, or a folder with a {STUDY_FILE}",
        found=examples(others) if others else "no file that ends in .toml",
        next_step=f"name the study file: {others[0]}" if others else "name the study file itself",
    )


def revised(study: Study, *, switches: dict[str, object]) -> Study:
    """Change switches of a study, checked as if the file had said so.

    Raises
    ------
    StudyError
        For a value that is not allowed.
    """
    content = {**study.model_dump(by_alias=True), "path": study.path, "folder": study.folder}
    content["switches"] = {**content["switches"], **switches}
    try:
        return Study.model_validate(content)
    except ValidationError as error:
        raise mistake(error, path=study.path, study=Study, tables=TABLES) from error
