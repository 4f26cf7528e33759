"""Where a published file is, and what is known of it before it is fetched.

Every release that can be fetched: what it is, where it is, and what it must be.

The records stand in ``layers/sources/*.toml``, one ``[[release]]`` for each published file. ``docs/sources.md`` and
the app's page are made from them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from layers import errors
from layers.errors import LayerError, did_you_mean, examples, visible
from layers.kinds import KINDS, LayerKind

Way = Literal["file", "arcgis_outlines", "arcgis_table", "os_download", "govuk_attachment"]
"""How a file is asked for: by its own address, page by page from a map service, or through a listing."""
Start = Literal["zip", "csv", "json", "xlsx", "ods"]
"""What a file must be, judged by how it begins."""
WEB = {"http", "https"}
LONGEST_NAME = 150
"""Characters of a file's name (assumption: Windows and every other system take 255 bytes, with room for endings)."""
FORBIDDEN = frozenset('<>:"/\\|?*')
"""Characters that Windows refuses in a file's name."""
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
"""Names that are devices on Windows, whatever their ending."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a published file is.

    Parameters
    ----------
    url
        The publisher's address. For `arcgis_*` the layer, ending in `/FeatureServer/0` (`/query` may follow); for
        `os_download` the product's downloads (`…/products/CodePointOpen/downloads?area=GB&format=CSV`); for
        `govuk_attachment` the content address (`https://www.gov.uk/api/content/…`) or the page itself.
    file_name
        The name the file is kept under; a name alone, without folders.
    way
        How it is asked for.
    sha256
        64 hexadecimal digits that pin the content; None when it is not known yet.
    size
        Bytes, as published or as seen; used for progress and plans only, never to refuse.
    starts
        What the content must be, so that a web page that reports an error is refused.
    where
        ArcGIS: which rows; `FIELD IN ('A','B')` may be of any length.
    fields
        ArcGIS: the columns; `()` is all of them.
    attachment
        GOV.UK: a pattern (`*`, `?`) of the one attachment's file name or title. OS: the same, of the file's name.
    landing
        The page where the publisher presents the file, named in messages when the address no longer answers.
    """

    url: str
    file_name: str
    way: Way = "file"
    sha256: str | None = None
    size: int | None = None
    starts: Start | None = None
    where: str = "1=1"
    fields: tuple[str, ...] = ()
    attachment: str | None = None
    landing: str | None = None

    def __post_init__(self) -> None:
        """Refuse an address that is not one of the web, and a name that is not one file's on every system."""
        parts = urlsplit(self.url)
        if parts.scheme not in WEB or not parts.hostname or "@" in parts.netloc or not self.url.isprintable():
            raise LayerError(
                "This is not an address to fetch from.",
                expected="http:// or https://, a host and no password",
                found=visible(self.url)[:120],
                next_step="correct the address in the catalogue or the study file",
            )
        stem = self.file_name.split(".")[0].casefold()
        odd = (
            not self.file_name.isprintable()
            or self.file_name.endswith((".", " "))
            or self.file_name != (self.file_name.strip())
        )
        if not stem or odd or stem in RESERVED or len(self.file_name) > LONGEST_NAME or FORBIDDEN & {*self.file_name}:
            raise LayerError(
                "This is not a name a file can be kept under.",
                expected=f"up to {LONGEST_NAME} characters without {' '.join(sorted(FORBIDDEN))}, no device's name",
                found=visible(self.file_name)[:120],
                next_step="correct the file's name in the catalogue or the study file",
            )
        digits = self.sha256
        if digits is not None and (len(digits) != 64 or {*digits} - {*"0123456789abcdef"}):  # noqa: PLR2004
            raise LayerError(
                "This is not a SHA-256.",
                file=self.file_name,
                expected="64 digits of 0–9 and a–f",
                found=visible(digits)[:120],
                next_step="correct it in the catalogue or the lock file",
            )

    @property
    def key(self) -> str:
        """Tell this question apart from any other put to the same address: 64 hexadecimal digits."""
        asked = [self.url, self.way, self.where, list(self.fields), self.attachment]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def checked_mirror(mirror: str) -> str:
    """Give a mirror's address back, or refuse it before anyone waits for it.

    Raises
    ------
    LayerError
        When it is not of the web, has no host, or has a password or a question in it.

    >>> checked_mirror("https://files.example.org/notspot")
    'https://files.example.org/notspot'
    """
    try:
        parts = urlsplit(mirror)
        port, scheme, host = parts.port, parts.scheme, parts.hostname
    except ValueError:  # a port that is no number, brackets that do not close
        port, scheme, host = 0, "", None
    odd = "@" in mirror or "?" in mirror or "#" in mirror or not mirror.isprintable() or port == 0
    if scheme not in WEB or not host or odd:
        raise LayerError(
            "This is not an address of a mirror.",
            expected="http:// or https:// and a host, with no password and no question mark",
            found="one with a name or password in it" if "@" in mirror else visible(mirror)[:120],
            next_step="correct --mirror, or NOTSPOT_MIRROR in the environment; docs/fetching.md has an example",
        )
    return mirror


def mirrored(url: str, mirror: str | None) -> str:
    """Give the address on a mirror that stands for all publishers, each under its own host's name.

    >>> mirrored("https://www.ofcom.org.uk/a/b?v=1", "http://127.0.0.1:8123/")
    'http://127.0.0.1:8123/www.ofcom.org.uk/a/b?v=1'
    >>> mirrored("http://127.0.0.1:8123/www.ofcom.org.uk/a", "http://127.0.0.1:8123")
    'http://127.0.0.1:8123/www.ofcom.org.uk/a'
    """
    if mirror is None or url.startswith(mirror.rstrip("/") + "/"):
        return url
    return f"{mirror.rstrip('/')}/{url.partition('://')[2]}"


OGL_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
FOLDER = Path(__file__).parent / "sources"
Rows = Literal["areas", "districts", "wards", "parishes"]
"""The codes by which a part of a long table can be asked for."""
BYTES_IN_MB = 1_000_000


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
        Where it is and how it is asked for: see :class:`layers.catalogue.Address`. `{region}` in the name and
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
    in_studies
        Whether nothing can be built without it, or every study gets it where its nation has it and is built without
        it where it cannot be had; None for what is asked for.
    same_as
        Another release that gives the same figures: where that one is fetched, this one is left out.
    indicators
        What can be measured with it, and with the layers its kind needs.
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
    in_studies: Literal["needed", "usual"] | None = None
    same_as: str | None = None
    indicators: tuple[str, ...] = ()
    note: str = ""

    @property
    def source(self) -> LayerKind:
        """The kind of layer it feeds, with publisher, licence and attribution."""
        return KINDS[self.kind]

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
            next_step=f"list them with: {errors.command_line('sources')}",
        )
    return found


@cache
def releases() -> tuple[Release, ...]:
    """Give every release, by file and in the order written there."""
    tables = [table for path in sorted(FOLDER.glob("*.toml")) for table in _read(path).get("release", [])]
    return tuple(Release(**_with_tuples(table)) for table in tables)


def _with_tuples(table: dict[str, Any]) -> dict[str, Any]:
    """Let lists be tuples, so that no reader of a record can change it."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
