"""The data-quality report as a page of its own: no script, nothing from outside, fit to print and to read aloud."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from connectivity.quality.lights import NAMES, SHAPES
from connectivity.quality.notice import notice_of
from layers.errors import visible
from layers.figures import Figure

TEMPLATE = Path(__file__).with_name("quality.html")
FOLDED_FROM = Figure(20, "lines", "lists longer than this are folded", "assumption: half a printed page")
LISTED = Figure(400, "places", "the page lists so many of a reason, quality.json all", "assumption: 150 kB a page")
DIGITS = 12
"""Digits of a file's SHA-256 that the page shows; quality.json has all 64."""
MISSING = ("not recorded", "not known", "")
THEN = {"refused": "the build stops", "kept": "it is kept as it is, and listed"}


def page_of(quality: Mapping[str, Any]) -> str:
    """Arrange a report as a whole page of HTML.

    Parameters
    ----------
    quality
        From :func:`connectivity.quality.quality_report.quality_of`.
    """
    said = {name: text(quality[name]) for name in ("study", "software", "fingerprint")}
    said["created"] = text(day(str(quality["created"])))
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(said, **parts_of(quality, linked=True))


def parts_of(quality: Mapping[str, Any], *, linked: bool) -> dict[str, str]:
    """Arrange a report as parts of HTML, each under the name the template calls it by.

    Parameters
    ----------
    linked
        Whether the table of layers leads to each layer's own part; where a page folds those, it does not.
    """
    layers, light = quality["layers"], quality["light"]
    limits = [
        [one["light"], f"{one['value']:g}", one["unit"], one["meaning"], one["source"]] for one in quality["limits"]
    ]
    return {
        "light": mark(light),
        "notice": _notice(light),
        "reasons": reasons(light),
        "layers": _layers(layers, linked=linked),
        "each": "".join(_layer(layer) for layer in layers),
        "premises": _premises(quality["premises"]),
        "areas": _areas(quality["areas"]),
        "modelled": _list(quality["modelled"]) or "<p>Nothing in this build is modelled or a stand-in.</p>",
        "rules": _list(quality["rules"]),
        "limits": table(
            "The limits the lights rest on", ["Light", "From", "Unit", "What it is", "Who says so"], limits
        ),
    }


def text(words: object) -> str:
    r"""Escape words for HTML, and show what would turn or hide them.

    >>> text("<b>" + chr(0x202E))
    '&lt;b&gt;\\u202e'
    """
    return escape(visible(str(words)))


def mark(light: Mapping[str, Any], *, brief: bool = False) -> str:
    """Draw a light: its shape, its colour's name and, unless it is for a table, its words.

    >>> mark({"colour": "green", "words": "No fault found by these checks"})[:46]
    '<strong class="light green"><span class="shape'
    """
    colour, said = light["colour"], "" if brief else f": {text(light['words'])}"
    shape = f'<span class="shape" aria-hidden="true">{SHAPES[colour]}</span>'
    return f'<strong class="light {colour}">{shape} {NAMES[colour]}{said}</strong>'


def _notice(light: Mapping[str, Any]) -> str:
    """Draw the notice of a red light; nothing for any other."""
    said = notice_of(light)
    return f'<p class="notice"><strong>{text(said)}</strong></p>' if said else ""


def reasons(light: Mapping[str, Any]) -> str:
    """List why a light is as it is."""
    found = [f"{NAMES[one['colour']]}: {one['words']}" for one in light["reasons"]]
    return _list(found) if found else "<p>Nothing was found.</p>"


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, ready: bool = False, named: bool = True
) -> str:
    """Draw a table that can be scrolled by itself on a narrow screen; its first column heads the rows.

    Parameters
    ----------
    ready
        Whether cells are HTML made here, and not words to escape.
    named
        Whether its name stands above it; where a heading there says the same, only a screen reader gets it.
    """
    said = str if ready else text
    listed = [list(row) for row in rows]
    columns = range(len(head))
    side = [' class="r"' if n and _numbers([row[n] for row in listed if n < len(row)]) else "" for n in columns]
    heads = "".join(f'<th scope="col"{at}>{text(one)}</th>' for one, at in zip(head, side, strict=True))
    body = "".join(
        f'<tr><th scope="row">{said(first)}</th>'
        f"{''.join(f'<td{at}>{said(cell)}</td>' for cell, at in zip(cells, side[1:], strict=False))}</tr>"
        for first, *cells in listed
    )
    name, unseen = text(caption), "" if named else ' class="ns-unseen"'
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{name}"><table><caption{unseen}>{name}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _numbers(cells: Sequence[object]) -> bool:
    """Say whether a column holds numbers, so that it stands to the right; “not recorded” is no number and no word.

    >>> _numbers(["1,646", "not known", "0.2"]), _numbers(["not known"]), _numbers(["July 2025"])
    (True, False, False)
    """
    counted = [str(cell) for cell in cells if cell not in MISSING]
    return bool(counted) and all(re.fullmatch(r"[−-]?[\d,.]+%?", cell) for cell in counted)


