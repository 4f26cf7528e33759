"""Coverage files of national size in Ofcom's headings of January 2026, drawn at random; no row is a published one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from benchmarks.measuring import SEED

OUTPUT_AREAS, POSTCODES, SMALL_AREAS = 189_000, 1_740_000, 35_600
"""England and Wales: output areas and small areas of 2021 in round numbers; postcodes of the United Kingdom."""
MEAN_PREMISES = {"output_area": 150, "postcode": 18}
BANDS = ("0<2", "2<5", "5<10", "10<30", "30<300", ">=300")
SHARES = (0.002, 0.003, 0.005, 0.03, 0.16, 0.8)
"""Of matched premises in each band, about as published for 2025."""

AVAILABLE = ("SFBB", "UFBB (100Mbit/s)", "UFBB", "Gigabit")
UNABLE = ("2Mbit/s", "5Mbit/s", "10Mbit/s", "30Mbit/s", "decent broadband from fixed or FWA")
REST = ("premises with NGA", "premises able to receive decent broadband from FWA")
MEASURES = (
    *(f"premises with {name} availability" for name in AVAILABLE),
    *(f"premises unable to receive {name}" for name in UNABLE),
    *REST,
)
IN_BANDS = tuple(f"premises with {band}Mbit/s download speed" for band in BANDS)
OUTPUT_AREA_ORDER = (4, 5, 0, 1, 2, 3)
"""Ofcom lists the two fastest bands first."""
Counts = npt.NDArray[np.int64]
Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class National:
    """The two files, and what reading them needs: the lookups and the premises at each postcode."""

    by_output_area: Path
    by_postcode: Path
    output_areas: pd.DataFrame
    postcodes: pd.DataFrame
    weights: pd.Series

    @property
    def areas(self) -> pd.Index:
        """The small areas' codes."""
        return pd.Index(small_areas(SMALL_AREAS))


def write(folder: Path, *, scale: int = 1) -> National:
    """Write both files.

    Parameters
    ----------
    folder
        An empty folder.
    scale
        Divides the number of rows.
    """
    random = np.random.default_rng(SEED)
    codes = np.char.add("E00", np.char.zfill(np.arange(OUTPUT_AREAS // scale).astype(str), 6))
    matched, counts = draw(random, len(codes), "output_area")
    by_area = folder / "202601_fixed_oa_coverage_r1.csv"
    save(by_area, {"output_area": codes} | output_area_columns(matched + (matched % 50 == 0), matched, counts))
    postcodes = made_postcodes(POSTCODES // scale)
    by_postcode = folder / "202601_fixed_pc_coverage_r1.csv"
    unmatched = random.random(len(postcodes)) < 0.01  # noqa: PLR2004 - one in a hundred has no figures: all shares 0
    save(by_postcode, postcode_columns(postcodes, random, unmatched))
    weights = pd.Series(1.0 + random.poisson(MEAN_PREMISES["postcode"], len(postcodes)), index=postcodes)
    homes = small_areas(SMALL_AREAS)
    return National(
        by_area,
        by_postcode,
        pd.DataFrame({"area_code": homes[np.arange(len(codes)) * SMALL_AREAS // len(codes)]}, index=codes),
        pd.DataFrame({"area_code": homes[np.arange(len(postcodes)) * SMALL_AREAS // len(postcodes)]}, index=postcodes),
        weights.rename("premises"),
    )


def draw(random: np.random.Generator, rows: int, kind: str) -> tuple[Counts, Counts]:
    """Draw matched premises, and how many are in each band."""
    matched = 1 + random.poisson(MEAN_PREMISES[kind], rows)
    return matched, random.multinomial(matched, SHARES)


def output_area_columns(premises: Counts, matched: Counts, counts: Counts) -> Columns:
    """Derive the 36 columns beside the code, as Ofcom nests them."""
    under = counts.cumsum(axis=1)[:, :4]
    fast = counts[:, 5] + counts[:, 4] // 2
    number = [matched - under[:, 3], fast, counts[:, 5], counts[:, 5], *under.T, under[:, 1], matched - under[:, 3]]
    number += [premises * 9 // 10]
    columns: Columns = {"All Premises": premises, "All Matched Premises": matched}
    for name, values in zip(MEASURES, number, strict=True):
        columns[share_heading(name)] = np.round(100 * values / premises, 1)
    columns |= {f"Number of {name}": values for name, values in zip(MEASURES, number, strict=True)}
    for place in OUTPUT_AREA_ORDER:
        columns[f"% of {IN_BANDS[place]}"] = np.round(100 * counts[:, place] / premises, 1)
    return columns | {f"Number of {IN_BANDS[place]}": counts[:, place] for place in OUTPUT_AREA_ORDER}


def postcode_columns(
    postcodes: npt.NDArray[np.str_], random: np.random.Generator, unmatched: npt.NDArray[np.bool_]
) -> Columns:
    """Draw the 20 columns: shares in tenths of a percent that sum to 100, or all 0."""
    tenths = random.multinomial(1000, SHARES, len(postcodes))
    tenths[unmatched] = 0
    under = tenths.cumsum(axis=1)[:, :4]
    from_30, fast = tenths[:, 4:].sum(axis=1), tenths[:, 5] + tenths[:, 4] // 2
    share = [from_30, fast, tenths[:, 5], *under.T, tenths[:, 5], under[:, 1], from_30, from_30 * 9 // 10]
    order = (0, 1, 2, 4, 5, 6, 7, 3, 8, 9, 10)
    columns: Columns = {
        "postcode": postcodes,
        "postcode_space": spaced(postcodes),
        "postcode area": postcodes.astype("<U2"),
    }
    for place in OUTPUT_AREA_ORDER:
        columns[f"% of {IN_BANDS[place]}"] = tenths[:, place] / 10
    return columns | {share_heading(MEASURES[name]): values / 10 for name, values in zip(order, share, strict=True)}


def share_heading(name: str) -> str:
    """Give the heading of a share: availability is worded the other way round.

    Examples
    --------
    >>> share_heading("premises with SFBB availability"), share_heading("premises with NGA")
    ('SFBB availability (% premises)', '% of premises with NGA')
    """
    if name.endswith(" availability"):
        return f"{name.removeprefix('premises with ')} (% premises)"
    return f"% of {name}"


def small_areas(count: int) -> npt.NDArray[np.str_]:
    """Make codes of small areas."""
    return np.char.add("E01", np.char.zfill(np.arange(count).astype(str), 6))


def made_postcodes(count: int) -> npt.NDArray[np.str_]:
    """Make postcodes of seven characters, without a space, all different: AA101AA and on."""
    letters = np.array([chr(letter) for letter in range(ord("A"), ord("Z") + 1)])
    figures, number = np.arange(10).astype(str), np.arange(count)
    made = np.full(count, "", dtype="<U7")
    for characters in (letters, letters, figures, figures, figures[1:], letters, letters):  # from the last to the first
        made = np.char.add(characters[number % len(characters)], made)
        number = number // len(characters)
    return made


def spaced(postcodes: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Set the space before the last three characters, as addresses have it."""
    return np.char.add(np.char.add(postcodes.astype("<U4"), " "), np.array([code[-3:] for code in postcodes]))


def save(path: Path, columns: Columns) -> None:
    """Write columns as CSV, the headings without quotes as Ofcom does."""
    arrays = {
        name: pa.array(values.tolist() if values.dtype.kind == "U" else values) for name, values in columns.items()
    }
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file:
        file.write((",".join(columns) + "\n").encode())
        pyarrow.csv.write_csv(pa.table(arrays), file, write_options=options)
