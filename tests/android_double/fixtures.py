"""The double as pytest fixtures: `android(api=…, root=…)` plugs one in for the length of a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from adb_wire import real_adb_server
from android_double.double import AndroidDouble
from android_double.needs import lacking


@pytest.fixture(scope="session")
def adb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Run the real adb server on a port of its own, once for all tests of this process."""
    with real_adb_server(tmp_path_factory.mktemp("adb-server")) as address:
        yield address


@pytest.fixture
def android(adb_server: tuple[str, int]) -> Iterator[Callable[..., AndroidDouble]]:
    """Give what plugs in a double; the words are those of `android_double.double.Kind`."""
    yield from plugging_in(adb_server)


@pytest.fixture(scope="module")
def shared_android(adb_server: tuple[str, int]) -> Iterator[Callable[..., AndroidDouble]]:
    """Give what plugs in a double for all tests of a file: each leaves it as it found it."""
    yield from plugging_in(adb_server)


def plugging_in(server: tuple[str, int]) -> Iterator[Callable[..., AndroidDouble]]:
    demand(lacking())
    with ExitStack() as stack:
        yield lambda **kind: stack.enter_context(AndroidDouble(server=server, **kind))


def demand(missing: str) -> None:
    """Skip a test that lacks something on this machine; where everything must be there, it fails."""
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
