"""What is wrong with a study file, in its own terms: the key, what was expected there, what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from layers.errors import StudyError, did_you_mean

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
        return unknown_key(key, keys_of(model), path=path, more=more)
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


def keys_of(model: type[BaseModel]) -> list[str]:
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
