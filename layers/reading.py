"""One study being read: its file, its spine, its postcodes, its ledger, and the way a layer is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar, cast

import geopandas as gpd
import pandas as pd

from layers.errors import StudyError, examples
from layers.intake.cells import is_one_of
from layers.intake.columns import aligned
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.study import Layer, Study

Progress = Callable[[str, float], None]
Read_co = TypeVar("Read_co", covariant=True)


class Reader(Protocol[Read_co]):
    """A loader of one file."""

    def __call__(self, path: Path, /, *, geography: str, ledger: Ledger, member: str | None) -> Read_co:
        """Read one file of a layer."""


@dataclass(frozen=True, slots=True)
class StudyReading:
    """What every loader of a study is given.

    Attributes
    ----------
    study
        The checked study file.
    ledger
        Where files, warnings and exclusions are recorded.
    spine
        Index ``area_code``; ``official_name, ward_name, district_code, district_name, geometry``.
    postcodes
        From :func:`layers.lookups.read_postcode_lookup`; None when the study has none.
    """

    study: Study
    ledger: Ledger
    spine: gpd.GeoDataFrame
    postcodes: pd.DataFrame | None
    _done: dict[str, object] = field(default_factory=dict)

    @property
    def areas(self) -> pd.Index:
        """The spine's area codes, sorted."""
        return self.spine.index

    def read(self, kind: str, reader: Reader[Read_co]) -> Read_co | None:
        """Read the layer of that kind, once; None when the study has none."""
        layer = self.study.layer(kind)
        if layer is None:
            return None
        return self.once(kind, lambda: read_layer(self.study, layer, reader, ledger=self.ledger))

    def once(self, key: str, make: Callable[[], Read_co]) -> Read_co:
        """Make something the first time it is asked for, so that no file is read, or recorded, twice."""
        if key not in self._done:
            self._done[key] = make()
        return cast("Read_co", self._done[key])

    def by_area(self, kind: str, reader: Reader[pd.DataFrame]) -> pd.DataFrame | None:
        """Read a layer keyed by area and give every area of the spine its row; gaps are counted, and stay unknown."""
        table = self.read(kind, reader)
        return None if table is None else self.recorded(table, kind)

    def recorded(self, table: pd.DataFrame, kind: str) -> pd.DataFrame:
        """Align a whole layer keyed by area to the spine, and record its rows and its blanks."""
        self.placed(kind, table.index.to_series(), noun="areas")
        given = table[is_one_of(table.index, self.areas)]
        blank = given.index[given.isna().any(axis=1)]
        self.ledger.check(
            required(self.study, kind).files[0],
            "every figure of an area is given",
            rows=len(given),
            failing=len(blank),
            examples=blank,
            then="kept",
            kind=kind,
        )
        return self.every_area(table, kind)

    def every_area(self, table: pd.DataFrame, kind: str) -> pd.DataFrame:
        """Align a table to the spine; refuse it when more areas are missing than the study allows."""
        return aligned(
            table,
            areas=self.areas,
            kind=kind,
            file=required(self.study, kind).files[0],
            allowed=self.study.switches.missing_areas_allowed,
            ledger=self.ledger,
        )

    def placed(
        self,
        kind: str,
        codes: pd.Series,
        *,
        noun: str = "rows",
        unused: Iterable[Unused] = (),
        used: int | None = None,
    ) -> None:
        """Record what became of a layer's rows.

        Parameters
        ----------
        codes
            The area each row is in; missing or blank where it is in none.
        unused
            Rows inside the study that are left out all the same; `used` then says how many are not.
        """
        inside = is_one_of(codes, self.areas)
        bare = codes.isna() | codes.eq("")
        layer = required(self.study, kind)
        self.ledger.rows(
            layer.files[0] if len(layer.files) == 1 else "",
            rows_in=len(codes),
            rows_used=int(inside.sum()) if used is None else used,
            unused=[
                *unused,
                Unused.of("in no small area", bare.sum(), examples=codes.index[bare]),
                Unused.of(OUTSIDE, (~inside & ~bare).sum(), harmless=True),
            ],
            kind=kind,
            noun=noun,
        )

    def located_postcodes(self, *, needed_by: str) -> pd.DataFrame:
        """Give the postcodes, which `needed_by` cannot do without."""
        if self.postcodes is None:
            raise lacks(self.study, "postcodes", needed_by=needed_by)
        return self.postcodes


def read_layer(study: Study, layer: Layer, reader: Reader[Read_co], *, ledger: Ledger) -> Read_co:
    """Read a layer's first file with its reader."""
    return reader(study.paths(layer)[0], geography=study.geography, ledger=ledger, member=layer.member)


def required(study: Study, kind: str, *, needed_by: str = "every study") -> Layer:
    """Find the layer of that kind.

    Raises
    ------
    StudyError
        When the study has none.
    """
    layer = study.layer(kind)
    if layer is None:
        raise lacks(study, kind, needed_by=needed_by)
    return layer


def lacks(study: Study, kind: str, *, needed_by: str) -> StudyError:
    """Word the error for a layer that is needed and not there."""
    return StudyError(
        f"The study lacks a layer of kind {kind}.",
        file=study.path.name,
        column="layer",
        expected=f"a layer of kind {kind}, needed by {needed_by}",
        found=examples(layer.kind for layer in study.layers),
        next_step="add the layer to the study file; docs/study-file.md lists the kinds",
    )
