"""Whether a pack is what it says: intact, recomputed, and signed by someone the reader trusts; three separate words.

Hashes find accidents, never whoever alters a file and hashes it again: so every figure is reckoned again from the
evidence, and every document made again and compared byte for byte. What even that cannot find is said.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from connectivity.evidence.crate import CRATE
from connectivity.evidence.document_text import text_in_document
from connectivity.evidence.pack_archive import PROVENANCE, SIGNATURE, STUDY, read_pack
from connectivity.evidence.pack_content import PackPlace, PackSubject
from connectivity.evidence.pack_parts import PackSource
from connectivity.evidence.pack_places import PlaceError, pack_subject, subject_keys
from connectivity.evidence.packing import MAKERS, SUBJECT, documents, order_of, recorded, study_folder, words_of
from connectivity.evidence.provenance import libraries_of, read_provenance, unlike_record
from connectivity.evidence.recomputation import Recomputed, accounts_of, recomputed
from connectivity.evidence.signing import CheckedSignature, Signer, check_signature
from connectivity.manifest import Manifest, read_manifest
from connectivity.method.kernel import AGGREGATIONS
from connectivity.method.records import DIMENSIONS
from connectivity.outputs import AREAS, Build
from connectivity.postcode.postcode_tables import ROUTES, read_routes
from connectivity.quality.notice import DO_NOT_PUBLISH, read_quality
from connectivity.quality.quality_report import as_listed
from connectivity.robustness.stored_run import REPORT
from layers.errors import LayerError, OutputError, several
from layers.figures import Figure
from layers.intake.files import sha256

Verdict = Literal["confirmed", "confirmed within rounding", "differs", "cannot be checked"]
NOISE = Figure(1e-9, "of a figure", "what another processor's adding up may change", "measured: 1e-12 on two")
RANKS_APART = Figure(1, "rank", "two places so alike may change places on another processor", "prototype")
SHARES_APART = Figure(0.0005, "share", "printed with three decimals", "prototype: 1e-5 on another processor")
DRAWN_APART = Figure(0.05, "premises", "drawn counts are kept in steps of a share", "1/65,535 of 3,000 premises")
OF_SUMS = Figure(1e-4, "of a drawn sum", "the same, of many areas together", "measured: 1e-5 on another processor")
RANK_COLUMNS = ("severity_rank", "scale_rank", "rank_median", "rank_p05", "rank_p95")
SHOWN = 5
"""Differences that are named one by one."""
CANNOT_READ = (
    *(LayerError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError),
    pa.ArrowException,
)
"""What a file that was tampered with may raise where it is read."""


@dataclass(frozen=True, slots=True)
class PackCheck:
    """One thing that was checked: what, what came of it, and in words what was found."""

    name: str
    verdict: Verdict
    said: str = ""

    @property
    def good(self) -> bool:
        """Whether it is as the pack says."""
        return self.verdict in {"confirmed", "confirmed within rounding"}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found about a pack.

    Attributes
    ----------
    title
        What the pack is about.
    intact
        What is not as its record lists it; none where all is.
    files
        How many files it holds.
    figures, claims, documents, sources
        What was recomputed, each claim, each file made again, each source file hashed.
    signature
        None where it is not signed.
    trust_asked
        Whether the reader gave a list of signers.
    unfound
        What this check cannot find, in sentences.
    """

    title: str
    intact: tuple[str, ...]
    files: int
    figures: tuple[PackCheck, ...]
    claims: tuple[PackCheck, ...]
    documents: tuple[PackCheck, ...]
    sources: tuple[PackCheck, ...]
    signature: CheckedSignature | None
    trust_asked: bool
    unfound: tuple[str, ...]

    @property
    def checks(self) -> tuple[PackCheck, ...]:
        """All that was checked beyond hashes."""
        return (*self.figures, *self.claims, *self.documents, *self.sources)

    @property
    def differing(self) -> tuple[PackCheck, ...]:
        """What was reckoned or made again and is another."""
        return tuple(one for one in (*self.figures, *self.claims, *self.documents) if one.verdict == "differs")

    @property
    def unchecked(self) -> tuple[PackCheck, ...]:
        """Claims and files that could not be reckoned or made again here: nobody may take them for confirmed."""
        return tuple(one for one in (*self.claims, *self.documents) if one.verdict == "cannot be checked")

    @property
    def recomputed(self) -> bool:
        """Whether all was reckoned and made again, and nothing differs."""
        return bool(self.documents) and not self.differing and not self.unchecked

    @property
    def trusted(self) -> bool:
        """Whether it is signed as the reader asked: by a key on the list; without one, that no signature is false."""
        if self.signature is None:
            return not self.trust_asked
        return self.signature.valid and (bool(self.signature.signer) or not self.trust_asked)

    @property
    def confirmed(self) -> bool:
        """Whether the pack is what it says it is, as far as was asked."""
        return (
            not self.intact
            and self.recomputed
            and self.trusted
            and all(one.verdict != "differs" for one in self.checks)
        )


