from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import frida
import pytest

from analyzer.capture.hosted_device import HostedDevice, HostedScript, HostedSession

SECONDS = 60
TICKS = "setInterval(() => send(1), 5);"
Host = Callable[[], HostedDevice]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made: list[HostedDevice] = []

    def start() -> HostedDevice:
        made.append(HostedDevice("its.name", tmp_path, lambda _pid, _descriptor, _data: None))
        return made[-1]

    yield start
    for device in made:
        device.close()
        device.close()
    assert hosts(tmp_path) == []


@pytest.fixture
def program() -> Iterator[int]:
    with subprocess.Popen(["/bin/sleep", "600"]) as process:
        yield process.pid
        process.kill()


def hosts(folder: Path) -> list[int]:
    """Find the processes that host Frida for what lies in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder).encode() in words and any(b"frida_host" in word for word in words):
            found.append(int(entry.name))
    return found


def loaded(device: HostedDevice, pid: int, source: str) -> tuple[HostedSession, HostedScript, queue.SimpleQueue]:
    heard: queue.SimpleQueue = queue.SimpleQueue()
    session = device.attach(pid)
    session.on("detached", lambda reason, _crash: heard.put(reason))
    script = session.create_script(source, name="x", runtime="qjs")
    script.on("message", lambda message, _data: heard.put(message["payload"]))
    script.load()
    return session, script, heard


def test_what_one_process_says_is_heard_while_another_one_is_being_entered(
    host: Host, program: int, tmp_path: Path
) -> None:
    _, _, heard = loaded(host(), program, TICKS)
    (first,) = hosts(tmp_path)
    entering = host()
    with subprocess.Popen(["/bin/sleep", "600"]) as another:
        (busy,) = set(hosts(tmp_path)) - {first}
        os.kill(busy, signal.SIGSTOP)  # it stands as still as one can
        thread = threading.Thread(target=lambda: entering.attach(another.pid))
        thread.start()
        for _ in range(400):
            assert heard.get(timeout=SECONDS) == 1
        assert thread.is_alive()
        os.kill(busy, signal.SIGCONT)
        thread.join(SECONDS)
        assert not thread.is_alive()
        another.kill()


def test_the_bytes_beside_a_message_come_with_it(host: Host, program: int) -> None:
    session = host().attach(program)
    heard: queue.SimpleQueue = queue.SimpleQueue()
    script = session.create_script("send(1, [1, 2]); send(2);", name="x", runtime="qjs")
    script.on("message", lambda message, data: heard.put((message["payload"], data)))
    script.load()
    assert [heard.get(timeout=SECONDS) for _ in range(2)] == [(1, b"\x01\x02"), (2, None)]


def test_the_end_of_a_process_is_told_after_its_last_words(host: Host, program: int) -> None:
    _, script, heard = loaded(host(), program, "rpc.exports.say = n => { for (let i = 0; i < n; i++) send(i); };")
    script.exports_sync.say(200)
    os.kill(program, signal.SIGKILL)
    assert [heard.get(timeout=SECONDS) for _ in range(201)] == [*range(200), "process-terminated"]


def test_a_host_that_is_killed_ends_the_stay_and_is_said_by_every_later_call(
    host: Host, program: int, tmp_path: Path
) -> None:
    device = host()
    _, script, heard = loaded(device, program, "rpc.exports.never = () => new Promise(() => {});")
    failed: queue.SimpleQueue = queue.SimpleQueue()

    def wait() -> None:
        with pytest.raises(frida.InvalidOperationError) as caught:
            script.exports_sync.never()
        failed.put(str(caught.value))

    thread = threading.Thread(target=wait)
    thread.start()
    os.kill(*hosts(tmp_path), signal.SIGKILL)
    assert heard.get(timeout=SECONDS) == "connection-terminated"
    assert "has ended" in failed.get(timeout=SECONDS)
    thread.join()
    with pytest.raises(frida.InvalidOperationError, match="has ended"):
        device.resume(program)


def test_a_call_that_hangs_is_given_up_like_any_of_frida_s_and_keeps_no_other_waiting(host: Host, program: int) -> None:
    _, script, _ = loaded(host(), program, "rpc.exports = { never: () => new Promise(() => {}), one: () => 1 };")
    cancellable = frida.Cancellable()
    threading.Timer(0.2, cancellable.cancel).start()
    with cancellable, pytest.raises(frida.OperationCancelledError):
        script.exports_sync.never()
    assert script.exports_sync.one() == 1


def test_a_host_that_stands_still_holds_nobody_up_for_ever(tmp_path: Path) -> None:
    device = HostedDevice("its.name", tmp_path, lambda _pid, _descriptor, _data: None, patience=0.2)
    while not hosts(tmp_path):  # for a moment after its start the system does not tell its words
        time.sleep(0.01)
    (stopped,) = hosts(tmp_path)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(frida.TimedOutError, match="resume was not done"):
        device.resume(1)
    os.kill(stopped, signal.SIGCONT)
    device.close()


def test_errors_are_frida_s(host: Host, program: int) -> None:
    device = host()
    with pytest.raises(frida.ExecutableNotFoundError):
        device.spawn(["/absent"], envp={}, cwd="/", stdio="pipe")
    with pytest.raises(frida.ProcessNotFoundError):
        device.attach(2**22 - 1)
    _, script, _ = loaded(device, program, "rpc.exports.bad = () => { throw new Error('its own') };")
    with pytest.raises(frida.RPCException, match="its own"):
        script.exports_sync.bad()


def test_a_host_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from analyzer.capture.hosted_device import HostedDevice\n"
        f"d = HostedDevice('x', Path({str(tmp_path)!r}), print)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as starter:
        assert starter.stdout.readline() == b"up\n"
        assert len(hosts(tmp_path)) == 1
        starter.kill()
    end = time.monotonic() + SECONDS
    while hosts(tmp_path) and time.monotonic() < end:
        time.sleep(0.05)
    assert hosts(tmp_path) == []
