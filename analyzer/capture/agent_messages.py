"""Reads the agent's messages: batches of records become records of the model; what cannot be read becomes a gap."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any

from analyzer.capture.agent_config import LIMITS
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Gap, HookState, Mark, Process, Record, Stack, Thread, Value
from analyzer.model.vocabulary import Ending, GapKind, HookStatus, MarkKind, ValueKind

_DEPTH = 8
_WHY = 4096
_WORDS = 1000
_LIMIT = 2**63
_MODULE = re.compile(r"^(?:[\w.@-]*/){1,2}(?=[\w$.])", re.ASCII)


class AgentMessages:
    """Reads the batches of one agent, in order.

    `domain` names the clock of the process. Strings that are no valid Unicode keep a replacement mark.
    """

    def __init__(self, process: Process, domain: str) -> None:
        self.source = f"agent:{process.pid}"
        self._process, self._domain = process, domain
        self._kinds: dict[str, Callable[[dict[str, Any]], Record]] = {
            "event": self._event,
            "stack": self._stack,
            "hook": self._hook,
            "gap": self._gap,
            "changed": self._changed,
        }

    def records(self, batch: list[Any]) -> Iterator[Record]:
        """Give the records of a batch; one that cannot be read becomes an `AGENT_ERROR` gap in its place."""
        for raw in batch:
            try:
                yield self._kinds[raw["k"]](raw)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError, binascii.Error) as error:
                yield self._unreadable(raw, error)

    def gap(self, kind: GapKind, why: str, stamp: Stamp, seq: int = 0) -> Gap:
        """Make a gap about this agent's process."""
        return Gap(seq, self.source, stamp, kind, self._process.name, clean(why)[:_WHY])

    def _stamp(self, raw: dict[str, Any]) -> Stamp:
        return Stamp(whole(raw["m"]), whole(raw["w"]), self._domain)

    def _event(self, raw: dict[str, Any]) -> Event:
        return Event(
            seq=whole(raw["s"]),
            source=self.source,
            stamp=self._stamp(raw),
            process=self._process,
            thread=Thread(whole(raw["tid"]), clean(raw["tn"])),
            hook=clean(raw["h"]),
            api=clean(raw["api"]),
            arguments=tuple(value(one) for one in raw["a"]),
            ending=Ending(raw["e"]),
            result=value(raw["r"]) if "r" in raw else None,
            exception=clean(raw.get("x", "")),
            this=value(raw["th"]) if "th" in raw else None,
            stack=whole(raw["st"]) if "st" in raw else None,
        )

    def _stack(self, raw: dict[str, Any]) -> Stack:
        frames = tuple(frames_of(clean(raw["x"]), LIMITS["frames"]))
        return Stack(whole(raw["s"]), self.source, self._stamp(raw), whole(raw["id"]), frames)

    def _hook(self, raw: dict[str, Any]) -> HookState:
        status = HookStatus(raw["st"])
        return HookState(
            whole(raw["s"]), self.source, self._stamp(raw), self._process, clean(raw["h"]), status, clean(raw["d"])
        )

    def _changed(self, raw: dict[str, Any]) -> Mark:
        details = {"hook": raw["h"], "api": raw["api"], "caller": raw["c"], "process": self._process.name}
        told = {name: clean(text)[:_WORDS] for name, text in details.items()}
        return Mark(whole(raw["s"]), self.source, self._stamp(raw), MarkKind.PINNING_REMOVED, told)

    def _gap(self, raw: dict[str, Any]) -> Gap:
        kind = GapKind(raw["g"])
        return Gap(whole(raw["s"]), self.source, self._stamp(raw), kind, clean(raw["h"]), clean(raw["why"])[:_WHY])

    def _unreadable(self, raw: Any, error: Exception) -> Gap:
        known = raw if isinstance(raw, dict) else {}
        numbers = [known.get(key) for key in ("s", "m", "w")]
        seq, mono, wall = (int(one) if isinstance(one, int) and -_LIMIT <= one < _LIMIT else 0 for one in numbers)
        why = f"the agent sent a record that cannot be read: {error!r}"
        return self.gap(GapKind.AGENT_ERROR, why, Stamp(mono, wall, self._domain), seq)


def frames_of(text: str, limit: int) -> Iterator[str]:
    """Split `[a.B.c(B.java:1), …]`, which may be cut, into its first frames, without the names of modules."""
    *whole, last = text.removeprefix("[").split("), ", limit)
    for frame in whole:
        yield _MODULE.sub("", frame, count=1) + ")"
    if len(whole) < limit and last.endswith(")]"):
        yield _MODULE.sub("", last, count=1)[:-1]


def value(raw: dict[str, Any], depth: int = 0) -> Value:
    """Read one recorded value; raises `ValueError` for one that is nested too deeply."""
    if depth > _DEPTH:
        raise ValueError("a value is nested too deeply")
    return Value(
        kind=ValueKind(raw["k"]),
        type=clean(raw.get("c", "")),
        text=clean(raw.get("t", "")),
        data=base64.b64decode(raw.get("d", ""), validate=True),
        items=tuple(value(item, depth + 1) for item in raw.get("i", ())),
        fields=tuple((clean(name), value(part, depth + 1)) for name, part in raw.get("f", ())),
        truncated=bool(raw.get("x", False)),
    )


def whole(number: Any) -> int:
    """Read a number; raises `ValueError` or `OverflowError` for one that no record can hold."""
    found = int(number)
    if not -_LIMIT <= found < _LIMIT:
        raise ValueError("a number has more than 64 bits")
    return found


def clean(text: Any) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold."""
    return str(text).encode("utf-8", "replace").decode("utf-8")
