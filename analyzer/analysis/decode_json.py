"""Takes JSON apart: documents, lines, several in a row, wrapped in a call, inside other text, or cut off."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from analyzer.analysis.decode_budget import Budget, Child, Opened
from analyzer.analysis.decode_charset import as_text

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")
_BEGIN: Final = re.compile(r'\{\s*+["}]|\[\s*+["{\[]')
_GUARD: Final = re.compile(
    r"[\s\ufeff,;)\]}'/&*\x00-\x1f]*|[/*\s]*[A-Za-z_$][A-Za-z_$.]{0,40}\s*[(=:]\s*|for\s*\(;;\);\s*|while\s*\(1\);\s*|\d{1,6}"
)
"""What may stand around documents and carries nothing: `)]}'`, `callback(`, `for(;;);`, `data:`, `42`."""
_TRIES: Final = 8
_DOCUMENTS: Final = 10_000
_DEEPEST_PATH: Final = 1024
_WORDS_PER_LEAF: Final = 4
"""So many names and values are read per leaf of a broken document; a bomb is nothing but names."""
_BROKEN: Final = re.compile(
    r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|(?<=[:,\[\s])(-?\d[\d.eE+-]*+)|"((?:[^"\\]++|\\.)*+)\Z', re.DOTALL
)
_SHORTEST_BYTES: Final = 12
_BYTE: Final = 1 << 8
_COMPRESSED: Final = (b"\x1f\x8b\x08", b"x\x01", b"x\x9c", b"x\xda", b"\x28\xb5\x2f\xfd")
"""How gzip, zlib and zstd begin."""
_LAZY: Final = "\\"
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=str, strict=False
)
"""Objects become tuples of pairs, so that both values of a repeated key are kept; numbers stay as they were sent."""


def open_json(text: str, budget: Budget) -> Opened | None:
    """Give the leaves of a text that begins as JSON; of a broken one what can be recognised."""
    try:
        document, end = _DECODER.raw_decode(text)
    except ValueError:
        return _several(text, budget) or _broken(text, budget)
    except RecursionError:
        budget.spent = True
        return _broken(text, budget)
    if end == len(text) or not text[end:].strip(" \t\r\n\x00,;"):
        return Opened(walk(document, "json:$", budget), [], whole=True)
    return _several(text, budget)


def open_embedded_json(text: str, budget: Budget) -> Opened | None:
    """Give the leaves of the JSON documents inside a text of another kind."""
    return _several(text, budget) if _BEGIN.search(text) else None


def walk(document: Any, root: str, budget: Budget) -> list[Child]:
    """Give the leaves of a document of tuples (objects), lists, strings and bytes, in its order."""
    found: list[Child] = []
    pending: list[tuple[str, str, Any]] = [(root, "", document)]
    steps = _Steps()
    nodes = most = budget.most
    while pending:
        one = pending.pop()
        path, key, node = one
        kind = type(node)
        if kind is str or kind is bytes:
            found.append(one)
            if len(found) >= most:
                budget.spent = True
                break
            continue
        if kind is bool:
            found.append((path, key, "true" if node else "false"))
            continue
        if node is None:
            continue
        nodes -= 1
        if nodes < 0:
            budget.spent = True
            break
        if len(path) > _DEEPEST_PATH:
            path = f"{path[:_DEEPEST_PATH].rpartition('.')[0] or root}…"
        if kind is tuple:
            pending += [(path + steps[name], name, value) for name, value in reversed(node)]
            odd = [name for name, _ in node if not name.isidentifier() and steps[name][0] == "["]
            found += [(f"{path}#key", "", name) for name in odd]
        else:
            if data := bytes_of(node):
                found.append((f"{path}#bytes", key, data))
            pending += [(f"{path}[{at}]", key, node[at]) for at in range(len(node) - 1, -1, -1)]
    return found


def bytes_of(numbers: list[Any]) -> bytes | None:
    """Read a list of small numbers as the bytes that a library for JSON writes so, with signs (Java) or without."""
    if len(numbers) < _SHORTEST_BYTES or type(numbers[0]) is not str or type(numbers[-1]) is not str:
        return None
    try:
        data = bytes([value + _BYTE if -_BYTE // 2 <= value < 0 else value for value in map(int, numbers)])
    except (ValueError, TypeError):
        return None
    return data if data.startswith(_COMPRESSED) or as_text(data) is not None else None


class _Steps(dict[str, str]):
    """Gives the step to a field by its name, and remembers it: the elements of a list have the same names."""

    def __missing__(self, name: str) -> str:
        step = f".{name}" if _PLAIN_KEY.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"
        self[name] = step
        return step


def _several(text: str, budget: Budget) -> Opened | None:
    documents: list[Any] = []
    at, tries, whole = 0, _TRIES, True
    while len(documents) < _DOCUMENTS and (begin := _BEGIN.search(text, at)) and budget.work(64):
        whole = whole and _GUARD.fullmatch(text, at, begin.start()) is not None
        try:
            document, at = _DECODER.raw_decode(text, begin.start())
            documents.append(document)
        except (ValueError, RecursionError):
            tries -= 1
            whole = False
            if not tries or not budget.work(len(text) - begin.start()):
                break
            at = begin.start() + 1
    if not documents:
        return None
    if len(documents) >= _DOCUMENTS:
        budget.spent = True
    roots = ["json:$"] if len(documents) == 1 else [f"json:$[{number}]" for number in range(len(documents))]
    children = [
        child for root, document in zip(roots, documents, strict=True) for child in walk(document, root, budget)
    ]
    return Opened(children, [], whole and _GUARD.fullmatch(text, at) is not None) if children else None


def _broken(text: str, budget: Budget) -> Opened | None:
    """Read the strings and numbers of a document that is cut off, nested too deeply or not quite JSON."""
    if not _BEGIN.match(text) or not budget.work(len(text)):
        return None
    children: list[Child] = []
    key, most = "", budget.most
    for at, found in enumerate(_BROKEN.finditer(text)):
        if len(children) >= most or at > _WORDS_PER_LEAF * most:
            budget.spent = True
            break
        string, colon, number, cut = found.groups()
        if colon:
            key = _unescaped(string)
            continue
        value = number or _unescaped(string or cut or "")
        if value:
            children.append((f"json:$..{key}" if key else "json:$..*", key, value))
    return Opened(children, [], whole=False) if children else None


def _unescaped(text: str) -> str:
    if _LAZY not in text:
        return text
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
