"""One line of a foreign hook tool → what it says, whatever its keys are called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Words = Mapping[str, Any]

TIME: Final = ("time", "timestamp", "ts", "t", "alerttime", "datetime", "date", "timeus", "timems", "when", "createdat")
API: Final = ("api", "apiname", "fullmethod", "methodfullname", "signature", "target")
CLASS: Final = ("class", "clazz", "cls", "classname", "lib", "owner")
METHOD: Final = ("method", "methodname", "func", "function", "funcname", "functionname", "name", "action")
ARGUMENTS: Final = ("arguments", "args", "arg", "params", "parameters", "argument")
RESULT: Final = (
    "result",
    "retval",
    "ret",
    "return",
    "returnvalue",
    "returns",
    "returned",
    "value",
    "messages",
    "output",
)
STACK: Final = (
    *("stack", "stacks", "stacktrace", "backtrace", "callstack", "trace", "stackinfo", "calledfrom", "caller"),
)
EXCEPTION: Final = ("exception", "throwable", "threw", "thrown")
PROCESS: Final = ("process", "processname", "package", "packagename", "pkg", "app", "appid", "identifier")
PID: Final = ("pid", "processid")
THREAD: Final = ("thread", "threadname")
TID: Final = ("tid", "threadid")

_WRAPPERS: Final = ("payload", "data", "event", "message", "body", "record", "_source")
_MAX_WRAPPED: Final = 4
_SMALI: Final = re.compile(r"L((?:[\w$-]+/)*[\w$-]+);(?:->|\.)?([\w$<>-]+)?.*", re.DOTALL)
_DOTTED: Final = re.compile(r"[^\W\d][\w$]*(?:\.[\w$<>-]+)+\s*(?:\([^()]{0,500}\))?")
_NAME: Final = re.compile(r"[\w$<>-]{1,200}\s*(?:\([^()]{0,500}\))?")
_CALL: Final = re.compile(r"([\w$.]+\.[\w$<>-]+)")


def unwrap(value: Any, outer: Words | None = None, depth: int = 0) -> Iterator[Words]:
    """Give the objects that hold the events of a line: itself, what Frida's `send` wraps, each of a list.

    Keys lose case, `_` and `-`; what an outer object says (its time, its process) is kept where the inner says nothing.
    """
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["} and depth:
        try:
            value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping):
                yield from unwrap(item, outer, depth + 1)
        return
    if not isinstance(value, Mapping):
        return
    words = {**(outer or {}), **{str(key).lower().replace("_", "").replace("-", ""): value[key] for key in value}}
    inner = next((words[key] for key in _WRAPPERS if _is_wrapper(words, key)), None) if depth < _MAX_WRAPPED else None
    if inner is None:
        yield words
    else:
        kept = {key: words[key] for key in words if key not in _WRAPPERS and key not in {"type", "kind"}}
        yield from unwrap(inner, kept, depth + 1)


def first(words: Words, keys: tuple[str, ...]) -> Any:
    """Give the value of the first key that is there, `None` if none is."""
    return next((words[key] for key in keys if words.get(key) is not None), None)


def named(words: Words, keys: tuple[str, ...]) -> bool:
    """Say whether any of the keys is there, be it with `null`."""
    return any(key in words for key in keys)


def api_name(words: Words, frames: tuple[str, ...]) -> str:
    """Give class and method with dots, parameters behind if they are named; empty if nothing says them.

    A tool that names the call in its own words only is read by its stack: the innermost frame is the hooked method.
    """
    for key in API:
        if isinstance(words.get(key), str) and (name := dotted(words[key])):
            return name
    owner = first(words, CLASS)
    for key in METHOD:
        method = words.get(key)
        if not isinstance(method, str):
            continue
        if isinstance(owner, str) and _NAME.fullmatch(method):
            return f"{dotted(owner) or owner.strip()[:200]}.{method}"
        if name := dotted(method):
            return name
    if isinstance(words.get("hook"), str) and (name := dotted(words["hook"])) and name.count(".") > 1:
        return name
    match = _CALL.match(frames[0]) if frames else None
    return match[1] if match else ""


def dotted(text: str) -> str:
    """Spell `Lа/b/C;->d()V`, `a.b.C#d`, `a.b.C::d` and `a.b.C->d` as `a.b.C.d`; empty for what is no such name."""
    text = text.strip()[:1000]
    smali = _SMALI.fullmatch(text)
    if smali:
        return f"{smali[1].replace('/', '.')}{'.' + smali[2] if smali[2] else ''}"
    for joint in ("->", "::", "#"):
        text = text.replace(joint, ".")
    text = text.removesuffix(".overload").strip()
    return text if _DOTTED.fullmatch(text) else ""


def _is_wrapper(words: Words, key: str) -> bool:
    """Say whether a key holds the event itself."""
    inner = words.get(key)
    if isinstance(inner, Mapping | list):
        return not named(words, (*API, *CLASS, "method")) or key == "payload"
    return key == "payload" and isinstance(inner, str) and inner.lstrip()[:1] in {"{", "["}
