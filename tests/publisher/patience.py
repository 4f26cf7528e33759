"""A clock that moves only when it is told to, so that tests of patience take no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from layers.fetch.client import RetryPolicy

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Watch:
    """Counts seconds: those slept, and those that something is said to take."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self.slept.append(seconds)
        self.seconds += seconds

    def clock(self) -> float:
        """Give the seconds since the start."""
        return self.seconds

    def now(self) -> datetime:
        """Give the time of day."""
        return START + timedelta(seconds=self.seconds)

    def policy(self, **others: Any) -> RetryPolicy:
        """Give a policy that goes by this watch, with pauses that are not random."""
        usual = {"sleep": self.sleep, "clock": self.clock, "now": self.now, "chance": lambda: 1.0, "agent": "notspot/9"}
        return RetryPolicy(**(usual | others))
