from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile
import zlib

import brotli
import cramjam
import pytest
import zstandard

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_compression import (
    decompress_blind,
    decompress_brotli,
    decompress_marked,
    find_marked,
    open_zip,
)

DATA = b"".join(b"personal data %d " % number for number in range(40))
MARKED = [
    ("gzip", gzip.compress(DATA, mtime=0)),
    ("zlib", zlib.compress(DATA)),
    ("zstd", zstandard.compress(DATA)),
    ("lz4", bytes(cramjam.lz4.compress(DATA))),
    ("snappy", bytes(cramjam.snappy.compress(DATA))),
    ("bzip2", bz2.compress(DATA)),
    ("xz", lzma.compress(DATA)),
]


@pytest.mark.parametrize(("name", "packed"), MARKED, ids=[name for name, _ in MARKED])
def test_marked_compression_is_recognised_by_its_first_bytes_and_bounded(name, packed):
    assert decompress_marked(packed, 10_000) == (name, DATA)
    assert decompress_marked(packed, 10) == (name, DATA[:10])
    assert decompress_marked(packed[:12], 10_000) != (name, DATA)


@pytest.mark.parametrize("at", [0, 1, 3, 4])
def test_cut_streams_give_what_they_hold(at):
    packed = MARKED[at][1]
    opened = decompress_marked(packed[:-20], 10_000)
    assert opened is not None or MARKED[at][0] in {"snappy", "lz4"}
    assert opened is None or DATA.startswith(opened[1])


def test_every_member_of_a_gzip_file_is_opened_and_what_follows_it_ignored():
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0"
    assert decompress_marked(packed, 1000) == ("gzip", b"one two")


@pytest.mark.parametrize("head", [b"\x01", b"\x00\x00\x01\x02HEAD", b"\xfe" * 16])
def test_a_stream_behind_a_foreign_head_is_found(head):
    for name, packed in MARKED[:3]:
        assert find_marked(head + packed, 10_000) == (len(head), name, DATA)
    assert find_marked(head * 10, 10_000) is None


def _raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("deflate", _raw_deflate(DATA)),
        ("br", brotli.compress(DATA)),
        ("snappy", bytes(cramjam.snappy.compress_raw(DATA))),
        ("lz4", bytes(cramjam.lz4.compress_block(DATA))),
    ],
)
def test_compression_without_a_mark_is_tried(name, packed):
    assert (name, DATA) in decompress_blind(packed, 10_000)


def test_of_blocks_without_a_mark_exactly_those_are_opened_that_zlib_opens_to_their_end():
    dice = random.Random(5)
    whole = 0
    for _ in range(1500):
        text = json.dumps({"imei": dice.randrange(10**15), "at": dice.choices("ab c", k=dice.randrange(40))}).encode()
        way = zlib.compressobj(dice.randrange(10), zlib.DEFLATED, -15, strategy=dice.choice((0, 2, 3, 4)))
        packed = bytearray(way.compress(text) + way.flush())
        for _ in range(dice.randrange(3)):
            packed[dice.randrange(min(12, len(packed)))] ^= 1 << dice.randrange(8)
        packed = bytes(packed[: dice.choice((len(packed), dice.randrange(3, len(packed))))])
        stream = zlib.decompressobj(-15)
        try:
            out = stream.decompress(packed)
        except zlib.error:
            out = b""
        expected = out if stream.eof and not stream.unused_data and out != packed else b""
        assert dict(decompress_blind(packed, 1 << 20)).get("deflate", b"") == expected
        whole += bool(expected)
    assert whole > 300  # all kinds of blocks, whole ones and broken ones


def test_plain_bytes_are_not_compressed():
    assert decompress_blind(b"no compression at all", 10_000) == []
    assert decompress_marked(b"no compression at all", 10_000) is None


def test_a_cut_or_huge_brotli_stream_is_bounded():
    packed = brotli.compress(bytes(5_000_000))
    assert len(decompress_brotli(packed, 1000) or b"") == 1000
    assert decompress_brotli(brotli.compress(DATA)[:-4], 10_000) is None


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, zstandard.compress, cramjam.lz4.compress, bz2.compress])
def test_a_bomb_gives_no_more_than_the_bound(pack):
    opened = decompress_marked(bytes(pack(bytes(3_000_000))), 5000)
    assert opened is None or len(opened[1]) <= 5000


def test_the_files_of_an_archive_are_given_and_a_broken_one_is_none():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log/a.json", b"{}")
        archive.writestr("bomb", bytes(1_000_000))
    found = open_zip(out.getvalue(), Budget(bytes_left=100)) or []
    assert [(step, len(value)) for step, _, value in found] == [("zip:log/a.json", 2), ("zip:bomb", 98)]
    assert open_zip(out.getvalue()[:40], Budget()) is None
