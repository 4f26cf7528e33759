"""Ofcom's fixed coverage files by local authority, 2019 to 2026: availability to premises, FWA beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from layers.coverage import Band
from layers.errors import LayerError, examples
from layers.lookups import DISTRICT_CODES
from layers.manifest import Ledger
from layers.ofcom.availability import in_bands, read_counts
from layers.ofcom.members import member_meant
from layers.ofcom.releases import release_in_words, warn_of_homes_only
from layers.quality import Unused
from layers.tabular.tables import Column

CODE = Column("code", ("laua",), "code")
NAME = Column("name", ("laua_name",), "text")


def read_authorities(
    path: Path, *, districts: Sequence[str], ledger: Ledger, member: str | None = None, release: str | None = None
) -> tuple[pd.DataFrame, tuple[Band, ...], str]:
    """Read published totals by authority and cut them into exclusive bands.

    Parameters
    ----------
    path
        A file in Ofcom's ``laua`` headings, any release from 2019.
    districts
        The study's district codes; other rows are not read further.
    ledger
        Where the file, its rows and the exceptions kept are recorded.
    member
        The file inside a zip; found by its name where it is not said.
    release
        The release in words, when the file name does not begin with its year and month.

    Returns
    -------
    table : pandas.DataFrame
        Index ``district_code``; ``premises, matched, unknown``, the bands, ``below_decent``, ``fwa``; in premises.
    bands : tuple of Band
        The bands, slowest first.
    release : str
        The release in words.

    Raises
    ------
    LayerError
        When a district has no row or a published invariant is broken.
    """
    member = member_meant(path, level="authority", member=member)
    every = read_counts(path, key=CODE, names=NAME, fwa=True, member=member)
    words = release_in_words(path, member=member, stated=release)
    ledger.used(path, kind="ofcom_authority", rows=len(every), release=words)
    warn_of_homes_only(words, path=path, ledger=ledger)
    ours = every[every["code"].isin(districts)]
    _refuse_missing_or_doubled(ours, districts, path)
    elsewhere = Unused.of("councils outside the study", len(every) - len(ours), harmless=True)
    ledger.rows(path, rows_in=len(every), rows_used=len(ours), unused=[elsewhere], noun="councils")
    ledger.check(path, "every council of the study has exactly one row", rows=len(districts))
    table, bands = in_bands(ours, path=path, ledger=ledger)
    ledger.premises_in = float(table["premises"].sum())
    return table, bands, words


def _refuse_missing_or_doubled(table: pd.DataFrame, districts: Sequence[str], path: Path) -> None:
    counts = table["code"].value_counts()
    wrong = [code for code in districts if counts.get(code, 0) != 1]
    if wrong:
        raise LayerError(
            f"{len(wrong):,} of the study's districts do not have exactly one row.",
            file=path.name,
            column="laua",
            rows=examples(wrong),
            expected="one row for each district of the study file",
            found=examples(f"{code} {counts.get(code, 0)} times" for code in wrong),
            next_step=f"use a release that covers these districts, under these codes ({DISTRICT_CODES[0]})",
        )
