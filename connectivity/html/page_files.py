"""Plain pages on disk: names that are safe everywhere, a list of what was written, all or nothing."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from connectivity.claims import about_plain_pages
from connectivity.html.council_pages import LIMIT, council_html, overview_of
from connectivity.manifest import Manifest
from connectivity.outputs import Build, read_build
from connectivity.quality.notice import DO_NOT_PUBLISH, read_quality, reasons_of
from layers.catalogue import RESERVED
from layers.errors import OutputError, examples, naming_file
from layers.figures import Figure
from layers.staging import PAGES, check_output, staged

WEB, OVERVIEW = "web", "index.html"
"""Where a build's pages lie in its folder, and the page that lists the others."""
VERSION = 1
"""Raised when a key of pages.json changes its meaning; docs/web-pages.md describes them."""
LONGEST = Figure(40, "letters", "of a council's name in a file's name", "assumption: addresses stay readable")


def write_pages(folder: Path, *, build: Build, reasons: Sequence[str] = ()) -> None:
    """Write a page for each council, the page that lists them and pages.json.

    Parameters
    ----------
    folder
        Not yet there, inside one that is not yet public.
    build
        A finished build.
    reasons
        Why the light of its data is as it is.
    """
    files = page_names(build.manifest.district_names)
    pages = {files[code]: council_html(build, code, overview=OVERVIEW, reasons=reasons) for code in files}
    written = {OVERVIEW: overview_of(build, files=files, reasons=reasons), **pages}
    folder.mkdir(exist_ok=True)
    for name, page in written.items():
        (folder / name).write_bytes(page.encode())
    sizes = {name: len(page.encode()) for name, page in written.items()}
    (folder / PAGES.name).write_bytes(_list(build.manifest, files=files, sizes=sizes).encode())


def published(folder: Path, *, out: Path) -> int:
    """Write the pages of a finished build into a folder, whole or not at all.

    Parameters
    ----------
    folder
        A finished build.
    out
        Absent, empty, or holding earlier pages.

    Returns
    -------
    int
        Pages of councils.

    Raises
    ------
    LayerError
        The build cannot be read, or the folder not replaced; nothing is written then.
    """
    check_output(out, mark=PAGES)
    _refuse_others(out)
    with naming_file(folder):
        build = read_build(folder)
    with staged(out, mark=PAGES) as staging:
        write_pages(staging, build=build, reasons=reasons_of(read_quality(folder)))
    return len(build.manifest.districts)


def heavy(folder: Path) -> list[str]:
    """Say which of the pages in a folder are larger than they should be."""
    listed = json.loads((folder / PAGES.name).read_bytes())["pages"]
    return [
        about_plain_pages.too_heavy(page["file"], size=page["bytes"], limit=LIMIT.value)
        for page in listed
        if page["bytes"] > LIMIT.value
    ]


def page_names(districts: Mapping[str, str]) -> dict[str, str]:
    """Name a file for each council by its name and code, in letters that are safe on any disk and in addresses.

    Examples
    --------
    >>> page_names({"W06000001": "Ynys Môn / Anglesey", "CON": "東京"})
    {'W06000001': 'ynys-mon-anglesey-w06000001.html', 'CON': 'council-con.html'}
    >>> page_names({"A 1": "Kent", "a-1": "Kent"})
    {'A 1': 'kent-a-1.html', 'a-1': 'kent-a-1-2.html'}
    """
    found: dict[str, str] = {}
    for code, called in districts.items():
        name = _slug(called)[: int(LONGEST.value)].strip("-") or "council"
        stem = "-".join(part for part in (name, _slug(code)[: int(LONGEST.value)]) if part)
        stem = f"council-{stem}" if stem in RESERVED else stem
        taken, again = set(found.values()), 2
        file = f"{stem}.html"
        while file in taken or file == OVERVIEW:
            file, again = f"{stem}-{again}.html", again + 1
        found[code] = file
    return found


def _refuse_others(out: Path) -> None:
    """Refuse a folder of earlier pages in which somebody has put something else: it would be gone with them."""
    if not (out / PAGES.name).is_file():
        return
    listed = json.loads((out / PAGES.name).read_bytes())
    ours = {PAGES.name, str(listed.get("overview")), *(str(one["file"]) for one in listed.get("pages", ()))}
    others = sorted(path.name for path in out.iterdir() if path.name not in ours)
    if others:
        raise OutputError(
            "The folder holds earlier pages and other things, which would be lost.",
            file=out,
            expected="only what an earlier run wrote",
            found=examples(others),
            next_step="move them elsewhere, or name another folder after --out",
        )


def _slug(words: str) -> str:
    bare = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")


def _list(manifest: Manifest, *, files: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    named = manifest.district_names
    content = {
        "pages_version": VERSION,
        **{key: getattr(manifest, key) for key in ("study", "created", "software", "fingerprint", DO_NOT_PUBLISH)},
        "overview": OVERVIEW,
        "pages": [
            {"district_code": code, "name": named[code], "file": file, "bytes": sizes[file]}
            for code, file in files.items()
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
