"""One line of a foreign hook tool → what it says, whatever its keys are called."""

from __future__ import annotations

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

_ENVELOPE: Final = "payload"
_SMALI: Final = re.compile(r"L((?:[\w$-]+/)*[\w$-]+);(?:->|\.)?([\w$<>-]+)?.*", re.DOTALL)
_DOTTED: Final = re.compile(r"[^\W\d][\w$]*(?:\.[\w$<>-]+)+\s*(?:\([^()]{0,500}\))?")
_NAME: Final = re.compile(r"[\w$<>-]{1,200}\s*(?:\([^()]{0,500}\))?")
_CALL: Final = re.compile(r"([\w$.]+\.[\w$<>-]+)")


def unwrap(value: Any) -> Iterator[tuple[Words, bool]]:
    """Give the objects that hold the events of a line, and whether each stands in the file by itself.

    That is the line, each object of its list, or what Frida's `send` put into an envelope: an object, in one that names
    no call. What a call was given or gave may look like an event and is none, as are texts: the app writes them. Keys
    lose case, `_` and `-`; what an envelope says (its time, its process) is kept where its content says nothing.
    """
    for item in _objects(value):
        outer = _words(item)
        if not _is_envelope(outer):
            yield outer, True
            continue
        kept = {key: outer[key] for key in outer if key not in {_ENVELOPE, "type"}}
        yield from (({**kept, **_words(inner)}, False) for inner in _objects(outer[_ENVELOPE]))


def _objects(value: Any) -> list[Mapping[Any, Any]]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, Mapping)]


def _words(item: Mapping[Any, Any]) -> Words:
    return {str(key).lower().replace("_", "").replace("-", ""): item[key] for key in item}


def _is_envelope(words: Words) -> bool:
    named_call = named(words, (*API, *CLASS, "method", "hook"))
    return isinstance(words.get(_ENVELOPE), Mapping | list) and words.get("type", "send") == "send" and not named_call


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
