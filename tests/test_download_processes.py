"""Several processes and one cache: two at once, one killed, one stuck; the network's settings in the environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from publisher.faults import Drip
from publisher.patience import Watch
from publisher.server import Publisher

from layers.catalogue import Address
from layers.errors import LayerError
from layers.fetch.cache import ABANDONED, Store, locked
from layers.fetch.download import fetch_file

REPOSITORY = Path(__file__).resolve().parents[1]
CSV = b"postcode,premises\n" + b"".join(b"DT%06d,%d\n" % (number, number % 7) for number in range(20_000))
DIGEST = hashlib.sha256(CSV).hexdigest()
URL = "https://www.ofcom.org.uk/siteassets/pc.csv"
ADDRESS = Address(URL, "pc.csv")
PROGRAM = """
import sys
from pathlib import Path
from layers.fetch.download import fetch_file
from layers.catalogue import Address
fetched = fetch_file(Address(sys.argv[1], "pc.csv"), cache=Path(sys.argv[2]), mirror=sys.argv[3])
print(fetched.sha256, fetched.from_cache)
"""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.add(URL, CSV)
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def start(publisher: Publisher, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, URL, str(cache), publisher.mirror]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_fetch_a_file_once(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Drip(size=20_000, pause=0.1))
    both = [start(publisher, cache) for _ in range(2)]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [f"{DIGEST} False", f"{DIGEST} True"]
    assert len(publisher.asked(URL)) == 1
    assert (cache / "objects" / DIGEST / "pc.csv").read_bytes() == CSV


def test_a_killed_fetch_leaves_no_file_and_the_next_one_goes_on(publisher: Publisher, cache: Path) -> None:
    half = len(CSV) // 2
    publisher.fail(URL, Drip(size=1, pause=0.2, gate=half))
    process = start(publisher, cache)
    waited = time.monotonic() + 120
    while sum(part.stat().st_size for part in cache.glob("incoming/*/*.part")) < half:
        assert process.poll() is None
        assert time.monotonic() < waited
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert list(cache.rglob("pc.csv")) == []
    fetched = fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, expected=DIGEST, policy=Watch().policy())
    assert fetched.path.read_bytes() == CSV
    assert int(publisher.asked(URL)[-1].headers["Range"].removeprefix("bytes=").removesuffix("-")) >= half


def test_two_threads_at_once_fetch_a_file_once(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Drip(size=50_000, pause=0.02))
    found: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror).from_cache)
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, True]
    assert len(publisher.asked(URL)) == 1


def test_a_process_that_is_stuck_is_not_waited_for(publisher: Publisher, cache: Path) -> None:
    watch = Watch()
    folder = cache / "incoming" / ADDRESS.key[:16]
    folder.mkdir(parents=True)
    with locked(folder.with_suffix(".lock"), watched=folder, policy=watch.policy()) as first:
        assert first
        fetched = fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, policy=watch.policy())
    assert fetched.path.read_bytes() == CSV
    assert 119 < watch.seconds < 130
    assert list((cache / "incoming").glob("*-*")) == []


def test_a_process_that_gets_on_is_waited_for(tmp_path: Path) -> None:
    watch, folder = Watch(), tmp_path / "folder"
    folder.mkdir()
    lock = tmp_path / "folder.lock"
    holder = locked(lock, watched=folder, policy=watch.policy())
    assert holder.__enter__()

    def sleep(seconds: float) -> None:
        watch.seconds += seconds
        (folder / "body.part").write_bytes(bytes(int(watch.seconds)))  # the other one's work grows
        if watch.seconds > 300:
            holder.__exit__(None, None, None)

    with locked(lock, watched=folder, policy=watch.policy(sleep=sleep)) as second:
        assert second


def test_what_a_killed_process_left_alone_is_cleared_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    old, young = incoming / "abc-1-00", incoming / "abc-2-00"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "body.part").write_bytes(b"half")
    past = time.time() - ABANDONED - 60
    os.utime(old, (past, past))
    with Store(tmp_path).staging_folder(ADDRESS, Watch().policy()):
        assert not old.exists()
        assert young.exists()


def test_a_proxy_named_in_the_environment_carries_the_request(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The host does not exist: only the proxy can answer for it, and only it is looked up.
    address = Address("http://publisher.invalid/pc.csv", "pc.csv")
    publisher.add(address.url, CSV)
    monkeypatch.setenv("HTTP_PROXY", publisher.mirror)
    monkeypatch.setenv("http_proxy", publisher.mirror)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert fetch_file(address, cache=cache, policy=Watch().policy()).path.read_bytes() == CSV
    assert [seen.url for seen in publisher.requests] == [address.url]


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", "127.0.0.1:1", "http://", "socks9://127.0.0.1:1"])
def test_a_proxy_that_does_not_work_is_named_as_the_cause(
    cache: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(LayerError, match="HTTPS_PROXY"):
        fetch_file(Address("https://publisher.invalid/a.csv", "a.csv"), cache=cache, policy=Watch().policy())


@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "broken"])
def test_certificates_that_cannot_be_read_are_a_message(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    bundle = tmp_path / "council.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with pytest.raises(LayerError, match="certificate") as caught:
        fetch_file(Address("https://127.0.0.1:1/a.csv", "a.csv"), cache=cache, policy=Watch().policy())
    assert "REQUESTS_CA_BUNDLE" in str(caught.value)
    assert content is not None or str(bundle) in str(caught.value)


def test_a_networks_own_certificates_are_trusted_where_they_are_named(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, own, both = (tmp_path / name for name in ("key.pem", "own.pem", "both.pem"))
    own_name = ["-subj", "/CN=council", "-addext", "subjectAltName=IP:127.0.0.1"]
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *own_name]
    subprocess.run([openssl, *request, "-keyout", key, "-out", own], check=True, capture_output=True)
    both.write_text(key.read_text() + own.read_text())
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with Publisher(certificate=both) as publisher:
        publisher.add(URL, CSV)
        with pytest.raises(LayerError, match="certificate cannot be checked"):
            fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, policy=Watch().policy())
        assert publisher.requests == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own))
        fetched = fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, policy=Watch().policy())
        assert fetched.path.read_bytes() == CSV
