"""From a build and a subject to a pack: the study's files, the words, every document, the record, one zip.

Documents are made from the study's files as the pack holds them, in a folder of their own, and from nothing else: so
whoever has the pack can make every one of them again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from connectivity.claims.about_packs import Reader, evidence_said
from connectivity.evidence.compose import pack_content
from connectivity.evidence.crate import CRATE, crate_of
from connectivity.evidence.pack_archive import PROVENANCE, SIGNATURE, STUDY, zipped
from connectivity.evidence.pack_content import PackContent, PackPlace, PackSubject, PersonsPart
from connectivity.evidence.pack_html import html_files
from connectivity.evidence.pack_parts import FileMaker, PackSource
from connectivity.evidence.pack_pdf import brief_files, page_one_picture, picture_files, report_files
from connectivity.evidence.pack_places import read_build_for_pack
from connectivity.evidence.pack_shapes import shape_files
from connectivity.evidence.pack_sheets import sheet_files
from connectivity.evidence.pack_tables import table_files
from connectivity.evidence.pack_word import word_files
from connectivity.evidence.provenance import canonical, provenance_of, study_digest
from connectivity.evidence.recomputation import read_evidence
from connectivity.evidence.signing import signature_of
from connectivity.evidence.typefaces import printed_typefaces
from connectivity.manifest import MANIFEST
from connectivity.maps.base_map import BASE_MAP
from connectivity.outputs import AREAS, Build
from connectivity.places.reports import SHARES
from connectivity.postcode.postcode_tables import ROUTES
from connectivity.quality.notice import QUALITY
from connectivity.robustness.pairs import EVIDENCE
from connectivity.robustness.stored_run import REPORT
from layers.errors import LayerError, OutputError

MAKERS: tuple[FileMaker, ...] = (
    *(table_files, brief_files, report_files, picture_files),
    *(word_files, sheet_files, shape_files, html_files),
)
"""What makes the files of a pack, in the order they are made."""
KEPT = (MANIFEST, REPORT, EVIDENCE, AREAS, QUALITY, BASE_MAP, ROUTES, SHARES)
"""What a pack keeps of a build, where it has it: all that documents are made from, and nothing drawn."""
PERSON, SUBJECT = "person.json", "subject.json"
READERS: tuple[Reader, ...] = get_args(Reader)
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What a pack is to be: about what, for whom, and what only a person can supply."""

    subject: PackSubject
    reader: Reader
    person: PersonsPart

    def files(self) -> dict[str, bytes]:
        """Write it as a pack keeps it."""
        places = [
            {"key": one.key, "name": one.name, "word": one.word, "shares": one.shares.sort_index().to_dict()}
            for one in self.subject.places
        ]
        subject = {"reader": self.reader, "title": self.subject.title, "places": places}
        return {PERSON: canonical(asdict(self.person)), SUBJECT: canonical(subject)}


def order_of(files: Mapping[str, bytes]) -> PackOrder:
    """Read back what a pack was to be.

    Raises
    ------
    LayerError
        When it cannot be read.
    """
    try:
        person, said = json.loads(files[PERSON]), json.loads(files[SUBJECT])
        reader = READERS[READERS.index(said["reader"])]
        places = tuple(_place(one) for one in said["places"])
        return PackOrder(PackSubject(said["title"], places), reader, PersonsPart(**person))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LayerError(
            "What the pack is about cannot be read.",
            file=f"{STUDY}{SUBJECT}, {STUDY}{PERSON}",
            expected="what `pack` wrote",
            found=type(error).__name__,
            next_step="ask whoever sent it for the file as `pack` wrote it",
        ) from error


def _place(said: Mapping[str, Any]) -> PackPlace:
    shares = pd.Series(said["shares"], dtype=float).rename_axis("area_code")
    return PackPlace(said["key"], said["name"], said["word"], shares)


def make_pack(
    folder: Path,
    *,
    order: PackOrder,
    read: Build | None = None,
    key: Path | None = None,
    tell: Progress | None = None,
) -> bytes:
    """Make a pack from a build.

    Parameters
    ----------
    folder
        Of the build.
    order
        About what, and for whom.
    read
        The same build, where it was read before.
    key
        A private key to sign it with.
    tell
        Called with a plain phrase and the share done.

    Returns
    -------
    bytes
        The zip; the same for the same build, order and libraries, on any clock or machine.

    Raises
    ------
    LayerError
        When the build is red, of an older version or without draws, or the key is none to sign with.
    """
    say = tell or (lambda _phrase, _share: None)
    say("Reading the build", 0.0)
    build = read or read_build_for_pack(folder)
    read_evidence(folder)
    if key is not None:
        signature_of(b"", key=key)  # so that a key which is none is refused before the work
    study = study_files(folder, order=order)
    files = pack_files(study, build=build, order=order, tell=say)
    if key is not None:
        files[SIGNATURE] = signature_of(files[PROVENANCE], key=key)
    say("Zipping", 0.97)
    return zipped(files, date=build.manifest.created)


