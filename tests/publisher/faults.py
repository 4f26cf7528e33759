"""What can go wrong with a server, one fault for one request; see `publisher.server`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fine:
    """Nothing goes wrong: stands between faults in a script."""


@dataclass(frozen=True)
class HangUp:
    """Close the connection without an answer."""


@dataclass(frozen=True)
class Hang:
    """Say nothing for so many seconds, or until the publisher closes."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Status:
    """Answer with a status; `Status(429, {"Retry-After": "7"})`."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = "not now"


@dataclass(frozen=True)
class Truncate:
    """Promise the whole length, send so many bytes of the answer, and close."""

    after: int


@dataclass(frozen=True)
class WrongBytes:
    """Send other bytes of the same length."""


@dataclass(frozen=True)
class Page:
    """Send a web page with status 200 in place of the file."""

    text: str = "<!DOCTYPE html><html><title>Sorry</title><body><h1>Sign in to the guest network</h1></body></html>"


@dataclass(frozen=True)
class Drip:
    """Send so many bytes at a time with a pause, in seconds, between; `gate` bytes at once before that."""

    size: int = 1
    pause: float = 0.01
    gate: int = 0


@dataclass(frozen=True)
class NewVersion:
    """From this request on, publish other content under the address."""

    content: bytes


Fault = Fine | HangUp | Hang | Status | Truncate | WrongBytes | Page | Drip | NewVersion
