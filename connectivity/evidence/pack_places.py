"""Places by name, as people say them: what a pack is about, or why no pack can be made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from connectivity.claims.about_packs import places_together
from connectivity.claims.claim import Basis
from connectivity.claims.grammar import listed, several
from connectivity.evidence.pack_content import PackPlace, PackSubject
from connectivity.manifest import Manifest, build_command
from connectivity.outputs import Build, read_build
from connectivity.places.parts import COAST, DISTRICT, Part, Reports, part_of
from connectivity.places.reports import read_shares
from connectivity.places.search import AREA, Answer, Named, answer, folded
from connectivity.places.wholes import STUDY
from connectivity.quality.notice import PAGE, notice_of, read_quality
from layers.errors import LayerError, OutputError, command_line
from layers.families import family_of
from layers.intake.cells import is_one_of

WHOLE_STUDY = "whole study"
"""What a pack about all of a study is about, where a place has a word for its kind."""
NAMED_TOGETHER = 3
"""Places up to which a title names them all (assumption: as many as one line of a title holds)."""
PARTED = re.compile(r"\s*[;\n]\s*")
"""What stands between places that were typed in one piece: names themselves have commas."""
NOISE = 1e-9
"""Of an area's premises: a share nearer to all of them is all of them."""
CODES = re.compile(r"[A-Z]\d{8}(?:[\s,]+[A-Z]\d{8})+")
"""Codes of several small areas in one piece, as a list of them is pasted."""


class PlaceError(LayerError):
    """A place that a pack is asked for and that is none of the study's, or may be several of them."""


def read_build_for_pack(folder: Path) -> Build:
    """Return a build that a pack may be made of.

    Raises
    ------
    OutputError
        When it cannot be read, is of another version, or its data are marked red; the message has the next step.
    """
    build = read_build(folder)
    refuse_red(build.manifest, folder=folder)
    return build


def refuse_red(manifest: Manifest, *, folder: Path) -> None:
    """Let a build pass whose data are not marked red.

    Raises
    ------
    OutputError
        When they are: nothing of such a build leaves the building.
    """
    report = read_quality(folder)  # a manifest whose notice somebody took out does not let it pass
    notice = manifest.do_not_publish or (notice_of(report["light"]) if report else None)
    if notice is None:
        return
    raise OutputError(
        "No pack is made of a build whose data are marked red.",
        file=folder / (manifest.quality.page if manifest.quality else PAGE),
        expected="a build marked green or amber",
        found=notice,
        next_step=f"put right what the report names, then run: {build_command(folder)}",
    )


def pack_subject(typed: Sequence[str], *, build: Build, folder: Path) -> PackSubject:
    """Return what a pack is about, by names, codes or keys of places as people type them.

    An exact code or key wins, then a name. “study”, or the study's own name, is all of it. Small areas that are named
    together are one place. A place that was named twice counts once.

    Parameters
    ----------
    typed
        One place each, or several with ``;`` between them; codes of small areas may have commas or spaces between them.
    build
        Whose places are meant.
    folder
        Where it lies.

    Raises
    ------
    PlaceError
        When nothing was typed, or any of it matches nothing, several places or a place outside the study.
    """
    names = [one for text in typed for one in PARTED.split(text.strip()) if one]
    if not names:
        raise PlaceError(
            "No place was named.",
            expected="a council, a ward, a town, codes of small areas, or “study” for all of it",
            found="nothing",
            next_step=f"name a place, such as: {command_line('pack', folder, '--place', _first(build.manifest))}",
        )
    reports = read_shares(folder)
    found, faults = [], []
    for name in names:
        try:
            found += _named(name, build=build, folder=folder, reports=reports)
        except PlaceError as error:
            faults.append(error)
    if len(names) == 1 and faults:
        raise faults[0]
    if faults:
        raise PlaceError(
            f"Of the {several(len(names), 'place')} that were named, {several(len(faults), 'is', 'are')} not known.",
            found=" ".join(fault.what for fault in faults),
            expected="places of this study, each by one name",
            next_step="; ".join(f"for “{fault.parts['found']}” {fault.parts['next']}" for fault in faults),
        )
    return _subject(found, build=build)


