"""The bytes of a HAR's bodies, in every way that tools write them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from analyzer.model.evidence import Body

Headers = Sequence[tuple[str, str]]

_BINARY: Final = re.compile(
    r"octet-stream|protobuf|grpc|gzip|zip|compress|msgpack|cbor|thrift|flatbuffers|x-amf|encrypted|binary"
    r"|image/|audio/|video/|font/|iso-8859-1|latin-?1",
    re.IGNORECASE,
)
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.-]{1,40})", re.IGNORECASE)
_BOUNDARY: Final = re.compile(r"boundary\s*=\s*\"?([^\s\";,]{1,200})", re.IGNORECASE)
_ENCODED: Final = re.compile(r"(?:[A-Za-z0-9_.~*+!'()-]|%[0-9A-Fa-f]{2})*")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\s]*={0,3}\s*")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_WIDE: Final = re.compile("[^\x00-\xff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f]")
_SIZE_LIMIT: Final = 2**50


def request_body(request: Mapping[str, Any], headers: Headers) -> Body:
    """Give the body of a request; one that the capture only announces is truncated to nothing."""
    announced = _announced(request, headers)
    post = request.get("postData")
    kept = request.get("_content") or request.get("content")
    data = None
    for holder in (kept, post):
        if data is None and isinstance(holder, Mapping):
            data = _held(holder, headers, announced)
    if data is None and isinstance(post, str):
        data = text_bytes(post, _content_type({}, headers), announced)
    if not data and isinstance(post, Mapping):
        data = _rebuilt(post, headers) or data
    return _body(data, announced)


def response_body(response: Mapping[str, Any], headers: Headers) -> Body:
    """Give the body of a response as its capture has it: mostly without its compression."""
    content = response.get("_content") or response.get("content")  # our own HARs keep compressed bytes beside
    if isinstance(content, str):
        content = {"text": content}
    if not isinstance(content, Mapping):
        content = {}
    announced = _size(content.get("size")) or _size(response.get("bodySize"))
    return _body(_held(content, headers, announced), announced)


def text_bytes(text: str, content_type: str, size: int) -> bytes:
    r"""Give the bytes that a tool wrote as text.

    Text can be UTF-8 or another charset, bytes spelt as Latin-1, or undecodable bytes spelt as `\udc80`–`\udcff`; the
    length that the capture names, then type and look decide.
    """
    if text.isascii():
        return text.encode()
    if _SURROGATE.search(text):
        return _unescaped(text)
    wide = text.encode()
    if not _WIDE.search(text):
        narrow = text.encode("latin-1")
        return narrow if _is_narrow(text, narrow, wide, content_type, size) else wide
    charset = _CHARSET.search(content_type)
    return _spelt(text, charset[1], size) or wide if charset else wide


def base64_bytes(text: str) -> bytes | None:
    """Decode base64 of any alphabet, padding and line length; `None` for what is none."""
    if not _BASE64.fullmatch(text):
        return None
    letters = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return None


def encoded_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Write pairs as a form or query; what is percent-encoded already stays."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def named_pairs(items: Any) -> list[tuple[str, str]]:
    """Give name and value of each item of a list; a mapping of names to values is fine too."""
    if isinstance(items, Mapping):
        return [(str(name), _plain(value)) for name, value in items.items()]
    if not isinstance(items, list):
        return []
    pairs = []
    for item in items:
        if isinstance(item, Mapping) and isinstance(item.get("name"), str):
            pairs.append((item["name"], _plain(item.get("value"))))
        elif isinstance(item, list) and len(item) > 1 and isinstance(item[0], str):
            pairs.append((item[0], _plain(item[1])))
    return pairs


def header(headers: Headers, name: str) -> str:
    """Give the first header of a name, empty if there is none."""
    return next((value for key, value in headers if key.lower() == name), "")


def _held(holder: Mapping[str, Any], headers: Headers, size: int) -> bytes | None:
    text = holder.get("text")
    if isinstance(text, list | dict):
        return _unwritten(text, _content_type(holder, headers))
    if not isinstance(text, str):
        return None
    encodings = (holder.get(key) for key in ("encoding", "_encoding", "contentEncoding"))
    flags = (holder.get(key) for key in ("base64", "_base64", "_isBase64", "isBase64"))
    if any(isinstance(name, str) and name.lower() == "base64" for name in encodings) or True in flags:
        data = base64_bytes(text)
        if data is not None:
            return data
    return text_bytes(text, _content_type(holder, headers), size)


def _unwritten(content: list[Any] | dict[str, Any], content_type: str) -> bytes:
    """Give a body that a tool wrote as values instead of text: numbers of bytes, or a JSON document."""
    if isinstance(content, list) and "json" not in content_type.lower():
        try:
            return bytes(content)
        except (TypeError, ValueError):
            pass  # no numbers of bytes
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _rebuilt(post: Mapping[str, Any], headers: Headers) -> bytes | None:
    """Write the body anew of which only the parameters were kept."""
    params = post.get("params")
    pairs = named_pairs(params)
    if not pairs:
        return None
    kind = _content_type(post, headers)
    if "multipart/" not in kind.lower():
        return encoded_pairs(pairs).encode()
    match = _BOUNDARY.search(kind) or _BOUNDARY.search(header(headers, "content-type"))
    boundary = (match[1] if match else "boundary").encode("utf-8", "replace")
    items = params if isinstance(params, list) else [{}] * len(pairs)
    parts = [_part(name, value, item) for (name, value), item in zip(pairs, items, strict=False)]
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def _part(name: str, value: str, item: Any) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{name}"']
    item = item if isinstance(item, Mapping) else {}
    if isinstance(item.get("fileName"), str):
        lines[0] += f'; filename="{item["fileName"]}"'
    if isinstance(item.get("contentType"), str):
        lines.append(f"Content-Type: {item['contentType']}")
    head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    return head + b"\r\n\r\n" + text_bytes(value, str(item.get("contentType", "")), 0)


def _body(data: bytes | None, announced: int) -> Body:
    if data is None or (not data and announced):
        return Body(announced, truncated=announced > 0)
    return Body(len(data), data)


def _announced(request: Mapping[str, Any], headers: Headers) -> int:
    length = header(headers, "content-length")
    return _size(request.get("bodySize")) or (_size(int(length[:15])) if length.isascii() and length.isdigit() else 0)


def _size(value: Any) -> int:
    return value if type(value) is int and 0 < value < _SIZE_LIMIT else 0


def _content_type(holder: Mapping[str, Any], headers: Headers) -> str:
    kind = holder.get("mimeType")
    parts = [kind if isinstance(kind, str) else "", header(headers, "content-type")]
    return "; ".join(part for part in parts if part) + " " + header(headers, "content-encoding")


def _is_narrow(text: str, narrow: bytes, wide: bytes, content_type: str, size: int) -> bool:
    """Say whether characters up to U+00FF stand for the bytes of the wire."""
    if size in {len(narrow), len(wide)}:
        return size == len(narrow)
    if _BINARY.search(content_type) or _CONTROL.search(text):
        return True
    try:
        narrow.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unescaped(text: str) -> bytes:
    """Undo surrogates: those that stand for single bytes, or, where there are others, as well as it goes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _spelt(text: str, charset: str, size: int) -> bytes:
    """Spell text in a charset if that gives the size that the capture names; else nothing."""
    try:
        data = text.encode(charset)
    except (LookupError, UnicodeError):
        return b""
    return data if len(data) == size else b""


def _encoded(text: str) -> str:
    if "%" in text and _ENCODED.fullmatch(text):
        return text
    return quote(text.encode("utf-8", "surrogatepass"), safe="-_.~*")


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)[:100] if isinstance(value, int | float) and abs(value) < 10**30 else ""
