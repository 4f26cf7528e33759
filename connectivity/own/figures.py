"""Figures of a reader's own for areas: one value for each small area or council of the study, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from connectivity.own.headings import Found, wrong_year
from connectivity.own.sheet import Sheet
from layers.errors import LayerError, examples, several, visible
from layers.figures import Figure
from layers.intake.cells import GROUPED, MARKS, MISSING, numbers
from layers.ledger import Unused

Unit = Literal["area", "district"]
SMALL, COUNCIL = re.compile(r"[EWS]01\d{6}"), re.compile(r"[EW]0[6-9]\d{6}|S12\d{6}|N09\d{6}")
"""Codes of small areas and of councils (ONS, Register of Geographic Codes)."""
LAST_OF_2011 = {"E": "E01033768", "W": "W01001958"}
"""The highest LSOA code of 2011; areas that were redrawn for 2021 have higher ones (ONS, LSOA 2011 to 2021 lookup)."""
MOSTLY = Figure(0.5, "of a column's cells", "must be numbers for it to be a column of figures", "assumption")
NO_CODE, NOT_A_CODE = "without a code", "with something that is not an area code"
BEYOND = "for places outside this study"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures for areas of a study.

    Attributes
    ----------
    file
        The name of the file they came in.
    unit
        Whether a row is a small area or a council.
    column
        The heading of the codes.
    table
        Index: codes of the study that the file has. One column of numbers for each heading; NaN where there is none.
    others
        Headings that are not figures.
    withheld
        By heading: cells with a mark such as [x] in place of a figure. Not known, and not zero.
    rows, unused
        Rows in the file, and those not used, by reason.
    doubt
        A sentence where the codes may be another year's; else empty.
    """

    file: str
    unit: Unit
    column: str
    table: pd.DataFrame
    others: tuple[str, ...]
    withheld: dict[str, int]
    rows: int
    unused: tuple[Unused, ...]
    doubt: str = ""


def read_figures(sheet: Sheet, found: Found, *, areas: pd.DataFrame, geography: str) -> Figures:
    """Read the figures of a sheet by the codes in it.

    Parameters
    ----------
    areas
        The study's areas indexed by code, with ``district_code``.
    geography
        ``lsoa11`` or ``lsoa21``.

    Raises
    ------
    LayerError
        When codes are of another year or none are the study's, an area stands twice, a cell in a column of figures
        is no number, or no column holds numbers.
    """
    column = str(found.code)
    codes = sheet.cells[column].str.upper()
    unit: Unit = "district" if codes.str.fullmatch(COUNCIL).sum() > codes.str.fullmatch(SMALL).sum() else "area"
    known = pd.Index(areas["district_code"].unique()) if unit == "district" else areas.index
    if unit == "area" and geography == "lsoa11":
        _refuse_newer(sheet, column, codes)
    shaped = codes.str.fullmatch(COUNCIL if unit == "district" else SMALL).fillna(value=False).astype(bool)
    used = codes.isin(known)
    masks = {NO_CODE: codes.eq(""), NOT_A_CODE: codes.ne("") & ~shaped & ~used, BEYOND: shaped & ~used}
    if not used.any():
        raise LayerError(
            "No code of the file is one of this study.",
            file=sheet.file,
            column=column,
            expected=f"codes such as {examples(known[:2])}",
            found=examples(visible(code) for code in codes[codes.ne("")].unique()) or "no codes",
            next_step="check the column of codes, or choose the study that covers these places",
        )
    twice = used & codes.duplicated(keep=False)
    if twice.any():
        raise LayerError(
            f"{several(codes[twice].nunique(), 'area stands', 'areas stand')} more than once.",
            file=sheet.file,
            column=column,
            rows=sheet.number(twice),
            expected="one row for each area",
            found=examples(codes[twice].unique()),
            next_step="add the rows up, or remove the copies",
        )
    figures, withheld, others = _columns(sheet, found, used)
    unused = [
        Unused.of(
            why,
            int(mask.sum()),
            examples=codes[mask].unique() if why == BEYOND else [sheet.number(mask).split(" (")[0]],
            harmless=why == BEYOND,
        )
        for why, mask in masks.items()
    ]
    table = figures[used].set_axis(pd.Index(codes[used], name="code"))
    doubt = _older(table.index, areas.index) if unit == "area" and geography == "lsoa21" else ""
    everything = tuple(one for one in (*sheet.unused, *unused) if one.count)
    return Figures(sheet.file, unit, column, table, others, withheld, sheet.rows, everything, doubt)


def _columns(sheet: Sheet, found: Found, used: pd.Series) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
    """Read every column that is mostly numbers; one cell of it that is none is refused."""
    made: dict[str, pd.Series] = {}
    withheld, others = {}, []
    for place, heading in enumerate(sheet.cells.columns):
        if heading == found.code:
            continue
        cells = sheet.cells.iloc[:, place]
        plain = cells.mask(cells.str.fullmatch(GROUPED), cells.str.replace(",", "", regex=False))
        given = ~cells.isin(MISSING)
        right = pd.to_numeric(plain[given], errors="coerce").notna()
        if not given.any() or right.mean() < MOSTLY.value:
            others.append(heading)
            continue
        if heading in made:
            sheet.heading((heading,))  # raises: it stands twice
        full = cells.reindex(range(sheet.rows), fill_value="")
        made[heading] = numbers(full, path=sheet.path, column=heading, kind="number").reindex(cells.index)
        withheld[heading] = int((cells.isin(MARKS) & used).sum())
    if not made:
        raise LayerError(
            "No column holds numbers.",
            file=sheet.file,
            expected="at least one column of numbers beside the codes",
            found=examples(others) or "no other columns",
            next_step="add a column with a figure for each area; write numbers without units or signs",
        )
    return pd.DataFrame(made, index=sheet.cells.index), withheld, tuple(others)


def _refuse_newer(sheet: Sheet, column: str, codes: pd.Series) -> None:
    """Refuse codes that only the small areas of 2021 have, in a study of 2011."""
    last = codes.str[:1].map(LAST_OF_2011)
    newer = codes.str.fullmatch(SMALL) & last.notna() & (codes > last.fillna(""))
    if newer.any():
        raise wrong_year(sheet, column=column, found="lsoa21", wanted="lsoa11", rows=sheet.number(newer))


def _older(codes: pd.Index, areas: pd.Index) -> str:
    """Say that the codes look like those of 2011: most of a study of 2021 has a figure, and nothing redrawn has."""
    redrawn = pd.Series(areas > areas.str[:1].map(LAST_OF_2011).fillna("~"), index=areas)
    if redrawn.any() and len(codes) >= MOSTLY.value * len(areas) and not redrawn[codes].any():
        return (
            f"None of the {int(redrawn.sum()):,} small areas that were redrawn for 2021 has a figure. "
            "The codes may be those of 2011: check which year they are."
        )
    return ""
