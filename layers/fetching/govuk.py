"""Attachments of a page on GOV.UK, from its content address.

`https://www.gov.uk/api/content/PATH` gives the page as JSON (GOV.UK Content API). Files stand in
`details.attachments`, each with `url`, `title`, `filename`, `content_type` and `file_size` in bytes; those without a
file name are pages. Older answers have only `details.documents` or `details.body`: HTML in which links lead to files.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from layers.fetching.documents import document, unlike
from layers.fetching.listing import Attachment
from layers.fetching.session import Asker

CONTENT = "/api/content"
FOLDERS = ("/media/", "/government/uploads/")
"""Where GOV.UK keeps files: since 2023, and before."""


def attachments_of(url: str, *, asker: Asker) -> list[Attachment]:
    """List the files of a page.

    Parameters
    ----------
    url
        The page, or its content address.

    Raises
    ------
    FetchError
        When the page cannot be had, or lists no file.
    """
    content = content_address(url)
    answer = document(content, asker=asker)
    details = answer.get("details") if isinstance(answer, dict) else None
    if not isinstance(details, dict):
        raise unlike(content, expected="a page of GOV.UK with its details", found=type(answer).__name__)
    found = [*_listed(details, content)] or [*_linked(details, content)]
    if not found:
        raise unlike(content, expected="a page with files attached", found="none attached")
    return found


def content_address(url: str) -> str:
    """Give the content address of a page.

    >>> content_address("https://www.gov.uk/government/publications/a#b")
    'https://www.gov.uk/api/content/government/publications/a'
    """
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith(f"{CONTENT}/") else f"{CONTENT}{parts.path}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _listed(details: dict[str, Any], page: str) -> Iterator[Attachment]:
    for entry in details.get("attachments") or []:
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
            continue
        url, size = urljoin(page, entry["url"]), entry.get("file_size")
        name = str(entry.get("filename") or (_name(url) if _is_file(url) else ""))
        if name:
            yield Attachment(
                url=url,
                file_name=name,
                title=str(entry.get("title") or ""),
                content_type=str(entry.get("content_type") or ""),
                size=size if isinstance(size, int) else None,
            )


def _linked(details: dict[str, Any], page: str) -> Iterator[Attachment]:
    documents, text = details.get("documents"), details.get("body")
    parts = [*(documents if isinstance(documents, list) else []), text]
    found: dict[str, str] = {}
    for part in parts:
        reader = _Links()
        reader.feed(part if isinstance(part, str) else "")
        reader.close()
        for link, title in reader.links:
            url = urljoin(page, link)
            if _is_file(url):  # the picture of a cover and the words below it lead to the same file
                found[url] = found.get(url) or title
    for url, title in found.items():
        yield Attachment(url=url, file_name=_name(url), title=title)


def _is_file(url: str) -> bool:
    path = urlsplit(url).path
    return any(folder in path for folder in FOLDERS) and bool(PurePosixPath(path).suffix)


def _name(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name)


class _Links(HTMLParser):
    """Collects the links of a piece of HTML, with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self._open: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open, self._words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            self.links.append((self._open, " ".join("".join(self._words).split())))
            self._open = None
