"""The answer for one postcode: two letters and what they rest on, the right to a decent line, or why there are none."""

from __future__ import annotations

import contextlib
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from connectivity.claims.claim import Basis, Claim, ProfileKey, Provenance, total
from connectivity.postcode.postcode_tables import INWARD, POSTCODES, PostcodeFiles, Row, postcode_row
from connectivity.postcode.typed import TypedPostcode, read_form, realm_of, spaced
from layers.errors import OutputError
from layers.figures import Figure

LAW = "SI 2018/445, Schedule 1"
REGULATOR = "Ofcom, broadband universal service: what you need to know (March 2024); assumption that it still holds"

DOWNLOAD = Figure(10, "Mbit/s", "download you may ask for", LAW)
UPLOAD = Figure(1, "Mbit/s", "upload you may ask for", LAW)
COST = Figure(3400, "pounds", "cost up to which the provider pays for the work", REGULATOR)
WAIT = Figure(12, "months", "no right where public money is due to build a decent line within this time", REGULATOR)
PROVIDER, PROVIDER_IN_HULL, HULL = "BT", "KCOM", "E06000010"
"""Who must answer the request (Ofcom, designation of universal service providers, 2019); Hull by its council's code."""


def provider(district_code: str) -> str:
    """Name the company that must answer the request.

    >>> provider("E06000059"), provider("E06000010")
    ('BT', 'KCOM')
    """
    return PROVIDER_IN_HULL if district_code == HULL else PROVIDER


# The letters are ours. Nobody publishes such bands, so each edge is an assumption: the fixed breaks of the score and of
# the map (method §5), carried to seven classes. They never move with the study, so that a letter can be compared over
# time and between places.


