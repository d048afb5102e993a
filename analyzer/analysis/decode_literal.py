"""Takes objects apart that are written as JavaScript or Python write them: bare names, single quotes, `None`."""

from __future__ import annotations

import json
import re
from typing import Final

from analyzer.analysis.decode_budget import Budget, Opened
from analyzer.analysis.decode_json import open_json

_TOKEN: Final = re.compile(
    r"""\s*+(?:(?P<double>"(?:[^"\\\n]++|\\.)*+")|[ub]?'(?P<single>(?:[^'\\\n]++|\\.)*+)'"""
    r"""|(?P<number>-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?(?![\w.]))"""
    r"""|(?P<word>[^\W\d][\w$]*+)|(?P<sign>[{}\[\]:,]))\s*+""",
    re.DOTALL,
)
_BEGIN: Final = re.compile(
    r"""\{\s*+(?:[^\W\d][\w$]{0,63}\s*+:|[ub]?'[^'\n]{0,99}'\s*+:)"""
    r"""|\[\s*+(?:\{\s*+['\w]|[ub]?')"""
)
_WORDS: Final = {"True": "true", "False": "false", "true": "true", "false": "false"}
_EMPTY: Final = frozenset({"None", "null", "undefined", "NaN"})
_LONGEST: Final = 1 << 16


def open_literal(text: str, budget: Budget) -> Opened | None:
    """Give the leaves of an object or array that would be JSON if its names and texts were quoted as JSON does."""
    if len(text) > _LONGEST or not _BEGIN.match(text) or not budget.work(len(text) * 2):
        return None
    written = _as_json(text)
    return open_json(written, budget) if written else None


def _as_json(text: str) -> str:
    """Write a literal as JSON; empty where something is neither a name, a value nor a sign of one."""
    out: list[str] = []
    at, end = 0, len(text.rstrip("; \r\n\t"))
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            return ""
        at = found.end()
        out.append(_token(found, text[at : at + 1]))
        if out[-1] in {"}", "]"} and len(out) > 1 and out[-2] == ",":
            del out[-2]
        if not out[-1]:
            return ""
    return "".join(out)


def _token(found: re.Match[str], after: str) -> str:
    """Write one name, value or sign as JSON does; empty for a word that is none of them."""
    kind = found.lastgroup
    if kind == "single":
        return json.dumps(re.sub(r"\\(['\\])", r"\1", found["single"]), ensure_ascii=False)
    if kind == "word":
        word = found["word"]
        return json.dumps(word, ensure_ascii=False) if after == ":" else _WORDS.get(word, "null" * (word in _EMPTY))
    return found[kind] if kind else ""
