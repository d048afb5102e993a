"""What apps do to values and bodies before they send them, written from the formats' own specifications."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import plistlib
import string
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

import brotli
import cramjam
import mmh3
import msgspec
import zstandard

BOUNDARY: Final = "3i2ndDfv2rTHiSisAbouNdArYfORhtTPEefj3q2f"


def _digest(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode()).hexdigest()


def plus_code(text: str) -> str:
    """Write `lat,lon` as an Open Location Code of ten digits."""
    lat, lon = (float(part) for part in text.split(","))
    rest = [int((lat + 90) * 8000), int((lon + 180) * 8000)]
    digits = ""
    for _ in range(5):
        for axis in (1, 0):
            rest[axis], digit = divmod(rest[axis], 20)
            digits = "23456789CFGHJMPQRVWX"[digit] + digits
    return f"{digits[:8]}+{digits[8:]}"


def geohash(text: str, length: int = 8) -> str:
    """Write `lat,lon` as a geohash."""
    lat, lon = (float(part) for part in text.split(","))
    ranges, value, bits, out = [[-180.0, 180.0], [-90.0, 90.0]], (lon, lat), 0, ""
    for at in range(length * 5):
        low, high = ranges[at % 2]
        middle = (low + high) / 2
        one = value[at % 2] >= middle
        ranges[at % 2] = [middle, high] if one else [low, middle]
        bits = bits * 2 + one
        if at % 5 == 4:
            out, bits = out + "0123456789bcdefghjkmnpqrstuvwxyz"[bits], 0
    return out


def _bare(text: str) -> str:
    return text.replace(":", "").replace("-", "").replace(" ", "")


OTHER_ALPHABET: Final = str.maketrans(
    string.ascii_uppercase + string.ascii_lowercase, string.ascii_lowercase + string.ascii_uppercase
)
"""What some SDKs do to base64: the cases of its letters are exchanged."""

VALUE: Final[Mapping[str, Callable[[str], str]]] = {
    "md5": _digest("md5"),
    "md5upper": lambda text: hashlib.md5(text.encode()).hexdigest().upper(),
    "md5of_upper": lambda text: hashlib.md5(text.upper().encode()).hexdigest(),
    "md5of_bare": lambda text: hashlib.md5(_bare(text).encode()).hexdigest(),
    "md5_16": lambda text: hashlib.md5(text.encode()).hexdigest()[8:24],
    "md5raw64": lambda text: base64.b64encode(hashlib.md5(text.encode()).digest()).decode(),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "sha256_64": lambda text: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode(),
    "sha512": _digest("sha512"),
    "crc32": lambda text: f"{zlib.crc32(text.encode()):08x}",
    "murmur": lambda text: str(mmh3.hash(text, signed=False)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64turned": lambda text: base64.b64encode(text.encode()).decode().rstrip("=")[::-1],
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "custom64": lambda text: base64.b64encode(text.encode()).decode().translate(OTHER_ALPHABET),
    "turned": lambda text: text[::-1],
    "hex": lambda text: text.encode().hex(),
    "percent": lambda text: quote(text, safe=""),
    "upper": str.upper,
    "bare": _bare,
    "geohash": geohash,
    "pluscode": plus_code,
    "claims": lambda text: base64.urlsafe_b64encode(_json({"sub": "u", "email": text}).encode()).decode().rstrip("="),
}
"""Encodings of one value by name."""

ONE_WAY: Final = frozenset(name for name in VALUE if name.startswith(("md5", "sha", "crc", "murmur")))


def _deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("data.json"), data)
    return file.getvalue()


def _sealed(data: bytes) -> bytes:
    """Stand in for AES: bytes that nobody without the key can read."""
    out = b""
    while len(out) < len(data) + 16:
        out += hashlib.sha256(b"key" + data + len(out).to_bytes(4)).digest()
    return out[: (len(data) // 16 + 1) * 16]


WRAP: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "deflate": _deflate,
    "brotli": brotli.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "lz4": lambda data: bytes(cramjam.lz4.compress(data)),
    "snappy": lambda data: bytes(cramjam.snappy.compress(data)),
    "snappyraw": lambda data: bytes(cramjam.snappy.compress_raw(data)),
    "base64": base64.b64encode,
    "base64url": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "hex": lambda data: data.hex().encode(),
    "percent": lambda data: quote(data, safe="").encode(),
    "percent2": lambda data: quote(quote(data, safe=""), safe="").encode(),
    "utf16le": lambda data: data.decode().encode("utf-16-le"),
    "gbk": lambda data: data.decode().encode("gbk"),
    "zip": _zipped,
    "xor": lambda data: bytes(one ^ 0x5A for one in data),
    "packet": lambda data: b"\x02\x01ACME" + struct.pack("<I", len(data)) + data,
    "utf16": lambda data: data.decode().encode("utf-16"),
    "grpc": lambda data: b"\0" + len(data).to_bytes(4) + data,
    "aes": _sealed,
    "in_form": lambda data: urlencode({"v": "2", "data": data.decode()}).encode(),
    "in_json": lambda data: json.dumps({"code": 7, "payload": data.decode()}, ensure_ascii=False).encode(),
    "in_array": lambda data: b"[" + data + b"]",
    "lines": lambda data: b'{"b":1}\n' + data + b'\n{"e":0}\n',
    "in_script": lambda data: b"cb(" + data + b");",
    "length_prefix": lambda data: struct.pack(">I", len(data)) + data,
}
"""Layers around a body by name, innermost first; `aes` hides everything."""


def flat(content: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): value if isinstance(value, str) else _json(value) for key, value in content.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _varint(number: int) -> bytes:
    out = b""
    number &= 2**64 - 1
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def protobuf(content: Mapping[Any, Any]) -> bytes:
    """Write a message whose field numbers are the keys, or their positions where the keys are words."""
    out = b""
    for at, (key, value) in enumerate(content.items(), 1):
        number = key if isinstance(key, int) else at
        for one in value if isinstance(value, list) else [value]:
            out += _field(number, one)
    return out


def _field(number: int, value: Any) -> bytes:
    if isinstance(value, bool | int):
        return _varint(number << 3) + _varint(int(value))
    if isinstance(value, float):
        return _varint(number << 3 | 1) + struct.pack("<d", value)
    data = protobuf(value) if isinstance(value, dict) else str(value).encode()
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def jce(content: Mapping[Any, Any]) -> bytes:
    """Write a structure of Tencent's JCE (TARS): numbered fields, a type in each head, short strings and maps."""
    return b"".join(_jce_field(number, value) for number, value in content.items())


