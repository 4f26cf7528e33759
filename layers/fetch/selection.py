"""Which place is meant by a name that someone typed.

Which districts make up a county, a region or a local enterprise partnership.

Which districts are meant: by code or name, or by the county, region or partnership they are in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from layers.catalogue import FOLDER
from layers.errors import SHOWN, LayerError, MissingColumnError, examples, nearest
from layers.families import columns_of, family_of
from layers.figures import Figure
from layers.geography import GEOGRAPHIES
from layers.intake.tables import Column, read_table
from layers.lookups import DISTRICT_CODES, DISTRICT_NAMES

_COUNCIL = re.compile(
    r"\s+((metropolitan|london)\s+)?((borough|city|county|district|unitary)\s+)?council$", re.IGNORECASE
)
"""What people say after a place's name and ONS does not."""
_SMALL_WORDS = frozenset({"and", "of", "the", "upon"})


def place_named(wanted: str, known: Mapping[str, str], *, what: str) -> str:
    """Find a place by exact code, else exact name, else the one name that begins so; letter case does not matter.

    What a council adds to the name of its place may stand there too.

    >>> place_named("dorset council", {"E06000059": "Dorset", "E07000052": "Dorset West"}, what="district")
    'E06000059'

    Raises
    ------
    LayerError
        When none fits, or several do: they are listed.
    """
    asked = without_council(wanted, known)
    if asked.upper() in known:
        return asked.upper()
    folded = asked.casefold()
    exact = [code for code, name in known.items() if name.casefold() == folded]
    found = exact or [code for code, name in known.items() if folded and name.casefold().startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LayerError(
            f"More than one {what} is called so.",
            expected=f"the code or the full name of one {what}",
            found=f"“{asked}”: " + "; ".join(f"“{known[code]}” ({code})" for code in sorted(found)),
            next_step="give one of these codes",
        )
    near = next((name for name in known.values() if _initials(name) == folded), None) or nearest(asked, known.values())
    raise LayerError(
        f"There is no {what} of that name or code.",
        expected=f"one of {len(known):,}, such as {quoted_names(sorted(known.values()))}",
        found=f"“{asked}”",
        next_step=(f"did you mean “{near}”? " if near else "") + f"check the spelling, or give the {what}'s code",
    )


def without_council(wanted: str, known: Mapping[str, str]) -> str:
    """Drop what a council adds to the name of its place, unless the whole is a name.

    >>> without_council(" Bristol City Council", {}), without_council("Dorset", {})
    ('Bristol', 'Dorset')
    """
    asked = wanted.strip()
    return asked if asked.casefold() in {name.casefold() for name in known.values()} else _COUNCIL.sub("", asked)


def _initials(name: str) -> str:
    """Give the first letters of a name, as people shorten it.

    >>> _initials("Bournemouth, Christchurch and Poole")
    'bcp'
    """
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", name.casefold()) if word not in _SMALL_WORDS)


def quoted_names(names: Iterable[str]) -> str:
    """Join the first few names, in quotes: some have commas of their own."""
    return examples(f"“{name}”" for name in names)


PSEUDO = "99999"
"""ONS writes a code that ends so for "none": a district that is in no county."""
COARSE = Figure(200.0, "metres", "outlines are thinned to, as the districts' own are no finer", "assumption")
INSIDE = Figure(0.5, "share of a district's outline", "more inside a partnership's: it is in it", "assumption")


@dataclass(frozen=True, slots=True)
class Place:
    """A county, region or partnership, and the codes of the districts in it."""

    name: str
    districts: tuple[str, ...]


def read_places(path: Path, *, code: str, name: str) -> dict[str, Place]:
    """Read which county or region each district is in.

    Parameters
    ----------
    path
        A lookup with a row for each district.
    code, name
        How the headings begin: ``CTY`` for CTY24CD and CTY24NM.
    """
    years = ("25", "24", "23", "22", "21")
    columns = [
        Column("district", DISTRICT_CODES, "code"),
        Column("code", tuple(f"{code}{year}CD" for year in years), "code"),
        Column("name", tuple(f"{name}{year}NM" for year in years), "text"),
    ]
    table = read_table(path, columns)
    table = table[table["code"].ne("") & ~table["code"].str.endswith(PSEUDO)]
    return {
        str(key): Place(str(rows["name"].iloc[0]), tuple(sorted(rows["district"])))
        for key, rows in table.groupby("code")
    }


def partnerships(outlines: Path, *, districts: Path) -> dict[str, Place]:
    """Find the districts of each local enterprise partnership by where their outlines lie; some are in two."""
    from layers.intake.shapes import read_shapes, text_of  # noqa: PLC0415  # heavy, and seldom asked for

    leps, councils = read_shapes(outlines), read_shapes(districts)
    lep, council = _named_by("lep", leps, outlines), _named_by("district", councils, districts)
    found = {}
    codes, names = (text_of(leps, column, outlines) for column in lep)
    valid = councils.geometry.make_valid()
    for shape, code, name in zip(leps.geometry.simplify(COARSE.value).make_valid(), codes, names, strict=True):
        inside = valid.intersection(shape).area > INSIDE.value * valid.area
        found[code] = Place(name, tuple(sorted(text_of(councils, council[0], districts)[inside])))
    return found


def _named_by(kind: str, shapes: pd.DataFrame, path: Path) -> tuple[str, str]:
    """Find the columns that hold the code and the name of a kind of place."""
    headings = [str(column) for column in shapes.columns if column != "geometry"]
    found = columns_of(family_of(kind), headings)
    if found.code is None or found.name is None:
        raise MissingColumnError(path.name, (family_of(kind).headings,), headings)
    return found.code, found.name


By = Literal["districts", "county", "region", "lep", "england"]
NATIONS = {"E": "England", "W": "Wales"}
"""Nations whose small areas are LSOAs, by the first letter of ONS's codes."""
CODE_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Request:
    """What someone asked for: districts, or all districts of one county, region, partnership or of England."""

    by: By
    names: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The request as it is kept in a lock file.

        >>> Request("county", ("Hampshire",)).words
        'county Hampshire'
        """
        return " ".join([self.by, ", ".join(self.names)]).strip()


@dataclass(frozen=True, slots=True)
class Selection:
    """The districts of a study.

    Attributes
    ----------
    name
        What the study is about, in words.
    districts
        Code → name, sorted by code.
    areas
        Codes of their small areas, sorted.
    """

    name: str
    districts: Mapping[str, str]
    areas: tuple[str, ...]

    @property
    def nation(self) -> str:
        """The nation they are in: a study has one."""
        return NATIONS[next(iter(self.districts))[:1]]


def select(request: Request, *, lookup: Path, places: Mapping[str, Place] | None = None) -> Selection:
    """Find the districts that are meant.

    Parameters
    ----------
    request
        What was asked for.
    lookup
        Small area → district, every one of England and Wales.
    places
        The counties, regions or partnerships to choose from, by code; needed where they are asked for.

    Raises
    ------
    LayerError
        When a name fits nothing or more than one place, a district has ended, or they are of two nations.
    """
    newest_first = sorted(GEOGRAPHIES.values(), key=lambda one: one.year, reverse=True)
    columns = [
        Column("area", tuple(one.codes[0] for one in newest_first), "code"),
        Column("code", DISTRICT_CODES, "code"),
        Column("name", DISTRICT_NAMES, "text"),
    ]
    table = read_table(lookup, columns)
    known = dict(zip(table["code"], table["name"], strict=True))
    if request.by == "england":
        codes, name = {code for code in known if code.startswith("E")}, "England"
    elif request.by == "districts":
        codes = {_district(wanted, known) for given in request.names for wanted in _apart(given, known)}
        name = _listed([known[code] for code in sorted(codes)])
    else:
        among = places or {}
        if request.by == "county":
            _refuse_unitary(request.names[0], among, known)
        code = place_named(request.names[0], {key: place.name for key, place in among.items()}, what=WHAT[request.by])
        codes, name = {part for part in among[code].districts if part in known}, among[code].name
        if not codes:
            raise LayerError(
                f"No district of this {WHAT[request.by]} is in ONS's lookup.",
                expected=f"districts such as {quoted_names(known.values())}",
                found=f"{name}: {examples(among[code].districts) or 'no district'}",
                next_step="name its districts with --districts",
            )
    _refuse_mixed(codes, known)
    areas = table.loc[table["code"].isin(codes), "area"]
    return Selection(name, {code: known[code] for code in sorted(codes)}, tuple(sorted(set(areas))))


WHAT: Mapping[By, str] = {"county": "county", "region": "region", "lep": "local enterprise partnership"}


def _refuse_unitary(wanted: str, counties: Mapping[str, Place], known: Mapping[str, str]) -> None:
    """Say so when what is asked for as a county is a council in no county."""
    asked = without_council(wanted, known).casefold()
    if asked in {place.name.casefold() for place in counties.values()}:
        return
    found = next((name for name in known.values() if name.casefold() == asked), None)
    if found:
        raise LayerError(
            f"{found} is a council of its own, in no county.",
            expected="a county with districts in it",
            found=f"“{wanted.strip()}”",
            next_step=f'ask for it so: --districts "{found}"'
            if " " in found
            else f"ask for it so: --districts {found}",
        )


@cache
def other_codes() -> dict[str, tuple[str, str]]:
    """List other codes of districts that still are: code → name, code in ONS's lookup of 2024."""
    return {code: (row[0], row[1]) for code, row in _old_districts()["other_codes"].items()}


@cache
def ended_districts() -> dict[str, tuple[str, int, str, str]]:
    """List districts that have ended: code → name, year, code and name of the one their ground is in now."""
    return {code: (row[0], row[1], row[2], row[3]) for code, row in _old_districts()["ended"].items()}


@cache
def _old_districts() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "old_districts.toml").read_text(encoding="utf-8"))


