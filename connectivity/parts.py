"""Parts of a study that a reader may look at alone: a council, a ward, a constituency, the coast.

A part is a lens: it chooses which small areas are on show and changes no figure. What a study cannot show is named
with its reason, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from connectivity.reporting.words import called
from layers.families import FAMILIES, Family, family_of
from layers.figures import Figure
from layers.shares import Shares

Reports = Mapping[str, tuple[pd.DataFrame, Shares]]
"""By boundary: its places (index ``key``; ``code``, ``name``) and which part of each area lies where."""
COAST, DISTRICT = "coast", "district"
COASTAL = "coastal"
"""The column of a build that says whether an area is on the coast."""
OFFERED = ("district", "county", "lep", "constituency", "ward")
"""Kinds of place that are always offered: where a study has none, it says so."""
FEW = Figure(0.05, "of an area's premises", "inside a place, for the area to be shown as part of it", "assumption")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place the map can be narrowed to.

    Attributes
    ----------
    key
        A report's name, or ``coast``.
    title
        What people call its places.
    missing
        Why the study cannot show it; None where it can.
    """

    key: str
    title: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a kind, and the small areas it is made of.

    Attributes
    ----------
    kind, key, name
        A report's name or ``coast``; what stands for the place there; what it is called.
    codes
        Its small areas that are worth showing.
    shares
        By area code, how much of each area's premises lies in it: of all it touches, so that a sum is whole.
    cut
        How many of them lie only partly in it. None for a best fit, where nobody knows.
    """

    kind: str
    key: str
    name: str
    codes: pd.Index
    shares: pd.Series
    cut: int | None = 0

    @property
    def called(self) -> str:
        """Call the part in a sentence by what it is, such as “Beaminster ward”."""
        return self.name if self.kind == COAST else called(self.name, family=family_of(self.kind))

    @property
    def text(self) -> str:
        """Write the part for a link.

        >>> none = pd.Index([]), pd.Series()
        >>> Part("coast", "", "the coast", *none).text, Part("ward", "E05", "A", *none).text
        ('coast', 'ward:E05')
        """
        return f"{self.kind}:{self.key}" if self.key else self.kind


def kinds(reports: Reports, *, areas: pd.DataFrame) -> list[Kind]:
    """List the kinds of place a study can be narrowed to, and those it cannot, with the reason.

    Parameters
    ----------
    reports
        From `connectivity.reporting.files.read_shares`.
    areas
        A build's areas.
    """
    order = [family.name for family in FAMILIES]
    names = list(dict.fromkeys([*OFFERED, *sorted(reports, key=lambda n: order.index(n) if n in order else 99)]))
    listed = [_kind(name, reports) for name in names]
    known = COASTAL in areas and bool(areas[COASTAL].notna().any())
    missing = None if known else "This study does not say which places are on the coast."
    return [*listed, Kind(COAST, "Coastal areas", missing)]


def places(kind: str, *, reports: Reports, areas: pd.DataFrame) -> dict[str, str]:
    """Name the places of a kind by key, in the order of the alphabet; where two share a name, the code tells them.

    The coast's are the councils that have a part of it.
    """
    if kind == COAST and COASTAL in areas:
        coastal = areas[areas[COASTAL].fillna(value=False).astype(bool)]
        named = zip(coastal["district_code"], coastal["district_name"], strict=True)
        return dict(sorted({str(code): str(name) for code, name in named}.items(), key=lambda item: item[1]))
    if kind not in reports:
        return {}
    table, _ = reports[kind]
    twice = table["name"].duplicated(keep=False) & table["code"].ne("")
    names = table["name"].where(~twice, table["name"] + " · " + table["code"])
    return dict(sorted(zip(map(str, table.index), map(str, names), strict=True), key=lambda item: item[1]))


def part_of(text: str, *, reports: Reports, areas: pd.DataFrame) -> Part | None:
    """Read a part off a link.

    Parameters
    ----------
    text
        ``coast``, the coast of one council such as ``coast:E06000059``, or a kind and a key such as ``ward:E05012651``.
    reports, areas
        As for `kinds`.

    Returns
    -------
    Part or None
        None for what the study does not have.
    """
    kind, _, key = text.partition(":")
    if kind == COAST:
        if key not in {"", *places(COAST, reports=reports, areas=areas)}:
            return None
        coastal = areas[COASTAL].fillna(value=False).astype(bool) if COASTAL in areas else areas["area_name"].isna()
        inside = areas.index[coastal & (areas["district_code"].eq(key) if key else True)]
        where = f" of {areas.loc[inside[0], 'district_name']}" if key else ""
        return (
            Part(COAST, key, f"the coastal areas{where}", inside, pd.Series(1.0, index=inside)) if len(inside) else None
        )
    if kind not in reports or key not in reports[kind][0].index:
        return None
    table, shares = reports[kind]
    rows = shares.inside[shares.inside["key"].eq(key) & shares.inside["area_code"].isin(areas.index)]
    held = rows.groupby("area_code")["share"].sum()
    shown = held[held >= FEW.value] if (held >= FEW.value).any() else held
    if shown.empty:
        return None
    cut = None if shares.method == "best fit" else int((held < 1 - 1e-9).sum())
    return Part(kind, key, str(table.loc[key, "name"]), pd.Index(sorted(shown.index)), held, cut)


def _kind(name: str, reports: Reports) -> Kind:
    family: Family = family_of(name)
    title = family.plural[0].upper() + family.plural[1:]
    if name in reports or name == DISTRICT:  # each area carries its council
        return Kind(name, title)
    said = f"This study has no {family.plural}. docs/reporting.md says how to add a layer of them."
    return Kind(name, title, said)
