from __future__ import annotations

import json

import pytest

from analyzer.store import results
from analyzer.workflows.analyze import Lens, judge, stored
from analyzer.workflows.home import Home
from analyzer.workflows.replay import replay
from analyzer.workflows.shipped import find_session


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "workspace")


def test_a_first_result_is_compared_with_nothing(home):
    assert replay(home, "shipped", Lens()).lines == ()


def test_the_same_packs_give_the_same_bytes_and_that_is_said(home):
    before = stored(home, "shipped")
    replayed = replay(home, "shipped", Lens())
    assert replayed.result.data == before.data
    assert replayed.lines == ("The result is the kept one, byte for byte.",)


def test_other_packs_are_told_in_words(home):
    stored(home, "shipped")
    replayed = replay(home, "shipped", Lens(("eu-eprivacy",)))
    assert "  cn.191.3.1: was violated, is no longer judged" in replayed.lines
    assert stored(home, "shipped").data == replayed.result.data
    back = replay(home, "shipped", Lens(), "zh")
    assert any("cn.191.3.1" in line and "违反" in line for line in back.lines)


def test_a_kept_result_that_is_none_any_more_is_made_anew(home):
    result, analysis, info = judge(find_session(home, "shipped"), Lens())
    with home.results() as engine:
        results.save(engine, info, analysis, b"{}")
    replayed = replay(home, "shipped", Lens())
    assert replayed.lines == ("The kept result could not be read any more: it was made anew.",)
    assert replayed.result.data == result.data


def test_a_result_that_only_reads_otherwise_is_said_to_say_the_same(home):
    result, analysis, info = judge(find_session(home, "shipped"), Lens())
    other = json.loads(result.data)
    other["session"]["run_id"] = "0" * 64
    with home.results() as engine:
        results.save(engine, info, analysis, json.dumps(other).encode())
    assert "says the same" in replay(home, "shipped", Lens()).lines[0]
