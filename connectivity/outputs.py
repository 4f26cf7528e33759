"""What a build writes and a page reads: areas.parquet, ranking.csv, manifest.json."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from connectivity.claims.claim import Basis, Claim, Provenance
from connectivity.manifest import MANIFEST, Manifest, build_command, read_manifest
from connectivity.postcode.postcode_tables import read_routes
from connectivity.robustness.count_draws import CountDraws, read_count_draws
from connectivity.schema import COUNTS, RANKING_COLUMNS, TWO_DECIMALS
from layers.errors import OutputError

AREAS, RANKING, DENSITY = "areas.parquet", "ranking.csv", "density.tif"


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build, read back.

    Attributes
    ----------
    areas
        One row per area, indexed and sorted by ``area_code``, EPSG:27700; see ``docs/outputs.md`` for the columns.
    manifest
        What was used and what became of it, with the notice of a build that must not be published.
    drawn
        Drawn counts of a modelled build, from which any sum takes its range; None for others.
    routes
        Counts with fixed wireless the other way round (:func:`connectivity.postcode.postcode_tables.other_routes`);
        None where the release cannot say.
    """

    areas: gpd.GeoDataFrame
    manifest: Manifest
    drawn: CountDraws | None = None
    routes: pd.DataFrame | None = None


def write_outputs(folder: Path, *, areas: gpd.GeoDataFrame, manifest: Manifest) -> None:
    """Write the three files of a build into a folder that is not yet public.

    Parameters
    ----------
    folder
        A staging folder.
    areas
        Index ``area_code``, unrounded.
    manifest
        What was used and what became of it.
    """
    table = areas.reset_index()
    table = table[[*RANKING_COLUMNS, *(c for c in table if c not in RANKING_COLUMNS)]]
    gpd.GeoDataFrame(table, crs=areas.crs).to_parquet(folder / AREAS, index=False)
    (folder / RANKING).write_bytes(ranking_csv(table).encode())
    (folder / MANIFEST).write_bytes(manifest.as_json())


def ranking_csv(areas: pd.DataFrame) -> str:
    """Write the ranking as CSV: worst first, unscored last, empty where not known; rounded here and nowhere else."""
    ranked = areas.sort_values(["severity_rank", "area_code"], na_position="last")[list(RANKING_COLUMNS)].copy()
    for column in COUNTS:
        ranked[column] = ranked[column].round().astype("Int64")
    for column in TWO_DECIMALS:
        ranked[column] = ranked[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
    return ranked.to_csv(index=False, lineterminator="\n")


def read_build(folder: Path) -> Build:
    """Read a build back.

    Raises
    ------
    OutputError
        When files are missing or unreadable, or the schema is not the one this version reads; the message names the
        command that mends it.
    """
    manifest = read_manifest(folder)
    try:
        areas = gpd.read_parquet(folder / AREAS).set_index("area_code").sort_index()
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "The build's areas cannot be read.",
            file=folder / AREAS,
            expected="the GeoParquet file a build writes",
            found=str(error)[:120],
            next_step=f"run: {build_command(folder)}",
        ) from error
    return Build(areas, manifest, read_count_draws(folder), read_routes(folder))


def scored_claim(manifest: Manifest) -> Claim:
    """Return the claim on how many areas of a study are scored, and how many of its premises are in them."""
    return Claim.of_places(
        "builds.scored",
        manifest.study,
        manifest.areas.scored,
        of=manifest.areas.total,
        basis=Basis.of(manifest),
        details={"premises": manifest.premises.scored, "of": manifest.premises.total},
        provenance=Provenance("manifest.json", "areas", decimals=0),
    )
