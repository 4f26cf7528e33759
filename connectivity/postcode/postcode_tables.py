"""The tables of postcodes a build writes: where each is, how many premises stand there, and when it ended.

They are what a postcode look-up reads, and what a report by any boundary adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from connectivity.manifest import Manifest, build_command, read_manifest
from connectivity.method import feasibility
from connectivity.method.records import ESSENTIAL, HOME_WORKER
from connectivity.robustness.count_draws import CountDraws, read_count_draws
from layers.coverage import Coverage
from layers.errors import OutputError
from layers.intake.cells import is_one_of
from layers.plans.subsidy import PREFIX
from layers.study import Study

if TYPE_CHECKING:
    from layers.joined import Joined  # every loader behind it: a reader of the tables needs none of them

COLUMNS = ("postcode", "area_code", "easting", "northing", "premises", "live", "ended")
ENCODING: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["area_code", "premises", "ended"],
    "column_encoding": {"postcode": "DELTA_BYTE_ARRAY"},  # sorted codes share their beginnings
    "row_group_size": 100_000,  # rows: a look-up reads one group of a national table
}


def located_premises(joined: Joined) -> pd.DataFrame | None:
    """Share each area's premises among its live postcodes that have a location.

    Only postcodes of the study's areas are given; those of the edge around it are not.

    Parameters
    ----------
    joined
        A study's joined layers.

    Returns
    -------
    pandas.DataFrame or None
        One row for each postcode, sorted: ``postcode`` (no spaces, capitals), ``area_code``, ``easting`` and
        ``northing`` (metres on British National Grid, NaN where not known), ``premises`` (or lines: the area's,
        shared in proportion to those the release gives each postcode, else equally; NaN for a postcode that has
        ended, has no location or, where the release counts postcodes, is not in it), ``live`` and ``ended`` (when it
        was terminated, as the file writes it, such as 200403; missing for live ones). Premises add up to the area's
        in every area with a live, located postcode; where an area has none, its premises are in no row. None when
        the study has no postcodes.
    """
    if joined.postcodes is None:
        return None
    table = joined.postcodes[is_one_of(joined.postcodes["area_code"], joined.areas.index)].sort_index()
    live = table["ended"].isna()
    area = table["area_code"].astype("str")
    weight = _weights(table, area, counted=live & table["easting"].notna(), fine=joined.coverage.by_postcode)
    each = joined.coverage.table["premises"] / weight.groupby(area).sum()
    table = table.assign(area_code=area, premises=area.map(each) * weight, live=live)
    return table.rename_axis("postcode").reset_index()[list(COLUMNS)].astype({"postcode": "str", "ended": "str"})


def own_figures(fine: Coverage, *, study: Study) -> pd.DataFrame:
    """Count what is infeasible at each postcode of a release that has figures for postcodes.

    Returns
    -------
    pandas.DataFrame
        Index ``postcode``; ``own_premises``, ``own_unknown`` and ``own_status`` (whether there is enough to say),
        then for each profile the counts as an area has them. Mobile is never in them: no release has it by postcode.
    """
    columns: dict[str, pd.Series] = {
        "own_premises": fine.table["premises"],
        "own_unknown": fine.table["unknown"],
        "own_status": feasibility.status(fine, areas=fine.table.index).astype("str"),
    }
    for profile in (HOME_WORKER, ESSENTIAL):
        counts = feasibility.infeasible(fine, profile, count_fwa=study.switches.fwa)
        for name, column in (("low", "infeasible_low"), ("best", "infeasible"), ("high", "infeasible_high")):
            columns[f"{profile.key}_{column}"] = counts[name]
        for name in ("download_fails", "upload_fails"):
            columns[f"{profile.key}_{name}"] = counts[name]
    return pd.DataFrame(columns)


def other_routes(  # what a build has at hand
    coverage: Coverage,
    *,
    counts_fwa: bool,
    counts_mobile: bool,
    districts: pd.Series,
    parts: pd.DataFrame | None = None,
    drawn: CountDraws | None = None,
) -> pd.DataFrame | None:
    """Count each area, council and part, and the study, with fixed wireless the other way round than it counts it.

    Parameters
    ----------
    coverage
        Premises in bands.
    counts_fwa, counts_mobile
        Whether the study counts fixed wireless, which is turned, and mobile, which is not.
    districts
        Each area's council.
    parts
        ``area_code``, ``share`` of it and ``code`` of the part of the study it lies in, as
        :func:`connectivity.places.parts.parts_shown` gives them.
    drawn
        Counts drawn that way, of a modelled build.

    Returns
    -------
    pandas.DataFrame or None
        Index ``area_code``, the code of a council or part, `WHOLE` for the study; only areas of which enough is known
        to score them;
        ``remote_low, remote, remote_high`` and the same of ``digital``. None when the release does not give fixed
        wireless.
    """
    if not coverage.has_fwa:
        return None
    counted = []
    for profile in (HOME_WORKER, ESSENTIAL):
        counts = feasibility.infeasible(coverage, profile, count_fwa=not counts_fwa, count_mobile=counts_mobile)[
            ["low", "best", "high"]
        ]
        counted.append(counts.set_axis([f"{profile.key}_low", profile.key, f"{profile.key}_high"], axis=1))
    scored = feasibility.status(coverage, areas=coverage.table.index).eq(feasibility.SCORED)
    table = pd.concat(counted, axis=1)[scored]
    every = pd.DataFrame({"area_code": table.index, "share": 1.0, "code": WHOLE})
    groups = pd.concat([every, every.assign(code=districts.reindex(table.index).to_numpy())])
    if parts is not None:
        groups = pd.concat([groups, parts[is_one_of(parts["area_code"], table.index)]])
    spread = table.loc[groups["area_code"]].mul(groups["share"].to_numpy(), axis=0)
    found = pd.concat([table, spread.groupby(groups["code"].to_numpy()).sum()])
    if drawn is not None:
        for key in (HOME_WORKER.key, ESSENTIAL.key):
            ends = pd.concat([drawn.of_areas(profile=key), drawn.ranges(groups, by="code", profile=key)])
            ends = ends.reindex(found.index)
            found[f"{key}_low"] = ends["low"].clip(upper=found[key])
            found[f"{key}_high"] = ends["high"].clip(lower=found[key])
    return found


def write_routes(routes: pd.DataFrame | None, *, folder: Path) -> None:
    """Write the counts of the other way into a folder that is not yet public; nothing where there are none."""
    if routes is not None:
        routes.rename_axis("area_code").reset_index().to_parquet(folder / ROUTES, index=False, compression="zstd")


def read_routes(folder: Path) -> pd.DataFrame | None:
    """Read them back from a build, index ``area_code``; None when it has none."""
    path = folder / ROUTES
    return pd.read_parquet(path).set_index("area_code") if path.exists() else None


def write_postcodes(joined: Joined, *, study: Study, folder: Path) -> None:
    """Write the tables into a folder that is not yet public; nothing when the study has no postcodes.

    Parameters
    ----------
    joined, study
        The study, and its joined layers.
    folder
        Of the build.
    """
    table = located_premises(joined)
    if table is None or joined.postcodes is None:
        return
    fine = joined.coverage.by_postcode
    if fine is not None and not study.switches.mobile:
        own = own_figures(fine, study=study)
        floats = dict.fromkeys(own.select_dtypes("float").columns, "float32")  # half the room, six figures are plenty
        table = table.join(own.astype(floats), on="postcode", validate="one_to_one")
    if joined.subsidy is not None:
        table = table.join(joined.subsidy.by_postcode.add_prefix(PREFIX), on="postcode", validate="one_to_one")
    table.to_parquet(folder / POSTCODES, index=False, **ENCODING)
    beyond = postcodes_beyond(joined.postcodes, ours=table["postcode"])
    beyond.to_frame().to_parquet(folder / BEYOND, index=False, **ENCODING | {"use_dictionary": False})


def postcodes_beyond(postcodes: pd.DataFrame, *, ours: pd.Series) -> pd.Series:
    """List the live postcodes next to the study: outside it, with a first half that the study has too."""
    others = (
        postcodes.index[postcodes["ended"].isna()].difference(pd.Index(ours)).astype("str").to_series(name="postcode")
    )
    halves = others.str[:-INWARD].isin(ours.str[:-INWARD].unique())
    return others[halves].reset_index(drop=True)


def read_postcodes(folder: Path) -> pd.DataFrame | None:
    """Read the table of the study's postcodes back from a build; None when the build has none."""
    path = folder / POSTCODES
    return pd.read_parquet(path) if path.exists() else None


