"""What the page shows of one call and of one request when somebody opens it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from analyzer.model.exhibits import Excerpt, Passage
from analyzer.report.document_evidence import EventEntry, ValueEntry
from analyzer.report.page_script import Members, Rows
from analyzer.report.text import shown, shown_lines

VALUE: Final = 2000
"""How many characters of one argument or result are shown."""

_FRAMES: Final = 64
_ARGUMENTS: Final = 32


def event_details(events: Iterable[EventEntry], names: Sequence[str], start: int) -> dict[str, Any]:
    """Give the calls by id, and their stacks, each different one once; the stacks are there when the calls were."""
    stacks: dict[tuple[str, ...], int] = {}
    return {
        "events": Members(lambda: ((shown(one.id), _call(one, names, start, stacks)) for one in events)),
        "stacks": Rows(stacks, list),
    }


def _call(one: EventEntry, names: Sequence[str], start: int, stacks: dict[tuple[str, ...], int]) -> dict[str, Any]:
    frames = tuple(shown(frame) for frame in (one.stack or ())[:_FRAMES])
    return {
        "t": one.at_us - start,
        "r": names.index(one.ref.recording) if one.ref.recording in names else -1,
        "api": shown(one.api),
        "hook": shown(one.hook),
        "phase": one.phase.value,
        "args": [_value(value) for value in one.arguments[:_ARGUMENTS]],
        "more": max(0, len(one.arguments) - _ARGUMENTS),
        "ending": one.ending.value,
        "result": _value(one.result) if one.result else None,
        "threw": shown(one.exception),
        "process": shown(f"{one.process} ({one.pid})"),
        "thread": shown(f"{one.thread} ({one.tid})"),
        "unsure": one.uncertainty_us,
        "stack": None if one.stack is None else stacks.setdefault(frames, len(stacks)),
    }


def _value(one: ValueEntry) -> dict[str, Any]:
    text = one.text or (f"base64 {one.base64}" if one.base64 else "")
    return {
        "type": shown(one.type or one.kind.value),
        "text": shown(text, VALUE),
        "size": one.size,
        "cut": one.truncated or len(text) > VALUE,
    }


def excerpt_details(excerpt: Excerpt) -> dict[str, Any]:
    """Give the parts of a flow; a piece is a text, a text with ids of finds, or how many characters are left out."""
    return {
        "passages": [_passage(passage) for passage in excerpt.passages],
        "ways": {
            shown(find): [[shown(step.name), shown(step.text, VALUE)] for step in way]
            for find, way in excerpt.ways.items()
        },
    }


def _passage(passage: Passage) -> dict[str, Any]:
    pieces: list[Any] = []
    for piece in passage.pieces:
        if piece.omitted:
            pieces.append(piece.omitted)
        elif piece.finds:
            pieces.append([shown_lines(piece.text), *(shown(find) for find in piece.finds)])
        else:
            pieces.append(shown_lines(piece.text))
    return {
        "line": passage.line,
        "part": passage.part,
        "undone": [shown(step) for step in passage.undone],
        "binary": passage.binary,
        "pieces": pieces,
    }
