from __future__ import annotations

import gc

import pytest
from android_double.frida_double import server_script

from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.android_undo import ADB_ROOT, FRIDA_SERVER, USAP, USAP_PROPERTY, undo_as_root, undo_changes
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.frida_server import FridaServer


def ways(double):
    return undo_changes(AndroidShell(double.serial, double.server), ReversePorts(double.serial, double.server))


@pytest.mark.lab
def test_a_server_of_a_process_that_is_gone_is_ended_and_removed(android, tmp_path):
    double = android(root="magisk")
    before = double.snapshot()
    (tmp_path / "server").write_text(server_script())
    lost = FridaServer(AndroidShell(double.serial, double.server), "magisk")
    lost.start(tmp_path / "server")
    lost._shell.end_forward(lost._local)
    undo = ways(double)[FRIDA_SERVER]
    undo({"root": "magisk", "place": lost.place})
    undo({"root": "magisk", "place": lost.place})
    assert double.snapshot() == before


def test_nothing_but_a_server_of_ours_is_ever_removed(android):
    double = android(root="magisk")
    before = double.snapshot()
    ways(double)[FRIDA_SERVER]({"root": "magisk", "place": "/data/local"})
    ways(double)[FRIDA_SERVER]({"root": "magisk", "place": "/data/local/tmp/an-12345678/../../tmp"})
    assert double.snapshot() == before


# adbutils leaves the socket of a refused transport to the garbage collector.
def test_adbd_is_the_shell_user_again_and_the_pool_of_processes_as_it_was(android):
    double = android(root="adbd")
    shell = AndroidShell(double.serial, double.server)
    shell.become_root()
    assert shell.run("id", "-u").out == "0"
    shell.run("setprop", USAP_PROPERTY, "false")
    ways(double)[USAP]({"root": "adbd", "before": "true"})
    assert shell.run("getprop", USAP_PROPERTY).out == "true"
    ways(double)[ADB_ROOT]({})
    ways(double)[ADB_ROOT]({})
    assert shell.run("id", "-u").out == "2000"
    gc.collect()


class Deaf(AndroidShell):
    """A shell whose root is gone: every command as root fails."""

    def run_as_root(self, root, *words):
        return Said(1, "", "Permission denied")


def test_what_could_not_be_taken_back_stays_noted(android, tmp_path):
    double = android(root="magisk")
    place = "/data/local/tmp/an-12345678"
    undo = undo_changes(Deaf(double.serial, double.server), ReversePorts(double.serial, double.server))
    with ChangeJournal(tmp_path, double.serial) as journal:
        journal.note(FRIDA_SERVER, {"root": "magisk", "place": place})
        journal.note(USAP, {"root": "magisk", "before": "true"})
        with pytest.raises(EnvironmentProblem, match="could not be set to true again: Permission denied"):
            journal.undo_all(undo)
        assert [change.kind for change in journal.changes()] == [USAP, FRIDA_SERVER]
        journal.undo_all(ways(double))
        assert journal.changes() == []


# adbutils leaves the socket of a refused transport to the garbage collector.
def test_where_adbd_lost_its_root_what_a_recording_left_is_taken_back_all_the_same(android, tmp_path):
    double = android(root="adbd")
    shell = AndroidShell(double.serial, double.server)
    shell.become_root()
    shell.run("setprop", USAP_PROPERTY, "false")
    with ChangeJournal(tmp_path, double.serial) as journal:
        journal.note(USAP, {"root": "adbd", "before": "true"})
        journal.note("trust_store", {"root": "adbd"}, kept=True)
        shell.end_root()
        undo_as_root(shell, ReversePorts(double.serial, double.server), journal)
        assert [change.kind for change in journal.changes()] == ["trust_store"]
    assert shell.run("getprop", USAP_PROPERTY).out == "true"
    assert shell.run("id", "-u").out == "2000"
    gc.collect()
