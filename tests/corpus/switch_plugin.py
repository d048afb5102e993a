"""A plugin of pytest that runs a test session with one detector switched off: its name stands in SWITCHED_OFF."""

from __future__ import annotations

import os
from contextlib import ExitStack

from corpus.switches import off

STACK = ExitStack()


def pytest_collection_finish() -> None:
    """Switch off when every test module is imported, so that no reference stays alive."""
    STACK.enter_context(off(os.environ["SWITCHED_OFF"], everywhere=True))


def pytest_unconfigure() -> None:
    STACK.close()
