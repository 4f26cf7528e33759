"""A pack as a zip: the same bytes each time, put in place whole, and no zip harms whoever reads it."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from connectivity.evidence import pack_archive
from connectivity.evidence.pack_archive import check_pack_place, is_pack, read_pack, write_pack, zipped
from layers.errors import LayerError, OutputError

PROVENANCE = json.dumps({"pack_version": 1, "digest": "0", "files": []}).encode()
FILES = {"provenance.json": PROVENANCE, "ranking.csv": b"a,b\n1,2\n" * 50, "study/manifest.json": b"{}"}
DATE = "2026-11-30T04:15:56Z"


def zip_of(path: Path, *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(LayerError) as raised:
        read_pack(path)
    return str(raised.value)


def test_what_is_packed_is_read_back(tmp_path):
    (tmp_path / "pack.zip").write_bytes(zipped(FILES, date=DATE))
    assert read_pack(tmp_path / "pack.zip") == FILES


def test_order_and_clock_change_no_byte(monkeypatch):
    made = zipped(FILES, date=DATE)
    monkeypatch.setattr("time.time", lambda: 1e9)
    assert zipped(dict(reversed(FILES.items())), date=DATE) == made
    assert zipped(FILES, date="2025-01-01") != made, "the day of the build is in it"


def test_the_root_comes_before_folders_and_every_system_writes_the_same():
    with zipfile.ZipFile(io.BytesIO(zipped(FILES, date=DATE))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["provenance.json", "ranking.csv", "study/manifest.json"]
    assert {(entry.create_system, entry.date_time, stat.S_IMODE(entry.external_attr >> 16)) for entry in entries} == {
        (3, (2026, 11, 30, 0, 0, 0), 0o644)
    }


def test_a_build_before_the_format_s_first_day_is_packed():
    assert zipped(FILES, date="1970-01-01")


def test_a_pack_takes_the_place_of_an_earlier_one_and_of_nothing_else(tmp_path):
    out = tmp_path / "new" / "pack.zip"
    write_pack(zipped(FILES, date=DATE), out=out)
    write_pack(zipped(FILES | {"more.txt": b"1"}, date=DATE), out=out)
    assert "more.txt" in read_pack(out)
    assert [path.name for path in out.parent.iterdir()] == ["pack.zip"], "nothing is left beside it"
    letter = tmp_path / "letter.txt"
    letter.write_text("dear minister", encoding="utf-8")
    holiday = zip_of(tmp_path / "holiday.zip", ("beach.jpg", b"1"))
    for place in (letter, holiday, tmp_path):
        before = place.read_bytes() if place.is_file() else None
        with pytest.raises(OutputError, match="nothing was written"):
            write_pack(zipped(FILES, date=DATE), out=place)
        assert before is None or place.read_bytes() == before
    link = tmp_path / "link.zip"
    link.symlink_to(out)
    with pytest.raises(OutputError, match="nothing was written"):
        check_pack_place(link)


def test_a_full_disk_leaves_the_earlier_pack_and_no_crumbs(tmp_path, monkeypatch):
    out = tmp_path / "pack.zip"
    write_pack(zipped(FILES, date=DATE), out=out)
    before = out.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="still there") as raised:
        write_pack(zipped(FILES | {"more.txt": b"1"}, date=DATE), out=out)
    assert raised.value.parts["found"] == "No space left on device"
    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]
    with pytest.raises(OutputError):
        write_pack(before, out=tmp_path / "deep" / "er" / "pack.zip")
    assert list(tmp_path.iterdir()) == [out], "folders that were made for it are gone, too"


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="nothing was written") as raised:
        check_pack_place(tmp_path / "pack.zip")
    assert "no right to write" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../evil.txt", "leaves the archive"),
        ("study/../../evil.txt", "leaves the archive"),
        ("..\\evil.txt", "leaves the archive"),
        ("/etc/passwd", "starts at a disk"),
        ("C:\\evil.txt", "starts at a disk"),
        ("inner.zip", "holds a zip"),
    ],
)
def test_a_path_that_no_pack_has_is_refused(tmp_path, name, said):
    path = zip_of(tmp_path / "x.zip", ("provenance.json", PROVENANCE), (name, b"1"))
    refused = refusal(path)
    assert said in refused
    assert "by hand" not in refused, "nobody is told to unpack it"


@pytest.mark.parametrize("other", ["before", "after", "hidden"])
def test_a_zip_that_another_program_would_read_otherwise_is_refused(tmp_path, other):
    made = zipped(FILES, date=DATE)
    forged = zipped(FILES | {"ranking.csv": b"a,b\n9,9\n"}, date=DATE)
    hidden = forged[: forged.index(b"PK\x01\x02")]
    content = {"before": forged + made, "after": made + bytes(10), "hidden": hidden + made}[other]
    (tmp_path / "x.zip").write_bytes(content)
    assert "none of its files" in refusal(tmp_path / "x.zip")


def test_a_pack_that_was_zipped_again_by_a_program_that_writes_sizes_last_is_read(tmp_path):
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    made = Pipe()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    (tmp_path / "x.zip").write_bytes(made.getvalue())
    assert read_pack(tmp_path / "x.zip") == FILES


def test_two_files_of_one_name_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zip_of(tmp_path / "x.zip", ("provenance.json", PROVENANCE), ("a.txt", b"1"), ("a.txt", b"2"))
    assert "two files of one name" in refusal(path)


def test_a_link_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("provenance.json", PROVENANCE)
        entry = zipfile.ZipInfo("study/link")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert "a link or device" in refusal(path)


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    path = zip_of(tmp_path / "x.zip", ("provenance.json", PROVENANCE), ("bomb", bytes(5_000_000)))
    assert "swells" in refusal(path)
    monkeypatch.setattr(pack_archive, "UNPACKED", pack_archive.UNPACKED.__class__(9, "bytes", "", ""))
    assert "larger than any pack" in refusal(zip_of(path, ("provenance.json", PROVENANCE), ("a", b"1")))


def test_more_files_than_a_pack_has_are_refused(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("provenance.json", PROVENANCE), *((f"{n}.txt", b"") for n in range(300)))
    assert "more files" in refusal(path)


def test_an_encrypted_zip_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    content = bytearray(zipped(FILES, date=DATE))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            struct.pack_into("<H", content, start + flags, 1)
            start += 4
    path.write_bytes(content)
    assert "encrypted" in refusal(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_zip_cut_short_is_said_to_be(tmp_path, share):
    whole = zipped(FILES, date=DATE)
    (tmp_path / "x.zip").write_bytes(whole[: int(len(whole) * share)])
    assert "damaged" in refusal(tmp_path / "x.zip")


def test_a_byte_turned_over_on_the_way_is_said_to_be(tmp_path):
    content = bytearray(zipped(FILES, date=DATE))
    content[content.find(b"ranking.csv") + len("ranking.csv") + 3] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(content)
    assert "damaged" in refusal(tmp_path / "x.zip")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06" + bytes(18), b"%PDF-1.7"])
def test_what_is_no_pack_is_said_to_be_none(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    assert "no pack" in refusal(tmp_path / "x.zip")


def test_a_pack_in_a_folder_or_in_a_zip_is_named(tmp_path):
    path = zip_of(tmp_path / "x.zip", ("mine/provenance.json", PROVENANCE), ("__MACOSX/mine/provenance.json", b""))
    assert "in a folder “mine”" in refusal(path)
    path = zip_of(tmp_path / "x.zip", ("pack.zip", zipped(FILES, date=DATE)))
    assert "a zip inside a zip" in refusal(path)


def test_a_missing_file_or_a_folder_is_said(tmp_path):
    assert "nothing of that name" in refusal(tmp_path / "nowhere.zip")
    assert "a folder" in refusal(tmp_path)


def test_only_a_zip_with_our_provenance_is_a_pack(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(FILES, date=DATE))
    assert is_pack(path)
    for content in (b"[]", b"{}", b"nonsense", b"[" * 100_000):
        assert not is_pack(zip_of(path, ("provenance.json", content)))
    shutil.rmtree(tmp_path)
    assert not is_pack(path)
