"""A server's answer: what its status means, and a body that is whole or an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from layers.fetching.faults import FalterError, gone, innermost, refused
from layers.fetching.manner import Manner

CHUNK = 256 * 1024
"""Bytes taken from the network at a time (assumption: quick, and small beside any file)."""
PASSING = {408, 425, 429, *range(500, 600)} - {501, 505}
"""Answers that may be other ones soon (RFC 9110; above 511 are those of content networks)."""


def body(response: requests.Response, *, manner: Manner) -> Iterator[bytes]:
    """Give a body as it arrives, and make sure that all of it has.

    Raises
    ------
    FalterError
        The connection broke, almost stopped, or closed before the length it had promised.
    """
    promised = response.headers.get("Content-Length", "")
    whole = int(promised) if promised.isdecimal() and "Content-Encoding" not in response.headers else None
    received, window, since = 0, 0, manner.clock()
    while True:
        try:
            # Not iter_content: it waits for a full chunk, however slowly the bytes drip in.
            chunk = response.raw.read1(CHUNK, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # read1 reports a short body as an error of its own; which one differs between versions.
            raise FalterError(f"the connection broke after {received:,} bytes: {innermost(error)}") from error
        if not chunk:
            break
        received, window = received + len(chunk), window + len(chunk)
        yield chunk
        least, seconds = manner.slowest
        if manner.clock() - since >= seconds:
            if window < least:
                raise FalterError(f"only {window:,} bytes arrived in {manner.clock() - since:.0f} seconds")
            window, since = 0, manner.clock()
    if whole is not None and received != whole:
        raise FalterError(f"cut short: {received:,} of {whole:,} bytes")


def retry_after(said: str | None, now: datetime) -> float | None:
    """Read how many seconds a server asks to wait, given in seconds or as a date.

    >>> from datetime import UTC
    >>> retry_after("7", datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    >>> retry_after("Thu, 01 Jan 2026 00:00:09 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    9.0
    """
    if said is None or said.strip().isdecimal():
        return float(said) if said else None
    with suppress(ValueError, TypeError):
        return max((parsedate_to_datetime(said) - now).total_seconds(), 0.0)
    return None


def fault(response: requests.Response, url: str, landing: str | None, now: datetime) -> Exception | None:
    """Turn an answer without the file into what it means."""
    code = response.status_code
    status = f"{code} {response.reason or ''}".strip()
    if code in {200, 206, 304, 416}:
        return None
    if code in PASSING:
        return FalterError(f"the answer {status}", wait=retry_after(response.headers.get("Retry-After"), now))
    if code in {404, 410}:
        return gone(url, status, landing=landing)
    return refused(url, status, landing=landing)
