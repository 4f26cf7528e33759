"""The real app as a process of its own, and the addresses of its pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectivity.views import contents

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A running app: its address, with any base path, and its process."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def started(shown: dict[str, str], *options: str, base: str = "") -> Iterator[Running]:
    """Start the real app on a free port, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    began = time.perf_counter()
    process = subprocess.Popen([*command, *options], cwd=REPOSITORY, env=os.environ | shown)
    address = f"http://127.0.0.1:{port}{base}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310 - our own server
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 60:
                    pytest.fail("the app did not start")
                time.sleep(0.1)
        yield Running(address, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def addresses() -> dict[str, str]:
    """Give the title of every page by its address."""
    return {f"/{one.address}": one.title for one in contents.entries()}
