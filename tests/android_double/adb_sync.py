"""The file service of adbd (`adb push`, `pull`, `ls`), with the rights of adbd's user."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from contextlib import suppress

from adbd import Stream
from levels import GROUPS

_CHUNK = 1 << 16
_libc = ctypes.CDLL(None, use_errno=True)


def serve_sync(stream: Stream, uid: int) -> None:
    """Answer requests until the host quits; the calling thread takes the rights of the user for good."""
    if uid:
        _become(uid)
    while True:
        word, size = struct.unpack("<4sI", stream.exactly(8))
        if word == b"QUIT":
            return
        path = stream.exactly(size).decode("utf-8", "surrogateescape")
        if word == b"STAT":
            stream.write(b"STAT" + struct.pack("<3I", *_old_stat(path)))
        elif word in {b"STA2", b"LST2"}:
            stream.write(word + _new_stat(path, follow=word == b"STA2"))
        elif word == b"LIST":
            _list(stream, path)
        elif word == b"RECV":
            _receive(stream, path)
        elif word == b"SEND":
            _send(stream, path)
        else:
            _fail(stream, f"unknown command {word.hex()}")
            return


def _become(uid: int) -> None:
    """Change who this one thread is to the file system; the others stay root."""
    groups = (ctypes.c_uint * len(GROUPS))(*GROUPS)
    _libc.syscall({"x86_64": 116, "aarch64": 159}[os.uname().machine], len(GROUPS), groups)
    _libc.setfsgid(uid)
    _libc.setfsuid(uid)


def _fail(stream: Stream, text: str) -> None:
    data = text.encode()
    stream.write(b"FAIL" + struct.pack("<I", len(data)) + data)


def _old_stat(path: str) -> tuple[int, int, int]:
    try:
        found = os.lstat(path)
    except OSError:
        return 0, 0, 0
    return found.st_mode, found.st_size & 0xFFFFFFFF, int(found.st_mtime)


def _new_stat(path: str, *, follow: bool) -> bytes:
    try:
        found = os.stat(path) if follow else os.lstat(path)
    except OSError as error:
        return struct.pack("<IQQIIIIQqqq", error.errno or 5, *[0] * 10)
    times = int(found.st_atime), int(found.st_mtime), int(found.st_ctime)
    who = found.st_mode, found.st_nlink, found.st_uid, found.st_gid
    return struct.pack("<IQQIIIIQqqq", 0, found.st_dev, found.st_ino, *who, found.st_size, *times)


def _list(stream: Stream, path: str) -> None:
    with suppress(OSError):
        for name in sorted(os.listdir(path)):
            data = os.fsencode(name)
            stream.write(b"DENT" + struct.pack("<4I", *_old_stat(os.path.join(path, name)), len(data)) + data)
    stream.write(b"DONE" + bytes(16))


def _receive(stream: Stream, path: str) -> None:
    try:
        with open(path, "rb") as file:
            while data := file.read(_CHUNK):
                stream.write(b"DATA" + struct.pack("<I", len(data)) + data)
    except OSError as error:
        _fail(stream, f"open failed: {error.strerror}")
        return
    stream.write(b"DONE" + bytes(4))


def _send(stream: Stream, what: str) -> None:
    path, _, mode = what.rpartition(",")
    problem = ""
    file = None
    try:
        os.makedirs(os.path.dirname(path), mode=0o775, exist_ok=True)
        with suppress(FileNotFoundError):
            os.unlink(path)
        file = open(path, "wb", buffering=0)  # noqa: SIM115 - the host sends all its data before it hears of a failure
    except OSError as error:
        problem = f"couldn't create file: {error.strerror}"
    while True:
        word, size = struct.unpack("<4sI", stream.exactly(8))
        if word == b"DONE":
            break
        data = stream.exactly(size)
        if file and not problem:
            try:
                while data:
                    data = data[file.write(data) :]
            except OSError as error:
                problem = f"write failed: {error.strerror}"
    if file:
        # adbd copies the owner's rights to the group and to others.
        bits = int(mode) & 0o777
        bits |= bits >> 3 & 0o070 | bits >> 6 & 0o007
        os.fchmod(file.fileno(), stat.S_IMODE(bits))
        os.utime(path, (size, size)) if not problem else None
        file.close()
    if problem:
        with suppress(OSError):
            os.unlink(path)
        _fail(stream, problem)
    else:
        stream.write(b"OKAY" + bytes(4))
