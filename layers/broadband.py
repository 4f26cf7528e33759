"""Which broadband release a study has, and how it becomes premises in speed bands for each area."""

from __future__ import annotations

import pandas as pd

from layers import estimate, ofcom, ofcom_2013, premises
from layers.coverage import Coverage, checked
from layers.errors import about
from layers.reading import Reading, lacks, required
from layers.spacing import spacing_key


def read_coverage(reading: Reading) -> Coverage:
    """Read the study's broadband layer.

    Small-area releases are summed to areas; authority totals are spread over them and called modelled.
    """
    if reading.study.layer("ofcom_postcode_2013"):
        return _measured_2013(reading)
    return _spread_authorities(reading)


def _measured_2013(reading: Reading) -> Coverage:
    layer = required(reading.study, "ofcom_postcode_2013")
    coverage = ofcom_2013.read_postcodes_2013(
        reading.study.paths(layer)[0],
        postcodes=reading.located_postcodes(needed_by=layer.kind),
        areas=reading.areas,
        districts=reading.study.districts,
        ledger=reading.ledger,
        member=layer.member,
    )
    reading.every_area(coverage.table, layer.kind)  # counts the areas without a line, refuses another year's codes
    return coverage


def _spread_authorities(reading: Reading) -> Coverage:
    study, ledger = reading.study, reading.ledger
    layer = required(study, "ofcom_authority")
    path = study.paths(layer)[0]
    totals, bands, release = ofcom.read_authorities(
        path, districts=study.districts, ledger=ledger, member=layer.member, release=layer.release
    )
    key = spacing_key(reading.located_postcodes(needed_by=layer.kind), areas=reading.areas).to_frame()
    weight = _weight(reading)
    inputs = pd.concat([reading.spine["district_code"], weight, reading.every_area(key.dropna(), "postcodes")], axis=1)
    usable = inputs.dropna(subset=["weight", "key"])
    if len(usable) < len(inputs):
        ledger.warn(
            f"{path.name}: {len(inputs) - len(usable):,} areas have no premises weight or no live postcode; the "
            "council's total is shared among its other areas."
        )
    with about(path.name):
        table = estimate.spread(totals, bands=bands, areas=usable)
    ledger.modelled.append(
        "Premises in each speed band: Ofcom's total for each council, spread over its small areas by how far apart "
        "their postcodes lie."
    )
    coverage = Coverage(table, bands, release, unit="premises", basis="availability", modelled=True)
    return checked(coverage, file=path.name)


def _weight(reading: Reading) -> pd.DataFrame:
    dwellings = reading.read("dwellings", premises.read_dwellings)
    if dwellings is not None:
        reading.ledger.modelled.append("Premises in each small area: the council's total, shared by dwellings.")
        return reading.every_area(dwellings.dropna().to_frame(), "dwellings")
    output_areas = reading.read("output_areas", premises.read_output_areas)
    if output_areas is not None:
        reading.ledger.modelled.append("Premises in each small area: the council's total, shared by 2011 output areas.")
        weight = premises.output_area_weight(output_areas, areas=reading.areas)
        return reading.every_area(weight.dropna().to_frame(), "output_areas")
    raise lacks(reading.study, "dwellings or output_areas", needed_by="ofcom_authority")