def _jce_field(tag: int, value: Any) -> bytes:
    if isinstance(value, int):
        return bytes([tag << 4 | 2]) + value.to_bytes(4)
    if isinstance(value, dict):
        pairs = b"".join(_jce_field(0, key) + _jce_field(1, one) for key, one in value.items())
        return bytes([tag << 4 | 8]) + _jce_field(0, len(value)) + pairs
    data = str(value).encode()
    return bytes([tag << 4 | 6, len(data)]) + data


def cbor(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor(str(key)) + cbor(one) for key, one in value.items())
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    data = str(value).encode()
    return _head(3, len(data)) + data


def _head(major: int, number: int) -> bytes:
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 1 << (8 * size):
            return bytes([major << 5 | code]) + number.to_bytes(size)
    raise ValueError(number)


def bson(content: Mapping[Any, Any]) -> bytes:
    out = b""
    for key, value in content.items():
        data = str(value).encode() + b"\0"
        out += b"\x02" + str(key).encode() + b"\0" + struct.pack("<i", len(data)) + data
    return struct.pack("<i", len(out) + 5) + out + b"\0"


def xml(value: Any, name: str = "request") -> str:
    if isinstance(value, dict):
        return f"<{name}>" + "".join(xml(one, str(key)) for key, one in value.items()) + f"</{name}>"
    if isinstance(value, list):
        return "".join(xml(one, name) for one in value)
    return f"<{name}>{escape(str(value))}</{name}>"


def multipart(content: Mapping[Any, Any]) -> bytes:
    """Write form data; a value `{file, type, base64}` becomes an uploaded file."""
    parts = []
    for key, value in content.items():
        head, data = f'form-data; name="{key}"', str(value if isinstance(value, str) else _json(value)).encode()
        if isinstance(value, dict) and "file" in value:
            head += f'; filename="{value["file"]}"\r\nContent-Type: {value.get("type", "image/jpeg")}'
            data = base64.b64decode(value["base64"])
        parts.append(f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def jwt(content: Any) -> bytes:
    halves = [base64.urlsafe_b64encode(_json(part).encode()).rstrip(b"=") for part in ({"alg": "HS256"}, content)]
    signature = base64.urlsafe_b64encode(hashlib.sha256(halves[1]).digest()).rstrip(b"=")
    return b".".join([*halves, signature])


BODY: Final[Mapping[str, tuple[str, Callable[[Any], bytes]]]] = {
    "json": ("application/json; charset=utf-8", lambda content: _json(content).encode()),
    "form": ("application/x-www-form-urlencoded", lambda content: urlencode(flat(content)).encode()),
    "xml": ("text/xml", lambda content: ('<?xml version="1.0" encoding="UTF-8"?>' + xml(content)).encode()),
    "multipart": (f"multipart/form-data; boundary={BOUNDARY}", multipart),
    "protobuf": ("application/x-protobuf", protobuf),
    "msgpack": ("application/msgpack", msgspec.msgpack.encode),
    "cbor": ("application/cbor", cbor),
    "jce": ("application/octet-stream", jce),
    "bson": ("application/bson", bson),
    "plist": ("application/x-plist", lambda content: plistlib.dumps(content, fmt=plistlib.FMT_BINARY)),
    "jwt": ("text/plain", jwt),
    "text": ("text/plain; charset=utf-8", lambda content: str(content).encode()),
}
"""Formats of a body by name: the type that its sender states, and its writer."""
