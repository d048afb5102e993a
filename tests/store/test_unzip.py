"""Archives of unknown origin: what would land elsewhere, lie over something or burst is refused before writing."""

from __future__ import annotations

import stat
import zipfile
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

import pytest

from analyzer.store import unzip as module
from analyzer.store.problems import EvidenceRefused
from analyzer.store.unzip import unzip


def archive(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return path


def special(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, mode << 16
    return entry


def refused(file: Path, into: Path, why: str) -> None:
    into.mkdir()
    with pytest.raises(EvidenceRefused, match=why):
        unzip(file, into)
    assert list(into.iterdir()) == []


def test_files_come_out_with_their_digests_for_their_owner_alone(tmp_path):
    file = archive(tmp_path / "a.zip", ("top/a.txt", b"one"), ("top/sub/", b""), ("top/sub/b.txt", b"two"))
    (tmp_path / "into").mkdir()
    found = unzip(file, tmp_path / "into")
    assert {name: one.sha256 for name, one in found.items()} == {
        "top/a.txt": sha256(b"one").hexdigest(), "top/sub/b.txt": sha256(b"two").hexdigest(),
    }  # fmt: skip
    assert (tmp_path / "into/top/sub/b.txt").read_bytes() == b"two"
    assert (tmp_path / "into/top/a.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    ["../a", "top/../../a", "/etc/a", "C:/a", "top//a", "./a", "top/./a", "..", "top/..", "a\\b", "a\nb", "top/\x1b[2J",
     "x" * 300, "d/" * 40 + "a", "a\u202eb"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_or_is_none_is_refused(tmp_path, name):
    refused(archive(tmp_path / "a.zip", ("top/fine", b"1"), (name, b"2")), tmp_path / "into", ".")


def test_a_name_with_a_nul_in_it_is_refused(tmp_path):
    file = archive(tmp_path / "a.zip", ("top/axb", b"1"))
    file.write_bytes(file.read_bytes().replace(b"top/axb", b"top/a\0b"))
    refused(file, tmp_path / "into", "no name")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_link_or_device_is_refused(tmp_path, kind):
    file = archive(tmp_path / "a.zip", (special("top/a", kind | 0o777), b"/etc/passwd"))
    refused(file, tmp_path / "into", "link or another special file")


@pytest.mark.parametrize(
    "names",
    [("a", "a"), ("a", "A"), ("\u00e9", "e\u0301"), ("a", "a/b"), ("a/b", "a"), ("a/b", "A/b"), ("A/b", "a")],
)  # fmt: skip
def test_a_name_that_is_there_twice_is_refused(tmp_path, names):
    with pytest.warns(UserWarning, match="Duplicate") if names[0] == names[1] else nullcontext():
        file = archive(tmp_path / "a.zip", *((f"top/{name}", b"1") for name in names))
    refused(file, tmp_path / "into", "twice|in what is a file")


@pytest.mark.parametrize(
    ("before", "behind"), [(b"#!/bin/sh\necho no\nexit\n", b""), (b"", b"<h1>clean</h1>" * 3), (b"PK\3\4", b"")]
)
def test_what_stands_before_or_behind_a_zip_is_refused(tmp_path, before, behind):
    file = archive(tmp_path / "a.zip", ("top/a", b"1"))
    file.write_bytes(before + file.read_bytes() + behind)
    refused(file, tmp_path / "into", "before or behind")


def test_a_comment_of_a_zip_is_refused(tmp_path):
    file = archive(tmp_path / "a.zip", ("top/a", b"1"))
    with zipfile.ZipFile(file, "a") as made:
        made.comment = b"nothing was violated"
    refused(file, tmp_path / "into", "before or behind")


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SMALL", 1000)
    file = archive(tmp_path / "a.zip", ("top/a", b"0" * 1_000_000))
    refused(file, tmp_path / "into", "bomb")


def test_a_bomb_that_lies_about_its_size_comes_to_nothing(tmp_path):
    file = archive(tmp_path / "a.zip", ("top/a", b"0" * 1_000_000))
    data = file.read_bytes()
    file.write_bytes(data.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (tmp_path / "into").mkdir()
    with pytest.raises(EvidenceRefused):
        unzip(file, tmp_path / "into")
    assert sum(path.stat().st_size for path in (tmp_path / "into").rglob("*") if path.is_file()) <= 10


def test_files_that_lie_over_one_another_are_refused(tmp_path):
    file = archive(tmp_path / "a.zip", *((f"top/{number}", bytes(range(256)) * 40) for number in range(3)))
    with zipfile.ZipFile(file) as made:
        first = made.infolist()[0]
        size = first.compress_size
    data = file.read_bytes()
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entries = data[at:end]
    many = b"".join(entries.replace(b"top/", f"t{number:02d}/".encode()) for number in range(40))
    count = (3 * 40).to_bytes(2, "little")
    tail = data[end : end + 8] + count + count + len(many).to_bytes(4, "little") + data[end + 16 :]
    file.write_bytes(data[:at] + many + tail)
    assert size * 120 > file.stat().st_size
    refused(file, tmp_path / "into", "over one another|no zip|bomb")


def test_more_files_than_any_session_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 3)
    file = archive(tmp_path / "a.zip", *((f"top/{number}", b"") for number in range(4)))
    refused(file, tmp_path / "into", "more than 3")


def test_a_directory_that_is_too_long_is_not_even_read(tmp_path, monkeypatch):
    file = archive(tmp_path / "a.zip", *((f"{at}.txt", b"") for at in range(40)))
    monkeypatch.setattr(module, "MOST_FILES", 10)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    refused(file, tmp_path / "into", "a directory of more than 10 files")


def test_what_is_encrypted_or_packed_strangely_is_refused(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("top/a", b"1")
    refused(file, tmp_path / "into", "packed in a way")
    locked = archive(tmp_path / "b.zip", ("top/a", b"1"))
    data = bytearray(locked.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(bytes(data))
    refused(locked, tmp_path / "other", "encrypted")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + b"\0" * 17, b"no zip at all" * 100])
def test_what_is_no_zip_is_refused(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    refused(tmp_path / "a.zip", tmp_path / "into", "no zip")


def test_broken_bytes_are_refused(tmp_path):
    file = archive(tmp_path / "a.zip", ("top/a", bytes(range(256)) * 8))
    data = bytearray(file.read_bytes())
    data[60] ^= 0xFF
    file.write_bytes(bytes(data))
    (tmp_path / "into").mkdir()
    with pytest.raises(EvidenceRefused, match="no zip that can be read"):
        unzip(file, tmp_path / "into")


def test_what_does_not_fit_onto_the_disk_is_not_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 2}))
    (tmp_path / "into").mkdir()
    with pytest.raises(OSError, match="would not fit"):
        unzip(archive(tmp_path / "a.zip", ("top/a", b"123")), tmp_path / "into")


@pytest.mark.parametrize("away", [-300, -(2**31), 2**31])
def test_a_file_that_lies_outside_of_the_archive_is_refused(tmp_path, away):
    file = archive(tmp_path / "a.zip", ("top/a.txt", b"one"), ("top/b.txt", b"two"))
    data = bytearray(file.read_bytes())
    end = data.rindex(b"PK\x05\x06")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    data[end + 16 : end + 20] = ((start - away) % 2**32).to_bytes(4, "little")  # what stands before moves all offsets
    file.write_bytes(data)
    refused(file, tmp_path / "into", "no zip that can be read|lies outside")
