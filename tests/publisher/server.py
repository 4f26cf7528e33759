"""A loopback server that stands for every publisher, with their quirks and with faults on demand.

    with Publisher() as publisher:
        publisher.add("https://www.ofcom.org.uk/a/b.zip?v=1", content)      # asked with any ?v=, or none
        publisher.add_redirect("https://example.org/old", "https://example.org/new")
        publisher.add_arcgis("https://services1.arcgis.com/X/arcgis/rest/services/LSOA/FeatureServer/0", rows)
        publisher.add_os("CodePointOpen", "codepo_gb.zip", content)
        publisher.add_listing("https://www.gov.uk/government/publications/x", [("Title", "name.zip", content)])
        publisher.fail("https://www.ofcom.org.uk/a/b.zip", Status(500), Truncate(100))   # then all is well
        fetch_file(Address("https://www.ofcom.org.uk/a/b.zip?v=1", "b.zip"), cache=..., mirror=publisher.mirror)
        publisher.asked("https://www.ofcom.org.uk/a/b.zip")   # the requests seen, with headers and form

Addresses are the publishers' real ones; `publisher.mirror` is what `--mirror` or NOTSPOT_MIRROR is set to. It also
answers as a forward proxy (HTTP_PROXY), for addresses that begin with http:. Files have an ETag and a Last-Modified,
and honour Range with If-Range, unless told otherwise.
"""

from __future__ import annotations

import email.utils
import hashlib
import json
import os
import ssl
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from publisher.answering import Handler
from publisher.faults import Fault
from publisher.maps import Layer

OS = "https://api.os.uk/downloads/v1/products"
MEDIA = "https://assets.publishing.service.gov.uk/media"
PUBLISHED = email.utils.formatdate(1_750_000_000, usegmt=True)


@dataclass
class File:
    """Something published under an address."""

    content: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    versioned: bool = True
    chunked: bool = False
    trusting: bool = False
    longest: int | None = None

    @property
    def all_headers(self) -> dict[str, str]:
        """Give the headers of a whole answer, without its length."""
        marks = {"ETag": f'"{hashlib.sha256(self.content).hexdigest()[:16]}"', "Last-Modified": PUBLISHED}
        return (marks if self.versioned else {}) | self.headers


@dataclass(frozen=True)
class Seen:
    """A request: its method, the publisher's address, its headers and the form it carried."""

    method: str
    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str]


