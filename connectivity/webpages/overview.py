"""The page that lists a study's councils with their totals, and leads to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.claim import Basis
from connectivity.claims.grammar import number
from connectivity.outputs import Build
from connectivity.quality.page import text
from connectivity.webpages.shell import claims, foot, opening, shell, template
from connectivity.webpages.table import narrow


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
    heads = about_plain_pages.councils(basis, tested="tier" in build.areas)
    areas = build.areas.sort_index()
    parts = opening(claims(areas, place=basis.place), place=basis.place, build=build, reasons=reasons)
    parts["table"] = _table(build, areas=areas, heads=heads, files=files)
    sums = about_places.accounting(build.manifest.premises, build.manifest.areas, unit=build.manifest.unit)
    return shell(
        build,
        title=about_plain_pages.title(basis.place, basis=basis),
        body=template("overview.html").substitute(parts),
        foot=foot(
            build.manifest,
            accounting=sums,
            reasons=reasons,
        ),
        more_style=narrow(heads),
    )


def _table(build: Build, *, areas: pd.DataFrame, heads: list[str], files: Mapping[str, str]) -> str:
    """Write the councils by name, and all of them together below."""
    basis = Basis.of(build.manifest)
    by_name = sorted((name, code) for code, name in build.manifest.district_names.items())
    rows = "".join(
        f'<tr><th scope=row><a href="{files[code]}">{text(name)}</a>'
        + _cells(areas[areas["district_code"].eq(code)], columns=len(heads))
        for name, code in by_name
    )
    titles = "".join(f"<th scope=col>{text(head)}" for head in ("Council", *heads))
    caption = about_plain_pages.councils_caption(basis.place, councils=len(by_name))
    return (
        f"<table class=sums><caption>{text(caption)}<thead><tr>{titles}<tbody>{rows}"
        f"<tfoot><tr><th scope=row>{text(basis.place)}{_cells(areas, columns=len(heads))}</table>"
    )


def _cells(areas: pd.DataFrame, *, columns: int) -> str:
    """Write the totals of some areas; those without a score are left out of the counts, and counted."""
    said = claims(areas, place="")
    if not said:
        return f"<td class=n colspan={columns}>{text(about_places.NOT_ENOUGH)}"
    claim, scored = said[0], int(areas["status"].eq("scored").sum())
    cells = [
        f"{number(claim.best)} of {number(claim.premises)}",
        f"{number(claim.low)} to {number(claim.high)}",
        about_plain_pages.share(claim),
        f"{scored:,} of {len(areas):,}",
        *([f"{int(areas['tier'].eq('robust').sum()):,}"] if "tier" in areas else []),
    ]
    return "".join(f"<td>{text(cell)}" for cell in cells)
