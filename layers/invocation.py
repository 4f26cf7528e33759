"""How a person who stands here would type one of our commands: what messages print can be pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

WINDOWS = os.name == "nt"


def python() -> str:
    """Name the Python that runs: from the current folder where it lies below it, as the README has it."""
    running, here = Path(sys.executable), Path.cwd()
    if not running.is_relative_to(here):
        return "python"
    inside = running.relative_to(here)
    return str(inside.with_suffix("") if inside.suffix == ".exe" else inside)


def command(*words: object, windows: bool = WINDOWS) -> str:
    r"""Write a command of this program, quoted as the system's own command line takes it.

    Parameters
    ----------
    words
        The verb and what follows it.
    windows
        Whether it is for the command line of Windows.

    Examples
    --------
    >>> print(command("build", "my study.toml", "--out", "results/x", windows=True).partition(" -m ")[2])
    connectivity build "my study.toml" --out results/x
    """
    return _joined([python(), "-m", "connectivity", *map(str, words)], windows=windows)


def start_app(*, windows: bool = WINDOWS, **environment: object) -> str:
    """Write the command that starts the app with these variables: one line, or one for each and the start on Windows.

    >>> print(start_app(windows=True, NOTSPOT_BUILD="out").splitlines()[0])
    set "NOTSPOT_BUILD=out"
    """
    start = _joined([python(), "-m", "streamlit", "run", "app.py"], windows=windows)
    if windows:
        return "\n".join([*(f'set "{name}={value}"' for name, value in environment.items()), start])
    return " ".join([*(f"{name}={shlex.quote(str(value))}" for name, value in environment.items()), start])


def _joined(words: list[str], *, windows: bool) -> str:
    return subprocess.list2cmdline(words) if windows else shlex.join(words)