def page_one(folder: Path, *, order: PackOrder) -> tuple[bytes, str]:
    """Return page one of a pack as a picture, PNG, and its headline, before the pack is made.

    Raises
    ------
    LayerError
        When the build is red, of an older version or without draws.
    """
    build = read_build_for_pack(folder)
    read_evidence(folder)
    content = words_of(study_files(folder, order=order), build=build, folder=folder, order=order)
    return page_one_picture(PackSource(build, folder, content)), str(content.headline)


def study_files(folder: Path, *, order: PackOrder) -> dict[str, bytes]:
    """Return what a pack keeps of a build, and what it is to be, by name."""
    found = {name: (folder / name).read_bytes() for name in KEPT if (folder / name).is_file()}
    return found | order.files()


def pack_files(
    study: Mapping[str, bytes], *, build: Build, order: PackOrder, tell: Progress | None = None
) -> dict[str, bytes]:
    """Make every file of a pack but the signature.

    Parameters
    ----------
    study
        From :func:`study_files`.
    build
        The same, read, with its draws.
    order
        About what, and for whom.
    tell
        Called with a plain phrase and the share done.
    """
    say = tell or (lambda _phrase, _share: None)
    with study_folder(study) as kept:
        say("Writing what is said", 0.1)
        content = words_of(study, build=build, folder=kept, order=order)
        files = documents(PackSource(build, kept, content), tell=say)
    files |= {f"{STUDY}{name}": content for name, content in study.items()}
    return files | recorded(files, content=content, build=build)


@contextmanager
def study_folder(study: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a passing folder that holds a pack's study as a build's folder does; what a person supplied stays out.

    Raises
    ------
    OutputError
        When there is no room for it.
    """
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="notspot-pack-")))
            for file in study.keys() & set(KEPT):
                (folder / file).write_bytes(study[file])
        except OSError as error:
            raise OutputError(
                "There is no room to make the pack's files in.",
                file=tempfile.tempdir or "the system's folder for passing files",
                expected=f"{sum(map(len, study.values())) // 1_000_000 + 1} MB that can be written",
                found=error.strerror or str(error),
                next_step="free some room there, or name another folder in the environment variable TMPDIR",
            ) from error
        yield folder


def words_of(study: Mapping[str, bytes], *, build: Build, folder: Path, order: PackOrder) -> PackContent:
    """Compose all the words of a pack, with the fingerprint of all they were made from."""
    content = pack_content(build, folder=folder, subject=order.subject, reader=order.reader, person=order.person)
    return replace(content, checks=(*content.checks, evidence_said(study_digest(study))))


def documents(
    source: PackSource, *, makers: Sequence[FileMaker] = MAKERS, tell: Progress | None = None
) -> dict[str, bytes]:
    """Make every document of a pack.

    Raises
    ------
    RuntimeError
        When two makers give files of one name: a fault of ours.
    """
    say = tell or (lambda _phrase, _share: None)
    files: dict[str, bytes] = {}
    for number, maker in enumerate(makers):
        made = {name: bytes(content) for name, content in maker(source).items()}
        twice = made.keys() & files.keys()
        if twice:
            raise RuntimeError(f"two makers give {', '.join(sorted(twice))}")
        files |= made
        say(f"Writing {', '.join(made)}", 0.2 + 0.7 * (number + 1) / len(makers))
    return files


def recorded(files: Mapping[str, bytes], *, content: PackContent, build: Build) -> dict[str, bytes]:
    """Return the crate and the record of a pack's files."""
    sizes = {name: len(one) for name, one in files.items()}
    manifest, typefaces = build.manifest, printed_typefaces().hashes
    crate = crate_of(sizes, content=content, manifest=manifest)
    record = provenance_of({**files, CRATE: crate}, content=content, manifest=manifest, typefaces=typefaces)
    return {CRATE: crate, PROVENANCE: record}
