"""Who publishes what, where and under which terms: every kind of layer, and every release that can be fetched.

The records stand in ``layers/sources/*.toml``: ``kinds.toml`` has one table for each kind of a study file, the other
files one ``[[release]]`` for each published file. ``docs/sources.md`` and the app's page are made from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from layers import invocation
from layers.errors import LayerError, did_you_mean, examples
from layers.fetching.address import Address, Start, Way

OGL = "Open Government Licence v3.0"
OGL_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
FOLDER = Path(__file__).parent / "sources"
Rows = Literal["areas", "districts", "wards", "parishes"]
"""The codes by which a part of a long table can be asked for."""
BYTES_IN_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of published layer.

    Parameters
    ----------
    kind
        The word used in study files.
    publisher, title
        Who publishes it and what it is called.
    licence, attribution
        The licence and the words it asks for.
    """

    kind: str
    publisher: str
    title: str
    attribution: str
    licence: str = OGL


@dataclass(frozen=True, slots=True)
class Release:
    """One published file that can be fetched.

    Parameters
    ----------
    key
        The word used on the command line and in lock files.
    kind, name
        The kind of layer it feeds; `name` for kinds of which a study may have several.
    title, release, published
        What it is called, which edition, and when the publisher put it out (a date, or a month).
    areas, nations
        What its rows are, and which nations they cover.
    url, file_name, way, attachment, fields, starts
        Where it is and how it is asked for: see :class:`layers.fetching.address.Address`. `{region}` in the name and
        the attachment stands for the part that is asked for.
    rows_by
        Which codes may be asked for, and the column they stand in.
    members
        Patterns of the file inside a zip, tried in this order; `!` steps into a zip inside.
    size_mb
        Millions of bytes, as the publisher states or as others have seen it; for plans only.
    sha256
        What the file must be; None until it is known.
    landing
        The publisher's page about it.
    checked
        Whether the address was found in a publisher's listing or in a published program; otherwise it is a guess.
    readable
        Whether this program has a use for it; a few are listed to say that it has not.
    note
        What someone who fetches it should know.
    """

    key: str
    kind: str
    title: str
    release: str
    areas: str
    nations: tuple[str, ...]
    url: str
    file_name: str
    way: Way = "file"
    name: str | None = None
    published: str | None = None
    attachment: str | None = None
    fields: tuple[str, ...] = ()
    starts: Start | None = None
    rows_by: Mapping[Rows, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    size_mb: float | None = None
    sha256: str | None = None
    landing: str | None = None
    checked: bool = True
    readable: bool = True
    note: str = ""

    @property
    def source(self) -> Source:
        """The kind of layer it feeds, with publisher, licence and attribution."""
        return SOURCES[self.kind]

    @property
    def takes_region(self) -> bool:
        """Whether one file of it covers one region only."""
        return "{region}" in self.file_name

    def address(self, *, codes: Mapping[Rows, Iterable[str]] | None = None, region: str | None = None) -> Address:
        """Say where it is.

        Parameters
        ----------
        codes
            The codes wanted, by what they are of; all rows when none of them can be asked for.
        region
            The region's name in small letters with `_` between its words, where one file covers one region; in the
            publisher's own name any character may stand between them.
        """
        wanted = codes or {}
        column, listed = next(((at, [*wanted[by]]) for by, at in self.rows_by.items() if by in wanted), ("", []))
        quoted = ",".join(f"'{code}'" for code in sorted(listed))
        return Address(
            url=self.url,
            file_name=self.file_name.format(region=region),
            way=self.way,
            sha256=self.sha256,
            size=None if self.size_mb is None else round(self.size_mb * BYTES_IN_MB),
            starts=self.starts,
            where=f"{column} IN ({quoted})" if listed else "1=1",
            fields=self.fields,
            attachment=self.attachment.format(region=region and region.replace("_", "?")) if self.attachment else None,
            landing=self.landing,
        )


def release(key: str) -> Release:
    """Find a release by its key.

    Raises
    ------
    LayerError
        When there is none; the nearest key is named.
    """
    found = next((entry for entry in releases() if entry.key == key), None)
    if found is None:
        keys = [entry.key for entry in releases()]
        raise LayerError(
            "There is no such release in the catalogue.",
            expected=did_you_mean(key, keys) or f"one of {examples(keys)}",
            found=key,
            next_step=f"list them with: {invocation.command('sources')}",
        )
    return found


@cache
def releases() -> tuple[Release, ...]:
    """Give every release, by file and in the order written there."""
    tables = [
        table
        for path in sorted(FOLDER.glob("*.toml"))
        if path.name != "kinds.toml"
        for table in _read(path).get("release", [])
    ]
    return tuple(Release(**_with_tuples(table)) for table in tables)


def _with_tuples(table: dict[str, Any]) -> dict[str, Any]:
    """Let lists be tuples, so that no reader of a record can change it."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


SOURCES: dict[str, Source] = {kind: Source(kind, **record) for kind, record in _read(FOLDER / "kinds.toml").items()}