def verify_pack(
    path: Path,
    *,
    data: Path | None = None,
    signers: Sequence[Signer] | None = None,
    tell: Callable[[str, float], None] | None = None,
) -> Verification:
    """Check a pack.

    Parameters
    ----------
    path
        The zip.
    data
        A folder with the source files; each is hashed against the manifest.
    signers
        Keys the reader trusts; None where no list was given.
    tell
        Called with a plain phrase and the share done.

    Raises
    ------
    LayerError
        When it is no pack, is damaged, or of another version: nothing can be checked then.
    """
    say = tell or (lambda _phrase, _share: None)
    say("Reading the pack", 0.0)
    files = read_pack(path)
    record = read_provenance(files)
    faults = tuple(unlike_record(files, record))
    signature = None
    if SIGNATURE in files:
        signature = check_signature(files[SIGNATURE], files[PROVENANCE], signers=signers or ())
    say("Reckoning every figure again", 0.1)
    found = _again(files, record, data=data, tell=say)
    return Verification(
        title=str(record.get("title", "")),
        intact=faults,
        files=len(files),
        figures=tuple(found["figures"]),
        claims=tuple(found["claims"]),
        documents=tuple(found["documents"]),
        sources=tuple(found["sources"]),
        signature=signature,
        trust_asked=signers is not None,
        unfound=unfound(data=data is not None, signature=signature),
    )


def unfound(*, data: bool, signature: CheckedSignature | None) -> tuple[str, ...]:
    """Say what a check cannot find."""
    signed = signature is not None and signature.valid and bool(signature.signer)
    said = []
    if not signed and not data:
        said.append(
            "This cannot find evidence that was altered together with all that follows from it: for that it needs the "
            "source files (--data) or a signature by a key you trust (--signers)."
        )
    elif not signed:
        said.append(
            "The source files are those the study names. Whether the evidence follows from them, a build of the study "
            "from them shows."
        )
    said.append("Whether the published figures are right, no check of a pack can find.")
    return tuple(said)


def _again(
    files: Mapping[str, bytes], record: Mapping[str, Any], *, data: Path | None, tell: Callable[[str, float], None]
) -> dict[str, list[PackCheck]]:
    """Reckon and make all again; what cannot be read differs from what the pack says."""
    found: dict[str, list[PackCheck]] = {"figures": [], "claims": [], "documents": [], "sources": []}
    study = {name.removeprefix(STUDY): content for name, content in files.items() if name.startswith(STUDY)}
    with study_folder({name: content for name, content in study.items() if "/" not in name}) as folder:
        try:
            manifest = read_manifest(folder)
            again = recomputed(folder)
            packed = gpd.read_parquet(folder / AREAS).set_index("area_code").sort_index()
            found["figures"] = figure_checks(folder, packed=packed, again=again, manifest=manifest)
        except CANNOT_READ as error:
            found["figures"].append(_unreadable("the study", error))
            return found
        found["sources"] = source_checks(manifest, data=data)
        tell("Making every file again", 0.5)
        try:
            alike = all(one.good for one in found["figures"] if one.name == AREAS)
            areas = packed if alike else gpd.GeoDataFrame(again.areas.assign(geometry=packed.geometry), crs=packed.crs)
            routes_alike = all(one.good for one in found["figures"] if one.name == ROUTES)
            routes = read_routes(folder) if routes_alike else again.routes
            build = Build(areas, manifest, again.drawn, routes)
            order = order_of(study)
            found["figures"].append(subject_check(order.subject, build=build, folder=folder))
            content = words_of(study, build=build, folder=folder, order=order)
            source = PackSource(build, folder, content)
            made, failed = _made_again(source, tell=tell)
            known = {name for name in files if name.startswith(STUDY) or failed} | made.keys()
            known -= {PROVENANCE, SIGNATURE, CRATE}
            packed_files = {name: files.get(name, made.get(name, b"")) for name in known}
            made |= recorded(packed_files, content=content, build=build)
        except CANNOT_READ as error:
            found["documents"].append(_unreadable("the documents", error))
            return found
    found["claims"] = claim_checks(record, json.loads(made[PROVENANCE]))
    found["documents"] = document_checks(files, made, record=record, failed=failed)
    return found


