"""The two typefaces, cut to Latin from installed packages: for the browser, and as still weights for documents.

Nothing third-party is committed. Documents need weights that do not vary; cutting them takes some eight seconds of
work, so it is done once for a machine, into its cache folder, or into its folder for passing files where that cannot be
written. Several processes may do it at once: a file has its name only once it is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.resources
import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import platformdirs

from layers.errors import OutputError

LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x152, 0x153, 0x174, 0x175, 0x176, 0x177),  # œ, and Welsh ŵ and ŷ
    *(0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x203A, 0x2192, 0x2212),
)
PRINTED_LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x1E80, 0x1E81, 0x1E82, 0x1E83, 0x1E84, 0x1E85, 0x1EF2, 0x1EF3),  # Welsh w and y with every accent
    *(0x2010, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2032),
    *(0x2033, 0x203A, 0x20AC, 0x2212, 0x2260, 0x2264, 0x2265),
)
"""Wider than the browser's, which takes what it lacks from the system: a document has only these."""
FEATURES = ("tnum", "lnum", "kern", "liga", "case")
LOCK = ".cutting.lock"
"""Held by the process that cuts: several may start on one folder at once."""
RECORD = "typefaces.json"
"""Written last: what was cut, with hashes, which letters there are and how wide each is."""
PASSING = "notspot-typefaces-"
KEPT = platformdirs.user_cache_path("notspot", appauthor=False) / "typefaces"
PACKAGES = ("fonttools", "fontpkg-newsreader", "fontpkg-public-sans")
"""What a cut file depends on: their versions name its folder."""
ALIKE = {
    0x2010: "-",
    0x2011: "-",
    0x2012: "–",
    0x2009: chr(0xA0),
    0x202F: chr(0xA0),
    0xAD: None,
    0x2032: "’",
    0x2033: "”",
}
"""What looks the same and has no letter of its own in a document; a soft hyphen is nothing that is seen."""
BOLD, REGULAR = 700, 400


@dataclass(frozen=True, slots=True)
class Typeface:
    """One file to cut: which package holds it, which axes to keep, and how the stylesheet names it.

    Attributes
    ----------
    file
        Its name; ``.woff2`` for the browser, ``.ttf`` for documents.
    package, member
        Where it is cut from.
    axes
        What is left of each axis: a range, or one value.
    family, weight, style
        How it is named.
    letters
        Code points that are kept.
    """

    file: str
    package: str
    member: str
    axes: dict[str, float | tuple[float, float]]
    family: str
    weight: str
    style: str = "normal"
    letters: tuple[int, ...] = LATIN


def _printed(name: str, *, weight: int) -> Typeface:
    package, member, more = {
        "Public Sans": ("fontpkg_public_sans", "PublicSans[wght].ttf", {}),
        "Newsreader": ("fontpkg_newsreader", "Newsreader[opsz,wght].ttf", {"opsz": 40.0}),
    }[name]
    file = f"{name.replace(' ', '')}-{weight}.ttf"
    return Typeface(file, package, member, {**more, "wght": weight}, name, str(weight), letters=PRINTED_LATIN)


PRINTED = (
    _printed("Public Sans", weight=400),
    _printed("Public Sans", weight=600),
    _printed("Public Sans", weight=700),
    _printed("Newsreader", weight=600),
)
MEASURED = "PublicSans-600.ttf"
"""The one whose widths are kept: names on maps are set in it."""


@dataclass(frozen=True, slots=True)
class PrintedTypefaces:
    """The typefaces of documents, as they were cut on this machine.

    Attributes
    ----------
    folder
        Where the files lie.
    hashes
        SHA-256 of each file by its name, for the record of how a pack was made.
    letters
        Characters that every one of them has.
    widths
        Of each letter on a map, in ems.
    """

    folder: Path
    hashes: Mapping[str, str]
    letters: frozenset[str]
    widths: Mapping[str, float]

    def width(self, words: str) -> float:
        """Return how wide words are on a map, in ems; a letter that is not there counts as a wide one."""
        return sum(self.widths.get(letter, 0.8) for letter in words)

    def printable(self, words: str) -> str:
        """Return words as they can be set: what has no letter here is shown by its number, never left out.

        Letters with their accents apart are put together first, and odd hyphens and spaces are the plain ones.
        """
        whole = unicodedata.normalize("NFC", words).translate(ALIKE)
        return "".join(one if one in self.letters else one.encode("unicode_escape").decode() for one in whole)


def cut(face: Typeface, *, target: Path) -> None:
    """Cut one typeface to the letters and the weights in use, and write it: the same bytes on every day."""
    from fontTools import subset  # noqa: PLC0415 - 0.2 s that only the first start pays
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.varLib import instancer  # noqa: PLC0415

    source = importlib.resources.files(face.package) / "files" / face.member
    with importlib.resources.as_file(source) as path, TTFont(path, lazy=True, recalcTimestamp=False) as font:
        options = subset.Options()
        options.layout_features = list(FEATURES)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=face.letters)
        cutter.subset(font)
        instancer.instantiateVariableFont(font, face.axes, inplace=True)
        if target.suffix == ".woff2":
            font.flavor = "woff2"
        else:
            _name_weight(font, face)
        waiting = target.with_name(f".{target.name}.{os.getpid()}")
        font.save(waiting)
    waiting.replace(target)


