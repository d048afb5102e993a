from __future__ import annotations

import pytest
from android_double.frida_double import server_script

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.frida_server import FridaServer

pytestmark = pytest.mark.lab


@pytest.fixture
def program(tmp_path):
    def make(text: str = server_script()):
        path = tmp_path / "frida-server"
        path.write_text(text)
        return path

    return make


def named(shell) -> str:
    return shell.run_as_root("magisk", "ps", "-A", "-o", "ARGS").out


def test_it_starts_as_root_under_a_neutral_name_answers_and_leaves_nothing(android, program):
    double = android(root="magisk")
    before = double.snapshot()
    shell = AndroidShell(double.serial, double.server)
    server = FridaServer(shell, "magisk")
    device = server.start(program())
    assert device.enumerate_processes() == []
    assert server.place in shell.run_as_root("magisk", "ls", server.place).out
    assert "frida-server" not in named(shell)
    assert shell.run("ps", "-A", "-o", "USER,NAME").out.count("root         " + server.place[16:]) == 1
    server.stop()
    server.stop()
    assert double.snapshot() == before


def test_one_that_a_crash_left_behind_is_ended_by_the_next(android, program):
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    lost = FridaServer(shell, "magisk")
    lost.start(program())
    server = FridaServer(shell, "magisk")
    server.start(program())
    assert lost.place not in shell.run_as_root("magisk", "ls", "/data/local/tmp").out
    server.stop()


def test_a_port_of_the_device_that_is_taken_gives_way_to_the_next(android, program):
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    shell.run("sh", "-c", "toybox nc -s 127.0.0.1 -p 20001 -L sleep 60 >/dev/null 2>&1 &")
    with pytest.raises(EnvironmentProblem, match=r"did not start on .*Address already in use"):
        FridaServer(shell, "magisk", [20_001]).start(program())
    second = FridaServer(shell, "magisk", [20_001, 20_002])
    assert second.start(program()).enumerate_processes() == []
    second.stop()


def test_another_version_is_refused_and_taken_away_again(android, program):
    double = android(root="magisk")
    before = double.snapshot()
    server = FridaServer(AndroidShell(double.serial, double.server), "magisk")
    with pytest.raises(EnvironmentProblem, match=r"is version 16\.1\.4, but this analyzer has Frida"):
        server.start(program(server_script("16.1.4")))
    server.stop()
    assert double.snapshot() == before


def test_a_program_that_does_not_run_there_is_one_sentence(android, program):
    double = android(root="magisk")
    server = FridaServer(AndroidShell(double.serial, double.server), "magisk")
    with pytest.raises(EnvironmentProblem, match="does not run on"):
        server.start(program("#!/system/bin/nothing\n"))
    server.stop()


def test_a_server_of_somebody_else_is_named_and_left_alone(android, program):
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    place = "/data/local/tmp/frida-server"
    line = f"cp /system/bin/app_process64 {place}; ({place} 60 >/dev/null 2>&1 &)"
    shell.run_as_root("magisk", "sh", "-c", line)
    with pytest.raises(EnvironmentProblem, match=r"Another frida-server runs .*kill \d+"):
        FridaServer(shell, "magisk").start(program())
    assert "frida-server 60" in named(shell)
