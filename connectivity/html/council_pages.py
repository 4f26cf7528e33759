"""A build as plain web pages, one for each council: no script, nothing from outside, light enough for a bad line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.about_certainty import reading as tier_reading
from connectivity.claims.claim import Basis, Claim, ProfileKey, Sentence, summed
from connectivity.claims.grammar import moment, number, some_of
from connectivity.html import source_lists
from connectivity.html.render import TEMPLATES, bullet_list, isolated, macro, render
from connectivity.manifest import Accounted, Manifest, QualityRecord
from connectivity.maps import symbology
from connectivity.maps.static_map import DETAILS, Detail, letters_of, paint_of, paints, static_map
from connectivity.maps.symbology import MEASURES, SCALE, UNKNOWN
from connectivity.method.feasibility import COUNTED, NOT_TOLD_APART, has_count
from connectivity.outputs import Build
from connectivity.places.beside_claims import beside_headline
from connectivity.published_sources import licences
from connectivity.quality.lights import NAMES, SHAPES
from connectivity.robustness.count_draws import CountDraws
from connectivity.robustness.ranks import position_claim, rank_claim
from layers.errors import OutputError, examples
from layers.figures import Figure


@cache
def plain_stylesheet() -> str:
    """Read the stylesheet, with the colours of the map's classes."""
    return (TEMPLATES / "plain_pages.css").read_text(encoding="utf-8") + paints() + "\n"


def shell(build: Build, *, title: str, body: Markup, foot: Markup, more_style: str, way: Markup | str = "") -> str:
    """Put a page together.

    Parameters
    ----------
    build
        Whose figures it shows.
    body, foot, way
        HTML: what it says; paragraphs and lists below; a link above.
    more_style
        Rules of this page alone.
    """
    basis = Basis.of(build.manifest)
    tags = about_plain_pages.tags(basis, stand_ins=bool(build.manifest.modelled))
    page = render(
        "plain_page.html",
        title=title,
        style=Markup(plain_stylesheet() + more_style),  # noqa: S704 - rules and headings of our own; nothing a file said
        study=basis.study,
        release=basis.release,
        counted=about_places.counted(basis),
        tags=tags,
        way=way,
        notice=basis.notice,
        body=body,
        foot=foot,
    )
    return str(page)


def claims(areas: pd.DataFrame, *, place: str, basis: Basis, drawn: CountDraws | None = None) -> list[Claim]:
    """Add up the areas that have a score, for home working and for online services; empty where none has."""
    scored = areas[has_count(areas["status"])]
    if scored.empty:
        return []
    named = about_places.among(place, scored=len(scored), of=len(areas))
    added = [
        summed(scored, place=named, profile="remote", basis=basis, drawn=drawn),
        summed(scored, place=named, profile="digital", basis=basis, drawn=drawn),
    ]
    return [claim.of_whole_councils() for claim in added] if len(scored) == len(areas) else added


def plain_opening(
    claims: Sequence[Claim],
    *,
    place: str,
    build: Build,
    areas: pd.DataFrame,
    district: str | None,
    reasons: Sequence[str],
) -> dict[str, Markup]:
    """Write the parts a page begins with: the claim as its title, what stands beside it, what to know first.

    Parameters
    ----------
    claims
        For home working and for online services.
    areas
        What they are about.
    district
        The council's code; None for the whole study.
    """
    basis = Basis.of(build.manifest)
    said = [claim.say() for claim in claims[:1]]
    for claim in claims:
        beside = beside_headline(claim, areas=areas, code=district, routes=build.routes, basis=basis)
        own = [claim.say()] if claim is not claims[0] else []
        said += [Sentence("", " ".join(str(one) for one in (*own, *(each.say() for each in beside))))]
    said = [one for one in said if str(one)]
    rests = (about_plain_pages.line_needed(), about_places.modelled(basis), about_places.measured(basis))
    small = " ".join(one for one in rests if one)
    return {
        "claim": plain_marked(said[0], place=place)
        if said
        else isolated(f"{about_places.NOT_ENOUGH} for {place}", place),
        "lede": _plain("lede")([isolated(str(one), place) for one in said[1:]], small),
        "use": bullet_list(source_lists.USE),
        "not_use": bullet_list(source_lists.NOT_USE),
        "notes": _light(build.manifest.quality, reasons=reasons),
    }


