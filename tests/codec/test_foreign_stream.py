from __future__ import annotations

import gzip
import io
import zlib

import pytest

from analyzer.codec.foreign_stream import PlainStream

TEXT = '{"名": "值"}' * 1000


def read(data: bytes, *, text: bool = True) -> tuple[bytes, str]:
    stream = PlainStream(io.BytesIO(data), text=text)
    return b"".join(stream), stream.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zlib.compress], ids=["plain", "gzip", "zlib"])
def test_text_comes_out_as_utf_8_however_it_was_kept(encoding, pack):
    assert read(pack(TEXT.encode(encoding))) == (TEXT.encode(), "")


def test_several_gzip_members_are_one_file():
    assert read(gzip.compress(b"{1") + gzip.compress(b"2}"), text=False) == (b"{12}", "")


def test_what_is_no_text_stays_as_it_is():
    assert read(b"\xff\xfe5:abc", text=False) == (b"\xff\xfe5:abc", "")


def test_a_compressed_file_that_was_cut_gives_what_is_there_and_says_so():
    data = gzip.compress(TEXT.encode() * 50, 1)
    found, problem = read(data[: len(data) // 2])
    assert found
    assert (TEXT.encode() * 50).startswith(found)
    assert "ends in the middle" in problem


def test_a_compressed_file_that_was_damaged_gives_what_comes_before_and_says_so():
    data = bytearray(gzip.compress(bytes(range(256)) * 10_000, 0))
    data[5] ^= 0
    found, problem = read(bytes(data[:1000]) + b"\xff" * 64 + bytes(data[1064:])[:-8] + b"\x00" * 8, text=False)
    assert "damaged" in problem or "ends" in problem
    assert len(found) <= 256 * 10_000


def test_peeking_takes_nothing_away():
    stream = PlainStream(io.BytesIO(b"[1]"), text=True)
    assert stream.peek() == b"[1]"
    assert b"".join(stream) == b"[1]"
