"""Authority totals spread over a study's areas: the premises weight, the key, and what is said about it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers import estimate, points
from layers.coverage import Coverage, Disaggregation, checked
from layers.errors import LayerError, examples, naming_file
from layers.figures import Figure
from layers.ledger import Ledger
from layers.ofcom import fixed
from layers.people import deprivation
from layers.people import dwellings as premises
from layers.reading import StudyReading, lacks, required

INDICATOR_SPREAD = Figure(0.881, "points", "standard deviation of the broadband indicator", "IoD 2025, England")
COMBINED_SPREAD = Figure(1.64, "points", "spread of the two keys added up", "computed on the 1,694 LSOA 2021")


def disaggregated_authorities(reading: StudyReading) -> Coverage:
    """Read Ofcom's totals by authority and spread them over the study's areas.

    The key is the spacing of postcodes; where the study has the broadband indicator of the Indices of 2025, the two
    together (alone it tracks gigabit, not slow lines).
    """
    study, ledger = reading.study, reading.ledger
    layer = required(study, "ofcom_authority")
    path = study.paths(layer)[0]
    totals, bands, release = fixed.read_authorities(
        path, districts=study.districts, ledger=ledger, member=layer.member, release=layer.release
    )
    weight = _weight(reading)
    key, beta, words = _key(reading)
    inputs = pd.concat([reading.spine["district_code"], weight, key], axis=1)
    usable = inputs.dropna(subset=["weight", "key"])
    left = inputs.index.difference(usable.index)
    rule = "every area has what is needed to share the council's total: a weight, a live postcode, an indicator"
    ledger.check(path, rule, rows=len(inputs), failing=len(left), examples=left, then="kept")
    if len(usable) < len(inputs):
        ledger.warn(
            f"{path.name}: {len(inputs) - len(usable):,} areas have no premises weight, no live postcode or no "
            "broadband indicator; the council's total is shared among its other areas."
        )
    with naming_file(path.name):
        table = estimate.disaggregated(totals, bands=bands, areas=usable, beta=beta.value)
    _refuse_unequal(table, totals, districts=usable["district_code"], file=path.name)
    whole = "small areas add up to the council's published total: premises, each speed band, not known"
    ledger.check(path, whole, rows=len(totals))
    ledger.modelled.append(
        f"Premises in each speed band: Ofcom's total for each council, spread over its small areas {words}."
    )
    disaggregation = Disaggregation(usable.drop(columns="weight"), beta)
    coverage = Coverage(
        table, bands, release, unit="premises", basis="availability", modelled=True, disaggregation=disaggregation
    )
    return checked(coverage, file=path.name)


def _refuse_unequal(table: pd.DataFrame, totals: pd.DataFrame, *, districts: pd.Series, file: str) -> None:
    """Hold what was spread against what was published: a fault of ours, not of the file's."""
    columns = [name for name in table.columns if totals[name].notna().all()]
    summed = table[columns].groupby(districts).sum()
    unequal = summed.index[(summed - totals.loc[summed.index, columns]).abs().gt(estimate.MET).any(axis=1)]
    if len(unequal):
        raise LayerError(
            f"The small areas of {len(unequal):,} councils do not add up to the council's total.",
            file=file,
            rows=examples(unequal),
            expected="the published totals",
            found="others",
            next_step="report this with the file: totals that are spread must stay as they were published",
        )


def _key(reading: StudyReading) -> tuple[pd.DataFrame, Figure, str]:
    """Give each area's key (higher = slower), its beta and its words."""
    postcodes = reading.located_postcodes(needed_by="ofcom_authority")
    spaced = points.spacing_key(postcodes, areas=reading.areas).rename("key").dropna().to_frame()
    spaced = reading.every_area(spaced, "postcodes")
    indicators = reading.read("underlying_2025", deprivation.read_underlying_2025)
    if indicators is None or "broadband_indicator" not in indicators:
        return spaced, estimate.BETA, "by how far apart their postcodes lie"
    unsaid = replace(reading, ledger=Ledger())  # what is missing is said where the file's other columns are read
    indicator = unsaid.every_area(indicators[["broadband_indicator"]].dropna(), "underlying_2025")
    parts = spaced.rename(columns={"key": "spacing"}).join(indicator["broadband_indicator"].rename("indicator"))
    parts["indicator"] /= INDICATOR_SPREAD.value
    parts["key"] = (parts["spacing"] + parts["indicator"]) / COMBINED_SPREAD.value
    words = "by how far apart their postcodes lie, and by what the Indices of 2025 say of broadband there"
    return parts, estimate.BETA_COMBINED, words


def _weight(reading: StudyReading) -> pd.DataFrame:
    dwellings = reading.read("dwellings", premises.read_dwellings)
    if dwellings is not None:
        reading.placed("dwellings", dwellings.index.to_series(), noun="areas")
        reading.ledger.modelled.append("Premises in each small area: the council's total, shared by dwellings.")
        return reading.every_area(dwellings.dropna().to_frame(), "dwellings")
    output_areas = reading.read("output_areas", premises.read_output_areas)
    if output_areas is not None:
        reading.ledger.modelled.append("Premises in each small area: the council's total, shared by 2011 output areas.")
        reading.placed("output_areas", output_areas["area_code"], noun="output areas")
        weight = premises.output_area_weight(output_areas, areas=reading.areas)
        return reading.every_area(weight.dropna().to_frame(), "output_areas")
    raise lacks(reading.study, "dwellings or output_areas", needed_by="ofcom_authority")
