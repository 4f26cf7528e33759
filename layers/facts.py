"""What a study knows of each area beside broadband: need, residents, places to go, kind of place."""

from __future__ import annotations

from functools import partial

import pandas as pd

from layers import (
    alternatives,
    census,
    classification,
    connectivity_metric,
    deprivation,
    population,
    premises,
    rurality,
    underlying,
    wales,
)
from layers.grids import read_raster_columns, read_terrain_columns
from layers.ofcom.performance import performance_columns
from layers.quality import Unused
from layers.reading import Reading
from layers.subsidy import subsidy_columns


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
        reading.by_area("population", population.read_population),
        _census(reading),
        reading.by_area("underlying_2025", underlying.read_underlying_2025),
        _connectivity(reading),
        reading.by_area("wimd", wales.read_wimd),
        reading.by_area("road_distances", alternatives.read_road_distances),
        _library_distance(reading),
        _station_distance(reading),
        read_terrain_columns(reading),
        read_raster_columns(reading),
        reading.by_area("rural_urban", rurality.read_rural_urban),
        subsidy_columns(reading),
        performance_columns(reading),
    ]
    facts = pd.concat([pd.DataFrame(index=reading.areas), *(part for part in parts if part is not None)], axis=1)
    facts = facts.loc[:, ~facts.columns.duplicated()]  # residents: the population layer's, where both give them
    if "rural_urban" not in facts:
        facts["rural_urban"] = pd.Series(pd.NA, index=facts.index, dtype="str")
    return facts


def _classification(reading: Reading) -> pd.DataFrame | None:
    reader = partial(premises.read_output_areas, kind="area_classification")
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
    return classification.need_proxy(output_areas, areas=reading.areas)


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
    table = reading.by_area("dft_connectivity", connectivity_metric.read_connectivity)
    if table is None or reading.study.layer("underlying_2025") is None:
        return table
    reading.ledger.warn(
        "How hard it is to reach places: both File 8 of the Indices of 2025 and DfT's own workbook give a score; File "
        "8's is used, and of the workbook the ways of travel alone."
    )
    return table.drop(columns=[connectivity_metric.OVERALL, "travel_badness"])


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
