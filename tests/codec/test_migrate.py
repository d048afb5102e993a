from __future__ import annotations

from typing import Any

import pytest

from analyzer.codec.migrate import STEPS, VERSION, FormatProblem, migrate


def rename(document: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in document.items() if key != "old"}, "new": document["old"]}


def double(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "new": document["new"] * 2}


def test_steps_are_taken_one_after_the_other() -> None:
    old = {"v": 1, "record": "thing", "old": 4}
    assert migrate(old, {1: rename, 2: double}, 3) == {"v": 3, "record": "thing", "new": 8}
    assert old == {"v": 1, "record": "thing", "old": 4}


def test_a_document_of_the_middle_takes_only_the_steps_that_are_left() -> None:
    assert migrate({"v": 2, "record": "thing", "new": 4}, {1: rename, 2: double}, 3)["new"] == 8


def test_a_current_document_stays_as_it_is() -> None:
    document = {"v": VERSION, "record": "mark"}
    assert migrate(document) is document


def test_a_missing_step_is_named() -> None:
    with pytest.raises(FormatProblem, match="no step from version 2 to 3"):
        migrate({"v": 1, "old": 1}, {1: rename}, 3)


def test_a_newer_version_says_to_update() -> None:
    with pytest.raises(FormatProblem, match="newer analyzer"):
        migrate({"v": VERSION + 1})


@pytest.mark.parametrize("version", [None, 0, "1", 1.0, True, pytest.param(2**20_000, id="huge"), -1])
def test_what_is_no_version_is_refused(version: Any) -> None:
    with pytest.raises(FormatProblem, match="`v` must be"):
        migrate({"v": version})


def test_there_is_a_step_for_every_old_version() -> None:
    assert sorted(STEPS) == list(range(1, VERSION))