_SOURCE = "assumption: the fixed breaks 0, 1, 2, 5, 10, 20, 40 of method.md §5"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: its name, the share it begins at, and what it means in two words."""

    name: str
    start: Figure
    words: str


def _letter(name: str, percent: float, words: str) -> Letter:
    return Letter(name, Figure(percent, "% of premises", f"{name} begins here: {words.lower()}", _SOURCE), words)


LETTERS = (
    _letter("A", 0, "Hardly any gaps"),
    _letter("B", 1, "Few gaps"),
    _letter("C", 2, "Some gaps"),
    _letter("D", 5, "Clear gaps"),
    _letter("E", 10, "Wide gaps"),
    _letter("F", 20, "Very wide gaps"),
    _letter("G", 40, "Gaps for very many"),
)
WIDEST = Figure(3, "letters", "a range that reaches further says too little for a letter", "assumption", 2, 4)


@dataclass(frozen=True, slots=True)
class Grade:
    """The letter of a best estimate, with those of the lowest and highest."""

    best: str
    low: str
    high: str


def letter(share: float) -> Letter | None:
    """Give the letter of a share; none for one that is not known.

    Parameters
    ----------
    share
        0 to 1, of premises or lines.

    Examples
    --------
    >>> [letter(share).name for share in (0, 0.00999, 0.01, 0.4, 1)]
    ['A', 'A', 'B', 'G', 'G']
    >>> letter(float("nan")) is None
    True
    """
    if math.isnan(share):
        return None
    percent = round(share * 100, 9)  # 29 of 2,900 is 1 %, however the division falls
    edges = [one.start.value for one in LETTERS]
    return LETTERS[int(np.searchsorted(edges, percent, side="right")) - 1]


def grade(low: float, best: float, high: float, *, of: float) -> Grade | None:
    """Give the letter of an estimate, or none when it is not known or its range says too little.

    Parameters
    ----------
    low, best, high
        Premises (or lines) that cannot do the activity; NaN where not known.
    of
        All premises, at least 1.
    """
    found = [letter(count / of) if of > 0 else None for count in (low, best, high)]
    first, middle, last = found
    if first is None or middle is None or last is None:
        return None
    if LETTERS.index(last) - LETTERS.index(first) > WIDEST.value:
        return None
    return Grade(middle.name, first.name, last.name)


def marks(name: str) -> str:
    """Say which shares a letter stands for.

    >>> marks("A"), marks("C"), marks("G")
    ('under 1 in 100', '2 to 5 in 100', '40 in 100 or more')
    """
    at = [one.name for one in LETTERS].index(name)
    start = LETTERS[at].start.value
    if at == 0:
        return f"under {LETTERS[1].start.value:g} in 100"
    if at == len(LETTERS) - 1:
        return f"{start:g} in 100 or more"
    return f"{start:g} to {LETTERS[at + 1].start.value:g} in 100"


def words(name: str) -> str:
    """Give a letter's two words.

    >>> words("D")
    'Clear gaps'
    """
    return next(one.words for one in LETTERS if one.name == name)


Level = Literal["postcode", "area", "council"]
SCORED = "scored"
_ENDS = ("_low", "", "_high")


@dataclass(frozen=True, slots=True)
class Rating:
    """What is known of one activity.

    Attributes
    ----------
    level
        Whose figure it is.
    claim
        Its counts; None when not known.
    grade
        Its letter; None when not known or too unsure.
    reason
        Why there are no counts, in plain words; empty otherwise.
    download_fails, upload_fails
        Best estimate of what fails; together the claim's best.
    own
        Counts of the postcode alone where they are known but too few, or too unsure, for a letter.
    """

    level: Level
    claim: Claim | None
    grade: Grade | None
    reason: str = ""
    download_fails: float = 0.0
    upload_fails: float = 0.0
    own: Claim | None = None


def rate(row: Row, *, area: Row, files: PostcodeFiles, profile: ProfileKey) -> Rating:
    """Rate an activity by the finest figure that can be trusted.

    The postcode's own figure comes first, where the release has one and it is enough to say. Then the small area's;
    where the model cannot tell a council's small areas apart, the whole council's.

    Parameters
    ----------
    row
        The postcode, from `PostcodeFiles.postcode`.
    area
        Its small area.
    """
    basis = Basis.of(files.manifest)
    own = _rated(
        row, level="postcode", place="this postcode", premises=row.get("own_premises"), profile=profile, basis=basis
    )
    if own is not None and row.get("own_status") == SCORED and own.grade:
        return own
    wider = _council(area, files, profile) if area.get("separable") is False else None
    wider = wider or _rated(
        area, level="area", place=str(area["area_name"]), premises=area["premises"], profile=profile, basis=basis
    )
    if wider is None:
        return Rating("area", None, None, reason=str(area["status"]))
    return Rating(
        wider.level,
        wider.claim,
        wider.grade,
        download_fails=wider.download_fails,
        upload_fails=wider.upload_fails,
        own=own.claim if own else None,
    )


def _rated(
    row: Row, *, level: Level, place: str, premises: float | None, profile: ProfileKey, basis: Basis
) -> Rating | None:
    """Rate one row's counts; None when any of them is not known."""
    low, best, high = (row.get(f"{profile}_infeasible{end}") for end in _ENDS)
    if premises is None or low is None or best is None or high is None:
        return None
    column, code = f"{profile}_infeasible", row.get("area_code")
    where = Provenance(POSTCODES, column) if level == "postcode" else Provenance(column=column, areas=(str(code),))
    claim = Claim(f"places.{profile}", place, low, best, high, premises, basis, provenance=where, drawn=basis.modelled)
    return Rating(
        level,
        claim,
        grade(low, best, high, of=premises),
        download_fails=row.get(f"{profile}_download_fails") or 0.0,
        upload_fails=row.get(f"{profile}_upload_fails") or 0.0,
    )


def _council(area: Row, files: PostcodeFiles, profile: ProfileKey) -> Rating | None:
    """Rate a whole council by adding up its small areas."""
    place, basis = str(area["district_name"]), Basis.of(files.manifest)
    rows = files.district(str(area["district_code"]))
    rated = [
        one
        for row in rows
        if (one := _rated(row, level="council", place=place, premises=row["premises"], profile=profile, basis=basis))
    ]
    claims = [one.claim for one in rated if one.claim]
    if not claims:
        return None
    whole = total(claims, place=place, drawn=files.drawn([str(row["area_code"]) for row in rows]))
    if len(claims) == len(rows):
        whole = whole.of_whole_councils()
    return Rating(
        "council",
        whole,
        grade(whole.low, whole.best, whole.high, of=whole.premises),
        download_fails=sum(one.download_fails for one in rated),
        upload_fails=sum(one.upload_fails for one in rated),
    )


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
        Lowest, best and highest count with fixed wireless the other way round, by activity; of the small area, or
        of the council if that is rated.
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
    other_route: dict[ProfileKey, tuple[float, float, float]] | None
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
class PostcodeAnswer:
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


