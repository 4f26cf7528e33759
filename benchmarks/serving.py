"""An app of Streamlit's as a process of its own, for whoever drives it in a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.measuring import REPOSITORY

PATIENCE = 60.0
"""Seconds an app may take to answer (assumption: a busy machine needs ten)."""
CHROMIUM = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
"""Flags of a browser that looks at nothing but what it is sent to."""


@dataclass(frozen=True)
class Running:
    """A running app: its address, with any base path, and its process."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def started(settings: Mapping[str, str], *options: str, app: str = "app.py", base: str = "") -> Iterator[Running]:
    """Start an app on a free port of this machine, and end it.

    Parameters
    ----------
    settings
        Environment variables beside those there are.
    options
        More options of Streamlit's.
    app
        Its file.
    base
        The path below which the options put it.

    Raises
    ------
    TimeoutError
        It ended, or did not answer in time.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none", *options]
    surroundings = os.environ | {"PYTHONPATH": str(REPOSITORY), **settings}
    process = subprocess.Popen(command, cwd=REPOSITORY, env=surroundings, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    address, until = f"http://127.0.0.1:{port}{base}", time.monotonic() + PATIENCE
    try:
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > until:
                raise TimeoutError("The app did not start.")
            time.sleep(0.05)
        yield Running(address, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310 - our own server
    except OSError:
        return False
    return True
