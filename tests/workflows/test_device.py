from __future__ import annotations

import gc

import pytest

from analyzer.capture.changes import noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.machine_locks import device_in_use
from analyzer.workflows.device import restore, set_up
from analyzer.workflows.home import Home


@pytest.fixture
def home(tmp_path, adb_server, monkeypatch):
    host, port = adb_server
    monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
    return Home(tmp_path / "workspace")


def test_the_only_device_is_set_up_and_restored_without_being_named(home, android):
    double = android(api=34, root="magisk")
    before = double.snapshot()
    said = []
    set_up(home, "", said.append, Stop())
    assert noted_serials(home.path) == [double.serial]
    restore(home, "", said.append, Stop())
    assert double.snapshot() == before
    assert [line.split()[0] for line in said] == [double.serial, double.serial]
    restore(home, "", said.append, Stop())
    restore(home, double.serial, said.append, Stop())
    assert [line[:24] for line in said[2:]] == ["There is nothing to rest"] * 2


def test_of_several_devices_one_has_to_be_named(home, android):
    one, other = android(), android()
    with pytest.raises(EnvironmentProblem, match="choose one with --device") as problem:
        set_up(home, "", print, Stop())
    assert one.serial in str(problem.value)
    assert other.serial in str(problem.value)


@pytest.mark.parametrize(
    ("serial", "sentence"),
    [
        ("", "plug one in and allow USB debugging"),
        ("lab", "lab device needs no set-up"),
        ("gone:1", "no device gone:1"),
    ],
)
def test_a_device_that_is_not_there_is_told_with_what_to_do(serial, sentence, home):
    with pytest.raises(EnvironmentProblem, match=sentence):
        set_up(home, serial, print, Stop())


def test_a_device_that_does_not_trust_this_machine_is_told_with_what_to_do(home, android):
    double = android(state="unauthorized")
    with pytest.raises(EnvironmentProblem, match="allow USB debugging in its dialog"):
        set_up(home, double.serial, print, Stop())


def test_a_device_that_a_run_of_another_workspace_has_is_left_alone(home, android):
    double = android(root="magisk")
    before = double.snapshot()
    with device_in_use(double.serial):
        for change in (set_up, restore):
            with pytest.raises(EnvironmentProblem, match="in use by another run of the analyzer"):
                change(home, double.serial, print, Stop())
    assert double.snapshot() == before
    assert noted_serials(home.path) == []


# adbutils leaves the sockets of a device that is gone to the garbage collector.
def test_the_notes_stay_while_the_device_is_gone(home, android):
    double = android(api=34, root="magisk")
    set_up(home, "", print, Stop())
    double.unplug()
    with pytest.raises(EnvironmentProblem):
        restore(home, "", print, Stop())
    gc.collect()
    assert noted_serials(home.path) == [double.serial]


def test_a_wish_to_stop_leaves_the_device_as_it_was_and_starts_with_no_other(home, android):
    double = android(root="magisk")
    before, stop = double.snapshot(), Stop()

    def ask(service):
        if "nsenter" in service:  # it has begun to change the trust store
            stop.set()
        return False

    double.watch(ask)
    with pytest.raises(Interrupted):
        set_up(home, double.serial, print, stop)
    double.watch(None)
    assert double.snapshot() == before
    set_up(home, double.serial, print, Stop())
    with pytest.raises(Interrupted):
        restore(home, "", print, stop)
    restore(home, "", print, Stop())
    assert double.snapshot() == before
