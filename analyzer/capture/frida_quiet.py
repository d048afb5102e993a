"""Opens Frida's devices without the daemon that Frida starts beside them.

Frida 17 looks for Apple's devices as well: it unpacks a program (`idund`), which outlives us, listens on the network
and writes keys into the person's home. No Apple device is of use here, so there is no place for it to be unpacked to.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import frida

_TEMPORARY: Final = "TMPDIR"
_STDERR: Final = 2
_WAIT_S: Final = 0.5
_COMPLAINT: Final = b"Unable to start idund"


@cache
def device_manager() -> frida.DeviceManager:
    """Give Frida's own manager of devices, of which a process has one."""
    manager = frida.get_device_manager()
    with _no_place_to_unpack():
        manager.get_device_by_type("local", 0)  # the first look at any device starts all that Frida looks with
    return manager


def local_device() -> frida.Device:
    """Give this machine."""
    device: frida.Device = device_manager().get_device_by_type("local", 0)
    return device


@contextmanager
def _no_place_to_unpack() -> Iterator[None]:
    """Let Frida find no folder; its complaint about the daemon is not shown, all else that goes to stderr is."""
    before = os.environ.get(_TEMPORARY)
    os.environ[_TEMPORARY] = os.devnull
    stderr = os.dup(_STDERR)
    reading, writing = os.pipe()
    os.dup2(writing, _STDERR)
    os.close(writing)
    complained = threading.Event()
    reader = threading.Thread(target=_pass_on, args=(reading, stderr, complained), name="frida-words", daemon=True)
    reader.start()
    try:
        yield
        complained.wait(_WAIT_S)  # said by a thread of Frida's own, soon after
    finally:
        os.dup2(stderr, _STDERR)
        reader.join(_WAIT_S)
        if not reader.is_alive():  # a program that was started just now may have the pipe, too
            os.close(stderr)
        if before is None:
            del os.environ[_TEMPORARY]
        else:
            os.environ[_TEMPORARY] = before


def _pass_on(source: int, target: int, complained: threading.Event) -> None:
    """Hand on what is written, line by line; all but the complaint."""
    waiting = b""
    while piece := os.read(source, 65536):
        *lines, waiting = (waiting + piece).split(b"\n")
        for line in lines:
            if line.startswith(_COMPLAINT):
                complained.set()
            else:
                os.write(target, line + b"\n")
    os.close(source)
    if waiting:
        os.write(target, waiting)
