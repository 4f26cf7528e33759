"""The data-quality report as a page of its own: no script, nothing from outside, fit to print and to read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from connectivity.claims import about_quality
from connectivity.claims.claim import Basis, Claim
from connectivity.claims.grammar import moment, number
from connectivity.html.render import bullet_list, macro, render
from connectivity.quality.lights import NAMES, SHAPES, excluded_claim, unused_claim
from connectivity.quality.notice import notice_of
from layers.figures import Figure

FOLDED_FROM = Figure(20, "lines", "lists longer than this are folded", "assumption: half a printed page")
LISTED = Figure(400, "places", "the page lists so many of a reason, quality.json all", "assumption: 150 kB a page")
DIGITS = 12
"""Digits of a file's SHA-256 that the page shows; quality.json has all 64."""
MISSING = ("not recorded", "not known", "")
THEN = {"refused": "the build stops", "kept": "it is kept as it is, and listed"}


def quality_html(quality: Mapping[str, Any], *, basis: Basis) -> str:
    """Arrange a report as a whole page of HTML.

    Parameters
    ----------
    quality
        From :func:`connectivity.quality.quality_report.quality_of`.
    basis
        What every figure of the study rests on.
    """
    said = {name: quality[name] for name in ("study", "software", "fingerprint")}
    made = moment(str(quality["created"]))
    return str(render("quality_report.html", created=made, **said, **parts_of(quality, linked=True, basis=basis)))


def parts_of(quality: Mapping[str, Any], *, linked: bool, basis: Basis) -> dict[str, Markup]:
    """Arrange a report as parts of HTML, each under the name the template calls it by.

    Parameters
    ----------
    linked
        Whether the table of layers leads to each layer's own part; where a page folds those, it does not.
    basis
        What every figure of the study rests on.
    """
    layers, light = quality["layers"], quality["light"]
    limits = [
        [one["light"], f"{one['value']:g}", one["unit"], one["meaning"], one["source"]] for one in quality["limits"]
    ]
    return {
        "light": mark(light),
        "notice": _part("notice")(notice_of(light)),
        "reasons": reasons(light),
        "layers": _layers(layers, linked=linked),
        "each": Markup("").join(_layer(layer, basis=basis) for layer in layers),
        "premises": _premises(quality["premises"]),
        "areas": _areas(quality["areas"], basis=basis),
        "modelled": _part("list_or")(
            quality["modelled"], "Nothing in this build is modelled or used in place of another figure."
        ),
        "rules": bullet_list(quality["rules"]),
        "limits": quality_table(
            "The limits the lights rest on", ["Light", "From", "Unit", "What it is", "Who says so"], limits
        ),
    }


def mark(light: Mapping[str, Any], *, brief: bool = False) -> Markup:
    """Draw a light: its shape, its colour's name and, unless it is for a table, its words.

    >>> str(mark({"colour": "green", "words": "No fault found by these checks"}))[:46]
    '<strong class="light green"><span class="shape'
    """
    colour = light["colour"]
    return _part("mark")(colour, SHAPES[colour], NAMES[colour], "" if brief else light["words"])


def reasons(light: Mapping[str, Any]) -> Markup:
    """List why a light is as it is."""
    return _part("list_or")(
        [f"{NAMES[one['colour']]}: {one['words']}" for one in light["reasons"]], "Nothing was found."
    )


def quality_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, named: bool = True) -> Markup:
    """Draw a table that can be scrolled by itself on a narrow screen; its first column heads the rows.

    Parameters
    ----------
    rows
        Cells: words, which are escaped, or HTML that a template made.
    named
        Whether its name stands above it; where a heading there says the same, only a screen reader gets it.
    """
    drawn = [list(row) for row in rows]
    numbers = [bool(n) and _numbers([row[n] for row in drawn if n < len(row)]) for n in range(len(head))]
    return macro("parts.html", "table")(caption, head, numbers, drawn, named)


def _part(name: str) -> Callable[..., Markup]:
    return macro("quality_parts.html", name)


def _numbers(cells: Sequence[object]) -> bool:
    """Say whether a column holds numbers, so that it stands to the right; “not recorded” is no number and no word.

    >>> _numbers(["1,646", "not known", "0.2"]), _numbers(["not known"]), _numbers(["July 2025"])
    (True, False, False)
    """
    counted = [str(cell) for cell in cells if cell not in MISSING]
    return bool(counted) and all(re.fullmatch(r"[−-]?[\d,.]+%?", cell) for cell in counted)