def plain_marked(sentence: Sentence, *, place: str) -> Markup:
    """Mark the number of a sentence, and keep the place's name from turning what stands around it."""
    return _plain("marked")(sentence.marked, isolated(sentence.rest, place))


def _plain(name: str) -> Callable[..., Markup]:
    return macro("plain_parts.html", name)


def plain_foot(manifest: Manifest, *, accounting: str, reasons: Sequence[str]) -> Markup:
    """Account for every premises, say what is modelled and why the light is as it is, name the sources.

    Parameters
    ----------
    reasons
        For the light of the data, from the data-quality report; what is modelled is said once, above them.
    """
    modelled = manifest.modelled
    known = []
    if reasons and manifest.quality is not None:
        known = [
            *(one for one in reasons if one not in modelled),
            about_plain_pages.where_more_is(manifest.quality.page),
        ]
    return _plain("foot")(
        accounting=accounting,
        modelled=modelled,
        reasons=known,
        sources=licences(manifest.sources),
        built=moment(manifest.created),
        software=manifest.software,
        check=about_plain_pages.how_to_check(manifest.fingerprint),
        command=about_plain_pages.COMMAND,
    )


def _light(quality: QualityRecord | None, *, reasons: Sequence[str]) -> Markup:
    """Say the light of the data-quality report; red stands out, for it says not to publish."""
    if quality is None:
        return Markup()
    colour = quality.light
    said = (
        f"{NAMES[colour]}: {quality.words}. {about_plain_pages.where_reasons_are(quality.page, reasons=bool(reasons))}"
    )
    return _plain("light")(colour, about_plain_pages.QUALITY, SHAPES[colour], said)


PROFILE: ProfileKey = "remote"
"""The activity that is mapped and listed."""
COUNCIL_NOTE = symbology.small_areas(ground=symbology.COUNCIL_GROUND)
COLUMNS = (
    *("area_name", "ward_name", "status", "separable", "premises", "premises_unknown"),
    *("remote_infeasible_low", "remote_infeasible", "remote_infeasible_high"),
    *("severity_rank", "rank_p05", "rank_p95", "tier"),
)
"""Of `areas.parquet`, those that the table is made of; the last three only where draws were made."""


def ordered(areas: pd.DataFrame) -> pd.DataFrame:
    """Put areas in the order of the table: the worst first, then those that cannot be told apart, then not scored.

    Parameters
    ----------
    areas
        Indexed by code; `COLUMNS`.
    """
    named = areas.assign(code=areas.index.astype(str))
    scored, apart = has_count(named["status"]), named["separable"].astype(bool)
    parts = (
        named[scored & apart].sort_values(["severity_rank", "code"]),
        named[scored & ~apart].sort_values(["area_name", "code"]),
        named[~scored].sort_values(["area_name", "code"]),
    )
    return pd.concat([part for part in parts if len(part)] or [named]).drop(columns="code")


def areas_table(areas: pd.DataFrame, *, place: str, basis: Basis, letters: Mapping[str, str]) -> Markup:
    """Write the table of a council's small areas: everything the map shows, in words and numbers, in few bytes.

    Closing tags that HTML lets one leave out are left out: a row of a big city's page has some 200 bytes.

    Parameters
    ----------
    areas
        As `ordered` gives them.
    place
        Whose they are.
    letters
        Letter of an area on the map, by its code.
    """
    tested = "tier" in areas
    heads = about_plain_pages.area_heads(basis, tested=tested)
    separable = bool(areas["separable"].all())
    caption = about_plain_pages.areas_caption(place, areas=len(areas), separable=separable)
    kept = areas[[column for column in COLUMNS if column in areas]]
    lines = zip(kept.index, kept.to_dict("records"), strict=True)
    rows = [
        _row(str(code), row, at=at, basis=basis, letter=letters.get(str(code))) for at, (code, row) in enumerate(lines)
    ]
    return _plain("areas")(caption, ("Place", *heads), rows)


