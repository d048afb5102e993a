"""Writes tnetstrings, the notation of mitmproxy's flow files."""

from __future__ import annotations

from typing import Any


def tnetstring(value: Any) -> bytes:
    """Write texts, bytes, numbers, flags, `None`, lists and dictionaries; raises `TypeError` for anything else."""
    body, tag = _body(value)
    return b"%d:%b%b" % (len(body), body, tag)


def _body(value: Any) -> tuple[bytes, bytes]:  # noqa: PLR0911 - one return per type
    match value:
        case None:
            return b"", b"~"
        case bool():
            return (b"true" if value else b"false"), b"!"
        case bytes():
            return value, b","
        case str():
            return value.encode("utf-8", "replace"), b";"
        case int():
            return b"%d" % value, b"#"
        case float():
            return repr(value).encode(), b"^"
        case list() | tuple():
            return b"".join(map(tnetstring, value)), b"]"
        case dict():
            return b"".join(tnetstring(part) for item in value.items() for part in item), b"}"
    raise TypeError(f"{type(value).__name__} has no tnetstring")