def _layers(layers: Iterable[Mapping[str, Any]], *, linked: bool) -> Markup:
    rows = []
    for layer in layers:
        used = sum(one["used"] for one in layer["rows"])
        unmatched = sum(one["unmatched"] for one in layer["rows"])
        counted = [_exactly(used), _exactly(unmatched)] if layer["rows"] else ["not recorded", "not recorded"]
        came = _exactly(sum(one["in"] for one in layer["rows"])) if layer["rows"] else "not recorded"
        rows.append(
            [
                _part("link")(_anchor(layer), layer["title"]) if linked else layer["title"],
                mark(layer["light"], brief=True),
                layer["release"],
                layer["age"]["words"],
                came,
                *counted,
            ]
        )
    head = ["Layer", "Light", "Release", "Age", "Rows in", "Rows used", "Rows not matched"]
    return quality_table("Every layer of this build", head, rows, named=False)


def _layer(layer: Mapping[str, Any], *, basis: Basis) -> Markup:
    rows = [
        [one["noun"], _exactly(one["in"]), _exactly(one["used"]), _unused(layer, one, basis=basis)]
        for one in layer["rows"]
    ]
    head = ["What a row is", "Rows in", "Rows used", "Rows not used, and why"]
    uncounted = _part("paragraph")("Rows were not counted here.")
    tables = [quality_table("What became of the rows", head, rows) if rows else uncounted]
    checks = [
        [
            one["rule"],
            _exactly(one["rows"]),
            _exactly(one["failing"]),
            ", ".join(one["examples"]),
            THEN[one["a_failing_row_is"]],
        ]
        for one in layer["checks"]
    ]
    if checks:
        head = ["Rule", "Looked at", "Failing", "Such as", "If one fails"]
        tables.append(quality_table("Rules this layer was held against", head, checks))
    if layer["repaired"]:
        mended = [[one["what"], _exactly(one["count"]), ", ".join(one["examples"])] for one in layer["repaired"]]
        tables.append(quality_table("What was put right", ["What", "How many", "Such as"], mended))
    known = [[one["words"], one["state_words"], one["source"]] for one in layer["corrections"]]
    if known:
        tables.append(
            quality_table("What the publisher corrected, or left", ["What", "The file used", "Who says so"], known)
        )
    files = [[one["file"], _exactly(one["rows"]), one["sha256"][:DIGITS]] for one in layer["files"]]
    head = ["File", "Rows", f"First {DIGITS} digits of its SHA-256"]
    return _part("layer")(
        anchor=_anchor(layer),
        title=layer["title"],
        light=mark(layer["light"]),
        reasons=reasons(layer["light"]),
        publisher=layer["publisher"],
        release=layer["release"],
        age=f"{layer['age']['words']} {layer['age']['rule']}",
        tables=tables,
        notes=layer["notes"],
        files=_folded(about_quality.files_title(len(files)), quality_table("Files", head, files)),
    )


def _unused(layer: Mapping[str, Any], rows: Mapping[str, Any], *, basis: Basis) -> str:
    said = [unused_claim(layer["title"], rows, one, basis=basis).say("cell") for one in rows["unused"]]
    return "; ".join(said) or "none"


def _premises(premises: Mapping[str, Any]) -> Markup:
    unit = premises["unit"]
    rows = [[f"{unit.capitalize()} in the files", _exactly(premises["in"])]]
    rows.append(["In places with a score", _exactly(premises["scored"])])
    rows += [[f"Not scored: {reason}", _exactly(count)] for reason, count in premises["excluded"].items()]
    rows.append(["Of all of them: speed not known", _exactly(premises["unknown"])])
    said = "They add up." if premises["balances"] else "They do not add up: do not publish from this."
    return _part("paragraph")(said) + quality_table("Where every one went", ["What", "How many"], rows, named=False)


def _areas(areas: Mapping[str, Any], *, basis: Basis) -> Markup:
    counts = Claim.of_places("quality.scored", basis.place, areas["scored"], of=areas["in"], basis=basis)
    parts = [_part("paragraph")(counts.say())]
    for one in areas["excluded"]:
        shown = one["areas"][: int(LISTED.value)]
        rows = [[area["code"], area["name"], area["district"]] for area in shown]
        drawn = quality_table(f"Not scored: {one['reason']}", ["Code", "Place", "Council"], rows)
        claim = excluded_claim(one, of=areas["in"], basis=basis)
        if len(shown) < one["count"]:
            rest = one["count"] - len(shown)
            more = replace(claim, key="quality.more_listed", low=rest, best=rest, high=rest)
            drawn += _part("paragraph")(more.say())
        folded = len(shown) > FOLDED_FROM.value
        parts.append(_folded(claim.say("card"), drawn) if folded else drawn)
    return Markup("").join(parts)


def _exactly(count: float) -> str:
    return number(count, exact=True)


def _folded(title: str, inside: Markup) -> Markup:
    return macro("parts.html", "folded")(title, inside)


def _anchor(layer: Mapping[str, Any]) -> str:
    return f"{layer['kind']}-{layer['files'][0]['sha256'][:DIGITS]}"