def narrow(heads: Sequence[str]) -> str:
    """Write the rules that name each cell where a small screen has no room for columns."""
    rules = "".join(
        f'td:not(.n):nth-child({at}):before{{content:"{head.partition(":")[0]}"}}' for at, head in enumerate(heads, 2)
    )
    return f"@media(max-width:46rem){{{rules}}}"


def anchor(code: str, *, at: int) -> str:
    """Name a row so that an address can lead to it; by its position where its code is no name.

    >>> anchor("E01020398", at=0), anchor("a b", at=7)
    ('E01020398', 'place-7')
    """
    return code if re.fullmatch(r"[A-Z]\d+", code) else f"place-{at}"


def _row(code: str, row: Mapping[Any, Any], *, at: int, basis: Basis, letter: str | None) -> dict[str, object]:
    name, ward = str(row["area_name"]), row.get("ward_name")
    lies = "" if pd.isna(ward) or str(ward) in name else f", {ward}"
    known: dict[str, object] = {"anchor": anchor(code, at=at), "letter": letter, "name": f"{name}{lies}"}
    if row["status"] == NOT_TOLD_APART:
        return known | {"cells": about_places.NOT_TOLD_APART}
    if row["status"] not in COUNTED:
        return known | {"cells": str(Claim.of_unscored(row, place="this place", basis=basis).say())}
    claim = Claim.of_row(row, profile=PROFILE, basis=basis)
    cells = [
        f"{claim.said_best} of {claim.said_of}",
        claim.said_range,
        about_plain_pages.share_cell(claim),
        rank_cell(row, basis=basis),
        *([tier_reading(row["tier"]).cell] if "tier" in row else []),
    ]
    return known | {"cells": cells}


def rank_cell(row: Mapping[Any, Any], *, basis: Basis) -> str:
    """Say a rank with its range, or that a council's areas cannot be told apart.

    >>> here = Basis("Demo", "July 2025", "premises", "availability", False, False, True)
    >>> rank_cell({"separable": True, "severity_rank": 3, "rank_p05": 2.0, "rank_p95": 9.0}, basis=here)
    '3rd worst, between 2 and 9'
    >>> [rank_cell({"separable": known, "severity_rank": 3}, basis=here) for known in (True, False)]
    ['3rd worst, range not known', 'no rank of its own']
    """
    said = str(position_claim(row, of=math.nan, basis=basis).say("cell"))
    if not row["separable"]:
        return said
    return f"{said}, {rank_claim(row, basis=basis).say('cell')}"


def overview_of(build: Build, *, files: Mapping[str, str], reasons: Sequence[str] = ()) -> str:
    """Write the page of a whole study.

    Parameters
    ----------
    build
        A finished build.
    files
        The file of each council's page, by code.
    reasons
        Why the light of the data is as it is.

    Returns
    -------
    str
        HTML. The same build gives the same text.
    """
    basis = Basis.of(build.manifest)
    heads = about_plain_pages.council_heads(basis, tested="tier" in build.areas)
    areas = build.areas.sort_index()
    parts = plain_opening(
        claims(areas, place=basis.place, basis=basis, drawn=build.drawn),
        place=basis.place,
        build=build,
        areas=areas,
        district=None,
        reasons=reasons,
    )
    parts["table"] = _table(build, areas=areas, heads=heads, files=files)
    sums = Claim.of_accounts(build.manifest.premises, build.manifest.areas, place=basis.place, basis=basis).say()
    return shell(
        build,
        title=about_plain_pages.plain_title(basis.place, basis=basis),
        body=render("overview.html", **parts),
        foot=plain_foot(
            build.manifest,
            accounting=sums,
            reasons=reasons,
        ),
        more_style=narrow(heads),
    )


