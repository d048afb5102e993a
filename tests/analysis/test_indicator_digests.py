from __future__ import annotations

import hashlib
import uuid
import zlib

import pytest

from analyzer.analysis.indicator_digests import common_digests, java_hash, short_sums, tell_digest, written_digests


def _patterns(written) -> dict[bytes, tuple[str, ...]]:
    return {one.pattern: one.chain for one in written}


HELLO = _patterns(written_digests(b"hello"))
SUMS = _patterns(short_sums(b"hello"))


@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256"])
def test_the_digests_of_the_standards_come_as_hex_and_as_bytes(name):
    digest = hashlib.new(name, b"hello")
    chain = (name.replace("_", "-"),)
    assert HELLO[digest.hexdigest().encode()] == HELLO[digest.digest()] == chain


@pytest.mark.parametrize(
    ("pattern", "chain"),
    [
        # the middle of 5d41402abc4b2a76b9719d911017c592
        (b"bc4b2a76b9719d91", ("md5-16",)),
        # the two 64-bit words of MurmurHash3_x64_128("hello", 0), as its author's program prints them
        (b"cbd8a7b341bd9b025b1e906a48ae1d19", ("murmur3-128",)),
        (b"029bbd41b3a7d8cb191dae486a901e5b", ("murmur3-128",)),
        # XXH64("hello"), in hex and as a number
        (b"26c7827d889f6da3", ("xxh64",)),
        (b"2794345569481354659", ("xxh64",)),
        (str(uuid.UUID(bytes=hashlib.md5(b"hello").digest(), version=3)).encode(), ("uuid3",)),
        (b"69a329523ce1ec88bf63061863d9cb14", ("md5", "md5")),
        (hashlib.sha1(b"5d41402abc4b2a76b9719d911017c592").hexdigest().encode(), ("sha1", "md5")),
        (hashlib.md5(b"5D41402ABC4B2A76B9719D911017C592").hexdigest().encode(), ("md5", "md5")),
        (hashlib.sha256(hashlib.sha256(b"hello").hexdigest().encode()).hexdigest().encode(), ("sha256", "sha256")),
    ],
)
def test_other_ways_to_write_a_digest(pattern, chain):
    assert HELLO[pattern] == chain


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (b"3610a686", "crc32"),
        (str(zlib.crc32(b"hello")).encode(), "crc32"),
        (b"062c0215", "adler32"),
        (b"62c0215", "adler32"),
        (b"248bfa47", "murmur3-32"),
        (b"613153351", "murmur3-32"),
        (b"fb0077f9", "xxh32"),
        (b"-83855367", "xxh32"),
        (b"99162322", "java-hash"),
    ],
)
def test_sums_of_32_bits_come_as_hex_and_as_numbers_and_are_short(pattern, name):
    assert SUMS[pattern] == (name,)
    assert all(one.short for one in short_sums(b"hello"))


def test_java_counts_letters_beyond_the_first_plane_as_two():
    assert java_hash("林") == 0x6797
    assert java_hash("\U0001f600") == (31 * 0xD83D + 0xDE00)


def test_the_items_of_lists_have_the_usual_digests_only():
    assert {one.chain for one in common_digests(b"x")} == {("md5",), ("sha1",), ("sha256",)}


def test_a_chain_of_digests_is_told_from_the_outside_in():
    assert tell_digest(("sha1", "md5")) == "the SHA-1 of the MD5"
