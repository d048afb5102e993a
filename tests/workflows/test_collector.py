from __future__ import annotations

import gc

import pytest

from analyzer.workflows.collector import SELDOM, seldom_collecting


def broken_off() -> int:
    with seldom_collecting():
        if gc.get_threshold()[0] == SELDOM:
            raise ValueError("stop")
    return 0


def test_the_collector_looks_seldom_inside_and_as_before_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="stop"):
        broken_off()
    assert gc.get_threshold() == before
    assert before[0] < SELDOM
