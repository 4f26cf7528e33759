"""Short answers in JSON: listings and pages of a map service, whole and strictly read.

Listings: publishers' own lists of files, and the one file of a list that is meant.

Attachments of a page on GOV.UK, from its content address.

`https://www.gov.uk/api/content/PATH` gives the page as JSON (GOV.UK Content API). Files stand in
`details.attachments`, each with `url`, `title`, `filename`, `content_type` and `file_size` in bytes; those without a
file name are pages. Older answers have only `details.documents` or `details.body`: HTML in which links lead to files.

Ordnance Survey's downloads: a product's list of files, with the MD5 of each.

The list is an array of objects with `url`, `fileName`, `size` in bytes, `md5` in capitals, `format` and `area` (OS
Downloads API, as Ordnance Survey's own tutorials show it). The `url` answers with a redirect to the file.

Tables and outlines from an ArcGIS map service: page by page, counted, and written in an order of our own.

The service gives at most some thousand rows at once and says `exceededTransferLimit` when there are more: at the top
of the answer, or inside its `properties` in GeoJSON. Errors come with status 200 and an `error` object. Rows are
asked for in the order of the service's object id, so that no page repeats or loses a row, and the number of rows is
asked for first and compared. The object id is the service's own and may change with every reload, so it is not kept,
and the rows are written sorted by their content: the same data then has the same SHA-256.
"""

from __future__ import annotations

import contextlib
import csv
import fnmatch
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any, TextIO
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from layers.catalogue import Address
from layers.errors import did_you_mean, examples, naming_file, visible
from layers.fetch.cache import disk
from layers.fetch.client import FetchError, HttpClient, TransientError, response_body, wrong_content
from layers.fetch.transfer import HEAD, Tell, refuse_other

LARGEST = 512 * 1024**2
"""Bytes of one answer (assumption: 2,000 detailed outlines have under a tenth of that)."""


def document(
    url: str,
    *,
    client: HttpClient,
    form: Mapping[str, str] | None = None,
    check: Callable[[Any], None] | None = None,
    numbers: Callable[[str], Any] = float,
) -> Any:  # noqa: ANN401  # JSON may be anything; whoever asks for it looks
    """Ask for a JSON document.

    Parameters
    ----------
    url
        The publisher's address.
    form
        Sent as a form by POST, where it is given.
    check
        Raises what is wrong with the answer; `TransientError` where it may pass.
    numbers
        What becomes of a number with a decimal point; `str` keeps it as it was written.

    Raises
    ------
    FetchError
        When there is none to be had, or it is not JSON.
    """

    def attempt(left: float) -> Any:  # noqa: ANN401
        response, final = client.request(url, left=left, form=form, headers={"Accept": "application/json"})
        content = bytearray()
        with contextlib.closing(response):
            for chunk in response_body(response, policy=client.policy):
                content += chunk
                if len(content) > LARGEST:
                    raise wrong_content(url, expected=f"an answer of at most {LARGEST:,} bytes", found="more")
        refuse_other(bytes(content[:HEAD]), "json", url=final)
        try:
            answer = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, parse_float=numbers)
        except (ValueError, RecursionError) as error:
            raise wrong_content(final, expected="a JSON document", found=f"broken JSON: {error}") from error
        if check is not None:
            check(answer)
        return answer

    return client.retry(attempt, url=url)


def unlike(url: str, *, expected: str, found: str) -> FetchError:
    """Word a JSON answer that lacks what is looked for."""
    return FetchError(
        "The publisher's answer has changed its form, or is not the one expected.",
        file=url,
        expected=expected,
        found=found,
        next_step="look at the address in a browser; if the publisher has moved the data, correct the catalogue",
    )


def _refuse(word: str) -> float:
    raise ValueError(f"{word} where a number is needed")


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


CONTENT = "/api/content"
FOLDERS = ("/media/", "/government/uploads/")
"""Where GOV.UK keeps files: since 2023, and before."""


def attachments_of(url: str, *, client: HttpClient) -> list[Attachment]:
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
    answer = document(content, client=client)
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


MD5 = re.compile("[0-9a-f]{32}")


