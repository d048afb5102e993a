from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from queue import Queue
from typing import Any

import pytest
from agent_rig import JAVA, LAB, PROGRAMS

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_control import LONGEST_LINE, ControlChannel, ControlServer


class Listener:
    """Keeps what the server tells, and a client end to talk from."""

    def __init__(self) -> None:
        self.words: Queue[Mapping[str, Any]] = Queue()
        self.channels: Queue[ControlChannel] = Queue()
        self.ends: Queue[ControlChannel] = Queue()
        self.server = ControlServer(lambda _channel, word: self.words.put(word), self.ends.put, self.channels.put)

    def connect(self, token: str | None = None) -> socket.socket:
        host, port = self.server.address.split(":")
        client = socket.create_connection((host, int(port)), timeout=60)
        hello = {"process": "org.a", "pid": 7, "token": self.server.token if token is None else token}
        client.sendall(json.dumps({"hello": hello}).encode() + b"\n")
        return client


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.close()
    made.server.close()


def answer(client: socket.socket, reply: Mapping[str, Any]) -> threading.Thread:
    def work() -> None:
        asked = json.loads(client.makefile("rb").readline())
        client.sendall(json.dumps({"id": asked["id"], **reply}).encode() + b"\n")

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_question_gets_its_answer(listener: Listener) -> None:
    with listener.connect() as client:
        channel = listener.channels.get(timeout=60)
        assert (channel.process, channel.pid) == ("org.a", 7)
        thread = answer(client, {"ok": {"xml": "<你好/>"}})
        assert channel.ask("hierarchy", {"x": 1}) == {"xml": "<你好/>"}
        thread.join(60)


def test_a_refusal_and_silence_become_problems_that_name_the_process(listener: Listener) -> None:
    with listener.connect() as client:
        channel = listener.channels.get(timeout=60)
        thread = answer(client, {"error": "no window"})
        with pytest.raises(EnvironmentProblem, match=r"org\.a refused: no window"):
            channel.ask("hierarchy")
        thread.join(60)
        with pytest.raises(EnvironmentProblem, match=r"org\.a did not answer `tap` within 0\.05 s"):
            channel.ask("tap", seconds=0.05)


def test_whoever_waits_learns_at_once_that_the_process_ended(listener: Listener) -> None:
    client = listener.connect()
    channel = listener.channels.get(timeout=60)
    threading.Timer(0.05, client.close).start()
    with pytest.raises(EnvironmentProblem, match="ended"):
        channel.ask("hierarchy", seconds=30)
    assert listener.ends.get(timeout=60) is channel
    with pytest.raises(EnvironmentProblem, match="has ended; start the app again"):
        channel.ask("hierarchy")


def test_events_arrive_in_order(listener: Listener) -> None:
    with listener.connect() as client:
        for activity in ("A", "B"):
            client.sendall(json.dumps({"event": "resumed", "activity": activity}).encode() + b"\n")
        assert [listener.words.get(timeout=60)["activity"] for _ in range(2)] == ["A", "B"]


@pytest.mark.parametrize("line", [b"not json\n", b"[1]\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b"half a line"])
def test_a_process_that_talks_nonsense_is_cut_off(listener: Listener, line: bytes) -> None:
    with listener.connect() as client:
        listener.channels.get(timeout=60)
        client.sendall(line)
        client.shutdown(socket.SHUT_WR)
        assert listener.ends.get(timeout=60).pid == 7
        assert client.recv(10) == b""


def test_an_endless_line_is_cut_off_at_the_bound(listener: Listener) -> None:
    with listener.connect() as client:
        listener.channels.get(timeout=60)
        client.sendall(b" " * (LONGEST_LINE + 1))
        assert listener.ends.get(timeout=60).pid == 7


def test_nobody_gets_in_without_the_token(listener: Listener) -> None:
    with listener.connect(token="guessed") as client:
        assert client.recv(10) == b""
    assert listener.channels.empty()


def test_closing_the_server_closes_every_channel(listener: Listener) -> None:
    with listener.connect() as client:
        listener.channels.get(timeout=60)
        listener.server.close()
        assert client.recv(10) == b""
        listener.ends.get_nowait()


def test_closing_the_server_does_not_wait_for_a_silent_guest(listener: Listener) -> None:
    host, port = listener.server.address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as guest, listener.connect():
        listener.channels.get(timeout=60)  # the guest came first, so it has been let in too
        begun = time.monotonic()
        listener.server.close()
        assert guest.recv(10) == b""
    assert time.monotonic() - begun < 3
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lab-")] == []


@pytest.mark.lab
@pytest.mark.skipif(not JAVA, reason="the lab's JVM needs an x86-64 machine")
def test_a_process_ends_with_its_device_even_where_ending_fails_at_first(listener: Listener) -> None:
    properties = (f"-Dlab.control={listener.server.address}", f"-Dlab.token={listener.server.token}")
    line = [JAVA, "-cp", f"{PROGRAMS}:{LAB / 'lab.jar'}", *properties, "lab.runtime.Clinging"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert listener.channels.get(timeout=60).pid == process.pid
            listener.server.close()
            assert process.wait(60) == 0
        finally:
            process.kill()
