"""A small device of the tests: an app whose screens follow the taps, with no JVM behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analyzer.capture.clock_sync import monotonic_us
from analyzer.capture.device import AppEvent, EnvironmentProblem, ScreenDump
from analyzer.model.evidence import AppFacts, DeviceFacts, Process

FRAME = '<hierarchy rotation="0">{}</hierarchy>'
BUTTON = '<node text="{text}" clickable="true" bounds="[0,{top}][100,{bottom}]"/>'


def hierarchy(*texts: str) -> str:
    return FRAME.format("".join(BUTTON.format(text=t, top=i * 100, bottom=i * 100 + 100) for i, t in enumerate(texts)))


@dataclass(frozen=True)
class SeenArea:
    center: tuple[int, int]


class ScriptedDevice:
    """Shows `screens[current]`; a tap on a text moves to `moves[text]`, where `None` ends the app."""

    serial = "scripted"
    clock_domain = "host"
    clock_step_us = 0

    def __init__(self, screens: dict[str, tuple[str, ...]], moves: dict[str, str | None]) -> None:
        self.screens = screens
        self.moves = moves
        self.current: str | None = None
        self.taps: list[str] = []
        self.calls: list[str] = []
        self.broken = False
        self.unplugged = ""
        self.fixed_clock = ""
        self.held: dict[str, bool] = {}
        self.on_event = None

    def facts(self) -> DeviceFacts:
        return DeviceFacts(self.serial, "lab")

    def install(self, files: list[Path]) -> str:
        return "its.name"

    def app_facts(self, package: str) -> AppFacts:
        return AppFacts(package)

    def permissions(self, package: str) -> dict[str, bool]:
        return self.held

    def prepare(self, proxy: tuple[str, int], ca_certificate: Path) -> None:
        self.calls.append("prepare")

    def clear_data(self, package: str) -> None:
        self.calls.append("clear_data")

    def launch(self, package, on_gated, on_event) -> None:
        self.calls.append("launch")
        on_gated(object(), Process(42, package))
        self.on_event = on_event
        self.current = "start"

    def screen(self) -> ScreenDump:
        if self.broken or self.current is None:
            raise EnvironmentProblem("the device went away; plug it in again")
        return ScreenDump(hierarchy(*self.screens[self.current]), b"\x89PNG", "its.name", self.current)

    def tap(self, x: int, y: int) -> None:
        text = self.screens[self.current][y // 100]
        self.taps.append(text)
        self.current = self.moves.get(text, self.current)
        if self.current is None:
            self.on_event(AppEvent("exited", "its.name", 42))

    def background(self) -> None:
        self.calls.append("background")

    def sleep(self) -> None:
        self.calls.append("sleep")

    def wake(self) -> None:
        self.calls.append("wake")

    def set_ahead(self, seconds: int) -> None:
        if self.fixed_clock:
            raise EnvironmentProblem(self.fixed_clock)
        self.calls.append(f"ahead {seconds}")

    def foreground(self, package: str) -> None:
        self.calls.append("foreground")

    def stop(self, package: str) -> None:
        self.calls.append("stop")
        if self.current is not None and self.on_event is not None:
            self.on_event(AppEvent("exited", "its.name", 42))
        self.current = None

    def running(self, package: str) -> list[Process]:
        return []

    def monotonic_us(self) -> int:
        return monotonic_us()

    def lost(self) -> str:
        return self.unplugged

    def restore(self) -> None:
        self.calls.append("restore")


def texts(xml: str) -> list[str]:
    return re.findall(r'text="([^"]*)"', xml)
