"""An app that does everything to escape the recording, or to hurt whoever reads it, on the real command."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import assert_sound, call, document, left_behind, run
from recording_on_android import Bench, lasting

from analyzer.capture.lab_apps import DESCRIPTION
from analyzer.store.verify import verify

ENDURED = (
    *("wide", "nested", "dialogs", "changing", "hang", "hang_on_tap"),
    *("service", "exit", "halt", "crash", "uncaught"),
    *("deep", "deeper", "log", "print", "preferences", "headers"),
)
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

pytestmark = pytest.mark.lab


@pytest.fixture
def workspace(tmp_path: Path, warm: Callable[[Path], Path]) -> Path:
    return warm(tmp_path / "w")


def in_mode(hostile: Path, mode: str, jar: Path) -> Path:
    """Write the app in one of its modes."""
    with zipfile.ZipFile(hostile) as whole, zipfile.ZipFile(jar, "w") as changed:
        for name in whole.namelist():
            data = whole.read(name)
            changed.writestr(
                name, data.replace(b"mode=texts", f"mode={mode}".encode()) if name == DESCRIPTION else data
            )
    return jar


def recorded(hostile: Path, workspace: Path, mode: str, *more: str) -> dict:
    """Record the app in one of its modes; whatever it does, the command ends in order and in time."""
    jar = in_mode(hostile, mode, workspace.parent / "app.jar")
    ended = run(workspace, "--apk", jar, *more, package="com.hostile").end()
    assert ended.code == 0, ended.err
    assert not UNPRINTABLE.search(ended.err + ended.out.decode())
    assert not left_behind(workspace)
    return document(workspace)


@pytest.mark.slow
def test_a_call_does_not_hide_behind_text_that_is_no_unicode(hostile, workspace):
    result = recorded(hostile, workspace, "names")
    assert "agent_error" not in [gap["kind"] for gap in result["gaps"]]
    called = [event["api"] for event in result["events"]]
    assert sum("getDeviceId" in api for api in called) == 1
    assert sum("putString" in api for api in called) == 2


def test_what_an_app_shows_reaches_no_page_and_no_table_as_code(hostile, workspace):
    result = recorded(hostile, workspace, "texts")
    assert any("getDeviceId" in event["api"] for event in result["events"]), "the dialog was not answered"
    assert_sound(workspace)
    for kind in ("html", "csv"):
        text = call(workspace, "export", "latest", "--format", kind, "-o", "-").out.decode()
        assert text
        assert not UNPRINTABLE.search(text)
        assert kind == "csv" or "<script>alert" not in text


@pytest.mark.long
@pytest.mark.parametrize("mode", ENDURED)
def test_whatever_an_app_does_the_recording_ends_in_order(hostile, workspace, mode):
    recorded(hostile, workspace, mode)
    assert_sound(workspace)


@pytest.mark.long
def test_bombs_in_bodies_are_a_gap_and_every_request_is_kept(hostile, workspace):
    result = recorded(hostile, workspace, "bodies", "--duration", "25")  # the app takes its time to send all of them
    assert "decode_limit" in [gap["kind"] for gap in result["gaps"]]
    assert len(result["flows"]) == 15


@pytest.mark.long
def test_one_call_is_seen_amid_fifty_thousand_of_somebody_else(hostile, workspace):
    result = recorded(hostile, workspace, "flood")
    assert "events_sampled" in [gap["kind"] for gap in result["gaps"]]
    assert "net.other.Once" in str(result["events"])


@pytest.mark.long
@pytest.mark.xdist_group("android")
@pytest.mark.parametrize(
    ("mode", "gap"), [("texts", ""), ("deep", "screen_unreadable"), ("dialogs", "choice_not_made")]
)
def test_so_it_is_on_a_device(hostile, android, tmp_path, mode, gap):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path, "com.hostile", in_mode(hostile, mode, tmp_path / "app.jar"))
    try:
        code, out, talk = bench.run("run", "--package", "com.hostile", "--dwell", "6", "--duration", "5")
        after = lasting(bench.double.snapshot())
    finally:
        bench.close()
    assert code == 0, talk
    assert not UNPRINTABLE.search(talk + out.decode())
    found = json.loads(out)
    assert "getDeviceId" in str(found["events"]) or mode != "texts", "the dialog was not answered"
    assert {one["kind"] for one in found["gaps"]} - {"hook_not_armed"} == ({gap} if gap else set())
    (session,) = (bench.workspace / "sessions").iterdir()
    assert verify(session).problems == ()
    assert after == lasting(bench.before)
