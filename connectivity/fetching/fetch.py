"""From a request to a folder with a study on today's files: choose, fetch, check, write; nothing is left half done."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from connectivity.fetching import folders as studyfolders
from connectivity.fetching.gathering import Gathering, brief
from connectivity.fetching.orders import Order, Outcome, Planned, Watcher
from layers.errors import LayerError
from layers.fetch import lock as locks
from layers.fetch import plan, study_folder
from layers.fetch.download import Fetched, attachments, download
from layers.fetch.lock import Lock
from layers.fetch.plan import Item
from layers.fetch.publishers import only_one
from layers.fetch.selection import Place, Selection, partnerships, read_places, select
from layers.kinds import KINDS


def fetch(order: Order, *, out: Path, watcher: Watcher) -> Outcome:
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
    before = studyfolders.before(out)
    ofcom = plan.chosen_ofcom(order.release)
    work = Gathering(order, out, before, watcher)
    selection = _chosen(work)
    wanted = order.kept(selection, ofcom=ofcom)
    if not order.update:
        studyfolders.refuse_other_study(out, before, wanted=wanted)
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
    lock = Lock(wanted, files, work.missing, locks.digest(study))
    if not order.update:
        studyfolders.refuse_loss(out, before, lock)
    changes = locks.changes(before, lock)
    if studyfolders.is_same(out, study=study, lock=lock):
        return Outcome(selection, lock, changes, written=False)
    if not order.update:
        studyfolders.refuse_edited(out, before, study=study)
    paths = {name: file.path for name, (_, file, _) in held.items()}
    studyfolders.write(out, study=study, lock=lock, files=paths, before=before)
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
        studyfolders.refuse_other_study(out, work.before, wanted=order.kept(selection, ofcom=ofcom))
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
        held = download(address, cache=work.order.cache, expected=expected, offline=True)
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


def _parts(work: Gathering, items: Sequence[Item]) -> list[study_folder.Part]:
    """Find the file inside each zip; an optional archive in an order not known is left out, and said."""
    parts = []
    for item in items:
        if item.address.key not in work.got:
            continue
        file = work.got[item.address.key][1]
        try:
            parts.append(study_folder.Part(item, study_folder.member_in(file.path, item.release), file.fetched))
        except LayerError as error:
            if item.required:
                raise
            work.missing[item.release.title] = error.what
            work.watcher.note(f"{item.release.title} was fetched but cannot be used. {brief(error)}")
    useless = study_folder.without_their_need(parts)
    for title, part in useless.items():
        needed = " and ".join(KINDS[part.item.release.kind].needs)
        work.missing[title] = f"It needs {needed}, which the study is without."
    return [part for part in parts if part not in useless.values()]


def _held(work: Gathering, parts: Sequence[study_folder.Part]) -> dict[str, tuple[Item, Fetched, str | None]]:
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
