"""Files the browser needs, put in place at first start: Leaflet and the two typefaces, all served from this machine.

Nothing third-party is committed. Leaflet is copied and the typefaces are cut to Latin from installed packages into the
git-ignored `static/vendor/` and `static/fonts/`. In a read-only checkout Leaflet travels as `data:` addresses and the
system's own typefaces are used.

Run as a program (``python -m connectivity.views.assets``) it cuts the typefaces: two to four seconds of work, which
`prepare` starts beside the app, once. No page waits for it: until every typeface is there, pages use the system's own.
Then it cuts those of documents, so that who asks for the first pack does not wait for them.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from connectivity.evidence.typefaces import Typeface, cut_missing, printed_typefaces

STATIC = Path(__file__).resolve().parents[2] / "static"
_FIRST = threading.Lock()
"""Held by the thread that puts files in place: the first readers of an app come together."""
_STARTED: dict[Path, subprocess.Popen[bytes]] = {}
"""The cutting this process has started for each folder: never more than one, not even if it fails."""


TYPEFACES = (
    Typeface(
        "public-sans.woff2",
        "fontpkg_public_sans",
        "PublicSans[wght].ttf",
        {"wght": (400, 700)},
        "Public Sans",
        "400 700",
    ),
    Typeface(
        "public-sans-italic.woff2",
        "fontpkg_public_sans",
        "PublicSans-Italic[wght].ttf",
        {"wght": 400},
        "Public Sans",
        "400",
        "italic",
    ),
    Typeface(
        "newsreader.woff2",
        "fontpkg_newsreader",
        "Newsreader[opsz,wght].ttf",
        {"opsz": 40, "wght": (500, 700)},
        "Newsreader",
        "500 700",
    ),
)
LEAFLET = "leaflet.js"
ATLAS, MOST_FILES = "atlas", 400
"""Where a build's outlines and sentences are served from, and how many such files are kept (assumption: 40 studies)."""


def prepare(static: Path = STATIC) -> None:
    """Copy Leaflet, and start cutting the typefaces where they are missing; nothing waits for them.

    Any number of readers may call it at once: one copies and starts the cutting, the others find it done.
    """
    with _FIRST:
        try:
            if not (static / "vendor" / LEAFLET).exists():
                _write(static / "vendor" / LEAFLET, _leaflet(LEAFLET))
            if typefaces_ready(static):
                return
            (static / "fonts").mkdir(exist_ok=True)
        except OSError:
            return  # a read-only checkout: see the top
        if static not in _STARTED:
            command = [sys.executable, "-m", "connectivity.views.assets", str(static)]
            _STARTED[static] = subprocess.Popen(command, cwd=STATIC.parent)  # noqa: S603 - this module itself


def typefaces_ready(static: Path = STATIC) -> bool:
    """Say whether every typeface has been cut."""
    return all((static / "fonts" / face.file).exists() for face in TYPEFACES)


def leaflet_script(*, base: str, static: Path = STATIC) -> str:
    """Say where the map finds Leaflet: on this machine, or inside the page.

    Parameters
    ----------
    base
        The app's base path, “” or for instance “/notspot”.
    static
        The folder Streamlit serves as `app/static`.
    """
    if (static / "vendor" / LEAFLET).exists():
        return f"{base}/app/static/vendor/{LEAFLET}"
    return f"data:text/javascript;base64,{base64.b64encode(_leaflet(LEAFLET)).decode()}"


def leaflet_stylesheet() -> str:
    """Give Leaflet's own stylesheet, which the map's component carries."""
    return _leaflet("leaflet.css").decode()


def serve_text(name: str, text: str, *, base: str, static: Path = STATIC) -> str | None:
    """Put a text where the browser finds it, under a name that says what it holds; nothing in a read-only checkout.

    Such a file is sent compressed and kept by the browser. The oldest are thrown away when there are many; each run of
    a page puts back what it needs.

    Parameters
    ----------
    name
        What the text is, for instance “shapes”.
    text
        JSON. Never a reader's own data: whoever knows a file's name may ask for it.
    base
        The app's base path.

    Returns
    -------
    str or None
        Its address.
    """
    content = text.encode()
    file = f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.json"
    target = static / ATLAS / file
    try:
        if not target.exists():
            _write(target, content)
            _throw_away_oldest(target.parent)
    except OSError:
        return None
    return f"{base}/app/static/{ATLAS}/{file}"


def sent_text(name: str, text: str, *, base: str) -> dict[str, Any]:
    """Say where the browser finds a text: ``at`` an address, or ``content`` itself where nothing can be written.

    Parameters
    ----------
    name, text, base
        As in `serve_text`.
    """
    address = serve_text(name, text, base=base)
    return {"at": address} if address else {"content": json.loads(text)}


def _throw_away_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*-*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[MOST_FILES:]:
        path.unlink(missing_ok=True)


def font_faces(*, base: str, static: Path = STATIC) -> str:
    """Write the stylesheet's `@font-face` rules, or nothing while a typeface is missing."""
    if not typefaces_ready(static):
        return ""
    return "".join(
        f'@font-face{{font-family:"{face.family}";src:url("{base}/app/static/fonts/{face.file}") format("woff2");'
        f"font-weight:{face.weight};font-style:{face.style};font-display:swap}}"
        for face in TYPEFACES
    )


def _leaflet(name: str) -> bytes:
    return (importlib.resources.files("xstatic.pkg.leaflet") / "data" / name).read_bytes()


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(exist_ok=True)
    waiting = target.with_name(f".{target.name}.{os.getpid()}")
    waiting.write_bytes(content)
    waiting.replace(target)


if __name__ == "__main__":
    cut_missing(Path(sys.argv[1]) / "fonts", faces=TYPEFACES)
    printed_typefaces()