def _apart(given: str, known: Mapping[str, str]) -> list[str]:
    """Split a list at its commas or semicolons, but not the names that have a comma.

    >>> _apart("Dorset, Bristol, City of", {"E06000059": "Dorset", "E06000023": "Bristol, City of"})
    ['Dorset', 'Bristol, City of']
    """
    if ";" in given:
        return [name for part in given.split(";") for name in _apart(part, known)]
    names = {name.casefold() for name in known.values()}
    parts = [part.strip() for part in given.split(",")]
    found = []
    while parts:
        ends = [end for end in range(len(parts), 1, -1) if ", ".join(parts[:end]).casefold() in names]
        found.append(", ".join(parts[: ends[0]] if ends else parts[:1]))
        parts = parts[ends[0] if ends else 1 :]
    return [part for part in found if part]


def _district(wanted: str, known: Mapping[str, str]) -> str:
    asked = without_council(wanted, known)
    if asked.upper() not in known and asked.casefold() not in {name.casefold() for name in known.values()}:
        for code, (name, year, successor, successor_name) in ended_districts().items():
            if asked.upper() == code or asked.casefold() == name.casefold():
                raise LayerError(
                    f"The district {name} ended in {year}.",
                    expected="a district of 2024",
                    found=f"“{asked}”",
                    next_step=f"its ground is in {successor_name} now: --districts {successor}",
                )
        if asked.upper() in other_codes():
            name, code = other_codes()[asked.upper()]
            raise LayerError(
                f"ONS's lookup of 2024 knows {name} by another code.",
                expected="a district's code of 2024",
                found=f"“{asked}”",
                next_step=f"use --districts {code}",
            )
        if len(asked) == CODE_LENGTH and asked[:1].upper() in {"S", "N"} and asked[1:].isdigit():
            raise LayerError(
                "Scotland and Northern Ireland have no study yet: their small areas are others.",
                expected="districts of England or Wales",
                found=f"“{asked}”",
                next_step="choose districts whose codes begin with E or W",
            )
    return place_named(asked, known, what="district")


def _refuse_mixed(codes: Iterable[str], known: Mapping[str, str]) -> None:
    listed = sorted(codes)
    nations = sorted({code[:1] for code in listed})
    if len(nations) != 1:
        raise LayerError(
            "A study is of one nation, as need is measured apart." if nations else "No district was chosen.",
            expected="districts of England, or of Wales",
            found=examples(f"{known[code]} ({code})" for code in listed) or "none",
            next_step="fetch one study for each nation" if nations else "name at least one with --districts",
        )


def _listed(names: list[str]) -> str:
    """Join names for a study's title, those with a comma or an “and” of their own last.

    >>> _listed(["Dorset", "BCP", "Poole", "X", "Y"])
    'BCP, Dorset and 3 more councils'
    >>> _listed(["Bournemouth, Christchurch and Poole", "Dorset"])
    'Dorset and Bournemouth, Christchurch and Poole'
    """
    ordered = sorted(names, key=lambda name: (" and " in name, name))
    if len(ordered) > SHOWN:
        return f"{', '.join(ordered[: SHOWN - 1])} and {len(ordered) - SHOWN + 1} more councils"
    return " and ".join([", ".join(ordered[:-1]), ordered[-1]]) if len(ordered) > 1 else "".join(ordered)
