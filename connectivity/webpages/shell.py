"""What every plain page has: its head, what its figures rest on, and at the foot where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

import pandas as pd

from connectivity import sources_page
from connectivity.claims import about_places, about_plain_pages
from connectivity.claims.claim import Basis, Gap, Sentence, total
from connectivity.manifest import Manifest, QualityRecord
from connectivity.maps.static_map import paints
from connectivity.method.feasibility import SCORED
from connectivity.outputs import Build
from connectivity.quality.lights import NAMES, SHAPES
from connectivity.quality.page import day, text
from connectivity.sources import licences

HERE = Path(__file__).parent


@cache
def template(name: str) -> Template:
    """Read a template that stands beside this module."""
    return Template((HERE / name).read_text(encoding="utf-8"))


@cache
def stylesheet() -> str:
    """Read the stylesheet, with the colours of the map's classes."""
    return (HERE / "pages.css").read_text(encoding="utf-8") + paints() + "\n"


def shell(build: Build, *, title: str, body: str, foot: Iterable[str], more_style: str, way: str = "") -> str:
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
    return template("shell.html").substitute(
        title=text(title),
        style=stylesheet() + more_style,
        study=text(basis.study),
        release=text(basis.release),
        counted=text(about_places.counted(basis)),
        tags="".join(f'<span class="tag">{text(tag)}</span>' for tag in tags),
        way=way,
        notice=f'<p class="note red"><b>{text(basis.notice)}</b></p>\n' if basis.notice else "",
        body=body,
        foot="\n".join(foot),
    )


def claims(areas: pd.DataFrame, *, place: str) -> list[Gap]:
    """Add up the areas that have a score, for home working and for online services; empty where none has."""
    scored = areas[areas["status"].eq(SCORED)]
    if scored.empty:
        return []
    named = about_places.among(place, scored=len(scored), of=len(areas))
    rows = scored.to_dict("records")
    return [
        total([Gap.of(row, profile="remote") for row in rows], place=named),
        total([Gap.of(row, profile="digital") for row in rows], place=named),
    ]


def opening(claims: Iterable[Gap], *, place: str, build: Build, reasons: Sequence[str]) -> dict[str, str]:
    """Write the parts a page begins with: the claim as its title, the second claim, what to know first."""
    basis = Basis.of(build.manifest)
    said = [about_places.gap(claim, basis=basis) for claim in claims]
    rests = (about_plain_pages.asked(), about_places.modelled(basis), about_places.measured(basis))
    small = " ".join(one for one in rests if one)
    return {
        "claim": marked(said[0], place=place) if said else isolated(f"{about_places.NOT_ENOUGH} for {place}", place),
        "lede": "".join(f'<p class="lede">{isolated(str(one), place)}</p>' for one in said[1:])
        + f'<p class="small">{text(small)}</p>',
        "use": listed(sources_page.USE),
        "not_use": listed(sources_page.NOT_USE),
        "notes": _light(build.manifest.quality, reasons=reasons),
    }


def marked(sentence: Sentence, *, place: str) -> str:
    """Mark the number of a sentence, and keep the place's name from turning what stands around it."""
    return f"<em>{text(sentence.marked)}</em>{isolated(sentence.rest, place)}"


def isolated(sentence: str, name: str) -> str:
    """Escape a sentence and isolate the name in it, should it be written from right to left.

    >>> isolated("In A & B nobody.", "A & B")
    'In <bdi>A &amp; B</bdi> nobody.'
    """
    return text(sentence).replace(text(name), f"<bdi>{text(name)}</bdi>", 1)


def listed(items: Iterable[str]) -> str:
    """Write a list."""
    return f"<ul>{''.join(f'<li>{text(item)}</li>' for item in items)}</ul>"


def foot(manifest: Manifest, *, accounting: str, reasons: Sequence[str]) -> list[str]:
    """Account for every premises, say what is modelled and why the light is as it is, name the sources.

    Parameters
    ----------
    reasons
        For the light of the data, from the data-quality report; what is modelled is said once, above them.
    """
    lines = [f"<p><b>Every one is accounted for.</b> {text(accounting)}</p>"]
    modelled = manifest.modelled
    if modelled:
        lines.append(f"<p><b>What is modelled.</b> {' '.join(map(text, modelled))}</p>")
    if reasons and manifest.quality is not None:
        left = [
            *(one for one in reasons if one not in modelled),
            about_plain_pages.more(manifest.quality.page),
        ]
        lines.append(f"<p><b>What to know about the data.</b></p>{listed(left)}")
    lines.append(f"<p><b>Sources.</b> {text(licences(manifest.sources))}</p>")
    software = text(manifest.software)
    lines.append(
        f"<p><b>How to check.</b> Built {text(day(manifest.created))} with {software}. "
        f"{text(about_plain_pages.check(manifest.fingerprint))} "
        f"<code>{escape(about_plain_pages.COMMAND)}</code></p>"
    )
    return lines


def _light(quality: QualityRecord | None, *, reasons: Sequence[str]) -> str:
    """Say the light of the data-quality report; red stands out, for it says not to publish."""
    if quality is None:
        return ""
    colour = quality.light
    said = f"{NAMES[colour]}: {quality.words}. {about_plain_pages.quality(quality.page, reasons=bool(reasons))}"
    shape = f'<span aria-hidden="true">{SHAPES[colour]}</span>'
    return f'<p class="note {text(colour)}"><b>{text(about_plain_pages.QUALITY)}</b> {shape} {text(said)}</p>'
