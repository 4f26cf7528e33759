"""Ofcom's releases as they are published, down to the bytes: zips in zips, byte-order marks, CRLF, read-only folders.

Of the four premises at each postcode of the hand-made country one can get 5 to 10 Mbit/s, one 10 to 30, one 100 to 300
and one more than 300; the slowest has no decent broadband, and the next slowest could get it by fixed wireless.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

import pandas as pd
from official.world import DISTRICTS, World

COUNTS = {
    "SFBB availability": 2,
    "UFBB (100Mbit/s) availability": 2,
    "UFBB availability": 1,
    "Full Fibre availability": 1,
    "Gigabit availability": 1,
    **{f"unable to receive {speed}Mbit/s": under for speed, under in ((2, 0), (5, 0), (10, 1), (30, 2))},
    "decent": 1,
    "NGA": 2,
    "FWA": 1,
    **{f"{band}Mbit/s download speed": 1 for band in ("30<300", ">=300")},
    **dict.fromkeys((f"{band}Mbit/s download speed" for band in ("0<2", "2<5")), 0),
    **dict.fromkeys((f"{band}Mbit/s download speed" for band in ("5<10", "10<30")), 1),
}
"""Of the four premises of a postcode, how many each measure counts."""
PREMISES = 4
DECENT = {
    "201809": "unable meet USO",
    "202601": "unable to receive decent broadband from fixed or FWA",
}
"""How the premises without decent broadband are called; in between they are "below the USO"."""
READ_ONLY_FOLDER, READ_ONLY_FILE = 0o40555 << 16, 0o100444 << 16


def words(measure: str, release: str) -> str:
    """Word a measure as a heading ends, without "% of premises" or "Number of premises"."""
    named = {
        "decent": DECENT.get(release, "below the USO"),
        "NGA": "with NGA",
        "FWA": "able to receive decent broadband from FWA",
    }
    if measure in named:
        return named[measure]
    return measure if measure.startswith("unable") else f"with {measure}"


def share_heading(measure: str, release: str) -> str:
    """Word the heading of a percentage."""
    if measure.endswith("availability"):
        return f"{measure} (% premises)"
    return f"% of premises {words(measure, release)}"


def _by_area(many: int, release: str, *, full_fibre: bool) -> dict[str, object]:
    """Give the cells of an area with so many postcodes: both totals, then percentages, then counts, as Ofcom does."""
    measures = [name for name in COUNTS if full_fibre or name != "Full Fibre availability"]
    plain = [name for name in measures if "download speed" not in name]
    bands = [name for name in measures if "download speed" in name]
    cells: dict[str, object] = {"All Premises": PREMISES * many, "All Matched Premises": PREMISES * many}
    for group in (plain, bands):
        cells |= {share_heading(name, release): 100 * COUNTS[name] / PREMISES for name in group}
        cells |= {f"Number of premises {words(name, release)}": COUNTS[name] * many for name in group}
    return cells


def authorities(world: World, release: str = "202507") -> pd.DataFrame:
    """Make the file by local authority: 40 columns since 2020."""
    many = world.areas.groupby("district").size() * 6
    rows = [
        {"laua": code, "laua_name": name, **_by_area(int(many[code]), release, full_fibre=True)}
        for code, name in DISTRICTS.items()
    ]
    return pd.DataFrame(rows)


def output_areas(world: World, release: str = "202507") -> pd.DataFrame:
    """Make the file by output area of 2021: 37 columns."""
    return pd.DataFrame(
        {"output_area": code, **_by_area(3, release, full_fibre=False)} for code in world.output_areas["oa21"]
    )


def output_areas_2018(world: World) -> pd.DataFrame:
    """Make 2018's file by output area of 2011: premises and percentages.

    The key, the totals and some percentages are known from who used the file; that it has no counts is an assumption,
    from 2018's postcode file, which has none.
    """
    return pd.DataFrame({"oa11": code, **_shares_2018(12)} for code in world.output_areas["oa21"])


def postcodes_2018(world: World) -> pd.DataFrame:
    """Make 2018's file by postcode: premises and percentages."""
    return pd.DataFrame(
        {
            "postcode": code.replace(" ", ""),
            "pcds": code,
            "pca": code[:2],
            **_shares_2018(PREMISES),
        }
        for code in world.postcodes["postcode"]
    )


def _shares_2018(premises: int) -> dict[str, object]:
    def share(measure: str) -> float:
        return 100 * COUNTS[measure] / PREMISES

    return {
        "All Premises": premises,
        "All Matched Premises": premises,
        "SFBB availability (% premises)": share("SFBB availability"),
        "UFBB availability (% premises)": share("UFBB availability"),
        "FTTP availability (% premises)": share("Full Fibre availability"),
        **{f"% of premises unable to receive {n}Mbit/s": share(f"unable to receive {n}Mbit/s") for n in (2, 5, 10, 30)},
        "% of premises unable meet USO": share("decent"),
        "% of premises able to receive decent broadband from FWA": share("FWA"),
        "% of premises able to receive SFBB from FWA": 0.0,
        "% of premises with NGA": share("NGA"),
    }


