"""Kinds of boundary people report by: what they are called, and under which headings publishers give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from layers.intake.tables import normalised

PSEUDO = r"[EWSNLM]9{8}"
"""ONS writes a code of nines for "none", such as E99999999 for the county of a place without one."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of boundary.

    Attributes
    ----------
    name
        What a report of it is called: letters, digits and ``_``.
    singular, plural
        What people call its places.
    stems
        How ONS's headings for it begin: ``wd`` for WD25CD and WD25NM.
    nests
        Whether small areas lie wholly inside its places, so that adding up codes is exact.
    overlaps
        Whether a place on the ground may be in two of them.
    oldest
        Whether the oldest of several years' headings is meant, not the newest.
    own
        Whether it is not one of ONS's: a study owner's or a reader's own.
    """

    name: str
    singular: str
    plural: str
    stems: tuple[str, ...]
    nests: bool = False
    overlaps: bool = False
    oldest: bool = False
    own: bool = False

    @property
    def headings(self) -> str:
        """Headings a file of it may have, for a message.

        >>> FAMILIES[0].headings
        'WD25CD, WD25NM, code or name'
        """
        if self.own:
            return "code or name"
        return f"{self.stems[0].upper()}25CD, {self.stems[0].upper()}25NM, code or name"

    def nowhere(self, codes: pd.Series, names: pd.Series) -> pd.Series:
        """Mark rows that name no place: blank, or one of ONS's codes for "none"."""
        bare: pd.Series = codes.eq("") & names.eq("")
        return bare | codes.str.fullmatch(PSEUDO)


FAMILIES = (
    Family("ward", "ward", "wards", ("wd", "ward")),
    Family("parish", "parish", "parishes", ("parncp", "par", "parish")),
    Family("constituency", "constituency", "constituencies", ("pcon", "constituency")),
    Family("district", "council", "councils", ("lad", "ltla", "laua"), nests=True),
    Family("old_district", "old council", "old councils", ("lad", "ltla"), nests=True, oldest=True),
    Family("county", "county", "counties and unitaries", ("ctyua", "utla", "cty"), nests=True),
    Family("region", "region", "regions", ("rgn",), nests=True),
    Family("lep", "LEP or successor area", "LEP or successor areas", ("lep", "lsip"), nests=True, overlaps=True),
    Family("settlement", "town or village", "towns and villages", ("settlement",), nests=True, overlaps=True),
    Family("postcode_district", "postcode district", "postcode districts", ("postcode_district",)),
    Family("postcode_sector", "postcode sector", "postcode sectors", ("postcode_sector",)),
)
"""The smallest first, as pages list them. Nesting: ONS Open Geography: LSOAs nest in districts and in what districts
make up, not in wards, parishes or constituencies. LEPs overlapped (ONS gives two codes, LEP21CD1 and LEP21CD2). Towns
and villages are the whole small areas called after them, and an area may be called after two."""
POLYGON = Family("polygon", "shape", "shapes", ("polygon",), overlaps=True, own=True)


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """The headings that name a place; `others` are further pairs of code and name, where places overlap."""

    code: str | None
    name: str | None
    others: tuple[tuple[str | None, str | None], ...] = ()


def family_of(name: str) -> Family:
    """Find the family a report's name belongs to; any other name is one of the study owner's own.

    >>> family_of("ward_2024").plural, family_of("health_trust").plural
    ('wards', 'places of “health trust”')
    """
    for family in (*FAMILIES, POLYGON):
        if name == family.name or name.startswith(f"{family.name}_") or name == family.plural:
            return replace(family, name=name)
    said = name.replace("_", " ")
    return Family(name, f"place of “{said}”", f"places of “{said}”", (name,), nests=True, overlaps=True, own=True)


def columns_of(family: Family, headings: Sequence[str]) -> FoundHeadings:
    """Find the headings of a family's codes and names.

    Of several years the newest is taken (the oldest for old districts); plain ``code`` and ``name`` come last.

    >>> columns_of(FAMILIES[0], ["LSOA21CD", "WD24CD", "WD25CD", "WD25NM"])
    FoundHeadings(code='WD25CD', name='WD25NM', others=())
    >>> columns_of(family_of("lep"), ["lep21cd1", "lep21cd2"])
    FoundHeadings(code='lep21cd1', name=None, others=(('lep21cd2', None),))
    """
    for stem in family.stems:
        codes, names = _by_place(stem, "cd|code", headings), _by_place(stem, "nm|name", headings)
        if not codes and not names:
            continue
        pick = min if family.oldest else max
        year = pick([year for year, _ in (*codes, *names)])
        places = sorted({place for each, place in (*codes, *names) if each == year})
        pairs = tuple((codes.get((year, place)), names.get((year, place))) for place in places)
        return FoundHeadings(*pairs[0], others=pairs[1:])
    folded = {normalised(heading): heading for heading in headings}
    said = normalised(family.name)
    plain = next((folded[one] for one in ("name", said, "title", "label") if one in folded), None)
    return FoundHeadings(next((folded[one] for one in ("code", "cd") if one in folded), None), plain)


def _by_place(stem: str, ending: str, headings: Sequence[str]) -> dict[tuple[str, str], str]:
    """Give headings by their year and, where one unit may be in several places, which of them."""
    shape = re.compile(rf"{re.escape(normalised(stem))} ?(\d\d)? ?(?:{ending}) ?([12])?")
    matches = ((shape.fullmatch(normalised(heading)), heading) for heading in headings)
    return {(match[1] or "", match[2] or ""): heading for match, heading in matches if match}
