"""Commands in messages are those that a person who stands here would type."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from layers.errors import command_line, python, start_app


@pytest.mark.parametrize(
    ("running", "named"),
    [
        (("here", ".venv", "bin", "python"), str(Path(".venv", "bin", "python"))),
        (("here", ".venv", "Scripts", "python.exe"), str(Path(".venv", "Scripts", "python"))),
        (("elsewhere", "bin", "python3"), "python"),
    ],
)
def test_python_is_named_as_it_was_started(tmp_path, monkeypatch, running, named):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(sys, "executable", str(tmp_path.joinpath(*running)))
    assert python() == named
    assert command_line("sources", windows=False).split()[1:] == ["-m", "connectivity", "sources"]


def test_a_command_can_be_pasted_whatever_the_folder_is_called():
    words = shlex.split(command_line("build", "my study's/study.toml", "--out", "a b", windows=False))
    assert words[-4:] == ["build", "my study's/study.toml", "--out", "a b"]
    start = shlex.split(start_app(NOTSPOT_BUILD="a b", NOTSPOT_BUILDS="c", windows=False))
    assert start[:2] == ["NOTSPOT_BUILD=a b", "NOTSPOT_BUILDS=c"]
    assert start_app(NOTSPOT_BUILD="a b", windows=True).startswith('set "NOTSPOT_BUILD=a b"\n')