def _made_again(source: PackSource, *, tell: Callable[[str, float], None]) -> tuple[dict[str, bytes], list[str]]:
    """Make every document again; give those, and why others cannot be made on this machine."""
    made: dict[str, bytes] = {}
    failed: list[str] = []
    for number, maker in enumerate(MAKERS):
        try:
            made |= documents(source, makers=(maker,))
        except (OutputError, ImportError) as error:
            failed.append(str(error).partition("\n")[0])
        tell("Making every file again", 0.5 + 0.5 * (number + 1) / len(MAKERS))
    return made, failed


def _unreadable(what: str, error: Exception) -> PackCheck:
    first = str(error).partition("\n")[0][:160]
    return PackCheck(what, "differs", f"it cannot be read as `pack` wrote it ({type(error).__name__}: {first})")


def figure_checks(folder: Path, *, packed: pd.DataFrame, again: Recomputed, manifest: Manifest) -> list[PackCheck]:
    """Hold the study's tables against what follows from the evidence.

    Parameters
    ----------
    folder
        Of the pack's study.
    packed
        Its areas.
    again
        What follows from its evidence.
    manifest
        Of the study.
    """
    report = json.loads((folder / REPORT).read_bytes())
    evidence = report.pop("evidence")
    checks = [
        table_check(AREAS, packed.drop(columns="geometry"), again.areas, rows="areas"),
        *_routes_check(folder, again),
        _said_check(REPORT, report, again.report),
        _said_check("totals of councils", evidence.get("totals"), again.totals, good=_totals_said(again)),
        _bands_check(again),
    ]
    accounts = accounts_of(again.areas, manifest=manifest)
    wrong = [f"{name}: {ours} for {theirs}" for name, (theirs, ours) in accounts.items() if theirs != ours]
    wrong += [f"{name} is another than the evidence's" for name in unlike_evidence(manifest, evidence)]
    quality = read_quality(folder)
    if quality and (manifest.quality, manifest.do_not_publish) != (as_listed(quality), quality[DO_NOT_PUBLISH]):
        wrong.append("its light is another than the quality report's")
    checks.append(PackCheck("manifest.json", "differs" if wrong else "confirmed", "; ".join(wrong)[:200]))
    return checks


def unlike_evidence(manifest: Manifest, evidence: Mapping[str, Any]) -> list[str]:
    """Name what a manifest and the evidence beside it say otherwise."""
    said = {
        "release": manifest.release,
        "unit": manifest.unit,
        "basis": manifest.basis,
        "modelled": manifest.coverage_modelled,
        "count_fwa": manifest.counts_fwa,
        "aggregation": AGGREGATIONS.index(manifest.aggregation),
        "draws": manifest.draws,
        "seed": manifest.seed,
        "indicators": [one.key for one in manifest.indicators],
        "bands": [[band.low, band.high] for band in manifest.bands],
        "weights": [getattr(manifest.weights, name) for name in DIMENSIONS],
    }
    return [name for name, value in said.items() if evidence.get(name) != value]


def subject_check(subject: PackSubject, *, build: Build, folder: Path) -> PackCheck:
    """Hold what a pack is about against the places that its keys name: a place of another extent has another name."""
    try:
        again = pack_subject(subject_keys(subject), build=build, folder=folder)
    except PlaceError as error:
        return PackCheck(SUBJECT, "differs", error.what)
    known = {one.key: one for one in again.places}
    wrong = [one.name for one in subject.places if not _same_place(one, known.get(one.key))]
    wrong += [subject.title] if subject.title != again.title else []
    if wrong:
        return PackCheck(SUBJECT, "differs", f"the study has no such place, or with other areas: {wrong[0][:100]}")
    return PackCheck(SUBJECT, "confirmed", f"{several(len(subject.shares), 'area')}")


