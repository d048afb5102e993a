"""Bad input and trouble, done to the real command: one sentence, the right exit code, and a session that opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
import zipfile

import pytest
from faults import assert_sound, call, document, gone, left_behind, listeners, outcomes, run, session

from analyzer.capture.lab_apps import DESCRIPTION

STAGES = ("Recording", "recording started", "data cleared", "app started", "agent attached", "dialog shown")


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "w"
    yield folder
    for pid in left_behind(folder):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def warmed(workspace, warm):
    return warm(workspace)


def jar(path, text: str):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DESCRIPTION, text)
    return path


def refused(ended, code: int, *words: str) -> None:
    assert ended.code == code, ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().splitlines()) <= 4, ended.err
    for word in words:
        assert word in ended.err


# -- words that do not fit


def test_a_jar_that_wants_out_of_its_folder_is_refused(workspace, tmp_path):
    app = jar(tmp_path / "a.jar", "package=../../etc\nactivity=a.B\n")
    refused(run(workspace, "--apk", app).end(), 3, "package")
    assert not list(workspace.glob("sessions/*"))


@pytest.mark.long
@pytest.mark.parametrize(
    "text", ["", "package=its.name\n", "package=its.name\nactivity=a b\n", "#" + "x" * 10_000_000], ids=len
)
def test_a_jar_that_does_not_describe_an_app_is_refused(workspace, tmp_path, text):
    refused(run(workspace, "--apk", jar(tmp_path / "a.jar", text), package="its.name").end(), 3, "a.jar")


@pytest.mark.long
def test_files_that_are_no_jars_are_refused(workspace, tmp_path):
    (tmp_path / "no.jar").write_bytes(b"\0" * 1000)
    refused(run(workspace, "--apk", tmp_path / "no.jar").end(), 3, "no.jar")
    refused(run(workspace, "--apk", tmp_path / "missing.jar").end(), 2, "missing.jar")


@pytest.mark.long
@pytest.mark.parametrize("dwell", ["nan", "inf", "-1"])
def test_a_dwell_that_is_no_time_is_a_usage_error(workspace, dwell):
    assert run(workspace, "--dwell", dwell).end().code == 2


@pytest.mark.long
def test_a_pack_that_is_not_there_is_told_before_anything_is_recorded(workspace):
    refused(run(workspace, "--pack", "xx-1").end(), 2, "xx-1")
    assert not list(workspace.glob("sessions/*"))


def test_a_workspace_that_is_a_file_is_refused_with_what_to_do(workspace):
    workspace.write_text("a file")
    refused(run(workspace).end(), 3, "--workspace")


# -- a person's wish to stop


@pytest.mark.lab
def test_while_the_dialog_waits_nothing_listens_but_on_loopback_and_ctrl_c_seals_what_there_is(warmed):
    command = run(warmed, "--dwell", "60")
    command.await_line("dialog shown")
    processes = [command.pid, *left_behind(warmed)]
    assert len(processes) >= 3, "the analyzer, its proxy and the device"
    listening = [address for pid in processes for address in listeners(pid)]
    command.signal(signal.SIGINT)
    ended = command.end()
    assert ended.code == 130
    assert session(warmed).name in ended.last
    assert (session(warmed) / "seal.json").exists()
    assert not left_behind(warmed)
    assert "interrupted" in [gap["kind"] for gap in document(warmed)["gaps"]]
    assert len(listening) >= 4, "the proxy, the control channel and the lab's internet"
    assert {address.split(":")[0] for address in listening} == {"127.0.0.1"}, listening


@pytest.mark.long
@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_signal_at_any_moment_ends_in_order(warmed, stage, number):
    command = run(warmed)
    command.await_line(stage)
    time.sleep(random.uniform(0, 0.5))
    command.signal(number)
    assert command.end().code == 130
    assert not left_behind(warmed)
    assert_sound(warmed)


# -- death in mid-run


@pytest.mark.lab
def test_a_killed_recorder_leaves_a_session_that_opens_and_nothing_behind_after_the_next_start(warmed):
    command = run(warmed)
    command.await_line("dialog shown")
    command.signal(signal.SIGKILL)
    assert command.end().code == -signal.SIGKILL
    result = document(warmed)
    assert any("has no end" in gap["why"] for gap in result["gaps"])
    assert result["events"]
    assert (session(warmed) / "seal.json").exists()
    assert call(warmed, "verify", "latest").code == 0
    assert gone(warmed)


@pytest.mark.long
@pytest.mark.lab
@pytest.mark.parametrize("stage", STAGES)
def test_a_recorder_killed_at_any_moment_leaves_nothing_after_the_next_start(warmed, stage):
    command = run(warmed)
    command.await_line(stage)
    time.sleep(random.uniform(0, 0.5))
    command.signal(signal.SIGKILL)
    command.end()
    assert_sound(warmed)
    following = run(warmed, "--dwell", "0.2", "--duration", "0")
    following.await_line("app started")
    following.signal(signal.SIGINT)
    following.end()
    assert gone(warmed)


@pytest.mark.lab
def test_a_killed_proxy_is_one_gap_and_the_recording_goes_on(warmed):
    command = run(warmed)
    command.await_line("app started")
    for pid in left_behind(warmed, "analyzer_recording"):
        os.kill(pid, signal.SIGKILL)
    ended = command.end()
    assert ended.code == 0, ended.err
    result = document(warmed)
    assert [gap["kind"] for gap in result["gaps"]].count("proxy_lost") == 1
    assert outcomes(result)["cn.191.5.1"] != "not_observed"


@pytest.mark.lab
@pytest.mark.long
def test_a_killed_app_is_a_gap_and_the_recording_ends_in_order(warmed):
    command = run(warmed)
    command.await_line("dialog shown")
    for pid in left_behind(warmed, "lab.runtime.Main"):
        os.kill(pid, signal.SIGKILL)
    ended = command.end()
    assert ended.code == 0, ended.err
    kinds = [gap["kind"] for gap in document(warmed)["gaps"]]
    assert {"app_crashed", "agent_lost"} <= set(kinds)
    assert_sound(warmed)


# -- no room


@pytest.mark.lab
def test_a_full_disk_is_one_sentence_and_the_session_opens_afterwards(workspace):
    workspace.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1600k", "none", workspace], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this needs the right to mount a small file system")
    try:
        ended = run(workspace).end()
        refused_at_all = ended.code == 3 and "free some space" in ended.err
        assert refused_at_all, ended.err
        assert "Traceback" not in ended.err
        subprocess.run(["mount", "-o", "remount,size=64m", workspace], check=True)
        if list(workspace.glob("sessions/2*")):
            assert_sound(workspace)
    finally:
        assert gone(workspace)
        subprocess.run(["umount", workspace], check=False)


@pytest.mark.long
@pytest.mark.lab
def test_two_recorders_in_one_workspace_do_not_disturb_each_other(warmed):
    both = [run(warmed), run(warmed)]
    assert [one.end().code for one in both] == [0, 0]
    for folder in (warmed / "sessions").iterdir():
        assert call(warmed, "verify", folder.name).code == 0
