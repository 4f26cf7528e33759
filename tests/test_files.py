"""Published files are read whatever they are wrapped in, and refused before they can do harm."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import LayerError, UnsafeFileError
from layers.intake import files
from layers.intake.files import read_bytes, sha256

TEXT = b"lsoa11cd,premises\nE01000001,10\n"


def zipped(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack members the way a publisher does."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def refused(path: Path, *, member: str | None = None, kind: type[LayerError] = UnsafeFileError) -> str:
    """Read a file that must be refused, and return the message once it has all its parts."""
    with pytest.raises(LayerError) as caught:
        read_bytes(path, member=member)
    assert type(caught.value) is kind
    message = str(caught.value)
    for part in (f"file:     {path}", "expected: ", "found:    ", "next:     "):
        assert part in message
    return message


@pytest.fixture
def archive(tmp_path):
    """Write an archive and say where it is."""

    def write(members, *, method=zipfile.ZIP_DEFLATED):
        path = tmp_path / "coverage.zip"
        path.write_bytes(zipped(members, method=method))
        return path

    return write


# --- What is read -------------------------------------------------------------------------------------------------


def test_a_plain_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "coverage.csv"
    path.write_bytes(TEXT)
    assert read_bytes(path) == TEXT


def test_a_gzipped_file_is_unpacked(tmp_path):
    path = tmp_path / "coverage.csv.GZ"
    path.write_bytes(gzip.compress(TEXT))
    assert read_bytes(path) == TEXT


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("member", ["folder/oa_coverage.csv", "*oa_cov*.csv", "folder/*"])
def test_a_member_is_found_by_name_and_by_pattern(archive, method, member):
    path = archive({"folder/": b"", "folder/oa_coverage.csv": TEXT, "notes.txt": b"notes"}, method=method)
    assert read_bytes(path, member=member) == TEXT


def test_an_only_member_needs_no_name(archive):
    assert read_bytes(archive({"coverage.csv": TEXT, "__MACOSX/._coverage.csv": b"shadow"})) == TEXT


def test_an_exact_name_wins_over_what_it_would_match_as_a_pattern(archive):
    assert read_bytes(archive({"part[1].csv": TEXT, "part1.csv": b"other"}), member="part[1].csv") == TEXT


def test_nothing_is_unpacked_to_disk(archive, tmp_path):
    read_bytes(archive({"coverage.csv": TEXT}))
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.zip"]


def test_the_hash_is_that_of_the_file_itself(archive):
    path = archive({"coverage.csv": TEXT})
    assert sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


# --- Which member -------------------------------------------------------------------------------------------------


def test_a_pattern_that_matches_two_members_is_refused_and_names_them(archive):
    path = archive({"a.csv": TEXT, "b.csv": TEXT})
    message = refused(path, member="*.csv", kind=LayerError)
    assert "More than one" in message
    assert "2 of 2: a.csv, b.csv" in message


def test_two_members_of_the_same_name_are_refused(archive):
    path = archive({"a.csv": TEXT})
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as both:
        both.writestr("a.csv", b"another")
    assert "More than one" in refused(path, member="a.csv", kind=LayerError)


def test_a_missing_member_is_refused_and_the_names_there_are_shown(archive):
    message = refused(archive({"a.csv": TEXT}), member="b.csv", kind=LayerError)
    assert "no such member" in message
    assert "0 of 1: a.csv" in message


def test_a_member_of_a_plain_file_is_refused(tmp_path):
    path = tmp_path / "coverage.csv"
    path.write_bytes(TEXT)
    assert "not a zip" in refused(path, member="a.csv", kind=LayerError)


# --- Missing, forbidden, empty, broken ----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".zip"])
def test_an_empty_file_is_refused(tmp_path, ending):
    path = tmp_path / f"coverage{ending}"
    path.touch()
    assert "is empty" in refused(path)


def test_an_empty_member_and_an_empty_gzip_are_refused(archive, tmp_path):
    assert "is empty" in refused(archive({"coverage.csv": b""}))
    path = tmp_path / "coverage.csv.gz"
    path.write_bytes(gzip.compress(b""))
    assert "is empty" in refused(path)


def test_an_archive_without_files_is_refused(archive):
    assert "no such member" in refused(archive({"folder/": b""}), kind=LayerError)


def test_a_missing_file_is_refused(tmp_path):
    assert "nothing of that name" in refused(tmp_path / "coverage.csv", kind=LayerError)
    with pytest.raises(LayerError, match="nothing of that name"):
        sha256(tmp_path / "coverage.csv")


def test_a_folder_is_refused(tmp_path):
    assert "a folder" in refused(tmp_path, kind=LayerError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    path = tmp_path / "coverage.csv"
    os.mkfifo(path)
    assert "pipe" in refused(path, kind=LayerError)


def test_a_forbidden_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "coverage.csv"
    path.write_bytes(TEXT)

    def forbidden(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    # The mode bits would not stop an administrator, so the refusal itself is put in place.
    monkeypatch.setattr(Path, "open", forbidden)
    assert "Permission denied" in refused(path, kind=LayerError)


def test_a_zip_cut_short_is_refused(archive):
    path = archive({"coverage.csv": os.urandom(5_000)})
    whole = path.read_bytes()
    for length in (1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert "broken" in refused(path)


def test_a_gzip_cut_short_or_followed_by_other_bytes_is_refused(tmp_path):
    path = tmp_path / "coverage.csv.gz"
    whole = gzip.compress(TEXT)
    for content in (whole[:-9], whole[:4], whole + b"more", TEXT):
        path.write_bytes(content)
        assert "broken" in refused(path)


def test_a_changed_byte_is_noticed(archive):
    path = archive({"coverage.csv": TEXT}, method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"E01000001", b"E01000002"))
    assert "CRC" in refused(path)


def test_a_packing_method_that_is_unknown_here_is_refused(archive):
    path = archive({"coverage.csv": TEXT})
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.find(signature) + at, 9)  # 9 is Deflate64, as Windows makes of 2 GB
    path.write_bytes(content)
    assert "compression" in refused(path)


@given(data=st.data())
def test_no_damage_ends_in_anything_but_content_or_one_clear_message(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / data.draw(st.sampled_from(["damaged.zip", "damaged.gz"]))
    whole = zipped({"a.csv": TEXT * 20, "b.txt": b"b"}) if path.suffix == ".zip" else gzip.compress(TEXT * 20)
    content = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(1, 4)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        # A zip checks its content; a changed name or date in a header is no damage to it.
        assert read_bytes(path, member="a.csv" if path.suffix == ".zip" else None) == TEXT * 20
    except LayerError as error:
        assert "next:     " in str(error)  # noqa: PT017 (either outcome is right)


# --- Hostile ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../coverage.csv", "leaves the archive"),
        ("folder/../../coverage.csv", "leaves the archive"),
        ("folder\\..\\coverage.csv", "leaves the archive"),
        ("/etc/coverage.csv", "starts at a disk"),
        ("\\\\server\\coverage.csv", "starts at a disk"),
        ("C:\\coverage.csv", "starts at a disk"),
        ("c:coverage.csv", "starts at a disk"),
        ("coverage\x1b[2J.csv", "control characters"),
        ("coverage\u202ecsv.exe", "control characters"),
    ],
)
def test_a_path_that_leaves_the_archive_is_refused_even_beside_the_wanted_member(archive, name, fault):
    message = refused(archive({"wanted.csv": TEXT, name: TEXT}), member="wanted.csv")
    assert fault in message
    assert "\x1b" not in message
    assert "\u202e" not in message


def test_a_name_that_hides_its_end_behind_a_zero_is_refused(archive):
    path = archive({"coverageX.exe": TEXT})
    path.write_bytes(path.read_bytes().replace(b"coverageX.exe", b"coverage\0.exe"))
    assert "control characters" in refused(path)


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_device_is_refused(tmp_path, mode):
    path = tmp_path / "coverage.zip"
    info = zipfile.ZipInfo("coverage.csv")
    info.external_attr = (mode | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link or device" in refused(path)


def test_an_encrypted_member_is_refused(archive):
    path = archive({"coverage.csv": TEXT})
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + at] |= 1
    path.write_bytes(content)
    assert "encrypted" in refused(path)


def test_too_many_members_are_refused(archive):
    names = {f"{number}.csv": b"" for number in range(files.MEMBERS.value + 1)}
    message = refused(archive(names), member="1.csv")
    assert "at most 10,000 members" in message
    assert "10,001" in message


@pytest.mark.parametrize("ending", [".zip", ".gz"])
def test_a_bomb_is_refused(tmp_path, ending):
    path = tmp_path / f"coverage{ending}"
    zeros = bytes(20_000_000)
    path.write_bytes(zipped({"coverage.csv": zeros}) if ending == ".zip" else gzip.compress(zeros))
    assert "at most 200 times" in refused(path)


def test_a_bomb_is_stopped_long_before_its_end(tmp_path, monkeypatch):
    path = tmp_path / "coverage.csv.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    asked = []
    read = gzip.GzipFile.read

    def counted(stream, size=-1):
        asked.append(size)
        return read(stream, size)

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    refused(path)
    assert sum(asked) <= files.RATIO.value * path.stat().st_size + files.CHUNK


def test_a_header_that_understates_the_size_does_not_help_a_bomb(archive):
    path = archive({"coverage.csv": bytes(20_000_000)})
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.find(signature) + at, 100)
    path.write_bytes(content)
    refused(path)


def test_a_header_that_overstates_what_is_packed_does_not_help_a_bomb(archive):
    path = archive({"coverage.csv": bytes(20_000_000)})
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 18), (b"PK\x01\x02", 20)):
        struct.pack_into("<I", content, content.find(signature) + at, 20_000_000)
    path.write_bytes(content)
    assert "claim more than it holds" in refused(path)


def test_entries_that_share_the_same_bytes_are_refused(archive):
    path = archive({"a.csv": os.urandom(1_000), "b.csv": os.urandom(1_000), "c.csv": os.urandom(1_000)})
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at != -1:  # every entry now says that it takes nearly the whole archive
        struct.pack_into("<I", content, at + 20, 2_500)
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    assert "claim more than it holds" in refused(path, member="a.csv")


def test_more_than_the_total_is_refused_whatever_the_wrapping(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "TOTAL", dataclasses.replace(files.TOTAL, value=1_000))
    content = os.urandom(1_001)
    for name, packed in (
        ("coverage.csv", content),
        ("coverage.csv.gz", gzip.compress(content)),
        ("one.zip", zipped({"a.csv": content})),
        ("two.zip", zipped({"a.csv": content[:600], "b.csv": content[:600]})),
    ):
        path = tmp_path / name
        path.write_bytes(packed)
        assert "at most 1,000 bytes" in refused(path, member="a.csv" if name == "two.zip" else None)


def test_every_limit_says_what_it_limits_and_why():
    for limit in (files.MEMBERS, files.RATIO, files.TOTAL):
        assert limit.value > 0
        assert limit.unit
        assert limit.meaning
        assert limit.source
