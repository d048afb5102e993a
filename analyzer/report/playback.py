"""Shows a recording in the terminal as it happened: pause, step, faster, slower, on to the next phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from rich.console import Console
from rich.text import Text

from analyzer.report.document import ResultDocument
from analyzer.report.document_results import TimelineItem
from analyzer.report.instants import elapsed
from analyzer.report.labels import Language, label
from analyzer.report.sentences import told
from analyzer.report.text import shown

Wait: TypeAlias = Callable[[float | None], str]
"""Waits so many seconds for a key (`None`: for ever) and gives it, empty when none was pressed."""

KEYS: Final = "space: pause   n: one step   p/b: next/previous phase   +/-: faster/slower   q: end"
LONGEST_S: Final = 10.0
"""Nobody waits longer for what comes next; the silence is told instead."""

_FASTEST, _SLOWEST = 1024.0, 1 / 16
_SILENCE_S: Final = 2.0
_CELL: Final = 120
_STYLES: Final = {"gap": "magenta", "mark": "cyan", "screen": "dim"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the show: when, what it says, and whether a phase begins with it."""

    at_us: int
    line: Text
    begins: bool = False


def moments(document: ResultDocument, language: Language = "en") -> list[Moment]:
    """Give what is shown, in order: recordings one after the other, phases where they begin, then each entry."""
    found: list[Moment] = []
    for recording in document.recordings:
        items = sorted(
            (item for item in document.timeline if item.recording == recording.name), key=lambda item: item.at_us
        )
        if not items:
            continue
        start = items[0].at_us
        found.append(Moment(start, Text(f"━━ {shown(recording.name)} ━━", style="bold"), begins=True))
        phase = None
        for item in items:
            if item.phase is not phase:
                phase = item.phase
                named = f"── {label('heading', 'phase', language)}: {label('phase', phase, language)} ──"
                found.append(Moment(item.at_us, Text(named, style="bold reverse"), begins=True))
            found.append(Moment(item.at_us, _line(item, start, language)))
    return found


def _line(item: TimelineItem, start: int, language: Language) -> Text:
    types = ", ".join(shown(one, _CELL) for one in item.data_types)
    style = "bold red" if types and item.recipient else "bold yellow" if types else _STYLES.get(item.kind, "")
    parts = [f"{elapsed(item.at_us, start):>12}  {item.kind:6} ", shown(told(item.title, language) or item.kind, _CELL)]
    if types:
        parts.append(f"  [{types}]")
    if item.sdk and item.sdk != "unknown":
        parts.append(f"  {shown(item.sdk, _CELL)}")
    if item.recipient and item.recipient not in item.title:
        parts.append(f"  → {shown(item.recipient, _CELL)}")
    return Text("".join(parts), style=style)


class Player:
    """Plays moments on a console; `wait` waits for keys, and time only passes in it."""

    def __init__(self, console: Console, wait: Wait, speed: float = 1.0, language: Language = "en") -> None:
        """Begin at a speed; 0 shows everything at once."""
        self._console = console
        self._wait = wait
        self._speed = speed
        self._language = language
        self._paused = False

    def play(self, show: Sequence[Moment]) -> bool:
        """Show everything, or until the person ends it; says whether all was shown."""
        at, hurry = 0, False
        gaps = [0, *(later.at_us - earlier.at_us for earlier, later in pairwise(show))]
        while at < len(show):
            hurry = hurry and not show[at].begins
            if not hurry:
                key = self._until(gaps[at] / 1_000_000 if at else 0.0)
                if key == "q":
                    return False
                if key == "p":
                    hurry = True
                elif key == "b":
                    at = self._before(show, at)
                    continue
            self._console.print(show[at].line, soft_wrap=True)
            at += 1
        return True

    def _until(self, silence_s: float) -> str:
        """Wait for what comes next; gives the key that the show has to follow."""
        if not self._speed:
            return ""
        if silence_s / self._speed > _SILENCE_S:
            self._console.print(Text(f"{'':12}  … {silence_s:.1f} s", style="dim"))
        left = min(silence_s / self._speed, LONGEST_S)
        while True:
            key = self._wait(None if self._paused else left)
            if key == " ":
                self._paused = not self._paused
                self._tell("paused" if self._paused else "goes on")
                left = 0.0
            elif key in {"+", "=", "-"}:
                self._speed = min(max(self._speed * (0.5 if key == "-" else 2.0), _SLOWEST), _FASTEST)
                self._tell(f"speed {self._speed:g}")
            elif key == "n":
                self._paused = True
                return ""
            elif key in {"", "p", "b", "q"}:
                return key

    def _tell(self, word: str) -> None:
        self._console.print(Text(f"[{told(word, self._language)}]", style="dim"))

    def _before(self, show: Sequence[Moment], at: int) -> int:
        """Give where the phase before the present one begins."""
        begins = [number for number, moment in enumerate(show[:at]) if moment.begins]
        return begins[-2] if len(begins) > 1 else 0
