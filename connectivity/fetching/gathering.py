"""The files of one fetch as they come: what has arrived, what can be done without, and what must be as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from connectivity.fetching.orders import Order, Watcher
from layers.errors import LayerError
from layers.fetch import study_folder
from layers.fetch.cache import disk
from layers.fetch.client import UNREACHED, FetchError, host_of
from layers.fetch.download import Fetched, download
from layers.fetch.lock import Lock
from layers.fetch.plan import Item
from layers.intake.files import sha256


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
                self.watcher.note(f"{item.release.title} could not be had. {brief(error)}")

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
                return download(
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


def brief(error: LayerError) -> str:
    """Say a fault on one line, for a note: what, where and what was found.

    >>> brief(LayerError("It is gone.", file="https://example.org/a", found="404", next_step="look"))
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
