from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from analyzer.analysis.decode_compression import decompress_blind, decompress_brotli, decompress_marked

DATA = b"personal data " * 20


@pytest.mark.parametrize(
    ("name", "packed"),
    [("gzip", gzip.compress(DATA, mtime=0)), ("zlib", zlib.compress(DATA)), ("zstd", zstandard.compress(DATA))],
)
def test_marked_compression_is_recognised_by_its_first_bytes(name, packed):
    assert decompress_marked(packed, 10_000) == (name, DATA)
    assert decompress_marked(packed, 10) == (name, DATA[:10])
    assert decompress_marked(packed[:12], 10_000) != (name, DATA)


def test_raw_deflate_and_brotli_are_tried_blindly():
    stream = zlib.compressobj(wbits=-15)
    assert decompress_blind(stream.compress(DATA) + stream.flush(), 10_000) == ("deflate", DATA)
    assert decompress_blind(brotli.compress(DATA), 10_000) == ("br", DATA)
    assert decompress_blind(b"no compression at all", 10_000) is None


def test_a_cut_or_huge_brotli_stream_is_bounded():
    packed = brotli.compress(bytes(5_000_000))
    assert len(decompress_brotli(packed, 1000) or b"") == 1000
    assert decompress_brotli(brotli.compress(DATA)[:-4], 10_000) is None
