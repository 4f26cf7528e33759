"""The study file: what is studied, from which files, with which switches. The unit of reproduction.

Its layers: each one's kind, its file or files, and what only rasters have. What is wrong with it is said in its own
terms: the key, what was expected there, what stands there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from layers.errors import StudyError, did_you_mean, examples
from layers.geography import GEOGRAPHIES
from layers.intake.cells import HARMLESS, is_hostile
from layers.kinds import KINDS, kinds_where

PLAIN = {
    "missing": "this key",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "float_type": "a number",
    "finite_number": "a number",
    "list_type": "a list in square brackets",
    "model_type": "a table of keys",
    "too_short": "at least one entry",
    "string_too_short": "some text",
}
"""Pydantic's kinds of error in the words of a study file; others keep pydantic's own sentence."""
MENDED_BY = "mend the key; docs/study-file.md explains each"


def mistake(
    error: ValidationError, *, path: Path, study: type[BaseModel], tables: Mapping[str, type[BaseModel]]
) -> StudyError:
    """Word the first thing that is wrong; an unknown key comes first, as it is often why another one is missing.

    Parameters
    ----------
    error
        What pydantic found.
    path
        The study file.
    study, tables
        The model of the whole file, and of each table in it by its key.
    """
    found = sorted(error.errors(), key=lambda detail: detail["type"] != "extra_forbidden")
    first = found[0]
    where = first["loc"]
    model = tables.get(str(where[0]), study) if len(where) > 1 else study
    key = _written(where)
    more = f" ({len(found) - 1} more after it)" if len(found) > 1 else ""
    if first["type"] == "extra_forbidden":
        return unknown_key(key, study_keys(model), path=path, more=more)
    missing = first["type"] == "missing"
    expected, _, said = first["msg"].removeprefix("Value error, ").partition("; found ")
    expected = PLAIN.get(first["type"], expected.removeprefix("Input should be "))
    if first["type"] == "literal_error":
        options = get_args(model.model_fields[str(where[-1])].annotation)
        expected = did_you_mean(str(first["input"]), options) or expected
    return StudyError(
        f"The study file lacks a key: {key}{more}." if missing else f"The study file has a wrong value at {key}{more}.",
        file=path.name,
        column=key,
        expected=expected,
        found="nothing" if missing else said or repr(first["input"])[:120],
        next_step=MENDED_BY,
    )


def unknown_key(key: str, known: Sequence[str], *, path: Path, more: str = "") -> StudyError:
    """Word the refusal of a key that does not exist, naming the nearest that does."""
    name = key.rpartition(", ")[2]
    return StudyError(
        f"The study file has a key that is not known: {key}{more}.",
        file=path.name,
        column=key,
        expected=did_you_mean(name, known) or f"one of {', '.join(sorted(known))}",
        found=name,
        next_step="rename or remove the key; docs/study-file.md lists them",
    )


def study_keys(model: type[BaseModel]) -> list[str]:
    """List a model's keys as a study file writes them."""
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]


def _written(where: Sequence[Any]) -> str:
    """Write where a key is, counting from 1 and leaving out how pydantic tried to read it.

    >>> _written(("layer", 1, "file", "str")), _written(("weights", "remote")), _written(())
    ('layer 2, file', 'weights, remote', 'the file')
    """
    words = ""
    for part in where:
        if isinstance(part, int):
            words += f" {part + 1}"
        elif part not in {"str", "list[str]", "list[constrained-str]"}:
            words += f", {part}" if words else str(part)
    return words or "the file"


SETTINGS = ("nodata", "unit", "threshold", "route")
"""Keys of a layer that only some kinds have."""


def refuse_harmful(text: str) -> str:
    """Refuse text that could break a page or run in a spreadsheet."""
    if not text.strip() or is_hostile(text):
        raise ValueError(HARMLESS)
    return text


Words = Annotated[str, AfterValidator(refuse_harmful)]


def one_of(word: object, known: Collection[str]) -> str:
    """Refuse a word that is none of those known, naming the nearest."""
    if isinstance(word, str) and word in known:
        return word
    *others, last = (f"'{name}'" for name in known)
    near = did_you_mean(str(word), list(known)) or f"{', '.join(others)} or {last}"
    raise ValueError(f"{near}; found {repr(word)[:120]}")


Kind = Annotated[str, BeforeValidator(lambda word: one_of(word, KINDS))]
Geography = Annotated[str, BeforeValidator(lambda word: one_of(word, GEOGRAPHIES))]


class StudyTable(BaseModel):
    """A table of the study file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Layer(StudyTable):
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
        kind = KINDS[self.kind]
        given = [key for key in SETTINGS if getattr(self, key) is not None and key not in kind.settings]
        if given:
            owners = [name for name, other in KINDS.items() if set(given) <= set(other.settings)]
            raise ValueError(f"{examples(given)} only in a layer of kind {examples(owners)}")
        if self.name is not None and not kind.named:
            raise ValueError(f"name only in a layer of kind {examples(kinds_where(named=True))}")
        if self.name is None and kind.named:
            raise ValueError("a `name` of small letters, digits and _, as its columns are called after it")
        if self.route is not None and (self.threshold is None or self.unit is None):
            raise ValueError("`threshold` and `unit` beside `route`: from which value on the route is there")
        return self

    @model_validator(mode="after")
    def _as_many_files_as_are_read(self) -> Layer:
        if not all(self.files) or not self.files:
            raise ValueError("the name of a file under `file`; found none")
        if len(self.files) > 1 and not KINDS[self.kind].many_files:
            raise ValueError(f"one file for {self.kind}; found {len(self.files)} files")
        return self

    @property
    def files(self) -> list[str]:
        """The file names as a list, in the order given."""
        return [self.file] if isinstance(self.file, str) else list(self.file)


Aggregation = Literal["geometric", "arithmetic", "worst"]
STUDY_FILE = "study.toml"
"""What `fetch` calls a study file: a folder stands for the one in it."""
DISTRICT_CODE = re.compile(r"[EWSN][0-9]{8}")
Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Switches(StudyTable):
    """Choices that change what is counted; each is written to the manifest."""

    fwa: bool = True
    mobile: bool = False
    aggregation: Aggregation = "geometric"
    need_multiplier: Annotated[Number, Field(le=3)] = 1.0
    missing_areas_allowed: Annotated[Number, Field(lt=1)] = 0.02


class WeightsTable(StudyTable):
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


class Study(StudyTable):
    """A study file, read and checked.

    See ``docs/study-file.md`` for every key. ``folder`` is where relative file names start.
    """

    name: Annotated[str, Field(max_length=120), AfterValidator(refuse_harmful)]
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
        for several in kinds_where(named=True):
            names = [str(layer.name) for layer in layers if layer.kind == several]
            if len(set(names)) < len(names):
                raise ValueError(f"a name of its own for each {several} layer; found {examples(names)}")
        twice = sorted({kind for kind in kinds if kinds.count(kind) > 1 and not KINDS[kind].named})
        if twice:
            raise ValueError(f"one layer of each kind; found twice: {examples(twice)}")
        needed = set(kinds_where(needed=True)) - set(kinds)
        if needed:
            raise ValueError(f"a layer of kind {examples(sorted(needed))} too; found {examples(kinds)}")
        able = sorted(kinds_where(reads="broadband"))
        broadband = [kind for kind in kinds if kind in able]
        if len(broadband) != 1:
            raise ValueError(f"one broadband layer, {' or '.join(able)}; found {examples(broadband or kinds)}")
        return layers

    def layer(self, kind: str) -> Layer | None:
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
        raise unknown_key(reserved[0], study_keys(Study), path=path)
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
