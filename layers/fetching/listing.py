"""Listings: publishers' own lists of files, and the one file of a list that is meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass

from layers.errors import examples
from layers.fetching.faults import FetchError


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a listing.

    Parameters
    ----------
    url
        The publisher's address of it.
    file_name, title
        As published; the title is blank where there is none.
    content_type
        The MIME type; blank where it is not given.
    size
        Bytes; None where it is not given.
    md5
        32 hexadecimal digits; None where it is not given.
    """

    url: str
    file_name: str
    title: str = ""
    content_type: str = ""
    size: int | None = None
    md5: str | None = None


def matching(attachments: Sequence[Attachment], pattern: str) -> list[Attachment]:
    """Choose the files whose name or title fits a pattern (`*`, `?`), whatever the capitals.

    >>> [found.url for found in matching([Attachment("a", "x_South_West.zip"), Attachment("b", "y.csv")], "*south*")]
    ['a']
    """
    wanted = pattern.casefold()
    return [
        found
        for found in attachments
        if any(fnmatch.fnmatchcase(text.casefold(), wanted) for text in (found.file_name, found.title))
    ]


def only_one(attachments: Sequence[Attachment], pattern: str | None, *, url: str) -> Attachment:
    """Choose the one file that is meant.

    Raises
    ------
    FetchError
        When the pattern fits none or several.
    """
    found = matching(attachments, pattern) if pattern is not None else list(attachments)
    addresses = {attachment.url: attachment for attachment in found}  # a list may name one file twice
    if len(addresses) == 1:
        return next(iter(addresses.values()))
    listed = examples(attachment.file_name for attachment in (addresses.values() or attachments))
    raise FetchError(
        "Several files of the publisher's list are meant." if addresses else "The publisher's list has no such file.",
        file=url,
        expected=f"exactly one file named or titled like “{pattern or '*'}”",
        found=f"{len(addresses):,} of {len(attachments):,}" + (f": {listed}" if listed else ""),
        next_step="look at the list in a browser; where a new release has other names, correct the catalogue",
    )
