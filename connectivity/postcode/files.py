"""The files of a build that a postcode look-up reads, a row at a time: no geometry, no table held in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from connectivity import SCHEMA_VERSION
from connectivity.quality.notice import with_notice
from connectivity.unread import again, unreadable
from layers.errors import OutputError

AREAS, MANIFEST, POSTCODES = "areas.parquet", "manifest.json", "postcodes.parquet"
BEYOND, ROUTES = "postcodes_beyond.parquet", "routes.parquet"
INWARD = 3
"""Letters of a postcode's second half (Royal Mail)."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PostcodeFiles:
    """A build, open for look-ups.

    Attributes
    ----------
    folder
        Where the build is.
    manifest
        What was used and what became of it.
    """

    folder: Path
    manifest: dict[str, Any]

    def postcode(self, code: str) -> Row | None:
        """Give the row of a postcode of the study; None when it has none."""
        rows = self._rows(POSTCODES, where=("postcode", "=", code))
        return rows[0] if rows else None

    def is_beyond(self, code: str) -> bool:
        """Say whether it is known to be a live postcode just outside the study."""
        return bool(self._rows(BEYOND, where=("postcode", "=", code)))

    def beginning(self, start: str) -> list[Row]:
        """Give the study's postcodes that begin so: code, area, whether live."""
        if not start:
            return []
        after = start[:-1] + chr(ord(start[-1]) + 1)
        columns = ["postcode", "area_code", "live"]
        return self._read(POSTCODES, [("postcode", ">=", start), ("postcode", "<", after)], columns=columns)

    def area(self, code: str) -> Row:
        """Give an area's figures."""
        return self._rows(AREAS, where=("area_code", "=", code), columns=self._area_columns())[0]

    def district(self, code: str) -> list[Row]:
        """Give the figures of all areas of a council."""
        return self._rows(AREAS, where=("district_code", "=", code), columns=self._area_columns())

    def districts_of(self, areas: set[str]) -> list[str]:
        """Name the councils that some areas are in, in the order of the alphabet."""
        columns = ["district_name"]
        rows = self._read(AREAS, [("area_code", "in", sorted(areas))], columns=columns) if areas else []
        return sorted({str(row["district_name"]) for row in rows})

    def other_route(self, area: str) -> Row | None:
        """Give an area's counts with fixed wireless the other way round; None when the build cannot tell."""
        rows = self._rows(ROUTES, where=("area_code", "=", area)) if (self.folder / ROUTES).exists() else []
        return rows[0] if rows else None

    def other_routes(self, district: str) -> Row | None:
        """Add up the same over a council's areas; None when the build cannot tell, or has no row of any."""
        codes = [
            row["area_code"] for row in self._read(AREAS, [("district_code", "=", district)], columns=["area_code"])
        ]
        rows = self._read(ROUTES, [("area_code", "in", codes)]) if (self.folder / ROUTES).exists() and codes else []
        return {name: sum(row[name] for row in rows) for name in rows[0] if name != "area_code"} if rows else None

    def _area_columns(self) -> list[str]:
        names = pq.read_schema(self.folder / AREAS).names
        return [name for name in names if name != "geometry"]

    def _rows(self, file: str, *, where: tuple[str, str, str], columns: list[str] | None = None) -> list[Row]:
        return self._read(file, [where], columns=columns)

    def _read(self, file: str, where: list[tuple[str, str, Any]], *, columns: list[str] | None = None) -> list[Row]:
        try:
            table = pq.read_table(self.folder / file, columns=columns, filters=where, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise OutputError(
                "The build cannot be read.",
                file=self.folder / file,
                expected="a file that a build writes",
                found=type(error).__name__,
                next_step=f"run: {again(self.folder)}",
            ) from error
        return cast("list[Row]", table.to_pylist())


def open_files(folder: Path) -> PostcodeFiles:
    """Open a build for look-ups.

    Raises
    ------
    OutputError
        When there is no build, it is of another version, or it holds no postcodes.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        version = int(manifest["schema_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable(folder, error) from error
    if version != SCHEMA_VERSION:
        raise OutputError(
            "The build was made by another version of Notspot.",
            file=folder / MANIFEST,
            expected=f"schema version {SCHEMA_VERSION}",
            found=f"schema version {version}",
            next_step=f"run: {again(folder)}",
        )
    if not (folder / POSTCODES).exists() or not (folder / BEYOND).exists():
        raise OutputError(
            "This build holds no postcodes, so none can be looked up in it.",
            file=folder / POSTCODES,
            expected="a build of a study with a layer of kind postcodes, by this version of Notspot",
            found="no such file",
            next_step=f"add the layer if the study has none (docs/study-file.md), then run: {again(folder)}",
        )
    return PostcodeFiles(folder, with_notice(manifest, folder=folder))
