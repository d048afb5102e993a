"""The record chain: every line of a file carries a digest over itself and all lines before it."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

_TAIL: Final = re.compile(rb',"chain":"([0-9a-f]{64})"\}')
_TAIL_SIZE: Final = len(b',"chain":""}') + 64


def genesis(session_id: str, recording: str, file: str) -> str:
    """Give the digest that the first line of a file is chained to (64 hex digits)."""
    return sha256(f"{session_id}/{recording}/{file}".encode("utf-8", "backslashreplace")).hexdigest()


def link(previous: str, payload: bytes) -> str:
    """Give the digest of a line from that of the line before and its own bytes without the chain member."""
    digest = sha256(previous.encode())
    digest.update(payload)
    return digest.hexdigest()


def join(payload: bytes, digest: str) -> bytes:
    """Put the chain member into a JSON object and end the line."""
    return b'%b,"chain":"%b"}\n' % (payload[:-1], digest.encode())


def split(line: bytes) -> tuple[bytes, str] | None:
    """Take a line (without its end) apart into payload and digest; `None` for a torn line."""
    match = _TAIL.fullmatch(line, max(0, len(line) - _TAIL_SIZE))
    if match is None:
        return None
    return line[:-_TAIL_SIZE] + b"}", match[1].decode()
