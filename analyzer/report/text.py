"""Make foreign text safe to keep and safe to show; nothing that an app says reaches a reader unescaped."""

from __future__ import annotations

import json
import re
from typing import Final

KEPT: Final = 4096
"""How many characters of one foreign text the result document keeps."""

SHOWN: Final = 300
"""How many characters of one foreign text a console line, a cell or a page shows."""

_ELLIPSIS: Final = "…"
_NOTE_WIDTH: Final = 24
_UNPRINTABLE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 and C1 controls, ESC among them
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible and bidi controls
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e0fff"  # tags and variation selectors that hide text
    "]"
)

_UNPRINTABLE_BYTES: Final = re.compile(
    rb"\x7f"
    rb"|\xc2[\x80-\x9f\xad]"  # C1 controls, soft hyphen
    rb"|\xd8\x9c|\xe1\xa0\x8e"  # U+061C, U+180E
    rb"|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]"  # U+200B.., U+2028.., U+2060..
    rb"|\xef\xbb\xbf|\xef\xbf[\xb9-\xbb]"  # U+FEFF, U+FFF9..
    rb"|\xf3\xa0[\x80-\xbf][\x80-\xbf]"  # U+E0000.. to U+E0FFF
)
"""The same in UTF-8, without what JSON escapes anyway; a first byte of UTF-8 is never a later one."""


def bounded(text: str, limit: int = KEPT) -> str:
    """Cut `text` to at most `limit` characters, saying so, and spell out lone surrogates, which UTF-8 cannot carry."""
    if text.isascii() and len(text) <= limit:
        return text
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(clean) <= limit:
        return clean
    kept = limit - _NOTE_WIDTH
    return f"{clean[:kept]}{_ELLIPSIS}(+{len(clean) - kept})"


def shown(text: str, limit: int = SHOWN) -> str:
    """Give `text` as one visible line: controls, invisible and bidi characters are spelled out as escapes."""
    cut = text if len(text) <= limit else text[:limit] + _ELLIPSIS
    return _UNPRINTABLE.sub(_spelled_out, cut)


def shown_lines(text: str) -> str:
    """Give `text` in visible lines: as `shown` does, but whole, and with its line ends kept."""
    return "\n".join(_UNPRINTABLE.sub(_spelled_out, line) for line in text.replace("\r\n", "\n").split("\n"))


def json_visible(line: str) -> str:
    """Give a line of JSON that means the same, with JSON's own escapes for controls, invisible and bidi characters."""
    return _UNPRINTABLE.sub(lambda match: json.dumps(match.group())[1:-1], line)


def json_visible_bytes(data: bytes) -> bytes:
    """Give JSON in UTF-8 that means the same, as `json_visible` does."""
    return data if data.isascii() and b"\x7f" not in data else _UNPRINTABLE_BYTES.sub(_escaped, data)


def _escaped(match: re.Match[bytes]) -> bytes:
    return json.dumps(match.group().decode())[1:-1].encode()


def _spelled_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    named = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    if named:
        return named
    if code < 0x100:  # noqa: PLR2004 - the width of the escape follows the code point
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - as above
