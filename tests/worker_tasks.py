"""Work for other processes; by a name of its own, as those that are spawned look it up on the path of the tests."""

from __future__ import annotations

import os


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def fail(number: int) -> int:
    if number == 3:
        raise ValueError("three is too many")
    return number


def die(_number: int) -> int:
    os._exit(7)
