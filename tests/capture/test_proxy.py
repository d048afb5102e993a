from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from proxy_rig import PLAIN_ADDON, Rig, lab_rig

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.proxy import Proxy
from analyzer.capture.proxy_messages import ProxyLost
from analyzer.model.evidence import Request


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with lab_rig(tmp_path) as ready:
        yield ready


def _running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"


def _gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _running(pid):
            return True
        time.sleep(0.05)
    return False


def test_stopping_writes_what_is_queued_and_under_way_and_gives_the_counts(rig: Rig) -> None:
    pid = rig.proxy._process.pid
    for number in range(20):
        rig.ask("GET", "count.example", f"/{number}")
    with rig.raw() as connection:
        connection.sendall(b"POST http://late.example/ HTTP/1.1\r\nHost: late.example\r\nContent-Length: 9\r\n\r\nabc")
        time.sleep(0.2)
        counts = rig.proxy.stop()
    assert (counts["request"], counts["response"]) == (21, 20)
    assert rig.of(Request)[-1].host == "late.example"
    assert rig.of(Request)[-1].body.truncated
    assert not rig.proxy.alive()
    assert not _running(pid)
    assert rig.proxy.stop() == counts
    assert not [message for message in rig.messages if isinstance(message, ProxyLost)]


def test_a_proxy_that_dies_in_mid_run_says_so_once(rig: Rig) -> None:
    os.kill(rig.proxy._process.pid, signal.SIGKILL)
    lost = rig.wait_for_message(ProxyLost)
    assert "ended in mid-run" in lost.reason
    assert not rig.proxy.alive()
    rig.proxy.stop()
    assert rig.messages.count(lost) == 1


def test_a_full_disk_is_told_loudly_and_ends_the_proxy(rig: Rig) -> None:
    pid = rig.proxy._process.pid
    (rig.recording / "full").touch()
    with contextlib.suppress(OSError, http.client.HTTPException):  # the proxy may be gone before it answers
        rig.ask("GET", "full.example", "/")
    lost = rig.wait_for_message(ProxyLost)
    assert "No space left on device" in lost.reason
    assert not rig.proxy.alive()
    assert _gone_within(pid, 5)


def test_a_taken_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EnvironmentProblem, match=f"^Port {port} is taken by another program"):
            Proxy(print, PLAIN_ADDON).start(tmp_path, tmp_path / "ca", port=port)


def test_a_recording_that_cannot_be_opened_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be opened"):
        Proxy(lambda _message: None, PLAIN_ADDON).start(tmp_path / "absent", tmp_path / "ca")


def test_a_killed_parent_leaves_no_proxy_behind(tmp_path: Path) -> None:
    parent = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from analyzer.capture.proxy import Proxy
        proxy = Proxy(print, Path({str(PLAIN_ADDON)!r}))
        proxy.start(Path({str(tmp_path)!r}), Path({str(tmp_path / "ca")!r}))
        print(proxy._process.pid, flush=True)
        time.sleep(60)
    """)
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=root) as process:
        pid = int(process.stdout.readline())
        process.kill()
    assert _gone_within(pid, 5)
