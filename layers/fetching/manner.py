"""How patient a fetch is, and what it says of itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata


def program() -> str:
    """Name this program and its version, as a server's log should show it."""
    try:
        return f"notspot/{metadata.version('notspot')}"
    except metadata.PackageNotFoundError:  # run from a checkout
        return "notspot/unreleased"


@dataclass(frozen=True, slots=True)
class Manner:
    """How patient a fetch is; times in seconds.

    The first three are the project's rule (design: connect 10, unreachable hosts given up within 60). The others are
    assumptions: six tries wait 31 seconds together, the usual `Retry-After` is under a minute, and under 1,000 bytes
    in a minute even a dial-up line has stopped.
    """

    connect: float = 10.0
    read: float = 30.0
    unreachable: float = 60.0
    tries: int = 6
    first_pause: float = 1.0
    longest_wait: float = 60.0
    slowest: tuple[int, float] = (1_000, 60.0)
    mirror: str | None = None
    agent: str = field(default_factory=program)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