def _same_place(one: PackPlace, other: PackPlace | None) -> bool:
    if other is None or one.name != other.name:
        return False
    if one.word != other.word and ":" not in one.key:  # whether a settlement is a town, only the build's gazetteer says
        return False
    mine, theirs = one.shares.sort_index(), other.shares.sort_index()
    return mine.index.equals(theirs.index) and bool((mine - theirs).abs().le(NOISE.value).all())


def _totals_said(again: Recomputed) -> str:
    many = several(len(again.totals), "council")
    return f"{many}, as published" if again.run.coverage.modelled else many


def _routes_check(folder: Path, again: Recomputed) -> list[PackCheck]:
    path = folder / ROUTES
    if not path.is_file():
        return [] if again.routes is None else [PackCheck(ROUTES, "differs", "it is missing")]
    packed = pd.read_parquet(path).set_index("area_code")
    if again.routes is None:
        return [PackCheck(ROUTES, "differs", "the release does not give fixed wireless, so there is nothing to count")]
    return [table_check(ROUTES, packed, again.routes, rows="places")]


def _bands_check(again: Recomputed) -> PackCheck:
    """Hold the speed bands of every area against its premises less those whose speed is not known."""
    table = again.run.coverage.table
    apart = (table[again.run.coverage.columns].sum(axis=1) - (table["premises"] - table["unknown"])).abs()
    wrong = table.index[~(apart <= 1e-6 * table["premises"].clip(lower=1))]
    name = "speed bands"
    if len(wrong):
        said = f"in {several(len(wrong), 'area')} they do not make premises less unknown, first {wrong[0]}"
        return PackCheck(name, "differs", said)
    return PackCheck(name, "confirmed", f"in {len(table):,} areas they make premises less unknown")


def table_check(name: str, packed: pd.DataFrame, again: pd.DataFrame, *, rows: str) -> PackCheck:
    """Compare a table with the same made again: every column of every row.

    Parameters
    ----------
    packed, again
        With one index.
    rows
        What its rows are called.
    """
    if sorted(map(str, packed.columns)) != sorted(map(str, again.columns)):
        strange = sorted(set(map(str, packed.columns)) ^ set(map(str, again.columns)))
        return PackCheck(name, "differs", f"its columns are others: {', '.join(strange[:SHOWN]) or 'one stands twice'}")
    if not packed.index.equals(again.index):
        strange = sorted(set(map(str, packed.index)) ^ set(map(str, again.index)))
        return PackCheck(name, "differs", f"its {rows} are others or in another order: {', '.join(strange[:SHOWN])}")
    far, near = [], 0
    for column in map(str, again.columns):
        wrong, close = _apart(column, packed[column], again[column])
        far += [(str(row), column, packed.loc[row, column], again.loc[row, column]) for row in packed.index[wrong]]
        near += int(close.sum())
    if far:
        listed = "; ".join(
            f"{column} of {row} is {_shown(was)}, follows {_shown(now)}" for row, column, was, now in far[:SHOWN]
        )
        return PackCheck(name, "differs", f"{several(len(far), 'figure')}: {listed}")
    said = f"{len(again):,} {rows}, {len(again.columns)} columns"
    return PackCheck(
        name,
        "confirmed within rounding" if near else "confirmed",
        said + (f"; {near:,} within rounding" if near else ""),
    )


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:60]


def _apart(column: str, packed: pd.Series, again: pd.Series) -> tuple[Any, Any]:
    """Say for each row whether two figures differ, and whether they differ only within rounding."""
    absent = packed.isna() & again.isna()
    numbers = pd.api.types.is_numeric_dtype(again) and not pd.api.types.is_bool_dtype(again)
    if not numbers or not pd.api.types.is_numeric_dtype(packed):
        same = absent | packed.astype(object).eq(again.astype(object)).fillna(value=False)
        return ~same.to_numpy(dtype=bool), np.zeros(len(same), dtype=bool)
    one, other = packed.to_numpy(dtype=float, na_value=np.nan), again.to_numpy(dtype=float, na_value=np.nan)
    gap = np.abs(one - other)
    noise = NOISE.value * np.maximum(np.abs(other), 1)
    tolerance = _tolerance(column)
    allowed = np.maximum(noise, np.where(tolerance == DRAWN_APART.value, drawn_apart(other), tolerance))
    wrong = ~absent.to_numpy() & ~(gap <= allowed)
    return wrong, ~wrong & (gap > noise)


