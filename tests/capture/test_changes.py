from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys

import pytest

from analyzer.capture.changes import Change, ChangeJournal, noted_serials
from analyzer.capture.device import EnvironmentProblem

SERIAL = "127.0.0.1:5555"


def test_a_change_is_on_the_disk_before_it_is_made_and_outlives_a_killed_process(tmp_path):
    script = """if True:
        import os, signal, sys
        from pathlib import Path
        from analyzer.capture.changes import ChangeJournal
        journal = ChangeJournal(Path(sys.argv[1]), sys.argv[2])
        journal.note("proxy", {"before": "null"})
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), SERIAL], check=False)
    assert done.returncode == -signal.SIGKILL
    assert noted_serials(tmp_path) == [SERIAL]
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert journal.changes() == [Change(1, "proxy", {"before": "null"})]


def test_changes_are_taken_back_newest_first_and_nothing_is_left(tmp_path):
    taken = []
    with ChangeJournal(tmp_path, SERIAL) as journal:
        journal.note("file", {"at": "a"})
        journal.note("file", {"at": "b"})
        assert journal.note("file", {"at": "a"}) == 1
        journal.undo_all({"file": lambda facts: taken.append(facts["at"])})
        assert journal.changes() == []
    assert taken == ["b", "a"]
    assert noted_serials(tmp_path) == []
    assert list((tmp_path / "devices").iterdir()) == []


def test_what_cannot_be_taken_back_is_kept_and_told_and_the_rest_is_taken_back(tmp_path):
    def undo(facts):
        if facts["at"] == "b":
            raise EnvironmentProblem("b is stuck.")

    with ChangeJournal(tmp_path, SERIAL) as journal:
        for name in "abc":
            journal.note("file", {"at": name})
        journal.note("magic", {})
        with pytest.raises(EnvironmentProblem, match=r"“magic” is nothing.*1 more.*device restore"):
            journal.undo_all({"file": undo})
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert [change.number for change in journal.changes()] == [4, 2]
        assert journal.note("file", {"at": "d"}) == 5


def test_a_line_torn_by_a_crash_tells_of_a_change_that_was_never_made(tmp_path):
    with ChangeJournal(tmp_path, SERIAL) as journal:
        journal.note("file", {"at": "a"})
        with journal.file.open("ab") as file:
            file.write(b'{"change":2,"ki')
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert [change.number for change in journal.changes()] == [1]
        journal.note("file", {"at": "b"})
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert [change.number for change in journal.changes()] == [2, 1]


def test_only_one_process_may_change_a_device(tmp_path):
    with ChangeJournal(tmp_path, SERIAL), pytest.raises(EnvironmentProblem, match="in use by another run"):
        ChangeJournal(tmp_path, SERIAL)
    ChangeJournal(tmp_path, SERIAL).close()


def test_a_file_that_its_holder_takes_away_just_then_is_not_held_instead_of_the_next_one(tmp_path, monkeypatch):
    holder = ChangeJournal(tmp_path, "phone")
    lock = fcntl.flock

    def close_first(handle, how):  # between our opening of the file and our lock
        holder.close()
        lock(handle, how)

    monkeypatch.setattr("analyzer.capture.changes.fcntl.flock", close_first)
    with ChangeJournal(tmp_path, "phone") as journal:
        monkeypatch.undo()
        journal.note("proxy", {})
        assert journal.file.exists()
        with pytest.raises(EnvironmentProblem, match="in use by another run"):
            ChangeJournal(tmp_path, "phone")


def test_where_nothing_can_be_noted_nothing_may_be_changed(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="so none is made"):
        ChangeJournal(tmp_path / "file", SERIAL)
    with ChangeJournal(tmp_path, SERIAL) as journal:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, journal._handle)
        os.close(full)
        with pytest.raises(EnvironmentProblem, match="so it is not made"):
            journal.note("file", {})


def test_a_note_that_only_half_fits_on_the_disk_leaves_the_others_readable(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with ChangeJournal(tmp_path, SERIAL) as journal:
        journal.note("file", {"at": "a"})
        whole = journal.file.read_bytes()
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 9, limits[1]))
            with pytest.raises(EnvironmentProblem, match="so it is not made"):
                journal.note("file", {"at": "b"})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert journal.file.read_bytes() == whole
        journal.note("file", {"at": "c"})
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert [change.facts["at"] for change in journal.changes()] == ["c", "a"]


def test_a_file_that_somebody_wrote_into_is_refused_with_its_line(tmp_path):
    with ChangeJournal(tmp_path, SERIAL) as journal:
        journal.note("file", {})
        journal.file.write_text("rm -rf\n")
    with pytest.raises(EnvironmentProblem, match=r"jsonl:1 is none of our notes"):
        ChangeJournal(tmp_path, SERIAL)


def test_what_is_to_stay_beyond_a_recording_stays_until_all_is_restored(tmp_path):
    taken = []
    undo = {"store": lambda _: taken.append("store"), "proxy": lambda _: taken.append("proxy")}
    with ChangeJournal(tmp_path, SERIAL) as journal:
        number = journal.note("store", {}, kept=True)
        journal.note("proxy", {})
        assert journal.note("store", {}) == number
        journal.undo_all(undo)
    assert taken == ["proxy"]
    with ChangeJournal(tmp_path, SERIAL) as journal:
        assert [change.kept for change in journal.changes()] == [True]
        journal.undo_all(undo, kept=True)
    assert taken == ["proxy", "store"]
