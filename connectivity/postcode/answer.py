"""The answer for one postcode: its letters and what they rest on, or what kind of postcode it is instead."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from connectivity.claims import Basis, ProfileKey
from connectivity.postcode.areas import realm_of
from connectivity.postcode.files import INWARD, POSTCODES, PostcodeFiles, Row
from connectivity.postcode.forms import Form, read_form, spaced
from connectivity.postcode.ratings import Rating, rate
from layers.errors import OutputError

Kind = Literal[
    "found",
    "ended",
    "outside",
    "nation",
    "island",
    "forces",
    "no place",
    "overseas",
    "old",
    "unknown",
    "half",
    "none",
]
"""What a postcode turned out to be; each has an answer of its own. The last three the reader can mend."""
MENDABLE: tuple[Kind, ...] = ("unknown", "half", "none")
MOST = 3
"""Postcodes offered instead (assumption: few enough to read)."""
PREMISES_FROM = "Premises at each postcode:"  # how the manifest begins on premises that somebody else counts
NATIONS = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
"""First letter of a council's code (ONS)."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a build knows of the place a postcode is in.

    Attributes
    ----------
    area_code, area_name, official_name, district_code, district_name
        The small area and its council.
    ratings
        One for each activity.
    far
        Label and km of each place to go that the study has, as averages of the small area.
    far_is_proxy
        Whether those places only stand in for a counter to go to.
    other_route
        Best counts with fixed wireless the other way round, by activity; of the small area, or the council if rated.
    plan
        What BDUK lists at the postcode, by column; None when it lists nothing.
    plan_release
        Its release in words; None when the study has no BDUK file.
    premises_from
        Where premises come from when Ofcom gives shares only, one sentence each.
    """

    area_code: str
    area_name: str
    official_name: str
    district_code: str
    district_name: str
    ratings: dict[ProfileKey, Rating]
    far: tuple[tuple[str, float | None], ...]
    far_is_proxy: bool
    other_route: dict[ProfileKey, float] | None
    plan: dict[str, Any] | None
    plan_release: str | None
    premises_from: tuple[str, ...] = ()

    @property
    def of_council(self) -> bool:
        """Whether its figures are the whole council's."""
        return any(rating.level == "council" for rating in self.ratings.values())

    @property
    def known(self) -> bool:
        """Whether any activity has a figure."""
        return any(rating.claim for rating in self.ratings.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one postcode.

    Attributes
    ----------
    kind
        What it turned out to be.
    postcode
        As people write it; the first half for ``half``; empty for ``none``.
    basis
        What every figure rests on.
    here
        Only for ``found``, and for ``ended`` the place it was in.
    ended
        When it ended, as the postcode file writes it.
    town
        What its first letters are called after.
    nation
        The country its first letters are in; empty where it is in none.
    meant
        Postcodes of the study it may have been meant to be.
    near
        Postcodes of the study that begin alike.
    councils, count
        For ``half``: the councils of the study's live postcodes that begin so, and how many they are.
    """

    kind: Kind
    postcode: str
    basis: Basis
    here: Here | None = None
    ended: str | None = None
    town: str = ""
    nation: str = ""
    meant: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    count: int = 0

    @property
    def mendable(self) -> bool:
        """Whether the reader can put it right by typing something else."""
        return self.kind in MENDABLE


def look_up(text: str, *, files: PostcodeFiles) -> Answer:
    """Answer for what someone typed; any text has exactly one answer.

    Parameters
    ----------
    text
        What was typed.
    files
        The build that is asked.

    Raises
    ------
    OutputError
        When the build's files cannot be read; never because of `text`.
    """
    form, basis = read_form(text), Basis.of(files.manifest)
    row = files.postcode(form.code) if form.shape == "whole" else None
    if row is not None and row["live"]:
        return Answer("found", spaced(form.code), basis, here=_here(row, files))
    if row is not None:
        return Answer("ended", spaced(form.code), basis, here=_here(row, files), ended=_text(row["ended"]) or None)
    meant = tuple(spaced(code) for code in form.meant if files.postcode(code))[:MOST]
    if form.shape == "none":
        return Answer("none", "", basis, meant=meant)
    if form.shape == "half":
        return _half(form, basis, meant, files)
    return _elsewhere(form, basis, meant, files)


def held_by(answer: Answer, *, others: Mapping[str, Path]) -> list[str]:
    """Name which of some other builds hold a postcode that this one does not.

    Parameters
    ----------
    others
        Name → folder; those without postcodes, or damaged, are passed over.
    """
    code = read_form(answer.postcode).code
    if answer.kind not in {"outside", "nation", "unknown"}:
        return []
    found = []
    for name, folder in others.items():
        with contextlib.suppress(OutputError):  # a damaged build is told of where it is opened
            if (folder / POSTCODES).exists() and PostcodeFiles(folder, {}).postcode(code) is not None:
                found.append(name)
    return found


def _half(form: Form, basis: Basis, meant: tuple[str, ...], files: PostcodeFiles) -> Answer:
    live = [row for row in files.beginning(form.code) if row["live"] and row["postcode"][:-INWARD] == form.code]
    councils = files.districts_of({row["area_code"] for row in live})
    examples = tuple(spaced(row["postcode"]) for row in live[:1])
    town = realm_of(form.area)[1]
    return Answer(
        "half",
        form.code,
        basis,
        town=town,
        meant=meant,
        near=examples,
        councils=tuple(councils),
        count=len(live),
    )


def _elsewhere(form: Form, basis: Basis, meant: tuple[str, ...], files: PostcodeFiles) -> Answer:
    """Answer for a whole postcode that the study does not hold."""
    code, first_half = form.code, form.code[:-INWARD]
    realm, town = realm_of(form.area, first_half=first_half)
    nation = realm if realm in NATIONS.values() else ""
    here = {NATIONS.get(str(district["code"])[:1], "") for district in files.manifest["districts"]}
    sector = [row["postcode"] for row in files.beginning(code[: 1 - INWARD]) if row["live"]]
    near = tuple(spaced(one) for one in difflib.get_close_matches(code, sector, n=MOST, cutoff=0.0))
    kind: Kind = "unknown"
    if nation and nation not in here and nation in {"Scotland", "Northern Ireland"}:
        kind = "nation"
    elif not nation and realm in get_args(Kind):
        kind = realm  # type: ignore[assignment]  # the realms that are no country are kinds of answer
    elif files.is_beyond(code) or (nation and not _begins(first_half, files)):
        kind, near = "outside", ()
    return Answer(kind, spaced(code), basis, town=town, nation=nation, meant=meant, near=near)


def _begins(first_half: str, files: PostcodeFiles) -> bool:
    """Say whether any postcode of the study has that first half."""
    return any(row["postcode"][:-INWARD] == first_half for row in files.beginning(first_half))


def _here(row: Row, files: PostcodeFiles) -> Here:
    area, manifest = files.area(row["area_code"]), files.manifest
    profiles: tuple[ProfileKey, ...] = ("remote", "digital")
    ratings = {key: rate(row, area=area, files=files, profile=key) for key in profiles}
    wide = any(rating.level == "council" for rating in ratings.values())
    other = files.other_routes(str(area["district_code"])) if wide else files.other_route(row["area_code"])
    plan = {name.removeprefix("bduk_"): value for name, value in row.items() if name.startswith("bduk_")}
    releases = [str(source["release"]) for source in manifest["sources"] if source.get("kind") == "subsidy"]
    places = [one for one in manifest["indicators"] if one["dimension"] == "alternative" and one["unit"] == "km"]
    return Here(
        area_code=str(area["area_code"]),
        area_name=str(area["area_name"]),
        official_name=_text(area.get("official_name")),
        district_code=str(area["district_code"]),
        district_name=str(area["district_name"]),
        ratings=ratings,
        far=tuple((str(one["label"]), area.get(one["column"])) for one in places),
        far_is_proxy=all(one["proxy"] for one in places),
        other_route={key: other[key] for key in profiles if other[key] is not None} if other else None,
        plan=plan if plan.get("premises") else None,
        plan_release=releases[0] if releases else None,
        premises_from=tuple(one for one in map(str, manifest["modelled"]) if one.startswith(PREMISES_FROM)),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