def drawn_apart(figures: Any) -> Any:  # noqa: ANN401 - one figure, or many
    """Return how far apart drawn figures may be on another processor: a step of a share, of many areas some more."""
    return np.maximum(DRAWN_APART.value, OF_SUMS.value * np.abs(figures))


def _tolerance(column: str) -> float:
    if column in RANK_COLUMNS:
        return RANKS_APART.value
    if column.startswith("p_") or column.endswith("_share"):
        return SHARES_APART.value
    return DRAWN_APART.value if column.endswith(("_low", "_high")) or column == "modelled_rmse" else 0.0


def _said_check(name: str, packed: object, again: object, *, good: str = "") -> PackCheck:
    """Compare what is said in JSON, part by part; numbers to what another processor may change."""
    apart = list(_unequal("", packed, again))
    if not apart:
        return PackCheck(name, "confirmed", good)
    return PackCheck(name, "differs", f"{several(len(apart), 'entry', 'entries')}: {', '.join(apart[:SHOWN])}")


def _unequal(place: str, packed: object, again: object) -> list[str]:
    if isinstance(packed, dict) and isinstance(again, dict):
        keys = sorted(packed.keys() | again.keys())
        return [one for key in keys for one in _unequal(f"{place}.{key}".lstrip("."), packed.get(key), again.get(key))]
    if isinstance(packed, list) and isinstance(again, list) and len(packed) == len(again):
        pairs = enumerate(zip(packed, again, strict=True))
        return [part for number, (one, other) in pairs for part in _unequal(f"{place}.{number}", one, other)]
    if type(packed) is not type(again) or isinstance(packed, bool | str) or packed is None:
        return [] if packed == again and isinstance(packed, bool) is isinstance(again, bool) else [place]
    if isinstance(packed, int | float) and isinstance(again, int | float):
        return [] if math.isclose(packed, again, rel_tol=1e-4, abs_tol=SHARES_APART.value) else [place]
    return [place]


def claim_checks(record: Mapping[str, Any], again: Mapping[str, Any]) -> list[PackCheck]:
    """Hold each claim of a pack's record against the same claim made again from the evidence."""
    claims = record.get("claims")
    known = [one for one in claims if isinstance(one, dict)] if isinstance(claims, list) else []
    packed = {str(one.get("name")): one for one in known}
    made = {str(one["name"]): one for one in again["claims"]}
    checks = [
        PackCheck(name, "differs", "it follows from the evidence and is not in the pack")
        for name in made.keys() - packed.keys()
    ]
    for name, claim in packed.items():
        said = str(claim.get("said", ""))
        if name not in made:
            checks.append(PackCheck(name, "cannot be checked", f"no such claim follows from the evidence: {said}"))
            continue
        checks.append(_claim_check(name, claim, made[name]))
    return sorted(checks, key=lambda one: one.name)


def _claim_check(name: str, packed: Mapping[str, Any], again: Mapping[str, Any]) -> PackCheck:
    """Hold a claim against the same made again: its figures, what they are about, and its words."""
    near = False
    for key in ("low", "best", "high", "of"):
        one, other = packed.get(key), again[key]
        if not isinstance(one, int | float) or other is None:
            if one != other:
                return PackCheck(name, "differs", f"{key} is {one}, and {other} follows")
            continue
        gap, noise = abs(one - other), NOISE.value * max(abs(other), 1.0)
        drawn = float(drawn_apart(other)) if key in {"low", "high"} else noise
        if not gap <= drawn:
            found = f"{key} differs by {one - other:+.6g}: {one:.10g}, and {other:.10g} follows"
            return PackCheck(name, "differs", found)
        near = near or gap > noise
    for key in sorted(again.keys() - {"low", "best", "high", "of"}):
        if packed.get(key) != again[key]:
            return PackCheck(name, "differs", f"{key} is “{packed.get(key)}”, and “{again[key]}” follows")
    return PackCheck(name, "confirmed within rounding" if near else "confirmed", str(packed.get("said", "")))


