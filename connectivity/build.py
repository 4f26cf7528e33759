"""One study, from published files to a finished output folder, held against the lock of what was fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isinf
from pathlib import Path

import geopandas as gpd
import pandas as pd

from connectivity import __version__
from connectivity.assessment import StudyChoices, assessed, with_drawn_ranges
from connectivity.claims.claim import Basis
from connectivity.fingerprints import fingerprint
from connectivity.html.page_files import WEB, write_pages
from connectivity.manifest import (
    Accounted,
    DimensionWeights,
    District,
    IndicatorRecord,
    LockRecord,
    Manifest,
    SpeedBand,
)
from connectivity.maps.base_map import ground_around, write_base_map
from connectivity.maps.sketch import write_outlines
from connectivity.method import feasibility, scoring
from connectivity.method.records import DIMENSIONS, METHOD_VERSION, Indicator
from connectivity.outputs import DENSITY, Build, write_outputs
from connectivity.places.gazetteer import looked_up, members, write_gazetteer
from connectivity.places.lenses import coast_record
from connectivity.places.parts import Reports, parts_shown
from connectivity.places.reportable import as_records, located, reports_of, write_located
from connectivity.places.reports import Report, write_reports
from connectivity.postcode.postcode_tables import located_premises, other_routes, write_postcodes, write_routes
from connectivity.quality.notice import DO_NOT_PUBLISH, reasons_of
from connectivity.quality.quality_report import as_listed, quality_of, write_quality
from connectivity.robustness import robustness_report as robustness
from connectivity.robustness.count_draws import FEW_DRAWS, CountDraws, count_draws, write_count_draws
from connectivity.robustness.stored_run import StoredRun
from connectivity.schema import SCHEMA_VERSION
from layers.errors import LayerError, naming_file
from layers.grid.density import write_geotiff
from layers.intake.files import opened_once
from layers.joined import Joined, join_layers
from layers.ledger import Ledger
from layers.reporting import Shares
from layers.staging import STUDY, check_output, staged
from layers.study import Study, read_study


def held_to_lock(study: Study, ledger: Ledger) -> LockRecord | None:
    """Hold the files a build read against the lock beside its study, and warn of each that is another one.

    It is no refusal: someone may have put a figure right by hand, and the files of a build are named by their SHA-256
    in any case. A file that the lock does not name was added by a person, and nothing is said of it.

    Parameters
    ----------
    study
        The study that was built.
    ledger
        What its loaders recorded; warnings are added.

    Returns
    -------
    LockRecord or None
        None where the study was not fetched.
    """
    if not (study.path.parent / STUDY.name).is_file():
        return None
    from layers.fetch.lock import read_lock  # noqa: PLC0415  # the libraries for the network are heavy

    try:
        files = read_lock(study.path.parent).files
    except LayerError:
        ledger.warn(f"{STUDY.name} cannot be read, so it is not known whether the files are those that were fetched.")
        return LockRecord(readable=False, other_files=())
    read = {(used.file, used.sha256) for used in ledger.sources}
    others = sorted({name for name, digest in read if name in files and files[name].sha256 != digest})
    for name in others:
        ledger.warn(
            f"{name} is not the file that was fetched: its SHA-256 is not the one in {STUDY.name}. "
            "Fetch the study again to put it back."
        )
    return LockRecord(readable=True, other_files=tuple(others))


Progress = Callable[[str, float], None]
DRAWS = 1_000
"""As many as method §6 asks for."""
SEED = 20_260_301
"""In the manifest, so that draws can be repeated (assumption: any number will do)."""


@opened_once()
def build(
    study: Path | Study,
    *,
    out: Path,
    progress: Progress | None = None,
    data: Path | None = None,
    report_by: Sequence[str] | None = None,
    draws: int = DRAWS,
    web: bool = False,
) -> Manifest:
    """Build a study into a folder, whole or not at all.

    Parameters
    ----------
    study
        A study file, or one already read.
    out
        The output folder; absent, empty, or holding an earlier build.
    progress
        Called with a plain phrase and the share done, 0 to 1.
    data
        Folder of the layers' files, in place of the study's own.
    report_by
        Boundaries to report by, such as ``ward`` or ``polygon:FILE``; None for every one the study has.
    draws
        How often the uncertain inputs are drawn, to say how sure each rank is; 0 leaves that out.
    web
        Write a plain page for each council, too.

    Returns
    -------
    Manifest
        As it was written.

    Raises
    ------
    LayerError
        For anything the user can mend; the output folder is then as it was.
    """
    tell = progress or (lambda _phrase, _share: None)
    check_output(out)
    checked = study if isinstance(study, Study) else read_study(study, data=data)
    with naming_file(checked.path.name):
        joined = join_layers(checked, progress=lambda phrase, share: tell(phrase, share * 0.7))
        tell("Counting what is infeasible, scoring and ranking", 0.75)
        areas, chosen = assess(joined, checked)
        run, drawn, other = None, None, None
        if joined.coverage.modelled:
            tell("Drawing where in each council the slow lines are", 0.8)
            run, drawn, other = counts_drawn(
                areas, joined=joined, study=checked, chosen=chosen, draws=draws or FEW_DRAWS
            )
            areas = with_drawn_ranges(areas, drawn=drawn)
        tell("Reporting by other boundaries", 0.85)
        places = located(checked, joined)
        reports = reports_of(checked, joined, areas, places=places, asked=report_by, drawn=drawn)
        held = {report.family.name: (report.keyed, shares) for report, shares in reports}
        also = members(areas, settlements=joined.settlements, located=located_premises(joined))
        held |= {name: part for name, part in also.items() if name not in held}  # a study's own of that name stays
        parts = parts_shown({name: shares for name, (_, shares) in held.items()}, areas=areas)
        routes = other_routes(
            joined.coverage,
            counts_fwa=checked.switches.fwa,
            counts_mobile=checked.switches.mobile,
            districts=joined.areas["district_code"],
            parts=parts,
            drawn=other,
        )
    sure = None
    if draws and areas["status"].eq(feasibility.SCORED).any():
        tell("Drawing the uncertain inputs, to say how sure each rank is", 0.88)
        sure = robustness.robustness_of(
            areas,
            coverage=joined.coverage,
            facts=joined.areas,
            study=checked,
            chosen=chosen,
            draws=draws,
            seed=SEED,
            run=run,
            wards=next((shares.inside for report, shares in reports if report.family.name == "ward"), None),
        )
        areas = areas.join(sure.columns)
    manifest = manifest_of(areas, joined, checked, chosen, draws=draws, reports=[report for report, _ in reports])
    quality = quality_of(areas, ledger=joined.ledger, manifest=manifest)
    manifest = manifest.model_copy(update={"quality": as_listed(quality), "do_not_publish": quality[DO_NOT_PUBLISH]})
    tell("Writing", 0.95)
    with staged(out) as folder:
        write_outputs(folder, areas=areas, manifest=manifest)
        write_outlines(areas, folder=folder)
        if joined.density is not None:
            write_geotiff(joined.density, folder / DENSITY)
        write_postcodes(joined, study=checked, folder=folder)
        write_routes(routes, folder=folder)
        write_places(folder, areas=areas, settlements=joined.settlements, manifest=manifest, reports=reports, held=held)
        write_located(places, folder=folder)
        write_quality(folder, quality=quality, basis=Basis.of(manifest))
        if drawn is not None:
            write_count_draws(drawn, folder=folder)
        if sure is not None:
            robustness.write_robustness(sure, folder=folder)
        if web:
            write_pages(folder / WEB, build=Build(areas, manifest, drawn, routes), reasons=reasons_of(quality))
    tell("Done", 1.0)
    return manifest


def write_places(
    folder: Path,
    *,
    areas: gpd.GeoDataFrame,
    settlements: pd.DataFrame,
    manifest: Manifest,
    reports: Sequence[tuple[Report, Shares]],
    held: Reports,
) -> None:
    """Write what places a study has into a folder that is not yet public: reports, names to look up, ground around.

    Parameters
    ----------
    settlements
        Towns and villages in and around the study.
    reports
        By boundary, with figures and shares.
    held
        All of these, and those that have shares alone: towns and villages, half postcodes.
    """
    known = {report.family.name for report, _ in reports}
    write_reports(reports, folder=folder, members={name: part for name, part in held.items() if name not in known})
    districts = [one.code for one in manifest.districts]
    ground = ground_around(districts=districts, bounds=areas.total_bounds, settlements=settlements)
    write_base_map(ground, folder=folder)
    entries = looked_up(
        areas, districts=manifest.districts, reports=held, settlements=settlements, around=ground["councils"]
    )
    write_gazetteer(entries, folder=folder)


def assess(joined: Joined, study: Study) -> tuple[gpd.GeoDataFrame, list[Indicator]]:
    """Score and rank the joined areas.

    Returns
    -------
    areas : geopandas.GeoDataFrame
        Index ``area_code``; the columns of ``docs/outputs.md``, unrounded. Figures of an area that is not scored are
        NaN, its premises are not.
    chosen : list of Indicator
        The declared indicators.
    """
    areas = joined.areas
    chosen = scoring.declared(study.indicators, columns=list(areas.columns))
    weights, choices = scoring.Weights(**study.weights.model_dump()), StudyChoices(**study.switches.model_dump())
    table = assessed(areas, coverage=joined.coverage, chosen=chosen, weights=weights, choices=choices)
    return gpd.GeoDataFrame(table, geometry=areas.geometry, crs=areas.crs), chosen


def counts_drawn(
    areas: pd.DataFrame, *, joined: Joined, study: Study, chosen: Sequence[Indicator], draws: int
) -> tuple[StoredRun, CountDraws, CountDraws | None]:
    """Draw the counts of a modelled build's areas (method §2).

    Returns
    -------
    run : StoredRun
        What they are drawn from.
    drawn : CountDraws
        By the study's own switches.
    other : CountDraws or None
        The same with fixed wireless the other way round; None where the release does not say.
    """
    known = areas.index[feasibility.has_count(areas["status"])]
    run = robustness.stored_run_of(
        known, coverage=joined.coverage, facts=joined.areas, study=study, chosen=chosen, draws=draws, seed=SEED
    )
    turned = replace(run, count_fwa=not run.count_fwa, draws=FEW_DRAWS)  # of the same figures: what is counted differs
    other = count_draws(run.evidence(), plan=turned.plan) if joined.coverage.has_fwa else None
    return run, count_draws(run.evidence(), plan=run.plan), other


def manifest_of(
    areas: gpd.GeoDataFrame,
    joined: Joined,
    study: Study,
    chosen: list[Indicator],
    *,
    draws: int,
    reports: Sequence[Report],
) -> Manifest:
    """Make the record of a build: what was used, and what became of every premises and area."""
    ledger, coverage = joined.ledger, joined.coverage
    scored = feasibility.has_count(areas["status"])
    left_out = areas[~scored].groupby("status")["premises"].agg(["sum", "size"])
    excluded = {str(reason): round(count) for reason, count in left_out["sum"].items() if count > 0}
    excluded |= {reason: round(count) for reason, count in ledger.excluded.items()}
    absent = scoring.absent_dimensions(chosen)
    weights = scoring.Weights(**study.weights.model_dump()).normalised(absent=absent)
    districts = areas.groupby("district_code").agg(name=("district_name", "first"), separable=("separable", "all"))
    return Manifest(
        study=study.name,
        created=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        software=f"notspot {__version__}",
        schema_version=SCHEMA_VERSION,
        method_version=METHOD_VERSION,
        fingerprint=fingerprint(study),
        seed=SEED,
        unit=coverage.unit,
        sources=tuple(ledger.sources),
        premises=Accounted(
            total=round(ledger.premises_in), scored=round(areas.loc[scored, "premises"].sum()), excluded=excluded
        ),
        areas=Accounted(
            total=len(areas),
            scored=int(scored.sum()),
            excluded={str(reason): int(count) for reason, count in left_out["size"].items()},
        ),
        counts_fwa=study.switches.fwa,
        counts_mobile=study.switches.mobile,
        modelled=tuple(ledger.modelled),
        geography=study.geography,
        release=coverage.release,
        basis=coverage.basis,
        definition=coverage.definition,
        premises_from=coverage.premises_from,
        coverage_modelled=coverage.modelled,
        districts=tuple(
            District(code=str(code), name=row["name"], separable=bool(row["separable"]))
            for code, row in districts.to_dict("index").items()
        ),
        weights=DimensionWeights(**weights.as_dict()),
        aggregation=study.switches.aggregation,
        need_multiplier=study.switches.need_multiplier,
        bands=tuple(
            SpeedBand(column=band.column, label=band.label, low=band.low, high=None if isinf(band.high) else band.high)
            for band in coverage.bands
        ),
        indicators=tuple(
            IndicatorRecord(
                column=f"value_{one.key}",
                key=one.key,
                label=one.label,
                unit=one.unit,
                dimension=one.dimension,
                good=tuple(good.value * one.scale for good, _ in one.goalposts),
                bad=tuple(bad.value * one.scale for _, bad in one.goalposts),
                source=one.source,
                proxy=one.proxy,
            )
            for one in chosen
        ),
        dimensions_absent=tuple(name for name in DIMENSIONS if name in absent),
        replace_with=study.replace_with,
        coastal=coast_record(areas, how=ledger.coastal),
        lock=held_to_lock(study, ledger),
        warnings=tuple(ledger.warnings),
        draws=draws,
        reports=as_records(reports),
    )
