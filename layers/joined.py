"""Spine and layers joined by area code: one row per area, nothing lost in silence."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from layers import lookups
from layers.area_names import name_areas
from layers.area_outlines import read_boundaries
from layers.broadband import read_coverage
from layers.coast import coast_column
from layers.coverage import Coverage
from layers.errors import LayerError, MissingAreasError, examples
from layers.figures import Figure
from layers.foreseen import refuse_foreseen
from layers.geography import geography_of
from layers.grid.density import per_km2, premises_density
from layers.grid.rasters import Raster
from layers.intake.cells import is_one_of
from layers.intake.tables import normalised, read_headings
from layers.kinds import KINDS, LayerKind
from layers.ledger import OUTSIDE, Ledger, Unused
from layers.locations import is_code_point, read_code_point
from layers.lookups import postcodes_on_2021, read_changes, read_lookup, read_postcode_lookup
from layers.plans.subsidy import Subsidy, subsidy_of
from layers.reading import Progress, StudyReading, read_layer, required
from layers.settlements import empty, read_settlements
from layers.study import Layer, Study

FAR = Figure(10_000, "metres", "further from every area of the study, a postcode is misplaced", "assumption")


@dataclass(frozen=True, slots=True)
class Joined:
    """Everything the study's files say, by area.

    Attributes
    ----------
    areas
        Index ``area_code`` (sorted); ``official_name, ward_name, area_name, settlements, district_code, district_name,
        rural_urban, separable, geometry`` (EPSG:27700), ``coastal`` where it can be known, and the raw columns of
        each layer the study has, such as ``income_rate``, ``library_km``, ``residents``.
    coverage
        Fixed broadband by area.
    ledger
        Files used, warnings, what is modelled, premises that reach no area.
    density
        Premises for each square kilometre; None when the study has no postcodes.
    postcodes
        From :func:`layers.lookups.read_postcode_lookup`, the edge of neighbouring areas with it; None likewise.
    subsidy
        What BDUK plans by postcode and area; None when the study has no such layer.
    settlements
        Towns, villages and hamlets in and around the study, from :func:`layers.settlements.read_settlements`; their
        ``area_code`` is that of most of their postcodes, "" outside the study.
    """

    areas: gpd.GeoDataFrame
    coverage: Coverage
    ledger: Ledger
    density: Raster | None
    postcodes: pd.DataFrame | None
    subsidy: Subsidy | None = None
    settlements: pd.DataFrame = field(default_factory=empty)


def join_layers(study: Study, *, progress: Progress | None = None) -> Joined:
    """Read every layer of a study and join them.

    Parameters
    ----------
    study
        A checked study.
    progress
        Called with a plain phrase and the share done.

    Raises
    ------
    LayerError
        For what is known wrong before anything is read, all at once; then for the first layer that cannot be used.
        Nothing has been written by then.
    """
    refuse_foreseen(study)
    tell = progress or (lambda _phrase, _share: None)
    stated = {path: layer.release for layer in study.layers if layer.release for path in study.paths(layer)}
    ledger = Ledger(releases=stated)
    tell("Reading outlines", 0.0)
    spine, outside = _spine(study, ledger)
    tell("Reading postcodes", 0.2)
    layer = study.layer("postcodes")
    postcodes = _postcodes(study, layer, spine, ledger) if layer else None
    if layer and postcodes is not None:
        _refuse_far(postcodes, spine, file=layer.files[0], ledger=ledger)
    reading = StudyReading(study, ledger, spine, postcodes)
    if postcodes is not None:
        _record_postcodes(postcodes, reading=reading)
    tell("Reading broadband", 0.4)
    coverage = read_coverage(reading)
    tell("Reading need, residents and places to go", 0.7)
    areas = gpd.GeoDataFrame(spine.join(read_facts(reading), validate="one_to_one"))
    coast = coast_column(reading, outside=outside)
    areas = areas if coast is None else areas.assign(coastal=coast)
    areas["ward_name"] = _ward_names(reading)
    settlements = read_settlements(study, bounds=areas.total_bounds, ledger=ledger)
    names, homes = name_areas(areas, postcodes=postcodes, settlements=settlements)
    areas = gpd.GeoDataFrame(areas.join(names))
    settlements = settlements.assign(area_code=homes.reindex(settlements.index).fillna(""))
    areas["separable"] = True
    if coverage.disaggregation is not None:
        modelled = coverage.disaggregation.areas
        alike = modelled.loc[~modelled["separable"], "district_code"].unique()
        areas["separable"] = ~areas["district_code"].isin(alike)  # an area without figures is as its council is
    if postcodes is None:
        return Joined(areas, coverage, ledger, None, None, settlements=settlements)  # nothing is placed by postcode
    grid = premises_density(coverage, postcodes=postcodes, reading=reading)
    areas["premises_per_km2"] = per_km2(grid, areas=areas.geometry)
    return Joined(areas, coverage, ledger, grid, postcodes, subsidy_of(reading), settlements)


def read_facts(reading: StudyReading) -> pd.DataFrame:
    """Read every layer that gives areas columns beside broadband: need, residents, places to go, kind of place.

    Returns
    -------
    pandas.DataFrame
        Index as the spine; the columns of each layer the study has, such as ``income_rate``, ``library_km``,
        ``residents``; ``rural_urban`` always (missing where not known).
    """
    parts = [_columns_of(kind, reading) for kind in KINDS.values() if kind.reads in {"areas", "columns"}]
    facts = pd.concat([pd.DataFrame(index=reading.areas), *(part for part in parts if part is not None)], axis=1)
    facts = facts.loc[:, ~facts.columns.duplicated()]  # residents: the population layer's, where both give them
    if "rural_urban" not in facts:
        facts["rural_urban"] = pd.Series(pd.NA, index=facts.index, dtype="str")
    return facts


def _columns_of(kind: LayerKind, reading: StudyReading) -> pd.DataFrame | None:
    """Read the layers of one kind into columns; None when the study has none."""
    if all(layer.kind != kind.kind for layer in reading.study.layers):
        return None
    reader = kind.read_by()
    table: pd.DataFrame | None = reading.by_area(kind.kind, reader) if kind.reads == "areas" else reader(reading)
    strange = [] if table is None else [column for column in table.columns if not kind.gives_column(column)]
    if strange:
        raise RuntimeError(f"{kind.reader} gives {', '.join(strange)}, which its record in kinds.toml does not name")
    return table


def _spine(study: Study, ledger: Ledger) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    """Read the areas of the study, and the outlines in the same file that lie outside it."""
    outlines, lookup = required(study, "boundaries"), required(study, "lookup")
    shapes = read_boundaries(study.paths(outlines), geography=study.geography, ledger=ledger, member=outlines.member)
    codes = read_lookup(
        study.paths(lookup)[0],
        geography=study.geography,
        districts=study.districts,
        ledger=ledger,
        member=lookup.member,
    )
    bare = codes.index.difference(shapes.index)
    if len(bare):
        raise MissingAreasError("boundaries", list(bare), len(codes), file=examples(outlines.files), allowed=0.0)
    ledger.check("", "every area of the study has an outline", rows=len(codes), kind="boundaries")
    beyond = len(shapes.index.difference(codes.index))
    ledger.rows(
        "" if len(outlines.files) > 1 else outlines.files[0],
        rows_in=len(shapes),
        rows_used=len(codes),
        unused=[Unused.of(OUTSIDE, beyond, harmless=True)],
        kind="boundaries",
        noun="outlines",
    )
    if beyond:
        ledger.warn(f"{examples(outlines.files)}: {beyond:,} outlines lie outside the study and were not used.")
    if "ward_name" not in codes:
        codes = codes.assign(ward_name="")
    spine = gpd.GeoDataFrame(shapes.loc[codes.index].join(codes, validate="one_to_one"))
    return spine, gpd.GeoSeries(shapes.geometry[~is_one_of(shapes.index, codes.index)])


def _postcodes(study: Study, layer: Layer, spine: gpd.GeoDataFrame, ledger: Ledger) -> pd.DataFrame:
    """Read postcodes; with the exact lookup beside them, those on LSOA 2011 alone are moved to LSOA 2021."""
    path = study.paths(layer)[0]
    if is_code_point(path):
        return read_code_point(
            path, areas=spine.geometry, districts=study.districts, ledger=ledger, member=layer.member
        )
    changes, older = study.layer("lsoa_changes"), geography_of(study.geography).replaces
    known = (*geography_of(study.geography).codes, *geography_of(study.geography).directory)
    wanted = {normalised(heading) for heading in known}
    headings = read_headings(path, member=layer.member, usual=KINDS["postcodes"].member)
    if changes is None or older is None or any(normalised(heading) in wanted for heading in headings):
        return read_layer(study, layer, read_postcode_lookup, ledger=ledger)
    on_2011 = read_postcode_lookup(study.paths(layer)[0], geography=older, ledger=ledger, member=layer.member)
    pairs = read_layer(study, changes, read_changes, ledger=ledger)
    ours = int(pairs["new"].isin(spine.index).sum())
    beyond = Unused.of(OUTSIDE, len(pairs) - ours, harmless=True)
    ledger.rows(
        changes.files[0],
        rows_in=len(pairs),
        rows_used=ours,
        unused=[beyond],
        kind="lsoa_changes",
        noun="pairs of areas",
    )
    return postcodes_on_2021(
        on_2011,
        changes=pairs,
        shapes=spine.geometry,
        ledger=ledger,
    )


def _record_postcodes(postcodes: pd.DataFrame, *, reading: StudyReading) -> None:
    """Record which postcodes are in the study; one that has ended and is in no small area is no loss today."""
    district = postcodes["district_code"]
    elsewhere = district.notna() & district.ne("") & ~district.isin(reading.study.districts)
    bare = (postcodes["area_code"].isna() | postcodes["area_code"].eq("")) & ~elsewhere
    ended = postcodes["ended"].notna()
    over = bare & ended
    nowhere = bare & ~ended & postcodes["easting"].isna()
    inside, layer = is_one_of(postcodes["area_code"], reading.areas), required(reading.study, "postcodes")
    read = max(source.rows for source in reading.ledger.sources if source.kind == "postcodes")
    far = read - len(postcodes)  # Code-Point Open's rows far away are left where they are
    reading.ledger.rows(
        layer.files[0],
        rows_in=read,
        rows_used=int(inside.sum()),
        unused=[
            Unused.of(
                "in use in the study's councils, but in no small area",
                (bare & ~ended & ~nowhere).sum(),
                examples=postcodes.index[bare & ~ended & ~nowhere],
            ),
            Unused.of("without a place on the map, as PO boxes and some firms have", nowhere.sum(), harmless=True),
            Unused.of("ended, and in no small area of the study's year", over.sum(), harmless=True),
            Unused.of(OUTSIDE, (~inside & ~bare).sum() + far, harmless=True),
        ],
        kind="postcodes",
        noun="postcodes",
    )


def _refuse_far(postcodes: pd.DataFrame, spine: gpd.GeoDataFrame, *, file: str, ledger: Ledger) -> None:
    """Refuse postcodes that lie nowhere near the areas they belong to: the two coordinates may have changed places."""
    ours = postcodes[is_one_of(postcodes["area_code"], spine.index)].dropna(subset=["easting", "northing"])
    west, south, east, north = spine.total_bounds
    near = FAR.value
    there = ours["easting"].between(west - near, east + near) & ours["northing"].between(south - near, north + near)
    if (~there).sum() <= len(ours) / 2:
        ledger.check(
            file,
            f"postcodes of the study lie within {near / 1000:g} km of its areas",
            rows=len(ours),
            failing=int((~there).sum()),
            examples=ours.index[~there],
            then="kept",
            kind="postcodes",
        )
    else:
        raise LayerError(
            "Most postcodes lie far from the areas they belong to.",
            file=file,
            column="easting, northing",
            rows=f"{int((~there).sum()):,} of the {len(ours):,} postcodes of the study's areas",
            expected=f"within {near / 1000:g} km of easting {west:,.0f} to {east:,.0f}, "
            f"northing {south:,.0f} to {north:,.0f}",
            found=f"such as easting {ours.loc[~there, 'easting'].iloc[0]:,.0f}, "
            f"northing {ours.loc[~there, 'northing'].iloc[0]:,.0f}",
            next_step="check that easting and northing are not swapped, and that both files are on the same grid",
        )


def _ward_names(reading: StudyReading) -> pd.Series:
    """Ward outlines, where the study has them, replace the lookup's names."""
    layer = reading.study.layer("wards")
    if layer is None:
        return reading.spine["ward_name"]
    return lookups.ward_names(
        reading.study.paths(layer),
        postcodes=reading.located_postcodes(needed_by=layer.kind),
        areas=reading.areas,
        ledger=reading.ledger,
        member=layer.member,
    )
