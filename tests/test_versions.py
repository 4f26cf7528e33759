"""Whoever changes the method's figures, or what a build writes, raises the version that stands beside them.

What the two versions stand for is written down in ``tests/golden``. After a change, write it anew and read the
difference::

    python tests/test_versions.py
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

TESTS = Path(__file__).parent
METHOD, OUTPUTS = TESTS / "golden" / "method.txt", TESTS / "golden" / "outputs.txt"
if __name__ == "__main__":
    sys.path.insert(0, str(TESTS.parent))

from connectivity.build import build  # noqa: E402 - the path is set above when it is run
from connectivity.manifest import Manifest  # noqa: E402 - as above
from connectivity.method import records  # noqa: E402 - as above
from connectivity.outputs import read_build  # noqa: E402 - as above
from connectivity.schema import RANKING_COLUMNS, SCHEMA_VERSION  # noqa: E402 - as above
from layers.figures import Figure  # noqa: E402 - as above

WORDS = {"key", "label", "meaning", "source", "unit"}
"""Fields of the records that no ranking rests on."""


def figures(value: object, name: str) -> Iterator[str]:
    """List the figures in a record, each on a line behind its name: low, central and high where it has a range."""
    if isinstance(value, Figure):
        value = value.value if value.low is None else (value.low, value.value, value.high)
    elif isinstance(value, records.Triple):
        value = (value.low, value.central, value.high)
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in WORDS}
    parts = value if isinstance(value, tuple) else (value,)
    if isinstance(value, dict):
        for key, part in value.items():
            yield from figures(part, f"{name}.{key}")
    elif any(is_dataclass(part) or isinstance(part, tuple) for part in parts):
        for number, part in enumerate(parts):
            yield from figures(part, f"{name}.{number}")
    else:
        yield " ".join((name, *(f"{part:.6g}" if isinstance(part, float) else f"{part}" for part in parts))).rstrip()


def method() -> str:
    """Return the figures of the method, a line each, under its version."""
    single = {name: one for name, one in vars(records).items() if name.isupper() and isinstance(one, Figure)}
    groups = {
        **single,
        "PROFILES": records.PROFILES,
        "UNCERTAIN": {one.key: one for one in records.UNCERTAIN},
        "INDICATORS": records.INDICATORS,
    }
    lines = [line for name, group in groups.items() for line in figures(group, name)]
    return "\n".join((f"method_version {records.METHOD_VERSION}", *lines, ""))


def outputs(demo: Path) -> str:
    """Return the names of what a build writes, under their version."""
    stored = [name for name in read_build(demo).areas if name not in RANKING_COLUMNS]
    groups = {
        "files": sorted(path.relative_to(demo).as_posix() for path in demo.rglob("*.*")),
        "ranking.csv": (demo / "ranking.csv").read_text(encoding="utf-8").partition("\n")[0].split(","),
        "areas.parquet": stored,
        "manifest.json": [field.alias or name for name, field in Manifest.model_fields.items()],
    }
    lines = [f"{group} {name}" for group, names in groups.items() for name in names]
    return "\n".join((f"schema_version {SCHEMA_VERSION}", *lines, ""))


def test_the_method_of_a_version_has_the_figures_it_had():
    assert method() == METHOD.read_text(encoding="utf-8"), (
        "The method's figures changed. If a study of today can rank otherwise, raise METHOD_VERSION, which stands "
        "above them, and say so in CHANGELOG.md; then write them down: python tests/test_versions.py"
    )


def test_a_build_of_a_version_has_the_names_it_had(demo_build):
    assert outputs(demo_build) == OUTPUTS.read_text(encoding="utf-8"), (
        "What a build writes changed. Raise SCHEMA_VERSION, which stands above the columns, and say so in "
        "CHANGELOG.md; then write it down: python tests/test_versions.py"
    )


if __name__ == "__main__":
    METHOD.write_text(method(), encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "demo"
        build(TESTS.parent / "data" / "demo" / "study.toml", out=made)
        OUTPUTS.write_text(outputs(made), encoding="utf-8", newline="\n")