def files_of(url: str, *, client: HttpClient) -> list[Attachment]:
    """List the files of a product.

    Parameters
    ----------
    url
        `https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV`; a `redirect` in it, which
        would lead to the file itself, is left out.
    """
    parts = urlsplit(url)
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "redirect"]
    listing = urlunsplit(parts._replace(query=urlencode(asked)))
    answer = document(listing, client=client)
    if not isinstance(answer, list):
        raise unlike(listing, expected="a list of files", found=type(answer).__name__)
    found = []
    for entry in answer:
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str) or not entry.get("fileName"):
            raise unlike(listing, expected="files with an address (url) and a name (fileName)", found=str(entry)[:120])
        md5, size = str(entry.get("md5") or "").lower(), entry.get("size")
        found.append(
            Attachment(
                url=urljoin(listing, entry["url"]),
                file_name=str(entry["fileName"]),
                title=" ".join(str(entry.get(name) or "") for name in ("format", "area")).strip(),
                size=size if isinstance(size, int) else None,
                md5=md5 if MD5.fullmatch(md5) else None,
            )
        )
    return found


PAGE = 2_000
"""Rows asked for at once: what ONS Open Geography allows."""
LONGEST_URL = 1_500
"""Characters above which the question is sent by POST (assumption: every proxy passes 2,000)."""
GRID = 27700
DECIMALS = 2
"""Of a metre: a centimetre is far below the 20 metres to which the outlines are generalised."""
PASSING = {429, 500, 502, 503, 504}
MORE = "exceededTransferLimit"
OID = "esriFieldTypeOID"
OWN = {OID, "esriFieldTypeGlobalID"}
"""Types of columns that belong to the service, not to the data."""
DEGREES = 180.0
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class MapService:
    """A layer of a map service: its address, the name of its object id, the columns wanted, and rows to a page."""

    url: str
    object_id: str
    columns: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A row's cells in the order of the columns, as JSON, and its outline, as JSON too: far smaller than as objects."""

    cells: str
    outline: str


def collect(address: Address, part: Path, *, client: HttpClient, tell: Tell | None = None) -> str:
    """Write the rows an address asks for to `part`: GeoJSON for outlines, else CSV.

    Returns
    -------
    str
        The layer's address.

    Raises
    ------
    FetchError
        When the service cannot be reached, refuses the question, or does not give as many rows as it counts.
    """
    service = _service(address, client)
    for _ in range(2):  # data reloaded while it is read looks like lost rows; twice in a row is a fault
        count = _count(service, address.where, client)
        rows, crs = _rows(service, address, count, client, tell)
        if len(rows) == count:
            break
    else:
        found = f"{len(rows):,} different rows"
        raise unlike(service.url, expected=f"{count:,} rows, as the service counts", found=found)
    ordered = sorted(rows.values(), key=lambda row: (row.cells, row.outline))
    with disk(part), part.open("w", encoding="utf-8", newline="") as file:
        if address.way == "arcgis_outlines":
            _write_outlines(file, ordered, service, crs)
        else:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(service.columns)
            writer.writerows(json.loads(row.cells) for row in ordered)
        file.flush()
        os.fsync(file.fileno())
    return service.url


def _service(address: Address, client: HttpClient) -> MapService:
    """Ask a layer about itself: its columns as they are spelled, and how many rows it gives at once."""
    parts = urlsplit(address.url)
    url = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/").removesuffix("/query"), "", ""))
    answer = _ask(f"{url}?f=json", client)
    fields = [field for field in answer.get("fields") or [] if isinstance(field, dict) and field.get("name")]
    own = [str(field["name"]) for field in fields if field.get("type") == OID]
    object_id = str(answer.get("objectIdField") or (own[0] if own else ""))
    if not fields or not object_id:
        raise unlike(url, expected="a layer with columns and an object id", found=examples(answer) or "nothing")
    names = {str(field["name"]).casefold(): str(field["name"]) for field in fields}
    missing = [name for name in address.fields if name.casefold() not in names]
    if missing:
        found = did_you_mean(missing[0], names.values()) or examples(names.values())
        raise unlike(url, expected=f"columns {examples(address.fields)}", found=found)
    data = [str(field["name"]) for field in fields if field.get("type") not in OWN]
    columns = tuple(names[name.casefold()] for name in address.fields) or tuple(data)
    limit = answer.get("maxRecordCount")
    return MapService(url, object_id, columns, min(PAGE, limit) if isinstance(limit, int) and limit > 0 else PAGE)


def _count(service: MapService, where: str, client: HttpClient) -> int:
    answer = _ask(f"{service.url}/query", client, {"where": where, "returnCountOnly": "true", "f": "json"})
    count = answer.get("count")
    if not isinstance(count, int):
        raise unlike(service.url, expected="the number of rows", found=examples(answer) or "nothing")
    if count == 0:
        raise FetchError(
            "The publisher's map service has no rows for this question.",
            file=service.url,
            rows=where[:200],
            expected="at least one row",
            found="none",
            next_step="check that the codes asked for are of the same year as the service",
        )
    return count


