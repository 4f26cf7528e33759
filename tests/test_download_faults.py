"""Servers, networks and disks that fail: each ends in a verified file, or in a clear message and a clean retry."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publisher.faults import Drip, Fault, Fine, Hang, HangUp, NewVersion, Page, Status, Truncate, WrongBytes
from publisher.patience import Watch
from publisher.server import Publisher

from layers.catalogue import Address
from layers.errors import LayerError
from layers.fetch.client import PROGRESS, TransientError, response_body, retry_after
from layers.fetch.download import Fetched, fetch_file

CSV = b"postcode,premises\n" + b"".join(b"DT%06d,%d\n" % (number, number % 7) for number in range(20_000))
DIGEST = hashlib.sha256(CSV).hexdigest()
URL = "https://www.ofcom.org.uk/siteassets/pc.csv"
ADDRESS = Address(URL, "pc.csv", landing="https://www.ofcom.org.uk/connected-nations")
HALF = len(CSV) // 2


@pytest.fixture(scope="module")
def running() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def publisher(running: Publisher) -> Publisher:
    for held in (running.files, running.faults, running.always, running.requests):
        held.clear()
    running.add(URL, CSV)
    return running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(publisher: Publisher, cache: Path, watch: Watch | None = None, **how: Any) -> Fetched:
    policy = (watch or Watch()).policy(**how.pop("patience", {}))
    return fetch_file(how.pop("address", ADDRESS), cache=cache, mirror=publisher.mirror, policy=policy, **how)


def real_names(cache: Path) -> list[str]:
    return [path.name for path in cache.rglob("pc.csv")]


@pytest.mark.parametrize(
    "faults",
    [
        [HangUp()],
        [Status(500), Status(502), Status(503), Status(504)],
        [Status(408), Status(429), Status(522)],
        [Truncate(0)],
        [Truncate(HALF)],
        [Truncate(len(CSV) - 1)],
        [Truncate(1000), HangUp(), Truncate(2000), Status(503)],
        [Drip(size=50_000, pause=0.0)],
    ],
    ids=str,
)
def test_what_passes_is_waited_for(publisher: Publisher, cache: Path, faults: list[Fault]) -> None:
    publisher.fail(URL, *faults)
    fetched = fetch(publisher, cache, expected=DIGEST)
    assert fetched.path.read_bytes() == CSV
    failing = [fault for fault in faults if not isinstance(fault, Drip)]
    assert len(publisher.asked(URL)) == len(failing) + 1


@pytest.mark.parametrize(("chance", "slept"), [(1.0, [1, 2, 4, 8, 16]), (0.0, [0.5, 1, 2, 4, 8])])
def test_pauses_double_and_vary(publisher: Publisher, cache: Path, chance: float, slept: list[float]) -> None:
    watch = Watch()
    publisher.fail(URL, *[Status(500)] * 5)
    fetch(publisher, cache, watch, patience={"chance": lambda: chance})
    assert watch.slept == slept


@pytest.mark.parametrize(
    ("said", "waited"),
    [("7", 7), ("Sat, 31 Jan 2026 12:00:09 GMT", 9), ("Sat, 31 Jan 2026 11:00:00 GMT", 0), ("86400", 60), ("soon", 1)],
)
def test_a_server_that_asks_to_wait_is_given_that_time(
    publisher: Publisher, cache: Path, said: str, waited: float
) -> None:
    watch = Watch()
    publisher.fail(URL, Status(429, {"Retry-After": said}))
    assert fetch(publisher, cache, watch).path.read_bytes() == CSV
    assert watch.slept == [waited]


@given(said=st.text(max_size=40))
def test_any_wish_to_wait_is_a_time_or_nothing(said: str) -> None:
    seconds = retry_after(said, Watch().now())
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize("code", [404, 410])
def test_a_file_that_has_gone_is_said_at_once_with_the_publishers_page(
    publisher: Publisher, cache: Path, code: int
) -> None:
    publisher.fail(URL, Status(code), always=True)
    with pytest.raises(LayerError, match="no file at this address") as caught:
        fetch(publisher, cache)
    said = str(caught.value)
    assert all(part in said for part in (URL, str(code), "https://www.ofcom.org.uk/connected-nations", "new release"))
    assert publisher.mirror in said
    assert len(publisher.asked(URL)) == 1


@pytest.mark.parametrize("code", [400, 401, 403, 407, 451, 501])
def test_a_refusal_is_said_at_once(publisher: Publisher, cache: Path, code: int) -> None:
    publisher.fail(URL, Status(code), always=True)
    with pytest.raises(LayerError, match="refuses"):
        fetch(publisher, cache)
    assert len(publisher.asked(URL)) == 1


def test_a_server_that_never_recovers_is_given_up(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Status(500), always=True)
    with pytest.raises(LayerError, match="does not deliver") as caught:
        fetch(publisher, cache)
    assert "500" in str(caught.value.parts["found"])
    assert len(publisher.asked(URL)) == 6
    assert real_names(cache) == []


def test_a_closed_port_is_given_up_with_what_to_do(cache: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(LayerError, match="cannot be reached") as caught:
        fetch_file(ADDRESS, cache=cache, mirror=f"http://127.0.0.1:{port}", policy=Watch().policy())
    said = str(caught.value)
    for word in ("internet connection", "HTTPS_PROXY", "REQUESTS_CA_BUNDLE", str(cache / "by-hand" / "pc.csv")):
        assert word in said


@pytest.mark.parametrize(
    ("error", "index"), [(requests.exceptions.ConnectTimeout, 0), (requests.exceptions.ReadTimeout, 1)]
)
@pytest.mark.parametrize("addresses", [1, 2, 12])
def test_a_silent_host_is_given_up_within_a_minute(
    cache: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception], index: int, addresses: int
) -> None:
    watch = Watch()
    hosts = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{number}", 0)) for number in range(addresses)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: hosts)

    def silent(_session: object, _method: str, _url: str, *, timeout: tuple[float, float], **_: object) -> None:
        assert timeout[0] <= 10
        assert timeout[1] <= 30
        watch.seconds += timeout[index] * (addresses if index == 0 else 1)  # each address has its turn
        raise error("silence")

    monkeypatch.setattr(requests.Session, "request", silent)
    with pytest.raises(LayerError, match="cannot be reached"):
        fetch_file(ADDRESS, cache=cache, policy=watch.policy())
    assert 20 < watch.seconds <= 60


def test_a_name_that_nobody_knows_is_given_up_within_a_minute(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()

    def unknown(*_: object) -> None:
        watch.seconds += 25  # a resolver that does not answer takes its own time
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(LayerError, match="cannot be reached") as caught:
        fetch_file(ADDRESS, cache=cache, policy=watch.policy())
    assert "name is not known" in str(caught.value)
    assert watch.seconds <= 60


def test_a_server_that_says_nothing_is_left_and_asked_again(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Hang())
    assert fetch(publisher, cache, patience={"read": 0.2}).path.read_bytes() == CSV


def test_a_server_that_almost_stops_is_left_and_asked_again(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Drip(size=1, pause=0.01, gate=HALF))
    watch = Watch()
    ticks = iter(range(10**9))
    watch.clock = lambda: float(next(ticks))  # each look at the watch is a second later
    assert fetch(publisher, cache, watch, patience={"slowest": (1_000, 30.0)}).path.read_bytes() == CSV
    assert publisher.asked(URL)[-1].headers["Range"].startswith("bytes=")


def test_what_has_arrived_is_not_asked_for_again(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Truncate(HALF))
    assert fetch(publisher, cache).path.read_bytes() == CSV
    first, second = publisher.asked(URL)
    assert "Range" not in first.headers
    assert second.headers["Range"] == f"bytes={HALF}-"
    assert second.headers["If-Range"] == f'"{DIGEST[:16]}"'


def test_a_server_that_gives_short_parts_is_asked_until_the_file_is_whole(publisher: Publisher, cache: Path) -> None:
    publisher.add(URL, CSV, longest=HALF // 2 + 1)
    publisher.fail(URL, Truncate(HALF))
    assert fetch(publisher, cache).path.read_bytes() == CSV
    assert len(publisher.asked(URL)) == 3


def test_a_body_shorter_than_promised_is_noticed_whatever_the_library_does() -> None:
    answer = requests.Response()
    answer.headers["Content-Length"] = "10"
    bodies = iter([b"123456789", b""])
    answer.raw = SimpleNamespace(read1=lambda *_, **__: next(bodies))
    with pytest.raises(TransientError, match="9 of 10 bytes"):
        list(response_body(answer, policy=Watch().policy()))


def test_patience_starts_anew_as_long_as_it_gets_on(publisher: Publisher, cache: Path) -> None:
    watch, content = Watch(), CSV * 4
    publisher.add(URL, content)
    publisher.fail(URL, *[Truncate(PROGRESS)] * 10)
    assert fetch(publisher, cache, watch).path.read_bytes() == content
    assert watch.slept == [1] * 10


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 3_000), max_size=5), size=st.integers(3, 3_000))
def test_wherever_it_is_cut_the_bytes_are_the_same(
    publisher: Publisher, tmp_path_factory: pytest.TempPathFactory, cuts: list[int], size: int
) -> None:
    content = b"a,b" + os.urandom(size - 3).replace(b"\0", b"1")
    publisher.add(URL, content)
    publisher.fail(URL, *[Truncate(cut) for cut in cuts if cut < size])
    assert fetch(publisher, tmp_path_factory.mktemp("cache")).path.read_bytes() == content


@pytest.mark.parametrize("quirk", [{"ranges": False}, {"versioned": False}], ids=["no ranges", "no version"])
def test_without_ranges_or_versions_it_starts_anew(publisher: Publisher, cache: Path, quirk: dict[str, bool]) -> None:
    publisher.add(URL, CSV, **quirk)
    publisher.fail(URL, Truncate(HALF), Truncate(1000))
    assert fetch(publisher, cache).path.read_bytes() == CSV


@pytest.mark.parametrize("trusting", [False, True], ids=["knows If-Range", "knows no If-Range"])
def test_a_file_that_changes_between_two_tries_is_not_pieced_together(
    publisher: Publisher, cache: Path, trusting: bool
) -> None:
    changed = CSV.replace(b"DT", b"BH")
    publisher.add(URL, CSV, trusting=trusting)
    publisher.fail(URL, Truncate(HALF), NewVersion(changed))
    assert fetch(publisher, cache).path.read_bytes() == changed


def test_killed_as_a_new_version_begins_the_old_half_does_not_pass_for_it(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, usual = CSV.replace(b"DT", b"BH"), Path.open
    publisher.fail(URL, Truncate(HALF), NewVersion(changed))
    with pytest.raises(LayerError):
        fetch(publisher, cache, patience={"tries": 1})

    def killed(path: Path, mode: str = "r", *args: Any, **others: Any) -> Any:
        if path.name.endswith(".part") and mode == "wb":
            raise KeyboardInterrupt
        return usual(path, mode, *args, **others)

    with monkeypatch.context() as kill:
        kill.setattr(Path, "open", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch(publisher, cache)
    assert fetch(publisher, cache).path.read_bytes() == changed


@pytest.mark.parametrize("packed", [False, True], ids=["chunked", "compressed"])
def test_a_body_packed_on_its_way_is_whole_or_asked_for_again(publisher: Publisher, cache: Path, packed: bool) -> None:
    publisher.add(URL, gzip.compress(CSV), headers={"Content-Encoding": "gzip"}) if packed else publisher.add(
        URL, CSV, chunked=True
    )
    publisher.fail(URL, Truncate(20_000))
    assert fetch(publisher, cache).path.read_bytes() == CSV
    first, second = publisher.asked(URL)
    assert first.headers["Accept-Encoding"] == "identity"
    assert ("Range" in second.headers) is not packed  # where a packed file stops says nothing of the file itself


def test_a_body_always_cut_short_is_never_taken_for_the_file(publisher: Publisher, cache: Path) -> None:
    publisher.add(URL, CSV, ranges=False)
    publisher.fail(URL, Truncate(HALF), always=True)
    with pytest.raises(LayerError, match="does not deliver"):
        fetch(publisher, cache)
    assert real_names(cache) == []
    publisher.always.clear()
    assert fetch(publisher, cache).path.read_bytes() == CSV


def test_another_hash_is_refused_and_what_was_good_stays(publisher: Publisher, cache: Path) -> None:
    good = fetch(publisher, cache)
    publisher.fail(URL, WrongBytes(), always=True)
    publisher.files["www.ofcom.org.uk/siteassets/pc.csv"].versioned = False
    with pytest.raises(LayerError, match="SHA-256 differs") as caught:
        fetch(publisher, cache, expected=DIGEST, refresh=True)
    parts = caught.value.parts
    wrong = hashlib.sha256(bytes(byte ^ 1 for byte in CSV)).hexdigest()
    assert (parts["expected"], parts["found"]) == (DIGEST, wrong)
    assert "--update" in str(parts["next"])
    assert good.path.read_bytes() == CSV
    assert real_names(cache) == ["pc.csv"]
    publisher.always.clear()
    assert fetch(publisher, cache, expected=DIGEST).path == good.path


def test_pieces_with_the_wrong_hash_are_fetched_once_more_from_the_start(publisher: Publisher, cache: Path) -> None:
    publisher.fail(URL, Truncate(HALF), WrongBytes(), Fine())
    assert fetch(publisher, cache, expected=DIGEST).path.read_bytes() == CSV
    assert "Range" not in publisher.asked(URL)[-1].headers


@pytest.mark.parametrize("name", ["pc.csv", "pc.zip", "pc.xlsx", "pc.ods", "pc.json", "pc.bin"])
def test_a_web_page_is_not_a_file(publisher: Publisher, cache: Path, name: str) -> None:
    publisher.fail(URL, Page(), always=True)
    with pytest.raises(LayerError, match="not the file") as caught:
        fetch(publisher, cache, address=Address(URL, name))
    assert "Sign in to the guest network" in str(caught.value)
    assert [path for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock"] == []
    assert len(publisher.asked(URL)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"postcode,premises\n"),
        ("a.zip", b"PK\x05\x06" + bytes(18)),
        ("a.csv", b"PK\x03\x04"),
        ("a.csv", b'{"error": "no"}'),
        ("a.csv", b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfea\0,\0"),
        ("a.json", b"a,b\n"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0"),
        ("a.bin", b""),
    ],
)
def test_other_content_than_the_name_promises_is_refused(
    publisher: Publisher, cache: Path, name: str, content: bytes
) -> None:
    publisher.add(URL, content)
    with pytest.raises(LayerError, match="not the file"):
        fetch(publisher, cache, address=Address(URL, name))


def test_an_archive_without_its_end_is_refused_even_when_no_length_was_promised(
    publisher: Publisher, cache: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", CSV)
    publisher.add(URL, packed.getvalue()[:-30])
    with pytest.raises(LayerError, match="end is missing"):
        fetch(publisher, cache, address=Address(URL, "a.zip"))
    publisher.add(URL, packed.getvalue())
    assert fetch(publisher, cache, address=Address(URL, "a.zip")).size == len(packed.getvalue())


@pytest.mark.parametrize("chunked", [False, True], ids=["said beforehand", "seen as it comes"])
def test_a_file_without_end_is_refused(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch, chunked: bool
) -> None:
    publisher.add(URL, CSV, chunked=chunked)
    with monkeypatch.context() as small:
        small.setattr("layers.fetch.transfer.LARGEST", HALF)
        with pytest.raises(LayerError, match="at most"):
            fetch(publisher, cache)
    assert list(cache.rglob("*.part")) == []
    assert fetch(publisher, cache).path.read_bytes() == CSV


class FullDisk(io.FileIO):
    """A file on a disk with room for so many bytes."""

    room = HALF

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.room:
            super().write(data[: self.room - self.tell()])
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_said_and_the_fetch_goes_on_when_there_is_room(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Path.open

    def opened(path: Path, mode: str = "r", *args: Any, **others: Any) -> Any:
        return (
            FullDisk(path, mode) if path.name.endswith(".part") and mode == "wb" else usual(path, mode, *args, **others)
        )

    with monkeypatch.context() as full:
        full.setattr(Path, "open", opened)
        with pytest.raises(LayerError, match="disk is full") as caught:
            fetch(publisher, cache)
    assert "free some space" in str(caught.value)
    assert real_names(cache) == []
    assert fetch(publisher, cache).path.read_bytes() == CSV
    assert publisher.asked(URL)[-1].headers["Range"] == f"bytes={HALF}-"


@pytest.mark.parametrize("step", ["mkdir", "write_text", "replace"])
def test_a_disk_that_refuses_any_step_is_a_message(
    publisher: Publisher, cache: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, step, refuse)
        with pytest.raises(LayerError, match="disk is full"):
            fetch(publisher, cache)
    assert fetch(publisher, cache).path.read_bytes() == CSV


def test_a_cache_that_is_a_file_is_a_message(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(LayerError, match="cache folder cannot be used"):
        fetch(publisher, tmp_path / "cache")
