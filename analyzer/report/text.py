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


def _spelled_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    named = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    if named:
        return named
    if code < 0x100:  # noqa: PLR2004 - the width of the escape follows the code point
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - as above
