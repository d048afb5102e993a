"""The ways in which a seeded app dresses values: Java expressions over the app's own wire class, and their names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Encoding:
    """`expression` has `W` for the wire class and `v` for the text; `layers` go from outer to inner."""

    name: str
    expression: str
    layers: tuple[str, ...]
    for_lists: bool = False
    for_places: bool = True


VALUE_ENCODINGS = (
    Encoding("plain", "v", (), for_lists=True),
    Encoding("base64", "W.b64(W.utf(v))", ("base64",), for_lists=True),
    Encoding("base64url", "W.b64url(W.utf(v))", ("base64url",), for_lists=True),
    Encoding("hex", "W.hex(W.utf(v))", ("hex",), for_lists=True),
    Encoding("twice", "W.b64(W.utf(W.b64(W.utf(v))))", ("base64", "base64"), for_lists=True),
    Encoding("hex64", "W.hex(W.utf(W.b64(W.utf(v))))", ("hex", "base64"), for_lists=True),
    Encoding("gzip64", "W.b64(W.gzip(W.utf(v)))", ("base64", "gzip"), for_lists=True),
    Encoding("md5", 'W.hex(W.digest("MD5", "", v))', ("md5",)),
    Encoding("md5upper", 'W.hex(W.digest("MD5", "", v)).toUpperCase(java.util.Locale.ROOT)', ("md5",)),
    Encoding("sha1", 'W.hex(W.digest("SHA-1", "", v))', ("sha1",)),
    Encoding("sha256", 'W.hex(W.digest("SHA-256", "", v))', ("sha256",)),
    Encoding("sha256b64", 'W.b64(W.digest("SHA-256", "", v))', ("base64", "sha256")),
    Encoding("sha256upper", 'W.hex(W.digest("SHA-256", "", v)).toUpperCase(java.util.Locale.ROOT)', ("sha256",)),
    Encoding("salted", 'W.hex(W.digest("SHA-256", W.SALT, v))', ("sha256",)),
    Encoding("saltedmd5", 'W.hex(W.digest("MD5", W.SALT, v))', ("md5",)),
    Encoding("md5twice", 'W.hex(W.digest("MD5", "", W.hex(W.digest("MD5", "", v))))', ("md5", "md5")),
    Encoding("md5ofupper", 'W.hex(W.digest("MD5", "", v.toUpperCase(java.util.Locale.ROOT)))', ("md5",)),
    Encoding("sha512", 'W.hex(W.digest("SHA-512", "", v))', ("sha512",)),
    Encoding(
        "aesofdigest", 'W.b64(W.aes("AES/CBC/PKCS5Padding", W.digest("SHA-256", "", v)))', ("base64", "aes", "sha256")
    ),
    Encoding("hmac", "W.hex(W.hmac(v))", ("hmac-sha256",)),
    Encoding("aescbc", 'W.b64(W.aes("AES/CBC/PKCS5Padding", W.utf(v)))', ("base64", "aes"), for_lists=True),
    Encoding("aesecb", 'W.hex(W.aes("AES/ECB/PKCS5Padding", W.utf(v)))', ("hex", "aes"), for_lists=True),
)
BY_NAME = {encoding.name: encoding for encoding in VALUE_ENCODINGS}

WRAPS = {
    "none": ("b", ()),
    "gzip": ("W.gzip(b)", ("gzip",)),
    "gzipsilent": ("W.gzip(b)", ("gzip",)),
    "zlib": ("W.zlib(b)", ("zlib",)),
    "deflate": ("W.deflate(b)", ("deflate",)),
    "base64": ("W.utf(W.b64(b))", ("base64",)),
    "gzip64": ("W.utf(W.b64(W.gzip(b)))", ("base64", "gzip")),
    "aes": ('W.aes("AES/CBC/PKCS5Padding", b)', ("aes",)),
    "aes64": ('W.utf(W.b64(W.aes("AES/CBC/PKCS5Padding", b)))', ("base64", "aes")),
}
"""What may be done to a whole body: a Java expression over the bytes `b`, and the layers that it adds."""