def _weights(table: pd.DataFrame, area: pd.Series, *, counted: pd.Series, fine: Coverage | None) -> pd.Series:
    """Give the weight by which postcodes share: the release's own premises, equal where an area has none of them."""
    equal = pd.Series(1.0, index=table.index).where(counted)
    if fine is None:
        return equal
    own = fine.table["premises"].reindex(table.index).where(counted)
    return own.where(own.groupby(area).transform("sum") > 0, equal)


AREAS, POSTCODES = "areas.parquet", "postcodes.parquet"
BEYOND, ROUTES = "postcodes_beyond.parquet", "routes.parquet"
WHOLE = "study"
"""Where routes are counted, the row of all areas together; no code of an area or council reads so."""
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
    manifest: Manifest

    def postcode(self, code: str) -> Row | None:
        """Give the row of a postcode of the study; None when it has none."""
        return postcode_row(code, folder=self.folder)

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

    def drawn(self, areas: Sequence[str]) -> CountDraws | None:
        """Give the drawn counts of some areas; None for a build that is not modelled."""
        return read_count_draws(self.folder, areas=areas)

    def other_route(self, area: str) -> Row | None:
        """Give an area's counts with fixed wireless the other way round; None when the build cannot tell."""
        rows = self._rows(ROUTES, where=("area_code", "=", area)) if (self.folder / ROUTES).exists() else []
        return rows[0] if rows else None

    def other_routes(self, district: str) -> Row | None:
        """Give the same of a council; None when the build cannot tell, or has no row of any of its areas."""
        return self.other_route(district)

    def _area_columns(self) -> list[str]:
        names = pq.read_schema(self.folder / AREAS).names
        return [name for name in names if name != "geometry"]

    def _rows(self, file: str, *, where: tuple[str, str, str], columns: list[str] | None = None) -> list[Row]:
        return self._read(file, [where], columns=columns)

    def _read(self, file: str, where: list[tuple[str, str, Any]], *, columns: list[str] | None = None) -> list[Row]:
        return _read_rows(self.folder, file, where, columns=columns)


