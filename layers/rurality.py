"""Rural–urban class of each area: a lens and a peer group, never part of the score."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from layers.manifest import Ledger
from layers.tabular.columns import read_by_area
from layers.tabular.tables import Column


def read_rural_urban(path: Path, *, geography: str, ledger: Ledger, member: str | None = None) -> pd.DataFrame:
    """Read the class of each area, in the publisher's words.

    Returns
    -------
    pandas.DataFrame
        Index ``area_code``; ``rural_urban``.
    """
    named = Column("rural_urban", ("RUC21NM", "RUC11NM", "RUC11", "classification"), "text")
    return read_by_area(path, [named], kind="rural_urban", geography=geography, ledger=ledger, member=member)
