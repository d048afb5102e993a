from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from typing import Any

import pytest

from analyzer.capture.frida_host import main

SECONDS = 60


@pytest.fixture
def line() -> Iterator[Connection]:
    """Start the program as a person's process list shows it, and see it end with its line."""
    ours, theirs = Pipe()
    command = [sys.executable, "-c", f"from {main.__module__} import main; main()", str(theirs.fileno())]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()]) as program:
        theirs.close()
        yield ours
        ours.close()
        assert program.wait(SECONDS) == 0


def told(line: Connection, what: str) -> Any:
    while line.poll(SECONDS):
        words = line.recv()
        if words[0] == what:
            return words[1:]
    raise AssertionError(f"{what} was not told")


def ask(line: Connection, number: int, word: str, *arguments: object) -> Any:
    line.send((number, word, arguments))
    return answer(line, number)


def answer(line: Connection, number: int) -> Any:
    while (answered := told(line, "answer"))[0] != number:
        continue
    return answered[1]


def test_a_process_is_started_entered_and_let_go_and_all_it_says_is_told_before_its_end(line: Connection) -> None:
    pid = ask(line, 1, "spawn", ["/bin/sh", "-c", "echo words; sleep 0.1"], dict(os.environ), "/", "pipe")
    ask(line, 2, "attach", pid)
    ask(line, 3, "create_script", "send('here', [7]); rpc.exports.twice = n => { send(n); return 2 * n; };", "x", "qjs")
    line.send((4, "load", ()))
    message, data = told(line, "message")
    assert (message["payload"], data) == ("here", b"\x07")
    assert ask(line, 5, "call", "twice", 21) == 42
    line.send((6, "resume", (pid,)))
    assert told(line, "output") == (pid, 1, b"words\n")
    assert told(line, "detached")[0] in {"process-terminated", "process-replaced"}


def test_frida_s_own_errors_are_told_by_name(line: Connection) -> None:
    line.send((1, "attach", (2**22 - 1,)))
    assert told(line, "failed")[:2] == (1, "ProcessNotFoundError")
    line.send((2, "load", ()))
    assert told(line, "failed")[:2] == (2, "AttributeError")


def test_a_program_that_is_started_is_given_no_way_to_the_analyzer(line: Connection) -> None:
    """Whoever held our line could tell the analyzer anything."""
    command = ["/bin/sh", "-c", "ls -l /proc/$$/fd"]
    pid = ask(line, 1, "spawn", command, dict(os.environ), "/", "pipe")
    line.send((2, "resume", (pid,)))
    shown = b""
    while (output := told(line, "output"))[2]:
        shown += output[2]
    assert b"pipe:" in shown
    assert b"socket:" not in shown, shown.decode()
