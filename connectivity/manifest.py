"""The manifest of a build, typed: what was used, how it was scored, and what became of every premises and area.

It is written and parsed here and nowhere else; every reader takes the :class:`Manifest`. `docs/outputs.md` describes
the keys, which are the names and the order of the fields below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectivity.method.records import Dimension
from connectivity.quality.notice import notice_in
from connectivity.schema import SCHEMA_VERSION
from layers.errors import LONGEST, OutputError, command_line
from layers.figures import Figure
from layers.ledger import SourceUse
from layers.study import STUDY_FILE

MANIFEST = "manifest.json"
NOT_RECORDED = "not recorded"
"""Who counts the premises, in a build from before that was kept."""
LARGEST = Figure(
    64_000_000, "bytes", "no manifest is larger, so a larger file is not read", "assumption: that of 2025 has 78 kB"
)
RESULTS = Path("results")
"""Where the README puts builds."""
Number = int | float
"""Whole where the study says it whole, so that it is written as it was."""


class _Record(BaseModel):
    """Cannot be changed, is of the very types it names, and passes over keys that it does not know."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="ignore",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Accounted(_Record):
    """What becomes of all premises, or all areas: those that came in are scored or excluded, by reason."""

    total: int = Field(alias="in")
    scored: int
    excluded: Mapping[str, int]


class District(_Record):
    """A council of the study; `separable` says whether its small areas can be told apart."""

    code: str
    name: str
    separable: bool


class DimensionWeights(_Record):
    """How much each dimension weighs, together 1."""

    remote: Number
    digital: Number
    need: Number
    alternative: Number


class SpeedBand(_Record):
    """An exclusive band of download speeds in Mbit/s; `high` is None for the last."""

    column: str
    label: str
    low: Number
    high: Number | None


class IndicatorRecord(_Record):
    """An indicator the study declares: its column, and the values that are as good and as bad as can be."""

    column: str
    key: str
    label: str
    unit: str
    dimension: Dimension
    good: tuple[Number, ...]
    bad: tuple[Number, ...]
    source: str
    proxy: bool


class CoastRecord(_Record):
    """How many areas are on the coast, and how that was told or why it was not."""

    how: str
    yes: int
    no: int
    not_known: int


class LockRecord(_Record):
    """Whether the lock of a fetched study could be read, and which files are not the ones fetched."""

    readable: bool
    other_files: tuple[str, ...]


class ReportedPremises(_Record):
    """What becomes of all premises in a report by a boundary."""

    total: Number = Field(alias="in")
    in_places: Number
    counted_twice: Number
    not_assigned: Mapping[str, Number]


class ReportRecord(_Record):
    """A report by a boundary: how premises were assigned to its places, and that they add up."""

    title: str
    method: str
    modelled: bool
    places: int
    premises: ReportedPremises


class QualityRecord(_Record):
    """The light of the data-quality report, and the files that hold it."""

    light: Literal["green", "amber", "red"]
    words: str
    file: str
    page: str


