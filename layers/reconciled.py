"""What a study's lookup holds and a release does not: counted, called not known, or refused where it is too much.

A release is held against the lookup both ways (method §3). Rows of the release that the lookup does not know are
counted where the file is read; here it is the postcodes and output areas that the lookup knows and the release lacks.
An area of which the release holds a tenth is not scored on that tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from layers.coverage import Coverage
from layers.errors import LayerError, examples, several
from layers.figures import Figure
from layers.intake.cells import is_one_of
from layers.ledger import MONTHS, Ledger

MOST_LACKING = Figure(
    0.2,
    "of an area's postcodes or output areas",
    "without a row, from which on all premises of the area are called not known",
    "assumption: as much as may be unknown; in the whole file of 2013 no area lacks more than .17",
)
MOST_LACKING_UNDATED = Figure(
    0.6,
    "of an area's postcodes",
    "the same where the lookup does not say when a postcode began and whose it is: newer streets and firms' own lack",
    "assumption: of today's postcodes the whole file of 2013 lacks up to .56 of an area's",
)
LARGE_USER = "1"
"""A postcode of one firm, in ONS's directories."""
POSTCODE_AREA = r"^([A-Z]{1,2})"


def postcodes_then(postcodes: pd.DataFrame, *, areas: pd.Index, release: str) -> tuple[pd.Series, Figure]:
    """Return the area of each postcode of the study that was in use at the time of a release, and how many may lack.

    A firm's own postcode is left out, where the lookup says which these are: releases have no row for them.

    Parameters
    ----------
    postcodes
        From :func:`layers.lookups.read_postcodes`.
    areas
        The spine's area codes.
    release
        In words, with its month and year last, such as ``July 2025``; a release without them is taken for today.

    Examples
    --------
    >>> table = pd.DataFrame({"area_code": ["E01", "E01", "E01"], "ended": [pd.NA, "201201", pd.NA]})
    >>> table = table.assign(introduced=["199001", "199001", "202001"], user_type="0")
    >>> listed, most = postcodes_then(table, areas=pd.Index(["E01"]), release="June–July 2013")
    >>> len(listed), most.value
    (1, 0.2)
    """
    month = _month_of(release)
    there = pd.Series(data=True, index=postcodes.index)
    if "ended" in postcodes:
        there = postcodes["ended"].isna() | (postcodes["ended"].astype("str").ge(month) if month else False)
    dated = {"introduced", "user_type"} <= set(postcodes.columns)
    if dated:
        there &= postcodes["user_type"].ne(LARGE_USER)
    if dated and month:
        there &= postcodes["introduced"].le(month)
    most = MOST_LACKING if dated else MOST_LACKING_UNDATED
    return postcodes.loc[there & is_one_of(postcodes["area_code"], areas), "area_code"], most


def _month_of(release: str) -> str:
    """Write the month a release names first as ONS writes months; blank where it names none.

    >>> _month_of("June–July 2013"), _month_of("July 2025"), _month_of("2025")
    ('201306', '202507', '')
    """
    words = release.replace("–", " ").split()
    month = next((word for word in words if word in MONTHS), None)
    year = next((word for word in reversed(words) if word.isdecimal() and len(word) == 4), None)  # noqa: PLR2004 - digits
    return f"{year}{MONTHS.index(month) + 1:02d}" if month and year else ""


def reconciled(
    coverage: Coverage,
    *,
    listed: pd.Series,
    held: pd.Index,
    most: Figure,
    noun: str,
    allowed: float,
    path: Path,
    ledger: Ledger,
) -> Coverage:
    """Return the coverage with all premises of an area called not known where the release lacks too much of it.

    Parameters
    ----------
    coverage
        By area.
    listed
        Area of each postcode or output area that the study's lookup holds.
    held
        Those the release has a row for.
    most
        Share of an area's that may lack.
    noun
        What they are: ``postcode`` or ``output area``.
    allowed
        Share of the study's areas of which nothing may be held before the file is refused.
    path
        The file.
    ledger
        Told how many lack.

    Raises
    ------
    LayerError
        When more areas than allowed have nothing in the file: it names the postcode areas or output areas that lack.
    """
    lacks = ~listed.index.isin(held)
    share = pd.Series(lacks, index=listed.to_numpy()).groupby(level=0).mean()
    nothing = share.index[share.eq(1)]
    if len(nothing) > allowed * max(len(share), 1):
        raise LayerError(
            f"The file has no row for any {noun} of {len(nothing):,} of the study's {len(share):,} areas.",
            file=path.name,
            rows=f"missing: {_named(listed.index[lacks], held=held, noun=noun)}",
            expected=f"a row for every {noun} of the study",
            found=f"{lacks.mean():.1%} missing: none for {int(lacks.sum()):,} of {len(listed):,}",
            next_step=f"add the part of the release that holds these {noun}s, or study fewer districts",
        )
    rule = f"every {noun} of the study's lookup has a row in the release"
    ledger.check(path, rule, rows=len(listed), failing=int(lacks.sum()), examples=listed.index[lacks], then="kept")
    table = coverage.table
    holes = share.gt(most.value).reindex(table.index, fill_value=False)
    if not holes.any():
        return coverage
    lack = several(int(holes.sum()), "area lacks", "areas lack")
    ledger.warn(f"{path.name}: {lack} too many {noun}s to be scored ({examples(table.index[holes])}).")
    known = ["matched", *coverage.columns]
    table = table.assign(
        **{name: table[name].where(~holes, 0.0) for name in known},
        unknown=table["unknown"].where(~holes, table["premises"]),
    )
    return replace(coverage, table=table)


def _named(lacking: Sequence[str] | pd.Index, *, held: pd.Index, noun: str) -> str:
    """Name what a file lacks: whole postcode areas where it has none of them, else examples."""
    if noun != "postcode":
        return examples(lacking)
    areas = pd.Series(lacking).str.extract(POSTCODE_AREA, expand=False)
    there = set(held.to_series().str.extract(POSTCODE_AREA, expand=False))
    whole = sorted(set(areas.dropna()) - there)
    return f"all postcodes of {examples(whole)}" if whole else examples(lacking)
