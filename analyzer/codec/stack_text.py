"""Call stacks as foreign tools write them → frames, innermost first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

FRAMES: Final = 500
"""No more frames of one stack are kept."""
_TEXT_LIMIT: Final = 1024 * 1024
_FRAME_LIMIT: Final = 500
_WRAPPED: Final = 3
_LINES: Final = re.compile(r"\r\n|\r|\n|\\r\\n|\\n")
_JOINTS: Final = (
    re.compile(r"\s*<-{1,3}\s*"),
    re.compile(r"\s*;\s*"),
    re.compile(r"\s*\|\s*"),
    re.compile(r"(?:^|\s+)at\s+"),
)
_COMMAS: Final = re.compile(r"\s*,\s+(?=[\w$]+\.)")
_LOGCAT: Final = re.compile(
    r"(?:(?:\d{4}-)?\d\d-\d\d\s+)?\d\d:\d\d:\d\d\.\d+\s+(?:\d+[- ]+\d+[^ ]*\s+)?"
    r"[VDIWEFA][ /]\s*[^:()]{1,80}(?:\(\s*\d+\))?\s*:\s?"
    r"|[VDIWEFA]/[^:()]{1,80}\(\s*\d+\)\s*:\s?"
)
_LEAD: Final = re.compile(r"(?:at\s+|#\d+\s+(?:pc\s+\S+\s+)?|\[\d+\]\s*|\d+[.:)]\s+|-+>?\s*|\*\s+|\"|')+")
_FRAME: Final = re.compile(r"(?:[\w.-]+/{1,2})*[^\W\d][\w$-]*(?:[./][\w$<>-]+)+\s*(?:\([^()]{0,300}\)?.*|[:!]\d+)?")
_THROWABLE: Final = re.compile(r"[\w.$]+(?:Exception|Throwable|Error)(?::.*)?")
_OWN: Final = ("dalvik.system.VMStack.getThreadStackTrace", "java.lang.Thread.getStackTrace", "java.lang.Throwable.")


def read_frames(stack: Any) -> tuple[str, ...]:
    """Give the frames of a stack: the text of a Java stack trace, joined text, JSON text, a list of texts or objects.

    Lines that are no frames are left out, so is the part behind `Caused by:` and what took the stack.
    """
    frames = [frame for piece in _pieces(stack) if (frame := _frame(piece))]
    while frames and frames[0].startswith(_OWN):
        del frames[0]
    return tuple(frames[:FRAMES])


def _pieces(stack: Any, depth: int = 0) -> Iterable[str]:
    if isinstance(stack, Mapping):
        stack = stack.get("frames") or stack.get("stack") or [stack]
    if isinstance(stack, list):
        items = (_described(item) if isinstance(item, Mapping) else item for item in stack[: FRAMES * 2])
        texts = [item for item in items if isinstance(item, str)]
        return _split(texts[0], depth) if len(texts) == 1 else _first_trace(texts)
    return _split(stack, depth) if isinstance(stack, str) else ()


def _split(text: str, depth: int) -> Iterable[str]:
    text = text[:_TEXT_LIMIT].strip()
    if text[:1] in {"[", "{"} and text[-1:] in {"]", "}"} and depth < _WRAPPED:
        try:
            decoded = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return _split(text[1:-1], depth + 1)
        return _pieces([_plain(item) for item in decoded] if isinstance(decoded, list) else decoded, depth + 1)
    lines = [line for line in _LINES.split(text) if line.strip()]
    if len(lines) > 1:
        return _first_trace(lines)
    for joint in (*_JOINTS, _COMMAS):
        parts = [part for part in joint.split(text) if part.strip()]
        if len(parts) > 1:
            return parts
    return [text]


def _plain(item: Any) -> Any:
    return item if isinstance(item, str | Mapping) else ""


def _first_trace(lines: list[str]) -> Iterable[str]:
    found = False
    for line in lines:
        if found and line.strip().startswith(("Caused by:", "Suppressed:")):
            return
        found = found or bool(_frame(line))
        yield line


def _described(item: Mapping[str, Any]) -> str:
    """Write a frame that came as an object as text."""
    names = {str(key).lower().replace("_", ""): value for key, value in item.items()}
    owner = names.get("class") or names.get("classname") or names.get("declaringclass")
    method = names.get("method") or names.get("methodname") or names.get("function") or names.get("name")
    if not isinstance(owner, str) or not isinstance(method, str):
        text = names.get("frame") or names.get("text")
        return text if isinstance(text, str) else ""
    file = names.get("file") or names.get("filename") or "Unknown Source"
    line = names.get("line", names.get("linenumber"))
    return f"{owner}.{method}({file}:{line})" if type(line) is int and line > 0 else f"{owner}.{method}({file})"


def _frame(piece: str) -> str:
    text = piece.replace("\\t", " ").strip()[: _FRAME_LIMIT * 2]
    logcat = _LOGCAT.match(text)
    text = text[logcat.end() :].strip() if logcat else text
    lead = _LEAD.match(text)
    text = (text[lead.end() :] if lead else text).strip(" \t\"',;")
    if not _FRAME.fullmatch(text) or _THROWABLE.fullmatch(text):
        return ""
    return text[:_FRAME_LIMIT].encode("utf-8", "replace").decode()
