"""Takes structured bodies apart: JSON, forms, URLs, multipart, protobuf; each gives named children."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus, unquote_to_bytes

from analyzer.analysis.decode_protobuf import read_message

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")
_FORM: Final = re.compile(r"[\w.%+\[\]$:@!~*'()-]{1,256}=[^&\s]*(?:&[\w.%+\[\]$:@!~*'()-]{1,256}(?:=[^&\s]*)?)*&?")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s?#]*\?([^\s#]+)", re.IGNORECASE)
_PART_NAME: Final = re.compile(rb'name="([^"\r\n]{0,256})"', re.IGNORECASE)
_BOUNDARY: Final = re.compile(rb"--[^\r\n]{1,200}\r?\n")


@dataclass(frozen=True, slots=True)
class Child:
    """One value inside a structure; `step` is its path from there, `key` the field name that carries it."""

    step: str
    key: str
    value: str | bytes


def open_json(text: str, most: int) -> list[Child] | None:
    """Give the leaves of a JSON document, or of JSON lines; `None` when the text is neither."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start not in ("{", "[", '"'):
        return None
    document = _parse(text)
    if document is not None:
        return _walk(document, "json:$", most)
    lines = text.splitlines()
    if not 1 < len(lines) <= most:
        return None
    documents = [_parse(line) for line in lines if line.strip()]
    if not all(isinstance(document, dict | list) for document in documents):
        return None
    return [child for at, document in enumerate(documents) for child in _walk(document, f"json:$[{at}]", most)]


def open_form(text: str) -> list[Child] | None:
    """Give the fields of a form body; `None` when the text is none."""
    return open_query(text, "form") if _FORM.fullmatch(text) else None


def open_url(text: str) -> list[Child] | None:
    """Give the query fields of a text that contains an URL."""
    found = _URL.search(text) if "://" in text else None
    return open_query(found[1], "query") if found else None


def open_query(query: str, word: str) -> list[Child]:
    """Give the fields of `a=b&c=d`, percent-decoded; a field without a name carries the empty one."""
    children = []
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if not equals:
            name, value = "", name
        if value:
            key = unquote_plus(name)
            children.append(Child(f"{word}:{key}", key, _unquote(value)))
    return children


def open_multipart(data: bytes, most: int) -> list[Child] | None:
    """Give the parts of a multipart body, recognised by its first line."""
    boundary = _BOUNDARY.match(data.lstrip(b"\r\n"))
    if boundary is None:
        return None
    mark = boundary[0].rstrip(b"\r\n")
    sections = data.split(mark)
    if len(sections) < 3 or len(sections) > most:  # noqa: PLR2004 - before the first, a part, the end
        return None
    parts = [_part(at, section) for at, section in enumerate(sections[1:-1])]
    return [part for part in parts if part is not None] or None


def open_protobuf(data: bytes, most: int) -> list[Child] | None:
    """Give the fields of one level of a protobuf message."""
    fields = read_message(data, most)
    if fields is None:
        return None
    return [Child(f"protobuf:{number}", str(number), value) for number, value in fields]


def _unquote(value: str) -> str | bytes:
    raw = unquote_to_bytes(value.replace("+", " "))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _parse(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _walk(document: Any, root: str, most: int) -> list[Child]:
    found: list[Child] = []
    pending: list[tuple[str, str, Any]] = [(root, "", document)]
    while pending and len(found) < most:
        path, key, node = pending.pop()
        if isinstance(node, dict):
            pending += [(path + _step(name), name, value) for name, value in reversed(node.items())]
            found += [Child(f"{path}#key", "", name) for name in node if not _PLAIN_KEY.fullmatch(name)]
        elif isinstance(node, list):
            pending += [(f"{path}[{at}]", key, node[at]) for at in range(len(node) - 1, -1, -1)]
        elif isinstance(node, str):
            found.append(Child(path, key, node))
    return found


def _step(name: str) -> str:
    return f".{name}" if _PLAIN_KEY.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def _part(at: int, section: bytes) -> Child | None:
    head, separator, body = section.partition(b"\r\n\r\n")
    if not separator:
        head, separator, body = section.partition(b"\n\n")
    if not separator:
        return None
    named = _PART_NAME.search(head)
    name = named[1].decode("utf-8", "replace") if named else str(at)
    return Child(f"multipart:{name}", name, body.removesuffix(b"\n").removesuffix(b"\r"))


def header_fields(headers: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, str]]:
    """Give (`header` or `cookie`, name, value) of every header; cookies one by one."""
    for name, value in headers:
        if name.lower() != "cookie":
            yield "header", name, value
            continue
        for crumb in value.split(";"):
            key, _, text = crumb.strip().partition("=")
            yield "cookie", key, text