def _table(build: Build, *, areas: pd.DataFrame, heads: list[str], files: Mapping[str, str]) -> Markup:
    """Write the councils by name, and all of them together below."""
    basis = Basis.of(build.manifest)
    by_name = sorted((name, code) for code, name in build.manifest.district_names.items())
    rows = [
        {"file": files[code], "name": name, "cells": _cells(areas[areas["district_code"].eq(code)], build=build)}
        for name, code in by_name
    ]
    caption = about_plain_pages.councils_caption(basis.place, councils=len(by_name))
    return _plain("councils")(caption, ("Council", *heads), rows, basis.place, _cells(areas, build=build))


def _cells(areas: pd.DataFrame, *, build: Build) -> list[str] | str:
    """Write the totals of some areas; those without a score are left out of the counts, and counted."""
    said = claims(areas, place="", basis=Basis.of(build.manifest), drawn=build.drawn)
    if not said:
        return about_places.NOT_ENOUGH
    claim, scored = said[0], int(has_count(areas["status"]).sum())
    return [
        f"{claim.said_best} of {claim.said_of}",
        claim.said_range,
        about_plain_pages.share_cell(claim),
        some_of(scored, len(areas)),
        *([number(areas["tier"].eq("robust").sum(), exact=True)] if "tier" in areas else []),
    ]


LIMIT = Figure(150_000, "bytes", "most that a page may have", "assumption: the brief's 150 kB, uncompressed")


def council_html(build: Build, district: str, *, overview: str | None = None, reasons: Sequence[str] = ()) -> str:
    """Write the page of one council.

    The map is drawn as fully as the limit allows. The table is never cut: where even the lightest map does not fit,
    there is none, and the page says so.

    Parameters
    ----------
    build
        A finished build.
    district
        The council's code.
    overview
        Address of the page that lists all councils, where there is one.
    reasons
        Why the light of the data is as it is, from :func:`connectivity.quality.quality_report.reasons_of`.

    Returns
    -------
    str
        HTML. The same build gives the same text.

    Raises
    ------
    OutputError
        The build has no such council.
    """
    names = build.manifest.district_names
    if district not in names:
        raise OutputError(
            "The build has no such council.",
            expected=f"the code of one of {len(names):,} (such as {examples(sorted(names))})",
            found=district,
            next_step="name one of these",
        )
    name, basis = names[district], Basis.of(build.manifest)
    areas = build.areas[build.areas["district_code"].eq(district)].sort_index()
    said = claims(areas, place=name, basis=basis, drawn=build.drawn)
    parts = plain_opening(said, place=name, build=build, areas=areas, district=district, reasons=reasons)
    parts["quote"] = _plain("paragraph")(_quote(said[0], basis=basis), "quote") if said else Markup()
    accounting = Claim.of_accounts(*accounted(areas), place=name, basis=basis).say()
    heads = about_plain_pages.area_heads(basis, tested="tier" in areas)
    whole = partial(
        shell,
        build,
        title=about_plain_pages.plain_title(name, basis=basis),
        foot=plain_foot(build.manifest, accounting=accounting, reasons=reasons),
        more_style=narrow(heads),
        way=_plain("way")(overview, about_plain_pages.OVERVIEW) if overview else "",
    )
    if areas.empty:
        empty = dict.fromkeys(("map", "reading", "table"), _plain("paragraph")(about_plain_pages.EMPTY))
        return whole(body=render("council.html", **parts, **empty))
    rows = ordered(areas)
    worst = rows.index[has_count(rows["status"]) & rows["separable"].astype(bool)]
    letters = letters_of(areas, order=[str(code) for code in worst])
    ranked = int(build.areas["severity_rank"].notna().sum())
    parts["reading"] = Markup().join(
        _plain("paragraph")(isolated(one, name)) for one in _reading(rows, name, basis, ranked)
    )
    parts["table"] = areas_table(rows, place=name, basis=basis, letters=letters)
    bare = whole(body=render("council.html", **parts, map=_plain("paragraph")(about_plain_pages.NO_MAP, "note")))
    for detail in DETAILS if _fits(bare) else ():
        drawn = plain_map(areas, name=name, basis=basis, letters=letters, detail=detail, notes=[COUNCIL_NOTE])
        page = whole(body=render("council.html", **parts, map=drawn))
        if _fits(page):
            return page
    return bare


