"""Takes the frames of protocols apart: gRPC, MQTT, HTTP inside a raw connection, messages behind their length, DNS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzer.analysis.decode_budget import Budget, Child

_GRPC_FLAGS: Final = frozenset({0, 1, 0x80, 0x81})
_GRPC_BEGINS: Final = frozenset(bytes([flag]) for flag in _GRPC_FLAGS)
_HTTP: Final = re.compile(rb"(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) ([^ \r\n]{1,8192}) HTTP/1\.[01]\r?\n")
_CONNECT: Final = re.compile(rb"\x10[\x80-\xff]{0,3}[\x00-\x7f]\x00(?:\x04MQTT|\x06MQIsdp)")
_LENGTH: Final = re.compile(rb"(?i)\ncontent-length: *(\d{1,9})")
_MOST_FRAMES: Final = 10_000
_LABEL: Final = 63
_DNS_HEAD: Final = 12


def open_grpc(data: bytes) -> list[tuple[bool, bytes]] | None:
    """Give (compressed or not, payload) of every frame of gRPC or gRPC-web that the bytes consist of."""
    if data[:1] not in _GRPC_BEGINS:
        return None
    frames: list[tuple[bool, bytes]] = []
    at = 0
    for _ in range(_MOST_FRAMES):
        if at >= len(data):
            return frames or None
        end = at + 5 + int.from_bytes(data[at + 1 : at + 5], "big")
        if data[at] not in _GRPC_FLAGS or at + 5 > len(data) or end > len(data):
            return None
        if end > at + 5:
            frames.append((bool(data[at] & 1), data[at + 5 : end]))
        at = end
    return None


def open_mqtt(data: bytes) -> list[Child] | None:
    """Give what an MQTT client sends: its name, user and password, topics and payloads."""
    if not (_CONNECT.match(data) or (data[:1] and data[0] >> 4 == 3)):  # noqa: PLR2004 - PUBLISH
        return None
    children: list[Child] = []
    for kind, flags, packet in _mqtt_packets(data):
        if kind == 1:
            children += _mqtt_connect(packet)
        elif kind == 3:  # noqa: PLR2004
            topic, rest = _sized(packet)
            if topic is None or not topic.decode("utf-8", "replace").isprintable():
                return None
            children += [("mqtt:topic", "topic", topic), ("mqtt:payload", "", rest[2:] if flags & 6 else rest)]
    return [child for child in children if child[2]] or None


def open_http(data: bytes, most: int) -> list[Child] | None:
    """Give target, header fields and body of every request in the bytes of a raw connection."""
    children: list[Child] = []
    at = 0
    while len(children) < most and (line := _HTTP.match(data, at)):
        head_end = data.find(b"\r\n\r\n", at)
        head = data[line.end() : head_end if head_end >= 0 else len(data)]
        children.append(("http:target", "", line[1]))
        children += list(_http_fields(head))
        if head_end < 0:
            break
        length = _LENGTH.search(b"\n" + head)
        at = head_end + 4
        chunked = b"chunked" in head.lower()
        end = at + int(length[1]) if length else len(data) if chunked else at
        if data[at:end]:
            children.append(("http:body", "", _dechunked(data[at:end]) if chunked else data[at:end]))
        at = end
    return children or None


def open_sized(data: bytes) -> list[bytes] | None:
    """Give the messages of a stream in which each stands behind its length, where the lengths fit exactly."""
    for width, order in ((4, "big"), (4, "little"), (2, "big"), (2, "little")):
        first = data[:width] if order == "big" else data[:width][::-1]
        if not 2 <= int.from_bytes(first, "big") <= len(data) - width:  # noqa: PLR2004 - the shortest message
            continue
        messages: list[bytes] = []
        at = 0
        while at + width < len(data) and len(messages) < _MOST_FRAMES:
            size = int.from_bytes(data[at : at + width], "big" if order == "big" else "little")
            if not 2 <= size <= len(data) - at - width:  # noqa: PLR2004 - the shortest message
                break
            messages.append(data[at + width : at + width + size])
            at += width + size
        if messages and at == len(data):
            return messages
    return None


def open_dns(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the name that a DNS question asks for, and its labels where they may carry data."""
    if len(data) < _DNS_HEAD + 5 or data[2] & 0xF8 or data[4:6] != b"\0\1" or not budget.work(len(data)):
        return None
    labels, at = [], _DNS_HEAD
    while at < len(data) and 0 < data[at] <= _LABEL:
        labels.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    if at >= len(data) or data[at] or not labels or not all(label.isascii() for label in labels):
        return None
    name = b".".join(labels)
    if not name.decode("ascii").isprintable():
        return None
    return [("dns:name", "", name)]


def _mqtt_packets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    for _ in range(_MOST_FRAMES):
        size = shift = 0
        start = at
        at += 1
        while at < len(data) and shift < 28:  # noqa: PLR2004 - four bytes of seven bits
            byte = data[at]
            at += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:  # noqa: PLR2004 - the continuation bit
                break
        if start >= len(data) or at + size > len(data):
            return
        yield data[start] >> 4, data[start] & 15, data[at : at + size]
        at += size


def _mqtt_connect(packet: bytes) -> list[Child]:
    _, rest = _sized(packet)
    if len(rest) < 4:  # noqa: PLR2004 - version, flags, keep-alive
        return []
    version, flags, rest = rest[0], rest[1], rest[4:]
    if version == 5 and rest:  # noqa: PLR2004 - its properties, whose length is below 128
        rest = rest[1 + rest[0] :]
    names = ["client"]
    if flags & 4:
        rest_names = ["will_topic", "will"]
        names += rest_names
    names += ["user"] if flags & 0x80 else []
    names += ["password"] if flags & 0x40 else []
    children: list[Child] = []
    for name in names:
        value, rest = _sized(rest)
        if value:
            children.append((f"mqtt:{name}", name, value))
    return children


def _sized(data: bytes) -> tuple[bytes | None, bytes]:
    size = int.from_bytes(data[:2], "big")
    if len(data) < 2 + size:
        return None, b""
    return data[2 : 2 + size], data[2 + size :]


def _http_fields(head: bytes) -> Iterator[Child]:
    for line in head.split(b"\n")[:200]:
        name, colon, value = line.strip().partition(b":")
        if colon and value.strip():
            text = name.decode("latin-1")
            yield f"http:{text}", text, value.strip()


def _dechunked(data: bytes) -> bytes:
    out, at = bytearray(), 0
    while (end := data.find(b"\r\n", at, at + 16)) > 0:
        try:
            size = int(data[at:end].partition(b";")[0], 16)
        except ValueError:
            break
        out += data[end + 2 : end + 2 + size]
        at = end + 4 + size
        if not size:
            break
    return bytes(out) or data
