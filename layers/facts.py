"""The rasters a study names, as columns: terrain, signal strength or anything else, and how densely people live."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from layers.coverage import Coverage
from layers.figures import Figure
from layers.grid.density import density
from layers.grid.rasters import Raster, availability, open_raster, sample, zonal
from layers.grid.terrain import read_terrain
from layers.ledger import Unused
from layers.ofcom.performance import performance_columns
from layers.people import alternatives, census, deprivation, dwellings
from layers.plans.subsidy import subsidy_columns
from layers.reading import Reading
from layers.study import Layer


def read_terrain_columns(reading: Reading) -> pd.DataFrame | None:
    """Read the study's terrain tiles; None when it has none."""
    layer = reading.study.layer("terrain")
    if layer is None:
        return None
    paths = reading.study.paths(layer)
    for path in paths:
        reading.ledger.used(path, kind="terrain", rows=1)
    reading.ledger.check(
        "", "tiles fit together: one size of cell, one height for each", rows=len(paths), kind="terrain"
    )
    return read_terrain(paths, areas=reading.spine.geometry, ledger=reading.ledger)


def read_raster_columns(reading: Reading) -> pd.DataFrame:
    """Summarise every raster the study names.

    Returns
    -------
    pandas.DataFrame
        Index as the spine. For each raster ``raster_<name>`` (mean over the area, in its own unit) and
        ``raster_<name>_covered`` (share of the area it covers); with a threshold also ``raster_<name>_share`` (of the
        area's live postcodes with a value, those that meet it) and ``raster_<name>_unknown`` (share without a value).
    """
    rasters = [layer for layer in reading.study.layers if layer.kind == "raster"]
    columns = [reading.once(f"raster {layer.name}", partial(_summary, layer, reading)) for layer in rasters]
    return pd.concat([pd.DataFrame(index=reading.areas), *columns], axis=1)


def reach_of_signal(reading: Reading) -> pd.DataFrame | None:
    """Turn a signal raster into the reach of mobile, with what is not known kept apart.

    Returns
    -------
    pandas.DataFrame
        ``indoor_4g`` (postcodes known to have it, as a share of all), ``indoor_4g_low`` (the same) and
        ``indoor_4g_high`` (those not known counted as having it); None when no raster of the study is a route.
    """
    layer = next((layer for layer in reading.study.layers if layer.route == "mobile"), None)
    if layer is None:
        return None
    facts = read_raster_columns(reading)
    unknown = facts[f"raster_{layer.name}_unknown"]
    none_known = facts[f"raster_{layer.name}_share"].isna()
    served = (facts[f"raster_{layer.name}_share"] * (1 - unknown)).mask(none_known, 0.0)
    return pd.DataFrame({"indoor_4g": served, "indoor_4g_low": served, "indoor_4g_high": served + unknown})


def premises_density(coverage: Coverage, *, postcodes: pd.DataFrame, reading: Reading) -> Raster:
    """Premises for each square kilometre: an area's premises shared equally among its live postcodes.

    The squares add up to the premises of all areas that have a live postcode.
    """
    reading.ledger.modelled.append(
        f"Where people live: each small area's {coverage.unit}, shared equally among its live postcodes."
    )
    ours = postcodes[postcodes["area_code"].isin(reading.areas)].dropna(subset=["easting", "northing"])
    each = coverage.table["premises"] / ours.groupby("area_code").size()
    weighted = ours.assign(premises=ours["area_code"].map(each))
    return density(weighted, weight="premises", ledger=reading.ledger)


def _summary(layer: Layer, reading: Reading) -> pd.DataFrame:
    (path,) = reading.study.paths(layer)
    areas, allowed = reading.spine.geometry, reading.study.switches.missing_areas_allowed
    with open_raster(path, member=layer.member, nodata=layer.nodata, areas=areas, allowed=allowed) as raster:
        reading.ledger.used(path, kind="raster", rows=int(np.prod(raster.shape)))
        found = zonal(raster, areas=areas, statistics=("mean",))
        bare = found.index[found["mean"].isna()]
        rule = "every area has a value of the raster"
        reading.ledger.check(path, rule, rows=len(areas), failing=len(bare), examples=bare, then="kept")
        table = pd.DataFrame({f"raster_{layer.name}": found["mean"], f"raster_{layer.name}_covered": found["covered"]})
        if layer.threshold is None:
            return table
        postcodes = reading.located_postcodes(needed_by=f"the threshold of raster {layer.name}")
        ours = postcodes[postcodes["area_code"].isin(areas.index)].dropna(subset=["easting", "northing"])
        values = pd.Series(sample(raster, x=ours["easting"], y=ours["northing"]), index=ours.index)
    line = Figure(layer.threshold, layer.unit or "", f"where {layer.name} begins", f"{reading.study.path.name}")
    met = availability(values, area_codes=ours["area_code"], areas=areas.index, threshold=line)
    table[f"raster_{layer.name}_share"] = met["share"]
    table[f"raster_{layer.name}_unknown"] = met["unknown_share"]
    return table


