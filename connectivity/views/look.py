"""The look: colour tokens, the stylesheet, and the few shapes drawn in HTML. No data, no state.

Colours and sizes are measured (contrast of text at least 7 : 1, of controls 3 : 1); the map's own are in
`connectivity.maps`, because the map is a printed plate that looks the same in light and dark.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from connectivity.html.render import macro
from connectivity.maps.symbology import DISCS, Paint

NOTHING = Markup("")
COMMAND = "python -m "
"""What a command of the program begins with, in a sentence that says what to type."""
_note, _waiting, _swatch = (macro("app.html", name) for name in ("note", "waiting", "swatch"))
_box = macro("app.html", "box")
STYLESHEETS = [Path(__file__).with_name(name) for name in ("notspot.css", "atlas.css", "print.css")]
"""What is on a screen, then what is otherwise on paper."""

LIGHT = {
    "ink": "#1A1F24",
    "soft": "#50575C",
    "rule": "#D9D4C7",
    "paper": "#FCFBF8",
    "sunk": "#F1EEE6",
    "accent": "#0B5A63",
    "gap": "#973F34",
    "range": "#A87B4F",
    "note": "#FFF4D6",
    "note-ink": "#553A00",
    "note-rule": "#B98A1D",
    "bad": "#A3231F",
    "pick": "#FFE9A8",
    "bar": "#C97A40",
    "mark": "-.5em",
    "mark-c": "#F3D79B",
}
DARK = {
    "ink": "#EFEDE6",
    "soft": "#B7BDBF",
    "rule": "#3B464C",
    "paper": "#13181B",
    "sunk": "#1F272B",
    "accent": "#7FD1D3",
    "gap": "#E9A27C",
    "range": "#8A6A52",
    "note": "#33290F",
    "note-ink": "#F6DFA4",
    "note-rule": "#B98A1D",
    "bad": "#FF9C92",
    "pick": "#4D3D12",
    "bar": "#C97A40",
    "mark": "-.12em",
    "mark-c": "#E9A27C",
}
DARK_ONLY = "[data-testid^=stBaseButton-primary],[data-testid^=stBaseButton-primary] *{color:#0A1719!important}"


def symbols() -> str:
    """Write the tiers' symbols as masks: good in dark, in print and in forced colours."""
    drawn = {
        name: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{disc}</svg>'
        for name, disc in DISCS.items()
    }
    masks = "".join(
        f'.ns-sym-{name}{{mask:url("data:image/svg+xml,{quote(svg)}") center/contain no-repeat}}'
        for name, svg in drawn.items()
    )
    return f".ns-sym{{forced-color-adjust:none;print-color-adjust:exact}}{masks}"


def stylesheet(theme: str | None, *, faces: str = "") -> str:
    """Write the whole stylesheet for a theme (“light” or “dark”; anything else reads as light)."""
    dark = theme == "dark"
    tokens = "".join(f"--ns-{name}:{value};" for name, value in (DARK if dark else LIGHT).items())
    rules = "".join(path.read_text(encoding="utf-8") for path in STYLESHEETS)
    return f"<style>{faces}:root{{{tokens}}}{rules}{symbols()}{DARK_ONLY if dark else ''}</style>"


def note(title: str, *paragraphs: str, kind: str = "plain", more: Markup = NOTHING) -> Markup:
    """Draw a note: “plain”, “warn” (yellow) or “error” (red); `more` is HTML that a template made.

    A paragraph with a command is folded away for whoever runs the program.
    """
    told = [said for said in paragraphs if COMMAND not in said]
    typed = [said for said in paragraphs if COMMAND in said]
    return _note(title, told, typed, kind, more)


def waiting(words: str) -> Markup:
    """Draw a frame of the map's size while something is made; it stands still when reduced motion is asked for."""
    return _waiting(words)


def swatch(colour: str | None) -> Markup:
    """Draw a small square of a colour, hatched when there is none."""
    return _swatch(colour)


def box(paint: Paint) -> Markup:
    """Draw a box as the map paints an area: the ground, and the pattern on it where there is one.

    >>> str(box(Paint("#BFD0CD")))
    '<i style="background:#BFD0CD"></i>'
    """
    ground, ink, apart = paint.ground, paint.ink, paint.apart
    if paint.pattern is None:
        return _box(ground)
    if paint.pattern == "dots":
        return _box(f"radial-gradient({ink} .9px,transparent 1.1px) 0 0/{apart}px {apart}px,{ground}")
    turned, step = {"rising": "135deg", "falling": "45deg"}[paint.pattern], apart * 0.707
    return _box(f"repeating-linear-gradient({turned},{ink} 0 1px,transparent 1px {step:.1f}px),{ground}")


def plain(words: object) -> str:
    r"""Escape words for a title, which Streamlit reads as Markdown.

    >>> plain("*A* & :red[B]")
    '\\*A\\* \\& \\:red\\[B\\]'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", str(words))
