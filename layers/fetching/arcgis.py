"""Tables and outlines from an ArcGIS map service: page by page, counted, and written in an order of our own.

The service gives at most some thousand rows at once and says `exceededTransferLimit` when there are more: at the top
of the answer, or inside its `properties` in GeoJSON. Errors come with status 200 and an `error` object. Rows are
asked for in the order of the service's object id, so that no page repeats or loses a row, and the number of rows is
asked for first and compared. The object id is the service's own and may change with every reload, so it is not kept,
and the rows are written sorted by their content: the same data then has the same SHA-256.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlencode, urlsplit, urlunsplit

from layers.errors import about, did_you_mean, examples, visible
from layers.fetching.address import Address
from layers.fetching.disk import disk
from layers.fetching.documents import document, unlike
from layers.fetching.faults import FalterError, FetchError
from layers.fetching.session import Asker
from layers.fetching.transfer import Tell

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
class Service:
    """A layer of a map service: its address, the name of its object id, the columns wanted, and rows to a page."""

    url: str
    object_id: str
    columns: tuple[str, ...]
    page: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells in the order of the columns, as JSON, and its outline, as JSON too: far smaller than as objects."""

    cells: str
    outline: str


def collect(address: Address, part: Path, *, asker: Asker, tell: Tell | None = None) -> str:
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
    service = _service(address, asker)
    for _ in range(2):  # data reloaded while it is read looks like lost rows; twice in a row is a fault
        count = _count(service, address.where, asker)
        rows, crs = _rows(service, address, count, asker, tell)
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


def _service(address: Address, asker: Asker) -> Service:
    """Ask a layer about itself: its columns as they are spelled, and how many rows it gives at once."""
    parts = urlsplit(address.url)
    url = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/").removesuffix("/query"), "", ""))
    answer = _ask(f"{url}?f=json", asker)
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
    return Service(url, object_id, columns, min(PAGE, limit) if isinstance(limit, int) and limit > 0 else PAGE)


def _count(service: Service, where: str, asker: Asker) -> int:
    answer = _ask(f"{service.url}/query", asker, {"where": where, "returnCountOnly": "true", "f": "json"})
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
    service: Service, address: Address, count: int, asker: Asker, tell: Tell | None
) -> tuple[dict[object, Row], str]:
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
    rows: dict[object, Row] = {}
    crs, offset, received = "", 0, 0
    while True:
        page = _ask(f"{service.url}/query", asker, question | {"resultOffset": str(offset)})
        features = page.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
            raise unlike(service.url, expected="a list of features", found=examples(page) or "nothing")
        crs, before = _crs(page) or crs, len(rows)
        for feature in features:
            cells = feature.get("properties" if address.way == "arcgis_outlines" else "attributes") or {}
            row = Row(_packed([cells.get(name) for name in service.columns]), _packed(feature.get("geometry")))
            rows[cells.get(service.object_id, feature.get("id"))] = row
            received += len(row.cells) + len(row.outline)
        offset += len(features)  # a service may give fewer than it was asked for
        if tell is not None:
            tell(received, address.size)
        # A service that cannot turn pages gives the first one for ever.
        if len(rows) == before or (offset >= count and not _more(page)):
            return rows, crs


def _ask(url: str, asker: Asker, question: dict[str, str] | None = None) -> dict[str, Any]:
    """Put a question, by POST where it would make the address too long."""
    address = f"{url}?{urlencode(question)}" if question else url
    form = question if len(address) > LONGEST_URL else None
    # Numbers of a table stay as the publisher wrote them; those of an outline are rounded anyway.
    keep = question is not None and question["f"] == "json"
    numbers: Callable[[str], Any] = str if keep else float
    with about(url):
        answer = document(url if form else address, asker=asker, form=form, check=_refuse_error, numbers=numbers)
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
        raise FalterError(reason)
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


def _write_outlines(file: TextIO, rows: list[Row], service: Service, crs: str) -> None:
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


def _first_number(rows: list[Row]) -> float:
    """Give the size of the first coordinate: above 180 it is no degree."""
    found = next((match for row in rows if (match := NUMBER.search(row.outline))), None)
    return abs(float(found[0])) if found else 0.0


def _packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
