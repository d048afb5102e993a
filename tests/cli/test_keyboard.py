from __future__ import annotations

import io
import os
import termios
import time

import pytest

from analyzer.cli.keyboard import keys


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of our own as stdin; gives the end at which a person would sit."""
    person, own = os.openpty()
    with os.fdopen(own, "rb", buffering=0) as stdin, io.TextIOWrapper(stdin) as text:
        monkeypatch.setattr("sys.stdin", text)
        yield person
    os.close(person)


def test_a_key_comes_without_enter_and_the_terminal_is_as_before(terminal):
    with keys() as wait:
        os.write(terminal, b"nq")
        assert (wait(5), wait(5)) == ("n", "q")
        assert wait(0.01) == ""
    assert _canonical(terminal)


def test_the_terminal_is_as_before_after_an_error_too(terminal):
    with pytest.raises(ZeroDivisionError):
        _fail_while_waiting(terminal)
    assert _canonical(terminal)


def _fail_while_waiting(terminal: int) -> None:
    with keys():
        assert not _canonical(terminal)
        raise ZeroDivisionError


def _canonical(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ICANON)


def test_without_a_terminal_there_are_no_keys_but_time_passes(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("qqq"))
    with keys() as wait:
        before = time.monotonic()
        assert wait(0.02) == ""
        assert time.monotonic() - before >= 0.02
