"""What is asked of a fetch, who is told how it goes, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import platformdirs

from layers.catalogue import checked_mirror
from layers.fetch.lock import Change, Lock
from layers.fetch.plan import LATEST, Item
from layers.fetch.selection import Request, Selection


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
