"""Show a running recording: a live panel on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from analyzer.report.labels import Language, counted, joined, label
from analyzer.report.sentences import told
from analyzer.report.text import shown

_LINES_PER_SECOND: Final = 20
_REFRESH_PER_SECOND: Final = 4
_LAST: Final = 8
_TOP: Final = 6
_CELL: Final = 100
_NAMES: Final = 1000


class LiveView:
    """A preview of a running recording; the verdict comes from the analysis, never from here.

    Use it as a context manager. Its methods may be called from any thread and take foreign text as it is. Plain output
    tells a call or a request once in each phase, and is limited to 20 lines a second; what was left out is counted and
    said.
    """

    def __init__(
        self,
        console: Console | None = None,
        clock: Callable[[], float] = monotonic,
        language: Language = "en",
    ) -> None:
        """Write to `console` (stderr without one); `clock` gives seconds for the limit of lines."""
        self._language = language
        self._told: set[str] = set()
        self._repeats = 0
        self._console = console or Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._clock = clock
        self._lock = Lock()
        self._phase = "initial"
        self._events = self._flows = self._gaps = 0
        self._by_sdk: Counter[str] = Counter()
        self._by_host: Counter[str] = Counter()
        self._last: deque[str] = deque(maxlen=_LAST)
        self._live: Live | None = None
        self._window, self._in_window, self._left_out = 0.0, 0, 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._render,
                console=self._console,
                refresh_per_second=_REFRESH_PER_SECOND,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        with self._lock:
            self._say_left_out()
            if self._events or self._flows or self._gaps:
                self._write(self._sum())

    def _sum(self) -> str:
        counts = [("event", self._events), ("flow", self._flows)]
        counts += [("gap", self._gaps)] if self._gaps else []  # none yet: the analysis finds what no record says
        noted = joined((counted(word, count, self._language) for word, count in counts), self._language)
        said = label("live", "sum", self._language).format(noted)
        said += label("live", "repeats", self._language).format(self._repeats) if self._repeats else ""
        return said + (label("live", "preview", self._language) if self._by_sdk or self._by_host else "")

    def phase(self, name: str) -> None:
        """Show the phase of consent that capture believes in now."""
        with self._lock:
            self._phase = shown(told(name, self._language), _CELL)
            self._told.clear()
            self._note(self._line("phase", self._phase), urgent=True)

    def event(self, api: str, data_type: str = "", sdk: str = "") -> None:
        """Count one hook hit; those with a data type are shown."""
        with self._lock:
            self._events += 1
            if data_type:
                self._count(self._by_sdk, sdk or "unknown")
                self._once(self._line("event", data_type, api, sdk))

    def flow(self, host: str, method: str = "", data_types: Iterable[str] = ()) -> None:
        """Count one flow; those with personal data are counted by host."""
        types = ", ".join(sorted(data_types))
        with self._lock:
            self._flows += 1
            if types:
                self._count(self._by_host, host)
            self._once(self._line("flow", f"{shown(method, 16)} {host}".strip(), types))

    def gap(self, kind: str, subject: str) -> None:
        """Show something that cannot be seen."""
        with self._lock:
            self._gaps += 1
            self._note(self._line("gap", told(kind.replace("_", " "), self._language), subject))

    def message(self, text: str) -> None:
        """Tell the person something; never left out."""
        with self._lock:
            self._note(shown(told(text, self._language)), urgent=True)

    def _line(self, word: str, *parts: str) -> str:
        """Give a line that begins with what it is of; the parts are foreign."""
        return f"{label('live', word, self._language):5}  {'  '.join(shown(part, _CELL) for part in parts)}".rstrip()

    def _once(self, line: str) -> None:
        """Note a line unless it was told in this phase already: what an app does every second is told once."""
        if self._live is None and line in self._told:
            self._repeats += 1
            return
        if len(self._told) < _NAMES:
            self._told.add(line)
        self._note(line)

    def _count(self, counter: Counter[str], name: str) -> None:
        key = shown(name, _CELL)
        counter[key if key in counter or len(counter) < _NAMES else "…"] += 1

    def _note(self, line: str, *, urgent: bool = False) -> None:
        self._last.append(line.rstrip())
        if self._live is not None:
            return
        now = self._clock()
        if now - self._window >= 1:
            self._say_left_out()
            self._window, self._in_window = now, 0
        if urgent or self._in_window < _LINES_PER_SECOND:
            self._in_window += 1
            self._write(line.rstrip())
        else:
            self._left_out += 1

    def _say_left_out(self) -> None:
        if self._left_out:
            self._write(label("live", "more", self._language).format(self._left_out))
            self._left_out = 0

    def _write(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)

    def _render(self) -> Group:
        with self._lock:
            counts = (("events", self._events), ("flows", self._flows), ("gaps", self._gaps))
            figures = "   ".join(f"{label('live', word, self._language)} {count}" for word, count in counts)
            figures = f"{label('live', 'phase', self._language)} {self._phase}   {figures}"
            table = Table(expand=True)
            for heading in ("read_by", "sent_to"):
                table.add_column(label("live", heading, self._language), overflow="ellipsis", no_wrap=True)
                table.add_column("", justify="right", width=6)
            for sdk, host in _paired(self._by_sdk.most_common(_TOP), self._by_host.most_common(_TOP)):
                table.add_row(Text(sdk[0]), Text(sdk[1]), Text(host[0]), Text(host[1]))
            lines = Text("\n".join(self._last), no_wrap=True, overflow="ellipsis")
            return Group(Text(figures, style="bold"), table, lines)


def _paired(left: list[tuple[str, int]], right: list[tuple[str, int]]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    rows = []
    for index in range(max(len(left), len(right))):
        one = (left[index][0], str(left[index][1])) if index < len(left) else ("", "")
        two = (right[index][0], str(right[index][1])) if index < len(right) else ("", "")
        rows.append((one, two))
    return rows
