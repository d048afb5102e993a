"""What Android's own log says about an app: crashes, processes that hang or are killed, activities that come and go."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import AppEvent

_LINE: Final = re.compile(r"\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+(\d+)\s+\d+ ([VDIWEFA]) ([^:]{1,60}?)\s*: (.*)", re.ASCII)
_NATIVE: Final = re.compile(r"pid: (\d+), tid: \d+, name: .{0,40}  >>> (.{1,300}) <<<", re.ASCII)
_EXITS: Final = {
    "AndroidRuntime": re.compile(r"VM exiting with result code -?\d+", re.ASCII),
    "Process": re.compile(r"Sending signal\. PID: (\d+) SIG: 9$", re.ASCII),
}
"""What a process prints that ends itself: `System.exit`, `Process.killProcess` (frameworks/base/core/jni; memory)."""
_MOST_TRACE: Final = 200
_MOST_TRACES: Final = 16
_LONGEST_DETAIL: Final = 100_000


class _Form(NamedTuple):
    """Where the fields of an event lie in its list; the order is what the platform writes, not what it declares."""

    pid: int
    name: int
    detail: int


_FORMS: Final = {
    "am_crash": _Form(pid=0, name=2, detail=4),
    "am_anr": _Form(pid=1, name=2, detail=4),
    "am_kill": _Form(pid=1, name=2, detail=4),
    "am_proc_died": _Form(pid=1, name=2, detail=2),
}
"""EventLogTags.logtags of the platform (frameworks/base/services/core); `am_crash` is written with the pid first."""
_ACTIVITY: Final = {
    "am_on_resume_called": "resumed",
    "wm_on_resume_called": "resumed",
    "am_on_paused_called": "paused",
    "wm_on_paused_called": "paused",
}
_KILL_INFO: Final = "killinfo"
"""What lmkd writes when it kills for want of memory, the pid first and no name (system/memory/lmkd; memory)."""
COMMAND: Final = (
    *("logcat", "-b", "events,crash,main", "-v", "threadtime", "-T", "1", "-s", "DEBUG"),
    *(*_EXITS, *_FORMS, *_ACTIVITY, _KILL_INFO),
)


class AppLog:
    """Reads the lines about one app; each gives at most one `AppEvent`.

    Kinds are `crashed` (also of native code), `not_responding`, `killed` and `died` with the process name as the
    detail, `resumed` and `paused` with the activity. Of `exited` (a process ends itself) and of kills for want of
    memory the log names no app, only the pid: they are told of every process.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._traces: dict[int, deque[str]] = {}

    def read(self, line: str) -> AppEvent | None:
        """Read one line of `logcat -v threadtime`; `None` for one that says nothing of the app."""
        match = _LINE.match(line)
        if match is None:
            return None
        pid, tag, text = int(match[1]), match[3], match[4]
        if _exits(pid, tag, text):
            return AppEvent("exited", "ended by itself", pid)
        if tag == "AndroidRuntime":
            self._keep(pid, text)
        if tag == "DEBUG" and (native := _NATIVE.match(text)) and self._ours(native[2]):
            return AppEvent("crashed", f"native code of {native[2]} crashed", int(native[1]))
        return self._listed(tag, text[1:].removesuffix("]").split(",")) if text.startswith("[") else None

    def _listed(self, tag: str, fields: list[str]) -> AppEvent | None:
        if tag in _ACTIVITY:
            return self._activity(_ACTIVITY[tag], fields)
        if tag == _KILL_INFO and fields[0].isdecimal():
            return AppEvent("killed", "the system wanted its memory", int(fields[0]))
        form = _FORMS.get(tag)
        if form is None or len(fields) <= max(form) or not fields[form.pid].isdecimal():
            return None
        return self._process(tag, form, fields) if self._ours(fields[form.name]) else None

    def _process(self, tag: str, form: _Form, fields: list[str]) -> AppEvent:
        pid, detail = int(fields[form.pid]), ",".join(fields[form.detail :])
        if tag == "am_crash":
            trace = "\n".join(self._traces.pop(pid, ()))
            return AppEvent("crashed", (trace or detail)[:_LONGEST_DETAIL], pid)
        kind = {"am_anr": "not_responding", "am_kill": "killed", "am_proc_died": "died"}[tag]
        return AppEvent(kind, (fields[form.name] if kind == "died" else detail)[:_LONGEST_DETAIL], pid)

    def _activity(self, kind: str, fields: list[str]) -> AppEvent | None:
        name = fields[1] if len(fields) > 1 else ""
        return AppEvent(kind, name) if name.startswith(self._package + ".") else None

    def _keep(self, pid: int, text: str) -> None:
        """Keep the trace that a dying process prints; its own pid is on the line."""
        if text.startswith("FATAL EXCEPTION") or pid not in self._traces:
            while len(self._traces) >= _MOST_TRACES:
                del self._traces[next(iter(self._traces))]
            self._traces[pid] = deque(maxlen=_MOST_TRACE)
        if not text.startswith(("FATAL EXCEPTION", "Process: ")):
            self._traces[pid].append(text)

    def _ours(self, process: str) -> bool:
        return process == self._package or process.startswith(self._package + ":")


def _exits(pid: int, tag: str, text: str) -> bool:
    """Say whether a process ends itself; a signal to another one is no end of its own."""
    said = _EXITS[tag].match(text) if tag in _EXITS else None
    return said is not None and all(int(named) == pid for named in said.groups())


class LogWatch:
    """Follows the device's log for one app until `close`; `on_event` is called from a thread of this object."""

    def __init__(self, shell: AndroidShell, package: str, on_event: Callable[[AppEvent], None]) -> None:
        self._stream = shell.stream(*COMMAND)
        self._log, self._on_event = AppLog(package), on_event
        self._thread = threading.Thread(target=self._follow, name="android-log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what was said before has been told."""
        self._stream.close()
        if self._thread is not threading.current_thread():
            self._thread.join(5)

    def _follow(self) -> None:
        for line in self._stream:
            event = self._log.read(line)
            if event is not None:
                self._on_event(event)
