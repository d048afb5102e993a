"""Bytes that no listing of a zip shows are found wherever they stand."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from analyzer.store.zip_layout import hidden


class _Pipe(io.BytesIO):
    """Somewhere to write from which nobody can go back: sizes stand behind the files then."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("no seeking")

    def tell(self) -> int:
        raise OSError("no telling")


def made(out: io.BytesIO, *, wide: bool = False) -> bytes:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("top/a.txt", "top/b.txt"):
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=wide) as entry:
                entry.write(name.encode() * 20)
    return out.getvalue()


def found(data: bytes) -> str:
    with io.BytesIO(data) as source, zipfile.ZipFile(io.BytesIO(data)) as archive:
        return hidden(source, archive, len(data))


def shifted(data: bytes, at: int, more: bytes) -> bytes:
    """Put bytes into an archive and move what the directory says of places behind them."""
    moved = bytearray(data[:at] + more + data[at:])
    end = moved.rindex(b"PK\5\6")
    start = struct.unpack_from("<L", moved, end + 16)[0]
    if at <= start:
        start += len(more)
        struct.pack_into("<L", moved, end + 16, start)
    place = start
    while moved[place : place + 4] == b"PK\1\2":
        offset = struct.unpack_from("<L", moved, place + 42)[0]
        if offset >= at:
            struct.pack_into("<L", moved, place + 42, offset + len(more))
        place += 46 + sum(struct.unpack_from("<HHH", moved, place + 28))
    return bytes(moved)


@pytest.mark.parametrize("out", [io.BytesIO, _Pipe])
@pytest.mark.parametrize("wide", [False, True])
def test_an_archive_of_files_alone_hides_nothing_however_it_was_written(out, wide):
    assert found(made(out(), wide=wide)) == ""


@pytest.mark.parametrize("out", [io.BytesIO, _Pipe])
@pytest.mark.parametrize("more", [b"x", b"<h1>clean</h1>", b"PK\3\4" + b"\0" * 40])
def test_bytes_between_files_and_before_the_directory_are_found(out, more):
    data = made(out())
    second, directory = data.index(b"PK\3\4", 4), data.index(b"PK\1\2")
    for at in (second, directory):
        changed = shifted(data, at, more)
        with zipfile.ZipFile(io.BytesIO(changed)) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == 2
        assert "top/" in found(changed) or found(changed) == "before its directory"


def test_an_entry_that_the_directory_leaves_out_is_found():
    data = made(io.BytesIO())
    at, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    second = data.index(b"PK\1\2", at + 1)
    tail = bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, 1, 1, end - second)
    assert found(data[:at] + data[second:end] + bytes(tail)) == "before 'top/b.txt'"


def test_bytes_between_the_directory_and_its_end_are_found_where_64_bits_are_told():
    data = made(io.BytesIO())
    end = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<8xHxxLL", data, end)
    told = struct.pack("<QHHLLQQQQ", 44 + 9, 45, 45, 0, 0, count, count, size, start) + b"<b>hi</b>"
    behind = b"PK\6\6" + told + b"PK\6\7" + struct.pack("<LQL", 0, end, 1)
    tail = bytearray(data[end:])
    struct.pack_into("<HHLL", tail, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    with pytest.raises((zipfile.BadZipFile, AssertionError)):  # from 3.13 on, Python itself refuses it
        assert found(data[:end] + behind + bytes(tail)) == ""


@pytest.mark.parametrize("key", ["comment", "extra"])
def test_a_comment_and_large_extra_fields_of_a_file_are_found(tmp_path: Path, key):
    entry = zipfile.ZipInfo("top/a")
    setattr(entry, key, struct.pack("<HH", 0x6666, 100) + b"c" * 100)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, b"1")
    assert found((tmp_path / "a.zip").read_bytes()) in {"in its directory", "in or behind 'top/a'"}