def _layers(layers: Iterable[Mapping[str, Any]], *, linked: bool) -> str:
    rows = []
    for layer in layers:
        used = sum(one["used"] for one in layer["rows"])
        unmatched = sum(one["unmatched"] for one in layer["rows"])
        counted = [f"{used:,}", f"{unmatched:,}"] if layer["rows"] else ["not recorded", "not recorded"]
        came = f"{sum(one['in'] for one in layer['rows']):,}" if layer["rows"] else "not recorded"
        title = text(layer["title"])
        link = f'<a href="#{_anchor(layer)}">{title}</a>' if linked else title
        rows.append(
            [
                link,
                mark(layer["light"], brief=True),
                text(layer["release"]),
                text(layer["age"]["words"]),
                came,
                *counted,
            ]
        )
    head = ["Layer", "Light", "Release", "Age", "Rows in", "Rows used", "Rows not matched"]
    return table("Every layer of this build", head, rows, ready=True, named=False)


def _layer(layer: Mapping[str, Any]) -> str:
    parts = [
        f'<section id="{_anchor(layer)}"><h3>{text(layer["title"])}</h3><p>{mark(layer["light"])}</p>',
        reasons(layer["light"]),
        f"<p>{text(layer['publisher'])}. Release: {text(layer['release'])}. {_age(layer['age'])}</p>",
    ]
    rows = [[one["noun"], f"{one['in']:,}", f"{one['used']:,}", _unused(one)] for one in layer["rows"]]
    head = ["What a row is", "Rows in", "Rows used", "Rows not used, and why"]
    parts.append(table("What became of the rows", head, rows) if rows else "<p>Rows were not counted here.</p>")
    checks = [
        [
            one["rule"],
            f"{one['rows']:,}",
            f"{one['failing']:,}",
            ", ".join(one["examples"]),
            THEN[one["a_failing_row_is"]],
        ]
        for one in layer["checks"]
    ]
    if checks:
        head = ["Rule", "Looked at", "Failing", "Such as", "If one fails"]
        parts.append(table("Rules this layer was held against", head, checks))
    if layer["repaired"]:
        mended = [[one["what"], f"{one['count']:,}", _such(one)] for one in layer["repaired"]]
        parts.append(table("What was put right", ["What", "How many", "Such as"], mended))
    known = [[one["words"], one["state_words"], one["source"]] for one in layer["corrections"]]
    if known:
        parts.append(table("What the publisher corrected, or left", ["What", "The file used", "Who says so"], known))
    parts += [f"<p>{text(note)}</p>" for note in layer["notes"]]
    files = [[one["file"], f"{one['rows']:,}", one["sha256"][:DIGITS]] for one in layer["files"]]
    head = ["File", "Rows", f"First {DIGITS} digits of its SHA-256"]
    parts.append(_folded(f"Files ({len(files):,})", table("Files", head, files)))
    return "".join(parts) + "</section>"


def _age(age: Mapping[str, Any]) -> str:
    return f"{text(age['words'])} {text(age['rule'])}"


def _unused(rows: Mapping[str, Any]) -> str:
    said = []
    for one in rows["unused"]:
        such = f" (such as {', '.join(one['examples'])})" if one["examples"] else ""
        said.append(f"{one['count']:,} {one['why']}{such}{': no fault' if one['harmless'] else ''}")
    return "; ".join(said) or "none"


def _premises(premises: Mapping[str, Any]) -> str:
    unit = premises["unit"]
    rows = [[f"{unit.capitalize()} in the files", f"{premises['in']:,}"]]
    rows.append(["In places with a score", f"{premises['scored']:,}"])
    rows += [[f"Not scored: {reason}", f"{count:,}"] for reason, count in premises["excluded"].items()]
    rows.append(["Of all of them: speed not known", f"{premises['unknown']:,}"])
    said = "They add up." if premises["balances"] else "They do not add up: do not publish from this."
    return f"<p>{said}</p>" + table("Where every one went", ["What", "How many"], rows, named=False)


def _areas(areas: Mapping[str, Any]) -> str:
    parts = [f"<p>{areas['scored']:,} of {areas['in']:,} places have a score.</p>"]
    for one in areas["excluded"]:
        shown = one["areas"][: int(LISTED.value)]
        rows = [[area["code"], area["name"], area["district"]] for area in shown]
        listed = table(f"Not scored: {one['reason']}", ["Code", "Place", "Council"], rows)
        if len(shown) < one["count"]:
            listed += f"<p>{one['count'] - len(shown):,} more are listed in quality.json.</p>"
        folded = len(shown) > FOLDED_FROM.value
        parts.append(_folded(f"{one['count']:,} places: {one['reason']}", listed) if folded else listed)
    return "".join(parts)


def day(created: str) -> str:
    """Write the moment of a build.

    >>> day("2026-03-01T09:00:00Z")
    '1 March 2026, 09:00 UTC'
    """
    made = dt.datetime.fromisoformat(created)
    return f"{made.day} {made:%B %Y, %H:%M} UTC"


def _such(record: Mapping[str, Any]) -> str:
    return ", ".join(record["examples"])


def _list(words: Iterable[object]) -> str:
    items = "".join(f"<li>{text(one)}</li>" for one in words)
    return f"<ul>{items}</ul>" if items else ""


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{text(title)}</summary>{inside}</details>"


def _anchor(layer: Mapping[str, Any]) -> str:
    return text(f"{layer['kind']}-{layer['files'][0]['sha256'][:DIGITS]}")