def accounted(areas: pd.DataFrame) -> tuple[Accounted, Accounted]:
    """Count what became of the premises and areas of a council, as a manifest does of a study's."""
    scored = has_count(areas["status"])
    left_out = areas[~scored].groupby("status")["premises"].agg(["sum", "size"])
    excluded = {str(reason): round(count) for reason, count in left_out["sum"].items() if count > 0}
    counted = round(areas.loc[scored, "premises"].sum())
    places = {str(reason): int(count) for reason, count in left_out["size"].items()}
    return (
        Accounted(total=counted + sum(excluded.values()), scored=counted, excluded=excluded),
        Accounted(total=len(areas), scored=int(scored.sum()), excluded=places),
    )


def _fits(page: str) -> bool:
    return len(page.encode()) <= LIMIT.value


def _quote(claim: Claim, *, basis: Basis) -> str:
    return claim.lying_in(f"in the study “{basis.study}”").say("quotation")


def _reading(rows: pd.DataFrame, name: str, basis: Basis, ranked: int) -> list[str]:
    scored = rows[has_count(rows["status"])]
    said = about_plain_pages.how_to_read(basis, ranked=ranked, tested="tier" in rows)
    return said if scored["separable"].all() else [about_places.not_separable(name), said[-1]]


def plain_map(
    areas: gpd.GeoDataFrame,
    *,
    name: str,
    basis: Basis,
    letters: Mapping[str, str],
    detail: Detail,
    description: str | None = None,
    notes: Sequence[str] = (),
) -> Markup:
    """Arrange the legend, the map and what to know of it.

    Parameters
    ----------
    areas
        What is drawn, indexed by code.
    name
        What they make up.
    letters
        Letter of an area on the map, by its code.
    detail
        How much of it is drawn.
    description
        For those who hear the map; where the same is found on the page, if not given.
    notes
        What stands below it: what its shapes and the ground round them are.
    """
    measure = MEASURES[PROFILE]
    kinds = measure.kinds(areas[measure.column], unit=basis.unit)
    labels = measure.breaks(unit=basis.unit).labels(percent=measure.percent)
    title = measure.title(unit=basis.unit)
    keys = [*((kind, label) for kind, label in enumerate(labels[: len(SCALE)])), (UNKNOWN, about_places.NOT_ENOUGH)]
    counted = {kind: int(kinds.eq(kind).sum()) for kind, _ in keys}
    classes = [
        (kind, Claim.of_places("plain_pages.class", label, counted[kind], of=len(kinds), basis=basis))
        for kind, label in keys
    ]
    one_council = len(set(areas["district_code"])) == 1
    alike = set(kinds[areas["status"].eq(NOT_TOLD_APART)]) if one_council else set()
    key = [
        {"paint": paint_of(kind), "words": about_plain_pages.class_alike(claim) if kind in alike else str(claim.say())}
        for kind, claim in classes
    ]
    said = [
        *notes,
        *([about_plain_pages.LETTERS] if letters else []),
        *([] if detail.borders else [about_plain_pages.MERGED]),
    ]
    drawn = static_map(
        areas,
        kinds=kinds,
        says=_says(areas, basis=basis) if detail.named else {},
        letters=letters,
        title=f"{name}: {title}",
        description=description or about_plain_pages.map_description(len(areas)),
        detail=detail,
    )
    return _plain("map")(title, key, drawn, " ".join(said))


def _says(areas: pd.DataFrame, *, basis: Basis) -> dict[str, str]:
    """Give what a pointer on each area shows: its name and figure."""
    return {
        str(code): f"{row['area_name']}: "
        + (
            about_places.NOT_TOLD_APART.lower()
            if row["status"] == NOT_TOLD_APART
            else Claim.of_row(row, profile=PROFILE, basis=basis).say("cell")
            if row["status"] in COUNTED
            else about_places.NOT_ENOUGH.lower()
        )
        for code, row in zip(areas.index, areas.drop(columns="geometry").to_dict("records"), strict=True)
    }
