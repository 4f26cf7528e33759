"""Why a folder is not a build that can be read, and the command that mends it; knows no table and no outline."""

from __future__ import annotations

import json
from pathlib import Path

from connectivity.marks import BUILD
from layers.errors import OutputError, command
from layers.study import STUDY_FILE

RESULTS = Path("results")
"""Where the README puts builds."""


def unreadable(folder: Path, error: Exception) -> OutputError:
    """Say why a build's manifest cannot be read: no such folder, a study's folder, or a manifest that is none.

    Parameters
    ----------
    folder
        What was taken for a build; it is named as it was given.
    error
        What reading its manifest raised.
    """
    if (folder / STUDY_FILE).is_file() and not (folder / BUILD.name).exists():
        build = command("build", folder / STUDY_FILE, "--out", RESULTS / folder.resolve().name)
        return OutputError(
            "This is the study's folder, not its result.",
            file=folder,
            expected="a folder that `build` wrote",
            found=f"{STUDY_FILE}, and no {BUILD.name}",
            next_step=f"build it, then name that folder: {build}",
        )
    missing = not folder.exists()
    return OutputError(
        "The build cannot be read.",
        file=folder if missing else folder / BUILD.name,
        expected="a folder that `build` wrote" if missing else "a manifest written by a build",
        found="no such folder" if missing else _found(error),
        next_step=f"check its name, or build it: {again(folder)}" if missing else f"run: {again(folder)}",
    )


def again(folder: Path) -> str:
    """Give the command that builds into a folder, which is named whole, as it was given."""
    return command("build", "STUDY.toml", "--out", folder)


def _found(error: Exception) -> str:
    """Say what was wrong with a manifest in words.

    >>> _found(FileNotFoundError()), _found(KeyError("schema_version"))
    ('no such file', 'no “schema_version” in it')
    """
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError):
        return error.strerror or "a file that cannot be opened"
    if isinstance(error, KeyError):
        return f"no “{error.args[0]}” in it"
    if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)):
        return "a file that is not JSON"
    return "a file that no build wrote"
