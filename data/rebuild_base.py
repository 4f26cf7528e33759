"""Rebuild the base under every map, ``data/base``, from open data that published wheels carry.

Usage: ``python data/rebuild_base.py [--check] [--wheels DIR]``. Land, today's councils and built-up ground are worked
out from the outlines of all small areas of England and Wales, joined by code; places are GeoNames'. Publishers,
licences and attribution of every file are in ``data/README.md``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rebuild import carriers, ground
from rebuild.carriers import BASE_WHEELS, OUTLINES, PLACES, POSTCODES, Wheel
from rebuild.committed import run_command

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE_FOLDER = Path(__file__).resolve().parent / "base"
#: How the codes of councils begin: unitary, district, metropolitan, London, Scottish and Welsh ones.
COUNCILS = ("E06", "E07", "E08", "E09", "S12", "W06")
#: The name of a small area ends so, after the council of 2011 it was in.
NUMBER = re.compile(r" \d{3}[A-Z]+$")


def rebuild(paths: Mapping[Wheel, Path], *, scratch: Path) -> tuple[dict[str, str], list[str]]:
    """Build every file of the base.

    Parameters
    ----------
    paths
        Where each pinned wheel is.
    scratch
        A folder for what is too large for memory.

    Returns
    -------
    tuple[dict[str, str], list[str]]
        File name to content, and notes on what was left out and why.
    """
    features = carriers.outline_features(paths[OUTLINES])
    areas = {feature["properties"]["LSOA11CD"]: feature["properties"]["LSOA11NM"] for feature in features}
    with carriers.open_code_point(paths[POSTCODES]) as archive:
        located = [place for place in carriers.code_point_locations(archive) if place is not None]
        places = [place for place in located if place.district]  # a few have a place and no council
        by_os = carriers.code_point_names(archive, beginning=COUNCILS)
    lookup = carriers.unpack_lookup(paths[POSTCODES], folder=scratch)
    rows = list(carriers.lookup_rows(lookup, column="lsoa11cd", wanted=areas))
    councils = ground.councils_of_today(rows, places=places)
    of_2022 = {row.district: row.district_name for row in rows}
    # ONS's own spelling where the council was there in 2022; OS's for the four that came in 2023.
    known = {*councils.values(), *(place.district for place in places)}
    names = {code: ground.council_name(of_2022.get(code) or by_os[code]) for code in sorted(known)}
    files = ground.ground_files(features, councils=councils, names=names)
    once = {*names.values(), *of_2022.values(), *(NUMBER.sub("", name) for name in areas.values())}
    files["places.csv"], notes = ground.places_text(
        carriers.place_rows(paths[PLACES]), postcodes=places, names=names, councils=once
    )
    newer = [f"{code} {names[code]}" for code in sorted({*councils.values()} - {*of_2022})]
    return files, [*notes, f"{len({*councils.values()})} councils; newer than May 2022: {', '.join(newer)}"]


if __name__ == "__main__":
    sys.exit(run_command(None, rebuild=rebuild, wheels=BASE_WHEELS, folder=BASE_FOLDER))
