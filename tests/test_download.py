"""Fetching a published file: what is kept, under which name, and when the network is not asked."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from publisher.faults import HangUp
from publisher.patience import START, Watch
from publisher.server import Publisher

from layers.catalogue import Address, mirrored
from layers.errors import LayerError
from layers.fetch import client
from layers.fetch.download import Fetched, fetch_file

CSV = b"output_area,All Premises\nE00000001,12\n"
DIGEST = hashlib.sha256(CSV).hexdigest()
ADDRESS = Address("https://www.ofcom.org.uk/siteassets/202507_fixed_oa_coverage_r01.csv?v=407830", "oa.csv")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.add("https://www.ofcom.org.uk/siteassets/202507_fixed_oa_coverage_r01.csv?v=1", CSV)
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fetch(publisher: Publisher, cache: Path, address: Address = ADDRESS, **how: object) -> Fetched:
    return fetch_file(address, cache=cache, mirror=publisher.mirror, policy=Watch().policy(), **how)


def test_a_file_is_kept_under_its_own_name_and_its_content(publisher: Publisher, cache: Path) -> None:
    fetched = fetch(publisher, cache)
    assert fetched.path == cache / "objects" / DIGEST / "oa.csv"
    assert fetched.path.read_bytes() == CSV
    assert (fetched.sha256, fetched.size, fetched.from_cache) == (DIGEST, len(CSV), False)
    assert fetched.url == ADDRESS.url
    assert fetched.fetched == START.isoformat()


def test_a_second_fetch_asks_nobody(publisher: Publisher, cache: Path) -> None:
    first = fetch(publisher, cache)
    second = fetch(publisher, cache)
    assert second == replace(first, from_cache=True)
    assert len(publisher.requests) == 1


def test_without_a_network_the_cache_is_enough(publisher: Publisher, cache: Path) -> None:
    fetch(publisher, cache)
    assert fetch_file(ADDRESS, cache=cache, offline=True).path.read_bytes() == CSV
    assert len(publisher.requests) == 1


def test_without_a_network_and_a_file_the_place_for_it_is_named(cache: Path) -> None:
    with pytest.raises(LayerError, match="not been fetched") as caught:
        fetch_file(ADDRESS, cache=cache, offline=True)
    assert str(cache / "by-hand" / "oa.csv") in str(caught.value)
    assert not cache.exists()


def test_the_same_content_is_found_whatever_address_gave_it(publisher: Publisher, cache: Path) -> None:
    fetch(publisher, cache)
    other = Address("https://example.org/elsewhere", "other.csv", sha256=DIGEST)
    fetched = fetch_file(other, cache=cache, offline=True)
    assert fetched.path == cache / "objects" / DIGEST / "other.csv"
    assert fetched.path.read_bytes() == CSV


def test_a_refresh_of_an_unchanged_file_is_answered_with_no_content(publisher: Publisher, cache: Path) -> None:
    first = fetch(publisher, cache)
    again = fetch(publisher, cache, refresh=True)
    assert again == replace(first, from_cache=True)
    assert publisher.requests[-1].headers["If-None-Match"].startswith('"')


def test_a_refresh_takes_what_has_changed_and_keeps_what_was(publisher: Publisher, cache: Path) -> None:
    first = fetch(publisher, cache)
    publisher.add(ADDRESS.url.replace("407830", "2"), CSV + b"E00000002,7\n")
    second = fetch(publisher, cache, refresh=True)
    assert second.path.read_bytes() == CSV + b"E00000002,7\n"
    assert not second.from_cache
    assert first.path.read_bytes() == CSV
    assert fetch(publisher, cache, expected=DIGEST).path == first.path


def test_a_damaged_file_of_the_cache_is_thrown_away_said_and_fetched_again(publisher: Publisher, cache: Path) -> None:
    fetched = fetch(publisher, cache)
    fetched.path.write_bytes(b"damaged")
    said: list[str] = []
    assert fetch(publisher, cache, note=said.append).path.read_bytes() == CSV
    assert len(said) == 1
    assert "no longer holds" in said[0]
    assert len(publisher.requests) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1}', json.dumps({"sha256": "../../etc"})])
def test_a_broken_record_is_as_good_as_none(publisher: Publisher, cache: Path, text: str) -> None:
    fetch(publisher, cache)
    next(iter((cache / "index").iterdir())).write_text(text)
    assert fetch(publisher, cache).path.read_bytes() == CSV


def test_a_file_put_there_by_hand_is_taken(publisher: Publisher, cache: Path) -> None:
    by_hand = cache / "by-hand" / "oa.csv"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(CSV)
    said: list[str] = []
    fetched = fetch(publisher, cache, expected=DIGEST, note=said.append)
    assert fetched.path == cache / "objects" / DIGEST / "oa.csv"
    assert by_hand.exists()
    assert "by hand" in said[0]
    assert publisher.requests == []


def test_a_file_put_there_by_hand_counts_until_the_publisher_is_asked_again(publisher: Publisher, cache: Path) -> None:
    by_hand = cache / "by-hand" / "oa.csv"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(CSV + b"E00000009,1\n")
    assert fetch_file(ADDRESS, cache=cache, offline=True).sha256 != DIGEST
    assert fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror).from_cache
    assert publisher.requests == []
    assert fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, refresh=True).sha256 == DIGEST
    assert len(publisher.requests) == 1
    by_hand.write_bytes(CSV + b"E00000010,1\n")
    later = time.time() + 60
    os.utime(by_hand, (later, later))
    again = fetch_file(ADDRESS, cache=cache, mirror=publisher.mirror, refresh=True)
    assert again.path.read_bytes().endswith(b"E00000010,1\n")


def test_a_file_put_there_by_hand_must_be_the_one_expected(cache: Path) -> None:
    by_hand = cache / "by-hand" / "oa.csv"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(LayerError, match="SHA-256 differs") as caught:
        fetch_file(ADDRESS, cache=cache, expected=DIGEST)
    assert caught.value.parts["file"] == by_hand
    by_hand.write_bytes(b"<html><title>Log in</title></html>")
    with pytest.raises(LayerError, match="Log in"):
        fetch_file(ADDRESS, cache=cache)


def test_redirects_are_followed_through_the_mirror(publisher: Publisher, cache: Path) -> None:
    publisher.add_redirect("https://example.org/old", "https://www.example.org/moved", status=301)
    publisher.add_redirect("https://www.example.org/moved", "/file.csv?v=2", status=302)
    publisher.add("https://www.example.org/file.csv", CSV)
    fetched = fetch(publisher, cache, Address("https://example.org/old", "oa.csv"))
    assert fetched.path.read_bytes() == CSV
    assert fetched.url == "https://www.example.org/file.csv?v=2"


def test_a_mirrors_own_redirects_stay_on_the_mirror(publisher: Publisher, cache: Path) -> None:
    publisher.add_redirect("https://example.org/old", "/example.org/new.csv")
    publisher.add("https://example.org/new.csv", CSV)
    publisher.add_redirect("https://example.org/older", f"{publisher.mirror}/example.org/new.csv")
    for old in ("https://example.org/old", "https://example.org/older"):
        assert fetch(publisher, cache, Address(old, "oa.csv")).path.read_bytes() == CSV


@pytest.mark.parametrize("target", ["file:///etc/passwd", "https://", "https://example.org/round"])
def test_a_redirect_to_nowhere_or_in_a_ring_is_refused(publisher: Publisher, cache: Path, target: str) -> None:
    publisher.add_redirect("https://example.org/round", target)
    with pytest.raises(LayerError, match="cannot be asked"):
        fetch(publisher, cache, Address("https://example.org/round", "oa.csv"))


def test_a_redirect_from_a_safe_address_to_an_unsafe_one_is_refused() -> None:
    safe, unsafe = "https://example.org/a", "http://example.org/b"
    with pytest.raises(LayerError, match="from a safe address"):
        client._onward(safe, safe, unsafe)
    assert client._onward(unsafe, unsafe, safe) == safe
    assert client._onward(safe, "http://127.0.0.1:1/example.org/a", unsafe) == unsafe  # a mirror is the user's own


def test_progress_counts_to_the_whole(publisher: Publisher, cache: Path) -> None:
    told: list[tuple[int, int | None]] = []
    fetch(publisher, cache, tell=lambda received, total: told.append((received, total)))
    assert told[-1] == (len(CSV), len(CSV))


def test_a_server_learns_the_programs_name_and_no_secret(
    publisher: Publisher, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "netrc"
    secrets.write_text("machine 127.0.0.1 login me password hidden\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("NETRC", str(secrets))
    fetch(publisher, cache)
    headers = publisher.requests[0].headers
    assert headers["User-Agent"] == "notspot/9"
    assert "Authorization" not in headers
    assert "Cookie" not in headers


def test_nothing_is_left_beside_what_is_kept(publisher: Publisher, cache: Path) -> None:
    publisher.fail(ADDRESS.url, HangUp())
    fetch(publisher, cache)
    files = {path.relative_to(cache).parts[0] for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert files == {"objects", "index"}


@pytest.mark.parametrize("url", ["ftp://example.org/a", "file:///etc/passwd", "https://me:pw@example.org/a", "/a", ""])
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(LayerError, match="not an address"):
        Address(url, "a.csv")


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "nul.csv", "COM1", "a ", "a.", "a\nb", "a:b", "x" * 200])
def test_a_name_that_is_not_one_files_everywhere_is_refused(name: str) -> None:
    with pytest.raises(LayerError, match="not a name"):
        Address("https://example.org/a", name)


def test_a_mistyped_hash_is_refused() -> None:
    with pytest.raises(LayerError, match="not a SHA-256"):
        Address("https://example.org/a", "a.csv", sha256="ABC")


def test_a_mirror_keeps_the_whole_address() -> None:
    assert mirrored("https://a.org:8443/b/c?d=e", "https://mirror/base/") == "https://mirror/base/a.org:8443/b/c?d=e"
    assert mirrored("https://a.org/b", None) == "https://a.org/b"
