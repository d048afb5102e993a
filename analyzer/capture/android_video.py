"""Keeps the screen of a device as video beside the screens: files of three minutes, one after the other.

Android's screenrecord ends each file after 180 seconds at the latest, and only its end makes a file readable
(https://developer.android.com/tools/adb#screenrecord). So one follows the other, is fetched while the next is made, and
what was not recorded between two is a gap with its length.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from analyzer.capture.android_shell import AndroidShell, LineStream
from analyzer.capture.android_traffic import Changes
from analyzer.capture.beside import Beside
from analyzer.capture.clock_sync import now
from analyzer.capture.device import EnvironmentProblem
from analyzer.model.clock import Stamp

FILE: Final = "video-{}.mp4"
WHAT: Final = "video"
VIDEO: Final = "video"
"""The kind of change; its fact is how the files on the device begin."""
SEGMENT_S: Final = 180
MOST_BYTES: Final = 1_000_000_000

_PLACE: Final = "/data/local/tmp/sr-"
_BITS_PER_SECOND: Final = "2000000"
_LOOK_EVERY_S: Final = 0.1
_SHORTEST_S: Final = 1.0
"""What ends sooner by itself is no recording, and would end again."""
_SECONDS_TO_END: Final = 60.0
_END: Final = (
    "tries=0; while [ $tries -lt 100 ]; do left=; for p in $(pidof screenrecord); do "
    'case "$(tr "\\0" " " </proc/$p/cmdline)" in *{place}*) left=$p;; esac; done; '
    '[ "$left" ] || break; [ $tries = 0 ] && kill -2 $left; [ $tries = 80 ] && kill -9 $left; '
    "tries=$((tries + 1)); sleep 0.1; done; "
)
"""Ends a screenrecord of ours so that it can end its file, at the last by force."""
_REMOVE: Final = '[ -z "$left" ] && rm -f {place}-*.mp4'


class _Segment(NamedTuple):
    """One file in the making, with when it was asked for."""

    file: str
    place: str
    asked: Stamp
    stream: LineStream
    reader: threading.Thread
    said: list[str]


class Video:
    """The video of one recording. What it cannot be kept for is a gap; `stop` fetches what there is."""

    def __init__(
        self,
        shell: AndroidShell,
        changes: Changes,
        beside: Beside,
        *,
        segment_s: int = SEGMENT_S,
        most: int = MOST_BYTES,
    ) -> None:
        self._shell, self._changes, self._beside = shell, changes, beside
        self._segment_s, self._most = segment_s, most
        self._prefix = f"{_PLACE}{secrets.token_hex(4)}"
        self._change = self._number = self._size = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._last_end: Stamp | None = None

    def start(self) -> None:
        """Begin to record the screen."""
        self._change = self._changes.note(VIDEO, {"place": self._prefix})
        self._thread = threading.Thread(target=self._run, name="video", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, fetch the last file, and leave nothing on the device; safe to call twice, also without the device."""
        if not self._change:
            return
        change, self._change = self._change, 0
        self._stopping.set()
        try:
            self._end()
        finally:
            if self._thread is not None:
                self._thread.join(_SECONDS_TO_END)
        remove_video(self._shell, {"place": self._prefix})
        self._changes.undone(change)

    def _end(self) -> None:
        """End what runs, also what only begins by now."""
        last = time.monotonic() + _SECONDS_TO_END
        while self._thread is not None and self._thread.is_alive() and time.monotonic() < last:
            self._shell.run("sh", "-c", _END.format(place=self._prefix))
            self._thread.join(_LOOK_EVERY_S)

    def _run(self) -> None:
        made: _Segment | None = None
        try:
            while not self._stopping.is_set():
                fresh = self._begin()
                seen = self._await_first(fresh)
                if made is not None:
                    self._fetch(made)
                    made = None
                if seen is None:
                    self._say_failed(fresh)
                    return
                made = fresh
                fresh.reader.join()
                self._last_end = now()
                if self._size > self._most:
                    self._beside.missing(WHAT, f"the bound of {self._most // 1_000_000} MB was reached")
                    break
            if made is not None:
                self._fetch(made)
        except EnvironmentProblem as problem:
            what = f"{made.file} stayed on the device" if made else "no file was fetched"
            with contextlib.suppress(OSError):
                self._beside.missing(WHAT, f"{what}: {problem}")
        except OSError as error:
            with contextlib.suppress(OSError):  # the recorder hears of a full disk from its own writing
                self._beside.missing(WHAT, f"it cannot be written here: {error.strerror}")

    def _begin(self) -> _Segment:
        self._number += 1
        place, said = f"{self._prefix}-{self._number}.mp4", list[str]()
        asked = now()
        words = ("--bit-rate", _BITS_PER_SECOND, "--time-limit", str(self._segment_s), place)
        stream = self._shell.stream("screenrecord", *words)

        def read() -> None:
            said.extend(stream)
            stream.close()

        reader = threading.Thread(target=read, name="video-words", daemon=True)
        reader.start()
        return _Segment(FILE.format(self._number), place, asked, stream, reader, said)

    def _await_first(self, made: _Segment) -> Stamp | None:
        """Wait until something is in the file, and tell: its first picture is from between the two instants."""
        began = time.monotonic()
        while True:
            ended = not made.reader.is_alive()
            size = self._shell.run("stat", "-c", "%s", made.place).out
            if size.isdecimal() and int(size):
                break
            if ended:
                return None
            time.sleep(_LOOK_EVERY_S)
        seen = now()
        if ended and time.monotonic() - began < _SHORTEST_S and not self._stopping.is_set():
            return None
        within = str((seen.mono_us - made.asked.mono_us) // 1000)
        self._beside.begun(WHAT, made.file, made.asked, within_ms=within)
        if self._last_end is not None:
            ms = (seen.mono_us - self._last_end.mono_us) // 1000
            why = f"between two files nothing is recorded, here for at most {ms} ms"
            self._beside.missing(WHAT, why, self._last_end, seen)
        return seen

    def _fetch(self, made: _Segment) -> None:
        size = self._shell.pull(made.place, self._beside.folder / made.file)
        self._size += size
        self._beside.ended(WHAT, made.file, bytes=str(size))
        self._shell.run("rm", "-f", made.place)

    def _say_failed(self, made: _Segment) -> None:
        if self._stopping.is_set() and not made.said:
            return  # it was ended before its first picture
        why = made.said[-1][:200] if made.said else "it says nothing"
        self._beside.missing(WHAT, f"{self._shell.serial} records no video of its screen: {why}")


def remove_video(shell: AndroidShell, facts: Mapping[str, Any]) -> None:
    """End a screenrecord of ours and take its files away; does nothing where there is none, or for a place not ours."""
    place = str(facts["place"])
    if not place.startswith(_PLACE) or not place.removeprefix(_PLACE).isalnum():
        return
    said = shell.run("sh", "-c", _END.format(place=place) + _REMOVE.format(place=place))
    if said.code:
        raise EnvironmentProblem(f"A video could not be ended and removed on {shell.serial}; it lies at {place}-*.mp4.")