def subject_keys(subject: PackSubject) -> tuple[str, ...]:
    """Return the keys of a subject's places: `pack_subject` finds it again by them."""
    return tuple(place.key for place in subject.places)


def _subject(found: Sequence[PackPlace], *, build: Build) -> PackSubject:
    once = {place.key: place for place in found}
    small = [place for place in once.values() if place.word == AREA]
    places = [place for place in once.values() if place.word != AREA]
    if len(small) > 1:
        places.append(_areas_together([code for one in small for code in one.shares.index], areas=build.areas))
    else:
        places += small
    _refuse_unclear_overlap(places)
    if len(places) > NAMED_TOGETHER:
        words = {place.word for place in places}
        nouns = f"{next(iter(words))}s" if len(words) == 1 else "places"
        title = places_together(len(places), nouns, place=Basis.of(build.manifest).place)
    else:
        title = listed([place.name for place in places])
    return PackSubject(title, tuple(places))


def _refuse_unclear_overlap(places: Sequence[PackPlace]) -> None:
    """Refuse places of different kinds that cut one small area: nobody knows how much of it lies in both.

    Places of one kind do not overlap, and a place that holds all of an area holds what lies in any other.
    """
    held = pd.concat(
        [
            place.shares.rename("share").to_frame().assign(kind=place.key.partition(":")[0], name=place.name)
            for place in places
        ]
    )
    whole = held.index[held["share"].ge(1 - NOISE)]
    cut = held[held["share"].gt(0) & ~held.index.isin(whole)]
    unclear = cut[cut.groupby(level=0)["kind"].transform("nunique").gt(1)]
    if unclear.empty:
        return
    named = list(dict.fromkeys(unclear["name"]))
    raise PlaceError(
        f"{listed(named)} cut the same small areas, and no file says how much of these lies in both.",
        expected="places of one kind, or a place that holds the other whole",
        found=f"{several(unclear.index.nunique(), 'small area')} cut by places of different kinds",
        next_step="make a pack of each, or name places of one kind",
    )


def _areas_together(codes: Sequence[str], *, areas: pd.DataFrame) -> PackPlace:
    ordered = sorted(dict.fromkeys(codes))
    names = [str(areas.loc[code, "area_name"]) for code in ordered]
    councils = sorted({str(areas.loc[code, "district_name"]) for code in ordered})
    whose = listed(councils) if len(councils) <= NAMED_TOGETHER else several(len(councils), "council")
    called = listed(names) if len(names) <= NAMED_TOGETHER else places_together(len(names), "small areas", place=whose)
    return PackPlace(",".join(ordered), called, "small areas", _whole(ordered))


def _whole(codes: Sequence[str]) -> pd.Series:
    return pd.Series(1.0, index=pd.Index([str(code) for code in codes], name="area_code"))


def _named(text: str, *, build: Build, folder: Path, reports: Reports) -> list[PackPlace]:
    """Return the places that one name, code or key means: several only where it is a list of codes."""
    basis, areas = Basis.of(build.manifest), build.areas
    if folded(text) in {STUDY, folded(basis.study), folded(basis.place), f"whole {STUDY}", f"the whole {STUDY}"}:
        return [PackPlace(STUDY, basis.place, WHOLE_STUDY, _whole(list(areas.index)))]
    coded = _coded(text, build=build)
    if coded:
        return coded
    if text == COAST or text.startswith(f"{COAST}:"):
        part = part_of(text, reports=reports, areas=areas)
        if part is not None:
            return [_part(part, word="the coast")]
    kind, colon, key = text.partition(":")
    if colon and (part := part_of(text, reports=reports, areas=areas)) is not None:
        return [_council(key, build=build)] if kind == DISTRICT else [_part(part, word=family_of(kind).singular)]
    said = answer(text, areas=areas, reports=reports, folder=folder, manifest=build.manifest)
    if said.found is None:
        raise _not_one(text, said, build=build)
    return [_meant(said.found, build=build, reports=reports, typed=text)]