class Quiet(ThreadingHTTPServer):
    """A server that does not print when a client hangs up, which some tests do on purpose; other faults it prints."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Publisher:
    """All publishers on one loopback port; see the top of the module."""

    def __init__(self, *, certificate: Path | None = None) -> None:
        """Take a free port; speak TLS when a certificate with its key is given (PEM)."""
        self.files: dict[str, File] = {}
        self.layers: dict[str, Layer] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.always: dict[str, Fault] = {}
        self.requests: list[Seen] = []
        self._before: dict[str, str | None] = {}
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.publisher = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.mirror = f"http{'s' if certificate else ''}://127.0.0.1:{self._server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._server.handle_error = lambda *_: None  # whoever does not trust it hangs up

    def __enter__(self) -> Self:
        """Open the port, and keep a proxy of the machine's own from standing before it."""
        self._before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
        os.environ.update(dict.fromkeys(self._before, "127.0.0.1"))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the port and let go of whoever still waits."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def add(
        self,
        url: str,
        content: bytes | str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        ranges: bool = True,
        versioned: bool = True,
        chunked: bool = False,
        trusting: bool = False,
        longest: int | None = None,
    ) -> bytes:
        """Publish content under an address.

        `ranges`: parts can be asked for. `versioned`: has ETag and Last-Modified. `chunked`: sent without its length.
        `trusting`: sends the rest of whatever it has, as servers do that know no If-Range.
        `longest`: the most bytes a part has.
        """
        body = content.encode() if isinstance(content, str) else content
        kind = {"zip": "application/zip", "csv": "text/csv"}.get(urlsplit(url).path.rpartition(".")[2], "text/plain")
        said = {"Content-Type": kind} | dict(headers or {})
        self.files[key(url)] = File(body, status, said, ranges, versioned, chunked, trusting, longest)
        return body

    def add_redirect(self, url: str, to: str, *, status: int = 302) -> None:
        """Send whoever asks elsewhere."""
        self.add(url, "", status=status, headers={"Location": to}, versioned=False)

    def add_json(self, url: str, answer: object) -> None:
        """Publish a JSON document, sent in chunks as GOV.UK does."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        self.add(url, json.dumps(answer), headers=headers, chunked=True, versioned=False)

    def add_arcgis(
        self, service_url: str, rows: Sequence[Mapping[str, Any]], *, page: int = 2_000, **quirks: Any
    ) -> Layer:
        """Publish a layer of a map service; `service_url` ends in `/FeatureServer/0`. For quirks see `Layer`."""
        layer = Layer(rows, page=page, **quirks)
        self.layers[key(service_url)] = layer
        return layer

    def add_os(
        self, product: str, name: str, content: bytes, *, area: str = "GB", kind: str = "CSV", md5: str | None = None
    ) -> None:
        """Publish a file of an OS product: in the product's list, with a redirect, and the file itself."""
        listing, asked = f"{OS}/{product}/downloads", urlencode({"area": area, "format": kind})
        entry = {
            "md5": md5 or hashlib.md5(content, usedforsecurity=False).hexdigest().upper(),
            "size": len(content),
            "url": f"{listing}?{asked}&redirect&fileName={name}",
            "format": kind,
            "area": area,
            "fileName": name,
        }
        held = self.files.get(key(f"{listing}?{asked}"))
        self.add_json(f"{listing}?{asked}", [*(json.loads(held.content) if held else []), entry])
        place = f"https://omseprd1stdstordownload.blob.core.windows.net/downloads/{product}/{name}"
        self.add_redirect(entry["url"], place, status=307)
        self.add(place, content)

    def add_listing(self, page_url: str, attachments: Sequence[tuple[str, str, bytes]], *, html: bool = False) -> None:
        """Publish a page of GOV.UK with attachments (title, file name, content), in JSON or in the older HTML."""
        entries, sections = [], []
        for number, (title, name, content) in enumerate(attachments):
            place = f"{MEDIA}/{number:024x}/{name}"
            self.add(place, content)
            sections.append(
                f'<section class="attachment"><a href="{place}"><img src="/cover.png"></a>'
                f'<h2 class="title"><a href="{place}">{title}</a></h2></section>'
            )
            entries.append(
                {"attachment_type": "file", "id": name, "title": title, "url": place, "filename": name}
                | {"content_type": "application/zip", "file_size": len(content), "accessible": False}
            )
        entries.append({"attachment_type": "html", "title": "User guide", "url": "/government/publications/x/guide"})
        details = {"documents": sections} if html else {"attachments": entries, "body": "<p>Words</p>"}
        path = urlsplit(page_url).path.removeprefix("/api/content")
        answer = {"base_path": path, "title": "A release", "details": details}
        self.add_json(urljoin(page_url, f"/api/content{path}"), answer)

    def fail(self, url: str, *faults: Fault, always: bool = False) -> None:
        """Script faults for the next requests to an address, one each; `always` keeps the last one for good."""
        self.faults[bare(url)] = list(faults)
        if always:
            self.always[bare(url)] = faults[-1]

    def asked(self, url: str) -> list[Seen]:
        """List the requests to an address, whatever their query."""
        with self.lock:
            return [seen for seen in self.requests if bare(seen.url) == bare(url)]

    def next_fault(self, url: str) -> Fault | None:
        """Take the next fault of an address's script."""
        with self.lock:
            script = self.faults.get(bare(url), [])
            return script.pop(0) if script else self.always.get(bare(url))


def key(url: str) -> str:
    """Give what an address is known by: without `?v=`, which changes with every edition of a page."""
    parts = urlsplit(url)
    query = urlencode(
        sorted((name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "v")
    )
    return f"{parts.netloc}{parts.path}" + (f"?{query}" if query else "")


def bare(url: str) -> str:
    """Give an address without scheme and query."""
    return key(url).partition("?")[0]