def look_up(text: str, *, files: PostcodeFiles) -> PostcodeAnswer:
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
        return PostcodeAnswer("found", spaced(form.code), basis, here=_here(row, files))
    if row is not None:
        return PostcodeAnswer(
            "ended", spaced(form.code), basis, here=_here(row, files), ended=_text(row["ended"]) or None
        )
    meant = tuple(spaced(code) for code in form.meant if files.postcode(code))[:MOST]
    if form.shape == "none":
        return PostcodeAnswer("none", "", basis, meant=meant)
    if form.shape == "half":
        return _half(form, basis, meant, files)
    return _elsewhere(form, basis, meant, files)


def held_by(answer: PostcodeAnswer, *, others: Mapping[str, Path]) -> list[str]:
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
            if (folder / POSTCODES).exists() and postcode_row(code, folder=folder) is not None:
                found.append(name)
    return found


def _half(form: TypedPostcode, basis: Basis, meant: tuple[str, ...], files: PostcodeFiles) -> PostcodeAnswer:
    live = [row for row in files.beginning(form.code) if row["live"] and row["postcode"][:-INWARD] == form.code]
    councils = files.districts_of({row["area_code"] for row in live})
    examples = tuple(spaced(row["postcode"]) for row in live[:1])
    town = realm_of(form.area)[1]
    return PostcodeAnswer(
        "half",
        form.code,
        basis,
        town=town,
        meant=meant,
        near=examples,
        councils=tuple(councils),
        count=len(live),
    )


def _elsewhere(form: TypedPostcode, basis: Basis, meant: tuple[str, ...], files: PostcodeFiles) -> PostcodeAnswer:
    """Answer for a whole postcode that the study does not hold."""
    code, first_half = form.code, form.code[:-INWARD]
    realm, town = realm_of(form.area, first_half=first_half)
    nation = realm if realm in NATIONS.values() else ""
    here = {NATIONS.get(district.code[:1], "") for district in files.manifest.districts}
    sector = [row["postcode"] for row in files.beginning(code[: 1 - INWARD]) if row["live"]]
    near = tuple(spaced(one) for one in difflib.get_close_matches(code, sector, n=MOST, cutoff=0.0))
    kind: Kind = "unknown"
    if nation and nation not in here and nation in {"Scotland", "Northern Ireland"}:
        kind = "nation"
    elif not nation and realm in get_args(Kind):
        kind = realm  # type: ignore[assignment]  # the realms that are no country are kinds of answer
    elif files.is_beyond(code) or (nation and not _begins(first_half, files)):
        kind, near = "outside", ()
    return PostcodeAnswer(kind, spaced(code), basis, town=town, nation=nation, meant=meant, near=near)


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
    releases = [source.release for source in manifest.sources if source.kind == "subsidy"]
    places = [one for one in manifest.indicators_of("alternative") if one.unit == "km"]
    return Here(
        area_code=str(area["area_code"]),
        area_name=str(area["area_name"]),
        official_name=_text(area.get("official_name")),
        district_code=str(area["district_code"]),
        district_name=str(area["district_name"]),
        ratings=ratings,
        far=tuple((one.label, area.get(one.column)) for one in places),
        far_is_proxy=all(one.proxy for one in places),
        other_route=_other_route(other) if other else None,
        plan=plan if plan.get("premises") else None,
        plan_release=releases[0] if releases else None,
        premises_from=tuple(one for one in manifest.modelled if one.startswith(PREMISES_FROM)),
    )


def _other_route(row: Row) -> dict[ProfileKey, tuple[float, float, float]]:
    profiles: tuple[ProfileKey, ...] = ("remote", "digital")
    counts = {key: (row[f"{key}_low"], row[key], row[f"{key}_high"]) for key in profiles}
    return {key: three for key, three in counts.items() if None not in three}


def _text(value: object) -> str:
    return "" if value is None else str(value)