def _rows(
    service: MapService, address: Address, count: int, client: HttpClient, tell: Tell | None
) -> tuple[dict[object, ServiceRow], str]:
    """Collect all pages by object id, so that a row that comes twice is one row."""
    question = {
        "where": address.where,
        "outFields": ",".join(dict.fromkeys((service.object_id, *service.columns))),
        "orderByFields": service.object_id,
        "resultRecordCount": str(service.page),
    }
    if address.way == "arcgis_outlines":
        question |= {"f": "geojson", "outSR": str(GRID), "geometryPrecision": str(DECIMALS)}
    else:
        question |= {"f": "json", "returnGeometry": "false"}
    rows: dict[object, ServiceRow] = {}
    crs, offset, received = "", 0, 0
    while True:
        page = _ask(f"{service.url}/query", client, question | {"resultOffset": str(offset)})
        features = page.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
            raise unlike(service.url, expected="a list of features", found=examples(page) or "nothing")
        crs, before = _crs(page) or crs, len(rows)
        for feature in features:
            cells = feature.get("properties" if address.way == "arcgis_outlines" else "attributes") or {}
            row = ServiceRow(_packed([cells.get(name) for name in service.columns]), _packed(feature.get("geometry")))
            rows[cells.get(service.object_id, feature.get("id"))] = row
            received += len(row.cells) + len(row.outline)
        offset += len(features)  # a service may give fewer than it was asked for
        if tell is not None:
            tell(received, address.size)
        # A service that cannot turn pages gives the first one for ever.
        if len(rows) == before or (offset >= count and not _more(page)):
            return rows, crs


def _ask(url: str, client: HttpClient, question: dict[str, str] | None = None) -> dict[str, Any]:
    """Put a question, by POST where it would make the address too long."""
    address = f"{url}?{urlencode(question)}" if question else url
    form = question if len(address) > LONGEST_URL else None
    # Numbers of a table stay as the publisher wrote them; those of an outline are rounded anyway.
    keep = question is not None and question["f"] == "json"
    numbers: Callable[[str], Any] = str if keep else float
    with naming_file(url):
        answer = document(url if form else address, client=client, form=form, check=_refuse_error, numbers=numbers)
    if not isinstance(answer, dict):
        raise unlike(url, expected="an answer of a map service", found=type(answer).__name__)
    return answer


def _refuse_error(answer: object) -> None:
    """Take for an error what is one, although its status is 200."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is None:
        return
    said = error if isinstance(error, dict) else {"message": error}
    reason = visible(f"the map service's error {said.get('code', '')}: {said.get('message', '')}"[:300])
    if said.get("code") in PASSING:
        raise TransientError(reason)
    raise FetchError(
        "The publisher's map service refuses the question.",
        expected="rows",
        found=reason,
        next_step="the service may have been renamed or withdrawn for a new release: look for it on the publisher's "
        "pages and correct the catalogue",
    )


def _more(page: dict[str, Any]) -> bool:
    """Tell whether a page says that more follow."""
    inside = page.get("properties")
    return bool(page.get(MORE) or (isinstance(inside, dict) and inside.get(MORE)))


def _crs(page: dict[str, Any]) -> str:
    """Name the coordinate system a page declares, blank where it declares none."""
    crs = page.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    return str(named.get("name", "")) if isinstance(named, dict) else ""


def _write_outlines(file: TextIO, rows: list[ServiceRow], service: MapService, crs: str) -> None:
    metres = crs.endswith(f":{GRID}") if crs else _first_number(rows) > DEGREES
    if crs and not metres and not crs.endswith((":4326", "CRS84")):
        raise unlike(service.url, expected=f"coordinates in EPSG:{GRID}", found=crs)
    grid = f'"crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::{GRID}"}}}},' if metres else ""
    file.write(f'{{"type":"FeatureCollection",{grid}"features":[\n')
    for number, row in enumerate(rows):
        properties = _packed(dict(zip(service.columns, json.loads(row.cells), strict=True)))
        comma = ",\n" if number else ""
        file.write(f'{comma}{{"type":"Feature","properties":{properties},"geometry":{row.outline}}}')
    file.write("\n]}\n")


def _first_number(rows: list[ServiceRow]) -> float:
    """Give the size of the first coordinate: above 180 it is no degree."""
    found = next((match for row in rows if (match := NUMBER.search(row.outline))), None)
    return abs(float(found[0])) if found else 0.0


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