def _name_weight(font: object, face: Typeface) -> None:
    """Name a still weight after itself: what was cut is else called as the whole that it came from."""
    tables: Mapping[str, object] = font  # type: ignore[assignment]  # fontTools has no types
    weight, plain = int(face.weight), int(face.weight) == REGULAR
    style = {400: "Regular", 600: "SemiBold", 700: "Bold"}[weight]
    called = {1: face.family, 2: style, 4: f"{face.family} {style}", 6: f"{face.family.replace(' ', '')}-{style}"}
    for record in tables["name"].names:  # type: ignore[attr-defined]
        if (words := {**called, 16: face.family, 17: style}.get(record.nameID)) is not None:
            record.string = words
    metrics, head = tables["OS/2"], tables["head"]
    metrics.usWeightClass = weight  # type: ignore[attr-defined]
    kind = (0x20 if weight == BOLD else 0) | (0x40 if plain else 0)
    metrics.fsSelection = metrics.fsSelection & ~0x61 | kind  # type: ignore[attr-defined]
    head.macStyle = int(weight == BOLD)  # type: ignore[attr-defined]


def cut_missing(folder: Path, *, faces: Sequence[Typeface]) -> None:
    """Cut every typeface that a folder lacks, one process at a time.

    A typeface has its name only once it is whole. Where the lock cannot be had, as on file systems that know none, a
    typeface may be cut twice, which does no harm.
    """
    from layers.fetch.cache import locked  # noqa: PLC0415 - only the cutting needs it
    from layers.fetch.client import RetryPolicy  # noqa: PLC0415

    with locked(folder / LOCK, watched=folder, policy=RetryPolicy()):
        for face in faces:
            if not (folder / face.file).exists():
                cut(face, target=folder / face.file)


def printed_ready(kept: Path = KEPT) -> bool:
    """Say whether documents can be made at once, without cutting typefaces first: a page shows progress if not."""
    return any(_read(folder) is not None for folder in _folders(kept))


def printed_typefaces(kept: Path = KEPT) -> PrintedTypefaces:
    """Return the typefaces of documents; cut them first where this machine has not: some eight seconds of work.

    Parameters
    ----------
    kept
        Where they are kept; the folder for passing files stands in for one that cannot be written.

    Raises
    ------
    OutputError
        When they cannot be cut or kept; the message says what to do.
    """
    for folder in _folders(kept):
        if (found := _read(folder)) is not None:
            return found
    refused: OSError | None = None
    for folder in _folders(kept):
        try:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):  # a folder that is there may still not be written
                pass
            return _cut_into(folder)
        except OSError as error:
            refused = error
    raise OutputError(
        "The typefaces of documents cannot be kept on this machine.",
        file=kept,
        expected="a cache folder, or a folder for passing files, that can be written and has a megabyte free",
        found=str(refused),
        next_step="free some space, or make one of these folders writable, and try again",
    )


def _folders(kept: Path) -> tuple[Path, Path]:
    """Name where they may lie: by what they are made from, so that another version never meets these."""
    try:
        made_with = {name: metadata.version(name) for name in PACKAGES}
    except metadata.PackageNotFoundError as error:
        raise OutputError(
            "A package that documents take their typefaces from is not installed.",
            expected=", ".join(PACKAGES),
            found=str(error),
            next_step="run: python -m pip install -r requirements.txt",
        ) from error
    what = repr((sorted(made_with.items()), PRINTED, FEATURES))
    key = hashlib.sha256(what.encode()).hexdigest()[:16]
    return kept / key, Path(tempfile.gettempdir()) / f"{PASSING}{_user()}" / key


def _user() -> int:
    """Say who runs this; Windows has a folder for passing files for each of its users."""
    return os.getuid() if sys.platform != "win32" else 0


def _owner(folder: Path) -> int:
    return folder.stat().st_uid


def _cut_into(folder: Path) -> PrintedTypefaces:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - 0.2 s that only the first start pays

    for face in PRINTED:
        if (folder / RECORD).exists():  # and yet it could not be read: something altered what lies there
            (folder / face.file).unlink(missing_ok=True)
    (folder / RECORD).unlink(missing_ok=True)
    cut_missing(folder, faces=PRINTED)
    letters = set(PRINTED_LATIN)
    widths: dict[str, float] = {}
    for face in PRINTED:
        with TTFont(folder / face.file, lazy=True) as font:
            found = font.getBestCmap()
            letters &= set(found)
            if face.file == MEASURED:
                em = font["head"].unitsPerEm
                widths = {chr(code): round(font["hmtx"][glyph][0] / em, 3) for code, glyph in sorted(found.items())}
    hashes = {face.file: hashlib.sha256((folder / face.file).read_bytes()).hexdigest() for face in PRINTED}
    record = {"hashes": hashes, "letters": sorted(letters), "widths": widths}
    waiting = folder / f".{RECORD}.{os.getpid()}"
    waiting.write_text(json.dumps(record), encoding="utf-8")
    waiting.replace(folder / RECORD)
    return PrintedTypefaces(folder, hashes, frozenset(map(chr, letters)), widths)


def _read(folder: Path) -> PrintedTypefaces | None:
    """Return what lies in a folder, where it is whole and as it was written."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        if folder.parent.name.startswith(PASSING) and _owner(folder) != _user():
            return None  # anyone may write there
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        hashes = record["hashes"]
        whole = {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in sorted(hashes)}
        if whole == hashes and set(hashes) == {face.file for face in PRINTED}:
            return PrintedTypefaces(folder, hashes, frozenset(map(chr, record["letters"])), record["widths"])
    return None
