"""Digests of a text in all the ways in which apps write them, without a key."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import mmh3
import xxhash

Digester: TypeAlias = Callable[[bytes], bytes]
COMMON_DIGESTS: Final = ("md5", "sha1", "sha256")
"""The digests that apps take of the items of a list, and of values that say little."""
_SHORT_MD5: Final = slice(8, 24)
_WORD: Final = 1 << 32
_WIDE_WORD: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class Written:
    """A digest as it is written: its text or bytes, the names of the digests from the outside in, and how it is told.

    `raw` bytes are searched as they are; texts in either letter case. A `short` sum has 32 bits and proves little.
    """

    pattern: bytes
    chain: tuple[str, ...]
    note: str = ""
    raw: bool = False
    short: bool = False


def _hashlib(name: str) -> Digester:
    return lambda raw: hashlib.new(name, raw, usedforsecurity=False).digest()


WIDE: Final[Mapping[str, Digester]] = {
    **{name: _hashlib(name) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")},
    "sha3-256": _hashlib("sha3_256"),
    "murmur3-128": lambda raw: mmh3.hash_bytes(raw, 0, True),
    "murmur3-128-x86": lambda raw: mmh3.hash_bytes(raw, 0, False),
    "xxh64": xxhash.xxh64_digest,
    "xxh3-64": xxhash.xxh3_64_digest,
    "xxh3-128": xxhash.xxh3_128_digest,
}
SHORT: Final[Mapping[str, Callable[[bytes], int]]] = {
    "crc32": zlib.crc32,
    "adler32": zlib.adler32,
    "murmur3-32": lambda raw: mmh3.hash(raw, 0, signed=False),
    "xxh32": xxhash.xxh32_intdigest,
    "java-hash": lambda raw: java_hash(raw.decode("utf-8", "replace")),
}
_TWICE: Final = (
    ("md5", "md5"),
    ("sha1", "md5"),
    ("sha256", "md5"),
    ("md5", "sha1"),
    ("sha1", "sha1"),
    ("md5", "sha256"),
    ("sha256", "sha1"),
    ("sha256", "sha256"),
)
"""Digests over the hex of another: the outer one first."""
_NAMES: Final = {
    "md5": "MD5",
    "md5-16": "middle half of the MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "sha3-256": "SHA3-256",
    "murmur3-32": "MurmurHash3",
    "murmur3-128": "MurmurHash3 of 128 bits",
    "murmur3-128-x86": "MurmurHash3 of 128 bits (x86)",
    "xxh32": "xxHash of 32 bits",
    "xxh64": "xxHash of 64 bits",
    "crc32": "CRC-32",
    "adler32": "Adler-32",
    "java-hash": "Java hash code",
    "uuid3": "name-based UUID (from the MD5)",
}
_AS_NUMBER: Final = frozenset({"xxh64", "xxh3-64"})


def written_digests(raw: bytes) -> Iterator[Written]:
    """Give every way to write a digest of some bytes."""
    made = {name: digest(raw) for name, digest in WIDE.items()}
    for name, value in made.items():
        yield from _hex_and_raw(value, (name,))
        if name in _AS_NUMBER:
            yield from _numbers(int.from_bytes(value), _WIDE_WORD, name, short=False)
    yield Written(made["md5"].hex()[_SHORT_MD5].encode(), ("md5-16",))
    yield from _words_turned(made["murmur3-128"])
    yield from _as_uuid(made["md5"])
    yield from _of_another(made)


def common_digests(raw: bytes) -> Iterator[Written]:
    """Give the digests that are taken of almost anything, as hex and as bytes."""
    for name in COMMON_DIGESTS:
        yield from _hex_and_raw(WIDE[name](raw), (name,))


def short_sums(raw: bytes) -> Iterator[Written]:
    """Give the sums of 32 bits: as hex and as a number, with and without a sign."""
    for name, digest in SHORT.items():
        value = digest(raw)
        texts = dict.fromkeys((f"{value:08x}", f"{value:x}"))
        for text in texts:
            yield Written(text.encode(), (name,), short=True)
        yield from _numbers(value, _WORD, name, short=True)


def tell_digest(chain: tuple[str, ...]) -> str:
    """Give a chain of digests in words, the outer one first."""
    return " of ".join(f"the {_NAMES.get(name, name)}" for name in chain)


def java_hash(text: str) -> int:
    """Give Java's `String.hashCode` without its sign."""
    value = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for at in range(0, len(units), 2):
        value = (31 * value + (units[at] << 8) + units[at + 1]) % _WORD
    return value


def _hex_and_raw(value: bytes, chain: tuple[str, ...]) -> Iterator[Written]:
    yield Written(value.hex().encode(), chain)
    yield Written(value, chain, raw=True)


def _numbers(value: int, modulus: int, name: str, *, short: bool) -> Iterator[Written]:
    yield Written(str(value).encode(), (name,), "as a number", short=short)
    if value >= modulus >> 1:
        yield Written(str(value - modulus).encode(), (name,), "as a number with a sign", short=short)


def _words_turned(value: bytes) -> Iterator[Written]:
    turned = value[7::-1] + value[:7:-1]
    yield Written(turned.hex().encode(), ("murmur3-128",), "as two 64-bit numbers")


def _as_uuid(md5: bytes) -> Iterator[Written]:
    made = bytearray(md5)
    made[6] = made[6] & 0x0F | 0x30  # version 3 and the variant, as RFC 9562 has it
    made[8] = made[8] & 0x3F | 0x80
    text = made.hex()
    yield Written(text.encode(), ("uuid3",))
    yield Written("-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:])).encode(), ("uuid3",))


def _of_another(made: Mapping[str, bytes]) -> Iterator[Written]:
    for outer, inner in _TWICE:
        text = made[inner].hex()
        for spelled, note in ((text, ""), (text.upper(), "whose hex is in upper case")):
            twice = WIDE[outer](spelled.encode())
            yield Written(twice.hex().encode(), (outer, inner), note)
    middle = made["md5"].hex()[_SHORT_MD5].encode()
    yield Written(WIDE["md5"](middle).hex().encode(), ("md5", "md5-16"))
    thrice = WIDE["md5"](WIDE["md5"](made["md5"].hex().encode()).hex().encode())
    yield Written(thrice.hex().encode(), ("md5", "md5", "md5"))
