"""Which broadband release a study has, and how it becomes premises in speed bands for each area."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from layers.coverage import Coverage
from layers.errors import StudyError, examples
from layers.grid.rasters import reach_of_signal
from layers.kinds import KINDS
from layers.ofcom import lines_2013, mobile
from layers.ofcom.availability import decent_definition
from layers.ofcom.fixed import read_output_area_coverage, read_postcode_coverage
from layers.ofcom.releases import member_meant
from layers.people import dwellings
from layers.people.dwellings import stand_in_weights
from layers.reading import StudyReading, lacks, required


def read_coverage(reading: StudyReading) -> Coverage:
    """Read the study's broadband layer, and mobile beside it where the study counts it.

    Small-area releases are summed to areas; authority totals are spread over them and called modelled.
    """
    layer = next(layer for layer in reading.study.layers if KINDS[layer.kind].reads == "broadband")
    kind = KINDS[layer.kind]
    coverage: Coverage = kind.read_by()(reading)
    path = reading.study.paths(layer)[0]
    member = member_meant(path, level=kind.level, member=layer.member) if kind.level else layer.member
    definition = decent_definition(path, member=member)
    rule = "the speed bands of each area make its matched premises, and these are no more than all"
    reading.ledger.check(path, rule, rows=len(coverage.table), kind=layer.kind)
    coverage = replace(coverage, definition=definition)
    return _with_mobile(coverage, reading) if reading.study.switches.mobile else coverage


def measured_in_2013(reading: StudyReading) -> Coverage:
    """Read the lines of 2013 by their measured speeds."""
    layer = required(reading.study, "ofcom_postcode_2013")
    coverage = lines_2013.read_postcodes_2013(
        reading.study.paths(layer)[0],
        postcodes=reading.located_postcodes(needed_by=layer.kind),
        areas=reading.areas,
        districts=reading.study.districts,
        ledger=reading.ledger,
        member=layer.member,
        allowed=reading.study.switches.missing_areas_allowed,
    )
    reading.every_area(coverage.table, layer.kind)  # counts the areas without a line, refuses another year's codes
    return coverage


def by_output_areas(reading: StudyReading) -> Coverage:
    """Read counts by output area, summed to areas."""
    layer = required(reading.study, "ofcom_oa")
    output_areas = reading.read("output_areas", dwellings.read_output_areas)
    if output_areas is None:
        raise lacks(reading.study, "output_areas", needed_by=layer.kind)
    reading.placed("output_areas", output_areas["area_code"], noun="output areas")
    coverage = read_output_area_coverage(
        reading.study.paths(layer)[0],
        output_areas=output_areas,
        areas=reading.areas,
        geography=reading.study.geography,
        ledger=reading.ledger,
        member=layer.member,
        release=layer.release,
        allowed=reading.study.switches.missing_areas_allowed,
    )
    reading.every_area(coverage.table, layer.kind)
    return coverage


def by_postcodes(reading: StudyReading) -> Coverage:
    """Read coverage by postcode, summed to areas."""
    layer = required(reading.study, "ofcom_postcode")

    def stand_in(listed: pd.Index) -> tuple[pd.Series, str, str] | None:
        found = stand_in_weights(reading, postcodes=listed)
        return (found.premises, found.whence, found.kind) if found else None

    located = reading.located_postcodes(needed_by=layer.kind)
    weights = reading.read("postcode_premises", dwellings.read_postcode_premises)
    if weights is not None:
        reading.placed("postcode_premises", located["area_code"].reindex(weights.index), noun="postcodes")
    coverage = read_postcode_coverage(
        reading.study.paths(layer)[0],
        postcodes=located,
        weights=weights,
        areas=reading.areas,
        ledger=reading.ledger,
        stand_in=stand_in,
        member=layer.member,
        release=layer.release,
        allowed=reading.study.switches.missing_areas_allowed,
    )
    reading.every_area(coverage.table, layer.kind)
    return coverage


def _with_mobile(coverage: Coverage, reading: StudyReading) -> Coverage:
    """Put mobile beside the areas: a signal raster's own figure, or the authority's, which bounds and never ranks."""
    study = reading.study
    signal = reach_of_signal(reading)
    if signal is not None:
        reading.ledger.modelled.append("Mobile: the signal raster of the study, read off at each live postcode.")
        return replace(coverage, table=coverage.table.join(signal))
    layer = required(study, "mobile", needed_by="mobile = true under [switches]")
    by_district = mobile.read_mobile(
        study.paths(layer)[0],
        districts=study.districts,
        ledger=reading.ledger,
        member=layer.member,
        release=layer.release,
    )
    missing = [code for code in study.districts if pd.isna(by_district.get(code))]
    if missing:
        raise StudyError(
            f"Mobile cannot be counted: the file has no figure for {len(missing):,} of the study's districts.",
            file=layer.files[0],
            column="laua",
            rows=examples(missing),
            expected="a figure for every district of the study",
            found=f"{len(study.districts) - len(missing):,} districts with one",
            next_step="set mobile = false, study fewer districts, or give a file that covers them",
        )
    reading.ledger.modelled.append("Mobile: each council's own figure stands for all its small areas.")
    share = reading.spine["district_code"].map(by_district).reindex(coverage.table.index)
    return replace(coverage, table=coverage.table.assign(indoor_4g=share.astype(float)))
