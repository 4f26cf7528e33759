"""How the loopback publisher answers one request; see `publisher.server`."""

from __future__ import annotations

import json
import re
import socket
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from publisher import faults

RANGE = re.compile(r"bytes=(\d+)-")


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; keeps it open, as HTTP 1.1 does."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer({})

    def do_HEAD(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self._answer(dict(parse_qsl(self.rfile.read(length).decode())))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the standard library's name
        """Say nothing."""

    def _answer(self, form: dict[str, str]) -> None:
        from publisher.server import Seen, bare

        publisher = self.server.publisher
        # As a mirror, the host is the path's first part; as a proxy, the whole address is given.
        url = self.path if self.path.startswith("http://") else f"https://{self.path.lstrip('/')}"
        with publisher.lock:
            publisher.requests.append(Seen(self.command, url, dict(self.headers), form))
        fault = publisher.next_fault(url)
        if isinstance(fault, faults.HangUp):
            self._close()
        elif isinstance(fault, faults.Hang):
            publisher.closing.wait(fault.seconds)
            self._close()
        elif isinstance(fault, faults.Status):
            self._send(fault.code, dict(fault.headers), fault.text.encode(), None)
        elif isinstance(fault, faults.Page):
            self._send(200, {"Content-Type": "text/html"}, fault.text.encode(), None)
        else:
            if isinstance(fault, faults.NewVersion):
                self._file(url).content = fault.content
            layer = publisher.layers.get(bare(url).removesuffix("/query"))
            if layer is not None:
                asked = form or dict(parse_qsl(urlsplit(url).query))
                answer = layer.query(asked) if bare(url).endswith("/query") else layer.about()
                self._send(200, {"Content-Type": "application/json"}, json.dumps(answer).encode(), fault)
            elif self._file(url) is None:
                self._send(404, {"Content-Type": "text/html"}, b"<!DOCTYPE html><h1>Page not found</h1>", None)
            else:
                self._send_file(self._file(url), fault)

    def _file(self, url: str) -> Any:
        from publisher.server import bare, key

        held = self.server.publisher.files
        return held.get(key(url)) or held.get(bare(url))

    def _send_file(self, file: Any, fault: faults.Fault | None) -> None:
        headers, content, status = file.all_headers, file.content, file.status
        if self.headers.get("If-None-Match", "-") == headers.get("ETag") and file.versioned:
            self._send(304, headers, b"", None)
            return
        span = RANGE.fullmatch(self.headers.get("Range", ""))
        if span and file.ranges and status == 200:
            condition = self.headers.get("If-Range")
            current = file.trusting or condition in {None, headers.get("ETag"), headers.get("Last-Modified")}
            start = int(span[1])
            if current and start >= len(content):
                self._send(416, {"Content-Range": f"bytes */{len(content)}"}, b"", None)
                return
            if current:
                end = min(len(content), start + (file.longest or len(content)))
                headers = headers | {"Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
                status, content = 206, content[start:end]
        if isinstance(fault, faults.WrongBytes):
            content = bytes(byte ^ 1 for byte in content)
        self._send(status, headers, content, fault, chunked=file.chunked)

    def _send(
        self, status: int, headers: dict[str, str], content: bytes, fault: faults.Fault | None, *, chunked: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif status != 304:
            self.send_header("Content-Length", str(len(content)))
        try:
            self.end_headers()
            if self.command == "HEAD" or status == 304:
                return
            if chunked:
                content = f"{len(content):x}\r\n".encode() + content + b"\r\n0\r\n\r\n"
            if isinstance(fault, faults.Truncate):
                self.wfile.write(content[: fault.after])
                self._close()
            elif isinstance(fault, faults.Drip):
                self._drip(content, fault)
            else:
                self.wfile.write(content)
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def _drip(self, content: bytes, drip: faults.Drip) -> None:
        self.wfile.write(content[: drip.gate])
        for start in range(drip.gate, len(content), drip.size):
            self.wfile.flush()
            if self.server.publisher.closing.wait(drip.pause):
                return
            self.wfile.write(content[start : start + drip.size])

    def _close(self) -> None:
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
