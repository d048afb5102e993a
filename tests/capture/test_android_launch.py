from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import frida
import pytest
from portal import Portal

from analyzer.capture.android_launch import GatedStart
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_java import find_java

pytestmark = pytest.mark.lab
APP = "com.example"


@pytest.fixture
def portal():
    portal = Portal()
    yield portal
    portal.stop()


class Rig:
    """The gate of a portal, and processes that a local Frida starts for it."""

    def __init__(self, portal):
        self.portal, self.local = portal, frida.get_local_device()
        self.address = f"{portal.address[0]}:{portal.address[1]}"
        self.device = frida.get_device_manager().add_remote_device(self.address)
        self.armed, self.events, self.started = [], [], []
        self.fails_on = ""

    def spawn(self, name: str, *arguments: str) -> int:
        java = find_java().java
        pid = self.local.spawn([str(java), *(arguments or ("-XshowSettings:system", "-version"))], stdio="pipe")
        self.started.append(pid)
        self.portal.hold(self.local, pid, name)
        return pid

    def on_gated(self, device, process):
        assert device is self.device
        time.sleep(0.2)  # nothing that waits for the agent may run meanwhile
        self.armed.append((process, state(process.pid)))
        if process.name == self.fails_on:
            raise EnvironmentProblem(f"the agent did not start in {process.name}")

    def gate(self, is_ours=lambda _process: False) -> GatedStart:
        return GatedStart(self.device, APP, is_ours, self.on_gated, self.events.append)

    def told(self, kind: str) -> list[str]:
        return [event.detail for event in self.events if event.kind == kind]

    def close(self):
        for pid in self.started:
            with suppress(frida.ProcessNotFoundError):
                self.local.kill(pid)
        frida.get_device_manager().remove_remote_device(self.address)


def state(pid: int) -> str:
    try:
        return "running" if "libjvm.so" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8") else "held"
    except OSError:
        return "gone"


def wait_until(true, seconds=10.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


@pytest.fixture
def rig(portal):
    rig = Rig(portal)
    yield rig
    rig.close()


def test_each_process_of_the_app_is_armed_before_it_runs_and_then_runs(rig):
    gate = rig.gate()
    gate.start(lambda: rig.spawn(APP))
    rig.spawn(APP + ":push")
    wait_until(lambda: len(rig.told("process_ended")) == 2)
    assert [(process.name, at) for process, at in rig.armed] == [(APP, "held"), (APP + ":push", "held")]
    assert rig.told("process_started") == [APP, APP + ":push"]
    assert gate.running() == []
    gate.close()


def test_a_process_of_another_app_runs_at_once_while_ours_is_being_armed(rig):
    strangers, seen = [], []

    def start():
        strangers.append(rig.spawn("com.example.other"))
        rig.spawn(APP)

    inner = rig.on_gated
    rig.on_gated = lambda device, process: (
        wait_until(lambda: state(strangers[0]) != "held"),
        seen.append(state(process.pid)),
        inner(device, process),
    )
    gate = rig.gate()
    gate.start(start)
    gate.close()
    assert seen == ["held"]
    assert [process.name for process, _ in rig.armed] == [APP]


def test_a_process_with_a_name_of_its_own_is_known_by_its_user(rig):
    gate = rig.gate(lambda process: process.pid in rig.started)
    gate.start(lambda: rig.spawn("org.hidden.daemon"))
    gate.close()
    assert [process.name for process, _ in rig.armed] == ["org.hidden.daemon"]


def test_a_first_process_that_cannot_be_armed_fails_the_start_and_a_later_one_is_told(rig):
    rig.fails_on = APP
    with pytest.raises(EnvironmentProblem, match="the agent did not start"):
        rig.gate().start(lambda: rig.spawn(APP))
    wait_until(lambda: rig.device.enumerate_processes() == [])
    rig.fails_on = APP + ":push"
    gate = rig.gate()
    gate.start(lambda: rig.spawn(APP))
    late = rig.spawn(APP + ":push")
    wait_until(lambda: rig.told("unobserved"))
    wait_until(lambda: state(late) != "held")
    gate.close()
    assert rig.told("unobserved") == [f"{APP}:push: the agent did not start in {APP}:push"]


def test_after_the_end_nothing_is_held_any_more(rig):
    gate = rig.gate()
    gate.start(lambda: rig.spawn(APP))
    gate.close()
    gate.close()
    assert rig.device.enumerate_pending_spawn() == []
    pid = rig.spawn(APP)
    wait_until(lambda: state(pid) != "held")
    assert len(rig.armed) == 1


def test_an_app_that_does_not_appear_is_one_sentence(rig):
    gate = rig.gate()
    with pytest.raises(EnvironmentProblem, match="unlock the device's screen"):
        gate.start(lambda: rig.spawn("com.other"), seconds=0.5)


def test_processes_that_wait_for_the_agent_when_all_is_over_go_on_without_it_and_are_told(rig):
    inner = rig.on_gated
    rig.on_gated = lambda device, process: (inner(device, process), time.sleep(2))
    gate = rig.gate()
    gate.start(lambda: rig.spawn(APP))
    others = [rig.spawn(f"{APP}:{number}") for number in range(8)]
    wait_until(lambda: all(gate.knows(pid) for pid in others))
    gate.close()
    armed = len(rig.armed)
    assert armed < 6
    assert len(rig.told("unobserved")) == 9 - armed
    assert "the recording ended before the agent was in it" in rig.told("unobserved")[-1]
    wait_until(lambda: all(state(pid) != "held" for pid in others))
    assert len(rig.armed) == armed