def _coded(text: str, *, build: Build) -> list[PackPlace]:
    """Return the places that a code, or a list of codes of small areas, means; none where it is no code."""
    areas = build.areas
    if text in areas.index:
        return [_area(text, areas)]
    if text in build.manifest.district_names:
        return [_council(text, build=build)]
    if not CODES.fullmatch(text.upper()):
        return []
    codes = re.split(r"[\s,]+", text.upper())
    unknown = [code for code in codes if code not in areas.index]
    if unknown:
        raise PlaceError(
            f"Of {several(len(codes), 'code')}, {several(len(unknown), 'is', 'are')} no small area of this study.",
            expected=f"codes such as {areas.index[0]}",
            found=listed(unknown[:NAMED_TOGETHER]) + (" and more" if len(unknown) > NAMED_TOGETHER else ""),
            next_step="take them out, or use codes of the study's own year",
        )
    return [_area(code, areas) for code in codes]


def _meant(one: Named, *, build: Build, reports: Reports, typed: str) -> PackPlace:
    if one.kind == AREA:
        return _area(one.key, build.areas)
    if one.kind == DISTRICT:
        return _council(one.key, build=build)
    part = part_of(f"{one.kind}:{one.key}", reports=reports, areas=build.areas)
    if part is None:
        raise PlaceError(
            f"“{typed}” is {one.name}, and this study does not say which small areas lie in it.",
            expected="a place that the study is reported by",
            found=one.word or one.kind,
            next_step=f"name its council, or build again: {build_command(Path('DIR'))}",
        )
    return _part(part, word=one.word or family_of(one.kind).singular)


def _area(code: str, areas: pd.DataFrame) -> PackPlace:
    return PackPlace(code, str(areas.loc[code, "area_name"]), AREA, _whole([code]))


def _council(code: str, *, build: Build) -> PackPlace:
    inside = build.areas.index[build.areas["district_code"].eq(code)]
    return PackPlace(code, build.manifest.district_names[code], "council", _whole(list(inside)))


def _part(part: Part, *, word: str) -> PackPlace:
    shares = part.shares.rename_axis("area_code").astype(float)
    return PackPlace(part.text, part.called, word, shares[shares > 0].clip(upper=1.0).sort_index())


def _not_one(text: str, said: Answer, *, build: Build) -> PlaceError:
    """Say why what was typed is no one place, and what to type instead."""
    place = Basis.of(build.manifest).place
    offered = [_offer(one) for one in said.offered]
    if said.why == "outside":
        called = "" if folded(said.outside) == folded(text) else f"is {said.outside}, which "
        return PlaceError(
            f"“{text}” {called}lies outside this study.",
            expected=f"a place in {place}",
            found=text,
            next_step=f"name one of: {'; '.join(offered)}"
            if offered
            else "build a study that holds it, or name one in it",
        )
    if said.why in {"called", "begins"}:
        verb = "is the name of" if said.why == "called" else "begins the names of"
        return PlaceError(
            f"“{text}” {verb} more than one place of this study.",
            expected="one place",
            found=text,
            next_step=f"type one of: {'; '.join(offered)}",
        )
    return PlaceError(
        f"No place of this study is called “{text}”.",
        expected=f"a place in {place}, by its name or code",
        found=text,
        next_step=f"nearest: {'; '.join(offered)}"
        if offered
        else f"name a council of it: {listed(sorted(build.manifest.district_names.values()), last='or')}",
    )


def _offer(one: Named) -> str:
    """Write a place as it can be typed to mean it alone, with what it is."""
    kind = one.word or one.kind
    context = f", {one.context}" if one.context and one.context != one.name else ""
    return f"{one.part or one.key} ({one.name}, {kind}{context})"


def _first(manifest: Manifest) -> str:
    return min(manifest.district_names.values())


def councils_of(shares: pd.Series, *, areas: pd.DataFrame) -> Mapping[str, bool]:
    """Return the codes of the councils that some areas lie in, the most premises first, each with whether it is whole.

    Parameters
    ----------
    shares
        By area code, how much of each area counts.
    areas
        Of a build.
    """
    inside = areas.loc[is_one_of(areas.index, shares.index), ["district_code", "premises"]]
    held = (inside["premises"] * shares.reindex(inside.index)).groupby(inside["district_code"]).sum()
    whole = shares[shares >= 1.0].index
    missing = areas.loc[~is_one_of(areas.index, whole), "district_code"].unique()
    ordered = held.sort_values(ascending=False, kind="stable").index
    return {str(code): code not in missing for code in ordered}
