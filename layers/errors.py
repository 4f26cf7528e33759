"""What went wrong with a file, a study or a folder, said once and in full.

Every message names the file, the column, the rows, what was expected, what was found and the next step.
The command line prints it and leaves with exit code 2: it is something the user can mend.

How a person who stands here would type one of our commands: what messages print can be pasted.
"""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SHOWN = 3
"""How many examples a message carries (assumption: enough to find the fault, few enough to read)."""
LONGEST = 80
"""Characters of an example a message shows (assumption: a line of a terminal)."""


class LayerError(Exception):
    """Something in the input that the user can mend.

    Parameters
    ----------
    what
        One plain sentence that says what is wrong.
    next_step
        What to do about it.
    file, column, key, rows, expected, found
        Where it is and what differs; leave out what does not apply.
    """

    def __init__(
        self,
        what: str,
        *,
        next_step: str,
        file: object = None,
        column: str | None = None,
        key: str | None = None,
        rows: str | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.parts = {
            "file": file,
            "column": column,
            "key": key,
            "rows": rows,
            "expected": expected,
            "found": found,
            "next": next_step,
        }

    def __str__(self) -> str:
        """Say what is wrong, then each part that applies on a line of its own."""
        said = {name: visible(str(value)) for name, value in self.parts.items() if value is not None}
        return "\n".join([visible(self.what), *(f"  {name + ':':<10}{value}" for name, value in said.items())])


class StudyError(LayerError):
    """The study file asks for something that cannot be."""


class MissingColumnError(LayerError):
    """A published file lacks a column the loader needs."""

    def __init__(self, file: object, headings: Sequence[str], found: Sequence[str]) -> None:
        column, *others = headings
        nearest = next((near for heading in headings if (near := did_you_mean(heading, found))), None)
        super().__init__(
            f"A column is missing: {column}.",
            file=file,
            column=column,
            expected=f"a column named “{column}”" + (f", or {examples(others)}" if others else ""),
            found=nearest or f"{len(found):,} columns: {examples(found)}",
            next_step="check that this is the right file and release; rename the column if it was changed",
        )


class MissingAreasError(LayerError):
    """A layer does not cover enough of the study's areas."""

    def __init__(self, layer: str, missing: Sequence[str], total: int, *, file: object, allowed: float) -> None:
        super().__init__(
            f"The layer “{layer}” has no row for {len(missing):,} of the study's {total:,} areas.",
            file=file,
            rows=f"missing: {examples(missing)}",
            expected=f"at most {allowed:.0%} of the areas missing",
            found=f"{len(missing) / total:.1%} missing",
            next_step="check that the file uses the same year's area codes as `geography` in the study file",
        )


class UnsafeFileError(LayerError):
    """An archive or file is broken, or more than the loader is ready to open."""


class OutputError(LayerError):
    """The output folder cannot be written, or is not one of ours."""


@contextmanager
def naming_file(file: object) -> Iterator[None]:
    """Name the file in an error raised inside that does not name one itself."""
    try:
        yield
    except LayerError as error:
        if error.parts["file"] is None:
            error.parts["file"] = file
        raise


def examples(values: Iterable[object]) -> str:
    """Join the first few values for a message.

    >>> examples(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    >>> examples([4])
    '4'
    """
    listed = [text if len(text) <= LONGEST else f"{text[:LONGEST]}…" for text in map(str, values)]
    shown = ", ".join(listed[:SHOWN])
    return shown if len(listed) <= SHOWN else f"{shown} and {len(listed) - SHOWN:,} more"


def listed(names: Sequence[str], *, last: str = "and") -> str:
    """Write names as a list in a sentence; empty for none.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b"], last="or")
    ('a', 'a, b and c', 'a or b')
    """
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} {last} {names[-1]}"  # noqa: PLR2004 - one is no list


def several(count: int, one: str, more: str = "") -> str:
    """Count things in words that fit the number.

    >>> several(1, "shape"), several(1200, "shape"), several(1, "area lacks", "areas lack")
    ('1 shape', '1,200 shapes', '1 area lacks')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Name the nearest known word, or None when nothing is near.

    >>> did_you_mean("geografy", ["geography", "districts"])
    'nearest: “geography”'
    """
    near = nearest(name, known)
    return f"nearest: “{near}”" if near else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the nearest known word; None when nothing is near."""
    by_fold = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold(), list(by_fold), n=1, cutoff=0.5)
    return by_fold[near[0]] if near else None


def visible(text: str) -> str:
    r"""Show control and direction-changing characters as escapes, so that a hostile name cannot dress up a message.

    >>> print(visible("a" + chr(0x202E) + "b"))
    a\u202eb
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


WINDOWS = os.name == "nt"


def python() -> str:
    """Name the Python that runs: from the current folder where it lies below it, as the README has it."""
    running, here = Path(sys.executable), Path.cwd()
    if not running.is_relative_to(here):
        return "python"
    inside = running.relative_to(here)
    return str(inside.with_suffix("") if inside.suffix == ".exe" else inside)


def command_line(*words: object, windows: bool = WINDOWS) -> str:
    r"""Write a command of this program, quoted as the system's own command line takes it.

    Parameters
    ----------
    words
        The verb and what follows it.
    windows
        Whether it is for the command line of Windows.

    Examples
    --------
    >>> print(command_line("build", "my study.toml", "--out", "results/x", windows=True).partition(" -m ")[2])
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