def postcodes(world: World, release: str = "202507") -> pd.DataFrame:
    """Make the file by postcode since 2021: percentages only, 20 columns."""
    bands = [name for name in COUNTS if "download speed" in name]
    speeds = [f"unable to receive {n}Mbit/s" for n in (2, 5, 10, 30)]
    order = [*bands, "SFBB availability", "UFBB (100Mbit/s) availability", "UFBB availability", *speeds]
    order += ["Gigabit availability", "decent", "NGA", "FWA"]
    shares = {share_heading(name, release): 100 * COUNTS[name] / PREMISES for name in order}
    return pd.DataFrame(
        {"postcode": code.replace(" ", ""), "postcode_space": code, "postcode area": code[:2], **shares}
        for code in world.postcodes["postcode"]
    )


def homes_only(table: pd.DataFrame) -> pd.DataFrame:
    """Make the file of homes only: two of three premises, in the same shares."""
    counts = [heading for heading in table if heading.startswith(("All ", "Number of premises"))]
    return table.assign(**{heading: table[heading] * 2 // 3 for heading in counts})


def csv_bytes(table: pd.DataFrame, *, mark: bool = True) -> bytes:
    """Write a table as Ofcom does: CRLF, most files with a byte-order mark."""
    return (b"\xef\xbb\xbf" if mark else b"") + table.to_csv(index=False, lineterminator="\r\n").encode()


def zip_bytes(members: Mapping[str, bytes], *, folders: Iterable[str] = ()) -> bytes:
    """Pack members as Ofcom does: with entries for folders, and nobody allowed to write them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            entry = zipfile.ZipInfo(f"{folder}/", date_time=(2025, 11, 10, 12, 0, 0))
            entry.external_attr = READ_ONLY_FOLDER | 0x10
            archive.writestr(entry, b"")
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, date_time=(2025, 11, 10, 12, 0, 0))
            entry.external_attr = READ_ONLY_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def by_postcode_area(table: pd.DataFrame, name: str) -> dict[str, bytes]:
    """Split a table by postcode area, each to its file; every other one has no byte-order mark (two of 121 have none).

    Parameters
    ----------
    name
        With ``{}`` where the postcode area goes.
    """
    key = "postcode area" if "postcode area" in table else "pca"
    return {
        name.format(area): csv_bytes(rows, mark=number % 2 == 0)
        for number, (area, rows) in enumerate(table.groupby(key, sort=True))
    }


def fixed_2025(world: World) -> bytes:
    """Make ``202507_fixed_broadband_coverage_r01.zip``: a folder, and zips by output area and postcode inside it."""
    return _fixed(world, "202507", "r01", "202507_fixed_coverage_r01/")


def fixed_2026(world: World) -> bytes:
    """Make January 2026's: ``r1``, homes only named otherwise by postcode, postcodes of all premises at revision 2."""
    return _fixed(world, "202601", "r1", "202601_fixed_coverage_r1/", postcodes_revision="r2")


def _fixed(world: World, release: str, revision: str, folder: str, *, postcodes_revision: str | None = None) -> bytes:
    areas, places, councils = output_areas(world, release), postcodes(world, release), authorities(world, release)
    stem, late = f"{release}_fixed", postcodes_revision or revision
    inner = zip_bytes(
        {
            f"{stem}_oa_coverage_{revision}.csv": csv_bytes(areas),
            f"{stem}_oa_res_coverage_{revision}.csv": csv_bytes(homes_only(areas)),
        }
    )
    codes = by_postcode_area(places, f"postcode_files/{stem}_pc_coverage_{late}_{{}}.csv")
    res_name = "pc_coverage_res" if release == "202601" else "pc_res_coverage"
    codes |= by_postcode_area(homes_only(places), f"postcode_res_files/{stem}_{res_name}_{revision}_{{}}.csv")
    members = {
        f"{folder}{stem}_laua_coverage_{revision}.csv": csv_bytes(councils),
        f"{folder}{stem}_laua_res_coverage_{revision}.csv": csv_bytes(homes_only(councils)),
        f"{folder}{release}_full_fibre_take-up_laua_{revision}.csv": csv_bytes(councils[["laua", "laua_name"]]),
        f"{folder}{stem}_oa_coverage_{revision}.zip": inner,
        f"{folder}{stem}_pc_coverage_{revision}.zip": zip_bytes(
            codes, folders=["postcode_files", "postcode_res_files"]
        ),
    }
    return zip_bytes(members, folders=[folder.rstrip("/")])


def fixed_2024(world: World) -> bytes:
    """Make ``202407-fixed-coverage-output-areas.zip``: both files by output area, in no folder."""
    table = output_areas(world, "202407")
    return zip_bytes(
        {
            "202407_fixed_oa_coverage_r01.csv": csv_bytes(table),
            "202407_fixed_oa_res_coverage_r01.csv": csv_bytes(homes_only(table)),
        }
    )


def fixed_2018(world: World) -> bytes:
    """Make 2018's output areas: one file, its name and its key of 2011."""
    return zip_bytes({"201809_fixed_oa11_coverage_r01.csv": csv_bytes(output_areas_2018(world), mark=False)})


def postcodes_and_performance_2018(world: World) -> bytes:
    """Make ``201809_fixed_pc_r03.zip``: availability of September and performance of May 2018, in one zip."""
    return zip_bytes(
        {
            "201805_fixed_pc_performance_r03.csv": csv_bytes(performance(world), mark=False),
            "201809_fixed_pc_coverage_r01.csv": csv_bytes(postcodes_2018(world), mark=False),
        }
    )


def performance(world: World) -> pd.DataFrame:
    """Make the measured speeds by postcode of 2018 to 2023: three lines at each postcode, one in each of three bands.

    Headings as published; each postcode is a Mbit/s faster than the one before.
    """
    rows = []
    for number, code in enumerate(world.postcodes["postcode"]):
        lines = {"< 2": 0, "2<5": 0, "5<10": 1, "10<30": 1, "30<300": 1, ">= 300": 0, ">= 30": 1}
        rows.append(
            {
                "postcode": code.replace(" ", ""),
                "postcode_space": code,
                "postcode area": code[:2],
                "Median download speed (Mbit/s)": 20.0 + number,
                "Average download speed (Mbit/s)": 25.0 + number,
                "Minimum download speed (Mbit/s)": 6.0,
                "Maximum download speed (Mbit/s)": 70.0,
                "Median upload speed (Mbit/s)": 5.0,
                "Average upload speed (Mbit/s)": 6.0,
                "Average data usage (GB)": 300.0,
                **{f"Number of connections {band} Mbit/s (number of lines)": n for band, n in lines.items()},
            }
        )
    return pd.DataFrame(rows)


def performance_2025(world: World) -> bytes:
    """Make ``202507_fixed_broadband_performance_r01.zip``: averages by band and output area, and no number of lines."""
    bands = ("<10", "10<30", "30<100", "100<300", "300<900", ">=900")
    rows = [
        {
            "output_area": code,
            **{f"Average max download speed (Mbit/s) for lines {band}Mbit/s": 50.0 for band in bands},
            **{f"Average max upload speed (Mbit/s) for lines {band}Mbit/s": 10.0 for band in bands},
        }
        for code in world.output_areas["oa21"]
    ]
    folder = "202507_fixed_performance_r01"
    content = csv_bytes(pd.DataFrame(rows), mark=False)
    return zip_bytes({f"{folder}/202507_fixed_performance_oa_r01.csv": content}, folders=[folder])


def mobile(*, none: str = "0", last: str = "4") -> pd.DataFrame:
    """Make the mobile file by local authority: 4G and 5G, inside and out; a blank means 0.

    In 2023 the first and the last of a family are called ``_None`` and ``_All``.
    """
    rows = []
    for number, (code, name) in enumerate(DISTRICTS.items()):
        cells: dict[str, object] = {"laua": code, "laua_name": name, "prem_count": 96, "pixel_count": 1600}
        for place in ("prem_out", "prem_in", "geo_out"):
            shares = (
                ("", 1 + number, 9 - number, 20, 70) if place == "prem_out" else (5 + number, 5, 10, 20, 60 - number)
            )
            names = (none, "1", "2", "3", last)
            cells |= {f"4G_{place}_{n}": share for n, share in zip(names, shares, strict=True)}
        rows.append(cells)
    return pd.DataFrame(rows)


def mobile_zip(release: str = "202507", revision: str = "r01") -> bytes:
    """Make ``202507_mobile_coverage_r01.zip``: by authority and constituency, and 4G with 5G together."""
    folder = f"{release}_mobile_coverage_{revision}"
    stem = f"{folder}/{release}_mobile_coverage"
    councils = mobile()
    seats = councils.rename(columns={"laua": "pcon", "laua_name": "pcon_name"})
    return zip_bytes(
        {
            f"{stem}_laua_{revision}.csv": csv_bytes(councils),
            f"{stem}_pcon_{revision}.csv": csv_bytes(seats),
            f"{stem}_4G5G_{revision}.csv": csv_bytes(councils),
        },
        folders=[folder],
    )