def document_checks(
    files: Mapping[str, bytes], made: Mapping[str, bytes], *, record: Mapping[str, Any], failed: Sequence[str] = ()
) -> list[PackCheck]:
    """Compare every file of a pack with the same made again: by bytes, or by text where libraries differ.

    Parameters
    ----------
    files, made
        Of the pack, and made again.
    record
        Of the pack.
    failed
        Why some could not be made again on this machine.
    """
    ours: Mapping[str, Any] = json.loads(made[PROVENANCE])["made_with"]
    said = record.get("made_with")
    theirs: Mapping[str, Any] = said if isinstance(said, dict) else {}
    checks = []
    for name in sorted((made.keys() | files.keys()) - {SIGNATURE}):
        if name.startswith(STUDY) and name in files:
            continue  # what others are made from: its digest is in them
        if name not in made and failed:
            checks.append(PackCheck(name, "cannot be checked", f"it cannot be made here: {'; '.join(failed)}"))
        elif name not in files or name not in made:
            checks.append(PackCheck(name, "differs", "it is missing" if name in made else "no such file is made"))
        elif files[name] == made[name]:
            checks.append(PackCheck(name, "confirmed", "the same to the byte"))
        elif name == PROVENANCE and theirs != ours:
            checks.append(_record_check(record, json.loads(made[name])))
        else:
            needed = libraries_of(name)
            needed = ("notspot", *needed, *(["typefaces"] if "fonttools" in needed else []))
            others = [one for one in needed if theirs.get(one) != ours.get(one)]
            checks.append(_by_text(name, files[name], made[name], others=others, theirs=theirs))
    return checks


def _record_check(packed: Mapping[str, Any], made: Mapping[str, Any]) -> PackCheck:
    """Compare a record with one that other libraries made; claims are checked one by one."""
    apart = [key for key in sorted(packed.keys() | made.keys()) if packed.get(key) != made.get(key)]
    wrong = [key for key in apart if key not in {"made_with", "digest", "claims"}]
    if wrong:
        return PackCheck(PROVENANCE, "differs", f"made again, it has other entries: {', '.join(wrong[:SHOWN])}")
    return PackCheck(PROVENANCE, "confirmed", "but for the versions it was made with")


def _version(library: str, theirs: Mapping[str, Any]) -> str:
    return "other typefaces" if library == "typefaces" else f"{library} {theirs.get(library)}"


def _by_text(name: str, packed: bytes, made: bytes, *, others: list[str], theirs: Mapping[str, Any]) -> PackCheck:
    if not others:
        return PackCheck(name, "differs", "made again from the evidence, it has other bytes")
    with_what = f"made with {', '.join(_version(one, theirs) for one in others)}"
    if "notspot" in others:
        return PackCheck(name, "cannot be checked", f"{with_what}: check it with that version")
    text, again = text_in_document(name, packed), text_in_document(name, made)
    if text is None or again is None:
        return PackCheck(name, "cannot be checked", f"{with_what}, and it has no text to compare")
    if text == again:
        return PackCheck(name, "confirmed", f"by its text, not to the byte: {with_what}")
    apart = next((pair for pair in zip(text, again, strict=False) if pair[0] != pair[1]), (text[-1:], again[-1:]))
    return PackCheck(name, "differs", f"“{str(apart[0])[:60]}”, and “{str(apart[1])[:60]}” follows ({with_what})")


def source_checks(manifest: Manifest, *, data: Path | None) -> list[PackCheck]:
    """Hash the source files in a folder against the manifest."""
    if data is None:
        return []
    if not data.is_dir():
        raise LayerError(
            "The folder of source files is not there.",
            file=data,
            expected="the folder that the study was built from",
            found="no such folder",
            next_step="name it with --data, or leave the option out",
        )
    at_hand = {path.name: path for path in sorted(data.rglob("*")) if path.is_file()}
    checks = {}
    for source in manifest.sources:
        path = at_hand.get(Path(source.file).name)
        if path is None:
            checks[source.file] = PackCheck(source.file, "cannot be checked", "no file of that name in the folder")
        elif sha256(path) == source.sha256:
            checks[source.file] = PackCheck(source.file, "confirmed", "the file the study was built from")
        else:
            checks[source.file] = PackCheck(source.file, "differs", "another file: its SHA-256 is not the manifest's")
    return list(checks.values())
