from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from android_double.frida_double import app_command, environment, server_script

from analyzer.capture.android_run import AppRun
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.frida_server import FridaServer
from analyzer.capture.lab_java import find_java
from analyzer.model.evidence import Process

pytestmark = pytest.mark.lab
APP, HOME = "com.example", "/data/data/com.example"


class Rig:
    """An app whose process is a JVM that prints its version and ends, or waits."""

    def __init__(self, double, tmp_path):
        self.double, self.shell = double, AndroidShell(double.serial, double.server)
        program = tmp_path / "server"
        program.write_text(server_script())
        self.server = FridaServer(self.shell, "magisk")
        self.frida = self.server.start(program)
        self.uid = double.add_package(APP)
        double.bind(APP, lambda *_: bool(self.start_process(APP)))
        self.armed, self.events = [], []
        self.run = AppRun(self.frida, self.shell, APP, self.uid, self.events.append, "magisk")

    def start_process(self, name):
        command = app_command([str(find_java().java), "-version"], {"HOME": HOME}, HOME, name)
        surroundings = environment(HOME)
        return self.double.start_process(APP, command, uid=self.uid, name=name, environment=surroundings, folder=HOME)

    def start(self, meanwhile=lambda _process: None):
        def on_gated(_device, process):
            self.armed.append(process)
            meanwhile(process)

        self.run.start(on_gated, lambda: self.shell.run("am", "start", "-n", f"{APP}/.MainActivity"))

    def kinds(self):
        return [event.kind for event in self.events]

    def wait(self, kind):
        end = time.monotonic() + 60
        while kind not in self.kinds() and time.monotonic() < end:
            time.sleep(0.05)


@pytest.fixture
def rig(android, tmp_path):
    rig = Rig(android(root="magisk"), tmp_path)
    yield rig
    rig.run.close()
    rig.server.stop()


def test_a_main_process_that_says_that_it_exits_has_ended_by_itself(rig):
    def leave(process):
        rig.double.log("I", "AndroidRuntime", "VM exiting with result code 0, cleanup skipped.", process.pid)

    rig.start(leave)
    rig.wait("process_ended")
    assert rig.kinds() == ["process_started", "exited", "process_ended"]
    assert {event.pid for event in rig.events} == {rig.armed[0].pid}
    assert rig.events[0].since.domain == f"device:{rig.double.serial}"
    assert rig.run.running() == []


def test_one_that_ends_without_a_word_is_lost_and_has_not_exited(rig):
    rig.start()
    rig.wait("process_ended")
    assert rig.kinds() == ["process_started", "lost", "process_ended"]


def test_one_that_is_killed_for_want_of_memory_is_lost_with_the_reason(rig):
    rig.start(lambda process: rig.double.log("I", "killinfo", f"[{process.pid},10123,900,0,81234,5]", 300))
    rig.wait("process_ended")
    assert rig.kinds() == ["process_started", "lost", "process_ended"]
    assert "memory" in rig.events[1].detail


def test_one_of_which_the_log_tells_a_crash_has_crashed_and_not_exited(rig):
    def crash(process):
        rig.double.log("I", "am_crash", f"[{process.pid},0,{APP},1,a.B,boom,Main,7]", 1234)

    rig.start(crash)
    rig.wait("process_ended")
    assert rig.kinds() == ["process_started", "crashed", "process_ended"]


def test_a_crash_that_the_log_tells_of_a_process_that_lives_counts_once_that_has_ended(rig):
    """Any app can write such a line, also of itself."""
    meanwhile = []

    def lie(process):
        rig.double.log("I", "am_crash", f"[{process.pid},0,{APP},1,a.B,boom,Main,7]", 1234)
        time.sleep(2)
        meanwhile.extend(rig.kinds())

    rig.start(lie)
    rig.wait("process_ended")
    assert meanwhile == ["process_started"]
    assert rig.kinds() == ["process_started", "crashed", "process_ended"]


def test_one_that_we_end_has_neither_exited_nor_crashed(rig):
    rig.start(lambda process: rig.run.stopping())
    rig.wait("process_ended")
    assert rig.kinds() == ["process_started", "process_ended"], rig.events


def test_a_process_under_another_name_is_the_apps_by_its_user(rig):
    rig.double.bind(APP, lambda *_: bool(rig.start_process("org.hidden")))
    rig.start()
    assert [process.name for process in rig.armed] == ["org.hidden"]


class Answering:
    """A shell on which every process belongs to one user."""

    def __init__(self, user):
        self.user = user

    def run(self, *_):
        return SimpleNamespace(out=str(self.user))


def test_an_isolated_process_under_a_name_of_its_own_is_told_and_is_not_taken_for_the_apps():
    events = []
    isolated = [99001, 1099999, 90000]  # of the first person, of the eleventh, and of an app zygote
    for user in (*isolated, 10123, 10124, 20123, 20124):  # the last but one is the app's SDK sandbox
        run = AppRun(None, Answering(user), APP, 10123, events.append, "magisk")
        assert run._is_ours(Process(7, "web:sandboxed:0")) == (user in {10123, 20123})
    assert [event.detail for event in events] == [f"web:sandboxed:0 (user id {user})" for user in isolated]
    assert {(event.kind, event.pid) for event in events} == {("isolated", 7)}


def test_where_other_apps_have_the_apps_user_only_the_name_tells_a_process_of_the_app(rig):
    shared = AppRun(rig.frida, rig.shell, APP, None, rig.events.append, "magisk")

    def ask(process):
        rig.answers = (rig.run._is_ours(process), shared._is_ours(process))

    rig.start(ask)
    assert rig.answers == (True, False)
