"""One council as a page that a bad line can carry: the claim, a map, every small area, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import geopandas as gpd
import pandas as pd

from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.claim import Basis, Gap
from connectivity.manifest import Accounted
from connectivity.maps import symbology
from connectivity.maps.static_map import DETAILS, Detail, draw, letters_of, paint_of
from connectivity.maps.symbology import MEASURES, SCALE, UNKNOWN
from connectivity.method.feasibility import SCORED
from connectivity.outputs import Build
from connectivity.quality.page import text
from connectivity.webpages.shell import claims, foot, isolated, opening, shell, template
from connectivity.webpages.table import PROFILE, narrow, ordered, table
from layers.errors import OutputError, examples
from layers.figures import Figure

LIMIT = Figure(150_000, "bytes", "most that a page may have", "assumption: the brief's 150 kB, uncompressed")


def page_of(build: Build, district: str, *, overview: str | None = None, reasons: Sequence[str] = ()) -> str:
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
    said = claims(areas, place=name)
    parts = opening(said, place=name, build=build, reasons=reasons)
    parts["quote"] = f'<p class="quote">{text(_quote(said[0], basis=basis))}</p>' if said else ""
    accounting = about_places.accounting(*accounted(areas), unit=basis.unit)
    heads = about_plain_pages.heads(basis, tested="tier" in areas)
    whole = partial(
        shell,
        build,
        title=about_plain_pages.title(name, basis=basis),
        foot=foot(build.manifest, accounting=accounting, reasons=reasons),
        more_style=narrow(heads),
        way=f'<nav><a href="{text(overview)}">{about_plain_pages.OVERVIEW}</a></nav>' if overview else "",
    )
    if areas.empty:
        empty = dict.fromkeys(("map", "reading", "table"), f"<p>{text(about_plain_pages.EMPTY)}</p>")
        return whole(body=template("district.html").substitute(parts, **empty))
    rows = ordered(areas)
    worst = rows.index[rows["status"].eq(SCORED) & rows["separable"].astype(bool)]
    letters = letters_of(areas, order=[str(code) for code in worst])
    ranked = int(build.areas["severity_rank"].notna().sum())
    parts["reading"] = "".join(f"<p>{isolated(one, name)}</p>" for one in _reading(rows, name, basis, ranked))
    parts["table"] = table(rows, place=name, basis=basis, letters=letters)
    bare = whole(
        body=template("district.html").substitute(parts, map=f'<p class="note">{text(about_plain_pages.NO_MAP)}</p>')
    )
    for detail in DETAILS if _fits(bare) else ():
        drawn = _map(areas, name=name, basis=basis, letters=letters, detail=detail)
        page = whole(body=template("district.html").substitute(parts, map=drawn))
        if _fits(page):
            return page
    return bare


def accounted(areas: pd.DataFrame) -> tuple[Accounted, Accounted]:
    """Count what became of the premises and areas of a council, as a manifest does of a study's."""
    scored = areas["status"].eq(SCORED)
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


def _quote(claim: Gap, *, basis: Basis) -> str:
    return about_places.citation(claim, district=f"in the study “{basis.study}”", basis=basis)


def _reading(rows: pd.DataFrame, name: str, basis: Basis, ranked: int) -> list[str]:
    scored = rows[rows["status"].eq(SCORED)]
    said = about_plain_pages.reading(basis, ranked=ranked, tested="tier" in rows)
    return said if scored["separable"].all() else [about_places.not_separable(name), said[-1]]


def _map(areas: gpd.GeoDataFrame, *, name: str, basis: Basis, letters: Mapping[str, str], detail: Detail) -> str:
    """Arrange the legend, the map and what to know of it."""
    measure = MEASURES[PROFILE]
    kinds = measure.kinds(areas[measure.column], unit=basis.unit)
    labels = measure.breaks(unit=basis.unit).labels(percent=measure.percent)
    title = measure.title(unit=basis.unit)
    keys = [*((kind, label) for kind, label in enumerate(labels[: len(SCALE)])), (UNKNOWN, about_places.NOT_ENOUGH)]
    key = "".join(
        f'<li><svg aria-hidden="true"><rect class="{paint_of(kind)}" width="100%" height="100%"/></svg>'
        f"{text(label)}: {about_plain_pages.legend(int(kinds.eq(kind).sum()))}"
        for kind, label in keys
    )
    notes = [
        symbology.small_areas(ground=symbology.COUNCIL_GROUND),
        *([about_plain_pages.LETTERS] if letters else []),
        *([] if detail.borders else [about_plain_pages.MERGED]),
    ]
    drawn = draw(
        areas,
        kinds=kinds,
        says=_says(areas, basis=basis) if detail.named else {},
        letters=letters,
        title=f"{name}: {title}",
        description=about_plain_pages.description(len(areas)),
        detail=detail,
    )
    small = f'<p class="small">{text(" ".join(notes))}</p>'
    return f'<p id="key"><b>{text(title)}</b></p><ul class="key" aria-labelledby="key">{key}</ul>{drawn}{small}'


def _says(areas: pd.DataFrame, *, basis: Basis) -> dict[str, str]:
    """Give what a pointer on each area shows: its name and figure."""
    return {
        str(code): f"{row['area_name']}: "
        + (
            about_places.tooltip(Gap.of(row, profile=PROFILE), basis=basis)
            if row["status"] == SCORED
            else about_places.NOT_ENOUGH.lower()
        )
        for code, row in zip(areas.index, areas.drop(columns="geometry").to_dict("records"), strict=True)
    }
