"""What a build's manifest says about its counts, as far as two builds can differ in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectivity.change.counters import counter_of
from connectivity.outputs import MANIFEST
from connectivity.quality.notice import DO_NOT_PUBLISH, with_notice
from connectivity.unread import unreadable
from layers.catalogue import SOURCES
from layers.coverage import Band
from layers.errors import OutputError, examples
from layers.figures import Figure
from layers.invocation import command
from layers.layer import BROADBAND
from layers.manifest import MONTHS

FASTER_4G = Figure(
    2025 * 12 + 7,
    "months (year × 12 + month)",
    "mobile releases from this month on count 4G from 5 Mbit/s, earlier ones from 2",
    "method §2 says mid-2025; assumption that the July 2025 release is the first",
)


@dataclass(frozen=True, slots=True)
class Side:
    """What a build's manifest says about its counts; see ``docs/outputs.md`` for the keys."""

    study: str
    release: str
    unit: str
    basis: str
    geography: str
    method: str
    fingerprint: str
    counts_fwa: bool
    counts_mobile: bool
    modelled: bool
    definition: str | None
    bands: tuple[Band, ...]
    districts: dict[str, str]
    files: dict[str, tuple[tuple[str, str], ...]]
    mobile: str | None
    counted_by: str
    scoring: dict[str, Any]
    notice: str | None = None

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Side:
        """Read it off a manifest.

        Raises
        ------
        OutputError
            When a key is missing or is not what a build writes.
        """
        try:
            files: dict[str, tuple[tuple[str, str], ...]] = {}
            for source in manifest["sources"]:
                kind = _KIND_OF.get(str(source["name"]), str(source["name"]))
                files[kind] = (*files.get(kind, ()), (str(source["file"]), str(source["sha256"])))
            return cls(
                **{key: str(manifest[key]) for key in ("study", "release", "unit", "basis", "geography")},
                method=str(manifest["method_version"]),
                fingerprint=str(manifest["fingerprint"]),
                counts_fwa=bool(manifest["counts_fwa"]),
                counts_mobile=bool(manifest["counts_mobile"]),
                modelled=bool(manifest["coverage_modelled"]),
                definition=manifest.get("definition"),
                bands=tuple(
                    Band(float(b["low"]), float("inf") if b["high"] is None else float(b["high"]))
                    for b in manifest["bands"]
                ),
                districts={str(d["code"]): str(d["name"]) for d in manifest["districts"]},
                files=files,
                mobile=_mobile_meaning(manifest, files),
                counted_by=counter_of(manifest, files=files),
                scoring={
                    "weights": manifest["weights"],
                    "aggregation": manifest["aggregation"],
                    "indicators": sorted(str(indicator["key"]) for indicator in manifest["indicators"]),
                },
                notice=manifest.get(DO_NOT_PUBLISH),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OutputError(
                "The build cannot be compared: its manifest is not complete.",
                expected="a manifest written by a build",
                found=f"{type(error).__name__}: {error}"[:120],
                next_step=f"build the study again: {command('build', 'STUDY.toml', '--out', 'DIR')}",
            ) from error

    @property
    def month(self) -> int | None:
        """The release as year × 12 + month; None where it does not say."""
        return month_of(self.release)

    @property
    def broadband(self) -> str | None:
        """The kind of broadband layer, such as ``ofcom_oa``; None where it is not known."""
        return next((kind for kind in self.files if kind in BROADBAND), None)

    @property
    def broadband_files(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 of each file of that kind."""
        return self.files.get(self.broadband or "", ())

    @property
    def homes_only(self) -> bool:
        """Whether businesses are left out."""
        return "homes only" in self.release


def read_side(folder: Path) -> Side:
    """Read it off the manifest in a build's folder, without its areas.

    Raises
    ------
    OutputError
        When there is no manifest, or not one of a build.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(folder, error) from error
    return Side.of(with_notice(manifest, folder=folder) if isinstance(manifest, dict) else manifest)


def month_of(release: str) -> int | None:
    """Read the month off a release in words, as year × 12 + month.

    >>> month_of("July 2025, homes only") - month_of("January 2025"), month_of("Spring 2026")
    (6, None)
    """
    found = re.search(rf"\b({'|'.join(MONTHS)}) (20\d\d)\b", release)
    return int(found[2]) * 12 + MONTHS.index(found[1]) + 1 if found else None


def _mobile_meaning(manifest: Mapping[str, Any], files: Mapping[str, tuple[tuple[str, str], ...]]) -> str | None:
    """Say what 4G means in a build that counts mobile."""
    if not manifest["counts_mobile"]:
        return None
    releases = [str(s["release"]) for s in manifest["sources"] if s["name"] == SOURCES["mobile"].title]
    if not releases:
        return f"a signal raster of the study ({examples(name for name, _ in files.get('raster', ()))})"
    month = month_of(releases[0])
    if month is None:
        return "a release without a date"
    return f"4G from {5 if month >= FASTER_4G.value else 2} Mbit/s"


_KIND_OF = {source.title: kind for kind, source in SOURCES.items()}
