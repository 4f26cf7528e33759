"""Authority totals spread over a study's areas: the premises weight, the covariates, and what is said."""

from __future__ import annotations

import math

import pandas as pd

from layers import covariates, estimate
from layers.covariates import COVARIATES
from layers.coverage import PREMISES_SHARED, Coverage, Disaggregation, checked
from layers.errors import LayerError, examples, listed, naming_file
from layers.figures import Figure
from layers.kinds import KINDS
from layers.ledger import Ledger
from layers.ofcom import fixed
from layers.ofcom.lines_2013 import BANDS, RELEASE, read_postcodes_2013
from layers.people import dwellings as premises
from layers.people.alternatives import library_distance, station_distance
from layers.reading import StudyReading, lacks, required

STRUCTURE_BELOW = 5.0
"""Mbit/s: lines under it in 2013 tell best where slow ones stand later (method §2)."""
STRUCTURE_CENTRE = Figure(-1.23, "log-odds", "mean of lines under 5 Mbit/s in 2013", "computed on the 1,646 LSOA 2011")
STRUCTURE_SPREAD = Figure(0.86, "log-odds", "standard deviation of the same", "computed on the same areas")
HALF = 0.5
"""Lines added to either side, so that an area with none has log-odds, too (Haldane 1956)."""


def disaggregated_authorities(reading: StudyReading) -> Coverage:
    """Read Ofcom's totals by authority and spread them over the study's areas, by the covariates the study has."""
    study, ledger = reading.study, reading.ledger
    layer = required(study, "ofcom_authority")
    path = study.paths(layer)[0]
    totals, bands, release = fixed.read_authorities(
        path, districts=study.districts, ledger=ledger, member=layer.member, release=layer.release
    )
    weight = _weight(reading)
    told, words = _told(reading)
    inputs = pd.concat([reading.spine["district_code"], weight, told], axis=1)
    usable = inputs.dropna()
    left = inputs.index.difference(usable.index)
    rule = "every area has what is needed to share the council's total: a weight and a live postcode"
    ledger.check(path, rule, rows=len(inputs), failing=len(left), examples=left, then="kept")
    if len(usable) < len(inputs):
        ledger.warn(
            f"{path.name}: {len(inputs) - len(usable):,} areas have no premises weight or no live postcode; the "
            "council's total is shared among its other areas."
        )
    usable = estimate.not_told_apart(usable)
    with naming_file(path.name):
        table = estimate.disaggregated(totals, bands=bands, areas=usable)
    _refuse_unequal(table, totals, districts=usable["district_code"], file=path.name)
    whole = "small areas add up to the council's published total: premises, each speed band, not known"
    ledger.check(path, whole, rows=len(totals))
    ledger.modelled.append(
        f"Premises in each speed band: Ofcom's total for each council, spread over its small areas {words}."
    )
    by = Disaggregation(usable.drop(columns="weight").assign(rural=usable["rural"].astype(bool)))
    coverage = Coverage(table, bands, release, unit="premises", basis="availability", modelled=True, disaggregation=by)
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


def _told(reading: StudyReading) -> tuple[pd.DataFrame, str]:
    """Give what the covariates tell of each area, its class and, where the study takes it, 2013; and say by what."""
    postcodes = reading.located_postcodes(needed_by="ofcom_authority")
    logs = covariates.of_postcodes(postcodes, areas=reading.areas)
    near = logs["within_3km"]
    for key, distance in (("library", library_distance), ("station", station_distance)):
        table = distance(reading)
        if table is not None:
            logs[key] = covariates.of_distance(table.iloc[:, 0])
    known = {key: one for key, one in COVARIATES.items() if key in logs}
    standardised = pd.concat([one.standardised(logs[key]) for key, one in known.items()], axis=1)
    reading.every_area(standardised.dropna(), "postcodes")
    told = estimate.predictors(standardised)
    classes = reading.read("rural_urban", KINDS["rural_urban"].read_by())
    told["rural"] = covariates.rural(
        None if classes is None else classes["rural_urban"].reindex(reading.areas), within_3km=near
    ).where(near.notna())
    structure = structure_of_2013(reading)
    if structure is not None:
        told["structure"] = structure.where(near.notna())
    words = f"by {listed(list(dict.fromkeys(one.label for one in known.values())))}"
    missing = [one.label for key, one in COVARIATES.items() if key not in known]
    if missing:
        words += f", but not by {listed(missing)}, as no layer tells it"
    if structure is not None:
        words += ", and by where slow lines stood in 2013"
    return told, words


def structure_of_2013(reading: StudyReading) -> pd.Series | None:
    """Return log-odds of lines under 5 Mbit/s in 2013, standardised; None when the study has no such layer.

    An area without lines then is taken for an average one (0). The file's figures are used for this pattern alone.
    """
    layer = reading.study.layer("structure_2013")
    if layer is None:
        return None
    path = reading.study.paths(layer)[0]
    apart = Ledger()  # its lines are no premises of this study
    then = read_postcodes_2013(
        path,
        postcodes=reading.located_postcodes(needed_by="structure_2013"),
        areas=reading.areas,
        districts=reading.study.districts,
        ledger=apart,
        member=layer.member,
    )
    reading.ledger.used(path, kind="structure_2013", rows=apart.sources[0].rows, release=RELEASE)
    slow = then.table[[band.column for band in BANDS if band.high <= STRUCTURE_BELOW]].sum(axis=1)
    odds = (slow + HALF) / (then.table["matched"] - slow + HALF)
    found = ((odds.map(math.log) - STRUCTURE_CENTRE.value) / STRUCTURE_SPREAD.value).reindex(reading.areas)
    known = found.notna() & then.table["matched"].reindex(reading.areas).gt(0)
    rule = "every area had lines in 2013, so that it is known where slow ones stood"
    bare = reading.areas[~known]
    reading.ledger.check(path, rule, rows=len(found), failing=len(bare), examples=bare, then="kept")
    return found.where(known, 0.0).rename("structure")


def _weight(reading: StudyReading) -> pd.DataFrame:
    dwellings = reading.read("dwellings", premises.read_dwellings)
    if dwellings is not None:
        reading.placed("dwellings", dwellings.index.to_series(), noun="areas")
        reading.ledger.modelled.append(f"{PREMISES_SHARED}: the council's total, shared by dwellings.")
        return reading.every_area(dwellings.dropna().to_frame(), "dwellings")
    output_areas = reading.read("output_areas", premises.read_output_areas)
    if output_areas is not None:
        reading.ledger.modelled.append(f"{PREMISES_SHARED}: the council's total, shared by 2011 output areas.")
        reading.placed("output_areas", output_areas["area_code"], noun="output areas")
        weight = premises.output_area_weight(output_areas, areas=reading.areas)
        return reading.every_area(weight.dropna().to_frame(), "output_areas")
    raise lacks(reading.study, "dwellings or output_areas", needed_by="ofcom_authority")
