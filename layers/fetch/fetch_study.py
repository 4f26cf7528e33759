"""From a request to a folder with a study on today's files: choose, fetch, check, write; nothing is left half done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import platformdirs

from layers.catalogue import checked_mirror
from layers.errors import LayerError
from layers.fetch import lock as locks
from layers.fetch import plan, study_folder
from layers.fetch.cache import disk
from layers.fetch.client import UNREACHED, FetchError, host_of
from layers.fetch.download import Fetched, attachments, fetch_file
from layers.fetch.lock import Change, Lock
from layers.fetch.plan import LATEST, Item
from layers.fetch.publishers import only_one
from layers.fetch.selection import Place, Request, Selection, partnerships, read_places, select
from layers.intake.files import sha256
from layers.kinds import KINDS


class Watcher(Protocol):
    """Who is told what happens: a terminal, or a test."""

    def begins(self, item: Item, *, done: int, of: int) -> None:
        """Say that a file is next, after `done` of `of`."""

    def receives(self, received: int, total: int | None) -> None:
        """Say how many bytes have come."""

    def note(self, sentence: str) -> None:
        """Say what a person should know."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, and how it may be had.

    Attributes
    ----------
    request
        The places.
    release
        Of Ofcom: ``latest`` or a year and month.
    also, without
        Kinds added to the usual ones, and left out.
    cache
        The folder of fetched files.
    mirror
        A base address that stands for all publishers.
    offline
        Never ask the network.
    update
        Ask the publishers again, and take what is new.
    """

    request: Request
    cache: Path
    release: str = LATEST
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    mirror: str | None = None
    offline: bool = False
    update: bool = False

    def __post_init__(self) -> None:
        """Refuse a mirror that cannot be one before anything is asked of it."""
        if self.mirror is not None:
            checked_mirror(self.mirror)

    def kept(self, selection: Selection, *, ofcom: str) -> dict[str, Any]:
        """Give what a lock file keeps of it, once it is known which districts and which release were meant."""
        return {
            "districts": list(selection.districts),
            "ofcom": ofcom,
            "also": sorted(self.also),
            "without": sorted(self.without),
        }

    def command(self) -> str:
        """Write the command that asks for this."""
        by, names = self.request.by, ",".join(self.request.names)
        words = [f"--{by}", *([f'"{names}"' if " " in names else names] if names else [])]
        words += [f"--also {','.join(self.also)}"] * bool(self.also)
        words += [f"--without {','.join(self.without)}"] * bool(self.without)
        return " ".join(["python -m connectivity fetch", *words, f"--release {self.release}"])


@dataclass(frozen=True, slots=True)
class Planned:
    """One file a fetch would take.

    Attributes
    ----------
    item
        What it is.
    where
        ``in the study``, ``in the cache`` or ``to fetch``.
    size
        Bytes; None where it is not known.
    """

    item: Item
    where: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fetch did.

    Attributes
    ----------
    selection
        The districts.
    lock
        What the folder holds now.
    changes
        What differs from what it held before.
    written
        Whether anything in the folder is new.
    """

    selection: Selection
    lock: Lock
    changes: Sequence[Change]
    written: bool


def default_cache() -> Path:
    """Say where fetched files are kept unless someone says otherwise."""
    return platformdirs.user_cache_path("notspot", appauthor=False) / "fetched"


