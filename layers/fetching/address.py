"""Where a published file is, and what is known of it before it is fetched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from layers.errors import LayerError, visible

Way = Literal["file", "arcgis_outlines", "arcgis_table", "os_download", "govuk_attachment"]
"""How a file is asked for: by its own address, page by page from a map service, or through a listing."""
Start = Literal["zip", "csv", "json", "xlsx", "ods"]
"""What a file must be, judged by how it begins."""
WEB = {"http", "https"}
LONGEST_NAME = 150
"""Characters of a file's name (assumption: Windows and every other system take 255 bytes, with room for endings)."""
FORBIDDEN = frozenset('<>:"/\\|?*')
"""Characters that Windows refuses in a file's name."""
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
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