def postcode_row(code: str, *, folder: Path) -> Row | None:
    """Return the row of a postcode in a build's folder; None when it has none."""
    rows = _read_rows(folder, POSTCODES, [("postcode", "=", code)])
    return rows[0] if rows else None


def _read_rows(
    folder: Path, file: str, where: list[tuple[str, str, Any]], *, columns: list[str] | None = None
) -> list[Row]:
    try:
        table = pq.read_table(folder / file, columns=columns, filters=where, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise OutputError(
            "The build cannot be read.",
            file=folder / file,
            expected="a file that a build writes",
            found=type(error).__name__,
            next_step=f"run: {build_command(folder)}",
        ) from error
    return cast("list[Row]", table.to_pylist())


def open_files(folder: Path) -> PostcodeFiles:
    """Open a build for look-ups.

    Raises
    ------
    OutputError
        When there is no build, it is of another version, or it holds no postcodes.
    """
    manifest = read_manifest(folder)
    if not (folder / POSTCODES).exists() or not (folder / BEYOND).exists():
        raise OutputError(
            "This build holds no postcodes, so none can be looked up in it.",
            file=folder / POSTCODES,
            expected="a build of a study with a layer of kind postcodes, by this version of Notspot",
            found="no such file",
            next_step=f"add the layer if the study has none (docs/study-file.md), then run: {build_command(folder)}",
        )
    return PostcodeFiles(folder, manifest)
