"""What a study of today needs: which releases, which part of each, and which it cannot do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers.catalogue import Address, Release, Rows, release, releases
from layers.errors import LayerError, did_you_mean
from layers.fetch.selection import Request, Selection
from layers.figures import Figure
from layers.intake.published import published_columns
from layers.intake.tables import read_table
from layers.kinds import KINDS

MANY = Figure(4_000, "small areas", "more are fetched with all others, as one list of codes is too long", "assumption")
LATEST = "latest"
LOOKUP, REGIONS, COUNTIES = "lsoa-2021-lookup", "regions-2024", "counties-2024"
PARTNERSHIPS, DISTRICT_OUTLINES = "lep-outlines-2020", "district-outlines-2024"
PARISH_LOOKUP, PARISHES = "parish-lookup-2024", "parish-outlines-2024"


@dataclass(frozen=True, slots=True)
class Item:
    """One file to fetch.

    Attributes
    ----------
    release, address
        What it is and where it is.
    required
        Whether no study can be built without it.
    layer
        Whether it is named in the study file; lookups that only help to choose places are kept beside it alone.
    """

    release: Release
    address: Address
    required: bool = False
    layer: bool = True


def ofcom_releases() -> dict[str, Release]:
    """List Ofcom's releases by output area of 2021: ``2026-01`` and so on, the latest first."""
    found = {
        entry.key.removeprefix("ofcom-").removesuffix("-oa"): entry
        for entry in releases()
        if entry.kind == "ofcom_oa" and "2021" in entry.areas
    }
    return dict(sorted(found.items(), reverse=True))


def chosen_ofcom(word: str) -> str:
    """Say which of Ofcom's releases is meant by `latest` or by a year and month.

    Raises
    ------
    LayerError
        When there is none of that name.
    """
    known = ofcom_releases()
    if word == LATEST:
        return next(iter(known))
    if word not in known:
        raise LayerError(
            "Ofcom has no such release by small area, or the catalogue does not know it yet.",
            expected=f"{LATEST}, {', '.join(known)}",
            found=word,
            next_step="choose one of these with --release; python -m connectivity sources lists all",
        )
    return word


def to_choose(request: Request) -> list[Item]:
    """List the small lookups by which places are chosen, the table of small areas and districts first."""
    keys: dict[str, tuple[str, ...]] = {
        "county": (COUNTIES,),
        "region": (),
        "lep": (PARTNERSHIPS, DISTRICT_OUTLINES),
    }
    wanted = [LOOKUP, REGIONS, *keys.get(request.by, ())]
    return [
        Item(
            release(key), release(key).address(), required=key == LOOKUP or key in keys.get(request.by, ()), layer=False
        )
        for key in wanted
    ]


def helpers(names: Collection[str]) -> list[Item]:
    """List the lookups by which places can be chosen that a study already has, by the names of its files."""
    entries = map(release, (LOOKUP, REGIONS, COUNTIES, PARTNERSHIPS, DISTRICT_OUTLINES))
    return [Item(entry, entry.address(), layer=False) for entry in entries if entry.file_name in names]


def to_study(
    selection: Selection,
    *,
    ofcom: str,
    regions: Iterable[str],
    also: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Item]:
    """List what a study of those districts is made of, what it cannot do without first.

    Parameters
    ----------
    selection
        The districts.
    ofcom
        Which of Ofcom's releases, such as ``2026-01``.
    regions
        Names of the regions the districts are in; `Wales` for Wales.
    also, without
        Kinds (or names of boundaries) to add to the usual ones, or to leave out.

    Raises
    ------
    LayerError
        When a kind is not known, or no study can be without it.
    """
    usable = [entry for entry in releases() if selection.nation in entry.nations and entry.readable]
    optional = {_word(entry) for entry in usable if KINDS[entry.kind].on_request}
    usual = [entry for entry in usable if entry.in_studies == "usual" or entry.key == f"ofcom-{ofcom}-mobile"]
    usual = [entry for entry in usual if entry.same_as not in {other.key for other in usual}]
    there = {entry.key for entry in usual}
    known = {_word(entry) for entry in usual} | {"parish"}
    _refuse_unknown(also, optional | known, option="--also", nation=selection.nation)
    _refuse_unknown(without, optional | known, option="--without", nation=selection.nation)
    extra = [
        entry
        for entry in usable
        if KINDS[entry.kind].on_request
        and _word(entry) in also
        and entry.key not in there
        and "2011" not in entry.areas
    ]
    codes: dict[Rows, Sequence[str]] = {"districts": list(selection.districts)}
    if len(selection.areas) <= MANY.value:
        codes["areas"] = selection.areas
    items = [Item(entry, entry.address(codes=codes), required=True) for entry in _needed()]
    broadband = ofcom_releases()[ofcom]
    items.append(Item(broadband, broadband.address(), required=True))
    for entry in [*usual, *extra]:
        if _word(entry) not in without:
            places = [slug(region) for region in regions] if entry.takes_region else [None]
            items += [Item(entry, entry.address(codes=codes, region=place)) for place in sorted(places, key=str)]
    return items


def to_parishes(selection: Selection) -> Item | None:
    """Name the lookup that says which parishes the districts have; None where that would be too many to ask for."""
    if len(selection.areas) > MANY.value:
        return None
    entry = release(PARISH_LOOKUP)
    return Item(entry, entry.address(codes={"districts": list(selection.districts)}), layer=False)


def parish_outlines(lookup: Path) -> Item | None:
    """Name the outlines of the parishes in a lookup; None where the districts have no parish."""
    table = read_table(lookup, published_columns("parish_lookup"))
    codes = sorted(set(table["parish"]) - {""})
    entry = release(PARISHES)
    return Item(entry, entry.address(codes={"parishes": codes})) if codes else None


def slug(region: str) -> str:
    """Write a region's name as BDUK does in file names (seen for London; the others are an assumption).

    >>> slug("Yorkshire and The Humber")
    'yorkshire_and_the_humber'
    """
    return region.strip().lower().replace(" ", "_")


def _needed() -> list[Release]:
    """List what no study can be built without, beside its broadband."""
    return [entry for entry in releases() if entry.in_studies == "needed"]


def _word(entry: Release) -> str:
    """Name what `--also` and `--without` call a release: its kind, or the name of its boundary."""
    return entry.name or entry.kind


def _refuse_unknown(words: Collection[str], known: Collection[str], *, option: str, nation: str) -> None:
    for word in words:
        if word not in known:
            what, near = _why_not(word, option=option, nation=nation), did_you_mean(word, known)
            raise LayerError(
                what or f"{option} names nothing that a study may have or be without.",
                expected=near if near and not what else f"one of {', '.join(sorted(known))}",
                found=word,
                next_step=f"leave it out of {option}" if what else "correct the word, or leave it out",
            )


def _why_not(word: str, *, option: str, nation: str) -> str | None:
    """Say why a kind that does exist can be neither added nor left out; None where there is no such kind."""
    if word in {"ofcom_oa", *map(_word, _needed())}:
        return f"Every study {'has this' if option == '--also' else 'needs this, so it cannot be left out'}: {word}."
    entries = [entry for entry in releases() if word in {_word(entry), entry.kind}]
    if entries and not any(nation in entry.nations for entry in entries):
        return f"This is not published for {nation}: {word}."
    if word in KINDS or entries:
        return f"This cannot be fetched for a study: {word}. docs/study-file.md says how to add it to the study file."
    return None