# --- What a study knows of each area beside broadband: need, residents, places to go, kind of place.


def read_facts(reading: Reading) -> pd.DataFrame:
    """Read every such layer the study has.

    Returns
    -------
    pandas.DataFrame
        Index as the spine; the raw columns of each layer, such as ``income_rate``, ``library_km``, ``residents``;
        ``rural_urban`` always (missing where not known).
    """
    parts = [
        reading.by_area("deprivation", deprivation.read_deprivation),
        _classification(reading),
        reading.by_area("population", census.read_population),
        _census(reading),
        reading.by_area("underlying_2025", deprivation.read_underlying_2025),
        _connectivity(reading),
        reading.by_area("wimd", deprivation.read_wimd),
        reading.by_area("road_distances", alternatives.read_road_distances),
        _library_distance(reading),
        _station_distance(reading),
        read_terrain_columns(reading),
        read_raster_columns(reading),
        reading.by_area("rural_urban", census.read_rural_urban),
        subsidy_columns(reading),
        performance_columns(reading),
    ]
    facts = pd.concat([pd.DataFrame(index=reading.areas), *(part for part in parts if part is not None)], axis=1)
    facts = facts.loc[:, ~facts.columns.duplicated()]  # residents: the population layer's, where both give them
    if "rural_urban" not in facts:
        facts["rural_urban"] = pd.Series(pd.NA, index=facts.index, dtype="str")
    return facts


def _classification(reading: Reading) -> pd.DataFrame | None:
    reader = partial(dwellings.read_output_areas, kind="area_classification")
    output_areas = reading.read("area_classification", reader)
    if output_areas is None:
        return None
    ours = output_areas[output_areas["area_code"].isin(reading.areas)]
    bare = ours.index[ours["group"].eq("")]
    unused = [Unused.of("their class is not known", len(bare), examples=bare)]
    used, noun = len(ours) - len(bare), "output areas"
    reading.placed("area_classification", output_areas["area_code"], noun=noun, unused=unused, used=used)
    reading.ledger.modelled.append(
        "Need: a proxy, from the kinds of neighbourhood ONS found in 2011, not counts of people."
    )
    return census.need_proxy(output_areas, areas=reading.areas)


def _census(reading: Reading) -> pd.DataFrame | None:
    """Read the census, which may come in a file for each of its tables."""
    layer = reading.study.layer("census")
    if layer is None:
        return None
    study = reading.study
    table = census.read_census(
        study.paths(layer), geography=study.geography, ledger=reading.ledger, member=layer.member
    )
    if "older_share" in table and "older_residents" in study.indicators and study.layer("population") is None:
        reading.ledger.warn(
            "Residents aged 65 or over: counted in the census of March 2021, and held against the goalposts of the "
            "mid-2020 estimates, nine months before. Both count usual residents."
        )
    return reading.recorded(table, "census")


def _connectivity(reading: Reading) -> pd.DataFrame | None:
    """Read DfT's own scores; File 8's stay where the study has both."""
    table = reading.by_area("dft_connectivity", deprivation.read_connectivity)
    if table is None or reading.study.layer("underlying_2025") is None:
        return table
    reading.ledger.warn(
        "How hard it is to reach places: both File 8 of the Indices of 2025 and DfT's own workbook give a score; File "
        "8's is used, and of the workbook the ways of travel alone."
    )
    return table.drop(columns=[deprivation.OVERALL, "travel_badness"])


def _library_distance(reading: Reading) -> pd.DataFrame | None:
    layer = reading.study.layer("libraries")
    if layer is None:
        return None
    postcodes = reading.located_postcodes(needed_by=layer.kind)
    libraries = alternatives.read_libraries(
        reading.study.paths(layer)[0], postcodes=postcodes, ledger=reading.ledger, member=layer.member
    )
    reading.ledger.modelled.append("Distance to a library: straight line times 1.3, our assumption for roads.")
    return alternatives.nearest_km(
        postcodes,
        places=libraries,
        areas=reading.areas,
        name="library_km",
        edge=alternatives.ground_covered(postcodes),
        kind=layer.kind,
        ledger=reading.ledger,
    ).to_frame()


def _station_distance(reading: Reading) -> pd.DataFrame | None:
    layer = reading.study.layer("stations")
    if layer is None:
        return None
    stations = alternatives.read_stations(reading.study.paths(layer)[0], ledger=reading.ledger, member=layer.member)
    reading.ledger.modelled.append(
        "No alternative nearby: a proxy, the distance to a rail station, straight line times 1.3."
    )
    return alternatives.nearest_km(
        reading.located_postcodes(needed_by=layer.kind),
        places=stations,
        areas=reading.areas,
        name="station_km",
        kind=layer.kind,
        ledger=reading.ledger,
    ).to_frame()