class Manifest(_Record):
    """The record of a build, its fields named and ordered as the keys of the file."""

    study: str
    created: str
    software: str
    schema_version: int
    method_version: str
    fingerprint: str
    seed: int
    unit: Literal["premises", "lines"]
    sources: tuple[SourceUse, ...]
    premises: Accounted
    areas: Accounted
    counts_fwa: bool
    counts_mobile: bool
    modelled: tuple[str, ...]
    geography: str
    release: str
    basis: str
    definition: str | None = None
    premises_from: str | None = NOT_RECORDED
    coverage_modelled: bool
    districts: tuple[District, ...]
    weights: DimensionWeights
    aggregation: Literal["geometric", "arithmetic", "worst"]
    need_multiplier: Number
    bands: tuple[SpeedBand, ...]
    indicators: tuple[IndicatorRecord, ...]
    dimensions_absent: tuple[Dimension, ...]
    replace_with: str | None
    coastal: CoastRecord | None = None
    lock: LockRecord | None = None
    warnings: tuple[str, ...]
    draws: int = 0
    reports: Mapping[str, ReportRecord] = {}
    quality: QualityRecord | None = None
    do_not_publish: str | None = None

    @property
    def district_names(self) -> dict[str, str]:
        """Names of the councils by code, in the order of the codes."""
        return {district.code: district.name for district in self.districts}

    def indicators_of(self, dimension: Dimension) -> list[IndicatorRecord]:
        """List the indicators of one dimension."""
        return [one for one in self.indicators if one.dimension == dimension]

    def as_json(self) -> bytes:
        """Write it as the file holds it."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2, allow_nan=False)
        return text.encode() + b"\n"


class _Version(_Record):
    """What is looked at first: another version may have other keys."""

    schema_version: int


R = TypeVar("R", bound=_Record)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a build back, with the notice of one that must not be published.

    Parameters
    ----------
    folder
        What is taken for a build; messages name it as it was given.

    Raises
    ------
    OutputError
        When it is no build, is damaged, or is of another version; the message names the next step.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            text = file.read(int(LARGEST.value) + 1)
    except OSError as error:
        raise _no_manifest(folder, error) from error
    if len(text) > LARGEST.value:
        raise _damaged(folder, expected=f"at most {LARGEST.value:,.0f} bytes", found=f"{path.stat().st_size:,} bytes")
    manifest = parse(text, folder=folder)
    if "do_not_publish" in manifest.model_fields_set or manifest.quality is None or manifest.quality.light != "red":
        return manifest
    return manifest.model_copy(update={"do_not_publish": notice_in(folder)})  # of before manifests had a notice


def parse(text: bytes, *, folder: Path) -> Manifest:
    """Parse a manifest.

    Parameters
    ----------
    text
        As the file holds it.
    folder
        Of the build, for messages.

    Raises
    ------
    OutputError
        When it is damaged or of another version.
    """
    version = _checked(_Version, text, folder=folder).schema_version
    if version == SCHEMA_VERSION:
        return _checked(Manifest, text, folder=folder)
    newer = version > SCHEMA_VERSION
    raise OutputError(
        "The build was made by a newer version of Notspot." if newer else "The build is of an older version.",
        file=folder / MANIFEST,
        expected=f"schema version {SCHEMA_VERSION}",
        found=f"schema version {version}",
        next_step="update Notspot, then reload" if newer else f"run: {build_command(folder)}",
    )


def build_command(folder: Path) -> str:
    """Give the command that builds into a folder, which is named whole, as it was given."""
    return command_line("build", "STUDY.toml", "--out", folder)


def _checked(kind: type[R], text: bytes, *, folder: Path) -> R:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _damaged(folder, key=_key(first), expected=_expected(first), found=_found(first, text)) from error


def _no_manifest(folder: Path, error: OSError) -> OutputError:
    """Say what a folder is that has no manifest: not there, a study's folder, or another one."""
    if (folder / STUDY_FILE).is_file() and not (folder / MANIFEST).exists():
        build = command_line("build", folder / STUDY_FILE, "--out", RESULTS / folder.resolve().name)
        return OutputError(
            "This is the study's folder, not its result.",
            file=folder,
            expected="a folder that `build` wrote",
            found=f"{STUDY_FILE}, and no {MANIFEST}",
            next_step=f"build it, then name that folder: {build}",
        )
    if not folder.exists():
        return OutputError(
            "The build cannot be read.",
            file=folder,
            expected="a folder that `build` wrote",
            found="no such folder",
            next_step=f"check its name, or build it: {build_command(folder)}",
        )
    absent = isinstance(error, FileNotFoundError)
    return _damaged(folder, found="no such file" if absent else error.strerror or "a file that cannot be opened")


def _damaged(folder: Path, *, found: str, expected: str | None = None, key: str | None = None) -> OutputError:
    return OutputError(
        "The build cannot be read.",
        file=folder / MANIFEST,
        key=key,
        expected=expected or "a manifest written by a build",
        found=found,
        next_step=f"run: {build_command(folder)}",
    )


_WORDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "mapping_type": "an object",
    "model_type": "an object",
    "dataclass_type": "an object",
}
"""What a manifest should hold where pydantic finds a fault of this type."""


def _key(error: Mapping[str, Any]) -> str | None:
    """Name the key, those around it first; None for a fault of the whole file."""
    parts = list(error["loc"])
    if len(parts) > 1 and parts[-1] in {"int", "float"}:  # a number that may be either
        parts.pop()
    return ".".join(map(str, parts)) or None


def _expected(error: Mapping[str, Any]) -> str | None:
    """Say what should stand there; None where the whole file is none of ours, or a key is missing."""
    if not error["loc"] or error["type"] == "missing":
        return None
    if error["loc"][-1] in {"int", "float"}:
        return "a number"
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"])
    return _WORDS.get(error["type"], str(error["msg"]))


def _found(error: Mapping[str, Any], text: bytes) -> str:
    """Say what stands there in words."""
    if not text.strip():
        return "an empty file"
    if error["type"] == "json_invalid":
        return "a file that is not JSON"
    if error["type"] == "missing":
        return f"no “{error['loc'][-1]}” in it"
    if not error["loc"]:
        return "a file that no build wrote"
    return json.dumps(error["input"], ensure_ascii=False, default=str)[:LONGEST]
