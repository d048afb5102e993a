"""Takes structured texts apart: forms, queries, URLs, lists of pairs, tokens, multipart; each gives named children."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote_plus, unquote_to_bytes

from analyzer.analysis.decode_budget import Child

_FORM: Final = re.compile(
    r"[\w.%+\[\]$:@!~*'(),-]{1,256}=[^&\s]*+(?:&(?:[\w.%+\[\]$:@!~*'(),-]{1,256}(?:=[^&\s]*+)?)?)*+\s*+"
)
_LOOSE_FORM: Final = re.compile(r"[\w.%+\[\]$-]{1,64}=[^&=<>\n]*+(?:&[\w.%+\[\]$-]{1,64}=[^&=<>\n]*+)++")
_URL: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://[^\s?#\"'<>]*+(?:\?([^\s#\"'<>]*+))?(?:#([^\s\"'<>]*+))?", re.IGNORECASE
)
_RELATIVE: Final = re.compile(r"/?[\w./%~-]*+\?([\w.%\[\]-]+=[^\s#]*+)(?:#(\S*+))?")
_JWT: Final = re.compile(r"(eyJ[\w-]{8,})\.([\w-]{4,})\.([\w-]*+)")
_PAIR: Final = re.compile(r'\s*+(?:[A-Za-z]{2,20}\s++)?"?([A-Za-z_$][\w.$-]{0,63})"?\s*+([=:])\s*+(.*?)\s*+', re.DOTALL)
_FIRST_PAIR: Final = re.compile(
    r'[;,|\s]*+(?:[A-Za-z]{2,20}\s++)?"?(?!(?:[\dA-Fa-f]{2}:){2})[A-Za-z_$][\w.$-]{0,63}"?\s*+[=:]'
)
"""How a list of pairs begins; a list of hardware addresses is none."""
_SEPARATORS: Final = (";", "\n", ",", "|", "\t", "^", "#")
_HELD: Final = re.compile(r"\s*+[\w.$]{0,64}[({]([^(){}\[\]\n]+)[)}]\s*+")
_BRACE: Final = re.compile(r"\s*+(?:[A-Za-z_]\w{0,63}\s*+\{|\})\s*+")
_BRACKET: Final = re.compile(r"\[([^\[\]]+)\]")
_PART_NAME: Final = re.compile(rb'[; ]name="([^"\r\n]{0,256})"|[; ]name=([^;\s"]{1,256})', re.IGNORECASE)
_FILE_NAME: Final = re.compile(rb"filename\*?=(?:\"([^\"\r\n]{1,256})\"|([^;\s\"]{1,256}))", re.IGNORECASE)
_QUOTED: Final = re.compile(rb"content-transfer-encoding:\s*quoted-printable", re.IGNORECASE)
_BOUNDARY: Final = re.compile(rb"--[^\r\n]{1,200}\r?\n")
MAX_URLS: Final = 64
_TOKENS: Final = 16
_PAIRS: Final = 1000
_HEAD: Final = 8192


class Found(NamedTuple):
    """Children that were found inside a text, and the rest of it, in which they are blanked out."""

    children: list[Child]
    rest: str


def open_form(text: str, most: int) -> list[Child] | None:
    """Give the fields of a form body; `None` when the text is none."""
    if _FORM.fullmatch(text) or _LOOSE_FORM.fullmatch(text):
        return open_query(text.rstrip(), "form", most)
    return None


def open_query(query: str, word: str, most: int = _PAIRS) -> list[Child]:
    """Give the fields of `a=b&c=d`, percent-decoded; a field without a name carries the empty one."""
    children: list[Child] = []
    for pair in query.split("&", most):
        name, equals, value = pair.partition("=")
        if not equals:
            name, value = "", name
        if value:
            key = unquote_plus(name) if "%" in name or "+" in name else name
            children.append((f"{word}:{key}", _innermost(key), _unquote(value)))
    return children


def open_urls(text: str) -> Found | None:
    """Give the query fields and fragments of the URLs in a text."""
    if "://" not in text:
        found = _RELATIVE.fullmatch(text.rstrip()) if "?" in text else None
        return Found(_of_url(found[1], found[2]), text[: found.start(1)]) if found else None
    children: list[Child] = []
    rest, at = [], 0
    for found in _first(_URL.finditer(text), MAX_URLS):
        start = found.start(1) if found[1] else found.start(2)
        if start >= 0 and (inner := _of_url(found[1], found[2])):
            children += inner
            rest.append(text[at:start])
            at = found.end()
    return Found(children, " ".join([*rest, text[at:]])) if children else None


def open_tokens(text: str) -> Found | None:
    """Give the header and the claims of the JSON web tokens in a text."""
    children: list[Child] = []
    for found in _first(_JWT.finditer(text), _TOKENS):
        for word, part in (("header", found[1]), ("claims", found[2])):
            try:
                raw = binascii.a2b_base64(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4))
            except binascii.Error:
                continue
            if raw.lstrip()[:1] == b"{":
                children.append((f"jwt:{word}", "", raw))
    return Found(children, _JWT.sub(" ", text)) if children else None


def open_pairs(text: str) -> list[Child] | None:
    """Give the fields of `k=v; k2=v2`, `k:v,k2:v2` and their like; every part must be such a pair.

    `{k=v, k2=v2}` and `Name(k=v, k2=v2)` are how objects of Java and Kotlin write themselves; in the text form of
    protobuf, lines open and close messages.
    """
    held = _HELD.fullmatch(text)
    text = held[1] if held else text
    for separator in _SEPARATORS:
        if separator not in text or not _FIRST_PAIR.match(text):
            continue
        parts = [part for part in text.split(separator, _PAIRS) if part.strip()]
        if separator == "\n":
            parts = [part for part in parts if not _BRACE.fullmatch(part)]
        if not parts or (len(parts) < 2 and separator != ";"):  # noqa: PLR2004 - a list has two
            continue
        pairs = [_PAIR.fullmatch(part) for part in parts]
        if all(pairs) and len({pair[2] for pair in pairs if pair}) == 1:
            return [(f"pairs:{pair[1]}", pair[1], pair[3].strip('"')) for pair in pairs if pair and pair[3]]
    return None


def open_multipart(data: bytes, most: int) -> list[Child] | None:
    """Give the parts of a multipart body, recognised by its first line; a cut one ends with what there is."""
    boundary = _BOUNDARY.match(data.lstrip(b"\r\n")[:300])
    if boundary is None:
        return None
    mark = boundary[0].rstrip(b"\r\n")
    sections = (b"\n" + data.lstrip(b"\r\n")).split(b"\n" + mark, most)
    if len(sections) < 2:  # noqa: PLR2004 - before the first, and a part
        return None
    if sections[-1].startswith(b"--"):
        sections.pop()
    return [child for at, section in enumerate(sections[1:]) for child in _part(at, section)] or None


def _first(found: Iterator[re.Match[str]], most: int) -> Iterator[re.Match[str]]:
    for _, one in zip(range(most), found, strict=False):
        yield one


def _of_url(query: str | None, fragment: str | None) -> list[Child]:
    children = open_query(query, "query") if query else []
    if fragment and "=" in fragment:
        children += open_query(fragment.rpartition("?")[2], "fragment")
    elif fragment:
        children.append(("fragment:", "", _unquote(fragment)))
    return children


def _innermost(key: str) -> str:
    """Give the name of a nested form field that says most: of `user[phone][]` it is `phone`."""
    names = _BRACKET.findall(key) if "[" in key else ()
    named = [name for name in names if not name.isdigit()]
    return named[-1] if named else key.partition("[")[0] or key


def _unquote(value: str) -> str | bytes:
    if "%" not in value:
        return value.replace("+", " ")
    raw = unquote_to_bytes(value.replace("+", " "))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _part(at: int, section: bytes) -> Iterator[Child]:
    head, separator, body = section.partition(b"\r\n\r\n")
    if not separator or len(head) > _HEAD:
        head, separator, body = section.partition(b"\n\n")
    if not separator:
        return
    head = head[:_HEAD]
    named, filed = _PART_NAME.search(head), _FILE_NAME.search(head)
    name = (named[1] or named[2] or b"").decode("utf-8", "replace") if named else str(at)
    body = body.removesuffix(b"\r")
    if _QUOTED.search(head):
        body = binascii.a2b_qp(body)
    if filed:
        yield f"multipart:{name}#filename", "filename", filed[1] or filed[2]
    if body:
        yield f"multipart:{name}", name, body