@dataclass(slots=True)
class Gathering:
    """One fetch under way: what has come, and what could not be had.

    Attributes
    ----------
    order, out, before, watcher
        What is wanted, the study's folder, what an earlier fetch left there, and who is told.
    got
        Address key → what was asked for, and the file.
    missing
        Titles of what the study can do without and could not have, and why.
    silent
        Hosts that did not answer.
    """

    order: Order
    out: Path
    before: Lock
    watcher: Watcher
    got: dict[str, tuple[Item, Fetched]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    def fetch(self, items: Iterable[Item]) -> None:
        """Fetch files; what the study can do without and the publisher does not give is noted.

        Raises
        ------
        LayerError
            When a needed file cannot be had, or one the study already has; when a file is not what the lock says; and
            when the disk or the cache refuses, whatever file it was: the next one would fare no better.
        """
        listed = list({item.address.key: item for item in items}.values())
        for number, item in enumerate(listed):
            if item.address.key in self.got:
                continue
            self.watcher.begins(item, done=number, of=len(listed))
            host = host_of(item.address.url)
            needed = item.required or self.is_locked(item)
            try:
                self.got[item.address.key] = (item, self._have(item, silent=host in self.silent and not needed))
            except LayerError as error:
                if needed or not isinstance(error, FetchError):
                    error.parts["next"] = f"{error.parts['next']} (what has arrived so far is kept)"
                    raise
                if error.what == UNREACHED:
                    self.silent.add(host)
                self.missing[item.release.title] = UNREACHED if host in self.silent else error.what
                self.watcher.note(f"{item.release.title} could not be had. {fault_in_brief(error)}")

    def path(self, item: Item) -> Path | None:
        """Say where a fetched file is; None when it could not be had."""
        found = self.got.get(item.address.key)
        return found[1].path if found else None

    def is_locked(self, item: Item) -> bool:
        """Tell whether the study has this file already, and is to keep it as it is."""
        return not self.order.update and item.address.file_name in self.before.files

    def _have(self, item: Item, *, silent: bool) -> Fetched:
        """Take a file from the study's own folder, else from the cache, else from its publisher.

        A publisher that was silent before is not waited for again: each time would take a minute.
        """
        order, expected = self.order, None
        if self.is_locked(item):
            expected = self.before.expected(item)
            if expected is None:
                raise _asked_otherwise(item)
            entry = self.before.files[item.address.file_name]
            mine = self.out / study_folder.FILES / item.address.file_name
            if mine.is_file() and sha256(mine) == expected:
                return Fetched(mine, expected, entry.size, entry.sent_from, entry.fetched, from_cache=True)
        try:
            with disk(order.cache):
                return fetch_file(
                    item.address,
                    cache=order.cache,
                    expected=expected,
                    offline=order.offline or silent,
                    refresh=order.update,
                    mirror=order.mirror,
                    tell=self.watcher.receives,
                    note=self.watcher.note,
                )
        except FetchError as error:
            if expected is not None:
                error.parts["next"] = f"{error.parts['next']}; {_with_update(item)}"
            raise


def fault_in_brief(error: LayerError) -> str:
    """Say a fault on one line, for a note: what, where and what was found.

    >>> fault_in_brief(LayerError("It is gone.", file="https://example.org/a", found="404", next_step="look"))
    'It is gone. (https://example.org/a: 404)'
    """
    where = ": ".join(str(error.parts[name]) for name in ("file", "found") if error.parts[name] is not None)
    return f"{error.what} ({where})" if where else error.what


def _with_update(item: Item) -> str:
    """Say what an update would do about a file that the study has and that cannot be had again."""
    if item.required:
        return "if the publisher has put out another version, see what changed and take it with: fetch --update"
    return "the study was fetched with this file and keeps it; only fetch --update may leave it out"


def _asked_otherwise(item: Item) -> LayerError:
    """Refuse a file that would now be asked for in another way than the lock says: it may be another file."""
    return LayerError(
        "This version of Notspot asks for a file in another way than the study was fetched, so it may be another file.",
        file=item.address.file_name,
        expected="the address and the rows of study.lock.json",
        found=item.address.url,
        next_step="see what changes and take it with: fetch --update; or fetch into another folder with --out",
    )


def fetch_into(order: Order, *, out: Path, watcher: Watcher) -> Outcome:
    """Fetch what a study needs and write its folder: study file, lock file and the files themselves.

    Parameters
    ----------
    order
        What is wanted.
    out
        The study's folder: new, empty, or an earlier fetch of the same places.
    watcher
        Told what happens.

    Raises
    ------
    LayerError
        When the request is not clear, a needed file cannot be had or is not what the lock says, or the folder holds
        something that may not be replaced. The folder is then as it was; what has arrived is kept in the cache.
    """
    before = study_folder.before(out)
    ofcom = plan.chosen_ofcom(order.release)
    work = Gathering(order, out, before, watcher)
    selection = _chosen(work)
    wanted = order.kept(selection, ofcom=ofcom)
    if not order.update:
        study_folder.refuse_other_study(out, before, wanted=wanted)
    items = _items(work, selection, ofcom)
    work.fetch(items)
    parishes = _parishes(work, selection)
    work.fetch(parishes)
    parts = _parts(work, [*items, *parishes])
    study = study_folder.study_text(selection, parts, command=order.command(), missing=work.missing)
    held = _held(work, parts)
    files = {
        name: locks.entry_of(item, file, member=member, before=before.files.get(name))
        for name, (item, file, member) in held.items()
    }
    lock = Lock(wanted, files, work.missing, locks.text_sha256(study))
    if not order.update:
        study_folder.refuse_loss(out, before, lock)
    changes = locks.changes(before, lock)
    if study_folder.is_same(out, study=study, lock=lock):
        return Outcome(selection, lock, changes, written=False)
    if not order.update:
        study_folder.refuse_edited(out, before, study=study)
    paths = {name: file.path for name, (_, file, _) in held.items()}
    study_folder.write_folder(out, study=study, lock=lock, files=paths, before=before)
    return Outcome(selection, lock, changes, written=True)


def planned(order: Order, *, out: Path, watcher: Watcher) -> tuple[Selection, list[Planned]]:
    """Say what a fetch would fetch, and what of it is at hand; only small lookups and listings are asked for.

    Returns
    -------
    Selection, list of Planned
        The districts, and each file.
    """
    ofcom = plan.chosen_ofcom(order.release)
    work = Gathering(order, out, locks.read_lock(out), watcher)
    selection = _chosen(work)
    if not order.update:
        study_folder.refuse_other_study(out, work.before, wanted=order.kept(selection, ofcom=ofcom))
    items = [*_items(work, selection, ofcom), *_parishes(work, selection)]
    helpers = [item for item, _ in work.got.values() if not item.layer]
    listed = {item.address.file_name: item for item in (*items, *helpers)}
    listed |= {item.address.file_name: item for item in items}  # which says whether it is needed
    return selection, [_planned(work, item) for item in listed.values()]


def _planned(work: Gathering, item: Item) -> Planned:
    address, expected = item.address, work.before.expected(item)
    mine = work.out / study_folder.FILES / address.file_name
    if expected is not None and mine.is_file():
        return Planned(item, "in the study", mine.stat().st_size)
    with contextlib.suppress(LayerError):
        held = fetch_file(address, cache=work.order.cache, expected=expected, offline=True)
        return Planned(item, "in the cache", held.size)
    size = address.size
    if address.way in {"os_download", "govuk_attachment"} and not work.order.offline:
        with contextlib.suppress(LayerError):  # a plan without this size is a plan too
            listed = attachments(address, mirror=work.order.mirror)
            size = only_one(listed, address.attachment, url=address.url).size
    return Planned(item, "to fetch", size)


def _chosen(work: Gathering) -> Selection:
    request = work.order.request
    choosing = plan.to_choose(request)
    work.fetch(choosing)
    if not work.order.update:
        work.fetch(plan.helpers(work.before.files))  # the same places may have been chosen in another way before
    paths = {item.release.key: work.path(item) for item in choosing}
    places: Mapping[str, Place] = {}
    if request.by == "county":
        places = read_places(_there(paths[plan.COUNTIES]), code="CTY", name="CTY")
    elif request.by == "region":
        places = read_places(_there(paths[plan.REGIONS]), code="RGN", name="RGN")
    elif request.by == "lep":
        outlines = _there(paths[plan.DISTRICT_OUTLINES])
        places = partnerships(_there(paths[plan.PARTNERSHIPS]), districts=outlines)
    return select(request, lookup=_there(paths[plan.LOOKUP]), places=places)


def _items(work: Gathering, selection: Selection, ofcom: str) -> list[Item]:
    regions = ["Wales"] if selection.nation == "Wales" else []
    path = next((file.path for item, file in work.got.values() if item.release.key == plan.REGIONS), None)
    if not regions and path is not None:
        found = read_places(path, code="RGN", name="RGN").values()
        regions = [place.name for place in found if set(place.districts) & set(selection.districts)]
    return plan.to_study(selection, ofcom=ofcom, regions=regions, also=work.order.also, without=work.order.without)


def _parishes(work: Gathering, selection: Selection) -> list[Item]:
    """Name the parish outlines to fetch, by a small lookup that is fetched for it."""
    if "parish" in work.order.without:
        return []
    lookup = plan.to_parishes(selection)
    if lookup is None:
        work.watcher.note(
            f"Parishes come with studies of up to {plan.MANY.value:,.0f} small areas; this one is larger."
        )
        return []
    work.fetch([lookup])
    path = work.path(lookup)
    outlines = plan.parish_outlines(path) if path else None
    if outlines is None:
        return []
    return [outlines]


def _parts(work: Gathering, items: Sequence[Item]) -> list[study_folder.FetchedPart]:
    """Find the file inside each zip; an optional archive in an order not known is left out, and said."""
    parts = []
    for item in items:
        if item.address.key not in work.got:
            continue
        file = work.got[item.address.key][1]
        try:
            parts.append(study_folder.FetchedPart(item, study_folder.member_in(file.path, item.release), file.fetched))
        except LayerError as error:
            if item.required:
                raise
            work.missing[item.release.title] = error.what
            work.watcher.note(f"{item.release.title} was fetched but cannot be used. {fault_in_brief(error)}")
    useless = study_folder.without_their_need(parts)
    for title, part in useless.items():
        needed = " and ".join(KINDS[part.item.release.kind].needs)
        work.missing[title] = f"It needs {needed}, which the study is without."
    return [part for part in parts if part not in useless.values()]


def _held(work: Gathering, parts: Sequence[study_folder.FetchedPart]) -> dict[str, tuple[Item, Fetched, str | None]]:
    """Name what the study's folder holds: the files it reads, and the lookups by which they were chosen.

    The lookups stand there too, so that a study's folder is enough to fetch the same again.
    """
    helpers = {item.address.file_name: (item, file, None) for item, file in work.got.values() if not item.layer}
    read = {part.item.address.key: part for part in parts}
    return helpers | {
        part.item.address.file_name: (part.item, work.got[key][1], part.member) for key, part in read.items()
    }


def _there(path: Path | None) -> Path:
    if path is None:
        raise RuntimeError("a lookup that was needed is missing without a message")
    return path
