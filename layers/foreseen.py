"""What can be known wrong of a study before any of its files is read, all of it at once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from layers.errors import LayerError, StudyError, examples, several
from layers.intake.files import opened, unsafe
from layers.study import Layer, Study

OUTLINES = (".geojson", ".json")
SMALL = 10_000
"""Bytes of a file of outlines that is looked into: one without any is never larger (assumption)."""


def refuse_foreseen(study: Study) -> None:
    """Let a study pass of which nothing can be known wrong before its files are read.

    Looked for are files that are not there, cannot be opened or are empty, outlines without an outline, and switches
    that the study's broadband release can never answer.

    Raises
    ------
    LayerError
        The one thing that is wrong; or, where there are several, one error that lists them all.
    """
    found = [*_switches(study), *(error for layer in study.layers for error in _files(study, layer))]
    if len(found) == 1:
        raise found[0]
    if found:
        same = {str(error.parts["next"]) for error in found}
        listed = " ".join(f"({number}) {_in_a_line(error)}" for number, error in enumerate(found, start=1))
        raise StudyError(
            f"{several(len(found), 'thing')} in this study cannot be right. Nothing was read yet.",
            file=examples(dict.fromkeys(Path(str(error.parts["file"])).name for error in found)),
            found=listed,
            next_step=same.pop() if len(same) == 1 else "mend them all, then build again",
        )


def _in_a_line(error: LayerError) -> str:
    where = error.parts["file"] or error.parts["column"]
    found = f" ({error.parts['found']})" if error.parts["found"] else ""
    next_step = str(error.parts["next"])
    begins = f"{Path(str(where)).name}: " if where else ""
    return f"{begins}{error.what.rstrip('.')}{found}. {next_step[:1].upper()}{next_step[1:]}."


def _switches(study: Study) -> Iterator[LayerError]:
    """Find routes that the lines of 2013 can never tell of: no release of that year counts them."""
    if study.layer("ofcom_postcode_2013") is None or study.layer("ofcom_authority") is not None:
        return
    for route, name in (("fwa", "Fixed wireless"), ("mobile", "Mobile")):
        if getattr(study.switches, route):
            yield StudyError(
                f"{name} cannot be counted beside the lines of 2013: no release of that year gives it.",
                file=study.path.name,
                column=f"switches.{route}",
                expected=f"{route} = false",
                found=f"{route} = true",
                next_step=f"set {route} = false under [switches] in the study file",
            )


def _files(study: Study, layer: Layer) -> Iterator[LayerError]:
    for path in study.paths(layer):
        try:
            if not path.is_file() or not os.access(path, os.R_OK):
                with opened(path):  # says what is the matter
                    continue
            size = path.stat().st_size
            if size == 0:
                yield unsafe("The file is empty.", file=path, expected="at least one byte", found="0 bytes")
            elif size <= SMALL and path.suffix.lower() in OUTLINES and _holds_no_outline(path):
                yield LayerError(
                    "The file holds no outline.",
                    file=path.name,
                    expected="at least one feature with an outline",
                    found="none",
                    next_step=f"put the {layer.kind} layer's outlines there, or take the layer out of the study file",
                )
        except LayerError as error:
            yield error


def _holds_no_outline(path: Path) -> bool:
    """Say whether a small GeoJSON lists no feature; whatever else is wrong with it is said when it is read."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("features") == []
